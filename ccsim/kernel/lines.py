"""Waiting lines, slots and doors: the small moves."""

from __future__ import annotations

from ccsim.draws.jit import kernel_step
from ccsim.kernel.arrays import Classes, Pools, Queues, State
from ccsim.kernel.layout import (
    C_SEATS,
    C_SEATS_N,
    C_SHIFT,
    FREE,
    G_SYSTEM,
    G_WAITING,
    GONE,
    L_COUNT,
    L_HEAD,
    L_KEY,
    L_RING,
    L_TAIL,
    LOG_WIDTH,
    NONE,
    Q_GROUPS,
    Q_GROUPS_N,
    S_AGENT,
    S_BACK,
    S_COUNTED,
    S_DATE,
    S_EVENTS,
    S_JOINED,
    S_LEFT,
    S_LINE,
    S_NEXT,
    S_NUMBER,
    S_OUTCOME,
    S_PLACE,
    S_PREV,
    S_QUEUE,
    S_RING,
    S_STATE,
    S_TALKED,
    S_WAITED,
    V_AGENT,
    V_BACK,
    V_COUNTED,
    V_DATE,
    V_JOINED,
    V_LEFT,
    V_LINE,
    V_NUMBER,
    V_OUTCOME,
    V_PLACE,
    V_QUEUE,
    V_TALKED,
    V_WAITED,
    V_WRAPPED,
    WAITING,
    X_FREE,
    X_FREE_N,
    X_LOG_N,
    X_WAITING,
    Ints,
)

assert LOG_WIDTH == V_LINE + 1


@kernel_step
def take_slot(slots: Ints, registers: Ints) -> int:
    """A free slot; there is one (the caller has seen to it)."""
    i = registers[X_FREE]
    registers[X_FREE] = slots[i, S_NEXT]
    registers[X_FREE_N] -= 1
    slots[i, S_EVENTS] = 0
    return i


@kernel_step
def give_back(slots: Ints, registers: Ints, i: int) -> None:
    """Free a slot whose visit has ended, once no event names it."""
    if slots[i, S_EVENTS] > 0:
        slots[i, S_STATE] = GONE
        return
    slots[i, S_STATE] = FREE
    slots[i, S_NEXT] = registers[X_FREE]
    registers[X_FREE] = i
    registers[X_FREE_N] += 1


@kernel_step
def _show_head(classes: Classes, state: State, line: int) -> None:
    """Write down what the head of a line is chosen by."""
    head = state.lines[line, L_HEAD]
    state.lines[line, L_KEY] = state.slots[head, S_JOINED] + classes.rows[line, C_SHIFT]
    state.lines[line, L_RING] = state.slots[head, S_RING]


@kernel_step
def stand_in_line(classes: Classes, state: State, i: int, line: int) -> None:
    """Put a visit at the end of its line."""
    slots, lines = state.slots, state.lines
    tail = lines[line, L_TAIL]
    slots[i, S_STATE] = WAITING
    slots[i, S_PREV] = tail
    slots[i, S_NEXT] = NONE
    lines[line, L_TAIL] = i
    lines[line, L_COUNT] += 1
    state.registers[X_WAITING] += 1
    if tail >= 0:
        slots[tail, S_NEXT] = i
        return
    lines[line, L_HEAD] = i
    _show_head(classes, state, line)
    first = classes.rows[line, C_SEATS]
    for seat in range(first, first + classes.rows[line, C_SEATS_N]):
        state.waiting[classes.seats[seat, 0]] |= classes.seats[seat, 1]


@kernel_step
def leave_line(classes: Classes, state: State, i: int, line: int) -> None:
    """Take a waiting visit out of its line, wherever it stands."""
    slots, lines = state.slots, state.lines
    before, after = slots[i, S_PREV], slots[i, S_NEXT]
    lines[line, L_COUNT] -= 1
    state.registers[X_WAITING] -= 1
    if after >= 0:
        slots[after, S_PREV] = before
    else:
        lines[line, L_TAIL] = before
    if before >= 0:
        slots[before, S_NEXT] = after
        return
    lines[line, L_HEAD] = after
    if after >= 0:
        _show_head(classes, state, line)
        return
    first = classes.rows[line, C_SEATS]
    for seat in range(first, first + classes.rows[line, C_SEATS_N]):
        state.waiting[classes.seats[seat, 0]] &= ~classes.seats[seat, 1]


@kernel_step
def somebody_waits(pools: Pools, waiting: Ints, pool: int) -> bool:
    """Whether a line of a pool holds anybody."""
    first = pools.words[pool, 0]
    held = 0
    for word in range(first, first + pools.words[pool, 1]):
        held |= waiting[word]
    return held != 0


@kernel_step
def count_in_groups(queues: Queues, groups: Ints, queue: int, system: int, waiting: int) -> None:
    """Add to the counts of the groups that a queue belongs to."""
    first = queues.rows[queue, Q_GROUPS]
    for row in range(first, first + queues.rows[queue, Q_GROUPS_N]):
        groups[queues.group[row], G_SYSTEM] += system
        groups[queues.group[row], G_WAITING] += waiting


@kernel_step
def write_visit(slots: Ints, log: Ints, registers: Ints, i: int, wrapped: int) -> None:
    """Log a visit that has ended; there is room (the caller has seen to it)."""
    n = registers[X_LOG_N]
    registers[X_LOG_N] = n + 1
    log[n, V_QUEUE] = slots[i, S_QUEUE]
    log[n, V_DATE] = slots[i, S_DATE]
    log[n, V_NUMBER] = slots[i, S_NUMBER]
    log[n, V_PLACE] = slots[i, S_PLACE]
    log[n, V_COUNTED] = slots[i, S_COUNTED]
    log[n, V_JOINED] = slots[i, S_JOINED]
    log[n, V_LEFT] = slots[i, S_LEFT]
    log[n, V_TALKED] = slots[i, S_TALKED]
    log[n, V_WRAPPED] = wrapped
    log[n, V_AGENT] = slots[i, S_AGENT]
    log[n, V_WAITED] = slots[i, S_WAITED]
    log[n, V_OUTCOME] = slots[i, S_OUTCOME]
    log[n, V_BACK] = slots[i, S_BACK]
    log[n, V_LINE] = slots[i, S_LINE]
