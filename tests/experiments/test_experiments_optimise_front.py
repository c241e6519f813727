"""The front of a search for two objectives against all plans of a grid, each known from Erlang A."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from ccsim.experiments.asked import Effort
from ccsim.experiments.optimise import OptimiseAsked, optimised, plan_search
from ccsim.experiments.optimise_front import dominates
from ccsim.theory.impatient import erlang_a

DESKS: Final = """\
scenario: two-desks
horizon: {start: 2026-01-05, warm_up: 2h, length: 46h}
demand: {a: {per_minute: 2, profile: flat}, b: {per_minute: 1, profile: flat}}
workflows: {a: {pools: [a]}, b: {pools: [b]}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
vendors: {own: {kind: in_house, paid_hour: 20}, partner: {kind: bpo, paid_hour: 13}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
pools:
  a: {site: here, vendor: own, staffing: 5}
  b: {site: here, vendor: partner, staffing: 3}
run: {replications: 8, seed: 4}
"""
PLANS: Final = [(a, b) for a in range(3, 8) for b in range(2, 6)]


def exact(a: int, b: int) -> tuple[float, float]:
    """Cost a day, and the share of all contacts that abandons: two of three come to the first desk."""
    lost = (2 * float(erlang_a(2, 2, a, 1).p_abandon) + float(erlang_a(1, 2, b, 1).p_abandon)) / 3
    return 24.0 * (20 * a + 13 * b), lost


@pytest.mark.parametrize("trials", [14, 20])
def test_the_front_is_that_of_erlang_a_and_says_what_it_left_out(tmp_path: Path, trials: int) -> None:
    """12 of 20 plans are certified. None on the front is clearly beaten by one that was looked at, and what is missing
    of the true front was not tried, or is said to be not certified.
    """
    (tmp_path / "two.yaml").write_text(DESKS)
    vary, objectives = ["pools.a.staffing=3..7", "pools.b.staffing=2..5"], ["cost_per_day", "abandonment"]
    asked = OptimiseAsked(
        str(tmp_path / "two.yaml"), vary, minimise=objectives, goals=False, trials=trials, effort=Effort(seed=1)
    )
    made = optimised(plan_search(asked)).provenance["search"]
    truth = {plan: exact(*plan) for plan in PLANS}
    certified = {tuple(map(int, one["values"].values())): one for one in made["plans"]}
    tried = {tuple(map(int, one["values"].values())) for one in made["trials"]}
    looked = made["not_looked_at"]
    assert (looked["grid"], looked["tried"], len(tried)) == (20, trials, trials)

    inside = []
    for plan, one in certified.items():
        cost, lost = one["objectives"]
        assert cost["value"] == pytest.approx(truth[plan][0])
        inside.append(lost["value_low"] <= truth[plan][1] <= lost["value_high"])
        half = (lost["value_high"] - lost["value_low"]) / 2
        clear = (truth[plan][0], truth[plan][1] - half)
        beaten = any(dominates(truth[other], clear) for other in certified if other != plan)
        assert not (one["standing"] == "front" and beaten), plan
        if one["standing"].startswith("beaten by"):
            by = next(
                values for values, other in certified.items() if other["point"] == int(one["standing"].split()[-1])
            )
            assert dominates(truth[by], truth[plan])
    assert sum(inside) >= len(inside) - 2  # 95 % each, and all from the same customers

    front = {plan for plan, of in truth.items() if not any(dominates(other, of) for other in truth.values())}
    assert len(front) == 13
    on = {plan for plan, one in certified.items() if one["standing"] == "front"}
    assert len((front & tried) - on) <= looked["not_certified"]
    assert len(front & on) >= 9
    for end in looked["at_ends"]:
        place = list(next(iter(made["plans"]))["values"]).index(end["key"])
        assert sum(plan[place] == int(end["value"]) for plan in on) == end["plans"]
