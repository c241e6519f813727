"""Customers who come back: by which channel, and with how much patience."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import RETURN_CHANNEL
from ccsim.draws.law_codes import LONGEST
from ccsim.kernel import layout
from ccsim.kernel.arrays import Comebacks, Rules, State
from ccsim.kernel.draw import stream_of_case, uniforms_of


@kernel_call
def stream_of_return(rules: Rules, state: State, i: int, kind: int, reason: int) -> int:
    """The stream that the customer of a visit joins on return: of another channel where one is drawn."""
    row = rules.comebacks.mix[kind, reason]
    if row < 0:
        return rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_STREAM]
    u, _ = uniforms_of(state, i, RETURN_CHANNEL)
    while u > rules.comebacks.until[row]:
        row += 1
    return rules.comebacks.sibling[stream_of_case(state.slots, i), rules.comebacks.channel[row]]


@kernel_step
def patience_on_return(comebacks: Comebacks, kind: int, contact: int, patience: float) -> float:
    """Patience of contact `contact` of a case (the first is 0), from that which a first contact would have."""
    known = comebacks.patience[kind, 1]
    if contact == 0 or known == 0 or patience >= LONGEST:
        return patience
    return patience * comebacks.times[comebacks.patience[kind, 0] + min(contact, known) - 1]
