"""How many of the contacts that go to agents begin in a wrong queue, with the triages and bots that stand before it."""

from __future__ import annotations

from ccsim.centre.bots import bot_of, met_by
from ccsim.centre.legs import misroutes_of
from ccsim.centre.streams import Stream
from ccsim.language.scenario import Scenario
from ccsim.language.triage import Triage


def triage_of(scenario: Scenario, workflow: str, channel: str) -> tuple[str, Triage] | None:
    """The triage of the contacts of a workflow on a channel; `check` refuses more than one."""
    return next(
        ((name, one) for name, one in sorted(scenario.triage.items()) if one.reads(workflow, channel)),
        None,
    )


def times_misrouted(scenario: Scenario, stream: Stream) -> float:
    """By what the shares of wrong queues of a workflow are to be multiplied for the contacts of a stream that go to
    agents, were bots and triage fully in use."""
    usual = sum(one.share for _, one in misroutes_of(scenario, stream.workflow))
    if usual <= 0.0:
        return 1.0
    triage, met = triage_of(scenario, stream.workflow, stream.channel), bot_of(scenario, stream)
    straight = triage[1].misrouted / usual if triage else 1.0
    if met is None:
        return straight
    bot, of_agents = met[1], met_by(scenario, stream)
    handed = bot.share * bot.handed_off * (1.0 - bot.context) / of_agents.agents if of_agents.agents > 0.0 else 0.0
    after_bot = straight if bot.misrouted is None else bot.misrouted / usual
    return handed * after_bot + (1.0 - handed - of_agents.context) * straight
