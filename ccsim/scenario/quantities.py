"""Typed quantities: what a scenario's scalars become. How their text is read stands in `scalars`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NewType

from pydantic import Field


@dataclass(frozen=True, slots=True)
class Quantity:
    """Marks an annotation with the kind of text that a planner writes for it."""

    kind: str


Duration = Annotated[int, Quantity("duration"), Field(ge=0)]
"""Microseconds, from text with a unit: `90s`, `6m30s`, `1h`, `2d`, `1w`, `250ms`."""

Share = Annotated[float, Quantity("share"), Field(ge=0, le=1, allow_inf_nan=False)]
"""A share from 0 to 1, from text `80%` or `0.8`."""

Ratio = Annotated[float, Quantity("ratio"), Field(ge=0, allow_inf_nan=False)]
"""A ratio that may exceed 1 (a coefficient of variation), `70%` or `0.7`."""

Factor = Annotated[float, Quantity("factor"), Field(gt=0, allow_inf_nan=False)]
"""A positive number without a unit."""

Money = Annotated[float, Quantity("money"), Field(ge=0, allow_inf_nan=False)]
"""An amount in the scenario's currency, `41.50`."""

Count = Annotated[int, Quantity("count"), Field(ge=0)]
"""A whole number; `84_000` is allowed."""

TimeOfDay = Annotated[int, Quantity("time_of_day"), Field(ge=0)]
"""Microseconds since local midnight, from `09:30` or `24:00`."""

LocalTime = NewType("LocalTime", str)
"""A local instant as ISO text, `2026-03-02T14:00:00`."""

Name = Annotated[str, Quantity("name"), Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+\-]*$", max_length=100)]
"""A name of something in the scenario."""
