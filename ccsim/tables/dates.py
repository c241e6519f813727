"""Columns of dates, and of instants: a date with a time in one cell. Times alone stand in `times`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from ccsim.tables.columns import Ambiguous, Column, Wrong, column, distinct
from ccsim.tables.day_forms import ISO, read_days, serial_day, stated_pattern, told_between
from ccsim.tables.kinds import kind_of
from ccsim.tables.times import ReadTimes, TimeOfDay, fraction_of_day, is_coarse, read_times, times, told_times
from ccsim.tables.ways import Between, Way, pick
from ccsim.text.tree import shown

__all__ = ["Instant", "TimeOfDay", "dates", "instants", "times"]

_UTC: Final = timedelta(0)
_MIDNIGHT: Final = re.compile(r"(.+?)[T ] ?(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? [AaPp][Mm])")
_CLOCK: Final = r"[0-9]{1,2}(?::[0-9]{2}){1,2}(?:[.,][0-9]{1,9})?(?: ?[AaPp]\.?[Mm]\.?)?|[0-9]{1,2} ?[AaPp]\.?[Mm]\.?"
_SPLIT: Final = re.compile(
    rf"(.+?)(?:T|,? +|_)({_CLOCK}|[0-9]{{4}}|[0-9]{{6}}|[0-9]{{1,2}}[.h][0-9]{{2}})"
    r"(?: ?(Z|UTC|GMT|[-+][0-9]{2}(?::?[0-9]{2})?))?"
)
_RANGE: Final = re.compile(r".* [0-9]{1,2}:[0-9]{2} ?-[0-9]{2}:[0-9]{2}")
_DAYS: Final = re.compile(r"[0-9]{5}[.,][0-9]+")
_ZONED: Final = re.compile(r".*[0-9] ?[A-Z][A-Za-z_]+(?:/[A-Za-z_/]+)?")


@dataclass(frozen=True, slots=True)
class Instant:
    """A date and time as it is written."""

    local: datetime
    """What a clock on the wall shows, without a zone."""
    offset: timedelta | None
    """What that clock is ahead of UTC, where the cell says so."""


def dates(cells: Sequence[str], stated: str | None = None) -> Column[date]:
    """Dates of a column: `2026-03-02`, `20260302`, `02.03.2026`, `3/2/2026`, `2 Mar 2026`, `46083` of Excel.

    `stated`: `day first`, `month first`, `iso`, or a pattern of `strptime` such as `%d/%m/%Y`; else the column shows
    it. Midnight after a date is left out. Raises `Ambiguous` where two forms fit all cells and give different dates,
    `ValueError` for another `stated`.
    """
    texts = distinct(cells)
    days = {text: match[1] if (match := _MIDNIGHT.fullmatch(text)) else text for text in texts}
    try:
        read = read_days(dict.fromkeys(days.values()), stated)
    except Between as between:
        row = next(row for row, text in enumerate(cells) if days.get(text) == between.text)
        raise Ambiguous(told_between(between), row) from None
    values = {text: read.values[day] for text, day in days.items() if day in read.values}
    wrong = {text: read.wrong[day] for text, day in days.items() if day in read.wrong}
    for text in wrong:
        if kind_of(text) == "instant":
            wrong[text] = Wrong("time", f"{shown(text)} holds a time too, where a date is wanted")
    return column(cells, values, wrong, read.how)


def instants(cells: Sequence[str], stated: str | None = None) -> Column[Instant]:
    """Dates with times in one cell: `2026-03-02T08:00:00Z`, `02/03/2026 8:00`, `3/2/2026 8:00 AM`, `46083.333333`.

    Dates as in `dates`, where `stated` is the same and may be a pattern with the time too; times as in `times`;
    further, seconds or milliseconds since 1970 (10 or 13 digits, UTC). A cell without a time is midnight.
    Raises `Ambiguous` where two forms fit all cells and give different instants, `ValueError` for another `stated`.
    """
    texts = distinct(cells)
    try:
        read = _read_instants(texts, stated)
    except _Unsure as unsure:
        row = next(row for row, text in enumerate(cells) if text in unsure.texts)
        raise Ambiguous(str(unsure), row) from None
    return column(cells, read.values, read.wrong, read.how)


class _Unsure(Exception):  # noqa: N818
    """Both readings of a cell, and the texts that have them."""

    def __init__(self, told: str, texts: set[str]) -> None:
        super().__init__(told)
        self.texts = texts


@dataclass(slots=True)
class _Read:
    """Instants of some texts, why others are none, and the form in words."""

    values: dict[str, Instant]
    wrong: dict[str, Wrong]
    how: str


def _read_instants(texts: Collection[str], stated: str | None) -> _Read:
    if stated is not None and re.search("%[HIcXs]", stated):
        read = _by_pattern(texts, stated)
    else:
        numeric = sum(1 for text in texts if re.fullmatch(r"[0-9]+(?:[.,][0-9]*)?", text) and len(text) != 8)
        read = _numeric(texts) if stated is None and 2 * numeric > len(texts) else _split(texts, stated)
    return _of_one_mind(read)


def _by_pattern(texts: Collection[str], pattern: str) -> _Read:
    stated_pattern(pattern)
    values = {}
    wrong = {}
    for text in texts:
        try:
            at = datetime.strptime(text, pattern)
        except ValueError:
            wrong[text] = Wrong("none", f"{shown(text)} does not fit {pattern}")
        else:
            values[text] = Instant(at.replace(tzinfo=None), at.utcoffset())
    return _Read(values, wrong, f"dates and times as {pattern}")


def _numeric(texts: Collection[str]) -> _Read:
    """Instants that are written as one number."""
    try:
        picked = pick(texts, _NUMERIC)
    except Between as between:
        readings = " or ".join(f"{value.local} {way.name}" for way, value in between.readings)
        told = f"{between.text} is {readings}; write dates and times like 2026-03-02 08:00, or state a pattern"
        raise _Unsure(told, {between.text}) from None
    if picked is None:
        return _Read({}, {text: _none(text, "") for text in texts}, "")
    example = next(iter(picked.values))
    wrong = {text: _none(text, example) for text in texts if text not in picked.values}
    return _Read(picked.values, wrong, f"dates and times {picked.way.name}, like {example}")


def _since_1970(digits: int, text: str) -> Instant | None:
    if not re.fullmatch(rf"[0-9]{{{digits}}}(?:\.[0-9]*)?", text):
        return None
    whole, _, part = text.partition(".")
    micros = int(whole) * 10 ** (16 - digits) + int(part[: 16 - digits].ljust(16 - digits, "0") or 0)
    return Instant(datetime(1970, 1, 1) + timedelta(microseconds=micros), _UTC)


def _serial(text: str) -> Instant | None:
    whole, sign, part = text.replace(",", ".").partition(".")
    day = serial_day(whole)
    micros = fraction_of_day(f"0.{part or 0}") if sign else 0
    if day is None or micros is None or is_coarse(text):
        return None
    return Instant(datetime(day.year, day.month, day.day) + timedelta(microseconds=micros), None)


def _together(text: str) -> Instant | None:
    """`202603020800`, with seconds or without minutes too."""
    pattern = {10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(text))
    if pattern is None or not text.isdigit() or text[:2] not in ("19", "20", "21"):
        return None
    try:
        return Instant(datetime.strptime(text, pattern), None)
    except ValueError:
        return None


_NUMERIC: Final = [
    Way("as seconds since 1970, UTC", partial(_since_1970, 10)),
    Way("as milliseconds since 1970, UTC", partial(_since_1970, 13)),
    Way("as day numbers of Excel", _serial),
    Way("without signs between", _together),
]


def _split(texts: Collection[str], stated: str | None) -> _Read:
    """Instants from the part of the date and that of the time, each read over the whole column."""
    fast = _fast(texts) if stated in (None, ISO) else {}
    slow = [text for text in texts if text not in fast]
    if 2 * len(fast) < len(texts):
        fast, slow = {}, list(texts)
    elif not slow:
        return _Read(fast, {}, _how_fast(fast))
    parts: dict[str, tuple[str, str, str]] = {}
    wrong: dict[str, Wrong] = {}
    for text in slow:
        match = _SPLIT.fullmatch(text) if kind_of(text) != "date" else None
        if _RANGE.fullmatch(text):
            why = f"{shown(text)} may hold two times; an offset from UTC is told from one by seconds before it"
            wrong[text] = Wrong("range", why)
        else:
            parts[text] = (match[1], match[2], match[3] or "") if match else (text, "", "")
    try:
        days = read_days(dict.fromkeys(day for day, _, _ in parts.values()), ISO if fast else stated)
    except Between as between:
        told = told_between(between)
        raise _Unsure(told, {text for text, part in parts.items() if part[0] == between.text}) from None
    try:
        clocks = read_times(dict.fromkeys(time for day, time, _ in parts.values() if time and day in days.values))
    except Between as between:
        told = told_times(between)
        raise _Unsure(told, {text for text, part in parts.items() if part[1] == between.text}) from None
    values: dict[str, Instant] = dict(fast)
    example = next(iter(fast or [text for text, part in parts.items() if part[0] in days.values]), "")
    bare = 0
    for text, (day, time, offset) in parts.items():
        value = days.values.get(day)
        clock = clocks.values.get(time) if time else TimeOfDay(0)
        if value is None or clock is None:
            wrong[text] = _none(text, example)
            continue
        bare += not time
        local = datetime(value.year, value.month, value.day) + timedelta(microseconds=clock.start_us)
        values[text] = Instant(local, _offset(offset))
    return _Read(values, wrong, _how_split(fast, days.how, clocks, bare))


def _fast(texts: Collection[str]) -> dict[str, Instant]:
    """Instants in the form of ISO, as most files have it."""
    values = {}
    for text in texts:
        if len(text) >= 16 and text[4] == text[7] == "-" and text[13] == ":" and text[10] in "T ":
            try:
                at = datetime.fromisoformat(text)
            except ValueError:
                continue
            if 1900 <= at.year <= 2200 and not _RANGE.fullmatch(text):
                values[text] = Instant(at.replace(tzinfo=None), at.utcoffset()) if at.tzinfo else Instant(at, None)
    return values


def _how_fast(values: dict[str, Instant]) -> str:
    return f"dates and times like {next(iter(values))}" if values else ""


def _how_split(fast: dict[str, Instant], days: str, clocks: ReadTimes, bare: int) -> str:
    if fast:
        return _how_fast(fast) + ("; a cell without a time is midnight" if bare else "")
    how = ", ".join(part for part in (days, clocks.how) if part)
    return how + ("; a cell without a time is midnight" if bare and clocks.values else "")


def _offset(text: str) -> timedelta | None:
    if not text:
        return None
    if text[0] not in "+-":
        return _UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if text[0] == "-" else offset


def _of_one_mind(read: _Read) -> _Read:
    """Where most cells say an offset from UTC, those that say none are faults, and the other way round."""
    without = [text for text, value in read.values.items() if value.offset is None]
    number = len(read.values)
    if not without or len(without) == number:
        return read
    most = 2 * len(without) > number
    odd = [text for text in read.values if text not in set(without)] if most else without
    for text in odd:
        del read.values[text]
        has = "has an offset from UTC, which most cells have not" if most else "has no offset from UTC, as others have"
        read.wrong[text] = Wrong("offset", f"{shown(text)} {has}")
    return read


def _none(text: str, example: str) -> Wrong:
    if _DAYS.fullmatch(text) and is_coarse(text):
        return Wrong("coarse", f"{shown(text)} has too few digits to tell a time")
    if example and _ZONED.fullmatch(text) and not _ZONED.fullmatch(example):
        return Wrong("zone", f"{shown(text)} names a time zone; a date and time has an offset such as +02:00 or none")
    return Wrong("none", f"{shown(text)} is no date and time" + (f" like {example}" if example else ""))
