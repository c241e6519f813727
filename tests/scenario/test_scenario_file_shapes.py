"""Shapes of files that planners have: every one gives the counts that one adds up by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.errors import ScenarioError
from ccsim.language.demand import Volume
from ccsim.scenario import loads
from ccsim.units import SECOND

TEXT = """\
scenario: shapes
horizon: {{start: {start}, length: {length}, drain: 0s}}
time_zone: {zone}
handle_time: {handle_time}
demand: {{calls: {{forecast: {{file: plan.csv{said}}}{volume}}}}}
pools: {{desk: {{staffing: 1}}}}
"""
QUEUES = """\
Queue,Start,Offered,AHT
A,2026-03-02 08:00,12,100
B,2026-03-02 08:00,18,200
A,2026-03-02 08:30,25,100
B,2026-03-02 08:30,22,200
C,2026-03-02 08:30,1000,9
"""
HALVES = "columns: {name: Queue, start: Start, contacts: Offered}"
HOUR = {"start": "2026-03-02 08:00", "length": "1h"}
TWO_DAYS = {"start": "2026-03-02", "length": "2d"}
WEEK = {"start": "2026-03-02", "length": "1w"}
EVEN = {"volume": ", profile: flat"}
AM_PM = "date,time,contacts\n2026-03-02,8:00 a. m.,7\n2026-03-02,8:30 a. m.,8\n2026-03-02,1:00 p. m.,9\n"


def volume(folder: Path, text: str, said: str = "", **more: str) -> tuple[Volume, float]:
    """The volume and its contacts of the horizon."""
    (folder / "plan.csv").write_text(text)
    values = {"zone": "UTC", "handle_time": "1m", "volume": ""} | more
    scenario = loads(TEXT.format(said=f", {said}" if said else "", **values), base_dir=folder)
    return scenario.demand["calls"], sum(expected_contacts(scenario).values())


@pytest.mark.parametrize(
    ("text", "said", "more", "right"),
    [
        (QUEUES, f"name: [A, B], {HALVES}", HOUR, 77),
        (QUEUES, f"where: {{Queue: [A, B]}}, same_interval: add, {HALVES.replace('name: Queue, ', '')}", HOUR, 77),
        ("end,contacts\n2026-03-02 08:30,12\n2026-03-02 09:00,18\n2026-03-02 09:30,25\n", "", HOUR, 30),
        (
            "day,ends,contacts\n2026-03-02,23:00,5\n2026-03-02,23:30,6\n2026-03-02,0:00,7\n2026-03-03,0:30,99\n",
            "missing: 0, columns: {date: day, end: ends}",
            {"start": "2026-03-02 22:30", "length": "90m"},
            18,
        ),
        ("date,contacts\n2026-03,3100\n2026-04,3000\n", "", {"start": "2026-03-01", "length": "61d", **EVEN}, 6100),
        ("start,contacts\nFeb 2028,2900\nMar 2028,310\n", "", {"start": "2028-02-28", "length": "4d", **EVEN}, 220),
        ("date,contacts\n2026-W10,700\n2026-W11,140\n", "", {"start": "2026-03-02", "length": "8d", **EVEN}, 720),
        ("Date,08:00,08:30,Total\n02.03.2026,12,18,30\n03.03.2026,1,2,3\n", "", TWO_DAYS, 33),
        ("Uhrzeit,Mo,Di,Mi,Do,Fr,Summe\n08:00,1,2,3,4,5,15\n08:30,1,1,1,1,1,5\n", "", WEEK, 20),
        ("date,time,contacts\nlundi,08:00,7\nlundi,08:30,8\nmardi,08:00,9\nmardi,08:30,1\n", "", TWO_DAYS, 25),
        ("date,contacts\nMon,70\nTue,80\nWed,1\nThu,1\nFri,1\nSat,1\nSun,1\n", "", {**TWO_DAYS, **EVEN}, 150),
        (AM_PM, "missing: 0, outside: 0", TWO_DAYS, 24),
        ("date,time,contacts\n2026年3月2日,08:00,7\n2026年3月2日,08:30,8\n", "outside: 0", HOUR, 15),
    ],
)  # fmt: skip
def test_a_shape_is_read_as_it_is_meant(tmp_path: Path, text: str, said: str, more: dict[str, str], right: int) -> None:
    assert volume(tmp_path, text, said, **more)[1] == pytest.approx(right)


def test_handle_times_of_several_queues_are_their_mean_by_contacts(tmp_path: Path) -> None:
    calls, _ = volume(tmp_path, QUEUES, f"name: [A, B], {HALVES}", handle_time="{from_forecast: yes}", **HOUR)
    assert calls.aht is not None
    told = [value / SECOND for value in calls.aht.values if value]
    assert told == pytest.approx([(12 * 100 + 18 * 200) / 30, (25 * 100 + 22 * 200) / 47])


def test_both_passages_of_a_repeated_hour_stay_apart_where_queues_are_added(tmp_path: Path) -> None:
    hours = (("01", 2), ("02", 3), ("02", 4), ("03", 5))
    rows = "".join(f"{queue},2026-10-25 {hour}:00,{count}\n" for queue in "AB" for hour, count in hours)
    said = "name: [A, B], columns: {name: Queue}"
    zone = "Europe/Berlin"
    text = "Queue,start,contacts\n" + rows
    assert volume(tmp_path, text, said, zone=zone, start="2026-10-25 01:00", length="2h")[1] == pytest.approx(4 + 6)
    assert volume(tmp_path, text, said, zone=zone, start="2026-10-25 01:00", length="3h")[1] == pytest.approx(4 + 6 + 8)


def test_an_interval_of_one_queue_that_stands_twice_is_a_fault_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"again: 2026-03-02 08:30; .*same_interval: add"):
        volume(tmp_path, QUEUES + "A,2026-03-02 08:30,25,100\n", f"name: [A, B], {HALVES}", **HOUR)


def test_a_week_that_a_year_does_not_have_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="2027-W53"):
        volume(tmp_path, "date,contacts\n2027-W52,7\n2027-W53,7\n", start="2027-12-27", length="1w", **EVEN)
