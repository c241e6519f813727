"""Simulate contact events from now until an instant: take the next event, then settle what it has set in motion."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.agents import end_break, sign_in, sign_out, staff_down, staff_up, start_break
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.bots import end_session, has_bot, meet_bot
from ccsim.kernel.breaks import fall_due, take_if_idle
from ccsim.kernel.callbacks import end_window, is_offered_now, offer_while_waiting, stand_again
from ccsim.kernel.contacts import arrive, enter, left_as, lose, open_overflow, open_steps_before, opens_now, wait
from ccsim.kernel.deflections import is_deflected, may_be_deflected
from ccsim.kernel.events import ROOT, WHO, drop_first, push
from ccsim.kernel.handling import answer, end_hold, end_talk, finish
from ccsim.kernel.laid_down import lay_down, one_goes
from ccsim.kernel.layout import NONE, Ints
from ccsim.kernel.lines import give_back
from ccsim.kernel.next_lines import fetch_next_arrival, fetch_next_events, fetch_planned
from ccsim.kernel.room import has_other_widths, steps_with_room, what_is_full
from ccsim.kernel.routing import find_agent, find_contact
from ccsim.kernel.sources import next_arrival, next_stream
from ccsim.records import outcomes


@kernel_entry
def advance(rules: Rules, state: State, until: int) -> int:
    """Simulate every contact event before `until`; say why it stopped.

    `REACHED`: all events before `until` have been simulated. `LOG_FULL`, `SLOTS_FULL`, `EVENTS_FULL`: make room and
    call again; what is pending is kept in the registers, so a pause never changes the result.
    """
    if has_other_widths(rules, state):
        return layout.OTHER_WIDTHS
    registers = state.registers
    steps = 0
    while True:
        if steps == 0:
            steps = steps_with_room(state)
            if steps == 0:
                return what_is_full(state)
        steps -= 1
        lost = NONE
        if _nothing_pending(registers):
            kind = _next_kind(state, until)
            if kind == NONE:
                return layout.REACHED
            lost = _take_event(rules, state, kind, registers[layout.REGISTER_NOW])
        _settle_pending(rules, state, lost, registers[layout.REGISTER_NOW])


# Take the next event


@kernel_step
def _next_kind(state: State, until: int) -> int:
    """Kind of the next event before `until`, NONE if there is none; `REGISTER_NOW` becomes its time."""
    # Four lists: arrivals, returns, the plan, all other events. At one instant the smaller kind goes first, so the
    # lists are asked from the largest kind to the smallest and the later one asked wins a tie.
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
        row = registers[layout.REGISTER_PLAN_AT]
        t = state.plan[row, layout.PLAN_TIME]
        # agents come and go before those on a break return, queue groups open and close after that
        of_group = state.plan[row, layout.PLAN_WHAT] >= layout.CLOSES
        if t < time or (t == time and (kind > layout.END_BREAK or (kind == layout.END_BREAK and not of_group))):
            time = t
            kind = layout.PLANNED
    if time >= until:
        return NONE
    registers[layout.REGISTER_NOW] = time
    return kind


@kernel_step
def _take_event(rules: Rules, state: State, kind: int, now: int) -> int:
    """Take the next event and do what it says; the visit whose patience it has ended, or NONE.

    What the event sets in motion (a contact that joins, an agent who looks for work) is only noted as pending.
    """
    registers = state.registers
    registers[layout.REGISTER_SIMULATED] += 1
    if kind == layout.ARRIVAL:
        _take_arrival(rules, state, now)
    elif kind == layout.PLANNED:
        _take_plan_row(rules, state, now)
    elif kind == layout.DUE:
        _take_return(rules, state, now)
    else:
        who = state.events[ROOT, layout.EVENT_CODE] & WHO
        drop_first(state.events, registers, layout.REGISTER_EVENTS_N, state.slots)
        fetch_next_events(rules, state)
        if kind > layout.END_WRAP:
            return _take_rare_event(rules, state, kind, who, now)
        _end_phase(rules, state, kind, who, now)
    return NONE


@kernel_step
def _take_arrival(rules: Rules, state: State, now: int) -> None:
    """A new case is about to join, meets a bot, or is avoided; its stream's source moves on to the contact after it."""
    stream = next_stream(state.winners)
    i = arrive(rules, state, stream, now)
    if not may_be_deflected(rules.deflections, stream) or not is_deflected(rules, state, i, now):
        _come_in(rules, state, i, now)
    next_arrival(
        rules.days,
        rules.traces,
        state.sources,
        state.source_keys,
        state.source_sum,
        state.winners,
        stream,
    )
    fetch_next_arrival(rules, state)


@kernel_step
def _come_in(rules: Rules, state: State, i: int, now: int) -> None:
    """A contact comes in: it is about to join its queue, unless a bot takes it or turns it away."""
    if has_bot(rules, state, i):
        i = meet_bot(rules, state, i, now)
    state.registers[layout.PENDING_JOIN] = i


@kernel_call
def _take_plan_row(rules: Rules, state: State, now: int) -> None:
    """What was known beforehand: agents come, go and take breaks; queue groups open and close."""
    row = state.registers[layout.REGISTER_PLAN_AT]
    state.registers[layout.REGISTER_PLAN_AT] = row + 1
    fetch_planned(state, row)
    what, who = state.plan[row, layout.PLAN_WHAT], state.plan[row, layout.PLAN_WHO]
    if what == layout.STAFF_UP:
        staff_up(rules, state, who, now)
    elif what == layout.STAFF_DOWN:
        if rules.pools.lays_down[who] == 0 or not one_goes(rules, state, who, now):
            staff_down(rules, state, who, now)
    elif what == layout.SIGN_IN:
        sign_in(rules, state, who, now, row)
    elif what == layout.SIGN_OUT:
        if rules.pools.lays_down[state.agents[who, layout.AGENT_POOL]] == 1:
            lay_down(rules, state, who, now)
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


@kernel_call
def _take_return(rules: Rules, state: State, now: int) -> None:
    """A customer comes back."""
    who = state.dues[ROOT, layout.EVENT_CODE] & WHO
    drop_first(state.dues, state.registers, layout.REGISTER_DUES_N, state.slots)
    state.slots[who, layout.VISIT_EVENTS] -= 1
    if state.slots[who, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        _take_callback(rules, state, who, now)
        return
    if rules.counted[0] <= now < rules.counted[1]:
        state.registers[layout.REGISTER_COUNTED] += state.slots[who, layout.VISIT_COUNTED] & layout.COUNTS == 0
        state.slots[who, layout.VISIT_COUNTED] |= layout.CONTACT_COUNTS
    _come_in(rules, state, who, now)


@kernel_step
def _take_callback(rules: Rules, state: State, who: int, now: int) -> None:
    """The time between two attempts to call back has passed."""
    if not stand_again(rules, state, who, now):
        lose(rules, state, who, outcomes.EXPIRED, now)
        return
    open_steps_before(rules, state, who, now)
    line = state.slots[who, layout.VISIT_LINE]
    if state.lines[line, layout.LINE_HEAD] == who:
        state.lines[line, layout.LINE_OVERFLOW] = state.slots[who, layout.VISIT_OVERFLOW]
    state.registers[layout.PENDING_OFFER] = who


@kernel_step
def _end_phase(rules: Rules, state: State, kind: int, who: int, now: int) -> None:
    """The end of talk, of a hand-over or of wrap-up, unless it is stale: where shared attention moved the end, the old
    event is left."""
    slots = state.slots
    slots[who, layout.VISIT_EVENTS] -= 1
    phase = layout.TALKING if kind == layout.END_TALK else layout.WRAPPING
    if kind == layout.END_HOLD:
        phase = layout.HOLDING
    if slots[who, layout.VISIT_END] == now and slots[who, layout.VISIT_PHASE] == phase:
        if phase == layout.TALKING:
            done = end_talk(rules, state, who, now)
        else:
            done = phase == layout.WRAPPING or end_hold(rules, state, who, now)
        if done:
            finish(rules, state, who, now)
    else:
        _forget(state, who)


@kernel_call
def _take_rare_event(rules: Rules, state: State, kind: int, who: int, now: int) -> int:
    """Events of breaks, sessions, overflow steps, offers of callbacks, patience; the visit lost by it, or NONE."""
    slots = state.slots
    if kind == layout.END_BREAK:
        end_break(rules, state, who, now)
        return NONE
    if kind == layout.BREAK_DUE:
        fall_due(rules, state, who, now)
        return NONE
    slots[who, layout.VISIT_EVENTS] -= 1
    if kind == layout.END_SESSION:
        state.registers[layout.PENDING_JOIN] = end_session(rules, state, who, now)
        return NONE
    status = slots[who, layout.VISIT_PHASE]
    if kind == layout.OVERFLOW and status == layout.WAITING and opens_now(rules, state, who, now):
        if slots[who, layout.VISIT_LEAVES] < now:
            return who
        open_overflow(rules, state, who)
    elif kind == layout.OFFER and status == layout.WAITING and slots[who, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        end_window(rules, state, who, now)
    elif kind == layout.OFFER and status == layout.WAITING and is_offered_now(rules, state, who, now):
        offer_while_waiting(rules, state, who, now)
    elif kind == layout.PATIENCE and status == layout.WAITING and slots[who, layout.VISIT_LEAVES] == now:
        return who
    else:
        _forget(state, who)
    return NONE


@kernel_step
def _forget(state: State, who: int) -> None:
    """A stale event of a visit: its slot is free once no event names it."""
    if state.slots[who, layout.VISIT_PHASE] == layout.GONE and state.slots[who, layout.VISIT_EVENTS] == 0:
        give_back(state.slots, state.registers, who)


# Settle what is pending


@kernel_step
def _nothing_pending(registers: Ints) -> bool:
    """Whether all that the last event has set in motion is done."""
    # NONE is all ones, anything else that is pending is not: one comparison for four
    return (
        registers[layout.PENDING_JOIN]
        & registers[layout.PENDING_OFFER]
        & registers[layout.PENDING_LOOK]
        & registers[layout.PENDING_CLEAR]
    ) == NONE


@kernel_step
def _settle_pending(rules: Rules, state: State, lost: int, now: int) -> None:
    """Do the most urgent of what is pending; `lost` is the visit whose patience the event has ended, or NONE.

    An agent who has been freed looks for work before a contact joins; one who is on a list can be found by it and
    looks afterwards. Then come a waiting contact whose overflow step has opened, and those of a group that has closed.
    """
    # First who is concerned, then what is done, each bulky step at one place: put into the loop at several, they
    # would not fit into the processor's instruction cache.
    registers, slots = state.registers, state.slots
    contact = agent = joining = offered = outcome = NONE
    if lost >= 0:
        outcome = left_as(slots, lost)
    elif _agent_looks_first(state):
        agent = registers[layout.PENDING_LOOK]
        contact, lost = find_contact(rules, state, agent, now)
        if lost >= 0:
            outcome = left_as(slots, lost)
        elif contact >= 0 and registers[layout.PENDING_JOIN] >= 0:
            # somebody waits for the agent: the escalated visit stands in line first, then the agent chooses
            contact = NONE
            joining = registers[layout.PENDING_JOIN]
        elif contact < 0 and state.agents[agent, layout.AGENT_BREAK] > 0:
            take_if_idle(rules, state, agent, now)
    elif registers[layout.PENDING_JOIN] >= 0:
        joining = registers[layout.PENDING_JOIN]
    elif registers[layout.PENDING_OFFER] >= 0:
        offered = registers[layout.PENDING_OFFER]
        registers[layout.PENDING_OFFER] = NONE
    elif registers[layout.PENDING_CLEAR] >= 0:
        lost = _next_to_clear(rules, state)
        if lost >= 0:
            outcome = left_as(slots, lost) if slots[lost, layout.VISIT_LEAVES] < now else outcomes.CLEARED
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
        elif slots[offered, layout.VISIT_PHASE] == layout.JOINING:
            outcome = wait(rules, state, offered, now)
            if outcome != NONE:
                lost = offered
    if lost >= 0:
        lose(rules, state, lost, outcome, min(now, slots[lost, layout.VISIT_LEAVES]))
    if contact >= 0:
        answer(rules, state, contact, agent, now)


@kernel_step
def _agent_looks_first(state: State) -> bool:
    """Whether an agent looks for work first; who is on a list already lets a contact join before."""
    looks = state.registers[layout.PENDING_LOOK]
    return looks >= 0 and (
        state.registers[layout.PENDING_JOIN] < 0 or state.agents[looks, layout.AGENT_LISTED] == layout.LOOKING
    )


@kernel_call
def _next_to_clear(rules: Rules, state: State) -> int:
    """The next waiting live contact of the group that has closed, NONE if all are gone."""
    group = state.registers[layout.PENDING_CLEAR]
    first = rules.groups.first_line[group, 0]
    for row in range(first, first + rules.groups.first_line[group, 1]):
        i = state.lines[rules.groups.line_rows[row], layout.LINE_HEAD]
        while i >= 0 and state.slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:  # they have hung up
            i = state.slots[i, layout.VISIT_NEXT]
        if i >= 0:
            return i
    state.registers[layout.PENDING_CLEAR] = NONE
    return NONE
