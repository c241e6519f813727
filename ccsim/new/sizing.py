"""How many people a first scenario has, and when they may start: offered load by half-hour, Erlang A, shrinkage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ccsim import theory
from ccsim.language.profiles import built_in
from ccsim.new.wishes import LIVE, Located, Wishes
from ccsim.text.scalars import WEEKDAYS

OPENS: Final = 8
CLOSES: Final = 20
"""Hours of the day, by the clock of each market, between which live contacts are taken."""
SHIFT_HOURS: Final = 8.5
"""A shift of eight paid hours with half an hour unpaid."""
HANDLE_MINUTES: Final = {"phone": 5.5, "chat": 8.0, "messaging": 9.0, "email": 6.0, "social": 5.0}
"""Mean handle time, wrap-up included, of a contact that is alone with its agent."""
AT_ONCE: Final = {"chat": 2, "messaging": 3}
"""Contacts that an agent may have at the same time."""
SPEED: Final = {2: (1.0, 0.7), 3: (1.0, 0.7, 0.55)}
"""By their number: speed at which each goes on."""
MIX: Final = {"phone": 45, "chat": 20, "messaging": 15, "email": 25, "social": 10}
"""Weights of the channels."""
TIME_AWAY: Final = {"absence": 5, "leave": 8, "training": 3, "meetings": 3}
"""Paid time away, in per cent of the rostered time."""

_REPEATS: Final = 1.12
"""Contacts with those that come back, for one that comes by itself."""
_OCCUPANCY: Final = 0.82
_ROSTER: Final = 1.2
"""Rostered hours for one that is needed: whole shifts never follow a curve."""
_LEAST: Final = 6
"""People of a site with whom no half-hour is left alone by breaks and absence."""
_HALF_HOURS: Final = 48


@dataclass(frozen=True, slots=True)
class Shifts:
    """Starts of shifts on the same days."""

    name: str
    days: str
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """What a site has."""

    site: Located
    people: int
    shifts: tuple[Shifts, ...]
    hours: str
    """Opening hours, as they are written."""


def shares(weights: list[tuple[str, float]]) -> list[tuple[str, int]]:
    """Whole per cents in proportion to weights, 100 together, each at least 1."""
    whole = sum(weight for _, weight in weights)
    found = [max(1, round(100 * weight / whole)) for _, weight in weights]
    found[found.index(max(found))] += max(100 - sum(found), 0)
    while sum(found) > 100:  # many small ones were rounded up to 1
        found[found.index(max(found))] -= 1
    return [(name, share) for (name, _), share in zip(weights, found, strict=True)]


def staffed(wishes: Wishes) -> list[Staff]:
    """Sites with their people and shifts."""
    people = needed(wishes) if wishes.people is None else wishes.people
    count = len(wishes.sites)
    least = _LEAST if wishes.people is None else 1
    each = [max(least, people // count + (number < people % count)) for number in range(count)]
    return [Staff(site, each[number], *_shifts(site, wishes)) for number, site in enumerate(wishes.sites)]


def needed(wishes: Wishes) -> int:
    """People of all sites: enough for the live load of each half-hour by Erlang A, and for all work together."""
    load = WeeklyLoad(wishes)
    agents = load.agents()
    by_roster = 5 * sum(agents) / 2 * _ROSTER
    by_work = load.hours_a_week / _OCCUPANCY
    paid = 5 * (SHIFT_HOURS - 1.0)
    people = max(math.ceil(max(by_roster, by_work) / paid), max(agents))
    return theory.scheduled_agents(people, sum(TIME_AWAY.values()) / 100)


class WeeklyLoad:
    """What comes on a Monday, the busiest day."""

    def __init__(self, wishes: Wishes) -> None:
        profile = built_in("business_day")
        weekdays = profile.weekdays
        monday = weekdays[0] / sum(weekdays)
        steps = [max(0.0, value) for value in profile.hours.values][:_HALF_HOURS]
        self._day = [value / sum(steps) for value in steps]
        weights = [(name, float(MIX[name])) for name in wishes.channels]
        self._contacts = {name: wishes.contacts_per_week * share / 100 * _REPEATS for name, share in shares(weights)}
        self._monday = monday
        first = min(_offset(market, wishes) for market in wishes.markets)
        self._lags = [round(2 * (_offset(market, wishes) - first)) % _HALF_HOURS for market in wishes.markets]

    def agents(self) -> list[int]:
        """Agents on the line for live contacts in each half-hour of the day.

        In the busiest one so many that 90 % are answered within 20 seconds by Erlang A; in the others the same number
        of square roots of the offered load above it (square-root staffing).
        """
        rates = {name: n * self._monday / 30 for name, n in self._contacts.items() if name in LIVE}  # a minute, of 1
        minutes = sum(rate * HANDLE_MINUTES[name] / _speed(name) for name, rate in rates.items())
        loads = [minutes * self._share(at) for at in range(_HALF_HOURS)]
        peak = max(loads)
        if peak <= 0:
            return [0] * _HALF_HOURS
        mean = minutes / sum(rates.values())
        most = theory.agents_for_service_level(peak / mean, mean, 0.9, 1 / 3, patience=3.0)
        above = (most - peak) / math.sqrt(peak)
        return [max(2, math.ceil(load + above * math.sqrt(load))) if load > 0 else 0 for load in loads]

    def _share(self, at: int) -> float:
        """Share of a day's contacts in a half-hour, all markets together; only in their opening hours."""
        found = 0.0
        for lag in self._lags:
            local = (at - lag) % _HALF_HOURS
            if 2 * OPENS <= local < 2 * CLOSES:
                found += self._day[local] / len(self._lags)
        return found

    @property
    def hours_a_week(self) -> float:
        """Hours of work in a week, deferred work too."""
        return sum(n * HANDLE_MINUTES[name] / _speed(name) for name, n in self._contacts.items()) / 60


def _speed(channel: str) -> float:
    """Contacts that a busy agent does in the time of one alone."""
    count = AT_ONCE.get(channel, 1)
    return 1.0 if count == 1 else SPEED[count][-1] * count


def _offset(place: Located, wishes: Wishes, days: int = 0) -> float:
    """Hours by which the clock of a place is ahead of UTC."""
    noon = datetime(wishes.start.year, wishes.start.month, wishes.start.day, 12) + timedelta(days=days)
    found = noon.replace(tzinfo=ZoneInfo(place.time_zone)).utcoffset()
    return (found or timedelta()).total_seconds() / 3600


def _shifts(site: Located, wishes: Wishes) -> tuple[tuple[Shifts, ...], str]:
    """Shifts that cover the opening hours of all markets by the clock of a site, and the site's hours."""
    ahead = [
        _offset(site, wishes, days) - _offset(market, wishes, days) for market in wishes.markets for days in (-7, 0, 13)
    ]
    opens, closes = OPENS + math.floor(min(ahead)), CLOSES + math.ceil(max(ahead))
    starts = {opens, opens + 1, *range(opens + 3, math.ceil(closes - SHIFT_HOURS), 3)}
    last = closes - SHIFT_HOURS
    starts |= {last - 1, last} if last - 1 > opens + 1 else {last}
    by_day: dict[int, list[float]] = {}
    for start in sorted(starts):
        by_day.setdefault(math.floor(start / 24), []).append(start % 24)
    found: list[Shifts] = []
    for day, times in by_day.items():
        early = [start for start in times if 24 * day + start < (opens + closes) / 2 - SHIFT_HOURS / 2]
        for part, name in ((early, "early"), ([start for start in times if start not in early], "late")):
            if part:
                words = tuple(_clock(start) for start in part)
                known = {one.name for one in found}
                label = name if name not in known else f"{name}_{len(found) + 1}"
                found.append(Shifts(label, _days(day), words))
    if opens >= 0 and closes <= 24 and list(by_day) == [0]:
        return tuple(found), f"{{mon-fri: {_clock(opens)}-{_clock(closes) if closes < 24 else '24:00'}}}"
    return tuple(found), "24x7"


def _days(day: int) -> str:
    return f"{WEEKDAYS[day % 7]}-{WEEKDAYS[(day + 4) % 7]}"


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
