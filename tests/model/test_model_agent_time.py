"""Agent time by interval: against adding up second by second, however the changes come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.model import agent_time
from ccsim.model.agent_time import AgentTime

FIRST, UNTIL, WIDTH, COLUMNS = 3, 40, 7, 2  # six intervals, the last of two units
STRETCHES = st.lists(
    st.tuples(st.integers(-5, 50), st.integers(0, 30), st.integers(0, COLUMNS - 1), st.integers(-2, 3)), max_size=12
)


def added(stretches: list[tuple[int, int, int, int]]) -> AgentTime:
    time = AgentTime(FIRST, UNTIL, WIDTH, COLUMNS)
    for since, length, column, by in stretches:
        time.between(np.array([since]), np.array([since + length]), column, by)
    return time


@settings(derandomize=True, deadline=None, max_examples=60)
@given(STRETCHES)
def test_areas_are_what_units_of_time_add_up_to(stretches: list[tuple[int, int, int, int]]) -> None:
    expected = np.zeros((6, COLUMNS), np.int64)
    for since, length, column, by in stretches:
        for moment in range(max(since, FIRST), min(since + length, UNTIL)):
            expected[(moment - FIRST) // WIDTH, column] += by
    assert np.array_equal(added(stretches).areas(), expected)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(STRETCHES, st.integers(1, 7))
def test_counting_in_between_changes_nothing(stretches: list[tuple[int, int, int, int]], batch: int) -> None:
    whole = added(stretches).areas()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent_time, "_BATCH", batch)
        assert np.array_equal(added(stretches).areas(), whole)


def test_areas_may_be_asked_for_again() -> None:
    time = added([(10, 5, 0, 1)])
    first = time.areas()
    assert np.array_equal(time.areas(), first)
    time.between(np.array([10]), np.array([15]), 0)
    assert np.array_equal(time.areas(), 2 * first)
