"""Checks of the ways from queue to queue: tiers, transfers, wrong queues, escalation with an agent beside the
customer or without the customer."""

from __future__ import annotations

from ccsim.centre.precedence import handle_time_of
from ccsim.centre.return_channels import warm_on
from ccsim.centre.warm import why_not
from ccsim.language.handling import FromForecast
from ccsim.language.workflows import Workflow
from ccsim.scenario.checks.whole import Whole


def last_tiers(whole: Whole) -> None:
    """Nothing escalates from the last tier, and nothing is sent back from the first."""
    for name, workflow in whole.workflows.items():
        if not workflow.tiers or whole.spoilt("workflows", name, "tiers"):
            continue
        tier, first = next(iter(workflow.tiers.items()))
        if first.sent_back:
            at = ("workflows", name, "tiers", tier, "sent_back")
            whole.fault(f"{tier} is the first tier; there is none before it to send contacts back to", *at)
        tier, last = list(workflow.tiers.items())[-1]
        if last.escalated:
            at = ("workflows", name, "tiers", tier, "escalated")
            whole.fault(f"{tier} is the last tier; it cannot escalate", *at)


def transfers(whole: Whole) -> None:
    """No workflow transfers to itself, or gets its own contacts by mistake."""
    for name, workflow in whole.workflows.items():
        for tier_name, tier in workflow.tiers.items():
            if name in tier.transfers:
                at = ("workflows", name, "tiers", tier_name, "transfers", name)
                whole.fault("a workflow cannot transfer to itself; use `escalated` for its next tier", *at)
        if name in workflow.misrouted:
            why = "its own queue is not a wrong one; name the workflow in whose queue its contacts begin"
            whole.fault(why, "workflows", name, "misrouted", name)


def misrouted(whole: Whole) -> None:
    """The time until a contact in a wrong queue is found out is known."""
    if whole.spoilt("handle_time") or whole.spoilt("channels") or whole.spoilt("workflows"):
        return
    told: set[tuple[str, str]] = set()
    for volume_name, volume in whole.demand.items():
        workflow = whole.workflows.get(volume.workflow) or Workflow()
        for wrong, one in workflow.misrouted.items():
            if one.handle_time is not None or (volume.workflow, wrong) in told:
                continue
            tier_name, tier = next(iter(whole.tiers(wrong).items()))
            at = ("workflows", volume.workflow, "misrouted", wrong)
            for channel in whole.channels_of(volume):
                there = whole.workflows.get(wrong) or Workflow()
                handle = handle_time_of(whole.scenario, there, tier, whole.channel(channel), channel)
                what = f"workflow {wrong} at tier {tier_name} on channel {channel}"
                said = f"say how long it takes to find out there: `{wrong}: {{share: 10%, aht: 90s}}`"
                if handle is None:
                    whole.fault(f"there is no handle time for {what}; {said}", *at)
                elif isinstance(handle.talk, FromForecast) and volume.aht is None:
                    whole.fault(
                        f"the handle time of {what} is `from_forecast`, and {volume_name} has none; {said}", *at
                    )
                else:
                    continue
                told.add((volume.workflow, wrong))
                break


def triaged(whole: Whole) -> None:
    """No contact is triaged twice, and where a triage or a bot says who gets to a wrong queue there is one."""
    scenario = whole.scenario
    if any(whole.spoilt(part) for part in ("workflows", "demand", "triage", "bots")):
        return
    none = "no workflow of its contacts has `misrouted:`, so that there is no wrong queue; say which, or leave {} out"
    ways = {(volume.workflow, name) for volume in whole.demand.values() for name in whole.channels_of(volume)}
    wrong = {way for way in ways if (whole.workflows.get(way[0]) or Workflow()).misrouted}
    told: set[str] = set()
    for workflow, channel in sorted(wrong):
        both = [name for name, one in sorted(scenario.triage.items()) if one.reads(workflow, channel)]
        if len(both) > 1 and both[1] not in told:
            told.add(both[1])
            whole.fault(
                f"{both[0]} and {both[1]} would both triage {workflow} on {channel}; say which of them does, by "
                "`channels:` or `workflows:`",
                *("triage", both[1]),
            )
    for name, one in scenario.triage.items():
        if not any(one.reads(*way) for way in wrong):
            whole.fault(none.format("the triage"), "triage", name)
    for name, bot in scenario.bots.items():
        of_bot = [way for way in wrong if way[1] in bot.channels and (bot.workflows is None or way[0] in bot.workflows)]
        if bot.misrouted is not None and not of_bot:
            whole.fault(none.format("`misrouted`"), "bots", name, "misrouted")


def escalated(whole: Whole) -> None:
    """Who escalates without the customer does so to deferred work, which nobody can hand back to the customer."""
    if whole.spoilt("channels") or whole.spoilt("workflows"):
        return
    for name, workflow in whole.workflows.items():
        by = ""
        deferred = False  # whether the tier before has its contacts as deferred work too
        for tier_name, tier in workflow.tiers.items():
            at = ("workflows", name, "tiers", tier_name)
            gone = f"{tier_name} has its contacts as deferred work from {by}, without their customers"
            why = f"{gone}: they cannot go on to a queue of live work; let {tier_name} end them"
            if by and tier.transfers:
                whole.fault(why, *at, "transfers")
            if by and tier.sent_back and not deferred:
                whole.fault(why, *at, "sent_back")
            deferred = bool(by)
            if tier.escalated_as is not None:
                by = tier_name
                channel = tier.escalated_as.channel
                if whole.channel(channel).kind != "deferred":
                    why = "the customer does not stay, so it must be one of deferred work"
                    said = f"channel {channel} is live; {why}: `channels: {{{channel}: {{kind: deferred}}}}`"
                    whole.fault(said, *at, "escalated_as")


def warm_transfers(whole: Whole) -> None:
    """Agents stay with customers on live channels whose contacts they hold one at a time."""
    if whole.spoilt("channels"):
        return
    for name in dict.fromkeys(leg.workflow for leg in whole.legs):
        for tier_name, tier in list(whole.tiers(name).items())[:-1]:
            if tier.escalated_as is not None and max([tier.warm, *tier.warm_by_channel.values()]) > 0.0:
                why = "the customer leaves where contacts are `escalated_as` deferred work: nobody can be handed over"
                whole.fault(why, "workflows", name, "tiers", tier_name, "warm")
                continue
            used = sorted({leg.channel for leg in whole.legs if leg.workflow == name and warm_on(tier, leg.channel)})
            wrong = [(channel, why) for channel in used if (why := why_not(whole.channel(channel)))]
            if not wrong or whole.spoilt("workflows", name):
                continue
            could = [channel for channel in used if not why_not(whole.channel(channel))]
            say = f"; say `warm: {{{', '.join(f'{channel}: 100%' for channel in could)}}}`" if could else ""
            told = " and ".join(f"on {channel} ({why})" for channel, why in wrong)
            whole.fault(f"nobody can be handed over warm {told}{say}", "workflows", name, "tiers", tier_name, "warm")
