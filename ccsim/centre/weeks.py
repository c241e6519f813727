"""The weeks that a scenario replications, in UTC, and the clocks of zones in them; hours are bits, one a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.centre.open_hours import ALWAYS, QUARTERS, turned
from ccsim.language.scenario import Scenario

A_DAY: Final = QUARTERS // 7
_DAY_BITS: Final = (1 << A_DAY) - 1
_QUARTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday 00:00 UTC, as far as it is simulated."""

    monday: datetime
    """Its start, UTC."""
    simulated: int
    """Quarters of an hour that are simulated, warm-up included, drain period not."""
    counted: int
    """Quarters that are counted."""


class Weeks:
    """Weeks of a horizon and the clocks of zones in them."""

    def __init__(self, scenario: Scenario) -> None:
        zone = ZoneInfo(scenario.time_zone)
        horizon = scenario.horizon
        self.start = datetime.fromisoformat(horizon.start).replace(tzinfo=zone).astimezone(UTC)
        self.counted = self.start + timedelta(microseconds=horizon.warm_up)
        self.end = self.counted + timedelta(microseconds=horizon.length)
        self._clocks: dict[tuple[str, datetime], list[tuple[int, int]]] = {}
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        monday = midnight - timedelta(days=midnight.weekday())
        self.all: list[Week] = []
        while monday < self.end:
            self.all.append(Week(monday, self._between(monday, self.start), self._between(monday, self.counted)))
            monday += timedelta(days=7)

    def _between(self, monday: datetime, since: datetime) -> int:
        """Quarters of a week from an instant to the end of the counted length; every quarter that is touched."""
        first = min(max((since - monday) // _QUARTER, 0), QUARTERS)
        last = min(max(-((monday - self.end) // _QUARTER), 0), QUARTERS)
        return ((1 << last) - 1) & ~((1 << first) - 1)

    def clock(self, zone: str, week: Week) -> list[tuple[int, int]]:
        """Stretches of a week in which the clock of a zone runs evenly: their quarters, and how many it is ahead."""
        key = (zone, week.monday)
        if key not in self._clocks:
            self._clocks[key] = _stretches(ZoneInfo(zone), week.monday)
        return self._clocks[key]

    def to_utc(self, nine_days: int, zone: str, week: Week) -> int:
        """Bits by a zone's clock, from its midnight of the Sunday before, as bits of the week."""
        found = 0
        for mask, ahead in self.clock(zone, week):
            found |= (nine_days >> (A_DAY + ahead)) & mask
        return found

    def to_local(self, utc: int, zone: str, week: Week) -> int:
        """Bits of a week as bits of the week by a zone's clock."""
        found = 0
        for mask, ahead in self.clock(zone, week):
            found |= turned(utc & mask, ahead)
        return found

    def local_days(self, utc: int, zone: str, week: Week) -> list[tuple[date, int]]:
        """Bits of a week as bits of the days by a zone's clock, for the dates that have any."""
        nine = 0
        for mask, ahead in self.clock(zone, week):
            nine |= (utc & mask) << (A_DAY + ahead)
        first = week.monday.date() - timedelta(days=1)
        days = ((first + timedelta(days=number), nine >> number * A_DAY & _DAY_BITS) for number in range(9))
        return [(day, bits) for day, bits in days if bits]

    def changes(self, zone: str, week: Week) -> list[tuple[date, str]]:
        """Local dates of a week on which the clock of a zone changes, with the zone."""
        later = self.clock(zone, week)[1:]
        quarters = [(mask & -mask).bit_length() - 1 for mask, _ in later]
        there = ZoneInfo(zone)
        return [((week.monday + quarter * _QUARTER).astimezone(there).date(), zone) for quarter in quarters]


def of_weekday(bits: int, weekday: int) -> int:
    """Bits of a day (0 is Monday) of those of a week."""
    return bits >> weekday * A_DAY & _DAY_BITS


def daily(bits: int) -> int:
    """Bits of a day as bits of a week, every day alike."""
    found = 0
    for day in range(7):
        found |= bits << day * A_DAY
    return found


def tiled(week: int) -> int:
    """Bits of a week that repeats, from Monday, as bits of nine days from the Sunday before."""
    return (week >> 6 * A_DAY) | (week << A_DAY) | ((week & _DAY_BITS) << 8 * A_DAY)


def _stretches(zone: ZoneInfo, monday: datetime) -> list[tuple[int, int]]:
    def ahead(quarter: int) -> int:
        offset = (monday + quarter * _QUARTER).astimezone(zone).utcoffset() or timedelta(0)
        return round(offset / _QUARTER)

    edges = [day * A_DAY for day in range(8)]
    found: list[tuple[int, int]] = []
    since, now = 0, ahead(0)
    for low, high in pairwise(edges):
        after = ahead(high)
        if after == now:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead(middle) == now else (low, middle)
        found.append((((1 << high) - 1) & ~((1 << since) - 1), now))
        since, now = high, after
    if since < QUARTERS:
        found.append((ALWAYS & ~((1 << since) - 1), now))
    return found
