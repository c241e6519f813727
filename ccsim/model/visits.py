"""Expected visits: how often a contact comes to each queue of its workflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from ccsim.centre.journeys import journey
from ccsim.centre.legs import begins_at, channel_at, legs_of, tiers_of, transfers_of
from ccsim.centre.return_channels import changes_channel, resolved_on, share_after
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Workflow

#: Steps of escalation and transfer that are followed, and the largest share that returns: loops end.
_STEPS: Final = 64
_MOST_RETURNS: Final = 0.95


def visits_of(scenario: Scenario, workflow: str, channel: str) -> Mapping[str, Mapping[tuple[str, str], float]]:
    """Expected visits of a case that begins on a channel, returns after an answer included: by channel, then by
    workflow and tier.

    Everybody is taken to be answered. Returns come back to the first tier, at most as often as they may.
    """
    return {
        name: {leg: times * often for leg, often in visits.items()}
        for name, (times, visits) in _on_channels(scenario, workflow, channel).items()
    }


def contacts_of(scenario: Scenario, workflow: str, channel: str) -> Mapping[str, float]:
    """Expected contacts of a case that begins on a channel, by channel; were everybody answered."""
    return {name: times for name, (times, _) in _on_channels(scenario, workflow, channel).items()}


_Of = tuple[float, Mapping[tuple[str, str], float]]
"""Expected contacts of a case, and visits of a contact by workflow and tier."""


def _on_channels(scenario: Scenario, workflow: str, channel: str) -> Mapping[str, _Of]:
    if not changes_channel(scenario, workflow):
        return {channel: _on_one(scenario, workflow, channel)}
    way = journey(scenario, workflow, channel)
    most = 1.0 / (1.0 - _MOST_RETURNS)
    return {name: (min(times, most), way.visits) for name, times in way.by_channel.items()}


def _on_one(scenario: Scenario, workflow: str, channel: str) -> _Of:
    """Where everybody comes back by the same channel."""
    legs = legs_of(scenario, workflow, by_mistake=False)
    row = {leg: i for i, leg in enumerate(legs)}
    moves = np.zeros((len(legs), len(legs)))
    returns = np.zeros(len(legs))
    attempts: list[int | None] = []
    for (name, tier_name), i in row.items():
        tiers = tiers_of(scenario, name)
        tier = tiers[tier_name]
        order = list(tiers)
        later = order[order.index(tier_name) + 1 :]
        escalated = tier.escalated if later else 0.0
        if later:
            moves[i, row[name, later[0]]] += escalated
        for to, share in transfers_of(scenario, name, tier_name):
            moves[i, row[to]] += share
        moved = escalated + tier.transferred
        resolved = min(resolved_on(tier, channel_at(scenario, name, tier_name, channel)), max(1.0 - moved, 0.0))
        ends = scenario.workflows.get(name, Workflow()).returns
        for back, share in ((ends.after_resolved, resolved), (ends.after_unresolved, 1.0 - moved - resolved)):
            if back is not None and share > 1e-12:
                returns[i] += share * share_after(back, channel)
                attempts.append(back.attempts)
    begins = begins_at(scenario, workflow)
    visits = first = np.array([begins.get(leg, 0.0) for leg in legs])
    for _ in range(_STEPS):
        visits = first + visits @ moves
    again = min(float(visits @ returns), _MOST_RETURNS)
    most = max((one for one in attempts if one is not None), default=0) if None not in attempts else None
    times = 1.0 / (1.0 - again) if most is None else (1.0 - again ** (most + 1)) / (1.0 - again)
    return times, {leg: float(visits[i]) for leg, i in row.items()}
