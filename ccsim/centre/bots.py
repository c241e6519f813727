"""Which bot the contacts of a stream meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from ccsim.centre.journeys import Journey
from ccsim.centre.return_channels import mix_after, share_after
from ccsim.centre.streams import Stream
from ccsim.language.bots import Bot
from ccsim.language.scenario import Scenario


def bots_of(scenario: Scenario, stream: Stream) -> list[tuple[str, Bot]]:
    """Bots that the contacts of a stream may meet, by name; `check` refuses more than one."""
    kind = (stream.workflow, stream.market, stream.language, stream.segment, stream.channel)
    return [(name, bot) for name, bot in sorted(scenario.bots.items()) if bot.meets(*kind)]


def bot_of(scenario: Scenario, stream: Stream) -> tuple[str, Bot] | None:
    """The bot that contacts of a stream meet, None if they meet none."""
    return next(iter(bots_of(scenario, stream)), None)


class Met(NamedTuple):
    """What bots do to the contacts of a stream, were they fully in use and never short of sessions."""

    sessions: float
    """Share of contacts that have a session."""
    agents: float
    """Share of contacts that go on to agents."""
    returns: float
    """Share of contacts after which a falsely contained customer comes back."""
    same: float
    """Share of these that come back by the same channel."""
    attempts: int | None
    """Most returns of a case; None: no cap."""
    pace: float
    """Factor on the mean handle time of the contacts that go on to agents."""
    context: float
    """Share of these that go on with context: they come to the right queue."""

    def contacts(self, way: Journey, served: float = 1.0) -> float:
        """Expected contacts of a case, the first and its returns, where a share of the contacts that go on is served by
        agents and the rest by other customers."""
        again = self.agents * served * way.returns + self.returns * self.same
        if self.returns > 0.0:
            way = replace(way, attempts=_most(way.attempts if way.returns > 0.0 else 0, self.attempts))
        return replace(way, returns=min(again, 1.0)).contacts


NO_BOT: Final = Met(0.0, 1.0, 0.0, 1.0, 0, 1.0, 0.0)


def met_by(scenario: Scenario, stream: Stream) -> Met:
    """What bots do to the contacts of a stream."""
    found = bot_of(scenario, stream)
    return met(found[1], stream.channel) if found else NO_BOT


def met(bot: Bot, channel: str) -> Met:
    """What a bot does to the contacts that it works for on a channel."""
    agents = 1.0 - bot.share * (1.0 - bot.handed_off)
    back = bot.returns
    returns = 0.0 if back is None else bot.share * bot.contained * bot.falsely_contained * share_after(back, channel)
    known = bot.share * bot.handed_off * bot.context / agents if agents > 0.0 else 0.0
    pace = 1.0 + known * (bot.context_handle_time - 1.0)
    same = 1.0 if back is None else mix_after(back, channel).get(channel, 0.0)
    return Met(bot.share, agents, returns, same, back.attempts if back else 0, pace, known)


def contacts_by_channel(scenario: Scenario, stream: Stream, way: Journey, served: float = 1.0) -> Mapping[str, float]:
    """Expected contacts of a case of a stream by channel, the first and its returns, those by another channel after a
    session with a bot among them. `served`: share of the contacts for agents that these answer, not other customers."""
    found = dict(way.by_channel) or {stream.channel: met_by(scenario, stream).contacts(way, served)}
    for channel, times in sent_by_bots(scenario, stream).items():
        found[channel] = found.get(channel, 0.0) + times
    return found


def sent_by_bots(scenario: Scenario, stream: Stream) -> Mapping[str, float]:
    """Expected contacts of a case of a stream that come by other channels as a bot has contained it falsely: the first
    such contact, without those that follow from it."""
    found = bot_of(scenario, stream)
    if found is None or found[1].returns is None:
        return {}
    one = met(found[1], stream.channel)
    mix = mix_after(found[1].returns, stream.channel)
    # who comes back by the same channel meets the bot again
    again = one.returns * mix.get(stream.channel, 0.0)
    times = one.returns / (1.0 - again) if again < 1.0 else 0.0
    return {channel: times * share for channel, share in mix.items() if channel != stream.channel and share > 0.0}


def _most(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
