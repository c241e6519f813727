"""The corrected values of the reference, derived again."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, special, stats

from .cases import REFERENCE, Library
from .errata import load_errata
from .families import expected_values
from .laws import function_of_time

RATE = 0.5
"""Rate of service and of patience: everybody leaves at it, so the number in system is that of Mt/G/inf, Poisson."""

AGENTS, END, WITHIN = 18, 15.0, 1 / 3


def present(t: float) -> float:
    """Mean number in system, from an empty start, at 20 + 8 sin(2 pi t/60) a minute."""
    turn = 2 * np.pi / 60
    wave = RATE * np.sin(turn * t) - turn * np.cos(turn * t) + turn * np.exp(-RATE * t)
    return float(20 / RATE * (1 - np.exp(-RATE * t)) + 8 / (RATE**2 + turn**2) * wave)


def served(n: int) -> float:
    """P(served within the time | n ahead): all but 17 of n must leave first, and the customer must still be there."""
    first = n - AGENTS + 1

    def density(u: float) -> float:
        gone = -np.expm1(-RATE * u)
        order = first * special.comb(n, first) * gone ** (first - 1) * np.exp(-RATE * u * (n - first + 1)) * RATE
        return float(order * np.exp(-RATE * u))

    return float(integrate.quad(density, 0, WITHIN, epsabs=1e-13)[0])


def left(n: int) -> float:
    """P(abandoned within the time | n ahead)."""
    first = n - AGENTS + 1

    def density(u: float) -> float:
        return float(RATE * np.exp(-RATE * u) * stats.binom.cdf(first - 1, n, -np.expm1(-RATE * u)))

    return float(integrate.quad(density, 0, WITHIN, epsabs=1e-13)[0])


def arrivals_with(chance: Callable[[int], float], direct: float) -> float:
    """Expected arrivals of the first interval to which something happens: `direct` if an agent is free, else by n."""
    rate = function_of_time("20+8*sin(2*pi*t/60)")
    sizes = np.arange(AGENTS, 110)
    chances = np.array([chance(int(n)) for n in sizes])

    def flow(t: float) -> float:
        mean = present(t)
        waits = float(stats.poisson.pmf(sizes, mean) @ chances)
        return rate(t) * (direct * float(stats.poisson.cdf(AGENTS - 1, mean)) + waits)

    return float(integrate.quad(flow, 0, END, limit=200, epsabs=1e-8, points=[0.5, 1, 2, 4])[0])


def test_the_first_interval_of_tr07() -> None:
    errata = load_errata(REFERENCE)
    key = "intervals.0.by_arrival.{}.0.3333333333333333"
    within, gone = arrivals_with(served, 1.0), arrivals_with(left, 0.0)
    came = integrate.quad(function_of_time("20+8*sin(2*pi*t/60)"), 0, END)[0]
    assert present(15.0) == pytest.approx(55.307306012072544)  # TR10, exp(2)
    assert errata["TR07", key.format("served_le")] == pytest.approx(within, rel=1e-7)
    assert errata["TR07", key.format("abandoned_le")] == pytest.approx(gone, rel=1e-7)
    assert errata["TR07", key.format("sl_offered")] == pytest.approx(within / came, rel=1e-7)
    assert errata["TR07", key.format("sl_excl_short_ab")] == pytest.approx(within / (came - gone), rel=1e-7)


def test_errata_name_values_that_the_cases_state() -> None:
    cases = {c.id: c for c in Library(REFERENCE).cases}
    for row in json.loads((REFERENCE / "errata.json").read_text(encoding="utf-8")):
        stated = {".".join(path): value[0] for path, value in expected_values(cases[row["case"]])}
        assert stated[row["measure"]] == row["stated"]
        assert row["why"]
