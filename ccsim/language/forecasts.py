"""Values of a file on a grid of local time: contacts and handle times of a volume, agents of a pool."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ccsim.language.curves import Grid, Repeated
from ccsim.language.file_handle_times import HANDLE_TIMES, handle_times, lacking, too_short, with_zeros
from ccsim.language.file_tables import FileTable, rows_of
from ccsim.language.file_times import rows_in_time
from ccsim.language.files import NOT_TAKEN, FileRows
from ccsim.language.opened_files import open_file
from ccsim.language.outside_horizon import cut_days, outside_amount, shut_said
from ccsim.language.placing import IN_GAP, NOTHING, Placed, place
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import BadCells, Refused, told_faults
from ccsim.language.row_times import TimedRows, Unplaced, width_of
from ccsim.language.same_interval import Added, added_up, mean_times, rows_added
from ccsim.language.told_rows import first_of, listed, sums_said
from ccsim.language.whole_days import Unit, WholeDays, days_of, whole_days
from ccsim.language.wide import Turned
from ccsim.text.clock import shown_after, wall_time, wall_us
from ccsim.text.quantities import LocalTime
from ccsim.text.scalars import duration_text
from ccsim.text.tree import shown
from ccsim.units import DAY

EVEN: Final = (1.0,) * 7
_FEWEST_NUMBERS: Final = 8
"""Columns called by numbers of which a fault asks whether they are hours."""
_MOST_HEADS: Final = 12
"""Columns of a file that a fault names."""


@dataclass(frozen=True, slots=True)
class FileGrid:
    """What a volume or a pool takes from a file."""

    grid: Grid
    """Values on the grid: contacts of an interval, of a minute, of an hour, or agents."""
    column: str
    """What the values are: `contacts`, `per_minute`, `per_hour`, `agents`."""
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
        self.added: Added = {}
        self.stays = stays
        self.written = source.written
        self.name = ""

    def read(self, columns: Sequence[str], own: str) -> FileGrid | Bad:
        column = self._column(columns)
        rows, self.name = rows_of(self.opened, self.source, own)
        timed = rows_in_time(self.opened, rows, self.zones)
        if self.written.same_interval == "add" or len(self.source.name or ()) > 1:
            timed, self.added = rows_added(timed, self.opened, each_name=self.written.same_interval != "add")
        placed = self._placed(timed)
        grid = self._grid(placed, self._values(column, rows), again=True)
        aht = self._handle_times_if_sound(placed, column, grid)
        self._tell(placed, column, grid)
        return FileGrid(grid, column, aht, self.days.unit if self.days else None)

    def _column(self, columns: Sequence[str]) -> str:
        opened = self.opened
        lacking = [] if opened.dated else ["date" if opened.has("time") or opened.has("period") else "start"]
        present = [name for name in columns if opened.has(name)]
        stated = [name for name in present if name in self.written.columns]
        if len(stated) == 1 or "contacts" in present:
            present = stated or [name for name in present if name != "per_hour"]
        if len(present) > 1:
            raise Refused(f"expected one of the columns {', '.join(columns)}, got {' and '.join(present)}", 1)
        if not present:
            lacking.append(columns[0])
        if lacking:
            heads = ", ".join(shown(head) for head in opened.table.columns[:_MOST_HEADS])
            if sum(map(str.isdigit, opened.table.columns)) >= _FEWEST_NUMBERS:
                heads += ", ... (columns that are times of the day are called like 08:00; say `every: 1h` of hours)"
            example = ", ".join(f"{what}: ..." for what in lacking)
            no = " and ".join(f"`{what}`" for what in lacking)
            raise Refused(f"no column is called {no}; the file has {heads}. Say which it is: columns: {{{example}}}", 1)
        return present[0]

    def _placed(self, rows: TimedRows) -> Placed:
        opened, rd = self.opened, self.rd
        if rd.start is None or rd.zone is None or rd.arriving is None:
            raise Refused("the horizon could not be read")
        if not rows.at:
            raise Refused("no row is left")
        stated = self.written.every
        if opened.by_day and stated is not None and stated < DAY:
            raise Refused(f"rows of whole days, but `every:` says {duration_text(stated)}")
        if opened.by_day and 2 * rows.steps[0] >= len(rows.at) > 1 and self.written.same_interval != "add":
            heads = ", ".join(shown(head) for head in opened.table.columns[:_MOST_HEADS])
            raise Refused(
                f"several rows have one date, and no column says which time they are of; the file has {heads}. Say "
                "which it is: columns: {time: ...}, or columns: {period: ...} for numbers of intervals; "
                "or `same_interval: add`",
                opened.table.line(rows.at[1]),
            )
        if opened.by_day or whole_days(rows, stated):
            self.days = days_of(rows, stated, self.weights)
            rows, width = self.days.rows, DAY
        else:
            width = width_of(rows, opened.times().lengths, stated)
        since, until = self._horizon()
        own = (rd.start, shown_after(rd.start, rd.zone, rd.arriving, rd.zone))
        apart = max(abs(at - wall_us(here)) for at, here in zip((since, until), own, strict=True))
        policies: dict[str, Any] = {"missing": self.written.missing, "outside": self.written.outside}
        try:
            return place(rows, width, self.zones, since=since, until=until, apart=apart, **policies)
        except Unplaced as unplaced:
            if self.days is None:
                raise
            of = self.days.of
            first, *others = (
                Unplaced(str(one), None if one.row is None else of[one.row][0]) for one in (unplaced, *unplaced.others)
            )
            raise Unplaced(str(first), first.row, *others) from None

    def _horizon(self) -> tuple[int, int]:
        """The time in which contacts arrive, as the clocks of the zones show it."""
        rd = self.rd
        assert rd.start is not None
        assert rd.zone is not None
        assert rd.arriving is not None
        start, here = rd.start, rd.zone
        shown_by = self.zones or (here,)
        first, last = (
            [wall_us(shown_after(start, here, passed, zone)) for zone in shown_by]
            for passed in (timedelta(0), rd.arriving)
        )
        return min(first), max(last)

    def _values(self, column: str, rows: Sequence[int]) -> list[float]:
        """The values that cells of the grid point to, see `with_zeros`."""
        values: list[Any] = self.opened.numbers(column)
        if not self.opened.sound(column, rows):
            self._faults(column, rows, values)
        if self.added:
            values = added_up(values, self.added)
            after = {row for several in self.added.values() for row in several[1:]}
            rows = [row for row in rows if row not in after]
        if column == "agents":
            values = self._rounded(values, rows)
        elif self.days is None and not self.added:
            if ("amounts", column) not in self.opened.values:
                self.opened.values["amounts", column] = with_zeros(values)
            amounts: list[float] = self.opened.values["amounts", column]
            return amounts
        if self.days is None:
            return with_zeros(values)
        shares = self.days.of if column == "contacts" else [(row, 1.0) for row, _ in self.days.of]
        return with_zeros([None if (value := values[row]) is None else value * share for row, share in shares])

    def _faults(self, column: str, rows: Sequence[int], values: Sequence[float | None]) -> None:
        """Refuse values below 0, and empty cells where nothing is said of them."""
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

    def _grid(self, placed: Placed, values: Sequence[float], *, again: bool) -> Grid:
        cells = list(map(values.__getitem__, placed.cells))
        if self.stays and IN_GAP in placed.cells:
            for cell, held in enumerate(placed.cells):
                if held == IN_GAP and cell:
                    cells[cell] = cells[cell - 1]
        repeated = tuple(
            Repeated(cell=cell, first=placed.passage[cell], value=values[row])
            for cell, row in sorted(placed.again.items())
        )
        return Grid(
            every=placed.width,
            start=LocalTime(wall_time(placed.first).isoformat()),
            values=tuple(cells),
            repeated=repeated if again else (),
        )

    def _handle_times_if_sound(self, placed: Placed, column: str, amounts: Grid) -> Grid | None:
        """The handle times; of columns that nobody named only where they can be read, as nobody may want them."""
        try:
            times = handle_times(self.opened)
        except (Refused, BadCells) as why:
            if any(name in self.written.columns for name in HANDLE_TIMES):
                raise
            said = f"{self.source.written.file}: {NOT_TAKEN}{why}"
            self.rd.mirror(said, self.source.node.place, self.key)
            return None
        if times is None:
            return None
        if self.added:
            times = mean_times(times, self.opened.numbers(column), self.added)
        if self.days is not None:
            times = with_zeros([times[row] for row, _ in self.days.of])
        grid = self._grid(placed, times, again=False)
        if not any(grid.values):
            return None
        file, where = self.source.written.file, self.source.node.place
        if said := too_short(grid.values, self.written.durations):
            self.rd.warn(f"{file}: {said}", where, self.key)
        if said := lacking(grid.values, amounts.values, placed.first, placed.width):
            self.rd.assume(f"{file}: {said}", where, self.key)
        return grid

    def _tell(self, placed: Placed, column: str, grid: Grid) -> None:
        """What was read, for `check`: rows, dates, zone, gaps, sum by week."""
        self._tell_passages(placed)
        file, table = self.source.written.file, self.opened.table
        whose = f", {self.name}" if self.name else ""
        said = [f"{file}{whose}: {self._rows_said(placed, grid)}"]
        pattern = table.pattern if isinstance(table, Turned) else None
        closed, missing, each = placed.closed, len(placed.missing), ""
        if pattern is None:
            said.append(sums_said(placed, column, grid))
        else:  # its rows stand for every day of the horizon: what is told is of one
            cells, held = first_of(placed, pattern)
            closed, missing = (min(of_all, cells - len(held)) for of_all in (closed, missing))
            each = f" of the {pattern}"
        if closed:
            said.append(f"closed at {closed:,} intervals{each}, when the file never has a row")
        if missing:
            what = "taken as 0" if self.written.missing == "0" else "as in another week"
            said.append(f"{missing:,} intervals{each} without a row {what}")
        if column == "contacts" and pattern is None:
            said += self._outside(placed, grid)
        if not closed and not placed.outside and self.days is None and pattern is None and self._one_clock:
            said += [shut] if (shut := shut_said(placed, *self._horizon())) else []
        if placed.outside:
            what = "taken as 0" if self.written.outside == "0" else "as in another week"
            said.append(f"{placed.outside:,} intervals of the horizon outside it {what}")
        self.rd.mirror("; ".join(said), self.source.node.place, self.key)
        self.opened.tell_recognised(self.source, self.rd)

    @property
    def _one_clock(self) -> bool:
        """Whether the horizon and the file go by the same clock."""
        return {zone.key for zone in self.zones} <= {self.rd.zone.key if self.rd.zone else ""}

    def _outside(self, placed: Placed, grid: Grid) -> list[str]:
        """What is told of contacts before the horizon and after it; a remark where a day is cut."""
        since, until = self._horizon()
        if self.days is None and self._one_clock:
            cut = cut_days(placed, grid.values, since, until)
            if cut:
                said = f"{self.source.written.file}: the horizon leaves out a part of a day: {cut}"
                self.rd.warn(f"{said}; if that is not meant, look at its clock", self.source.node.place, self.key)
        amount = outside_amount(placed, grid.values, since, until)
        return [f"{amount:,.1f} contacts outside the horizon are left out"] if amount and not placed.outside else []

    def _rows_said(self, placed: Placed, grid: Grid) -> str:
        """How many rows of what width, and of when by whose clock."""
        table, width = self.opened.table, duration_text(placed.width)
        zones = sorted({zone.key for zone in self.zones}) or [self.rd.zone.key if self.rd.zone else "UTC"]
        clock = ", ".join(zones[:3])
        if isinstance(table, Turned) and table.pattern:
            first_cells = first_of(placed, table.pattern)[0]
            held = zip(grid.values[:first_cells], placed.cells, strict=False)
            total = sum(value for value, row in held if row >= 0)
            return f"times of {width}, the same every {table.pattern} by the clock of {clock}; {total:,.1f} in all"
        # A row that stands for another week too counts once.
        cells = placed.cells
        if self.written.missing == "repeat" or (placed.outside and self.written.outside != "0"):
            count = len({*cells, *placed.again.values()} - {NOTHING, IN_GAP})
        else:
            count = len(cells) - cells.count(NOTHING) - cells.count(IN_GAP) + len(placed.again)
        what = f"of {width}"
        if self.days is not None:
            count, what = len({row for row, _ in self.days.of}), f"of a {self.days.unit}"
        since, until = (f"{wall_time(at):%Y-%m-%d %H:%M}" for at in (placed.rows_from, placed.rows_until))
        return f"{count:,} rows {what}, {since} to {until} {clock}"

    def _tell_passages(self, placed: Placed) -> None:
        name = self.opened.source.name
        where, key = self.source.node.place, self.key
        if placed.again:
            said = listed([placed.first + placed.width * cell for cell in sorted(placed.again)])
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
            said = listed(placed.once)
            self.rd.assume(f"{name}: {said} {what} once, though clocks show it twice: {both}", where, key)
