"""What a visit draws: uniforms and times by its name, never by when or in which order they are asked for."""

from __future__ import annotations

from ccsim.draws.jit import kernel_step
from ccsim.draws.laws import draw_time
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout
from ccsim.kernel.arrays import Queues, Rules, State


@kernel_step
def uniforms_of(queues: Queues, state: State, i: int, decision: int) -> tuple[float, float]:
    """The two uniforms of a visit for a decision: a word of `draws.keys`."""
    stream = queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_STREAM]
    return two_uniforms(
        state.source_keys[stream, 0],
        state.source_keys[stream, 1],
        state.slots[i, layout.VISIT_DATE],
        state.slots[i, layout.VISIT_NUMBER],
        state.slots[i, layout.VISIT_PLACE],
        decision,
    )


@kernel_step
def time_of(rules: Rules, state: State, i: int, law: int, u: float, decision: int) -> float:
    """The time, microseconds, that a law gives a visit for the uniform `u`; further ones are drawn for the decision."""
    stream = rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_STREAM]
    return draw_time(
        rules.laws,
        law,
        u,
        state.source_keys[stream, 0],
        state.source_keys[stream, 1],
        state.slots[i, layout.VISIT_DATE],
        state.slots[i, layout.VISIT_NUMBER],
        state.slots[i, layout.VISIT_PLACE],
        decision,
    )
