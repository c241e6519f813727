"""Which of several settings of a visit goes first."""

from __future__ import annotations

from typing import Literal

from ccsim.language.balking import Balking
from ccsim.language.callback import Callback
from ccsim.language.channels import Channel, Segment
from ccsim.language.deadlines import WorkingTime
from ccsim.language.handling import HandleTime, Patience
from ccsim.language.scenario import Scenario
from ccsim.language.time_outs import TimeOut
from ccsim.language.transfers import EscalatedAs
from ccsim.language.workflows import Tier, Workflow


def handle_time_of(
    scenario: Scenario, workflow: Workflow, tier: Tier, channel: Channel, channel_name: str
) -> HandleTime | None:
    """Handle time: tier before workflow before channel before scenario; in each the channel's before that of all."""
    return (
        tier.by_channel.get(channel_name)
        or tier.handle_time
        or workflow.by_channel.get(channel_name)
        or workflow.handle_time
        or channel.handle_time
        or scenario.handle_time
    )


def patience_of(scenario: Scenario, workflow: Workflow, channel: Channel) -> Patience | None:
    """Patience: the workflow's before the channel's before the scenario's; none for deferred work."""
    if channel.kind != "live":
        return None
    return workflow.patience or channel.patience or scenario.patience


def balking_of(workflow: Workflow, channel: Channel) -> Balking | None:
    """Balking: the workflow's before the channel's; none for deferred work."""
    return None if channel.kind != "live" else workflow.balking or channel.balking


def callback_of(workflow: Workflow, channel: Channel) -> Callback | None:
    """Offer of a callback: the workflow's before the channel's; none for deferred work."""
    return None if channel.kind != "live" else workflow.callback or channel.callback


def time_out_of(workflow: Workflow, channel: Channel) -> TimeOut | None:
    """Queue time-out: the workflow's before the channel's; that of deferred work is the channel's."""
    return (workflow.max_wait if channel.kind == "live" else None) or channel.max_wait


def deadline_of(
    workflow: Workflow, segment: Segment, channel: Channel, escalated: EscalatedAs | None = None
) -> int | WorkingTime | None:
    """Deadline: that of the escalation, before the workflow's, the segment's and the channel's; none for live
    contacts."""
    return deadline_and_holder(workflow, segment, channel, escalated)[0]


def deadline_and_holder(
    workflow: Workflow, segment: Segment, channel: Channel, escalated: EscalatedAs | None = None
) -> tuple[int | WorkingTime | None, Literal["escalation", "workflow", "segment", "channel", ""]]:
    """The same, and whose it is; empty without one."""
    if channel.kind == "live":
        return None, ""
    if escalated is not None and escalated.deadline is not None:
        return escalated.deadline, "escalation"
    if workflow.deadline is not None:
        return workflow.deadline, "workflow"
    if segment.deadline is not None:
        return segment.deadline, "segment"
    return channel.deadline, "" if channel.deadline is None else "channel"


def priority_of(tier: Tier, workflow: Workflow, channel: Channel, segment: Segment) -> int | None:
    """Priority: the smallest of those of tier (else workflow), channel and segment; none: after all that have one."""
    given = (tier.priority or workflow.priority, channel.priority, segment.priority)
    return min((priority for priority in given if priority), default=None)
