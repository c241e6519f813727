"""Heads of columns that are times of the day without a colon: H00 to H23, 9 AM, 0830, 1 to 48; weekdays as numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from ccsim.language.files import WEEKDAY_NUMBERS
from ccsim.tables.times import TimeOfDay, times
from ccsim.units import DAY, HOUR, MINUTE

_PER_DAY: Final = (24, 48, 96)
"""How many columns a whole day may have."""
_NUMBERED: Final = re.compile(r"([^\W\d_]{0,10})[ _.-]?([0-9]{1,2})[hH]?")
_CLOCK: Final = re.compile(
    r"[0-9]{1,2} ?(?:[hH] ?(?:[0-9]{2})?|[AaPp]\.? ?[Mm]\.?|[Uu]hr)|[0-9]{1,2}[.:][0-9]{2} ?[Uu]hr"
)
_OF_HOURS: Final = ("h", "hour", "hr", "hora", "heure", "stunde", "std", "uur", "ora", "he")
_DIGITS: Final = re.compile("[0-2][0-9][0-5][0-9]")
_FEWEST_DIGITS: Final = 4
_LEAST_DAYS: Final = 5


def clock_heads(texts: Sequence[str], every: int | None) -> list[TimeOfDay] | None:
    """The times of the day that heads are; none where they are none, or might be something else.

    `every`: microseconds of an interval where that is stated. An hour makes 8 to 17 the hours of the clock.
    """
    if all(map(_CLOCK.fullmatch, texts)):
        return _rising(texts)
    if len(texts) >= _FEWEST_DIGITS and all(map(_DIGITS.fullmatch, texts)):
        return _rising(texts, 5 * MINUTE) if any(text.startswith("0") for text in texts) else None
    numbers = _numbers(texts)
    if numbers is None:
        return None
    width = DAY // len(texts)
    if len(texts) in _PER_DAY and numbers[0] in (0, 1):
        return [TimeOfDay(at * width) for at in range(len(texts))]
    if every == HOUR and numbers[-1] < 24:
        return [TimeOfDay(number * HOUR) for number in numbers]
    return None


def unsure_hours(texts: Sequence[str]) -> str:
    """What is asked where heads are called as hours are and are not those of a whole day; empty for other heads."""
    numbers = _numbers(texts)
    match = _NUMBERED.fullmatch(texts[0]) if texts else None
    if numbers is None or match is None or match[1].lower() not in _OF_HOURS or numbers[-1] > 24:
        return ""
    hour = numbers[0]
    nth = f", or the hour that ends then, {hour - 1:02}:00 to {hour:02}:00: then call the column {hour - 1:02}:00"
    return f"the column {texts[0]!r} is {hour:02}:00 to {hour + 1:02}:00 (say `every: 1h`){nth if hour else ''}"


def weekday_of(text: str, said: str) -> int | None:
    """The weekday of a number, Monday 0, as it is said; none for another text. Where 0 is Sunday, 7 is too."""
    first, day = WEEKDAY_NUMBERS[said]
    if len(text) != 1 or not text.isdecimal():
        return None
    number = int(text) - first
    most = 7 if said == "sunday is 0" else 6
    return (number + day) % 7 if 0 <= number <= most else None


def ask_for_weekdays(texts: Collection[str]) -> str:
    """What is asked where texts are numbers of weekdays; empty where they may be no such."""
    there = set(texts)
    if len(there) < _LEAST_DAYS or any(len(text) != 1 or not text.isdecimal() or text > "7" for text in there):
        return ""
    if "0" in there:
        return "numbers of weekdays from 0: say `date: monday is 0` or `date: sunday is 0`"
    return "numbers of weekdays: say `date: monday is 1` or `date: sunday is 1`"


def _numbers(texts: Sequence[str]) -> list[int] | None:
    """Numbers that rise by one, behind one word or none; none for other heads."""
    matches = [_NUMBERED.fullmatch(text) for text in texts]
    found = [(match[1].lower(), int(match[2])) for match in matches if match]
    if len(found) < len(texts) or len(found) < 2 or len({word for word, _ in found}) > 1:
        return None
    numbers = [number for _, number in found]
    return numbers if numbers == list(range(numbers[0], numbers[0] + len(numbers))) else None


def _rising(texts: Sequence[str], least: int = 0) -> list[TimeOfDay] | None:
    """The times that texts are, where each is later than the one before."""
    read = times(list(texts))
    values = [value for value in read.values if value is not None]
    if read.faults or len(values) < len(texts):
        return None
    steps = [b.start_us - a.start_us for a, b in pairwise(values)]
    return values if all(step > least or step == least > 0 for step in steps) else None
