"""A session with a bot: before the contact joins the queue of agents, or instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.engine.reference.calendar import Process, Rank, brought_in
from ccsim.engine.reference.draws import rounded
from ccsim.engine.reference.facts import NONE
from ccsim.engine.reference.visit import Visit
from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.centre import Centre


class WorkingBot:
    """A bot and its sessions."""

    def __init__(self, centre: Centre, number: int) -> None:
        rows = centre.model.rules.bots
        self.start, self.ramp = int(rows.start[number]), int(rows.ramp[number])
        self.share, self.session_law = float(rows.share[number]), int(rows.session_law[number])
        self.contained, self.left = float(rows.contained[number]), float(rows.left[number])
        self.falsely_contained, self.context = float(rows.falsely_contained[number]), float(rows.context[number])
        self.misrouted = float(rows.misrouted[number])
        """Share of its hand-offs without context that begin in a wrong queue, -1: as without a bot."""
        self.pace = float(rows.pace[number])
        """Factor on talk and wrap-up with context."""
        self.most, self.turns_away = int(rows.most[number]), bool(rows.turns_away[number])
        self.sessions = 0
        """Sessions in progress."""

    def share_at(self, now: int) -> float:
        """Share of the contacts that meet it at an instant."""
        return self.share * brought_in(self.start, self.ramp, now)


class Session(Visit):
    """One session; it is the visit before the first one with agents, and has draws of its own."""

    def __init__(self, visit: Visit, bot: WorkingBot) -> None:
        super().__init__(
            visit.centre, visit.queue, visit.stream, visit.date, visit.number, visit.place + layout.SESSION
        )
        self.counted, self.opened, self.handled, self.first = visit.counted, visit.opened, visit.handled, visit.first
        self.bot, self.then, self.bot_flags = bot, visit, visit.bot_flags
        self.joined = self.left = self.talked = self.centre.now
        self.phase = "in session"

    @property
    def line_row(self) -> int:
        """A session stands in no line."""
        return NONE

    def meets(self) -> bool:
        """Whether the contact meets the bot."""
        return self.centre.draws.of(self, keys.BOT)[0] < self.bot.share_at(self.centre.now)

    def life(self) -> Process:
        """From the first word to the end of the session."""
        centre, bot = self.centre, self.bot
        bot.sessions += 1
        u = centre.draws.of(self, keys.HANDLE)[0]
        lasts = rounded(centre.draws.time(self, bot.session_law, u, keys.HANDLE))
        yield centre.calendar.at(centre.now + lasts, Rank.END_OF_SESSION, self.name)
        bot.sessions -= 1
        self.talked = centre.now
        self._decide()
        self._write(centre.now)
        if self.outcome == outcomes.HANDED_OFF:
            centre.under_way.add(self.then)
            self.then.bot_flags = self.bot_flags | layout.FROM_BOT
            self.then.join()

    def _decide(self) -> None:
        """How the session ends: contained from below, left from above, the rest is handed off."""
        u, u_back = self.centre.draws.of(self, keys.OUTCOME)
        u_then = self.centre.draws.of(self, keys.BOT)[1]
        if u >= self.bot.contained:
            self.outcome = outcomes.LEFT_BOT if u >= 1.0 - self.bot.left else outcomes.HANDED_OFF
            if self.outcome == outcomes.HANDED_OFF and u_then < self.bot.context:
                self.bot_flags |= layout.WITH_CONTEXT
        elif u_then < self.bot.falsely_contained:
            self.outcome = outcomes.FALSELY_CONTAINED
            self._come_back(layout.AFTER_CONTAINED, u_back)
        else:
            self.outcome = outcomes.CONTAINED

    def close(self, end: int) -> None:
        """The run ends in the session."""
        self.outcome, self.talked = outcomes.OPEN_IN_SESSION, end
        self._write(end)


def come_in(visit: Visit) -> None:
    """A contact comes in: it meets a bot where one works, else it joins its queue."""
    centre = visit.centre
    if visit.facts.bot == NONE:
        visit.join()
        return
    bot = centre.bots[visit.facts.bot]
    session = Session(visit, bot)
    meets, full = session.meets(), bot.sessions >= bot.most
    if meets and (bot.turns_away or not full):
        centre.under_way.discard(visit)
        if full:
            session.bot_flags |= layout.SESSIONS_FULL
            session.lose(outcomes.BLOCKED)
        else:
            centre.calendar.process(session.life())
        return
    centre.under_way.discard(session)
    if meets:
        visit.bot_flags |= layout.SESSIONS_FULL
    visit.join()
