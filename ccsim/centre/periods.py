"""The calendar of the counted time: days, weeks and months of a time zone, and chosen days and hours.

Everything by day, week or month, and every stretch of time that a report is limited to, is laid down here: tables,
goals, pages and exports ask this module. Times are microseconds since the end of the warm-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ccsim.language.hours import WeekHours
from ccsim.text.scalars import WEEKDAYS, date_of
from ccsim.units import DAY

Kind = Literal["day", "week", "month"]
KINDS: Final[tuple[Kind, ...]] = ("day", "week", "month")
"""Kinds of periods, the shortest first."""

Span = tuple[int, int]

_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A local day, a week from Monday on, or a month."""

    kind: Kind
    first: date
    """Its first local date: of a week the Monday."""
    start: int
    """When it begins; below 0 if that is before the counted time."""
    end: int
    """When it ends, above `start`: 23 or 25 hours later for a day on which clocks change."""
    since: int
    """Start of its part in the counted time, >= 0."""
    until: int
    """End of this part, above `since`."""

    @property
    def name(self) -> str:
        """ISO name: `2026-06-16`, of a week its Monday, of a month `2026-06`."""
        return self.first.isoformat()[:7] if self.kind == "month" else self.first.isoformat()

    @property
    def whole(self) -> bool:
        """Whether all of it is counted; only whole periods are judged."""
        return self.since == self.start and self.until == self.end

    @property
    def length(self) -> int:
        """Microseconds of the whole period."""
        return self.end - self.start

    @property
    def covered(self) -> int:
        """Microseconds of it that are counted, <= `length`."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class CountedTime:
    """The counted time of a run, on the clock of a zone."""

    begin: datetime
    """End of the warm-up, in UTC."""
    length: int
    """Microseconds that are counted, > 0."""
    zone: ZoneInfo

    @classmethod
    def of(cls, start: str, time_zone: str, *, warm_up: int, length: int, zone: str = "") -> CountedTime:
        """The counted time of a horizon.

        Parameters
        ----------
        start
            Start of the horizon as ISO text, in `time_zone`.
        time_zone
            IANA name of the scenario's zone.
        warm_up, length
            Microseconds.
        zone
            IANA name of the zone whose days are meant; empty: the scenario's.
        """
        local = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(time_zone))
        begin = local.astimezone(UTC) + warm_up * _MICROSECOND
        return cls(begin, length, ZoneInfo(zone or time_zone))

    def at(self, day: date, micros: int = 0) -> int:
        """When the zone's clock shows a time of day: `micros` after the midnight that begins a date, clock time.

        A time that clocks skip is the moment at which they are put forward; of one that they show twice, the first.
        """
        local = datetime.combine(day, time()) + micros * _MICROSECOND
        return (local.replace(tzinfo=self.zone).astimezone(UTC) - self.begin) // _MICROSECOND

    def local(self, at: int) -> datetime:
        """The local time at a moment."""
        return (self.begin + at * _MICROSECOND).astimezone(self.zone)

    @property
    def first(self) -> date:
        """The local date on which counting begins."""
        return self.local(0).date()

    @property
    def last(self) -> date:
        """The local date of the last counted microsecond."""
        return self.local(self.length - 1).date()

    def dates(self) -> Iterator[date]:
        """Every local date with any counted time, in order; dates that clocks skip are none."""
        day = self.first
        while day <= self.last:
            if self.at(day + _DAY) > self.at(day):
                yield day
            day += _DAY

    def midnights(self) -> tuple[int, ...]:
        """Local midnights in the counted time, both of its ends included."""
        days = (self.first + n * _DAY for n in range((self.last - self.first).days + 2))
        return tuple(at for at in map(self.at, days) if 0 <= at <= self.length)

    def periods(self, kind: Kind) -> tuple[Period, ...]:
        """Every period of a kind with any counted time, in order; they add up to the counted time."""
        found: list[Period] = []
        day = _first_of(kind, self.first)
        while day <= self.last:
            after = _next_of(kind, day)
            start, end = self.at(day), self.at(after)
            since, until = max(start, 0), min(end, self.length)
            if since < until:
                found.append(Period(kind, day, start, end, since, until))
            day = after
        return tuple(found)

    def torn(self, interval: int) -> date | None:
        """The first date whose midnight lies inside a report interval (microseconds); None where none does.

        Sums by interval then cannot be told apart by day.
        """
        for at in self.midnights():
            if at % interval and at < self.length:
                return self.local(at).date()
        return None


def _first_of(kind: Kind, day: date) -> date:
    if kind == "week":
        return day - day.weekday() * _DAY
    return day.replace(day=1) if kind == "month" else day


def _next_of(kind: Kind, first: date) -> date:
    if kind == "month":
        return (first.replace(day=28) + 4 * _DAY).replace(day=1)
    return first + (7 if kind == "week" else 1) * _DAY


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """Chosen days and hours: one date, all Mondays, 09:00 to 12:00 of working days."""

    days: tuple[str, ...] = ()
    """`mon` to `sun` and ISO dates; a day is chosen by either. Empty: every day."""
    hours: tuple[Span, ...] = ()
    """Hours of a week as in `WeekHours.spans`, microseconds since Monday 00:00; empty: all hours."""

    @property
    def everything(self) -> bool:
        """Whether it leaves nothing out."""
        return not self.days and not self.hours

    @property
    def dates(self) -> tuple[date, ...]:
        """The chosen dates, without weekdays."""
        return tuple(date_of(day) for day in self.days if day not in WEEKDAYS)

    def has(self, day: date) -> bool:
        """Whether a date is chosen."""
        return not self.days or WEEKDAYS[day.weekday()] in self.days or day.isoformat() in self.days

    def spans(self, counted: CountedTime) -> tuple[Span, ...]:
        """When it is, in the counted time: sorted, without overlap."""
        by_day = WeekHours(spans=self.hours).by_day if self.hours else None
        found: list[Span] = []
        before = counted.first - _DAY  # its night may reach into the first counted day
        for day in (before, *counted.dates()):
            if not self.has(day):
                continue
            for start, end in ((0, DAY),) if by_day is None else by_day[day.weekday()]:
                since, until = max(counted.at(day, start), 0), min(counted.at(day, end), counted.length)
                if since < until:
                    found.append((since, until))
        return _joined(found)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return tuple(found)
