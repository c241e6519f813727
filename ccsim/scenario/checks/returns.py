"""Checks of returns: the channels by which customers come back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ccsim.centre.return_channels import changes_channel, mix_after, returns_of, share_after
from ccsim.centre.siblings import Siblings
from ccsim.centre.streams import Stream, streams_of
from ccsim.records.outcomes import OF_BOTS
from ccsim.scenario.checks.whole import Whole

_MOST_SAID: Final = 3
"""Streams that a fault names."""
_LOOKED_AT: Final = (
    ("demand",),
    ("markets",),
    ("workflows", "*", "returns"),
    ("workflows", "*", "misrouted"),
    ("workflows", "*", "max_wait"),
    ("channels", "*", "max_wait"),
    *(("bots", "*", key) for key in ("channels", "workflows", "markets", "languages", "segments", "returns")),
    ("bots", "*", "comes_back"),
)
"""Keys that say who comes back by which channel; faults elsewhere in a workflow or a bot take nothing away."""


def channels_exist(whole: Whole) -> None:
    """Customers come back by channels on which their workflow has contacts of their kind."""
    mixed = {volume.workflow for volume in whole.demand.values() if changes_channel(whole.scenario, volume.workflow)}
    if not mixed or any(whole.spoilt(*key) for key in _LOOKED_AT):
        return
    streams = streams_of(whole.scenario)
    siblings = Siblings(whole.scenario, streams)
    lost: dict[tuple[str, ...], list[tuple[Stream, list[int]]]] = {}
    for stream in streams:
        if stream.workflow not in mixed:
            continue
        for channel in siblings.channels(stream):
            found = siblings.found(stream, channel)
            if len(found) != 1:
                for key in _keys_to(whole, stream, siblings.channels(stream), channel):
                    lost.setdefault((*key, channel), []).append((stream, found))
    for (*parts, channel), some in lost.items():
        volumes = sorted({stream.volume for stream, _ in some})
        several = sorted({streams[place].volume for _, found in some for place in found})
        said = f"of demand {', '.join(volumes[:_MOST_SAID])}" + (" and others" if len(volumes) > _MOST_SAID else "")
        if several:
            why = f"{' and '.join(several)} all have such contacts, and which is meant is not clear"
        else:
            names = ", ".join(sorted(stream.name for stream, _ in some)[:_MOST_SAID])
            why = f"nothing of that workflow, market, language, segment and cause is on it ({names})"
        whole.fault(
            f"customers {said} come back by {channel}, but {why}; name {channel} among the `channels` of the volume "
            "(0% where nobody starts there)",
            *parts,
        )


def _keys_to(whole: Whole, stream: Stream, channels: list[str], target: str) -> list[tuple[str, ...]]:
    """Where a channel is said by which customers of a stream come back."""
    found = []
    for channel in channels:
        for name, cause, back in returns_of(whole.scenario, stream.workflow, channel):
            said = share_after(back, channel) > 0.0 and channel != target
            if said and mix_after(back, channel).get(target, 0.0) > 0.0:
                of_bot = cause == OF_BOTS
                key = (
                    ("bots", name, "returns", "channels")
                    if of_bot
                    else ("workflows", name, "returns", cause, "channels")
                )
                found.append((*key, channel) if back.channels_after else key)
    return list(dict.fromkeys(found))


def not_named(whole: Whole) -> None:
    """Channels that shares by channel leave out are told, with what is taken for them."""
    for name in dict.fromkeys(leg.workflow for leg in whole.legs):
        workflow = whole.workflows.get(name)
        if workflow is None or whole.spoilt("workflows", name):
            continue
        used = sorted({leg.channel for leg in whole.legs if leg.workflow == name})
        for tier_name, tier in workflow.tiers.items():
            if tier.resolved_by_channel and (left := _left(used, tier.resolved_by_channel)):
                at = ("workflows", name, "tiers", tier_name, "resolved")
                whole.assume(f"says nothing of {left}: all that is not escalated or transferred is resolved there", *at)
        for cause in type(workflow.returns).model_fields:
            back = getattr(workflow.returns, cause)
            if back is not None and back.share_by_channel and (left := _left(used, back.share_by_channel)):
                at = ("workflows", name, "returns", cause, "share")
                whole.assume(f"says nothing of {left}: nobody comes back after contacts there", *at)
            if back is not None and back.channels_after and (left := _left(used, back.channels_after)):
                at = ("workflows", name, "returns", cause, "channels")
                whole.assume(f"says nothing of {left}: after contacts there they come back by the same channel", *at)


def _left(used: list[str], named: Collection[str]) -> str:
    """Channels in use that are not named, in words."""
    return " and ".join(channel for channel in used if channel not in named)
