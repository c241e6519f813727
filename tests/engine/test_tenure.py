"""Tenure: who of a pool is new, how that spreads over its agents, what it does to AHT and quality, both engines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.scenario import Scenario
from ccsim.language.tenure import Tenure, pace_by_tenure, tenure_of
from ccsim.model import compile_model
from ccsim.records import outcomes
from tests.support.engines import compare
from tests.support.stories import VISIT, script

BASE = (
    "horizon: {start: 2026-03-02, length: 2d, interval: 1d}\n"
    "demand: {calls: {per_minute: 3, profile: flat}}\n"
    "workflows:\n"
    "  calls:\n"
    "    tiers:\n"
    "      t1: {handle_time: {law: constant, value: 3m}, resolved: 60%, escalated: 20%}\n"
    "      t2: {handle_time: 4m}\n"
    "pools: {desk: {STAFF}, second: {tier: t2, staffing: 30}}\n"
)


def desk(staff: str) -> Scenario:
    return script(BASE.replace("STAFF", staff))


@given(
    shares=st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 0.25), min_size=1),
    agents=st.integers(0, 300),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_first_few_agents_are_as_mixed_as_all(shares: dict[str, float], agents: int) -> None:
    found = tenure_of(shares, agents)
    assert len(found) == agents
    for name, share in shares.items():
        there = np.cumsum([one == name for one in found])
        assert (np.abs(there - share * np.arange(1, agents + 1)) < len(shares) + 1e-6).all()


def test_a_whole_share_is_everybody() -> None:
    assert tenure_of({"new": 1.0}, 4) == ["new"] * 4
    assert tenure_of({"new": 0.25}, 8).count("new") == 2


def test_new_agents_take_longer_and_resolve_less() -> None:
    said = "tenure: {new: {share: 25%, handle_time: 2, quality: {resolved: {add: -20%}}}}"
    visits = simulate(compile_model(desk(f"staffing: 16, {said}")), seed=3, replication=0, visits=True).tables["visits"]
    ends = (outcomes.RESOLVED, outcomes.ESCALATED, outcomes.UNRESOLVED)
    first = visits[(visits[:, VISIT["visit"]] == 0) & np.isin(visits[:, VISIT["outcome"]], ends)]
    talk = (first[:, VISIT["ended_us"]] - first[:, VISIT["left_us"]]) / 60e6
    new = talk > 4.5
    assert set(np.round(talk, 6)) == {3.0, 6.0}
    # all are about equally busy, so who takes twice as long handles half as many: 4 of 16 agents, 2 of 14 parts
    assert new.mean() == pytest.approx(2 / 14, abs=0.03)
    for mine, share in ((new, 0.4), (~new, 0.6)):
        n = mine.sum()
        resolved = (first[mine, VISIT["outcome"]] == outcomes.RESOLVED).mean()
        assert n > 500
        assert abs(resolved - share) < 4 * np.sqrt(share * (1 - share) / n)


def test_the_mean_pace_is_that_of_contacts() -> None:
    tenure = {"new": Tenure(share=0.25, handle_time=2.0)}
    assert pace_by_tenure(tenure) == pytest.approx((2 * 6 + 12 * 3) / 14 / 3)
    assert pace_by_tenure({"all": Tenure(share=1.0, handle_time=1.3)}) == pytest.approx(1.3)


def test_all_of_one_tenure_is_the_factor_of_the_pool() -> None:
    by_tenure, by_pool = (
        simulate(compile_model(desk(f"staffing: 12, {said}")), seed=5, replication=0, visits=True).tables["visits"]
        for said in ("tenure: {new: {share: 100%, handle_time: 1.25}}", "handle_time: 1.25")
    )
    assert np.array_equal(by_tenure, by_pool)


def test_a_tenure_of_nothing_changes_no_row() -> None:
    with_it, without = (
        compile_model(desk("staffing: 12, tenure: {new: {share: 30%}}")),
        compile_model(desk("staffing: 12")),
    )
    assert with_it.rules.quality.pace.shape[0] == 3
    for name, rows in simulate(without, seed=3, replication=0).tables.items():
        assert np.array_equal(rows, simulate(with_it, seed=3, replication=0).tables[name]), name


def test_required_agents_are_planned_with_the_mean_aht() -> None:
    site = "site: here, headcount: 60, shifts: [day]"
    text = BASE + (
        "sites: {here: {region: EU, hours: 24x7, time_zone: UTC}}\n"
        "shift_patterns: {day: {starts: [00:00, 08:00, 16:00], paid: 8h}}\n"
    )
    plain, mixed = (
        compile_model(script(text.replace("STAFF", f"{site}{said}"))).workforce_plan
        for said in ("", ", tenure: {new: {share: 25%, handle_time: 2}}")
    )
    want = mixed[:, 2].sum() / plain[:, 2].sum()
    assert 1.08 < want < 8 / 7 * 1.02  # the load is 8/7 of it; large desks need less than in proportion


@pytest.mark.parametrize(
    "staff",
    [
        "staffing: [[00:00, 9], [08:00, 14], [20:00, 8]], tenure: {new: {share: 40%, handle_time: 1.7}}",
        "shifts: [{agents: 9, start: 06:00, length: 9h}, {agents: 7, start: 14:00, length: 8h}], "
        "quality: {escalated: 2}, tenure: {new: {share: 30%, quality: {resolved: 0.5}}, old: {share: 30%}}",
    ],
)
def test_both_engines_agree(staff: str) -> None:
    compare(compile_model(desk(staff)), seed=4)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{new: {share: 60%}, learning: {share: 50%}}", "the shares add up to 110%; expected 100% at most"),
        ("{new: {share: 0%}}", "above 0"),
        ("{new: {handle_time: 2}}", "share"),
        ("{new: {share: 10%, handle_time: 0}}", "expected a positive number"),
        ("{new: {share: 10%, quality: {solved: 2}}}", "resolved"),
        ("{}", "at least 1"),
    ],
)
def test_bad_input_is_told_where_it_stands(said: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told) as caught:
        desk(f"staffing: 5, tenure: {said}")
    assert "pools.desk.tenure" in str(caught.value)
