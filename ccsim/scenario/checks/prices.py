"""Checks of what hours cost."""

from __future__ import annotations

from typing import Final

from ccsim.centre.prices import price_of
from ccsim.scenario.checks.whole import Whole


def unpriced(whole: Whole) -> None:
    """Where some hours have a price, those without one look like a bargain: work that moves there saves money."""
    pools = {name: pool for name, pool in whole.pools.items() if not whole.spoilt("pools", name)}
    if not any(price_of(whole.scenario, pool) > 0.0 for pool in pools.values()):
        return
    free: dict[str, list[str]] = {}
    for name, pool in pools.items():
        if pool.paid_hour is None and not whole.is_written("vendors", pool.vendor or "", "paid_hour"):
            free.setdefault(pool.vendor or "", []).append(name)
    for vendor, names in free.items():
        if whole.spoilt("vendors", vendor):
            continue
        whose = ", ".join(names) if len(names) < 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"
        why = f"hours of {whose} cost nothing, as no price is written and those of other pools have one"
        remedy = "say `paid_hour:`, or `paid_hour: 0` if that is meant"
        whole.warn(f"{why}; {remedy}", *(("vendors", vendor) if vendor else ("pools", names[0])))


CHECKS: Final = (unpriced,)
