"""Contacts that are laid down as a shift ends, and taken up again later."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.agents import go_home, on_break, write_span
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.contacts import open_steps_before
from ccsim.kernel.layout import FAR, NONE
from ccsim.kernel.lines import count_in_groups, stand_in_place


@kernel_step
def write_part(state: State, i: int, kind: int, agent: int, joined: int, left: int, wrapped: int) -> None:
    """Log a part of a visit that is no visit of its own, see `layout.PART_HELD`; there is room."""
    log, n = state.log, state.registers[layout.REGISTER_LOG_N]
    state.registers[layout.REGISTER_LOG_N] = n + 1
    log[n, :] = 0
    log[n, layout.LOG_QUEUE] = state.slots[i, layout.VISIT_QUEUE]
    log[n, layout.LOG_COUNTED] = state.slots[i, layout.VISIT_COUNTED] & layout.CONTACT_COUNTS
    log[n, layout.LOG_JOINED] = joined
    log[n, layout.LOG_LEFT] = left
    log[n, layout.LOG_WRAPPED] = wrapped
    log[n, layout.LOG_AGENT] = agent
    log[n, layout.LOG_OUTCOME] = kind


@kernel_call
def write_whole(state: State, i: int, taken: int, ended: int) -> None:
    """What the row of a visit that was laid down says too much: it was not in hand all the time; `ended`: 0 if open."""
    left, n = state.slots[i, layout.VISIT_LEFT], state.registers[layout.REGISTER_LOG_N]
    agent, joined = state.slots[i, layout.VISIT_AGENT], state.slots[i, layout.VISIT_JOINED]
    write_part(state, i, layout.PART_WHOLE, agent, joined, left, taken)
    state.log[n, layout.LOG_TALKED] = ended * state.laid[i, layout.LAID_TALK]
    state.log[n, layout.LOG_BACK] = ended * state.laid[i, layout.LAID_WRAP]
    state.log[n, layout.LOG_LINE] = state.slots[i, layout.VISIT_LINE]


@kernel_step
def _holds_such(rules: Rules, state: State, a: int) -> bool:
    """Whether an agent holds a contact that may be laid down."""
    if state.agents[a, layout.AGENT_HELD] != 1:
        return False
    line = state.slots[state.agents[a, layout.AGENT_HAND], layout.VISIT_LINE]
    return rules.classes.rows[line, layout.CLASS_LAID] == 1


@kernel_call
def lay_down(rules: Rules, state: State, a: int, now: int) -> None:
    """An agent whose shift ends lays down the contact in hand, if it may be: it goes back to its place in line."""
    if not _holds_such(rules, state, a):
        return
    slots, agents, laid = state.slots, state.agents, state.laid
    i, pool = agents[a, layout.AGENT_HAND], agents[a, layout.AGENT_POOL]
    rest = slots[i, layout.VISIT_END] - now
    if rules.pools.shares[pool] == 1:
        # an agent with one contact works at one speed since it was taken in hand, or since wrap-up began
        done = (now - slots[i, layout.VISIT_SINCE]) * slots[i, layout.VISIT_PPM] // 1_000_000
        rest = max(slots[i, layout.VISIT_REST] - done, 0)
        since = agents[a, layout.AGENT_BUSY_SINCE]
        write_span(state.spans, state.registers, pool, layout.IN_HAND, since, now, NONE)
    agents[a, layout.AGENT_HAND] = NONE
    agents[a, layout.AGENT_HELD] = 0
    agents[a, layout.AGENT_USED] = 0
    agents[a, layout.AGENT_SINCE] = now
    agents[a, layout.AGENT_BUSY] += now - agents[a, layout.AGENT_BUSY_SINCE]
    taken = slots[i, layout.VISIT_LEFT]
    if slots[i, layout.VISIT_WAITED] & layout.LAID_DOWN > 0:
        taken = laid[i, layout.LAID_AT]
    else:
        slots[i, layout.VISIT_WAITED] += layout.LAID_DOWN
        laid[i, layout.LAID_TALK] = 0
        laid[i, layout.LAID_WRAP] = 0
    write_part(state, i, layout.PART_HELD, a, taken, taken, now)
    wraps = slots[i, layout.VISIT_PHASE] == layout.WRAPPING
    laid[i, layout.LAID_PHASE] = slots[i, layout.VISIT_PHASE]
    laid[i, layout.LAID_REST] = rest
    laid[i, layout.LAID_AT] = now
    slots[i, layout.VISIT_END] = NONE
    slots[i, layout.VISIT_LEAVES] = FAR
    count_in_groups(rules.queues, state.groups, slots[i, layout.VISIT_QUEUE], 1 if wraps else 0, 1)
    open_steps_before(rules, state, i, now)
    stand_in_place(rules.classes, state, i, slots[i, layout.VISIT_LINE])
    state.registers[layout.PENDING_OFFER] = i


@kernel_call
def one_goes(rules: Rules, state: State, pool: int, now: int) -> bool:
    """Where staffing falls and nobody could go at once: whether an agent lays down a contact and goes, the first by
    number."""
    if state.listed[pool * (rules.pools.capacity[0] + 1), 0] >= 0 or on_break(rules, state, pool) >= 0:
        return False
    first = rules.pools.agents[pool, 0]
    for a in range(first, first + rules.pools.agents[pool, 1]):
        works = state.agents[a, layout.AGENT_STATE] == layout.ON
        if works and state.agents[a, layout.AGENT_LEAVING] != layout.LEAVES and _holds_such(rules, state, a):
            lay_down(rules, state, a, now)
            go_home(state.agents, state.pools, state.spans, state.registers, a, now)
            return True
    return False
