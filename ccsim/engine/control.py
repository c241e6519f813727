"""The control plane: SimPy processes for what decides, surprises, or comes a day at a time."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import simpy

from ccsim.draws import keys
from ccsim.draws.normal import normal_quantile
from ccsim.draws.philox import uniforms
from ccsim.kernel import layout
from ccsim.kernel.layout import Floats
from ccsim.kernel.sources import open_days
from ccsim.model import Model
from ccsim.model.model import Factors

if TYPE_CHECKING:
    from ccsim.engine.replication import Replication

Process = Generator[simpy.Event, None, None]

_BELOW_ONE = 1.0 - 2.0**-53


def day_factors(model: Model, seed: int, replication: int) -> Floats:
    """Factor of every local day of the volumes, in the order of `Factors.of`: gamma quantiles with mean 1.

    One uniform a name and date. Volumes that follow a shared factor with a correlation c below 1 have the normal score
    sqrt(c) x that of the shared factor + sqrt(1 - c) x their own (a Gaussian copula).
    """
    factors = np.ones(len(model.factors.of))
    if len(factors) == 1:
        return factors
    from ccsim.special_functions import gammaincinv  # loaded where a volume varies from day to day

    uniform = np.empty(len(factors))
    for row, (name, date) in enumerate(model.factors.of.tolist()[1:], 1):
        uniform[row] = _volume_factor(model.factors, name, date, seed, replication)
    variance = model.factors.cv[model.factors.of[1:, 0]] ** 2
    factors[1:] = gammaincinv(1.0 / variance, uniform[1:]) * variance
    return factors


def _volume_factor(factors: Factors, name: int, date: int, seed: int, replication: int) -> float:
    """The uniform whose quantile is a day's factor."""

    def drawn(called: str) -> float:
        k0, k1 = keys.stream_key(seed, replication, keys.DAY_FACTOR, called)
        return float(uniforms(k0, k1, date, 0, 0, 0)[0])

    shared, own = f"shared {factors.shared[name]}", f"own {factors.names[name]}"
    together = float(factors.correlation[name]) if factors.shared[name] else 0.0
    if together == 1.0 or together == 0.0:
        return drawn(shared if together else own)
    score = math.sqrt(together) * normal_quantile(drawn(shared)) + math.sqrt(1.0 - together) * normal_quantile(
        drawn(own)
    )
    return min(0.5 * math.erfc(-score / math.sqrt(2.0)), _BELOW_ONE)


def feed(replication: Replication) -> Process:
    """Begin every local day at its midnight: give it its factor, start its arrivals."""
    model, env = replication.model, replication.env
    factors = day_factors(model, replication.seed, replication.number)
    for opening in model.openings:
        if opening.time > env.now:
            yield env.timeout(opening.time - env.now)
        open_days(
            replication.rules, replication.state, opening.streams, opening.rows, factors[opening.factor] * opening.scale
        )


def midnights(replication: Replication) -> Process:
    """Count the backlog of deferred work at every midnight of the scenario's clock."""
    env = replication.env
    if replication.model.rules.classes.rows[:, layout.CLASS_LIVE].all():
        return
    for midnight in replication.model.midnights:
        yield env.timeout(midnight - env.now)
        replication.count_backlog()


def drain(replication: Replication) -> Process:
    """After the counted length, end the run once a report interval finds all counted contacts and cases ended.

    Intervals that are bound to find one away, who comes back later, are not asked.
    """
    span, env = replication.model.span, replication.env
    yield env.timeout(span.counted_until)
    yield env.timeout(0)  # the backlog of a midnight at this instant is counted first
    while env.now < span.end:
        if replication.may_be_over():
            replication.settle()
        if replication.state.registers[layout.REGISTER_COUNTED] == 0:
            replication.over = True
            return
        sure = max(replication.away_until() - env.now, 0) // span.interval
        yield env.timeout(min((1 + sure) * span.interval, span.end - env.now))
    replication.over = True
