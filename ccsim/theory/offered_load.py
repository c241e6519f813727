"""Offered load that moves in time: how many agents would be busy if there were always one free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from ccsim.theory.arguments import not_negative, positive, refuse
from ccsim.theory.laws import Floats, Law


def offered_load(
    rate: Callable[[float], float],
    service: Law,
    times: ArrayLike,
    start: float | None = 0.0,
    rate_breaks: Sequence[float] = (),
) -> Floats:
    """Mean number of busy agents at each time when there is always one free (Mt/G/infinity).

    `rate(t)` gives the arrival rate (>= 0) at time t; `service` is the law of the handle time; `times` in
    the unit of both. The system is empty at `start` and nobody comes before; with None it has run for ever
    and `rate` must hold for all times past. `rate_breaks` are times at which the rate jumps or has a
    corner. The number busy has a Poisson law with this mean. Relative error about 1e-10 for smooth rates.
    ValueError for impossible arguments or where the integral cannot be made. Source: Eick, Massey and Whitt
    (1993).
    """
    at = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if not np.all(np.isfinite(at)):
        raise ValueError("times: expected finite numbers")
    return np.array([_load_at(rate, service, float(t), start, rate_breaks) for t in at])


def _load_at(
    rate: Callable[[float], float], service: Law, t: float, start: float | None, rate_breaks: Sequence[float]
) -> float:
    """Integral of rate(t - age) x survival(age) over all ages."""
    end = _oldest(service) if start is None else min(t - start, _oldest(service))
    if end <= 0:
        return 0.0
    widths = service.scale * 2.0 ** np.arange(-8, 60)
    cuts = {0.0, end, *widths, *service.breaks, *(t - b for b in rate_breaks)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= end)
    return sum(_piece(rate, service, t, a, b) for a, b in pairwise(edges))


def _piece(rate: Callable[[float], float], service: Law, t: float, young: float, old: float) -> float:
    from scipy import integrate

    def busy(age: float) -> float:
        here = rate(t - age)
        if not here >= 0:
            raise ValueError(f"rate: expected 0 or above, got {here!r} at time {t - age!r}")
        return here * float(service.survival(np.array([age]))[0])

    value, error, *_ = integrate.quad(busy, young, old, epsabs=0.0, epsrel=1e-12, limit=200, full_output=1)
    if error > 1e-7 * abs(value) + 1e-12:
        raise ValueError(f"rate: too wild between {t - old!r} and {t - young!r}: give its jumps as rate_breaks")
    return float(value)


def _oldest(service: Law) -> float:
    """Age beyond which what is left of the mean handle time does not count."""
    mean, age = service.moment(1), service.scale
    while mean - float(service.integrated_survival(np.array([age]))[0]) > 1e-13 * mean and age < 1e12 * mean:
        age *= 2
    return age


def offered_load_steps(rates: Sequence[float], interval: float, service: Law, times: ArrayLike) -> Floats:
    """Mean number of busy agents at each time, for an arrival rate that is constant in each interval.

    `rates` (>= 0) hold for consecutive intervals of length `interval` (> 0) from time 0, before and after
    which nobody comes; times, interval and service in one unit. Exact. ValueError for impossible arguments.
    Source: Eick, Massey and Whitt (1993).
    """
    refuse(
        positive("interval", interval),
        *(not_negative(f"rates[{i}]", rate) for i, rate in enumerate(rates)),
    )
    at = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if not np.all(np.isfinite(at)):
        raise ValueError("times: expected finite numbers")
    edges = interval * np.arange(len(rates) + 1)
    ages = np.maximum(at[:, None] - edges[None, :], 0.0)
    served = service.integrated_survival(ages)
    return np.asarray((served[:, :-1] - served[:, 1:]) @ np.asarray(rates, dtype=np.float64).reshape(-1))
