"""Probability laws of a time. Every time is a count of microseconds."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ccsim.language.section import Section, field
from ccsim.text.quantities import Count, Duration, Factor, Ratio, Share


class Exponential(Section):
    """Exponential (memoryless) times."""

    law: Literal["exponential"] = "exponential"
    mean: Duration = field(above=0)
    """Mean time."""


class Lognormal(Section):
    """Lognormal times: the usual distribution of handle times."""

    law: Literal["lognormal"] = "lognormal"
    mean: Duration = field(above=0)
    """Mean time (of the time itself, not of its logarithm)."""
    cv: Ratio = field(label="CV", shows="number")
    """Coefficient of variation: standard deviation / mean."""


class Gamma(Section):
    """Gamma times."""

    law: Literal["gamma"] = "gamma"
    mean: Duration = field(above=0)
    """Mean time."""
    shape: Factor = field(least=1e-4)
    """Shape, at least 0.0001; the coefficient of variation is 1/sqrt(shape)."""


class Weibull(Section):
    """Weibull times; as patience, with a shape below 1 those who have waited long are the least likely to
    abandon soon."""

    law: Literal["weibull"] = "weibull"
    mean: Duration = field(above=0)
    """Mean time."""
    shape: Factor
    """Shape; 1 is exponential."""


class Erlang(Section):
    """Sums of k equal exponential stages."""

    law: Literal["erlang"] = "erlang"
    mean: Duration = field(above=0)
    """Mean of the sum."""
    k: Count = field(least=1, most=100)
    """Number of stages."""


class Hyperexponential(Section):
    """Exponential of mean m1 with probability p, else of mean m2."""

    law: Literal["hyperexponential"] = "hyperexponential"
    p: Share
    """Probability of the first branch."""
    m1: Duration = field(above=0)
    """Mean of the first branch."""
    m2: Duration = field(above=0)
    """Mean of the second branch."""


class Uniform(Section):
    """Equally likely between two times."""

    law: Literal["uniform"] = "uniform"
    low: Duration
    """Shortest time."""
    high: Duration
    """Longest time."""


class Triangular(Section):
    """Triangular between two times."""

    law: Literal["triangular"] = "triangular"
    low: Duration
    """Shortest time."""
    mode: Duration
    """Most likely time."""
    high: Duration
    """Longest time."""


class Constant(Section):
    """Always the same time. A bare duration is read as this, except for patience and the time between breaks."""

    law: Literal["constant"] = "constant"
    value: Duration
    """The time."""


class Empirical(Section):
    """Drawn from observed times, each equally likely (a step quantile function, nothing between values)."""

    law: Literal["empirical"] = "empirical"
    values: tuple[Duration, ...] = field(label="observed times")
    """Observed times, sorted. In YAML `values: [30s, 2m]`, or `file: FILE` with `column: NAME`, `unit: s`."""


Law: TypeAlias = (
    Exponential | Lognormal | Gamma | Weibull | Erlang | Hyperexponential | Uniform | Triangular | Constant | Empirical
)


def mean_of(law: Law) -> float:
    """Mean of a law in microseconds."""
    match law:
        case Hyperexponential():
            return law.p * law.m1 + (1.0 - law.p) * law.m2
        case Uniform():
            return (law.low + law.high) / 2
        case Triangular():
            return (law.low + law.mode + law.high) / 3
        case Constant():
            return float(law.value)
        case Empirical():
            return sum(law.values) / len(law.values)
        case _:
            return float(law.mean)
