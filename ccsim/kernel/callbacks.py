"""The offer of a callback, and the customers who accept it."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import CALLBACK
from ccsim.kernel import layout
from ccsim.kernel.announced import announced_wait
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.events import push
from ccsim.kernel.lines import count_in_groups, leave_line, stand_in_line


@kernel_call
def takes_callback(rules: Rules, state: State, i: int, now: int) -> bool:
    """Whether the customer of a visit is offered a callback and accepts it; then it stands in line for that."""
    slots, classes, offers = state.slots, rules.classes, rules.callbacks
    queue, line = slots[i, layout.VISIT_QUEUE], slots[i, layout.VISIT_LINE]
    kind = rules.queues.rows[queue, layout.QUEUE_KIND]
    if not _is_offered(rules, state, i, line, kind):
        return False
    slots[i, layout.VISIT_WAITED] |= layout.OFFERED
    u, _ = uniforms_of(rules.queues, state, i, CALLBACK)
    if not u < offers.accepted[kind]:
        return False
    slots[i, layout.VISIT_WAITED] |= layout.CALLBACK
    places = 1
    if offers.rows[kind, layout.OFFER_IDLE] == 1:
        line = classes.rows[line, layout.CLASS_CALLBACKS]
        slots[i, layout.VISIT_LINE] = line
        places = 0
    stand_in_line(classes, state, i, line)
    state.lines[line, layout.LINE_CALLBACKS] += 1
    count_in_groups(rules.queues, state.groups, queue, 0, places)
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


@kernel_call
def call_back(rules: Rules, state: State, i: int) -> None:
    """An agent takes a callback: it leaves its line, and holds no trunk."""
    queue, line = state.slots[i, layout.VISIT_QUEUE], state.slots[i, layout.VISIT_LINE]
    leave_line(rules.classes, state, i, line)
    state.lines[line, layout.LINE_CALLBACKS] -= 1
    idle = rules.callbacks.rows[rules.queues.rows[queue, layout.QUEUE_KIND], layout.OFFER_IDLE]
    count_in_groups(rules.queues, state.groups, queue, 0, idle - 1)
