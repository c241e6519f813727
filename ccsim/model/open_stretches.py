"""When something is open, in instants: hours of the week and of single dates by a clock, its changes included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from ccsim.kernel.layout import FAR
from ccsim.language.hours import WeekHours
from ccsim.language.pools import Pool
from ccsim.language.sites import Site
from ccsim.language.special_days import SpecialDay, spans_on
from ccsim.model.local_time import LocalClock
from ccsim.model.plan import instant_of
from ccsim.units import DAY, WEEK

Stretches = list[tuple[int, int]]
"""From and until, instants in order; none touch."""


def open_stretches(hours: WeekHours, days: Mapping[str, SpecialDay], clock: LocalClock, until: int) -> Stretches:
    """When it is open, from a week before the horizon until an instant or later."""
    found: Stretches = []
    for day in clock.days(-WEEK - DAY, until):
        for opens, closes in spans_on(hours, days, day.day):
            since, end = instant_of(clock, day, opens), instant_of(clock, day, closes)
            if end > since:  # else all of it is in the gap of a clock change
                found.append((since, end))
    return together(found)


def shut_stretches(site: Site | None, clock: LocalClock, until: int) -> Stretches:
    """When nobody works at a site because of its special days.

    On a special day all but the hours of that date, on others what the week has and the special days take away.
    """
    dates = [] if site is None else [name for name, day in site.special_days.items() if day.spans is not None]
    if site is None or not dates:
        return []
    there = open_stretches(site.hours, site.special_days, clock, until + WEEK)
    usual = open_stretches(site.hours, {}, clock, until + WEEK)
    for local in map(clock.day, map(date.fromisoformat, dates)):
        if -WEEK < local.start < until + WEEK:
            usual.append((local.start, local.start + local.length))
    return [left for one in together(usual) for left in without(one, there)]


def gone_stretches(pool: Pool, clock: LocalClock) -> Stretches:
    """When a pool is not there yet, or no longer."""
    since, until = window_of(pool, clock)
    found: Stretches = [] if since == -FAR else [(-FAR, since)]
    return found if until == FAR else [*found, (until, FAR)]


def window_of(pool: Pool, clock: LocalClock) -> tuple[int, int]:
    """From when until when a pool is there, instants; `-FAR` and `FAR` where it does not say."""
    return (
        -FAR if pool.start is None else clock.instant(datetime.fromisoformat(pool.start)),
        FAR if pool.until is None else clock.instant(datetime.fromisoformat(pool.until)),
    )


def without(stretch: tuple[int, int], others: Iterable[tuple[int, int]]) -> Stretches:
    """What is left of a stretch without others, which are in order."""
    since, until = stretch
    left: Stretches = []
    for start, end in others:
        if end <= since or start >= until:
            continue
        if start > since:
            left.append((since, start))
        since = max(since, end)
    return [*left, (since, until)] if since < until else left


def longest_left(stretch: tuple[int, int], others: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The longest piece that is left of a stretch without others, the first of equals; None where nothing is."""
    return max(without(stretch, others), key=lambda one: one[1] - one[0], default=None)


def together(stretches: Stretches) -> Stretches:
    """The same in order, those that touch as one."""
    found: Stretches = []
    for since, until in sorted(stretches):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found
