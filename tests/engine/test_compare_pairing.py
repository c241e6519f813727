"""What the pairing is worth on a desk that theory knows, and that it finds nothing where there is nothing."""

from __future__ import annotations

import pytest

from ccsim import api
from ccsim.language.demand import Volume
from ccsim.language.goals import Goal
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.units import HOUR, MINUTE
from tests.engine.desks import erlang_a, flat, staffed


def desk(agents: int, **given: object) -> Scenario:
    """M/M/n+M with a load of 50 agents and a mean patience of 2 minutes."""
    return erlang_a(
        servers=agents, per_minute=10.0, service=5 * MINUTE, patience=2 * MINUTE, warm_up=HOUR, length=10 * HOUR
    ).model_copy(update=given)


def test_on_50_against_52_agents_the_pairing_saves_a_factor_of_20():
    """Stated for abandonment and mean wait of all offered; service level, which saturates, saves a little less."""
    made = api.compare(desk(50), desk(52), replications=120, seed=11, workers=1)
    saved = {kpi: made.difference(kpi)["pairing_saved"] for kpi in ("abandonment", "mean_wait", "service_level")}
    assert saved["abandonment"] >= 20
    assert saved["mean_wait"] >= 20
    assert saved["service_level"] >= 10
    assert made.difference("abandonment")["good"] == "better"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_desks_that_differ_by_luck_only_are_not_decided(seed):
    """A renamed volume draws anew, equal in law: a null pair without any pairing."""
    goals = (Goal(kpi="abandonment", at_most=0.05), Goal(kpi="asa", at_most=20.0))
    pools = {"desk": Pool(staffing=staffed(50))}
    renamed = desk(50, demand={"other_calls": Volume(workflow="calls", rate=flat(10.0))}, pools=pools)
    made = api.compare(desk(50, goals=goals), renamed, until="decided", max_replications=30, seed=seed, workers=1)
    assert made.decided is False
    assert made.replications == 30
    assert made.difference("abandonment")["verdict"] == "not decided"
    assert 0.3 < made.difference("abandonment")["pairing_saved"] < 3
