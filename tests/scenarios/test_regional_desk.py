"""The desk of the first look: short, quick, and with a goal that two variants move."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim import api
from ccsim.results.run import Run
from tests.support.files import SCENARIOS

FILE = SCENARIOS / "regional_desk.yaml"


def simulate(*variants: str, replications: int = 6) -> Run:
    return api.run(FILE, variants=variants, replications=replications, workers=1)


def goals(run: Run) -> dict[str, str]:
    return {goal["kpi"]: goal["verdict"] for goal in run.goals}


def phone(run: Run) -> Any:
    return run.estimate("abandonment", "channel", "phone")


@pytest.fixture(scope="module")
def desk() -> Run:
    return simulate()


def test_it_is_short() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 80
    assert max(map(len, lines)) <= 120


def test_what_it_is_made_of() -> None:
    desk = api.load(FILE)
    assert len(desk.markets) == len(desk.sites) == 2
    assert len(desk.vendors) == 1
    assert len(desk.channels) == 3
    assert all(pool.headcount and pool.patterns for pool in desk.pools.values())


def test_customers_leave_more_often_than_the_goal_allows(desk: Run) -> None:
    assert goals(desk) == {"service_level": "pass", "abandonment": "fail", "cost_per_resolution": "pass"}


def test_more_agents_meet_every_goal(desk: Run) -> None:
    more = simulate("more_agents", replications=20)  # as the scenario says: with 6 the intervals are too wide
    assert more.goals_met
    assert phone(more)["high"] < phone(desk)["low"]


def test_help_with_german_keeps_customers_without_more_agents(desk: Run) -> None:
    helped = simulate("bari_learns_german")
    assert phone(helped)["estimate"] < phone(desk)["estimate"]
    assert helped.estimate("agents")["estimate"] == pytest.approx(desk.estimate("agents")["estimate"], rel=0.02)
