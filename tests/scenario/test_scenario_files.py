"""Forecasts as telephone and WFM systems export them: what is read, and what is refused in words of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.load import read_text
from ccsim.units import MINUTE
from tests.support.forecasts import FOUR, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


SPREADSHEETS = {
    "lines end as on Windows": "\ufeffstart,contacts\r\n" + "".join(f"2026-03-02 {t},{v}\r\n" for t, v in FOUR),
    "semicolons and decimal commas": "start;contacts\r\n"
    + "".join(f"2026-03-02 {t};{v.replace('.', ',')}\r\n" for t, v in FOUR),
    "tabs": "start\tcontacts\n" + "".join(f"2026-03-02 {t}\t{v}\n" for t, v in FOUR),
    "pipes": "start|contacts\n" + "".join(f"2026-03-02 {t}|{v}\n" for t, v in FOUR),
    "a line that says the separator": "sep=;\nstart;contacts\n"
    + "".join(f"2026-03-02 {t};{v.replace('.', ',')}\n" for t, v in FOUR),
    "no leading zero": "start,contacts\n" + "".join(f"2026-03-02 {t.lstrip('0')},{v}\n" for t, v in FOUR),
    "a total": "start,contacts\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR) + "Total,77\n",
    "blank rows": "start,contacts\n" + "\n".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR) + "\n\n",
    "other capitals": "Start,CONTACTS\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR),
    "carriage returns": "start,contacts\r" + "".join(f"2026-03-02 {t},{v}\r" for t, v in FOUR),
    "rows in another order": "start,contacts\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in reversed(FOUR)),
    "serial dates": "start,contacts\n46083.333333,12.5\n46083.354167,18.0\n46083.375000,24.5\n46083.395833,22.0\n",
}


@pytest.mark.parametrize("how", SPREADSHEETS)
def test_spreadsheets_of_other_countries_hold_77_contacts(desk: Desk, how: str) -> None:
    assert desk.contacts(SPREADSHEETS[how]) == 77


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_other_letters_are_read(desk: Desk, encoding: str) -> None:
    rows = "start,contacts,stream\n" + "".join(f"2026-03-02 {t},{v},café\n" for t, v in FOUR)
    assert desk.contacts(rows.encode(encoding), "forecast: {file: calls.csv, name: café}") == 77


def test_a_point_that_may_group_thousands_is_a_fault_with_both_readings(desk: Desk) -> None:
    values = ("1.125", "1.180", "1.245", "1.220")
    rows = "start,contacts\n" + "".join(f"2026-03-02 {t},{v}\n" for (t, _), v in zip(FOUR, values, strict=True))
    said = desk.fault(rows)
    assert "1.125" in said
    assert "1125" in said or "1,125" in said or "1 125" in said
    assert "decimal" in said
    assert desk.contacts(rows, 'forecast: {file: calls.csv, decimal: ","}') == 4770
    assert desk.contacts(rows, 'forecast: {file: calls.csv, decimal: "."}') == 4.77


def test_a_date_that_may_be_two_is_a_fault_with_both_readings(desk: Desk) -> None:
    rows = "start,contacts\n" + "".join(f"02/03/2026 {t},{v}\n" for t, v in FOUR)
    said = desk.fault(rows)
    assert "02/03/2026" in said
    assert "day first" in said
    assert desk.contacts(rows, "forecast: {file: calls.csv, date: day first}") == 77
    assert desk.contacts(rows, "forecast: {file: calls.csv, date: '%d/%m/%Y'}") == 77


FIVE9 = """\
Date,Time,Calls Inbound,Calls Handled,Avg Handle Time (sec)
03/13/2026,11:30 AM,40,37,240
03/13/2026,12:00 PM,50,46,255
03/13/2026,12:30 PM,46,43,250
"""
AVAYA = """\
Date,Interval,ACD Calls,Calls Handled,% Answered,Avg Talk Time
03/13/2026,09:00-09:30,1000,910,91.00,240
03/13/2026,09:30-10:00,1250,1150,92.00,255
Totals,,2250,2060,91.56,248
"""
INCONTACT = """\
StartDate,StartTime,ContactsQueued,PercentHandled,AvgHandleTime
2026-03-13,09:00:00,"1,000",91.00%,00:04:00
2026-03-13,09:30:00,"1,250",92.00%,00:04:15
"""


@pytest.mark.parametrize(
    ("rows", "columns", "contacts"),
    [
        (FIVE9, "{date: Date, time: Time, contacts: Calls Inbound}", 136),
        (FIVE9, "{date: 1, time: 2, contacts: 3}", 136),
        (AVAYA, "{contacts: ACD Calls, time: Interval}", 2250),
        (INCONTACT, "{date: StartDate, time: StartTime, contacts: ContactsQueued}", 2250),
    ],
)
def test_interval_reports_of_telephone_systems(desk: Desk, rows: str, columns: str, contacts: float) -> None:
    desk.start, desk.length = "2026-03-13", "1d"
    more = ", every: 30m" if rows is INCONTACT else ""
    assert desk.contacts(rows, f"forecast: {{file: calls.csv, columns: {columns}{more}}}") == contacts


def test_times_in_utc_are_those_of_the_market(desk: Desk) -> None:
    desk.start, desk.length, desk.zone = "2026-03-02 08:00", "1h", "Europe/Madrid"
    rows = "Begin,Queue,Media,Offered\n" + "".join(
        f"2026-03-02T{hour:02}:{minute:02}:00Z,Customer Care (EN),Voice,{number}\n"
        f"2026-03-02T{hour:02}:{minute:02}:00Z,Customer Care (EN),Chat,99\n"
        for hour, minute, number in [(7, 0, 6), (7, 15, 9), (7, 30, 12), (7, 45, 15)]
    )
    columns = "columns: {start: Begin, name: Queue, contacts: Offered}, where: {Media: Voice}"
    scenario = desk.read(rows, f"forecast: {{file: calls.csv, name: Customer Care (EN), {columns}}}")
    rate = scenario.demand["calls"].rate
    assert rate is not None
    assert rate.grid.start == "2026-03-02T08:00:00"
    assert [round(value * 15 * MINUTE, 6) for value in rate.grid.values] == [6, 9, 12, 15]
    naive = rows.replace("Z,", ",")
    assert (
        desk.contacts(naive, f"forecast: {{file: calls.csv, name: Customer Care (EN), time_zone: UTC, {columns}}}")
        == 42
    )


OPEN_ONLY = "start,contacts\n" + "".join(
    f"2026-03-0{day} {time},{value}\n"
    for day, row in [(2, (40, 50, 46)), (3, (38, 47, 41)), (4, (36, 44, 40))]
    for time, value in zip(("09:00", "09:30", "10:00"), row, strict=True)
)


def test_hours_at_which_a_file_never_has_a_row_are_closed(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "3d"
    assert desk.contacts(OPEN_ONLY) == 136 + 126 + 120
    assert any("closed" in one for one in desk.said())
    without = OPEN_ONLY.replace("2026-03-03 09:30,47\n", "")
    assert "an interval has no row: 2026-03-03 09:30" in desk.fault(without)
    assert desk.contacts(without, "forecast: {file: calls.csv, missing: 0}") == 136 + 126 + 120 - 47


def test_quiet_half_hours_are_left_out_of_a_file(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "7h"
    rows = "start,contacts\n" + "".join(
        f"2026-03-02 {t},{v}\n"
        for t, v in [("00:00", 3), ("00:30", 1), ("02:30", 2), ("05:30", 1), ("06:00", 4), ("06:30", 7)]
    )
    assert "8 intervals have no row" in desk.fault(rows)
    assert desk.contacts(rows, "forecast: {file: calls.csv, missing: 0}") == 18


@pytest.mark.parametrize("times", [["09:00", "17:00"], ["08:00", "09:00", "10:00", "10:30", "11:30"]])
def test_a_width_that_is_not_certain_has_to_be_said(desk: Desk, times: list[str]) -> None:
    rows = "start,contacts\n" + "".join(f"2026-03-02 {t},20\n" for t in times)
    assert "every:" in desk.fault(rows)


def test_a_file_that_ends_before_the_horizon_is_a_fault_that_says_how_much(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "2w"
    rows = "start,contacts\n" + "".join(
        f"2026-03-0{day} {hour:02}:00,10\n" for day in range(2, 9) for hour in range(24)
    )
    said = desk.fault(rows)
    assert "7 days" in said
    assert "14 days" in said
    assert desk.contacts(rows, "forecast: {file: calls.csv, outside: 0}") == 1680
    repeated = "forecast: {file: calls.csv, outside: repeat}"
    assert desk.contacts(rows, repeated) == 2 * 1680
    assert any("168 rows of 1h" in one and "1,680.0 contacts" in one for one in desk.said(repeated))


def test_counts_by_day_are_spread_by_a_profile(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "1w"
    counts = [602, 556, 547, 556, 1012, 284, 219]
    rows = "date,calls,aht_seconds\n" + "".join(f"2026-03-0{2 + n},{count},276\n" for n, count in enumerate(counts))
    columns = "forecast: {file: calls.csv, columns: {contacts: calls}}"
    assert "profile" in desk.fault(rows, columns)
    day = "profiles: {day: {hours: [[00:00, 1], [07:00, 1], [09:00, 10], [17:00, 10], [20:00, 1], [23:59, 1]]}}"
    assert desk.contacts(rows, columns + ", profile: day", more=day) == sum(counts)
    desk.start, desk.length = "2026-03-02 03:00", "1h"
    assert desk.contacts(rows, columns + ", profile: day", more=day) == pytest.approx(602 / 118.5, abs=0.005)
    desk.start = "2026-03-02 11:00"
    assert desk.contacts(rows, columns + ", profile: day", more=day) == pytest.approx(6020 / 118.5, abs=0.05)


def test_counts_by_week_and_by_month(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "1w"
    weekly = "start,contacts\n2026-03-02,3776\n2026-03-09,3901\n2026-03-16,3650\n"
    assert desk.contacts(weekly, "forecast: calls.csv, profile: business_day") == 3776
    desk.start, desk.length = "2026-02-01", "28d"
    monthly = "start,contacts\n2026-01-01,16100\n2026-02-01,15300\n2026-03-01,16900\n"
    assert desk.contacts(monthly, "forecast: calls.csv, profile: business_day") == 15300


def test_a_matrix_of_skills_and_half_hours(desk: Desk) -> None:
    desk.length = "4h"
    rows = """\
        skill,8:00,8:30,9:00,9:30,10:00,10:30,11:00,11:30
        LOANS,6,9,14,18,17,15,12,10
        CARDS,10,14,22,30,28,26,20,16
        """
    assert desk.contacts(rows, "forecast: {file: calls.csv, name: LOANS}") == 101
    assert desk.contacts(rows, "forecast: {file: calls.csv, name: CARDS}") == 166
    assert any("lies on its side" in one for one in desk.said("forecast: {file: calls.csv, name: CARDS}"))


def test_a_matrix_of_half_hours_and_weekdays(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "1w"
    rows = """\
        Interval,Mon,Tue,Wed,Thu,Fri
        08:00,16,14,13,13,15
        08:30,23,20,19,18,22
        09:00,36,31,30,29,34
        09:30,48,42,40,39,45
        """
    assert desk.contacts(rows) == 123 + 107 + 102 + 99 + 116
    desk.length = "1d"
    assert desk.contacts(rows) == 123


@pytest.mark.parametrize("length", ["4h", "1d", "1w", "5w"])
def test_what_is_told_of_a_matrix_is_of_its_own_day_however_long_the_horizon_is(desk: Desk, length: str) -> None:
    desk.length = length
    desk.file("8:00,8:30,9:00,9:30\n6,9,14,18\n")
    [said] = [one for one in desk.said("forecast: {file: calls.csv}") if "times of 30m" in one]
    assert said.endswith("47.0 in all; closed at 44 intervals of the day, when the file never has a row")
    [said] = [one for one in desk.said("forecast: {file: calls.csv, missing: 0}") if "times of 30m" in one]
    assert said.endswith("47.0 in all; 44 intervals of the day without a row taken as 0")


@pytest.mark.parametrize("length", ["1w", "4w"])
def test_what_is_told_of_a_matrix_of_weekdays_is_of_one_week(desk: Desk, length: str) -> None:
    desk.start, desk.length = "2026-03-02", length
    desk.file("Interval,Mon,Tue,Wed,Thu,Fri\n08:00,16,14,13,13,15\n08:30,23,20,19,18,22\n09:00,36,31,30,29,34\n")
    [said] = [one for one in desk.said("forecast: {file: calls.csv}") if "times of 30m" in one]
    assert said.endswith(f"333.0 in all; closed at {7 * 48 - 15} intervals of the week, when the file never has a row")


def test_what_is_told_of_other_files_is_of_their_dates(desk: Desk) -> None:
    desk.start, desk.length = "2026-03-02", "2w"
    days = ("02", "03", "04", "05", "06")
    rows = "".join(f"2026-03-{day} {hour:02d}:00,5\n" for day in days for hour in range(8, 12))
    desk.file("start,contacts\n" + rows)
    [said] = [one for one in desk.said("forecast: {file: calls.csv, outside: repeat}") if "rows of 1h" in one]
    assert "closed at 80 intervals, when the file never has a row" in said


def test_one_file_is_named_once_for_several_volumes(desk: Desk) -> None:
    rows = "Date;Time;Queue;Calls\n" + "".join(
        f"13.03.2026;{t};{queue};{v}\n" for queue, v in [("UK Phone", 10), ("DE Phone", 20)] for t, _ in FOUR
    )
    desk.start = "2026-03-13 08:00"
    files = "files: {wfm: {file: calls.csv, columns: {name: Queue, contacts: Calls}}}"
    assert desk.contacts(rows, "forecast: {file: wfm, name: UK Phone}", more=files) == 40
    assert desk.contacts(rows, "forecast: {file: wfm, name: DE Phone}", more=files) == 80
    said = desk.fault(rows, "forecast: {file: wfm, name: FR Phone}", more=files)
    assert "'FR Phone'" in said
    assert "UK Phone" in said


def test_what_is_not_there_is_told_once_in_words_of_the_file(desk: Desk) -> None:
    said = desk.fault("Day,Half hour,Offered\n2026-03-02,08:00,5\n2026-03-02,08:30,5\n2026-03-02,09:00,5\n")
    assert "the file has 'Day', 'Half hour', 'Offered'" in said
    assert "columns:" in said
    assert "Offerd" in desk.fault(
        "start,Offered\n2026-03-02,5\n", "forecast: {file: calls.csv, columns: {contacts: Offerd}}"
    )


def test_an_old_key_is_told(desk: Desk) -> None:
    desk.file("start,contacts\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR))
    loaded = read_text(desk.text("intervals: calls.csv"), base_dir=desk.folder)
    assert round(expected_contacts(loaded.scenario)["calls"], 6) == 77
    assert [one.message for one in loaded.remarks if one.kind == "warning"] == ["`intervals` is now called `forecast`"]


def test_agents_that_are_not_whole(desk: Desk) -> None:
    desk.file("start,agents\n" + "".join(f"2026-03-02 {t},{v}\n" for t, v in FOUR), "staff.csv")
    text = desk.text("per_hour: 5").replace("staffing: 5", "staffing: {file: staff.csv%s}")
    with pytest.raises(ScenarioError, match="rounding"):
        loads(text % "", base_dir=desk.folder)
    up = loads(text % ", rounding: up", base_dir=desk.folder).pools["desk"].staffing
    nearest = loads(text % ", rounding: nearest", base_dir=desk.folder).pools["desk"].staffing
    assert up is not None
    assert nearest is not None
    assert up.values[:4] == (13, 18, 25, 22)
    assert nearest.values[:4] == (13, 18, 25, 22)


@pytest.mark.parametrize(("every", "dates"), [("1d", ("2026-03-02", "2026-03-03")), ("1w", ("2026-03-02",))])
def test_agents_by_day_or_week_are_those_of_their_own_pool(desk: Desk, every: str, dates: tuple[str, ...]) -> None:
    rows = [f"{date},{pool},{agents}\n" for date in dates for pool, agents in (("early", 3), ("late", 8))]
    desk.file("date,name,agents\n" + "".join(rows), "staff.csv")
    file = f"{{file: staff.csv, every: {every}, outside: 0}}"
    pools = f"{{early: {{staffing: {file}}}, late: {{staffing: {file}}}}}"
    scenario = loads(desk.text("per_hour: 5").replace("{desk: {staffing: 5}}", pools), base_dir=desk.folder)
    days = 2 if every == "1d" else 7
    for name, agents in (("early", 3), ("late", 8)):
        staffing = scenario.pools[name].staffing
        assert staffing is not None
        assert staffing.values == (agents,) * days
