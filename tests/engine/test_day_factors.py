"""Random volume factors of days: its law, what is shared, and how closely."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaincinv

from ccsim.draws import keys
from ccsim.draws.philox import uniforms
from ccsim.engine.control import day_factors
from ccsim.model.model import Factors

DATES = 4_000


def factors(*rows: tuple[str, str, float, float], seed: int = 1, replication: int = 0, dates: int = DATES) -> Any:
    """[rows, dates] Factors of rows of name, shared name, correlation and CV."""
    names, shared, correlation, cv = zip(*rows, strict=True)
    of = [[-1, 0], *([row, 20_000 + date] for row in range(len(rows)) for date in range(dates))]
    made = Factors(names, shared, np.array(correlation), np.array(cv), np.array(of, np.int64))
    found = day_factors(SimpleNamespace(factors=made), seed, replication)  # type: ignore[arg-type]
    assert found[0] == 1.0
    return found[1:].reshape(len(rows), dates)


def scores(found: Any, cv: float) -> Any:
    """Normal scores of factors."""
    return stats.norm.ppf(stats.gamma(1 / cv**2, scale=cv**2).cdf(found))


def draw(name: str, date: int, seed: int = 1, replication: int = 0) -> float:
    k0, k1 = keys.stream_key(seed, replication, keys.DAY_FACTOR, name)
    return uniforms(k0, k1, 20_000 + date, 0, 0, 0)[0]


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 0.95, 1.0])
@pytest.mark.parametrize("cv", [0.05, 0.4, 1.5])
def test_a_factor_has_its_mean_and_spread_whatever_it_follows(correlation: float, cv: float) -> None:
    (found,) = factors(("a", "economy", correlation, cv))
    assert abs(found.mean() - 1.0) < 4.5 * cv / DATES**0.5
    theory = stats.gamma(1 / cv**2, scale=cv**2)
    assert DATES**0.5 * stats.kstest(found, theory.cdf).statistic < 2.2
    kurtosis = 3.0 + 6.0 * cv**2
    assert abs(found.var() / cv**2 - 1.0) < 4.5 * ((kurtosis - 1.0) / DATES) ** 0.5


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 0.95])
def test_volumes_that_follow_a_factor_correlate_as_they_say(correlation: float) -> None:
    a, b, alone = factors(("a", "economy", correlation, 0.2), ("b", "economy", correlation, 0.5), ("c", "", 1.0, 0.2))
    found = np.corrcoef([scores(a, 0.2), scores(b, 0.5), scores(alone, 0.2)])
    error = 4.5 / DATES**0.5
    assert abs(found[0, 1] - correlation) < error * (1 - correlation**2) + 1e-9
    assert abs(found[0, 2]) < error
    assert abs(found[1, 2]) < error


def test_two_that_follow_one_in_full_are_busy_together_exactly() -> None:
    a, b, c = factors(("a", "economy", 1.0, 0.2), ("b", "economy", 1.0, 0.2), ("c", "weather", 1.0, 0.2))
    assert np.array_equal(a, b)
    assert not np.any(a == c)


def test_a_factor_is_the_quantile_of_one_uniform_of_its_name_and_date() -> None:
    own, shared, none = factors(("a", "", 1.0, 0.3), ("a", "economy", 1.0, 0.3), ("a", "economy", 0.0, 0.3), dates=20)
    for date in range(20):
        assert own[date] == gammaincinv(1 / 0.3**2, draw("own a", date)) * 0.3**2
        assert shared[date] == gammaincinv(1 / 0.3**2, draw("shared economy", date)) * 0.3**2
    assert np.array_equal(none, own)


def test_factors_of_other_names_replications_and_seeds_are_independent() -> None:
    row = ("a", "economy", 0.5, 0.3)
    (a, b), (c, _), (d, _) = (
        factors(row, ("b", "weather", 0.5, 0.3), seed=seed, replication=replication)
        for seed, replication in ((1, 0), (1, 1), (2, 0))
    )
    found = np.corrcoef([a, b, c, d])
    assert np.all(np.abs(found[~np.eye(4, dtype=bool)]) < 4.5 / DATES**0.5)
    assert np.array_equal(a, factors(row, ("b", "", 1.0, 0.3))[0])


def test_a_wild_day_is_still_a_number() -> None:
    found = factors(("a", "economy", 0.5, 10.0), ("b", "", 1.0, 1e-3), dates=2_000)
    assert np.all(np.isfinite(found))
    assert np.all(found >= 0.0)
    assert np.all(np.abs(found[1] - 1.0) < 0.01)
