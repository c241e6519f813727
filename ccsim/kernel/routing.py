"""Contact to agent and agent to contact."""

from __future__ import annotations

from ccsim.draws.instructions import lowest_bit
from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import ROUTE
from ccsim.kernel import layout
from ccsim.kernel.arrays import Pools, Rules, State
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.events import named_before
from ccsim.kernel.free_lists import list_agent, unlist_agent
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


@kernel_step
def _fewer_in_use(agents: Ints, a: int, b: int) -> bool:
    """Whether `a` goes before `b` by `fewest_in_hand`: fewest units in use, then whose hand changed longer ago."""
    used_a, used_b = agents[a, layout.AGENT_USED], agents[b, layout.AGENT_USED]
    return used_a < used_b or (used_a == used_b and agents[a, layout.AGENT_SINCE] < agents[b, layout.AGENT_SINCE])


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
    u, _ = uniforms_of(state, slot, ROUTE + state.slots[slot, layout.VISIT_OVERFLOW])
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

    Overflow steps that have opened, in their order; in a step the ranks of preference; among equals the rule `pick`.
    """
    classes, pools = rules.classes, rules.pools
    line = state.slots[slot, layout.VISIT_LINE]
    units, live = classes.rows[line, layout.CLASS_UNITS], classes.rows[line, layout.CLASS_LIVE]
    stride = pools.capacity[0] + 1
    opened = state.slots[slot, layout.VISIT_OVERFLOW]
    row = classes.rows[line, layout.CLASS_POOLS]
    last = row + classes.rows[line, layout.CLASS_POOLS_N]
    pick = rules.pick[0]
    best = NONE
    rank = row  # first row of the rank that is looked at
    while row < last and classes.pools[row, layout.ENTRY_OVERFLOW] <= opened:
        if row > rank and classes.pools[row, layout.ENTRY_RANK] != classes.pools[rank, layout.ENTRY_RANK]:
            if best >= 0:
                break
            rank = row
        pool = classes.pools[row, layout.ENTRY_POOL]
        row += 1
        mask = room_in(pools, state.pools, pool, units, live)
        if mask > 0:
            best = _better(state, pick, pool * stride, mask, best, now)
    if best >= 0 and pick == layout.PICK_RANDOM:
        best = _pick_at_random(rules, state, slot, line, rank, row)
    return best


@kernel_step
def _better(state: State, pick: int, base: int, mask: int, best: int, now: int) -> int:
    """The better of the best agent until now (NONE if none) and the best of a pool, by the rule `pick`.

    The lists of the pool's agents with room are `mask`, bit by bit from row `base` of `State.listed` on.
    """
    agents, listed = state.agents, state.listed
    if pick == layout.PICK_LONGEST_IDLE:
        a = _longest_since(agents, listed, base, mask)
        better = best < 0 or _idle_longer(agents, a, best)
    elif pick == layout.PICK_FEWEST_IN_HAND:
        a = listed[base + lowest_bit(mask), 0]
        better = best < 0 or _fewer_in_use(agents, a, best)
    elif pick == layout.PICK_LEAST_OCCUPIED:
        a = _least_occupied(agents, listed, base, mask, now)
        better = best < 0 or (
            _occupancy(agents, a, now) < _occupancy(agents, best, now)
            or (_occupancy(agents, a, now) == _occupancy(agents, best, now) and _idle_longer(agents, a, best))
        )
    else:  # at random: whoever shows that there is somebody in this rank
        a = listed[base + lowest_bit(mask), 0]
        better = best < 0
    return a if better else best


@kernel_step
def find_contact(rules: Rules, state: State, a: int, now: int) -> tuple[int, int]:
    """The waiting visit that an agent with room takes now, NONE if there is none; and one that has left meanwhile.

    The other is at the head of its line: lose it, then look again. Live before deferred, then the ranks of the pool's
    lines; among equals the longest wait or the earliest deadline.
    """
    # Who leaves while waiting has no event of their own unless something hangs on the instant: they are met here.
    agents = state.agents
    if agents[a, layout.AGENT_LISTED] == 0:
        state.registers[layout.PENDING_LOOK] = NONE
        return NONE, NONE
    found = _first_waiting(rules, state, a, agents[a, layout.AGENT_POOL])
    if found != NONE and state.slots[found, layout.VISIT_LEAVES] < now:
        return NONE, found
    if found == NONE:
        state.registers[layout.PENDING_LOOK] = NONE
        if agents[a, layout.AGENT_LISTED] == layout.LOOKING:
            capacity = rules.pools.capacity[0]
            unlist_agent(agents, state.pools, state.listed, capacity, a)
            list_agent(agents, state.pools, state.listed, capacity, a)
    return found, NONE


@kernel_step
def _first_waiting(rules: Rules, state: State, a: int, pool: int) -> int:
    """The head of a line that an agent takes before all others, NONE if there is none."""
    classes, pools, lines = rules.classes, rules.pools, state.lines
    capacity = pools.capacity[0]
    room = capacity - state.agents[a, layout.AGENT_USED]
    first = pools.lines[pool, 0]
    # live work stands before deferred work
    end = first + (pools.lines[pool, 2] if _keeps_free(rules, state, a, pool) else pools.lines[pool, 1])
    word = pools.words[pool, 0]
    last = word + pools.words[pool, 1] if state.registers[layout.REGISTER_WAITING] > 0 else word
    found = rank = NONE
    best_key = FAR
    while word < last:
        mask = state.waiting[word]  # only lines that hold anybody are touched: a bit each
        while mask > 0:
            row = first + lowest_bit(mask)
            mask &= mask - 1
            if row >= end or (found != NONE and pools.served[row, layout.SERVED_RANK] != rank):
                last = word  # the lines of the best rank have all been seen
                break
            line = pools.served[row, layout.SERVED_LINE]
            key = state.heads[line]
            if key > best_key:
                continue  # most lines: nothing else of them is looked at
            if lines[line, layout.LINE_OVERFLOW] < pools.served[row, layout.SERVED_OVERFLOW]:
                continue
            if room < capacity and classes.rows[line, layout.CLASS_UNITS] > room:
                continue
            head = lines[line, layout.LINE_HEAD]
            if found == NONE or key < best_key or named_before(state.slots, head, found):
                rank = pools.served[row, layout.SERVED_RANK]
                best_key = key
                found = head
        word += 1
        first += layout.SEATS
    return found


@kernel_step
def _keeps_free(rules: Rules, state: State, a: int, pool: int) -> bool:
    """Whether so few agents of a pool are idle that one who looks takes no deferred work."""
    keep = rules.pools.keep_free[pool]
    idle = state.pools[pool, layout.POOL_IDLE]
    if state.agents[a, layout.AGENT_LISTED] == layout.LOOKING and state.agents[a, layout.AGENT_HELD] == 0:
        idle += 1  # for their own choice they count, for that of others not before they have chosen
    return keep > 0 and idle <= keep
