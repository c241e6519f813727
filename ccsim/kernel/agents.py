"""Agents: on the lists of their pool while they have room, signing in and out, breaks."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import ABSENCE
from ccsim.draws.philox import two_uniforms
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.layout import (
    A_BREAK,
    A_BUSY,
    A_CAUSE,
    A_HELD,
    A_LEAVING,
    A_LISTED,
    A_NEXT,
    A_ON_SINCE,
    A_PAID,
    A_PLANNED_END,
    A_POOL,
    A_PREV,
    A_SINCE,
    A_STARTED,
    A_STATE,
    A_UNPAID,
    A_USED,
    ABSENT,
    E_CAUSE,
    E_FROM,
    E_POOL,
    E_UNTIL,
    E_WHAT,
    FAR,
    LEAVES,
    LOOKING,
    N_CAUSE,
    N_PAID,
    N_VALUE,
    NONE,
    OFF,
    ON,
    ON_BREAK,
    OVERTIME,
    P_FREE,
    P_IDLE,
    P_LEAVING,
    P_OPEN,
    P_SIGNED,
    PAID_BREAK,
    PAUSES,
    SIGNED,
    STAY,
    UNPAID_BREAK,
    X_LOOK,
    X_SPAN_N,
    Ints,
)
from ccsim.units import DAY


@kernel_step
def list_agent(agents: Ints, pools: Ints, listed: Ints, capacity: int, a: int) -> None:
    """Put an agent who has room on the list of those with the same use of capacity, which is in order of its change."""
    pool = agents[a, A_POOL]
    row = pool * (capacity + 1) + agents[a, A_USED]
    before, after = listed[row, 1], NONE
    while before >= 0 and agents[before, A_SINCE] > agents[a, A_SINCE]:  # only for one who was about to leave and stays
        before, after = agents[before, A_PREV], before
    agents[a, A_LISTED] = 1
    agents[a, A_PREV] = before
    agents[a, A_NEXT] = after
    if before >= 0:
        agents[before, A_NEXT] = a
    else:
        listed[row, 0] = a
        pools[pool, P_OPEN] |= 1 << agents[a, A_USED]
    if after >= 0:
        agents[after, A_PREV] = a
    else:
        listed[row, 1] = a
    if agents[a, A_HELD] == 0:
        pools[pool, P_IDLE] += 1


@kernel_step
def unlist_agent(agents: Ints, pools: Ints, listed: Ints, capacity: int, a: int) -> None:
    """Take an agent off the lists of the pool."""
    if agents[a, A_LISTED] == 0:
        return
    pool = agents[a, A_POOL]
    if agents[a, A_LISTED] == LOOKING:
        agents[a, A_LISTED] = 0
        return
    row = pool * (capacity + 1) + agents[a, A_USED]
    before, after = agents[a, A_PREV], agents[a, A_NEXT]
    agents[a, A_LISTED] = 0
    if before >= 0:
        agents[before, A_NEXT] = after
    else:
        listed[row, 0] = after
    if after >= 0:
        agents[after, A_PREV] = before
    else:
        listed[row, 1] = before
    if listed[row, 0] < 0:
        pools[pool, P_OPEN] &= ~(1 << agents[a, A_USED])
    if agents[a, A_HELD] == 0:
        pools[pool, P_IDLE] -= 1


@kernel_step
def write_span(spans: Ints, registers: Ints, pool: int, what: int, since: int, until: int, cause: int) -> None:
    """Log a span of an agent's time; there is room (the caller has seen to it)."""
    if until <= since:
        return
    n = registers[X_SPAN_N]
    registers[X_SPAN_N] = n + 1
    spans[n, E_POOL] = pool
    spans[n, E_WHAT] = what
    spans[n, E_FROM] = since
    spans[n, E_UNTIL] = until
    spans[n, E_CAUSE] = cause


@kernel_step
def _write_break(agents: Ints, spans: Ints, registers: Ints, a: int, now: int) -> None:
    """Log a break up to now: breaks that ran together are one, first its paid part."""
    began = agents[a, A_ON_SINCE]
    paid_until = min(began + agents[a, A_PAID], now)
    cause = agents[a, A_CAUSE]
    write_span(spans, registers, agents[a, A_POOL], PAID_BREAK, began, paid_until, cause)
    write_span(spans, registers, agents[a, A_POOL], UNPAID_BREAK, paid_until, now, cause)
    agents[a, A_UNPAID] += now - paid_until


@kernel_step
def go_home(agents: Ints, pools: Ints, spans: Ints, registers: Ints, a: int, now: int) -> None:
    """Sign an agent out who has nothing in hand and is on no list."""
    pool = agents[a, A_POOL]
    if agents[a, A_STATE] == ON:
        write_span(spans, registers, pool, SIGNED, agents[a, A_ON_SINCE], now, NONE)
        planned = agents[a, A_PLANNED_END]
        write_span(spans, registers, pool, OVERTIME, max(planned, agents[a, A_ON_SINCE]), now, NONE)
    elif agents[a, A_STATE] == ON_BREAK:
        _write_break(agents, spans, registers, a, now)
    write_span(spans, registers, pool, STAY, agents[a, A_STARTED], now, agents[a, A_UNPAID])
    agents[a, A_STATE] = OFF
    agents[a, A_LEAVING] = 0
    pools[pool, P_SIGNED] -= 1
    agents[a, A_NEXT] = pools[pool, P_FREE]
    pools[pool, P_FREE] = a


@kernel_step
def go_on_break(agents: Ints, spans: Ints, registers: Ints, a: int, now: int) -> None:
    """Send an agent on a break who has nothing in hand and is on no list; `A_BREAK` becomes its end."""
    write_span(spans, registers, agents[a, A_POOL], SIGNED, agents[a, A_ON_SINCE], now, NONE)
    write_span(
        spans,
        registers,
        agents[a, A_POOL],
        OVERTIME,
        max(agents[a, A_PLANNED_END], agents[a, A_ON_SINCE]),
        now,
        NONE,
    )
    agents[a, A_STATE] = ON_BREAK
    agents[a, A_LEAVING] = 0
    agents[a, A_ON_SINCE] = now
    agents[a, A_BREAK] += now


@kernel_step
def come_on(rules: Rules, state: State, a: int, now: int, planned_end: int) -> None:
    """Sign an agent in; he looks for work."""
    agents = state.agents
    agents[a, A_STATE] = ON
    agents[a, A_LEAVING] = 0
    agents[a, A_BREAK] = 0
    agents[a, A_SINCE] = now
    agents[a, A_ON_SINCE] = now
    agents[a, A_STARTED] = now
    agents[a, A_UNPAID] = 0
    agents[a, A_BUSY] = 0
    agents[a, A_PLANNED_END] = planned_end
    pool = agents[a, A_POOL]
    state.pools[pool, P_SIGNED] += 1
    list_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    state.registers[X_LOOK] = a


@kernel_step
def _stay(rules: Rules, state: State, a: int) -> None:
    """Keep an agent who was about to leave: he takes contacts again, if he has room."""
    agents = state.agents
    capacity = rules.pools.capacity[0]
    agents[a, A_LEAVING] = 0
    if agents[a, A_USED] < capacity and agents[a, A_LISTED] == 0:
        list_agent(agents, state.pools, state.listed, capacity, a)
        state.registers[X_LOOK] = a


@kernel_step
def rise(rules: Rules, state: State, pool: int, now: int) -> None:
    """One agent more on the line: first keep one who is about to leave. Nothing where all of the pool are there."""
    agents = state.agents
    if rules.pools.shares[pool] == 1:
        first = rules.pools.agents[pool, 0]
        for a in range(first, first + rules.pools.agents[pool, 1]):
            if agents[a, A_STATE] == ON and agents[a, A_LEAVING] == LEAVES:
                _stay(rules, state, a)
                return
    elif state.pools[pool, P_LEAVING] > 0:
        state.pools[pool, P_LEAVING] -= 1
        return
    a = state.pools[pool, P_FREE]
    if a < 0:
        return
    state.pools[pool, P_FREE] = agents[a, A_NEXT]
    come_on(rules, state, a, now, FAR)


@kernel_step
def fall(rules: Rules, state: State, pool: int, now: int) -> None:
    """One agent less: an idle one goes, else whoever finishes first (with several in hand: who holds the fewest)."""
    agents = state.agents
    capacity = rules.pools.capacity[0]
    idle = state.listed[pool * (capacity + 1), 0]
    if idle >= 0:
        unlist_agent(agents, state.pools, state.listed, capacity, idle)
        go_home(agents, state.pools, state.spans, state.registers, idle, now)
        return
    if rules.pools.shares[pool] == 0:
        state.pools[pool, P_LEAVING] += 1
        return
    first = rules.pools.agents[pool, 0]
    fewest = NONE
    for a in range(first, first + rules.pools.agents[pool, 1]):
        if (
            agents[a, A_STATE] == ON
            and agents[a, A_LEAVING] == 0
            and (fewest < 0 or agents[a, A_HELD] < agents[fewest, A_HELD])
        ):
            fewest = a
    if fewest >= 0:
        unlist_agent(agents, state.pools, state.listed, capacity, fewest)
        agents[fewest, A_LEAVING] = LEAVES


@kernel_call
def _absent_for(rules: Rules, state: State, a: int, now: int) -> int:
    """The cause for which an agent is away on the day of a shift, NONE if he comes."""
    pool = state.agents[a, A_POOL]
    date = (rules.start_utc[0] + now) // DAY
    number = a - rules.pools.agents[pool, 0]
    u, _ = two_uniforms(state.pool_keys[pool, 0], state.pool_keys[pool, 1], date, number, 0, ABSENCE)
    for cause in range(rules.pools.absence.shape[1]):
        u -= rules.pools.absence[pool, cause]
        if u < 0.0:
            return cause
    return NONE


@kernel_step
def sign_in(rules: Rules, state: State, a: int, now: int, row: int) -> None:
    """The start of a shift, unless he is away all day; an agent still busy with the last one goes on."""
    planned_end = state.plan[row, N_VALUE]
    paid = state.plan[row, N_PAID]
    if planned_end < 0 or (paid > 0 and state.agents[a, A_STATE] == OFF):
        cause = state.plan[row, N_CAUSE] if planned_end < 0 else _absent_for(rules, state, a, now)
        if cause >= 0:
            write_span(state.spans, state.registers, state.agents[a, A_POOL], ABSENT, now, now + paid, cause)
            return
    if state.agents[a, A_STATE] == OFF:
        come_on(rules, state, a, now, planned_end)
        return
    state.agents[a, A_PLANNED_END] = planned_end
    if state.agents[a, A_STATE] == ON and state.agents[a, A_LEAVING] == LEAVES:
        _stay(rules, state, a)


@kernel_step
def sign_out(rules: Rules, state: State, a: int, now: int) -> None:
    """The planned end of a shift: at once, or once the contacts in hand have ended."""
    agents = state.agents
    if agents[a, A_STATE] == OFF:
        return
    unlist_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    if agents[a, A_HELD] == 0:
        go_home(agents, state.pools, state.spans, state.registers, a, now)
    else:
        agents[a, A_LEAVING] = LEAVES


@kernel_step
def start_break(rules: Rules, state: State, a: int, now: int, row: int) -> bool:
    """The planned start of a break: at once (true), or once the contacts in hand have ended."""
    agents = state.agents
    length, paid = state.plan[row, N_VALUE], state.plan[row, N_PAID]
    if agents[a, A_STATE] == OFF or agents[a, A_LEAVING] == LEAVES:
        return False
    if agents[a, A_STATE] == ON_BREAK or agents[a, A_LEAVING] == PAUSES:
        agents[a, A_BREAK] += length
        agents[a, A_PAID] += length * paid
        return agents[a, A_STATE] == ON_BREAK
    unlist_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    agents[a, A_BREAK] = length
    agents[a, A_PAID] = length * paid
    agents[a, A_CAUSE] = state.plan[row, N_CAUSE]
    if agents[a, A_HELD] == 0:
        go_on_break(agents, state.spans, state.registers, a, now)
        return True
    agents[a, A_LEAVING] = PAUSES
    return False


@kernel_step
def end_break(rules: Rules, state: State, a: int, now: int) -> None:
    """Back from a break, unless it was cut short or made longer."""
    agents = state.agents
    if agents[a, A_STATE] != ON_BREAK or agents[a, A_BREAK] != now:
        return
    _write_break(agents, state.spans, state.registers, a, now)
    agents[a, A_STATE] = ON
    agents[a, A_BREAK] = 0
    agents[a, A_SINCE] = now
    agents[a, A_ON_SINCE] = now
    list_agent(agents, state.pools, state.listed, rules.pools.capacity[0], a)
    state.registers[X_LOOK] = a
