"""What no queue can have is refused, with its name, what was expected and what was found."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from ccsim import theory as th

BAD_NUMBERS = (-1, math.nan, math.inf, 1e308, "3", None, True)


@pytest.mark.parametrize("bad", BAD_NUMBERS)
@pytest.mark.parametrize("position", [0, 1])
@pytest.mark.parametrize("formula", [th.erlang_b, th.erlang_c, th.mdn, th.mmnk], ids=lambda f: f.__name__)
def test_rates_and_times_are_checked(formula, position, bad):
    arguments = [1.0, 1.0, 3]
    arguments[position] = bad
    with pytest.raises(ValueError, match="expected a finite number"):
        formula(*arguments)


@pytest.mark.parametrize("bad", [0, -2, 1.5, 12.0, "3", None, True, 10**9])
def test_agents_are_whole_and_at_least_one(bad):
    for formula in (th.erlang_b, th.erlang_c, th.mdn, th.mmnk):
        with pytest.raises(ValueError, match="agents: expected a whole number from 1"):
            formula(1.0, 1.0, bad)


def test_all_faults_come_at_once():
    with pytest.raises(ValueError, match="arrival_rate") as fault:
        th.mmn_g(-1, 0, 0, th.Exponential(1), p_zero=2)
    assert [line.split(":")[0] for line in str(fault.value).splitlines()] == [
        "arrival_rate",
        "mean_service",
        "agents",
        "p_zero",
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: th.erlang_c(10, 1, 10), "agents: expected more than the load of 10, got 10"),
        (lambda: th.erlang_c(11, 1, 10), "would never end"),
        (lambda: th.delay_probability(3, 3), "would never end"),
        (lambda: th.blocking_probability(-1, 3), "offered_load"),
        (lambda: th.mmnk(10, 1, 10), "would never end"),
        (lambda: th.mmnk(12, 1, 10, p_zero=0.1), "would never end"),
        (lambda: th.erlang_a(1, 1, 1, 0), "mean_patience"),
        (lambda: th.mmnk(1, 1, 1, 1, math.nan), "mean_patience"),
        (lambda: th.mmnk(1, 1, 5, 4), "lines: expected a whole number from 5"),
        (lambda: th.mmnk(1, 1, 5, p_zero=-0.1), "p_zero: expected a share"),
        (lambda: th.mg1(1, 1, 2), "would never end"),
        (lambda: th.mg1(0.5, 1, 0.9), "second_moment: expected at least 1"),
        (lambda: th.mg1(0.5, 1, 2, 3), "third_moment: expected at least 4"),
        (lambda: th.mg1_priorities([0.5], [1, 1], [2, 2]), "as many entries"),
        (lambda: th.mg1_priorities([], [], []), "as many entries"),
        (lambda: th.mg1_priorities([0.5, 0.6], [1, 1], [2, 2]), "would never end"),
        (lambda: th.mg1_priorities([0.5, 0.1], [1, 1], [2, 0.5]), r"second_moments\[1\]"),
        (lambda: th.mmn_priorities([], 1, 3), "at least one class"),
        (lambda: th.mmn_priorities([1, -1], 1, 3), r"arrival_rates\[1\]"),
        (lambda: th.mdn(5, 1, 5), "would never end"),
        (lambda: th.Uniform(2, 1), "high: expected more than low"),
        (lambda: th.Weibull(1, 0.01), "shape: expected a number from 0.05 to 1000"),
        (lambda: th.Gamma(1, 0), "shape: expected a number from 0.01"),
        (lambda: th.Hyperexponential(1.5, 1, 1), "p: expected a share"),
        (lambda: th.Lognormal(0, 0), "mean: .*\ncv:"),
        (lambda: th.FromSurvival(lambda x: x, 1.0), "tail: expected a share"),
        (lambda: th.FromSurvival(lambda x: 1 - np.exp(-x), 1.0), "never rises"),
        (lambda: th.FromSurvival(lambda x: np.exp(-x), 1.0, corners=(-1.0,)), "corners"),
        (lambda: th.agents_for_service_level(1, 1, 1.0, 1), "target"),
        (lambda: th.agents_for_service_level(1, 1, 0.8, 1, rule="sl"), "rule: expected one of sl_offered"),
        (lambda: th.agents_for_service_level(1, 1, 0.8, 1, patience=-1.0), "patience"),
        (lambda: th.agents_for_mean_wait(1, 1, 0), "at_most"),
        (lambda: th.agents_for_mean_wait(1, 1, 1, measure="asa"), "measure: expected one of"),
        (lambda: th.agents_for_abandonment(1, 1, 0, patience=1), "at_most"),
        (lambda: th.agents_for_blocking(-1, 1, 0.1), "arrival_rate"),
    ],
)
def test_impossible_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_thresholds_and_shares_are_checked():
    for queue in (th.erlang_b(1, 1, 2), th.erlang_c(1, 1, 2), th.erlang_a(1, 1, 2, 1)):
        for bad in (-1, math.nan, math.inf):
            with pytest.raises(ValueError, match="within"):
                queue.sl_offered(bad)
        for bad in (0, 1, math.nan):
            with pytest.raises(ValueError, match="share"):
                queue.wait_percentile(bad)


def test_results_are_frozen_plain_numbers():
    queue = th.mmn_g(np.float64(3), np.int64(1), np.int64(2), th.Exponential(1), p_zero=np.float64(0))
    for name in th.QueueMeasures.__dataclass_fields__:
        assert type(getattr(queue, name)) in (int, float), name
    with pytest.raises(dataclasses.FrozenInstanceError):
        queue.p_wait = 0.0
    assert queue == th.mmn_g(3, 1, 2, th.Exponential(1))
    assert len(repr(queue)) < 1000


def test_public_names():
    assert sorted(th.__all__) == th.__all__
    for name in th.__all__:
        assert getattr(th, name).__doc__, name
