"""Agents: signing in and out, breaks, and the rows that one person has in several pools."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import ABSENCE
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import time_to_break
from ccsim.kernel.events import push
from ccsim.kernel.free_lists import list_agent, unlist_agent
from ccsim.kernel.layout import FAR, NONE, Ints
from ccsim.units import DAY


@kernel_step
def write_span(spans: Ints, registers: Ints, pool: int, what: int, since: int, until: int, cause: int) -> None:
    """Log a span of an agent's time; there is room (the caller has seen to it)."""
    if until <= since:
        return
    n = registers[layout.REGISTER_SPAN_N]
    registers[layout.REGISTER_SPAN_N] = n + 1
    spans[n, layout.SPAN_POOL] = pool
    spans[n, layout.SPAN_WHAT] = what
    spans[n, layout.SPAN_FROM] = since
    spans[n, layout.SPAN_UNTIL] = until
    spans[n, layout.SPAN_CAUSE] = cause


@kernel_step
def _write_break(agents: Ints, spans: Ints, registers: Ints, a: int, now: int) -> None:
    """Log a break up to now: breaks that ran together are one, first its paid part."""
    began = agents[a, layout.AGENT_ON_SINCE]
    paid_until = min(began + agents[a, layout.AGENT_PAID], now)
    cause = agents[a, layout.AGENT_CAUSE]
    write_span(spans, registers, agents[a, layout.AGENT_POOL], layout.PAID_BREAK, began, paid_until, cause)
    write_span(spans, registers, agents[a, layout.AGENT_POOL], layout.UNPAID_BREAK, paid_until, now, cause)
    agents[a, layout.AGENT_UNPAID] += now - paid_until


@kernel_step
def go_home(agents: Ints, pools: Ints, spans: Ints, registers: Ints, a: int, now: int) -> None:
    """Sign an agent out who has nothing in hand and is on no list."""
    pool = agents[a, layout.AGENT_POOL]
    if agents[a, layout.AGENT_STATE] == layout.ON:
        write_span(spans, registers, pool, layout.SIGNED, agents[a, layout.AGENT_ON_SINCE], now, NONE)
        planned = agents[a, layout.AGENT_PLANNED_END]
        write_span(spans, registers, pool, layout.OVERTIME, max(planned, agents[a, layout.AGENT_ON_SINCE]), now, NONE)
        pools[pool, layout.POOL_ON] -= 1
    elif agents[a, layout.AGENT_STATE] == layout.ON_BREAK:
        _write_break(agents, spans, registers, a, now)
    write_span(
        spans, registers, pool, layout.STAY, agents[a, layout.AGENT_STARTED], now, agents[a, layout.AGENT_UNPAID]
    )
    agents[a, layout.AGENT_STATE] = layout.OFF
    agents[a, layout.AGENT_LEAVING] = 0
    pools[pool, layout.POOL_SIGNED] -= 1
    agents[a, layout.AGENT_NEXT] = pools[pool, layout.POOL_FREE]
    pools[pool, layout.POOL_FREE] = a


@kernel_step
def go_on_break(agents: Ints, pools: Ints, spans: Ints, registers: Ints, a: int, now: int) -> None:
    """Send an agent on a break who has nothing in hand and is on no list; `AGENT_BREAK` becomes its end."""
    write_span(
        spans, registers, agents[a, layout.AGENT_POOL], layout.SIGNED, agents[a, layout.AGENT_ON_SINCE], now, NONE
    )
    write_span(
        spans,
        registers,
        agents[a, layout.AGENT_POOL],
        layout.OVERTIME,
        max(agents[a, layout.AGENT_PLANNED_END], agents[a, layout.AGENT_ON_SINCE]),
        now,
        NONE,
    )
    pools[agents[a, layout.AGENT_POOL], layout.POOL_ON] -= 1
    agents[a, layout.AGENT_STATE] = layout.ON_BREAK
    agents[a, layout.AGENT_LEAVING] = 0
    agents[a, layout.AGENT_ON_SINCE] = now
    agents[a, layout.AGENT_BREAK] += now


@kernel_call
def await_break(rules: Rules, state: State, a: int, now: int) -> None:
    """An agent comes on the line: from now on counts the time until a break at random is due, if the pool has any."""
    agents = state.agents
    agents[a, layout.AGENT_BREAK] = 0
    agents[a, layout.AGENT_AT_RANDOM] = 0
    agents[a, layout.AGENT_NEXT_BREAK] = FAR
    if rules.pools.breaks[agents[a, layout.AGENT_POOL], layout.BREAKS_EVERY] < 0:
        return
    date = (rules.start_utc[0] + now) // DAY
    drawn = agents[a, layout.AGENT_DRAWN]
    agents[a, layout.AGENT_DRAWN] = drawn + 1 if drawn >> 32 == date else date << 32
    due = now + time_to_break(rules, state, a)
    agents[a, layout.AGENT_NEXT_BREAK] = due
    push(state, due, layout.BREAK_DUE, a)


@kernel_step
def owe_break(rules: Rules, state: State, a: int) -> None:
    """From now on an agent takes no contact: the break at random that is due begins once nothing is in hand."""
    agents = state.agents
    unlist_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    paid = rules.pools.breaks[agents[a, layout.AGENT_POOL], layout.BREAKS_PAID]
    agents[a, layout.AGENT_LEAVING] = layout.PAUSES
    agents[a, layout.AGENT_PAID] = agents[a, layout.AGENT_BREAK] * paid
    agents[a, layout.AGENT_CAUSE] = layout.CAUSE_BREAK


@kernel_call
def on_break(rules: Rules, state: State, pool: int) -> int:
    """The agent of a pool who is on a break at random, the first by number; NONE if nobody is."""
    if rules.pools.breaks[pool, layout.BREAKS_EVERY] >= 0:
        first = rules.pools.agents[pool, 0]
        for a in range(first, first + rules.pools.agents[pool, 1]):
            if state.agents[a, layout.AGENT_STATE] == layout.ON_BREAK:
                return a
    return NONE


@kernel_step
def come_on(rules: Rules, state: State, a: int, now: int, planned_end: int) -> None:
    """Sign an agent in; they look for work."""
    agents = state.agents
    agents[a, layout.AGENT_STATE] = layout.ON
    agents[a, layout.AGENT_LEAVING] = 0
    agents[a, layout.AGENT_SINCE] = now
    agents[a, layout.AGENT_ON_SINCE] = now
    agents[a, layout.AGENT_STARTED] = now
    agents[a, layout.AGENT_UNPAID] = 0
    agents[a, layout.AGENT_BUSY] = 0
    agents[a, layout.AGENT_PLANNED_END] = planned_end
    pool = agents[a, layout.AGENT_POOL]
    state.pools[pool, layout.POOL_SIGNED] += 1
    state.pools[pool, layout.POOL_ON] += 1
    list_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    state.registers[layout.PENDING_LOOK] = a
    await_break(rules, state, a, now)


@kernel_step
def take_over(rules: Rules, state: State, a: int, now: int) -> None:
    """Somebody has signed out: where the same person is due in another pool, they sign in there."""
    if state.agents[a, layout.AGENT_NEXT_ROW] >= 0:
        _come_from(rules, state, a, now)


@kernel_call
def _come_from(rules: Rules, state: State, a: int, now: int) -> None:
    """Sign the row in that was to follow."""
    agents = state.agents
    twin = agents[a, layout.AGENT_NEXT_ROW]
    agents[a, layout.AGENT_NEXT_ROW] = NONE
    come_on(rules, state, twin, now, agents[twin, layout.AGENT_PLANNED_END])
    if state.registers[layout.PENDING_JOIN] >= 0:  # a visit that is about to join must not pass those who wait
        unlist_agent(agents, state.pools, state.listed, rules.pools.capacity[0], twin)
        agents[twin, layout.AGENT_LISTED] = layout.LOOKING


@kernel_call
def _follows(agents: Ints, a: int) -> bool:
    """Whether the same person is still signed in in another pool: this row then signs in once that one has left."""
    twin = agents[a, layout.AGENT_TWIN]
    while twin >= 0 and twin != a:
        if agents[twin, layout.AGENT_STATE] != layout.OFF:
            agents[twin, layout.AGENT_NEXT_ROW] = a
            return True
        twin = agents[twin, layout.AGENT_TWIN]
    return False


@kernel_call
def _stays_away(agents: Ints, a: int) -> None:
    """A row that was to follow another one of the same person does so no longer."""
    twin = agents[a, layout.AGENT_TWIN]
    while twin >= 0 and twin != a:
        if agents[twin, layout.AGENT_NEXT_ROW] == a:
            agents[twin, layout.AGENT_NEXT_ROW] = NONE
        twin = agents[twin, layout.AGENT_TWIN]


@kernel_step
def _stay(rules: Rules, state: State, a: int) -> None:
    """Keep an agent who was about to leave: they take contacts again, if they have room."""
    agents = state.agents
    capacity = rules.pools.capacity[0]
    agents[a, layout.AGENT_LEAVING] = 0
    if agents[a, layout.AGENT_AT_RANDOM] == 0:
        agents[a, layout.AGENT_BREAK] = 0  # a break that the shift's end has overtaken
    elif rules.pools.breaks[agents[a, layout.AGENT_POOL], layout.BREAKS_IDLE] == 0:
        owe_break(rules, state, a)
        return
    if agents[a, layout.AGENT_USED] < capacity and agents[a, layout.AGENT_LISTED] == 0:
        list_agent(agents, state.pools, state.listed, capacity, a)
        state.registers[layout.PENDING_LOOK] = a


@kernel_step
def staff_up(rules: Rules, state: State, pool: int, now: int) -> None:
    """One agent more: first keep one who is about to leave. Nothing where all of the pool are there."""
    agents = state.agents
    if rules.pools.shares[pool] == 1:
        first = rules.pools.agents[pool, 0]
        for a in range(first, first + rules.pools.agents[pool, 1]):
            if agents[a, layout.AGENT_STATE] == layout.ON and agents[a, layout.AGENT_LEAVING] == layout.LEAVES:
                _stay(rules, state, a)
                return
    elif state.pools[pool, layout.POOL_LEAVING] > 0:
        state.pools[pool, layout.POOL_LEAVING] -= 1
        return
    a = state.pools[pool, layout.POOL_FREE]
    if a < 0:
        return
    state.pools[pool, layout.POOL_FREE] = agents[a, layout.AGENT_NEXT]
    come_on(rules, state, a, now, FAR)


@kernel_step
def staff_down(rules: Rules, state: State, pool: int, now: int) -> None:
    """One agent less: an idle one goes, else one on a break at random, else whoever finishes first (with several in
    hand: who holds the fewest)."""
    agents = state.agents
    capacity = rules.pools.capacity[0]
    idle = state.listed[pool * (capacity + 1), 0]
    if idle >= 0:
        unlist_agent(agents, state.pools, state.listed, capacity, idle)
        go_home(agents, state.pools, state.spans, state.registers, idle, now)
        return
    resting = on_break(rules, state, pool)
    if resting >= 0:
        go_home(agents, state.pools, state.spans, state.registers, resting, now)
        return
    if rules.pools.shares[pool] == 0:  # with one contact each, whoever finishes first goes: nobody need be named
        state.pools[pool, layout.POOL_LEAVING] += 1
        return
    first = rules.pools.agents[pool, 0]
    fewest = NONE
    for a in range(first, first + rules.pools.agents[pool, 1]):
        if (
            agents[a, layout.AGENT_STATE] == layout.ON
            and agents[a, layout.AGENT_LEAVING] != layout.LEAVES
            and (fewest < 0 or agents[a, layout.AGENT_HELD] < agents[fewest, layout.AGENT_HELD])
        ):
            fewest = a
    if fewest >= 0:
        unlist_agent(agents, state.pools, state.listed, capacity, fewest)
        agents[fewest, layout.AGENT_LEAVING] = layout.LEAVES


@kernel_call
def _absent_for(rules: Rules, state: State, a: int, now: int, before: int) -> int:
    """The cause for which an agent is away on the day of a shift, which began some dates before; NONE if they come."""
    pool = state.agents[a, layout.AGENT_POOL]
    date = (rules.start_utc[0] + now) // DAY - before
    number = a - rules.pools.agents[pool, 0]
    u, _ = two_uniforms(state.pool_keys[pool, 0], state.pool_keys[pool, 1], date, number, 0, ABSENCE)
    # one uniform an agent and day, cut by the shares of the causes: more of a later cause changes none of the earlier
    for cause in range(rules.pools.absence.shape[1]):
        u -= rules.pools.absence[pool, cause]
        if u < 0.0:
            return cause
    return NONE


@kernel_step
def sign_in(rules: Rules, state: State, a: int, now: int, row: int) -> None:
    """The start of a shift, unless the agent is away all day; one still busy with the last shift goes on."""
    planned_end = state.plan[row, layout.PLAN_VALUE]
    paid = state.plan[row, layout.PLAN_PAID]
    if planned_end < 0 or (paid > 0 and state.agents[a, layout.AGENT_STATE] == layout.OFF):
        cause = state.plan[row, layout.PLAN_CAUSE]
        if planned_end >= 0:
            cause = _absent_for(rules, state, a, now, cause)
        if cause >= 0:
            write_span(
                state.spans, state.registers, state.agents[a, layout.AGENT_POOL], layout.ABSENT, now, now + paid, cause
            )
            return
    if state.agents[a, layout.AGENT_STATE] == layout.OFF:
        if _follows(state.agents, a):  # they finish a contact in another pool first
            state.agents[a, layout.AGENT_PLANNED_END] = planned_end
            return
        come_on(rules, state, a, now, planned_end)
        after = row + 1
        if (
            after < state.registers[layout.REGISTER_PLAN_N]
            and state.plan[after, layout.PLAN_TIME] == now
            and state.plan[after, layout.PLAN_WHAT] == layout.BREAK
            and state.plan[after, layout.PLAN_WHO] == a
        ):
            state.registers[layout.PENDING_LOOK] = NONE  # the shift begins with time away
        return
    state.agents[a, layout.AGENT_PLANNED_END] = planned_end
    if state.agents[a, layout.AGENT_STATE] == layout.ON and state.agents[a, layout.AGENT_LEAVING] == layout.LEAVES:
        _stay(rules, state, a)


@kernel_step
def sign_out(rules: Rules, state: State, a: int, now: int) -> None:
    """The planned end of a shift: at once, or once the contacts in hand have ended."""
    agents = state.agents
    if agents[a, layout.AGENT_STATE] == layout.OFF:
        _stays_away(agents, a)
        return
    unlist_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    if agents[a, layout.AGENT_HELD] == 0:
        go_home(agents, state.pools, state.spans, state.registers, a, now)
        take_over(rules, state, a, now)
    else:
        agents[a, layout.AGENT_LEAVING] = layout.LEAVES


@kernel_step
def start_break(rules: Rules, state: State, a: int, now: int, row: int) -> bool:
    """The planned start of a break: at once (true), or once the contacts in hand have ended."""
    agents = state.agents
    length, paid = state.plan[row, layout.PLAN_VALUE], state.plan[row, layout.PLAN_PAID]
    if agents[a, layout.AGENT_STATE] == layout.OFF or agents[a, layout.AGENT_LEAVING] == layout.LEAVES:
        return False
    at_random = agents[a, layout.AGENT_AT_RANDOM] == 1
    agents[a, layout.AGENT_AT_RANDOM] = 0
    if agents[a, layout.AGENT_STATE] == layout.ON_BREAK and (at_random or agents[a, layout.AGENT_BREAK] == now):
        # it gives way, or ends just now: the next time away has a cause of its own
        _write_break(agents, state.spans, state.registers, a, now)
        agents[a, layout.AGENT_ON_SINCE] = now
        agents[a, layout.AGENT_BREAK] = now + length
        agents[a, layout.AGENT_PAID] = length * paid
        agents[a, layout.AGENT_CAUSE] = state.plan[row, layout.PLAN_CAUSE]
        return True
    pauses = agents[a, layout.AGENT_LEAVING] == layout.PAUSES and not at_random
    if agents[a, layout.AGENT_STATE] == layout.ON_BREAK or pauses:
        agents[a, layout.AGENT_BREAK] += length
        agents[a, layout.AGENT_PAID] += length * paid
        return agents[a, layout.AGENT_STATE] == layout.ON_BREAK
    unlist_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    agents[a, layout.AGENT_BREAK] = length
    agents[a, layout.AGENT_PAID] = length * paid
    agents[a, layout.AGENT_CAUSE] = state.plan[row, layout.PLAN_CAUSE]
    if agents[a, layout.AGENT_HELD] == 0:
        go_on_break(agents, state.pools, state.spans, state.registers, a, now)
        return True
    agents[a, layout.AGENT_LEAVING] = layout.PAUSES
    return False


@kernel_step
def end_break(rules: Rules, state: State, a: int, now: int) -> None:
    """Back from a break, unless it was cut short or made longer."""
    agents = state.agents
    if agents[a, layout.AGENT_STATE] != layout.ON_BREAK or agents[a, layout.AGENT_BREAK] != now:
        return
    _write_break(agents, state.spans, state.registers, a, now)
    state.pools[agents[a, layout.AGENT_POOL], layout.POOL_ON] += 1
    agents[a, layout.AGENT_STATE] = layout.ON
    agents[a, layout.AGENT_SINCE] = now
    agents[a, layout.AGENT_ON_SINCE] = now
    list_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    state.registers[layout.PENDING_LOOK] = a
    await_break(rules, state, a, now)
