"""Rows of a file on an equal grid of local time: which hours are closed, which rows are missing, which stand twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from ccsim.language.curves import MOST_CELLS
from ccsim.text.clock import in_gap, is_ambiguous, put_back_on
from ccsim.text.faults import MOST_NAMED
from ccsim.text.scalars import WEEKDAYS, duration_text

Policy = Literal["fault", "0", "repeat"]

STEP: Final = timedelta(microseconds=1)
ONE_DAY: Final = timedelta(days=1)
WITH_PASSAGES: Final = timedelta(hours=2)
"""Rows of more than this hold both passages of a repeated hour."""
_WEEK: Final = timedelta(days=7)
_CERTAIN: Final = timedelta(hours=2)
"""Steps up to this are taken for the width where nothing speaks against it; wider ones have to be the only ones."""
_SECOND: Final = timedelta(seconds=1)
_HOUR: Final = timedelta(hours=1)
_SATURDAY: Final = 5
_MANY_DAYS: Final = 14
"""A weekday that never has a row in a file of so many days is no gap."""


class Unplaced(Exception):  # noqa: N818
    """Rows that fit no grid: why, and the row that shows it, if one does."""

    def __init__(self, why: str, row: int | None = None, *others: Unplaced) -> None:
        super().__init__(why)
        self.row = row
        self.others = others
        """Further rows that do not fit."""


class Row(NamedTuple):
    """One row that counts."""

    start: datetime
    """Local start, without a zone."""
    fold: int | None
    """Passage of a repeated hour, 0 or 1, where an offset tells it."""
    at: int
    """Which row of the table it is."""


@dataclass(slots=True)
class Placed:
    """Where the rows of a file lie on an equal grid of local time."""

    first: datetime
    """Local start of the first cell."""
    width: timedelta
    cells: list[int]
    """Row of the table for every cell, or one of the negative numbers below."""
    again: dict[int, int] = field(default_factory=dict)
    """Row of the second passage of a repeated hour, by cell."""
    passage: dict[int, timedelta] = field(default_factory=dict)
    """How long the first passage of such a cell lasts."""
    once: list[datetime] = field(default_factory=list)
    """Starts that clocks show twice and that stand once."""
    closed: int = 0
    """Cells of hours at which the file never has a row."""
    missing: list[datetime] = field(default_factory=list)
    """Starts of other cells without a row, between the first row and the last."""
    loose: int = 0
    """Rows that lie on no cell."""
    outside: int = 0
    """Cells of the horizon before the first row and after the last."""
    rows_from: datetime = datetime.min
    rows_until: datetime = datetime.min


NOTHING: Final = -1
"""A cell without a row: nothing comes, nobody is there."""
IN_GAP: Final = -2
"""A cell that clocks skip."""


def width_of(rows: Sequence[Row], ends: Callable[[int], timedelta | None], stated: int | None) -> timedelta:
    """Width of the cells: stated, told by each row, or the step between the rows where that is certain.

    `rows` in order of time; `ends`: how long the interval of a row of the table is, where the row says so.
    `Unplaced` where it is not certain.
    """
    told = Counter(length for row in rows if (length := ends(row.at)) is not None)
    if len(told) > 1:
        some = ", ".join(_said(length) for length, _ in told.most_common(3))
        raise Unplaced(f"expected intervals of one width, got {some}")
    if stated is not None:
        width = timedelta(microseconds=stated)
        if told and width not in told:
            raise Unplaced(f"`every:` says {_said(width)}, the rows say {_said(next(iter(told)))}")
        return width
    if told:
        return next(iter(told))
    steps = Counter(b.start - a.start for a, b in pairwise(rows) if b.start > a.start)
    if not steps:
        raise Unplaced("one row does not tell how wide an interval is; say `every:`, like `every: 30m`", rows[0].at)
    least = min(steps)
    if least < _SECOND:
        raise Unplaced(f"expected intervals from 1 s to a week, got {least / _SECOND:g} s", rows[0].at)
    often = steps.most_common(1)[0][0]
    if sum(steps.values()) == 1 and least <= _HOUR and not _HOUR % least:
        return least
    if often != least or sum(steps.values()) < 2:
        if sum(steps.values()) >= 2 and not often % least:
            raise Unplaced(_mixed(rows, least, often))
        some = ", ".join(_said(step) for step, _ in steps.most_common(3))
        raise Unplaced(f"rows {some} apart do not tell how wide an interval is; say `every:`, like `every: 30m`")
    if least > _CERTAIN and len(steps) > 1:
        raise Unplaced(f"rows {_said(least)} apart and more do not tell how wide an interval is; say `every:`")
    return least


def _mixed(rows: Sequence[Row], least: timedelta, often: timedelta) -> str:
    """That intervals of two widths stand in one file."""
    narrow = next(a for a, b in pairwise(rows) if b.start - a.start == least)
    wide = next(a for a, b in pairwise(rows) if b.start - a.start == often)
    return (
        f"rows are {_said(often)} apart at {_at(wide.start)} and {_said(least)} at {_at(narrow.start)}: "
        "expected intervals of one width; say `every:` if the wider steps are gaps"
    )


def place(
    rows: Sequence[Row],
    width: timedelta,
    zones: Sequence[ZoneInfo],
    *,
    missing: Policy | None,
    outside: Policy,
    since: datetime,
    until: datetime,
) -> Placed:
    """Put rows on their grid and say what stands where none is.

    Parameters
    ----------
    rows
        In order of time; rows of one time in the order of the file.
    width
        Of a cell.
    zones
        Clocks that the local times are of.
    missing, outside
        As in `files`; `missing` None: hours at which the file never has a row are closed.
    since, until
        Local time of the horizon in which values are wanted.
    """
    first = rows[0].start
    last = rows[-1].start
    if (last - first) // width >= MOST_CELLS:
        raise Unplaced(f"{_at(first)} to {_at(last)} are more than {MOST_CELLS:,} intervals of {_said(width)}")
    cells = [NOTHING] * ((last - first) // width + 1)
    placed = Placed(first, width, cells, rows_from=first, rows_until=last + width)
    pattern = _Pattern(rows, width)
    faults = _put(placed, rows, zones)
    try:
        if not placed.loose:
            _fill(placed, pattern, zones, missing)
    except Unplaced as fault:
        faults.append(fault)
    try:
        _extend(placed, pattern, outside, since, until)
    except Unplaced as fault:
        faults.append(fault)
    if faults:
        raise Unplaced(str(faults[0]), faults[0].row, *faults[1:])
    return placed


def _put(placed: Placed, rows: Sequence[Row], zones: Sequence[ZoneInfo]) -> list[Unplaced]:
    """Put the rows into their cells; those that fit none."""
    width, first = placed.width, placed.first
    faults: list[Unplaced] = []
    night = _Nights(zones, width)
    for row in rows:
        cell, rest = divmod(row.start - first, width)
        if rest:
            why = f"an interval out of step: {_at(row.start)} is no multiple of {_said(width)} after {_at(first)}"
            faults.append(Unplaced(why, row.at))
            placed.loose += 1
            continue
        held = placed.cells[cell]
        if held == NOTHING and row.fold != 1:
            placed.cells[cell] = row.at
            continue
        passage = night.first_passage(row.start)
        if passage is None or cell in placed.again or (row.fold == 0 and held != NOTHING):
            faults.append(Unplaced(f"the same interval again: {_at(row.start)}", row.at))
            continue
        placed.again[cell] = row.at
        placed.passage[cell] = passage
    for cell in night.seen_twice(first, len(placed.cells)):
        if placed.cells[cell] != NOTHING and cell not in placed.again:
            placed.once.append(first + width * cell)
    nights = {(first + width * cell).date() for cell in placed.again}
    for start in placed.once if not faults else ():
        if start.date() in nights:
            why = f"{_at(start)} is there once, though other rows of that repeated hour are there twice"
            faults.append(Unplaced(why, placed.cells[(start - first) // width]))
    for cell in placed.again:
        if placed.cells[cell] == NOTHING:
            why = f"{_at(first + width * cell)} is there for the second passage of a repeated hour only"
            faults.append(Unplaced(why, placed.again[cell]))
    return faults


class _Pattern:
    """At which times of the week a file has rows; looked at where one is missing."""

    def __init__(self, rows: Sequence[Row], width: timedelta) -> None:
        self._rows, self._whole_days = rows, width >= ONE_DAY

    def closed(self, start: datetime) -> bool:
        """Whether the desk is closed then, as far as the file tells: it never has a row at such a time."""
        seen, day, at = self._seen, start.weekday(), start.time()
        ends = seen.ends.get(start.date())
        within = ends is not None and ends[0] < at < ends[1]
        if not self._whole_days and at not in seen.times:
            return not within or len(seen.ends) > 1
        if (day, at) in seen.slots:
            return False
        if day not in seen.weekdays:
            return day >= _SATURDAY or seen.days >= _MANY_DAYS
        return not within

    @cached_property
    def _seen(self) -> _Seen:
        starts = {row.start for row in self._rows}
        ends: dict[date, tuple[time, time]] = {}
        for start in starts:
            low, high = ends.get(start.date(), (start.time(), start.time()))
            ends[start.date()] = (min(low, start.time()), max(high, start.time()))
        return _Seen(
            times={start.time() for start in starts},
            slots={(start.weekday(), start.time()) for start in starts},
            weekdays={day.weekday() for day in ends},
            ends=ends,
            days=(max(ends) - min(ends)).days + 1,
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    times: set[time]
    slots: set[tuple[int, time]]
    weekdays: set[int]
    ends: dict[date, tuple[time, time]]
    """First and last start of each date."""
    days: int
    """Days from the first date to the last."""


def _fill(placed: Placed, pattern: _Pattern, zones: Sequence[ZoneInfo], missing: Policy | None) -> None:
    """Say what holds between the first row and the last where no row stands."""
    if NOTHING not in placed.cells:
        return
    width = placed.width
    start = placed.first
    filled = _Weeks(placed)
    for cell, held in enumerate(placed.cells):
        if held == NOTHING:
            if zones and all(in_gap(start, zone) and in_gap(start + width - STEP, zone) for zone in zones):
                placed.cells[cell] = IN_GAP
            elif missing is None and pattern.closed(start):
                placed.closed += 1
            else:
                placed.missing.append(start)
                if missing == "repeat":
                    placed.cells[cell] = filled.nearest(start)
        start += width
    if placed.missing and missing in (None, "fault"):
        some = ", ".join(_at(one) for one in placed.missing[:MOST_NAMED])
        count = len(placed.missing)
        more = f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
        rows = "an interval has no row" if count == 1 else f"{count:,} intervals have no row"
        behind = (placed.missing[0] - placed.first) // width
        after = next((held for held in placed.cells[behind:] if held >= 0), None)
        raise Unplaced(
            f"{rows}: {some}{more}; say `missing: 0` where nothing comes then, or `missing: repeat` for the same time "
            "of another week",
            after,
        )


def _extend(placed: Placed, pattern: _Pattern, outside: Policy, since: datetime, until: datetime) -> None:
    """Say what holds in the horizon before the first row and after the last."""
    width = placed.width
    weeks = _Weeks(placed)
    before = max(-((since - placed.first) // width), 0) if since < placed.first else 0
    end = placed.first + width * len(placed.cells)
    after = max(-((end - until) // width), 0) if until > end else 0
    if before + after + len(placed.cells) > MOST_CELLS:
        raise Unplaced(f"the horizon has more than {MOST_CELLS:,} intervals of {_said(width)}")
    head = [placed.first - width * n for n in range(before, 0, -1)]
    tail = [end + width * n for n in range(after)]
    uncovered = dict.fromkeys(start for start in (*head, *tail) if not pattern.closed(start))
    if uncovered and outside == "fault":
        whole, gap = until - since, next(iter(uncovered))
        held = sum(row >= 0 for row in placed.cells) * width
        lacking = _days(len(uncovered) * width)
        raise Unplaced(
            f"the file holds {_days(held)}, from {_at(placed.rows_from)} to {_at(placed.rows_until)}; the horizon of "
            f"{_days(whole)} goes from {_at(since)} to {_at(until)}: {lacking} have no row, the first at {_at(gap)}; "
            "say `outside: 0` where nothing comes then, or `outside: repeat` for the same times of another week"
        )
    placed.outside = len(uncovered)
    if outside != "repeat":
        return  # there is nothing outside a grid
    placed.cells[:0] = [weeks.nearest(start) if start in uncovered else NOTHING for start in head]
    placed.cells.extend(weeks.nearest(start) if start in uncovered else NOTHING for start in tail)
    placed.first -= width * before
    placed.again = {cell + before: row for cell, row in placed.again.items()}
    placed.passage = {cell + before: length for cell, length in placed.passage.items()}


class _Weeks:
    """Finds the same time of the nearest week that has a row."""

    def __init__(self, placed: Placed) -> None:
        self._placed = placed
        self._first, self._cells = placed.first, list(placed.cells)

    def nearest(self, start: datetime) -> int:
        """The row; `Unplaced` where no week has one."""
        placed = self._placed
        near = max((placed.rows_from - start) // _WEEK, (start - placed.rows_until) // _WEEK, 0)
        for n in range(near, near + len(self._cells) * placed.width // _WEEK + 3):
            for at in (start - n * _WEEK, start + n * _WEEK):
                cell, rest = divmod(at - self._first, placed.width)
                if not rest and 0 <= cell < len(self._cells) and self._cells[cell] >= 0:
                    return self._cells[cell]
        day = WEEKDAYS[start.weekday()]
        raise Unplaced(f"nothing to repeat at {_at(start)}: no week of the file has a row on {day} {start:%H:%M}")


class _Nights:
    """The nights on which the clocks of all zones are put back."""

    def __init__(self, zones: Sequence[ZoneInfo], width: timedelta) -> None:
        self._zones, self._width = zones, width

    def first_passage(self, start: datetime) -> timedelta | None:
        """How long clocks go on in a cell until they are put back; None where they do not show its start twice."""
        if not self._zones or self._width > WITH_PASSAGES or not self._ambiguous(start):
            return None
        low, high = start, start + self._width
        if not self._ambiguous(high - STEP):
            while high - low > STEP:
                middle = low + (high - low) // 2
                low, high = (middle, high) if self._ambiguous(middle) else (low, middle)
        return high - start

    def seen_twice(self, first: datetime, cells: int) -> Iterator[int]:
        """Cells whose start clocks show twice, date by date: few dates have any."""
        midnight = datetime.combine(first, time.min)
        while self._zones and first + self._width * cells > midnight:
            after = midnight + ONE_DAY
            if all(put_back_on(midnight, zone) for zone in self._zones):
                low = max(-((first - midnight) // self._width), 0)
                for cell in range(low, min(-((first - after) // self._width), cells)):
                    if self.first_passage(first + self._width * cell) is not None:
                        yield cell
            midnight = after

    def _ambiguous(self, at: datetime) -> bool:
        return all(is_ambiguous(at, zone) for zone in self._zones)


def _said(length: timedelta) -> str:
    return duration_text(length // STEP)


def _days(length: timedelta) -> str:
    """A length in days where it is some: `14 days`, `1.5 days`, `90m`."""
    if length < ONE_DAY:
        return _said(length)
    days = length / ONE_DAY
    return f"{days:,.3g} day{'' if days == 1 else 's'}"


def _at(start: datetime) -> str:
    """A local time; without hours at midnight."""
    return start.isoformat(" ", "minutes") if start.time() != time.min else f"{start:%Y-%m-%d}"
