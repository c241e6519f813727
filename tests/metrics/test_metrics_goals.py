import json

import numpy as np
import pytest

from ccsim import api
from ccsim.errors import ScenarioError
from ccsim.kpis.bots import BOTS
from ccsim.kpis.definitions import KPIS, scopes_of
from ccsim.kpis.goals import faults_of, scopes_of_goal
from ccsim.language.goals import Goal
from tests.support.stand_in.desk import SCENARIO, fake_replication, fake_run, queue_row, run_of_rows


def judged(run_rows, **goal):
    return run_of_rows(*run_rows, goals=(Goal(**goal),)).goals[0]


def level(percent: int, queue: int = 0) -> np.ndarray:
    return queue_row(queue=queue, offered=100, answered=100, answered_within_20s=percent)


def test_a_goal_has_a_verdict_an_estimate_and_a_probability():
    goal = judged([level(90), level(79), level(80), level(85)], kpi="service_level", at_least=0.8)
    assert (goal["verdict"], goal["why"]) == (
        "inconclusive",
        "the interval straddles the limit: run more replications",
    )
    assert goal["estimate"] == pytest.approx(0.835)
    assert goal["threshold_s"] == 20
    assert goal["probability"] == 0.75
    assert goal["replications"] == 4
    assert goal["probability_low"] < 0.75 < goal["probability_high"]
    assert goal["method"] == "abandons count against; jackknife of the logit; 4 replications are few"
    json.dumps(goal, allow_nan=False)


@pytest.mark.parametrize(("at_least", "verdict"), [(0.8, "pass"), (0.8000001, "fail")])
def test_an_interval_at_the_limit_meets_the_goal(at_least, verdict):
    assert judged([level(80)] * 3, kpi="service_level", at_least=at_least)["verdict"] == verdict


def test_both_limits_count():
    rows = [queue_row(offered=4, answered=4, wait_answered_us=40_000_000)] * 3
    assert judged(rows, kpi="asa", at_least=5, at_most=10)["verdict"] == "pass"
    assert judged(rows, kpi="asa", at_least=5, at_most=9.9)["verdict"] == "fail"
    assert judged(rows, kpi="asa", at_least=11, at_most=20)["verdict"] == "fail"


def test_one_replication_decides_nothing():
    goal = judged([level(99)], kpi="service_level", at_least=0.8)
    assert (goal["verdict"], goal["why"]) == ("inconclusive", "one replication has no interval")


def test_a_goal_of_what_did_not_happen_is_inconclusive():
    run = run_of_rows(queue_row(), goals=(Goal(kpi="asa", at_most=1),))
    goal = run.goals[0]
    assert goal["verdict"] == "inconclusive"
    assert goal["probability"] is None
    assert goal["replications"] == 0
    assert "no value" in goal["why"]
    assert not run.goals_met


def test_replications_without_the_kpi_count_for_neither_side():
    goal = judged([level(90), queue_row(), level(70)], kpi="service_level", at_least=0.8)
    assert goal["probability"] == 0.5
    assert goal["replications"] == 2


def test_scopes_of_a_goal_hold_together():
    rows = np.concatenate([level(90, 0), level(10, 1), level(50, 2)])
    for scope, value in [
        ({}, 0.5),
        ({"channel": "phone"}, 0.5),
        ({"channel": "phone", "tier": "t1"}, 0.9),
        ({"workflow": "billing"}, 0.5),
        ({"segment": "gold", "tier": "t2"}, 0.1),
        ({"channel": "email", "tier": "t2"}, None),
    ]:
        goal = judged([rows], kpi="service_level", at_least=0.8, **scope)
        assert goal["estimate"] == (None if value is None else pytest.approx(value)), scope
        assert goal["scope"] == {k: scope[k] for k in ("workflow", "channel", "segment", "tier") if k in scope}


def test_goals_of_pools_by_pool_and_by_the_tiers_they_serve():
    run = fake_run(
        3,
        goals=(
            Goal(kpi="occupancy", at_most=0.9, pool="desk"),
            Goal(kpi="occupancy", at_most=0.9, tier="t2"),
            Goal(kpi="occupancy", at_most=0.9, tier="t1"),
        ),
    )
    by_pool = {name: run.estimate("occupancy", "pool", name)["estimate"] for name in ("desk", "experts")}
    assert [goal["estimate"] for goal in run.goals] == [
        by_pool["desk"],
        by_pool["experts"],
        run.estimate("occupancy")["estimate"],
    ]


def test_goals_of_costs_are_paid_by_pool_and_allocated_by_queue():
    goals = [
        Goal(kpi="cost_per_contact", at_most=9.0, **scope)
        for scope in ({"vendor": "northwind"}, {"site": "austin"}, {"market": "uk"}, {"tier": "t2", "channel": "phone"})
    ]
    run = fake_run(3, goals=tuple(goals))
    assert [goal["estimate"] for goal in run.goals] == [
        pytest.approx(run.estimate("cost_per_contact", scope, name)["estimate"])
        for scope, name in (("pool", "desk"), ("pool", "experts"), ("market", "uk"), ("queue", "calls/t2"))
    ]


def test_goals_with_their_own_threshold():
    rows = queue_row(offered=10, answered=10, answered_within_20s=3, answered_within_60s=7)
    assert judged([rows], kpi="service_level", at_least=0.5, within=60_000_000)["estimate"] == 0.7
    assert judged([rows], kpi="service_level", at_least=0.5, within=20_000_000)["estimate"] == 0.3


@pytest.mark.parametrize("kpi", ["wait_p90", "wait_sd", "asa"])
def test_the_probability_is_that_of_replications_simulated_alone(kpi):
    alone = [fake_run(1, simulate=lambda _, r=r: fake_replication(r)).estimate(kpi)["estimate"] for r in range(8)]
    limit = float(np.median(alone))
    run = fake_run(8, goals=(Goal(kpi=kpi, at_most=limit),))
    assert run.goals[0]["probability"] == sum(value <= limit for value in alone) / 8 == 0.5


def faults(kpi: str, *scopes: str, at_least: float | None = None, at_most: float | None = 1, within: int | None = None):
    return list(faults_of(KPIS[kpi], scopes, at_least=at_least, at_most=at_most, within=within))


def test_what_a_goal_may_ask():
    assert faults("asa", at_most=None) == [("", "expected at_least or at_most")]
    assert faults("asa", at_least=2) == [("", "expected at_least below at_most")]
    assert faults("asa", at_least=1) == []
    assert faults("asa", within=1_000_000) == [("within", "belongs to service_level, not to asa")]
    assert faults("service_level", within=1_000_000) == []
    of_queues = "by workflow, channel, segment, severity, market, language, cause, tier"
    assert faults("asa", "pool") == [("pool", f"asa is not counted by pool; {of_queues}")]
    assert faults("asa", "market", "language", "cause") == []
    assert faults("occupancy", "channel", "workflow") == [
        ("workflow", "occupancy is not counted by workflow; by tier, site, vendor, pool"),
        ("channel", "occupancy is not counted by channel; by tier, site, vendor, pool"),
    ]
    assert faults("occupancy", "tier", "pool", "site", "vendor") == []
    assert faults("repeat_rate", "tier", "workflow") == []
    assert faults("cost_per_contact", "site", "vendor") == faults("cost_per_contact", "market", "tier") == []
    assert faults("cost_per_contact", "site", "market") == [
        ("", "cost_per_contact is counted by market or by site, not by both together: say a goal for each")
    ]


def test_every_scope_that_a_goal_may_have_splits_its_kpi():
    for kpi in KPIS.values():
        assert set(scopes_of_goal(kpi)) <= {*scopes_of(kpi), "tier"}


def test_goals_of_a_scenario_made_in_python_are_checked_too(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(SCENARIO)
    made = api.load(path)
    goals = (Goal(kpi="servce_level", at_least=0.8), Goal(kpi="asa"), Goal(kpi="asa", at_most=1, pool="desk"))
    with pytest.raises(ScenarioError) as caught:
        api.run(made.model_copy(update={"goals": goals}))
    assert [(fault.key, fault.message.partition(";")[0]) for fault in caught.value.faults] == [
        ("goals.0.kpi", "there is no KPI 'servce_level'"),
        ("goals.1", "expected at_least or at_most"),
        ("goals.2.pool", "asa is not counted by pool"),
    ]


def test_every_kpi_can_be_a_goal():
    rows = fake_run(2).estimates
    told = set(rows["kpi"][(rows["scope"] == "all") & rows["estimate"].notna()])
    names = [name for name in KPIS if name in told]
    idle = {kpi.name for kpi in BOTS}  # no bot works here, nobody is called back or handed over
    of_surges = {kpi.name for kpi in KPIS.values() if kpi.of_surges}  # tests/metrics/test_metrics_restored.py
    assert {*KPIS} - {*names} <= idle | of_surges | {"callbacks_reached", "callback_delay", "warm_wait"}
    run = fake_run(2, goals=tuple(Goal(kpi=name, at_least=0.0) for name in names))
    assert [goal["kpi"] for goal in run.goals] == names
    assert all(goal["verdict"] == "pass" and goal["probability"] == 1 for goal in run.goals)
    for goal in run.goals:
        row = run.estimate(goal["kpi"], threshold_s=goal["threshold_s"])
        assert (goal["estimate"], goal["low"], goal["unit"]) == (row["estimate"], row["low"], row["unit"])
