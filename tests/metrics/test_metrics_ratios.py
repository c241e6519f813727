import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from ccsim.metrics import ratios as made_of
from ccsim.metrics.confidence import reaches, student
from ccsim.metrics.ratios import ratio_moves, ratios


def one(x, y, scale="logit", level=0.95, **how):
    made = ratios(np.array([x], dtype=float), np.array([y], dtype=float), level, scale, **how)
    return {name: getattr(made, name)[0] for name in made.__slots__}


def test_the_interval_of_a_share_by_hand():
    """Pseudo-values of the logit, their mean square and skewness, Hall's ends, mapped back."""
    x, y = np.array([8, 15, 9, 20, 11, 13]), np.array([10, 20, 16, 21, 15, 14])
    n, whole = 6, special.logit(76 / 96)
    pseudo = [n * whole - (n - 1) * special.logit((76 - a) / (96 - b)) for a, b in zip(x, y, strict=True)]
    error = stats.sem(pseudo)
    below, above = reaches(student(0.95, n), stats.skew(pseudo, bias=False), n)
    found = one(x, y)
    assert found["estimate"] == 76 / 96
    assert found["low"] == pytest.approx(special.expit(whole - below * error))
    assert found["high"] == pytest.approx(special.expit(whole + above * error))
    assert found["how"] == "jackknife of the logit"


def test_on_the_plain_scale_with_equal_denominators_it_is_the_mean_with_its_standard_error():
    x = np.array([3.0, 5.0, 8.0, 4.0, 5.5])
    for method in ("jackknife", "delta"):
        found = one(x, np.full(5, 2.0), "plain", method=method)
        assert found["error"] == pytest.approx(stats.sem(x / 2))
        below, above = reaches(student(0.95, 5), stats.skew(x, bias=False), 5, 2.0)
        assert found["high"] == pytest.approx(x.mean() / 2 + above * stats.sem(x / 2))
        assert found["low"] == pytest.approx(x.mean() / 2 - below * stats.sem(x / 2))


def test_the_delta_method_by_hand():
    moved = ratio_moves(np.array([[1.0, 2.0]]), np.array([[2.0, 2.0]]), "delta")
    assert moved.errors()[0] == pytest.approx(math.sqrt(2 * (0.5**2 + 0.5**2)) / 4)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.integers(2, 30), st.integers(0, 10_000), st.floats(0.001, 1000), st.sampled_from(["logit", "log"]))
def test_the_interval_depends_on_neither_order_nor_unit_and_stays_within_bounds(n, seed, unit, scale):
    rng = np.random.default_rng(seed)
    y = rng.integers(1, 50, n).astype(float)
    x = rng.binomial(y.astype(int), rng.choice([0.02, 0.7, 0.98])).astype(float)
    counted = "share" if scale == "logit" else ""
    order, factor = rng.permutation(n), unit if scale == "log" else 1.0
    a, b = one(x, y, scale, counted=counted), one(x[order] * factor, y[order], scale, counted=counted)
    for name in ("estimate", "low", "high", "error"):
        assert a[name] * factor == pytest.approx(b[name], rel=1e-9, abs=1e-12)
    assert a["has_interval"] == b["has_interval"]
    if a["has_interval"]:
        assert 0 <= a["low"] <= a["estimate"] <= a["high"]
        assert scale == "log" or a["high"] <= 1
        if 0 < a["estimate"] < 1 and a["error"]:
            assert a["low"] < a["estimate"] < a["high"]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.integers(2, 30), st.integers(0, 10_000))
def test_a_share_and_its_complement_have_the_same_interval(n, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(1, 50, n).astype(float)
    x = rng.binomial(y.astype(int), 0.1).astype(float)
    a, b = one(x, y, counted="share"), one(y - x, y, counted="share")
    assert (a["low"], a["high"]) == (pytest.approx(1 - b["high"], abs=1e-9), pytest.approx(1 - b["low"], abs=1e-9))


def test_a_share_of_nothing_or_of_all_has_the_exact_bound():
    """No event in 400: as high as (1 - p)^400 = 2.5 %; the same from 1 downwards."""
    never, always = (one(np.array([0, 0, 0]) + k, [100, 200, 100], counted="share") for k in (0, [100, 200, 100]))
    assert (never["estimate"], never["low"], always["estimate"], always["high"]) == (0, 0, 1, 1)
    assert (1 - never["high"]) ** 400 == pytest.approx(0.025)
    assert 1 - always["low"] == pytest.approx(never["high"])
    assert (never["how"], always["how"]) == (made_of.NONE_SEEN, made_of.ALL_SEEN)


def test_a_rate_of_nothing_has_the_exact_bound():
    found = one([0, 0], [2.0, 2.0], "log", counted="rate")
    assert (found["low"], found["high"]) == (0, pytest.approx(-math.log(0.025) / 4))


def test_a_time_of_nothing_says_so():
    found = one([0, 0, 0], [5, 5, 5], "log")
    assert (found["low"], found["high"], found["error"]) == (0, 0, 0)
    assert found["note"] == made_of.NEVER_ANY
    assert one([5, 5], [5, 5])["note"] == made_of.ALWAYS_ALL


def test_the_same_in_every_replication_says_so():
    found = one([50, 50, 50], [100, 100, 100], counted="share")
    assert (found["low"], found["high"], found["how"]) == (0.5, 0.5, made_of.SAME)


def test_few_events_are_at_least_as_unsure_as_independent_ones():
    """All events in one replication: leaving it out leaves none, so the delta method stands in on the logit scale."""
    found = one([3, 0, 0, 0, 0], [100] * 5, counted="share")
    exact = stats.binomtest(3, 500).proportion_ci(0.95, method="exact")
    assert found["low"] <= exact.low < 0.006 < exact.high <= found["high"] < 1
    assert "at least exact" in found["how"]
    many = one([30, 20, 25, 18, 22], [100] * 5, counted="share")
    assert many["how"] == "jackknife of the logit"


@pytest.mark.parametrize(("events", "few"), [(9, True), (10, False)])
def test_few_are_fewer_than_ten_events_or_exceptions(events, few):
    x = np.array([events // 2, events - events // 2])
    for seen in (x, 500 - x):
        assert ("few events" in one(seen, [500, 500], counted="share")["how"]) is few or x[0] == x[1]


def test_replications_without_anything_to_divide_do_not_count():
    dense, sparse = one([3, 5, 4], [10, 12, 9]), one([3, 0, 5, 0, 0, 4], [10, 0, 12, 0, 0, 9])
    assert (dense["low"], dense["high"], dense["error"]) == (sparse["low"], sparse["high"], sparse["error"])
    alone = one([3, 0], [10, 0])
    assert (alone["known"], alone["has_interval"], alone["note"]) == (True, False, made_of.ONE_DIVIDES)
    paid = one([30.0, 30.0, 30.0], [0, 4, 0], "log")
    assert (paid["estimate"], paid["has_interval"], paid["note"]) == (22.5, False, made_of.ONE_DIVIDES)


def test_what_cannot_be_divided_is_not_known_and_one_replication_has_no_interval():
    nothing = one([0, 0], [0, 0])
    assert (nothing["known"], nothing["has_interval"], nothing["estimate"]) == (False, False, 0)
    single = one([1], [2])
    assert (single["known"], single["has_interval"], single["note"]) == (True, False, "")


def test_two_replications_have_students_interval_on_the_scale():
    found = one([40, 60], [100, 100])
    error = abs(special.logit(0.4) - special.logit(0.6)) / 2
    assert found["high"] == pytest.approx(special.expit(student(0.95, 2) * error))
    assert found["low"] == pytest.approx(1 - found["high"])


def test_an_interval_that_would_say_nothing_is_left_out():
    found = one([1, 50], [10, 10], "log")
    assert (found["has_interval"], found["note"]) == (False, made_of.TOO_FAR)


def test_what_lies_outside_the_bounds_of_its_scale_is_made_on_the_plain_one():
    """A shrinkage below 0 is possible: signed in for longer than paid."""
    found = one([-3, 2, -4, -1, -2], [10, 10, 10, 10, 10])
    assert found["low"] < found["estimate"] < found["high"]
    assert (found["estimate"], found["how"]) == (pytest.approx(-0.16), "jackknife")


@pytest.mark.parametrize("n", [5, 10, 20])
def test_a_skewed_share_is_covered_on_both_sides(n):
    """Day factors make most days calm and few very bad: lognormal shares of a mean of 3 %."""
    rng, trials = np.random.default_rng(n), 2000
    y = rng.poisson(300 * rng.gamma(12, 1 / 12, (trials, n)))
    x = rng.binomial(y, np.minimum(0.03 * rng.lognormal(-0.5, 1, (trials, n)), 1)).astype(float)
    made = ratios(x, y.astype(float), 0.95, "logit", counted="share")
    above, below = (made.low > 0.03).mean(), (made.high < 0.03).mean()
    allowed = 3 * math.sqrt(0.05 * 0.95 / trials)
    assert 0.05 + 0.02 + allowed > above + below > 0.05 - 0.02 - allowed
    assert max(above, below) < 0.06 + allowed
