"""How much of the counted time somebody of a vendor is there, by the dates on which its pools begin and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario


def instant_of_local(local: str, zone: str) -> datetime:
    """The instant of a local time."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def zone_of_pool(scenario: Scenario, pool: Pool) -> str:
    """The zone of the clock that a pool works by: its site's, else the scenario's."""
    site = scenario.sites.get(pool.site) if pool.site is not None else None
    return scenario.time_zone if site is None else site.time_zone


def counted_part_of(scenario: Scenario, vendor: str) -> float:
    """The part of the counted time, 0 to 1, in which any pool of a vendor is there; 1 for a vendor without pools."""
    horizon = scenario.horizon
    start = instant_of_local(horizon.start, scenario.time_zone) + timedelta(microseconds=horizon.warm_up)
    end = start + timedelta(microseconds=horizon.length)
    pools = [pool for pool in scenario.pools.values() if pool.vendor == vendor]
    if not all(pool.comes_or_goes for pool in pools) or not pools:
        return 1.0
    covered, at = timedelta(0), start
    for since, until in sorted(_window(scenario, pool, start, end) for pool in pools):
        since = max(since, at)
        if since < until:
            covered, at = covered + (until - since), until
    return covered / (end - start)


def _window(scenario: Scenario, pool: Pool, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    zone = zone_of_pool(scenario, pool)
    since = start if pool.start is None else max(instant_of_local(pool.start, zone), start)
    return since, end if pool.until is None else min(instant_of_local(pool.until, zone), end)
