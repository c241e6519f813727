"""Contact to agent and agent to contact."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step, lowest_bit
from ccsim.draws.keys import ROUTE
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout
from ccsim.kernel.agents import list_agent, unlist_agent
from ccsim.kernel.arrays import Pools, Rules, State
from ccsim.kernel.layout import FAR, NONE, Ints


@kernel_step
def _longest_since(agents: Ints, listed: Ints, base: int, mask: int) -> int:
    """The agent whose use of capacity changed the longest ago; an idle one goes before all others."""
    if mask & 1:
        return listed[base, 0]
    best = NONE
    used = 0
    while mask > 0:
        if mask & 1:
            a = listed[base + used, 0]
            if best < 0 or agents[a, layout.AGENT_SINCE] < agents[best, layout.AGENT_SINCE]:
                best = a
        mask >>= 1
        used += 1
    return best


@kernel_step
def _idle_longer(agents: Ints, a: int, b: int) -> bool:
    """Whether `a` goes before `b` by `longest_idle`: who holds nothing first, then whose hand changed longer ago."""
    idle_a, idle_b = agents[a, layout.AGENT_USED] == 0, agents[b, layout.AGENT_USED] == 0
    return (idle_a and not idle_b) or (
        idle_a == idle_b and agents[a, layout.AGENT_SINCE] < agents[b, layout.AGENT_SINCE]
    )


@kernel_call
def _occupancy(agents: Ints, a: int, now: int) -> float:
    busy = agents[a, layout.AGENT_BUSY]
    if agents[a, layout.AGENT_HELD] > 0:
        busy += now - agents[a, layout.AGENT_BUSY_SINCE]
    return busy / max(now - agents[a, layout.AGENT_STARTED], 1)


@kernel_call
def _least_occupied(agents: Ints, listed: Ints, base: int, mask: int, now: int) -> int:
    """The agent with the smallest share of busy time since signing in; then as by `longest_idle`."""
    best = NONE
    least = 0.0
    used = 0
    while mask > 0:
        if mask & 1:
            a = listed[base + used, 0]
            while a >= 0:
                share = _occupancy(agents, a, now)
                if best < 0 or share < least or (share == least and _idle_longer(agents, a, best)):
                    best = a
                    least = share
                a = agents[a, layout.AGENT_NEXT]
        mask >>= 1
        used += 1
    return best


@kernel_call
def _number_listed(agents: Ints, listed: Ints, base: int, mask: int, stop_at: int) -> tuple[int, int]:
    """How many agents have room, and the one at position `stop_at` among them (NONE if there are fewer)."""
    count = 0
    used = 0
    while mask > 0:
        if mask & 1:
            a = listed[base + used, 0]
            while a >= 0:
                if count == stop_at:
                    return count, a
                count += 1
                a = agents[a, layout.AGENT_NEXT]
        mask >>= 1
        used += 1
    return count, NONE


@kernel_step
def room_in(pools: Pools, pool_state: Ints, pool: int, units: int, live: int) -> int:
    """Bits of the uses of capacity at which listed agents of a pool have room for the contact."""
    if live == 0:
        keep = pools.keep_free[pool]
        if keep > 0 and pool_state[pool, layout.POOL_IDLE] <= keep:
            return 0
    return pool_state[pool, layout.POOL_OPEN] & ((1 << (pools.capacity[0] - units + 1)) - 1)


@kernel_call
def _pick_at_random(rules: Rules, state: State, slot: int, line: int, first: int, last: int) -> int:
    """One of the agents with room in the pools of rows first..last, each equally likely."""
    classes, pools = rules.classes, rules.pools
    stride = pools.capacity[0] + 1
    units, live = classes.rows[line, layout.CLASS_UNITS], classes.rows[line, layout.CLASS_LIVE]
    total = 0
    for row in range(first, last):
        pool = classes.pools[row, layout.ENTRY_POOL]
        mask = room_in(pools, state.pools, pool, units, live)
        if mask == 1 and pools.shares[pool] == 0:
            total += state.pools[pool, layout.POOL_IDLE]
        elif mask > 0:
            total += _number_listed(state.agents, state.listed, pool * stride, mask, -1)[0]
    stream = rules.queues.rows[state.slots[slot, layout.VISIT_QUEUE], layout.QUEUE_STREAM]
    u, _ = two_uniforms(
        state.source_keys[stream, 0],
        state.source_keys[stream, 1],
        state.slots[slot, layout.VISIT_DATE],
        state.slots[slot, layout.VISIT_NUMBER],
        state.slots[slot, layout.VISIT_PLACE],
        ROUTE + state.slots[slot, layout.VISIT_OVERFLOW],
    )
    position = int(u * total)
    for row in range(first, last):
        pool = classes.pools[row, layout.ENTRY_POOL]
        mask = room_in(pools, state.pools, pool, units, live)
        if mask > 0:
            if mask == 1 and pools.shares[pool] == 0:
                count = state.pools[pool, layout.POOL_IDLE]
                if position < count:  # the agents of a pool are exchangeable: its longest idle one
                    return state.listed[pool * stride, 0]
            else:
                count, a = _number_listed(state.agents, state.listed, pool * stride, mask, position)
                if a >= 0:
                    return a
            position -= count
    return NONE


@kernel_step
def find_agent(rules: Rules, state: State, slot: int, now: int) -> int:
    """The agent who takes a contact now, NONE if nobody may or can.

    Rings that have opened, in their order; in a ring the ranks of preference; among equals the rule `pick`.
    """
    classes, pools = rules.classes, rules.pools
    line = state.slots[slot, layout.VISIT_LINE]
    units, live = classes.rows[line, layout.CLASS_UNITS], classes.rows[line, layout.CLASS_LIVE]
    stride = pools.capacity[0] + 1
    ring = state.slots[slot, layout.VISIT_OVERFLOW]
    row = classes.rows[line, layout.CLASS_POOLS]
    last = row + classes.rows[line, layout.CLASS_POOLS_N]
    pick = rules.pick[0]
    best = NONE
    group = row
    while row < last and classes.pools[row, layout.ENTRY_OVERFLOW] <= ring:
        if row > group and classes.pools[row, layout.ENTRY_RANK] != classes.pools[group, layout.ENTRY_RANK]:
            if best >= 0:
                break
            group = row
        pool = classes.pools[row, layout.ENTRY_POOL]
        row += 1
        mask = room_in(pools, state.pools, pool, units, live)
        if mask == 0:
            continue
        if pick == layout.PICK_LONGEST_IDLE:
            a = _longest_since(state.agents, state.listed, pool * stride, mask)
            better = best < 0 or _idle_longer(state.agents, a, best)
        elif pick == layout.PICK_FEWEST_IN_HAND:
            a = state.listed[pool * stride + lowest_bit(mask), 0]
            better = (
                best < 0
                or state.agents[a, layout.AGENT_USED] < state.agents[best, layout.AGENT_USED]
                or (
                    state.agents[a, layout.AGENT_USED] == state.agents[best, layout.AGENT_USED]
                    and state.agents[a, layout.AGENT_SINCE] < state.agents[best, layout.AGENT_SINCE]
                )
            )
        elif pick == layout.PICK_LEAST_OCCUPIED:
            a = _least_occupied(state.agents, state.listed, pool * stride, mask, now)
            better = best < 0 or (
                _occupancy(state.agents, a, now) < _occupancy(state.agents, best, now)
                or (
                    _occupancy(state.agents, a, now) == _occupancy(state.agents, best, now)
                    and _idle_longer(state.agents, a, best)
                )
            )
        else:
            a = state.listed[pool * stride + lowest_bit(mask), 0]
            better = best < 0
        if better:
            best = a
    if best >= 0 and pick == layout.PICK_RANDOM:
        best = _pick_at_random(rules, state, slot, line, group, row)
    return best


@kernel_step
def _tie_earlier(slots: Ints, i: int, j: int) -> bool:
    """Whether the identity of visit `i` goes before that of `j`."""
    for field in (layout.VISIT_QUEUE, layout.VISIT_DATE, layout.VISIT_NUMBER, layout.VISIT_PLACE):
        if slots[i, field] != slots[j, field]:
            return slots[i, field] < slots[j, field]
    return False


@kernel_step
def find_contact(rules: Rules, state: State, a: int, pool: int, now: int) -> int:
    """The waiting visit that an agent with room takes now, NONE if there is none.

    -(slot + 2) is a visit at the head of its line whose customer has left: take it off and look again. Live before
    deferred, then the ranks of the pool's lines; among equals the longest wait or the earliest deadline.
    """
    found = NONE
    agents = state.agents
    if agents[a, layout.AGENT_LISTED] == 0:
        state.registers[layout.PENDING_LOOK] = NONE
        return found
    classes, pools, slots = rules.classes, rules.pools, state.slots
    capacity = pools.capacity[0]
    room = capacity - agents[a, layout.AGENT_USED]
    idle = state.pools[pool, layout.POOL_IDLE]
    if agents[a, layout.AGENT_LISTED] == layout.LOOKING and agents[a, layout.AGENT_HELD] == 0:
        idle += 1  # for his own choice he counts, for that of others not before he has chosen
    keeps = pools.keep_free[pool] > 0 and idle <= pools.keep_free[pool]
    first = pools.lines[pool, 0]
    word = pools.words[pool, 0]
    last = word + pools.words[pool, 1] if state.registers[layout.REGISTER_WAITING] > 0 else word
    rank = NONE
    best_key = FAR
    while word < last:
        mask = state.waiting[word]
        while mask > 0:
            row = first + lowest_bit(mask)
            mask &= mask - 1
            if pools.served[row, layout.SERVED_RANK] != rank:
                if found != NONE:
                    last = word  # the lines of the best rank have all been seen
                    break
                rank = pools.served[row, layout.SERVED_RANK]
            line = pools.served[row, layout.SERVED_LINE]
            if state.lines[line, layout.LINE_OVERFLOW] < pools.served[row, layout.SERVED_OVERFLOW]:
                continue
            if room < capacity and classes.rows[line, layout.CLASS_UNITS] > room:
                continue
            if keeps and classes.rows[line, layout.CLASS_LIVE] == 0:
                continue
            key = state.lines[line, layout.LINE_KEY]
            head = state.lines[line, layout.LINE_HEAD]
            if key < best_key or (key == best_key and _tie_earlier(slots, head, found)):
                best_key = key
                found = head
        word += 1
        first += layout.SEATS
    if found != NONE and slots[found, layout.VISIT_LEAVES] < now:
        return -(found + 2)
    if found == NONE:
        state.registers[layout.PENDING_LOOK] = NONE
        if agents[a, layout.AGENT_LISTED] == layout.LOOKING:
            unlist_agent(agents, state.pools, state.listed, pools.capacity[0], a)
            list_agent(agents, state.pools, state.listed, pools.capacity[0], a)
    return found
