"""Warm transfers of random scenarios."""

from __future__ import annotations

from random import Random

from ccsim.language.laws import Constant, Empirical, Exponential, Gamma
from ccsim.language.scenario import Scenario
from ccsim.units import MINUTE, SECOND

_HAND_OVERS = (
    Constant(value=0),
    Constant(value=MINUTE),
    Exponential(mean=90 * SECOND),
    Gamma(mean=2 * MINUTE, shape=0.7),
    Empirical(values=(0, 30 * SECOND, 10 * MINUTE)),
)


def handed_over(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with warm transfers on the phone, from about every second tier that escalates."""
    workflows = dict(scenario.workflows)
    for name, workflow in scenario.workflows.items():
        tiers = dict(workflow.tiers)
        for tier, section in list(tiers.items())[:-1]:
            if section.escalated > 0.0 and random.random() < 0.5:
                warm = {"phone": random.choice([1.0, 1.0, 0.5])}
                said = {"warm_by_channel": warm, "hand_over": random.choice(_HAND_OVERS)}
                tiers[tier] = section.model_copy(update=said)
        workflows[name] = workflow.model_copy(update={"tiers": tiers})
    return scenario.model_copy(update={"workflows": workflows})
