"""Play contact events from now until an instant."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.agents import end_break, go_home, sign_in, sign_out, staff_down, staff_up, start_break, write_span
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.contacts import arrive, enter, left_as, lose, open_overflow, push, wait
from ccsim.kernel.events import ROOT, drop_first
from ccsim.kernel.handling import answer, end_talk, finish
from ccsim.kernel.layout import NONE
from ccsim.kernel.lines import give_back, write_visit
from ccsim.kernel.routing import find_agent, find_contact
from ccsim.kernel.sources import next_arrival, next_stream

_WHO = (1 << 32) - 1
#: Room that one step may need: rows of the logs, slots, entries of the event list.
LOG_ROOM = 4
SPAN_ROOM = 8
SLOT_ROOM = 4
EVENT_ROOM = 80


@kernel_call
def _play_plan_row(rules: Rules, state: State, now: int) -> None:
    """What was known beforehand: agents come, go and rest; doors open and close."""
    row = state.registers[layout.REGISTER_PLAN_AT]
    state.registers[layout.REGISTER_PLAN_AT] = row + 1
    what, who = state.plan[row, layout.PLAN_WHAT], state.plan[row, layout.PLAN_WHO]
    if what == layout.STAFF_UP:
        staff_up(rules, state, who, now)
    elif what == layout.STAFF_DOWN:
        staff_down(rules, state, who, now)
    elif what == layout.SIGN_IN:
        sign_in(rules, state, who, now, row)
    elif what == layout.SIGN_OUT:
        sign_out(rules, state, who, now)
    elif what == layout.BREAK:
        if start_break(rules, state, who, now, row):
            push(state, state.agents[who, layout.AGENT_BREAK], layout.END_BREAK, who)
    elif what == layout.OPENS:
        state.groups[who, layout.GROUP_OPEN] = 1
    else:
        state.groups[who, layout.GROUP_OPEN] = 0
        if rules.groups.clears[who] == 1:
            state.registers[layout.PENDING_CLEAR] = who


@kernel_step
def _forget(state: State, who: int) -> None:
    """A stale event of a visit: its slot is free once no event names it."""
    if state.slots[who, layout.VISIT_STATE] == layout.GONE and state.slots[who, layout.VISIT_EVENTS] == 0:
        give_back(state.slots, state.registers, who)


@kernel_call
def _play_rare_event(rules: Rules, state: State, kind: int, who: int, now: int) -> int:
    """The end of a break, a ring, the end of patience; the visit that is lost by it, or NONE."""
    slots = state.slots
    if kind == layout.END_BREAK:
        end_break(rules, state, who, now)
        return NONE
    slots[who, layout.VISIT_EVENTS] -= 1
    status = slots[who, layout.VISIT_STATE]
    if kind == layout.OVERFLOW and status == layout.WAITING:
        if slots[who, layout.VISIT_LEAVES] < now:
            return who
        open_overflow(rules, state, who)
    elif kind == layout.PATIENCE and status == layout.WAITING:
        return who
    else:
        _forget(state, who)
    return NONE


@kernel_call
def _play_return(rules: Rules, state: State, now: int) -> None:
    """A customer comes back."""
    who = state.dues[ROOT, layout.EVENT_CODE] & _WHO
    drop_first(state.dues, state.registers, layout.REGISTER_DUES_N, state.slots)
    counted = 1 if rules.counted[0] <= now < rules.counted[1] else 0
    state.slots[who, layout.VISIT_EVENTS] = 0
    state.slots[who, layout.VISIT_COUNTED] = counted
    state.registers[layout.REGISTER_COUNTED] += counted
    state.registers[layout.PENDING_JOIN] = who


@kernel_call
def _next_to_clear(rules: Rules, state: State) -> int:
    """The next waiting live contact of the group that has closed, NONE if all are gone."""
    group = state.registers[layout.PENDING_CLEAR]
    first = rules.groups.first_line[group, 0]
    for row in range(first, first + rules.groups.first_line[group, 1]):
        head = state.lines[rules.groups.line_rows[row], layout.LINE_HEAD]
        if head >= 0:
            return head
    state.registers[layout.PENDING_CLEAR] = NONE
    return NONE


@kernel_step
def _next_kind(state: State, until: int) -> int:
    """Kind of the next event before `until`, NONE if there is none; `REGISTER_NOW` becomes its time."""
    registers = state.registers
    time = state.sources[next_stream(state.winners), layout.SOURCE_TIME]
    kind = layout.ARRIVAL
    if registers[layout.REGISTER_DUES_N] > 0:
        t = state.dues[ROOT, layout.EVENT_TIME]
        if t <= time:
            time = t
            kind = layout.DUE
    if registers[layout.REGISTER_EVENTS_N] > 0:
        t = state.events[ROOT, layout.EVENT_TIME]
        if t <= time:
            time = t
            kind = state.events[ROOT, layout.EVENT_CODE] >> 32
    if registers[layout.REGISTER_PLAN_AT] < registers[layout.REGISTER_PLAN_N]:
        t = state.plan[registers[layout.REGISTER_PLAN_AT], layout.PLAN_TIME]
        door = state.plan[registers[layout.REGISTER_PLAN_AT], layout.PLAN_WHAT] >= layout.CLOSES
        if t < time or (t == time and (kind > layout.END_BREAK or (kind == layout.END_BREAK and not door))):
            time = t
            kind = layout.PLANNED
    if time >= until:
        return NONE
    registers[layout.REGISTER_NOW] = time
    return kind


@kernel_step
def _has_other_widths(rules: Rules, state: State) -> bool:
    """Whether records have other widths than the kernel is compiled for; asked so that LLVM takes them as known."""
    return (
        state.slots.shape[1] != layout.VISIT_WIDTH
        or state.agents.shape[1] != layout.AGENT_WIDTH
        or state.events.shape[1] != layout.EVENT_WIDTH
        or state.dues.shape[1] != layout.EVENT_WIDTH
        or state.lines.shape[1] != layout.LINE_WIDTH
        or state.pools.shape[1] != layout.POOL_WIDTH
        or state.listed.shape[1] != 2
        or state.groups.shape[1] != layout.GROUP_WIDTH
        or state.sources.shape[1] != layout.SOURCE_WIDTH
        or state.source_keys.shape[1] != 2
        or state.source_sum.shape[1] != 3
        or state.plan.shape[1] != layout.PLAN_WIDTH
        or state.log.shape[1] != layout.LOG_WIDTH
        or state.spans.shape[1] != layout.SPAN_WIDTH
        or rules.queues.rows.shape[1] != layout.QUEUE_WIDTH
        or rules.classes.rows.shape[1] != layout.CLASS_WIDTH
        or rules.classes.pools.shape[1] != layout.ENTRY_WIDTH
        or rules.classes.seats.shape[1] != 2
        or rules.pools.served.shape[1] != layout.SERVED_WIDTH
        or rules.pools.words.shape[1] != 2
        or rules.pools.lines.shape[1] != 2
        or rules.pools.agents.shape[1] != 2
        or rules.days.curve_pieces.shape[1] != 2
        or rules.traces.of_stream.shape[1] != 2
        or rules.laws.par.shape[1] != 4
    )


@kernel_entry
def advance(rules: Rules, state: State, until: int) -> int:
    """Play every contact event before `until`; say why it stopped.

    `REACHED`: all events before `until` are played. `LOG_FULL`, `SLOTS_FULL`, `EVENTS_FULL`: make room and call
    again; what is pending is kept in the registers, so a pause never changes the result.
    """
    if _has_other_widths(rules, state):
        return layout.OTHER_WIDTHS
    registers, slots = state.registers, state.slots
    log_end = state.log.shape[0] - LOG_ROOM
    span_end = state.spans.shape[0] - SPAN_ROOM
    events_end = state.events.shape[0] - EVENT_ROOM
    dues_end = state.dues.shape[0] - EVENT_ROOM
    while True:
        if registers[layout.REGISTER_LOG_N] > log_end or registers[layout.REGISTER_SPAN_N] > span_end:
            return layout.LOG_FULL
        if registers[layout.REGISTER_FREE_N] < SLOT_ROOM:
            return layout.SLOTS_FULL
        if registers[layout.REGISTER_EVENTS_N] > events_end or registers[layout.REGISTER_DUES_N] > dues_end:
            return layout.EVENTS_FULL
        contact = agent = joining = offered = lost = outcome = NONE
        if (
            registers[layout.PENDING_JOIN]
            & registers[layout.PENDING_OFFER]
            & registers[layout.PENDING_LOOK]
            & registers[layout.PENDING_CLEAR]
        ) == NONE:
            kind = _next_kind(state, until)
            if kind == NONE:
                return layout.REACHED
            now = registers[layout.REGISTER_NOW]
            registers[layout.REGISTER_PLAYED] += 1
            if kind == layout.ARRIVAL:
                stream = next_stream(state.winners)
                registers[layout.PENDING_JOIN] = arrive(rules, state, stream, now)
                next_arrival(
                    rules.days,
                    rules.traces,
                    state.sources,
                    state.source_keys,
                    state.source_sum,
                    state.winners,
                    stream,
                )
            elif kind == layout.PLANNED:
                _play_plan_row(rules, state, now)
            elif kind == layout.DUE:
                _play_return(rules, state, now)
            else:
                who = state.events[ROOT, layout.EVENT_CODE] & _WHO
                drop_first(state.events, registers, layout.REGISTER_EVENTS_N, slots)
                if kind <= layout.END_WRAP:
                    slots[who, layout.VISIT_EVENTS] -= 1
                    if slots[who, layout.VISIT_END] == now and slots[who, layout.VISIT_STATE] == layout.TALKING + kind:
                        if kind == layout.END_WRAP or end_talk(rules, state, who, now):
                            finish(rules, state, who, now)
                    else:
                        _forget(state, who)
                else:
                    lost = _play_rare_event(rules, state, kind, who, now)
        now = registers[layout.REGISTER_NOW]
        if lost >= 0:
            outcome = left_as(slots, lost)
        elif registers[layout.PENDING_LOOK] >= 0 and (
            registers[layout.PENDING_JOIN] < 0
            or state.agents[registers[layout.PENDING_LOOK], layout.AGENT_LISTED] == layout.LOOKING
        ):
            agent = registers[layout.PENDING_LOOK]
            contact = find_contact(rules, state, agent, state.agents[agent, layout.AGENT_POOL], now)
            if contact < NONE:
                lost = -contact - 2
                outcome = left_as(slots, lost)
                contact = NONE
            elif contact >= 0 and registers[layout.PENDING_JOIN] >= 0:
                # somebody waits for the agent: the escalated visit stands in line first, then he chooses
                contact = NONE
                joining = registers[layout.PENDING_JOIN]
        elif registers[layout.PENDING_JOIN] >= 0:
            joining = registers[layout.PENDING_JOIN]
        elif registers[layout.PENDING_OFFER] >= 0:
            offered = registers[layout.PENDING_OFFER]
            registers[layout.PENDING_OFFER] = NONE
        elif registers[layout.PENDING_CLEAR] >= 0:
            lost = _next_to_clear(rules, state)
            if lost >= 0:
                outcome = left_as(slots, lost) if slots[lost, layout.VISIT_LEAVES] < now else layout.CLEARED
        if joining >= 0:
            registers[layout.PENDING_JOIN] = NONE
            outcome = enter(rules, state, joining, now)
            if outcome == NONE:
                offered = joining
            else:
                lost = joining
        if offered >= 0:
            agent = find_agent(rules, state, offered, now)
            if agent >= 0:
                contact = offered
            elif slots[offered, layout.VISIT_STATE] == layout.JOINING:
                outcome = wait(rules, state, offered, now)
                if outcome != NONE:
                    lost = offered
        if lost >= 0:
            lose(rules, state, lost, outcome, min(now, slots[lost, layout.VISIT_LEAVES]))
        if contact >= 0:
            answer(rules, state, contact, agent, now)


@kernel_entry
def settle(rules: Rules, state: State, now: int) -> int:
    """Take every customer who has left before `now` off the lines; `LOG_FULL` if the log must be flushed first."""
    for line in range(state.lines.shape[0]):
        i = state.lines[line, layout.LINE_HEAD]
        while i >= 0:
            following = state.slots[i, layout.VISIT_NEXT]
            if state.slots[i, layout.VISIT_LEAVES] < now:
                if state.registers[layout.REGISTER_LOG_N] + LOG_ROOM > state.log.shape[0]:
                    return layout.LOG_FULL
                lose(rules, state, i, left_as(state.slots, i), state.slots[i, layout.VISIT_LEAVES])
            i = following
    return layout.REACHED


@kernel_entry
def final_flush(rules: Rules, state: State, end: int) -> int:
    """Log what is still open when play ends at `end`: visits as open, spans of agents as they stand.

    Comes after `settle`; `LOG_FULL` if the logs must be flushed first (call again: what is logged is not logged twice).
    """
    slots, agents, registers = state.slots, state.agents, state.registers
    for i in range(slots.shape[0]):
        status = slots[i, layout.VISIT_STATE]
        if status not in (layout.WAITING, layout.TALKING, layout.WRAPPING):
            continue
        if registers[layout.REGISTER_LOG_N] + LOG_ROOM > state.log.shape[0]:
            return layout.LOG_FULL
        if status == layout.WAITING:
            slots[i, layout.VISIT_LEFT] = end
            slots[i, layout.VISIT_AGENT] = NONE
            slots[i, layout.VISIT_OUTCOME] = layout.OPEN_WAITING
        else:
            slots[i, layout.VISIT_OUTCOME] = layout.OPEN_IN_HAND
        if status != layout.WRAPPING:
            slots[i, layout.VISIT_TALKED] = end
        write_visit(slots, state.log, registers, i, end)
        slots[i, layout.VISIT_STATE] = layout.FREE
    for a in range(agents.shape[0]):
        if agents[a, layout.AGENT_STATE] == layout.OFF:
            continue
        if registers[layout.REGISTER_SPAN_N] + SPAN_ROOM > state.spans.shape[0]:
            return layout.LOG_FULL
        pool = agents[a, layout.AGENT_POOL]
        if agents[a, layout.AGENT_HELD] > 0 and rules.pools.shares[pool] == 1:
            write_span(state.spans, registers, pool, layout.IN_HAND, agents[a, layout.AGENT_BUSY_SINCE], end, NONE)
        if agents[a, layout.AGENT_PLANNED_END] > end or agents[a, layout.AGENT_HELD] > 0:
            agents[a, layout.AGENT_STARTED] = (
                end  # the stay goes on beyond the play: nobody knows its length, so it is not rounded
            )
            agents[a, layout.AGENT_UNPAID] = 0
        go_home(agents, state.pools, state.spans, registers, a, end)
    return layout.REACHED
