"""How contacts are rated, as arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from ccsim.centre.eligible import proficiency
from ccsim.kernel import sums
from ccsim.kernel.layout import Floats, Ints
from ccsim.kernel.sums import Ratings
from ccsim.language.linear_satisfaction import BotPoints, LinearSatisfaction, PointsOfTime
from ccsim.language.pools import Pool
from ccsim.language.satisfaction import BotOdds, Satisfaction
from ccsim.model.quality import group_of_agents, groups_of_pools, said_of_group
from ccsim.model.routes import Routes
from ccsim.units import HOUR, MINUTE

NOT_RATED: Final = Ratings(
    law=np.zeros(1, np.int64),
    base=np.zeros(0),
    weights=np.zeros(sums.WEIGHTS),
    of_queue=np.zeros(0),
    of_group=np.zeros((0, 0)),
    workflow_of=np.zeros(0, np.int64),
    group_of=np.zeros(0, np.int64),
    sessions=np.zeros(1, np.int64),
    cuts=np.zeros(4),
    nps=np.zeros(2),
    response=np.zeros(2),
    live=np.zeros(0, np.int64),
    translated=np.zeros((0, 0), np.int64),
)
"""Nothing is rated."""


def ratings_of(routes: Routes, agents: Ints) -> Ratings:
    """How contacts are rated; `NOT_RATED` where the scenario has no `satisfaction`.

    `agents`: [pools, 2] first agent row and number of rows of each pool.
    """
    said = routes.scenario.satisfaction
    if said is None:
        return NOT_RATED
    queues = routes.queues
    of_queue = [
        said.workflows.get(queue.kind.workflow, 0.0) + said.channels.get(queue.kind.channel, 0.0) for queue in queues
    ]
    workflows = sorted({queue.kind.workflow for queue in queues})
    response = said.response
    law, base, weights, cuts, nps = _by_points(said) if isinstance(said, LinearSatisfaction) else _by_odds(said)
    return Ratings(
        law=np.array([law], np.int64),
        base=np.array([base]),
        weights=weights,
        of_queue=np.array(of_queue, np.float64),
        of_group=_of_group(said, routes, workflows),
        workflow_of=np.array([workflows.index(queue.kind.workflow) for queue in queues], np.int64),
        group_of=group_of_agents(routes, agents),
        sessions=np.array([said.bots.sessions], np.int64),
        cuts=np.array(cuts, np.float64),
        nps=np.array(nps, np.float64),
        response=np.array([response.not_satisfied, response.satisfied] if response else [0.0, 0.0]),
        live=np.array([queue.live for queue in queues], np.int64),
        translated=_translated(routes),
    )


class _Law(NamedTuple):
    """How ratings are made, as `Ratings` has it."""

    law: int
    base: float
    weights: Floats
    cuts: tuple[float, ...]
    nps: tuple[float, float]


def _by_odds(said: Satisfaction) -> _Law:
    csat, made = said.csat, np.zeros(sums.WEIGHTS)
    made[sums.WEIGHT_LIVE] = csat.per_minute_of_wait / MINUTE
    made[sums.WEIGHT_DEFERRED] = csat.per_hour_of_wait / HOUR
    made[sums.WEIGHT_UNRESOLVED] = -csat.resolved
    made[sums.WEIGHT_REPEAT] = csat.repeat
    made[sums.WEIGHT_TRANSFERRED] = csat.transferred
    made[sums.WEIGHT_ESCALATED] = csat.escalated
    made[sums.WEIGHT_TRANSLATED] = csat.translated
    _add_bots(made, said.bots)
    nps = (said.nps.detractor, said.nps.promoter)
    return _Law(sums.BY_ODDS, csat.constant + csat.resolved, made, said.cut_points, nps)


def _by_points(said: LinearSatisfaction) -> _Law:
    """Whole ratings from a threshold on are those above the whole number below it."""
    moved, made = said.moved_by, np.zeros(sums.WEIGHTS)
    made[sums.WEIGHT_LIVE] = _per_microsecond(moved.wait)
    made[sums.WEIGHT_DEFERRED] = _per_microsecond(moved.deferred_wait)
    made[sums.WEIGHT_UNRESOLVED] = moved.unresolved
    made[sums.WEIGHT_REPEAT] = moved.repeat
    made[sums.WEIGHT_TRANSFERRED] = moved.transfer
    made[sums.WEIGHT_ESCALATED] = moved.escalation
    made[sums.WEIGHT_TRANSLATED] = moved.translated
    _add_bots(made, said.bots)
    nps = (math.ceil(said.nps.detractors_below) - 1.0, math.ceil(said.nps.promoters_from) - 1.0)
    return _Law(sums.BY_POINTS, said.base, made, (1.0, 2.0, 3.0, 4.0), nps)


def _add_bots(weights: Floats, said: BotOdds | BotPoints) -> None:
    weights[sums.WEIGHT_HANDED_OFF] = said.handed_off
    weights[sums.WEIGHT_AFTER_BOT] = said.after_false_containment
    weights[sums.WEIGHT_CONTAINED] = said.contained
    weights[sums.WEIGHT_LEFT] = said.left


def _per_microsecond(said: PointsOfTime | None) -> float:
    return 0.0 if said is None else said.by / said.per


def _of_pool(said: Satisfaction | LinearSatisfaction, name: str, pool: Pool) -> float:
    """What a pool adds with its vendor; one of a roster's activities counts as the pool that is written."""
    written = pool.roster.group_of if pool.roster is not None and pool.roster.group_of else name
    return said.pools.get(written, 0.0) + said.vendors.get(pool.vendor or "", 0.0)


def _of_group(said: Satisfaction | LinearSatisfaction, routes: Routes, workflows: Sequence[str]) -> Floats:
    """[workflows, groups] What those add who answer."""
    made = np.zeros((len(workflows), len(groups := groups_of_pools(routes))))
    for j, (name, pool, group) in enumerate(groups):
        made[:, j] = _of_pool(said, name, pool)
        for i, workflow in enumerate(workflows):
            made[i, j] += sum(one.satisfaction for one in said_of_group(routes.scenario, pool, group, workflow))
    return made


def _translated(routes: Routes) -> Ints:
    """[queues, pools + 1] 1 if the pool does not speak the customer's language."""
    languages = sorted({queue.kind.language for queue in routes.queues})
    place = {language: i for i, language in enumerate(languages)}
    spoken = np.array(
        [
            [*([proficiency(pool, language) == 0.0 for pool in routes.pools] or [False]), False]
            for language in languages
        ],
        np.int64,
    )
    return spoken[[place[queue.kind.language] for queue in routes.queues]]
