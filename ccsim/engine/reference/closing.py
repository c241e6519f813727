"""What is logged of visits that are open when the run ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def log_as_open(visit: Visit, end: int) -> None:
    """The run ends while a visit is open."""
    log = visit.centre.log
    if visit.touched >= 0:
        if visit.laid_in:
            log.lay(visit, visit.touched, end)
            visit.phase, visit.touched = visit.laid_in, end
        log.laid_down(visit, ended=False)
    came_of, visit.outcome = visit.outcome, outcomes.OPEN_IN_HAND
    if visit.unanswered:
        log.held(visit, visit.left, end)
    if visit.unanswered or visit.phase == "away":
        visit.phase, visit.agent = "waiting", None
    _cut_hand_over(visit, end)
    if visit.phase == "waiting":
        visit.outcome, visit.left, visit.talked = outcomes.OPEN_WAITING, end, end
    elif visit.phase == "talking":
        visit.talked = end
    else:
        if visit.phase == "staying":
            visit.talked = end
        log.case_of(visit, came_of, end)
        visit.handled = layout.NONE
    visit.centre.has_ended(visit, end)


def _cut_hand_over(visit: Visit, end: int) -> None:
    """What of a warm transfer lies before the end of the run."""
    if visit.phase == "staying" and visit.held < 0:
        visit.held = end - visit.talked
    elif visit.phase == "staying":
        visit.hand_over -= visit.end - end
    elif visit.phase == "talking":
        visit.hand_over = min(visit.hand_over, end - visit.left)
