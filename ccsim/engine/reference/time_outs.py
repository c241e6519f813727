"""Queue time-outs after which a contact waits on in another queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.engine.reference.facts import NONE
from ccsim.engine.reference.to_come import VISITS_OF_A_CONTACT
from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def left_at_time_out(visit: Visit) -> int:
    """The outcome of a visit that has reached the longest wait: in a wrong queue it leads nowhere."""
    goes_elsewhere = visit.facts.waits_on_in != NONE and visit.wrong is None
    return outcomes.REQUEUED if goes_elsewhere else outcomes.MOVED_ON


def waits_on(visit: Visit) -> Visit:
    """The visit in which the contact of one that has timed out waits on, with what is left of its patience."""
    following = visit.followed_by(visit.facts.waits_on_in, visit.place + 1, visit.counted, visit.handled)
    following.trace, following.before = visit.trace, [*visit.before, visit]
    following.waited = layout.TIMED_OUT | 1
    if visit.place % VISITS_OF_A_CONTACT == 0 or visit.waited & layout.UNREACHED:
        following.waited |= layout.UNREACHED
    following.waited_before = visit.waited_before + visit.left - visit.joined
    following.patience_ends = visit.patience_ends
    following.stands = visit.stands if visit.facts.wait_goes_on else visit.left
    return following


def comes_from_time_out(visit: Visit) -> bool:
    """Whether a visit is one in which a contact waits on."""
    return visit.waited & layout.TIMED_OUT > 0


def take_place(visit: Visit) -> None:
    """Stand at the end of the line, or where its place is by an earlier instant."""
    if comes_from_time_out(visit) and visit.stands < visit.centre.now:
        visit.line.put_back(visit)
    else:
        visit.line.visits.append(visit)
