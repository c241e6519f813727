"""An agent: what is in hand, coming and going, breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.engine.reference.calendar import Rank
from ccsim.engine.reference.routing import contact_for
from ccsim.kernel import layout

if TYPE_CHECKING:
    from ccsim.engine.reference.lines import WaitingLine
    from ccsim.engine.reference.team import Team
    from ccsim.engine.reference.visit import Visit

FULL_SPEED = 1_000_000


class Agent:
    """One agent of a pool; a person with several activities is one in each of their pools."""

    def __init__(self, team: Team, row: int, number: int) -> None:
        self.team, self.row, self.number = team, row, number
        self.centre = team.centre
        self.person: list[Agent] = []
        """The same person in other pools."""
        self.next: Agent | None = None
        """The same person in another pool, who begins there as soon as they have gone here."""
        self.state = "off"
        """`off`, `on` (the line) or `break`."""
        self.free = "no"
        """`listed`: contacts find them; `choosing`: free, but they choose before anybody finds them; `no`."""
        self.leaving = ""
        """What they do once nothing is in hand: `home`, `break` (planned), `random` (a break at random) or nothing."""
        self.hand: list[Visit] = []
        self.used = 0
        """Units of capacity in use."""
        self.since = 0
        """When the hand last changed, or when they came."""
        self.busy, self.busy_since = 0, 0
        self.on_since, self.came, self.unpaid, self.planned_end = 0, 0, 0, 0
        self.away, self.away_paid, self.away_for = 0, 0, 0
        """The time away that they take next or now: its length, then its end; what of it is paid; the cause."""
        self.at_random = False
        """Whether the break that they are on is one at random."""
        self.random_due = -1
        self.owed = 0
        """Length of a break at random that is due and has not begun."""
        self._drawn = (0, 0)
        """Breaks at random: the last date, and how many were drawn on it."""

    # Free or not

    def has_room(self, line: WaitingLine) -> bool:
        """Whether a contact of a line fits beside those in hand."""
        return self.used + line.units <= self.team.capacity

    def occupancy(self) -> float:
        """Share of busy time since signing in."""
        busy = self.busy + (self.centre.now - self.busy_since if self.hand else 0)
        return busy / max(self.centre.now - self.came, 1)

    def be_free(self, how: str) -> None:
        """Be listed (after all who have been free for longer), choosing, or not free."""
        if self.free == "listed":
            self.team.free.remove(self)
        self.free = how
        if how == "listed":
            place = len(self.team.free)
            while place > 0 and self.team.free[place - 1].since > self.since:
                place -= 1
            self.team.free.insert(place, self)

    def look(self) -> None:
        """Take waiting contacts, as long as there is room and somebody whom they may take."""
        while (visit := contact_for(self)) is not None:
            self.take(visit)
        if self.free == "choosing":
            self.be_free("listed")
        if self.owed and self.free == "listed" and not self.hand:
            self._take_random_break()

    def _look_beside(self, moved_on: Visit | None) -> None:
        """Free again at the instant at which a contact moves on to its next queue, perhaps from this agent's hand."""
        self.be_free("choosing")
        if moved_on is None:
            self.look()
        elif contact_for(self) is not None:  # who waits goes first: the contact joins, and finds other agents only
            moved_on.join()
            self.look()
        else:  # nobody waits: the contact finds this agent too
            self.be_free("listed")
            then_breaks = self.owed and not self.hand
            moved_on.join()
            if then_breaks:
                self.look()

    # In hand

    def take(self, visit: Visit) -> None:
        """Answer a contact, or go on with one that was laid down."""
        self.hold(visit, visit.taken_by(self))

    def hold(self, visit: Visit, work: int) -> None:
        """Have a contact in hand, with work to do at full speed."""
        self.be_free("no")
        if not self.hand:
            self.busy_since = self.centre.now
        self.hand.append(visit)
        self.used += visit.line.units
        self.since = self.centre.now
        if self.team.shares and self.used < self.team.capacity:
            self.be_free("listed")
        visit.rest, visit.rest_at, visit.speed, visit.end = work, self.centre.now, 0, -1
        self._share_attention()

    def _share_attention(self) -> None:
        """The speed of each contact in hand goes by how many there are."""
        speeds = self.centre.model.rules.pools.speed
        for visit in self.hand:
            speed = FULL_SPEED
            if self.team.shares:
                speed = int(speeds[visit.facts.channel, min(len(self.hand), speeds.shape[1]) - 1])
            if speed != visit.speed:
                visit.go_on_at(speed)

    def put_down(self, visit: Visit, moved_on: Visit | None = None) -> None:
        """Done with a contact; `moved_on`: the visit in which it joins another queue at this instant."""
        if self.team.shares:
            self.be_free("no")
        self._let_go(visit)
        if self.hand:
            self._share_attention()
            if not self.leaving:
                self._look_beside(moved_on)
                return
        elif self.team.too_many > 0:
            self.team.too_many -= 1
            self.go_home(moved_on)
            return
        elif self.leaving == "home":
            self.go_home(moved_on)
            return
        elif self.leaving == "break":
            self._go_on_break()
        elif self.leaving == "random":
            self._take_random_break()
        else:
            self._look_beside(moved_on)
            return
        if moved_on is not None:
            moved_on.join()

    def holds_no_longer(self, visit: Visit) -> bool:
        """Whether a visit that ends was in this hand, without a pause, as long as anything has been."""
        return self.team.shares and self.hand == [visit] and visit.left == self.busy_since and visit.touched < 0

    def _let_go(self, visit: Visit) -> None:
        now = self.centre.now
        self.hand.remove(visit)
        self.used -= visit.line.units
        self.since = now
        if not self.hand:
            self.busy += now - self.busy_since
            if self.team.shares and not visit.all_of_hand:  # else the row of the visit says it
                self._span(layout.IN_HAND, self.busy_since)

    def lay_down(self) -> Visit | None:
        """The shift ends: the contact in hand that was laid down, if it may be."""
        if len(self.hand) != 1 or not self.hand[0].line.may_be_laid_down:
            return None
        visit = self.hand[0]
        visit.laid_down()
        self._let_go(visit)
        return visit

    # Coming and going

    def _span(self, what: int, since: int, until: int | None = None, detail: int = layout.NONE) -> None:
        self.centre.log.span(self.team.number, what, since, self.centre.now if until is None else until, detail)

    def come_on(self, planned_end: int) -> Agent:
        """Sign in; they are free."""
        now = self.centre.now
        self.state, self.leaving, self.away, self.busy, self.unpaid = "on", "", 0, 0, 0
        self.since = self.on_since = self.came = now
        self.planned_end = planned_end
        self.be_free("listed")
        self._await_random_break()
        return self

    def stay(self) -> None:
        """Who was about to go home stays."""
        self.leaving = ""
        if self.owed and not self.team.breaks_wait_for_idle:
            self.leaving = "random"
        elif self.used < self.team.capacity and self.free == "no":
            self.be_free("listed")
            self.look()

    def go_home(self, moved_on: Visit | None = None) -> None:
        """Sign out, with nothing in hand; then the same person may begin in another pool."""
        self.be_free("no")
        if self.state == "on":
            self._end_time_on_line()
        elif self.state == "break":
            self._end_time_away()
        self._span(layout.STAY, self.came, detail=self.unpaid)
        self.state, self.leaving, self.owed, self.at_random, self.random_due = "off", "", 0, False, -1
        self.team.off.append(self)
        if self.next is not None:
            then, self.next = self.next, None
            then.come_on(then.planned_end)
            then._look_beside(moved_on) if moved_on is not None else then.look()
        elif moved_on is not None:
            moved_on.join()

    def sign_in(self, planned_end: int, paid: int, cause: int) -> bool:
        """A shift begins; whether they are on the line with it and may look for work.

        `planned_end` -1: away all day as planned, for `cause`. Else `cause` says by how many dates the shift began
        earlier.
        """
        away = layout.NONE
        if planned_end < 0:
            away = cause
        elif paid > 0 and self.state == "off":
            draws = self.centre.draws
            away = draws.absence(self.team.number, self.number, draws.date(self.centre.now) - cause)
        if away >= 0:
            self._span(layout.ABSENT, self.centre.now, self.centre.now + paid, away)
        elif self.state == "off":
            others = [one for one in self.person if one.state != "off"]
            if not others:
                self.come_on(planned_end)
                return True
            others[0].next, self.planned_end = self, planned_end
        else:  # still busy with the shift before
            self.planned_end = planned_end
            if self.state == "on" and self.leaving == "home":
                self.stay()
        return False

    def sign_out(self) -> None:
        """A shift ends: go now, or once the contacts in hand have ended."""
        if self.state == "off":
            for one in self.person:
                one.next = None if one.next is self else one.next
            return
        self.be_free("no")
        visit = self.lay_down()
        if self.hand:
            self.leaving = "home"
            return
        self.go_home()
        if visit is not None:
            visit.offer()

    # Time away

    def _end_time_on_line(self) -> None:
        self._span(layout.SIGNED, self.on_since)
        self._span(layout.OVERTIME, max(self.planned_end, self.on_since))

    def _end_time_away(self) -> None:
        """Breaks that ran together are one, its paid part first."""
        now = self.centre.now
        paid_until = min(self.on_since + self.away_paid, now)
        self._span(layout.PAID_BREAK, self.on_since, paid_until, self.away_for)
        self._span(layout.UNPAID_BREAK, paid_until, detail=self.away_for)
        self.unpaid += now - paid_until

    def _go_on_break(self) -> None:
        self._end_time_on_line()
        self.state, self.leaving, self.on_since = "break", "", self.centre.now
        self.away += self.centre.now
        self._await_end_of_break()

    def _await_end_of_break(self) -> None:
        self.centre.calendar.call(self.away, Rank.END_OF_BREAK, (self.row,), self._end_break)

    def _end_break(self) -> None:
        if self.state != "break" or self.away != self.centre.now:
            return  # it was cut short, or made longer
        self._end_time_away()
        self.state, self.away, self.at_random = "on", 0, False
        self.since = self.on_since = self.centre.now
        self.be_free("listed")
        self._await_random_break()
        self.look()

    def start_break(self, length: int, paid: int, cause: int) -> None:
        """Planned time away begins: now, or once the contacts in hand have ended."""
        if self.state == "off" or self.leaving == "home":
            return
        self.owed = 0  # it comes in place of a break at random
        if self.leaving == "random":
            self.leaving = ""
        if self.state == "break" and (self.at_random or self.away == self.centre.now):
            self.at_random = False
            self._end_time_away()
            self.away, self.away_paid, self.away_for = self.centre.now + length, length * paid, cause
            self.on_since = self.centre.now
            self._await_end_of_break()
        elif self.state == "break" or self.leaving == "break":  # runs together with the one before
            self.away += length
            self.away_paid += length * paid
            if self.state == "break":
                self._await_end_of_break()
        else:
            self.be_free("no")
            self.away, self.away_paid, self.away_for = length, length * paid, cause
            if self.hand:
                self.leaving = "break"
            else:
                self._go_on_break()

    # Breaks at random

    def _await_random_break(self) -> None:
        if not self.team.has_random_breaks:
            return
        draws, date = self.centre.draws, self.centre.draws.date(self.centre.now)
        which = self._drawn[1] + 1 if self._drawn[0] == date else 0
        self._drawn = date, which
        due, length = draws.random_break(self.team.number, self.number, date, which)
        self.random_due = self.centre.now + due
        self.centre.calendar.call(
            self.random_due, Rank.BREAK_IS_DUE, (self.row,), lambda: self._random_break_is_due(length)
        )

    def _random_break_is_due(self, length: int) -> None:
        if self.state != "on" or self.random_due != self.centre.now:
            return  # they have been off the line since
        self.random_due = -1
        if self.leaving == "break":
            return
        self.owed = length
        if not self.hand:
            self._take_random_break()
        elif not self.leaving and not self.team.breaks_wait_for_idle:
            self.be_free("no")
            self.leaving = "random"

    def _take_random_break(self) -> None:
        self.be_free("no")
        self.away, self.away_paid = self.owed, self.owed * self.team.breaks_paid
        self.away_for, self.owed, self.at_random = layout.CAUSE_BREAK, 0, True
        self._go_on_break()

    def close(self, end: int) -> None:
        """The run ends."""
        if self.state == "off":
            return
        if self.hand and self.team.shares:
            self._span(layout.IN_HAND, self.busy_since)
        if self.hand or self.planned_end > end:  # nobody knows how long the stay will have been
            self.came, self.unpaid = end, 0
        self.next = None
        self.go_home()


def lasts(work: int, speed: int) -> int:
    """Time that work takes at a speed, rounded up."""
    return -(-work * FULL_SPEED // speed)
