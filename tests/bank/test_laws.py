"""Estimators against worked examples, mirror images and laws that are known."""

import numpy as np
import pytest
from bank_laws import (
    cdf_slices,
    day_factor_cv,
    kaplan_meier,
    left_censored_cdf,
    median,
    patience_quantiles,
    sample_slices,
    survival,
    tail_rate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

TIMES = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60)

# Freireich et al. 1963, weeks of remission under 6-MP; the worked example of Kaplan-Meier in most textbooks.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_kaplan_meier_gives_the_textbook_curve() -> None:
    at, left = kaplan_meier(WEEKS, SEEN)
    assert at.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert left == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert survival((at, left), 5.9) == 1.0
    assert survival((at, left), 15) == pytest.approx(0.690, abs=5e-4)
    assert median((at, left)) == 23


def test_a_curve_that_stays_above_a_half_has_no_median() -> None:
    assert median(kaplan_meier([1, 5, 5], [1, 0, 0])) is None


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_without_censoring_it_is_the_share_still_there(times: list[int]) -> None:
    at, left = kaplan_meier(times, np.ones(len(times)))
    assert left == pytest.approx([np.mean(np.array(times) > t) for t in at], abs=1e-9)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(TIMES.filter(lambda rows: any(seen for _, seen in rows)))
def test_left_censoring_is_right_censoring_in_a_mirror(rows: list[tuple[int, bool]]) -> None:
    times, seen = (np.array(column) for column in zip(*rows, strict=True))
    at, below = left_censored_cdf(times, seen)
    assert np.all(np.diff(below) >= -1e-12)
    assert below[-1] == 1.0
    mirror_at, mirror_left = kaplan_meier(100 - times, seen)
    for t, share in zip(at[:-1], below[:-1], strict=True):
        following = at[np.searchsorted(at, t, side="right")]
        assert share == pytest.approx(survival((mirror_at, mirror_left), 100 - following), abs=1e-9)


def test_left_censored_times_give_back_their_law() -> None:
    rng = np.random.default_rng(1)
    away, next_call = rng.exponential(60, 40_000), rng.exponential(90, 40_000)
    at, below = left_censored_cdf(np.maximum(away, next_call), away > next_call)
    assert np.sum(np.diff(below, prepend=0.0) * at) == pytest.approx(60, rel=0.03)


def test_patience_of_censored_exponential_waits_is_exponential_all_the_way() -> None:
    rng = np.random.default_rng(2)
    patience, offered = rng.exponential(300, 40_000), rng.exponential(60, 40_000)
    law = patience_quantiles(np.minimum(patience, offered), patience < offered, 500, 120.0)
    assert np.all(np.diff(law) >= 0)
    assert law.mean() == pytest.approx(300, rel=0.06)
    assert np.median(law) == pytest.approx(300 * np.log(2), rel=0.06)
    assert tail_rate([130, 150, 180], [0, 1, 1], 120) == pytest.approx(2 / 100)


def test_a_lent_tail_is_used_where_nobody_hung_up_late() -> None:
    law = patience_quantiles([10, 20, 200, 300], [1, 0, 0, 0], 4, 180, 0.01)
    assert law[0] == 10
    assert law[1:] == pytest.approx(180 + np.log(0.75 / np.array([0.625, 0.375, 0.125])) / 0.01)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=80), st.integers(1, 50))
def test_slices_keep_the_mean_and_the_order(values: list[float], points: int) -> None:
    slices = sample_slices(values, points)
    assert len(slices) == points
    assert slices.mean() == pytest.approx(np.mean(values), abs=1e-6)
    assert np.all(np.diff(slices) >= -1e-6)


def test_slices_of_a_step_law() -> None:
    assert cdf_slices(np.array([1.0, 9.0]), np.array([0.75, 1.0]), 2) == pytest.approx([1.0, 5.0])


def test_the_day_factor_is_what_poisson_does_not_explain() -> None:
    assert day_factor_cv([100, 100, 100]) == 0.0
    counts = np.array([60.0, 140.0] * 50)
    assert day_factor_cv(counts) == pytest.approx(np.sqrt(counts.var(ddof=1) - 100) / 100)
    rng = np.random.default_rng(3)
    days = rng.poisson(1000 * rng.gamma(100, 1 / 100, 20_000))
    assert day_factor_cv(days) == pytest.approx(0.1, rel=0.03)
