"""A file is opened: its table read, its columns found, and turned where the table lies on its side."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from ccsim.language.file_columns import AMOUNTS, find_columns
from ccsim.language.file_tables import FileTable
from ccsim.language.files import FileRows, TableFile
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import Refused
from ccsim.language.row_times import of_dates
from ccsim.language.wide import NotWide, Said, looks_wide, names_at, turned, typical_week
from ccsim.language.wide_heads import ask_for_weekdays
from ccsim.tables.columns import Ambiguous
from ccsim.tables.reading import Table, Written, read_table
from ccsim.tables.unfit import Unfit
from ccsim.text.tree import Place, shown
from ccsim.text.tree import Source as TextSource

_ONE_DAY: Final = timedelta(days=1)
MOST_BYTES: Final = 200_000_000
"""Bytes of a file as it lies there, packed or not."""


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
        find_columns(table, opened.columns)
    except Refused as refused:
        return rd.fault(str(refused), Place(text, max(refused.line, 1), 1), key)
    long = opened.dated and any(opened.has(what) for what in AMOUNTS)
    if written.layout == "wide" or (
        written.layout is None and not long and looks_wide(table.columns, said_of(written))
    ):
        return _turned(opened, table, key, rd)
    return _of_weekdays(opened, table, key, rd)


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
        said = said_of(opened.written)
        made = turned(table, said, *days)
        names = opened.columns.get("name", names_at(table, said))
        if names is not None and "name" not in opened.columns and (asked := ask_for_weekdays(table.cells(names))):
            raise NotWide(f"the column {shown(table.columns[names])}: {asked}")
    except (NotWide, Ambiguous, Refused) as why:
        return rd.fault(str(why), Place(opened.source, 1, 1), key)
    opened.table = made
    opened.told += made.recognised[len(table.recognised) :]
    value = len(made.columns) - 1
    opened.columns = {"contacts": value, "agents": value} | ({} if names is None else {"name": names})
    opened.values["times"] = of_dates(made.days, made.clocks)
    return opened


def said_of(written: TableFile) -> Said:
    """What is said of a table that may lie on its side."""
    return Said(written.date, written.every)


def _of_weekdays(opened: FileTable, table: Table, key: str, rd: Reading) -> FileTable | Bad:
    """The table of a file; one whose dates are weekdays as one with a row for each date of the horizon."""
    days = _days_of(rd)
    if days is None or not opened.has("date") or not any(opened.has(what) for what in AMOUNTS):
        return opened
    if opened.has("period") and not opened.has("time"):
        return opened
    try:
        made = typical_week(table, said_of(opened.written), opened.columns["date"], opened.columns.get("time"), *days)
    except NotWide as why:
        return rd.fault(str(why), Place(opened.source, 1, 1), key)
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
