"""How a visit may end, and why a customer may come back.

A new outcome is declared here: its code, its sum in the tables and how pages tell it. Beside that it takes the place in
each engine where a visit ends so.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal

from ccsim.records.columns import total

Where = Literal["bot", "entry", "queue", "agent", "nowhere"]
"""Where a visit ends: in a session with a bot; before it joined a queue; in the queue; with an agent; nowhere, as there
was no contact."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a visit ends."""

    name: str
    """As tables and exports have it, and as the sum of such visits is called."""
    code: int
    """As logs have it: the constant of the same name, which both engines use. Codes go from 0 without a gap."""
    where: Where
    meaning: str
    counted: str
    """What the sum counts."""
    _: KW_ONLY
    after: str
    """Behind which column the sum stands in the tables: another sum of `ccsim.records.tables.COHORT`."""
    told_as: str = ""
    """The outcome that pages count it under, where they tell several together; empty: itself."""
    resolves: bool = False
    """Whether the case is resolved, unless the customer comes back."""
    goes_on: bool = False
    """Whether the contact goes on in another queue."""
    is_open: bool = False
    """Whether it had not ended when the run did."""


# Codes of outcomes: plain numbers, as they are compiled in.
RESOLVED: Final = 0
ESCALATED: Final = 1
UNRESOLVED: Final = 2
ABANDONED: Final = 3
MOVED_ON: Final = 4
CLEARED: Final = 5
BLOCKED: Final = 6
CLOSED: Final = 7
OPEN_WAITING: Final = 8
OPEN_IN_HAND: Final = 9
BY_PEERS: Final = 10
TRANSFERRED: Final = 11
CONTAINED: Final = 12
FALSELY_CONTAINED: Final = 13
LEFT_BOT: Final = 14
HANDED_OFF: Final = 15
OPEN_IN_SESSION: Final = 16
BALKED: Final = 17
NOT_REACHED: Final = 18
EXPIRED: Final = 19
DEFLECTED: Final = 20
REQUEUED: Final = 21

_OUTCOMES: Final = (
    Outcome(
        "resolved", RESOLVED, "agent", "handled; the case is resolved (it may be reopened)",
        "Handled visits that resolved the case (a reopened case counts again)", after="wrap_up_us", resolves=True,
    ),
    Outcome(
        "escalated", ESCALATED, "agent", "handled; escalated to the next tier",
        "Handled visits escalated to the next tier", after="resolved", goes_on=True,
    ),
    Outcome(
        "unresolved", UNRESOLVED, "agent", "handled; closed without a solution",
        "Handled visits closed unresolved", after="escalated",
    ),
    Outcome(
        "abandoned", ABANDONED, "queue", "the customer left the queue",
        "Visits whose customer left the queue", after="answered",
    ),
    Outcome(
        "moved_on", MOVED_ON, "queue", "left the queue at its time-out (message, voicemail)",
        "Visits that left the queue at its time-out (message, voicemail)", after="balked", told_as="left_otherwise",
    ),
    Outcome(
        "cleared", CLEARED, "queue", "sent away as the queue closed",
        "Visits sent away from the queue when it closed", after="moved_on", told_as="left_otherwise",
    ),
    Outcome(
        "blocked", BLOCKED, "entry", "turned away: trunks or places in the queue were full",
        "Visits turned away because trunks or places in the queue were full", after="repeated", told_as="turned_away",
    ),
    Outcome(
        "closed", CLOSED, "entry", "turned away outside opening hours",
        "Visits turned away outside opening hours", after="blocked", told_as="turned_away",
    ),
    Outcome(
        "open_waiting", OPEN_WAITING, "queue", "still waiting when the run ended",
        "Visits still waiting when the run ended", after="requeued", told_as="still_open", is_open=True,
    ),
    Outcome(
        "open_in_hand", OPEN_IN_HAND, "agent", "still with an agent when the run ended",
        "Answered visits still with an agent when the run ended", after="open_waiting", told_as="still_open",
        is_open=True,
    ),
    Outcome(
        "by_peers", BY_PEERS, "entry", "answered by other customers (community deflection); joined no queue",
        "Contacts that other customers answered (community deflection); they joined no queue", after="closed",
        resolves=True,
    ),
    Outcome(
        "transferred", TRANSFERRED, "agent",
        "handled; transferred to another workflow, or sent back to the tier before",
        "Handled visits transferred to another workflow, or sent back to the tier before", after="unresolved",
        goes_on=True,
    ),
    Outcome(
        "contained", CONTAINED, "bot", "session: the bot solved it",
        "Sessions in which the bot solved the issue", after="session_us", resolves=True,
    ),
    Outcome(
        "falsely_contained", FALSELY_CONTAINED, "bot",
        "session: the bot ended it by itself, but the customer still needs help",
        "Sessions that the bot ended by itself, but the customer still needs help", after="contained",
    ),
    Outcome(
        "left_bot", LEFT_BOT, "bot", "session: the customer gave up and left",
        "Sessions in which the customer gave up and left", after="free_of_charge",
    ),
    Outcome(
        "handed_off", HANDED_OFF, "bot", "session: handed off to agents, whose queue the contact joins then",
        "Sessions handed off to agents", after="left_bot", goes_on=True,
    ),
    Outcome(
        "open_in_session", OPEN_IN_SESSION, "bot", "session still in progress when the run ended",
        "Sessions still in progress when the run ended", after="sessions", told_as="still_open", is_open=True,
    ),
    Outcome(
        "balked", BALKED, "queue", "the customer left at once at the announced wait",
        "Visits whose customer left at once at the announced wait (balking), with wait 0", after="abandoned",
    ),
    Outcome(
        "not_reached", NOT_REACHED, "queue", "callback given up: no attempt was answered",
        "Callbacks given up, as no attempt was answered", after="callback_attempts", told_as="left_otherwise",
    ),
    Outcome(
        "expired", EXPIRED, "queue", "callback dropped: no agent called in time",
        "Callbacks dropped, as no agent called in time", after="not_reached", told_as="left_otherwise",
    ),
    Outcome(
        "deflected", DEFLECTED, "nowhere",
        "avoided: the customer did not get in touch (article, proactive message); no contact",
        "New cases whose customers did not get in touch (deflections); in no other column", after="sessions_full",
    ),
    Outcome(
        "requeued", REQUEUED, "queue",
        "left the queue at its time-out for another queue, in which the contact waits on",
        "Visits that left the queue at its time-out for another one; they are not offered, the visit after them is",
        after="cleared", goes_on=True,
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

OUTCOMES: Final = tuple(one.name for one in sorted(_OUTCOMES, key=lambda one: one.code))
"""Names of outcomes by code."""
SUMS_OF_OUTCOMES: Final = tuple((one.after, total(one.name, "count", one.counted)) for one in _OUTCOMES)
"""Of each outcome the sum that counts it, behind the column after which it stands."""
OUTCOME_MEANINGS: Final = {one.name: one.meaning for one in _OUTCOMES}
"""What each outcome means, by name."""
TOLD_AS: Final = {one.name: one.told_as or one.name for one in _OUTCOMES}
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
