"""Run one replication: the driver between the control plane and the kernel."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np
import simpy
from numpy.typing import NDArray

from ccsim.draws import keys
from ccsim.draws.held import held
from ccsim.draws.jit import compiled_before
from ccsim.engine.control import Process, drain, feed, midnights
from ccsim.engine.simulated import Simulated
from ccsim.engine.statistics import Statistics
from ccsim.kernel import layout
from ccsim.kernel.advance import advance
from ccsim.kernel.arrays import State
from ccsim.kernel.events import ROOT, WHO
from ccsim.kernel.flush import final_flush, settle
from ccsim.kernel.invariants import BrokenInvariantError, check_state
from ccsim.kernel.opening import lay_backlog
from ccsim.kernel.state import new_state, with_more_events, with_more_slots
from ccsim.model import Model

_LOG = logging.getLogger("ccsim.engine")
_said: list[bool] = []


def _say_once_if_it_compiles() -> None:
    """Compiling takes minutes: say so, once, before the first run of a version."""
    if not _said:
        _said.append(True)
        if getattr(advance, "signatures", None) == [] and not compiled_before("advance"):
            _LOG.info("compiling the kernel, once for this version (two minutes or so)")


class Replication:
    """One replication under way: what control processes see and change.

    A user's process is a function of a `Replication` that yields SimPy events; it runs on the integer clock `env.now`
    (microseconds since the start of the horizon) and goes before contact events of the same instant.
    """

    def __init__(self, model: Model, seed: int, number: int, statistics: Statistics, **rows: int) -> None:
        self.model = model
        """The scenario as arrays; read only."""
        self.seed = seed
        """Seed of the run."""
        self.number = number
        """Which replication this is: 0, 1, ..."""
        self.env = simpy.Environment()
        """SimPy's clock and event list."""
        self.over = False
        """Set to end the run at this instant."""
        self.rules = held(model.rules)
        """Those of the model, for compiled functions that are called often."""
        self._statistics = statistics
        source_keys = keys.stream_keys(seed, number, keys.STREAM, model.random_streams)
        pool_keys = keys.stream_keys(seed, number, keys.POOL, model.pool_random_streams)
        self.state = new_state(
            model.rules,
            model.plan,
            model.agent_pool,
            model.agent_twin,
            model.stepped,
            model.open_at_start,
            source_keys,
            pool_keys,
            **rows,
        )
        self._lay_backlog()

    @property
    def state(self) -> State:
        """State of the kernel, at the present instant."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._state = held(state)

    def _lay_backlog(self) -> None:
        """Let the opening backlog stand in line."""
        waiting = self.model.backlog.shape[0]
        if waiting == 0:
            return
        while self.state.registers[layout.REGISTER_FREE_N] < waiting + layout.SLOT_ROOM:
            self.state = with_more_slots(self.state)
        while self.state.events.shape[0] < 2 * waiting + layout.EVENT_ROOM + 4:  # each may leave, and have a step open
            self.state = with_more_events(self.state)
        lay_backlog(self.rules, self.state, self.model.backlog)

    def advance(self, until: int) -> None:
        """Simulate contact events before `until`, making room as often as it takes."""
        while True:
            reason = advance(self.rules, self.state, until)
            if reason == layout.REACHED:
                return
            if reason == layout.LOG_FULL:
                self._statistics.flush(self.state)
            elif reason == layout.EVENTS_FULL:
                self.state = with_more_events(self.state)
            elif reason == layout.OTHER_WIDTHS:
                raise BrokenInvariantError("records are as wide as the kernel is compiled for")
            else:
                self.settle()
                free = self.state.registers[layout.REGISTER_FREE_N]
                if free < layout.SLOT_ROOM or 2 * free < self.state.slots.shape[0]:
                    self.state = with_more_slots(self.state)

    def settle(self) -> None:
        """Take customers who have left off the lines; changes no result."""
        while settle(self.rules, self.state, int(self.env.now)) == layout.LOG_FULL:
            self._statistics.flush(self.state)

    def may_be_over(self) -> bool:
        """Whether nothing counted is open any more, once customers who have left are off the lines."""
        slots, counted = self.state.slots, self.state.registers[layout.REGISTER_COUNTED]
        if counted > self.state.registers[layout.REGISTER_WAITING]:
            return False
        waiting = slots[:, layout.VISIT_PHASE] == layout.WAITING
        left = np.count_nonzero(waiting & (slots[:, layout.VISIT_LEAVES] < int(self.env.now)))
        return bool(counted <= left)

    def away_until(self) -> int:
        """When the last counted contact comes back that is away now; 0 if none is."""
        state = self.state
        due = state.dues[ROOT : ROOT + state.registers[layout.REGISTER_DUES_N]]
        counted = state.slots[due[:, layout.EVENT_CODE] & WHO, layout.VISIT_COUNTED] & layout.COUNTS > 0
        return int(due[counted, layout.EVENT_TIME].max(initial=0))

    def count_backlog(self) -> None:
        """Count the deferred visits that wait at this midnight; customers who have left do not."""
        self.settle()
        self._statistics.count_backlog(self.state, int(self.env.now))

    def finish(self) -> dict[str, NDArray[np.int64]]:
        """End the run at this instant and sum up."""
        end = int(self.env.now)
        self.settle()
        while final_flush(self.rules, self.state, end) == layout.LOG_FULL:
            self._statistics.flush(self.state)
        self._statistics.flush(self.state)
        events = int(self.state.registers[layout.REGISTER_SIMULATED])
        tables = self._statistics.tables(events=events, end=end)
        self._statistics.give_back()
        return tables


def simulate(
    model: Model,
    *,
    seed: int,
    replication: int,
    visits: bool = False,
    processes: Sequence[Callable[[Replication], Process]] = (),
    pauses: Sequence[int] = (),
    check: bool = False,
    **rows: int,
) -> Simulated:
    """Run one replication of a model.

    Parameters
    ----------
    model
        The compiled scenario.
    seed, replication
        Name the random-number streams; the same two give the same result, to the last digit.
    visits
        Whether to keep one row a visit.
    processes
        The user's own control processes.
    pauses
        Instants (microseconds) at which the kernel is stopped and started again; they change no result.
    check
        Whether to check every invariant of the state at every pause; slow.
    rows
        First sizes of the state (`slot_rows`, `log_rows`, `event_rows`); they change no result.
    """
    _say_once_if_it_compiles()
    statistics = Statistics(model, seed=seed, replication=replication, visits=visits)
    under_way = Replication(model, seed, replication, statistics, **rows)
    env = under_way.env
    running = [process(under_way) for process in (feed, midnights, drain, *processes)]
    if pauses:
        running.append(_pause(env, sorted(pauses)))
    for one in running:
        env.process(one)
    reached = 0
    while not under_way.over:
        until = int(env.peek())  # there is always an event: the end of the drain period
        if until > reached:
            under_way.advance(until)
            reached = until
        if check:
            check_state(model.rules, under_way.state, until)
        env.step()
    tables = under_way.finish()
    for one in running:  # they and the replication hold each other: its arrays would wait for a search for garbage
        one.close()
    return Simulated(tables)


def _pause(env: simpy.Environment, instants: Sequence[int]) -> Process:
    for instant in instants:
        if instant > env.now:
            yield env.timeout(int(instant) - env.now)
