"""Queue time-outs after which contacts of random scenarios wait on in another queue."""

from __future__ import annotations

from random import Random

from ccsim.errors import ScenarioError
from ccsim.language.scenario import Scenario
from ccsim.language.time_outs import TimeOut, WaitsOn
from ccsim.model import compile_model
from ccsim.units import MINUTE, SECOND

_AFTER = (0, SECOND, 5 * SECOND, 20 * SECOND, MINUTE)


def timed_out(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with time-outs to other workflows and later tiers; some lead nowhere, none in a circle."""
    names = sorted(scenario.workflows)
    random.shuffle(names)
    workflows = dict(scenario.workflows)
    for place, name in enumerate(names):
        tiers = list(workflows[name].tiers.items())
        to: list[WaitsOn | None] = [None, *[WaitsOn(workflow=later) for later in names[place + 1 :]] * 2]
        if len(tiers) > 1 and tiers[0][1].escalated_as is None:
            to += [WaitsOn(tier=tiers[1][0])] * 2
        if random.random() < 0.75:
            workflows[name] = workflows[name].model_copy(update={"max_wait": _time_out(random, to)})
    channels = dict(scenario.channels)
    for name, channel in channels.items():
        if channel.kind == "live" and random.random() < 0.5:
            to = [None, WaitsOn(workflow=names[-1])]
            channels[name] = channel.model_copy(update={"max_wait": _time_out(random, to)})
    made = scenario.model_copy(update={"workflows": workflows, "channels": channels})
    return made if _taken(made) else scenario


def _taken(scenario: Scenario) -> bool:
    """Whether somebody takes all customers who come back: after a time-out they do as those of the other workflow."""
    try:
        compile_model(scenario)
    except ScenarioError:
        return False
    return True


def _time_out(random: Random, to: list[WaitsOn | None]) -> TimeOut:
    then = random.choice(to)
    return TimeOut(after=random.choice(_AFTER), then=then, wait=random.choice(["restarts", "goes_on"]))
