"""How many agents an expected load requires: the planner's formulas for whole tables at once."""

from __future__ import annotations

import numpy as np

from ccsim.kernel.layout import Floats, Ints
from ccsim.scenario.sections import Planning

#: A quotient that is whole but for rounding is that whole number.
_ROUNDING = 1.0 - 1e-9


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
    chapter 3; recursion on 1 / Erlang B as in `ccsim.theory.erlang_b`, all cells in step.
    """
    loads, times = np.ravel(load), np.ravel(handle)
    found = np.zeros(loads.size, np.int64)
    where = np.flatnonzero(loads > 0.0)
    a, h = loads[where], times[where]
    inverse = np.ones_like(a)
    agents = 0
    with np.errstate(over="ignore"):  # 1 / B beyond the largest float: nobody waits
        while where.size:
            agents += 1
            inverse = 1.0 + inverse * (agents / a)
            enough = np.zeros(where.size, np.bool_)
            steady = np.flatnonzero(a < agents)
            if steady.size:
                free = (inverse[steady] - 1.0) * (1.0 - a[steady] / agents)
                late = np.exp((a[steady] - agents) * (within / h[steady])) / (1.0 + free)
                enough[steady] = 1.0 - late >= answered
            if enough.any():
                found[where[enough]] = agents
                rest = ~enough
                where, a, h, inverse = where[rest], a[rest], h[rest], inverse[rest]
    return found.reshape(np.shape(load))
