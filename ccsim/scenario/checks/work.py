"""Checks of the work: handle times, queue groups, channels, returns; those of `transfers` among them."""

from __future__ import annotations

import math
from typing import Final

from ccsim.centre.precedence import callback_of, handle_time_of, time_out_of
from ccsim.language.callback import WHILE_OPEN
from ccsim.language.demand import Volume
from ccsim.language.files import NOT_TAKEN
from ccsim.language.handling import FromForecast, HandleTime
from ccsim.language.queue_groups import OPENING_HOURS, QueueGroup
from ccsim.language.shares import TOLERANCE, percent
from ccsim.language.workflows import Tier, Workflow
from ccsim.scenario.checks.returns import channels_exist, not_named
from ccsim.scenario.checks.time_outs import time_outs
from ccsim.scenario.checks.transfers import escalated, last_tiers, misrouted, transfers, triaged, warm_transfers
from ccsim.scenario.checks.whole import Whole
from ccsim.text.paths import joined
from ccsim.text.scalars import duration_text

MOST_UNITS: Final = 60
"""An agent's capacity is divided into the least common multiple of its channels' concurrencies."""


def handle_times(whole: Whole) -> None:
    """Every visit that can happen has a handle time."""
    if whole.spoilt("handle_time") or whole.spoilt("channels") or whole.spoilt("workflows"):
        return
    told: set[tuple[str, str]] = set()
    for name, volume in whole.demand.items():
        if whole.spoilt("demand", name):
            continue
        known = _all_recorded(whole, volume) and not volume.backlog
        for channel in whole.channels_of(volume):
            _handle_times(whole, volume.workflow, channel, ("demand", name), known_at_first=known)
            told.add((volume.workflow, channel))
    for leg in whole.legs:
        if leg.at[0] != "demand" and (leg.workflow, leg.channel) not in told:
            _handle_times(whole, leg.workflow, leg.channel, leg.at, known_at_first=False)


def _handle_times(whole: Whole, workflow: str, channel: str, at: tuple[str, ...], *, known_at_first: bool) -> None:
    for number, (tier_name, tier) in enumerate(whole.tiers(workflow).items()):
        if number == 0 and known_at_first:
            continue
        on = whole.channel_at(workflow, tier_name, channel)
        if _handle_time(whole, workflow, on, tier) is None:
            whole.fault(
                f"there is no handle time for workflow {workflow} at tier {tier_name} on channel {on}; "
                "give one there, on the channel, or for the whole scenario",
                *at,
            )


def forecasts(whole: Whole) -> None:
    """Volumes whose handle time is from a forecast have one, and a forecast of handle times is used."""
    if whole.spoilt("handle_time") or whole.spoilt("channels") or whole.spoilt("workflows"):
        return
    known: dict[tuple[str, str, bool], str] = {}
    for name, volume in whole.demand.items():
        if whole.spoilt("demand", name):
            continue
        recorded = _all_recorded(whole, volume)
        asking = ""
        for channel in whole.channels_of(volume):
            key = (volume.workflow, channel, recorded)
            if key not in known:
                known[key] = _asks_forecast(whole, *key)
            asking = asking or known[key]
        if volume.aht is not None and not asking:
            say = whole.warn if whole.is_written("demand", name, "aht") else whole.assume
            say(
                "no handle time is taken from this `aht:`; to use it say `handle_time: {from_forecast: yes, cv: 0.8}` "
                f"for workflow {volume.workflow}",
                *("demand", name, "aht"),
            )
        elif volume.aht is None and asking:
            _no_forecast(whole, name, asking)


def _no_forecast(whole: Whole, name: str, asking: str) -> None:
    """Tell that a volume has no handle time for its contacts, and why its file gives none."""
    key = joined(joined("demand", name), "forecast")
    unread = next((one.message for one in whole.faults.remarks if one.key == key and NOT_TAKEN in one.message), "")
    if unread:
        whole.fault(
            f"{unread} (the handle time of {asking}, to which its contacts come, is `from_forecast`)",
            *("demand", name, "forecast"),
        )
        return
    of_file = whole.is_written("demand", name, "forecast")
    column = ", or name its column in the file, like columns: {aht: ...}" if of_file else ""
    whole.fault(
        f"is missing: the handle time of {asking}, to which its contacts come, is `from_forecast`; say it like "
        f"320s or [[00:00, 320s], [12:00, 290s]]{column}",
        *("demand", name, "aht"),
    )


def _asks_forecast(whole: Whole, workflow: str, channel: str, recorded: bool) -> str:
    """A workflow and tier, to which contacts of a workflow may come, that takes their handle time from a forecast;
    empty where there is none. `recorded`: their first visits have times of their own."""
    for other in sorted(whole.reached(workflow, [channel]), key=lambda one: (one != workflow, one)):
        for number, (tier_name, tier) in enumerate(whole.tiers(other).items()):
            on = whole.channel_at(other, tier_name, channel)
            handle = _handle_time(whole, other, on, tier)
            first = number == 0 and other == workflow
            if handle is not None and isinstance(handle.talk, FromForecast) and not (first and recorded):
                return f"workflow {other} at tier {tier_name} on channel {on}"
    return ""


def _all_recorded(whole: Whole, volume: Volume) -> bool:
    """Whether every first visit of a volume has a recorded time; returns have none."""
    if volume.trace is None or not volume.trace.talk or min(volume.trace.talk) < 0:
        return False
    returns = (whole.workflows.get(volume.workflow) or Workflow()).returns
    return not any(getattr(returns, cause) for cause in type(returns).model_fields)


def _handle_time(whole: Whole, name: str, channel: str, tier: Tier) -> HandleTime | None:
    """The nearest handle time of a visit."""
    workflow = whole.workflows.get(name) or Workflow()
    return handle_time_of(whole.scenario, workflow, tier, whole.channel(channel), channel)


def hours(whole: Whole) -> None:
    """A queue has one set of opening hours."""
    groups = whole.scenario.queue_groups
    timed = [name for name in sorted(groups) if groups[name].hours]
    if len(timed) < 2:
        return
    queues = {
        (leg.workflow, tier, whole.channel_at(leg.workflow, tier, leg.channel))
        for leg in whole.legs
        for tier in whole.tiers(leg.workflow)
    }
    told: set[tuple[str, str]] = set()
    for workflow, tier, channel in sorted(queues):
        mine = [name for name in timed if _passes(groups[name], workflow, tier, channel)]
        for other in mine[1:]:
            if (mine[0], other) not in told:
                told.add((mine[0], other))
                here, there = (mine[0], other) if other == OPENING_HOURS else (other, mine[0])
                place = OPENING_HOURS if there == OPENING_HOURS else f"queue_groups.{there}"
                whole.fault(
                    f"workflow {workflow} at tier {tier} on channel {channel} has opening hours here "
                    f"and in {place}; give them once",
                    *("queue_groups", here, "hours"),
                )


def _passes(group: QueueGroup, workflow: str, tier: str, channel: str) -> bool:
    """Whether a queue belongs to a queue group."""
    return (
        (group.workflows is None or workflow in group.workflows)
        and (group.tiers is None or tier in group.tiers)
        and (group.channels is None or channel in group.channels)
    )


def units(whole: Whole) -> None:
    """All channels in use can share one agent's capacity."""
    if whole.spoilt("channels"):
        return
    held = [whole.channel(channel).concurrency for channel in whole.used_channels]
    if math.lcm(*held) > MOST_UNITS:
        said = ", ".join(f"{channel} {number}" for channel, number in zip(whole.used_channels, held, strict=True))
        whole.fault(
            f"the concurrencies of the channels in use ({said}) have the least common multiple "
            f"{math.lcm(*held)}; it must not exceed {MOST_UNITS}",
            "channels",
        )


def at_once(whole: Whole) -> None:
    """Nobody comes back at the instant of leaving."""
    for name, workflow in whole.workflows.items():
        for cause in type(workflow.returns).model_fields if workflow.returns else ():
            back = getattr(workflow.returns, cause)
            if back is None:
                continue
            longest = max(getattr(back.after, "values", None) or [0])
            if longest == 0 and not any(
                getattr(back.after, field, 0) for field in ("mean", "value", "high", "m1", "m2")
            ):
                at = ("workflows", name, "returns", cause, "after")
                whole.fault("expected a time above 0 until the return", *at)


def nobody_returns(whole: Whole) -> None:
    """A workflow that leaves cases unresolved and says no returns is told."""
    for name, workflow in whole.workflows.items():
        if whole.spoilt("workflows", name) or whole.is_written("workflows", name, "returns"):
            continue
        left = [
            f"{percent(share)} at {tier_name}"
            for tier_name, tier in workflow.tiers.items()
            if (
                share := 1.0
                - min([tier.resolved, *tier.resolved_by_channel.values()])
                - tier.escalated
                - tier.transferred
            )
            > TOLERANCE
        ]
        if left:
            whole.assume(
                f"nobody comes back, though contacts leave cases unresolved ({', '.join(left)}); say `returns:`",
                *("workflows", name),
            )


def callbacks(whole: Whole) -> None:
    """Who has left the queue at its time-out is offered nothing."""
    if any(whole.spoilt(part) for part in ("channels", "workflows", "demand")):
        return
    told = set()
    for leg in whole.legs:
        workflow, channel = whole.workflows.get(leg.workflow) or Workflow(), whole.channel(leg.channel)
        callback = callback_of(workflow, channel)
        out = time_out_of(workflow, channel)
        if callback is None or callback.after is None or out is None or out.after >= callback.after:
            continue
        at = ("channels", leg.channel) if workflow.callback is None else ("workflows", leg.workflow)
        if (at, leg.channel) not in told:
            told.add((at, leg.channel))
            whole.warn(
                f"nobody on {leg.channel} waits {duration_text(callback.after)}: they leave the queue after "
                f"{duration_text(out.after)} (`max_wait`), so none is offered a callback then",
                *(*at, "callback", "after"),
            )


def callback_hours(whole: Whole) -> None:
    """Who is to be called in opening hours has a queue group that has some."""
    if any(whole.spoilt(part) for part in ("channels", "workflows", "demand", "queue_groups", "opening_hours")):
        return
    told = set()
    for leg in whole.legs:
        workflow, channel = whole.workflows.get(leg.workflow) or Workflow(), whole.channel(leg.channel)
        callback = callback_of(workflow, channel)
        at = ("channels", leg.channel) if workflow.callback is None else ("workflows", leg.workflow)
        if channel.kind != "live" or callback is None or callback.hours != WHILE_OPEN or at in told:
            continue
        groups = [group for group in (whole.scenario.queue_groups or {}).values() if group.hours is not None]
        tiers = whole.tiers(leg.workflow)
        if not any(_passes(group, leg.workflow, tier, leg.channel) for group in groups for tier in tiers):
            told.add(at)
            said = f"workflow {leg.workflow} on channel {leg.channel} has no queue group with hours"
            whole.fault(f"{said}; say `opening_hours:`, or hours here", *(*at, "callback", "hours"))


CHECKS: Final = (
    callback_hours,
    handle_times,
    forecasts,
    last_tiers,
    transfers,
    misrouted,
    triaged,
    escalated,
    warm_transfers,
    time_outs,
    hours,
    units,
    at_once,
    channels_exist,
    not_named,
    nobody_returns,
    callbacks,
)
