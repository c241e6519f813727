"""How a visit may end, and why a customer may come back; the code of each is its place here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a visit ends."""

    name: str
    """As tables and exports have it."""
    meaning: str
    told_as: str = ""
    """The outcome that pages count it under, where they tell several together; empty: itself."""


_OUTCOMES: Final = (
    Outcome("resolved", "handled; the case is resolved (it may be reopened)"),
    Outcome("escalated", "handled; escalated to the next tier"),
    Outcome("unresolved", "handled; closed without a solution"),
    Outcome("abandoned", "the customer left the queue"),
    Outcome("moved_on", "left the queue at its time-out (message, voicemail)", "left_otherwise"),
    Outcome("cleared", "sent away as the queue closed", "left_otherwise"),
    Outcome("blocked", "turned away: trunks or places in the queue were full", "turned_away"),
    Outcome("closed", "turned away outside opening hours", "turned_away"),
    Outcome("open_waiting", "still waiting when the run ended", "still_open"),
    Outcome("open_in_hand", "still with an agent when the run ended", "still_open"),
    Outcome("by_peers", "answered by other customers (community deflection); joined no queue"),
    Outcome("transferred", "handled; transferred to another workflow, or sent back to the tier before"),
    Outcome("contained", "session: the bot solved it"),
    Outcome("falsely_contained", "session: the bot ended it by itself, but the customer still needs help"),
    Outcome("left_bot", "session: the customer gave up and left"),
    Outcome("handed_off", "session: handed off to agents, whose queue the contact joins then"),
    Outcome("open_in_session", "session still in progress when the run ended", "still_open"),
    Outcome("balked", "the customer left at once at the announced wait"),
    Outcome("not_reached", "callback given up: no attempt was answered", "left_otherwise"),
    Outcome("expired", "callback dropped: no agent called in time", "left_otherwise"),
    Outcome("deflected", "avoided: the customer did not get in touch (article, proactive message); no contact"),
    Outcome("requeued", "left the queue at its time-out for another queue, in which the contact waits on"),
)

OUTCOMES: Final = tuple(outcome.name for outcome in _OUTCOMES)
"""Names of outcomes by code."""
OUTCOME_MEANINGS: Final = {outcome.name: outcome.meaning for outcome in _OUTCOMES}
"""What each outcome means, by name."""
OF_SESSIONS: Final = ("contained", "falsely_contained", "left_bot", "handed_off", "open_in_session")
"""Those of sessions with a bot; a session may also be blocked."""
TOLD_AS: Final = {outcome.name: outcome.told_as or outcome.name for outcome in _OUTCOMES}
"""Under which outcome pages count each, by name."""

OF_WORKFLOWS: Final = ("after_resolved", "after_unresolved", "after_abandon", "after_blocked", "after_closed")
"""Why a customer comes back who reached agents or their queue: fields of `ccsim.language.workflows.Returns`, those of a
handled visit first."""
OF_BOTS: Final = "after_contained"
"""Why a customer comes back whose session with a bot was contained, but falsely."""
RETURN_REASONS: Final = (*OF_WORKFLOWS, OF_BOTS)
"""Why a customer comes back, by code: the last after a session that a bot contained falsely."""


def outcome(name: str) -> int:
    """Code of an outcome; ValueError where there is none of that name."""
    return OUTCOMES.index(name)


def reason(name: str) -> int:
    """Code of a reason to return; ValueError where there is none of that name."""
    return RETURN_REASONS.index(name)
