"""Laws of a patience or a service time, as the formulas need them: tails and moments up to a time."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.theory.arguments import between, not_negative, positive, refuse, share

Floats = NDArray[np.float64]


class Law(ABC):
    """A law of a time that is never negative.

    Arrays of times in, arrays out, of the same shape. Times are in any unit, the same in a whole calculation.
    """

    @property
    @abstractmethod
    def scale(self) -> float:
        """The shortest time over which the law changes: where a numerical method starts to look."""

    @property
    def steepness(self) -> float:
        """By how much a relative error of the time grows in its share, at most; 1 or more."""
        return 1.0

    @property
    def breaks(self) -> tuple[float, ...]:
        """Times above 0 at which the survival function jumps or has a corner, rising."""
        return ()

    @abstractmethod
    def survival(self, x: Floats) -> Floats:
        """Share of the times longer than x."""

    @abstractmethod
    def cdf(self, x: Floats) -> Floats:
        """Share of the times up to x; exact where that share is tiny."""

    @abstractmethod
    def partial_moment(self, order: int, x: Floats) -> Floats:
        """Mean of time**order with times above x counted as 0; x may be infinite. Orders 1 to 3."""

    def moment(self, order: int) -> float:
        """Mean of time**order, for orders 1 to 3."""
        return float(self.partial_moment(order, np.array([math.inf]))[0])

    def integrated_survival(self, x: Floats) -> Floats:
        """Mean of the shorter of the time and x (finite): the integral of the survival from 0 to x."""
        return x * self.survival(x) + self.partial_moment(1, x)


@dataclass(frozen=True)
class Exponential(Law):
    """Memoryless times with the given mean."""

    mean: float

    def __post_init__(self) -> None:
        refuse(positive("mean", self.mean))

    @property
    def scale(self) -> float:
        return self.mean

    def survival(self, x: Floats) -> Floats:
        return np.exp(-x / self.mean)

    def cdf(self, x: Floats) -> Floats:
        return -np.expm1(-x / self.mean)

    def partial_moment(self, order: int, x: Floats) -> Floats:
        return _gamma_partial(1.0, self.mean, order, x)


@dataclass(frozen=True)
class Gamma(Law):
    """Gamma times; cv = 1/sqrt(shape), shape from 0.01 to 1e6. A whole shape is an Erlang law."""

    mean: float
    shape: float

    def __post_init__(self) -> None:
        refuse(positive("mean", self.mean), between("shape", self.shape, 0.01, 1e6))

    @property
    def scale(self) -> float:
        return self.mean / max(self.shape, 1.0)

    @property
    def steepness(self) -> float:
        return max(math.sqrt(self.shape), 1.0)

    def survival(self, x: Floats) -> Floats:
        from scipy import special

        return np.asarray(special.gammaincc(self.shape, x * (self.shape / self.mean)))

    def cdf(self, x: Floats) -> Floats:
        from scipy import special

        return np.asarray(special.gammainc(self.shape, x * (self.shape / self.mean)))

    def partial_moment(self, order: int, x: Floats) -> Floats:
        return _gamma_partial(self.shape, self.mean / self.shape, order, x)


@dataclass(frozen=True)
class Weibull(Law):
    """Weibull times, shape from 0.05 to 1000: below 1 those who have waited long are the most patient."""

    mean: float
    shape: float

    def __post_init__(self) -> None:
        refuse(positive("mean", self.mean), between("shape", self.shape, 0.05, 1000))

    @property
    def scale(self) -> float:
        return self.mean / math.gamma(1 + 1 / self.shape)

    @property
    def steepness(self) -> float:
        return max(self.shape, 1.0)

    def survival(self, x: Floats) -> Floats:
        return np.exp(-self._hazard(x))

    def cdf(self, x: Floats) -> Floats:
        return -np.expm1(-self._hazard(x))

    def partial_moment(self, order: int, x: Floats) -> Floats:
        from scipy import special

        k = 1 + order / self.shape
        return np.asarray(self.scale**order * math.gamma(k) * special.gammainc(k, self._hazard(x)))

    def _hazard(self, x: Floats) -> Floats:
        with np.errstate(over="ignore"):
            return np.asarray((x / self.scale) ** self.shape)


@dataclass(frozen=True)
class Lognormal(Law):
    """Times whose logarithm is normal, by mean and coefficient of variation (1e-4 to 100) of the time."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        refuse(positive("mean", self.mean), between("cv", self.cv, 1e-4, 100))

    @property
    def _sigma(self) -> float:
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def scale(self) -> float:
        return self.mean / (1 + self.cv**2) ** 2

    @property
    def steepness(self) -> float:
        return max(1 / self._sigma, 1.0)

    def survival(self, x: Floats) -> Floats:
        from scipy import special

        return np.asarray(special.ndtr(-self._standard(x)))

    def cdf(self, x: Floats) -> Floats:
        from scipy import special

        return np.asarray(special.ndtr(self._standard(x)))

    def partial_moment(self, order: int, x: Floats) -> Floats:
        from scipy import special

        whole = self.mean**order * (1 + self.cv**2) ** (order * (order - 1) / 2)
        return np.asarray(whole * special.ndtr(self._standard(x) - order * self._sigma))

    def _standard(self, x: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.log(x / self.mean) / self._sigma + self._sigma / 2


@dataclass(frozen=True)
class Hyperexponential(Law):
    """Exponential of mean m1 with probability p, else of mean m2."""

    p: float
    m1: float
    m2: float

    def __post_init__(self) -> None:
        refuse(share("p", self.p), positive("m1", self.m1), positive("m2", self.m2))

    @property
    def scale(self) -> float:
        return min(self.m1, self.m2)

    def survival(self, x: Floats) -> Floats:
        return self.p * np.exp(-x / self.m1) + (1 - self.p) * np.exp(-x / self.m2)

    def cdf(self, x: Floats) -> Floats:
        return -self.p * np.expm1(-x / self.m1) - (1 - self.p) * np.expm1(-x / self.m2)

    def partial_moment(self, order: int, x: Floats) -> Floats:
        first, second = (_gamma_partial(1.0, m, order, x) for m in (self.m1, self.m2))
        return self.p * first + (1 - self.p) * second


@dataclass(frozen=True)
class Uniform(Law):
    """Equally likely between two times."""

    low: float
    high: float

    def __post_init__(self) -> None:
        refuse(not_negative("low", self.low), positive("high", self.high))
        if self.low >= self.high:
            raise ValueError(f"high: expected more than low = {self.low!r}, got {self.high!r}")

    @property
    def scale(self) -> float:
        return self.high - self.low

    @property
    def steepness(self) -> float:
        return self.high / (self.high - self.low)

    @property
    def breaks(self) -> tuple[float, ...]:
        return (self.low, self.high) if self.low > 0 else (self.high,)

    def survival(self, x: Floats) -> Floats:
        return np.clip((self.high - x) / (self.high - self.low), 0.0, 1.0)

    def cdf(self, x: Floats) -> Floats:
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def partial_moment(self, order: int, x: Floats) -> Floats:
        top = np.clip(x, self.low, self.high)
        powers = sum(top**i * self.low ** (order - i) for i in range(order + 1))
        return np.asarray((top - self.low) * powers / ((order + 1) * (self.high - self.low)))


@dataclass(frozen=True)
class Constant(Law):
    """Always the same time."""

    value: float

    def __post_init__(self) -> None:
        refuse(positive("value", self.value))

    @property
    def scale(self) -> float:
        return self.value

    @property
    def breaks(self) -> tuple[float, ...]:
        return (self.value,)

    def survival(self, x: Floats) -> Floats:
        return np.where(x < self.value, 1.0, 0.0)

    def cdf(self, x: Floats) -> Floats:
        return np.where(x >= self.value, 1.0, 0.0)

    def partial_moment(self, order: int, x: Floats) -> Floats:
        return np.where(x >= self.value, self.value**order, 0.0)


def _gamma_partial(shape: float, scale: float, order: int, x: Floats) -> Floats:
    """Partial moment of a gamma law: its whole moment times the cdf with a larger shape."""
    from scipy import special

    whole = scale**order * math.prod(shape + i for i in range(order))
    return np.asarray(whole * special.gammainc(shape + order, x / scale))
