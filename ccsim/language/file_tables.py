"""The rows of a file that belong to a volume or a pool: found, filtered, with their times and values recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from ccsim.language.csvs import MOST_BYTES
from ccsim.language.files import FILE_COLUMNS, FORMER, FileRows, TableFile
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.row_times import RowTimes, Unplaced, of_dates, of_instants
from ccsim.language.wide import NotWide, Turned, looks_wide, names_at, turned
from ccsim.tables.columns import Ambiguous, Column
from ccsim.tables.dates import dates, instants, times
from ccsim.tables.numbers import durations, numbers
from ccsim.tables.reading import Table, Written, read_table
from ccsim.tables.store import picked, rows_by_text
from ccsim.text.csv_rows import Unfit
from ccsim.text.faults import near
from ccsim.text.tree import Place, shown
from ccsim.text.tree import Source as TextSource
from ccsim.text.within import is_foreign
from ccsim.units import SECOND

_APART: Final = re.compile(r"[\s_-]+")
_NOT_TOLD: Final = "cannot be used as it is; why is not told, as that quotes a file from outside the scenario's folder"
"""Reasons give heads, dates and numbers of the file as they are written."""
_PLAIN_NUMBERS: Final = "numbers"
_ONE_DAY: Final = timedelta(days=1)
T = TypeVar("T")


class Refused(Exception):  # noqa: N818
    """A file cannot be used: why, and the line that shows it, 0 for none."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


@dataclass(slots=True)
class FileTable:
    """A file that was read, with what was recognised in it so far."""

    table: Table | Turned
    written: TableFile
    source: TextSource
    columns: dict[str, int] = field(default_factory=dict)
    """Columns by what they hold."""
    values: dict[Any, Any] = field(default_factory=dict)
    """Columns that have been recognised, and rows by name."""
    told: list[str] = field(default_factory=list)
    """What was recognised, in words, and has not been said yet."""

    def place(self, row: int | None) -> Place:
        """Where a row stands; the file's first line for none."""
        return Place(self.source, 1 if row is None else self.table.line(row), 1)

    def has(self, what: str) -> bool:
        """Whether a column holds this."""
        return what in self.columns

    def recognised(self, what: str, recognise: Callable[[list[str]], Column[Any]]) -> list[Any]:
        """Values of a column by one of the recognisers of `ccsim.tables`, None where a cell is empty; made once.

        Raises `Refused` and `BadCells`.
        """
        if what not in self.values:
            head = self.table.columns[self.columns[what]]
            cells = self.table.cells(self.columns[what])
            try:
                column = recognise(cells)
            except Ambiguous as two:
                raise Refused(f"the column {shown(head)}: {two}", self.table.line(two.row)) from None
            if column.faults:
                raise BadCells(
                    [(self.table.line(one.row), f"the column {shown(head)}: {one.why}") for one in column.faults]
                )
            if column.how and column.how != _PLAIN_NUMBERS:
                self.told.append(f"{head}: {column.how}")
            self.values[what] = column.values
        found: list[Any] = self.values[what]
        return found

    def tell_recognised(self, source: FileRows, rd: Reading) -> None:
        """Say what was recognised, once."""
        if self.told:
            rd.mirror(f"{self.written.file}: {'; '.join(dict.fromkeys(self.told))}", source.home.place, "files")
            self.told.clear()

    def numbers(self, what: str) -> list[float | None]:
        """Values of a column of numbers, None where a cell is empty."""
        decimal = self.written.decimal
        return self.recognised(what, lambda cells: numbers(cells, decimal=decimal, thousands=self.table.thousands))

    def sound(self, what: str, rows: Sequence[int]) -> bool:
        """Whether a column of numbers has one of 0 or more in some rows."""
        if ("sound", what) not in self.values:
            self.values["sound", what] = _at_least_0(self.numbers(what))
        return bool(self.values["sound", what]) or _at_least_0(picked(self.numbers(what), rows))

    def durations(self, what: str) -> list[float | None]:
        """Values of a column of durations in microseconds, None where a cell is empty."""
        unit = "min" if self.written.durations == "minutes" else "s"
        head = self.table.columns[self.columns[what]]
        decimal, thousands = self.written.decimal, self.table.thousands
        found = self.recognised(
            what, lambda cells: durations(cells, unit, decimal=decimal, thousands=thousands, head=head)
        )
        return [None if value is None else value * SECOND for value in found]

    def times(self) -> RowTimes:
        """When the interval of each row begins."""
        if "times" not in self.values:
            self.values["times"] = self._times()
        found: RowTimes = self.values["times"]
        return found

    def _times(self) -> RowTimes:
        stated = self.written.date
        if self.has("start"):
            return of_instants(self.recognised("start", lambda cells: instants(cells, stated)))
        days = self.recognised("date", lambda cells: dates(cells, stated))
        return of_dates(days, self.recognised("time", times) if self.has("time") else None)

    @property
    def dated(self) -> bool:
        """Whether it is known when the interval of a row begins."""
        return self.has("start") or self.has("date") or "times" in self.values

    @property
    def by_day(self) -> bool:
        """Whether rows have a date and no time."""
        if isinstance(self.table, Turned):
            return self.table.clocks is None
        return self.has("date") and not self.has("time")

    def rows_by_name(self) -> dict[str, Sequence[int]]:
        """Rows that count, by the text of the column of names; all under an empty text where there is none."""
        if "rows" not in self.values:
            self.values["rows"] = self._rows_by_name()
        found: dict[str, Sequence[int]] = self.values["rows"]
        return found

    def _rows_by_name(self) -> dict[str, Sequence[int]]:
        wanted = [(self.column(name), text) for name, text in self.written.where.items()]
        kept: Sequence[int] = range(self.table.rows)
        for column, text in wanted:
            cells = self.table.cells(column)
            kept = [row for row in kept if cells[row] == text]
            if not kept:
                known = near(text, sorted(set(cells))[:1_000])
                raise Refused(f"no row has {shown(text)} in the column {shown(self.table.columns[column])}{known}")
        if not self.has("name"):
            return {"": list(kept)}
        names = self.table.cells(self.columns["name"])
        if not wanted:
            return rows_by_text(names)
        found: dict[str, list[int]] = {}
        for row in kept:
            found.setdefault(names[row], []).append(row)
        return dict(found)

    def column(self, text: str) -> int:
        """A column by its name in the head or its number from 1. Raises `Refused`."""
        heads = self.table.columns
        if text in heads:
            return heads.index(text)
        alike = [at for at, head in enumerate(heads) if plain_name(head) == plain_name(text)]
        if len(alike) == 1:
            return alike[0]
        if text.isdigit() and 1 <= int(text) <= len(heads):
            return int(text) - 1
        raise Refused(f"there is no column {shown(text)}{near(text, heads)}", 1)


def _at_least_0(values: Sequence[Any]) -> bool:
    try:
        return bool(min(values) >= 0.0)
    except TypeError:  # an empty cell
        return False


class BadCells(Exception):  # noqa: N818
    """Cells that cannot be read: their lines, and why."""

    def __init__(self, cells: list[tuple[int, str]]) -> None:
        super().__init__(cells[0][1])
        self.cells = cells


def open_file(source: FileRows, key: str, rd: Reading) -> FileTable | Bad:
    """The table of a file with its columns found; read once for all that name it in the same way."""
    folder = source.home.place.source.folder
    how = (folder, repr(source.written))
    cached = rd.tables.get(how)
    if cached is None:
        cached = rd.tables[how] = _opened(source, key, rd)
    if isinstance(cached, FileTable):
        return cached
    return BAD


def _opened(source: FileRows, key: str, rd: Reading) -> FileTable | Bad:
    written = source.written
    found = rd.file(written.file, source.home, key, MOST_BYTES)
    if isinstance(found, Bad):
        return BAD
    text = TextSource(found[0], Path(found[0]).parent)
    how = Written(
        delimiter="\t" if written.delimiter == "tab" else written.delimiter,
        encoding=written.encoding,
        head=written.head,
        sheet=written.sheet,
        skip=written.skip,
    )
    try:
        table = read_table(found[1], found[0], how)
    except Unfit as unfit:
        return rd.fault(str(unfit), Place(text, max(unfit.line, 1), max(unfit.column, 1)), key)
    opened = FileTable(table, written, text, told=list(table.recognised))
    try:
        for what, said in written.columns.items():
            opened.columns[what] = opened.column(said)
    except Refused as refused:
        return rd.fault(str(refused), Place(text, max(refused.line, 1), 1), key)
    taken = set(opened.columns.values())
    if table.columns:
        for at, head in enumerate(table.columns):
            what = FORMER.get(plain_name(head), plain_name(head))
            if what in FILE_COLUMNS and what not in opened.columns and at not in taken:
                opened.columns[what] = at
    if written.layout == "wide" or (written.layout is None and not opened.dated and looks_wide(table.columns)):
        return _turned(opened, table, key, rd)
    return opened


def _turned(opened: FileTable, table: Table, key: str, rd: Reading) -> FileTable | Bad:
    """The table of a file whose columns are times."""
    if rd.start is None or rd.played is None:
        return BAD
    first = rd.start.date() - _ONE_DAY
    last = (rd.start + rd.played).date() + _ONE_DAY
    try:
        made = turned(table, opened.written.date, first, last)
        names = opened.columns.get("name", names_at(table, opened.written.date))
    except (NotWide, Ambiguous) as why:
        return rd.fault(str(why), Place(opened.source, 1, 1), key)
    opened.table, opened.told = made, list(made.recognised)
    value = len(made.columns) - 1
    opened.columns = {"contacts": value, "agents": value} | ({} if names is None else {"name": names})
    opened.values["times"] = of_dates(made.days, made.clocks)
    return opened


def rows_of(opened: FileTable, source: FileRows, own: str) -> tuple[Sequence[int], str]:
    """Rows of a volume or a pool, and the name that they bear in the file. Raises `Refused`."""
    groups = opened.rows_by_name()
    if not opened.has("name"):
        if source.name is not None:
            raise Refused(f"no column holds names; say which, like columns: {{name: {opened.table.columns[0]}}}", 1)
        return groups[""], ""
    wanted = own if source.name is None else source.name
    if wanted in groups:
        return groups[wanted], wanted
    alike = [name for name in groups if plain_name(name) == plain_name(wanted)]
    if len(alike) == 1:
        return groups[alike[0]], alike[0]
    head = opened.table.columns[opened.columns["name"]]
    hint = "" if source.name is not None else "; say which rows are its own with `name:`"
    raise Refused(f"no row of the column {shown(head)} is called {shown(wanted)}{near(wanted, groups)}{hint}")


def told_faults(opened: FileTable, key: str, rd: Reading, read: Callable[[], T | Bad]) -> T | Bad:
    """What reading the rows of a file gives; what refuses them is told with its line."""
    try:
        return read()
    except Refused as refused:
        faults = [(str(refused), max(refused.line, 1))]
    except BadCells as misread:
        faults = [(why, line) for line, why in misread.cells]
    except Unplaced as unplaced:
        faults = [(str(one), opened.place(one.row).line) for one in (unplaced, *unplaced.others)]
    home = rd.faults.home
    if home is not None and is_foreign(opened.source, home):
        faults = [(_NOT_TOLD, line) for _, line in faults]
    for why, line in faults:
        rd.fault(why, Place(opened.source, line, 1), key)
    return BAD


def plain_name(text: str) -> str:
    """A name as it is compared: `Start Time` and `start_time` are one."""
    return _APART.sub("_", text.strip().casefold())
