"""Columns of times of day, and of intervals of a day."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Final

from ccsim.tables.columns import Column, ReadTexts, Unsure, Wrong, column_of
from ccsim.tables.ways import Between, Way, pick
from ccsim.text.tree import shown
from ccsim.units import DAY, HOUR, MINUTE, SECOND


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day, or an interval that begins at one."""

    start_us: int
    """Microseconds since local midnight, 0 to a whole day (24:00)."""
    end_us: int | None = None
    """Where the interval ends, beyond a day if it goes over midnight; none: one time is written."""


_CLOCK: Final = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? ?(?:([AaPp])\.? ?(?:[Mm]\.?)?)?"
    r"|([0-9]{1,2}) ?([AaPp])\.? ?[Mm]\.?"
)
_HALF: Final = re.compile(r" ?([AaPp])\.? ?(?:[Mm]\.?)?")
_RANGE: Final = re.compile(r"(.*?\w\.?)\s*(?:[-–—~]|\bto\b|\bbis\b)\s*(\w.*)")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{2})")
_HOURED: Final = re.compile(r"([0-9]{1,2}) ?[hH](?: ?([0-9]{2})(?:m|min)?)?")
_DIGITS: Final = re.compile(r"[0-9]{1,4}|[0-9]{6}")
_OCLOCK: Final = re.compile(" ?uhr$", re.IGNORECASE)
_HOURS_U: Final = re.compile("^([0-9]{1,2})u([0-9]{2})$", re.IGNORECASE)
_WORDED: Final = re.compile(r" ?uhr$|(?<=[0-9]) ?[fe]m$|^[0-9]{1,2}u[0-9]{2}$", re.IGNORECASE)
_HALVES: Final = {
    "AM": re.compile(r"午前|上午|오전|π\.?\s?μ\.?|(?<=[0-9]) ?fm$", re.IGNORECASE),
    "PM": re.compile(r"午後|下午|오후|μ\.?\s?μ\.?|(?<=[0-9]) ?em$", re.IGNORECASE),
}
_FRACTION: Final = re.compile(r"0?[.,][0-9]+|0|1|1[.,]0*")
_FRACTIONS: Final = "as fractions of a day of Excel"
_EXCEL_ZERO: Final = re.compile(r"(?:1899-12-3[01]|1900-01-0[01]|30[./]12[./]1899|12/30/1899|0?1/0[01]/1900)[T ]")


def times(cells: Sequence[str]) -> Column[TimeOfDay]:
    """Times of a column: `9:00`, `09:00:00`, `9:00 AM`, `0900`, `09:00-09:30`, `24:00`, fractions of a day of Excel,
    minutes or seconds since midnight.

    Raises `Ambiguous` where two forms fit all cells and give different times.
    """
    return column_of(cells, read_times)


def _told(between: Between[TimeOfDay]) -> str:
    """Both readings of a time."""
    readings = [f"{_written(value)} {way.name}" for way, value in between.readings]
    return f"{between.text} is {' or '.join(readings)}; write times like 09:00"


def read_times(texts: Collection[str]) -> ReadTexts[TimeOfDay]:
    """The times of texts, by the one form that most have. Raises `Unsure` where two forms fit and differ."""
    plain = {text: _in_signs(text) for text in texts}
    if all(text is other for text, other in plain.items()):
        return _read_plain(texts)
    try:
        read = _read_plain(dict.fromkeys(plain.values()))
    except Unsure as unsure:
        raise Unsure(str(unsure), (text for text, other in plain.items() if other in unsure.texts)) from None
    values = {text: read.values[other] for text, other in plain.items() if other in read.values}
    return ReadTexts(values, {text: read.wrong[plain[text]] for text in plain if plain[text] in read.wrong}, read.how)


def _in_signs(text: str) -> str:
    """A time with AM or PM where it says so in another language, and without a word for `o'clock`."""
    if text.isascii() and not _WORDED.search(text):
        return text
    said = _OCLOCK.sub("", text)
    for half, words in _HALVES.items():
        rest = words.sub("", said)
        if rest != said:
            return f"{rest.strip()} {half}"
    return _HOURS_U.sub(r"\1h\2", said)


def _read_plain(texts: Collection[str]) -> ReadTexts[TimeOfDay]:
    try:
        picked = pick(texts, _WAYS)
        if picked is not None and picked.way.name in {way.name for way in _NUMBERS}:
            picked = pick(picked.values, [way for way in _NUMBERS if _steps_evenly(picked.values, way)]) or picked
    except Between as between:
        raise Unsure(_told(between), (between.text,)) from None
    if picked is None:
        return ReadTexts({}, {text: Wrong("none", f"{shown(text)} is no time of day") for text in texts}, "")
    values = dict(picked.values)
    example = next(iter(values))
    wrong = {text: Wrong("none", f"{shown(text)} is no time like {example}") for text in texts if text not in values}
    if any(map(_halved, values)):
        for text in [text for text in values if not _halved(text)]:
            if values[text].start_us < 13 * HOUR:
                del values[text]
                wrong[text] = Wrong("half", f"{shown(text)} has no AM or PM, which other cells of the column have")
    if picked.way.name == _FRACTIONS:
        for text in filter(is_coarse, picked.values):
            del values[text]
            wrong[text] = Wrong("coarse", f"{shown(text)} has too few digits to tell a time")
    how = f"times {picked.way.name}, like {example}" if picked.way.name else f"times like {example}"
    return ReadTexts(*_inclusive(values, wrong, how))


def _halved(text: str) -> bool:
    return re.search(r"[0-9] ?[AaPp]\.? ?(?:[Mm]\.?)?$", text) is not None


def _inclusive(
    values: dict[str, TimeOfDay], wrong: dict[str, Wrong], how: str
) -> tuple[dict[str, TimeOfDay], dict[str, Wrong], str]:
    """Intervals whose written end is their last minute or second, as 09:00-09:29, end where the next begins."""
    for unit, name in ((MINUTE, "minute"), (SECOND, "second")):
        ends = [(one.start_us, one.end_us) for one in values.values() if one.end_us is not None]
        if ends and all((end + unit - start) % (5 * MINUTE) == 0 for start, end in ends):
            closed = {
                text: TimeOfDay(one.start_us, None if one.end_us is None else one.end_us + unit)
                for text, one in values.items()
            }
            return closed, wrong, f"{how}; the end that is written is the last {name} of the interval"
    return values, wrong, how


def _written(value: TimeOfDay) -> str:
    seconds = value.start_us // SECOND
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")


def _at(hours: int, minutes: int, seconds: int = 0, fraction: str = "", half: str = "") -> int | None:
    """Microseconds since midnight; none where no clock shows that."""
    if half and hours == 12:
        hours = 0
    if half.lower() == "p" and hours < 12:
        hours += 12
    micros = hours * HOUR + minutes * MINUTE + seconds * SECOND + int(fraction.ljust(6, "0")[:6] or 0)
    return micros if minutes < 60 and seconds < 60 and micros <= DAY else None


def _clock(text: str) -> int | None:
    zero = _EXCEL_ZERO.match(text)
    match = _CLOCK.fullmatch(text[zero.end() :] if zero else text)
    if not match:
        return None
    if match[6]:
        return _at(int(match[6]), 0, half=match[7]) if int(match[6]) <= 12 else None
    return _at(int(match[1]), int(match[2]), int(match[3] or 0), match[4] or "", match[5] or "")


def _digits(text: str) -> int | None:
    if not _DIGITS.fullmatch(text):
        return None
    if len(text) == 6:
        return _at(int(text[:2]), int(text[2:4]), int(text[4:]))
    return _at(int(text) // 100, int(text) % 100)


def _hours(text: str) -> int | None:
    return _at(int(text), 0) if re.fullmatch("[0-9]{1,2}", text) else None


def _since_midnight(unit: int, text: str) -> int | None:
    """Minutes or seconds since midnight, without zeros before them."""
    if not re.fullmatch("0|[1-9][0-9]{0,4}", text):
        return None
    us = int(text) * unit
    return us if us < DAY else None


def _minutes(text: str) -> int | None:
    return _since_midnight(MINUTE, text)


def _seconds(text: str) -> int | None:
    return _since_midnight(SECOND, text)


def _steps_evenly(texts: Collection[str], way: Way[TimeOfDay]) -> bool:
    """Whether all texts are times, apart by multiples of a step that divides a day: `800, 830, 900` are no minutes."""
    times = [way.read(text) for text in texts]
    starts = sorted({time.start_us for time in times if time is not None})
    steps = {later - earlier for earlier, later in pairwise(starts)}
    least = min(steps, default=0)
    even = least >= 5 * MINUTE and not DAY % least and not any(step % least for step in steps)
    return even and None not in times


def _dotted(text: str) -> int | None:
    match = _DOTTED.fullmatch(text)
    return _at(int(match[1]), int(match[2])) if match else None


def _houred(text: str) -> int | None:
    match = _HOURED.fullmatch(text)
    return _at(int(match[1]), int(match[2] or 0)) if match else None


def fraction_of_day(text: str) -> int | None:
    """Microseconds, to the second, of a fraction of a day of Excel."""
    if not _FRACTION.fullmatch(text):
        return None
    return round(float(text.replace(",", ".")) * 86_400) * SECOND


def is_coarse(text: str) -> bool:
    """Whether a number of days has too few digits to tell a minute: 0.33 may be 8:00 cut short."""
    part = re.split("[.,]", text)[-1] if re.search("[.,]", text) else ""
    return len(part) < 5 and (round(float(f"0.{part or 0}") * 86_400_000) % 60_000) != 0


_SINGLE: Final = {
    "clock": _clock,
    "digits": _digits,
    "hours": _hours,
    "dotted": _dotted,
    "houred": _houred,
    "minutes": _minutes,
    "seconds": _seconds,
}


def _one(form: str, text: str) -> TimeOfDay | None:
    start = fraction_of_day(text) if form == "fraction" else _SINGLE[form](text)
    return None if start is None else TimeOfDay(start)


def _ranged(form: str, text: str) -> TimeOfDay | None:
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    first, last = match.groups()
    read = _SINGLE[form]
    start, end = read(first), read(last)
    half = _HALF.search(last, len(last.rstrip("apmAPM. ")))
    if form == "clock" and half and not _halved(first) and end is not None:  # 9:00-9:30 AM; 11:30-12:00 PM
        other = "p" if half[1] in "aA" else "a"
        starts = [read(f"{first} {sign}m") for sign in (half[1], other)]
        start = next((one for one in starts if one is not None and one < end), starts[0])
    if start is None or end is None:
        return None
    return TimeOfDay(start, end if end > start else end + DAY)


_NUMBERS: Final = [
    Way("as hours and minutes without a sign between", partial(_one, "digits")),
    Way("as minutes since midnight", partial(_one, "minutes")),
    Way("as seconds since midnight", partial(_one, "seconds")),
]
"""Ways to read one number; of those that fit, the one whose times are evenly apart is taken."""
_WAYS: Final = [
    Way("", partial(_one, "clock")),
    Way("as whole hours", partial(_one, "hours")),
    *(replace(way, rank=rank) for rank, way in enumerate(_NUMBERS, 1)),
    Way(_FRACTIONS, partial(_one, "fraction")),
    Way("as hours and minutes with a point between", partial(_one, "dotted")),
    Way("", partial(_one, "houred")),
    *(
        Way("from and to", partial(_ranged, form), int(form == "digits"))
        for form in ("clock", "hours", "digits", "dotted", "houred")
    ),
]
