"""Files that number their intervals, count minutes or give rates by the hour; and horizons over a clock change."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.look import look

TEXT = """\
scenario: numbers
horizon: {{start: {start}, length: {length}, drain: 0s}}
time_zone: {zone}
handle_time: 1m
markets: {{there: {{region: r, time_zone: {there}}}}}
demand: {{calls: {{market: there, forecast: {{file: plan.csv{said}}}}}}}
pools: {{desk: {{staffing: 1}}}}
"""
PART = {41: 3, 42: 5, 43: 7, 44: 11}
DAY_OF_48 = "".join(f"2026-05-04,{n},{PART.get(n, 0)}\n" for n in range(1, 49))
DAY_OF_96 = "".join(f"2026-05-04,{n},{PART.get(n, 0)}\n" for n in range(96))
PERIODS = "".join(f"2026-05-04,{n},{often}\n" for n, often in PART.items())
EVENING = {"start": "2026-05-04 20:00", "length": "2h"}


def contacts(folder: Path, text: str, said: str = "", **more: str) -> float:
    (folder / "plan.csv").write_text(text)
    values = {"zone": "UTC", "there": more.get("zone", "UTC"), **EVENING} | more
    scenario = loads(TEXT.format(said=f", {said}" if said else "", **values), base_dir=folder)
    return sum(expected_contacts(scenario).values())


@pytest.mark.parametrize(
    ("text", "said", "more", "right"),
    [
        (f"date,period,contacts\n{PERIODS}", "every: 30m", EVENING, 26),
        (f"date,No,contacts\n{PERIODS}", "every: 30m, columns: {period: No}", EVENING, 26),
        (f"date,period,contacts\n{DAY_OF_48}", "", EVENING, 26),
        (f"date,period,contacts\n{DAY_OF_96}", "", {"start": "2026-05-04 10:15", "length": "30m"}, 8),
        ("date,hour,contacts\n2026-05-04,20,9\n2026-05-04,21,8\n", "columns: {time: hour}", EVENING, 17),
        ("date,time,contacts\n2026-05-04,20,9\n2026-05-04,21,8\n", "every: 1h", EVENING, 17),
        ("date,time,contacts\n2026-05-04,1200,9\n2026-05-04,1230,8\n2026-05-04,1260,7\n", "", EVENING, 24),
        ("date,time,contacts\n2026-05-04,72000,9\n2026-05-04,73800,8\n", "", EVENING, 17),
        ("date,time,contacts\n2026-05-04,2000,9\n2026-05-04,2030,8\n2026-05-04,2100,7\n", "", EVENING, 24),
        ("start,per_hour,contacts\n2026-05-04 20:00,12,6\n2026-05-04 20:30,8,4\n", "", EVENING, 10),
        ("start,Rate,contacts\n2026-05-04 20:00,6,9\n2026-05-04 20:30,4,9\n", "columns: {per_hour: Rate}", EVENING, 5),
        ("tid,måndag,tisdag\n20:00,5,1\n20:30,7,1\n", "", EVENING, 12),
        ("godz,poniedziałek,wtorek\n20:00,5,1\n20:30,7,1\n", "", EVENING, 12),
        ("start,contacts\nmån 4 maj 2026 20:00,5\nmån 4 maj 2026 20:30,7\n", "", EVENING, 12),
        ("start,contacts\n4 maja 2026 20:00,5\n4 maja 2026 20:30,7\n", "", EVENING, 12),
        ("start,per_hour\n2026-05-04 20:00,12\n2026-05-04 20:30,8\n", "", EVENING, 10),
        ("start,Rate\n2026-05-04 20:00,12\n2026-05-04 21:00,8\n", "columns: {per_hour: Rate}", EVENING, 20),
        ("date,period,contacts\n2026-05-04,20:00,3\n2026-05-04,20:30,4\n2026-05-04,21:00,5\n", "", EVENING, 12),
        ("date,start,end,contacts\n2026-05-04,20:00,21:00,3\n2026-05-04,21:00,22:00,4\n", "", EVENING, 7),
        ("date,time,contacts\n2026-05-04,20:00,3\n2026-05-04,20:30,4\n2026-05-04,Total,7\n", "", EVENING, 7),
    ],
)
def test_numbers_give_the_counts_that_one_adds_up(
    tmp_path: Path, text: str, said: str, more: dict[str, str], right: float
) -> None:
    assert contacts(tmp_path, text, said, **more) == pytest.approx(right)


@pytest.mark.parametrize(
    ("text", "said", "why"),
    [
        ("date,period,contacts\n2026-05-04,17,3\n2026-05-04,18,4\n", "", "do not tell how long an interval is"),
        ("date,period,contacts\n2026-05-04,49,3\n", "every: 30m", "49 is beyond 48"),
        ("date,period,contacts\n2026-05-04,1.5,3\n", "every: 30m", "1.5 is no number of an interval"),
        ("date,period,contacts\n2026-05-04,2,3\n", "every: 7h", "does not divide a day"),
        ("date,No,contacts\n2026-05-04,17,3\n2026-05-04,18,4\n", "columns: {time: No}", "18 is 18:00 if these"),
        ("date,hour,contacts\n2026-05-04,17,3\n", "every: 30m, columns: {time: hour}", "17 is 17:00 if these"),
        ("date,hour,contacts\n2026-05-04,23,3\n2026-05-04,24,4\n", "columns: {time: hour}", "24 is no hour"),
        ("date,No,contacts\n2026-05-04,33,3\n2026-05-04,34,4\n", "columns: {time: No}", "33 to 34 are no hours"),
        ("date,time,contacts\n2026-05-04,600,3\n2026-05-04,630,4\n", "", "10:00 as minutes since midnight"),
        ("date,slot,contacts\n2026-05-04,1,3\n2026-05-04,2,4\n", "", "no column says which time they are of"),
        ("start,contacts\n2026-05-04 10:00,3\n2026-05-04 10:30,4\n", "", "no row lies in the horizon"),
        ("date,time,contacts\n,20:00,3\n2026-05-04,20:30,4\n", "", "write them in every row"),
    ],
)
def test_numbers_that_may_be_two_things_are_refused(tmp_path: Path, text: str, said: str, why: str) -> None:
    with pytest.raises(ScenarioError) as told:
        contacts(tmp_path, text, said)
    assert why in str(told.value)
    assert "plan.csv:" in str(told.value)


def halves(dates: list[str]) -> str:
    rows = [f"{day} {half // 2:02}:{half % 2 * 30:02},2" for day in dates for half in range(48)]
    return "start,contacts\n" + "\n".join(rows)


@pytest.mark.parametrize("first", ["2026-03-29", "2026-10-25"])
def test_a_file_of_the_dates_of_a_clock_change_fills_the_horizon(tmp_path: Path, first: str) -> None:
    dates = [first, f"{first[:8]}{int(first[8:]) + 1}"]
    more = {"zone": "Europe/Madrid", "start": first, "length": "2d"}
    assert contacts(tmp_path, halves(dates), **more) == pytest.approx(192)


def test_a_file_of_the_dates_of_the_horizon_does_for_a_market_on_another_clock(tmp_path: Path) -> None:
    dates = [f"2026-05-{day:02}" for day in range(4, 11)]
    rows = [f"{day} {half // 2:02}:{half % 2 * 30:02},{1 + half}" for day in dates for half in range(48)]
    text, more = "start,contacts\n" + "\n".join(rows), {"start": "2026-05-04", "length": "7d"}
    for there in ("Europe/Berlin", "Asia/Manila", "America/New_York"):
        assert contacts(tmp_path, text, there=there, **more) == pytest.approx(7 * 49 * 24)
    with pytest.raises(ScenarioError, match="have no row, the first at 2026-05-11"):
        contacts(tmp_path, text, there="Europe/Berlin", start="2026-05-04", length="8d")


def test_what_a_horizon_cuts_of_a_day_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("start,contacts\n2026-05-04 19:30,3\n2026-05-04 20:00,4\n2026-05-04 20:30,5\n")
    scenario = tmp_path / "plan.yaml"
    scenario.write_text(TEXT.format(said="", zone="UTC", there="UTC", **EVENING))
    remarks = [one.message for one in look(str(scenario)).remarks]
    assert any("3.0 contacts lie before its begin at 2026-05-04 20:00" in one for one in remarks)
