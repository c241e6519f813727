"""The workbook of a run, a comparison or a sweep: one tidy sheet a table, for people who go on in a spreadsheet."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from ccsim.errors import OutputError
from ccsim.report.facts import Facts
from ccsim.report.staffing import staffing_of
from ccsim.report.workbook_money import away_sheet, cost_sheet, vendor_sheet
from ccsim.report.workbook_sheet import Cell, Column, Number, Sheet, count
from ccsim.report.workbook_splits import split_sheets
from ccsim.report.workbook_spread import drawn_sheet, spread_sheet
from ccsim.report.workbook_text import about_sheet, definition_sheet, estimate_sheet, goal_sheet, provenance_sheet
from ccsim.report.workbook_time import backlog_sheet, day_sheet, period_sheet, plan_sheet, restored_sheet
from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from ccsim.results.staff import KeptStaff
from ccsim.results.sweep import Sweep

NAME: Final = "report.xlsx"
"""Name of the workbook in the folder of a run or a comparison."""
MARK: Final = "Workbook of ccsim"
"""Marks a workbook as ours, so that it may be replaced."""
CREATED: Final = datetime(2000, 1, 1)
"""Recorded as the time of making, whenever it is: equal runs give equal bytes."""

MOST_ROWS: Final = 200_000
"""Longer tables are cut, which the contents say."""
LONGEST: Final = 16_000
"""Longer texts are cut: a cell holds 32,767 units of UTF-16."""
NARROW, WIDE, LOOKED_AT = 9, 60, 500
"""Widths of columns in characters, and how many rows they are made from."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def sheets(run: Run) -> list[Sheet]:
    """Every sheet of the workbook that has something in it, in order; the second is the list of them."""
    facts = Facts(run)
    made = [
        about_sheet(facts),
        goal_sheet(facts),
        estimate_sheet(facts),
        *split_sheets(facts),
        day_sheet(facts),
        period_sheet(facts),
        plan_sheet(facts, staffing_of(run.tables, facts.clock)),
        backlog_sheet(facts),
        restored_sheet(facts),
        spread_sheet(facts),
        drawn_sheet(facts),
        cost_sheet(facts),
        vendor_sheet(facts),
        away_sheet(facts),
        definition_sheet(facts),
        provenance_sheet(facts),
    ]
    return with_contents(made)


def with_contents(made: Sequence[Sheet | None]) -> list[Sheet]:
    """The sheets that there are, with the list of them as the second."""
    kept = [sheet for sheet in made if sheet is not None]
    return [kept[0], _contents(kept[1:]), *kept[1:]]


def _contents(others: Sequence[Sheet]) -> Sheet:
    rows: list[list[Cell]] = []
    for sheet in others:
        cut = f"; the first {MOST_ROWS:,} of {len(sheet.rows):,}" if len(sheet.rows) > MOST_ROWS else ""
        rows.append([sheet.name, f"{sheet.about}{cut}", count(min(len(sheet.rows), MOST_ROWS))])
    columns = [Column("Sheet"), Column("A row is"), Column("Rows")]
    return Sheet("Contents", "A sheet of this workbook", columns, rows)


def workbook_bytes(made: Run | Comparison | Sweep | KeptStaff) -> bytes:
    """The workbook of what was made as the bytes of an .xlsx file; the same one gives the same bytes."""
    if isinstance(made, Comparison):
        from ccsim.report.workbook_compare import comparison_sheets

        title, pages = "Comparison of ccsim", with_contents(comparison_sheets(made))
    elif isinstance(made, Sweep):
        from ccsim.report.workbook_sweep import sweep_sheets

        title, pages = "Sweep of ccsim", with_contents(sweep_sheets(made))
    elif isinstance(made, KeptStaff):
        from ccsim.report.workbook_staff import staff_sheets

        title, pages = "Search for people of ccsim", with_contents(staff_sheets(made))
    else:
        title, pages = "Run of ccsim", sheets(made)
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    workbook.set_properties({"title": title, "comments": MARK, "created": CREATED})
    writer = _Writer(workbook)
    for sheet in pages:
        writer.write(sheet)
    workbook.close()
    return buffer.getvalue()


class _Writer:
    """Writes sheets, each cell by its kind: nothing that a scenario names is ever read as a formula or a link."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._head = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEF1F5"}
        )
        self._words = workbook.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._formats: dict[str, Any] = {}

    def write(self, sheet: Sheet) -> None:
        """Add a sheet."""
        page = self._workbook.add_worksheet(sheet.name)
        rows = sheet.rows[:MOST_ROWS]
        for i, column in enumerate(sheet.columns):
            page.write_string(0, i, _clean(column.head), self._head)
            page.set_column(i, i, _width(column, (row[i] for row in rows[:LOOKED_AT])))
        for number, row in enumerate(rows, start=1):
            for i, cell in enumerate(row):
                self._cell(page, number, i, cell)
        if sheet.name == "Contents":
            for number, row in enumerate(rows, start=1):
                page.write_url(number, 0, f"internal:'{row[0]}'!A1", string=str(row[0]))
        page.freeze_panes(1, sheet.keys)
        page.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)

    def _cell(self, page: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, Number):
            page.write_number(row, column, cell.value, self._format(cell.format))
        elif isinstance(cell, date):
            page.write_datetime(row, column, cell, self._format("yyyy-mm-dd"))
        elif cell:
            page.write_string(row, column, _clean(cell), self._words)

    def _format(self, text: str) -> Any:
        if text not in self._formats:
            self._formats[text] = self._workbook.add_format({"num_format": text, "valign": "top"})
        return self._formats[text]


def _clean(text: str) -> str:
    """A text as a cell can hold it."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > LONGEST:
        text = text[:LONGEST] + " ..."
    # XlsxWriter takes such a text for the mark-up of a rich string and would write it unescaped
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _width(column: Column, cells: Iterator[Cell]) -> float:
    longest = max((_length(cell) for cell in cells), default=0)
    words = max(len(word) for word in column.head.split(" "))
    return float(min(max(longest, words, len(column.head) / 2, NARROW) + 2, WIDE))


def _length(cell: Cell) -> int:
    if isinstance(cell, Number):
        return len(f"{cell.value:,.0f}") + cell.decimals + 1
    return 10 if isinstance(cell, date) else len(cell or "")


def write_workbook(made: Run | Comparison | Sweep | KeptStaff, path: Path) -> None:
    """Write the workbook of what was made, whole or not at all; `OutputError` if that cannot be done."""
    content = workbook_bytes(made)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: could not be written: {getattr(error, 'strerror', None) or error}") from None


def check_workbook_place(path: Path) -> None:
    """`OutputError` if something is there that is not a workbook of ccsim."""
    try:
        if path.is_dir():
            raise OutputError(f"{path}: is a folder; name an .xlsx file")
        if path.exists() and not _is_ours(path):
            raise OutputError(f"{path}: exists and is not a workbook of ccsim; it is not replaced")
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be used: {getattr(error, 'strerror', None) or error}") from None


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as workbook:
            return MARK.encode() in workbook.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
