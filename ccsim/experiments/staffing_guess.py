"""A first guess of staff: offered load of every queue, divided among the pools with the skill by a linear programme,
and the square-root rule on top.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ccsim.centre.eligible import Eligibility, language_pace
from ccsim.centre.legs import Kind, told_apart

if TYPE_CHECKING:
    from ccsim.experiments.staffing_pools import Lever
    from ccsim.language.scenario import Scenario
    from ccsim.metrics.sums import Sums

Matrix = NDArray[np.float64]


class OfferedWork(NamedTuple):
    """Work that waits for people, and what a person can take of it."""

    work: Matrix
    """Offered hours of work, shape [queues]."""
    pace: Matrix
    """Factor on that work in the hands of a pool, 0 where the pool may not serve the queue; shape [queues, pools]."""
    hours: Matrix
    """Hours on the line of one person, shape [pools]."""
    fixed: Matrix
    """Hours on the line of people who do not change, shape [pools]: 0 for pools that may change."""
    length: float
    """Hours that are counted."""


def demand_of(sums: Sums, scenario: Scenario, levers: Sequence[Lever]) -> OfferedWork:
    """The demand as a few replications of the plan of today show it: what joined times the mean time that it was held.

    Queues that nobody answered are taken with the mean time of all.
    """
    queues, pools = sums.queues, sums.pools
    offered = sums.matrix("queue_sums", "offered").sum(axis=1) / sums.replications
    held, served = _held(sums)
    mean = held.sum() / max(served.sum(), 1.0)
    each = np.where(served > 0, held / np.maximum(served, 1.0), mean)
    names = list(pools["name"])
    pace = _paces(scenario, queues, names)
    used = (pace > 0) & (served[:, None] > 0)
    shown = np.where(used, pace, 0.0).sum(axis=1) / np.maximum(used.sum(axis=1), 1)  # who answered: in `each` already
    pace = np.where(shown[:, None] > 0, pace / np.where(shown > 0, shown, 1.0)[:, None], pace)
    planned = sums.matrix("pool_sums", "planned_us").mean(axis=1) / 3.6e9
    people = np.array([_people_of(name, levers) for name in names])
    return OfferedWork(
        work=offered * each / 3.6e9,
        pace=pace,
        hours=np.where(people > 0, planned / np.maximum(people, 1), 0.0),
        fixed=np.where(people > 0, 0.0, planned),
        length=sums.measured.length / 3.6e9,
    )


def _people_of(pool: str, levers: Sequence[Lever]) -> int:
    """People of a pool of whom some may change; 0 where none do."""
    mine = [one for one in levers if one.pool == pool]
    return sum(one.now for one in mine) + mine[0].stay if mine else 0


def by_shift(levers: Sequence[Lever], rows: Sequence[int], people: Matrix) -> Matrix:
    """Whole people of each lever where their pools are to have so many, `people` of shape [pools] by `rows`: those who
    do not change stay, and the others grow or shrink alike.
    """
    made = np.zeros(len(levers))
    for place, (one, row) in enumerate(zip(levers, rows, strict=True)):
        mine = [other for other, at in zip(levers, rows, strict=True) if at == row]
        now = sum(other.now for other in mine)
        time = sum(other.now * other.hours for other in mine)
        whole = (time + one.stay_hours) * people[row] / max(now + one.stay, 1)
        made[place] = math.ceil(one.now * max(whole - one.stay_hours, 0.0) / time - 1e-9) if time > 0 else one.now
    return made


def _held(sums: Sums) -> tuple[Matrix, Matrix]:
    """Agent time that queues took and their visits that were answered, per replication: shape [queues]."""
    from ccsim.metrics.cost import ROUTES
    from ccsim.results.held_tables import batches

    held, served = np.zeros(len(sums.queues)), np.zeros(len(sums.queues))
    filled = np.array([1 / sums.measured.concurrency.get(channel, 1) for channel in sums.queues["channel"]])
    for frame in batches(sums.tables, "routes", ROUTES):
        queue = frame["queue"].to_numpy(np.int64)
        np.add.at(held, queue, frame["held_us"].to_numpy(np.float64) * filled[queue])
        np.add.at(served, queue, frame["served"].to_numpy(np.float64))
    return held / sums.replications, served / sums.replications


def _paces(scenario: Scenario, queues: Any, names: Sequence[str]) -> Matrix:
    eligibility, apart = Eligibility(scenario), told_apart(scenario)
    made = np.zeros((len(queues), len(names)))
    at = {name: place for place, name in enumerate(names)}
    columns = [queues[name] for name in Kind._fields]
    for row, (workflow, tier, channel, language, market, segment, severity) in enumerate(zip(*columns, strict=True)):
        segment, severity = apart.of(segment, severity)
        kind = Kind(workflow, tier, channel, language, market, segment, severity)
        for name in eligibility.pools_for(kind).pools:
            pool = scenario.pools[name]
            skill = pool.skills.get(kind.workflow) if pool.skills is not None else None
            own = skill.handle_time if skill is not None else 1.0
            made[row, at[name]] = own * pool.handle_time * language_pace(scenario, pool, kind.language)
    return made


def divided(demand: OfferedWork, costs: Matrix) -> Matrix:
    """Hours of work by pool, divided so that the people cost least: shape [pools].

    A linear programme (HiGHS): every queue's work goes to pools with the skill; people who do not change take what
    they can. Work beyond all of them is left.

    Parameters
    ----------
    demand
        The work.
    costs
        Cost of one person, shape [pools]; anything for pools that do not change.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    queue, pool = np.nonzero(demand.pace)
    pairs, queues, pools = len(queue), *demand.pace.shape
    pace = demand.pace[queue, pool]
    free = demand.hours > 0
    price = np.where(free, np.maximum(costs, 1e-9) / np.where(free, demand.hours, 1.0), 1e-9)
    dear = 1e3 * max(float(price.max(initial=1.0)), 1.0)
    weights = np.concatenate([pace * price[pool], np.full(queues, dear)])
    column = np.arange(pairs)
    whole = coo_array(
        (
            np.ones(pairs + queues),
            (np.concatenate([queue, np.arange(queues)]), np.concatenate([column, pairs + np.arange(queues)])),
        ),
        shape=(queues, pairs + queues),
    )
    taken = coo_array((pace, (pool, column)), shape=(pools, pairs + queues))
    most = np.where(free, 1e12, demand.fixed)
    limits: dict[str, Any] = {"A_eq": whole.tocsr(), "b_eq": demand.work, "A_ub": taken.tocsr(), "b_ub": most}
    solved = linprog(weights, method="highs", **limits)
    if solved.x is None:
        return np.zeros(pools)
    hours = np.zeros(pools)
    np.add.at(hours, pool, pace * solved.x[:pairs])
    return hours


class Planned(NamedTuple):
    """People that the plan requires of a pool."""

    people: int
    on: dict[str, int]
    """By shift pattern, as the roster would have them."""


def planned_for(scenario: Scenario, names: Sequence[str]) -> dict[str, Planned]:
    """People by pool whose hours on the line in a week are those that the plan requires (`planning`), before anything
    is simulated: for pools whose number is still to be found, as if they were as many as is assumed of them.
    """
    from ccsim.model.offered import span_of
    from ccsim.model.roster import build_roster
    from ccsim.model.staffed_pools import Clocks
    from ccsim.model.workforce import staff

    every, span = sorted(scenario.pools), span_of(scenario)
    staffing = staff(scenario, every, Clocks(span.start_utc), span, only=names[0])
    found = {}
    for name in names:
        place = every.index(name)
        staffed, required = staffing.pools[place], staffing.required[place].astype(np.float64)
        one = float((staffed.cover * staffed.there).sum()) / max(len(staffed.schedules), 1)
        people = max(1, math.ceil(float(required.sum()) / one)) if one > 0 else 1
        on: dict[str, int] = {}
        if staffed.pool.people_on is not None:
            roster = build_roster(staffed.schedules, staffed.cover, required, people, {})
            for schedule, n in zip(roster.schedules, roster.people, strict=True):
                on[schedule.pattern] = on.get(schedule.pattern, 0) + int(n)
        found[name] = Planned(people, on)
    return found


def people_for(hours: Matrix, demand: OfferedWork) -> Matrix:
    """People by pool for hours of work: as many as take it, and the square root of these beside (Halfin and Whitt,
    1981), shape [pools]; 0 for pools that do not change.
    """
    made = np.zeros(len(hours))
    for pool, (work, each) in enumerate(zip(hours, demand.hours, strict=True)):
        if each > 0:
            people = work / each
            made[pool] = math.ceil(people + math.sqrt(people * min(demand.length / each, 1e3)) if people > 0 else 0.0)
    return made
