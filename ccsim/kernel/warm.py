"""Warm transfers: an agent stays with the customer until the next one has taken over."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import HAND_OVER
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import time_of, uniforms_of
from ccsim.kernel.events import push
from ccsim.kernel.kinds import KIND_HAND_OVER, SHARE_WARM
from ccsim.kernel.layout import NONE


@kernel_call
def stay(rules: Rules, state: State, i: int, j: int, kind: int) -> None:
    """Let the agent of a visit of a kind stay until visit `j`, in which its contact goes on, is answered; or not, by
    its share."""
    slots = state.slots
    if rules.kinds.shares[kind, SHARE_WARM] < 1.0:
        _, u = uniforms_of(state, i, HAND_OVER)
        if not u < rules.kinds.shares[kind, SHARE_WARM]:
            return
    slots[i, layout.VISIT_PHASE] = layout.HOLDING
    slots[i, layout.VISIT_END] = NONE
    slots[i, layout.VISIT_WAITED] |= layout.HANDS_OVER
    slots[j, layout.VISIT_WAITED] |= layout.HANDED_OVER
    if slots[i, layout.VISIT_WAITED] & layout.HANDED_OVER == 0:
        state.warm[i, layout.WARM_HAND_OVER] = 0  # else it began with one
    state.warm[i, layout.WARM_HELD] = NONE
    state.warm[j, layout.WARM_FROM] = i
    state.warm[j, layout.WARM_HAND_OVER] = 0


@kernel_step
def end_wait(state: State, j: int, length: int, now: int) -> None:
    """The wait of visit `j`, with whom an agent has stayed, is over: they are free after the hand-over."""
    i = state.warm[j, layout.WARM_FROM]
    state.warm[i, layout.WARM_HELD] = now - state.slots[i, layout.VISIT_TALKED]
    state.warm[i, layout.WARM_HAND_OVER] += length
    state.warm[j, layout.WARM_HAND_OVER] = length
    state.slots[i, layout.VISIT_END] = now + length
    push(state, now + length, layout.END_HOLD, i)


@kernel_call
def begin_hand_over(rules: Rules, state: State, j: int, now: int) -> int:
    """The hand-over begins as visit `j` is answered; how long it holds both agents."""
    i = state.warm[j, layout.WARM_FROM]
    u, _ = uniforms_of(state, i, HAND_OVER)
    law = rules.kinds.rows[rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], KIND_HAND_OVER]
    length = int(time_of(rules, state, i, law, u, HAND_OVER) + 0.5)
    end_wait(state, j, length, now)
    return length


@kernel_call
def cut_at_end(state: State, i: int, end: int) -> None:
    """What of a warm transfer of a visit in hand lies before the end of the run."""
    slots, warm = state.slots, state.warm
    if slots[i, layout.VISIT_PHASE] == layout.HOLDING:
        since = slots[i, layout.VISIT_TALKED]
        if warm[i, layout.WARM_HELD] == NONE:
            warm[i, layout.WARM_HELD] = end - since
        else:
            warm[i, layout.WARM_HAND_OVER] -= slots[i, layout.VISIT_END] - end
    elif slots[i, layout.VISIT_PHASE] == layout.TALKING:
        warm[i, layout.WARM_HAND_OVER] = min(warm[i, layout.WARM_HAND_OVER], end - slots[i, layout.VISIT_LEFT])
