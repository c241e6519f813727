"""Every invariant of the state, in one function."""

from __future__ import annotations

from typing import Final

import numpy as np

from ccsim.kernel import layout, offers
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.due import due_at
from ccsim.kernel.events import ROOT
from ccsim.kernel.kinds import KIND_BOT, SHARE_WARM
from ccsim.kernel.time_out_rows import TIMED_BEFORE, TIMED_JOINED, TIMED_PATIENCE, TIMED_PLACE

_IN_HAND: Final = (layout.TALKING, layout.WRAPPING, layout.HOLDING)


class BrokenInvariantError(AssertionError):
    """The kernel's state contradicts itself: a bug of ccsim, never of a scenario."""


def _demand(truth: bool | np.bool_, what: str) -> None:
    if not truth:
        raise BrokenInvariantError(what)


def check_state(rules: Rules, state: State, now: int) -> None:
    """Check every invariant of a state at a pause at `now`; raise `BrokenInvariantError` for the first broken."""
    registers = state.registers
    for pending in (layout.PENDING_JOIN, layout.PENDING_LOOK, layout.PENDING_CLEAR, layout.PENDING_OFFER):
        _demand(registers[pending] == layout.NONE, "nothing is pending at a pause")
    _check_slots(state)
    _check_events(state, now)
    _check_lines(rules, state)
    _check_agents(rules, state)
    _check_breaks(rules, state)
    _check_groups(rules, state)
    _check_sessions(rules, state)
    _check_warm(rules, state, now)
    _check_time_outs(rules, state)
    _check_nobody_idle(rules, state, now)


def _check_slots(state: State) -> None:
    slots, registers = state.slots, state.registers
    free: set[int] = set()
    i = int(registers[layout.REGISTER_FREE]) if registers[layout.REGISTER_FREE_N] > 0 else layout.NONE
    while len(free) < registers[layout.REGISTER_FREE_N]:
        _demand(i >= 0 and i not in free, "the free list is whole")
        _demand(slots[i, layout.VISIT_PHASE] == layout.FREE, "a slot on the free list is free")
        free.add(i)
        i = int(slots[i, layout.VISIT_NEXT])
    _demand(np.sum(slots[:, layout.VISIT_PHASE] == layout.FREE) == len(free), "every free slot is on the free list")
    under_way = (layout.WAITING, *_IN_HAND, layout.AWAY, layout.IN_SESSION)
    live = np.isin(slots[:, layout.VISIT_PHASE], under_way)
    _demand(
        (slots[live, layout.VISIT_COUNTED] & layout.COUNTS > 0).sum() == registers[layout.REGISTER_COUNTED],
        "counted contacts and cases in progress are counted",
    )


def _check_events(state: State, now: int) -> None:
    heaps = [
        state.events[ROOT : ROOT + state.registers[layout.REGISTER_EVENTS_N]],
        state.dues[ROOT : ROOT + state.registers[layout.REGISTER_DUES_N]],
    ]
    for heap in heaps:
        children = np.arange(1, heap.shape[0])
        times = heap[:, layout.EVENT_TIME]
        _demand(np.all(times[(children - 1) // 4] <= times[children]), "an event list is a heap")
    _demand(np.all(heaps[1][:, layout.EVENT_CODE] >> 32 == layout.DUE), "returns have their own list")
    times, codes = np.concatenate(heaps).T
    _demand(np.all(times >= now), "no event lies in the past")
    named = np.zeros(state.slots.shape[0], np.int64)
    of_visits = ~np.isin(codes >> 32, (layout.END_BREAK, layout.BREAK_DUE))
    np.add.at(named, codes[of_visits] & 0xFFFFFFFF, 1)
    _demand(np.array_equal(named, state.slots[:, layout.VISIT_EVENTS]), "every slot knows its events")
    ends = {(int(c >> 32), int(c & 0xFFFFFFFF), int(t)) for t, c in zip(times, codes, strict=True)}
    for i in np.flatnonzero(np.isin(state.slots[:, layout.VISIT_PHASE], (layout.TALKING, layout.WRAPPING))):
        kind = layout.END_TALK if state.slots[i, layout.VISIT_PHASE] == layout.TALKING else layout.END_WRAP
        _demand(
            (kind, int(i), int(state.slots[i, layout.VISIT_END])) in ends,
            "every visit in hand has its end on the list",
        )


def _check_warm(rules: Rules, state: State, now: int) -> None:
    slots = state.slots
    holding = np.flatnonzero(slots[:, layout.VISIT_PHASE] == layout.HOLDING)
    waits = (slots[:, layout.VISIT_PHASE] == layout.WAITING) & (slots[:, layout.VISIT_WAITED] & layout.HANDED_OVER > 0)
    held = [i for i in holding.tolist() if slots[i, layout.VISIT_END] == layout.NONE]
    events = state.events[ROOT : ROOT + state.registers[layout.REGISTER_EVENTS_N]].tolist()
    ends = {(code & 0xFFFFFFFF, time) for time, code in events if code >> 32 == layout.END_HOLD}
    leave = {(code & 0xFFFFFFFF, time) for time, code in events if code >> 32 == layout.PATIENCE}
    for i in np.flatnonzero(waits).tolist():
        leaves = int(slots[i, layout.VISIT_LEAVES])
        _demand(leaves == layout.FAR or (i, leaves) in leave, "who waits beside an agent leaves by an event")
    of_waiting = state.warm[np.flatnonzero(waits), layout.WARM_FROM].tolist() if waits.any() else []
    _demand(sorted(of_waiting) == held, "each agent who stays does so with one customer who waits")
    for i in holding.tolist():
        kind = rules.queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]
        _demand(rules.kinds.shares[kind, SHARE_WARM] > 0.0, "agents stay only where customers are handed over")
        end = int(slots[i, layout.VISIT_END])
        _demand(end == layout.NONE or (i, end) in ends, "a hand-over has its end on the list")


def _check_time_outs(rules: Rules, state: State) -> None:
    if rules.time_outs.to.size == 0:
        return
    slots, timed = state.slots, state.timed
    waits = np.flatnonzero(slots[:, layout.VISIT_PHASE] == layout.WAITING)
    came = waits[slots[waits, layout.VISIT_WAITED] & layout.TIMED_OUT > 0]
    places, joined = timed[came, TIMED_PLACE], timed[came, TIMED_JOINED]
    _demand(np.array_equal(slots[came, layout.VISIT_JOINED], places), "who waits on stands by its place")
    _demand(np.all(places <= joined), "nobody's place is by an instant after joining")
    _demand(np.all(timed[came, TIMED_BEFORE] >= joined - places), "what a place goes by was waited before")
    _demand(np.all(slots[came, layout.VISIT_LEAVES] <= timed[came, TIMED_PATIENCE]), "patience goes on")
    events = state.events[ROOT : ROOT + state.registers[layout.REGISTER_EVENTS_N]].tolist()
    leave = {(code & 0xFFFFFFFF, time) for time, code in events if code >> 32 == layout.PATIENCE}
    callback = slots[waits, layout.VISIT_WAITED] & layout.CALLBACK > 0
    for i in waits[~callback & (rules.time_outs.to[slots[waits, layout.VISIT_QUEUE]] >= 0)].tolist():
        leaves = int(slots[i, layout.VISIT_LEAVES])
        _demand(leaves == layout.FAR or (i, leaves) in leave, "who may wait on elsewhere leaves by an event")


def _check_sessions(rules: Rules, state: State) -> None:
    of_sessions = state.slots[state.slots[:, layout.VISIT_PHASE] == layout.IN_SESSION]
    kinds = rules.queues.rows[of_sessions[:, layout.VISIT_QUEUE], layout.QUEUE_KIND]
    counts = np.bincount(rules.kinds.rows[kinds, KIND_BOT], minlength=state.sessions.shape[0])
    _demand(np.array_equal(counts, state.sessions), "sessions in progress are counted")
    _demand(
        np.all(state.sessions[: rules.bots.most.shape[0]] <= rules.bots.most), "no bot has more sessions than it may"
    )
    visits = of_sessions[:, layout.VISIT_PLACE] & 0xFFFF
    _demand(np.all(visits == layout.SESSION), "a session is the visit before the first")


def _check_lines(rules: Rules, state: State) -> None:
    slots = state.slots
    waiting = 0
    for line in range(state.lines.shape[0]):
        before, i, count, callbacks = layout.NONE, int(state.lines[line, layout.LINE_HEAD]), 0, 0
        while i >= 0:
            _demand(slots[i, layout.VISIT_PHASE] == layout.WAITING, "who stands in line waits")
            _demand(slots[i, layout.VISIT_LINE] == line, "everyone stands in their own line")
            queue = rules.queues.rows[slots[i, layout.VISIT_QUEUE]]
            first, n = int(queue[layout.QUEUE_LINES]), int(queue[layout.QUEUE_LINES_N])
            mine = rules.queues.line[first : first + n]
            callback = slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0
            lines = (
                rules.classes.rows[mine, layout.CLASS_CALLBACKS] if callback and _idle_only(rules, state, i) else mine
            )
            _demand(line in lines, "a line is one of the visit's queue")
            callbacks += callback
            _demand(slots[i, layout.VISIT_PREV] == before, "a line is linked both ways")
            if before >= 0:
                _demand(
                    slots[before, layout.VISIT_JOINED] <= slots[i, layout.VISIT_JOINED], "a line is in order of joining"
                )
                _demand(
                    slots[before, layout.VISIT_OVERFLOW] >= slots[i, layout.VISIT_OVERFLOW],
                    "overflow steps open in order of joining",
                )
            before, i, count = i, int(slots[i, layout.VISIT_NEXT]), count + 1
        _demand(state.lines[line, layout.LINE_TAIL] == before, "a line ends where it says")
        _demand(state.lines[line, layout.LINE_COUNT] == count, "a line is as long as it says")
        _demand(state.lines[line, layout.LINE_CALLBACKS] == callbacks, "callbacks on a line are counted")
        _check_seats(rules, state, line, count > 0)
        if count > 0:
            head = slots[state.lines[line, layout.LINE_HEAD]]
            _demand(
                state.heads[line]
                == due_at(
                    rules.classes.working,
                    rules.classes.rows[line, layout.CLASS_CLOCK],
                    head[layout.VISIT_JOINED],
                    rules.classes.rows[line, layout.CLASS_SHIFT],
                )
                and state.lines[line, layout.LINE_OVERFLOW] == head[layout.VISIT_OVERFLOW],
                "a line says what its head is chosen by",
            )
        waiting += count
    _demand(state.registers[layout.REGISTER_WAITING] == waiting, "all who wait are counted")
    _demand(np.sum(slots[:, layout.VISIT_PHASE] == layout.WAITING) == waiting, "all who wait stand in a line")


def _idle_only(rules: Rules, state: State, i: int) -> bool:
    """Whether callbacks of a visit's queue are taken only when agents are idle."""
    kind = rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]
    return bool(rules.callbacks.rows[kind, offers.OFFER_IDLE] == 1)


def _check_seats(rules: Rules, state: State, line: int, holds: bool) -> None:
    first, n = (int(v) for v in rules.classes.rows[line, [layout.CLASS_SEATS, layout.CLASS_SEATS_N]])
    for seat in range(first, first + n):
        marked = state.waiting[rules.classes.seats[seat, 0]] & rules.classes.seats[seat, 1]
        _demand(bool(marked) == holds, "pools know which of their lines hold anybody")


def _check_agents(rules: Rules, state: State) -> None:
    slots, agents = state.slots, state.agents
    capacity = int(rules.pools.capacity[0]) if rules.pools.capacity.size else 1
    in_hand = np.isin(slots[:, layout.VISIT_PHASE], _IN_HAND)
    held = np.zeros(agents.shape[0], np.int64)
    used = np.zeros(agents.shape[0], np.int64)
    np.add.at(held, slots[in_hand, layout.VISIT_AGENT], 1)
    np.add.at(
        used,
        slots[in_hand, layout.VISIT_AGENT],
        rules.classes.rows[slots[in_hand, layout.VISIT_LINE], layout.CLASS_UNITS],
    )
    _demand(np.array_equal(held, agents[:, layout.AGENT_HELD]), "agents hold what they say")
    _demand(np.array_equal(used, agents[:, layout.AGENT_USED]), "capacity in use is that of the contacts in hand")
    _demand(np.all(used <= capacity), "capacity is never above the whole")
    _demand(np.all(agents[held > 0, layout.AGENT_STATE] == layout.ON), "only agents who are on hold contacts")
    _check_lists(rules, state, capacity)
    signed = agents[:, layout.AGENT_STATE] != layout.OFF
    for pool in range(state.pools.shape[0]):
        first, n = (int(v) for v in rules.pools.agents[pool])
        _demand(
            state.pools[pool, layout.POOL_SIGNED] == signed[first : first + n].sum(), "agents signed in are counted"
        )
        on = (agents[first : first + n, layout.AGENT_STATE] == layout.ON).sum()
        _demand(state.pools[pool, layout.POOL_ON] == on, "agents on the line are counted")


def _check_breaks(rules: Rules, state: State) -> None:
    agents = state.agents
    events = state.events[ROOT : ROOT + state.registers[layout.REGISTER_EVENTS_N]].tolist()
    dues = {(code & 0xFFFFFFFF, time) for time, code in events if code >> 32 == layout.BREAK_DUE}
    ends = {(code & 0xFFFFFFFF, time) for time, code in events if code >> 32 == layout.END_BREAK}
    for a in np.flatnonzero(agents[:, layout.AGENT_STATE] != layout.OFF).tolist():
        owed, at_random = agents[a, layout.AGENT_BREAK], agents[a, layout.AGENT_AT_RANDOM] == 1
        if agents[a, layout.AGENT_STATE] == layout.ON_BREAK:
            _demand((a, int(owed)) in ends, "a break that is taken ends")
            continue
        held, leaving = agents[a, layout.AGENT_HELD], agents[a, layout.AGENT_LEAVING]
        _demand(held > 0 or owed == 0, "who has nothing in hand takes the break that is due")
        _demand(leaving != layout.PAUSES or owed > 0, "who is about to take a break knows how long it is")
        _demand(leaving != 0 or owed == 0 or at_random, "only breaks at random wait until nobody waits")
        every, idle = rules.pools.breaks[agents[a, layout.AGENT_POOL], [layout.BREAKS_EVERY, layout.BREAKS_IDLE]]
        if every < 0:
            _demand(not at_random, "only pools with breaks at random have them")
            continue
        _demand(leaving != 0 or owed == 0 or idle == 1, "a break after the contact keeps the agent from others")
        due = int(agents[a, layout.AGENT_NEXT_BREAK])
        _demand(due == layout.FAR or (a, due) in dues, "a break that will be due has its event on the list")
        _demand(due < layout.FAR or owed > 0, "a break at random is due now or later")


def _check_lists(rules: Rules, state: State, capacity: int) -> None:
    agents = state.agents
    seen = 0
    for pool in range(state.pools.shape[0]):
        idle = 0
        for used in range(capacity + 1):
            row = pool * (capacity + 1) + used
            a, before = int(state.listed[row, 0]), layout.NONE
            _demand(((state.pools[pool, layout.POOL_OPEN] >> used) & 1) == (a >= 0), "open uses of capacity are marked")
            while a >= 0:
                _demand(
                    agents[a, layout.AGENT_LISTED] == 1 and agents[a, layout.AGENT_STATE] == layout.ON,
                    "who is listed is on",
                )
                _demand(
                    agents[a, layout.AGENT_POOL] == pool and agents[a, layout.AGENT_USED] == used,
                    "agents are on their own list",
                )
                _demand(agents[a, layout.AGENT_LEAVING] == 0 and used < capacity, "who is listed stays and has room")
                _demand(agents[a, layout.AGENT_PREV] == before, "a list is linked both ways")
                idle += int(agents[a, layout.AGENT_HELD] == 0)
                seen += 1
                before, a = a, int(agents[a, layout.AGENT_NEXT])
            _demand(state.listed[row, 1] == before, "a list ends where it says")
        _demand(state.pools[pool, layout.POOL_IDLE] == idle, "idle agents are counted")
    _demand(agents[:, layout.AGENT_LISTED].sum() == seen, "every listed agent is on a list")
    free = (
        (agents[:, layout.AGENT_STATE] == layout.ON)
        & (agents[:, layout.AGENT_LEAVING] == 0)
        & (agents[:, layout.AGENT_USED] < capacity)
    )
    _demand(np.array_equal(free, agents[:, layout.AGENT_LISTED] == 1), "every agent with room is on a list")


def _check_groups(rules: Rules, state: State) -> None:
    slots, queues = state.slots, rules.queues
    for group in range(rules.groups.lines.shape[0]):
        member = np.array(
            [
                n > 0 and group in queues.group[f : f + n]
                for f, n in queues.rows[:, [layout.QUEUE_GROUPS, layout.QUEUE_GROUPS_N]].tolist()
            ],
            dtype=bool,
        )
        waits = (slots[:, layout.VISIT_PHASE] == layout.WAITING) & member[slots[:, layout.VISIT_QUEUE]]
        talks = (slots[:, layout.VISIT_PHASE] == layout.TALKING) & member[slots[:, layout.VISIT_QUEUE]]
        called = slots[:, layout.VISIT_WAITED] & layout.CALLBACK > 0
        kinds = queues.rows[slots[:, layout.VISIT_QUEUE], layout.QUEUE_KIND]
        placed = waits & ~(called & (rules.callbacks.rows[kinds, offers.OFFER_IDLE] == 1))
        inside = ((waits | talks) & ~called).sum()
        _demand(state.groups[group, layout.GROUP_WAITING] == placed.sum(), "who waits in a group is counted")
        _demand(state.groups[group, layout.GROUP_SYSTEM] == inside, "who is in a group is counted")
        _demand(
            state.groups[group, layout.GROUP_SYSTEM] <= rules.groups.lines[group], "a group has no more than its lines"
        )
        # a callback that was away comes back to its place though others have come meanwhile
        live = state.groups[group, layout.GROUP_WAITING] - (placed & called).sum()
        _demand(live <= rules.groups.max_waiting[group], "a group keeps to its places")


def _check_nobody_idle(rules: Rules, state: State, now: int) -> None:
    """No agent has room beside a contact that waits and that they may take."""
    classes, pools = rules.classes, rules.pools
    capacity = int(pools.capacity[0]) if pools.capacity.size else 1
    for line in range(state.lines.shape[0]):
        i = int(state.lines[line, layout.LINE_HEAD])
        while i >= 0 and state.slots[i, layout.VISIT_LEAVES] < now:
            i = int(state.slots[i, layout.VISIT_NEXT])
        if i < 0:
            continue
        first, n = (int(v) for v in classes.rows[line, [layout.CLASS_POOLS, layout.CLASS_POOLS_N]])
        for row in range(first, first + n):
            if classes.pools[row, layout.ENTRY_OVERFLOW] > state.slots[i, layout.VISIT_OVERFLOW]:
                continue
            pool = classes.pools[row, layout.ENTRY_POOL]
            keep = pools.keep_free[pool]
            if classes.rows[line, layout.CLASS_LIVE] == 0 and keep > 0 and state.pools[pool, layout.POOL_IDLE] <= keep:
                continue
            fits = (1 << (capacity - int(classes.rows[line, layout.CLASS_UNITS]) + 1)) - 1
            _demand(
                int(state.pools[pool, layout.POOL_OPEN]) & fits == 0,
                "no agent idles beside a contact that they may take",
            )
