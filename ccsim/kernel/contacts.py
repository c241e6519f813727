"""A contact on its way to an agent: the entry point, the line, leaving, coming back."""

from __future__ import annotations

import math

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import OUTCOME, PATIENCE, PEERS, RETURN, VENDOR
from ccsim.draws.law_codes import LONGEST
from ccsim.kernel import layout, offers
from ccsim.kernel.announced import balks
from ccsim.kernel.arrays import Classes, Rules, State
from ccsim.kernel.callbacks import leave_callbacks, takes_callback
from ccsim.kernel.comebacks import patience_on_return, stream_of_return
from ccsim.kernel.draw import named_date, time_of, uniforms_of
from ccsim.kernel.events import push, push_event
from ccsim.kernel.kinds import KIND_INSTANT, KIND_MAX_WAIT, KIND_PATIENCE_LAW, KIND_PEERS_LAW, SHARE_PEERS, SHARE_ZERO
from ccsim.kernel.layout import FAR, NONE, Ints
from ccsim.kernel.lines import (
    count_in_groups,
    give_back,
    keep_case,
    leave_line,
    reached_agent,
    stand_in_line,
    stand_in_place,
    take_slot,
    write_visit,
)
from ccsim.kernel.misroutes import begins_in, may_be_misrouted
from ccsim.kernel.onward import leads_to, wait_on
from ccsim.kernel.routing import room_in
from ccsim.kernel.severities import first_queue_of
from ccsim.kernel.time_out_rows import TIMED_JOINED, TIMED_PATIENCE, TIMED_PLACE
from ccsim.kernel.warm import end_wait
from ccsim.records import outcomes


@kernel_call
def come_back(rules: Rules, state: State, i: int, reason: int, when: int) -> None:
    """Let the customer of an ended visit come back as a new contact, unless the cap stops them."""
    slots, kinds = state.slots, rules.kinds
    queue = slots[i, layout.VISIT_QUEUE]
    kind = rules.queues.rows[queue, layout.QUEUE_KIND]
    contact = slots[i, layout.VISIT_PLACE] >> 16
    if contact >= kinds.back_most[kind, reason]:
        slots[i, layout.VISIT_BACK] = layout.STOPPED
        return
    stream = stream_of_return(rules, state, i, kind, reason)
    u_delay, _ = uniforms_of(state, i, RETURN)
    delay = time_of(rules, state, i, kinds.back_law[kind, reason], u_delay, RETURN)
    waits = int(delay + 0.5)
    slots[i, layout.VISIT_BACK] = 1 + waits
    j = take_slot(slots, state.registers)
    slots[j, layout.VISIT_PHASE] = layout.AWAY
    slots[j, layout.VISIT_DATE] = slots[i, layout.VISIT_DATE]
    slots[j, layout.VISIT_NUMBER] = slots[i, layout.VISIT_NUMBER]
    slots[j, layout.VISIT_QUEUE] = first_queue_of(rules, state, j, stream)
    slots[j, layout.VISIT_PLACE] = (contact + 1) << 16
    slots[j, layout.VISIT_TRACE] = NONE
    slots[j, layout.VISIT_WAITED] = layout.RETURNED * (1 + reason)
    slots[j, layout.VISIT_COUNTED] = slots[i, layout.VISIT_COUNTED] & layout.CASE_COUNTS
    state.registers[layout.REGISTER_COUNTED] += slots[j, layout.VISIT_COUNTED] & layout.COUNTS > 0
    slots[j, layout.VISIT_EVENTS] = 1
    waited = slots[i, layout.VISIT_WAITED]
    keep_case(state, i, j, reached_agent(slots[i, layout.VISIT_AGENT], slots[i, layout.VISIT_PLACE], waited))
    code = (layout.DUE << 32) | j
    push_event(state.dues, state.registers, layout.REGISTER_DUES_N, slots, when + waits, code)


@kernel_call
def lose(rules: Rules, state: State, i: int, outcome: int, when: int) -> None:
    """End a visit that no agent answered: at the entry point, in the line, at closing; at the queue's time-out the
    contact may go on in another queue."""
    slots, registers = state.slots, state.registers
    leads = leads_to(rules, state, i) if outcome == outcomes.MOVED_ON else NONE
    if leads >= 0:
        outcome = outcomes.REQUEUED
    queue = slots[i, layout.VISIT_QUEUE]
    if slots[i, layout.VISIT_PHASE] == layout.WAITING and slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        leave_callbacks(rules, state, i)
    elif slots[i, layout.VISIT_PHASE] == layout.WAITING:
        leave_line(rules.classes, state, i, slots[i, layout.VISIT_LINE])
        count_in_groups(rules.queues, state.groups, queue, -1, -1)
    ended = when
    if outcome == outcomes.BY_PEERS:
        ended += _until_peers_answer(rules, state, i)
    slots[i, layout.VISIT_LEFT] = when
    slots[i, layout.VISIT_TALKED] = ended
    slots[i, layout.VISIT_AGENT] = NONE
    slots[i, layout.VISIT_OUTCOME] = outcome
    reason = NONE
    if outcome == outcomes.ABANDONED or outcome == outcomes.BALKED:
        reason = layout.AFTER_ABANDON
    elif outcome == outcomes.BLOCKED:
        reason = layout.AFTER_BLOCKED
    elif outcome == outcomes.CLOSED or outcome == outcomes.CLEARED:
        reason = layout.AFTER_CLOSED
    share = 0.0 if reason < 0 else rules.kinds.back_share[rules.queues.rows[queue, layout.QUEUE_KIND], reason]
    if share > 0.0 and uniforms_of(state, i, OUTCOME)[1] < share:
        come_back(rules, state, i, reason, when)
    if slots[i, layout.VISIT_WAITED] & layout.HANDED_OVER > 0:
        end_wait(state, i, 0, when)
    if leads >= 0:
        wait_on(rules, state, i, leads, when)
    write_visit(state, i, ended)
    registers[layout.REGISTER_COUNTED] -= slots[i, layout.VISIT_COUNTED] & layout.COUNTS > 0
    give_back(slots, registers, i)


@kernel_step
def arrive(rules: Rules, state: State, stream: int, now: int) -> int:
    """A new case: a slot that is about to join its first queue."""
    slots, registers = state.slots, state.registers
    i = take_slot(slots, registers)
    slots[i, layout.VISIT_PLACE] = 0
    slots[i, layout.VISIT_WAITED] = 0
    row = state.sources[stream, layout.SOURCE_ROW]
    if row >= 0:
        slots[i, layout.VISIT_TRACE] = row
        slots[i, layout.VISIT_DATE] = named_date(stream, rules.traces.date[row])
        slots[i, layout.VISIT_NUMBER] = rules.traces.number[row]
    else:
        slots[i, layout.VISIT_TRACE] = NONE
        slots[i, layout.VISIT_DATE] = named_date(stream, state.sources[stream, layout.SOURCE_DATE])
        slots[i, layout.VISIT_NUMBER] = state.sources[stream, layout.SOURCE_NUMBER]
    slots[i, layout.VISIT_QUEUE] = first_queue_of(rules, state, i, stream)
    counts = rules.counted[0] <= now < rules.counted[1]
    slots[i, layout.VISIT_COUNTED] = layout.CONTACT_COUNTS | layout.CASE_COUNTS if counts else 0
    registers[layout.REGISTER_COUNTED] += counts
    return i


@kernel_step
def left_as(slots: Ints, i: int) -> int:
    """Outcome of a visit whose patience or longest wait has ended, or of a callback that has expired."""
    if slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        return outcomes.EXPIRED
    return outcomes.MOVED_ON if slots[i, layout.VISIT_MOVES_ON] == 1 else outcomes.ABANDONED


@kernel_call
def _assign_vendor(rules: Rules, state: State, i: int) -> int:
    """The line of the vendor that a visit is assigned to: the smallest -ln(u) / share, u by the vendor's name.

    So the shares are met, and a share that grows takes contacts from the others and moves no further one.
    """
    queues = rules.queues
    queue = state.slots[i, layout.VISIT_QUEUE]
    first = queues.rows[queue, layout.QUEUE_LINES]
    chosen = first
    least = 0.0
    for row in range(first, first + queues.rows[queue, layout.QUEUE_LINES_N]):
        u, _ = uniforms_of(state, i, VENDOR + queues.line_vendor[row])
        score = -math.log(u) / queues.line_share[row]
        if row == first or score < least:
            least = score
            chosen = row
    return queues.line[chosen]


@kernel_step
def line_of(rules: Rules, state: State, i: int) -> int:
    """The line of a visit in its queue: that of its vendor where one is assigned."""
    queues = rules.queues
    queue = state.slots[i, layout.VISIT_QUEUE]
    line = queues.line[queues.rows[queue, layout.QUEUE_LINES]]
    if queues.rows[queue, layout.QUEUE_LINES_N] > 1:
        line = _assign_vendor(rules, state, i)
    return line


@kernel_call
def _by_peers(rules: Rules, state: State, i: int) -> bool:
    """Whether other customers answer a contact."""
    u, _ = uniforms_of(state, i, PEERS)
    return u < rules.kinds.shares[rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], SHARE_PEERS]


@kernel_call
def _until_peers_answer(rules: Rules, state: State, i: int) -> int:
    """Time until other customers answer a contact; it is known at once."""
    law = rules.kinds.rows[rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], KIND_PEERS_LAW]
    if law < 0:
        return 0
    _, u = uniforms_of(state, i, PEERS)
    return int(time_of(rules, state, i, law, u, PEERS) + 0.5)


@kernel_step
def enter(rules: Rules, state: State, i: int, now: int) -> int:
    """The entry point: NONE if a visit gets in, else the outcome of one that is turned away."""
    slots, queues = state.slots, rules.queues
    slots[i, layout.VISIT_PHASE] = layout.JOINING
    slots[i, layout.VISIT_JOINED] = now
    slots[i, layout.VISIT_WAITED] &= layout.OF_BOT | layout.HANDED_OVER | layout.TIMED_OUT | layout.UNREACHED
    slots[i, layout.VISIT_OVERFLOW] = 0
    slots[i, layout.VISIT_BACK] = 0
    slots[i, layout.VISIT_LEAVES] = FAR
    by_peers = (
        rules.kinds.shares[queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], SHARE_PEERS] > 0.0
        and slots[i, layout.VISIT_PLACE] & 0xFFFF == 0
        and slots[i, layout.VISIT_WAITED] & layout.FROM_BOT == 0
        and _by_peers(rules, state, i)
    )
    if may_be_misrouted(rules, state, i) and not by_peers:
        slots[i, layout.VISIT_QUEUE] = begins_in(rules, state, i, now)
    queue = slots[i, layout.VISIT_QUEUE]
    line = line_of(rules, state, i)
    slots[i, layout.VISIT_LINE] = line
    if slots[i, layout.VISIT_WAITED] & layout.TIMED_OUT > 0:
        _join_anew(rules, state, i, now)
    if by_peers:
        return outcomes.BY_PEERS
    first = queues.rows[queue, layout.QUEUE_GROUPS]
    outcome = NONE
    for row in range(first, first + queues.rows[queue, layout.QUEUE_GROUPS_N]):
        group = queues.group[row]
        if state.groups[group, layout.GROUP_OPEN] == 0 and rules.classes.rows[line, layout.CLASS_LIVE] == 1:
            return outcomes.CLOSED
        if state.groups[group, layout.GROUP_SYSTEM] >= rules.groups.lines[group]:
            outcome = outcomes.BLOCKED
    return outcome


@kernel_step
def wait(rules: Rules, state: State, i: int, now: int) -> int:
    """Nobody is free: NONE if the visit stands in line, else the outcome of one that is blocked or leaves at once."""
    slots, queues, classes = state.slots, rules.queues, rules.classes
    queue = slots[i, layout.VISIT_QUEUE]
    if _too_many_wait(rules, state, queue):
        return outcomes.BLOCKED
    line = slots[i, layout.VISIT_LINE]
    slots[i, layout.VISIT_WAITED] |= layout.HELD_BACK if _held_back(rules, state, line) else 1
    kind = queues.rows[queue, layout.QUEUE_KIND]
    timed_out = slots[i, layout.VISIT_WAITED] & layout.TIMED_OUT > 0
    # who has an agent beside them hears no offer, and nobody is asked again who waits on in another queue
    alone = slots[i, layout.VISIT_WAITED] & (layout.HANDED_OVER | layout.TIMED_OUT) == 0
    asks = alone and rules.callbacks.rows[kind, offers.OFFER_HOW] != offers.OFFER_NEVER
    if asks and takes_callback(rules, state, i, now):
        return NONE
    patience = state.timed[i, TIMED_PATIENCE] - now if timed_out else patience_of(rules, state, i)
    if alone and rules.told.rows[kind, layout.TOLD_HOW] != layout.TOLD_NOTHING and balks(rules, state, i, patience):
        return outcomes.BALKED
    leaves = leaves_at(rules, state, i, now, patience)
    slots[i, layout.VISIT_LEAVES] = leaves
    if leaves <= now:
        return left_as(slots, i)
    if slots[i, layout.VISIT_JOINED] == now:
        stand_in_line(classes, state, i, line)
    else:
        stand_in_place(classes, state, i, line)
    count_in_groups(queues, state.groups, queue, 1, 1)
    # Most who leave need no event: an agent who looks finds them gone, or the lines are settled at a pause.
    if rules.kinds.rows[kind, KIND_INSTANT] == 1 and leaves < FAR:
        push(state, leaves, layout.PATIENCE, i)
    after = rules.callbacks.rows[kind, offers.OFFER_AFTER]
    if alone and after < FAR and now + after <= leaves and slots[i, layout.VISIT_WAITED] & layout.OFFERED == 0:
        push(state, now + after, layout.OFFER, i)
    if timed_out:
        open_steps_before(rules, state, i, now)
    elif classes.rows[line, layout.CLASS_OVERFLOWS_N] > 0:
        push(state, now + classes.overflow_after[classes.rows[line, layout.CLASS_OVERFLOWS]], layout.OVERFLOW, i)
    return NONE


@kernel_step
def _too_many_wait(rules: Rules, state: State, queue: int) -> bool:
    """Whether a group of a queue has as many waiting as it lets wait."""
    queues = rules.queues
    first = queues.rows[queue, layout.QUEUE_GROUPS]
    for row in range(first, first + queues.rows[queue, layout.QUEUE_GROUPS_N]):
        group = queues.group[row]
        if state.groups[group, layout.GROUP_WAITING] >= rules.groups.max_waiting[group]:
            return True
    return False


@kernel_step
def _held_back(rules: Rules, state: State, line: int) -> bool:
    """Whether an agent has room to whom the contact is only forbidden, by residency or certification."""
    classes = rules.classes
    units, live = classes.rows[line, layout.CLASS_UNITS], classes.rows[line, layout.CLASS_LIVE]
    first = classes.rows[line, layout.CLASS_BARRED]
    for row in range(first, first + classes.rows[line, layout.CLASS_BARRED_N]):
        if room_in(rules.pools, state.pools, classes.barred[row], units, live) > 0:
            return True
    return False


@kernel_step
def patience_of(rules: Rules, state: State, i: int) -> int:
    """How long the customer of a visit waits before they abandon, FAR if for ever."""
    slots, kinds, traces = state.slots, rules.kinds, rules.traces
    kind = rules.queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]
    trace = slots[i, layout.VISIT_TRACE]
    patience = FAR
    if trace >= 0 and traces.patience[trace] >= 0:
        patience = min(traces.patience[trace], LONGEST)
    elif kinds.rows[kind, KIND_PATIENCE_LAW] >= 0:
        u, u_zero = uniforms_of(state, i, PATIENCE)
        if u_zero < kinds.shares[kind, SHARE_ZERO]:
            patience = 0
        else:
            drawn = time_of(rules, state, i, kinds.rows[kind, KIND_PATIENCE_LAW], u, PATIENCE)
            contact = slots[i, layout.VISIT_PLACE] >> 16
            patience = int(patience_on_return(rules.comebacks, kind, contact, drawn) + 0.5)
    return patience


@kernel_step
def leaves_at(rules: Rules, state: State, i: int, now: int, patience: int) -> int:
    """When the patience or the longest wait of a visit ends, FAR if never; and which of the two it is."""
    slots, kinds = state.slots, rules.kinds
    kind = rules.queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]
    leaves = FAR if patience >= LONGEST - now else now + patience
    slots[i, layout.VISIT_MOVES_ON] = 0
    if state.timed.shape[0] > 1:
        state.timed[i, TIMED_PATIENCE] = leaves
    if kinds.rows[kind, KIND_MAX_WAIT] < FAR and now + kinds.rows[kind, KIND_MAX_WAIT] < leaves:
        leaves = now + kinds.rows[kind, KIND_MAX_WAIT]
        slots[i, layout.VISIT_MOVES_ON] = 1
    return leaves


@kernel_step
def opens_now(rules: Rules, state: State, i: int, now: int) -> bool:
    """Whether the next overflow step of a waiting visit opens now: events from before it was laid down are stale."""
    slots, classes = state.slots, rules.classes
    line, opened = slots[i, layout.VISIT_LINE], slots[i, layout.VISIT_OVERFLOW]
    if opened >= classes.rows[line, layout.CLASS_OVERFLOWS_N]:
        return False
    after = classes.overflow_after[classes.rows[line, layout.CLASS_OVERFLOWS] + opened]
    return slots[i, layout.VISIT_JOINED] + after == now


@kernel_step
def _join_anew(rules: Rules, state: State, i: int, now: int) -> None:
    """A visit comes from another queue at its time-out: it has waited, and its place in line may be by an earlier
    instant, as are the overflow steps that are open to it."""
    slots, joined = state.slots, state.timed[i, TIMED_PLACE]
    state.timed[i, TIMED_JOINED] = now
    slots[i, layout.VISIT_JOINED] = joined
    slots[i, layout.VISIT_WAITED] |= 1
    slots[i, layout.VISIT_OVERFLOW] = _opened_before(rules.classes, slots[i, layout.VISIT_LINE], joined, now)


@kernel_step
def _opened_before(classes: Classes, line: int, joined: int, now: int) -> int:
    """Overflow steps that have opened before an instant to a visit by its time of joining."""
    opened, steps = 0, classes.rows[line, layout.CLASS_OVERFLOWS_N]
    first = classes.rows[line, layout.CLASS_OVERFLOWS]
    while opened < steps and joined + classes.overflow_after[first + opened] < now:
        opened += 1
    return opened


@kernel_step
def open_steps_before(rules: Rules, state: State, i: int, now: int) -> None:
    """Overflow steps of a visit that is to stand in line: those that the time of joining has opened before are open."""
    slots, classes = state.slots, rules.classes
    line, joined = slots[i, layout.VISIT_LINE], slots[i, layout.VISIT_JOINED]
    opened = _opened_before(classes, line, joined, now)
    slots[i, layout.VISIT_OVERFLOW] = opened
    if opened < classes.rows[line, layout.CLASS_OVERFLOWS_N]:
        after = classes.overflow_after[classes.rows[line, layout.CLASS_OVERFLOWS] + opened]
        push(state, joined + after, layout.OVERFLOW, i)


@kernel_step
def open_overflow(rules: Rules, state: State, i: int) -> None:
    """One overflow step more opens to a waiting visit; it is offered to agents."""
    slots, classes = state.slots, rules.classes
    line = slots[i, layout.VISIT_LINE]
    opened = slots[i, layout.VISIT_OVERFLOW] + 1
    slots[i, layout.VISIT_OVERFLOW] = opened
    if state.lines[line, layout.LINE_HEAD] == i:
        state.lines[line, layout.LINE_OVERFLOW] = opened
    if opened < classes.rows[line, layout.CLASS_OVERFLOWS_N]:
        after = classes.overflow_after[classes.rows[line, layout.CLASS_OVERFLOWS] + opened]
        push(state, slots[i, layout.VISIT_JOINED] + after, layout.OVERFLOW, i)
    state.registers[layout.PENDING_OFFER] = i
