"""A measure: what is expected, how it is estimated, how sure the estimate is, and whether it will do."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from .sums import Sums

Formula = Callable[[Sums], NDArray[np.float64]]
"""A function of sums; given arrays of sums it gives an array of values."""

ABSOLUTE_SHARE = 5e-4
"""A share this near is near enough, and a small share need not be known better (README of the cases)."""

SMALL_SHARE = 0.05

WANTED = {
    "share": 0.005,
    "mean": 0.005,
    "count": 0.01,
    "moment": 0.02,
    "quantile": 0.01,
    "instant": 0.05,
    "spread": 0.05,
}
"""Standard error wanted, relative to the expected value, by kind of measure."""

GROUPS = 25
"""Groups of replications that a quantile's jackknife leaves out one by one."""

FEW = 5.0
"""A small share that is expected at fewer than so many standard errors comes from too few events for a z."""


@dataclass(frozen=True)
class Ask:
    """How to estimate one expected value."""

    formula: Formula
    kind: str = "share"
    grouped: bool = False
    """Whether whole groups of replications are left out (quantiles)."""
    slack: float = 0.0
    """Relative error allowed on top of the interval (the width of a bin)."""


@dataclass(frozen=True)
class Result:
    """One measure of one case, simulated."""

    case: str
    family: str
    measure: str
    kind: str
    estimate: float
    se: float
    expected: float
    expected_se: float
    replications: int
    slack: float

    @property
    def spread(self) -> float:
        """Standard error of the difference.

        The error of a number of rare events goes with the root of that number (of their spread, with the number): where
        less was seen than expected, it is that of what was expected.
        """
        se = self.se
        seen = self._tail(self.estimate)
        if 0 < seen < self.tail:
            short = self.tail / seen
            se *= short if self.kind == "spread" else math.sqrt(short)
        return math.hypot(se, self.expected_se)

    @property
    def tail(self) -> float:
        """Distance of an expected share from 0 or 1, whichever is nearer; of anything else its size."""
        return self._tail(self.expected)

    def _tail(self, value: float) -> float:
        if self.kind == "share" and 0.5 < self.expected <= 1:
            return abs(1 - value)
        return abs(value)

    @property
    def exact(self) -> bool:
        """Whether no chance is in it: the values must agree."""
        return self.kind == "exact"

    @property
    def rare(self) -> bool:
        """Whether it is a share of events too rare for a z."""
        if self.kind not in ("share", "count"):
            return False
        return self.tail < (FEW * self.spread if self.spread else ABSOLUTE_SHARE)

    @property
    def z(self) -> float | None:
        """Difference in standard errors, where that means something."""
        if self.exact or self.rare or self.slack or self.spread <= 1e-12 * abs(self.expected):
            return None
        return (self.estimate - self.expected) / self.spread

    @property
    def passed(self) -> bool:
        """Whether estimate and expected value agree by the acceptance rule."""
        gap = abs(self.estimate - self.expected)
        if self.exact:
            return gap <= 1e-9 * max(1.0, abs(self.expected))
        if not np.isfinite(self.estimate) or not np.isfinite(self.se):
            return False
        allowed = four_sigma(self.replications) * self.spread + self.slack * abs(self.expected)
        if self.rare:
            allowed = max(allowed, ABSOLUTE_SHARE)
        if self.kind in ("instant", "spread") or not self.spread:
            # a value at its bound (every agent busy, in every replication) has no spread
            allowed = max(allowed, ABSOLUTE_SHARE * abs(self.expected))
        return bool(gap <= allowed + 1e-9 * abs(self.expected))

    @property
    def share_of_wanted(self) -> float:
        """Standard error over the wanted one."""
        wanted = wanted_se(self.kind, self.expected)
        return self.se / wanted if wanted else 0.0

    @property
    def status(self) -> str:
        """`ok`, `wide` (agrees, but the interval is wider than wanted) or `FAIL`."""
        if not self.passed:
            return "FAIL"
        return "wide" if self.share_of_wanted > 1 else "ok"


def wanted_se(kind: str, expected: float) -> float:
    """Standard error wanted for a measure; 0 where any will do."""
    if kind == "exact":
        return 0.0
    if kind == "share" and abs(expected) < SMALL_SHARE:
        return ABSOLUTE_SHARE
    return WANTED[kind] * abs(expected)


@cache
def four_sigma(replications: int) -> float:
    """Standard errors that a t of so many replications leaves as rarely as a normal value leaves 4."""
    tail = stats.norm.sf(4.0)
    return float(stats.t.isf(tail, max(replications - 1, 1)))


def estimate(ask: Ask, sums: Sums) -> tuple[float, float]:
    """Value of a formula of sums over replications and its jackknife standard error."""
    used = _in_groups(sums) if ask.grouped else sums
    count = len(used["replications"])
    totals = _Lazy(used, leave_one_out=False)
    value = float(np.asarray(ask.formula(totals)).reshape(-1)[0])
    if count < 2:
        return value, 0.0 if ask.kind == "exact" else float("nan")
    others = np.asarray(ask.formula(_Lazy(used, leave_one_out=True)), dtype=np.float64)
    if others.ndim == 0:
        return value, 0.0
    return value, float(np.sqrt((count - 1) / count * np.sum((others - others.mean()) ** 2)))


class _Lazy(dict[str, NDArray[np.float64]]):
    """Totals of the sums that a formula asks for, whole or with one replication left out."""

    def __init__(self, sums: Sums, *, leave_one_out: bool) -> None:
        super().__init__()
        self._sums, self._leave = sums, leave_one_out

    def __missing__(self, key: str) -> NDArray[np.float64]:
        values = self._sums[key]
        total = values.sum(axis=0, keepdims=True)
        self[key] = total - values if self._leave else total
        return self[key]


def _in_groups(sums: Sums) -> Sums:
    count = len(sums["replications"])
    groups = min(GROUPS, count)
    group = np.arange(count) * groups // count

    class Grouped(dict[str, NDArray[np.float64]]):
        def __missing__(self, key: str) -> NDArray[np.float64]:
            values = sums[key]
            out = np.zeros((groups, *values.shape[1:]))
            np.add.at(out, group, values)
            self[key] = out
            return out

    return Grouped()
