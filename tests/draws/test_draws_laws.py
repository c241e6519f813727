"""Every law through `draw_time`, as the kernel calls it: moments, distribution, quantiles, the cut."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from ccsim.draws import keys
from ccsim.draws.jit import kernel_entry
from ccsim.draws.law_codes import LONGEST, NEVER, Laws
from ccsim.draws.laws import draw_time
from ccsim.draws.philox import two_uniforms
from ccsim.language import laws as s
from ccsim.model.law_rows import LawRows
from ccsim.units import DAY, MINUTE, SECOND

N = 200_000
MEAN = 3 * MINUTE
K0, K1 = keys.stream_key(2026, 3, keys.STREAM, "calls")


def rows_of(law: s.Law) -> Laws:
    rows = LawRows()
    assert rows.row(law) == 0
    return rows.laws()


def at(law: s.Law | Laws, u: float) -> float:
    return draw_time(law if isinstance(law, Laws) else rows_of(law), 0, u, K0, K1, 20_000, 7, 0, keys.HANDLE)


@kernel_entry
def _fill(laws: Laws, k0: int, k1: int, decision: int, out: np.ndarray) -> None:
    for i in range(out.shape[0]):
        date, number = 20_000 + i // 1000, i % 1000
        u, _ = two_uniforms(k0, k1, date, number, 0, decision)
        out[i] = draw_time(laws, 0, u, k0, k1, date, number, 0, decision)


def many(law: s.Law) -> np.ndarray:
    out = np.empty(N)
    _fill(rows_of(law), K0, K1, keys.HANDLE, out)
    return out


def _lognormal(mean: float, cv: float) -> stats.rv_continuous:
    variance = math.log1p(cv * cv)
    return stats.lognorm(s=math.sqrt(variance), scale=mean / math.sqrt(1.0 + cv * cv))


def _weibull(mean: float, shape: float) -> stats.rv_continuous:
    return stats.weibull_min(c=shape, scale=mean / math.gamma(1.0 + 1.0 / shape))


CONTINUOUS = {
    "exponential": (s.Exponential(mean=MEAN), stats.expon(scale=MEAN)),
    "lognormal": (s.Lognormal(mean=MEAN, cv=0.8), _lognormal(MEAN, 0.8)),
    "lognormal, narrow": (s.Lognormal(mean=MEAN, cv=0.01), _lognormal(MEAN, 0.01)),
    "gamma, shape 0.1": (s.Gamma(mean=MEAN, shape=0.1), stats.gamma(0.1, scale=MEAN / 0.1)),
    "gamma, shape 0.7": (s.Gamma(mean=MEAN, shape=0.7), stats.gamma(0.7, scale=MEAN / 0.7)),
    "gamma, shape 1": (s.Gamma(mean=MEAN, shape=1.0), stats.gamma(1.0, scale=MEAN)),
    "gamma, shape 3.5": (s.Gamma(mean=MEAN, shape=3.5), stats.gamma(3.5, scale=MEAN / 3.5)),
    "gamma, shape 400": (s.Gamma(mean=MEAN, shape=400.0), stats.gamma(400.0, scale=MEAN / 400.0)),
    "weibull, shape 0.7": (s.Weibull(mean=MEAN, shape=0.7), _weibull(MEAN, 0.7)),
    "weibull, shape 3": (s.Weibull(mean=MEAN, shape=3.0), _weibull(MEAN, 3.0)),
    "erlang, k 1": (s.Erlang(mean=MEAN, k=1), stats.gamma(1, scale=MEAN)),
    "erlang, k 2": (s.Erlang(mean=MEAN, k=2), stats.gamma(2, scale=MEAN / 2)),
    "erlang, k 3": (s.Erlang(mean=MEAN, k=3), stats.gamma(3, scale=MEAN / 3)),
    "erlang, k 100": (s.Erlang(mean=MEAN, k=100), stats.gamma(100, scale=MEAN / 100)),
    "uniform": (s.Uniform(low=MINUTE, high=4 * MINUTE), stats.uniform(MINUTE, 3 * MINUTE)),
    "triangular": (
        s.Triangular(low=MINUTE, mode=2 * MINUTE, high=5 * MINUTE),
        stats.triang(0.25, loc=MINUTE, scale=4 * MINUTE),
    ),
    "triangular, mode lowest": (
        s.Triangular(low=MINUTE, mode=MINUTE, high=5 * MINUTE),
        stats.triang(0.0, loc=MINUTE, scale=4 * MINUTE),
    ),
    "triangular, mode highest": (
        s.Triangular(low=MINUTE, mode=5 * MINUTE, high=5 * MINUTE),
        stats.triang(1.0, loc=MINUTE, scale=4 * MINUTE),
    ),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_moments_and_distribution(name: str) -> None:
    law, theory = CONTINUOUS[name]
    drawn = many(law)
    mean, variance, _, excess = (float(x) for x in theory.stats(moments="mvsk"))
    assert abs(drawn.mean() - mean) < 4.5 * math.sqrt(variance / N)
    assert abs(drawn.var() - variance) < 4.5 * variance * math.sqrt((excess + 2.0) / N)
    # Kolmogorov: P(sqrt(n) D > 2.2) is 1 in 8,000.
    assert math.sqrt(N) * stats.kstest(drawn, theory.cdf).statistic < 2.2


def test_hyperexponential() -> None:
    p, m1, m2 = 0.3, MINUTE, 10 * MINUTE
    drawn = many(s.Hyperexponential(p=p, m1=m1, m2=m2))
    mean = p * m1 + (1 - p) * m2
    variance = 2 * p * m1**2 + 2 * (1 - p) * m2**2 - mean**2
    assert abs(drawn.mean() - mean) < 4.5 * math.sqrt(variance / N)

    def cdf(x: np.ndarray) -> np.ndarray:
        return 1.0 - p * np.exp(-x / m1) - (1 - p) * np.exp(-x / m2)

    assert math.sqrt(N) * stats.kstest(drawn, cdf).statistic < 2.2


@pytest.mark.parametrize(("p", "mean"), [(0.0, 4 * MINUTE), (1.0, MINUTE)])
def test_hyperexponential_with_one_branch_is_exponential(p: float, mean: int) -> None:
    law = s.Hyperexponential(p=p, m1=MINUTE, m2=4 * MINUTE)
    for u in (1e-9, 0.3, 0.999):
        assert at(law, u) == at(s.Exponential(mean=mean), u)


def test_empirical_times_are_equally_likely() -> None:
    values = (5 * SECOND, SECOND, SECOND, MINUTE)
    found, counts = np.unique(many(s.Empirical(values=values)), return_counts=True)
    assert found.tolist() == [SECOND, 5 * SECOND, MINUTE]
    for count, share in zip(counts, (0.5, 0.25, 0.25), strict=True):
        assert abs(count - N * share) < 4.5 * math.sqrt(N * share * (1 - share))


@pytest.mark.parametrize("n", [1, 3, 7, 10, 1000, 4096])
def test_empirical_never_reads_beyond_its_values(n: int) -> None:
    rows = LawRows()
    rows.row(s.Empirical(values=tuple(range(1, n + 1))))
    rows.row(s.Empirical(values=(999_999,)))
    laws = rows.laws()
    assert at(laws, 1.0 - 2.0**-53) == n
    assert at(laws, 2.0**-53) == 1


# Laws that are inversions of one uniform: the quantile itself. Long times belong to small or to large uniforms.
INVERTED = {
    "exponential": True,
    "lognormal": False,
    "weibull, shape 0.7": True,
    "weibull, shape 3": True,
    "uniform": False,
    "triangular": False,
    "triangular, mode lowest": False,
    "triangular, mode highest": False,
}


@pytest.mark.parametrize("name", INVERTED)
@pytest.mark.parametrize("u", [2.0**-53, 1e-6, 0.2, 0.25, 0.5, 0.9, 1.0 - 1e-6, 1.0 - 2.0**-53])
def test_quantiles(name: str, u: float) -> None:
    law, theory = CONTINUOUS[name]
    wanted = float(theory.isf(u) if INVERTED[name] else theory.ppf(u))
    assert at(law, u) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", INVERTED)
def test_a_longer_mean_makes_every_time_a_little_longer(name: str) -> None:
    law, _ = CONTINUOUS[name]
    if not hasattr(law, "mean"):
        return
    longer = law.model_copy(update={"mean": law.mean * 101 // 100})
    for u in (0.001, 0.3, 0.7, 0.999):
        assert at(longer, u) == pytest.approx(1.01 * at(law, u), rel=1e-12)


def test_a_law_without_spread_is_constant() -> None:
    for law in (
        s.Constant(value=MEAN),
        s.Lognormal(mean=MEAN, cv=0.0),
        s.Triangular(low=MEAN, mode=MEAN, high=MEAN),
        s.Uniform(low=MEAN, high=MEAN),
    ):
        assert {at(law, u) for u in (2.0**-53, 0.4, 1.0 - 2.0**-53)} == {MEAN}


def test_what_is_longer_than_35_years_is_cut() -> None:
    century = 36_500 * DAY
    assert century > LONGEST
    for law in (s.Constant(value=century), s.Erlang(mean=century, k=100), s.Uniform(low=century, high=2 * century)):
        assert at(law, 0.5) == LONGEST
    assert at(s.Exponential(mean=century // 20), 2.0**-53) == LONGEST
    assert at(s.Exponential(mean=century // 20), 0.9) < LONGEST
    assert at(s.Lognormal(mean=century // 20, cv=2.0), 0.999) == LONGEST
    assert at(s.Gamma(mean=century // 20, shape=0.1), 1.0 - 2.0**-53) <= LONGEST


def test_never_is_the_longest_time() -> None:
    rows = LawRows()
    assert rows.never() == 0
    assert rows.laws().code[0] == NEVER
    assert at(rows.laws(), 0.5) == LONGEST


@pytest.mark.parametrize("law", [s.Weibull(mean=MEAN, shape=0.1), s.Gamma(mean=MEAN, shape=0.1)])
def test_the_widest_laws_have_times_between_nothing_and_the_cut(law: s.Law) -> None:
    for u in (2.0**-53, 0.5, 1.0 - 2.0**-53):
        assert 0.0 <= at(law, u) <= LONGEST


def test_talk_and_wrap_up_of_a_contact_do_not_share_uniforms() -> None:
    law = rows_of(s.Gamma(mean=MEAN, shape=2.0))
    one, other = np.empty(20_000), np.empty(20_000)
    _fill(law, K0, K1, keys.HANDLE, one)
    _fill(law, K0, K1, keys.HANDLE + (1 << 15), other)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4.5 / math.sqrt(len(one))


def test_a_draw_hangs_on_its_contact_alone() -> None:
    law = rows_of(s.Erlang(mean=MEAN, k=7))
    first = [draw_time(law, 0, 0.5, K0, K1, 20_000, number, 0, keys.HANDLE) for number in range(50)]
    again = [draw_time(law, 0, 0.5, K0, K1, 20_000, number, 0, keys.HANDLE) for number in reversed(range(50))]
    assert first == again[::-1]
    assert len(set(first)) == 50
