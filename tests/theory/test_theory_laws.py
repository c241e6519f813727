"""Laws of times against their own integrals, and the offered load that moves in time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from ccsim import theory as th

LAWS = {
    "exponential": (th.Exponential(3), stats.expon(scale=3)),
    "gamma": (th.Gamma(3, 2.5), stats.gamma(2.5, scale=3 / 2.5)),
    "weibull": (th.Weibull(3, 1.4), stats.weibull_min(1.4, scale=th.Weibull(3, 1.4).scale)),
    "lognormal": (
        th.Lognormal(3, 1.2),
        stats.lognorm(np.sqrt(np.log1p(1.44)), scale=3 / np.sqrt(2.44)),
    ),
    "uniform": (th.Uniform(1, 4), stats.uniform(1, 3)),
}


@pytest.mark.parametrize("name", LAWS)
def test_law_agrees_with_scipy(name):
    law, peer = LAWS[name]
    x = np.array([0.0, 1e-3, 0.5, 1.5, 3.0, 12.0])
    assert law.survival(x) == pytest.approx(peer.sf(x), rel=1e-12, abs=1e-300)
    assert law.cdf(x) == pytest.approx(peer.cdf(x), rel=1e-12, abs=1e-300)
    for order in (1, 2, 3):
        assert law.moment(order) == pytest.approx(peer.moment(order), rel=1e-9)
        for top in (0.5, 1.5, 12.0):
            part = integrate.quad(lambda u, k=order: u**k * peer.pdf(u), 0, top, points=[1.0, 4.0], limit=200)[0]
            assert law.partial_moment(order, np.array([top]))[0] == pytest.approx(part, rel=1e-8, abs=1e-12)
    for top in (0.5, 3.0):
        area = integrate.quad(peer.sf, 0, top, points=[1.0] if top > 1 else None)[0]
        assert law.integrated_survival(np.array([top]))[0] == pytest.approx(area, rel=1e-9)


def test_hyperexponential_and_constant():
    law = th.Hyperexponential(0.4, 1, 5)
    assert law.moment(1) == pytest.approx(3.4)
    assert law.moment(2) == pytest.approx(2 * (0.4 + 0.6 * 25))
    x = np.array([0.1, 2.0])
    assert law.survival(x) + law.cdf(x) == pytest.approx([1, 1])
    fixed = th.Constant(2)
    assert fixed.moment(3) == 8
    assert list(fixed.survival(np.array([1.9, 2.0, 2.1]))) == [1, 0, 0]
    assert list(fixed.integrated_survival(np.array([1.0, 2.0, 5.0]))) == [1, 2, 2]


@pytest.mark.parametrize("name", LAWS)
def test_a_law_known_by_its_survival_has_the_same_moments(name):
    law, _ = LAWS[name]
    same = th.FromSurvival(law.survival, 2.0, corners=law.breaks)
    x = np.array([0.3, 1.0, 2.0, 7.0])
    for order in (1, 2, 3):
        assert same.moment(order) == pytest.approx(law.moment(order), rel=1e-10)
        assert same.partial_moment(order, x) == pytest.approx(law.partial_moment(order, x), rel=1e-9, abs=1e-13)
    assert same.integrated_survival(x) == pytest.approx(law.integrated_survival(x), rel=1e-12)
    assert same.cdf(x) == pytest.approx(law.cdf(x), rel=1e-12, abs=1e-14)


def test_a_law_that_never_ends_has_no_mean():
    endless = th.FromSurvival(lambda x: 0.2 + 0.8 * np.exp(-x), 1.0)
    with pytest.raises(ValueError, match="moment of order 1"):
        endless.moment(1)
    # A fifth waits for ever: fine while the agents can answer them.
    assert th.mmn_g(30, 1, 10, endless).p_answered < 0.34
    with pytest.raises(ValueError, match="never end"):
        th.mmn_g(60, 1, 10, endless)


def test_steps_agree_with_the_integral():
    rates, law = [4.0, 10.0, 0.0, 7.0], th.Lognormal(8, 1.5)
    times = [0.0, 1.0, 15.0, 29.0, 31.0, 60.0, 200.0]
    steps = th.offered_load_steps(rates, 15, law, times)
    whole = th.offered_load(lambda t: rates[int(t // 15)] if t < 60 else 0.0, law, times, rate_breaks=[15, 30, 45, 60])
    assert steps == pytest.approx(whole, rel=1e-9)
    assert steps[0] == 0


def test_constant_rate_reaches_the_offered_load():
    for law in (th.Exponential(5), th.Constant(5), th.Gamma(5, 0.5), th.Uniform(4, 6)):
        assert th.offered_load(lambda t: 3.0, law, 7.0, start=None) == pytest.approx([15], rel=1e-9)
        assert th.offered_load(lambda t: 3.0, law, [-1.0, 0.0]) == pytest.approx([0, 0])
        start = th.offered_load(lambda t: 3.0, law, 2.0)
        assert start == pytest.approx(3 * law.integrated_survival(np.array([2.0])), rel=1e-9)


def test_sinusoidal_rate_has_the_known_lag():
    # Eick, Massey and Whitt (1993): with exponential service the load lags and is damped.
    mean, period = 4.0, 60.0
    w = 2 * np.pi / period
    times = np.array([0.0, 11.0, 33.0])
    got = th.offered_load(lambda t: 20 + 8 * np.sin(w * t), th.Exponential(mean), times, start=None)
    want = 20 * mean + 8 * mean * (np.sin(w * times) - w * mean * np.cos(w * times)) / (1 + (w * mean) ** 2)
    assert got == pytest.approx(want, rel=1e-9)


def test_offered_load_refuses():
    law = th.Exponential(1)
    with pytest.raises(ValueError, match="rate: expected 0 or above"):
        th.offered_load(lambda t: -1.0, law, 3.0)
    with pytest.raises(ValueError, match="times"):
        th.offered_load(lambda t: 1.0, law, float("nan"))
    with pytest.raises(ValueError, match="times"):
        th.offered_load_steps([1.0], 1, law, float("inf"))
    with pytest.raises(ValueError, match=r"rates\[1\]"):
        th.offered_load_steps([1.0, -1.0], 1, law, 1.0)
    with pytest.raises(ValueError, match="interval"):
        th.offered_load_steps([1.0], 0, law, 1.0)
