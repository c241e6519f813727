"""Contacts that begin in a wrong queue, where an agent finds out and transfers them to their own."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import MISROUTE
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.deflections import brought_in
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.kinds import KIND_BOT
from ccsim.kernel.layout import NONE
from ccsim.kernel.severities import first_queue_beside


@kernel_step
def may_be_misrouted(rules: Rules, state: State, i: int) -> bool:
    """Whether the visit of a slot is the first of its contact with agents, and contacts are misrouted at all; what a
    bot hands off with context is not."""
    return (
        rules.misroutes.first.shape[0] > 0
        and state.slots[i, layout.VISIT_PLACE] & 0xFFFF == 0
        and state.slots[i, layout.VISIT_WAITED] & layout.WITH_CONTEXT == 0
    )


@kernel_call
def begins_in(rules: Rules, state: State, i: int, now: int) -> int:
    """The queue that a contact begins in: its own, or a wrong one."""
    misroutes, queue = rules.misroutes, state.slots[i, layout.VISIT_QUEUE]
    kind = rules.queues.rows[queue, layout.QUEUE_KIND]
    if misroutes.rows[kind] == 0:
        return queue
    u, u_triage = uniforms_of(state, i, MISROUTE)
    first = misroutes.first[kind]
    usual = misroutes.until[first + misroutes.rows[kind] - 1]
    share = usual
    bot, triage = rules.kinds.rows[kind, KIND_BOT], misroutes.triage[kind]
    if bot >= 0 and state.slots[i, layout.VISIT_WAITED] & layout.FROM_BOT > 0 and rules.bots.misrouted[bot] >= 0.0:
        share = rules.bots.misrouted[bot]
    elif triage >= 0:
        start, ramp = misroutes.triaged_from[triage, 0], misroutes.triaged_from[triage, 1]
        if u_triage < brought_in(start, ramp, now):
            share = misroutes.triaged[triage]
    if u >= share:
        return queue
    u *= usual / share
    for wrong in range(misroutes.rows[kind]):
        if u < misroutes.until[first + wrong]:
            goes = rules.queues.rows[queue, layout.QUEUE_TRANSFERS] + misroutes.transfers[kind]
            return rules.queues.transfer[goes + wrong]
    return queue


@kernel_step
def own_queue(rules: Rules, state: State, i: int) -> int:
    """The queue that a visit in a wrong queue is transferred to; NONE for every other visit."""
    if not may_be_misrouted(rules, state, i):
        return NONE
    queue = state.slots[i, layout.VISIT_QUEUE]
    own = first_queue_beside(rules, queue)
    return NONE if own == queue else own


@kernel_call
def row_of_misroute(rules: Rules, state: State, i: int, own: int) -> int:
    """Row of a visit in a wrong queue, where `own` is the right one."""
    kind = rules.queues.rows[own, layout.QUEUE_KIND]
    goes = rules.queues.rows[own, layout.QUEUE_TRANSFERS] + rules.misroutes.transfers[kind]
    wrong = 0
    while rules.queues.transfer[goes + wrong] != state.slots[i, layout.VISIT_QUEUE]:
        wrong += 1
    return rules.misroutes.first[kind] + wrong
