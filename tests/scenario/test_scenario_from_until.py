"""`from` and `until` of pools and volumes: what is refused, and what check, diff and explain say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.diff import differences
from ccsim.scenario.load import read_text

DESK = """
scenario: desk
time_zone: Europe/London
horizon: {start: 2026-03-02, length: 2w}
channels: {mail: {kind: deferred}}
handle_time: {value: 1m}
demand:
  calls: {per_hour: 6}
  post: {workflow: calls, channel: mail, per_hour: 6}
pools: {desk: {staffing: 2}}
"""


def faults(text: str, *settings: str, folder: Path | None = None) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, base_dir=folder, settings=dict(one.split("=", 1) for one in settings))
    return [(fault.key, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize("key", ["pools.desk", "demand.calls"])
def test_from_lies_before_until(key: str) -> None:
    expected = "expected a time after `from`, 2026-03-06, got 2026-03-04 08:30"
    assert faults(DESK, f"{key}.from=2026-03-06", f"{key}.until=2026-03-04 08:30") == [(f"{key}.until", expected)]
    loads(DESK, settings={f"{key}.from": "2026-03-04", f"{key}.until": "2026-03-04 00:15"})


def test_what_waits_at_the_start_came_before() -> None:
    ((key, message),) = faults(DESK, "demand.post.backlog=20", "demand.post.from=2026-03-06")
    assert (key, message.split(":")[0]) == ("demand.post.backlog", "the volume begins later than the run")
    loads(DESK, settings={"demand.post.backlog": "20", "demand.post.until": "2026-03-06"})
    loads(DESK, settings={"demand.post.backlog": "20", "demand.post.from": "2026-03-01"})


def test_files_that_have_dates_of_their_own_are_not_cut(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("time,talk\n2026-03-02 10:00,60\n")
    (tmp_path / "roster.csv").write_text("agent,date,start,end,activity\nann,2026-03-02,08:00,16:00,Phone\n")
    text = DESK.replace("calls: {per_hour: 6}", "calls: {trace: calls.csv, from: 2026-03-04}")
    assert faults(text, folder=tmp_path) == [
        ("demand.calls.from", "a trace is replayed as recorded; leave rows out of the file")
    ]
    text = DESK.replace(
        "staffing: 2", "roster: {file: roster.csv, on_the_line: [Phone], outside: 0}, until: 2026-03-04"
    )
    why = "a published roster says itself who is there on which date: leave rows out of it"
    assert faults(text, folder=tmp_path) == [("pools.desk.until", why)]


@pytest.mark.parametrize(
    "pool",
    ["staffing: 2", "shifts: [{agents: 2, start: 00:00, length: 24h}]", "headcount: 30, site: hall, shifts: day"],
)
def test_hours_before_a_pool_begins_are_told_and_no_fault(pool: str) -> None:
    """With sites too, where hours that no eligible pool has are refused; and in no other week."""
    rest = "sites: {hall: {region: eu, time_zone: Europe/Warsaw, hours: 24x7}}\n"
    rest += "shift_patterns: {day: {paid: 8h, starts: [00:00, 08:00, 16:00]}}\n"
    text = DESK.replace("staffing: 2", f"{pool}, from: 2026-03-09 01:00") + rest
    if "site" not in pool:
        text = text.replace("{desk: {", "{desk: {site: hall, ")
    (said,) = [one.message for one in read_text(text).remarks if "nobody is on the line" in one.message]
    assert said.startswith("nobody is on the line for calls ")
    assert "in 1 of 3 weeks" in said or "from 2026-03-02 to 2026-03-08" in said
    assert not [one for one in read_text(text.replace("03-09 01:00", "03-02")).remarks if "nobody" in one.message]


def test_less_work_than_agents_is_a_matter_of_the_weeks_when_they_are_there() -> None:
    """Two pools, the second from the second week on: only the first week has more work than agents."""
    text = DESK.replace("per_hour: 6}\n  post", "per_hour: 90}\n  post")
    text = text.replace("{desk: {staffing: 2}}", "{desk: {staffing: 1}, help: {staffing: 1, from: 2026-03-09}}")
    (said,) = [one.message for one in read_text(text).remarks if "erlangs" in one.message]
    assert "1 of 2 weeks" in said or "2026-03-02" in said
    assert not [one for one in read_text(text.replace(", from: 2026-03-09", "")).remarks if "erlangs" in one.message]


def test_a_difference_is_told_in_words() -> None:
    a, b = (
        loads(DESK, settings=said)
        for said in ({}, {"pools.desk.from": "2026-03-09", "demand.calls.until": "2026-03-10"})
    )
    assert sorted(str(one) for one in differences(a, b)) == [
        "Demand / calls: until the end -> 2026-03-10",
        "Pools / desk: from the beginning -> 2026-03-09",
    ]
