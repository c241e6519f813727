"""Checks of who gets what: vendor shares, overflow steps, and that every visit finds a pool."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, Final

from ccsim.centre.return_channels import unstarted_channels
from ccsim.centre.streams import Stream, split
from ccsim.language.demand import Volume
from ccsim.language.names import SECTIONS
from ccsim.language.scenario import Scenario
from ccsim.language.section import Section
from ccsim.language.workflows import Workflow
from ccsim.scenario.checks.whole import Whole, causes_of, channels_of, section_of, segments_of

_ASIDE: Final = frozenset(
    {"variants", *(name for name, one in Scenario.model_fields.items() if not one.decides_who_serves)}
    - set(SECTIONS.values())
)
"""Faults in these sections take nothing away from what a contact needs to find a pool: they do not decide who serves
it, and no other section names a part of them."""
_SHARES: Final = ("resolved", "escalated", "warm", "hand_over", "handle_time", "aht", "priority")
_LIFE: Final = ("returns", "handle_time", "aht", "fcr", "patience", "callback", "balking", "deadline", "priority")
_IN_PARTS: Final = (
    ("bots",),
    *(("workflows", "*", "tiers", "*", key) for key in _SHARES),
    *(("workflows", "*", key) for key in _LIFE),
    *(("channels", "*", key) for key in _LIFE),
)
"""Faults at or below these keys do not take away either who is served, only what comes of it."""


def served(whole: Whole) -> None:
    """Every visit finds a pool at every hour at which it can come; looked at once all the rest is sound."""
    in_sections = [fault.key for fault in whole.faults.found if section_of(fault.key) not in _ASIDE]
    if not all(whole.lies_in(key, _IN_PARTS) for key in in_sections):
        _served(whole)
        return
    from ccsim.centre.eligible import Eligibility
    from ccsim.scenario.checks.eligible import check_eligibility

    if in_sections:
        scenario = whole.scenario.model_copy(update={"bots": {}}) if whole.spoilt("bots") else whole.scenario
        for fault in check_eligibility(scenario, list(streams_of_whole(whole))):
            if fault.key[0] == "demand":  # a pool may only seem to be reached by nobody
                whole.fault(fault.message, *fault.key)
        return
    looked_at = _looked_at(whole)
    whole.eligibility = whole.memory.sound.get(looked_at)
    if whole.eligibility is not None:
        return
    eligibility = Eligibility(whole.scenario)
    found = check_eligibility(whole.scenario, list(streams_of_whole(whole)), eligibility)
    for fault in found:
        whole.fault(fault.message, *fault.key)
    if not found:
        whole.memory.sound[looked_at] = eligibility
        whole.eligibility = eligibility


def streams_of_whole(whole: Whole) -> Iterator[Stream]:
    """Streams of every volume, one for all causes, and for all segments where no pool is reserved for any: they do
    not change the eligible pools."""
    from ccsim.centre.legs import told_apart

    alike = [("causes", causes_of)]
    if not told_apart(whole.scenario).segments:
        alike.append(("segments", segments_of))
    for name, volume in sorted(whole.demand.items()):
        first = {parts: {min(of(volume)): 1.0} for parts, of in alike if getattr(volume, parts) is not None}
        yield from split(name, volume.model_copy(update=first), whole.scenario, _unstarted(whole, volume))


def _unstarted(whole: Whole, volume: Volume) -> frozenset[str]:
    """Channels of a volume on which nobody starts; none where what says who comes back by them is spoilt."""
    spoilt = whole.spoilt("workflows") or whole.spoilt("bots")
    return frozenset() if spoilt else unstarted_channels(whole.scenario, volume)


def _looked_at(whole: Whole) -> Hashable:
    """All that decides who may serve a visit; a variant that changes none of it keeps the eligible pools.

    Sections that are the same objects are told by their ids: `memory` keeps them.
    """
    unstarted = frozenset((name, _unstarted(whole, volume)) for name, volume in whole.demand.items())
    found: Hashable = (_deciding(whole.scenario), unstarted)
    return found


def _deciding(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((name, _deciding(one)) for name, one in value.items())
    if isinstance(value, tuple):
        return tuple(map(_deciding, value))
    if not isinstance(value, Section):
        return value
    fields = value.model_fields.items()
    if all(field.decides_who_serves is True for _, field in fields):
        return id(value)
    return tuple(
        _names(getattr(value, name)) if field.decides_who_serves == "names" else _deciding(getattr(value, name))
        for name, field in fields
        if field.decides_who_serves
    )


def _names(value: Any) -> Any:
    """The names of a map, and of the maps in it; names whose share is 0 left out."""
    if not isinstance(value, dict):
        return value
    return frozenset((name, _names(one) if isinstance(one, dict) else True) for name, one in value.items() if one != 0)


def _served(whole: Whole) -> None:
    """Every stream finds a pool at every tier of its workflow."""
    if _pools_spoilt(whole) or whole.spoilt("workflows"):
        return
    for name, volume in whole.demand.items():
        if any(whole.spoilt("demand", name, key) for key in ("workflow", "channel", "channels")):
            continue
        workflow = whole.workflows.get(volume.workflow) or Workflow()
        named = {pool for group in workflow.pools for pool in group}
        named |= {pool for step in workflow.overflow for pool in step.pools}
        for channel in channels_of(volume):
            able = [
                pool
                for pool_name, pool in whole.pools.items()
                if (not workflow.pools or pool_name in named)
                and (pool.skills is None or volume.workflow in pool.skills)
            ]
            for tier in whole.tiers(volume.workflow):
                on = whole.channel_at(volume.workflow, tier, channel)
                if not any(tier in pool.tier and (pool.channels is None or on in pool.channels) for pool in able):
                    whole.fault(
                        f"no pool can serve it: none takes workflow {volume.workflow} at tier {tier} on channel {on}",
                        *("demand", name),
                    )


def _pools_spoilt(whole: Whole) -> bool:
    """Whether an earlier fault may have taken away what a pool can do."""
    return any(whole.spoilt("pools", "*", key) for key in ("tier", "skills", "workflows", "channels")) or any(
        parts[:1] == ["pools"] and message.startswith("unknown key") for parts, message in whole.before
    )


def vendors(whole: Whole) -> None:
    """Vendors with a share have pools for the workflow."""
    routing = whole.scenario.routing
    if routing is None or _pools_spoilt(whole) or whole.spoilt("pools", "*", "vendor"):
        return
    for workflow, shares in (routing.vendor_share or {}).items():
        able = {
            pool.vendor
            for pool in whole.pools.values()
            if pool.vendor and (pool.skills is None or workflow in pool.skills)
        }
        for vendor, share in shares.items():
            if share > 0 and vendor not in able:
                has = f"; those of {', '.join(sorted(able))} have" if able else ""
                why = f"no pool of {vendor} takes workflow {workflow}{has}"
                whole.fault(why, "routing", "vendor_share", workflow, vendor)


def steps(whole: Whole) -> None:
    """An overflow step opens something that was closed before."""
    routing = whole.scenario.routing
    if routing is None or whole.spoilt("routing"):
        return
    seen: set[tuple[str, str | None]] = set()
    for at, step in enumerate(routing.overflow or ()):
        if step.to == "any_vendor" and not routing.vendor_share:
            why = (
                "any_vendor adds no pool: without `vendor_share` every vendor may answer from the first second; to let "
                "your own agents answer first say `prefer: in_house_first`"
            )
            whole.warn(why, "routing", "overflow", str(at), "to")
        opened = (step.to, step.language)
        if opened in seen:
            what = f"the language {step.language}" if step.language else step.to
            whole.fault(
                f"{what} may already answer when this overflow step opens", "routing", "overflow", str(at), "to"
            )
        seen.add(opened)


CHECKS: Final = (vendors, steps, served)
