"""Many equal agents: priorities with exponential handle times, and constant handle times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.theory.arguments import not_negative, positive, refuse, whole
from ccsim.theory.erlang_c import delay_probability, too_much_load
from ccsim.theory.one_agent import PriorityQueue, by_priority

_MOST_TERMS = 200_000


def mmn_priorities(arrival_rates: Sequence[float], mean_service: float, agents: int) -> PriorityQueue:
    """Classes in order of priority before equal agents; contacts in hand are not interrupted, nobody leaves.

    `arrival_rates` (>= 0) a unit of time, one a class, highest priority first; `mean_service` (> 0) of the
    exponential handle time common to all classes; `agents` from 1, above the total load. ValueError for
    impossible arguments. Sources: Cobham (1954), Kella and Yechiali (1985).
    """
    if not len(arrival_rates):
        raise ValueError("arrival_rates: expected at least one class")
    refuse(
        *(not_negative(f"arrival_rates[{i}]", rate) for i, rate in enumerate(arrival_rates)),
        positive("mean_service", mean_service),
        whole("agents", agents),
    )
    p_wait = delay_probability(sum(arrival_rates) * mean_service, agents)
    shares = [rate * mean_service / agents for rate in arrival_rates]
    return by_priority(arrival_rates, shares, p_wait * mean_service / agents, p_wait)


@dataclass(frozen=True, kw_only=True)
class ConstantServiceQueue:
    """Long-run measures of equal agents with a constant handle time; times in the unit of the call."""

    p_wait: float
    """Share of contacts that wait."""
    mean_wait: float
    """Mean wait of all contacts, zeros included."""
    mean_queue: float
    """Mean number of waiting contacts."""
    p_empty: float
    """Share of time with nobody in the system."""
    occupancy: float
    """Busy agents / agents."""


def mdn(arrival_rate: float, service: float, agents: int) -> ConstantServiceQueue:
    """Random arrivals, a constant handle time, equal agents, contacts that wait as long as it takes (M/D/n).

    `arrival_rate` (>= 0) a unit of time, `service` (> 0) in that unit, `agents` from 1, above the load.
    ValueError for impossible arguments. Sources: Crommelin (1932), roots in the unit disc; in light traffic
    the sums of Spitzer (1956) and Pollaczek, which lose no digits there.
    """
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("service", service),
        whole("agents", agents, most=100_000),
    )
    load = float(arrival_rate) * service
    refuse(too_much_load(load, agents))
    if load == 0:
        return ConstantServiceQueue(p_wait=0.0, mean_wait=0.0, mean_queue=0.0, p_empty=1.0, occupancy=0.0)
    roots = _roots(load, agents)
    log_free = math.log(agents - load) - float(np.log(np.abs(roots)).sum())
    p_empty = math.exp(log_free - load / agents * float(roots.real.sum()))
    spitzer = _spitzer(load, agents)
    if spitzer is None:
        p_wait = -math.expm1(min(log_free, 0.0))
        queue = (load * load - agents * (agents - 1)) / (2 * (agents - load)) + float((1 / roots).real.sum())
    else:
        p_wait, queue = spitzer
    return ConstantServiceQueue(
        p_wait=p_wait,
        mean_wait=queue / arrival_rate,
        mean_queue=queue,
        p_empty=p_empty,
        occupancy=load / agents,
    )


def _roots(load: float, agents: int) -> NDArray[np.complex128]:
    """1 - z for the roots z != 1 of z**agents = exp(load (z - 1)) in the unit disc, by Newton's method."""
    angles = 2j * math.pi * np.arange(1, agents) / agents
    ratio = load / agents
    u: NDArray[np.complex128] = -np.expm1(angles)
    for _ in range(200):
        grown = np.expm1(angles - ratio * u)
        step = (u + grown) / (1 - ratio * (1 + grown))
        u = u - step
        if not np.any(np.abs(step) > 1e-15 * np.abs(u)):
            break
    return u


def _spitzer(load: float, agents: int) -> tuple[float, float] | None:
    """p_wait and mean queue by Spitzer's sums, every agent taken as taking each agents-th contact."""
    from scipy import special

    ratio = load / agents
    decay = agents * (ratio - 1 - math.log(ratio))
    terms = 45.0 / decay + 10 if decay > 0 else math.inf
    if terms > _MOST_TERMS:
        return None
    m = np.arange(1, int(terms) + 1)
    late = special.gammainc(m * agents, m * load)
    point = np.exp(special.xlogy(m * agents, m * load) - m * load - special.gammaln(m * agents + 1.0))
    p_wait = -math.expm1(-float((late / m).sum()))
    return p_wait, max(float(((load - agents) * late + agents * point).sum()), 0.0)
