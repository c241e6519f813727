"""A visit comes in: who turns it away, the queue that it begins in, the line of its vendor, and how patient it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.law_codes import LONGEST
from ccsim.engine.reference.calendar import brought_in
from ccsim.engine.reference.draws import rounded
from ccsim.engine.reference.facts import FAR, NONE
from ccsim.engine.reference.time_outs import comes_from_time_out
from ccsim.engine.reference.to_come import VISITS_OF_A_CONTACT, patience_factor
from ccsim.kernel import layout
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.facts import WrongQueue
    from ccsim.engine.reference.visit import Visit


def turned_away(visit: Visit) -> int:
    """At the entry point: the outcome of a visit that does not get in, NONE of one that does."""
    first = visit.place % VISITS_OF_A_CONTACT == 0
    asks_peers = first and visit.facts.peers > 0 and not visit.bot_flags & layout.FROM_BOT
    if asks_peers and visit.centre.draws.of(visit, keys.PEERS)[0] < visit.facts.peers:
        return outcomes.BY_PEERS
    if first and not visit.bot_flags & layout.WITH_CONTEXT:
        visit.wrong = _begins_in(visit)
        if visit.wrong is not None:
            visit.go_to(visit.wrong.queue)
    if visit.line.live and not all(group.open for group in visit.queue_groups):
        return outcomes.CLOSED
    return outcomes.BLOCKED if any(group.inside >= group.lines for group in visit.queue_groups) else NONE


def _begins_in(visit: Visit) -> WrongQueue | None:
    """The wrong queue that a contact begins in; None: it begins in its own."""
    if not visit.facts.wrong_queues:
        return None
    wrong_queues, triage, now = visit.facts.wrong_queues, visit.facts.triage, visit.centre.now
    u, u_triage = visit.centre.draws.of(visit, keys.MISROUTE)
    usual = share = wrong_queues[-1].until
    handed_off = visit.bot_flags & layout.FROM_BOT > 0
    if handed_off and visit.centre.bots[visit.facts.bot].misrouted >= 0.0:
        share = visit.centre.bots[visit.facts.bot].misrouted
    elif triage is not None and u_triage < brought_in(triage.start, triage.ramp, now):
        share = triage.misrouted
    if u >= share:
        return None
    u *= usual / share
    return next((wrong for wrong in wrong_queues if u < wrong.until), None)


def assigned_line(visit: Visit) -> int:
    """The line of the vendor with the smallest -ln(u) / share."""
    lines = visit.facts.lines
    if len(lines) == 1:
        return lines[0][0]
    scores = []
    for place, (line, share, word) in enumerate(lines):
        u = visit.centre.draws.of(visit, keys.VENDOR + word)[0]
        scores.append((-math.log(u) / share, place, line))
    return min(scores)[2]


def patience_of(visit: Visit) -> int:
    """How long the customer waits before they leave, as recorded or drawn; FAR: for ever. What is left of it after the
    time-out of another queue."""
    if comes_from_time_out(visit):
        return visit.patience_ends - visit.centre.now
    facts, draws, traces = visit.facts, visit.centre.draws, visit.centre.model.rules.traces
    if visit.trace >= 0 and traces.patience[visit.trace] >= 0:
        return min(int(traces.patience[visit.trace]), LONGEST)
    if facts.patience_law < 0:
        return FAR
    u, u_zero = draws.of(visit, keys.PATIENCE)
    patience = draws.time(visit, facts.patience_law, u, keys.PATIENCE)
    patience = patience * patience_factor(visit) if patience < LONGEST else patience
    return 0 if u_zero < facts.zero else rounded(patience)
