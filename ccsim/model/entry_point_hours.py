"""Hours of the week at which the queue groups of a queue are open."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from ccsim.centre.legs import Kind
from ccsim.kernel.layout import Floats
from ccsim.language.channels import Channel
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.special_days import spans_on
from ccsim.model.agent_time import AgentTime
from ccsim.model.local_time import LocalClock
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, counted_days, mean_week, offset_of, utc_week
from ccsim.model.weekly_schedules import SLOT, SLOTS
from ccsim.units import DAY

_DAY_SLOTS = SLOTS // 7


class EntryPointHours:
    """Open hours of a scenario's queue groups, by UTC."""

    def __init__(self, scenario: Scenario, clocks: Clocks, span: Span) -> None:
        self._scenario = scenario
        self._clocks = clocks
        self._span = span
        self._groups = [group for _, group in sorted(scenario.queue_groups.items()) if group.hours is not None]
        self._entry_points: dict[tuple[int, str], Floats] = {}
        self._masks: dict[tuple[tuple[int, str], ...], int] = {(): 0}
        self._rows: list[Floats] = [np.ones(SLOTS)]

    def row_of(self, kind: Kind) -> int:
        """Row of `masks` at which live visits of a kind get in; deferred ones always do."""
        if not self._groups or self._scenario.channels.get(kind.channel, Channel()).kind != "live":
            return 0
        market = self._scenario.markets.get(kind.market)
        entry_points = []
        for number, group in enumerate(self._groups):
            if group.passes(kind.workflow, kind.tier, kind.channel, kind.market, kind.language):
                own = market is not None and group.clock == "market"
                entry_points.append(
                    (number, market.time_zone if market is not None and own else self._scenario.time_zone)
                )
        key = tuple(entry_points)
        if key not in self._masks:
            self._masks[key] = len(self._rows)
            self._rows.append(np.min([self._entry_point(*entry_point) for entry_point in entry_points], axis=0))
        return self._masks[key]

    @property
    def masks(self) -> Floats:
        """[rows, slots] Part of each half hour from Monday 00:00 UTC at which all its queue groups are open."""
        return np.array(self._rows)

    def _entry_point(self, number: int, zone: str) -> Floats:
        key = (number, zone)
        if key not in self._entry_points:
            clock = self._clocks.of(zone)
            self._entry_points[key] = utc_week(
                self._open_week(self._groups[number], clock), offset_of(clock, self._span)
            )
        return self._entry_points[key]

    def _open_week(self, group: QueueGroup, clock: LocalClock) -> Floats:
        """[slots] Part of each half hour of the local week that is open; on special days, of the counted weeks."""
        first, count = date(1970, 1, 5), 7  # a Monday
        if group.special_days:
            first, count = clock.date_at(self._span.counted_from), counted_days(self._span)
        time = AgentTime(0, (count + 2) * DAY, SLOT, 1)
        for number in range(-2, count):
            spans = np.array(spans_on(group.hours, group.special_days, first + timedelta(days=number)), np.int64)
            since, until = spans.reshape(-1, 2).T + number * DAY
            time.between(np.maximum(since, 0), np.maximum(until, 0), 0)
        of_day = time.areas()[: count * _DAY_SLOTS, 0].reshape(count, _DAY_SLOTS) / SLOT
        return mean_week(of_day, first)
