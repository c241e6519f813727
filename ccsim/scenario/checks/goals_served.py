"""Whether who is judged by a goal may answer what it asks for; looked at once it is known who may answer what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import POOL_SCOPES, WITH_POOLS
from ccsim.language.goals import Goal
from ccsim.scenario.checks.routes import streams_of_whole
from ccsim.scenario.checks.whole import Whole

_OF_CASES: Final = ("market", "language")
"""What all contacts of a case have in common: a case that opened on another channel may still be theirs."""
_OF: Final = {"workflow": "of workflow", "channel": "on channel", "market": "of market", "language": "in language"}

_Served = Mapping[tuple[str, ...], frozenset[str]]
"""Pools that may answer by workflow, channel, market and language, now or after overflow steps."""


def served_goals(whole: Whole) -> None:
    """A pool, site or vendor that is judged has pools that may answer what the goal is limited to."""
    asked = [
        (at, goal)
        for at, goal in enumerate(whole.scenario.goals or ())
        if any(getattr(goal, scope) is not None for scope in POOL_SCOPES)
    ]
    if not asked or whole.faults:
        return
    served: _Served | None = None
    for at, goal in asked:
        judged = _judged(whole, goal)
        names = " and ".join(f"{scope} {getattr(goal, scope)}" for scope in POOL_SCOPES if getattr(goal, scope))
        if not judged:
            whole.fault(f"no pool is of {names}: say one of them", "goals", str(at))
            continue
        if goal.tier is not None and not any(goal.tier in whole.pools[name].tier for name in judged):
            tiers = _listed({tier for name in judged for tier in whole.pools[name].tier})
            why = f"no pool of {names} serves tier {goal.tier}, only {tiers}: say one of these, or leave out `tier`"
            whole.fault(why, "goals", str(at), "tier")
        limits = {scope: getattr(goal, scope) for scope in WITH_POOLS if getattr(goal, scope) is not None}
        kpi = KPIS[goal.kpi]
        if kpi.first_answered is not None:
            limits = {scope: name for scope, name in limits.items() if scope in _OF_CASES}
        if not kpi.by_answerer or not limits or whole.eligibility is None:
            continue
        served = _served(whole) if served is None else served
        theirs = [key for key, pools in served.items() if not judged.isdisjoint(pools)]
        if not any(_inside(key, limits) for key in theirs):
            asks = " ".join(f"{_OF[scope]} {name}" for scope, name in limits.items())
            why = f"no pool of {names} may answer contacts {asks}: {_remedy(theirs, limits)}"
            whole.fault(why, "goals", str(at), next(iter(limits)))


def _judged(whole: Whole, goal: Goal) -> frozenset[str]:
    """Pools of the vendor, at the site, ... of a goal."""
    return frozenset(
        name
        for name, pool in whole.pools.items()
        if goal.pool in (None, name) and goal.site in (None, pool.site) and goal.vendor in (None, pool.vendor)
    )


def _served(whole: Whole) -> _Served:
    from ccsim.centre.legs import kinds_at, legs_of

    assert whole.eligibility is not None
    found: dict[tuple[str, ...], set[str]] = {}
    legs: dict[tuple[str, str], Sequence[tuple[str, str]]] = {}
    for stream in streams_of_whole(whole):
        way = stream.workflow, stream.channel
        if way not in legs:
            legs[way] = legs_of(whole.scenario, stream.workflow, channel=stream.channel)
        for workflow, tier in legs[way]:
            for kind, _ in kinds_at(whole.scenario, stream, workflow, tier):
                key = (workflow, kind.channel, stream.market, stream.language)
                found.setdefault(key, set()).update(whole.eligibility.pools_for(kind).pools)
    return {key: frozenset(pools) for key, pools in found.items()}


def _inside(key: tuple[str, ...], limits: Mapping[str, str]) -> bool:
    return all(limits.get(scope, name) == name for scope, name in zip(WITH_POOLS, key, strict=True))


def _remedy(theirs: Sequence[tuple[str, ...]], limits: Mapping[str, str]) -> str:
    """What to write: what these pools do answer, by the first scope that they answer nothing of beside the others."""
    for left_out in reversed(list(limits)):
        others = {scope: name for scope, name in limits.items() if scope != left_out}
        at = WITH_POOLS.index(left_out)
        if there := {key[at] for key in theirs if _inside(key, others)}:
            return f"they answer {left_out} {_listed(there)}; say one of these"
    return "leave one of the keys out"


def _listed(names: set[str]) -> str:
    *first, last = sorted(names)
    return f"{', '.join(first)} or {last}" if first else last


CHECKS: Final = (served_goals,)
