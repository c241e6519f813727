"""Laws of numbers as quantile functions: one uniform gives one number, the same for the same parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Protocol

from ccsim.draws.normal import normal_quantile

TAIL: Final = 1 / 20_000
"""Laws without a last value are cut off at these quantiles from either end: so the ends of what is drawn are finite,
and can be checked before anything is simulated. The standard deviation of a normal law becomes less by 0.1 %."""


class NumberLawLike(Protocol):
    """A law of a number; see `ccsim.language.uncertain`."""

    @property
    def law(self) -> str: ...
    @property
    def mean(self) -> float | None: ...
    @property
    def sd(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def mode(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def values(self) -> Sequence[float] | None: ...
    @property
    def least(self) -> float | None: ...
    @property
    def most(self) -> float | None: ...


class CutOffLaw:
    """A law between the ends of what is drawn; ValueError where nothing is left between `least` and `most`."""

    def __init__(self, law: NumberLawLike) -> None:
        self._law = law
        self._constant = self._one_value()
        self._values = self._observed()
        below = TAIL if law.law in ("normal", "lognormal", "gamma") else 0.0
        self._from, self._to = below, 1.0 - below
        if self._constant is None and not self._values:
            if law.least is not None:
                self._from = max(self._from, self._share_below(law.least))
            if law.most is not None:
                self._to = min(self._to, self._share_below(law.most))
        alone = self._constant
        outside = alone is not None and not _within(alone, law)
        if outside or (alone is None and not self._values and self._from >= self._to) or self._values == ():
            raise ValueError("nothing is left between least and most")

    @property
    def ends(self) -> tuple[float, float]:
        """Smallest and largest number that is drawn."""
        return self.at(0.0), self.at(1.0)

    def at(self, u: float) -> float:
        """The number of a uniform from 0 to 1, the ends included."""
        if self._constant is not None:
            return self._constant
        if self._values:
            return self._values[min(int(u * len(self._values)), len(self._values) - 1)]
        found = self._quantile(self._from + u * (self._to - self._from))
        least, most = self._law.least, self._law.most
        found = found if least is None else max(found, least)  # rounding
        return found if most is None else min(found, most)

    def _one_value(self) -> float | None:
        law = self._law
        if law.sd == 0.0:
            return law.mean
        return law.low if law.low is not None and law.low == law.high else None

    def _observed(self) -> tuple[float, ...] | None:
        law = self._law
        return None if law.values is None else tuple(value for value in law.values if _within(value, law))

    def _quantile(self, u: float) -> float:
        law = self._law
        if law.law in ("uniform", "triangular"):
            low, high = _said(law.low), _said(law.high)
            if law.law == "uniform":
                return low + u * (high - low)
            mode = _said(law.mode)
            if u * (high - low) < mode - low:
                return low + math.sqrt(u * (high - low) * (mode - low))
            return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))
        mean, sd = _said(law.mean), _said(law.sd)
        if law.law == "normal":
            return mean + sd * normal_quantile(u)
        if law.law == "lognormal":
            mu, sigma = _of_logarithm(mean, sd)
            return math.exp(mu + sigma * normal_quantile(u))
        from ccsim.special_functions import betaincinv, gammaincinv

        if law.law == "gamma":
            shape = (mean / sd) ** 2
            return float(gammaincinv(shape, u)) * mean / shape
        return float(betaincinv(*_of_beta(mean, sd), u))

    def _share_below(self, x: float) -> float:
        law = self._law
        if law.law in ("uniform", "triangular"):
            low, high = _said(law.low), _said(law.high)
            if not low < x < high:
                return 0.0 if x <= low else 1.0
            if law.law == "uniform":
                return (x - low) / (high - low)
            mode = _said(law.mode)
            if x < mode:
                return (x - low) ** 2 / ((high - low) * (mode - low))
            return 1.0 if mode == high and x >= high else 1.0 - (high - x) ** 2 / ((high - low) * (high - mode))
        mean, sd = _said(law.mean), _said(law.sd)
        if law.law == "normal":
            return normal_share((x - mean) / sd)
        if x <= 0.0:
            return 0.0
        if law.law == "lognormal":
            mu, sigma = _of_logarithm(mean, sd)
            return normal_share((math.log(x) - mu) / sigma)
        from ccsim.special_functions import betainc, gammaincc

        if law.law == "gamma":
            shape = (mean / sd) ** 2
            return 1.0 - float(gammaincc(shape, x * shape / mean))
        return float(betainc(*_of_beta(mean, sd), min(x, 1.0)))


def normal_share(z: float) -> float:
    """Share of a standard normal law below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _within(value: float, law: NumberLawLike) -> bool:
    return (law.least is None or value >= law.least) and (law.most is None or value <= law.most)


def _of_logarithm(mean: float, sd: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal law."""
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def _of_beta(mean: float, sd: float) -> tuple[float, float]:
    """Parameters of a beta law."""
    size = mean * (1.0 - mean) / (sd * sd) - 1.0
    return mean * size, (1.0 - mean) * size


def _said(value: float | None) -> float:
    assert value is not None
    return value
