"""The event list: a 4-ary heap in two arrays (time, code), the earliest first.

At one instant the smaller kind goes first, then the smaller identity: of contacts (stream rank, local date, number,
place), of agents (row, which is pool rank and number).
"""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel.layout import AGENT, S_DATE, S_NUMBER, S_PLACE, S_QUEUE, X_EVENTS_N, Ints

_SLOT = (1 << 32) - 1


@kernel_call
def _tie_before(a: int, b: int, slots: Ints) -> bool:
    """Whether code `a` goes before code `b` at one instant."""
    kind_a, kind_b = a >> 32, b >> 32
    if kind_a != kind_b:
        return kind_a < kind_b
    i, j = a & _SLOT, b & _SLOT
    if kind_a == AGENT:
        return i < j
    for field in (S_QUEUE, S_DATE, S_NUMBER, S_PLACE):
        if slots[i, field] != slots[j, field]:
            return slots[i, field] < slots[j, field]
    return False


@kernel_step
def push_event(times: Ints, codes: Ints, registers: Ints, slots: Ints, time: int, code: int) -> None:
    """Put an event on the list; there is room (the caller has seen to it)."""
    i = registers[X_EVENTS_N]
    registers[X_EVENTS_N] = i + 1
    while i > 0:
        parent = (i - 1) >> 2
        t = times[parent]
        if t < time or (t == time and not _tie_before(code, codes[parent], slots)):
            break
        times[i] = t
        codes[i] = codes[parent]
        i = parent
    times[i] = time
    codes[i] = code


@kernel_step
def _least_of_four(times: Ints, codes: Ints, slots: Ints, first: int) -> tuple[int, int]:
    """Place and time of the first of four neighbours: chosen without branches, as their order cannot be foreseen."""
    t0, t1, t2, t3 = times[first], times[first + 1], times[first + 2], times[first + 3]
    left = first + 1 if t1 < t0 else first
    t_left = min(t1, t0)
    right = first + 3 if t3 < t2 else first + 2
    t_right = min(t3, t2)
    least = right if t_right < t_left else left
    best = min(t_left, t_right)
    if int(t0 == best) + int(t1 == best) + int(t2 == best) + int(t3 == best) > 1:
        for child in range(first, first + 4):
            if times[child] == best and _tie_before(codes[child], codes[least], slots):
                least = child
    return least, best


@kernel_step
def drop_first(times: Ints, codes: Ints, registers: Ints, slots: Ints) -> None:
    """Take the first event off the list."""
    n = registers[X_EVENTS_N] - 1
    registers[X_EVENTS_N] = n
    if n == 0:
        return
    time, code = times[n], codes[n]
    i = 0
    while True:
        first = 4 * i + 1
        if first + 3 < n:
            least, best = _least_of_four(times, codes, slots, first)
        elif first < n:
            least, best = first, times[first]
            for child in range(first + 1, n):
                t = times[child]
                if t < best or (t == best and _tie_before(codes[child], codes[least], slots)):
                    least, best = child, t
        else:
            break
        if time < best or (time == best and not _tie_before(codes[least], code, slots)):
            break
        times[i] = best
        codes[i] = codes[least]
        i = least
    times[i] = time
    codes[i] = code
