"""Forecasts with lines around their table, with units and money in cells, and with dates in stated forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.forecasts import FOUR, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "below",
    [
        "Report generated on 2026-06-02 08:00\n",
        '"Total: 1,234",\n\nPage 1 of 3,\n',
        "* preliminary\n\n",
        "Total: 77\nReport generated on 2026-06-02 08:00\nPage 1 of 3\n* preliminary\n",
    ],
)
def test_lines_below_a_table_are_left_out_and_told(desk: Desk, below: str) -> None:
    table = "Queue report\n\nstart,contacts\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR)
    assert desk.contacts(table + below) == 77
    said = " ".join(desk.said())
    assert "1 line of titles above the head is left out" in said
    for line in below.splitlines():
        text = line.strip('",')
        assert not text or text.startswith("Total") or text in said
    assert ("of totals (line 8)" in said) == ("Total" in below)


def test_a_row_at_the_end_that_holds_a_date_is_no_footer(desk: Desk) -> None:
    table = "start,contacts\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR[:3])
    assert "an empty cell in the column 'contacts'" in desk.fault(f"{table}2026-03-02 09:30,\n")
    assert "'tomorrow' is no date" in desk.fault(f"{table}tomorrow,\n2026-03-02 09:30,5\n")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("€ 12.50", "'€ 12.50' is an amount of money; here a plain number like 12.50 is wanted, without '€'"),
        ("12.50 EUR", "'12.50 EUR' is an amount of money; here a plain number like 12.50 is wanted, without 'EUR'"),
        ("$1.5", "'$1.5' is an amount of money; here a plain number like 1.5 is wanted, without '$'"),
        ("12 calls", "'12 calls' has a unit; here a plain number like 12 is wanted, without 'calls'"),
        ("35 sec", "'35 sec' has a unit; here a plain number like 35 is wanted, without 'sec'"),
    ],
)
def test_money_and_units_among_contacts_are_told_as_what_they_are(desk: Desk, cell: str, said: str) -> None:
    assert said in desk.fault(f"start,contacts\n2026-03-02 08:00,{cell}\n2026-03-02 08:30,5\n")


@pytest.mark.parametrize(
    ("cells", "seconds"),
    [
        (("35 sec", "2 min"), (35, 120)),
        (("35", "2 min"), (35, 120)),
        (("0.5 h", "1h 5m"), (1800, 3900)),
        (("1,5 min", "35 s"), (90, 35)),
    ],
)
def test_handle_times_may_have_units(desk: Desk, cells: tuple[str, str], seconds: tuple[int, int]) -> None:
    desk.length = "1h"
    rows = "".join(f"2026-03-02 08:{30 * n:02};5;{cell}\n" for n, cell in enumerate(cells))
    aht = desk.read(f"start;contacts;aht\n{rows}").demand["calls"].aht
    assert aht is not None
    assert aht.values == tuple(1_000_000 * one for one in seconds)


@pytest.mark.parametrize("cells", [("1,125 sec", "2,250 sec"), ("1.125 min", "3.250 min")])
def test_a_sign_in_a_number_with_a_unit_is_asked_about_as_in_any_other(desk: Desk, cells: tuple[str, str]) -> None:
    desk.length = "1h"
    rows = "".join(f"2026-03-02 08:{30 * n:02};5;{cell}\n" for n, cell in enumerate(cells))
    named = "forecast: {file: calls.csv, columns: {aht: aht}%s}"
    said = desk.fault(f"start;contacts;aht\n{rows}", named % "")
    assert f"in '{cells[0]}', {cells[0].split()[0]} is 1125 if " in said
    assert desk.read(f"start;contacts;aht\n{rows}", named % ', decimal: "."').demand["calls"].aht is not None


def test_patterns_and_words_for_dates_are_looked_at_as_they_are_read(desk: Desk) -> None:
    rows = "start,contacts\n46083.333333,1\n46083.354167,2\n46083.375000,3\n46083.395833,4\n"
    assert desk.contacts(rows, "forecast: {file: calls.csv, date: excel}") == 10
    assert "expected a pattern that gives a whole date" in desk.fault(rows, 'forecast: {file: calls.csv, date: "%Q"}')
    assert "`date: seconds` is of a trace" in desk.fault(rows, "forecast: {file: calls.csv, date: seconds}")


@pytest.mark.parametrize("columns", ["", ", columns: {aht: aht}"])
def test_handle_times_that_cannot_be_read_are_told_once_for_all_volumes_of_a_file(desk: Desk, columns: str) -> None:
    rows = "".join(f"2026-03-02 {time},{name},5,soon\n" for time, _ in FOUR for name in ("calls", "mails"))
    named = f"forecast: {{file: calls.csv{columns}}}"
    more = f"mails: {{{named}}}"
    content = f"start,name,contacts,aht\n{rows}"
    volume = f"{named}}}\n  {more.removesuffix('}')}"
    if columns:
        assert "the column 'aht': 'soon' is no duration" in desk.fault(content, volume)
    else:
        desk.file(content)
        (said,) = [one for one in desk.said(volume) if "handle times are not taken" in one]
        assert "'soon' is no duration" in said
