"""The rows of a file that belong to a volume or a pool: found, filtered, with their values recognised."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from ccsim.language.file_columns import AMOUNTS, find_columns, plain_name
from ccsim.language.files import SECONDS, FileRows, TableFile
from ccsim.language.intervals_of_day import numbered_intervals, refuse_numbers_for_times, told_numbers
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import BadCells, Refused, ToldBefore
from ccsim.language.row_times import RowTimes, of_dates, of_ends, of_instants, until_midnight
from ccsim.language.wide import NotWide, Turned, looks_wide, names_at, turned, typical_week
from ccsim.tables.columns import Ambiguous, Column, Misread
from ccsim.tables.dates import dates
from ccsim.tables.durations import DurationsWritten, durations
from ccsim.tables.instants import instants
from ccsim.tables.numbers import numbers
from ccsim.tables.reading import Table, Written, read_table
from ccsim.tables.store import Cells, picked, rows_by_text
from ccsim.tables.times import times
from ccsim.tables.unfit import Unfit
from ccsim.text.faults import likewise, near
from ccsim.text.tree import Place, shown
from ccsim.text.tree import Source as TextSource
from ccsim.units import SECOND

_PLAIN_NUMBERS: Final = "numbers"
_ONE_DAY: Final = timedelta(days=1)
MOST_BYTES: Final = 200_000_000
"""Bytes of a file as it lies there, packed or not."""
MOST_NAMES: Final = 100_000
"""Different names of queues, teams or streams in one column."""
_UNITS: Final = {"seconds": "s", "minutes": "min", "days": "d"}


class _Recognised(Protocol):
    """A column that was recognised."""

    @property
    def how(self) -> str: ...

    @property
    def faults(self) -> list[Misread]: ...


R = TypeVar("R", bound=_Recognised)


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
    refused: set[tuple[str, str]] = field(default_factory=set)
    """Columns that could not be read, which was told."""

    def place(self, row: int | None) -> Place:
        """Where a row stands; the file's first line for none."""
        return Place(self.source, 1 if row is None else self.table.line(row), 1)

    def has(self, what: str) -> bool:
        """Whether a column holds this."""
        return what in self.columns

    def recognised(self, what: str, recognise: Callable[[list[str]], Column[Any]], kind: str = "") -> list[Any]:
        """Values of a column by one of the recognisers of `ccsim.tables`, None where a cell is empty; see `read`."""
        return self.read(what, lambda: recognise(self.table.cells(self.columns[what])), kind).values

    def cells(self, what: str) -> Cells:
        """The texts of the column that holds this. Raises `Refused` for a table that lies on its side."""
        if isinstance(self.table, Turned):
            raise Refused("the columns of the table are times; here a row a contact is wanted", 1)
        return self.table.column(self.columns[what])

    def rows(self, what: str, recognise: Callable[[Cells], R]) -> R:
        """What a recogniser makes of the texts of a column, row by row in numbers. Raises as `recognised` does."""
        return self.read(what, lambda: recognise(self.cells(what)), "rows")

    def read(self, what: str, recognise: Callable[[], R], kind: str = "") -> R:
        """What a recogniser makes of the column that holds this; made once for each `kind`, as are its faults.

        Raises `Refused` and `BadCells`, and `ToldBefore` to all that ask for the column later.
        """
        known: R | None = self.values.get((what, kind))
        if known is not None:
            return known
        if (what, kind) in self.refused:
            raise ToldBefore
        self.refused.add((what, kind))
        head = self.table.columns[self.columns[what]]
        try:
            found = recognise()
        except Ambiguous as two:
            raise Refused(f"the column {shown(head)}: {two}", self.table.line(two.row)) from None
        if found.faults:
            raise BadCells([self._told(head, one) for one in found.faults])
        if found.how and found.how != _PLAIN_NUMBERS:
            self.told.append(f"{head}: {found.how}")
        self.refused.discard((what, kind))
        self.values[what, kind] = found
        return found

    def _told(self, head: str, wrong: Misread) -> tuple[int, str]:
        """Line and text of a cell that could not be read."""
        line = self.table.line
        others = likewise([line(row) for row in wrong.others], wrong.more)
        return line(wrong.row), f"the column {shown(head)}: {wrong.why}{others}"

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
        written = self.durations_written(self.columns[what])
        found = self.recognised(what, lambda cells: durations(cells, written))
        return [None if value is None else value * SECOND for value in found]

    def durations_written(self, column: int, unit: str | None = None) -> DurationsWritten:
        """What is known of how the durations of a column are written; `unit`: that of plain numbers, where stated."""
        said = self.written.durations
        unit = unit or _UNITS.get(said or "")
        return DurationsWritten(
            unit=unit or "s",
            unit_stated=unit is not None,
            decimal=self.written.decimal,
            thousands=self.table.thousands,
            stated=None if said in _UNITS else said,
            head=self.table.columns[column],
        )

    def times(self) -> RowTimes:
        """When the interval of each row begins."""
        if "times" not in self.values:
            self.values["times"] = self._times()
        found: RowTimes = self.values["times"]
        return found

    def _times(self) -> RowTimes:
        stated = self.stated_date
        if self.has("start"):
            return of_instants(self.recognised("start", lambda cells: instants(cells, stated)))
        if self._ends_alone:
            return self._times_of_ends(stated)
        days = self.recognised("date", lambda cells: dates(cells, stated))
        return of_dates(days, self._clocks())

    def _clocks(self) -> Sequence[Any] | None:
        """Time of the day of each row; None where rows are of whole days."""
        every, heads = self.written.every, self.table.columns
        if self.has("time"):
            column = self.columns["time"]
            refuse_numbers_for_times(self.table.cells(column), heads[column], every)
            return self.recognised("time", times)
        if self.has("period"):
            head = heads[self.columns["period"]]
            clocks = numbered_intervals(self.numbers("period"), head, every)
            self.told.append(told_numbers(clocks, head))
            return clocks
        return None

    @property
    def _ends_alone(self) -> bool:
        """Whether intervals are named by their ends: no column says when one begins."""
        return self.has("end") and not any(self.has(what) for what in ("start", "time", "period"))

    def _times_of_ends(self, stated: str | None) -> RowTimes:
        """When the interval of each row begins, where its end is written. Raises `Refused` for a single row."""
        if self.has("date"):
            days = self.recognised("date", lambda cells: dates(cells, stated))
            found = of_dates(days, until_midnight(days, self.recognised("end", times)))
        else:
            found = of_instants(self.recognised("end", lambda cells: instants(cells, stated)))
        begun = of_ends(found, self.written.every)
        if begun is None:
            raise Refused("one row does not tell how wide an interval is; say `every:`, like `every: 30m`", 1)
        return begun

    @property
    def stated_date(self) -> str | None:
        """How dates are written, where that is said. Raises `Refused` for `seconds`, which only a trace has."""
        if self.written.date == SECONDS:
            raise Refused("`date: seconds` is of a trace, whose times may count from the start of the horizon", 1)
        return self.written.date

    @property
    def dated(self) -> bool:
        """Whether it is known when the interval of a row begins."""
        return self.has("start") or self.has("date") or self._ends_alone or "times" in self.values

    @property
    def by_day(self) -> bool:
        """Whether rows have a date and no time."""
        if isinstance(self.table, Turned):
            return self.table.clocks is None
        return self.has("date") and not any(self.has(what) for what in ("time", "period", "end"))

    def rows_by_name(self) -> Mapping[str, Sequence[int]]:
        """Rows that count, by the text of the column of names; all under an empty text where there is none."""
        if "rows" not in self.values:
            self.values["rows"] = self._rows_by_name()
        found: Mapping[str, Sequence[int]] = self.values["rows"]
        return found

    def kept_rows(self) -> Sequence[int]:
        """Rows that have the texts wanted by `where`. Raises `Refused` where none has."""
        kept: Sequence[int] = range(self.table.rows)
        for column, texts in [(self.column(name), texts) for name, texts in self.written.where.items()]:
            cells = self.table.cells(column)
            there = set(cells) if len(texts) > 1 else set()
            lacking = next((text for text in texts if len(texts) > 1 and text not in there), None)
            if lacking is None:
                kept = array("I", (row for row in kept if cells[row] in texts))
            if lacking is not None or not kept:
                text = lacking or texts[0]
                known = near(text, sorted(set(cells))[:1_000])
                raise Refused(f"no row has {shown(text)} in the column {shown(self.table.columns[column])}{known}")
        return kept

    def _rows_by_name(self) -> Mapping[str, Sequence[int]]:
        kept = self.kept_rows()
        if not self.has("name"):
            return {"": kept}
        names = self.table.cells(self.columns["name"])
        found = rows_by_text(names, kept if self.written.where else None, MOST_NAMES)
        if len(found) > MOST_NAMES:
            head = shown(self.table.columns[self.columns["name"]])
            more = f"the column {head} holds more than {MOST_NAMES:,} different names"
            *_, last = found.values()
            raise Refused(more, self.table.line(last[0]))
        return found

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
    how = Written(
        delimiter="\t" if written.delimiter == "tab" else written.delimiter,
        encoding=written.encoding,
        head=written.head,
        sheet=written.sheet,
        skip=written.skip,
    )
    kept = (source.home.place.source.folder, written.file, how)
    fresh = kept not in rd.tables
    if fresh:
        rd.tables[kept] = _table(source, how, key, rd)
    if isinstance(rd.tables[kept], Bad):
        return BAD
    table: Table
    table, text = rd.tables[kept]
    opened = FileTable(table, written, text, told=list(table.recognised) if fresh else [])
    try:
        for what, said in written.columns.items():
            opened.columns[what] = opened.column(said)
    except Refused as refused:
        return rd.fault(str(refused), Place(text, max(refused.line, 1), 1), key)
    find_columns(table, opened.columns)
    long = opened.dated and any(opened.has(what) for what in AMOUNTS)
    if written.layout == "wide" or (written.layout is None and not long and looks_wide(table.columns)):
        return _turned(opened, table, key, rd)
    return _of_weekdays(opened, table, rd)


def _table(source: FileRows, how: Written, key: str, rd: Reading) -> tuple[Table, TextSource] | Bad:
    """The table of a file, and its place."""
    found = rd.file(source.written.file, source.home, key, MOST_BYTES)
    if isinstance(found, Bad):
        return BAD
    text = TextSource(found[0], Path(found[0]).parent)
    try:
        return read_table(found[1], found[0], how), text
    except Unfit as unfit:
        return rd.fault(str(unfit), Place(text, max(unfit.line, 1), max(unfit.column, 1)), key)


def _turned(opened: FileTable, table: Table, key: str, rd: Reading) -> FileTable | Bad:
    """The table of a file whose columns are times."""
    days = _days_of(rd)
    if days is None:
        return BAD
    try:
        made = turned(table, opened.stated_date, *days)
        names = opened.columns.get("name", names_at(table, opened.stated_date))
    except (NotWide, Ambiguous, Refused) as why:
        return rd.fault(str(why), Place(opened.source, 1, 1), key)
    opened.table = made
    opened.told += made.recognised[len(table.recognised) :]
    value = len(made.columns) - 1
    opened.columns = {"contacts": value, "agents": value} | ({} if names is None else {"name": names})
    opened.values["times"] = of_dates(made.days, made.clocks)
    return opened


def _of_weekdays(opened: FileTable, table: Table, rd: Reading) -> FileTable:
    """The table of a file; one whose dates are weekdays as one with a row for each date of the horizon."""
    days = _days_of(rd)
    if days is None or not opened.has("date") or not any(opened.has(what) for what in AMOUNTS):
        return opened
    if opened.has("period") and not opened.has("time"):
        return opened
    made = typical_week(table, opened.columns["date"], opened.columns.get("time"), *days)
    if made is not None:
        opened.table = made
        opened.told += made.recognised[len(table.recognised) :]
        opened.values["times"] = of_dates(made.days, made.clocks)
    return opened


def _days_of(rd: Reading) -> tuple[date, date] | None:
    """First and last date on which anything is simulated, and one more at either end for other clocks."""
    if rd.start is None or rd.simulated is None:
        return None
    return rd.start.date() - _ONE_DAY, (rd.start + rd.simulated).date() + _ONE_DAY


def rows_of(opened: FileTable, source: FileRows, own: str) -> tuple[Sequence[int], str]:
    """Rows of a volume or a pool, and the name that they bear in the file. Raises `Refused`."""
    groups = opened.rows_by_name()
    if not opened.has("name"):
        if source.name is not None:
            raise Refused(f"no column holds names; say which, like columns: {{name: {opened.table.columns[0]}}}", 1)
        return groups[""], ""
    hint = "" if source.name is not None else "; say which rows are its own with `name:`"
    found = [_name_in(groups, wanted, opened, hint) for wanted in source.name or (own,)]
    if len(found) == 1:
        return groups[found[0]], found[0]
    return sorted({row for name in found for row in groups[name]}), " + ".join(found)


def _name_in(groups: Mapping[str, Sequence[int]], wanted: str, opened: FileTable, hint: str) -> str:
    """A name as the file writes it. Raises `Refused`."""
    if wanted in groups:
        return wanted
    alike = [name for name in groups if plain_name(name) == plain_name(wanted)]
    if len(alike) == 1:
        return alike[0]
    head = opened.table.columns[opened.columns["name"]]
    raise Refused(f"no row of the column {shown(head)} is called {shown(wanted)}{near(wanted, groups)}{hint}")
