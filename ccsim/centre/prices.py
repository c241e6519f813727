"""What an hour of a pool costs."""

from __future__ import annotations

from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario


def price_of(scenario: Scenario, pool: Pool) -> float:
    """Price of a paid hour of a pool in the scenario's currency: its own, else its vendor's, else 0."""
    if pool.paid_hour is not None:
        return pool.paid_hour
    vendor = scenario.vendors.get(pool.vendor) if pool.vendor is not None else None
    return vendor.paid_hour if vendor is not None else 0.0
