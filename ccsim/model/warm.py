"""Warm transfers of a kind of queues, on their way to arrays."""

from __future__ import annotations

from typing import Any

from ccsim.centre.legs import tier_before
from ccsim.centre.return_channels import warm_on
from ccsim.centre.warm import warm_share, why_not
from ccsim.errors import Fault, ScenarioError
from ccsim.kernel import layout
from ccsim.language.scenario import Scenario
from ccsim.model.law_rows import LawRows
from ccsim.model.routes import Queue


def warm_values(scenario: Scenario, queue: Queue, laws: LawRows) -> dict[str, Any]:
    """Share of the escalated visits of a queue that are handed over warm, and the law of the hand-over.

    Raises ScenarioError where its channel allows none.
    """
    if warm_share(scenario, queue.kind.workflow, queue.kind.tier, queue.kind.channel) <= 0.0:
        return {"warm": 0.0, "hand_over": layout.NONE}
    wrong = why_not(queue.channel) or ("" if queue.tier.hand_over is not None else "it has no `hand_over`")
    if wrong:
        key = f"workflows.{queue.kind.workflow}.tiers.{queue.kind.tier}.warm"
        raise ScenarioError([Fault(f"no warm transfers on {queue.kind.channel}: {wrong}", key)])
    assert queue.tier.hand_over is not None
    return {"warm": warm_on(queue.tier, queue.kind.channel), "hand_over": laws.row(queue.tier.hand_over)}


def follows_warm(scenario: Scenario, queue: Queue) -> bool:
    """Whether agents of the tier before may stay until a visit of a queue is answered."""
    before = tier_before(scenario, queue.kind.workflow, queue.kind.tier)
    return before is not None and warm_share(scenario, queue.kind.workflow, before, queue.kind.channel) > 0.0
