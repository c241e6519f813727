"""What is logged at a pause: customers who have left meanwhile, and at the end all that is still open."""

from __future__ import annotations

from ccsim.draws.jit import kernel_entry, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.agents import go_home, write_span
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.contacts import left_as, lose
from ccsim.kernel.laid_down import write_part, write_whole
from ccsim.kernel.layout import NONE
from ccsim.kernel.lines import write_case, write_visit
from ccsim.kernel.warm import cut_at_end
from ccsim.records import outcomes


@kernel_entry
def settle(rules: Rules, state: State, now: int) -> int:
    """Take every customer who has left before `now` off the lines; `LOG_FULL` if the log must be flushed first."""
    for line in range(state.lines.shape[0]):
        i = state.lines[line, layout.LINE_HEAD]
        while i >= 0:
            following = state.slots[i, layout.VISIT_NEXT]
            if state.slots[i, layout.VISIT_LEAVES] < now:
                if state.registers[layout.REGISTER_LOG_N] + layout.LOG_ROOM > state.log.shape[0]:
                    return layout.LOG_FULL
                lose(rules, state, i, left_as(state.slots, i), state.slots[i, layout.VISIT_LEAVES])
            i = following
    return layout.REACHED


@kernel_step
def _write_end(state: State, i: int, outcome: int, end: int) -> None:
    """Log what has come of a contact whose case no visit tells: one in wrap-up, or one that is due."""
    slots, log, n = state.slots, state.log, state.registers[layout.REGISTER_LOG_N]
    to_come = slots[i, layout.VISIT_PHASE] == layout.AWAY
    write_part(state, i, layout.PART_CASE, NONE if to_come else slots[i, layout.VISIT_AGENT], 0, 0, end)
    log[n, layout.LOG_DATE] = slots[i, layout.VISIT_DATE]
    log[n, layout.LOG_PLACE] = slots[i, layout.VISIT_PLACE]
    log[n, layout.LOG_TALKED] = 0 if to_come else slots[i, layout.VISIT_TALKED]
    log[n, layout.LOG_WAITED] = outcome
    log[n, layout.LOG_BACK] = 0 if to_come else slots[i, layout.VISIT_BACK]
    write_case(state, i, n)


@kernel_entry
def final_flush(rules: Rules, state: State, end: int) -> int:
    """Log what is still open when the run ends at `end`: visits as open, spans of agents as they stand.

    Comes after `settle`; `LOG_FULL` if the logs must be flushed first (call again: what is logged is not logged twice).
    """
    slots, agents, registers = state.slots, state.agents, state.registers
    for i in range(slots.shape[0]):
        status = slots[i, layout.VISIT_PHASE]
        in_hand = status in (layout.TALKING, layout.WRAPPING, layout.HOLDING)
        if not in_hand and status not in (layout.WAITING, layout.AWAY, layout.IN_SESSION):
            continue
        if registers[layout.REGISTER_LOG_N] + layout.LOG_ROOM > state.log.shape[0]:
            return layout.LOG_FULL
        if slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:
            if status == layout.TALKING and slots[i, layout.VISIT_WAITED] & layout.NO_ANSWER > 0:
                since = slots[i, layout.VISIT_LEFT]
                write_part(state, i, layout.PART_HELD, slots[i, layout.VISIT_AGENT], since, since, end)
                status = layout.AWAY
            if status == layout.AWAY:  # between two attempts
                status = layout.WAITING
        if status == layout.AWAY:
            _write_end(state, i, outcomes.OPEN_WAITING, end)
            slots[i, layout.VISIT_PHASE] = layout.FREE
            continue
        if status == layout.IN_SESSION:
            slots[i, layout.VISIT_TALKED] = end
            slots[i, layout.VISIT_OUTCOME] = outcomes.OPEN_IN_SESSION
            write_visit(state, i, end)
            slots[i, layout.VISIT_PHASE] = layout.FREE
            continue
        lies = slots[i, layout.VISIT_WAITED] & layout.LAID_DOWN > 0
        if lies and status == layout.WAITING:
            write_part(state, i, layout.PART_WAITED, NONE, state.laid[i, layout.LAID_AT], end, end)
            state.laid[i, layout.LAID_AT] = end
            status = state.laid[i, layout.LAID_PHASE]
        if lies:
            write_whole(state, i, state.laid[i, layout.LAID_AT], 0)
        if slots[i, layout.VISIT_WAITED] & (layout.HANDS_OVER | layout.HANDED_OVER) > 0:
            cut_at_end(state, i, end)
        came_of = slots[i, layout.VISIT_OUTCOME]
        if status == layout.WAITING:
            slots[i, layout.VISIT_LEFT] = end
            slots[i, layout.VISIT_AGENT] = NONE
            slots[i, layout.VISIT_OUTCOME] = outcomes.OPEN_WAITING
        else:
            slots[i, layout.VISIT_OUTCOME] = outcomes.OPEN_IN_HAND
        if status != layout.WRAPPING:
            slots[i, layout.VISIT_TALKED] = end
        write_visit(state, i, end)
        if status in (layout.WRAPPING, layout.HOLDING):
            state.log[registers[layout.REGISTER_LOG_N] - 1, layout.LOG_HANDLED] = NONE
            _write_end(state, i, came_of, end)
        slots[i, layout.VISIT_PHASE] = layout.FREE
    for a in range(agents.shape[0]):
        if agents[a, layout.AGENT_STATE] == layout.OFF:
            continue
        if registers[layout.REGISTER_SPAN_N] + layout.SPAN_ROOM > state.spans.shape[0]:
            return layout.LOG_FULL
        pool = agents[a, layout.AGENT_POOL]
        if agents[a, layout.AGENT_HELD] > 0 and rules.pools.shares[pool] == 1:
            write_span(state.spans, registers, pool, layout.IN_HAND, agents[a, layout.AGENT_BUSY_SINCE], end, NONE)
        if agents[a, layout.AGENT_PLANNED_END] > end or agents[a, layout.AGENT_HELD] > 0:
            # the stay goes on beyond the run: nobody knows its length, so it is not rounded
            agents[a, layout.AGENT_STARTED] = end
            agents[a, layout.AGENT_UNPAID] = 0
        go_home(agents, state.pools, state.spans, registers, a, end)
    return layout.REACHED
