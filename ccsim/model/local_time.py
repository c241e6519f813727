"""Local time: from what clocks show to microseconds since the start of the horizon, clock changes included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ccsim.kernel.layout import FAR
from ccsim.units import DAY, MICROSECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=MICROSECOND)


def utc_micros(local: datetime, zone: ZoneInfo) -> int:
    """Microseconds since 1970 UTC of a local time: in a gap it moves forward, an ambiguous one takes the first."""
    return (local.replace(tzinfo=zone, fold=0).astimezone(UTC) - _EPOCH) // _STEP


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of real time in which clocks run evenly."""

    start: int
    """Microseconds since the start of the horizon."""
    clock: int
    """What clocks show then, as time of day of the local date."""
    length: int
    """Microseconds."""


@dataclass(frozen=True, slots=True)
class LocalDay:
    """One local date."""

    day: date
    """The date."""
    number: int
    """Days since 1970-01-01."""
    start: int
    """Local midnight, microseconds since the start of the horizon."""
    length: int
    """23, 24 or 25 hours, as a rule."""
    stretches: tuple[Stretch, ...]
    """The day cut at clock changes."""

    @property
    def plain(self) -> bool:
        """Whether clocks run evenly all day."""
        return self.length == DAY and len(self.stretches) == 1


class LocalClock:
    """The clock of one zone, with the horizon's start as its zero."""

    def __init__(self, zone_name: str, start_utc: int) -> None:
        self.zone = zone_name
        """Name of the zone."""
        self._zone = ZoneInfo(zone_name)
        self._start_utc = start_utc
        self._days: dict[date, LocalDay] = {}

    def instant(self, local: datetime) -> int:
        """Microseconds since the start of the horizon of a local time."""
        return utc_micros(local, self._zone) - self._start_utc

    def date_at(self, instant: int) -> date:
        """The local date at an instant (microseconds since the start of the horizon)."""
        return (_EPOCH + timedelta(microseconds=self._start_utc + instant)).astimezone(self._zone).date()

    def day(self, day: date) -> LocalDay:
        """A local date, cut at its clock changes."""
        if day not in self._days:
            self._days[day] = self._make(day)
        return self._days[day]

    def days(self, since: int, until: int) -> list[LocalDay]:
        """The local dates that overlap [since, until)."""
        found: list[LocalDay] = []
        current = self.date_at(since)
        while True:
            local = self.day(current)
            if local.start >= until:
                return found
            found.append(local)
            current += timedelta(days=1)

    def _offset(self, instant: int) -> int:
        moment = (_EPOCH + timedelta(microseconds=self._start_utc + instant)).astimezone(self._zone)
        offset = moment.utcoffset()
        assert offset is not None
        return offset // _STEP

    def _make(self, day: date) -> LocalDay:
        midnight = datetime(day.year, day.month, day.day)
        start = self.instant(midnight)
        end = self.instant(midnight + timedelta(days=1))
        number = (day - date(1970, 1, 1)).days
        local_zero = number * DAY - self._start_utc  # what clocks show at `instant` is instant + offset - local_zero
        stretches = []
        at = start
        while at < end:
            offset = self._offset(at)
            stop = end
            if self._offset(end - 1) != offset:
                low, high = at, end - 1
                while high - low > 1:
                    middle = (low + high) // 2
                    if self._offset(middle) == offset:
                        low = middle
                    else:
                        high = middle
                stop = high
            stretches.append(Stretch(at, at + offset - local_zero, stop - at))
            at = stop
        return LocalDay(day, number, start, end - start, tuple(stretches))


def works_from(start: str | None, time_zone: str, start_utc: int) -> int:
    """When what has a `from` by a zone's clock begins, microseconds after `start_utc`; long before it without one."""
    return -FAR if start is None else utc_micros(datetime.fromisoformat(start), ZoneInfo(time_zone)) - start_utc
