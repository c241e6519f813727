"""A visit: one stay of a contact in a queue, from the entry point to the end of wrap-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.law_codes import LONGEST
from ccsim.engine.reference.agent import FULL_SPEED, lasts
from ccsim.engine.reference.announced import balks
from ccsim.engine.reference.calendar import Process, Rank
from ccsim.engine.reference.callbacks import attempt_again, await_offer, await_window, takes_callback
from ccsim.engine.reference.closing import log_as_open
from ccsim.engine.reference.entry import assigned_line, patience_of, turned_away
from ccsim.engine.reference.facts import FAR, NONE
from ccsim.engine.reference.routing import agent_for
from ccsim.engine.reference.time_outs import comes_from_time_out, left_at_time_out, take_place, waits_on
from ccsim.engine.reference.to_come import first_answered, return_of
from ccsim.engine.reference.warm import begin_hand_over, end_wait, stay_beside, stays
from ccsim.engine.reference.work import until_peers_answer, work_of
from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.agent import Agent
    from ccsim.engine.reference.centre import Centre
    from ccsim.engine.reference.facts import WrongQueue


class Visit:
    """One stay of a contact in a queue; `life` is its process.

    A contact that is escalated or transferred goes on as a new visit, a customer who comes back as a new contact.
    """

    def __init__(
        self, centre: Centre, queue: int, stream: int, date: int, number: int, place: int = 0, counted: int = 0
    ) -> None:
        self.centre, self.stream = centre, stream
        """That of its case; a customer who comes back by another channel waits in the queue of another one."""
        self.date, self.number, self.place, self.counted = date, number, place, counted
        self.go_to(queue)
        self.opened, self.handled, self.first = centre.now, 0, NONE
        self.before: list[Visit] = []
        """When its case opened, earlier contacts that reached an agent, first pool; earlier visits of this contact."""
        self.translated: int | None = None
        """Of such an earlier visit: 1 if its agent did not speak the customer's language."""
        self.trace = NONE
        """Row of the recorded contact."""
        self.bot_flags = 0
        self.phase = "new"
        """`waiting`, `talking`, `staying` (the agent, with a customer who is handed over), `wrapping up` or `ended`."""
        self.turn = centre.calendar.event()
        """Happens when the phase ends, in whatever way."""
        self.joined, self.left, self.talked = 0, 0, 0
        self.stands, self.on_phone = 0, 0
        """Since when it stands in line, which says its place there; how long the customer of a callback waited."""
        self.waited, self.outcome, self.returning = 0, NONE, 0
        """Of `returning`: 1 + the time until the customer comes back, 0 if they do not, -1 if they may not."""
        self.step = 0
        """Overflow steps that have opened."""
        self.leaves, self.moves_on = FAR, False
        """When patience or the longest wait ends, and whether it is the latter."""
        self.patience_ends, self.waited_before = FAR, 0
        """When patience ends; the wait in queues that the contact has left for this one at their time-outs."""
        self.unanswered, self.all_of_hand = False, False
        """Whether nobody answers an attempt to call back; whether its agent was busy just as long as it was in hand."""
        self.is_callback = False
        """Whether its customer has hung up and is called back."""
        self.agent: Agent | None = None
        self.wrap_up, self.rest, self.rest_at, self.speed, self.end = 0, 0, 0, 0, -1
        """Wrap-up work; work left in this phase at an instant, speed since (parts per million), when it will end."""
        self.beside: Visit | None = None
        """The visit before, whose agent stays with the customer until somebody answers this one."""
        self.held, self.hand_over = NONE, 0
        """How long its own agent stayed so, -1: not at all; its hand-overs."""
        self.laid_in = ""
        """The phase in which it was laid down; empty if it does not lie in its line."""
        self.touched = -1
        """When it was laid down, or taken up, the last time; -1: never."""
        self.lay_in_talk, self.lay_in_wrap_up = 0, 0
        self.wrong: WrongQueue | None = None
        """The queue that it is in by mistake; its agent transfers it to that of `own_queue`."""
        self.own_queue = queue
        centre.under_way.add(self)

    @property
    def line_row(self) -> int:
        """Number of its line."""
        return self.line.number

    def go_to(self, queue: int) -> None:
        """It is a visit to a queue: its name, its line, its queue groups."""
        self.queue, self.facts = queue, self.centre.facts[queue]
        self.name = queue, self.stream, self.date, self.number, self.place
        self.line = self.centre.lines[assigned_line(self)]
        self.queue_groups = [self.centre.queue_groups[group] for group in self.facts.queue_groups]

    # The process

    def join(self) -> None:
        """At one instant: the entry point, and a free agent or the line. From there on `life` goes on."""
        now = self.joined = self.centre.now
        self.stands = self.stands if comes_from_time_out(self) else now
        self.step = sum(self.stands + after < now for after in self.line.steps)
        outcome = turned_away(self)
        if outcome == NONE:
            agent = agent_for(self)
            if agent is not None:
                agent.take(self)
            else:
                outcome = self._wait()
        if outcome != NONE:
            self.lose(outcome)
        else:
            self.centre.calendar.process(self.life())

    def life(self) -> Process:
        """Wait, talk, and what the agent does afterwards."""
        yield from self.reach_agent()
        while self.unanswered:
            yield from attempt_again(self)
        if self.phase == "ended":
            return
        moved_on = self._end_talk()
        assert self.agent is not None
        if moved_on is not None and stays(self):
            yield from stay_beside(self, moved_on)
            moved_on = None
        if self.wrap_up > 0:
            self.phase = "wrapping up"
            self.rest, self.rest_at = self.wrap_up, self.centre.now
            self.ends_at(self.centre.now + lasts(self.rest, self.speed))
            if moved_on is not None:
                moved_on.join()
                moved_on = None
            self.turn = self.centre.calendar.event()
            yield self.turn
        self.phase = "ended"
        self.all_of_hand = self.agent.holds_no_longer(self)
        self._write(self.centre.now)
        if self.touched >= 0:
            self.centre.log.laid_down(self, ended=True)
        self.agent.put_down(self, moved_on)

    def reach_agent(self) -> Process:
        """Wait in line, then talk (or try to reach the customer) to the end."""
        if self.phase in ("waiting", "away"):
            yield self.turn  # an agent, the end of patience or closing, whatever comes first
        if self.phase != "ended":
            self.turn = self.centre.calendar.event()
            yield self.turn

    # Joining

    def _wait(self) -> int:
        """Nobody is free: stand in line, or leave for a reason."""
        if any(group.waiting >= group.max_waiting for group in self.queue_groups):
            return outcomes.BLOCKED
        held_back = any(self.centre.teams[pool].with_room(self.line) for pool in self.line.barred)
        self.waited |= layout.HELD_BACK if held_back else 1
        # who has an agent beside them hears no offer, and nobody is asked again who waits on in another queue
        alone = self.beside is None and not comes_from_time_out(self)
        if not alone or not takes_callback(self):
            patience = patience_of(self)
            if alone and balks(self, patience):
                return outcomes.BALKED
            self.leaves = self._longest_wait(self.joined + patience if self.joined + patience < LONGEST else FAR)
            if self.leaves == self.centre.now:
                return self._left_as()
            if alone:
                await_offer(self)
        self.stand_in_line()
        await_window(self)
        return NONE

    def stand_in_backlog(self, joined: int) -> None:
        """Wait since before the run began; steps that opened before the start are open."""
        self.joined, self.stands, self.opened, self.waited = joined, joined, joined, 1
        self.leaves = self._longest_wait(FAR)
        self.stand_in_line(0)
        self.centre.calendar.process(self.life())

    def _longest_wait(self, leaves: int) -> int:
        """When the customer leaves, unless the longest wait ends before."""
        self.patience_ends = leaves
        self.moves_on = self.facts.max_wait < FAR and self.joined + self.facts.max_wait < leaves
        return self.joined + self.facts.max_wait if self.moves_on else leaves

    def _left_as(self) -> int:
        if self.is_callback:
            return outcomes.EXPIRED
        return left_at_time_out(self) if self.moves_on else outcomes.ABANDONED

    def stand_in_line(self, now: int | None = None) -> None:
        """Stand at the end of its line; `now`: steps that opened before are open."""
        self.phase = "waiting"
        take_place(self)
        for group in self.queue_groups:
            group.inside += not self.is_callback
            group.waiting += not self.line.of_callbacks
        self.await_end_of_patience()
        self.open_steps_before(self.centre.now if now is None else now)

    # Waiting

    def await_end_of_patience(self) -> None:
        """Leave when patience ends, or a callback expires."""
        if self.leaves < FAR:
            counts = self.facts.matters_when
            self.centre.calendar.call(self.leaves, Rank.PATIENCE, self.name, self._patience_ends, counts=counts)

    def _patience_ends(self) -> None:
        if self.phase == "waiting" and self.leaves == self.centre.now:
            self.lose(self._left_as())

    def _next_step(self) -> int:
        """When the next overflow step opens, -1: never."""
        return self.stands + self.line.steps[self.step] if self.step < len(self.line.steps) else -1

    def open_steps_before(self, now: int) -> None:
        self.step = sum(self.stands + after < now for after in self.line.steps)
        if self.step < len(self.line.steps):
            self._await_step()

    def _await_step(self) -> None:
        self.centre.calendar.call(self._next_step(), Rank.OVERFLOW_STEP, self.name, self._open_step)

    def _open_step(self) -> None:
        if self.phase != "waiting" or self.step >= len(self.line.steps) or self._next_step() != self.centre.now:
            return
        self.step += 1
        if self.step < len(self.line.steps):
            self._await_step()
        self.offer()

    def offer(self) -> None:
        """Look for an agent while waiting."""
        if self.phase == "waiting" and (agent := agent_for(self)) is not None:
            agent.take(self)

    def leave_line(self) -> None:
        """It no longer waits there."""
        self.line.visits.remove(self)
        for group in self.queue_groups:
            group.waiting -= not self.line.of_callbacks

    def lose(self, outcome: int) -> None:
        """End without an agent."""
        if self.phase == "waiting":
            self.leave_line()
            for group in self.queue_groups:
                group.inside -= not self.is_callback
        self.outcome, self.left = outcome, self.centre.now
        self.talked = self.left + (until_peers_answer(self) if outcome == outcomes.BY_PEERS else 0)
        reason = {
            outcomes.ABANDONED: layout.AFTER_ABANDON,
            outcomes.BALKED: layout.AFTER_ABANDON,
            outcomes.BLOCKED: layout.AFTER_BLOCKED,
            outcomes.CLOSED: layout.AFTER_CLOSED,
            outcomes.CLEARED: layout.AFTER_CLOSED,
        }.get(outcome)
        if reason is not None:
            self._come_back(reason, self.centre.draws.of(self, keys.OUTCOME)[1])
        if self.beside is not None:
            end_wait(self, 0)
        self._write(self.talked)
        if self.phase == "waiting":
            self.turn.succeed()
        self.phase = "ended"
        if outcome == outcomes.REQUEUED:
            waits_on(self).join()

    # In hand

    def taken_by(self, agent: Agent) -> int:
        """An agent takes the contact in hand; the work of the phase that begins or goes on, at full speed."""
        now, waits = self.centre.now, self.phase == "waiting"
        self.agent = agent
        if waits:
            self.leave_line()
        if self.laid_in:
            return self._taken_up()
        if not waits:
            for group in self.queue_groups:
                group.inside += 1
        self.phase, self.left = "talking", now
        context = self.centre.bots[self.facts.bot].pace if self.bot_flags & layout.WITH_CONTEXT else 1.0
        talk, self.wrap_up = work_of(self, agent.team.pace_of(agent, self.facts, now) * context)
        if self.beside is not None:
            talk += begin_hand_over(self)
        if waits:
            self.turn.succeed()
        return talk

    def go_on_at(self, speed: int) -> None:
        """Go on with the work at another speed."""
        now = self.centre.now
        self.rest = self._work_left()
        self.rest_at, self.speed = now, speed
        end = now + lasts(self.rest, speed)
        if end != self.end:
            self.ends_at(end)

    def _work_left(self) -> int:
        done = (self.centre.now - self.rest_at) * self.speed // FULL_SPEED
        return max(self.rest - done, 0)

    def ends_at(self, end: int) -> None:
        """The phase in hand ends at an instant, unless that moves."""
        self.end, phase = end, self.phase
        rank = {"talking": Rank.END_OF_TALK, "staying": Rank.END_OF_HOLD}.get(phase, Rank.END_OF_WRAP_UP)

        def over() -> None:
            if self.end == end and self.phase == phase:
                self.turn.succeed()

        self.centre.calendar.call(end, rank, self.name, over)

    def _end_talk(self) -> Visit | None:
        """The customer leaves; the visit in which the contact goes on at once, if it does."""
        facts, draws = self.facts, self.centre.draws
        self.talked = self.centre.now
        for group in self.queue_groups:
            group.inside -= not self.is_callback
        self.outcome = outcomes.RESOLVED
        if self.wrong is not None:
            self.outcome = outcomes.TRANSFERRED
            return self._moved_to(self.own_queue, self.trace)
        if not facts.by_chance:
            return None
        u, u_back = draws.of(self, keys.OUTCOME)
        assert self.agent is not None
        escalated, since, until, transferred = self.agent.team.quality_of(self.agent, facts, self.left)
        if u < escalated:
            self.outcome = outcomes.ESCALATED
            return self._moved_to(self.queue + 1)
        if u >= 1.0 - transferred:
            self.outcome = outcomes.TRANSFERRED
            part = (1.0 - u) * (facts.transferred / transferred)
            return self._moved_to(next(queue for most, queue in facts.transfers if part <= most))
        reason = layout.AFTER_RESOLVED
        if not since <= u < until:
            self.outcome, reason = outcomes.UNRESOLVED, layout.AFTER_UNRESOLVED
        self._come_back(reason, u_back)
        return None

    def _moved_to(self, queue: int, trace: int = NONE) -> Visit:
        visit = self.followed_by(queue, self.place + 1, self.counted, self.handled)
        visit.trace = trace
        visit.before = [*self.before, self]
        self.translated = self.centre.ratings.translated(self)
        return visit

    def followed_by(self, queue: int, place: int, counted: int, handled: int) -> Visit:
        """A further visit of the same case."""
        visit = Visit(self.centre, queue, self.stream, self.date, self.number, place, counted)
        visit.opened, visit.handled, visit.first = self.opened, handled, first_answered(self)
        return visit

    def _come_back(self, reason: int, u: float) -> None:
        """Perhaps the customer comes back later, as a new contact of the same case."""
        later = return_of(self, reason, u)
        if later is not None:
            self.centre.calendar.process(self.centre.comes_back(later))

    # Laid down

    def laid_down(self) -> None:
        """The agent's shift ends: back to the line, to the place by the time of joining. The work waits."""
        now = self.centre.now
        self.rest = self._work_left()
        self.centre.log.held(self, self.left if self.touched < 0 else self.touched, now)
        self.laid_in, self.phase, self.touched, self.leaves, self.end = self.phase, "waiting", now, FAR, -1
        for group in self.queue_groups:
            group.waiting += 1
            group.inside += self.laid_in == "wrapping up"
        self.open_steps_before(now)
        self.line.put_back(self)

    def _taken_up(self) -> int:
        now, lay = self.centre.now, self.centre.now - self.touched
        self.centre.log.lay(self, self.touched, now)
        self.phase, self.laid_in, self.touched = self.laid_in, "", now
        if self.phase == "talking":
            self.lay_in_talk += lay
        else:
            self.lay_in_wrap_up += lay
            for group in self.queue_groups:
                group.inside -= 1
        return self.rest

    # The end

    def _write(self, wrapped: int) -> None:
        self.centre.has_ended(self, wrapped)

    def close(self, end: int) -> None:
        """The run ends while the visit is open."""
        log_as_open(self, end)
