"""Columns of instants: a date with a time in one cell, each part of it read over the whole column."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from operator import add
from typing import Final

from ccsim.tables.columns import (
    Ambiguous,
    Column,
    Misread,
    ReadTexts,
    Unsure,
    Wrong,
    column_of,
    counted,
    misread,
    too_long,
)
from ccsim.tables.cuts import NOTHING, Parts, Pieces, cut_of
from ccsim.tables.day_forms import EXCEL, ISO, at_pattern, read_days, stated_pattern
from ccsim.tables.kinds import kind_of
from ccsim.tables.number_instants import NONE, read_ways
from ccsim.tables.times import is_coarse, read_times
from ccsim.text.clock import wall_time, wall_us
from ccsim.text.tree import shown
from ccsim.units import HOUR, MINUTE

_DAYS: Final = re.compile(r"[0-9]{5}[.,][0-9]+")
_ZONED: Final = re.compile(r"(.*[0-9]) ?[A-Z][A-Za-z_]+(?:/[A-Za-z_/]+)?")
_STEP: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Instant:
    """A date and time as it is written."""

    local: datetime
    """What a clock on the wall shows, without a zone."""
    offset: timedelta | None
    """What that clock is ahead of UTC, where the cell says so."""


def instants(cells: Sequence[str], stated: str | None = None) -> Column[Instant]:
    """Dates with times in one cell: `2026-03-02T08:00:00Z`, `02/03/2026 8:00`, `3/2/2026 8:00 AM`, `46083.333333`.

    Dates as in `dates`, where `stated` is the same and may be a pattern with the time too; times as in `times`;
    further, seconds or milliseconds since 1970 (10 or 13 digits, UTC). A cell without a time is midnight.
    Raises `Ambiguous` where two forms fit all cells and give different instants, `ValueError` for another `stated`.
    """
    return column_of(cells, partial(_read_instants, stated=stated))


def _read_instants(texts: list[str], stated: str | None) -> ReadTexts[Instant]:
    try:
        read = instants_by_row(lambda: [texts], stated)
    except Ambiguous as two:
        raise Unsure(str(two), (texts[two.row],)) from None
    offsets = read.offset_us or [NONE] * len(texts)
    values = {
        text: Instant(wall_time(local), None if offset == NONE else offset * _STEP)
        for text, local, offset in zip(texts, read.local_us, offsets, strict=True)
        if local != NONE
    }
    return ReadTexts(values, {text: why for text in texts if text not in values and (why := read.why(text))}, read.how)


@dataclass(slots=True)
class InstantRows:
    """The instants of a column row by row, as numbers."""

    local_us: array[int]
    """Times by the clock on the wall, as in `wall_us`; `NONE` for a blank cell and what is no instant."""
    offset_us: array[int] | None
    """What that clock is ahead of UTC, `NONE` where the cell does not say; none: no cell says it."""
    how: str
    """The form in words."""
    example: str
    """A text that was read; empty: none was."""
    timed: bool
    """Whether any cell has a time, or else all are dates."""
    faults: list[Misread] = field(default_factory=list)
    odd_offset: str = ""
    """Where most cells have an offset and others have none, or the other way round: what is told of those."""
    known: tuple[Container[str], Container[str]] = ((), ())
    """Dates and times that were read, where they were read apart."""

    def why(self, text: str) -> Wrong | None:
        """Why a text that was not read is no instant; none for a blank."""
        cut = cut_of(text)
        if cut.kind == "blank":
            return None
        if cut.kind == "long":
            return too_long(text)
        if cut.kind == "range":
            told = f"{shown(text)} may hold two times; an offset from UTC is told from one by seconds before it"
            return Wrong("range", told)
        time = text[cut.time] + text[cut.after]
        if self.odd_offset and text[cut.day] in self.known[0] and (not time or time in self.known[1]):
            return Wrong("offset", f"{shown(text)} {self.odd_offset}")
        if _DAYS.fullmatch(text) and is_coarse(text):
            return Wrong("coarse", f"{shown(text)} has too few digits to tell a time")
        zoned = _ZONED.fullmatch(text)
        if zoned and kind_of(zoned[1]) == "instant" and not _ZONED.fullmatch(self.example):
            return Wrong(
                "zone", f"{shown(text)} names a time zone; a date and time has an offset such as +02:00 or none"
            )
        return Wrong("none", f"{shown(text)} is no date and time" + (f" like {self.example}" if self.example else ""))


def instants_by_row(
    pieces: Pieces, stated: str | None, *, mixed: bool = False, numbers: Callable[[str], int] | None = None
) -> InstantRows:
    """The instants of a column whose texts come some thousands at a time; see `instants`.

    `mixed`: some cells may have an offset from UTC and others none. `numbers`: time by the clock of UTC of a
    number among dates with times; `NONE` if it stands for none. Raises as `instants` does.
    """
    if stated is not None and re.search("%[HIcXs]", stated):
        read = _by_pattern(pieces, stated)
    else:
        parts = Parts(pieces, no_numbers=stated not in (None, EXCEL))
        most = 2 * parts.numbers > parts.filled
        read = _numbers(pieces, parts.shapes, stated) if most else _split(pieces, parts, stated)
        if parts.numbers and not most and numbers is not None:
            _add_numbers(read, pieces, numbers)
    if not mixed:
        _of_one_mind(read)
    if NONE in read.local_us:
        every = chain.from_iterable(pieces())
        read.faults = misread(
            ((row, text) for row, (text, at) in enumerate(zip(every, read.local_us, strict=True)) if at == NONE),
            read.why,
        )
    return read


def _by_pattern(pieces: Pieces, pattern: str) -> InstantRows:
    stated_pattern(pattern)
    known: dict[str, tuple[int, int]] = {"": (NONE, NONE)}
    local, offset = array("q"), array("q")
    for text in chain.from_iterable(pieces()):
        found = known.get(text)
        if found is None:
            found = _at_pattern(text, pattern)
            if len(known) < 100_000:
                known[text] = found
        local.append(found[0])
        offset.append(found[1])
    example = text_at(pieces, first) if (first := _first(local)) is not None else ""
    none = offset.count(NONE) == len(offset)
    return InstantRows(local, None if none else offset, f"dates and times as {pattern}", example, timed=True)


def _at_pattern(text: str, pattern: str) -> tuple[int, int]:
    at = at_pattern(pattern, text)
    if at is None:
        return NONE, NONE
    offset = at.utcoffset()
    return wall_us(at), NONE if offset is None else offset // _STEP


def _numbers(pieces: Pieces, shapes: Iterable[str], stated: str | None) -> InstantRows:
    """Instants that are written as one number."""
    found = read_ways(pieces, shapes, stated)
    if not found:
        rows = sum(map(len, pieces()))
        return InstantRows(array("q", [NONE]) * rows, None, "", "", timed=True)
    way, values, _ = found[0]
    for _, others, _ in found[1:]:
        if others != values:
            row = next(row for row, (one, other) in enumerate(zip(values, others, strict=True)) if one != other)
            ways = [(held[row], other) for other, held, _ in found if held[row] != NONE]
            readings = " or ".join(f"{wall_time(at)} {other.name}" for at, other in ways)
            told = (
                f"{text_at(pieces, row)} is {readings}; write dates and times like 2026-03-02 08:00, or state a pattern"
            )
            raise Ambiguous(told, row)
    example = text_at(pieces, _first(values) or 0)
    offsets = array("q", (NONE if value == NONE else 0 for value in values)) if way.in_utc else None
    return InstantRows(values, offsets, f"dates and times {way.name}, like {example}", example, timed=True)


def _split(pieces: Pieces, parts: Parts, stated: str | None) -> InstantRows:
    """Instants from the part of the date and that of the time, each read over the whole column."""
    iso = stated in (None, ISO) and 2 * parts.iso >= max(parts.filled, 1)
    try:
        days = read_days(parts.days, ISO if iso else stated)
    except Unsure as unsure:
        raise Ambiguous(str(unsure), _row_of(parts.days, parts.day_of, unsure)) from None
    day_at = [NONE, *(NONE if (day := days.values.get(text)) is None else wall_us(day) for text in parts.days)]
    used: Iterable[str] = parts.times
    if NONE in day_at[1:]:
        with_day = {number for day, number in zip(parts.day_of, parts.time_of, strict=True) if day_at[day] != NONE}
        used = [text for text, number in parts.times.items() if number in with_day]
    try:
        clocks = read_times(list(used))
    except Unsure as unsure:
        raise Ambiguous(str(unsure), _row_of(parts.times, parts.time_of, unsure)) from None
    time_at = [0, *(NONE if (at := clocks.values.get(text)) is None else at.start_us for text in parts.times)]
    local = array("q", map(add, map(day_at.__getitem__, parts.day_of), map(time_at.__getitem__, parts.time_of)))
    if parts.part_of is not None:
        local = array("q", map(add, local, parts.part_of))
    if min(local, default=0) < NONE // 2:
        local = array("q", (NONE if at < NONE // 2 else at for at in local))
    first = _first(local)
    if iso and first is not None:  # one that has a time, as most have
        first = next((row for row, at in enumerate(parts.time_of) if at != NOTHING and local[row] != NONE), first)
    example = "" if first is None else text_at(pieces, first)
    how = f"dates and times like {example}" if iso else ", ".join(part for part in (days.how, clocks.how) if part)
    timed = bool(clocks.values)
    bare = (
        timed
        and NOTHING in parts.time_of
        and any(at == NOTHING and local[row] != NONE for row, at in enumerate(parts.time_of))
    )
    offsets = None
    if parts.offsets:
        offset_at = [NONE, *map(_offset, parts.offsets)]
        offsets = array("q", map(offset_at.__getitem__, parts.offset_of))
    how += "; a cell without a time is midnight" if bare else ""
    return InstantRows(local, offsets, how, example, timed, known=(days.values, clocks.values))


def _add_numbers(read: InstantRows, pieces: Pieces, us_of: Callable[[str], int]) -> None:
    """Take numbers among dates with times for what they stand for."""
    count = 0
    for row, text in enumerate(chain.from_iterable(pieces())):
        if read.local_us[row] == NONE and cut_of(text).kind == "number" and (us := us_of(text)) != NONE:
            if read.offset_us is None:
                read.offset_us = array("q", [NONE]) * len(read.local_us)
            read.local_us[row], read.offset_us[row] = us, 0
            count += 1
    if count:
        read.how += f"; {counted(count, 'cell')} with a number {'is' if count == 1 else 'are'} taken for seconds"


def _row_of(known: Iterable[str], numbers: array[int], unsure: Unsure) -> int:
    """The first row with a part that is unsure."""
    meant = {number for number, text in enumerate(known, 1) if text in unsure.texts}
    return next(row for row, number in enumerate(numbers) if number in meant)


def _first(values: Sequence[int]) -> int | None:
    """The first row that has an instant."""
    return next((row for row, value in enumerate(values) if value != NONE), None)


def text_at(pieces: Callable[[], Iterable[Sequence[str]]], row: int) -> str:
    """The text of a row."""
    for piece in pieces():
        if row < len(piece):
            return piece[row]
        row -= len(piece)
    raise IndexError(row)


def _offset(text: str) -> int:
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = int(digits[:2]) * HOUR + int(digits[2:]) * MINUTE
    return -offset if text[0] == "-" else offset


def _of_one_mind(read: InstantRows) -> None:
    """Where most cells say an offset from UTC, those that say none are not read, and the other way round."""
    if read.offset_us is None:
        return
    number = len(read.local_us) - read.local_us.count(NONE)
    without = sum(1 for at, offset in zip(read.local_us, read.offset_us, strict=True) if at != NONE == offset)
    if not without:
        return
    most = 2 * without > number
    has = "has an offset from UTC, which most cells have not" if most else "has no offset from UTC, as others have"
    read.odd_offset = has
    for row, offset in enumerate(read.offset_us):
        if (offset != NONE) == most:
            read.local_us[row] = NONE
    if most:
        read.offset_us = None
