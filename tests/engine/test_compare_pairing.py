"""What the pairing is worth on a desk that theory knows, and that it finds nothing where there is nothing."""

from __future__ import annotations

from ccsim import api
from ccsim.language.scenario import Scenario
from ccsim.units import HOUR, MINUTE
from tests.engine.desks import erlang_a


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
