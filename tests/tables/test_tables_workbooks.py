"""Workbooks and Parquet files: their values as they are meant, and hostile ones refused before they are unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from ccsim.tables import parquets, workbooks
from ccsim.tables.dates import dates
from ccsim.tables.durations import durations
from ccsim.tables.instants import instants
from ccsim.tables.numbers import numbers
from ccsim.tables.reading import Table, Written, read_table
from ccsim.tables.times import TimeOfDay, times
from ccsim.tables.unfit import Unfit
from ccsim.units import MINUTE

DECLARED = b'?><!DOCTYPE x [<!ENTITY a "b">]>'
SHEET = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as workbook:
        fill(workbook)
    return data.getvalue()


def plain(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet("Volumes")
    sheet.write_row(0, 0, ["queue", "calls"])
    sheet.write_row(1, 0, ["Billing", 5])


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed, or made."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(source.read(name)) if name == part else source.read(name))
        if part not in source.namelist():
            target.writestr(part, change(b""))
    return result.getvalue()


def all_cells(table: Table) -> list[list[str]]:
    return [table.cells(at) for at in range(len(table.columns))]


def refused(data: bytes, written: Written | None = None) -> str:
    with pytest.raises(Unfit) as told:
        read_table(data, "f.xlsx", written or Written())
    return str(told.value)


def test_cells_of_a_workbook_are_read_by_what_they_hold() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()

        def form(text: str) -> object:
            return workbook.add_format({"num_format": text})

        sheet.write_row(2, 1, ["date", "time", "start", "calls", "aht", "text", "yes"])
        for row in (3, 4):
            sheet.write_datetime(row, 1, datetime(2026, 3, row), form("dd/mm/yyyy"))
            sheet.write_datetime(row, 2, time(9, 30), form("h:mm AM/PM"))
            sheet.write_datetime(row, 3, datetime(2026, 3, 2, 8, 20), form("m/d/yy h:mm"))
            sheet.write_number(row, 4, 1.125)
            sheet.write_datetime(row, 5, timedelta(hours=30, minutes=row), form("[h]:mm:ss"))
            sheet.write_string(row, 6, " 1,125 ")
            sheet.write_boolean(row, 7, row == 3)
        sheet.write_number(4, 2, 1, form("h:mm"))
        sheet.write_string(5, 1, "Total")
        sheet.write_formula(5, 4, "=SUM(E4:E5)", None, 2.25)

    table = read_table(workbook(fill), "f.xlsx")
    assert table.columns == ("date", "time", "start", "calls", "aht", "text", "yes")
    assert table.recognised == (
        "the table begins in column 2 of the sheet",
        "a row of totals (line 6) is left out",
    )
    assert table.line(0) == 4
    assert dates(table.cells(0)).values == [date(2026, 3, 3), date(2026, 3, 4)]
    assert times(table.cells(1)).values == [TimeOfDay(570 * MINUTE), TimeOfDay(1440 * MINUTE)]
    assert [one and one.local for one in instants(table.cells(2)).values] == [datetime(2026, 3, 2, 8, 20)] * 2
    assert numbers(table.cells(3)).values == [1.125, 1.125]
    assert durations(table.cells(4)).values == [108_180, 108_240]
    assert table.cells(5) == ["1,125", "1,125"]
    assert table.cells(6) == ["TRUE", "FALSE"]


def test_the_first_sheet_that_is_shown_or_the_one_that_is_named() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("Hidden").hide()
        for name in ("One", "Two & three"):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["sheet", "calls"])
            sheet.write_row(1, 0, [name, 1])
        workbook.get_worksheet_by_name("One").activate()

    data = workbook(fill)
    assert read_table(data, "f.xlsx").cells(0) == ["One"]
    assert read_table(data, "f.xlsx").recognised == ("the first sheet, 'One', of 2",)
    assert read_table(data, "f.xlsx", Written(sheet="Two & three")).cells(0) == ["Two & three"]
    assert refused(data, Written(sheet="Two")) == "the workbook has no sheet 'Two'; known: One, Two & three"
    assert read_table(data, "f.csv").recognised[0] == "the file is an Excel workbook, whatever its name says"


def test_errors_of_formulas_are_cells_and_formulas_without_values_are_refused() -> None:
    def fill(stored: str) -> Callable[[xlsxwriter.Workbook], None]:
        def fill(workbook: xlsxwriter.Workbook) -> None:
            plain(workbook)
            workbook.worksheets()[0].write_row(2, 0, ["Orders"])
            workbook.worksheets()[0].write_formula(2, 1, "=1/0", None, stored)

        return fill

    cells = read_table(workbook(fill("#DIV/0!")), "f.xlsx").cells(1)
    assert cells == ["5", "#DIV/0!"]
    assert numbers(cells).faults[0].why == "'#DIV/0!' is an error that the spreadsheet shows, not a number"
    assert read_table(workbook(fill("7")), "f.xlsx").cells(1) == ["5", "7"]
    with pytest.raises(Unfit, match="the formula in cell B3 has no stored value") as told:
        read_table(workbook(fill("")), "f.xlsx")
    assert told.value.line == 3


def test_rows_that_are_skipped_are_rows_of_the_sheet() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["a", "title", "of", "many", "cells"])
        sheet.write_row(3, 0, ["queue", "calls"])
        sheet.write_row(4, 0, ["Billing", 5])

    table = read_table(workbook(fill), "f.xlsx", Written(skip=3))
    assert (table.columns, table.line(0)) == (("queue", "calls"), 5)


def test_a_workbook_that_unpacks_to_more_than_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 3_000_000)
    bomb = changed(workbook(plain), SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 4_000_000))
    assert len(bomb) < 20_000
    assert refused(bomb).startswith("the workbook has more than 3,000,000 bytes unpacked")


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(changed(workbook(plain), SHEET, lambda xml: xml + b" " * 1_000_000))
    at = data.rfind(SHEET.encode()) - 46  # its entry in the list of parts; the size unpacked is at 24
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert refused(bytes(data)) == "the workbook is damaged or no workbook: it cannot be unpacked"


@pytest.mark.parametrize(
    ("part", "change", "why"),
    [
        (SHEET, lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"'), "the sheet reaches to column XFD and row 1,0"),
        (SHEET, lambda xml: xml.replace(b'r="B2"', b""), "the sheet has cells that do not say where they stand"),
        (SHEET, lambda xml: xml.replace(b"?>", DECLARED, 1), "the workbook has declarations"),
        ("xl/workbook.xml", lambda xml: xml.replace(b"?>", DECLARED, 1), "the workbook has declarations"),
        ("xl/workbook.xml", lambda xml: xml[:-20], "the workbook is damaged: its list of sheets cannot be read"),
        ("xl/vbaProject.bin", lambda _: b"x", "the workbook holds macros"),
        ("xl/externalLinks/externalLink1.xml", lambda _: b"x", "the workbook is linked to other files"),
        (SHEET, lambda xml: xml[:400], "the workbook is damaged: sheet"),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"s9"), "the workbook has no sheet of cells"),
    ],
)  # fmt: skip
def test_hostile_workbooks_are_refused(part: str, change: Callable[[bytes], bytes], why: str) -> None:
    assert refused(changed(workbook(plain), part, change)).startswith(why)


def test_one_long_text_in_very_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_TEXT", 1_000_000)

    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        for row in range(100):
            sheet.write_string(row, 0, "x" * 20_000)

    assert refused(workbook(fill)).startswith("the cells of the sheet hold more than 1,000,000 characters")


def test_what_is_packed_and_no_workbook_is_told() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("volumes.csv", "a,b\n")
    assert refused(data.getvalue()).startswith("the file is an archive (zip), and no Excel workbook")
    assert refused(b"a,b\n1,2\n") == "the file is no Excel workbook, though its name says so"
    assert refused(workbook(plain)[:-30]) == "the workbook is damaged or cut short: its end is missing"


def parquet(**columns: object) -> bytes:
    data = io.BytesIO()
    pq.write_table(pa.table(columns), data)
    return data.getvalue()


def test_cells_of_a_parquet_file_are_read_by_what_they_hold() -> None:
    at = datetime(2026, 3, 2, 8)
    table = read_table(
        parquet(
            utc=pa.array([at, None], pa.timestamp("ns", "UTC")),
            madrid=pa.array([at, at], pa.timestamp("ms", "Europe/Madrid")),
            day=pa.array([date(2026, 3, 2)] * 2),
            time=pa.array([time(9, 30)] * 2),
            aht=pa.array([timedelta(seconds=255)] * 2),
            calls=[1.125, float("nan")],
            agents=[1, 2],
            queue=pa.array(["Billing", None]).dictionary_encode(),
            small=pa.array([0.1, 12.5], pa.float32()),
        ),
        "f.parquet",
    )
    assert table.columns == ("utc", "madrid", "day", "time", "aht", "calls", "agents", "queue", "small")
    assert all_cells(table) == [
        ["2026-03-02 08:00:00+00:00", ""],
        ["2026-03-02 09:00:00+01:00", "2026-03-02 09:00:00+01:00"],
        ["2026-03-02", "2026-03-02"],
        ["09:30:00", "09:30:00"],
        ["0:04:15", "0:04:15"],
        ["1.1250", ""],
        ["1", "2"],
        ["Billing", ""],
        ["0.1", "12.5"],
    ]
    assert (table.rows, table.recognised) == (2, ())
    assert numbers(table.cells(5)).values == [1.125, None]


def test_parquet_files_that_are_not_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(parquet(a=[[1]])) == "the column 'a' holds list<element: int64>: no texts, numbers, dates or times"
    assert refused(parquet(a=[b"x"])).startswith("the column 'a' holds binary")
    assert refused(b"PAR1" + b"x" * 100) == "the Parquet file is damaged: it cannot be read"
    monkeypatch.setattr(parquets, "MOST_UNPACKED", 100)
    assert refused(parquet(a=list(range(1000)))).endswith("bytes unpacked; at most 100 are read")
    monkeypatch.setattr(parquets, "MOST_ROWS", 100)
    assert refused(parquet(a=list(range(1000)))) == "the file has 1,000 rows; at most 100 are read"
