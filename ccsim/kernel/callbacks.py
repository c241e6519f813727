"""The offer of a callback, the customers who accept it, and attempts to reach them."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import ATTEMPT, CALLBACK
from ccsim.kernel import layout
from ccsim.kernel.announced import announced_wait
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.events import push, push_event
from ccsim.kernel.layout import FAR
from ccsim.kernel.lines import count_in_groups, leave_line, stand_in_line, stand_in_place


@kernel_step
def _kind_of(rules: Rules, state: State, i: int) -> int:
    return rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]


@kernel_call
def takes_callback(rules: Rules, state: State, i: int, now: int) -> bool:
    """Whether the customer of a visit is offered a callback and accepts it; then it stands in line for that."""
    slots, classes, offers = state.slots, rules.classes, rules.callbacks
    line, kind = slots[i, layout.VISIT_LINE], _kind_of(rules, state, i)
    if not _is_offered(rules, state, i, line, kind):
        return False
    slots[i, layout.VISIT_WAITED] |= layout.OFFERED
    u, _ = uniforms_of(state, i, CALLBACK)
    if not u < offers.accepted[kind]:
        return False
    slots[i, layout.VISIT_WAITED] |= layout.CALLBACK
    if offers.rows[kind, layout.OFFER_IDLE] == 1:
        line = classes.rows[line, layout.CLASS_CALLBACKS]
        slots[i, layout.VISIT_LINE] = line
    stand_in_line(classes, state, i, line)
    _count_in_line(rules, state, i, 1)
    if offers.rows[kind, layout.OFFER_EXPIRES] < FAR:
        slots[i, layout.VISIT_LEAVES] = now + offers.rows[kind, layout.OFFER_EXPIRES]
        push(state, slots[i, layout.VISIT_LEAVES], layout.PATIENCE, i)
    if classes.rows[line, layout.CLASS_OVERFLOWS_N] > 0:
        push(state, now + classes.overflow_after[classes.rows[line, layout.CLASS_OVERFLOWS]], layout.OVERFLOW, i)
    return True


@kernel_step
def _is_offered(rules: Rules, state: State, i: int, line: int, kind: int) -> bool:
    offer = rules.callbacks.rows[kind]
    if offer[layout.OFFER_HOW] == layout.OFFER_ANNOUNCED:
        return announced_wait(rules, state, i) > offer[layout.OFFER_FROM]
    waiting = state.lines[line, layout.LINE_COUNT]
    if offer[layout.OFFER_HOW] == layout.OFFER_LIVE:
        waiting -= state.lines[line, layout.LINE_CALLBACKS]
    elif offer[layout.OFFER_IDLE] == 1:
        waiting += state.lines[rules.classes.rows[line, layout.CLASS_CALLBACKS], layout.LINE_COUNT]
    return waiting >= offer[layout.OFFER_FROM]


@kernel_step
def _count_in_line(rules: Rules, state: State, i: int, sign: int) -> None:
    """A callback stands in line, or (-1) no longer does: it holds no trunk, and a place only where it keeps that."""
    idle = rules.callbacks.rows[_kind_of(rules, state, i), layout.OFFER_IDLE]
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
    if slots[i, layout.VISIT_WAITED] // layout.ATTEMPT >= rules.callbacks.rows[kind, layout.OFFER_ATTEMPTS]:
        return False
    slots[i, layout.VISIT_STATE] = layout.AWAY
    slots[i, layout.VISIT_EVENTS] += 1
    due = now + rules.callbacks.rows[kind, layout.OFFER_BETWEEN]
    push_event(state.dues, state.registers, layout.REGISTER_DUES_N, slots, due, (layout.DUE << 32) | i)
    return True


@kernel_call
def stand_again(rules: Rules, state: State, i: int, now: int) -> bool:
    """The next attempt waits for an agent, at the place by when the callback was accepted; not if it has expired."""
    slots = state.slots
    expires = rules.callbacks.rows[_kind_of(rules, state, i), layout.OFFER_EXPIRES]
    slots[i, layout.VISIT_LEAVES] = FAR if expires == FAR else slots[i, layout.VISIT_JOINED] + expires
    if slots[i, layout.VISIT_LEAVES] <= now:
        return False
    stand_in_place(rules.classes, state, i, slots[i, layout.VISIT_LINE])
    _count_in_line(rules, state, i, 1)
    return True
