"""Means of laws of times."""

from __future__ import annotations

from ccsim.scenario import laws as s


def mean_of(law: s.Law) -> float:
    """Mean of a law in microseconds."""
    match law:
        case s.Hyperexponential():
            return law.p * law.m1 + (1.0 - law.p) * law.m2
        case s.Uniform():
            return (law.low + law.high) / 2
        case s.Triangular():
            return (law.low + law.mode + law.high) / 3
        case s.Constant():
            return float(law.value)
        case s.Empirical():
            return sum(law.values) / len(law.values)
        case _:
            return float(law.mean)
