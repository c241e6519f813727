"""Typed quantities: what a scenario's scalars become. (Readers and their messages: see `read`.)"""

from __future__ import annotations

from typing import Annotated, NewType

from pydantic import Field

Duration = Annotated[int, Field(ge=0)]
"""Microseconds, from text with a unit: `90s`, `6m30s`, `1h`, `2d`, `1w`, `250ms`."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A share from 0 to 1, from text `80%` or `0.8`."""

Ratio = Annotated[float, Field(ge=0)]
"""A ratio that may exceed 1 (a coefficient of variation), `70%` or `0.7`."""

Factor = Annotated[float, Field(gt=0)]
"""A positive number without a unit."""

Rate = Annotated[float, Field(ge=0)]
"""Contacts per microsecond."""

Count = Annotated[int, Field(ge=0)]
"""A whole number; `84_000` is allowed."""

TimeOfDay = Annotated[int, Field(ge=0)]
"""Microseconds since local midnight, from `09:30` or `24:00`."""

LocalTime = NewType("LocalTime", str)
"""A local instant as ISO text, `2026-03-02T14:00:00`."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+\-]*$", max_length=100)]
"""A name of something in the scenario."""
