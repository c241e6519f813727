"""Queues that contacts may come to, and what decides which pools may serve them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ccsim.centre.kept import kept_for_the_last
from ccsim.centre.precedence import time_out_of
from ccsim.centre.severities import DEFAULT_TIERS, beginnings, mean_tiers, shares_there
from ccsim.centre.streams import ALL, Stream
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.language.transfers import EscalatedAs, Misroute
from ccsim.language.workflows import Tier, Workflow


class Kind(NamedTuple):
    """What decides which pools may serve a visit."""

    workflow: str
    tier: str
    channel: str
    language: str
    market: str
    segment: str = ALL
    """Where a pool is reserved for it, or asked first; `all` for segments that are served alike."""
    severity: str = ""
    """Of the case, where a pool is reserved for it, or asked first; empty for severities that are served alike."""


class LongestWait(NamedTuple):
    """The queue time-out that holds in a queue."""

    after: int
    """Microseconds since joining."""
    to: tuple[str, str] | None
    """Workflow and tier of the queue in which contacts wait on; None: they leave."""
    goes_on: bool
    """Whether their place there is by when they got theirs in this queue."""


def longest_wait(scenario: Scenario, workflow: str, tier: str, channel: str) -> LongestWait | None:
    """The time-out of a queue of a workflow, tier and channel; None without one, and in the queue to which it leads."""
    sections = scenario.workflows.get(workflow) or Workflow(), scenario.channels.get(channel) or Channel()
    out = time_out_of(*sections)
    if out is None or out.then is None:
        return None if out is None else LongestWait(out.after, None, False)
    to: tuple[str, str]
    if out.then.workflow is not None:
        to = out.then.workflow, next(iter(tiers_of(scenario, out.then.workflow)))
        if out.then.workflow == workflow:
            return None
    else:
        order, to = list(tiers_of(scenario, workflow)), (workflow, out.then.tier or "")
        if tier not in order[: order.index(to[1]) if to[1] in order else 0]:
            return None
    return LongestWait(out.after, to, out.wait == "goes_on")


def legs_of(
    scenario: Scenario, workflow: str, *, by_mistake: bool = True, channel: str | None = None
) -> list[tuple[str, str]]:
    """Workflow and tier of every queue that a contact of a workflow may come to: its tiers, then transfers, then, for a
    channel, queues to which time-outs lead, then queues where it only comes by mistake."""
    legs = _handled_in(scenario, workflow)
    for name, tier in legs if channel is not None else ():
        out = longest_wait(scenario, name, tier, channel or "")
        if out is not None and out.to is not None and out.to not in legs:
            legs.extend(leg for leg in _handled_in(scenario, out.to[0]) if leg not in legs)
    wrong = misroutes_of(scenario, workflow) if by_mistake else ()
    return legs + [leg for leg, _ in wrong if leg not in legs]


def _handled_in(scenario: Scenario, workflow: str) -> list[tuple[str, str]]:
    """The tiers of a workflow, then those that it transfers to."""
    legs: list[tuple[str, str]] = []
    todo = [workflow]
    seen: set[str] = set()
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        tiers = tiers_of(scenario, name)
        legs.extend((name, tier) for tier in tiers)
        todo.extend(sorted({to for tier in tiers.values() for to in tier.transfers}))
    return legs


def tiers_of(scenario: Scenario, workflow: str) -> Mapping[str, Tier]:
    """Tiers of a workflow in order of escalation, as they are on the mean of its severities."""
    known = scenario.workflows.get(workflow)
    return mean_tiers(known) if known else DEFAULT_TIERS


def tier_before(scenario: Scenario, workflow: str, tier: str) -> str | None:
    """The tier that one sends contacts back to: none before the first."""
    order = list(tiers_of(scenario, workflow))
    return order[order.index(tier) - 1] if order[0] != tier else None


def begins_at(scenario: Scenario, workflow: str) -> Mapping[tuple[str, str], float]:
    """Queues that the contacts of a workflow are to join first, with their shares, 1 together."""
    known = scenario.workflows.get(workflow)
    found = beginnings(known) if known else {next(iter(DEFAULT_TIERS)): 1.0}
    return {(workflow, tier): share for tier, share in found.items()}


def transfers_of(scenario: Scenario, workflow: str, tier: str) -> list[tuple[tuple[str, str], float]]:
    """Where handled contacts of a tier are transferred to, with their shares: first tiers of other workflows by name of
    workflow, then the tier before, if any are sent back to it."""
    section = tiers_of(scenario, workflow)[tier]
    found = [((to, next(iter(tiers_of(scenario, to)))), share) for to, share in sorted(section.transfers.items())]
    before = tier_before(scenario, workflow, tier)
    if section.sent_back > 0.0 and before is not None:
        found.append(((workflow, before), section.sent_back))
    return found


def misroutes_of(scenario: Scenario, workflow: str) -> list[tuple[tuple[str, str], Misroute]]:
    """The wrong queues that contacts of a workflow may begin in: first tiers, by name of workflow."""
    known = scenario.workflows.get(workflow)
    wrong = sorted(known.misrouted.items()) if known else []
    return [((to, next(iter(tiers_of(scenario, to)))), one) for to, one in wrong if one.share > 0.0]


def escalated_as(scenario: Scenario, workflow: str, tier: str) -> EscalatedAs | None:
    """As what contacts come to a tier for which their customers do not stay; None: as they came in."""
    found = None
    for name, section in tiers_of(scenario, workflow).items():
        if name == tier:
            break
        found = section.escalated_as or found
    return found


def channel_at(scenario: Scenario, workflow: str, tier: str, channel: str) -> str:
    """The channel of visits to a queue, of contacts that came in on a channel."""
    deferred = escalated_as(scenario, workflow, tier)
    return channel if deferred is None else deferred.channel


def kind_of(scenario: Scenario, stream: Stream, workflow: str, tier: str, severity: str = "") -> Kind:
    """The kind of a stream's visits to a queue; `severity`: that of their cases."""
    segment, severe = told_apart(scenario).of(stream.segment, severity)
    channel = channel_at(scenario, workflow, tier, stream.channel)
    return Kind(workflow, tier, channel, stream.language, stream.market, segment, severe)


class Apart(NamedTuple):
    """Segments and severities that other pools may serve than the rest, or in another time."""

    segments: frozenset[str]
    severities: frozenset[str]

    def of(self, segment: str, severity: str) -> tuple[str, str]:
        """A segment and a severity as a kind of visits names them."""
        return segment if segment in self.segments else ALL, severity if severity in self.severities else ""


@kept_for_the_last
def told_apart(scenario: Scenario) -> Apart:
    """Segments and severities that pools are reserved for, or that some pools are asked first for, and segments that
    assists work for."""
    rules = [rule for workflow in scenario.workflows.values() for rule in workflow.preferred]
    pools = scenario.pools.values()
    return Apart(
        reserved_segments(scenario).union(
            *(rule.segments for rule in rules), *(one.segments or () for one in scenario.assists.values())
        ),
        frozenset[str]().union(*(pool.severity or () for pool in pools), *(rule.severity for rule in rules)),
    )


@kept_for_the_last
def reserved_segments(scenario: Scenario) -> frozenset[str]:
    """Segments that some pool is reserved for."""
    return frozenset(segment for pool in scenario.pools.values() for segment in pool.segments or ())


def kinds_at(scenario: Scenario, stream: Stream, workflow: str, tier: str) -> list[tuple[Kind, float]]:
    """Kinds of a stream's visits to a queue, with their shares of these: one, unless other pools may serve some of the
    severities of its cases."""
    own = scenario.workflows.get(stream.workflow)
    if own is None or told_apart(scenario).severities.isdisjoint(own.severity):
        return [(kind_of(scenario, stream, workflow, tier), 1.0)]
    found: dict[Kind, float] = {}
    for name, share in shares_there(own, tier if workflow == stream.workflow else None).items():
        kind = kind_of(scenario, stream, workflow, tier, name)
        found[kind] = found.get(kind, 0.0) + share
    return list(found.items())


def first_kinds(scenario: Scenario, stream: Stream) -> list[Kind]:
    """Kinds of the visits that a stream's contacts are to begin with."""
    first = next(iter(tiers_of(scenario, stream.workflow)))
    own = scenario.workflows.get(stream.workflow)
    severities = sorted(own.severity.items()) if own else []
    found = [
        kind_of(scenario, stream, stream.workflow, severity.begins_at or first, name) for name, severity in severities
    ]
    return list(dict.fromkeys(found)) or [kind_of(scenario, stream, stream.workflow, first)]


def queue_kinds(scenario: Scenario, streams: Iterable[Stream]) -> dict[Kind, list[tuple[Stream, float]]]:
    """Kinds of visits of a scenario with the streams that they come from, and the share of the visits of each to the
    queue that is of this kind."""
    found: dict[Kind, list[tuple[Stream, float]]] = {}
    for stream in streams:
        for workflow, tier in legs_of(scenario, stream.workflow, channel=stream.channel):
            for kind, share in kinds_at(scenario, stream, workflow, tier):
                found.setdefault(kind, []).append((stream, share))
    return found
