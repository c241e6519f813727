"""Warm transfers: where they can be, what they take, and agents who might wait for one another for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ccsim.centre.eligible import Eligibility
from ccsim.centre.findings import ANYWAY, Finding
from ccsim.centre.journeys import Leg
from ccsim.centre.legs import Kind, longest_wait, queue_kinds, tier_before, tiers_of
from ccsim.centre.precedence import patience_of
from ccsim.centre.return_channels import warm_on
from ccsim.centre.streams import streams_of
from ccsim.language.channels import Channel
from ccsim.language.laws import mean_of
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Tier, Workflow


def why_not(channel: Channel) -> str:
    """Why nobody can be handed over warm on a channel; empty where it can be done."""
    if channel.kind == "deferred":
        return "it is deferred: nobody is there to stay with"
    if channel.concurrency > 1:
        return f"its agents hold up to {channel.concurrency} contacts at once"
    return "" if channel.speed[0] == 1.0 else "its `speed` is not 1"


def tier_after(scenario: Scenario, workflow: str, tier: str) -> str | None:
    """The tier that one escalates to; none after the last."""
    order = list(tiers_of(scenario, workflow))
    place = order.index(tier) + 1
    return order[place] if place < len(order) else None


def warm_share(scenario: Scenario, workflow: str, tier: str, channel: str) -> float:
    """Share of the handled visits of a queue that are handed over warm."""
    section = tiers_of(scenario, workflow)[tier]
    if tier_after(scenario, workflow, tier) is None:
        return 0.0
    return section.escalated * warm_on(section, channel)


def mean_hand_over(tier: Tier) -> float:
    """Mean time for which both agents are held, microseconds; 0 without."""
    return 0.0 if tier.hand_over is None else mean_of(tier.hand_over)


def hand_overs(scenario: Scenario, kind: Kind) -> list[tuple[Leg, float, float]]:
    """Queues whose visits are handed over by or to agents of a queue: the share of them, and how long both agents are
    held on average, microseconds. For how long agents stay until somebody is free is not known beforehand."""
    found = []
    for tier in (kind.tier, tier_before(scenario, kind.workflow, kind.tier)):
        if tier is not None:
            share = warm_share(scenario, kind.workflow, tier, kind.channel)
            if share > 0.0:
                each = mean_hand_over(tiers_of(scenario, kind.workflow)[tier])
                found.append(((kind.workflow, tier), share, each))
    return found


def hand_over_work(hand_overs: Iterable[tuple[Leg, float, float]], visits: Mapping[Leg, float]) -> float:
    """Expected time of a queue's agents in its hand-overs, microseconds for each case; `visits`: those of a case by
    queue."""
    return sum(visits.get(leg, 0.0) * share * each for leg, share, each in hand_overs)


class _Held(NamedTuple):
    """Warm transfers of one kind of visits."""

    kind: Kind
    by: frozenset[str]
    """Pools whose agents stay."""
    waits_for: frozenset[str]
    """Pools that may answer."""
    ends: bool
    """Whether the customer leaves at last if nobody does."""


def warm_findings(scenario: Scenario) -> Iterator[Finding]:
    """Agents who may all stay with customers for whom only agents who stay could be free."""
    if not any(max([one.warm, *one.warm_by_channel.values()]) > 0.0 for one in _sections(scenario)):
        return
    held = list(_held(scenario))
    stuck = _stuck([one for one in held if not one.ends])
    told: set[tuple[str, str]] = set()
    for one in [*stuck, *_stuck(held)]:
        workflow, tier = one.kind.workflow, one.kind.tier
        if (workflow, tier) in told:
            continue
        told.add((workflow, tier))
        pools = ", ".join(sorted(one.waits_for))
        why = (
            f"agents who stay with customers wait for the pools {pools}, whose agents may all stay with customers "
            "themselves: "
        )
        at = ("workflows", workflow, "tiers", tier, "warm")
        if one in stuck:
            add = "give the next tier agents of its own, or its customers a patience or a `max_wait`"
            yield Finding(f"{why}then nobody is ever free again; {add}; {ANYWAY}", at)
        else:
            yield Finding(
                f"{why}then they wait until a customer leaves; the next tier has no agents of its own", at, "warning"
            )


def _sections(scenario: Scenario) -> Iterator[Tier]:
    for workflow in scenario.workflows.values():
        yield from workflow.tiers.values()


def _held(scenario: Scenario) -> Iterator[_Held]:
    eligibility = Eligibility(scenario)
    for kind in queue_kinds(scenario, streams_of(scenario)):
        if warm_share(scenario, kind.workflow, kind.tier, kind.channel) <= 0.0:
            continue
        after = tier_after(scenario, kind.workflow, kind.tier)
        assert after is not None
        channel, workflow = scenario.channels.get(kind.channel) or Channel(), scenario.workflows.get(kind.workflow)
        patience = patience_of(scenario, workflow or Workflow(), channel)
        ends = longest_wait(scenario, kind.workflow, after, kind.channel) is not None or (
            patience is not None and patience.time is not None
        )
        by, answering = (eligibility.pools_for(kind._replace(tier=tier)).pools for tier in (kind.tier, after))
        yield _Held(kind, frozenset(by), frozenset(answering), ends)


def _stuck(held: list[_Held]) -> list[_Held]:
    """Those that may never end: every agent who could answer may be one who stays, in such a transfer."""
    while True:
        staying = frozenset[str]().union(*(one.by for one in held))
        left = [one for one in held if one.waits_for <= staying]
        if len(left) == len(held):
            return held
        held = left
