"""What a person costs a day: paid hours with premiums at their price, by pool, and by shift of a pool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ccsim.experiments.staffing_model import Heads, Vector
from ccsim.experiments.staffing_pools import Lever
from ccsim.experiments.staffing_trials import Trials
from ccsim.language.premiums import Premiums

if TYPE_CHECKING:
    from ccsim.language.scenario import Scenario

LOOK: Final = 2
"""Replications of a plan that tells what a shift's person is paid: paid time hardly differs from one to the next."""
STEP: Final = 0.25
"""Part of a shift's people that are added for it; two at least, as one may move the days off of others."""


def hours_of_one(trials: Trials, heads: Heads, rows: Sequence[int], scenario: Scenario) -> Vector:
    """Paid hours a day of one more person, premiums included: an hour at half as much again is one and a half.

    Of a pool with several shifts by their paid time; where its vendor pays premiums, which one shift earns and another
    does not, the plan is simulated with more people on each.

    Parameters
    ----------
    trials
        In which the plan was simulated.
    heads
        People of the plan, by lever.
    rows
        Place of each lever's pool among the pools of a run.
    """
    levers, sums = trials.levers, trials.simulated_of(heads)[1].sums
    days = sums.measured.length / 86_400e6
    paid = sums.matrix("pool_sums", "rated_us") / 3.6e9 / days
    whole = paid_time(levers, heads, rows)
    each: Vector = paid.mean(axis=1)[rows] * [one.hours / whole[row] for one, row in zip(levers, rows, strict=True)]
    for row in sorted(set(rows)):
        mine = [place for place, other in enumerate(rows) if other == row]
        if (len(mine) > 1 or levers[mine[0]].stay) and _earns_premiums(scenario, levers[mine[0]]):
            many = min(LOOK, sums.replications)
            base = paid[row, :many].mean()
            added = np.array([_added(trials, heads, place, row, many, base * days) for place in mine]) / days
            people = np.array(heads)[mine]
            alone = levers[mine[0]].stay == 0  # all that the pool is paid is theirs: also who works past the end
            each[mine] = added * (paid[row].mean() / max(float(added @ people), 1e-9) if alone else 1.0)
    return each


def paid_time(levers: Sequence[Lever], heads: Heads, rows: Sequence[int]) -> dict[int, float]:
    """Paid time of all people of each pool, by its place, in the unit of `Lever.hours`."""
    whole = {row: one.stay_hours for one, row in zip(levers, rows, strict=True)}
    for one, n, row in zip(levers, heads, rows, strict=True):
        whole[row] += n * one.hours
    return {row: time if time > 0 else 1.0 for row, time in whole.items()}


def _earns_premiums(scenario: Scenario, lever: Lever) -> bool:
    vendor = scenario.vendors.get(scenario.pools[lever.pool].vendor or "")
    return vendor is not None and vendor.premiums != Premiums()


def _added(trials: Trials, heads: Heads, place: int, row: int, replications: int, before: float) -> float:
    """Paid hours of a pool that one person more on a shift adds, premiums included."""
    more = list(heads)
    step = max(2, round(STEP * heads[place]))
    more[place] += step
    paid = trials.apart(tuple(more), replications).sums.matrix("pool_sums", "rated_us")[row].mean() / 3.6e9
    return float(paid - before) / step
