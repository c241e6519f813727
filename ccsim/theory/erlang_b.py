"""Erlang B: agents without a queue."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ccsim.theory.arguments import not_negative, positive, refuse, whole
from ccsim.theory.laws import Floats
from ccsim.theory.measures import QueueMeasures


def blocking_probability(offered_load: float, agents: int) -> float:
    """Share of contacts that find every agent busy when nobody can wait.

    `offered_load` is arrival rate x mean handle time, 0 or above; `agents` a whole number from 0. It holds
    for any law of the handle time. ValueError for impossible arguments. Source: Erlang (1917); recursion on
    1/B, in which every term is positive, as in Jagerman (1974).
    """
    refuse(not_negative("offered_load", offered_load), whole("agents", agents, least=0))
    return 1.0 / inverse_blocking(float(offered_load), agents)


def inverse_blocking(load: float, agents: int) -> float:
    """1 / Erlang B; infinite where B is below the smallest float."""
    if load == 0:
        return 1.0 if agents == 0 else math.inf
    inverse = 1.0
    for n in range(1, agents + 1):
        inverse = 1.0 + inverse * (n / load)
        if math.isinf(inverse):
            break
    return inverse


@dataclass(frozen=True, kw_only=True)
class LossQueue(QueueMeasures):
    """Long-run measures of agents without a queue."""

    def answered_within(self, within: float) -> float:
        refuse(not_negative("within", within))
        return self.p_answered

    def abandoned_within(self, within: float) -> float:
        refuse(not_negative("within", within))
        return 0.0


def erlang_b(arrival_rate: float, mean_service: float, agents: int) -> LossQueue:
    """Agents without a queue: a contact that finds all of them busy is turned away.

    Contacts arrive at random (Poisson) at `arrival_rate` (>= 0) a unit of time; `mean_service` (> 0) in the
    same unit; handle times of any law; `agents` from 1. ValueError for impossible arguments. Source: Erlang
    (1917); any law of the handle time: Sevastyanov (1957).
    """
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("mean_service", mean_service),
        whole("agents", agents),
    )
    arrival_rate, mean_service, agents = float(arrival_rate), float(mean_service), int(agents)
    load = arrival_rate * mean_service
    blocked = 1.0 / inverse_blocking(load, agents)
    answered = share_below(load, agents)
    busy = load * answered
    return LossQueue(
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        agents=agents,
        offered_load=load,
        p_wait=0.0,
        p_block=blocked,
        p_abandon=0.0,
        p_answered=answered,
        p_empty=math.exp(-log_states(load, agents, 0.0)),
        busy=busy,
        occupancy=busy / agents,
        mean_queue=0.0,
        mean_in_system=busy,
        mean_wait_offered=0.0,
        mean_wait_entered=0.0,
        mean_wait_answered=0.0,
        mean_wait_abandoned=None,
        mean_wait_delayed=None,
        mean_virtual_wait=0.0,
        var_wait=0.0,
    )


def share_below(load: float, agents: int) -> float:
    """1 - Erlang B, without loss of digits in overload."""
    free = free_weight(load, agents)
    return 1.0 if math.isinf(free) else free / (1.0 + free)


def free_weight(load: float, agents: int) -> float:
    """Probability that an agent is free over that of exactly `agents` contacts in system: 1/B - 1."""
    return math.inf if load == 0 else inverse_blocking(load, agents - 1) * (agents / load)


def log_states(load: float, agents: int, log_beyond: float) -> float:
    """-log P(empty); `log_beyond`: log of P(all busy) / P(exactly `agents` in system)."""
    free = free_weight(load, agents)
    if math.isinf(free):
        return load
    log_full = agents * math.log(load) - math.lgamma(agents + 1)
    return log_full + (math.log(free) if log_beyond < -700 else float(np.logaddexp(math.log(free), log_beyond)))


def blocking_for_loads(loads: Floats, agents: int) -> tuple[Floats, Floats]:
    """Erlang B and 1 - Erlang B for an array of loads, in about sqrt(agents) steps near the critical load."""
    from scipy import special

    if agents == 0:
        return np.ones_like(loads), np.zeros_like(loads)
    blocked, free = np.empty_like(loads), np.empty_like(loads)
    light = loads < agents
    low = loads[light]
    blocked[light] = poisson_pmf(agents, low) / special.gammaincc(agents + 1, low)
    free[light] = 1.0 - blocked[light]
    high = loads[~light]
    term, rest = np.ones_like(high), np.zeros_like(high)
    for j in range(agents, 0, -1):
        term = term * (j / high)
        rest = rest + term
        if not np.any(term > 1e-17 * rest):
            break
    blocked[~light] = 1.0 / (1.0 + rest)
    free[~light] = rest / (1.0 + rest)
    return blocked, free


def poisson_pmf(count: int, means: Floats) -> Floats:
    """Poisson probability of `count` (>= 1), without cancellation near the mean (Loader 2000)."""
    excess = (means - count) / count
    with np.errstate(divide="ignore"):
        logs = np.where(means < count / 2, np.log(means / count), np.log1p(excess))
    deviance = count * (excess - logs)
    return np.asarray(np.exp(-deviance - _stirling_rest(count)) / math.sqrt(2 * math.pi * count))


def _stirling_rest(n: int) -> float:
    """log n! less Stirling's formula."""
    if n < 16:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2 * math.pi)
    return 1 / (12 * n) - 1 / (360 * n**3) + 1 / (1260 * n**5) - 1 / (1680 * n**7)
