"""The plan on its way to the kernel: rows of what is known beforehand, and the agent time that it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.layout import Ints
from ccsim.model.agent_time import AgentTime
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.model.model import Span
from ccsim.units import DAY, MINUTE

#: Of a whole number, without its sign.
_BITS = 63


def instant_of(clock: LocalClock, day: LocalDay, local: int) -> int:
    """Instant of a time of a local day, microseconds since its midnight by the clock; it may lie on the next day."""
    if day.plain and 0 <= local <= DAY:
        return day.start + local
    return clock.instant(datetime(day.day.year, day.day.month, day.day.day) + timedelta(microseconds=local))


class Plan:
    """Collects rows of the plan, and agent time on the line and rostered by interval and pool."""

    def __init__(self, span: Span, pools: int) -> None:
        self.span = span
        columns = max(pools, 1)
        self.scheduled = AgentTime(span.counted_from, span.counted_until, span.interval, columns)
        self.rostered = AgentTime(span.counted_from, span.counted_until, span.interval, columns)
        self._makers: list[Callable[[], Ints]] = []
        self._keys: list[Ints] = []
        self._rows: list[tuple[int, ...]] = []
        self._spans: list[tuple[int, int, int, int]] = []

    def add(self, time: int, what: int, who: int, value: int = 0, paid: int = 0, cause: int = 0) -> None:
        """One row, at the start of the horizon where it lies before."""
        if time < self.span.end:
            self._rows.append((max(time, 0), what, who, value, paid, cause))

    def add_agents(self, times: Ints, make: Callable[[], Ints]) -> None:
        """Rows of agents, none of queue groups: their times, within the horizon, and what makes them later, in that
        order.

        All rows at once are many, so each is made when its place is known.
        """
        self._flush()
        self._add(times * 2, make)

    def plan_time(self, pool: int, since: int, until: int, agents: int) -> None:
        """Agents on the line from `since` to `until`."""
        if since < until:
            self._spans.append((pool, since, until, agents))

    def steps(self) -> list[tuple[int, int, int, int]]:
        """Pool, from, until and number of agents that were planned one by one; to be asked for before `planned`."""
        return self._spans

    def planned(self) -> Ints:
        """[intervals, pools] Agent time planned on the line, microseconds."""
        if self._spans:
            pool, since, until, agents = np.array(self._spans, np.int64).T
            self.scheduled.between(since, until, pool, agents)
            self._spans.clear()
        return self.scheduled.areas()

    def sorted_rows(self) -> Ints:
        """[rows, PLAN_WIDTH] By time, agents before queue groups, then in the order in which they were made.

        That order is by pool rank and number of the agent. To be asked for once.
        """
        self._flush()
        counts = [len(keys) for keys in self._keys]
        keys = np.concatenate([np.zeros(0, np.int64), *self._keys])
        self._keys.clear()
        place = np.empty(len(keys), np.int64)
        place[_stable_order(keys)] = np.arange(len(keys))
        del keys
        found = np.empty((len(place), layout.PLAN_WIDTH), np.int64)
        whole = np.dtype((np.void, found.itemsize * layout.PLAN_WIDTH))  # numpy moves a row faster than its columns
        first = 0
        for make, count in zip(self._makers, counts, strict=True):
            found.view(whole)[place[first : first + count]] = make().view(whole)
            first += count
        self._makers.clear()
        return found

    def _add(self, keys: Ints, make: Callable[[], Ints]) -> None:
        self._keys.append(keys)
        self._makers.append(make)

    def _flush(self) -> None:
        if self._rows:
            rows = np.array(self._rows, np.int64)
            self._add(rows[:, layout.PLAN_TIME] * 2 + (rows[:, layout.PLAN_WHAT] >= layout.CLOSES), lambda: rows)
            self._rows.clear()


def _stable_order(keys: Ints) -> Ints:
    """What sorts keys of 0 or above, equal ones in the order in which they are."""
    bits = len(keys).bit_length()
    unit = 1 if (keys % MINUTE > 1).any() else MINUTE  # a key is twice a time, or one more: most are on the minute
    small = keys // unit * 2 + keys % 2
    if int(small.max(initial=0)).bit_length() + bits > _BITS:
        return np.argsort(keys, kind="stable")
    small <<= bits
    small += np.arange(len(keys))
    small.sort()  # of numbers that differ: several times as fast
    small &= (1 << bits) - 1
    return small
