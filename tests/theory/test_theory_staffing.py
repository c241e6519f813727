"""The inverse questions, and properties that every queue has."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim import theory as th

calm = settings(derandomize=True, deadline=None, max_examples=40)
rates = st.floats(0.05, 60)
services = st.floats(0.05, 10)
patiences = st.floats(0.01, 100)
agents = st.integers(1, 120)
withins = st.floats(0, 5)
zeros = st.sampled_from([0.0, 0.05, 0.5])


@calm
@given(rates, services, agents, patiences, zeros, st.one_of(st.none(), st.integers(0, 40)), withins)
def test_measures_are_shares_and_add_up(rate, service, n, patience, p_zero, places, within):
    queue = th.mmnk(rate, service, n, None if places is None else n + places, patience, p_zero)
    assert queue.p_answered + queue.p_abandon + queue.p_block == pytest.approx(1, rel=1e-11)
    for name in th.QueueMeasures.__dataclass_fields__:
        value = getattr(queue, name)
        assert value is None or (math.isfinite(value) and value >= 0), name
    assert 0 <= queue.occupancy <= 1 + 1e-12
    levels = [getattr(queue, rule)(within) for rule in ("sl_offered", "sl_entered", "sl_served")]
    assert levels[0] <= levels[1] + 1e-12
    assert levels[1] <= levels[2] + 1e-12
    for rule in ("sl_offered", "sl_entered", "sl_served", "sl_excl_short_ab", "sl_all_le"):
        assert 0 <= getattr(queue, rule)(within) <= 1
        if rule != "sl_excl_short_ab":
            assert getattr(queue, rule)(within) <= getattr(queue, rule)(within + 0.5) + 1e-12
    assert queue.sl_excl_short_ab(within, short=0.0) <= queue.sl_excl_short_ab(within) + 1e-12


@calm
@given(rates, services, agents, patiences, withins)
def test_one_more_agent_never_hurts(rate, service, n, patience, within):
    few, more = th.erlang_a(rate, service, n, patience), th.erlang_a(rate, service, n + 1, patience)
    assert more.p_abandon <= few.p_abandon * (1 + 1e-10)
    assert more.p_wait <= few.p_wait * (1 + 1e-10)
    assert more.mean_wait_answered <= few.mean_wait_answered * (1 + 1e-10)
    assert more.sl_offered(within) >= few.sl_offered(within) - 1e-12
    assert th.erlang_b(rate, service, n + 1).p_block <= th.erlang_b(rate, service, n).p_block


@calm
@given(rates, services, agents, st.floats(1.01, 1.5))
def test_more_load_never_helps(rate, service, n, growth):
    assert th.erlang_b(rate * growth, service, n).p_block >= th.erlang_b(rate, service, n).p_block
    if rate * growth * service < n:
        assert th.erlang_c(rate * growth, service, n).p_wait >= th.erlang_c(rate, service, n).p_wait


@calm
@given(rates, services, st.floats(0.01, 0.99), withins, st.one_of(st.none(), patiences))
def test_fewest_agents_for_a_service_level_are_the_fewest(rate, service, target, within, patience):
    n = th.agents_for_service_level(rate, service, target, within, patience=patience)

    def level(count):
        if patience is None:
            return th.erlang_c(rate, service, count).sl_offered(within) if rate * service < count else 0.0
        return th.erlang_a(rate, service, count, patience).sl_offered(within)

    assert level(n) >= target
    assert n == 1 or level(n - 1) < target


@calm
@given(rates, services, st.floats(1e-4, 0.5), patiences)
def test_fewest_agents_for_other_goals_are_the_fewest(rate, service, goal, patience):
    n = th.agents_for_abandonment(rate, service, goal, patience=patience)
    assert th.erlang_a(rate, service, n, patience).p_abandon <= goal
    assert n == 1 or th.erlang_a(rate, service, n - 1, patience).p_abandon > goal
    n = th.agents_for_blocking(rate, service, goal)
    assert th.erlang_b(rate, service, n).p_block <= goal * (1 + 1e-12)
    assert n == 1 or th.erlang_b(rate, service, n - 1).p_block > goal * (1 - 1e-12)
    n = th.agents_for_mean_wait(rate, service, goal)
    assert th.erlang_c(rate, service, n).mean_wait_offered <= goal
    assert rate * service >= n - 1 or th.erlang_c(rate, service, n - 1).mean_wait_offered > goal


def test_known_staffing():
    assert th.agents_for_service_level(100 / 30, 3, 0.8, 0.33) == 14
    assert th.agents_for_service_level(100 / 30, 3, 0.8, 0.33, max_occupancy=0.7) == 15
    with_patience = th.agents_for_service_level(100 / 30, 3, 0.8, 0.33, patience=5)
    assert with_patience == th.agents_for_service_level(100 / 30, 3, 0.8, 0.33, patience=th.Exponential(5)) == 13
    assert th.agents_for_service_level(100 / 30, 3, 0.8, 0.33, patience=5, rule="sl_all_le") <= 13
    assert th.agents_for_mean_wait(100 / 30, 3, 0.1, patience=5, measure="mean_wait_answered") == 14
    assert th.agents_for_blocking(0, 1, 0.01) == 1
    assert th.agents_for_blocking(20, 1, 0.01) == 30
    assert th.agents_for_service_level(0, 1, 0.9, 0) == 1
    large = th.agents_for_service_level(4000, 1, 0.8, 1 / 3, patience=th.Lognormal(2, 1))
    assert 3500 < large < 4000


def test_limited_lines_may_forbid_a_goal():
    assert th.agents_for_service_level(100 / 30, 3, 0.8, 1 / 3, lines=20, p_zero=0.1) == 13
    with pytest.raises(ValueError, match="cannot be met with 8 agents"):
        th.agents_for_service_level(100 / 30, 3, 0.8, 1 / 3, lines=8)
    with pytest.raises(ValueError, match="cannot be met with 5 agents"):
        th.fewest_agents(lambda n: th.erlang_b(9, 1, n), lambda queue: queue.p_block < 0.01, most=5)


def test_shrinkage_rounds_up_but_not_by_rounding_errors():
    assert th.scheduled_agents(14, 0.3) == 20
    assert th.scheduled_agents(15, 0.3) == 22
    assert th.scheduled_agents(21, 0.3) == 30
    assert th.scheduled_agents(0, 0.3) == 0
    assert th.scheduled_agents(7, 0) == 7
    with pytest.raises(ValueError, match="shrinkage"):
        th.scheduled_agents(7, 1.0)


def test_an_occupancy_on_the_limit_is_within_it() -> None:
    assert th.agents_for_service_level(5.4 / 240, 240, 0.8, 20, max_occupancy=0.6) == 9
    assert th.agents_for_service_level(5.4001 / 240, 240, 0.8, 20, max_occupancy=0.6) == 10


def test_agents_by_interval_for_one_goal_and_for_two():
    """Rates, times and answers of two planners' tables by half hour, each interval in a steady state of its own."""

    def in_time(found):
        return found.sl_offered(1 / 3) >= 0.8

    day = [1.2, 3.4, 6.1, 7.3, 4.2, 2.0]
    made = th.agents_by_interval(lambda rate, n: th.erlang_a(rate, 4.0, n, 2.5), day, in_time)
    assert made == [7, 16, 27, 31, 19, 10]

    def few_wait_or_leave(found):
        return found.sl_offered(0.5) >= 0.85 and found.p_abandon <= 0.03

    made = th.agents_by_interval(
        lambda rate, n: th.erlang_a(rate, 5.0, n, 3.0), [2.1, 5.2, 8.8, 0.0, 3.3], few_wait_or_leave
    )
    assert made == [15, 31, 49, 0, 21]
    with pytest.raises(ValueError, match=r"rates\[1\]"):
        th.agents_by_interval(lambda rate, n: th.erlang_a(rate, 5.0, n, 3.0), [2.1, -1.0], in_time)
