"""Pools that some contacts go to first, pools that are reserved for them, and severities that begin at another tier, in
what a random scenario replications."""

from __future__ import annotations

from random import Random

from ccsim.language.curves import Grid
from ccsim.language.pools import Pool
from ccsim.language.preferred import Preferred
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Workflow
from ccsim.units import DAY, MINUTE, SECOND


def asked_first(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with a swarm pool, and workflows whose contacts go there first, or to another pool."""
    names = sorted({name for workflow in scenario.workflows.values() for name in workflow.severity})
    swarm = Pool(
        tier=random.choice([("t1", "t2"), ("t2",)]),
        severity=random.choice([None, tuple(names[:1]), tuple(names[:2])]) if names else None,
        segments=random.choice([None, None, ("gold",)]),
        staffing=Grid(every=DAY // 2, values=random.choice([(1.0, 2.0), (1.0, 0.0)])),
        paid_hour=20.0,
    )
    pools = {**scenario.pools, "swarm": swarm}
    workflows = {
        name: _asks_first(workflow, names, sorted(pools), random)
        for name, workflow in sorted(scenario.workflows.items())
    }
    return scenario.model_copy(update={"pools": pools, "workflows": workflows})


def _asks_first(workflow: Workflow, names: list[str], pools: list[str], random: Random) -> Workflow:
    rules = []
    for _ in range(random.choice([0, 1, 1, 2])):
        segments = random.choice([(), ("gold",), ("all",)])
        severity = tuple(random.sample(names, k=min(len(names), random.choice([0, 1, 2]))))
        if segments or severity:
            rules.append(
                Preferred(
                    severity=severity,
                    segments=segments,
                    tier=random.choice([(), (), ("t1",)]),
                    pools=tuple(random.sample(pools, k=random.choice([1, 1, 2]))),
                    others_after=random.choice([0, SECOND, 2 * MINUTE, MINUTE, None]),
                )
            )
    severities = {
        name: severity.model_copy(update={"begins_at": "t2"}) if workflow.tiers and random.random() < 0.4 else severity
        for name, severity in workflow.severity.items()
    }
    return workflow.model_copy(update={"preferred": tuple(rules), "severity": severities})
