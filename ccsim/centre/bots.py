"""Which bot the contacts of a stream meet."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from ccsim.centre.journeys import Journey
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
    attempts: int | None
    """Most returns of a case; None: no cap."""
    pace: float
    """Factor on the mean handle time of the contacts that go on to agents."""

    def contacts(self, way: Journey, served: float = 1.0) -> float:
        """Expected contacts of a case, the first and its returns, where a share of the contacts that go on is served by
        agents and the rest by other customers."""
        again = self.agents * served * way.returns + self.returns
        if self.returns > 0.0:
            way = replace(way, attempts=_most(way.attempts if way.returns > 0.0 else 0, self.attempts))
        return replace(way, returns=min(again, 1.0)).contacts


NO_BOT: Final = Met(0.0, 1.0, 0.0, 0, 1.0)


def met_by(scenario: Scenario, stream: Stream) -> Met:
    """What bots do to the contacts of a stream."""
    found = bot_of(scenario, stream)
    return met(found[1]) if found else NO_BOT


def met(bot: Bot) -> Met:
    """What a bot does to the contacts that it works for."""
    agents = 1.0 - bot.share * (1.0 - bot.handed_off)
    back = bot.returns
    returns = 0.0 if back is None else bot.share * bot.contained * bot.falsely_contained * back.share
    known = bot.share * bot.handed_off * bot.context / agents if agents > 0.0 else 0.0
    pace = 1.0 + known * (bot.context_handle_time - 1.0)
    return Met(bot.share, agents, returns, back.attempts if back else 0, pace)


def _most(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
