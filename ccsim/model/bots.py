"""Bots as arrays."""

from __future__ import annotations

import numpy as np

from ccsim.kernel.arrays import Bots
from ccsim.kernel.layout import FAR
from ccsim.language.scenario import Scenario
from ccsim.model.law_rows import LawRows
from ccsim.model.local_time import works_from


def bot_arrays(scenario: Scenario, laws: LawRows, start_utc: int) -> Bots:
    """The bots of a scenario in order of their names; `start_utc`: microseconds since 1970 of the horizon's start."""
    bots = [bot for _, bot in sorted(scenario.bots.items())]

    def whole(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, np.int64)

    def shares(values: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(values, np.float64)

    return Bots(
        share=shares([bot.share for bot in bots]),
        start=whole([works_from(bot.start, scenario.time_zone, start_utc) for bot in bots]),
        ramp=whole([bot.ramp for bot in bots]),
        session_law=whole([laws.row(bot.session) for bot in bots]),
        contained=shares([bot.contained for bot in bots]),
        left=shares([bot.left for bot in bots]),
        falsely_contained=shares([bot.falsely_contained for bot in bots]),
        context=shares([bot.context for bot in bots]),
        misrouted=shares([-1.0 if bot.misrouted is None else bot.misrouted for bot in bots]),
        pace=shares([bot.context_handle_time for bot in bots]),
        most=whole([FAR if bot.sessions is None else bot.sessions for bot in bots]),
        turns_away=whole([bot.if_full == "turn_away" for bot in bots]),
    )
