"""Parts that intervals over independent replications are made of: quantiles, skewness, exact limits of counts.

The interval of a KPI is made in `ccsim.metrics.ratios`; `docs/decisions/009-intervals.md` says why it is made so.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.special_functions import betaincinv, gammaincinv, ndtri, stdtrit

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
Matrix = NDArray[np.float64]

SHORTEST: Final = 0.8
LONGEST: Final = 1.5
"""Skewness changes how far an interval reaches on a scale to no less and no more than so many of Student's quantiles.

Without the limits Hall's transformation, which is flat where it turns, makes ends of many times the estimate that
cover no better; measured with `python -m experiments.coverage`."""
LONGEST_PLAIN: Final = 2.0
"""The same for differences, which are made on the plain scale."""


def student(level: float, replications: Any) -> Any:
    """Student quantile of a two-sided interval with `replications` - 1 degrees of freedom, > 0; numbers or arrays."""
    each, place = np.unique(replications, return_inverse=True)  # few differ, and each is searched for
    found = stdtrit(each - 1, 0.5 + level / 2)[place]
    return float(found[()]) if np.ndim(replications) == 0 else found.reshape(np.shape(replications))


def skewness_of(moves: Any) -> Any:
    """Skewness of moves that add up to 0, in standard deviations, along the last axis; 0 of two.

    It is n / ((n - 1) (n - 2)) times the sum of their cubes, without bias for a normal law (Joanes and Gill, 1998,
    G1). Of few replications it is at most sqrt(n), too little for a law with a long tail.
    """
    n = np.shape(moves)[-1]
    cubes = (moves * moves * moves).sum(axis=-1)
    return cubes * 0.0 if n < 3 else n / ((n - 1) * (n - 2)) * cubes


def hall(quantile: Any, skewness: Any, replications: Any) -> Any:
    """How many standard errors below its estimate an interval begins, by Hall's transformation.

    It takes the skewness g out of Student's t to the first order: with a = g / sqrt(n), the statistic
    t + a t^2 / 3 + a^2 t^3 / 27 + a / 6 is below the quantile as often as it says (Hall, On the removal of skewness by
    transformation, 1992, Journal of the Royal Statistical Society B 54, 221-228). That rises with t, and so is solved
    for it. With the sign of the skewness turned it is how many standard errors above the estimate the interval ends.

    Parameters
    ----------
    quantile
        Student quantile, > 0.
    skewness
        Of one replication's moves, > 0 where the long tail is above.
    replications
        n, >= 2.
    """
    a = skewness / np.sqrt(replications)
    rest = quantile - a / 6
    root = np.cbrt(1 + a * rest)
    return 3 * rest / (1 + root + root * root)  # below the line is 3/4 at least


def reaches(quantile: Any, skewness: Any, replications: Any, longest: float = LONGEST) -> tuple[Any, Any]:
    """How far below and above its estimate an interval reaches, in standard errors, both > 0.

    These are Hall's (see `hall`), but from `SHORTEST` to `longest` times Student's quantile.

    Parameters
    ----------
    quantile, skewness, replications
        As in `hall`; numbers or arrays.
    longest
        `LONGEST` on the logit and logarithmic scales, `LONGEST_PLAIN` on the plain one.
    """
    least, most = SHORTEST * quantile, longest * quantile
    return (
        np.clip(hall(quantile, skewness, replications), least, most),
        np.clip(hall(quantile, -skewness, replications), least, most),
    )


def exact_share(events: Any, of: Any, level: float) -> tuple[Vector, Vector]:
    """Exact limits of a probability from a number of events among independent trials (Clopper and Pearson, 1934).

    Parameters
    ----------
    events, of
        Whole numbers, 0 <= events <= of, of >= 1; numbers or arrays.
    """
    k, n, tail = np.asarray(events, dtype=np.float64), np.asarray(of, dtype=np.float64), (1 - level) / 2
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1), 1 - tail), 1.0)
    return low, high


def exact_count(events: Any, level: float) -> tuple[Vector, Vector]:
    """Exact limits of the expected number of independent events, from the number that was seen (Garwood, 1936)."""
    k, tail = np.asarray(events, dtype=np.float64), (1 - level) / 2
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1), tail), 0.0)
    return low, np.asarray(gammaincinv(k + 1, 1 - tail))


def wilson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Interval of a probability from `successes` in `trials` >= 1 (Wilson, 1927); inside 0 to 1."""
    z = float(ndtri(0.5 + level / 2))
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
