"""The event lists: 4-ary heaps, the earliest first.

At one instant the smaller kind goes first, then the smaller identity: of contacts (queue, stream of the case, local
date, number, place), of agents (row, which is pool rank and number). The root stands in row `ROOT`, so that four
children fill one cache line. Contacts that are due hours or days later have a list of their own: the other stays in the
nearest cache.
"""

from __future__ import annotations

from typing import Final

from ccsim.draws.instructions import fetch
from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.arrays import State
from ccsim.kernel.layout import Ints

ROOT: Final = 3
WHO: Final = (1 << 32) - 1
"""The half of an event's code that says whose it is: a slot, or the row of an agent."""


@kernel_step
def named_before(slots: Ints, i: int, j: int) -> bool:
    """Whether visit `i` goes before visit `j` where all else is equal: by identity, never by the slots they have."""
    for field in (layout.VISIT_QUEUE, layout.VISIT_DATE, layout.VISIT_NUMBER, layout.VISIT_PLACE):
        if slots[i, field] != slots[j, field]:
            return slots[i, field] < slots[j, field]
    return False


@kernel_step
def _of_agent(kind: int) -> bool:
    """Whether events of a kind are an agent's; all others on the lists are a visit's."""
    return layout.END_BREAK <= kind <= layout.BREAK_DUE


@kernel_call
def _tie_before(a: int, b: int, slots: Ints) -> bool:
    """Whether code `a` goes before code `b` at one instant."""
    kind_a, kind_b = a >> 32, b >> 32
    if kind_a != kind_b:
        return kind_a < kind_b
    i, j = a & WHO, b & WHO
    if _of_agent(kind_a):
        return i < j
    return named_before(slots, i, j)


@kernel_step
def push_event(events: Ints, registers: Ints, count: int, slots: Ints, time: int, code: int) -> None:
    """Put an event on a list whose entries register `count` counts; there is room (the caller has seen to it)."""
    n = registers[count]
    registers[count] = n + 1
    i = n + ROOT
    while i > ROOT:
        parent = (i >> 2) + ROOT - 1
        t = events[parent, layout.EVENT_TIME]
        if t < time or (t == time and not _tie_before(code, events[parent, layout.EVENT_CODE], slots)):
            break
        events[i, layout.EVENT_TIME] = t
        events[i, layout.EVENT_CODE] = events[parent, layout.EVENT_CODE]
        i = parent
    events[i, layout.EVENT_TIME] = time
    events[i, layout.EVENT_CODE] = code


@kernel_step
def push(state: State, time: int, kind: int, who: int) -> None:
    """Put an event on the list of those that come soon; an event of a visit is counted in its slot."""
    if not _of_agent(kind):
        state.slots[who, layout.VISIT_EVENTS] += 1
    push_event(state.events, state.registers, layout.REGISTER_EVENTS_N, state.slots, time, (kind << 32) | who)


@kernel_step
def _least_of_four(events: Ints, slots: Ints, first: int) -> tuple[int, int]:
    """Place and time of the first of four neighbours: chosen without branches, as their order cannot be foreseen."""
    t0, t1 = events[first, layout.EVENT_TIME], events[first + 1, layout.EVENT_TIME]
    t2, t3 = events[first + 2, layout.EVENT_TIME], events[first + 3, layout.EVENT_TIME]
    left = first + 1 if t1 < t0 else first
    t_left = min(t1, t0)
    right = first + 3 if t3 < t2 else first + 2
    t_right = min(t3, t2)
    least = right if t_right < t_left else left
    best = min(t_left, t_right)
    if (t0 == t1) | (t2 == t3) | (t_left == t_right):
        for child in range(first, first + 4):
            if events[child, layout.EVENT_TIME] == best and _tie_before(
                events[child, layout.EVENT_CODE], events[least, layout.EVENT_CODE], slots
            ):
                least = child
    return least, best


@kernel_step
def drop_first(events: Ints, registers: Ints, count: int, slots: Ints) -> None:
    """Take the first event off a list whose entries register `count` counts."""
    n = registers[count] - 1
    registers[count] = n
    if n == 0:
        return
    end = n + ROOT
    time, code = events[end, layout.EVENT_TIME], events[end, layout.EVENT_CODE]
    i = ROOT
    while True:
        first = 4 * (i - ROOT + 1)
        if first + 3 < end:
            for child in range(4):  # whichever is the least: its children are asked for before it is known
                fetch(events, 4 * (first - ROOT + 1 + child), 0)
            least, best = _least_of_four(events, slots, first)
        elif first < end:
            least, best = first, events[first, layout.EVENT_TIME]
            for child in range(first + 1, end):
                t = events[child, layout.EVENT_TIME]
                if t < best or (
                    t == best and _tie_before(events[child, layout.EVENT_CODE], events[least, layout.EVENT_CODE], slots)
                ):
                    least, best = child, t
        else:
            break
        if time < best or (time == best and not _tie_before(events[least, layout.EVENT_CODE], code, slots)):
            break
        events[i, layout.EVENT_TIME] = best
        events[i, layout.EVENT_CODE] = events[least, layout.EVENT_CODE]
        i = least
    events[i, layout.EVENT_TIME] = time
    events[i, layout.EVENT_CODE] = code
