"""What came of a visit is counted by the pool that answered it."""

import pytest

from ccsim import api
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import HANDLED_BY_POOL

DESK = """
scenario: desk
horizon: {start: 2026-03-02, warm_up: 1h, length: 10h}
demand: {calls: {per_minute: 2, profile: flat, workflow: calls}}
workflows:
  calls:
    tiers:
      t1:
        handle_time: {talk: {mean: 3m, cv: 0.7}, wrap_up: 20%}
        resolved: 70%
        escalated: 15%
        warm: 50%
        hand_over: {mean: 30s, cv: 1}
        transfers: {tech: 5%}
      t2: {handle_time: 5m, resolved: 80%}
  tech: {handle_time: {mean: 6m, cv: 0.5}, fcr: 90%}
vendors: {own: {kind: in_house, paid_hour: 30}, partner: {paid_hour: 20}}
pools:
  house: {vendor: own, staffing: 4, skills: {calls: {}}}
  slow: {vendor: partner, staffing: 5, skills: {calls: {}}, handle_time: 1.5}
  experts: {vendor: own, tier: t2, staffing: 3, skills: {calls: {}}}
  tech: {vendor: own, staffing: 2, skills: {tech: {}}}
goals:
  - {kpi: resolved, vendor: partner, at_least: 60%}
  - {kpi: aht, pool: slow, at_most: 7m}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("desk") / "desk.yaml"
    path.write_text(DESK, "utf-8")
    return api.run(path, replications=4, seed=3, visits=True)


def test_kpis_by_pool_and_vendor_are_those_of_their_own_visits(run):
    visits = run.tables["visits"]
    visits = visits[
        (visits["counted"] == 1) & (visits["agent"] >= 0) & (visits["outcome"] != OUTCOMES.index("open_in_hand"))
    ]
    names = run.tables["pools"].set_index("pool")
    vendors = names["vendor"].loc[visits["pool"]].to_numpy()
    for scope, value, of in [
        ("pool", "slow", visits[visits["pool"].map(names["name"]) == "slow"]),
        ("vendor", "own", visits[vendors == "own"]),
        ("vendor", "partner", visits[vendors == "partner"]),
    ]:
        ends = [OUTCOMES[code] for code in of["outcome"]]
        for kpi, outcome in [
            ("resolved", "resolved"),
            ("escalation_rate", "escalated"),
            ("transfer_rate", "transferred"),
        ]:
            assert run.estimate(kpi, scope, value)["numerator"] == ends.count(outcome)
            assert run.estimate(kpi, scope, value)["denominator"] == len(of)
        warm = of[of["warm_wait_us"] >= 0]
        assert run.estimate("warm_transfer_rate", scope, value)["numerator"] == len(warm)
        if len(warm):
            mean = warm["warm_wait_us"].mean() / 1e6
            assert run.estimate("warm_wait", scope, value)["estimate"] == pytest.approx(mean)
        took = (of["wrapped_us"] - of["left_us"]).sum() / 1e6
        assert run.estimate("aht", scope, value)["estimate"] == pytest.approx(took / len(of))
    assert run.estimate("aht", "vendor", "partner")["estimate"] > 1.3 * run.estimate("aht", "pool", "house")["estimate"]


def test_vendors_add_up_to_the_whole(run):
    sums, routes = run.tables["queue_sums"], run.tables["routes"]
    for name in HANDLED_BY_POOL:
        assert routes[name].sum() == sums[name].sum() > 0
    whole = run.estimate("resolved")
    parts = [run.estimate("resolved", "vendor", name) for name in ("own", "partner")]
    assert sum(one["numerator"] for one in parts) == whole["numerator"]


def test_goals_are_about_them(run):
    told = {(goal["kpi"], next(iter(goal["scope"].values()))) for goal in run.goals}
    assert told == {("resolved", "partner"), ("aht", "slow")}
