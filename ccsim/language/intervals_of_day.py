"""Intervals that a file numbers within their day: 1 to 48, 0 to 95; and whole numbers that may be hours or such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ccsim.language.refusals import Refused
from ccsim.tables.times import TimeOfDay
from ccsim.text.scalars import duration_text
from ccsim.text.tree import shown
from ccsim.units import DAY, HOUR, MINUTE

_PER_DAY: Final = (24, 48, 96, 288)
"""How many intervals a day may have where the numbers alone tell."""
_WHOLE: Final = re.compile("[0-9]{1,3}")
_OF_HOURS: Final = re.compile(
    r"(?:.*[^a-z])?(?:hours?|hrs?|hh|stunden?|std|heures?|horas?|or[ae]|uren|uur|timmar|timme|time of day|godz\w*)"
    r"(?:[^a-z].*)?",
    re.IGNORECASE,
)
"""How a column of whole hours is called."""


def numbered_intervals(values: Sequence[float | None], head: str, every: int | None) -> list[TimeOfDay | None]:
    """The interval of the day that each number stands for; the first is 1, or 0 where one of the numbers is 0.

    Parameters
    ----------
    values
        Numbers of the rows, None where a cell is empty.
    head
        Name of the column.
    every
        Microseconds of an interval, where that is stated; else the numbers have to show a whole day.
    """
    there = {value for value in values if value is not None}
    odd = next((value for value in there if value != int(value) or value < 0), None)
    if odd is not None:
        raise Refused(f"the column {shown(head)}: {odd:g} is no number of an interval, like 1")
    if not there:
        return [None] * len(values)
    first, last = (0 if 0 in there else 1), int(max(there))
    width = every if every is not None else _width(there, first, head)
    if DAY % width:
        raise Refused(f"`every:` says {duration_text(width)}, which does not divide a day into numbered intervals")
    most = DAY // width - 1 + first
    if last > most:
        raise Refused(
            f"the column {shown(head)}: {last} is beyond {most}, the last interval of {duration_text(width)} of a day; "
            "where clocks change, write times like 09:00"
        )
    starts = {value: (int(value) - first) * width for value in there}
    known = {value: TimeOfDay(start, start + width) for value, start in starts.items()}
    return [None if value is None else known[value] for value in values]


def told_numbers(clocks: Sequence[TimeOfDay | None], head: str) -> str:
    """What is told of a column of numbers."""
    one = next((clock for clock in clocks if clock is not None and clock.end_us is not None), None)
    width = "" if one is None or one.end_us is None else f" of {duration_text(one.end_us - one.start_us)}"
    return f"{head}: numbers of the intervals{width} of a day"


def _width(there: set[float], first: int, head: str) -> int:
    """How long an interval is, as the numbers of a whole day tell it."""
    low, high = int(min(there)), int(max(there))
    if low == first and high + 1 - first in _PER_DAY:
        return DAY // (high + 1 - first)
    raise Refused(
        f"the column {shown(head)}: the numbers {low} to {high} do not tell how long an interval is; say `every:`, "
        "like `every: 30m`"
    )


def are_hours(texts: Sequence[str]) -> bool:
    """Whether a column beside one of minutes holds hours: whole numbers."""
    different = {text for text in texts if text}
    return bool(different) and all(map(_WHOLE.fullmatch, different))


def refuse_numbers_for_times(texts: Sequence[str], head: str, every: int | None) -> None:
    """Refuse whole numbers as times of the day where they may be hours or numbers of intervals.

    They are hours where the column is called so, where `every:` says an hour or more, or where they are 0 to 23.
    Raises `Refused`.
    """
    different = {text for text in texts if text}
    if not different or not all(map(_WHOLE.fullmatch, different)):
        return
    there = sorted(set(map(int, different)))
    low, high = there[0], there[-1]
    name = f"columns: {{period: {head}}}"
    if high > 24:
        if len(there) > 1 and high - low + 1 == len(there):
            raise Refused(
                f"the column {shown(head)}: {low} to {high} are no hours of the day; if they number its intervals, say "
                f"{name} and `every:`, like `every: 30m`",
                1,
            )
        return
    if there == [*range(24)]:
        return
    if high == 24 and low:
        raise Refused(
            f"the column {shown(head)}: 24 is no hour at which an interval of its day begins; if 1 is the first hour "
            f"of the day, say {name} and `every: 1h`",
            1,
        )
    called_so = _OF_HOURS.fullmatch(head.replace("_", " ")) is not None
    if (every is None and not called_so) or (every is not None and every < HOUR):
        raise Refused(
            f"the column {shown(head)}: {high} is {high:02}:00 if these are whole hours (say `every: 1h`), or the "
            f"interval of the day with this number (say {name} and `every:`, like `every: 30m`)",
            1,
        )


def hours_and_minutes(
    hours: Sequence[float | None], minutes: Sequence[float | None]
) -> tuple[list[TimeOfDay | None], int | None]:
    """Times of the day whose hour and minute stand in two columns; and the first row that is none.

    A row that lacks one of them has no time.
    """
    known: dict[tuple[float, float], TimeOfDay | None] = {}
    found: list[TimeOfDay | None] = []
    odd = None
    for row, pair in enumerate(zip(hours, minutes, strict=True)):
        hour, minute = pair
        if hour is None or minute is None:
            found.append(None)
            continue
        if (hour, minute) not in known:
            whole = hour == int(hour) and minute == int(minute)
            sound = whole and 0 <= hour <= 23 and 0 <= minute <= 59
            known[hour, minute] = TimeOfDay(int(hour) * HOUR + int(minute) * MINUTE) if sound else None
        found.append(known[hour, minute])
        if found[-1] is None and odd is None:
            odd = row
    return found, odd
