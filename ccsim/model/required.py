"""How many agents an expected load requires: the planner's formulas for whole tables at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.kernel.layout import Floats, Ints
from ccsim.language.planning import Planning

#: A quotient that is whole but for rounding is that whole number.
_ROUNDING = 1.0 - 1e-9

MOST_ERLANGS: Final = 1e12
"""Loads from here on are no longer distinguished from the agents that they require."""


def required_agents(planning: Planning, live: Floats, handle: Floats, deferred: Floats) -> Ints:
    """Agents that a load requires, by the method of a scenario's `planning`, cell by cell.

    `live`: load of live contacts in erlangs; `handle`: their mean handle time in microseconds (used where the load
    is above 0); `deferred`: load of deferred work in erlangs. All of one shape, 0 or above. Live work gets what the
    method asks for, at least its load / `occupancy`; deferred work is added at `occupancy`. 0 where there is no load.
    """
    share = planning.occupancy
    if planning.required == "erlang_c":
        agents = erlang_c_agents(live, handle, planning.answered, float(planning.within)).astype(np.float64)
    elif planning.required == "square_root":
        agents = live + np.sqrt(live)
    else:
        agents = np.zeros_like(live)
    needed = np.maximum(agents, live / share) + deferred / share
    return np.asarray(np.ceil(needed * _ROUNDING), np.int64)


def erlang_c_agents(load: Floats, handle: Floats, answered: float, within: float) -> Ints:
    """Fewest agents who answer at least a share of contacts within a time, when nobody leaves, cell by cell.

    `load`: arrival rate x mean handle time, 0 or above; `handle`: mean handle time in the unit of `within`, above 0
    where there is load; `answered`: between 0 and 1. Source: Erlang (1917), law of the wait as in Cooper (1981),
    chapter 3. Searched by doubling and halving, as more agents never answer fewer in time: some forty evaluations
    whatever the load. From `MOST_ERLANGS` on it is the load itself: what is added to it is less than its rounding.
    """
    loads, times = np.ravel(load), np.ravel(handle)
    found = np.zeros(loads.size, np.int64)
    found[loads >= MOST_ERLANGS] = np.ceil(np.minimum(loads[loads >= MOST_ERLANGS], float(1 << 62)))
    where = np.flatnonzero((loads > 0.0) & (loads < MOST_ERLANGS))
    a, h = loads[where], times[where]

    def enough(agents: Ints) -> NDArray[np.bool_]:
        return 1.0 - _late(a, h, agents, within) >= answered

    failed = np.floor(a).astype(np.int64)  # with no more agents than erlangs the queue grows for ever
    agents, step = failed + 1, 1
    while not (met := enough(agents)).all():
        failed = np.where(met, failed, agents)
        agents = np.where(met, agents, agents + step)
        step *= 2
    while (agents - failed > 1).any():
        middle = (failed + agents) // 2
        met = enough(np.maximum(middle, failed + 1)) & (middle > failed)
        failed, agents = np.where(met, failed, middle), np.where(met, middle, agents)
    found[where] = agents
    return found.reshape(np.shape(load))


def _late(load: Floats, handle: Floats, agents: Ints, within: float) -> Floats:
    """Share of contacts that wait longer than a time; `agents` above the load. 1 / Erlang B by the Poisson law."""
    from ccsim.special_functions import gammaincc, gammaln  # loaded where a plan asks for it

    with np.errstate(over="ignore"):  # 1 / B beyond the largest float: nobody waits
        at_most = gammaincc(agents + 1.0, load)  # Poisson: P(N <= agents)
        inverse = at_most * np.exp(load - agents * np.log(load) + gammaln(agents + 1.0))
    free = (inverse - 1.0) * (1.0 - load / agents)
    late: Floats = np.exp((load - agents) * (within / handle)) / (1.0 + free)
    return late
