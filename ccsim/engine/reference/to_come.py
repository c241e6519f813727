"""A contact that is to come, after its customer has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.engine.reference.draws import rounded
from ccsim.engine.reference.severity import first_queue
from ccsim.kernel import layout

if TYPE_CHECKING:
    from ccsim.engine.reference.facts import Comeback
    from ccsim.engine.reference.visit import Visit

VISITS_OF_A_CONTACT = 1 << 16
"""A place is the number of the contact in its case x this + the number of the visit in its contact."""


@dataclass(frozen=True, slots=True, eq=False)
class ToCome:
    """A contact that is to come: the customer of a visit comes back."""

    after: Visit
    queue: int
    place: int
    due: int
    reason: int
    handled: int
    """Contacts of the case until then that reached an agent."""


def return_of(visit: Visit, reason: int, u: float) -> ToCome | None:
    """The contact in which the customer of a visit comes back, if `u` and the cap say so."""
    back = visit.facts.comebacks[reason]
    contact = visit.place // VISITS_OF_A_CONTACT
    if u >= back.share:
        return None
    if contact >= back.most:
        visit.returning = layout.STOPPED
        return None
    draws = visit.centre.draws
    away = rounded(draws.time(visit, back.law, draws.of(visit, keys.RETURN)[0], keys.RETURN))
    visit.returning = 1 + away
    first_answered(visit)  # now: who writes it up may be of another pool
    before = 0 < visit.place % VISITS_OF_A_CONTACT < layout.SESSION and not visit.waited & layout.UNREACHED
    reached_agent = visit.agent is not None or before
    place, due = (contact + 1) * VISITS_OF_A_CONTACT, visit.centre.now + away
    return ToCome(visit, _queue_on_return(visit, back), place, due, reason, visit.handled + reached_agent)


def first_answered(visit: Visit) -> int:
    """Pool of the first visit of its case that an agent answered, this one included; NONE without."""
    if visit.first == layout.NONE and visit.agent is not None:
        visit.first = int(visit.centre.model.agent_pool[visit.agent.row])
    return visit.first


def _queue_on_return(visit: Visit, back: Comeback) -> int:
    """The queue that a customer joins: the first of the stream, or of one like it on another channel."""
    stream = visit.facts.stream
    if back.mix:
        u = visit.centre.draws.of(visit, keys.RETURN_CHANNEL)[0]
        channel = next(channel for until, channel in back.mix if u <= until)
        stream = int(visit.centre.model.rules.comebacks.sibling[visit.stream, channel])
    return first_queue(visit.centre, stream, (visit.stream, visit.date, visit.number))


def patience_factor(visit: Visit) -> float:
    """By what the patience of a first contact is multiplied."""
    factors, contact = visit.facts.patience_on_return, visit.place // VISITS_OF_A_CONTACT
    return factors[min(contact, len(factors)) - 1] if factors and contact > 0 else 1.0
