"""Intervals of ratios of sums over independent replications."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
Matrix = NDArray[np.float64]
Method = Literal["delta", "jackknife"]


@dataclass(frozen=True, slots=True)
class Ratios:
    """Ratios of sums with their standard errors, all of shape [parts]."""

    estimate: Vector
    """0 where it is not `known`."""
    error: Vector
    """0 where it does not exist."""
    known: Flags
    """Whether there is an estimate: the denominator is not 0."""
    has_error: Flags
    """Whether there is a standard error: not with one replication."""


def student(level: float, replications: int) -> float:
    """Student quantile of a two-sided interval with `replications` - 1 degrees of freedom, > 0."""
    return float(stdtrit(replications - 1, 0.5 + level / 2))


def delta_ratios(numerators: Matrix, denominators: Matrix) -> Ratios:
    """Ratios of summed numerators to summed denominators, errors by the delta method.

    With r = X / Y over n replications, the variance is estimated by the sum of (x_i - r y_i)^2, divided by
    n (n - 1) and the squared mean of y (Cochran, Sampling Techniques, 1977, section 6.3).

    Parameters
    ----------
    numerators, denominators
        Sums by part and replication, shape [parts, replications].
    """
    x, y = numerators.sum(axis=1), denominators.sum(axis=1)
    known = y != 0
    safe = np.where(known, y, 1.0)
    ratio = np.where(known, x / safe, 0.0)
    n = numerators.shape[1]
    if n < 2:
        return _without_errors(ratio, known)
    rest = numerators - ratio[:, None] * denominators
    error = np.sqrt((rest * rest).sum(axis=1) * n / (n - 1)) / np.abs(safe)
    return Ratios(ratio, np.where(known, error, 0.0), known, known)


def _without_errors(ratio: Vector, known: Flags) -> Ratios:
    return Ratios(ratio, np.zeros_like(ratio), known, np.zeros_like(known))


def jackknife_ratios(numerators: Matrix, denominators: Matrix) -> Ratios:
    """Ratios of sums, errors by leaving out one replication at a time (Efron and Stein, 1981).

    The estimate is the ratio itself, without a correction for bias. There is no error where leaving one out
    leaves a denominator of 0.
    """
    x, y = numerators.sum(axis=1), denominators.sum(axis=1)
    known = y != 0
    ratio = np.where(known, x / np.where(known, y, 1.0), 0.0)
    n = numerators.shape[1]
    if n < 2:
        return _without_errors(ratio, known)
    left = y[:, None] - denominators
    possible = known & (left != 0).all(axis=1)
    leave_one_out = (x[:, None] - numerators) / np.where(left == 0, 1.0, left)
    spread = leave_one_out - leave_one_out.mean(axis=1, keepdims=True)
    error = np.sqrt((spread * spread).sum(axis=1) * (n - 1) / n)
    return Ratios(ratio, np.where(possible, error, 0.0), known, possible)


def ratios(numerators: Matrix, denominators: Matrix, method: Method = "delta") -> Ratios:
    """Ratios of sums with errors by a named method."""
    make = delta_ratios if method == "delta" else jackknife_ratios
    return make(numerators, denominators)


def wilson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Interval of a probability from `successes` in `trials` >= 1 (Wilson, 1927); inside 0 to 1."""
    z = float(ndtri(0.5 + level / 2))
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
