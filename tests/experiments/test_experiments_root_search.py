"""Root searches on functions whose root is known, with noise that is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import numpy as np
import pytest

from ccsim.experiments.root_search import FoundRoot, Gap, RootSearch
from ccsim.special_functions import stdtrit

Function = Callable[[float], float]


class Noisy:
    """A function of a part, seen in replications: common noise, and noise that grows along the range."""

    def __init__(self, function: Function, common: float, own: float, seed: int) -> None:
        self.function, self.spent = function, 0
        rng = np.random.default_rng(seed)
        self.common, self.own = rng.normal(size=100_000) * common, rng.normal(size=100_000) * own

    def __call__(self, parts: Sequence[Fraction], replications: int) -> Iterable[Gap]:
        for part in parts:
            x = float(part)
            each = self.function(x) + self.common[:replications] + x * self.own[:replications]
            self.spent += replications
            half = float(each.std(ddof=1) / np.sqrt(replications) * -stdtrit(replications - 1, 0.025))
            yield Gap(part, replications, float(each.mean()), float(each.mean()) - half, float(each.mean()) + half)


def searched(function: Function, *, common: float = 0.0, own: float = 0.0, seed: int = 1, most: int = 4000,
             precision: float = 0.01, steps: int | None = None) -> FoundRoot:  # fmt: skip
    return RootSearch(Noisy(function, common, own, seed), 10, most, Fraction(precision), steps).find()


@pytest.mark.parametrize(
    ("function", "root"),
    [
        (lambda x: x - 0.37, 0.37),
        (lambda x: 0.62 - x, 0.62),
        (lambda x: x**3 - 0.2, 0.2 ** (1 / 3)),
        (lambda x: np.exp(4 * x) - 2, np.log(2) / 4),
        (lambda x: 0.03 - x, 0.03),
    ],
    ids=["up", "down", "cubic", "steep", "near an end"],
)
def test_without_noise_the_root_is_found_in_a_few_looks(function: Function, root: float) -> None:
    noisy = Noisy(function, 0, 0, 1)
    found = RootSearch(noisy, 2, 100, Fraction(1, 1000)).find()
    assert (found.outcome, found.precise, found.replications) == ("root", True, 2)
    assert float(found.root or 0) == pytest.approx(root, abs=1e-3)
    assert noisy.spent <= 2 * 40


@pytest.mark.parametrize(
    ("function", "root"),
    [(lambda x: x - 0.4, 0.4), (lambda x: 2 - np.exp(2 * x), np.log(2) / 2)],
    ids=["line", "curve"],
)
def test_intervals_of_roots_hold_them_as_often_as_they_say(function: Function, root: float) -> None:
    found = [searched(function, common=0.25, own=0.1, seed=seed, precision=0.02) for seed in range(200)]
    assert {one.outcome for one in found} == {"root"}
    inside = [float(one.low or 0) <= root <= float(one.high or 0) for one in found]
    assert sum(inside) >= 200 * 0.95 - 3 * np.sqrt(200 * 0.95 * 0.05)
    assert np.mean([one.precise for one in found]) > 0.9
    assert abs(np.mean([float(one.root or 0) for one in found]) - root) < 0.003


def test_more_precision_takes_more_replications_and_a_cap_is_said() -> None:
    rough = searched(lambda x: x - 0.4, common=0.5, precision=0.1)
    fine = searched(lambda x: x - 0.4, common=0.5, precision=0.02, most=20_000)
    assert rough.replications < fine.replications
    assert rough.precise
    assert fine.precise
    capped = searched(lambda x: x - 0.4, common=0.5, precision=0.001, most=200)
    assert (capped.outcome, capped.precise, capped.replications) == ("root", False, 200)


def test_whole_numbers_answer_with_both_neighbours() -> None:
    found = searched(lambda x: x - 0.456, common=0.05, steps=20)
    assert (found.outcome, found.low, found.high, found.precise) == (
        "neighbours",
        Fraction(9, 20),
        Fraction(10, 20),
        True,
    )
    wide = searched(lambda x: x - 0.5, common=0.5, steps=20, most=40)
    assert (wide.outcome, wide.precise) == ("neighbours", False)
    assert wide.low is not None
    assert wide.high is not None
    assert wide.low < Fraction(1, 2) < wide.high
    exact = searched(lambda x: x - 0.5, steps=20)
    assert (exact.outcome, exact.root) == ("root", Fraction(1, 2))


def test_a_jump_is_no_root() -> None:
    found = searched(lambda x: -1.0 if x < 0.3 else 1.0, common=0.1)
    assert (found.outcome, found.precise) == ("jump", True)
    assert float(found.low or 0) < 0.3 <= float(found.high or 0)


@pytest.mark.parametrize(
    ("function", "common", "outcome"),
    [
        (lambda x: x + 0.2, 0.1, "no change"),
        (lambda x: -1 - x, 0.1, "no change"),
        (lambda x: x, 0.1, "too noisy"),
        (lambda x: x - 0.5, 30.0, "too noisy"),
        (lambda x: (x - 0.4) ** 2 - 0.03, 0.01, "several"),
    ],
)
def test_why_there_is_no_answer(function: Function, common: float, outcome: str) -> None:
    found = searched(function, common=common, most=200)
    assert (found.outcome, found.root) == (outcome, None)


def test_what_goes_back_is_said() -> None:
    assert searched(lambda x: x - 0.3 - 0.3 * (x > 0.6), common=0.01).turns
    assert not searched(lambda x: x - 0.3, common=0.01).turns


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_goes_in_steps_is_answered_by_two_points_and_few_replications(seed: int) -> None:
    """Ten people along the range; on the sixth step the mean is zero, which no replication ever decides: the answer is
    an interval that holds the step, and is found without the most replications.
    """

    def level(x: float) -> float:
        return math.floor(x * 10) - 5.0

    noisy = Noisy(level, 0.5, 0.2, seed)
    found = RootSearch(noisy, 10, 4000, Fraction(1, 100), followed=lambda part: math.floor(part * 10)).find()
    assert (found.outcome, found.precise) == ("steps", True)
    low, high = float(found.low or 0), float(found.high or 0)
    assert 0.49 <= low < 0.5 < 0.6 <= high <= 0.61
    assert found.replications < 100
    shifted = Noisy(lambda x: level(x) + 0.5, 0.1, 0.05, seed)  # no step is zero: it changes at one of them
    found = RootSearch(shifted, 10, 4000, Fraction(1, 100), followed=lambda part: math.floor(part * 10)).find()
    assert (found.outcome, found.precise) == ("steps", True)
    assert 0.49 <= float(found.low or 0) < 0.5 <= float(found.high or 0) <= 0.51
