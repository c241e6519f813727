"""How much of an agent's time a visit takes, from the laws of its handle time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ccsim.centre.legs import Kind, tiers_of, told_apart
from ccsim.centre.precedence import handle_time_of
from ccsim.centre.severities import mean_pace
from ccsim.language.channels import Channel
from ccsim.language.handling import FromForecast, HandleTime, mean_handle
from ccsim.language.scenario import Scenario
from ccsim.language.transfers import Misroute
from ccsim.language.workflows import Workflow

_CHANNEL: Final = Channel()
_WORKFLOW: Final = Workflow()


def mean_handle_time(scenario: Scenario, kind: Kind, aht: float) -> float:
    """Mean time of an agent that a visit takes, microseconds: with contacts in parallel its part of it, all in hand.

    `aht`: mean that the forecast says, where it does. 0 where none is known (a trace that records it).
    """
    handle = _handle_time(scenario, kind)
    if handle is None:
        return 0.0
    workflow = scenario.workflows.get(kind.workflow)
    pace, added = 1.0, 0.0
    if workflow:
        by_forecast = isinstance(handle.talk, FromForecast)  # of which nobody knows here what is added to it
        pace, added = mean_pace(workflow, kind.tier, _together(scenario, workflow, kind), whole=by_forecast)
    return (mean_handle(handle, aht) * pace + added) / at_once(scenario.channels.get(kind.channel) or _CHANNEL)


def _together(scenario: Scenario, workflow: Workflow, kind: Kind) -> Collection[str] | None:
    """Severities of the visits of a kind; None: all."""
    apart = told_apart(scenario).severities
    if kind.severity:
        return [kind.severity]
    return [name for name in workflow.severity if name not in apart] if apart else None


def misroute_time(scenario: Scenario, kind: Kind, misroute: Misroute, aht: float) -> float:
    """The same of a visit in a wrong queue, until it is found out."""
    if misroute.handle_time is None:
        return mean_handle_time(scenario, kind, aht)
    return mean_handle(misroute.handle_time, aht) / at_once(scenario.channels.get(kind.channel) or _CHANNEL)


def is_from_forecast(scenario: Scenario, kind: Kind) -> bool:
    """Whether visits of a kind take the handle time that the forecast says."""
    handle = _handle_time(scenario, kind)
    return handle is not None and isinstance(handle.talk, FromForecast)


def _handle_time(scenario: Scenario, kind: Kind) -> HandleTime | None:
    return handle_time_of(
        scenario,
        scenario.workflows.get(kind.workflow) or _WORKFLOW,
        tiers_of(scenario, kind.workflow)[kind.tier],
        scenario.channels.get(kind.channel) or _CHANNEL,
        kind.channel,
    )


def at_once(channel: Channel) -> float:
    """Contacts of a channel that an agent finishes in the time of one: as many as it holds, each at its speed."""
    return channel.concurrency * channel.speed[min(channel.concurrency, len(channel.speed)) - 1]
