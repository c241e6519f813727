"""Sobol indices: which share of a result's variance is due to which input, alone and with all others.

First order: Var(E[Y | X_i]) / Var(Y). Total: 1 - Var(E[Y | all but X_i]) / Var(Y). Inputs are independent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
LEVEL: Final = 0.95
"""Confidence level of each interval for itself."""
EVEN: Final = 4096
"""Points from which on the samples are a Sobol sequence. Of fewer, pairs of its dimensions may lie on few lines: what
two inputs do together is then taken for what one does, in all rows alike, and no interval from the rows knows of it."""


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """An index with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """How the variance of a result splits among its inputs, and what is noise beside it."""

    mean: float
    variance: float
    """Of the inputs alone: the noise of the replications is taken out."""
    first: tuple[VarianceShare, ...]
    """First-order index of each input; empty where the result does not move beyond its noise."""
    total: tuple[VarianceShare, ...]
    """Total index of each input."""
    noise: float
    """Variance of one replication around the mean at a point, averaged over the points; 0 for a plain function."""
    points: int
    """N: the design has N (inputs + 2) points."""

    @property
    def sd(self) -> float:
        """Standard deviation of the result over the inputs."""
        return float(np.sqrt(max(self.variance, 0.0)))


def saltelli_design(inputs: int, points: int, seed: int) -> Matrix:
    """Points of the unit cube, shape [inputs + 2, points, inputs]: samples A, B, A with a column of B each.

    A and B are the two halves of a sample in 2 x inputs dimensions (Saltelli, Computer Physics Communications 145,
    2002; Saltelli et al., same journal 181, 2010): a Latin hypercube, whose means vary by no more than those of N - 1
    independent points (Owen, Annals of Statistics 25, 1997); from `EVEN` points on, of which there is then a power of
    two, a scrambled Sobol sequence.
    """
    from scipy.stats import qmc

    rng = np.random.default_rng(seed)
    sample = qmc.LatinHypercube(2 * inputs, rng=rng) if points < EVEN else qmc.Sobol(2 * inputs, scramble=True, rng=rng)
    both = sample.random(points)
    a, b = both[:, :inputs], both[:, inputs:]
    made = np.repeat(a[None], inputs + 2, axis=0)
    made[1] = b
    for i in range(inputs):
        made[2 + i, :, i] = b[:, i]
    return made


def variance_split(values: Matrix, moves: Matrix | None = None, level: float = LEVEL) -> VarianceSplit:
    """Indices from the results at the points of `saltelli_design`.

    First order by Saltelli et al. (2010), B (A_B - A), or for an input with more than half of the variance by Jansen
    (Computer Physics Communications 117, 1999), (B - A_B)^2, which is the more exact one there; total by Jansen,
    (A - A_B)^2. Where results are means of replications, every product of two results has the noise that both share
    taken out: the sample covariance of their replications by their number, which leaves products of different
    replications alone. So noise is in no index, on common random numbers neither. Standard errors are jackknifed over
    the rows of the design, and over replications, and added up, with Student's law at the degrees of freedom of the sum
    (Satterthwaite, Biometrics Bulletin 2, 1946); of a Sobol sequence they are on the safe side.

    Parameters
    ----------
    values
        Results, shape [inputs + 2, N]; N >= 4.
    moves
        By how much each replication moves them, shape [inputs + 2, N, replications]: a row adds up to 0, and its
        squares divided by n (n - 1) are the squared standard error; the same replications at every point. None for a
        plain function.
    level
        Of each interval for itself.
    """
    mean = float(values[:2].mean())
    y = values - mean
    noise = 0.0
    n = 0 if moves is None else moves.shape[2]
    m = None
    if moves is not None and n > 1:
        noise = float((moves[:2] ** 2).sum(axis=2).mean() / (n - 1))
        noise = noise if noise > 1e-24 * mean * mean else 0.0  # rounding
        m = moves - moves[:2].mean(axis=(0, 1))
    both = _Products(y, m)
    variance, first, total = _indices(both.all(), both.rows)
    least = 1e-24 * max(mean * mean, float((values * values).max()))
    if variance <= least or not np.isfinite(variance):
        return VarianceSplit(mean, max(variance, 0.0), (), (), noise, both.rows)
    half_first, half_total = both.halves(level)
    every = range(len(total))
    pick = (total > 0.5).astype(int)  # not by the smaller error: an error that came out small would be taken for true
    firsts = [(first[pick[i], i], half_first[pick[i], i]) for i in every]
    totals = [(total[i], half_total[i]) for i in every]
    return VarianceSplit(mean, variance, _shares(firsts), _shares(totals), noise, both.rows)


def _shares(found: list[tuple[Any, Any]]) -> tuple[VarianceShare, ...]:
    return tuple(VarianceShare(float(one), float(one - half), float(one + half)) for one, half in found)


@dataclass(slots=True)
class _Products:
    """Products of results, row by row of the design: A A, B B, B A, then B A_B, A A_B, A_B A_B for each input."""

    y: Matrix
    m: Matrix | None
    shared: Matrix | None = field(init=False, default=None)
    """Sums over the replications of the products of their moves."""

    def __post_init__(self) -> None:
        if self.m is not None:
            self.shared = _products(self.m).sum(axis=2)

    @property
    def rows(self) -> int:
        return int(self.y.shape[1])

    def all(self) -> Matrix:
        """Shape [3 + 3 x inputs, N]."""
        made = _products(self.y)
        if self.m is not None and self.shared is not None:
            n = self.m.shape[2]
            made -= self.shared / (n * (n - 1))
        return made

    def without(self, r: int) -> Matrix:
        """The same without one of at least 3 replications."""
        assert self.m is not None
        assert self.shared is not None
        n, gone = self.m.shape[2], self.m[:, :, r]
        left = self.shared - _products(gone) * (n / (n - 1))
        made: Matrix = _products(self.y - gone / (n - 1)) - left / ((n - 1) * (n - 2))
        return made

    def halves(self, level: float) -> tuple[Matrix, Matrix]:
        """Half widths of intervals of first-order indices, shape [2 estimators, inputs], and of total ones."""
        rows, every = self.rows, self.all()
        left = (every.sum(axis=1, keepdims=True) - every) / (rows - 1)
        of_rows = [(rows - 1) * one.var(axis=-1) for one in _of_means(left, rows - 1)[1:]]
        n = 0 if self.m is None else self.m.shape[2]
        of_noise = [np.zeros_like(one) for one in of_rows]
        if n > 2:
            kept = [_indices(self.without(r), rows) for r in range(n)]
            of_noise = [(n - 1) * np.array([one[1 + place] for one in kept]).var(axis=0) for place in (0, 1)]
        first, total = (_half(a, rows - 1, b, n - 1, level) for a, b in zip(of_rows, of_noise, strict=True))
        return first, total


def _half(of_rows: Matrix, rows: int, of_noise: Matrix, replications: int, level: float) -> Matrix:
    """Half width from two independent variances, each with its degrees of freedom."""
    from scipy.special import stdtrit

    both = of_rows + of_noise
    with np.errstate(divide="ignore", invalid="ignore"):
        free = both**2 / (of_rows**2 / rows + of_noise**2 / max(replications, 1))
    quantile = stdtrit(np.where(both > 0, free, rows), 0.5 + level / 2)
    return np.asarray(quantile * np.sqrt(both), dtype=np.float64)


def _products(y: Matrix) -> Matrix:
    a, b, ab = y[0], y[1], y[2:]
    made: Matrix = np.concatenate([(a * a)[None], (b * b)[None], (b * a)[None], b * ab, a * ab, ab * ab])
    return made


def _indices(products: Matrix, rows: int) -> tuple[float, Matrix, Matrix]:
    variance, first, total = _of_means(products.mean(axis=1, keepdims=True), rows)
    return float(variance[0]), first[..., 0], total[..., 0]


def _of_means(means: Matrix, rows: int) -> tuple[Matrix, Matrix, Matrix]:
    """Variance, first-order indices by both estimators, total indices, from means of the products over the rows."""
    inputs = (len(means) - 3) // 3
    aa, bb, ba = means[:3]
    b_ab, a_ab, ab_ab = (means[3 + i * inputs : 3 + (i + 1) * inputs] for i in range(3))
    variance = (aa + bb) / 2 * (2 * rows / (2 * rows - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_product = (b_ab - ba) / variance
        by_square = 1 - (bb - 2 * b_ab + ab_ab) / 2 / variance
        total = (aa - 2 * a_ab + ab_ab) / 2 / variance
    return variance, np.array([by_product, by_square]), total
