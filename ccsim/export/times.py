"""Local times of a run: offsets of the clocks that its sites and markets keep, its days and report intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ccsim.centre.periods import CountedTime
from ccsim.results.measured import Measured
from ccsim.units import HOUR

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_STEP: Final = timedelta(hours=6)
"""No clock is changed twice within it."""


class Offset(NamedTuple):
    """A stretch of time in which a clock keeps its distance from UTC; microseconds since 1970 in UTC."""

    since: int
    until: int
    offset: int
    """Local time less UTC, microseconds."""


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of a moment, in UTC."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(micros_utc: int) -> datetime:
    """The moment so many microseconds after 1970, in UTC."""
    return EPOCH + micros_utc * _MICROSECOND


def offsets(zone_name: str, since: int, until: int) -> list[Offset]:
    """Stretches of a clock from `since` to `until` (microseconds since 1970 in UTC), without gaps, in order."""
    zone = ZoneInfo(zone_name)
    found: list[Offset] = []
    begin, first = since, _offset(zone, since)
    at = since
    while at < until:
        after = min(at + _STEP // _MICROSECOND, until)
        then = _offset(zone, after)
        if then != first:
            low, high = at, after
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == first else (low, middle)
            found.append(Offset(begin, high, first))
            begin, first = high, then
        at = after
    return [*found, Offset(begin, until, first)]


def _offset(zone: ZoneInfo, at: int) -> int:
    distance = moment_of(at).astimezone(zone).utcoffset()
    assert distance is not None
    return distance // _MICROSECOND


@dataclass(frozen=True)
class Frame:
    """When a run's intervals and days lie."""

    measured: Measured
    last: int
    """Last report interval of any fact; 0 begins at the end of the warm-up."""

    @cached_property
    def counted(self) -> CountedTime:
        """The counted time by the scenario's clock."""
        return self.measured.counted()

    @property
    def begin(self) -> int:
        """Start of the horizon, microseconds since 1970 in UTC."""
        return self.counted_from - self.measured.warm_up

    @property
    def counted_from(self) -> int:
        """Begin of the counted time, microseconds since 1970 in UTC."""
        return micros(self.counted.begin)

    @property
    def until(self) -> int:
        """End of the last interval, or of the counted time, microseconds since 1970 in UTC."""
        end = self.counted_from + self.measured.length
        return max(end, self.counted_from + (self.last + 1) * self.measured.interval)

    def days(self) -> Iterator[tuple[date, float]]:
        """Every day that any clock has within the time, and its counted hours by the scenario's clock."""
        covered = {period.first: period.covered / HOUR for period in self.counted.periods("day")}
        day = (moment_of(self.begin) - timedelta(days=1)).date()
        end = (moment_of(self.until) + timedelta(days=1)).date()
        while day <= end:
            yield day, covered.get(day, 0.0)
            day += timedelta(days=1)


def day_key(day: date) -> int:
    """A date as a number: 20260302."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_parts(day: date) -> dict[str, object]:
    """Parts of a date as the calendar has them."""
    iso = day.isocalendar()
    return {
        "day_key": day_key(day),
        "day_date": day,
        "week_start": day - timedelta(days=day.weekday()),
        "iso_year": iso.year,
        "iso_week": iso.week,
        "month_start": day.replace(day=1),
        "year_number": day.year,
        "quarter_number": (day.month + 2) // 3,
        "month_number": day.month,
        "month_name": _MONTHS[day.month - 1],
        "weekday_number": day.isoweekday(),
        "weekday_name": _WEEKDAYS[day.weekday()],
        "is_weekend": int(day.weekday() >= 5),
    }


_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
