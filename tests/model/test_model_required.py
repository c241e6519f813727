"""Required agents of whole tables against the formulas one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.model.required import erlang_c_agents, required_agents
from ccsim.language.planning import Planning
from ccsim.theory.staffing import agents_for_service_level
from ccsim.units import MINUTE, SECOND


def one(planning: Planning, live: float, deferred: float = 0.0, handle: float = 5.0 * MINUTE) -> int:
    cell = np.array([live])
    return int(required_agents(planning, cell, np.array([handle]), np.array([deferred]))[0])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0.001, 400.0), st.floats(20.0, 3000.0)), min_size=1, max_size=12),
    st.sampled_from([0.5, 0.8, 0.95]),
    st.sampled_from([0.0, 20.0, 120.0]),
)
def test_erlang_c_is_that_of_theory(cells: list[tuple[float, float]], answered: float, within: float) -> None:
    load, handle = np.array(cells).T
    found = erlang_c_agents(load, handle, answered, within)
    for (a, h), agents in zip(cells, found, strict=True):
        assert agents == agents_for_service_level(a / h, h, answered, within)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.floats(0.01, 200.0), st.sampled_from([0.6, 0.85, 1.0]))
def test_with_a_highest_occupancy_as_in_theory(load: float, occupancy: float) -> None:
    planning = Planning(answered=0.8, within=20 * SECOND, occupancy=occupancy)
    handle = 240.0
    wanted = agents_for_service_level(load / handle, handle, 0.8, 20.0, max_occupancy=occupancy)
    assert one(planning, load, handle=handle * SECOND) == wanted


def step_by_step(load: float, handle: float, answered: float, within: float) -> int:
    """One agent more at a time, by the recursion on 1 / Erlang B (Jagerman 1974): the oracle of the direct search."""
    agents, inverse = 0, 1.0
    while True:
        agents += 1
        inverse = 1.0 + inverse * (agents / load)
        if load < agents:
            late = math.exp((load - agents) * (within / handle)) / (1.0 + (inverse - 1.0) * (1.0 - load / agents))
            if 1.0 - late >= answered:
                return agents


@pytest.mark.parametrize("answered", [0.5, 0.8, 0.999])
@pytest.mark.parametrize("within", [0.0, 20.0, 600.0])
def test_the_direct_search_finds_what_one_agent_more_at_a_time_finds(answered: float, within: float) -> None:
    loads = np.array([1e-6, 1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 7.0, 9.999, 10.0, 33.3, 100.0, 101.5, 512.0, 1000.0, 4321.0])
    for handle in (30.0, 240.0, 7200.0):
        found = erlang_c_agents(loads, np.full(loads.shape, handle), answered, within)
        assert found.tolist() == [step_by_step(load, handle, answered, within) for load in loads.tolist()]


def test_loads_beyond_any_centre_cost_nothing() -> None:
    loads = np.array([1e6, 1e9, 1e11, 1e15, 1e300])
    found = erlang_c_agents(loads, np.full(5, 300.0), 0.8, 20.0)
    assert (found[:4] >= loads[:4]).all()
    assert (found[:3] <= loads[:3] + 2 * np.sqrt(loads[:3])).all()  # Halfin and Whitt (1981): load + beta sqrt(load)
    assert found[4] == 1 << 62


def test_published_erlang_c() -> None:
    # 100 contacts in half an hour of 3 minutes each: 14 agents answer 80 % within 20 s (a table known to every planner)
    assert one(Planning(), 10.0, handle=180.0 * SECOND) == 14


def test_nothing_to_do_needs_nobody_and_any_shape_is_kept() -> None:
    load = np.zeros((3, 4))
    load[1, 2] = 1.0
    found = required_agents(Planning(), load, np.full((3, 4), 60e6) * (load > 0), np.zeros((3, 4)))
    assert found.shape == (3, 4)
    assert found[1, 2] == 3
    assert found.sum() == 3


def test_huge_loads_do_not_overflow() -> None:
    assert one(Planning(occupancy=1.0), 3000.0) == agents_for_service_level(10.0, 300.0, 0.8, 20.0)


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        ("square_root", math.ceil(100 / 0.85)),  # 100 + 10 is less than the occupancy allows
        ("workload", math.ceil(100 / 0.85)),
    ],
)
def test_other_methods_keep_the_occupancy(method: str, wanted: int) -> None:
    assert one(Planning(required=method), 100.0) == wanted  # type: ignore[arg-type]


def test_square_root_without_a_limit() -> None:
    assert one(Planning(required="square_root", occupancy=1.0), 100.0) == 110
    assert one(Planning(required="workload", occupancy=1.0), 100.0) == 100  # whole but for rounding


def test_deferred_work_is_added_at_the_occupancy() -> None:
    planning = Planning(occupancy=0.8)
    assert one(planning, 0.0, deferred=8.0) == 10
    assert one(planning, 10.0, deferred=8.0) == one(planning, 10.0) + 10


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.floats(0.0, 300.0), st.floats(0.0, 50.0), st.sampled_from(["erlang_c", "square_root", "workload"]))
def test_never_less_for_more_load(load: float, more: float, method: str) -> None:
    planning = Planning(required=method)  # type: ignore[arg-type]
    assert one(planning, load + more) >= one(planning, load)
    assert one(planning, load + more) * planning.occupancy >= (load + more) * (1 - 1e-9)
