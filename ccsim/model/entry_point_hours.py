"""Hours of the week at which the queue groups of a queue are open."""

from __future__ import annotations

import numpy as np

from ccsim.centre.eligible import Kind
from ccsim.kernel.layout import Floats
from ccsim.language.channels import Channel
from ccsim.language.hours import WeekHours
from ccsim.language.scenario import Scenario
from ccsim.model.agent_time import AgentTime
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, offset_of, utc_week
from ccsim.model.weekly_schedules import SLOT, SLOTS
from ccsim.units import WEEK


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
            hours = self._groups[number].hours
            assert hours is not None
            self._entry_points[key] = utc_week(_open_week(hours), offset_of(self._clocks.of(zone), self._span))
        return self._entry_points[key]


def _open_week(hours: WeekHours) -> Floats:
    """[slots] Part of each half hour of the local week that is open."""
    time = AgentTime(0, 2 * WEEK, SLOT, 1)
    since, until = np.array(hours.spans, np.int64).reshape(-1, 2).T
    time.between(since, until, 0)
    return np.asarray(time.areas()[:, 0].reshape(2, SLOTS).sum(axis=0) / SLOT, np.float64)
