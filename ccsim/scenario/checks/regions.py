"""Checks of regions: names that look misspelt, and customers whose region has nobody for them."""

from __future__ import annotations

from typing import Final

from ccsim.language.pools import Pool
from ccsim.language.workflows import Workflow
from ccsim.scenario.checks.whole import Whole, markets_of
from ccsim.text.faults import nearest


def names(whole: Whole) -> None:
    """A market's region in which no site lies is told where one with nearly the same name has some."""
    lying = {site.region for site in whole.scenario.sites.values() if site.region}
    for name, market in whole.scenario.markets.items():
        if lying and market.region and market.region not in lying:
            near = nearest(market.region, lying)
            if near:
                whole.warn(f"no site is in {market.region!r}; did you mean {near[0]!r}?", "markets", name, "region")


def open_at_once(whole: Whole) -> None:
    """Where other regions are to help later, a region without a pool for the work has their help at once."""
    steps = whole.scenario.routing.overflow if whole.scenario.routing else ()
    if not any(step.to == "any_region" and step.after > 0 for step in steps) or whole.faults:
        return
    found: dict[str, tuple[dict[str, None], set[str]]] = {}
    near: dict[str, list[Pool]] = {}
    for volume in whole.demand.values():
        workflow = whole.workflows.get(volume.workflow) or Workflow()
        if workflow.pools or workflow.overflow:
            continue
        tier = next(iter(whole.tiers(volume.workflow)))
        for name in markets_of(volume):
            market = whole.scenario.markets.get(name)
            if market is None or not market.region:
                continue
            if market.region not in near:
                near[market.region] = _pools_near(whole, market.region)
            if not any(_takes(pool, volume.workflow, tier) for pool in near[market.region]):
                markets, workflows = found.setdefault(market.region, ({}, set()))
                markets[name] = None
                workflows.add(volume.workflow)
    for region, (markets, workflows) in found.items():
        whole.warn(
            f"no pool in {region} takes {', '.join(sorted(workflows))}: pools of every region may answer contacts of "
            f"{', '.join(markets)} from the first second, not only when `any_region` opens",
            *("markets", next(iter(markets)), "region"),
        )


def _pools_near(whole: Whole, region: str) -> list[Pool]:
    """Pools at sites of a region, and those whose region nobody knows."""
    sites = {name: site.region for name, site in whole.scenario.sites.items()}
    return [pool for pool in whole.pools.values() if sites.get(pool.site or "") in (region, None)]


def _takes(pool: Pool, workflow: str, tier: str) -> bool:
    return tier in pool.tier and (pool.skills is None or workflow in pool.skills)


CHECKS: Final = (names, open_at_once)
