"""Service apart from the mix of work: what a variant does to the same work, and what other work adds to that.

A KPI over everything is a mean over its queues, weighted by their contacts. A variant that adds a market, or moves
contacts to another channel, changes the weights, and so the KPI, even where every contact is served as before. Direct
standardisation takes that out: the variant's queues with the weights that they have in the base, against the base;
the rest of the difference is the mix. Queues are matched by name; those that only one of the two has are other work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.paired import Confidence, Difference, difference_of

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Work:
    """What a ratio of queues is made of, queue by queue."""

    names: Sequence[str]
    """Names of the queues that count."""
    tops: Matrix
    """Shape [queues, replications], in the KPI's unit times the bottoms."""
    bottoms: Matrix
    """Shape [queues, replications]."""


@dataclass(frozen=True, slots=True)
class Mix:
    """A difference in two parts, which add up to it."""

    same_work: Difference
    """Of the queues that both have, weighted as in the base."""
    mix: Difference
    """The rest: other weights, and queues that only one of them has."""
    new_work: float | None
    """The KPI of the queues that have contacts in the variant only; None without any."""


def mix_of(base: Work, variant: Work, confidence: Confidence) -> Mix | None:
    """Part a difference into that of the same work and that of the mix; None where they share no work.

    Both rest on the same n >= 2 replications. The weights are estimated, and their spread is in the intervals: each
    replication moves a part by the derivative of its formula (the delta method).
    """
    at = {name: i for i, name in enumerate(variant.names)}
    pairs = [(i, at[name]) for i, name in enumerate(base.names) if name in at]
    ours = np.array([i for i, _ in pairs], dtype=np.int64)
    theirs = np.array([j for _, j in pairs], dtype=np.int64)
    counted = (base.bottoms[ours].sum(axis=1) != 0) & (variant.bottoms[theirs].sum(axis=1) != 0)
    ours, theirs = ours[counted], theirs[counted]
    n = base.tops.shape[1]
    if not len(ours) or n < 2:
        return None
    rates, drifts = _rates(base.tops[ours], base.bottoms[ours])
    others, moved = _rates(variant.tops[theirs], variant.bottoms[theirs])
    weights = base.bottoms[ours].sum(axis=1)
    whole = weights.sum()
    apart = others - rates
    same = float(weights @ apart / whole)
    moves = n * ((weights[:, None] * (moved - drifts)).sum(axis=0) / whole + _of_weights(base.bottoms[ours], apart))
    first, first_moves = _rates(base.tops.sum(axis=0)[None], base.bottoms.sum(axis=0)[None])
    last, last_moves = _rates(variant.tops.sum(axis=0)[None], variant.bottoms.sum(axis=0)[None])
    rest = float(last[0] - first[0]) - same
    zero = np.zeros(n)
    return Mix(
        difference_of(float(first[0]), float(first[0]) + same, zero, moves, confidence),
        difference_of(
            float(first[0]), float(first[0]) + rest, zero, n * (last_moves - first_moves)[0] - moves, confidence
        ),
        _new_work(variant, {base.names[i] for i in np.flatnonzero(base.bottoms.sum(axis=1)).tolist()}),
    )


def _rates(tops: Matrix, bottoms: Matrix) -> tuple[Matrix, Matrix]:
    """Ratios of the sums, shape [queues], and how each replication moves them, shape [queues, replications]."""
    whole = bottoms.sum(axis=1)
    rates = tops.sum(axis=1) / whole
    return rates, (tops - rates[:, None] * bottoms) / whole[:, None]


def _of_weights(bottoms: Matrix, apart: Matrix) -> Matrix:
    """How each replication moves a weighted mean by its weights, shape [replications]."""
    whole = bottoms.sum()
    mean = bottoms.sum(axis=1) @ apart / whole
    made: Matrix = ((apart - mean)[:, None] * bottoms).sum(axis=0) / whole
    return made


def _new_work(variant: Work, known: set[str]) -> float | None:
    new = [i for i, name in enumerate(variant.names) if name not in known]
    bottoms = float(variant.bottoms[new].sum())
    return float(variant.tops[new].sum()) / bottoms if bottoms else None
