"""Values in a planner's words: `6m30s`, `70 %`, `mon-fri 08:00-19:00`; and of which kind the value of a field is."""

from __future__ import annotations

import math
from datetime import datetime
from functools import cache
from typing import Any, Literal, get_args, get_origin

from ccsim.language.section import FieldInfo
from ccsim.text.clock import local_text
from ccsim.text.quantities import LocalTime, Quantity
from ccsim.text.scalars import WEEKDAYS, clock_text, duration_text
from ccsim.units import WEEK


@cache
def kind_of(field: FieldInfo) -> str:
    """The kind of quantity of a field, or of what its list or map holds; empty for plain text and sections."""
    return field.shows or _kind(field.annotation)


def _kind(annotation: Any) -> str:
    if isinstance(annotation, Quantity):
        return annotation.kind
    if annotation is LocalTime:
        return "local_time"
    if annotation is float:
        return "number"
    if get_origin(annotation) is Literal:
        return "word"
    return next((kind for kind in map(_kind, reversed(get_args(annotation))) if kind), "")


def scalar_text(value: Any, kind: str, currency: str = "") -> str:
    """One value of a kind in words; `currency` is the unit of money."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "duration":
        return duration_text(round(value))
    if kind in ("share", "ratio"):
        return percent(value)
    if kind == "money":
        return f"{money(value)} {currency}".rstrip()
    if kind == "time_of_day":
        return clock_text(value)
    if kind == "local_time":
        return instant(value)
    if kind == "seed":
        return str(value)
    if kind == "trend":
        return f"{percent(math.expm1(value * WEEK))} a week" if value else "none"
    if isinstance(value, (int, float)):
        return number(value)
    return str(value).replace("_", " ") if kind == "word" else str(value) or "none"


def number(value: float) -> str:
    """A number without a unit, thousands apart, at most six digits behind them."""
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else f"{value:,.6g}"


def percent(value: float) -> str:
    """A share or ratio in per cent, six digits at most."""
    return f"{float(f'{value * 100:.6g}'):,.10g} %"


def money(value: float) -> str:
    """An amount with two decimals, or more where it has more."""
    return f"{value:,.2f}" if round(value, 2) == value else number(value)


def instant(text: str) -> str:
    """A local time, `2026-03-02 14:00`; a date where it is midnight."""
    at = datetime.fromisoformat(text)
    if at.second or at.microsecond:
        return at.isoformat(" ")
    return local_text(at)


def weekdays_text(days: tuple[int, ...]) -> str:
    """Days of the week: `mon-fri`, `mon, wed`."""
    if len(set(days)) == 7:
        return "daily"
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "") for run in runs)
