"""The best of several alternatives: the right one is chosen as often as promised, and no later than it must be."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.metrics.ranking import select

FIRST = 20
ERROR = 0.05
REPEATS = 1_000


def replications(
    rng: np.random.Generator, means: list[float], spreads: list[float], common: float
) -> NDArray[np.float64]:
    """Normal values of alternatives that share a part of their noise, 600 replications of each."""
    own = rng.normal(size=(len(means), 600)) * np.array(spreads)[:, None]
    return np.array(means)[:, None] + own + common * rng.normal(size=(1, 600))


@pytest.mark.parametrize(
    ("means", "spreads", "common"),
    [
        ([0.0, 1.0], [2.0, 2.0], 0.0),
        ([0.0, 1.0, 1.0, 1.0], [1.0, 2.0, 1.5, 3.0], 4.0),
        ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [2.0] * 6, 1.0),
    ],
)
@pytest.mark.parametrize("higher", [False, True])
def test_the_best_is_chosen_as_often_as_promised(
    means: list[float], spreads: list[float], common: float, higher: bool
) -> None:
    """The best is one zone ahead, the least favourable case: wrong in at most 5 % of the choices."""
    rng = np.random.default_rng(7)
    sign = -1.0 if higher else 1.0
    chosen = [
        select(
            sign * replications(rng, means, spreads, common), first=FIRST, zone=1.0, error=ERROR, higher=higher
        ).chosen
        for _ in range(REPEATS)
    ]
    assert None not in chosen
    wrong = np.mean([one != 0 for one in chosen])
    assert wrong <= ERROR + 2.0 * (ERROR * (1 - ERROR) / REPEATS) ** 0.5


def test_common_noise_costs_no_replications() -> None:
    needed = []
    for common in (0.0, 30.0):
        rng = np.random.default_rng(3)
        made = [
            select(
                replications(rng, [0.0, 1.0, 1.5], [2.0] * 3, common), first=FIRST, zone=0.5, error=ERROR, higher=False
            )
            for _ in range(100)
        ]
        needed.append([one.replications for one in made])
    assert needed[0] == needed[1]


def test_who_is_far_behind_is_out_sooner() -> None:
    rng = np.random.default_rng(5)
    out: dict[int, list[int]] = {1: [], 2: [], 3: []}
    for _ in range(100):
        made = select(
            replications(rng, [0, 0.3, 1, 4], [2.0] * 4, 0.0), first=FIRST, zone=0.3, error=ERROR, higher=False
        )
        for place, after in made.out_after.items():
            if place in out:
                out[place].append(after)
    near, middle, far = (np.mean(out[place]) for place in (1, 2, 3))
    assert far < middle < near


def test_more_replications_change_nothing_of_what_was_decided() -> None:
    values = replications(np.random.default_rng(11), [0.0, 0.4, 0.5, 2.0], [2.0] * 4, 1.0)
    whole = select(values, first=FIRST, zone=0.4, error=ERROR, higher=False)
    assert whole.chosen is not None
    for n in range(FIRST, 600, 7):
        made = select(values[:, :n], first=FIRST, zone=0.4, error=ERROR, higher=False)
        assert made.out_after == {place: r for place, r in whole.out_after.items() if r <= n}
        assert made.chosen == (whole.chosen if n >= whole.replications else None)
        assert whole.chosen in made.still_in


def test_alternatives_without_noise_are_told_apart_at_once_and_the_first_of_equals_is_chosen() -> None:
    values = np.array([[5.0] * 25, [3.0] * 25, [3.0] * 25])
    made = select(values, first=FIRST, zone=0.1, error=ERROR, higher=False)
    assert made.chosen == 1
    assert made.replications == FIRST
    assert made.out_after == {0: FIRST, 2: FIRST}
    assert select(values, first=FIRST, zone=0.1, error=ERROR, higher=True).chosen == 0


def test_a_choice_comes_at_the_latest_when_it_said() -> None:
    """Equal means: nobody is out early, and after `needed` replications one of them is chosen."""
    values = replications(np.random.default_rng(2), [0.0] * 3, [1.0] * 3, 0.0)
    made = select(values, first=FIRST, zone=0.5, error=ERROR, higher=False)
    assert made.chosen is not None
    assert FIRST <= made.replications <= made.needed <= 600
    assert select(values[:, : made.replications - 1], first=FIRST, zone=0.5, error=ERROR, higher=False).chosen is None
