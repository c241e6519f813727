"""Checks of the goals: each has something to be judged on."""

from __future__ import annotations

from typing import Final

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import QUEUE_SCOPES
from ccsim.language.demand import Volume
from ccsim.language.goals import Goal
from ccsim.scenario.checks.whole import Whole, causes_of, channels_of, languages_of, markets_of, segments_of


def goals(whole: Whole) -> None:
    """Every goal has contacts, or pools, to be judged on."""
    for at, goal in enumerate(whole.scenario.goals or ()):
        several = len(whole.scenario.service_level.within) > 1 if whole.scenario.service_level else False
        if KPIS[goal.kpi].by_threshold and goal.within is None and several:
            whole.fault("say `within`: service_level has several thresholds", "goals", str(at))
        _pools(whole, goal, at)
        if whole.spoilt("demand") or whole.spoilt("workflows") or whole.spoilt("markets") or not whole.demand:
            continue
        if not any(_counts(whole, goal, volume) for volume in whole.demand.values()):
            said = [scope for scope in QUEUE_SCOPES if getattr(goal, scope) is not None]
            these = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
            whole.fault(f"no stream has this {these}", "goals", str(at))


def _counts(whole: Whole, goal: Goal, volume: Volume) -> bool:
    """Whether contacts of a volume count for a goal."""
    if goal.channel not in (None, *channels_of(volume)) or goal.segment not in (None, *segments_of(volume)):
        return False
    if goal.cause not in (None, *causes_of(volume)):
        return False
    markets = [market for market in markets_of(volume) if goal.market in (None, market)]
    if not any(goal.language in (None, *languages_of(volume, market, whole.scenario)) for market in markets):
        return False
    reached = whole.reached(volume.workflow)
    wanted = [name for name in reached if goal.workflow in (None, name)]
    return any(goal.tier is None or goal.tier in whole.tiers(name) for name in wanted)


def _pools(whole: Whole, goal: Goal, at: int) -> None:
    """A site or vendor that is judged has a pool."""
    if whole.spoilt("pools"):
        return
    if goal.pool is not None and goal.pool not in whole.pools:
        groups = [
            name for name, pool in whole.pools.items() if pool.roster is not None and pool.roster.group_of == goal.pool
        ]
        told = f"has a group for each activity: say {' or '.join(groups)}" if groups else "is no pool"
        whole.fault(f"{goal.pool} {told}", "goals", str(at), "pool")
    for scope in ("site", "vendor"):
        name = getattr(goal, scope)
        if name is not None and not any(getattr(pool, scope) == name for pool in whole.pools.values()):
            whole.fault(f"no pool has {scope} {name}", "goals", str(at), scope)


CHECKS: Final = (goals,)
