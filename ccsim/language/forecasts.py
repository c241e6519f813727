"""Values of a file on a grid of local time: contacts and handle times of a volume, agents of a pool."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from ccsim.language.curves import Grid, Repeated
from ccsim.language.file_tables import FileTable, open_file, rows_of
from ccsim.language.file_times import rows_in_time
from ccsim.language.files import FileRows
from ccsim.language.placing import IN_GAP, ONE_DAY, STEP, Placed, Row, Unplaced, place, width_of
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import BadCells, Refused, ToldBefore, told_faults
from ccsim.language.whole_days import Unit, WholeDays, days_of, whole_days
from ccsim.language.wide import Turned
from ccsim.text.quantities import LocalTime
from ccsim.text.scalars import duration_text
from ccsim.text.tree import shown
from ccsim.units import DAY

EVEN: Final = (1.0,) * 7
_HANDLE_TIMES: Final = ("aht", "talk", "wrap_up", "handle_total", "handled")
_MOST_HEADS: Final = 12
"""Columns of a file that a fault names."""
_MOST_SAID: Final = 8
"""Times that a remark names."""


@dataclass(frozen=True, slots=True)
class FileGrid:
    """What a volume or a pool takes from a file."""

    grid: Grid
    """Values on the grid: contacts of an interval, contacts a minute, or agents."""
    column: str
    """What the values are: `contacts`, `per_minute`, `agents`."""
    aht: Grid | None
    """Mean handle time in microseconds on the same grid, 0 where the file says none."""
    unit: Unit | None
    """What a row is of, where it is a day or more."""


def file_grid(
    source: FileRows,
    key: str,
    rd: Reading,
    columns: Sequence[str],
    *,
    own: str,
    zones: Sequence[ZoneInfo],
    weights: Sequence[float] = EVEN,
    stays: bool = False,
) -> FileGrid | Bad:
    """The values of one of some columns, and the handle times beside it.

    Parameters
    ----------
    columns
        What the values may be: one of these has to be in the file.
    own
        Name of the volume or pool: its rows in the column of names, where nothing else is said.
    zones
        Clocks of the local times.
    weights
        Of the weekdays from Monday, by which counts of weeks and months are spread.
    stays
        In a gap of the clock values stay as they were, as agents do, and do not fall to 0.
    """
    opened = open_file(source, key, rd)
    if isinstance(opened, Bad):
        return BAD
    reader = _Reader(opened, source, key, rd, zones, weights, stays=stays)
    return told_faults(opened.source, opened.table.line, key, rd, lambda: reader.read(columns, own))


class _Reader:
    """Reads the rows of one volume or pool."""

    def __init__(
        self,
        opened: FileTable,
        source: FileRows,
        key: str,
        rd: Reading,
        zones: Sequence[ZoneInfo],
        weights: Sequence[float],
        *,
        stays: bool,
    ) -> None:
        self.opened, self.source, self.key, self.rd, self.zones = opened, source, key, rd, zones
        self.weights = weights
        self.days: WholeDays | None = None
        self.stays = stays
        self.written = source.written
        self.name = ""

    def read(self, columns: Sequence[str], own: str) -> FileGrid | Bad:
        column = self._column(columns)
        rows, self.name = rows_of(self.opened, self.source, own)
        placed = self._placed(rows_in_time(self.opened, rows, self.zones))
        values = self._values(column, rows)
        aht = self._handle_times_if_sound(placed)
        self._tell(placed, column, values)
        return FileGrid(self._grid(placed, values, again=True), column, aht, self.days.unit if self.days else None)

    def _column(self, columns: Sequence[str]) -> str:
        opened = self.opened
        lacking = [] if opened.dated else ["start"]
        present = [name for name in columns if opened.has(name)]
        if len(present) > 1:
            raise Refused(f"expected one of the columns {', '.join(columns)}, got {' and '.join(present)}", 1)
        if not present:
            lacking.append(columns[0])
        if lacking:
            heads = ", ".join(shown(head) for head in opened.table.columns[:_MOST_HEADS])
            example = ", ".join(f"{what}: ..." for what in lacking)
            no = " and ".join(f"`{what}`" for what in lacking)
            raise Refused(f"no column is called {no}; the file has {heads}. Say which it is: columns: {{{example}}}", 1)
        return present[0]

    def _placed(self, rows: list[Row]) -> Placed:
        opened, rd = self.opened, self.rd
        moments = opened.moments()
        if rd.start is None or rd.zone is None or rd.arriving is None:
            raise Refused("the horizon could not be read")
        if not rows:
            raise Refused("no row is left")

        def ends(row: int) -> timedelta | None:
            moment = moments[row]
            return moment.length if moment is not None else None

        stated = self.written.every
        if opened.by_day and stated is not None and stated < DAY:
            raise Refused(f"rows of whole days, but `every:` says {duration_text(stated)}")
        if opened.by_day or whole_days(rows, stated):
            self.days = days_of(rows, stated, self.weights)
            rows, width = self.days.rows, ONE_DAY
        else:
            width = width_of(rows, ends, stated)
        since, until = self._horizon()
        policies: dict[str, Any] = {"missing": self.written.missing, "outside": self.written.outside}
        try:
            return place(rows, width, self.zones, since=since, until=until, **policies)
        except Unplaced as unplaced:
            if self.days is None:
                raise
            of = self.days.of
            first, *others = (
                Unplaced(str(one), None if one.row is None else of[one.row][0]) for one in (unplaced, *unplaced.others)
            )
            raise Unplaced(str(first), first.row, *others) from None

    def _horizon(self) -> tuple[datetime, datetime]:
        """The time in which contacts arrive, as the clocks of the zones show it."""
        rd = self.rd
        assert rd.start is not None
        assert rd.zone is not None
        assert rd.arriving is not None
        begin = rd.start.replace(tzinfo=rd.zone)
        shown_by = self.zones or (rd.zone,)
        utc = begin.astimezone(ZoneInfo("UTC"))
        starts = [utc.astimezone(zone).replace(tzinfo=None) for zone in shown_by]
        ends = [(utc + rd.arriving).astimezone(zone).replace(tzinfo=None) for zone in shown_by]
        return min(starts), max(ends)

    def _values(self, column: str, rows: Sequence[int]) -> list[float | None]:
        values = self.opened.numbers(column)
        for row in rows:
            value = values[row]
            if value is not None and value < 0:
                raise Refused(f"expected a number of 0 or more, got {value:g}", self.opened.table.line(row))
        empty = [row for row in rows if values[row] is None]
        if empty and self.written.missing in (None, "fault"):
            head = self.opened.table.columns[self.opened.columns[column]]
            more = f" and {len(empty) - 1:,} more" if len(empty) > 1 else ""
            raise Refused(
                f"an empty cell in the column {shown(head)}{more}; say `missing: 0` if nothing is meant",
                self.opened.table.line(empty[0]),
            )
        if column == "agents":
            return self._rounded(values, rows)
        if self.days is None:
            return values
        shares = self.days.of if column == "contacts" else [(row, 1.0) for row, _ in self.days.of]
        return [None if (value := values[row]) is None else value * share for row, share in shares]

    def _rounded(self, values: list[float | None], rows: Sequence[int]) -> list[float | None]:
        how = self.written.rounding
        broken = [row for row in rows if (value := values[row]) is not None and value != int(value)]
        if not broken:
            return values
        if how is None:
            value = values[broken[0]]
            more = f" and {len(broken) - 1:,} more rows" if len(broken) > 1 else ""
            raise Refused(
                f"{value:g} agents are no whole number{more}; say `rounding: up`, `down` or `nearest`",
                self.opened.table.line(broken[0]),
            )
        to: Callable[[float], float] = {"up": math.ceil, "down": math.floor, "nearest": lambda v: math.floor(v + 0.5)}[
            how
        ]
        return [None if value is None else float(to(value)) for value in values]

    def _grid(self, placed: Placed, values: Sequence[float | None], *, again: bool) -> Grid:
        cells: list[float] = []
        for held in placed.cells:
            if held >= 0:
                cells.append(values[held] or 0.0)
            elif held == IN_GAP and self.stays and cells:
                cells.append(cells[-1])
            else:
                cells.append(0.0)
        repeated = tuple(
            Repeated(cell=cell, first=placed.passage[cell] // STEP, value=values[row] or 0.0)
            for cell, row in sorted(placed.again.items())
        )
        return Grid(
            every=placed.width // STEP,
            start=LocalTime(placed.first.isoformat()),
            values=tuple(cells),
            repeated=repeated if again else (),
        )

    def _handle_times_if_sound(self, placed: Placed) -> Grid | None:
        """The handle times; of columns that nobody named only where they can be read, as nobody may want them."""
        try:
            return self._handle_times(placed)
        except (Refused, BadCells) as why:
            if any(name in self.written.columns for name in _HANDLE_TIMES):
                raise
            said = f"{self.source.written.file}: handle times are not taken: {why}"
            self.rd.mirror(said, self.source.node.place, self.key)
        except ToldBefore:
            pass
        return None

    def _handle_times(self, placed: Placed) -> Grid | None:
        opened = self.opened
        if opened.has("aht"):
            times = opened.durations("aht")
        elif opened.has("talk"):
            times = opened.durations("talk")
            if opened.has("wrap_up"):
                after = opened.durations("wrap_up")
                times = [
                    None if talk is None else talk + (more or 0.0) for talk, more in zip(times, after, strict=True)
                ]
        elif opened.has("handle_total"):
            if not opened.has("handled"):
                raise Refused("`handle_total` needs the column `handled`, by which it is divided", 1)
            totals, handled = opened.durations("handle_total"), opened.numbers("handled")
            times = [total / n if total and n else None for total, n in zip(totals, handled, strict=True)]
        else:
            return None
        if self.days is not None:
            times = [times[row] for row, _ in self.days.of]
        grid = self._grid(placed, times, again=False)
        return grid if any(grid.values) else None

    def _tell(self, placed: Placed, column: str, values: Sequence[float | None]) -> None:
        """What was read, for `check`: rows, dates, zone, gaps, sum by week."""
        self._tell_passages(placed)
        file, table = self.source.written.file, self.opened.table
        whose = f", {self.name}" if self.name else ""
        said = [f"{file}{whose}: {self._rows_said(placed, values)}"]
        if not (isinstance(table, Turned) and table.pattern):
            said.append(_sums(placed, column, values))
        if placed.closed:
            said.append(f"closed at {placed.closed:,} intervals, when the file never has a row")
        if placed.missing:
            what = "taken as 0" if self.written.missing == "0" else "as in another week"
            said.append(f"{len(placed.missing):,} intervals without a row {what}")
        if placed.outside:
            what = "as in another week" if self.written.outside == "repeat" else "taken as 0"
            said.append(f"{placed.outside:,} intervals of the horizon outside it {what}")
        self.rd.mirror("; ".join(said), self.source.node.place, self.key)
        self.opened.tell_recognised(self.source, self.rd)

    def _rows_said(self, placed: Placed, values: Sequence[float | None]) -> str:
        """How many rows of what width, and of when by whose clock."""
        table, width = self.opened.table, duration_text(placed.width // STEP)
        zones = sorted({zone.key for zone in self.zones}) or [self.rd.zone.key if self.rd.zone else "UTC"]
        clock = ", ".join(zones[:3])
        if isinstance(table, Turned) and table.pattern:
            first = placed.rows_from.date()
            days = {"day": 1, "week": 7}[table.pattern]
            held = placed.cells[: timedelta(days=days) // placed.width]
            total = sum(values[row] or 0.0 for row in held if row >= 0)
            begin = f" from {first:%a}" if days > 1 else ""
            return (
                f"times of {width}, the same every {table.pattern}{begin} by the clock of {clock}; {total:,.1f} in all"
            )
        # A row that stands for another week too counts once.
        count = len({row for row in (*placed.cells, *placed.again.values()) if row >= 0})
        what = f"of {width}"
        if self.days is not None:
            count, what = len({row for row, _ in self.days.of}), f"of a {self.days.unit}"
        since, until = (f"{at:%Y-%m-%d %H:%M}" for at in (placed.rows_from, placed.rows_until))
        return f"{count:,} rows {what}, {since} to {until} {clock}"

    def _tell_passages(self, placed: Placed) -> None:
        name = self.opened.source.name
        where, key = self.source.node.place, self.key
        if placed.again:
            said = _listed([placed.first + placed.width * cell for cell in sorted(placed.again)])
            what = "stand" if len(placed.again) > 1 else "stands"
            self.rd.assume(
                f"{name}: {said} {what} twice, as clocks are put back: the first row is taken for the first passage",
                where,
                key,
            )
        elif placed.once:
            what = "stand" if len(placed.once) > 1 else "stands"
            both = (
                "the agents are there in both passages"
                if self.stays
                else "the amount is split evenly over both passages"
            )
            said = _listed(placed.once)
            self.rd.assume(f"{name}: {said} {what} once, though clocks show it twice: {both}", where, key)


def _sums(placed: Placed, column: str, values: Sequence[float | None]) -> str:
    """The sum of the rows, by week where there are some."""
    if column == "agents":
        return f"up to {max((values[held] or 0.0 for held in placed.cells if held >= 0), default=0.0):,g} agents"
    minutes = 1.0 if column == "contacts" else placed.width / timedelta(minutes=1)
    own = range((placed.rows_from - placed.first) // placed.width, (placed.rows_until - placed.first) // placed.width)
    again = {cell: values[row] or 0.0 for cell, row in placed.again.items()}
    amounts = [
        0.0 if (row := placed.cells[cell]) < 0 else ((values[row] or 0.0) + again.get(cell, 0.0)) * minutes
        for cell in own
    ]
    total = sum(amounts)
    day = placed.rows_from.date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), datetime.min.time())
    by_week: dict[datetime, float] = {}
    at = 0
    while at < len(amounts):
        end = -((placed.rows_from - monday - timedelta(days=7)) // placed.width)
        if any(amounts[at:end]):
            by_week[monday] = sum(amounts[at:end])
        at, monday = max(end, at + 1), monday + timedelta(days=7)
    weeks = [f"{amount:,.0f} in the week of {week:%Y-%m-%d}" for week, amount in list(by_week.items())[:2]]
    more = f", ... {len(by_week)} weeks" if len(by_week) > 2 else ""
    return f"{total:,.1f} contacts" + (f" ({', '.join(weeks)}{more})" if len(by_week) > 1 else "")


def _listed(starts: Sequence[datetime]) -> str:
    """Some local times: `2026-11-01 01:00 and 01:30`."""
    said = [starts[0].isoformat(" ", "minutes")]
    for before, start in pairwise(starts):
        said.append(start.isoformat(" ", "minutes") if start.date() != before.date() else f"{start:%H:%M}")
    if len(said) > _MOST_SAID:
        said = [*said[: _MOST_SAID - 1], f"{len(said) - _MOST_SAID + 1} more"]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
