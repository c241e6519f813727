"""The compiled scenario."""

from __future__ import annotations

from dataclasses import dataclass

from ccsim.kernel.layout import Floats, Ints, Rules


@dataclass(frozen=True, slots=True)
class Span:
    """What is played and counted, in microseconds since the start of the horizon."""

    counted_from: int
    """End of the warm-up."""
    counted_until: int
    """End of the length."""
    end: int
    """Latest end of play."""
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


@dataclass(frozen=True, slots=True)
class Model:
    """A scenario as arrays; frozen, shared by every replication and thread."""

    name: str
    """Name of the scenario."""
    rules: Rules
    """What the kernel reads."""
    span: Span
    """What is played and counted."""
    queues: list[tuple[int, str, str, str, str, str, str, str, str, str]]
    """Rows of the table `queues`, in the order of its columns."""
    pools: list[tuple[int, str, str]]
    """Rows of the table `pools`."""
    thresholds: tuple[int, ...]
    """Service-level thresholds in microseconds."""
    short_abandon: int
    """Microseconds."""
    streams: tuple[str, ...]
    """Streams in order of rank."""
    luck: tuple[str, ...]
    """Name by which each stream draws."""
    factor_names: tuple[str, ...]
    """Name by which each stream draws its day factor."""
    factor_cv: Floats
    """[streams] Coefficient of variation of the day factor, 0 without."""
    openings: tuple[DayOpening, ...]
    """Local days in order."""
    plan: Ints
    """[rows, PLAN_WIDTH] What is known beforehand of agents and doors, sorted."""
    open_at_start: Ints
    """[groups] 1 if the group is open at the start of the horizon."""
    planned_us: Ints
    """[intervals, pools] Agent time planned on the line."""
    agent_pool: Ints
    """[agents] Pool of each agent row."""
    agent_number: Ints
    """[agents] Number of each agent in his pool."""
    stepped: Ints
    """[pools] 1 if the pool has staffing (a step curve) rather than shifts."""
