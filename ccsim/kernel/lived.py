"""What a contact of several visits has lived through before its last one: kept where contacts are rated."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.lines import joined_at
from ccsim.records import outcomes


@kernel_step
def keeps_lived(state: State) -> bool:
    """Whether contacts that go on as further visits are rated, so that something is kept of them."""
    return state.lived.shape[0] > 1


@kernel_call
def keep_lived(rules: Rules, state: State, i: int, j: int, transferred: int) -> None:
    """The contact of slot `i` goes on with the visit of slot `j`; `transferred`: 0 if it is escalated."""
    slots = state.slots
    keep_wait(rules, state, i, j)
    queue, pool = slots[i, layout.VISIT_QUEUE], state.agents[slots[i, layout.VISIT_AGENT], layout.AGENT_POOL]
    state.lived[j, layout.LIVED_TRANSFERS] += transferred
    state.lived[j, layout.LIVED_TRANSLATED] += rules.translated[queue, pool]


@kernel_step
def keep_wait(rules: Rules, state: State, i: int, j: int) -> None:
    """Of the contact of slot `i`, which goes on with the visit of slot `j`: all that was kept, and its wait."""
    slots, lived = state.slots, state.lived
    if slots[i, layout.VISIT_PLACE] & 0xFFFF > 0:
        for column in range(layout.LIVED_WIDTH):
            lived[j, column] = lived[i, column]
    else:
        for column in range(layout.LIVED_WIDTH):
            lived[j, column] = 0
        lived[j, layout.LIVED_BOT] = slots[i, layout.VISIT_WAITED] & layout.OF_BOT
    # by its queue: who is called back waits on a line of deferred work, and is live work all the same
    line = rules.queues.line[rules.queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_LINES]]
    live = rules.classes.rows[line, layout.CLASS_LIVE]
    wait = slots[i, layout.VISIT_LEFT] - joined_at(state, i)
    lived[j, layout.LIVED_WAIT if live == 1 else layout.LIVED_WAIT_DEFERRED] += wait


@kernel_call
def write_rated(state: State, i: int) -> None:
    """Log what a rating needs of a contact whose last visit has just been logged, if it had several."""
    slots, log, n = state.slots, state.log, state.registers[layout.REGISTER_LOG_N]
    outcome = slots[i, layout.VISIT_OUTCOME]
    if slots[i, layout.VISIT_PLACE] & 0xFFFF == 0 or not (
        outcome == outcomes.RESOLVED or outcome == outcomes.UNRESOLVED
    ):
        return
    state.registers[layout.REGISTER_LOG_N] = n + 1
    for column in range(layout.LOG_WIDTH):
        log[n, column] = log[n - 1, column]
    log[n, layout.LOG_OUTCOME] = layout.PART_RATED
    log[n, layout.LOG_WAITED] = outcome
    log[n, layout.LOG_OPENED] = state.lived[i, layout.LIVED_WAIT]
    log[n, layout.LOG_HANDLED] = state.lived[i, layout.LIVED_WAIT_DEFERRED]
    log[n, layout.LOG_BACK] = state.lived[i, layout.LIVED_TRANSFERS]
    log[n, layout.LOG_LINE] = state.lived[i, layout.LIVED_TRANSLATED]
    log[n, layout.LOG_BEFORE] = state.lived[i, layout.LIVED_REQUEUED]
    log[n, layout.LOG_BOT] = state.lived[i, layout.LIVED_BOT]
    log[n, layout.LOG_BUSY] = 0
