"""An agent's attention to several contacts in hand: the speed of the work on each, and when it will end."""

from __future__ import annotations

from typing import Final

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.events import push
from ccsim.kernel.kinds import KIND_CHANNEL
from ccsim.kernel.layout import Ints

FULL_SPEED: Final = 1_000_000
"""Parts per million."""


@kernel_step
def lasts(rest: int, ppm: int) -> int:
    """Time that work takes at a speed, rounded up; in parts, so that years of work stay within 64 bits."""
    if ppm == FULL_SPEED:
        return rest
    whole = rest // ppm
    return whole * FULL_SPEED + ((rest - whole * ppm) * FULL_SPEED + ppm - 1) // ppm


@kernel_step
def _work_at(slots: Ints, i: int, ppm: int, now: int) -> int:
    """Go on with a visit's work at another speed; when it will end."""
    elapsed = now - slots[i, layout.VISIT_SINCE]
    before = slots[i, layout.VISIT_PPM]
    done = elapsed
    if before != FULL_SPEED:
        whole = elapsed // FULL_SPEED
        done = whole * before + (elapsed - whole * FULL_SPEED) * before // FULL_SPEED
    rest = max(slots[i, layout.VISIT_REST] - done, 0)
    slots[i, layout.VISIT_REST] = rest
    slots[i, layout.VISIT_SINCE] = now
    slots[i, layout.VISIT_PPM] = ppm
    return now + lasts(rest, ppm)


@kernel_step
def speed_of(rules: Rules, state: State, i: int, held: int) -> int:
    """Speed of the work on a visit, parts per million, while its agent has so many contacts in hand."""
    channel = rules.kinds.rows[rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], KIND_CHANNEL]
    return rules.pools.speed[channel, min(held, rules.pools.speed.shape[1]) - 1]


@kernel_call
def share_anew(rules: Rules, state: State, a: int, now: int) -> None:
    """Share an agent's attention anew after the number of contacts in hand has changed."""
    slots = state.slots
    held = state.agents[a, layout.AGENT_HELD]
    i = state.agents[a, layout.AGENT_HAND]
    while i >= 0:
        ppm = speed_of(rules, state, i, held)
        if ppm != slots[i, layout.VISIT_PPM]:
            end = _work_at(slots, i, ppm, now)
            if end != slots[i, layout.VISIT_END]:
                slots[i, layout.VISIT_END] = end
                talks = slots[i, layout.VISIT_PHASE] == layout.TALKING
                push(state, end, layout.END_TALK if talks else layout.END_WRAP, i)
        i = slots[i, layout.VISIT_NEXT]
