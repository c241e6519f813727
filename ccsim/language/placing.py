"""Rows of a file on an equal grid of local time: which hours are closed, which rows are missing, which stand twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import compress, islice, repeat
from operator import eq, ne, sub
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ccsim.language.curves import MOST_CELLS
from ccsim.language.row_times import TimedRows, Unplaced
from ccsim.tables.store import picked
from ccsim.text.clock import in_gap, is_ambiguous, local_text, put_back_on, put_forward_on, wall_time
from ccsim.text.faults import MOST_NAMED
from ccsim.text.scalars import WEEKDAYS, duration_text
from ccsim.units import DAY, HOUR, WEEK

Policy = Literal["fault", "0", "repeat"]

WITH_PASSAGES: Final = 2 * HOUR
"""Rows of more than this hold both passages of a repeated hour."""
_REMEDY: Final = "; if its rows belong together, say `same_interval: add`"
_SATURDAY: Final = 5
_MANY_DAYS: Final = 14
"""A weekday that never has a row in a file of so many days is no gap."""


@dataclass(slots=True)
class Placed:
    """Where the rows of a file lie on an equal grid of local time; times as in `row_times`, lengths in microseconds."""

    first: int
    """Local start of the first cell."""
    width: int
    cells: list[int]
    """Row of the table for every cell, or one of the negative numbers below."""
    again: dict[int, int] = field(default_factory=dict)
    """Row of the second passage of a repeated hour, by cell."""
    passage: dict[int, int] = field(default_factory=dict)
    """How long the first passage of such a cell lasts."""
    once: list[int] = field(default_factory=list)
    """Starts that clocks show twice and that stand once."""
    closed: int = 0
    """Cells of hours at which the file never has a row."""
    missing: list[int] = field(default_factory=list)
    """Starts of other cells without a row, between the first row and the last."""
    loose: int = 0
    """Rows that lie on no cell."""
    outside: int = 0
    """Cells of the horizon before the first row and after the last."""
    rows_from: int = 0
    rows_until: int = 0


NOTHING: Final = -1
"""A cell without a row: nothing comes, nobody is there."""
IN_GAP: Final = -2
"""A cell that clocks skip."""


def place(
    rows: TimedRows,
    width: int,
    zones: Sequence[ZoneInfo],
    *,
    missing: Policy | None,
    outside: Policy,
    since: int,
    until: int,
    apart: int = 0,
) -> Placed:
    """Put rows on their grid and say what stands where none is.

    Parameters
    ----------
    rows
        At least one.
    width
        Of a cell.
    zones
        Clocks that the local times are of.
    missing, outside
        As in `files`; `missing` None: hours at which the file never has a row are closed.
    since, until
        Local time of the horizon in which values are wanted.
    apart
        How far these clocks are from that of the horizon: at its ends so much is as in another week, for a file of the
        horizon's dates holds none of it.
    """
    first, last = rows.starts[0], rows.starts[-1]
    if (last - first) // width >= MOST_CELLS:
        span = f"{_at(first)} to {_at(last)}"
        raise Unplaced(f"{span} are more than {MOST_CELLS:,} intervals of {duration_text(width)}")
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
        _extend(placed, pattern, outside, since, until, apart)
    except Unplaced as fault:
        faults.append(fault)
    if faults:
        raise Unplaced(str(faults[0]), faults[0].row, *faults[1:])
    return placed


def _put(placed: Placed, rows: TimedRows, zones: Sequence[ZoneInfo]) -> list[Unplaced]:
    """Put the rows into their cells; those that fit none."""
    width, first, cells = placed.width, placed.first, placed.cells
    odd = _odd(rows, width)
    starts, held = rows.starts, rows.at
    if odd:
        strange = set(odd)
        even = [number for number in range(len(starts)) if number not in strange]
        starts, held = picked(starts, even), picked(held, even)
    begun = 0
    apart = map(ne, map(sub, islice(starts, 1, None), starts), repeat(width))
    ends = [*compress(range(1, len(starts)), apart), len(starts)] if starts else []
    for end in ends:  # rows side by side go in together
        cell = (starts[begun] - first) // width
        cells[cell : cell + end - begun] = held[begun:end]
        begun = end
    faults: list[Unplaced] = []
    night = _Nights(zones, width)
    for number in odd:
        start, at = rows.starts[number], rows.at[number]
        cell, rest = divmod(start - first, width)
        if rest:
            steps = f"{duration_text(width)} after {_at(first)}"
            why = f"an interval out of step: {_at(start)} is no multiple of {steps}"
            faults.append(Unplaced(why, at))
            placed.loose += 1
            continue
        passage = night.first_passage(start)
        if passage is None or cell in placed.again or (rows.told and at not in rows.second):
            faults.append(Unplaced(f"the same interval again: {_at(start)}{_REMEDY}", at))
            continue
        placed.again[cell] = at
        placed.passage[cell] = passage
    for cell in night.seen_twice(first, len(cells)):
        if cells[cell] != NOTHING and cell not in placed.again:
            placed.once.append(first + width * cell)
    nights = {(first + width * cell) // DAY for cell in placed.again}
    for start in placed.once if not faults else ():
        if start // DAY in nights:
            why = f"{_at(start)} is there once, though other rows of that repeated hour are there twice"
            faults.append(Unplaced(why, cells[(start - first) // width]))
    for cell in placed.again:
        if cells[cell] == NOTHING:
            why = f"{_at(first + width * cell)} is there for the second passage of a repeated hour only"
            faults.append(Unplaced(why, placed.again[cell]))
    return faults


def _odd(rows: TimedRows, width: int) -> list[int]:
    """Numbers of the rows that lie on no cell, have the time of the row before, or are of a second passage."""
    if 0 not in rows.steps and not rows.second and not any(step % width for step in rows.steps):
        return []
    first, numbers = rows.starts[0], range(len(rows.starts))
    found = set(compress(numbers[1:], map(eq, islice(rows.starts, 1, None), rows.starts)))
    if any(step % width for step in rows.steps):
        found.update(number for number, start in enumerate(rows.starts) if (start - first) % width)
    if rows.second:
        found.update(compress(numbers, map(rows.second.__contains__, rows.at)))
    return sorted(found)


class _Pattern:
    """At which times of the week a file has rows; looked at where one is missing."""

    def __init__(self, rows: TimedRows, width: int) -> None:
        self._rows, self._whole_days = rows, width >= DAY
        self._closed: dict[int, bool | None] = {}

    def closed(self, start: int) -> bool:
        """Whether the desk is closed then, as far as the file tells: it never has a row at such a time."""
        closed = self._of_week(start)
        if closed is None:
            ends = self._seen.ends.get(start // DAY)
            return ends is None or not ends[0] < start < ends[1]
        return closed

    def always_closed(self, start: int) -> bool:
        """Whether it is closed at that time of every week."""
        return self._of_week(start) is True

    def _of_week(self, start: int) -> bool | None:
        at = start % WEEK
        if at not in self._closed:
            self._closed[at] = self._closed_at(at)
        return self._closed[at]

    def _closed_at(self, at: int) -> bool | None:
        """Whether it is closed at a time of the week; None: on dates without rows both before and after that time."""
        seen, weekday = self._seen, at // DAY
        if not self._whole_days and at % DAY not in seen.times:
            return True if len(seen.ends) > 1 else None
        if at in seen.slots:
            return False
        if weekday not in seen.weekdays:
            return weekday >= _SATURDAY or seen.days >= _MANY_DAYS
        return None

    @cached_property
    def _seen(self) -> _Seen:
        starts = self._rows.starts
        slots = {start % WEEK for start in starts}
        days = [start // DAY for start in starts]
        first = dict(zip(reversed(days), reversed(starts), strict=True))
        last = dict(zip(days, starts, strict=True))
        return _Seen(
            times={slot % DAY for slot in slots},
            slots=slots,
            weekdays={slot // DAY for slot in slots},
            ends={day: (start, last[day]) for day, start in first.items()},
            days=days[-1] - days[0] + 1,
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    times: set[int]
    """Times of the day."""
    slots: set[int]
    """Times of the week."""
    weekdays: set[int]
    ends: dict[int, tuple[int, int]]
    """First and last start of each date."""
    days: int
    """Days from the first date to the last."""


def _fill(placed: Placed, pattern: _Pattern, zones: Sequence[ZoneInfo], missing: Policy | None) -> None:
    """Say what holds between the first row and the last where no row stands."""
    if NOTHING not in placed.cells:
        return
    first, width, night = placed.first, placed.width, _Nights(zones, placed.width)
    filled = _Weeks(placed)
    forward = night.forward(first, len(placed.cells))
    empty = [cell for cell, held in enumerate(placed.cells) if held == NOTHING]
    week, rest = divmod(WEEK, width)
    if missing is None and not rest and len(empty) > week:  # most are of hours that are closed every week
        shut = [pattern.always_closed(first + width * cell) for cell in range(week)]
        others = [cell for cell in empty if not shut[cell % week] or (first + cell * width) // DAY in forward]
        placed.closed += len(empty) - len(others)
        empty = others
    for cell in empty:
        start = first + cell * width
        if start // DAY in forward and night.skips(start):
            placed.cells[cell] = IN_GAP
        elif missing is None and pattern.closed(start):
            placed.closed += 1
        else:
            placed.missing.append(start)
            if missing == "repeat":
                placed.cells[cell] = filled.nearest(start)
    if placed.missing and missing in (None, "fault"):
        some = ", ".join(_at(one) for one in placed.missing[:MOST_NAMED])
        count = len(placed.missing)
        more = f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
        rows = "an interval has no row" if count == 1 else f"{count:,} intervals have no row"
        behind = (placed.missing[0] - first) // width
        after = next((held for held in placed.cells[behind:] if held >= 0), None)
        raise Unplaced(
            f"{rows}: {some}{more}; say `missing: 0` where nothing comes then, or `missing: repeat` for the same time "
            "of another week",
            after,
        )


def _extend(placed: Placed, pattern: _Pattern, outside: Policy, since: int, until: int, apart: int) -> None:
    """Say what holds in the horizon before the first row and after the last."""
    width = placed.width
    weeks = _Weeks(placed)
    before = max(-((since - placed.first) // width), 0)
    end = placed.first + width * len(placed.cells)
    after = max(-((end - until) // width), 0)
    if before + after + len(placed.cells) > MOST_CELLS:
        raise Unplaced(f"the horizon has more than {MOST_CELLS:,} intervals of {duration_text(width)}")
    head = [placed.first - width * n for n in range(before, 0, -1)]
    tail = [end + width * n for n in range(after)]
    uncovered = dict.fromkeys(start for start in (*head, *tail) if not pattern.closed(start))
    if outside == "fault" and all(start < since + apart or start >= until - apart for start in uncovered):
        outside = "repeat" if uncovered and all(map(weeks.has, uncovered)) else outside
    if uncovered and outside == "fault":
        held = sum(row >= 0 for row in placed.cells) * width
        rows, horizon = (
            f"from {_at(low)} to {_at(high)}" for low, high in ((placed.rows_from, placed.rows_until), (since, until))
        )
        raise Unplaced(
            f"the file holds {_days(held)}, {rows}; the horizon of {_days(until - since)} goes {horizon}: "
            f"{_days(len(uncovered) * width)} have no row, the first at {_at(next(iter(uncovered)))}; "
            "say `outside: 0` where nothing comes then, or `outside: repeat` for the same times of another week"
        )
    if outside == "fault" and not placed.rows_from < until > since < placed.rows_until:
        lies, wanted = (f"{_at(a)} to {_at(b)}" for a, b in ((placed.rows_from, placed.rows_until), (since, until)))
        raise Unplaced(
            f"no row lies in the horizon, {wanted}; the file holds {lies}. Say `outside: repeat` for the same times "
            "of another week, or `time_zone:` if the times of the file are of another clock"
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

    def has(self, start: int) -> bool:
        """Whether any week has one."""
        try:
            return self.nearest(start) >= 0
        except Unplaced:
            return False

    def nearest(self, start: int) -> int:
        """The row; `Unplaced` where no week has one."""
        placed = self._placed
        near = max((placed.rows_from - start) // WEEK, (start - placed.rows_until) // WEEK, 0)
        for n in range(near, near + len(self._cells) * placed.width // WEEK + 3):
            for at in (start - n * WEEK, start + n * WEEK):
                cell, rest = divmod(at - self._first, placed.width)
                if not rest and 0 <= cell < len(self._cells) and self._cells[cell] >= 0:
                    return self._cells[cell]
        day, clock = WEEKDAYS[start // DAY % 7], f"{wall_time(start):%H:%M}"
        raise Unplaced(f"nothing to repeat at {_at(start)}: no week of the file has a row on {day} {clock}")


class _Nights:
    """The nights on which the clocks of all zones are put back, or forward."""

    def __init__(self, zones: Sequence[ZoneInfo], width: int) -> None:
        self._zones, self._width = zones, width

    def first_passage(self, start: int) -> int | None:
        """How long clocks go on in a cell until they are put back; None where they do not show its start twice."""
        if not self._zones or self._width > WITH_PASSAGES or not self._ambiguous(start):
            return None
        low, high = start, start + self._width
        if not self._ambiguous(high - 1):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._ambiguous(middle) else (low, middle)
        return high - start

    def seen_twice(self, first: int, cells: int) -> Iterator[int]:
        """Cells whose start clocks show twice: few dates have any."""
        width = self._width
        for day in self._dates(first, cells, put_back_on):
            low = max(-((first - day * DAY) // width), 0)
            for cell in range(low, min(-((first - (day + 1) * DAY) // width), cells)):
                if self.first_passage(first + width * cell) is not None:
                    yield cell

    def forward(self, first: int, cells: int) -> set[int]:
        """Days on which clocks may skip a cell."""
        return set(self._dates(first, cells, put_forward_on))

    def _dates(self, first: int, cells: int, changed_on: Callable[[datetime, ZoneInfo], bool]) -> Iterator[int]:
        """Days on which the clocks of all zones change in some way."""
        days = range(first // DAY, -(-(first + self._width * cells) // DAY) if self._zones else 0)
        return (day for day in days if all(changed_on(wall_time(day * DAY), zone) for zone in self._zones))

    def skips(self, start: int) -> bool:
        """Whether clocks skip all of the cell that begins then."""
        ends = (wall_time(start), wall_time(start + self._width - 1))
        return all(in_gap(at, zone) for zone in self._zones for at in ends)

    def _ambiguous(self, at: int) -> bool:
        return all(is_ambiguous(wall_time(at), zone) for zone in self._zones)


def _days(length: int) -> str:
    """A length in days where it is some: `14 days`, `1.5 days`, `90m`."""
    if length < DAY:
        return duration_text(length)
    days = length / DAY
    return f"{days:,.3g} day{'' if days == 1 else 's'}"


def _at(start: int) -> str:
    return local_text(wall_time(start))
