"""Pools and volumes that begin or end within what a random scenario replications."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from ccsim.language.scenario import Scenario


def dated(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with `from` and `until` for some of its pools and volumes, none that a backlog or trace forbids."""
    start = datetime.fromisoformat(scenario.horizon.start)

    def dates() -> dict[str, Any]:
        hours = sorted(random.sample(range(0, 30, 3), 2))
        since, until = ((start + timedelta(hours=hour)).isoformat() for hour in hours)
        return random.choice([{}, {"start": since}, {"until": until}, {"start": since, "until": until}])

    pools = {name: pool.model_copy(update=dates()) for name, pool in scenario.pools.items()}
    demand = {
        name: volume if volume.trace is not None or volume.backlog else volume.model_copy(update=dates())
        for name, volume in scenario.demand.items()
    }
    return scenario.model_copy(update={"pools": pools, "demand": demand})
