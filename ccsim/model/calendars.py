"""Which public holidays a scenario was simulated with, for the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from ccsim.centre.calendars import OwnCalendar, calendar_of
from ccsim.language.deadlines import WorkingTime
from ccsim.language.markets import Market
from ccsim.language.scenario import Scenario
from ccsim.language.sites import Site


def dates_used(scenario: Scenario) -> dict[str, list[str]]:
    """ISO dates of the public holidays within the horizon, by calendar of the markets, sites and deadlines that name
    one.

    Those of a place with dates of its own stand under its name: `DE, site hall`.
    """
    horizon = scenario.horizon
    first = datetime.fromisoformat(horizon.start)
    last = first + timedelta(microseconds=horizon.warm_up + horizon.length + horizon.drain)
    # A day of room on either side: the clocks of markets and sites differ.
    room = timedelta(days=1)
    named: dict[str, OwnCalendar] = {}
    places: list[tuple[str, Market | Site]] = [*scenario.markets.items(), *scenario.sites.items()]
    for name, place in places:
        calendar = calendar_of(place)
        if calendar is None:
            continue
        if calendar.name is not None:
            named[calendar.name] = OwnCalendar(calendar.name)
        if calendar.also or calendar.without:
            whose = f"{'site' if isinstance(place, Site) else 'market'} {name}"
            named[f"{calendar.name}, {whose}" if calendar.name else whose] = calendar
    for holders in (scenario.channels, scenario.segments, scenario.workflows):
        for holder in holders.values():
            if isinstance(holder.deadline, WorkingTime) and holder.deadline.holidays is not None:
                named[holder.deadline.holidays] = OwnCalendar(holder.deadline.holidays)
    return {
        name: [day.isoformat() for day in sorted(named[name].between((first - room).date(), (last + room).date()))]
        for name in sorted(named)
    }
