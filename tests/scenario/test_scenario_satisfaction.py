"""`satisfaction`: what is read, what is assumed and told, and what is refused; goals about ratings."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.linear_satisfaction import LinearSatisfaction
from ccsim.language.satisfaction import ASSUMED, ASSUMED_OF_BOTS, BotOdds, CsatCoefficients, NpsCutPoints, Satisfaction
from ccsim.language.survey import SurveyResponse
from ccsim.scenario import loads
from ccsim.scenario.load import read_text

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 2d}
vendors: {acme: {}}
demand: {calls: {per_hour: 60, channel: phone}}
handle_time: {mean: 3m}
pools: {desk: {staffing: 5, vendor: acme}}
"""


def read(said: str) -> Satisfaction | LinearSatisfaction | None:
    return loads(DESK + said).satisfaction


def assumed(said: str) -> dict[str, str]:
    remarks = read_text(DESK + said).remarks
    return {one.key: one.message for one in remarks if one.kind == "assumed" and "not written" in one.message}


def faults(said: str) -> dict[str, str]:
    with pytest.raises(ScenarioError) as error:
        loads(DESK + said)
    return {fault.key: fault.message for fault in error.value.faults}


def test_nothing_is_rated_where_nothing_is_said() -> None:
    assert read("") is None
    assert read("goals: [{kpi: fcr, at_least: 70%}]\n") is None


@pytest.mark.parametrize("said", ["satisfaction: defaults\n", "satisfaction: {}\n"])
def test_defaults_are_told_one_by_one_as_assumptions(said: str) -> None:
    assert read(said) == Satisfaction()
    told = assumed(said)
    assert {key.removeprefix("satisfaction.") for key in told} == set(ASSUMED)
    assert "0.3 is assumed, not measured" in told["satisfaction.csat.constant"]
    assert all("assumed, not measured: " in message for message in told.values())


def test_every_coefficient_is_a_default_or_is_told() -> None:
    names = {f"csat.{name}" for name in CsatCoefficients.model_fields} | {f"nps.{n}" for n in NpsCutPoints.model_fields}
    assert names | {"cut_points"} == set(ASSUMED)


def test_what_is_written_is_not_assumed() -> None:
    said = (
        "satisfaction: {csat: {constant: 1.2, per_minute_of_wait: -0.35, resolved: 1.1, repeat: -0.6}, "
        "nps: {promoter: 1.6, detractor: -0.2}, cut_points: [-2, -1, 0, 0.5], vendors: {acme: -.2}, "
        "channels: {phone: 0.1}, response: {satisfied: 12%, not_satisfied: 31%}}\n"
    )
    assert read(said) == Satisfaction(
        csat=CsatCoefficients(constant=1.2, per_minute_of_wait=-0.35, resolved=1.1, repeat=-0.6),
        nps=NpsCutPoints(promoter=1.6, detractor=-0.2),
        cut_points=(-2.0, -1.0, 0.0, 0.5),
        vendors={"acme": -0.2},
        channels={"phone": 0.1},
        response=SurveyResponse(satisfied=0.12, not_satisfied=0.31),
    )
    assert set(assumed(said)) == {
        f"satisfaction.csat.{name}" for name in ("per_hour_of_wait", "transferred", "escalated", "translated")
    }


def test_one_share_is_that_of_everybody() -> None:
    found = read("satisfaction: {response: 20%}\n")
    assert found is not None
    assert found.response == SurveyResponse(satisfied=0.2, not_satisfied=0.2)


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ("yes", "satisfaction", "or the word defaults"),
        ("{csat: {constant: much}}", "satisfaction.csat.constant", "expected a number like 0.8 or -0.35, got 'much'"),
        ("{csat: {constant: --1}}", "satisfaction.csat.constant", "expected a number like 0.8 or -0.35"),
        ("{csat: {repeat: -50.5}}", "satisfaction.csat.repeat", "from -50 to 50"),
        ("{csat: {repeat: .nan}}", "satisfaction.csat.repeat", "expected a number"),
        ("{csat: {wait: 1}}", "satisfaction.csat.wait", "unknown key 'wait'"),
        ("{cut_points: [1, 0, 2, 3]}", "satisfaction.cut_points", "expected four rising numbers"),
        ("{cut_points: [0, 0, 2, 3]}", "satisfaction.cut_points", "expected four rising numbers"),
        ("{cut_points: [0, 1, 2]}", "satisfaction.cut_points", "expected at least 4"),
        ("{nps: {promoter: -1}}", "satisfaction.nps", "at or below that of promoters, got -0.3 above -1"),
        ("{vendors: {acmee: 1}}", "satisfaction.vendors.acmee", "did you mean 'acme'?"),
        ("{workflows: {cals: 1}}", "satisfaction.workflows.cals", "did you mean 'calls'?"),
        ("{pools: {dsk: 1}}", "satisfaction.pools.dsk", "did you mean 'desk'?"),
        ("{channels: {fone: 1}}", "satisfaction.channels.fone", "there is no channel 'fone'"),
        ("{response: {satisfied: 12%}}", "satisfaction.response.not_satisfied", "is missing"),
        ("{response: 120%}", "satisfaction.response", "expected a share of at most 100%"),
    ],
)
def test_what_makes_no_sense_is_refused(said: str, key: str, why: str) -> None:
    found = faults(f"satisfaction: {said}\n")
    assert why in found[key]


def test_all_faults_are_told_at_once() -> None:
    said = "satisfaction: {csat: {constant: x}, vendors: {nobody: 1}, response: 2, cut_points: [1]}\n"
    assert len(faults(said)) == 4


# Goals


def _goal(said: str, more: str = "satisfaction: defaults\n") -> tuple[str, float | None]:
    [goal] = loads(f"{DESK}{more}goals: [{said}]\n").goals
    return goal.kpi, goal.at_least if goal.at_least is not None else goal.at_most


@pytest.mark.parametrize(
    ("said", "kpi", "value"),
    [
        ("{kpi: csat, at_least: 4.3}", "csat_score", 4.3),
        ("{kpi: csat, at_least: 5}", "csat_score", 5.0),
        ("{kpi: csat, at_least: 80%}", "csat", 0.8),
        ("{kpi: csat, at_least: 4.3%}", "csat", 0.043),
        ("{kpi: csat, at_least: 0.8}", "csat", 0.8),
        ("{kpi: csat, at_least: 1}", "csat", 1.0),
        ("{kpi: csat_score, at_least: 4}", "csat_score", 4.0),
        ("{kpi: nps, at_least: -10}", "nps", -10.0),
        ("{kpi: nps, at_most: 30, by: day}", "nps", 30.0),
        ("{kpi: csat, vendor: acme, at_least: 80%}", "csat", 0.8),
    ],
)
def test_a_plain_number_above_one_is_a_mean_rating(said: str, kpi: str, value: float) -> None:
    assert _goal(said) == (kpi, pytest.approx(value))


def test_a_goal_about_ratings_takes_the_defaults_and_says_so() -> None:
    loaded = read_text(f"{DESK}goals: [{{kpi: csat, at_least: 4.3}}]\n")
    assert loaded.scenario.satisfaction == Satisfaction()
    [told] = [one for one in loaded.remarks if one.key == "goals.0" and one.kind == "assumed"]
    assert "say `satisfaction: defaults`, or your own coefficients" in told.message
    assert len(assumed("goals: [{kpi: nps, at_least: 30}]\n")) == len(ASSUMED)


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ("{kpi: csat, at_least: 5.5}", "goals.0.at_least", "expected a share of at most 100%"),
        ("{kpi: csat, at_least: 0.8, at_most: 4.5}", "goals.0.at_most", "expected a share of at most 100%"),
        ("{kpi: csat_score, at_least: 80%}", "goals.0.at_least", "a mean rating from 1 to 5, like 4.3"),
        ("{kpi: nps, at_least: 101}", "goals.0.at_least", "points from -100 to 100"),
        ("{kpi: csat, vendor: acme, hours: 09:00-17:00, at_least: 80%}", "goals.0.hours", "kept by day"),
        ("{kpi: csat_measured, at_least: 80%}", "goals.0.kpi", "needs `satisfaction.response:`"),
        ("{kpi: response_rate, at_least: 10%}", "goals.0.kpi", "needs `satisfaction.response:`"),
    ],
)
def test_goals_that_cannot_be_judged_are_refused(said: str, key: str, why: str) -> None:
    assert why in faults(f"satisfaction: defaults\ngoals: [{said}]\n")[key]


# Bots

WITH_BOT = "bots: {helper: {channels: [phone], session: {mean: 2m}, contained: 30%}}\n"


def test_what_bots_add_is_told_where_there_are_bots() -> None:
    assert not any("bots" in key for key in assumed("satisfaction: defaults\n"))
    told = [key for key in assumed(f"{WITH_BOT}satisfaction: defaults\n") if "bots" in key]
    assert set(told) == {"satisfaction.bots.handed_off", "satisfaction.bots.after_false_containment"}
    said = "satisfaction: {bots: {sessions: yes, handed_off: 0.1}}\n"
    told = [key.removeprefix("satisfaction.bots.") for key in assumed(WITH_BOT + said) if "bots" in key]
    assert set(told) == {"after_false_containment", "contained", "left"}
    goal = "goals: [{kpi: csat, at_least: 80%}]\n"
    assert "satisfaction.bots.handed_off" in assumed(WITH_BOT + goal)
    assert not any("bots" in key for key in assumed(f"{WITH_BOT}satisfaction: {{base: 4}}\n"))


def test_every_coefficient_of_bots_is_a_default_that_is_told() -> None:
    assert {*ASSUMED_OF_BOTS, "sessions"} == set(BotOdds.model_fields)


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ("{bots: {sessions: perhaps}}", "satisfaction.bots.sessions", "yes or no"),
        ("{bots: {handed_of: 1}}", "satisfaction.bots.handed_of", "did you mean 'handed_off'?"),
        ("{bots: {left: -51}}", "satisfaction.bots.left", "from -50 to 50"),
        ("{base: 4, bots: {left: -5}}", "satisfaction.bots.left", "from -4 to 4"),
    ],
)
def test_what_makes_no_sense_of_bots_is_refused(said: str, key: str, why: str) -> None:
    assert why in faults(f"satisfaction: {said}\n")[key]
