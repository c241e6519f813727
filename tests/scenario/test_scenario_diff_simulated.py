"""Scenarios without a difference that matters simulate alike, to the last value."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccsim import api
from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.scenario import Scenario, loads
from ccsim.scenario.diff import differences
from tests.scenario.scenario_leaves import shuffled
from tests.support.random_scenarios import globes, scenarios
from tests.support.small_globe import SMALL_GLOBE, small_globe

FEW = settings(derandomize=True, max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
HEAD = "scenario: globe\ngoals: [{kpi: abandonment, at_most: 5%}, {kpi: asa, at_most: 1m}]\n"


def digest_of(scenario: Scenario) -> str:
    return api.run(scenario, replications=1, workers=1).digest


def simulated(scenario: Scenario) -> tuple[Any, dict[str, bytes]]:
    """Names and tables of one replication."""
    model = compile_model(scenario)
    tables = simulate(model, seed=scenario.run.seed, replication=0).tables
    return model.names, {name: rows.tobytes() for name, rows in tables.items()}


def globe(*overrides: str) -> Scenario:
    return loads(HEAD + SMALL_GLOBE, settings=overrides)


@FEW
@given(scenario=scenarios() | globes(), seed=st.integers(0, 2**32))
def test_an_order_that_shows_nothing_changes_nothing(scenario: Scenario, seed: int) -> None:
    other = shuffled(scenario, random.Random(seed))
    assert differences(scenario, other) == ()
    assert simulated(scenario) == simulated(other)


def test_everything_at_once_in_another_order_simulates_alike() -> None:
    scenario = small_globe()
    for seed in range(3):
        other = shuffled(scenario, random.Random(seed))
        assert differences(scenario, other) == ()
        assert simulated(other) == simulated(scenario)


@pytest.mark.parametrize(
    "overrides",
    [("title=Another title",), ("scenario=renamed",), ("goals.0.at_most=1%", "goals.1.kpi=mean_wait")],
    ids=lambda overrides: overrides[0],
)
def test_what_is_said_to_change_no_result_changes_none(overrides: tuple[str, ...]) -> None:
    found = differences(globe(), globe(*overrides))
    assert found
    assert not any(one.results for one in found)
    assert digest_of(globe(*overrides)) == digest_of(globe())


CHANGES = [
    "run.seed=1", "pools.texas.headcount=+1", "demand.sales.per_week=x1.01", "routing.choose_agent=random",
    "routing.overflow.0.after=40s", "queue_groups.door.max_waiting=3", "channels.chat.speed=[1.0, 0.7, 0.4]",
    "routing.vendor_share.sales={own: 50%, helper: 50%}", "workflows.sales.tiers.t2.handle_time=8m",
    "channels.forum.peers=41%", "vendors.own.shrinkage.absence=16%", "markets.us.languages={en: 80%, es: 20%}",
    "workflows.sales.tiers.t1.transfers.billing=9%", "service_level.within=[20s, 61s]", "horizon.interval=15m",
]  # fmt: skip


@given(chosen=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3, unique=True))
@settings(FEW, max_examples=6)
def test_what_changes_results_is_never_left_out(chosen: list[str]) -> None:
    other = globe(*chosen)
    found = differences(globe(), other)
    assert len(found) >= len(chosen)
    assert all(one.results for one in found)
    assert simulated(other) != simulated(globe())


def test_the_order_of_a_list_that_means_something_shows() -> None:
    steps = globe().routing.overflow
    turned: dict[str, Any] = {"overflow": steps[::-1]}
    other = globe().model_copy(update={"routing": globe().routing.model_copy(update=turned)})
    assert [str(one) for one in differences(globe(), other)] == ["Routing / overflow step: the same in another order"]
