"""The plan on its way to the kernel: rows of what is known beforehand, and the agent time that it makes."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from ccsim.kernel import layout as k
from ccsim.kernel.layout import Ints
from ccsim.model.agent_time import AgentTime
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.model.model import Span
from ccsim.units import DAY


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
        self._chunks: list[Ints] = []
        self._rows: list[tuple[int, ...]] = []
        self._spans: list[tuple[int, int, int, int]] = []

    def add(self, time: int, what: int, who: int, value: int = 0, paid: int = 0) -> None:
        """One row, at the start of the horizon where it lies before."""
        if time < self.span.end:
            self._rows.append((max(time, 0), what, who, value, paid, 0))

    def add_rows(self, rows: Ints) -> None:
        """[rows, PLAN_WIDTH] Rows between the start and the end of the horizon."""
        self._flush()
        self._chunks.append(rows)

    def plan_time(self, pool: int, since: int, until: int, agents: int) -> None:
        """Agents on the line from `since` to `until`."""
        if since < until:
            self._spans.append((pool, since, until, agents))

    def planned(self) -> Ints:
        """[intervals, pools] Agent time planned on the line, microseconds."""
        if self._spans:
            pool, since, until, agents = np.array(self._spans, np.int64).T
            self.scheduled.between(since, until, pool, agents)
            self._spans.clear()
        return self.scheduled.areas()

    def sorted_rows(self) -> Ints:
        """[rows, PLAN_WIDTH] By time, agents before doors, then in the order in which they were made.

        That order is by pool rank and number of the agent.
        """
        self._flush()
        rows = np.concatenate(self._chunks)
        order = np.argsort(rows[:, k.N_TIME] * 2 + (rows[:, k.N_WHAT] >= k.CLOSES), kind="stable")
        return np.take(rows, order, axis=0)

    def _flush(self) -> None:
        self._chunks.append(np.array(self._rows, np.int64).reshape(-1, k.PLAN_WIDTH))
        self._rows.clear()
