"""Outcomes that are alike, as codes: what the registry says of where visits end, for compiled code."""

from __future__ import annotations

from typing import Final

from ccsim.records import outcomes

NOT_OFFERED: Final = tuple(outcomes.outcome(name) for name in outcomes.NOT_OFFERED)
STILL_OPEN: Final = tuple(outcomes.outcome(name) for name in outcomes.STILL_OPEN)
GOES_ON: Final = tuple(outcomes.outcome(name) for name in outcomes.GOES_ON)
RESOLVES: Final = tuple(outcomes.outcome(name) for name in outcomes.RESOLVES)
ENDED_WITH_BOT: Final = tuple(outcomes.outcome(name) for name in outcomes.ENDED_WITH_BOT)
