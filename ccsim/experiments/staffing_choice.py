"""The cheapest plan that the response to people foresees to meet every goal: linear programmes one after the other
(HiGHS), and then whole people. Pure: no simulation here.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ccsim.experiments.staffing_model import Heads, Vector
from ccsim.experiments.staffing_response import Response

STEPS: Final = 12
"""Linear programmes, each in half the box of the one before after the first three."""
DEAR: Final = 1e4
"""A goal missed by 1 on its scale costs as much as so many of the dearest people."""
MOST_OF_IT: Final = 0.9
MET: Final = -1e-9
"""Margins from here up are met."""


def cheapest(response: Response, costs: Vector, least: Heads, most: Heads, asked: Vector) -> Heads:
    """The cheapest plan within bounds whose margins are foreseen to be at least what is asked; where there is none, one
    that misses least.

    Parameters
    ----------
    costs
        Cost of one person, shape [pools], >= 0.
    least, most
        People at least and at most.
    asked
        Margin that every side must have, shape [sides].
    """
    low, high = np.array(least, np.float64), np.array(most, np.float64)
    price = np.maximum(costs, 1e-6 * max(float(costs.max(initial=0.0)), 1.0))
    here = np.clip(np.array(response.heads, np.float64), low, high)
    asked = _reachable(response, here, high, asked)
    size = 1.0
    for step in range(STEPS):
        here = _programme(response, price, here, low, high, asked, size)
        size *= 1.0 if step < 3 else 0.6
    return _whole(response, price, here, low, high, asked)


def _reachable(response: Response, here: Vector, high: Vector, asked: Vector) -> Vector:
    """What is asked, but of a side that not even the most people meet most of the way there: the rest would be bought
    with everybody who helps a trifle.
    """
    now, top = response.margins(np.array([here, high]))
    far = np.array([side.people_help for side in response.sides]) & (top < asked)
    made: Vector = np.where(far, np.minimum(asked, now + MOST_OF_IT * (top - now)), asked)
    return made


def _programme(
    response: Response, price: Vector, here: Vector, low: Vector, high: Vector, asked: Vector, size: float
) -> Vector:
    """The best of the linear programme at a plan, in a part of the box around it."""
    from scipy.optimize import linprog

    pools, sides = len(here), len(asked)
    margins, gains = response.margins(here[None])[0] - asked, response.gains(here)
    reach = np.maximum(size * (high - low), 0.5)
    bounds = list(zip(np.maximum(low, here - reach), np.minimum(high, here + reach), strict=True)) + [(0, None)] * sides
    rows = -np.hstack([gains, np.eye(sides)])
    limits = margins - gains @ here
    weights = np.concatenate([price, np.full(sides, DEAR * price.max())])
    solved = linprog(weights, A_ub=rows, b_ub=limits, bounds=bounds, method="highs")
    found: Vector = here if solved.x is None else solved.x[:pools]
    return found


def _whole(response: Response, price: Vector, here: Vector, low: Vector, high: Vector, asked: Vector) -> Heads:
    """Whole people: rounded down, one more wherever that is worth most for its price until every side is met, then one
    less wherever all are still met, the dearest first.
    """
    plan = np.clip(np.floor(here + 1e-6), low, high)
    each = np.eye(len(plan))

    def missed(plans: Vector) -> Vector:
        lacks: Vector = np.minimum(response.margins(plans) - asked, 0.0).sum(axis=1)
        return -lacks

    lack = float(missed(plan[None])[0])
    while lack > -MET:
        after = missed(plan + each)
        worth = np.where(plan < high, (lack - after) / price, -np.inf)
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            break
        plan, lack = plan + each[best], float(after[best])
    while lack <= -MET:
        after = np.where(plan > low, missed(plan - each), np.inf)
        able = after <= -MET
        if not able.any():
            break
        plan = plan - each[int(np.argmax(np.where(able, price, -1.0)))]
    return tuple(int(n) for n in plan)
