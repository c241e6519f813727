"""By which channels customers come back, from the scenario alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ccsim.centre.precedence import time_out_of
from ccsim.language.channels import Channel
from ccsim.language.demand import Volume
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Return, Tier, Workflow
from ccsim.records.outcomes import OF_BOTS, OF_WORKFLOWS


def share_after(back: Return, channel: str) -> float:
    """Share of the customers that comes back after a contact on a channel."""
    return back.share_by_channel.get(channel, back.share)


def mix_after(back: Return, channel: str) -> Mapping[str, float]:
    """Channels by which customers come back after a contact on a channel, with their shares; by this one where nothing
    is said."""
    return (back.channels_after.get(channel) if back.channels_after else back.channels) or {channel: 1.0}


def resolved_on(tier: Tier, channel: str) -> float:
    """Share of handled contacts on a channel that a tier resolves."""
    return tier.resolved_by_channel.get(channel, tier.resolved)


def warm_on(tier: Tier, channel: str) -> float:
    """Share of the escalated on a channel that a tier hands over warm."""
    return tier.warm_by_channel.get(channel, 0.0) if tier.warm_by_channel else tier.warm


def returns_of(scenario: Scenario, workflow: str, channel: str | None = None) -> Iterator[tuple[str, str, Return]]:
    """Workflow (or bot), cause and returns of everything after which contacts of a workflow may come back.

    `channel`: on which they are; None: on any.
    """
    for name in _reached(scenario, workflow, [*scenario.channels] if channel is None else [channel]):
        returns = scenario.workflows.get(name, Workflow()).returns
        for cause in OF_WORKFLOWS:
            back: Return | None = getattr(returns, cause)
            if back is not None:
                yield name, cause, back
    for name, bot in sorted(scenario.bots.items()):
        if bot.returns is not None and (bot.workflows is None or workflow in bot.workflows):
            yield name, OF_BOTS, bot.returns


def _reached(scenario: Scenario, workflow: str, channels: Sequence[str]) -> list[str]:
    """A workflow, and those that its contacts may be transferred to, wait on in after a queue time-out on a channel, or
    begin in by mistake."""
    own = scenario.workflows.get(workflow)
    found = [workflow, *sorted(name for name, one in (own.misrouted if own else {}).items() if one.share > 0.0)]
    for name in found:
        known = scenario.workflows.get(name) or Workflow()
        outs = [time_out_of(known, scenario.channels.get(channel) or Channel()) for channel in channels]
        to = {other for tier in known.tiers.values() for other in tier.transfers}
        to |= {out.then.workflow for out in outs if out is not None and out.then and out.then.workflow}
        found.extend(sorted(to.difference(found)))
    return found


def changes_channel(scenario: Scenario, workflow: str) -> bool:
    """Whether contacts of a workflow may come back by another channel."""
    return any(back.channels or back.channels_after for _, _, back in returns_of(scenario, workflow))


def channels_reached(scenario: Scenario, workflow: str, first: Sequence[str]) -> list[str]:
    """Channels on which contacts of a workflow may come that begin on some: these, then those of returns."""
    found = list(first)
    if not changes_channel(scenario, workflow):
        return found
    for channel in found:
        for _, _, back in returns_of(scenario, workflow, channel):
            if share_after(back, channel) > 0.0:
                mix = mix_after(back, channel)
                found.extend(other for other in sorted(mix) if mix[other] > 0.0 and other not in found)
    return found


def unstarted_channels(scenario: Scenario, volume: Volume) -> frozenset[str]:
    """Channels that a volume names with a share of 0, by which customers of it come back: nobody starts there."""
    shares = volume.channels or {}
    none = {channel for channel, share in shares.items() if share <= 0.0}
    if not none:
        return frozenset()
    first = [channel for channel, share in shares.items() if share > 0.0]
    return frozenset(none.intersection(channels_reached(scenario, volume.workflow, first)))
