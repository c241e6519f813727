"""What is played, and how often."""

from __future__ import annotations

from typing import Annotated

from ccsim.language.section import Field, Section
from ccsim.text.quantities import Count, Duration, LocalTime


class Horizon(Section):
    """What is played and what is counted."""

    start: LocalTime
    """First instant, warm-up included, local time of the scenario's `time_zone`."""
    warm_up: Duration = 0
    """Played before anything is counted."""
    length: Duration
    """Contacts that arrive in this time after the warm-up count."""
    run_out: Duration
    """Longest play after `length`, for counted contacts to end. Default 3 days."""
    interval: Duration
    """Report interval. Default 30 minutes."""


class RunPlan(Section):
    """How often it is played."""

    replications: Annotated[Count, Field(ge=1)] = 20
    """Independent plays."""
    seed: Count = 2026
    """Seed of every draw."""
