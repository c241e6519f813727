"""New cases that are avoided before anybody gets in touch."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import DEFLECTION
from ccsim.kernel import layout
from ccsim.kernel.arrays import Deflections, Rules, State
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.layout import NONE
from ccsim.kernel.lines import give_back, write_visit
from ccsim.records import outcomes


@kernel_step
def brought_in(start: int, ramp: int, now: int) -> float:
    """How far what begins at an instant is brought in, between 0 and 1."""
    if now < start:
        return 0.0
    return (now - start) / ramp if now - start < ramp else 1.0


@kernel_step
def may_be_deflected(deflections: Deflections, stream: int) -> bool:
    """Whether anything avoids new cases of a stream."""
    return deflections.share.shape[0] > 0 and deflections.of_stream[stream, 1] > 0


@kernel_call
def is_deflected(rules: Rules, state: State, i: int, now: int) -> bool:
    """Whether a new case is avoided; then it is logged, and its slot is free.

    One number of the case decides on all deflections together, so that a larger share avoids the same cases and more.
    """
    slots, rows = state.slots, rules.deflections
    stream = slots[i, layout.VISIT_DATE] >> 32
    first = rows.of_stream[stream, 0]
    comes = 1.0
    for row in range(first, first + rows.of_stream[stream, 1]):
        comes *= 1.0 - rows.share[row] * brought_in(rows.start[row], rows.ramp[row], now)
    u, _ = uniforms_of(state, i, DEFLECTION)
    if u < comes:
        return False
    slots[i, layout.VISIT_JOINED] = now
    slots[i, layout.VISIT_LEFT] = now
    slots[i, layout.VISIT_TALKED] = now
    slots[i, layout.VISIT_AGENT] = NONE
    slots[i, layout.VISIT_LINE] = NONE
    slots[i, layout.VISIT_BACK] = 0
    slots[i, layout.VISIT_OUTCOME] = outcomes.DEFLECTED
    write_visit(state, i, now)
    state.log[state.registers[layout.REGISTER_LOG_N] - 1, layout.LOG_HANDLED] = NONE  # it is no case
    state.registers[layout.REGISTER_COUNTED] -= slots[i, layout.VISIT_COUNTED] & layout.COUNTS > 0
    give_back(slots, state.registers, i)
    return True
