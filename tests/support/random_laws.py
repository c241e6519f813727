"""Random shares, factors and laws of times, on a coarse grid."""

from __future__ import annotations

from hypothesis import strategies as st

from ccsim.language.laws import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from ccsim.units import SECOND

whole_seconds = st.integers(1, 600).map(lambda s: s * SECOND)
shares = st.sampled_from([0.0, 0.1, 0.3, 0.5])
factors = st.sampled_from([0.8, 1.0, 1.25])


@st.composite
def laws(draw: st.DrawFn) -> Law:
    mean = draw(whole_seconds)
    return draw(
        st.sampled_from(
            [
                Constant(value=mean),
                Constant(value=mean // 60 * 60),
                Exponential(mean=mean),
                Lognormal(mean=mean, cv=1.2),
                Gamma(mean=mean, shape=0.6),
                Gamma(mean=mean, shape=3.5),
                Weibull(mean=mean, shape=0.8),
                Erlang(mean=mean, k=3),
                Hyperexponential(p=0.3, m1=mean, m2=3 * mean),
                Uniform(low=0, high=mean),
                Triangular(low=mean // 2, mode=mean, high=2 * mean),
                Empirical(values=(SECOND, mean, 2 * mean)),
            ]
        )
    )
