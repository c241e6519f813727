"""When the rows of a file begin, as columns of numbers: a year of quarter-hours of 50 queues is 1.75 million rows.

Times are microseconds by a clock since the Monday 0001-01-01 (`ccsim.text.clock.wall_us`).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count, islice, pairwise
from operator import add, sub
from typing import Any, Final, TypeVar

from ccsim.tables.columns import Values
from ccsim.tables.instants import Instant
from ccsim.tables.times import TimeOfDay
from ccsim.text.clock import local_text, wall_time, wall_us
from ccsim.text.scalars import duration_text
from ccsim.units import DAY, HOUR, SECOND

_CERTAIN: Final = 2 * HOUR
"""Steps up to this are taken for the width where nothing speaks against it; wider ones have to be the only ones."""
T = TypeVar("T")


class Unplaced(Exception):  # noqa: N818
    """Rows that fit no grid: why, and the row that shows it, if one does."""

    def __init__(self, why: str, row: int | None = None, *others: Unplaced) -> None:
        super().__init__(why)
        self.row = row
        self.others = others
        """Further rows that do not fit."""


@dataclass(frozen=True)
class RowTimes:
    """When the interval of each row of a table begins, and how long it is."""

    starts: Sequence[int | None]
    """Time by the clock of the row, or by that of UTC; None where the row has no date or no time."""
    of_utc: bool = False
    """Whether the rows bear offsets: their times are those of UTC."""
    lengths: Sequence[int | None] | None = None
    """Microseconds where the row says so; None where no row does."""

    @cached_property
    def complete(self) -> bool:
        """Whether every row has a date and a time."""
        return isinstance(self.starts, array) or None not in self.starts


def of_instants(found: Sequence[Instant | None]) -> RowTimes:
    """Times of rows with date and time in one cell: all of them have an offset, or none has."""
    each, codes = _coded(found)
    first = next((one for one in each if one is not None), None)
    us = _made(each, _instant_us)
    found_us = map(us.__getitem__, codes)
    starts: Sequence[int | None] = list(found_us) if None in us else array("q", found_us)
    return RowTimes(starts, of_utc=first is not None and first.offset is not None)


def _instant_us(one: Instant) -> int:
    if one.offset is None:
        return wall_us(one.local)
    offset = one.offset
    return wall_us(one.local) - (offset.days * 86_400 + offset.seconds) * SECOND - offset.microseconds


def of_dates(days: Sequence[date | None], clocks: Sequence[TimeOfDay | None] | None) -> RowTimes:
    """Times of rows with a date and a time of the day; without one a row is of the whole day."""
    each_day, day_codes = _coded(days)
    midnights = _made(each_day, wall_us)
    if clocks is None:
        return RowTimes(list(map(midnights.__getitem__, day_codes)))
    each, codes = _coded(clocks)
    since = _made(each, lambda clock: clock.start_us)
    starts: Sequence[int | None]
    try:
        starts = array("q", map(add, map(midnights.__getitem__, day_codes), map(since.__getitem__, codes)))
    except TypeError:  # a row without a date or a time
        pairs = zip(days, clocks, strict=True)
        starts = [None if day is None or clock is None else wall_us(day) + clock.start_us for day, clock in pairs]
    if all(clock is None or clock.end_us is None for clock in each):
        return RowTimes(starts)
    return RowTimes(starts, lengths=list(map(_made(each, _length).__getitem__, codes)))


def dates_below(days: Sequence[date | None], clocks: Sequence[TimeOfDay | None]) -> tuple[list[date | None], int]:
    """Dates where a blank cell beside a time is of the date above it, as merged cells are; and how many."""
    found: list[date | None] = []
    above, blank = None, 0
    for day, clock in zip(days, clocks, strict=True):
        merged = day is None and clock is not None
        blank += merged
        above = day or above
        found.append(above if merged else day)
    return found, blank


def ends_its_day(clock: TimeOfDay | None) -> bool:
    """Whether a time is 24:00, at which no interval of its date begins."""
    return clock is not None and clock.start_us == DAY and clock.end_us is None


def until_midnight(days: Sequence[date | None], clocks: Sequence[TimeOfDay | None]) -> list[TimeOfDay | None]:
    """Ends of intervals by date: midnight behind other ends of the same date is its 24:00, not its 00:00."""
    ends: list[TimeOfDay | None] = []
    before = None
    for day, clock in zip(days, clocks, strict=True):
        midnight = clock is not None and clock.start_us == 0 and day == before
        ends.append(TimeOfDay(DAY) if midnight else clock)
        before = day
    return ends


def of_ends(found: RowTimes, every: int | None) -> RowTimes | None:
    """Times of rows that are named by their ends, `every` before these, else the least step between two of them.

    None where there is but one end, and nothing is stated.
    """
    if every is None:
        ends = sorted({end for end in found.starts if end is not None})
        every = min(map(sub, islice(ends, 1, None), ends), default=None)
    if every is None:
        return None
    starts = [None if end is None else end - every for end in found.starts]
    return RowTimes(starts, found.of_utc, [every] * len(starts))


def _length(clock: TimeOfDay) -> int | None:
    return None if clock.end_us is None else (clock.end_us - clock.start_us) % DAY or DAY


def _coded(values: Sequence[T | None]) -> tuple[Sequence[T | None], Sequence[int]]:
    """The different objects among the values, as rows with one text share one, and which of them each value is."""
    if isinstance(values, Values):
        return values.each, values.codes
    different = dict(zip(map(id, values), values, strict=True))
    places = dict(zip(different, count()))
    return list(different.values()), list(map(places.__getitem__, map(id, values)))


def _made(each: Sequence[T | None], make: Callable[[T], Any]) -> list[Any]:
    """What is made of each object that is there."""
    return [None if value is None else make(value) for value in each]


@dataclass(frozen=True)
class TimedRows:
    """Rows that count in order of time; rows of one time in the order of the file."""

    starts: Sequence[int]
    """Local start of each."""
    at: Sequence[int]
    """Which row of the table each is."""
    told: bool = False
    """Whether offsets tell which passage of a repeated hour a row is of."""
    second: Collection[int] = ()
    """Rows of the table that are then of the second; they stand behind those of the first."""

    @cached_property
    def steps(self) -> Counter[int]:
        """How far a row is from the one before, and how often; 0 where two have one time."""
        first, last, more = self.starts[0], self.starts[-1], len(self.starts) - 1
        if more > 0 and last > first and not (last - first) % more:
            step = (last - first) // more
            if self.starts == array("q", range(first, last + 1, step)):  # most files, and this takes no time
                return Counter({step: more})
        return Counter(map(sub, islice(self.starts, 1, None), self.starts))


def width_of(rows: TimedRows, lengths: Sequence[int | None] | None, stated: int | None) -> int:
    """Width of the cells: stated, told by each row, or the step between the rows where that is certain.

    `lengths`: how long the interval of each row of the table is, where rows say so. `Unplaced` where it is not certain.
    """
    told = Counter(length for row in rows.at if (length := lengths[row]) is not None) if lengths else Counter()
    if len(told) > 1:
        some = ", ".join(duration_text(length) for length, _ in told.most_common(3))
        raise Unplaced(f"expected intervals of one width, got {some}")
    if stated is not None:
        if told and stated not in told:
            raise Unplaced(f"`every:` says {duration_text(stated)}, the rows say {duration_text(next(iter(told)))}")
        return stated
    if told:
        return next(iter(told))
    steps = Counter({step: often for step, often in rows.steps.items() if step})
    if not steps:
        raise Unplaced("one row does not tell how wide an interval is; say `every:`, like `every: 30m`", rows.at[0])
    least = min(steps)
    if len(steps) == 2 and max(steps) <= _CERTAIN and _changes_once(rows):
        raise Unplaced(_mixed(rows, least, max(steps)))
    if least < SECOND:
        raise Unplaced(f"expected intervals from 1 s to a week, got {least / SECOND:g} s", rows.at[0])
    often = steps.most_common(1)[0][0]
    if sum(steps.values()) == 1 and least <= HOUR and not HOUR % least:
        return least
    if often != least or sum(steps.values()) < 2:
        if sum(steps.values()) >= 2 and not often % least:
            raise Unplaced(_mixed(rows, least, often))
        some = ", ".join(duration_text(step) for step, _ in steps.most_common(3))
        raise Unplaced(f"rows {some} apart do not tell how wide an interval is; say `every:`, like `every: 30m`")
    if least > _CERTAIN and len(steps) > 1:
        raise Unplaced(f"rows {duration_text(least)} apart and more do not tell how wide an interval is; say `every:`")
    return least


def _changes_once(rows: TimedRows) -> bool:
    """Whether rows have one step up to some time, and another from there on, each more than once: no gap."""
    steps = [b - a for a, b in pairwise(rows.starts) if b > a]
    at = next(number for number, step in enumerate(steps) if step != steps[0])
    return 1 < at < len(steps) - 1 and len(set(steps[at:])) == 1


def _mixed(rows: TimedRows, least: int, often: int) -> str:
    """That intervals of two widths stand in one file."""
    narrow, wide = (next(a for a, b in pairwise(rows.starts) if b - a == step) for step in (least, often))
    here, there = local_text(wall_time(wide)), local_text(wall_time(narrow))
    return (
        f"rows are {duration_text(often)} apart at {here} and {duration_text(least)} at {there}: "
        "expected intervals of one width; say `every:` if the wider steps are gaps"
    )
