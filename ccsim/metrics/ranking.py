"""The best of several alternatives, with a guarantee: sequential elimination on common random numbers.

The procedure of Kim and Nelson (A fully sequential procedure for indifference-zone selection in simulation, ACM
Transactions on Modeling and Computer Simulation 11, 2001, doi 10.1145/502109.502111), with their c = 1, which allows
common random numbers. It keeps an alternative until another one is ahead by more than a band that narrows with every
replication. Where the best is at least the *indifference zone* ahead of all others, it is chosen with the probability
asked for; where it is not, one that lies within that zone of the best is chosen with about that probability. The
guarantee is exact for normal differences that are independent from replication to replication.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is still in after some replications."""

    still_in: tuple[int, ...]
    """Places of the alternatives that may be the best, rising; never empty."""
    out_after: dict[int, int]
    """Replications after which an alternative was out, by place."""
    needed: int
    """Replications after which one is chosen at the latest."""
    chosen: int | None
    """Place of the one that is chosen; None while there are several."""
    replications: int
    """Those that the choice rests on."""


def select(
    values: NDArray[np.float64],
    *,
    first: int,
    zone: float,
    error: float,
    higher: bool,
    out: Mapping[int, int] | None = None,
    seen: int = 0,
) -> Selection:
    """Go through the replications one by one, and drop who cannot be the best any more.

    Parameters
    ----------
    values
        Shape [alternatives, replications]: a mean is sought of each row; two rows or more, `first` columns or more.
    first
        Replications from which the spread of the differences is estimated, >= 2.
    zone
        Indifference zone, > 0, in the unit of the values: the least difference that matters.
    error
        Chance of a wrong choice where the best is at least `zone` ahead, between 0 and 1 - 1 / alternatives.
    higher
        Whether more is better.
    out
        Those that are out already, by place, and after how many replications; their values beyond are not looked at.
    seen
        Replications that were gone through before.
    """
    rows = values if higher else -values
    alternatives, n = rows.shape
    eta = 0.5 * ((2.0 * error / (alternatives - 1)) ** (-2.0 / (first - 1)) - 1.0)
    squared = 2.0 * eta * (first - 1)
    spread = np.array([[_variance(a[:first] - b[:first]) for b in rows] for a in rows])
    bound = squared * spread / zone**2
    gone = dict(out or {})
    still = [place for place in range(alternatives) if place not in gone]
    needed = max(first, math.floor(float(bound[np.ix_(still, still)].max())) + 1)
    for r in range(max(first, seen + 1), min(n, max(needed, seen + 1)) + 1):
        means = rows[:, :r].sum(axis=1) / r
        band = np.maximum(zone / (2.0 * r) * (bound - r), 0.0)
        # all are held against those that were in before this replication
        losers = [i for i in still if any(means[i] < means[other] - band[i, other] for other in still if other != i)]
        for i in losers:
            still.remove(i)
            gone[i] = r
        if len(still) > 1 and r >= needed:
            best = max(still, key=lambda i: (means[i], -i))
            gone.update({i: r for i in still if i != best})
            still = [best]
        if len(still) == 1:
            return Selection(tuple(still), gone, needed, still[0], r)
    return Selection(tuple(still), gone, needed, None, n)


def _variance(differences: NDArray[np.float64]) -> float:
    return float(differences.var(ddof=1))


def named(selection: Selection, names: Sequence[str]) -> str:
    """Who was out after how many replications, in a sentence's part; empty if nobody was."""
    found = sorted(selection.out_after.items(), key=lambda one: (one[1], one[0]))
    return ", ".join(f"{names[place]} after {after:,}" for place, after in found)
