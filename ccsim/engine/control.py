"""The control plane: SimPy processes for what decides, surprises, or comes a day at a time."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import simpy
from scipy.special import gammaincinv

from ccsim.draws import keys
from ccsim.draws.philox import uniforms
from ccsim.kernel import layout as k
from ccsim.kernel.layout import Floats, Ints
from ccsim.kernel.sources import open_days
from ccsim.model import Model

if TYPE_CHECKING:
    from ccsim.engine.play import Play

Process = Generator[simpy.Event, None, None]


def day_factors(model: Model, seed: int, replication: int, streams: Ints, rows: Ints) -> Floats:
    """Busyness of a local day for some streams: gamma quantiles with mean 1, one uniform a name and date."""
    factors = np.ones(len(streams))
    drawn: dict[tuple[str, int], float] = {}
    for i in np.flatnonzero(model.factor_cv[streams] > 0.0):
        name = model.factor_names[streams[i]]
        date = int(model.rules.days.date[rows[i]])
        if (name, date) not in drawn:
            k0, k1 = keys.stream_key(seed, replication, keys.DAY_FACTOR, name)
            drawn[name, date] = uniforms(k0, k1, date, 0, 0, 0)[0]
        variance = model.factor_cv[streams[i]] ** 2
        factors[i] = gammaincinv(1.0 / variance, drawn[name, date]) * variance
    return factors


def feed(play: Play) -> Process:
    """Begin every local day at its midnight: draw its factors, start its arrivals."""
    model, env = play.model, play.env
    for opening in model.openings:
        if opening.time > env.now:
            yield env.timeout(opening.time - env.now)
        factors = day_factors(model, play.seed, play.replication, opening.streams, opening.rows)
        open_days(model.rules, play.state, opening.streams, opening.rows, factors)


def last_orders(play: Play) -> Process:
    """After the counted length, end play at the first report interval at which every counted visit has ended."""
    span, env = play.model.span, play.env
    yield env.timeout(span.counted_until)
    while env.now < span.end:
        play.settle()
        if play.state.registers[k.X_COUNTED] == 0:
            play.over = True
            return
        yield env.timeout(min(span.interval, span.end - env.now))
    play.over = True
