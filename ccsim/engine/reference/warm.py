"""Warm transfers: an agent stays with the customer until the next one has taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.engine.reference.calendar import Process
from ccsim.engine.reference.draws import rounded
from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def stays(visit: Visit) -> bool:
    """Whether the agent of a visit that goes on stays with the customer."""
    escalated = visit.outcome == outcomes.ESCALATED and visit.facts.warm > 0.0
    return escalated and visit.centre.draws.of(visit, keys.HAND_OVER)[1] < visit.facts.warm


def stay_beside(visit: Visit, following: Visit) -> Process:
    """The agent of a visit stays until the one that follows is answered and handed over, or lost."""
    visit.phase, visit.end, visit.turn = "staying", layout.NONE, visit.centre.calendar.event()
    following.beside = visit
    following.join()
    yield visit.turn
    visit.talked = visit.centre.now


def begin_hand_over(visit: Visit) -> int:
    """A visit is answered: how long the hand-over holds both agents, by the draw of the visit before."""
    before = visit.beside
    assert before is not None
    draws = visit.centre.draws
    u, law = draws.of(before, keys.HAND_OVER)[0], before.facts.hand_over_law
    length = rounded(draws.time(before, law, u, keys.HAND_OVER))
    end_wait(visit, length)
    return length


def end_wait(visit: Visit, hand_over: int) -> None:
    """The wait of a visit is over, answered or lost: the agent of the one before is free after the hand-over."""
    now, before = visit.centre.now, visit.beside
    assert before is not None
    before.held = now - before.talked
    before.hand_over += hand_over
    visit.hand_over = hand_over
    before.ends_at(now + hand_over)
