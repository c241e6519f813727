"""Reports and sheets as they are printed and kept: heads without a colon, weekdays as numbers, merged cells, pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.look import look

TEXT = """\
scenario: reports
horizon: {{start: {start}, length: {length}, drain: 0s}}
handle_time: {handle_time}
demand: {{calls: {{forecast: {{file: plan.csv{said}}}{volume}}}}}
pools: {{desk: {{staffing: 1}}}}
"""
DAY = {"start": "2026-03-02", "length": "1d"}
MORNING = {"start": "2026-03-02 08:00", "length": "1h"}
HOUR = {"start": "2026-03-02 07:00", "length": "1h"}
TWO_DAYS = {"start": "2026-03-02", "length": "2d"}
FLAT = {"volume": ", profile: flat"}
COUNTS = ",".join(map(str, range(24)))
HALVES = ",".join(map(str, range(48)))
BY_CALLS = "outside: 0, columns: {contacts: Calls}"
CARETS = "start^contacts\n2026-03-02 08:00^12.5\n2026-03-02 08:30^18\n"
FORMULAS = 'start,contacts\n="2026-03-02 08:00",12\n="2026-03-02 08:30",18\n'
MERGED = "Date,Time,Calls\n2026-03-02,08:00,10\n,08:30,20\nTotal,,30\n2026-03-03,08:00,30\n,08:30,40\nTotal,,70\n"
PAGES = "start,contacts\n2026-03-02 08:00,12\n\nPage 1 of 2\n\nstart,contacts\n2026-03-02 08:30,18\n"
SUBTOTALS = (
    "Datum;Zeit;Anrufe\n02.03.2026;08:00;10\n02.03.2026;08:30;20\n02.03.2026 Ergebnis;;30\n"
    "03.03.2026;08:00;30\n03.03.2026;08:30;40\n03.03.2026 Ergebnis;;70\nGesamtergebnis;;100\n"
)
LOOSE = "every: 30m, missing: 0"
GERMAN = "outside: 0, columns: {date: Datum, time: Zeit, contacts: Anrufe}"
SPANS = (
    "Interval,contacts\n2026-03-02T08:00:00.000Z/2026-03-02T08:30:00.000Z,12\n"
    "2026-03-02T08:30:00.000Z/2026-03-02T09:00:00.000Z,18\n"
)
QUARTERS_THEN_HOURS = "start,contacts\n" + "".join(
    f"2026-03-02 {time},4\n" for time in ("08:00", "08:15", "08:30", "08:45", "09:00", "10:00", "11:00")
)
TWICE = "Date,Time,Offered,Handled,Offered,Handled\n2026-03-02,08:00,12,11,3,3\n2026-03-02,08:30,18,17,4,4\n"
NAMELESS = "name,time,date,contacts\ncalls,08:00,2026-03-02,5\n,08:30,2026-03-02,6\nother,08:00,2026-03-02,7\n"


def heads(form: str, first: int, number: int, values: str) -> str:
    names = ",".join(form.format(n) for n in range(first, first + number))
    return f"date,{names}\n2026-03-02,{values}\n"


def numbered(first: int, number: int = 7) -> str:
    """A typical week: 1 contact at 08:00 on the weekday that is called `first`, 2 on the next, and so on."""
    rows = "".join(f"{first + n},08:00,{n + 1}\n{first + n},08:30,0\n" for n in range(number))
    return f"weekday,time,contacts\n{rows}"


def opened(folder: Path, text: str, said: str = "", **more: str) -> str:
    (folder / "plan.csv").write_text(text)
    values = {"handle_time": "1m", "volume": ""} | more
    return TEXT.format(said=f", {said}" if said else "", **values)


def contacts(folder: Path, text: str, said: str = "", **more: str) -> float:
    return sum(expected_contacts(loads(opened(folder, text, said, **more), base_dir=folder)).values())


@pytest.mark.parametrize(
    ("text", "said", "more", "right"),
    [
        (heads("H{:02}", 0, 24, COUNTS), "", HOUR, 7),
        (heads("H{:02}", 1, 24, COUNTS), "", HOUR, 7),
        (heads("HE{}", 1, 24, COUNTS), "", HOUR, 7),
        (heads("{}", 0, 24, COUNTS), "", HOUR, 7),
        (heads("hour_{}", 0, 24, COUNTS), "", HOUR, 7),
        (heads("Int{}", 1, 48, HALVES), "", HOUR, 14 + 15),
        ("date,7am,8am,9am\n2026-03-02,7,8,9\n", "outside: 0", HOUR, 7),
        ("date,7h00,7h30,8h00\n2026-03-02,7,8,9\n", "outside: 0", HOUR, 15),
        ("date,0700,0730,0800,0830\n2026-03-02,7,8,9,1\n", "outside: 0", HOUR, 15),
        (heads("{:02}:00", 1, 24, COUNTS), "", HOUR, 7),
        ("time,2026-03-02,2026-03-03\n" + "".join(f"{n:02}:00,{n - 1},1\n" for n in range(1, 25)), "", HOUR, 7),
        (heads("H{:02}", 6, 10, "6,7,8,9,10,11,12,13,14,15"), "outside: 0, every: 1h", HOUR, 7),
        (heads("{}", 6, 10, "6,7,8,9,10,11,12,13,14,15"), "outside: 0, every: 1h", HOUR, 7),
        (numbered(1), "date: monday is 1", DAY, 1),
        (numbered(1), "date: sunday is 1", DAY, 2),
        (numbered(0), "date: monday is 0", DAY, 1),
        (numbered(0), "date: sunday is 0", DAY, 2),
        (numbered(1), "date: sunday is 0", DAY, 1),
        ("time,1,2,3,4,5,6,7\n08:00,1,2,3,4,5,6,7\n08:30,0,0,0,0,0,0,0\n", "date: sunday is 1", DAY, 2),
        ("dow,08:00,08:30\n1,3,4\n2,1,1\n3,1,1\n4,1,1\n5,1,1\n6,1,1\n7,1,1\n", "date: monday is 1", DAY, 7),
        ("date,time,contacts\n月,08:00,3\n月,08:30,4\n火,08:00,1\n", "missing: 0, outside: 0", DAY, 7),
        ("time,понедельник,вторник\n08:00,3,1\n08:30,4,1\n", "", DAY, 7),
        ("Day,Time,Contacts\nMo,08:00,3\nMo,08:30,4\nTu,08:00,1\nTu,08:30,1\n", "", DAY, 7),
        ("date,hour,contacts\n" + "".join(f"2026-03-02,{n},{n}\n" for n in range(24)), "", HOUR, 7),
        ("date;time;contacts\n2026-03-02;08:00 Uhr;3\n2026-03-02;08:30 Uhr;4\n", "", MORNING, 7),
        ("date,time,contacts\n2026-03-02,午後8:00,4\n2026-03-02,午前8:00,5\n", LOOSE, MORNING, 5),
        (CARETS, "", MORNING, 30.5),
        (CARETS, 'delimiter: "^"', MORNING, 30.5),
        (CARETS.replace("^", "~"), "", MORNING, 30.5),
        (FORMULAS, "", MORNING, 30),
        (SPANS, "columns: {start: Interval}", MORNING, 30),
        (MERGED, BY_CALLS, TWO_DAYS, 100),
        (PAGES, "", MORNING, 30),
        (SUBTOTALS, GERMAN, TWO_DAYS, 100),
        (TWICE, "columns: {contacts: 5}", MORNING, 7),
        ("week,contacts\n2026-03-08,70\n2026-03-15,80\n", "columns: {end: week}", {**TWO_DAYS, **FLAT}, 20),
        ("day,contacts\n2026-03-03 00:00,70\n2026-03-04 00:00,80\n", "columns: {end: day}", {**DAY, **FLAT}, 70),
        ("day,contacts\n2026-03-02,70\n2026-03-03,80\n", "columns: {end: day}", {**DAY, **FLAT}, 70),
    ],
)  # fmt: skip
def test_a_report_gives_the_counts_that_one_adds_up(
    tmp_path: Path, text: str, said: str, more: dict[str, str], right: float
) -> None:
    assert contacts(tmp_path, text, said, **more) == pytest.approx(right)


@pytest.mark.parametrize(
    ("text", "said", "why"),
    [
        (numbered(1), "", "'weekday': numbers of weekdays: say `date: monday is 1` or `date: sunday is 1`"),
        (numbered(0), "", "say `date: monday is 0` or `date: sunday is 0`"),
        (numbered(2), "date: monday is 1", "'8' is no weekday where monday is 1"),
        ("time,1,2,3,4,5,6,7\n08:00,1,2,3,4,5,6,7\n", "", "from '1' on: numbers of weekdays: say `date: monday is 1`"),
        ("dow,08:00,08:30\n1,3,4\n2,1,1\n3,1,1\n4,1,1\n5,1,1\n", "", "'dow': numbers of weekdays"),
        ("start,contacts\n2026-03-02 08:00,1\n2026-03-02 08:30,1\n", "date: monday is 1", "here are none"),
        (heads("H{:02}", 8, 3, "1,2,3"), "", "'H08' is 08:00 to 09:00 (say `every: 1h`), or the hour that ends then"),
        (heads("{}", 8, 9, "1,2,3,4,5,6,7,8,9"), "", "say `every: 1h` of hours"),
        (heads("{:02}:00", 0, 25, f"{COUNTS},24"), "", "a column is called 24:00"),
        ("date,time,contacts\nmon,23:30,1\nmon,24:00,2\n", "", "no interval of a weekday begins at 24:00"),
        ("date,time,contacts\n2026-03-02,23:30,1\n2026-03-02,24:00,2\n", "", "say columns: {end: time}"),
        (QUARTERS_THEN_HOURS, "outside: 0", "rows are 1h apart at 2026-03-02 09:00 and 15m at 2026-03-02 08:00"),
        (TWICE, "columns: {contacts: Offered}", "2 columns are called 'Offered' (3 and 5): say which by its number"),
    ],
)
def test_what_a_report_may_mean_in_two_ways_is_asked(tmp_path: Path, text: str, said: str, why: str) -> None:
    with pytest.raises(ScenarioError) as told:
        contacts(tmp_path, text, said, **DAY)
    assert why in str(told.value)


def remarks(folder: Path, text: str, said: str = "", **more: str) -> str:
    (folder / "scenario.yaml").write_text(opened(folder, text, said, **more))
    return "\n".join(f"{one.kind}: {one.message}" for one in look(str(folder / "scenario.yaml")).remarks)


def test_rows_without_a_name_are_told_and_count_for_nobody(tmp_path: Path) -> None:
    said = "every: 30m, missing: 0, outside: 0"
    assert contacts(tmp_path, NAMELESS, said, **MORNING) == 5
    assert "warning: plan.csv:3: no name in the column 'name'" in remarks(tmp_path, NAMELESS, said, **MORNING)


def test_what_is_closed_before_and_after_the_rows_of_one_day_is_told(tmp_path: Path) -> None:
    text = "start,contacts\n2026-03-02 10:00,5\n2026-03-02 10:30,6\n"
    told = remarks(tmp_path, text, start="2026-03-02 08:00", length="4h")
    assert "closed for 2h before 2026-03-02 10:00 and 1h from 2026-03-02 11:00 on" in told


FROM_FILE = {**MORNING, "handle_time": "{from_forecast: yes, cv: 0.8}"}


def with_aht(first: str, second: str, head: str = "aht") -> str:
    return f"start,contacts,{head}\n2026-03-02 08:00,10,{first}\n2026-03-02 08:30,20,{second}\n"


@pytest.mark.parametrize(
    ("head", "said"), [("AHT (min)", "columns: {aht: AHT (min)}"), ("aht", "durations: minutes"), ("aht", "")]
)
def test_the_unit_of_handle_times_is_what_the_head_says_or_asked_where_they_are_too_short(
    tmp_path: Path, head: str, said: str
) -> None:
    text = with_aht("4.5", "5.5", head)
    told = remarks(tmp_path, text, said, **FROM_FILE)
    aht = loads(opened(tmp_path, text, said, **FROM_FILE), base_dir=tmp_path).demand["calls"].aht
    assert aht is not None
    unit = 60 if said else 1
    assert list(aht.values) == [4.5e6 * unit, 5.5e6 * unit]
    assert ("handle times are 5 s on average" in told) == (not said)


def test_hold_beside_talk_is_told(tmp_path: Path) -> None:
    text = "start,contacts,talk,Avg Hold,wrap_up\n2026-03-02 08:00,1,200,20,40\n2026-03-02 08:30,1,200,20,40\n"
    assert "Avg Hold: left alone, as talk times have hold in them" in remarks(tmp_path, text, **FROM_FILE)


def test_contacts_without_a_handle_time_are_told(tmp_path: Path) -> None:
    told = remarks(tmp_path, with_aht("0", "300"), **FROM_FILE)
    assert "10.0 of 30.0 contacts are in intervals without a handle time, the first at 2026-03-02 08:00" in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (with_aht("4:15", "5:12"), "4:15 is 4 min 15 s or 4 h 15 min; say durations: mm:ss or h:mm"),
        (with_aht("300", "310", "handle_total"), "`handle_total` needs the column `handled`"),
        (with_aht("300", "310", "average"), "or name its column in the file, like columns: {aht: ...}"),
    ],
)
def test_why_a_file_gives_no_handle_time_is_told_where_one_is_wanted(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ScenarioError) as told:
        contacts(tmp_path, text, **FROM_FILE)
    assert why in str(told.value)
