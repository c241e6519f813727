"""The split of the variance between replications: what the inputs do, and what chance does."""

import numpy as np
import pytest

from ccsim.metrics.variance_split import split


def pairs(of_inputs: float, of_chance: float, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    inputs = rng.normal(0.0, np.sqrt(of_inputs), count)
    return tuple(inputs + rng.normal(0.0, np.sqrt(of_chance), count) for _ in range(2))  # type: ignore[return-value]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_linear_model_has_the_split_that_it_was_made_with(share: float) -> None:
    found = split(*pairs(share, 1 - share, 20_000, np.random.default_rng(3)))

    assert found.share == pytest.approx(
        share, abs=0.02
    )  # 3 standard errors of an intraclass correlation are 0.02 at most
    assert found.low is not None
    assert found.high is not None
    assert found.low < share < found.high


def test_intervals_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        found = split(*pairs(0.6, 0.4, 40, rng))
        held += found.low <= 0.6 <= found.high  # type: ignore[operator]

    assert 0.91 <= held / 400 <= 0.985  # 95 % less or more three standard errors


def test_intervals_hold_for_a_skewed_law() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(400):
        inputs = rng.gamma(2.0, 1.0, 80)  # variance 2
        found = split(*(inputs + rng.exponential(1.0, 80) for _ in range(2)))
        held += found.low <= 2 / 3 <= found.high  # type: ignore[operator]

    assert held / 400 >= 0.89


def test_poisson_calls_of_a_gamma_rate_split_as_theory_says() -> None:
    rng = np.random.default_rng(7)
    rate = rng.gamma(25.0, 4.0, 20_000)  # mean 100, variance 400: chance adds a variance of 100
    found = split(*(rng.poisson(rate) for _ in range(2)))

    assert found.share == pytest.approx(400 / 500, abs=0.02)


def test_what_is_below_0_is_told_as_0_and_said() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    found = split(x, -x + 7.0)  # the pairs have one mean all but for rounding

    assert found.share is None or found.share == 0.0
    again = split(x, -x + np.array([7.0, 7.1, 7.0, 7.0, 6.9, 7.0]))
    assert (again.share, again.low) == (0.0, 0.0)
    assert "below 0" in again.note


def test_what_cannot_be_split_says_why() -> None:
    same = np.full(8, 3.0)
    assert split(same, same).note == "the same in all replications"
    assert split(np.arange(8.0), np.arange(8.0)).share == 1.0
    assert "too few" in split([1.0, 2.0], [1.5, 2.5]).note
    unknown = split([np.nan] * 8, [1.0] * 8)
    assert (unknown.share, unknown.pairs, unknown.note) == (None, 0, "")
