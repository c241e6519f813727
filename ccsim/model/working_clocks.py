"""Clocks that run in working hours only, as the kernel asks them when something is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from ccsim.centre.calendars import holidays_between
from ccsim.errors import Fault, ScenarioError
from ccsim.kernel.arrays import WorkingClocks
from ccsim.language.hours import WeekHours, merged
from ccsim.language.special_days import SpecialDay
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks
from ccsim.units import DAY, WEEK

_MOST_YEARS: Final = 20


class WorkingClock(NamedTuple):
    """What two deadlines in working time must share to go by one clock."""

    spans: tuple[tuple[int, int], ...]
    """Working hours: microseconds since Monday 00:00, an end may lie in the next week."""
    zone: str
    """Zone of these hours."""
    holidays: str | None
    """Calendar of the public holidays on which the clock stands still."""
    special: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()
    """Hours of single dates in place of those of their weekdays, by date (ISO), since its midnight; what opened the day
    before stays open. With these each of `spans` is as long as its day has it, over midnight too."""


def clock_of(
    hours: WeekHours, days: Mapping[str, SpecialDay], zone: str, holidays: str | None = None
) -> WorkingClock | None:
    """A clock that runs in hours of the week and of special days, and stands still on holidays; None if it always
    runs."""
    special = tuple((name, day.spans) for name, day in sorted(days.items()) if day.spans is not None)
    if not special:
        always = hours.spans == ((0, WEEK),) and holidays is None
        return None if always else WorkingClock(hours.spans, zone, holidays)
    opened = [(n * DAY + opens, n * DAY + closes) for n, day in enumerate(hours.by_day) for opens, closes in day]
    return WorkingClock(tuple(opened), zone, holidays, special)


def working_clocks(needed: Mapping[WorkingClock, int], clocks: Clocks, span: Span, since: int = 0) -> WorkingClocks:
    """Clocks as arrays, in the order of `needed`, which says the longest working time that each is asked for.

    They begin before `since` and reach until whatever joins before the latest end of the replication is due.
    `ScenarioError` where that takes more than twenty years: public holidays leave no working time.
    """
    bounds: list[tuple[int, int]] = []
    start: list[int] = []
    worked: list[int] = []
    for clock, longest in needed.items():
        first, total = len(start), 0
        for opens, closes in _stretches(clock, clocks.of(clock.zone), since, span.end, longest):
            start.append(opens)
            worked.append(total)
            total += closes - opens
            ended = closes
        start.append(ended)
        worked.append(total)
        bounds.append((first, len(start) - first))
    return WorkingClocks(
        np.array(bounds, np.int64).reshape(-1, 2), np.array(start or [0], np.int64), np.array(worked or [0], np.int64)
    )


def _stretches(clock: WorkingClock, local: LocalClock, since: int, until: int, more: int) -> Iterator[tuple[int, int]]:
    """Stretches of working time from before `since` on, until `more` of it has passed after `until`."""
    hours_of = _hours_by_date(clock)
    holidays: dict[int, frozenset[date]] = {}
    day = local.date_at(since) - timedelta(days=1)
    last = local.date_at(until) + timedelta(days=366 * _MOST_YEARS)
    left = more
    while left > 0:
        if day > last:
            said = f"the public holidays of {clock.holidays} leave too little working time"
            raise ScenarioError([Fault(said, "channels")])
        if clock.holidays is not None and day.year not in holidays:
            holidays[day.year] = holidays_between(clock.holidays, date(day.year, 1, 1), date(day.year, 12, 31))
        if day not in holidays.get(day.year, ()):
            for opens, closes in _real(hours_of(day), local.day(day)):
                yield opens, closes
                left -= max(closes - max(opens, until), 0)
        day += timedelta(days=1)


def _hours_by_date(clock: WorkingClock) -> Callable[[date], Sequence[tuple[int, int]]]:
    """What gives the hours of a date as times of day, in order, none of which touch."""
    by_weekday = [list(_of_weekday(clock.spans, number)) for number in range(7)]
    if not clock.special:
        return lambda day: by_weekday[day.weekday()]
    opened = [[(a - n * DAY, b - n * DAY) for a, b in clock.spans if a // DAY == n] for n in range(7)]
    special = dict(clock.special)
    longest = max(closes for day in (*opened, *special.values()) for _, closes in day)

    def hours_of(day: date) -> Sequence[tuple[int, int]]:
        found = []
        for back in range(-(-longest // DAY)):
            before = day - timedelta(days=back)
            for opens, closes in special.get(before.isoformat(), opened[before.weekday()]):
                low, high = max(opens - back * DAY, 0), min(closes - back * DAY, DAY)
                if low < high:
                    found.append((low, high))
        return merged(found)

    return hours_of


def _of_weekday(spans: Sequence[tuple[int, int]], number: int) -> Iterator[tuple[int, int]]:
    """Working hours of a weekday (Monday 0), as times of day, in order."""
    found = []
    for turn in (0, WEEK):  # a span may reach over Sunday midnight
        midnight = number * DAY + turn
        for opens, closes in spans:
            low, high = max(opens - midnight, 0), min(closes - midnight, DAY)
            if low < high:
                found.append((low, high))
    yield from sorted(found)


def _real(hours: Sequence[tuple[int, int]], day: LocalDay) -> Iterator[tuple[int, int]]:
    """Hours by the clock on the wall as they pass on a date: both passages of a repeated hour, nothing of a skipped."""
    for stretch in day.stretches:
        for opens, closes in hours:
            low, high = max(opens, stretch.clock), min(closes, stretch.clock + stretch.length)
            if low < high:
                yield stretch.start + low - stretch.clock, stretch.start + high - stretch.clock
