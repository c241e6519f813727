"""The offer of a callback to who finds no free agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.engine.reference.announced import announced_wait
from ccsim.kernel import layout

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def takes_callback(visit: Visit) -> bool:
    """Whether a customer is offered a callback and accepts it; then the visit is one, in the line of callbacks."""
    offer, lines = visit.facts.callback, visit.centre.lines
    if offer is None:
        return False
    own = visit.line
    apart = lines[own.callbacks_when_idle] if offer.when_idle else None
    if offer.how == layout.OFFER_ANNOUNCED:
        offered = announced_wait(visit) > offer.above
    else:
        waiting = sum(not other.is_callback for other in own.visits)
        if offer.how == layout.OFFER_ALL:
            waiting = len(own.visits) + (len(apart.visits) if apart else 0)
        offered = waiting >= offer.above
    if not offered:
        return False
    visit.waited |= layout.OFFERED
    if visit.centre.luck.of(visit, keys.CALLBACK)[0] >= offer.accepted:
        return False
    visit.waited |= layout.CALLBACK
    visit.is_callback = True
    visit.line = apart or own
    return True
