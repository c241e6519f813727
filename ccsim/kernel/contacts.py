"""A contact on its way to an agent: the door, the line, leaving, coming back."""

from __future__ import annotations

import math

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import OUTCOME, PATIENCE, PEERS, RETURN, VENDOR
from ccsim.draws.laws import LONGEST, draw_time
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import layout as k
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.events import push_event
from ccsim.kernel.layout import FAR, NONE, Ints
from ccsim.kernel.lines import count_in_groups, give_back, leave_line, stand_in_line, take_slot, write_visit
from ccsim.kernel.routing import room_in


@kernel_step
def push(state: State, time: int, kind: int, who: int) -> None:
    """Put an event on the list; an event of a visit is counted in its slot."""
    if kind != k.AGENT:
        state.slots[who, k.S_EVENTS] += 1
    push_event(state.events, state.registers, k.X_EVENTS_N, state.slots, time, (kind << 32) | who)


@kernel_call
def come_back(rules: Rules, state: State, i: int, reason: int, u: float, when: int) -> None:
    """Let the customer of an ended visit come back as a new contact, if `u` and the cap say so."""
    slots, kinds = state.slots, rules.kinds
    queue = slots[i, k.S_QUEUE]
    kind = rules.queues.rows[queue, k.Q_KIND]
    if not u < kinds.back_share[kind, reason]:
        return
    contact = slots[i, k.S_PLACE] >> 16
    if contact >= kinds.back_most[kind, reason]:
        return
    stream = rules.queues.rows[queue, k.Q_STREAM]
    keys = state.source_keys
    date, number, place = slots[i, k.S_DATE], slots[i, k.S_NUMBER], slots[i, k.S_PLACE]
    u_delay, _ = two_uniforms(keys[stream, 0], keys[stream, 1], date, number, place, RETURN)
    delay = draw_time(
        rules.laws,
        kinds.back_law[kind, reason],
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
    slots[j, k.S_QUEUE] = rules.first_queue[stream]
    slots[j, k.S_DATE] = date
    slots[j, k.S_NUMBER] = number
    slots[j, k.S_PLACE] = (contact + 1) << 16
    slots[j, k.S_TRACE] = NONE
    slots[j, k.S_EVENTS] = 1
    due = when + int(delay + 0.5)
    push_event(state.dues, state.registers, k.X_DUES_N, slots, due, (k.DUE << 32) | j)


@kernel_call
def lose(rules: Rules, state: State, i: int, outcome: int, when: int) -> None:
    """End a visit that no agent answered: at the door, in the line, at closing."""
    slots, registers = state.slots, state.registers
    queue = slots[i, k.S_QUEUE]
    if slots[i, k.S_STATE] == k.WAITING:
        leave_line(rules.classes, state, i, slots[i, k.S_LINE])
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
    if reason >= 0 and rules.kinds.back_share[rules.queues.rows[queue, k.Q_KIND], reason] > 0.0:
        stream = rules.queues.rows[queue, k.Q_STREAM]
        keys = state.source_keys
        _, u = two_uniforms(
            keys[stream, 0],
            keys[stream, 1],
            slots[i, k.S_DATE],
            slots[i, k.S_NUMBER],
            slots[i, k.S_PLACE],
            OUTCOME,
        )
        come_back(rules, state, i, reason, u, when)
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


@kernel_call
def _assign_vendor(rules: Rules, state: State, i: int) -> int:
    """The line of the vendor that a visit is assigned to: the smallest -ln(u) / share, u by the vendor's name.

    So the shares are met, and a share that grows takes contacts from the others and moves no further one.
    """
    slots, queues = state.slots, rules.queues
    queue = slots[i, k.S_QUEUE]
    stream = queues.rows[queue, k.Q_STREAM]
    first = queues.rows[queue, k.Q_LINES]
    chosen = first
    least = 0.0
    for row in range(first, first + queues.rows[queue, k.Q_LINES_N]):
        u, _ = two_uniforms(
            state.source_keys[stream, 0],
            state.source_keys[stream, 1],
            slots[i, k.S_DATE],
            slots[i, k.S_NUMBER],
            slots[i, k.S_PLACE],
            VENDOR + queues.line_vendor[row],
        )
        score = -math.log(u) / queues.line_share[row]
        if row == first or score < least:
            least = score
            chosen = row
    return queues.line[chosen]


@kernel_call
def _by_peers(rules: Rules, state: State, i: int) -> bool:
    """Whether other customers answer a contact."""
    slots = state.slots
    queue = slots[i, k.S_QUEUE]
    stream = rules.queues.rows[queue, k.Q_STREAM]
    u, _ = two_uniforms(
        state.source_keys[stream, 0],
        state.source_keys[stream, 1],
        slots[i, k.S_DATE],
        slots[i, k.S_NUMBER],
        slots[i, k.S_PLACE],
        PEERS,
    )
    return u < rules.kinds.peers[rules.queues.rows[queue, k.Q_KIND]]


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
    line = queues.line[queues.rows[queue, k.Q_LINES]]
    if queues.rows[queue, k.Q_LINES_N] > 1:
        line = _assign_vendor(rules, state, i)
    slots[i, k.S_LINE] = line
    if (
        rules.kinds.peers[queues.rows[queue, k.Q_KIND]] > 0.0
        and slots[i, k.S_PLACE] & 0xFFFF == 0
        and _by_peers(rules, state, i)
    ):
        return k.BY_PEERS
    first = queues.rows[queue, k.Q_GROUPS]
    outcome = NONE
    for row in range(first, first + queues.rows[queue, k.Q_GROUPS_N]):
        group = queues.group[row]
        if state.groups[group, k.G_OPEN] == 0 and rules.classes.rows[line, k.C_LIVE] == 1:
            return k.CLOSED
        if state.groups[group, k.G_SYSTEM] >= rules.groups.lines[group]:
            outcome = k.BLOCKED
    return outcome


@kernel_step
def wait(rules: Rules, state: State, i: int, now: int) -> int:
    """Nobody is free: NONE if the visit stands in line, else the outcome of one that is blocked or leaves at once."""
    slots, queues, kinds = state.slots, rules.queues, rules.kinds
    queue = slots[i, k.S_QUEUE]
    kind = queues.rows[queue, k.Q_KIND]
    first = queues.rows[queue, k.Q_GROUPS]
    for row in range(first, first + queues.rows[queue, k.Q_GROUPS_N]):
        group = queues.group[row]
        if state.groups[group, k.G_WAITING] >= rules.groups.max_waiting[group]:
            return k.BLOCKED
    slots[i, k.S_WAITED] = 1
    line = slots[i, k.S_LINE]
    classes = rules.classes
    barred = classes.rows[line, k.C_BARRED]
    for row in range(barred, barred + classes.rows[line, k.C_BARRED_N]):
        pool = classes.barred[row]
        if room_in(rules.pools, state.pools, pool, classes.rows[line, k.C_UNITS], classes.rows[line, k.C_LIVE]) > 0:
            slots[i, k.S_WAITED] = k.HELD_BACK
    leaves = FAR
    trace = slots[i, k.S_TRACE]
    if trace >= 0 and rules.traces.patience[trace] >= 0:
        leaves = now + min(rules.traces.patience[trace], LONGEST)
    elif kinds.patience_law[kind] >= 0:
        stream = queues.rows[queue, k.Q_STREAM]
        k0, k1 = state.source_keys[stream, 0], state.source_keys[stream, 1]
        date, number, place = slots[i, k.S_DATE], slots[i, k.S_NUMBER], slots[i, k.S_PLACE]
        u, u_zero = two_uniforms(k0, k1, date, number, place, PATIENCE)
        if u_zero < kinds.zero[kind]:
            leaves = now
        else:
            leaves = now + int(
                draw_time(rules.laws, kinds.patience_law[kind], u, k0, k1, date, number, place, PATIENCE) + 0.5
            )
    if leaves >= LONGEST:
        leaves = FAR
    slots[i, k.S_MOVES_ON] = 0
    if kinds.max_wait[kind] < FAR and now + kinds.max_wait[kind] < leaves:
        leaves = now + kinds.max_wait[kind]
        slots[i, k.S_MOVES_ON] = 1
    slots[i, k.S_LEAVES] = leaves
    if leaves <= now:
        return left_as(slots, i)
    stand_in_line(rules.classes, state, i, line)
    count_in_groups(queues, state.groups, queue, 1, 1)
    if kinds.instant[kind] == 1 and leaves < FAR:
        push(state, leaves, k.PATIENCE, i)
    if classes.rows[line, k.C_RINGS_N] > 0:
        push(state, now + classes.ring_after[classes.rows[line, k.C_RINGS]], k.RING, i)
    return NONE


@kernel_step
def open_ring(rules: Rules, state: State, i: int) -> None:
    """One ring more opens to a waiting visit; it is offered to agents."""
    slots = state.slots
    line = slots[i, k.S_LINE]
    ring = slots[i, k.S_RING] + 1
    slots[i, k.S_RING] = ring
    if state.lines[line, k.L_HEAD] == i:
        state.lines[line, k.L_RING] = ring
    if ring < rules.classes.rows[line, k.C_RINGS_N]:
        push(
            state,
            slots[i, k.S_JOINED] + rules.classes.ring_after[rules.classes.rows[line, k.C_RINGS] + ring],
            k.RING,
            i,
        )
    state.registers[k.X_OFFER] = i
