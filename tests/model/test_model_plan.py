"""The plan on its way: rows in order, and no more memory than they need."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.kernel import layout
from ccsim.kernel.layout import Ints
from ccsim.model import plan as plan_module
from ccsim.model.model import Span
from ccsim.model.plan import Plan
from ccsim.units import HOUR, MINUTE, SECOND

SPAN = Span(0, 24 * HOUR, 24 * HOUR, HOUR, 0)
TIMES = st.lists(st.integers(0, 40), max_size=30)


def rows(times: list[int], unit: int, who: int) -> Ints:
    made = np.zeros((len(times), layout.PLAN_WIDTH), np.int64)
    made[:, layout.PLAN_TIME] = np.array(times, np.int64) * unit
    made[:, layout.PLAN_WHO] = who
    made[:, layout.PLAN_VALUE] = np.arange(len(times))
    return made


def maker(made: Ints) -> Callable[[], Ints]:
    return lambda: made


@settings(derandomize=True, deadline=None, max_examples=60)
@given(TIMES, TIMES, TIMES, st.sampled_from((1, SECOND, MINUTE)), st.sampled_from((4, 63)))
def test_rows_are_by_time_then_agents_before_queue_groups_then_as_made(
    early: list[int], entry_points: list[int], late: list[int], unit: int, bits: int
) -> None:
    plan = Plan(SPAN, 1)
    agents = [rows(early, unit, 1), rows(late, unit, 2)]
    plan.add_agents(agents[0][:, layout.PLAN_TIME], maker(agents[0]))
    for number, time in enumerate(entry_points):
        plan.add(time * unit, layout.OPENS, 7, number)
    plan.add_agents(agents[1][:, layout.PLAN_TIME], maker(agents[1]))
    opened = rows(entry_points, unit, 7)
    opened[:, layout.PLAN_WHAT] = layout.OPENS
    made = np.concatenate([agents[0], opened, agents[1]])
    expected = sorted(made.tolist(), key=lambda row: (row[layout.PLAN_TIME], row[layout.PLAN_WHAT] == layout.OPENS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_module, "_BITS", bits)  # few bits: there is no room for the quick way
        assert plan.sorted_rows().tolist() == expected


def test_nothing_planned_is_no_row() -> None:
    assert Plan(SPAN, 1).sorted_rows().shape == (0, layout.PLAN_WIDTH)


def test_sorting_takes_little_more_memory_than_the_rows() -> None:
    plan = Plan(SPAN, 1)
    count, parts = 2_000, 40

    def make() -> Ints:
        return rows(list(range(count)), MINUTE // 2, 0)

    for _ in range(parts):
        plan.add_agents(make()[:, layout.PLAN_TIME].copy(), make)
    tracemalloc.start()
    try:
        found = plan.sorted_rows()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) == count * parts
    assert peak < 1.5 * found.nbytes
