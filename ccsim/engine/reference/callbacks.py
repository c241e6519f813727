"""The offer of a callback to who finds no free agent, and the attempts to reach who has accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.engine.reference.announced import announced_wait
from ccsim.engine.reference.calendar import Process, Rank
from ccsim.kernel import layout, offers
from ccsim.kernel.layout import FAR
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.facts import CallbackFacts
    from ccsim.engine.reference.visit import Visit


def takes_callback(visit: Visit) -> bool:
    """Whether a customer is offered a callback and accepts it; then the visit is one, in the line of callbacks."""
    offer, lines = visit.facts.callback, visit.centre.lines
    if offer is None or offer.how == offers.OFFER_NEVER:
        return False
    own = visit.line
    apart = lines[own.callbacks_when_idle] if offer.when_idle else None
    if offer.how == offers.OFFER_ANNOUNCED:
        offered = announced_wait(visit) > offer.above
    else:
        waiting = sum(not other.is_callback for other in own.visits)
        if offer.how == offers.OFFER_ALL:
            waiting = len(own.visits) + (len(apart.visits) if apart else 0)
        offered = waiting >= offer.above
    if not offered:
        return False
    if not _accepts(visit, offer):
        return False
    visit.line = apart or own
    return True


def await_offer(visit: Visit) -> None:
    """A callback is offered to who still waits after some time, once in a queue."""
    offer = visit.facts.callback
    if (
        offer is None
        or visit.waited & layout.OFFERED
        or visit.joined + offer.after > visit.leaves
        or offer.after == FAR
    ):
        return
    at, joined = visit.joined + offer.after, visit.joined

    def ask() -> None:
        if visit.phase == "waiting" and visit.joined == joined:
            _offer_while_waiting(visit, offer)

    visit.centre.calendar.call(at, Rank.OFFER_OF_CALLBACK, visit.name, ask)


def _offer_while_waiting(visit: Visit, offer: CallbackFacts) -> None:
    """A customer who accepts hangs up: a trunk is free, and perhaps the place in line."""
    own = visit.line
    if not _accepts(visit, offer):
        return
    for group in visit.queue_groups:
        group.inside -= 1
    if not offer.when_idle and not offer.loses_place:
        visit.await_end_of_patience()
        await_window(visit)
        return
    visit.leave_line()
    if offer.when_idle:
        visit.line = visit.centre.lines[own.callbacks_when_idle]
    visit.stands = visit.centre.now
    visit.stand_in_line()
    await_window(visit)


def _accepts(visit: Visit, offer: CallbackFacts) -> bool:
    """A callback is offered: whether the customer accepts it, and hangs up."""
    now = visit.centre.now
    visit.waited |= layout.OFFERED
    if visit.centre.draws.of(visit, keys.CALLBACK)[0] >= offer.accepted:
        return False
    visit.waited |= layout.CALLBACK
    visit.is_callback, visit.on_phone = True, now - visit.joined
    visit.leaves = now + offer.expires if offer.expires < FAR else FAR
    return True


def await_window(visit: Visit) -> None:
    """A callback stands in line while customers are called; outside these hours it goes until they begin again."""
    offer, now = visit.facts.callback, visit.centre.now
    if not visit.is_callback or offer is None or not offer.window:
        return
    ends = [until for since, until in offer.window if since <= now < until]
    if ends:
        visit.centre.calendar.call(ends[0], Rank.OFFER_OF_CALLBACK, visit.name, lambda: _window_ends(visit))
    else:
        _go_until_window(visit)


def _window_ends(visit: Visit) -> None:
    if visit.phase == "waiting":
        _go_until_window(visit)


def _go_until_window(visit: Visit) -> None:
    visit.leave_line()
    visit.phase = "away"
    due = _first_call(visit, visit.centre.now)
    visit.centre.calendar.call(due, Rank.RETURN, visit.name, lambda: _stand_again(visit))


def _first_call(visit: Visit, due: int) -> int:
    """The first instant from one on at which the customer may be called."""
    offer = visit.facts.callback
    if offer is None or not offer.window:
        return due
    return next((max(since, due) for since, until in offer.window if due < until), FAR)


def _stand_again(visit: Visit) -> None:
    """The next attempt waits for an agent, unless the callback has expired."""
    centre = visit.centre
    if visit.leaves <= centre.now:
        visit.lose(outcomes.EXPIRED)
        return
    visit.phase = "waiting"
    for group in visit.queue_groups:
        group.waiting += not visit.line.of_callbacks
    visit.open_steps_before(centre.now)
    visit.line.put_back(visit)
    await_window(visit)
    visit.offer()


def nobody_answers(visit: Visit) -> bool:
    """Whether the attempt that an agent makes now is not answered."""
    offer = visit.facts.callback
    if not visit.is_callback or offer is None:
        return False
    number = visit.waited // layout.ATTEMPT
    return visit.centre.draws.of(visit, keys.ATTEMPT + number)[0] >= offer.answered


def attempt_again(visit: Visit) -> Process:
    """An attempt has ended without an answer: the agent is free, and perhaps there is another one, to its end."""
    centre, offer, agent = visit.centre, visit.facts.callback, visit.agent
    assert offer is not None
    assert agent is not None
    centre.log.held(visit, visit.left, centre.now)
    visit.waited += layout.ATTEMPT
    visit.phase, visit.unanswered, visit.agent, visit.end = "away", False, None, -1
    given_up = visit.waited // layout.ATTEMPT >= offer.attempts
    if given_up:
        visit.lose(outcomes.NOT_REACHED)
    due = centre.now + offer.between
    agent.put_down(visit)
    if given_up:
        return
    yield centre.calendar.at(_first_call(visit, due), Rank.RETURN, visit.name)
    visit.turn = centre.calendar.event()
    _stand_again(visit)
    yield from visit.reach_agent()
