"""A contact that goes on as a further visit: at once, in another queue."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.layout import NONE
from ccsim.kernel.lines import joined_at, keep_case, take_slot, waited_before
from ccsim.kernel.lived import keep_wait, keeps_lived
from ccsim.kernel.misroutes import own_queue
from ccsim.kernel.time_out_rows import TIMED_BEFORE, TIMED_PATIENCE, TIMED_PLACE


@kernel_step
def next_visit(state: State, i: int, queue: int) -> int:
    """The contact of a slot goes on in a queue: the slot of a new visit that is about to join there."""
    slots = state.slots
    j = take_slot(slots, state.registers)
    slots[j, layout.VISIT_QUEUE] = queue
    slots[j, layout.VISIT_DATE] = slots[i, layout.VISIT_DATE]
    slots[j, layout.VISIT_NUMBER] = slots[i, layout.VISIT_NUMBER]
    slots[j, layout.VISIT_PLACE] = slots[i, layout.VISIT_PLACE] + 1
    slots[j, layout.VISIT_COUNTED] = slots[i, layout.VISIT_COUNTED]
    slots[j, layout.VISIT_TRACE] = NONE
    slots[j, layout.VISIT_WAITED] = 0
    state.registers[layout.REGISTER_COUNTED] += slots[i, layout.VISIT_COUNTED] & layout.COUNTS > 0
    keep_case(state, i, j, 0)
    state.registers[layout.PENDING_JOIN] = j
    return j


@kernel_step
def leads_to(rules: Rules, state: State, i: int) -> int:
    """Queue in which the contact of a visit waits on after the longest wait in its own; NONE: it leaves."""
    if rules.time_outs.to.shape[0] == 0 or own_queue(rules, state, i) >= 0:
        return NONE
    return rules.time_outs.to[state.slots[i, layout.VISIT_QUEUE]]


@kernel_call
def wait_on(rules: Rules, state: State, i: int, queue: int, now: int) -> None:
    """A visit has left its queue at the time-out: its contact joins another one, with what is left of the patience."""
    slots, timed = state.slots, state.timed
    j = next_visit(state, i, queue)
    slots[j, layout.VISIT_TRACE] = slots[i, layout.VISIT_TRACE]
    slots[j, layout.VISIT_WAITED] = layout.TIMED_OUT
    waited, place = slots[i, layout.VISIT_WAITED], slots[i, layout.VISIT_PLACE]
    if place & 0xFFFF == 0 or waited & layout.UNREACHED > 0:
        slots[j, layout.VISIT_WAITED] |= layout.UNREACHED
    timed[j, TIMED_PATIENCE] = timed[i, TIMED_PATIENCE]
    timed[j, TIMED_BEFORE] = waited_before(state, i) + now - joined_at(state, i)
    goes_on = rules.time_outs.goes_on[slots[i, layout.VISIT_QUEUE]] == 1
    timed[j, TIMED_PLACE] = slots[i, layout.VISIT_JOINED] if goes_on else now
    if keeps_lived(state):
        keep_wait(rules, state, i, j)
        state.lived[j, layout.LIVED_REQUEUED] += 1
