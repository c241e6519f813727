"""Counts by day, week or month: each day gets its own, weeks and months by the weights of weekdays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from ccsim.language.placing import ONE_DAY, Row, Unplaced

Unit = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class WholeDays:
    """Rows of whole days, as days."""

    rows: list[Row]
    """A row a day; `at` is its position in what follows."""
    of: list[tuple[int, float]]
    """Row of the table, and the share of its count that the day gets."""
    unit: Unit
    """What a row of the file is of."""


def whole_days(rows: Sequence[Row], every: int | None) -> bool:
    """Whether rows in order of time begin at midnight and are a day or more apart."""
    if every is not None:
        return every >= ONE_DAY // timedelta(microseconds=1) and _at_midnight(rows)
    steps = [b.start - a.start for a, b in pairwise(rows) if b.start > a.start]
    return bool(steps) and min(steps) >= ONE_DAY and _at_midnight(rows)


def days_of(rows: Sequence[Row], every: int | None, weights: Sequence[float]) -> WholeDays:
    """The days of the rows.

    Parameters
    ----------
    rows
        In order of time.
    every
        Width of a row in microseconds where it is said: a day, or a week.
    weights
        Of the weekdays from Monday: how the count of a week or of a month is spread over its days.
    """
    unit = _unit(rows, every)
    found: list[Row] = []
    of: list[tuple[int, float]] = []
    for before, row in pairwise([None, *rows]):
        if before is not None and row is not None and row.start == before.start:
            raise Unplaced(f"the same {unit} again: {row.start:%Y-%m-%d}", row.at)
        assert row is not None
        count = {"day": 1, "week": 7, "month": monthrange(row.start.year, row.start.month)[1]}[unit]
        days = [row.start + ONE_DAY * n for n in range(count)]
        parts = [1.0 if unit == "day" else weights[day.weekday()] for day in days]
        whole = sum(parts)
        if whole <= 0.0:
            raise Unplaced(f"the profile has no weight on any day of the {unit} of {row.start:%Y-%m-%d}", row.at)
        for day, part in zip(days, parts, strict=True):
            found.append(Row(day, None, len(of)))
            of.append((row.at, part / whole))
    return WholeDays(found, of, unit)


def _unit(rows: Sequence[Row], every: int | None) -> Unit:
    if every is not None:
        days = timedelta(microseconds=every) / ONE_DAY
        if days not in (1.0, 7.0):
            raise Unplaced(f"expected rows of a day, a week or a month, got `every:` {days:g} days")
        return "day" if days == 1.0 else "week"
    steps = [(b.start - a.start) // ONE_DAY for a, b in pairwise(rows) if b.start > a.start]
    if not steps:
        raise Unplaced(
            "one row does not tell whether it is of a day or a week; say `every: 1d` or `every: 1w`", rows[0].at
        )
    if all(row.start.day == 1 for row in rows) and min(steps) >= 28:
        return "month"
    if min(steps) >= 7 and not any(step % 7 for step in steps):
        return "week"
    if min(steps) > 1:
        raise Unplaced(f"rows {min(steps)} days apart are of no day, week or month; say `every: 1d` or `every: 1w`")
    return "day"


def _at_midnight(rows: Sequence[Row]) -> bool:
    midnight = datetime.min.time()
    return all(row.start.time() == midnight for row in rows)
