"""The offer of a callback, the customers who accept it, when they are called, and attempts to reach them."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import ATTEMPT, CALLBACK
from ccsim.kernel import layout, offers
from ccsim.kernel.announced import announced_wait
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.due import runs_from, runs_until
from ccsim.kernel.events import push, push_event
from ccsim.kernel.layout import FAR
from ccsim.kernel.lines import count_in_groups, leave_line, stand_in_line, stand_in_place


@kernel_step
def _kind_of(rules: Rules, state: State, i: int) -> int:
    return rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]


@kernel_call
def takes_callback(rules: Rules, state: State, i: int, now: int) -> bool:
    """Whether the customer of a visit is offered a callback and accepts it; then it stands in line for that."""
    line, kind = state.slots[i, layout.VISIT_LINE], _kind_of(rules, state, i)
    if not _is_offered(rules, state, i, line, kind) or not _accepts(rules, state, i, kind):
        return False
    _stand_in_line(rules, state, i, line, kind, now)
    _hang_up(rules, state, i, kind, now, now)
    _await_window(rules, state, i, kind, now)
    return True


@kernel_step
def is_offered_now(rules: Rules, state: State, i: int, now: int) -> bool:
    """Whether a customer who still waits is offered a callback now: once in a queue, so other events are stale."""
    slots = state.slots
    after = rules.callbacks.rows[_kind_of(rules, state, i), offers.OFFER_AFTER]
    return slots[i, layout.VISIT_WAITED] & layout.OFFERED == 0 and slots[i, layout.VISIT_JOINED] + after == now


@kernel_call
def offer_while_waiting(rules: Rules, state: State, i: int, now: int) -> None:
    """A customer who has waited so long is offered a callback, and perhaps hangs up."""
    slots, kind = state.slots, _kind_of(rules, state, i)
    if not _accepts(rules, state, i, kind):
        return
    queue, line, offer = slots[i, layout.VISIT_QUEUE], slots[i, layout.VISIT_LINE], rules.callbacks.rows[kind]
    if offer[offers.OFFER_IDLE] == 0 and offer[offers.OFFER_LOSES] == 0:
        state.lines[line, layout.LINE_CALLBACKS] += 1
        count_in_groups(rules.queues, state.groups, queue, -1, 0)
        _hang_up(rules, state, i, kind, now, now)
        _await_window(rules, state, i, kind, now)
        return
    leave_line(rules.classes, state, i, line)
    count_in_groups(rules.queues, state.groups, queue, -1, -1)
    joined = slots[i, layout.VISIT_JOINED]
    slots[i, layout.VISIT_JOINED] = now
    slots[i, layout.VISIT_OVERFLOW] = 0
    _stand_in_line(rules, state, i, line, kind, now)
    _hang_up(rules, state, i, kind, now, joined)
    _await_window(rules, state, i, kind, now)


@kernel_step
def _accepts(rules: Rules, state: State, i: int, kind: int) -> bool:
    """A callback is offered: whether it is accepted."""
    slots = state.slots
    slots[i, layout.VISIT_WAITED] |= layout.OFFERED
    u, _ = uniforms_of(state, i, CALLBACK)
    if not u < rules.callbacks.accepted[kind]:
        return False
    slots[i, layout.VISIT_WAITED] |= layout.CALLBACK
    return True


@kernel_step
def _stand_in_line(rules: Rules, state: State, i: int, line: int, kind: int, now: int) -> None:
    """A callback joins the end of its line, which is one of its own where it is taken when agents are idle."""
    classes = rules.classes
    if rules.callbacks.rows[kind, offers.OFFER_IDLE] == 1:
        line = classes.rows[line, layout.CLASS_CALLBACKS]
        state.slots[i, layout.VISIT_LINE] = line
    stand_in_line(classes, state, i, line)
    _count_in_line(rules, state, i, 1)
    if classes.rows[line, layout.CLASS_OVERFLOWS_N] > 0:
        push(state, now + classes.overflow_after[classes.rows[line, layout.CLASS_OVERFLOWS]], layout.OVERFLOW, i)


@kernel_step
def _hang_up(rules: Rules, state: State, i: int, kind: int, now: int, other: int) -> None:
    """A customer has hung up; `other`: when they joined or, where VISIT_JOINED still says that, now."""
    slots, expires = state.slots, rules.callbacks.rows[kind, offers.OFFER_EXPIRES]
    slots[i, layout.VISIT_HUNG_UP] = other
    slots[i, layout.VISIT_LEAVES] = FAR
    if expires < FAR:
        slots[i, layout.VISIT_LEAVES] = now + expires
        push(state, now + expires, layout.PATIENCE, i)


@kernel_step
def _await_window(rules: Rules, state: State, i: int, kind: int, now: int) -> None:
    """A callback stands in line: until the hours end in which customers are called, if it has any; outside them it goes
    at once, until they begin."""
    clock = rules.callbacks.rows[kind, offers.OFFER_CLOCK]
    if clock == layout.NONE:
        return
    if runs_from(rules.classes.working, clock, now) > now:
        leave_callbacks(rules, state, i)
        _go_away(rules, state, i, kind, now)
    else:
        push(state, runs_until(rules.classes.working, clock, now), layout.OFFER, i)


@kernel_call
def end_window(rules: Rules, state: State, i: int, now: int) -> None:
    """The hours end in which the customer of a waiting callback is called; nothing if that is stale."""
    kind = _kind_of(rules, state, i)
    clock = rules.callbacks.rows[kind, offers.OFFER_CLOCK]
    if clock != layout.NONE and runs_from(rules.classes.working, clock, now) > now:
        leave_callbacks(rules, state, i)
        _go_away(rules, state, i, kind, now)


@kernel_step
def _go_away(rules: Rules, state: State, i: int, kind: int, due: int) -> None:
    """A callback is in no line until an instant, or until the hours in which customers are called after it."""
    state.slots[i, layout.VISIT_PHASE] = layout.AWAY
    state.slots[i, layout.VISIT_EVENTS] += 1
    due = runs_from(rules.classes.working, rules.callbacks.rows[kind, offers.OFFER_CLOCK], due)
    push_event(state.dues, state.registers, layout.REGISTER_DUES_N, state.slots, due, (layout.DUE << 32) | i)


@kernel_step
def _is_offered(rules: Rules, state: State, i: int, line: int, kind: int) -> bool:
    offer = rules.callbacks.rows[kind]
    if offer[offers.OFFER_HOW] == offers.OFFER_ANNOUNCED:
        return announced_wait(rules, state, i) > offer[offers.OFFER_FROM]
    waiting = state.lines[line, layout.LINE_COUNT]
    if offer[offers.OFFER_HOW] == offers.OFFER_LIVE:
        waiting -= state.lines[line, layout.LINE_CALLBACKS]
    elif offer[offers.OFFER_IDLE] == 1:
        waiting += state.lines[rules.classes.rows[line, layout.CLASS_CALLBACKS], layout.LINE_COUNT]
    return waiting >= offer[offers.OFFER_FROM]


@kernel_step
def _count_in_line(rules: Rules, state: State, i: int, sign: int) -> None:
    """A callback stands in line, or (-1) no longer does: it holds no trunk, and a place only where it keeps that."""
    idle = rules.callbacks.rows[_kind_of(rules, state, i), offers.OFFER_IDLE]
    state.lines[state.slots[i, layout.VISIT_LINE], layout.LINE_CALLBACKS] += sign
    count_in_groups(rules.queues, state.groups, state.slots[i, layout.VISIT_QUEUE], 0, sign * (1 - idle))


@kernel_call
def leave_callbacks(rules: Rules, state: State, i: int) -> None:
    """A callback leaves its line."""
    leave_line(rules.classes, state, i, state.slots[i, layout.VISIT_LINE])
    _count_in_line(rules, state, i, -1)


@kernel_call
def nobody_answers(rules: Rules, state: State, i: int) -> bool:
    """Whether the attempt that an agent makes now is not answered."""
    kind = _kind_of(rules, state, i)
    number = state.slots[i, layout.VISIT_WAITED] // layout.ATTEMPT
    u, _ = uniforms_of(state, i, ATTEMPT + number)
    if u < rules.callbacks.answered[kind]:
        return False
    state.slots[i, layout.VISIT_WAITED] |= layout.NO_ANSWER
    return True


@kernel_call
def tries_again(rules: Rules, state: State, i: int, now: int) -> bool:
    """An attempt has ended without an answer: whether there will be another one; then it is on its way."""
    slots = state.slots
    kind = _kind_of(rules, state, i)
    slots[i, layout.VISIT_WAITED] += layout.ATTEMPT - layout.NO_ANSWER
    if slots[i, layout.VISIT_WAITED] // layout.ATTEMPT >= rules.callbacks.rows[kind, offers.OFFER_ATTEMPTS]:
        return False
    _go_away(rules, state, i, kind, now + rules.callbacks.rows[kind, offers.OFFER_BETWEEN])
    return True


@kernel_call
def stand_again(rules: Rules, state: State, i: int, now: int) -> bool:
    """The next attempt waits for an agent, at the place that the callback had; not if it has expired."""
    slots = state.slots
    kind = _kind_of(rules, state, i)
    expires = rules.callbacks.rows[kind, offers.OFFER_EXPIRES]
    accepted = max(slots[i, layout.VISIT_JOINED], slots[i, layout.VISIT_HUNG_UP])
    slots[i, layout.VISIT_LEAVES] = FAR if expires == FAR else accepted + expires
    if slots[i, layout.VISIT_LEAVES] <= now:
        return False
    stand_in_place(rules.classes, state, i, slots[i, layout.VISIT_LINE])
    _count_in_line(rules, state, i, 1)
    _await_window(rules, state, i, kind, now)
    return True
