"""Waiting lines, slots and queue groups: the small moves."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.arrays import Classes, Pools, Queues, State
from ccsim.kernel.due import due_at
from ccsim.kernel.events import named_before
from ccsim.kernel.layout import NONE, Ints
from ccsim.kernel.time_out_rows import TIMED_BEFORE, TIMED_JOINED

assert layout.LOG_WIDTH == layout.LOG_BUSY + 1


@kernel_step
def keeps_cases(state: State) -> bool:
    """Whether a case may be more than one visit, so that something is kept of it."""
    return state.cases.shape[0] > 1


@kernel_step
def _case_kept(slots: Ints, i: int) -> bool:
    """Whether the row of the case of a visit is in use: not for the first visit of a case, which is most of them."""
    return slots[i, layout.VISIT_COUNTED] & layout.CASE_KEPT > 0


@kernel_step
def _first_answered(state: State, i: int, agent: int) -> int:
    """Pool of the first visit of a case that an agent answered, the visit of a slot included; NONE without."""
    if _case_kept(state.slots, i) and state.cases[i, layout.CASE_FIRST] >= 0:
        return state.cases[i, layout.CASE_FIRST]
    return NONE if agent < 0 else state.agents[agent, layout.AGENT_POOL]


@kernel_step
def open_case(state: State, i: int) -> None:
    """Keep the case of a first visit that is about to join another queue than when it came: from a bot, to agents."""
    if not _case_kept(state.slots, i):
        state.cases[i, layout.CASE_OPENED] = joined_at(state, i)
        state.cases[i, layout.CASE_HANDLED] = 0
        state.cases[i, layout.CASE_FIRST] = NONE
        state.slots[i, layout.VISIT_COUNTED] |= layout.CASE_KEPT


@kernel_step
def keep_case(state: State, i: int, j: int, handled: int) -> None:
    """The visit of slot `j` is of the case of that of slot `i`, after so many more contacts that reached an agent."""
    if keeps_cases(state):
        open_case(state, i)
        state.cases[j, layout.CASE_OPENED] = state.cases[i, layout.CASE_OPENED]
        state.cases[j, layout.CASE_HANDLED] = state.cases[i, layout.CASE_HANDLED] + handled
        first = _first_answered(state, i, state.slots[i, layout.VISIT_AGENT])
        state.cases[i, layout.CASE_FIRST] = first  # who writes it up may be of another pool
        state.cases[j, layout.CASE_FIRST] = first
        state.slots[j, layout.VISIT_COUNTED] |= layout.CASE_KEPT


@kernel_step
def reached_before(place: int, waited: int) -> bool:
    """Whether the contact of a visit had reached an agent with a visit before it."""
    return 0 < place & 0xFFFF < layout.SESSION and waited & layout.UNREACHED == 0


@kernel_step
def reached_agent(agent: int, place: int, waited: int) -> int:
    """1 if the contact of a visit reached an agent, with this visit or with one before it."""
    return 1 if agent >= 0 or reached_before(place, waited) else 0


@kernel_step
def take_slot(slots: Ints, registers: Ints) -> int:
    """A free slot; there is one (the caller has seen to it)."""
    i = registers[layout.REGISTER_FREE]
    registers[layout.REGISTER_FREE] = slots[i, layout.VISIT_NEXT]
    registers[layout.REGISTER_FREE_N] -= 1
    slots[i, layout.VISIT_EVENTS] = 0
    return i


@kernel_step
def give_back(slots: Ints, registers: Ints, i: int) -> None:
    """Free a slot whose visit has ended, once no event names it."""
    if slots[i, layout.VISIT_EVENTS] > 0:
        slots[i, layout.VISIT_PHASE] = layout.GONE
        return
    slots[i, layout.VISIT_PHASE] = layout.FREE
    slots[i, layout.VISIT_NEXT] = registers[layout.REGISTER_FREE]
    registers[layout.REGISTER_FREE] = i
    registers[layout.REGISTER_FREE_N] += 1


@kernel_step
def _show_head(classes: Classes, state: State, line: int) -> None:
    """Write down what the head of a line is chosen by."""
    head = state.lines[line, layout.LINE_HEAD]
    key = state.slots[head, layout.VISIT_JOINED] + classes.rows[line, layout.CLASS_SHIFT]
    clock = classes.rows[line, layout.CLASS_CLOCK]
    if clock >= 0:
        key = due_at(
            classes.working, clock, state.slots[head, layout.VISIT_JOINED], classes.rows[line, layout.CLASS_SHIFT]
        )
    state.heads[line] = key
    state.lines[line, layout.LINE_OVERFLOW] = state.slots[head, layout.VISIT_OVERFLOW]


@kernel_step
def stand_in_line(classes: Classes, state: State, i: int, line: int) -> None:
    """Put a visit at the end of its line."""
    slots, lines = state.slots, state.lines
    tail = lines[line, layout.LINE_TAIL]
    slots[i, layout.VISIT_PHASE] = layout.WAITING
    slots[i, layout.VISIT_PREV] = tail
    slots[i, layout.VISIT_NEXT] = NONE
    lines[line, layout.LINE_TAIL] = i
    lines[line, layout.LINE_COUNT] += 1
    state.registers[layout.REGISTER_WAITING] += 1
    if tail >= 0:
        slots[tail, layout.VISIT_NEXT] = i
        return
    lines[line, layout.LINE_HEAD] = i
    _show_head(classes, state, line)
    first = classes.rows[line, layout.CLASS_SEATS]
    for seat in range(first, first + classes.rows[line, layout.CLASS_SEATS_N]):
        state.waiting[classes.seats[seat, 0]] |= classes.seats[seat, 1]


@kernel_call
def stand_in_place(classes: Classes, state: State, i: int, line: int) -> None:
    """Put a visit that was laid down back into its line, by when it joined: before all that came later."""
    slots, lines = state.slots, state.lines
    before, after = NONE, lines[line, layout.LINE_HEAD]
    while after >= 0 and (
        slots[after, layout.VISIT_JOINED] < slots[i, layout.VISIT_JOINED]
        or (slots[after, layout.VISIT_JOINED] == slots[i, layout.VISIT_JOINED] and named_before(slots, after, i))
    ):
        before, after = after, slots[after, layout.VISIT_NEXT]
    if after < 0:
        stand_in_line(classes, state, i, line)
        return
    slots[i, layout.VISIT_PHASE] = layout.WAITING
    slots[i, layout.VISIT_PREV] = before
    slots[i, layout.VISIT_NEXT] = after
    slots[after, layout.VISIT_PREV] = i
    lines[line, layout.LINE_COUNT] += 1
    state.registers[layout.REGISTER_WAITING] += 1
    if before >= 0:
        slots[before, layout.VISIT_NEXT] = i
        return
    lines[line, layout.LINE_HEAD] = i
    _show_head(classes, state, line)


@kernel_step
def leave_line(classes: Classes, state: State, i: int, line: int) -> None:
    """Take a waiting visit out of its line, wherever it stands."""
    slots, lines = state.slots, state.lines
    before, after = slots[i, layout.VISIT_PREV], slots[i, layout.VISIT_NEXT]
    lines[line, layout.LINE_COUNT] -= 1
    state.registers[layout.REGISTER_WAITING] -= 1
    if after >= 0:
        slots[after, layout.VISIT_PREV] = before
    else:
        lines[line, layout.LINE_TAIL] = before
    if before >= 0:
        slots[before, layout.VISIT_NEXT] = after
        return
    lines[line, layout.LINE_HEAD] = after
    if after >= 0:
        _show_head(classes, state, line)
        return
    first = classes.rows[line, layout.CLASS_SEATS]
    for seat in range(first, first + classes.rows[line, layout.CLASS_SEATS_N]):
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
    first = queues.rows[queue, layout.QUEUE_GROUPS]
    for row in range(first, first + queues.rows[queue, layout.QUEUE_GROUPS_N]):
        groups[queues.group[row], layout.GROUP_SYSTEM] += system
        groups[queues.group[row], layout.GROUP_WAITING] += waiting


@kernel_step
def joined_at(state: State, i: int) -> int:
    """When a visit joined its queue: the place in line of who accepted a callback may be by a later instant, the place
    of who came at another queue's time-out by an earlier one."""
    slots = state.slots
    if slots[i, layout.VISIT_WAITED] & layout.TIMED_OUT > 0:
        return state.timed[i, TIMED_JOINED]
    if slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        return min(slots[i, layout.VISIT_JOINED], slots[i, layout.VISIT_HUNG_UP])
    return slots[i, layout.VISIT_JOINED]


@kernel_step
def waited_before(state: State, i: int) -> int:
    """How long the contact of a visit had waited in queues that it left for this one at their time-outs."""
    return state.timed[i, TIMED_BEFORE] if state.slots[i, layout.VISIT_WAITED] & layout.TIMED_OUT > 0 else 0


@kernel_step
def write_case(state: State, i: int, row: int) -> None:
    """Write what is known of the case of a visit into a row of the log."""
    if _case_kept(state.slots, i):
        state.log[row, layout.LOG_OPENED] = state.cases[i, layout.CASE_OPENED]
        state.log[row, layout.LOG_HANDLED] = state.cases[i, layout.CASE_HANDLED]
    else:
        state.log[row, layout.LOG_OPENED] = joined_at(state, i)
        state.log[row, layout.LOG_HANDLED] = 0
    state.log[row, layout.LOG_FIRST] = _first_answered(state, i, state.log[row, layout.LOG_AGENT])


@kernel_step
def write_visit(state: State, i: int, wrapped: int) -> None:
    """Log a visit that has ended; there is room (the caller has seen to it)."""
    slots, log = state.slots, state.log
    n = state.registers[layout.REGISTER_LOG_N]
    state.registers[layout.REGISTER_LOG_N] = n + 1
    log[n, layout.LOG_QUEUE] = slots[i, layout.VISIT_QUEUE]
    log[n, layout.LOG_DATE] = slots[i, layout.VISIT_DATE]
    log[n, layout.LOG_NUMBER] = slots[i, layout.VISIT_NUMBER]
    log[n, layout.LOG_PLACE] = slots[i, layout.VISIT_PLACE]
    log[n, layout.LOG_COUNTED] = slots[i, layout.VISIT_COUNTED] & layout.CONTACT_COUNTS
    log[n, layout.LOG_JOINED] = slots[i, layout.VISIT_JOINED]
    log[n, layout.LOG_LEFT] = slots[i, layout.VISIT_LEFT]
    log[n, layout.LOG_TALKED] = slots[i, layout.VISIT_TALKED]
    log[n, layout.LOG_WRAPPED] = wrapped
    log[n, layout.LOG_AGENT] = slots[i, layout.VISIT_AGENT]
    inner = layout.LAID_DOWN | layout.NO_ANSWER | layout.OF_BOT | layout.HANDS_OVER | layout.HANDED_OVER
    log[n, layout.LOG_WAITED] = slots[i, layout.VISIT_WAITED] & ~inner
    log[n, layout.LOG_BOT] = slots[i, layout.VISIT_WAITED] & layout.OF_BOT
    log[n, layout.LOG_OUTCOME] = slots[i, layout.VISIT_OUTCOME]
    log[n, layout.LOG_BACK] = slots[i, layout.VISIT_BACK]
    log[n, layout.LOG_LINE] = slots[i, layout.VISIT_LINE]
    log[n, layout.LOG_ON_PHONE] = 0
    log[n, layout.LOG_HELD] = NONE
    log[n, layout.LOG_HAND_OVER] = 0
    log[n, layout.LOG_BEFORE] = 0
    log[n, layout.LOG_BUSY] = 0
    special = layout.CALLBACK | layout.TIMED_OUT | layout.HANDS_OVER | layout.HANDED_OVER
    if slots[i, layout.VISIT_WAITED] & special > 0:
        _write_special(state, i, n)
    write_case(state, i, n)


@kernel_call
def _write_special(state: State, i: int, n: int) -> None:
    """What is logged of callbacks, of warm transfers, and of visits that come from another queue at its time-out."""
    slots, log = state.slots, state.log
    flags = slots[i, layout.VISIT_WAITED]
    log[n, layout.LOG_JOINED] = joined_at(state, i)
    if flags & layout.CALLBACK > 0:
        log[n, layout.LOG_ON_PHONE] = abs(slots[i, layout.VISIT_HUNG_UP] - slots[i, layout.VISIT_JOINED])
    if flags & layout.HANDS_OVER > 0:
        log[n, layout.LOG_HELD] = state.warm[i, layout.WARM_HELD]
    if flags & (layout.HANDS_OVER | layout.HANDED_OVER) > 0:
        log[n, layout.LOG_HAND_OVER] = state.warm[i, layout.WARM_HAND_OVER]
    log[n, layout.LOG_BEFORE] = waited_before(state, i)
