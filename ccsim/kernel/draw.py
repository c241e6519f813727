"""What a visit or an agent draws: uniforms and times by name, never by when or in which order they are asked for."""

from __future__ import annotations

from typing import Final

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import BREAK
from ccsim.draws.laws import draw_time
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.layout import Ints

_LENGTH_BLOCKS: Final = 1 << 15


@kernel_step
def named_date(stream: int, date: int) -> int:
    """What VISIT_DATE holds of a case: its stream and its local date, so that one word names both."""
    return (stream << 32) | (date & 0xFFFFFFFF)


@kernel_step
def stream_of_case(slots: Ints, i: int) -> int:
    """The stream in which the case of a visit opened: all its contacts draw by that one, whatever their channel."""
    return slots[i, layout.VISIT_DATE] >> 32


@kernel_step
def uniforms_of(state: State, i: int, decision: int) -> tuple[float, float]:
    """The two uniforms of a visit for a decision: a word of `draws.keys`."""
    stream = stream_of_case(state.slots, i)
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
    stream = stream_of_case(state.slots, i)
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


@kernel_step
def _of_break(rules: Rules, state: State, a: int, law: int, is_length: bool) -> int:
    """A time of the last break at random that was drawn for an agent: at least a microsecond."""
    pool, drawn = state.agents[a, layout.AGENT_POOL], state.agents[a, layout.AGENT_DRAWN]
    k0, k1 = state.pool_keys[pool, 0], state.pool_keys[pool, 1]
    date, place, number = drawn >> 32, drawn & 0xFFFFFFFF, a - rules.pools.agents[pool, 0]
    u_due, u_length = two_uniforms(k0, k1, date, number, place, BREAK)
    u, decision = (u_length, BREAK + _LENGTH_BLOCKS) if is_length else (u_due, BREAK)
    return max(int(draw_time(rules.laws, law, u, k0, k1, date, number, place, decision) + 0.5), 1)


@kernel_call
def time_to_break(rules: Rules, state: State, a: int) -> int:
    """Time until the break at random is due that was drawn for an agent."""
    law = rules.pools.breaks[state.agents[a, layout.AGENT_POOL], layout.BREAKS_EVERY]
    return _of_break(rules, state, a, law, False)


@kernel_call
def length_of_break(rules: Rules, state: State, a: int) -> int:
    """Length of the break at random that was drawn for an agent."""
    law = rules.pools.breaks[state.agents[a, layout.AGENT_POOL], layout.BREAKS_LENGTH]
    return _of_break(rules, state, a, law, True)
