"""How severe cases are, as far as plans of a whole workflow ask: the means over its severities."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from ccsim.language.severities import Severity, shares_of
from ccsim.language.workflows import Tier, Workflow

DEFAULT_TIERS: Final[dict[str, Tier]] = {"t1": Tier()}


def tier_for(tier: Tier, severity: Severity, *, first: bool) -> Tier:
    """A tier as contacts of a severity find it; `first`: whether it is the first of the workflow of their cases."""
    update: dict[str, object] = {}
    if severity.priority is not None:
        update["priority"] = severity.priority
    if first and severity.escalated is not None:
        update |= _escalating(tier, severity.escalated)
    return tier.model_copy(update=update) if update else tier


def _escalating(tier: Tier, escalated: float) -> dict[str, object]:
    """What changes where a tier escalates another share: who is left is resolved as often as before."""
    left = 1.0 - tier.transferred
    stays, stayed = left - escalated, left - tier.escalated
    part = stays / stayed if stayed > 0.0 else 0.0
    resolved = {channel: share * part for channel, share in tier.resolved_by_channel.items()}
    return {
        "escalated": escalated,
        "resolved": tier.resolved * part if stayed > 0.0 else stays,
        "resolved_by_channel": resolved,
    }


def mean_tiers(workflow: Workflow) -> Mapping[str, Tier]:
    """Tiers of a workflow in order; of the first, the means over the severities of what is escalated and resolved."""
    tiers = workflow.tiers or DEFAULT_TIERS
    if not workflow.severity or all(one.escalated is None for one in workflow.severity.values()):
        return tiers
    key = id(workflow)
    known = _KEPT.get(key)
    if known is None or known[0] is not workflow:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        known = _KEPT[key] = (workflow, _means(workflow, tiers))
    return known[1]


_MOST_KEPT: Final = 100
_KEPT: Final[dict[int, tuple[Workflow, Mapping[str, Tier]]]] = {}
"""Means by workflow: asked for at every step of a journey."""


def _means(workflow: Workflow, tiers: Mapping[str, Tier]) -> Mapping[str, Tier]:
    name, first = next(iter(tiers.items()))
    shares = shares_there(workflow, name)
    found = {one: tier_for(first, workflow.severity[one], first=True) for one in shares}
    update = {
        "escalated": sum(share * found[one].escalated for one, share in shares.items()),
        "resolved": sum(share * found[one].resolved for one, share in shares.items()),
        "resolved_by_channel": {
            channel: sum(share * found[one].resolved_by_channel[channel] for one, share in shares.items())
            for channel in first.resolved_by_channel
        },
    }
    return {**tiers, name: first.model_copy(update=update)}


def shares_there(workflow: Workflow, tier: str | None) -> Mapping[str, float]:
    """Shares of the severities of a workflow's cases among the visits to one of its tiers, 1 together; None: among its
    cases. Who is sent back to a tier is left out; as among the cases where nobody comes to it."""
    shares = shares_of(workflow.severity)
    if tier is None or all(one.escalated is None and one.begins_at is None for one in workflow.severity.values()):
        return shares
    often = {one: share * _comes_to(workflow, workflow.severity[one], tier) for one, share in shares.items()}
    whole = sum(often.values())
    return {one: times / whole for one, times in often.items()} if whole > 0.0 else shares


def _comes_to(workflow: Workflow, severity: Severity, tier: str) -> float:
    """Share of the cases of a severity that come to a tier by escalation from where they begin."""
    tiers = workflow.tiers or DEFAULT_TIERS
    names = list(tiers)
    begin, place = names.index(severity.begins_at or names[0]), names.index(tier)
    if place < begin:
        return 0.0
    share = 1.0
    for name in names[begin:place]:
        share *= tier_for(tiers[name], severity, first=name == names[0]).escalated
    return share


def beginnings(workflow: Workflow) -> Mapping[str, float]:
    """Tiers at which the cases of a workflow begin, with their shares, 1 together."""
    first = next(iter(workflow.tiers or DEFAULT_TIERS))
    if not workflow.severity:
        return {first: 1.0}
    found: dict[str, float] = {}
    for name, share in shares_of(workflow.severity).items():
        tier = workflow.severity[name].begins_at or first
        found[tier] = found.get(tier, 0.0) + share
    return found or {first: 1.0}


def handed_on_share(workflow: Workflow, tier: str, severity: Severity) -> float:
    """Share of the visits to a tier of a workflow, of cases of a severity, that are handed on at once."""
    tiers = workflow.tiers or DEFAULT_TIERS
    if severity.handed_on is None or tier != next(iter(tiers)):
        return 0.0
    return severity.handed_on.share * tier_for(tiers[tier], severity, first=True).escalated


def mean_pace(
    workflow: Workflow, tier: str, of: Collection[str] | None = None, *, whole: bool = False
) -> tuple[float, float]:
    """Mean factor of the severities on the handle times of a workflow's tier, of those who come to it, and mean time
    that is added to them, microseconds: of those who are handed on at once.

    `of`: among these severities only. `whole`: as if nobody were handed on at once.
    """
    shares = shares_there(workflow, tier)
    if of is not None:
        shares = {name: share for name, share in shares.items() if name in of}
    together = sum(shares.values())
    if together <= 0.0:
        return 1.0, 0.0
    pace = added = 0.0
    for name, share in shares.items():
        one = workflow.severity[name]
        handed = 0.0 if whole else handed_on_share(workflow, tier, one)
        pace += share * (1.0 - handed) * one.handle_time
        added += share * handed * (one.handed_on.after if one.handed_on is not None else 0)
    return pace / together, added / together
