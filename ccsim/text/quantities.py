"""Typed quantities: what a scenario's scalars become. How their text is read stands in `scalars`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NewType


@dataclass(frozen=True, slots=True)
class Quantity:
    """Marks an annotation with the kind of text that a planner writes for it."""

    kind: str


Duration = Annotated[int, Quantity("duration")]
"""Microseconds, from text with a unit: `90s`, `6m30s`, `1h`, `2d`, `1w`, `250ms`."""

Share = Annotated[float, Quantity("share")]
"""A share from 0 to 1, from text `80%` or `0.8`."""

Ratio = Annotated[float, Quantity("ratio")]
"""A ratio that may exceed 1 (a coefficient of variation), `70%` or `0.7`."""

Factor = Annotated[float, Quantity("factor")]
"""A positive number without a unit."""

Money = Annotated[float, Quantity("money")]
"""An amount in the scenario's currency, `41.50`."""

Count = Annotated[int, Quantity("count")]
"""A whole number; `84_000` is allowed."""

TimeOfDay = Annotated[int, Quantity("time_of_day")]
"""Microseconds since local midnight, from `09:30` or `24:00`."""

LocalTime = NewType("LocalTime", str)
"""A local instant as ISO text, `2026-03-02T14:00:00`."""

Name = Annotated[str, Quantity("name")]
"""A name of something in the scenario."""
