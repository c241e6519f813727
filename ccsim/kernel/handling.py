"""A contact in an agent's hand: the answer, shared attention, the end of talk, wrap-up."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import HANDLE, OUTCOME
from ccsim.draws.laws import draw_time
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout as k
from ccsim.kernel.agents import go_home, go_on_break, list_agent, unlist_agent, write_span
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.contacts import come_back, push
from ccsim.kernel.layout import NONE, Ints
from ccsim.kernel.lines import count_in_groups, give_back, leave_line, somebody_waits, take_slot, write_visit

_MILLION = 1_000_000
_WRAP_BLOCKS = 1 << 15


@kernel_step
def _lasts(rest: int, ppm: int) -> int:
    """Time that work takes at a speed, rounded up; in parts, so that years of work stay within 64 bits."""
    if ppm == _MILLION:
        return rest
    whole = rest // ppm
    return whole * _MILLION + ((rest - whole * ppm) * _MILLION + ppm - 1) // ppm


@kernel_step
def _work_at(slots: Ints, i: int, ppm: int, now: int) -> int:
    """Go on with a visit's work at another speed; when it will end."""
    elapsed = now - slots[i, k.S_SINCE]
    before = slots[i, k.S_PPM]
    done = elapsed
    if before != _MILLION:
        whole = elapsed // _MILLION
        done = whole * before + (elapsed - whole * _MILLION) * before // _MILLION
    rest = max(slots[i, k.S_REST] - done, 0)
    slots[i, k.S_REST] = rest
    slots[i, k.S_SINCE] = now
    slots[i, k.S_PPM] = ppm
    return now + _lasts(rest, ppm)


@kernel_call
def _reshare(rules: Rules, state: State, a: int, now: int) -> None:
    """Share an agent's attention anew after the number of contacts in hand has changed."""
    slots = state.slots
    held = state.agents[a, k.A_HELD]
    i = state.agents[a, k.A_HAND]
    while i >= 0:
        channel = rules.kinds.channel[rules.queues.rows[slots[i, k.S_QUEUE], k.Q_KIND]]
        ppm = rules.pools.speed[channel, min(held, rules.pools.speed.shape[1]) - 1]
        if ppm != slots[i, k.S_PPM]:
            end = _work_at(slots, i, ppm, now)
            if end != slots[i, k.S_END]:
                slots[i, k.S_END] = end
                push(state, end, k.END_TALK if slots[i, k.S_STATE] == k.TALKING else k.END_WRAP, i)
        i = slots[i, k.S_NEXT]


@kernel_step
def answer(rules: Rules, state: State, i: int, a: int, now: int) -> None:
    """An agent with room takes a contact into his hand."""
    slots, agents, queues, kinds = state.slots, state.agents, rules.queues, rules.kinds
    queue = slots[i, k.S_QUEUE]
    kind = queues.rows[queue, k.Q_KIND]
    line = slots[i, k.S_LINE]
    if slots[i, k.S_STATE] == k.WAITING:
        leave_line(rules.classes, state, i, line)
        if queues.rows[queue, k.Q_GROUPS_N] > 0:
            count_in_groups(queues, state.groups, queue, 0, -1)
    elif queues.rows[queue, k.Q_GROUPS_N] > 0:
        count_in_groups(queues, state.groups, queue, 1, 0)

    stream = queues.rows[queue, k.Q_STREAM]
    k0, k1 = state.source_keys[stream, 0], state.source_keys[stream, 1]
    date, number, place = slots[i, k.S_DATE], slots[i, k.S_NUMBER], slots[i, k.S_PLACE]
    pool = agents[a, k.A_POOL]
    pace = rules.pools.pace[pool, queues.rows[queue, k.Q_WORK]]
    u_talk, u_wrap = two_uniforms(k0, k1, date, number, place, HANDLE)
    trace = slots[i, k.S_TRACE]
    talk = NONE
    wrap = NONE
    if trace >= 0:
        talk = rules.traces.talk[trace]
        wrap = rules.traces.wrap_up[trace]
    if talk < 0:
        time = draw_time(rules.laws, kinds.talk_law[kind], u_talk, k0, k1, date, number, place, HANDLE)
        talk = int(time * pace + 0.5)
    if wrap < 0:
        law = kinds.wrap_law[kind]
        if law >= 0:
            time = draw_time(rules.laws, law, u_wrap, k0, k1, date, number, place, HANDLE + _WRAP_BLOCKS)
            wrap = int(time * pace + 0.5)
        else:
            wrap = int(talk * kinds.wrap_share[kind] + 0.5)

    slots[i, k.S_STATE] = k.TALKING
    slots[i, k.S_LEFT] = now
    slots[i, k.S_AGENT] = a
    slots[i, k.S_WRAP] = wrap
    capacity = rules.pools.capacity[0]
    unlist_agent(agents, state.pools, state.listed, capacity, a)
    if agents[a, k.A_HELD] == 0:
        agents[a, k.A_BUSY_SINCE] = now
    agents[a, k.A_HELD] += 1
    agents[a, k.A_USED] += rules.classes.rows[line, k.C_UNITS]
    agents[a, k.A_SINCE] = now
    if rules.pools.shares[pool] == 0:
        end = now + talk
        slots[i, k.S_END] = end
        push(state, end, k.END_TALK, i)
        if state.registers[k.X_LOOK] == a:
            state.registers[k.X_LOOK] = NONE
    else:
        if agents[a, k.A_USED] < capacity:
            list_agent(agents, state.pools, state.listed, capacity, a)
        slots[i, k.S_NEXT] = agents[a, k.A_HAND]
        agents[a, k.A_HAND] = i
        slots[i, k.S_REST] = talk
        slots[i, k.S_SINCE] = now
        slots[i, k.S_PPM] = 0
        slots[i, k.S_END] = NONE
        _reshare(rules, state, a, now)


@kernel_step
def end_talk(rules: Rules, state: State, i: int, now: int) -> bool:
    """The customer leaves; whether the agent has done with the visit too."""
    slots, queues, kinds = state.slots, rules.queues, rules.kinds
    queue = slots[i, k.S_QUEUE]
    kind = queues.rows[queue, k.Q_KIND]
    slots[i, k.S_TALKED] = now
    if queues.rows[queue, k.Q_GROUPS_N] > 0:
        count_in_groups(queues, state.groups, queue, -1, 0)
    outcome = k.RESOLVED
    if kinds.decides[kind] == 1:
        stream = queues.rows[queue, k.Q_STREAM]
        u, u_back = two_uniforms(
            state.source_keys[stream, 0],
            state.source_keys[stream, 1],
            slots[i, k.S_DATE],
            slots[i, k.S_NUMBER],
            slots[i, k.S_PLACE],
            OUTCOME,
        )
        if u < kinds.escalated[kind]:
            outcome = k.ESCALATED
        elif u >= 1.0 - kinds.transferred[kind]:
            outcome = k.TRANSFERRED
        elif u >= kinds.escalated[kind] + kinds.resolved[kind]:
            outcome = k.UNRESOLVED
        if outcome == k.ESCALATED:
            _send_on(state, i, queue + 1)
        elif outcome == k.TRANSFERRED:
            goes = 0
            while 1.0 - u > kinds.transfer_until[kinds.transfers[kind] + goes]:
                goes += 1
            _send_on(state, i, queues.transfer[queues.rows[queue, k.Q_TRANSFERS] + goes])
        else:
            reason = k.AFTER_RESOLVED if outcome == k.RESOLVED else k.AFTER_UNRESOLVED
            if kinds.back_share[kind, reason] > 0.0:
                come_back(rules, state, i, reason, u_back, now)
    slots[i, k.S_OUTCOME] = outcome
    wrap = slots[i, k.S_WRAP]
    if wrap == 0:
        return True
    slots[i, k.S_STATE] = k.WRAPPING
    if rules.pools.shares[state.agents[slots[i, k.S_AGENT], k.A_POOL]] == 0:
        end = now + wrap
    else:
        ppm = slots[i, k.S_PPM]
        slots[i, k.S_REST] = wrap
        slots[i, k.S_SINCE] = now
        end = now + _lasts(wrap, ppm)
    slots[i, k.S_END] = end
    push(state, end, k.END_WRAP, i)
    return False


@kernel_step
def _send_on(state: State, i: int, queue: int) -> None:
    """The contact goes on to the next tier or to another workflow: a new visit that is about to join."""
    slots = state.slots
    j = take_slot(slots, state.registers)
    slots[j, k.S_QUEUE] = queue
    slots[j, k.S_DATE] = slots[i, k.S_DATE]
    slots[j, k.S_NUMBER] = slots[i, k.S_NUMBER]
    slots[j, k.S_PLACE] = slots[i, k.S_PLACE] + 1
    slots[j, k.S_COUNTED] = slots[i, k.S_COUNTED]
    slots[j, k.S_TRACE] = NONE
    state.registers[k.X_COUNTED] += slots[i, k.S_COUNTED]
    state.registers[k.X_JOIN] = j


@kernel_step
def finish(rules: Rules, state: State, i: int, now: int) -> None:
    """The agent has done with a visit: he leaves, takes his break, or looks for work."""
    slots, agents = state.slots, state.agents
    a = slots[i, k.S_AGENT]
    pool = agents[a, k.A_POOL]
    capacity = rules.pools.capacity[0]
    write_visit(slots, state.log, state.registers, i, now)
    state.registers[k.X_COUNTED] -= slots[i, k.S_COUNTED]
    shares = rules.pools.shares[pool] == 1
    if shares:
        unlist_agent(agents, state.pools, state.listed, capacity, a)
        if agents[a, k.A_HAND] == i:
            agents[a, k.A_HAND] = slots[i, k.S_NEXT]
        else:
            j = agents[a, k.A_HAND]
            while slots[j, k.S_NEXT] != i:
                j = slots[j, k.S_NEXT]
            slots[j, k.S_NEXT] = slots[i, k.S_NEXT]
    agents[a, k.A_HELD] -= 1
    agents[a, k.A_USED] -= rules.classes.rows[slots[i, k.S_LINE], k.C_UNITS]
    agents[a, k.A_SINCE] = now
    give_back(slots, state.registers, i)
    if agents[a, k.A_HELD] == 0:
        agents[a, k.A_BUSY] += now - agents[a, k.A_BUSY_SINCE]
        if shares:
            write_span(state.spans, state.registers, pool, k.IN_HAND, agents[a, k.A_BUSY_SINCE], now, NONE)
        if agents[a, k.A_LEAVING] == k.PAUSES:
            go_on_break(agents, state.spans, state.registers, a, now)
            push(state, agents[a, k.A_BREAK], k.AGENT, a)
            return
        if agents[a, k.A_LEAVING] == k.LEAVES:
            go_home(agents, state.pools, state.spans, state.registers, a, now)
            return
        if state.pools[pool, k.P_LEAVING] > 0:
            state.pools[pool, k.P_LEAVING] -= 1
            go_home(agents, state.pools, state.spans, state.registers, a, now)
            return
    else:
        _reshare(rules, state, a, now)
    if agents[a, k.A_LEAVING] != 0:
        return
    if state.registers[k.X_JOIN] < 0 and not somebody_waits(rules.pools, state.waiting, pool):
        list_agent(agents, state.pools, state.listed, capacity, a)
    else:  # somebody waits, or is about to join and must not pass those who wait: first he looks
        state.registers[k.X_LOOK] = a
        agents[a, k.A_LISTED] = k.LOOKING
