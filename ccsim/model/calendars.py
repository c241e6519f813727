"""Which public holidays a scenario was played with, for the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from ccsim.centre.calendars import holidays_between
from ccsim.language.deadlines import WorkingTime
from ccsim.language.scenario import Scenario


def dates_used(scenario: Scenario) -> dict[str, list[str]]:
    """ISO dates of the public holidays within play, by calendar of the markets, sites and deadlines that name
    one."""
    horizon = scenario.horizon
    first = datetime.fromisoformat(horizon.start)
    last = first + timedelta(microseconds=horizon.warm_up + horizon.length + horizon.drain)
    # A day of room on either side: the clocks of markets and sites differ.
    room = timedelta(days=1)
    named = {market.holidays for market in scenario.markets.values()}
    named |= {site.holidays for site in scenario.sites.values()}
    for holders in (scenario.channels, scenario.segments, scenario.workflows):
        deadlines = (holder.deadline for holder in holders.values())
        named |= {deadline.holidays for deadline in deadlines if isinstance(deadline, WorkingTime)}
    return {
        name: [day.isoformat() for day in sorted(holidays_between(name, (first - room).date(), (last + room).date()))]
        for name in sorted(name for name in named if name is not None)
    }
