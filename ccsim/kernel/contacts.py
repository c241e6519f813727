"""The life of a contact: the door, the line, an agent's hand, the end, the return."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import HANDLE, OUTCOME, PATIENCE, RETURN
from ccsim.draws.laws import LONGEST, draw_time
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout as k
from ccsim.kernel.agents import go_home, go_on_break, list_agent, unlist_agent, write_span
from ccsim.kernel.events import push_event
from ccsim.kernel.layout import FAR, NONE, Ints, Rules, State
from ccsim.kernel.lines import count_in_groups, give_back, leave_line, stand_in_line, take_slot, write_visit

_MILLION = 1_000_000
_WRAP_BLOCKS = 1 << 15


@kernel_step
def push(state: State, time: int, kind: int, who: int) -> None:
    """Put an event on the list; an event of a visit is counted in its slot."""
    if kind != k.AGENT:
        state.slots[who, k.S_EVENTS] += 1
    push_event(state.event_time, state.event_code, state.registers, state.slots, time, (kind << 32) | who)


@kernel_call
def _returns(rules: Rules, state: State, i: int, reason: int, u: float, when: int) -> None:
    """Let the customer of an ended visit come back as a new contact, if `u` and the cap say so."""
    slots, queues = state.slots, rules.queues
    queue = slots[i, k.S_QUEUE]
    if not u < queues.back_share[queue, reason]:
        return
    contact = slots[i, k.S_PLACE] >> 16
    if contact >= queues.back_most[queue, reason]:
        return
    stream = queues.stream[queue]
    keys = state.source_keys
    date, number, place = slots[i, k.S_DATE], slots[i, k.S_NUMBER], slots[i, k.S_PLACE]
    u_delay, _ = two_uniforms(keys[stream, 0], keys[stream, 1], date, number, place, RETURN)
    delay = draw_time(
        rules.laws,
        queues.back_law[queue, reason],
        u_delay,
        keys[stream, 0],
        keys[stream, 1],
        date,
        number,
        place,
        RETURN,
    )
    slots[i, k.S_BACK] = 1
    j = take_slot(slots, state.registers)
    slots[j, k.S_STATE] = k.AWAY
    slots[j, k.S_QUEUE] = queues.first_queue[queue]
    slots[j, k.S_DATE] = date
    slots[j, k.S_NUMBER] = number
    slots[j, k.S_PLACE] = (contact + 1) << 16
    slots[j, k.S_TRACE] = NONE
    push(state, when + int(delay + 0.5), k.DUE, j)


@kernel_call
def lose(rules: Rules, state: State, i: int, outcome: int, when: int) -> None:
    """End a visit that no agent answered: at the door, in the line, at closing."""
    slots, registers = state.slots, state.registers
    queue = slots[i, k.S_QUEUE]
    if slots[i, k.S_STATE] == k.WAITING:
        leave_line(slots, state.lines, registers, i, rules.queues.line[queue])
        count_in_groups(rules.queues, state.groups, queue, -1, -1)
    slots[i, k.S_LEFT] = when
    slots[i, k.S_TALKED] = when
    slots[i, k.S_AGENT] = NONE
    slots[i, k.S_OUTCOME] = outcome
    reason = NONE
    if outcome == k.ABANDONED:
        reason = k.AFTER_ABANDON
    elif outcome == k.BLOCKED:
        reason = k.AFTER_BLOCKED
    elif outcome in (k.CLOSED, k.CLEARED):
        reason = k.AFTER_CLOSED
    if reason >= 0 and rules.queues.back_share[queue, reason] > 0.0:
        stream = rules.queues.stream[queue]
        keys = state.source_keys
        _, u = two_uniforms(
            keys[stream, 0],
            keys[stream, 1],
            slots[i, k.S_DATE],
            slots[i, k.S_NUMBER],
            slots[i, k.S_PLACE],
            OUTCOME,
        )
        _returns(rules, state, i, reason, u, when)
    write_visit(slots, state.log, registers, i, when)
    registers[k.X_COUNTED] -= slots[i, k.S_COUNTED]
    give_back(slots, registers, i)


@kernel_step
def arrive(rules: Rules, state: State, stream: int, now: int) -> int:
    """A new case: a slot that is about to join its first queue."""
    slots, registers = state.slots, state.registers
    i = take_slot(slots, registers)
    slots[i, k.S_QUEUE] = rules.first_queue[stream]
    slots[i, k.S_PLACE] = 0
    row = state.sources[stream, k.R_ROW]
    if rules.traces.of_stream[stream, 1] > 0:
        slots[i, k.S_TRACE] = row
        slots[i, k.S_DATE] = rules.traces.date[row]
        slots[i, k.S_NUMBER] = rules.traces.number[row]
    else:
        slots[i, k.S_TRACE] = NONE
        slots[i, k.S_DATE] = rules.days.date[state.sources[stream, k.R_DAY]]
        slots[i, k.S_NUMBER] = state.sources[stream, k.R_NUMBER]
    counted = 1 if rules.counted[0] <= now < rules.counted[1] else 0
    slots[i, k.S_COUNTED] = counted
    registers[k.X_COUNTED] += counted
    return i


@kernel_step
def left_as(slots: Ints, i: int) -> int:
    """Outcome of a visit whose patience or longest wait has ended."""
    return k.MOVED_ON if slots[i, k.S_MOVES_ON] == 1 else k.ABANDONED


@kernel_step
def enter(rules: Rules, state: State, i: int, now: int) -> int:
    """The door: NONE if a visit gets in, else the outcome of one that is turned away."""
    slots, queues = state.slots, rules.queues
    queue = slots[i, k.S_QUEUE]
    slots[i, k.S_STATE] = k.JOINING
    slots[i, k.S_JOINED] = now
    slots[i, k.S_WAITED] = 0
    slots[i, k.S_RING] = 0
    slots[i, k.S_BACK] = 0
    slots[i, k.S_LEAVES] = FAR
    first = queues.groups[queue, 0]
    outcome = NONE
    for row in range(first, first + queues.groups[queue, 1]):
        group = queues.group_rows[row]
        if state.groups[group, k.G_OPEN] == 0 and rules.classes.live[queues.line[queue]] == 1:
            return k.CLOSED
        if state.groups[group, k.G_SYSTEM] >= rules.groups.lines[group]:
            outcome = k.BLOCKED
    return outcome


@kernel_step
def wait(rules: Rules, state: State, i: int, now: int) -> int:
    """Nobody is free: NONE if the visit stands in line, else the outcome of one that is blocked or leaves at once."""
    slots, queues = state.slots, rules.queues
    queue = slots[i, k.S_QUEUE]
    first = queues.groups[queue, 0]
    for row in range(first, first + queues.groups[queue, 1]):
        group = queues.group_rows[row]
        if state.groups[group, k.G_WAITING] >= rules.groups.max_waiting[group]:
            return k.BLOCKED
    slots[i, k.S_WAITED] = 1
    leaves = FAR
    trace = slots[i, k.S_TRACE]
    if trace >= 0 and rules.traces.patience[trace] >= 0:
        leaves = now + min(rules.traces.patience[trace], LONGEST)
    elif queues.patience_law[queue] >= 0:
        stream = queues.stream[queue]
        k0, k1 = state.source_keys[stream, 0], state.source_keys[stream, 1]
        date, number, place = slots[i, k.S_DATE], slots[i, k.S_NUMBER], slots[i, k.S_PLACE]
        u, u_zero = two_uniforms(k0, k1, date, number, place, PATIENCE)
        if u_zero < queues.zero[queue]:
            leaves = now
        else:
            leaves = now + int(
                draw_time(rules.laws, queues.patience_law[queue], u, k0, k1, date, number, place, PATIENCE) + 0.5
            )
    if leaves >= LONGEST:
        leaves = FAR
    slots[i, k.S_MOVES_ON] = 0
    if queues.max_wait[queue] < FAR and now + queues.max_wait[queue] < leaves:
        leaves = now + queues.max_wait[queue]
        slots[i, k.S_MOVES_ON] = 1
    slots[i, k.S_LEAVES] = leaves
    if leaves <= now:
        return left_as(slots, i)
    line = queues.line[queue]
    stand_in_line(slots, state.lines, state.registers, i, line)
    count_in_groups(queues, state.groups, queue, 1, 1)
    if queues.instant[queue] == 1 and leaves < FAR:
        push(state, leaves, k.PATIENCE, i)
    if rules.classes.rings[line, 1] > 0:
        push(state, now + rules.classes.ring_after[rules.classes.rings[line, 0]], k.RING, i)
    return NONE


@kernel_step
def open_ring(rules: Rules, state: State, i: int) -> None:
    """One ring more opens to a waiting visit; it is offered to agents."""
    slots = state.slots
    line = rules.queues.line[slots[i, k.S_QUEUE]]
    ring = slots[i, k.S_RING] + 1
    slots[i, k.S_RING] = ring
    if ring < rules.classes.rings[line, 1]:
        push(
            state,
            slots[i, k.S_JOINED] + rules.classes.ring_after[rules.classes.rings[line, 0] + ring],
            k.RING,
            i,
        )
    state.registers[k.X_OFFER] = i


@kernel_step
def _lasts(rest: int, ppm: int) -> int:
    """Time that work takes at a speed, rounded up; in parts, so that years of work stay within 64 bits."""
    return rest // ppm * _MILLION + (rest % ppm * _MILLION + ppm - 1) // ppm


@kernel_step
def _work_at(slots: Ints, i: int, ppm: int, now: int) -> int:
    """Go on with a visit's work at another speed; when it will end."""
    elapsed = now - slots[i, k.S_SINCE]
    before = slots[i, k.S_PPM]
    done = elapsed // _MILLION * before + elapsed % _MILLION * before // _MILLION
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
        channel = rules.queues.channel[slots[i, k.S_QUEUE]]
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
    slots, agents, queues = state.slots, state.agents, rules.queues
    queue = slots[i, k.S_QUEUE]
    line = queues.line[queue]
    if slots[i, k.S_STATE] == k.WAITING:
        leave_line(slots, state.lines, state.registers, i, line)
        if queues.groups[queue, 1] > 0:
            count_in_groups(queues, state.groups, queue, 0, -1)
    elif queues.groups[queue, 1] > 0:
        count_in_groups(queues, state.groups, queue, 1, 0)

    stream = queues.stream[queue]
    k0, k1 = state.source_keys[stream, 0], state.source_keys[stream, 1]
    date, number, place = slots[i, k.S_DATE], slots[i, k.S_NUMBER], slots[i, k.S_PLACE]
    pool = agents[a, k.A_POOL]
    pace = rules.pools.pace[pool, queues.work[queue]]
    u_talk, u_wrap = two_uniforms(k0, k1, date, number, place, HANDLE)
    trace = slots[i, k.S_TRACE]
    talk = NONE
    wrap = NONE
    if trace >= 0:
        talk = rules.traces.talk[trace]
        wrap = rules.traces.wrap_up[trace]
    if talk < 0:
        time = draw_time(rules.laws, queues.talk_law[queue], u_talk, k0, k1, date, number, place, HANDLE)
        talk = int(time * pace + 0.5)
    if wrap < 0:
        law = queues.wrap_law[queue]
        if law >= 0:
            time = draw_time(rules.laws, law, u_wrap, k0, k1, date, number, place, HANDLE + _WRAP_BLOCKS)
            wrap = int(time * pace + 0.5)
        else:
            wrap = int(talk * queues.wrap_share[queue] + 0.5)

    slots[i, k.S_STATE] = k.TALKING
    slots[i, k.S_LEFT] = now
    slots[i, k.S_AGENT] = a
    slots[i, k.S_WRAP] = wrap
    capacity = rules.pools.capacity[0]
    unlist_agent(agents, state.pools, state.listed, capacity, a)
    if agents[a, k.A_HELD] == 0:
        agents[a, k.A_BUSY_SINCE] = now
    agents[a, k.A_HELD] += 1
    agents[a, k.A_USED] += rules.classes.units[line]
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
    slots, queues = state.slots, rules.queues
    queue = slots[i, k.S_QUEUE]
    slots[i, k.S_TALKED] = now
    if queues.groups[queue, 1] > 0:
        count_in_groups(queues, state.groups, queue, -1, 0)
    outcome = k.RESOLVED
    if queues.decides[queue] == 1:
        stream = queues.stream[queue]
        u, u_back = two_uniforms(
            state.source_keys[stream, 0],
            state.source_keys[stream, 1],
            slots[i, k.S_DATE],
            slots[i, k.S_NUMBER],
            slots[i, k.S_PLACE],
            OUTCOME,
        )
        if u < queues.escalated[queue]:
            outcome = k.ESCALATED
        elif u >= queues.escalated[queue] + queues.resolved[queue]:
            outcome = k.UNRESOLVED
        if outcome == k.ESCALATED:
            _escalate(queues, state, i)
        else:
            reason = k.AFTER_RESOLVED if outcome == k.RESOLVED else k.AFTER_UNRESOLVED
            if queues.back_share[queue, reason] > 0.0:
                _returns(rules, state, i, reason, u_back, now)
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
def _escalate(queues: k.Queues, state: State, i: int) -> None:
    """The contact goes on to the next tier: a new visit that is about to join."""
    slots = state.slots
    j = take_slot(slots, state.registers)
    slots[j, k.S_QUEUE] = queues.next_queue[slots[i, k.S_QUEUE]]
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
    agents[a, k.A_USED] -= rules.classes.units[rules.queues.line[slots[i, k.S_QUEUE]]]
    agents[a, k.A_SINCE] = now
    give_back(slots, state.registers, i)
    if agents[a, k.A_HELD] == 0:
        agents[a, k.A_BUSY] += now - agents[a, k.A_BUSY_SINCE]
        if shares:
            write_span(state.spans, state.registers, pool, k.IN_HAND, agents[a, k.A_BUSY_SINCE], now)
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
    state.registers[k.X_LOOK] = a
    if state.registers[k.X_WAITING] == 0 and state.registers[k.X_JOIN] < 0:
        list_agent(agents, state.pools, state.listed, capacity, a)
    else:  # somebody waits, or is about to join and must not pass those who wait: first he looks
        agents[a, k.A_LISTED] = k.LOOKING
        if agents[a, k.A_HELD] == 0:
            state.pools[pool, k.P_IDLE] += 1
