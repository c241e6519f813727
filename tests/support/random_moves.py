"""Contacts that begin in a wrong queue, and escalations without the customer, in what a random scenario
replications."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from ccsim.language.deadlines import WorkingTime
from ccsim.language.handling import HandleTime
from ccsim.language.horizon import Horizon
from ccsim.language.hours import WeekHours
from ccsim.language.laws import Exponential
from ccsim.language.scenario import Scenario
from ccsim.language.transfers import EscalatedAs, Misroute
from ccsim.language.triage import Triage
from ccsim.language.workflows import Workflow
from ccsim.text.quantities import LocalTime
from ccsim.units import DAY, HOUR, MINUTE, SECOND

OFFICE = WeekHours(spans=tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(7)))


def moved(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with misroutes, and with escalation as mails where a workflow escalates."""
    # who comes back from a wrong queue by another channel comes back to the own workflow, which may lack it
    wrong = [name for name, workflow in sorted(scenario.workflows.items()) if not _changes_channel(workflow)]
    made = {
        name: _moved(workflow, [other for other in wrong if other != name], random)
        for name, workflow in sorted(scenario.workflows.items())
    }
    bots = {
        name: bot.model_copy(update={"misrouted": random.choice([None, 0.0, 0.3])})
        for name, bot in sorted(scenario.bots.items())
    }
    triage = {"reader": _triage(scenario.horizon, random)} if random.random() < 0.5 else {}
    return scenario.model_copy(update={"workflows": made, "bots": bots, "triage": triage})


def _changes_channel(workflow: Workflow) -> bool:
    backs = [getattr(workflow.returns, cause) for cause in type(workflow.returns).model_fields]
    return any(back is not None and (back.channels or back.channels_after) for back in backs)


def _moved(workflow: Workflow, others: list[str], random: Random) -> Workflow:
    update: dict[str, Any] = {"misrouted": {other: _misroute(random) for other in others if random.random() < 0.7}}
    if len(workflow.tiers) > 1 and random.random() < 0.7:
        (first, one), (second, other) = workflow.tiers.items()
        deadline = random.choice([None, MINUTE, 2 * HOUR, WorkingTime(working=HOUR, hours=OFFICE)])
        mails = EscalatedAs(channel="email", deadline=deadline)
        update["tiers"] = {
            first: one.model_copy(update={"escalated_as": mails}),
            second: other.model_copy(update={"sent_back": 0.0}),
        }
    return workflow.model_copy(update=update)


def _triage(horizon: Horizon, random: Random) -> Triage:
    misrouted = random.choice([0.0, 0.05, 0.5])
    if random.random() < 0.5:
        return Triage(misrouted=misrouted)
    begins = datetime.fromisoformat(horizon.start) + timedelta(microseconds=horizon.length // 3)
    return Triage(misrouted=misrouted, start=LocalTime(begins.isoformat()), ramp=random.choice([0, 6 * HOUR]))


def _misroute(random: Random) -> Misroute:
    quick = HandleTime(talk=Exponential(mean=45 * SECOND), wrap_up_share=random.choice([0.0, 0.5]))
    both = HandleTime(talk=Exponential(mean=45 * SECOND), wrap_up=Exponential(mean=5 * SECOND))
    return Misroute(share=random.choice([0.0, 0.1, 0.4]), handle_time=random.choice([None, quick, both]))
