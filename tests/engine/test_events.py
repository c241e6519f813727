"""The event lists: whatever goes in comes out by time, then kind, then identity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.kernel import events as lists
from ccsim.kernel import layout

entries = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 8), st.integers(0, 199)), min_size=1, max_size=200)


OF_AGENTS = (layout.END_BREAK, layout.BREAK_DUE)


def plain(function: Any) -> Any:
    """The Python behind a compiled step."""
    return getattr(function, "py_func", function)


@pytest.fixture(scope="module", autouse=True)
def uncompiled() -> Any:
    """Steps cannot be called from Python: they are tried as Python, and compiled ones give the same digits."""
    with pytest.MonkeyPatch.context() as patch:
        for name, function in list(vars(lists).items()):
            if hasattr(function, "py_func"):
                patch.setattr(lists, name, plain(function))
        yield


@settings(derandomize=True, deadline=None, max_examples=150)
@given(entries, st.integers(1, 9))
def test_events_come_out_in_order(wanted: list[tuple[int, int, int]], out_of_ten: int) -> None:
    slots = np.zeros((200, layout.VISIT_WIDTH), np.int64)
    slots[:, layout.VISIT_NUMBER] = np.arange(200)[::-1]  # another order than that of the slots
    registers = np.zeros(layout.REGISTERS, np.int64)
    heap = np.zeros((len(wanted) + 8, layout.EVENT_WIDTH), np.int64)
    push, drop = plain(lists.push_event), plain(lists.drop_first)
    held: list[tuple[int, int, int, int]] = []
    now = 0

    def take() -> int:
        time, code = (int(v) for v in heap[lists.ROOT])
        first = min(held)
        assert (time, code) == (first[0], first[3])
        held.remove(first)
        drop(heap, registers, layout.REGISTER_EVENTS_N, slots)
        assert registers[layout.REGISTER_EVENTS_N] == len(held)
        return time

    for number, (later, kind, who) in enumerate(wanted):
        code = (kind << 32) | who
        push(heap, registers, layout.REGISTER_EVENTS_N, slots, now + later, code)
        held.append((now + later, kind, who if kind in OF_AGENTS else 199 - who, code))
        if number % 10 < out_of_ten - 1:
            now = take()
    while held:
        now = take()
