"""How a visit may end, and why a customer may come back; the code of each is its place here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Where = Literal["bot", "entry", "queue", "agent", "nowhere"]
"""Where a visit ends: in a session with a bot; before it joined a queue; in the queue; with an agent; nowhere, as there
was no contact."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a visit ends."""

    name: str
    """As tables and exports have it."""
    meaning: str
    where: Where
    told_as: str = ""
    """The outcome that pages count it under, where they tell several together; empty: itself."""
    resolves: bool = False
    """Whether the case is resolved, unless the customer comes back."""
    goes_on: bool = False
    """Whether the contact goes on in another queue."""
    is_open: bool = False
    """Whether it had not ended when the run did."""


_OUTCOMES: Final = (
    Outcome("resolved", "handled; the case is resolved (it may be reopened)", "agent", resolves=True),
    Outcome("escalated", "handled; escalated to the next tier", "agent", goes_on=True),
    Outcome("unresolved", "handled; closed without a solution", "agent"),
    Outcome("abandoned", "the customer left the queue", "queue"),
    Outcome("moved_on", "left the queue at its time-out (message, voicemail)", "queue", "left_otherwise"),
    Outcome("cleared", "sent away as the queue closed", "queue", "left_otherwise"),
    Outcome("blocked", "turned away: trunks or places in the queue were full", "entry", "turned_away"),
    Outcome("closed", "turned away outside opening hours", "entry", "turned_away"),
    Outcome("open_waiting", "still waiting when the run ended", "queue", "still_open", is_open=True),
    Outcome("open_in_hand", "still with an agent when the run ended", "agent", "still_open", is_open=True),
    Outcome("by_peers", "answered by other customers (community deflection); joined no queue", "entry", resolves=True),
    Outcome(
        "transferred", "handled; transferred to another workflow, or sent back to the tier before", "agent",
        goes_on=True,
    ),
    Outcome("contained", "session: the bot solved it", "bot", resolves=True),
    Outcome("falsely_contained", "session: the bot ended it by itself, but the customer still needs help", "bot"),
    Outcome("left_bot", "session: the customer gave up and left", "bot"),
    Outcome("handed_off", "session: handed off to agents, whose queue the contact joins then", "bot", goes_on=True),
    Outcome("open_in_session", "session still in progress when the run ended", "bot", "still_open", is_open=True),
    Outcome("balked", "the customer left at once at the announced wait", "queue"),
    Outcome("not_reached", "callback given up: no attempt was answered", "queue", "left_otherwise"),
    Outcome("expired", "callback dropped: no agent called in time", "queue", "left_otherwise"),
    Outcome(
        "deflected", "avoided: the customer did not get in touch (article, proactive message); no contact", "nowhere"
    ),
    Outcome(
        "requeued", "left the queue at its time-out for another queue, in which the contact waits on", "queue",
        goes_on=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldEnd:
    """One part of all visits, as pages tell them: an outcome, or several together."""

    name: str
    """An outcome, or what outcomes are told as."""
    words: str
    """In a sentence: `3 % balked`."""
    head: str
    """Of its column in a table."""
    where: Where | None
    """None: outcomes that end in several places."""
    how: Literal["good", "bad", "neither"] = "neither"
    always: bool = False
    """Whether tables show it also where nobody ended so."""


TOLD_ENDS: Final = (
    ToldEnd("resolved", "resolved", "Resolved", "agent", "good", always=True),
    ToldEnd("unresolved", "closed unresolved", "Closed unresolved", "agent", "bad", always=True),
    ToldEnd("escalated", "escalated", "Escalated", "agent"),
    ToldEnd("transferred", "transferred", "Transferred", "agent"),
    ToldEnd("contained", "solved by a bot", "Solved by a bot", "bot", "good"),
    ToldEnd("falsely_contained", "falsely contained by a bot", "Falsely contained", "bot", "bad"),
    ToldEnd("handed_off", "handed off by a bot", "Handed off", "bot"),
    ToldEnd("left_bot", "left in a bot", "Left in the bot", "bot", "bad"),
    ToldEnd("by_peers", "deflected to the community", "Community deflection", "entry", "good"),
    ToldEnd("abandoned", "abandoned", "Abandoned", "queue", "bad", always=True),
    ToldEnd("balked", "left at the announced wait", "Balked", "queue", "bad"),
    ToldEnd("left_otherwise", "timed out or cleared at closing", "Timed out or cleared", "queue", "bad"),
    ToldEnd("requeued", "queued on at a time-out", "Queued on at time-out", "queue", "bad"),
    ToldEnd("turned_away", "turned away", "Turned away", "entry", "bad"),
    ToldEnd("still_open", "still open", "Still open", None),
)
"""Every end of a visit, in the order in which pages tell them. Together they are all the visits."""

OUTCOMES: Final = tuple(outcome.name for outcome in _OUTCOMES)
"""Names of outcomes by code."""
OUTCOME_MEANINGS: Final = {outcome.name: outcome.meaning for outcome in _OUTCOMES}
"""What each outcome means, by name."""
TOLD_AS: Final = {outcome.name: outcome.told_as or outcome.name for outcome in _OUTCOMES}
"""Under which outcome pages count each, by name."""
OF_SESSIONS: Final = tuple(one.name for one in _OUTCOMES if one.where == "bot")
"""Those of sessions with a bot; a session may also be blocked."""
STILL_OPEN: Final = tuple(one.name for one in _OUTCOMES if one.is_open)
"""Those of visits that had not ended when the run did."""
GOES_ON: Final = tuple(one.name for one in _OUTCOMES if one.goes_on)
"""Those after which the contact goes on in another queue."""
RESOLVES: Final = tuple(one.name for one in _OUTCOMES if one.resolves)
"""Those that resolve the case, unless the customer comes back."""
ENDED_WITH_BOT: Final = tuple(one.name for one in _OUTCOMES if one.where == "bot" and not (one.goes_on or one.is_open))
"""Those of sessions with which the contact ended."""
HANDLED: Final = tuple(one.name for one in _OUTCOMES if one.where == "agent" and not one.is_open)
"""Those of visits that an agent answered and that have ended."""
NOT_OFFERED: Final = tuple(
    one.name for one in _OUTCOMES if one.where == "entry" or (one.where == "queue" and one.goes_on)
)
"""Those of visits that came and are not offered: they joined no queue, or count where the contact waits on."""
NO_CONTACT: Final = tuple(one.name for one in _OUTCOMES if one.where == "nowhere")
"""Those of customers who did not get in touch."""

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
