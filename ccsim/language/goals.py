"""How service level is counted, and the targets that a run is judged against."""

from __future__ import annotations

from typing import Literal

from ccsim.language.section import Section
from ccsim.text.quantities import Duration, Name


class ServiceLevel(Section):
    """How service level is counted."""

    rule: Literal[
        "abandons count against",
        "short abandons removed",
        "short abandons credited",
        "abandons within T ignored",
        "removed from queue in T",
        "answered only",
    ] = "abandons count against"
    """Named rule; printed with every service level."""
    within: tuple[Duration, ...] = (20_000_000,)
    """Thresholds T, sorted; a contact answered in exactly T counts as within."""
    short_abandon: Duration = 5_000_000
    """An abandon within this time is short (s in the rules)."""


class Goal(Section):
    """A target that the run is judged against."""

    kpi: str
    """KPI name, as in the KPI table."""
    at_least: float | None = None
    """Smallest value that meets the goal, in the KPI's unit (shares as 0 to 1, times in seconds)."""
    at_most: float | None = None
    """Largest value that meets the goal."""
    within: Duration | None = None
    """Threshold of a service level goal; must be one of `service_level.within` or is added to it."""
    workflow: Name | None = None
    """Only this workflow."""
    channel: Name | None = None
    """Only this channel."""
    segment: Name | None = None
    """Only this segment."""
    tier: Name | None = None
    """Only this tier."""
    market: Name | None = None
    """Only this market."""
    language: Name | None = None
    """Only this language."""
    cause: Name | None = None
    """Only this cause."""
    pool: Name | None = None
    """Only this pool (occupancy, utilisation)."""
    site: Name | None = None
    """Only pools at this site."""
    vendor: Name | None = None
    """Only pools of this vendor."""
