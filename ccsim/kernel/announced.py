"""The announced wait, and who leaves at once when they hear it (balking)."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call
from ccsim.draws.keys import BALK
from ccsim.draws.law_codes import LONGEST
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import time_of, uniforms_of
from ccsim.kernel.due import last_not_after
from ccsim.kernel.kinds import KIND_FROM_FORECAST
from ccsim.kernel.lines import joined_at


@kernel_call
def forecast_mean(rules: Rules, state: State, i: int) -> float:
    """Mean handle time, microseconds, that the forecast says for the instant at which a visit joined its queue."""
    means = rules.handle_means
    stream = rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_STREAM]
    first = means.of_stream[stream, 0]
    end = first + means.of_stream[stream, 1]
    return means.mean[max(last_not_after(means.since, first, end, joined_at(state, i)), first)]


@kernel_call
def announced_wait(rules: Rules, state: State, i: int) -> int:
    """(Number already waiting in line + 1) x mean handle time / agents on the line; LONGEST without any.

    Agents of the pools that may answer now: each counts for as many contacts as they can hold at once, over the AHT
    factor of the pool.
    """
    classes, pools = rules.classes, rules.pools
    line = state.slots[i, layout.VISIT_LINE]
    queue = state.slots[i, layout.VISIT_QUEUE]
    kind = rules.queues.rows[queue, layout.QUEUE_KIND]
    mean = rules.told.mean_handle[kind]
    if rules.kinds.rows[kind, KIND_FROM_FORECAST] == 1:
        mean *= forecast_mean(rules, state, i)
    each = pools.capacity[0] // classes.rows[line, layout.CLASS_UNITS]
    work = rules.queues.rows[queue, layout.QUEUE_WORK]
    able = 0.0
    row = classes.rows[line, layout.CLASS_POOLS]
    last = row + classes.rows[line, layout.CLASS_POOLS_N]
    while row < last and classes.pools[row, layout.ENTRY_OVERFLOW] == 0:
        pool = classes.pools[row, layout.ENTRY_POOL]
        able += each * state.pools[pool, layout.POOL_ON] / pools.pace[pool, work]
        row += 1
    if able == 0.0:
        return LONGEST
    wait = (state.lines[line, layout.LINE_COUNT] + 1) * mean / able
    return int(min(wait + 0.5, float(LONGEST)))


@kernel_call
def balks(rules: Rules, state: State, i: int, patience: int) -> bool:
    """Whether a visit leaves at once at the announced wait; `patience`: that of its customer, FAR if endless."""
    told = rules.told
    kind = rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]
    how, row = told.rows[kind, layout.TOLD_HOW], told.rows[kind, layout.TOLD_ROW]
    wait = announced_wait(rules, state, i)
    if how == layout.TOLD_PATIENCE:
        return wait > patience
    u, _ = uniforms_of(state, i, BALK)
    if how == layout.TOLD_LAW:
        return wait > int(min(time_of(rules, state, i, row, u, BALK) + 0.5, float(LONGEST)))
    share = 0.0
    for step in range(row, row + told.rows[kind, layout.TOLD_STEPS]):
        if wait > told.above[step]:
            share = told.share[step]
    return u < share
