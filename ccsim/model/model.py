"""The compiled scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ccsim.kernel.arrays import Rules
from ccsim.kernel.layout import Floats, Ints
from ccsim.kernel.sums import Groups


@dataclass(frozen=True, slots=True)
class Span:
    """What is simulated and counted, in microseconds since the start of the horizon."""

    counted_from: int
    """End of the warm-up."""
    counted_until: int
    """End of the length."""
    end: int
    """Latest end of the replication."""
    interval: int
    """Report interval."""
    start_utc: int
    """The start itself: microseconds since 1970-01-01 UTC."""

    @property
    def intervals(self) -> int:
        """Report intervals in the counted length, the last possibly cut."""
        return -(-(self.counted_until - self.counted_from) // self.interval)


@dataclass(frozen=True, slots=True)
class DayOpening:
    """Local midnights that fall on one instant."""

    time: int
    """The instant; may lie before 0 for the first day."""
    streams: Ints
    """Streams whose day begins."""
    rows: Ints
    """Their rows of `Days`."""
    scale: Floats
    """By what the curves of the rows are multiplied: contacts of the day, in the units of the curve."""
    factor: Ints
    """Their rows of `Factors.of`."""


@dataclass(frozen=True, slots=True)
class Factors:
    """Random volume factors of local days: one factor a volume and local date, shared by all its streams."""

    names: tuple[str, ...]
    """Names that the volumes draw by."""
    shared: tuple[str, ...]
    """Name of the factor that a volume follows, empty without."""
    correlation: Floats
    """[names] How closely it follows it."""
    cv: Floats
    """[names] Coefficient of variation; 0: every day as planned."""
    of: Ints
    """[draws, 2] Row of the name and date (days since 1970-01-01) of every factor; the first, of row -1, is none."""


@dataclass(frozen=True, slots=True)
class Model:
    """A scenario as arrays; frozen, shared by every replication and thread."""

    name: str
    """Name of the scenario."""
    rules: Rules
    """What the kernel reads."""
    span: Span
    """What is simulated and counted."""
    names: dict[str, list[tuple[Any, ...]]]
    """Rows of the tables of names (`queues`, `flows`, `pools`, `vendors`, `shrinkage_causes`), columns in order."""
    thresholds: tuple[int, ...]
    """Service-level thresholds in microseconds."""
    groups: Groups
    """What visits are added up by."""
    streams: tuple[str, ...]
    """Streams in order of rank."""
    random_streams: tuple[str, ...]
    """Name of the random-number stream of each stream of contacts."""
    pool_random_streams: tuple[str, ...]
    """Name of the random-number stream of each pool."""
    factors: Factors
    """Random volume factors of the days."""
    openings: tuple[DayOpening, ...]
    """Local days in order."""
    backlog: Ints
    """[rows, 4] Opening backlog: when each contact came (0 or before), stream, local date and number; in order."""
    midnights: tuple[int, ...]
    """Midnights of the scenario's clock in the counted length, its ends included."""
    plan: Ints
    """[rows, PLAN_WIDTH] What is known beforehand of agents and queue groups, sorted."""
    open_at_start: Ints
    """[groups] 1 if the group is open at the start of the horizon."""
    planned_us: Ints
    """[intervals, pools] Agent time planned on the line."""
    workforce_plan: Ints
    """[rows, columns] Rows of the table `workforce_plan`."""
    premium: Ints
    """[pools, classes] What an hour in each class of premium costs more, parts per million; see `Groups.rates`."""
    planned_overtime: Ints
    """[intervals, pools, classes] Planned time of stepped pools in classes of overtime, to be taken off."""
    agent_pool: Ints
    """[agents] Pool of each agent row."""
    agent_twin: Ints
    """[agents] Next row of the same person in a pool for other work, in a ring; NONE where there is no other."""
    agent_number: Ints
    """[agents] Number of each agent within the pool."""
    stepped: Ints
    """[pools] 1 if the pool has staffing (a step curve) rather than shifts."""
