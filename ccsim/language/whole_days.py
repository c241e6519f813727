"""Counts by day, week or month: each day gets its own, weeks and months by the weights of weekdays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ccsim.language.row_times import TimedRows, Unplaced
from ccsim.text.clock import wall_time
from ccsim.units import DAY, WEEK

Unit = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class WholeDays:
    """Rows of whole days, as days."""

    rows: TimedRows
    """A row a day; `at` is its position in what follows."""
    of: list[tuple[int, float]]
    """Row of the table, and the share of its count that the day gets."""
    unit: Unit
    """What a row of the file is of."""


def whole_days(rows: TimedRows, every: int | None) -> bool:
    """Whether rows begin at midnight and are a day or more apart."""
    if every is None:
        every = min((step for step in rows.steps if step), default=0)
    return every >= DAY and not any(start % DAY for start in rows.starts)


def days_of(rows: TimedRows, every: int | None, weights: Sequence[float]) -> WholeDays:
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
    starts: list[int] = []
    of: list[tuple[int, float]] = []
    before = None
    for start, at in zip(rows.starts, rows.at, strict=True):
        date = wall_time(start)
        if start == before:
            raise Unplaced(f"the same {unit} again: {date:%Y-%m-%d}", at)
        before = start
        count = {"day": 1, "week": 7, "month": monthrange(date.year, date.month)[1]}[unit]
        days = [start + DAY * n for n in range(count)]
        parts = [1.0 if unit == "day" else weights[day // DAY % 7] for day in days]
        whole = sum(parts)
        if whole <= 0.0:
            raise Unplaced(f"the profile has no weight on any day of the {unit} of {date:%Y-%m-%d}", at)
        starts += days
        of += [(at, part / whole) for part in parts]
    return WholeDays(TimedRows(starts, range(len(starts))), of, unit)


def _unit(rows: TimedRows, every: int | None) -> Unit:
    if every is not None:
        if every not in (DAY, WEEK):
            raise Unplaced(f"expected rows of a day, a week or a month, got `every:` {every / DAY:g} days")
        return "day" if every == DAY else "week"
    steps = [step // DAY for step in rows.steps if step]
    if not steps:
        raise Unplaced(
            "one row does not tell whether it is of a day or a week; say `every: 1d` or `every: 1w`", rows.at[0]
        )
    if min(steps) >= 28 and all(wall_time(start).day == 1 for start in rows.starts):
        return "month"
    if min(steps) >= 7 and not any(step % 7 for step in steps):
        return "week"
    if min(steps) > 1:
        raise Unplaced(f"rows {min(steps)} days apart are of no day, week or month; say `every: 1d` or `every: 1w`")
    return "day"
