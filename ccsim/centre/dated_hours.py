"""Hours that single dates have in place of their weekdays', as bits and as the weekday that a date is worked as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from ccsim.centre.open_hours import QUARTER
from ccsim.language.hours import Span, WeekHours
from ccsim.language.sites import Site
from ccsim.language.special_days import SpecialDay, spans_on
from ccsim.units import DAY

_A_DAY: Final = DAY // QUARTER
_DAY_BITS: Final = (1 << _A_DAY) - 1
_BEFORE: Final = 2
"""Days after which nothing is open any more that opened on a date."""


def opened(hours: WeekHours | None, days: Mapping[str, SpecialDay], first: date, count: int) -> list[int]:
    """By local date: quarters of an hour at which something is open that opens on it; they may lie on the next day."""
    return [_bits(spans_on(hours, days, first + timedelta(days=number))) for number in range(count)]


def shut(site: Site, first: date, count: int) -> list[int]:
    """By local date: quarters at which nobody works at a site because of special days.

    On a special day all but the site's hours, on others what its week has and the special days take away.
    """
    if not any(day.spans is not None for day in site.special_days.values()):
        return [0] * count
    first, count = first - timedelta(days=_BEFORE), count + _BEFORE
    usual = _line(opened(site.hours, {}, first, count))
    there = _line(opened(site.hours, site.special_days, first, count))
    special = (site.special_days.get((first + timedelta(days=number)).isoformat()) for number in range(count))
    usual |= _line([_DAY_BITS if day is not None and day.spans is not None else 0 for day in special])
    gone = usual & ~there
    return [gone >> number * _A_DAY & _DAY_BITS for number in range(_BEFORE, count)]


def worked_as(site: Site | None, day: date) -> int:
    """The weekday, Monday 0, whose shifts are worked on a date at a site.

    Its own, but for a date that opens though its weekday never does: that of the closed special day next to it (the
    earlier of two) whose weekday has hours, else the last weekday before it that has hours.
    """
    weekday = day.weekday()
    special = site.special_days.get(day.isoformat()) if site is not None else None
    if site is None or special is None or not special.spans or site.hours.by_day[weekday]:
        return weekday
    has_hours = [bool(spans) for spans in site.hours.by_day]
    closed = [date.fromisoformat(name) for name, other in site.special_days.items() if other.closed]
    swapped = [other for other in closed if has_hours[other.weekday()]]
    if swapped:
        return min(swapped, key=lambda other: (abs(other - day), other)).weekday()
    return next((one % 7 for one in range(weekday + 6, weekday - 1, -1) if has_hours[one % 7]), weekday)


def beats_holiday(site: Site, day: date) -> bool:
    """Whether a special day says who works at a site on a date, be it a public holiday or not."""
    special = site.special_days.get(day.isoformat())
    return special is not None and (bool(special.spans) or special.at_work is not None)


def _bits(spans: Sequence[Span]) -> int:
    found = 0
    for start, end in spans:
        first, last = start // QUARTER, -(-end // QUARTER)
        found |= ((1 << last - first) - 1) << first
    return found


def _line(days: Sequence[int]) -> int:
    """Bits of dates in a row as bits from the first midnight."""
    found = 0
    for number, bits in enumerate(days):
        if bits:
            found |= bits << number * _A_DAY
    return found
