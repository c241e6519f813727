"""Service level and abandonment are counted by whom visits were assigned to; FCR and repeats by who first answered."""

import numpy as np
import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import ScenarioError
from ccsim.kpis.rules import RULES
from ccsim.records.outcomes import OUTCOMES
from tests.engine.desks import VENDOR_DESK


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("desk") / "desk.yaml"
    path.write_text(VENDOR_DESK, "utf-8")
    return api.run(path, replications=3, seed=3, visits=True)


def _visits(run) -> pd.DataFrame:
    visits, queues, pools = run.tables["visits"], run.tables["queues"], run.tables["pools"]
    visits = visits[visits["counted"] == 1].copy()
    visits["what"] = [OUTCOMES[code] for code in visits["outcome"]]
    visits["workflow"] = queues["workflow"].to_numpy()[visits["queue"]]
    vendor = dict(zip(pools["pool"], pools["vendor"], strict=True)) | {-1: ""}
    visits["by"] = [vendor[pool] for pool in visits["pool"]]
    visits["wait"] = visits["left_us"] - visits["joined_us"]
    return visits[~visits["what"].isin(["blocked", "closed"])]


def _numbers(run, kpi, scope, value) -> tuple[int, int]:
    row = run.estimate(kpi, scope, value)
    return row["numerator"], row["denominator"]


def test_visits_that_shares_assign_count_for_their_vendor_whoever_answers(run):
    given = run.tables["assigned"]
    vendors = run.tables["vendors"]["name"].to_numpy()
    visits = _visits(run)
    for vendor in ("own", "partner"):
        assigned = given.loc[vendors[given["vendor"]] == vendor, "assigned"].sum()
        ours = run.tables["assigned_sums"].merge(run.tables["assignees"], on="assignee")
        ours = ours[(ours["vendor"] == vendor) & (ours["pool_y"] != "tech")]
        assert ours["offered"].sum() == assigned
        parts = ours[["answered", "abandoned", "open_waiting"]].sum().sum()
        assert parts == assigned
    overflow = given["assigned"].sum() - given["handled_by_it"].sum()
    assert overflow > (visits["what"] == "abandoned").sum() * 0.1  # some were answered by the other one


def test_nobody_else_may_answer_so_the_visit_is_theirs(run):
    """All of `tech` is of one pool; `chats` of two, so it is of no pool, and of no vendor."""
    visits = _visits(run)
    tech = visits[visits["workflow"] == "tech"]
    lost = (tech["what"] == "abandoned").sum()
    assert _numbers(run, "abandonment", "pool", "tech") == (lost, len(tech))
    assert run.estimate("abandonment", "pool", "tech")["estimate"] == pytest.approx(lost / len(tech))
    calls = visits[visits["workflow"] == "calls"]
    by_pool = sum(_numbers(run, "abandonment", "pool", name)[1] for name in ("house", "slow", "tech"))
    assert by_pool == len(calls) + len(tech)
    assert by_pool == sum(_numbers(run, "abandonment", "vendor", name)[1] for name in ("own", "partner"))


def test_in_a_shared_queue_service_counts_for_who_answered(run):
    visits = _visits(run)
    for vendor in ("own", "partner"):
        ours = run.tables["assigned_sums"].merge(run.tables["assignees"], on="assignee")
        ours = ours[ours["vendor"] == vendor]
        chats = visits[(visits["workflow"] == "chats") & (visits["by"] == vendor)]
        ours = ours[["answered", "abandoned", "answered_within_20s"]].sum()
        within = ours["answered_within_20s"] + (chats["wait"] <= 20_000_000).sum()
        out_of = ours["answered"] + ours["abandoned"] + len(chats)
        assert len(chats) > 50
        assert _numbers(run, "service_level", "vendor", vendor) == (within, out_of)


def test_every_rule_adds_up_to_the_whole_but_for_who_left_a_shared_queue(run):
    visits = _visits(run)
    left = visits[(visits["workflow"] == "chats") & (visits["what"] == "abandoned")]
    short = {"short abandons credited": left["wait"] <= run.measured.short_abandon}
    short["removed from queue in T"] = left["wait"] <= 20_000_000
    for rule in RULES.values():
        name = f"service_level_{rule.slug}"
        whole = run.estimate(name)["numerator"]
        for scope, parts in (
            ("vendor", ("own", "partner")),
            ("site", ("leeds", "sofia")),
            ("owner", ("in_house", "bpo")),
        ):
            missing = short.get(rule.name, np.zeros(1)).sum()
            assert sum(_numbers(run, name, scope, part)[0] for part in parts) == whole - missing


def test_cases_count_for_the_pool_that_first_answered_them(run):
    """The log of visits says who did."""
    visits = run.tables["visits"]
    key = ["replication", "case_queue", "date", "number"]
    visits = visits.sort_values([*key, "contact", "visit"])
    first = run.measured.warm_up
    opened = visits.groupby(key)["joined_us"].transform("first")
    visits = visits[(opened >= first) & (opened < first + run.measured.length)]
    answered = visits[(visits["pool"] >= 0) & (visits["outcome"] != OUTCOMES.index("open_in_hand"))]
    of_case = answered.groupby(key).first()
    resolved = of_case["outcome"] == OUTCOMES.index("resolved")
    pools = run.tables["pools"]["name"].to_numpy()
    for pool in ("house", "slow", "tech"):
        mine = pools[of_case["pool"]] == pool
        assert _numbers(run, "fcr", "pool", pool) == (resolved[mine].sum(), mine.sum())
        after = visits.join(of_case[mine][["contact"]].rename(columns={"contact": "from"}), on=key, how="inner")
        further = (after["contact"] > after["from"]).sum()
        assert _numbers(run, "repeat_rate", "pool", pool) == (further, further + mine.sum())
    whole = run.estimate("fcr")["numerator"]
    assert sum(_numbers(run, "fcr", "vendor", name)[0] for name in ("own", "partner")) == whole
    measured = [_numbers(run, "fcr_measured", "vendor", name) for name in ("own", "partner")]
    assert sum(bottom for _, bottom in measured) == (of_case["contact"] == 0).sum()
    assert 0 < measured[0][0] < measured[0][1]


def test_goals_may_ask_for_them(run):
    told = {(goal["kpi"], *goal["scope"].items()) for goal in run.goals}
    assert told == {
        ("service_level", ("vendor", "partner")), ("abandonment", ("pool", "tech")), ("fcr", ("vendor", "own")),
    }  # fmt: skip
    assert all(goal["estimate"] is not None for goal in run.goals)


def test_a_goal_about_two_of_them_at_once_is_refused(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(VENDOR_DESK.replace("vendor: partner, at_least", "vendor: partner, site: sofia, at_least"), "utf-8")
    with pytest.raises(ScenarioError, match="service_level is counted by site or by vendor, not by both together"):
        api.run(path, replications=1)
