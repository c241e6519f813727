"""How much of what differs between replications comes from uncertain inputs, and how much from chance alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.metrics.confidence import student

LEAST_PAIRS: Final = 5
"""Fewer pairs of replications tell nothing."""


@dataclass(frozen=True, slots=True)
class ShareOfInputs:
    """The share of the variance of a KPI's replications that comes from the inputs."""

    share: float | None
    """From 0 to 1; None where it is not known."""
    low: float | None
    high: float | None
    """Ends of its interval, from 0 to 1."""
    pairs: int
    """Replications that were simulated twice, in which the KPI is known both times."""
    note: str
    """Why it is missing, or that it was below 0."""


def split(first: Any, second: Any, level: float = 0.95) -> ShareOfInputs:
    """The split of pairs of replications with the same inputs and other contacts.

    It is a one-way analysis of variance with random effects: the variance within pairs is that of chance, the variance
    of their means has half of it and all of that of the inputs (Fisher's intraclass correlation; Searle, Casella and
    McCulloch, Variance Components, 1992, chapter 3). With F the ratio of both mean squares the share is
    (F - 1) / (F + 1). Its interval is made by the jackknife over pairs on log F, which holds for laws that are not
    normal, too (Arvesen and Layard, Annals of Statistics 3, 1975). A share below 0, which chance alone makes, is told
    as 0, and `note` says so.

    Parameters
    ----------
    first, second
        The KPI in the replications and in their second replications, shape [pairs]; not a number where it cannot be
        made.
    level
        Confidence level, between 0 and 1.
    """
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    n = len(x)
    if n < LEAST_PAIRS:
        return ShareOfInputs(None, None, None, n, f"{n} pairs of replications are too few" if n else "")
    means, within = (x + y) / 2, (x - y) ** 2 / 2
    means = means - means.mean()
    squares, noise = float((means * means).sum()), float(within.sum())
    if squares == 0.0 and noise == 0.0:
        return ShareOfInputs(None, None, None, n, "the same in all replications")
    if noise == 0.0:
        return ShareOfInputs(1.0, 1.0, 1.0, n, "chance has no part in it")
    if squares == 0.0 or not np.count_nonzero(within) > 1:
        return ShareOfInputs(None, None, None, n, "too few replications differ")
    whole = math.log(2 * squares / (n - 1)) - math.log(noise / n)
    share = math.tanh(whole / 2)  # (F - 1) / (F + 1)
    middle, reach = _jackknife(means, within, whole, level)
    low, high = math.tanh((middle - reach) / 2), math.tanh((middle + reach) / 2)
    below = "below 0 by chance, told as 0" if share < 0 else ""
    return ShareOfInputs(max(share, 0.0), max(low, 0.0), max(high, 0.0), n, below)


def _jackknife(
    means: NDArray[np.float64], within: NDArray[np.float64], whole: float, level: float
) -> tuple[float, float]:
    """Middle and half-length of the interval of log F, each pair left out once; the means add up to 0."""
    n = len(means)
    squares = (means * means).sum() - means * means * n / (n - 1)
    others = np.log(2 * squares / (n - 2)) - np.log((within.sum() - within) / (n - 1))
    pseudo = n * whole - (n - 1) * others
    return float(pseudo.mean()), float(student(level, n) * pseudo.std(ddof=1) / math.sqrt(n))
