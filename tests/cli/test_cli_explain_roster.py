"""`ccsim explain SCENARIO roster POOL` at the command line."""

from __future__ import annotations

import json

import pytest

from ccsim.commands.explain_roster import roster_document, roster_lines
from ccsim.scenario import load
from tests.cli.small_centre import ccsim
from tests.support.files import GLOBE


def test_the_command_prints_the_roster() -> None:
    done = ccsim("explain", GLOBE, "roster", "krakow_risk")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines == roster_lines(load(GLOBE), "krakow_risk")
    assert lines[0].startswith("krakow_risk at krakow, in_house: 9 people employed")
    assert any(line.startswith("agent hours a week: ") for line in lines[:5])


@pytest.mark.parametrize("pool", ["krakow_risk", "krakow_t1", "experts"])
def test_the_document_adds_up(pool: str) -> None:
    scenario = load(GLOBE)
    document = json.loads(json.dumps(roster_document(scenario, pool), allow_nan=False))
    headcount = scenario.pools[pool].headcount
    assert sum(schedule["people"] for schedule in document["schedules"]) == (headcount or 0)
    for schedule in document["schedules"]:
        assert len(schedule["days"]) == scenario.shift_patterns[schedule["pattern"]].work_days
        assert schedule["start_us"] in scenario.shift_patterns[schedule["pattern"]].starts
    hours, short = document["hours_a_week"], 0.0
    for name in ("required", "scheduled"):
        assert [len(day) for day in document[name]] == [24] * 7
        assert sum(map(sum, document[name])) == pytest.approx(hours[name], abs=0.2)
    for wanted, there in zip(document["required"], document["scheduled"], strict=True):
        short += sum(max(0.0, a - b) for a, b in zip(wanted, there, strict=True))
    assert short == pytest.approx(hours["short"], abs=0.2)
    assert (document["price"] is None) == (headcount is None)
    assert document["time_zone"] == "Europe/Warsaw"


def test_the_tightest_hour_is_the_one_with_most_missing() -> None:
    document = roster_document(load(GLOBE), "krakow_t1")
    gaps = {
        (day, hour): document["required"][day][hour] - document["scheduled"][day][hour]
        for day in range(7)
        for hour in range(24)
    }
    worst = max(gaps.values())
    said = [line for line in roster_lines(load(GLOBE), "krakow_t1") if line.startswith("tightest: ")]
    assert bool(said) == (worst > 0.05)
    if said:
        day, hour = said[0].split()[1:3]
        at = (("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day), int(hour[:2]))
        assert gaps[at] == pytest.approx(worst, abs=1e-3)


def test_the_command_prints_one_document() -> None:
    done = ccsim("explain", GLOBE, "roster", "krakow_risk", "--json")
    assert json.loads(done.stdout)["pool"] == "krakow_risk"


@pytest.mark.parametrize("name", ["krakow", "", "x" * 4_000, "krakow_risk.x", "pools.krakow_risk"])
def test_no_such_pool_is_exit_2(name: str) -> None:
    done = ccsim("explain", GLOBE, "roster", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{GLOBE}: pools: ")
    assert len(done.stderr) < 500
