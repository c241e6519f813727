"""The kernel's life of contacts and agents once more, plainly: objects, lists and loops, nothing packed, nothing lazy.

It takes the arrivals as given, plays the same rules with the same draws and gives both logs. It is slow and short, so
that it can be read beside `docs/background/semantics.md`; what the kernel does by bit masks, linked lists, heaps and
slots that are used again is done here by sorting.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import Any

from ccsim.draws import keys
from ccsim.draws.law_codes import LONGEST
from ccsim.draws.laws import draw_time
from ccsim.draws.philox import uniforms
from ccsim.kernel import layout
from ccsim.kernel.arrays import WorkingClocks
from ccsim.model import Model
from ccsim.units import DAY

MILLION = 1_000_000
#: What comes first at one instant.
TALK, WRAP, AGENT_PLAN, BREAK_END, DOOR_PLAN, REST_DUE, RING, PATIENCE, DUE, ARRIVAL = range(10)


@dataclass(eq=False)
class Visit:
    """One stay in a queue."""

    queue: int
    date: int
    number: int
    place: int
    counted: int = 0
    trace: int = -1
    state: str = "new"
    joined: int = 0
    left: int = 0
    talked: int = 0
    wrapped: int = 0
    agent: Agent | None = None
    waited: int = 0
    outcome: int = -1
    back: int = 0
    line: int = 0
    step: int = 0
    leaves: int = layout.FAR
    moves_on: bool = False
    wrap: int = 0
    rest: int = 0
    since: int = 0
    speed: int = 0
    end: int = -1
    laid_at: int = -1
    """When it was laid down, or taken up, the last time; -1: never."""
    phase: str = ""
    """What it was in when it was laid down."""
    lay: dict[str, int] = field(default_factory=lambda: {"talking": 0, "wrapping": 0})
    """How long it lay there, by phase."""

    @property
    def name(self) -> tuple[int, int, int, int]:
        return self.queue, self.date, self.number, self.place


@dataclass(eq=False)
class Agent:
    """One agent row."""

    row: int
    pool: int
    state: str = "off"
    free: str = ""
    """`listed`, `looking` (free, and about to choose) or empty."""
    leaving: str = ""
    """`home`, `break` (a planned one) or `rest` (one at random), once nothing is in hand."""
    hand: list[Visit] = field(default_factory=list)
    used: int = 0
    since: int = 0
    busy: int = 0
    busy_since: int = 0
    on_since: int = 0
    started: int = 0
    unpaid: int = 0
    planned_end: int = 0
    pause: int = 0
    pause_paid: int = 0
    cause: int = -1
    person: tuple[str, int] = ("", 0)
    """Whom the row is of: rows of one person lie in several pools."""
    next: Agent | None = None
    """Row of the same person who comes when this one has gone home."""
    rest_due: int = -1
    """When the next break at random is due; -1: none is to come."""
    owed: int = 0
    """Length of the break at random that is due and has not begun; 0: none."""
    rests: bool = False
    """Whether the break that is taken is one at random."""
    rests_drawn: dict[int, int] = field(default_factory=dict)
    """Breaks at random that were drawn, by date."""


def due(clocks: WorkingClocks, clock: int, joined: int, time: int) -> int:
    """When `time` has passed since `joined`, stretch by stretch of a working clock; -1: by the plain clock."""
    if clock < 0:
        return joined + time
    first, count = clocks.bounds[clock].tolist()
    rows = range(first, first + count)
    starts, worked = clocks.start[rows].tolist(), clocks.worked[rows].tolist()
    for i in range(count - 1):
        opens, closes = starts[i], starts[i] + worked[i + 1] - worked[i]
        if closes > joined:
            left = closes - max(opens, joined)
            if left >= time:
                return max(opens, joined) + time
            time -= left
    return layout.FAR


class PlainEngine:
    """One replication."""

    def __init__(self, model: Model, seed: int, replication: int, arrivals: list[tuple[int, int, int, int]]) -> None:
        """`arrivals`: time, stream, local date and number of every case."""
        self.model, self.rules, self.now = model, model.rules, 0
        self.stream_keys = [keys.stream_key(seed, replication, keys.STREAM, name) for name in model.random_streams]
        self.pool_keys = [keys.stream_key(seed, replication, keys.POOL, name) for name in model.pool_random_streams]
        self.capacity = int(self.rules.pools.capacity[0])
        self.agents = [Agent(row, int(pool)) for row, pool in enumerate(model.agent_pool)]
        for agent, number in zip(self.agents, model.agent_number.tolist(), strict=True):
            agent.person = (model.pool_random_streams[agent.pool], number)
        pools = len(self.rules.pools.agents)
        self.lists: list[list[Agent]] = [[] for _ in range(pools)]
        self.spare = [[a for a in reversed(self.agents) if a.pool == pool] for pool in range(pools)]
        self.surplus = [0] * pools
        self.lines: list[list[Visit]] = [[] for _ in range(len(self.rules.classes.rows))]
        groups = len(self.rules.groups.lines)
        self.system, self.waiting = [0] * groups, [0] * groups
        self.open = [bool(one) for one in model.open_at_start]
        self.visits: list[tuple[int, ...]] = []
        self.spans: list[tuple[int, ...]] = []
        self.under_way: set[Visit] = set()
        self.join: Visit | None = None
        self.look: Agent | None = None
        self.offer: Visit | None = None
        self.clear = -1
        self.events: list[tuple[int, int, tuple[int, ...], int, Any]] = []
        self._lay_backlog()
        for time, stream, date, number in arrivals:
            self.at(time, ARRIVAL, (stream, date, number), (stream, date, number))
        for row, (time, what, *_) in enumerate(model.plan.tolist()):
            self.at(time, DOOR_PLAN if what >= layout.CLOSES else AGENT_PLAN, (row,), row)

    def at(self, time: int, kind: int, tie: tuple[int, ...], what: Any) -> None:
        heapq.heappush(self.events, (int(time), kind, tie, len(self.events), what))

    def play(self) -> int:
        """Both logs are filled; when play ended."""
        span = self.model.span
        end = span.counted_until
        while True:
            while self.events and self.events[0][0] < end:
                self.now, kind, _, _, what = heapq.heappop(self.events)
                self._event(kind, what)
                self._settle()
            if end >= span.end or not any(visit.counted for visit in self.under_way):
                self._close(end)
                return end
            end += min(span.interval, span.end - end)

    def _event(self, kind: int, what: Any) -> None:
        if kind == ARRIVAL:
            self._arrive(*what)
        elif kind == DUE:
            what.counted = self._counts()
            self.under_way.add(what)
            self.join = what
        elif kind in (AGENT_PLAN, DOOR_PLAN):
            self._plan_row(what)
        elif kind == BREAK_END:
            self._end_break(what)
        elif kind == REST_DUE:
            self._rest_is_due(what)
        elif kind == PATIENCE:
            if what.state == "waiting" and what.leaves == self.now:
                self._lose(what, layout.MOVED_ON if what.moves_on else layout.ABANDONED)
        elif kind == RING:
            if what.state == "waiting" and self._next_ring(what) == self.now:
                self._open_ring(what)
        else:
            under_way = what.end == self.now and what.state == ("talking" if kind == TALK else "wrapping")
            if under_way and (kind == WRAP or self._end_talk(what)):
                self._finish(what)

    def _settle(self) -> None:
        """What an event has set off at the same instant."""
        while True:
            if self.look is not None and (self.join is None or self.look.free == "looking"):
                contact = self._choose_contact(self.look)
                if contact is None:
                    agent, self.look = self.look, None
                    if agent.free == "looking":
                        self._list(agent)
                    if agent.owed and agent.free and not agent.hand:
                        if self.join is None:
                            self._rest(agent)
                        else:  # free for who is about to join; then the agent looks again
                            self.look = agent
                elif self.join is not None:
                    self._join()
                else:
                    self._answer(contact, self.look)
            elif self.join is not None:
                self._join()
            elif self.offer is not None:
                visit, self.offer = self.offer, None
                agent = self._choose_agent(visit)
                if agent is not None:
                    self._answer(visit, agent)
            elif self.clear >= 0:
                self._clear_one()
            else:
                return

    # Draws and facts

    def _queue(self, visit: Visit, column: int) -> int:
        return int(self.rules.queues.rows[visit.queue, column])

    def _class(self, visit: Visit, column: int) -> int:
        return int(self.rules.classes.rows[visit.line, column])

    def _uniforms(self, visit: Visit, decision: int) -> tuple[float, float]:
        k0, k1 = self.stream_keys[self._queue(visit, layout.QUEUE_STREAM)]
        return uniforms(k0, k1, visit.date, visit.number, visit.place, decision)

    def _time(self, visit: Visit, law: int, u: float, decision: int) -> float:
        k0, k1 = self.stream_keys[self._queue(visit, layout.QUEUE_STREAM)]
        return float(draw_time(self.rules.laws, law, u, k0, k1, visit.date, visit.number, visit.place, decision))

    def _counts(self) -> int:
        return int(self.rules.counted[0] <= self.now < self.rules.counted[1])

    def _groups(self, visit: Visit) -> list[int]:
        first = self._queue(visit, layout.QUEUE_GROUPS)
        return [int(g) for g in self.rules.queues.group[first : first + self._queue(visit, layout.QUEUE_GROUPS_N)]]

    def _shares(self, pool: int) -> bool:
        return bool(self.rules.pools.shares[pool])

    # Contacts

    def _lay_backlog(self) -> None:
        """The opening backlog stands in line, oldest first; steps that opened long ago are open."""
        for joined, stream, date, number in self.model.backlog.tolist():
            visit = Visit(int(self.rules.first_queue[stream]), date, number, 0, joined=joined, waited=1)
            visit.line, visit.state = self._line_of(visit), "waiting"
            self.under_way.add(visit)
            longest = int(self.rules.kinds.max_wait[self._queue(visit, layout.QUEUE_KIND)])
            if longest < layout.FAR:
                visit.leaves, visit.moves_on = joined + longest, True
                self.at(visit.leaves, PATIENCE, visit.name, visit)
            first, count = (self._class(visit, at) for at in (layout.CLASS_OVERFLOWS, layout.CLASS_OVERFLOWS_N))
            opens = [joined + after for after in self.rules.classes.overflow_after[first : first + count].tolist()]
            visit.step = sum(at < 0 for at in opens)
            self._await_ring(visit)
            self.lines[visit.line].append(visit)
            for group in self._groups(visit):
                self.system[group] += 1
                self.waiting[group] += 1

    def _arrive(self, stream: int, date: int, number: int) -> None:
        visit = Visit(int(self.rules.first_queue[stream]), date, number, 0, self._counts())
        first, count = self.rules.traces.of_stream[stream].tolist()
        for row in range(first, first + count):
            if (self.rules.traces.date[row], self.rules.traces.number[row]) == (date, number):
                visit.trace = row
        self.under_way.add(visit)
        self.join = visit

    def _join(self) -> None:
        visit, self.join = self.join, None
        assert visit is not None
        visit.joined = self.now
        visit.line = self._line_of(visit)
        outcome = self._turned_away(visit)
        if outcome >= 0:
            self._lose(visit, outcome)
            return
        agent = self._choose_agent(visit)
        if agent is not None:
            self._answer(visit, agent)
        else:
            self._wait(visit)

    def _line_of(self, visit: Visit) -> int:
        first, count = self._queue(visit, layout.QUEUE_LINES), self._queue(visit, layout.QUEUE_LINES_N)
        queues = self.rules.queues
        if count == 1:
            return int(queues.line[first])
        scores = [
            (
                -math.log(self._uniforms(visit, keys.VENDOR + int(queues.line_vendor[row]))[0])
                / queues.line_share[row],
                row,
            )
            for row in range(first, first + count)
        ]
        return int(queues.line[min(scores)[1]])

    def _turned_away(self, visit: Visit) -> int:
        peers = self.rules.kinds.peers[self._queue(visit, layout.QUEUE_KIND)]
        if peers > 0 and visit.place % 65536 == 0 and self._uniforms(visit, keys.PEERS)[0] < peers:
            return layout.BY_PEERS
        live = self._class(visit, layout.CLASS_LIVE) == 1
        if live and not all(self.open[group] for group in self._groups(visit)):
            return layout.CLOSED
        full = any(self.system[group] >= self.rules.groups.lines[group] for group in self._groups(visit))
        return layout.BLOCKED if full else -1

    def _wait(self, visit: Visit) -> None:
        kinds, kind = self.rules.kinds, self._queue(visit, layout.QUEUE_KIND)
        if any(self.waiting[group] >= self.rules.groups.max_waiting[group] for group in self._groups(visit)):
            self._lose(visit, layout.BLOCKED)
            return
        visit.waited = 1
        first = self._class(visit, layout.CLASS_BARRED)
        barred = self.rules.classes.barred[first : first + self._class(visit, layout.CLASS_BARRED_N)]
        if any(self._with_room(int(pool), visit) for pool in barred):
            visit.waited = layout.HELD_BACK
        patience = layout.FAR
        if visit.trace >= 0 and self.rules.traces.patience[visit.trace] >= 0:
            patience = min(int(self.rules.traces.patience[visit.trace]), LONGEST)
        elif kinds.patience_law[kind] >= 0:
            u, u_zero = self._uniforms(visit, keys.PATIENCE)
            patience = 0
            if u_zero >= kinds.zero[kind]:
                patience = math.floor(self._time(visit, int(kinds.patience_law[kind]), u, keys.PATIENCE) + 0.5)
        visit.leaves = self.now + patience if self.now + patience < LONGEST else layout.FAR
        longest = int(kinds.max_wait[kind])
        if longest < layout.FAR and self.now + longest < visit.leaves:
            visit.leaves, visit.moves_on = self.now + longest, True
        if visit.leaves == self.now:
            self._lose(visit, layout.MOVED_ON if visit.moves_on else layout.ABANDONED)
            return
        visit.state = "waiting"
        self.lines[visit.line].append(visit)
        for group in self._groups(visit):
            self.system[group] += 1
            self.waiting[group] += 1
        self.at(visit.leaves, PATIENCE, visit.name, visit)
        self._await_ring(visit)

    def _next_ring(self, visit: Visit) -> int:
        """When the next overflow step opens, -1 if there is none."""
        if visit.step >= self._class(visit, layout.CLASS_OVERFLOWS_N):
            return -1
        after = self.rules.classes.overflow_after[self._class(visit, layout.CLASS_OVERFLOWS) + visit.step]
        return visit.joined + int(after)

    def _await_ring(self, visit: Visit) -> None:
        if self._next_ring(visit) >= 0:
            self.at(self._next_ring(visit), RING, visit.name, visit)

    def _open_ring(self, visit: Visit) -> None:
        visit.step += 1
        self._await_ring(visit)
        self.offer = visit

    def _clear_one(self) -> None:
        first, count = self.rules.groups.first_line[self.clear].tolist()
        for line in self.rules.groups.line_rows[first : first + count]:
            if self.lines[line]:
                self._lose(self.lines[line][0], layout.CLEARED)
                return
        self.clear = -1

    def _leave_line(self, visit: Visit) -> None:
        self.lines[visit.line].remove(visit)
        for group in self._groups(visit):
            self.waiting[group] -= 1

    def _lose(self, visit: Visit, outcome: int) -> None:
        if visit.state == "waiting":
            self._leave_line(visit)
            for group in self._groups(visit):
                self.system[group] -= 1
        visit.state, visit.outcome = "lost", outcome
        visit.left = visit.talked = self.now
        reasons = {
            layout.ABANDONED: layout.AFTER_ABANDON,
            layout.BLOCKED: layout.AFTER_BLOCKED,
            layout.CLOSED: layout.AFTER_CLOSED,
            layout.CLEARED: layout.AFTER_CLOSED,
        }
        if outcome in reasons:
            self._come_back(visit, reasons[outcome], self._uniforms(visit, keys.OUTCOME)[1])
        self._log(visit, self.now)

    def _come_back(self, visit: Visit, reason: int, u: float) -> None:
        kinds, kind = self.rules.kinds, self._queue(visit, layout.QUEUE_KIND)
        contact = visit.place // 65536
        if u >= kinds.back_share[kind, reason] or contact >= kinds.back_most[kind, reason]:
            return
        drawn = self._uniforms(visit, keys.RETURN)[0]
        delay = self._time(visit, int(kinds.back_law[kind, reason]), drawn, keys.RETURN)
        visit.back = 1
        queue = int(self.rules.first_queue[self._queue(visit, layout.QUEUE_STREAM)])
        again = Visit(queue, visit.date, visit.number, (contact + 1) * 65536)
        self.at(self.now + math.floor(delay + 0.5), DUE, again.name, again)

    def _log(self, visit: Visit, wrapped: int) -> None:
        visit.wrapped = wrapped
        self.under_way.discard(visit)
        agent = visit.agent.row if visit.agent is not None else layout.NONE
        times = visit.counted, visit.joined, visit.left, visit.talked, wrapped
        self.visits.append((*visit.name, *times, agent, visit.waited, visit.outcome, visit.back, visit.line))

    # Who takes whom

    def _keeps(self, pool: int, line: int, looking: Agent | None = None) -> bool:
        """Whether a pool keeps its idle agents from deferred work; who is about to choose counts for himself only."""
        keep = int(self.rules.pools.keep_free[pool])
        idle = [agent for agent in self.lists[pool] if not agent.hand]
        if looking is not None and looking.free == "looking" and not looking.hand:
            idle.append(looking)
        return self.rules.classes.rows[line, layout.CLASS_LIVE] == 0 and 0 < keep >= len(idle)

    def _with_room(self, pool: int, visit: Visit) -> list[Agent]:
        """Listed agents with room, by use of capacity, then in the order of their list."""
        if self._keeps(pool, visit.line):
            return []
        units = self._class(visit, layout.CLASS_UNITS)
        fitting = [agent for agent in self.lists[pool] if agent.used + units <= self.capacity]
        return sorted(fitting, key=lambda agent: agent.used)

    def _occupancy(self, agent: Agent) -> float:
        busy = agent.busy + (self.now - agent.busy_since if agent.hand else 0)
        return busy / max(self.now - agent.started, 1)

    def _choose_agent(self, visit: Visit) -> Agent | None:
        first = self._class(visit, layout.CLASS_POOLS)
        entries = self.rules.classes.pools[first : first + self._class(visit, layout.CLASS_POOLS_N)].tolist()
        opened = [(rank, pool) for pool, rank, step in entries if step <= visit.step]
        for best in dict.fromkeys(rank for rank, _ in opened):
            pools = [(pool, self._with_room(pool, visit)) for rank, pool in opened if rank == best]
            pools = [(pool, agents) for pool, agents in pools if agents]
            if pools:
                return self._pick(visit, pools)
        return None

    def _pick(self, visit: Visit, pools: list[tuple[int, list[Agent]]]) -> Agent:
        rule = int(self.rules.pick[0])
        everybody = [agent for _, agents in pools for agent in agents]
        if rule == layout.PICK_LONGEST_IDLE:
            return min(everybody, key=lambda agent: (agent.used > 0, agent.since))
        if rule == layout.PICK_FEWEST_IN_HAND:
            return min(everybody, key=lambda agent: (agent.used, agent.since))
        if rule == layout.PICK_LEAST_OCCUPIED:
            return min(everybody, key=lambda agent: (self._occupancy(agent), agent.used > 0, agent.since))
        position = int(self._uniforms(visit, keys.ROUTE + visit.step)[0] * len(everybody))
        for pool, agents in pools:
            if position < len(agents):  # agents of a pool who hold one contact or none are alike: the longest idle
                return agents[position] if self._shares(pool) else agents[0]
            position -= len(agents)
        raise AssertionError

    def _choose_contact(self, agent: Agent) -> Visit | None:
        if not agent.free:
            return None
        first, count = self.rules.pools.lines[agent.pool].tolist()
        found: list[tuple[Any, Visit]] = []
        for line, rank, step in self.rules.pools.served[first : first + count].tolist():
            if not self.lines[line]:
                continue
            head = self.lines[line][0]
            fits = agent.used + self._class(head, layout.CLASS_UNITS) <= self.capacity
            if fits and head.step >= step and not self._keeps(agent.pool, line, agent):
                shift, clock = self._class(head, layout.CLASS_SHIFT), self._class(head, layout.CLASS_CLOCK)
                key = due(self.rules.classes.working, clock, head.joined, shift)
                found.append(((rank, key, head.name), head))
        return min(found, key=lambda one: one[0])[1] if found else None

    # In hand

    def _answer(self, visit: Visit, agent: Agent) -> None:
        if visit.state == "waiting":
            self._leave_line(visit)
        else:
            for group in self._groups(visit):
                self.system[group] += 1
        if visit.laid_at >= 0:
            self._take_up(visit, agent)
            return
        kinds, kind = self.rules.kinds, self._queue(visit, layout.QUEUE_KIND)
        pace = float(self.rules.pools.pace[agent.pool, self._queue(visit, layout.QUEUE_WORK)])
        u_talk, u_wrap = self._uniforms(visit, keys.HANDLE)
        talk = int(self.rules.traces.talk[visit.trace]) if visit.trace >= 0 else -1
        wrap = int(self.rules.traces.wrap_up[visit.trace]) if visit.trace >= 0 else -1
        if talk < 0:
            drawn = self._time(visit, int(kinds.talk_law[kind]), u_talk, keys.HANDLE)
            if kinds.from_forecast[kind]:
                drawn = min(drawn * (self._forecast(visit) / (1.0 + float(kinds.wrap_share[kind]))), LONGEST)
            talk = math.floor(drawn * pace + 0.5)
        if wrap < 0 and kinds.wrap_law[kind] >= 0:
            drawn = self._time(visit, int(kinds.wrap_law[kind]), u_wrap, keys.HANDLE + (1 << 15))
            wrap = math.floor(drawn * pace + 0.5)
        elif wrap < 0:
            wrap = math.floor(talk * float(kinds.wrap_share[kind]) + 0.5)
        visit.state, visit.left, visit.agent, visit.wrap = "talking", self.now, agent, wrap
        self._hold(visit, agent, talk)

    def _hold(self, visit: Visit, agent: Agent, work: int) -> None:
        self._unlist(agent)
        if not agent.hand:
            agent.busy_since = self.now
        agent.hand.append(visit)
        agent.used += self._class(visit, layout.CLASS_UNITS)
        agent.since = self.now
        if not self._shares(agent.pool):
            self._ends(visit, self.now + work)
            if self.look is agent:
                self.look = None
            return
        if agent.used < self.capacity:
            self._list(agent)
        visit.rest, visit.since, visit.speed, visit.end = work, self.now, 0, -1
        self._reshare(agent)

    def _forecast(self, visit: Visit) -> float:
        """Mean handle time that holds when the visit joins: of the rows that hold by then the last one."""
        means = self.rules.handle_means
        first, count = means.of_stream[self._queue(visit, layout.QUEUE_STREAM)].tolist()
        rows = range(first, first + count)
        return float(means.mean[max((row for row in rows if means.since[row] <= visit.joined), default=first)])

    # Laid down

    def _part(self, visit: Visit, kind: int, agent: int, times: tuple[int, ...], back: int = 0) -> None:
        """A row of the log that is no visit; `times`: joined, left, talked, wrapped."""
        self.visits.append((visit.queue, 0, 0, 0, visit.counted, *times, agent, 0, kind, back, 0))

    def _lay_down(self, agent: Agent) -> bool:
        """Whether an agent whose shift ends lays down what is in hand."""
        if len(agent.hand) != 1 or self._class(agent.hand[0], layout.CLASS_LAID) == 0:
            return False
        visit = agent.hand.pop()
        visit.rest = visit.end - self.now if not self._shares(agent.pool) else self._work_left(visit)
        taken = visit.left if visit.laid_at < 0 else visit.laid_at
        self._part(visit, layout.PART_HELD, agent.row, (taken, taken, 0, self.now))
        agent.used, agent.since = 0, self.now
        agent.busy += self.now - agent.busy_since
        if self._shares(agent.pool):
            self._span(agent, layout.IN_HAND, agent.busy_since, self.now)
        visit.phase, visit.state, visit.laid_at, visit.leaves, visit.end = (
            visit.state,
            "waiting",
            self.now,
            layout.FAR,
            -1,
        )
        for group in self._groups(visit):
            self.waiting[group] += 1
            self.system[group] += visit.phase == "wrapping"
        visit.step = 0
        while 0 <= self._next_ring(visit) < self.now:
            visit.step += 1
        self._await_ring(visit)
        line = self.lines[visit.line]
        place = 0
        while place < len(line) and (line[place].joined, line[place].name) < (visit.joined, visit.name):
            place += 1
        line.insert(place, visit)
        self.offer = visit
        return True

    def _work_left(self, visit: Visit) -> int:
        return max(visit.rest - (self.now - visit.since) * visit.speed // MILLION, 0)

    def _take_up(self, visit: Visit, agent: Agent) -> None:
        self._part(visit, layout.PART_WAITED, -1, (visit.laid_at, self.now, 0, self.now))
        visit.lay[visit.phase] += self.now - visit.laid_at
        visit.laid_at, visit.state, visit.agent = self.now, visit.phase, agent
        for group in self._groups(visit):
            self.system[group] -= visit.phase == "wrapping"
        self._hold(visit, agent, visit.rest)

    def _whole(self, visit: Visit, taken: int, ended: int) -> None:
        assert visit.agent is not None
        times = visit.joined, visit.left, ended * visit.lay["talking"], taken
        self._part(visit, layout.PART_WHOLE, visit.agent.row, times, ended * visit.lay["wrapping"])

    def _ends(self, visit: Visit, end: int) -> None:
        visit.end = end
        self.at(end, TALK if visit.state == "talking" else WRAP, visit.name, visit)

    def _reshare(self, agent: Agent) -> None:
        speeds = self.rules.pools.speed
        for visit in agent.hand:
            channel = self.rules.kinds.channel[self._queue(visit, layout.QUEUE_KIND)]
            speed = int(speeds[channel, min(len(agent.hand), speeds.shape[1]) - 1])
            if speed != visit.speed:
                done = (self.now - visit.since) * visit.speed // MILLION
                visit.rest = max(visit.rest - done, 0)
                visit.since, visit.speed = self.now, speed
                end = self.now + -(-visit.rest * MILLION // speed)
                if end != visit.end:
                    self._ends(visit, end)

    def _end_talk(self, visit: Visit) -> bool:
        """Whether the agent has done with the visit too."""
        kinds, kind = self.rules.kinds, self._queue(visit, layout.QUEUE_KIND)
        visit.talked = self.now
        for group in self._groups(visit):
            self.system[group] -= 1
        u, u_back = self._uniforms(visit, keys.OUTCOME)
        escalated, transferred = float(kinds.escalated[kind]), float(kinds.transferred[kind])
        visit.outcome = layout.UNRESOLVED
        if kinds.decides[kind] != 1:
            visit.outcome = layout.RESOLVED
        elif u < escalated:
            visit.outcome = layout.ESCALATED
            self._send_on(visit, visit.queue + 1)
        elif u >= 1.0 - transferred:
            visit.outcome = layout.TRANSFERRED
            goes = 0
            while 1.0 - u > kinds.transfer_until[kinds.transfers[kind] + goes]:
                goes += 1
            self._send_on(visit, int(self.rules.queues.transfer[self._queue(visit, layout.QUEUE_TRANSFERS) + goes]))
        elif u < escalated + float(kinds.resolved[kind]):
            visit.outcome = layout.RESOLVED
        if kinds.decides[kind] == 1 and visit.outcome in (layout.RESOLVED, layout.UNRESOLVED):
            reason = layout.AFTER_RESOLVED if visit.outcome == layout.RESOLVED else layout.AFTER_UNRESOLVED
            self._come_back(visit, reason, u_back)
        if visit.wrap == 0:
            return True
        visit.state = "wrapping"
        assert visit.agent is not None
        if self._shares(visit.agent.pool):
            visit.rest, visit.since = visit.wrap, self.now
            self._ends(visit, self.now + -(-visit.wrap * MILLION // visit.speed))
        else:
            self._ends(visit, self.now + visit.wrap)
        return False

    def _send_on(self, visit: Visit, queue: int) -> None:
        self.join = Visit(queue, visit.date, visit.number, visit.place + 1, visit.counted)
        self.under_way.add(self.join)

    def _finish(self, visit: Visit) -> None:
        agent = visit.agent
        assert agent is not None
        self._log(visit, self.now)
        if visit.laid_at >= 0:
            self._whole(visit, visit.laid_at, 1)
        visit.state = "done"
        if self._shares(agent.pool):
            self._unlist(agent)
        agent.hand.remove(visit)
        agent.used -= self._class(visit, layout.CLASS_UNITS)
        agent.since = self.now
        if not agent.hand:
            agent.busy += self.now - agent.busy_since
            if self._shares(agent.pool):
                self._span(agent, layout.IN_HAND, agent.busy_since, self.now)
            if self.surplus[agent.pool] > 0:
                self.surplus[agent.pool] -= 1
                self._go_home(agent, self.now)
                return
            if agent.leaving == "break":
                self._go_on_break(agent)
                return
            if agent.leaving == "rest":
                self._rest(agent)
                return
            if agent.leaving == "home":
                self._go_home(agent, self.now)
                return
        else:
            self._reshare(agent)
        if agent.leaving:
            return
        first, count = self.rules.pools.lines[agent.pool].tolist()
        served = self.rules.pools.served[first : first + count, layout.SERVED_LINE]
        if self.join is None and not agent.owed and not any(self.lines[line] for line in served):
            self._list(agent)
        else:
            agent.free, self.look = "looking", agent

    # Agents

    def _list(self, agent: Agent) -> None:
        """Free from now on; last of those whose time began no later."""
        agent.free = "listed"
        mates = self.lists[agent.pool]
        place = len(mates)
        while place > 0 and mates[place - 1].since > agent.since:
            place -= 1
        mates.insert(place, agent)

    def _unlist(self, agent: Agent) -> None:
        if agent.free == "listed":
            self.lists[agent.pool].remove(agent)
        agent.free = ""

    def _span(self, agent: Agent, what: int, since: int, until: int, cause: int = layout.NONE) -> None:
        if since < until:
            self.spans.append((agent.pool, what, since, until, cause))

    def _end_work(self, agent: Agent, now: int) -> None:
        self._span(agent, layout.SIGNED, agent.on_since, now)
        self._span(agent, layout.OVERTIME, max(agent.planned_end, agent.on_since), now)

    def _end_rest(self, agent: Agent, now: int) -> None:
        paid_until = min(agent.on_since + agent.pause_paid, now)
        self._span(agent, layout.PAID_BREAK, agent.on_since, paid_until, agent.cause)
        self._span(agent, layout.UNPAID_BREAK, paid_until, now, agent.cause)
        agent.unpaid += now - paid_until

    def _go_home(self, agent: Agent, now: int) -> None:
        if agent.state == "on":
            self._end_work(agent, now)
        elif agent.state == "break":
            self._end_rest(agent, now)
        self._span(agent, layout.STAY, agent.started, now, agent.unpaid)
        agent.state, agent.leaving, agent.owed, agent.rests, agent.rest_due = "off", "", 0, False, -1
        self.spare[agent.pool].append(agent)
        if agent.next is not None:
            comes, agent.next = agent.next, None
            self._come_on(comes, comes.planned_end)
            if self.join is not None:
                self._unlist(comes)
                comes.free = "looking"

    def _go_on_break(self, agent: Agent) -> None:
        self._end_work(agent, self.now)
        agent.state, agent.leaving, agent.on_since = "break", "", self.now
        agent.pause += self.now
        self.at(agent.pause, BREAK_END, (agent.row,), agent)

    def _end_break(self, agent: Agent) -> None:
        if agent.state != "break" or agent.pause != self.now:
            return
        self._end_rest(agent, self.now)
        agent.state, agent.pause, agent.rests = "on", 0, False
        agent.since = agent.on_since = self.now
        self._list(agent)
        self.look = agent
        self._await_rest(agent)

    # Breaks at random

    def _break_time(self, agent: Agent, date: int, number: int, what: int) -> int:
        """Time until a break is due (0), or its length (1), by the names of pool, agent and date."""
        law = int(self.rules.pools.breaks[agent.pool, (layout.BREAKS_EVERY, layout.BREAKS_LENGTH)[what]])
        counter = date, agent.row - int(self.rules.pools.agents[agent.pool, 0]), number
        key = self.pool_keys[agent.pool]
        u = uniforms(*key, *counter, keys.BREAK)[what]
        drawn = float(draw_time(self.rules.laws, law, u, *key, *counter, keys.BREAK + what * (1 << 15)))
        return max(math.floor(drawn + 0.5), 1)

    def _await_rest(self, agent: Agent) -> None:
        """An agent comes on the line."""
        if self.rules.pools.breaks[agent.pool, layout.BREAKS_EVERY] == layout.NONE:
            return
        date = (int(self.rules.start_utc[0]) + self.now) // DAY
        number = agent.rests_drawn.get(date, 0)
        agent.rests_drawn[date] = number + 1
        agent.rest_due = self.now + self._break_time(agent, date, number, 0)
        self.at(agent.rest_due, REST_DUE, (agent.row,), (agent, self._break_time(agent, date, number, 1)))

    def _waits_for_nobody(self, agent: Agent) -> bool:
        return bool(self.rules.pools.breaks[agent.pool, layout.BREAKS_IDLE] == 0)

    def _rest_is_due(self, what: tuple[Agent, int]) -> None:
        agent, length = what
        if agent.state != "on" or agent.rest_due != self.now:
            return
        agent.rest_due = -1
        if agent.leaving == "break":
            return
        agent.owed = length
        if not agent.hand:
            self._rest(agent)
        elif not agent.leaving and self._waits_for_nobody(agent):
            self._unlist(agent)
            agent.leaving = "rest"

    def _rest(self, agent: Agent) -> None:
        self._unlist(agent)
        paid = int(self.rules.pools.breaks[agent.pool, layout.BREAKS_PAID])
        agent.pause, agent.pause_paid, agent.cause = agent.owed, agent.owed * paid, 0
        agent.owed, agent.rests = 0, True
        self._go_on_break(agent)

    def _come_on(self, agent: Agent, planned_end: int) -> None:
        agent.state, agent.leaving, agent.pause, agent.busy, agent.unpaid = "on", "", 0, 0, 0
        agent.since = agent.on_since = agent.started = self.now
        agent.planned_end = planned_end
        self._list(agent)
        self.look = agent
        self._await_rest(agent)

    def _stay(self, agent: Agent) -> None:
        agent.leaving = ""
        if agent.owed and self._waits_for_nobody(agent):
            agent.leaving = "rest"
            return
        if agent.used < self.capacity and not agent.free:
            self._list(agent)
            self.look = agent

    def _plan_row(self, row: int) -> None:
        _, what, who, value, paid, cause = self.model.plan[row].tolist()
        if what == layout.STAFF_UP:
            self._rise(who)
        elif what == layout.STAFF_DOWN:
            self._fall(who)
        elif what == layout.SIGN_IN:
            self._sign_in(self.agents[who], value, paid, cause)
            if (self.now, layout.BREAK, who) in [tuple(one[:3]) for one in self.model.plan[row + 1 : row + 2].tolist()]:
                self.look = None  # the shift begins with time away
        elif what == layout.SIGN_OUT:
            self._sign_out(self.agents[who])
        elif what == layout.BREAK:
            self._start_break(self.agents[who], value, paid, cause)
        else:
            self.open[who] = what == layout.OPENS
            if what == layout.CLOSES and self.rules.groups.clears[who] == 1:
                self.clear = who

    def _rise(self, pool: int) -> None:
        going = [agent for agent in self.agents if agent.pool == pool and agent.leaving == "home"]
        if self._shares(pool) and going:
            self._stay(going[0])
        elif not self._shares(pool) and self.surplus[pool] > 0:
            self.surplus[pool] -= 1
        else:
            self._come_on(self.spare[pool].pop(), layout.FAR)

    def _fall(self, pool: int) -> None:
        idle = [agent for agent in self.lists[pool] if agent.used == 0]
        here = [a for a in self.agents if a.pool == pool and a.state == "on" and a.leaving != "home"]
        resting = [a for a in self.agents if a.pool == pool and a.state == "break"]
        if idle:
            self._unlist(idle[0])
            self._go_home(idle[0], self.now)
        elif resting:
            self._go_home(resting[0], self.now)
        elif goes := next((agent for agent in here if self._lay_down(agent)), None):
            self._go_home(goes, self.now)
        elif not self._shares(pool):
            self.surplus[pool] += 1
        elif here:
            goes = min(here, key=lambda agent: len(agent.hand))
            self._unlist(goes)
            goes.leaving = "home"

    def _absent_for(self, agent: Agent, before: int) -> int:
        date = (int(self.rules.start_utc[0]) + self.now) // DAY - before
        number = agent.row - int(self.rules.pools.agents[agent.pool, 0])
        u = uniforms(*self.pool_keys[agent.pool], date, number, 0, keys.ABSENCE)[0]
        for cause, share in enumerate(self.rules.pools.absence[agent.pool].tolist()):
            u -= share
            if u < 0.0:
                return cause
        return layout.NONE

    def _sign_in(self, agent: Agent, planned_end: int, paid: int, cause: int) -> None:
        away = layout.NONE
        if planned_end < 0:
            away = cause
        elif paid > 0 and agent.state == "off":
            away = self._absent_for(agent, cause)
        if away >= 0:
            self._span(agent, layout.ABSENT, self.now, self.now + paid, away)
        elif agent.state == "off":
            busy = [mate for mate in self.agents if mate.person == agent.person and mate.state != "off"]
            if busy:
                busy[0].next, agent.planned_end = agent, planned_end
            else:
                self._come_on(agent, planned_end)
        else:
            agent.planned_end = planned_end
            if agent.state == "on" and agent.leaving == "home":
                self._stay(agent)

    def _sign_out(self, agent: Agent) -> None:
        if agent.state == "off":
            for mate in self.agents:
                mate.next = None if mate.next is agent else mate.next
            return
        self._unlist(agent)
        self._lay_down(agent)
        if agent.hand:
            agent.leaving = "home"
        else:
            self._go_home(agent, self.now)

    def _start_break(self, agent: Agent, length: int, paid: int, cause: int) -> None:
        if agent.state == "off" or agent.leaving == "home":
            return
        agent.owed = 0  # one at random is dropped
        agent.leaving = agent.leaving.removeprefix("rest")
        if agent.state == "break" and (agent.rests or agent.pause == self.now):
            agent.rests = False
            self._end_rest(agent, self.now)
            agent.pause, agent.pause_paid, agent.cause = self.now + length, length * paid, cause
            agent.on_since = self.now
            self.at(agent.pause, BREAK_END, (agent.row,), agent)
            return
        if agent.state == "break" or agent.leaving == "break":
            agent.pause += length
            agent.pause_paid += length * paid
            if agent.state == "break":
                self.at(agent.pause, BREAK_END, (agent.row,), agent)
            return
        self._unlist(agent)
        agent.pause, agent.pause_paid, agent.cause = length, length * paid, cause
        if agent.hand:
            agent.leaving = "break"
        else:
            self._go_on_break(agent)

    def _close(self, end: int) -> None:
        """What is still open when play ends."""
        for visit in sorted(self.under_way, key=lambda one: one.name):
            if visit.laid_at >= 0:
                if visit.state == "waiting":
                    self._part(visit, layout.PART_WAITED, -1, (visit.laid_at, end, 0, end))
                    visit.laid_at, visit.state = end, visit.phase
                self._whole(visit, visit.laid_at, 0)
            if visit.state == "waiting":
                visit.outcome, visit.left, visit.talked = layout.OPEN_WAITING, end, end
            else:
                visit.outcome = layout.OPEN_IN_HAND
                if visit.state == "talking":
                    visit.talked = end
            self._log(visit, end)
        for agent in self.agents:
            if agent.state != "off":
                if agent.hand and self._shares(agent.pool):
                    self._span(agent, layout.IN_HAND, agent.busy_since, end)
                agent.next = None
                if agent.hand or agent.planned_end > end:  # nobody knows how long the stay will have been
                    agent.started, agent.unpaid = end, 0
                self._go_home(agent, end)
