"""Checks of the goals: each has something to be judged on."""

from __future__ import annotations

from typing import Final

from ccsim.centre.periods import counted_in, faults_of_section
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import POOL_SCOPES, QUEUE_SCOPES, WITH_POOLS
from ccsim.language.demand import Volume
from ccsim.language.goals import TIMES, Goal
from ccsim.language.restored import RESTORED_SCOPES
from ccsim.scenario.checks.whole import Whole, causes_of, channels_of, languages_of, markets_of, segments_of


def goals(whole: Whole) -> None:
    """Every goal has contacts, or pools, to be judged on."""
    for at, goal in enumerate(whole.scenario.goals or ()):
        several = len(whole.scenario.service_level.within) > 1 if whole.scenario.service_level else False
        if KPIS[goal.kpi].by_threshold and goal.within is None and several:
            whole.fault("say `within`: service_level has several thresholds", "goals", str(at))
        rated = whole.scenario.satisfaction
        if KPIS[goal.kpi].of_surveys and not whole.spoilt("satisfaction") and (rated is None or rated.response is None):
            why = f"{goal.kpi} needs `satisfaction.response:`, the share of customers who answer the survey, like 20%"
            whole.fault(why, "goals", str(at), "kpi")
        _pools(whole, goal, at)
        surge = (whole.scenario.surges or {}).get(goal.surge or "")
        if surge is not None and surge.restored is None:
            why = f"surge {goal.surge} does not say when service is restored: `restored: {{at_least: 80%, target: 4h}}`"
            whole.fault(why, "goals", str(at), "surge")
        _whole_flows(whole, goal, "goals", str(at))
        if whole.spoilt("demand") or whole.spoilt("workflows") or whole.spoilt("markets") or not whole.demand:
            continue
        if not any(_counts(whole, goal, volume) for volume in whole.demand.values()):
            said = [scope for scope in QUEUE_SCOPES if getattr(goal, scope) is not None]
            these = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
            whole.fault(f"no stream has this {these}", "goals", str(at))


def _counts(whole: Whole, goal: Goal, volume: Volume) -> bool:
    """Whether contacts of a volume count for a goal."""
    if goal.channel not in (None, *whole.visit_channels(volume)) or goal.segment not in (None, *segments_of(volume)):
        return False
    known = whole.workflows.get(volume.workflow)
    if goal.severity is not None and (known is None or goal.severity not in known.severity):
        return False
    if goal.cause not in (None, *causes_of(volume)):
        return False
    markets = [market for market in markets_of(volume) if goal.market in (None, market)]
    if not any(goal.language in (None, *languages_of(volume, market, whole.scenario)) for market in markets):
        return False
    if goal.bot is not None and not _met(whole, goal, volume):
        return False
    reached = whole.reached(volume.workflow, whole.channels_of(volume)) | set(known.misrouted if known else ())
    wanted = [name for name in reached if goal.workflow in (None, name)]
    return any(goal.tier is None or goal.tier in whole.tiers(name) for name in wanted)


def _met(whole: Whole, goal: Goal, volume: Volume) -> bool:
    """Whether the bot of a goal works for contacts of a volume that count for the goal otherwise."""
    bot = whole.scenario.bots.get(goal.bot or "")
    return bot is not None and any(
        bot.meets(volume.workflow, market, language, segment, channel)
        for market in markets_of(volume)
        for language in languages_of(volume, market, whole.scenario)
        for segment in segments_of(volume)
        for channel in channels_of(volume)
        if goal.market in (None, market)
        and goal.language in (None, language)
        and goal.segment in (None, segment)
        and goal.channel in (None, channel)
    )


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


def restored(whole: Whole) -> None:
    """Service that is to be restored is that of some stream, and of whole volumes."""
    if whole.spoilt("surges") or whole.spoilt("demand") or whole.spoilt("workflows") or not whole.demand:
        return
    for name, surge in (whole.scenario.surges or {}).items():
        asked = surge.restored
        if asked is None:
            continue
        scope = {one: getattr(asked, one) for one in RESTORED_SCOPES}
        goal = Goal(kpi="service_level", at_least=asked.at_least, by="day", **scope)
        if not any(_counts(whole, goal, volume) for volume in whole.demand.values()):
            said = " and ".join(one for one, wanted in scope.items() if wanted is not None)
            whole.fault(f"no stream has this {said}", "surges", name, "restored")
        _whole_flows(whole, goal, "surges", name, "restored")


def _whole_flows(whole: Whole, goal: Goal, *key: str) -> None:
    """A goal by time is not about a part of a volume: sums by interval are kept by volume, channel and tier.

    Sums by day of who answered are kept by market and language, too.
    """
    said = [name for name in TIMES if getattr(goal, name)]
    if not said or not whole.demand:
        return
    by_answerer = any(getattr(goal, scope) is not None for scope in POOL_SCOPES)
    for name, volume in whole.demand.items():
        if not _counts(whole, goal, volume):
            continue
        spoken = [one for market in markets_of(volume) for one in languages_of(volume, market, whole.scenario)]
        parts = {
            "market": markets_of(volume),
            "segment": segments_of(volume),
            "cause": causes_of(volume),
            "language": spoken,
        }
        for scope, found in parts.items():
            wanted = None if by_answerer and scope in WITH_POOLS else getattr(goal, scope)
            if wanted is not None and set(found) != {wanted}:
                several = f"{name} has {len(set(found))} {scope}s"
                asks = "restored" if key[0] == "surges" else said[0]
                why = f"`{asks}` needs {scope} {wanted} in volumes of its own: sums by time are kept by volume, and"
                whole.fault(f"{why} {several}", *key, scope)
                return


def calendar(whole: Whole) -> None:
    """Days and hours that goals and the report choose are counted, and report intervals lie inside of them."""
    scenario = whole.scenario
    if any(whole.spoilt(key) for key in ("horizon", "time_zone", "report")) or not scenario.horizon:
        return
    counted, interval = counted_in(scenario), scenario.horizon.interval
    for field, why in faults_of_section(scenario.report, counted, interval):
        whole.fault(why, "report", field)
    for at, goal in enumerate(scenario.goals or ()):
        for field, why in faults_of_section(goal, counted, interval):
            whole.fault(why, "goals", str(at), field)


CHECKS: Final = (goals, restored, calendar)
