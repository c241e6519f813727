"""How severe cases are, in what a random scenario replications."""

from __future__ import annotations

from random import Random

from ccsim.language.deadlines import WorkingTime
from ccsim.language.scenario import Scenario
from ccsim.language.severities import HandedOn, Severity
from ccsim.language.workflows import Workflow
from ccsim.units import HOUR, MINUTE, SECOND
from tests.support.random_moves import OFFICE


def severe(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with severities in most workflows."""
    made = {
        name: _severe(workflow, random) if random.random() < 0.8 else workflow
        for name, workflow in sorted(scenario.workflows.items())
    }
    return scenario.model_copy(update={"workflows": made})


def _severe(workflow: Workflow, random: Random) -> Workflow:
    most = 1.0
    if workflow.tiers:
        most = 1.0 - next(iter(workflow.tiers.values())).transferred
    shares = random.choice([(0.1, None), (0.25, 0.5, None), (None,), (1.0, None), (0.5, 0.5)])
    severities = {}
    later = len(workflow.tiers) > 1
    for number, share in enumerate(shares, 1):
        severities[f"sev{number}"] = Severity(
            share=share,
            priority=random.choice([None, 1, 3]),
            deadline=random.choice([None, MINUTE, 2 * HOUR, WorkingTime(working=HOUR, hours=OFFICE)]),
            handle_time=random.choice([1.0, 1.5, 0.5]),
            escalated=random.choice([None, 0.0, 0.5 * most, most]) if later else None,
            handed_on=random.choice([None, HandedOn(after=20 * SECOND), HandedOn(share=0.5, after=MINUTE)]),
        )
    return workflow.model_copy(update={"severity": severities})
