"""Checks of the plan as it will be simulated: who is there when something comes, and whether they can do it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from ccsim.scenario.checks.whole import Whole


def plan(whole: Whole) -> None:
    """Somebody is there for what comes, and there are agents for the work; looked at once all the rest is sound."""
    if whole.faults:
        return
    from ccsim.scenario.checks.plan_demand import Known
    from ccsim.scenario.checks.plan_hours import MOST_TOLD, check_plan

    plans = whole.memory.plans
    demand = _demand(whole)
    key = (demand, _ids(whole.scenario.queue_groups))
    if key not in plans:
        plans[key] = Known(whole.scenario, plans.get(demand))
        plans.setdefault(demand, plans[key])
        whole.memory.kept.append(whole.scenario)
    told = check_plan(whole.scenario, whole.eligibility, plans[key])
    for one in told:
        if one.fault:
            whole.fault(one.message, *one.key)
    for section in ("demand", "workflows", "pools"):
        warnings = [one for one in told if not one.fault and one.key[0] == section]
        for one in warnings[:MOST_TOLD]:
            whole.warn(_of_its_group(whole, one.key[1]) + one.message, *one.key)
        if len(warnings) > MOST_TOLD:
            whole.warn(f"... and {len(warnings) - MOST_TOLD} more such warnings in {section}", section)


def _of_its_group(whole: Whole, name: str) -> str:
    """Which group of a pool a warning is of, since the key names the pool."""
    pool = whole.pools.get(name)
    return f"{name}: " if pool is not None and pool.roster is not None and pool.roster.group_of else ""


def _demand(whole: Whole) -> Hashable:
    """All that the demand of a plan and its clocks depend on."""
    from ccsim.centre.legs import told_apart

    scenario = whole.scenario
    sections = (
        *(scenario.markets, scenario.channels, scenario.workflows, scenario.demand, scenario.sites),
        *(scenario.shift_patterns, scenario.vendors, scenario.surges, scenario.deflections),
    )
    others = (scenario.horizon, scenario.time_zone, scenario.handle_time, scenario.patience, scenario.causes)
    return (*(_ids(known) for known in sections), repr(others), told_apart(scenario))


def _ids(sections: Mapping[str, object]) -> Hashable:
    """Sections by their ids: variants share those that they leave alone, and `memory` keeps them."""
    return tuple((name, id(one)) for name, one in sections.items())


CHECKS: Final = (plan,)
