"""How severe a case is: drawn once a case, which then joins the queues of its severity with all its contacts."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import SEVERITY
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import stream_of_case


@kernel_step
def first_queue_of(rules: Rules, state: State, i: int, stream: int) -> int:
    """The queue of a stream that a contact of a case joins first: that of its severity, where its cases have any."""
    queue = rules.first_queue[stream]
    if rules.severities.rows.shape[0] > 0:
        queue += _queues_before(rules, state, i, stream)
    return queue


@kernel_call
def _queues_before(rules: Rules, state: State, i: int, stream: int) -> int:
    """Queues of a stream that stand before the one that contacts of the severity of a case join first."""
    severities = rules.severities
    count = severities.rows[stream, layout.SEVERITY_N]
    if count == 0:
        return 0
    home = stream_of_case(state.slots, i)
    u, _ = two_uniforms(
        state.source_keys[home, 0],
        state.source_keys[home, 1],
        state.slots[i, layout.VISIT_DATE],
        state.slots[i, layout.VISIT_NUMBER],
        0,  # of the case: the same for all its contacts
        SEVERITY,
    )
    first, which = severities.rows[stream, layout.SEVERITY_UNTIL], 0
    while which < count - 1 and u >= severities.until[first + which]:
        which += 1
    return which * severities.rows[stream, layout.SEVERITY_QUEUES] + severities.begins[first + which]


@kernel_step
def first_queue_beside(rules: Rules, queue: int) -> int:
    """The queue that contacts join first which may come to a queue: that of its stream and severity."""
    stream = rules.queues.rows[queue, layout.QUEUE_STREAM]
    first = rules.first_queue[stream]
    severities = rules.severities
    if severities.rows.shape[0] > 0:
        queues = severities.rows[stream, layout.SEVERITY_QUEUES]
        which = (queue - first) // queues
        first += which * queues
        if severities.rows[stream, layout.SEVERITY_N] > 0:
            first += severities.begins[severities.rows[stream, layout.SEVERITY_UNTIL] + which]
    return first
