"""Observed times from a column of a file, for an empirical law."""

from __future__ import annotations

from ccsim.language.file_tables import FileTable
from ccsim.language.files import FileRows
from ccsim.language.opened_files import open_file
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import Refused, told_faults
from ccsim.tables.columns import counted
from ccsim.tables.durations import DurationsWritten
from ccsim.tables.micros import durations_by_row
from ccsim.tables.number_instants import NONE
from ccsim.text.faults import near
from ccsim.units import SECOND


def file_times(source: FileRows, column: str | None, unit: str | None, key: str, rd: Reading) -> tuple[int, ...] | Bad:
    """The times in a column of a file in microseconds, sorted; `column` may be left out where there is only one.

    `unit`: what plain numbers count, where that is said; without it they are faults.
    """
    written = source.written
    if written.layout is None:
        written = written.model_copy(update={"layout": "long"})
    opened = open_file(FileRows(written, source.name, source.node, source.home), key, rd)
    if isinstance(opened, Bad):
        return BAD
    return told_faults(opened.source, opened.table.line, key, rd, lambda: _read(opened, source, column, unit, key, rd))


def _read(
    opened: FileTable, source: FileRows, column: str | None, unit: str | None, key: str, rd: Reading
) -> tuple[int, ...]:
    heads = opened.table.columns
    if column is None and len(heads) > 1:
        raise Refused(f"say which column holds the times, like `column: {heads[0]}`{near('', heads)}", 1)
    at = 0 if column is None else opened.column(column)
    what = f"column {at + 1}, {unit}"  # a column may hold times of several units for several laws
    opened.columns.setdefault(what, at)
    known = opened.durations_written(at, unit)
    if not known.unit_stated:
        known = DurationsWritten(None, True, known.decimal, known.thousands, known.stated, known.head)
    found = opened.rows(what, lambda cells: durations_by_row(cells, known)).values
    rows = opened.kept_rows()
    times = [us for us in map(found.__getitem__, rows) if us != NONE]
    if not times:
        raise Refused("the column holds no time", 1)
    times.sort()
    said = f"{counted(len(times), 'time')}, {_seconds(times[0])} to {_seconds(times[-1])}"
    mean = f"{sum(times) / len(times) / SECOND:,.1f} s on average"
    blank = len(rows) - len(times)
    out = f"; {counted(blank, 'blank cell')} {'is' if blank == 1 else 'are'} left out" if blank else ""
    rd.mirror(f"{opened.written.file}, {heads[at]}: {said}, {mean}{out}", source.node.place, key)
    opened.tell_recognised(source, rd)
    return tuple(times)


def _seconds(us: int) -> str:
    return f"{us / SECOND:,.3f}".rstrip("0").rstrip(".") + " s"
