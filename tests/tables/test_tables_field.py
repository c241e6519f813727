"""Exports as they are met: every one is read as it is meant, or both readings of a cell are told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ccsim.tables.columns import Ambiguous
from ccsim.tables.dates import dates
from ccsim.tables.durations import durations
from ccsim.tables.instants import instants
from ccsim.tables.numbers import numbers
from ccsim.tables.reading import Table, read_table
from ccsim.tables.times import TimeOfDay, times
from ccsim.units import HOUR, MINUTE

PLAIN = "start,contacts\n2026-03-02 08:00,12.5\n2026-03-02 08:30,18.0\n2026-03-02 09:00,24.5\n2026-03-02 09:30,22.0\n"
COMMA = PLAIN.replace(",", ";").replace(".", ",")
NAMED = PLAIN.replace("\n", ",café\n").replace("café", "stream", 1)
HALVES = [datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 8, 30), datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 9, 30)]
TENTHS = [12.5, 18.0, 24.5, 22.0]
HUNDREDS = [1125.0, 1180.0, 1245.0, 1220.0]
BY_FILE = "(no number of the file has a decimal comma)"


def grouped(form: str) -> str:
    return "start,contacts\n" + "".join(
        f"2026-03-02 {time},{form.format(cell)}\n"
        for time, cell in zip(("08:00", "08:30", "09:00", "09:30"), ("125", "180", "245", "220"), strict=True)
    )


def column_of(table: Table, name: str) -> list[str]:
    return table.cells(table.columns.index(name))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (PLAIN.encode(), ()),
        (PLAIN.replace("\n", "\r\n").encode("utf-8-sig"), ()),
        (COMMA.replace("\n", "\r\n").encode(), ("cells are separated by semicolons",)),
        (COMMA.replace("\n", "\r\n").encode("utf-8-sig"), ("cells are separated by semicolons",)),
        (PLAIN.replace(",", ";").encode(), ("cells are separated by semicolons",)),
        (PLAIN.replace(",", "\t").encode(), ("cells are separated by tabs",)),
        (PLAIN.replace(",", "|").encode(), ("cells are separated by bars",)),
        (b"\xff\xfe" + PLAIN.replace(",", "\t").encode("utf-16-le"), ("UTF-16 text", "cells are separated by tabs")),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), ("UTF-16 text",)),
        (PLAIN.encode("utf-16-le"), ("UTF-16 text",)),
        (PLAIN.encode("utf-16-be"), ("UTF-16 text",)),
        (NAMED.encode("cp1252"), ("the text is that of Windows (cp1252)",)),
        (PLAIN.replace(",1", ',"1').replace(",2", ',"2').replace(".5", ',5"').replace(".0", ',0"').encode(), ()),
        (PLAIN.replace("\n", ",\n").encode(), ()),
        ((PLAIN + ",\n,\n").encode(), ("2 blank rows are left out",)),
        (PLAIN.replace("18.0\n", "18.0\n\n").encode(), ("1 blank row is left out",)),
        ((PLAIN + "Total,77.0\n").encode(), ("a row of totals (line 6) is left out",)),
        (b"sep=;\r\n" + COMMA.encode(), ("the first line says that cells are separated by semicolons",)),
        (PLAIN.replace("\n", "\r").encode(), ()),
        (PLAIN.replace(" 0", " ").encode(), ()),
        (b"start,contacts\n46083.333333,12.5\n46083.354167,18.0\n46083.375000,24.5\n46083.395833,22.0\n", ()),
        (PLAIN.replace("2026-03-02", "02.03.2026").encode(), ()),
    ],
)  # fmt: skip
def test_a_file_that_went_through_a_spreadsheet_is_read_and_what_was_recognised_is_told(
    data: bytes, told: tuple[str, ...]
) -> None:
    table = read_table(data, "volumes.csv")
    assert table.columns[:2] == ("start", "contacts")
    assert table.recognised == told
    starts = instants(column_of(table, "start"))
    assert [one and one.local for one in starts.values] == HALVES
    assert not starts.faults
    contacts = numbers(column_of(table, "contacts"), thousands=table.thousands)
    assert contacts.values == TENTHS
    assert not contacts.faults


@pytest.mark.parametrize(
    ("data", "how"),
    [
        (grouped('"1,{}"'), f"numbers with a comma between thousands, like 1,125 {BY_FILE}"),
        (grouped("1\u00a0{}"), "numbers with a space between thousands, like 1\u00a0125"),
        (grouped("1\u202f{}"), "numbers with a space between thousands, like 1\u202f125"),
        (grouped("1'{}"), "numbers with an apostrophe between thousands, like 1'125"),
    ],
)  # fmt: skip
def test_thousands_are_read_where_their_sign_is_sure(data: str, how: str) -> None:
    table = read_table(data.encode(), "volumes.csv")
    contacts = numbers(column_of(table, "contacts"), thousands=table.thousands)
    assert (contacts.values, contacts.how, contacts.faults) == (HUNDREDS, how, [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_point_before_three_digits_of_every_number_is_asked_about(delimiter: str) -> None:
    table = read_table(grouped("1.{}").replace(",", delimiter).encode(), "volumes.csv")
    cells = column_of(table, "contacts")
    with pytest.raises(Ambiguous, match=r"1\.125 is 1125 if .*thousands.*, or 1 and 125 thousandths if ") as told:
        numbers(cells, thousands=table.thousands)
    assert told.value.row == 0
    assert numbers(cells, decimal=",").values == HUNDREDS
    assert numbers(cells, decimal=".").values == [1.125, 1.18, 1.245, 1.22]


@pytest.mark.parametrize(
    ("form", "stated"), [("02/03/2026 {:%H:%M}", "day first"), ("3/2/2026 {:%I:%M %p}", "month first")]
)
def test_a_day_that_may_be_a_month_is_asked_about(form: str, stated: str) -> None:
    cells = [form.format(at) for at in HALVES]
    with pytest.raises(Ambiguous, match=r"2 March 2026|March 2, 2026"):
        instants(cells)
    assert [one and one.local for one in instants(cells, stated).values] == HALVES


def test_case_of_names_is_kept() -> None:
    assert read_table(PLAIN.replace("start,c", "Start,C").encode(), "v.csv").columns == ("Start", "Contacts")


def test_blanks_dashes_and_percentages_are_told_apart() -> None:
    blank = numbers(["12.5", "18.0", "", "22.0"])
    assert blank.values == [12.5, 18.0, None, 22.0]
    assert numbers(["12.5", "18.0", "", "22.0"], blank_is_zero=True).values == [12.5, 18.0, 0.0, 22.0]
    dash = numbers(["12.5", "18.0", "-", "22.0"])
    assert dash.values == [12.5, 18.0, None, 22.0]
    assert dash.how.endswith("; 1 cell with '-' is taken as blank")
    zero = numbers(["12.5", "-", "n/a"], blank_is_zero=True)
    assert zero.values == [12.5, 0.0, 0.0]
    assert zero.how.endswith("; 2 cells with '-' or 'n/a' are taken as 0")
    percent = numbers(["12.5%", "18.0"])
    assert percent.values == [None, 18.0]
    assert [(one.row, one.why) for one in percent.faults] == [(0, "'12.5%' is a percentage where a number is wanted")]


FIVE9 = """\
Date,Time,Calls Inbound,Answer Rate %,Avg Handle Time (sec)
03/02/2026,11:30 AM,40,92.5,240
03/02/2026,12:00 PM,50,92.0,255
03/13/2026,1:00 PM,30,96.7,238
"""


def test_date_and_time_in_two_columns_with_am_and_pm() -> None:
    table = read_table(FIVE9.encode(), "five9.csv")
    assert table.recognised == ()
    assert dates(table.cells(0)).values == [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 13)]
    assert times(table.cells(1)).values == [TimeOfDay(690 * MINUTE), TimeOfDay(12 * HOUR), TimeOfDay(13 * HOUR)]
    assert durations(table.cells(4)).values == [240, 255, 238]


AVAYA = """\
Date,Interval,ACD Calls,% Answered,Avg Talk Time
03/02/2026,09:00-09:30,1000,91.00,240
03/02/2026,09:30-10:00,1250,92.00,255
Totals,,2250,91.56,248
"""


def test_intervals_in_one_cell_and_a_row_of_totals() -> None:
    table = read_table(AVAYA.encode(), "avaya.csv")
    assert (table.rows, table.recognised) == (2, ("a row of totals (line 4) is left out",))
    assert times(table.cells(1)).values == [
        TimeOfDay(540 * MINUTE, 570 * MINUTE),
        TimeOfDay(570 * MINUTE, 600 * MINUTE),
    ]
    with pytest.raises(
        Ambiguous, match=r"03/02/2026 is 3 February 2026 .* or March 2, 2026 .*; say date: day first or"
    ):
        dates(table.cells(0))


INCONTACT = """\
StartDate,StartTime,ContactsQueued,ContactsHandled,PercentHandled,AvgHandleTime
2026-03-02,09:00:00,"1,000",910,91.00%,00:04:00
2026-03-02,09:30:00,"1,250",1150,92.00%,00:04:15
"""


def test_quoted_thousands_and_durations_with_colons() -> None:
    table = read_table(INCONTACT.encode(), "incontact.csv")
    assert table.thousands == ","
    assert numbers(table.cells(2), thousands=table.thousands).values == [1000, 1250]
    assert numbers(table.cells(4), percent=True).values == [0.91, 0.92]
    assert durations(table.cells(5)).values == [240, 255]


GENESYS = """\
Interval Start UTC Date,Queue,Skill Set,Offered\r
2026-03-02T07:00:00Z,Billing,tier1|||retail,6\r
2026-03-02T07:15:00Z,Customer Care (EN),tier1|||retail,4\r
"""


def test_times_in_utc_and_bars_within_cells() -> None:
    table = read_table(GENESYS.encode(), "history.csv")
    assert table.columns == ("Interval Start UTC Date", "Queue", "Skill Set", "Offered")
    first = instants(table.cells(0)).values[0]
    assert first is not None
    assert (first.local, first.offset) == (datetime(2026, 3, 2, 7), timedelta(0))
    assert table.cells(1) == ["Billing", "Customer Care (EN)"]


IEX = """\
date|period|TZ|ctID|queue|contactsReceived|aht
11012026|0030|America/New_York|101|Main|28|240
11012026|0100|America/New_York|101|Main|24|240
11012026|0100|America/New_York|101|Main|10|240
"""


def test_bars_between_cells_and_dates_and_times_without_signs() -> None:
    table = read_table(IEX.encode(), "as_exported.txt")
    assert table.recognised == ("cells are separated by bars",)
    with pytest.raises(Ambiguous, match="11012026 is 11 January 2026 with the day first or November 1, 2026"):
        dates(table.cells(0))
    assert dates(table.cells(0), "month first").values == [date(2026, 11, 1)] * 3
    assert times(table.cells(1)).values == [TimeOfDay(30 * MINUTE), TimeOfDay(HOUR), TimeOfDay(HOUR)]


def test_a_table_on_its_side_has_its_times_as_names() -> None:
    table = read_table(b"skill,8:00,8:30,9:00\nLOANS,6,9,14\nCARDS,10,14,22\n", "as_kept.csv")
    assert table.columns == ("skill", "8:00", "8:30", "9:00")
    assert table.cells(0) == ["LOANS", "CARDS"]
    assert numbers(table.cells(3)).values == [14, 22]
    assert read_table(b"Interval,Mon,Tue\n08:00,16,14\n", "days.csv").columns == ("Interval", "Mon", "Tue")


def test_counts_by_day() -> None:
    table = read_table(
        b"date,calls,aht_seconds,is_spike_day\n2026-03-02,602,276,False\n2026-03-03,556,282,True\n", "d.csv"
    )
    assert dates(table.cells(0)).values == [date(2026, 3, 2), date(2026, 3, 3)]
    assert table.cells(3) == ["False", "True"]
