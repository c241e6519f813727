"""`satisfaction` in points of rating: what is read, what is told, and what is refused; 24 h in the name of a KPI."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.linear_satisfaction import LinearSatisfaction, MovingPoints, NpsRatings, PointsOfTime
from ccsim.language.survey import SurveyResponse
from ccsim.scenario import loads
from ccsim.scenario.load import read_text
from ccsim.units import HOUR, MINUTE

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 2d}
vendors: {acme: {}}
demand: {calls: {per_hour: 60, channel: phone}}
handle_time: {mean: 3m}
pools: {desk: {staffing: 5, vendor: acme}}
"""
JOB = """
satisfaction:
  scale: 1-5
  base: 4.6
  moved_by: {wait: {per: 1m, by: -0.10}, repeat: -0.6, transfer: -0.3, unresolved: -1.2, translated: -0.2}
  nps: {promoters_from: 4.5, detractors_below: 3.5}
goals:
  - {kpi: csat, at_least: 4.3}
  - {kpi: nps, at_least: 30}
  - {kpi: resolved_in_24h, at_least: 80%}
"""


def faults(said: str) -> dict[str, str]:
    with pytest.raises(ScenarioError) as error:
        loads(DESK + said)
    return {fault.key: fault.message for fault in error.value.faults}


def assumed(said: str) -> dict[str, str]:
    return {one.key: one.message for one in read_text(DESK + said).remarks if one.kind == "assumed"}


def test_the_job_of_a_planner_is_read_as_written() -> None:
    found = loads(DESK + JOB)
    assert found.satisfaction == LinearSatisfaction(
        base=4.6,
        moved_by=MovingPoints(
            wait=PointsOfTime(per=MINUTE, by=-0.1), repeat=-0.6, transfer=-0.3, unresolved=-1.2, translated=-0.2
        ),
        nps=NpsRatings(promoters_from=4.5, detractors_below=3.5),
    )
    assert [(goal.kpi, goal.at_least) for goal in found.goals] == [
        ("csat_score", 4.3),
        ("nps", 30.0),
        ("resolved_in_time", 0.8),
    ]


def test_everything_can_be_said() -> None:
    found = loads(
        f"{DESK}satisfaction: {{base: 4, moved_by: {{deferred_wait: {{per: 2h, by: -.5}}, escalation: 0.1}}, "
        "vendors: {acme: -0.2}, pools: {desk: 0.1}, workflows: {calls: 1}, channels: {phone: -4}, response: 20%}\n"
    ).satisfaction
    assert found == LinearSatisfaction(
        base=4.0,
        moved_by=MovingPoints(deferred_wait=PointsOfTime(per=2 * HOUR, by=-0.5), escalation=0.1),
        vendors={"acme": -0.2},
        pools={"desk": 0.1},
        workflows={"calls": 1.0},
        channels={"phone": -4.0},
        response=SurveyResponse(satisfied=0.2, not_satisfied=0.2),
    )


def test_what_the_numbers_are_taken_for_is_told_and_what_is_not_written_moves_nothing() -> None:
    told = assumed(JOB)
    assert "rated 4.6 on average" in told["satisfaction.base"]
    assert told["satisfaction.moved_by"] == (
        "deferred_wait and escalation are not written: they do not move the rating"
    )
    assert "satisfaction.nps.promoters_from" not in told
    told = assumed("satisfaction: {base: 4.6}\n")
    assert "not written; 5 is assumed" in told["satisfaction.nps.promoters_from"]
    assert "not written; 4 is assumed" in told["satisfaction.nps.detractors_below"]
    assert told["satisfaction.moved_by"].startswith("wait, deferred_wait, unresolved, ")


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ("{scale: 1-5}", "satisfaction.base", "is missing"),
        ("{scale: 1-10, base: 4}", "satisfaction.scale", "expected one of 1-5, got '1-10'"),
        ("{base: 5.5}", "satisfaction.base", "a rating from 1 to 5, like 4.6, got '5.5'"),
        ("{base: 0.9}", "satisfaction.base", "a rating from 1 to 5"),
        ("{base: 90%}", "satisfaction.base", "a rating from 1 to 5"),
        ("{base: 4, csat: {constant: 1}}", "satisfaction.csat", "say csat (log odds) or base (points of rating)"),
        ("{base: 4, cut_points: [1, 2, 3, 4]}", "satisfaction.cut_points", "not both"),
        ("{base: 4, nps: {promoter: 1}}", "satisfaction.nps.promoter", "did you mean 'promoters_from'?"),
        ("{nps: {promoters_from: 4.5}}", "satisfaction.nps.promoters_from", "unknown key"),
        ("{base: 4, nps: {promoters_from: 1}}", "satisfaction.nps.promoters_from", "a rating above 1"),
        ("{base: 4, nps: {promoters_from: 3, detractors_below: 4}}", "satisfaction.nps", "at most 3"),
        ("{base: 4, nps: {detractors_below: 5, promoters_from: 4.5}}", "satisfaction.nps", "got 5"),
        ("{base: 4, moved_by: {wait: -0.1}}", "satisfaction.moved_by.wait", "a map"),
        ("{base: 4, moved_by: {wait: {per: 0s, by: -1}}}", "satisfaction.moved_by.wait.per", "above 0"),
        ("{base: 4, moved_by: {wait: {by: -1}}}", "satisfaction.moved_by.wait.per", "is missing"),
        ("{base: 4, moved_by: {repeat: -4.5}}", "satisfaction.moved_by.repeat", "from -4 to 4"),
        ("{base: 4, moved_by: {repeated: -1}}", "satisfaction.moved_by.repeated", "did you mean 'repeat'?"),
        ("{base: 4, vendors: {acmee: 1}}", "satisfaction.vendors.acmee", "did you mean 'acme'?"),
    ],
)
def test_what_makes_no_sense_is_refused(said: str, key: str, why: str) -> None:
    assert why in faults(f"satisfaction: {said}\n")[key]


def test_a_variant_changes_one_number() -> None:
    text = f"{DESK}satisfaction: {{base: 4.6}}\nvariants: {{better: {{satisfaction.nps.promoters_from: 4}}}}\n"
    found = read_text(text, variants=["better"]).scenario.satisfaction
    assert isinstance(found, LinearSatisfaction)
    assert found.nps.promoters_from == 4.0


def test_24_hours_in_the_name_of_a_kpi_are_those_of_the_cases() -> None:
    goal = "goals: [{kpi: resolved_in_24h, at_least: 80%}]\n"
    assert loads(f"{DESK}cases: {{resolved_within: 1d}}\n{goal}").goals[0].kpi == "resolved_in_time"
    found = faults(f"cases: {{resolved_within: 8h}}\n{goal}")
    assert found["goals.0.kpi"] == (
        "resolved_in_24h is resolved_in_time within 24h, but cases.resolved_within says 8h; say resolved_in_time"
    )
    working = "cases: {resolved_within: {working: 24h, hours: {mon-fri: 09:00-17:00}}}\n"
    assert "says working time" in faults(working + goal)["goals.0.kpi"]
