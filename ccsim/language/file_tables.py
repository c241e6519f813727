"""The rows of a file that belong to a volume or a pool: found, filtered, with their values recognised."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from ccsim.language.file_columns import only_one, plain_name
from ccsim.language.files import SECONDS, WEEKDAY_NUMBERS, FileRows, TableFile
from ccsim.language.intervals_of_day import (
    are_hours,
    hours_and_minutes,
    numbered_intervals,
    refuse_numbers_for_times,
    told_numbers,
)
from ccsim.language.reading import Reading
from ccsim.language.refusals import BadCells, Refused, ToldBefore
from ccsim.language.row_times import RowTimes, dates_below, ends_its_day, of_dates, of_ends, of_instants, until_midnight
from ccsim.language.wide import Turned
from ccsim.tables.columns import Ambiguous, Column, Misread, counted
from ccsim.tables.dates import dates
from ccsim.tables.durations import DurationsWritten, durations, unit_of_head
from ccsim.tables.instants import instants
from ccsim.tables.numbers import numbers
from ccsim.tables.reading import Table
from ccsim.tables.store import Cells, picked, rows_by_text
from ccsim.tables.times import times
from ccsim.text.faults import MOST_NAMED, likewise, near
from ccsim.text.tree import Place, shown
from ccsim.text.tree import Source as TextSource
from ccsim.units import DAY, SECOND

_PLAIN_NUMBERS: Final = "numbers"
MOST_NAMES: Final = 100_000
"""Different names of queues, teams or streams in one column."""
_SPAN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^/]+/[0-9]{4}-[0-9]{2}-[0-9]{2}T[^/]+")
"""An interval of ISO 8601, from an instant to another."""
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
        """Say what was recognised, once, and which rows are nobody's."""
        nameless = self.values.pop("nameless", ())
        if nameless:
            head, lines = (
                self.table.columns[self.columns["name"]],
                list(map(self.table.line, nameless[: MOST_NAMED + 1])),
            )
            others = likewise(lines[1:], len(nameless) - 1)
            said = f"{self.written.file}:{lines[0]}: no name in the column {shown(head)}: the row is nobody's{others}"
            rd.warn(f"{said}; write the name in every row", source.home.place, "files")
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
        unit = unit or _UNITS.get(said or "") or unit_of_head(self.table.columns[column])
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
            first = next(filter(None, self.table.cells(self.columns["start"])), "")
            if _SPAN.fullmatch(first):
                return self._times_of_spans(stated)
            return of_instants(self.recognised("start", lambda cells: instants(cells, stated)))
        if self._ends_alone:
            return self._times_of_ends(stated)
        days = self.recognised("date", lambda cells: dates(cells, stated))
        clocks = self._clocks()
        if clocks is not None and None in days and days[0] is not None:
            days, blank = dates_below(days, clocks)
            if blank:
                head = self.table.columns[self.columns["date"]]
                self.told.append(f"{head}: {counted(blank, 'blank cell')} taken for the date above")
        return of_dates(days, clocks)

    def _times_of_spans(self, stated: str | None) -> RowTimes:
        """When the interval of each row begins and how long it is, where a cell holds both its ends."""

        def ends(part: int) -> RowTimes:
            found = self.recognised(
                "start", lambda cells: instants([text.partition("/")[part] for text in cells], stated), f"part {part}"
            )
            return of_instants(found)

        begun, ended = ends(0), ends(2)
        pairs = zip(begun.starts, ended.starts, strict=True)
        return RowTimes(begun.starts, begun.of_utc, [None if a is None or b is None else b - a for a, b in pairs])

    def _clocks(self) -> Sequence[Any] | None:
        """Time of the day of each row; None where rows are of whole days."""
        every, heads = self.written.every, self.table.columns
        if self.has("time"):
            column = self.columns["time"]
            if self.has("minute") and ("minute" in self.written.columns or are_hours(self.table.cells(column))):
                return self._hours_and_minutes()
            refuse_numbers_for_times(self.table.cells(column), heads[column], every)
            clocks = self.recognised("time", times)
            if (late := next((row for row, one in enumerate(clocks) if ends_its_day(one)), None)) is not None:
                raise Refused(
                    f"the column {shown(heads[column])}: no interval of a date begins at 24:00; if times name the "
                    f"ends of intervals, say columns: {{end: {heads[column]}}}",
                    self.table.line(late),
                )
            return clocks
        if self.has("period"):
            head = heads[self.columns["period"]]
            clocks = numbered_intervals(self.numbers("period"), head, every)
            self.told.append(told_numbers(clocks, head))
            return clocks
        return None

    def _hours_and_minutes(self) -> Sequence[Any]:
        """Time of the day of each row, whose hour and minute stand in two columns."""
        heads = [self.table.columns[self.columns[what]] for what in ("time", "minute")]
        clocks, odd = hours_and_minutes(self.numbers("time"), self.numbers("minute"))
        if odd is not None:
            texts = [self.table.cells(self.columns[what])[odd] for what in ("time", "minute")]
            why = "expected an hour from 0 to 23 and a minute from 0 to 59"
            got = f"{shown(texts[0])} and {shown(texts[1])}"
            where = f"the columns {shown(heads[0])} and {shown(heads[1])}"
            raise Refused(f"{where}: {why}, got {got}", self.table.line(odd))
        self.told.append(f"{heads[0]} and {heads[1]}: hours and minutes of the time of day")
        return clocks

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
            texts = self.table.cells(self.columns["end"])
            if not any(":" in text for text in texts) and all(at is None or not at % DAY for at in found.starts):
                self.told.append(f"{self.table.columns[self.columns['end']]}: the last day of each row")
                found = RowTimes([None if at is None else at + DAY for at in found.starts], found.of_utc)
        begun = of_ends(found, self.written.every)
        if begun is None:
            raise Refused("one row does not tell how wide an interval is; say `every:`, like `every: 30m`", 1)
        return begun

    @property
    def stated_date(self) -> str | None:
        """How dates are written, where that is said. Raises `Refused` for what a table of dates cannot have."""
        if self.written.date == SECONDS:
            raise Refused("`date: seconds` is of a trace, whose times may count from the start of the horizon", 1)
        if self.written.date in WEEKDAY_NUMBERS:
            raise Refused(f"`date: {self.written.date}` is of weekdays that are numbers; here are none", 1)
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
        if len(found) > 1:
            self.values["nameless"] = found.get("", ())
        return found

    def column(self, text: str) -> int:
        """A column by its name in the head or its number from 1. Raises `Refused`."""
        heads = self.table.columns
        if text in heads:
            return only_one(text, heads)
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
