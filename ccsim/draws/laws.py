"""Times drawn from laws: by inversion of one uniform where that is exact and cheap, else from further uniforms.

Only `math.log`, `math.exp`, `math.sqrt` and + - * / are used: they give the same bits compiled and not.
"""

from __future__ import annotations

import math

from ccsim.draws.jit import kernel_call, kernel_entry
from ccsim.draws.law_codes import (
    CONSTANT,
    ERLANG,
    EXPONENTIAL,
    GAMMA,
    HYPEREXPONENTIAL,
    LOGNORMAL,
    LONGEST,
    NEVER,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    Laws,
)
from ccsim.draws.normal import normal_quantile
from ccsim.draws.philox import two_uniforms


@kernel_call
def _gamma(shape: float, u: float, k0: int, k1: int, date: int, number: int, place: int, decision: int) -> float:
    """A gamma variate with scale 1 by rejection (Marsaglia and Tsang, ACM TOMS 26, 2000)."""
    boost = 1.0
    if shape < 1.0:
        boost = math.exp(math.log(u) / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    for attempt in range(1, 1000):
        u0, u1 = two_uniforms(k0, k1, date, number, place, decision + attempt)
        z = normal_quantile(u0)
        v = 1.0 + c * z
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u1) < 0.5 * z * z + d - d * v + d * math.log(v):
            return boost * d * v
    return boost * d


@kernel_call
def _erlang(k: int, k0: int, k1: int, date: int, number: int, place: int, decision: int) -> float:
    """Sum of k exponential variates with mean 1."""
    total = 0.0
    for pair in range((k + 1) // 2):
        u0, u1 = two_uniforms(k0, k1, date, number, place, decision + 1 + pair)
        total -= math.log(u0)
        if 2 * pair + 1 < k:
            total -= math.log(u1)
    return total


@kernel_call
def _by_rare_law(
    laws: Laws,
    law: int,
    code: int,
    u: float,
    k0: int,
    k1: int,
    date: int,
    number: int,
    place: int,
    decision: int,
) -> float:
    par = laws.par
    if code == GAMMA:
        return par[law, 1] * _gamma(par[law, 0], u, k0, k1, date, number, place, decision)
    if code == WEIBULL:
        return par[law, 0] * math.exp(math.log(-math.log(u)) * par[law, 1])
    if code == ERLANG:
        return par[law, 1] * _erlang(int(par[law, 0]), k0, k1, date, number, place, decision)
    if code == HYPEREXPONENTIAL:
        p = par[law, 0]
        if u < p:
            return -par[law, 1] * math.log(u / p)
        return -par[law, 2] * math.log((1.0 - u) / (1.0 - p))
    if code == UNIFORM:
        return par[law, 0] + u * par[law, 1]
    if code == TRIANGULAR:
        low, mode, high, below = par[law, 0], par[law, 1], par[law, 2], par[law, 3]
        if u < below:
            return low + math.sqrt(u * (high - low) * (mode - low))
        return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))
    return laws.observed[int(par[law, 0]) + int(u * par[law, 1])]


@kernel_entry
def draw_time(
    laws: Laws, law: int, u: float, k0: int, k1: int, date: int, number: int, place: int, decision: int
) -> float:
    """A time by law `law` in microseconds, at most `LONGEST`; not rounded.

    `u` is the uniform that the caller drew for it; laws that need more uniforms take them from the blocks that follow
    `decision`. Law `NEVER` gives `LONGEST`.
    """
    code = laws.code[law]
    if code == EXPONENTIAL:
        x = -laws.par[law, 0] * math.log(u)
    elif code == LOGNORMAL:
        x = math.exp(laws.par[law, 0] + laws.par[law, 1] * normal_quantile(u))
    elif code == CONSTANT:
        x = laws.par[law, 0]
    elif code == NEVER:
        x = float(LONGEST)
    else:
        x = _by_rare_law(laws, law, code, u, k0, k1, date, number, place, decision)
    return min(x, float(LONGEST))
