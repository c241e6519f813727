"""When a report interval lies, by the scenario's clock: time of the week, of the day, date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.results.measured import Measured
from ccsim.text.scalars import SHORT_MONTHS, SHORT_WEEKDAYS, clock_text
from ccsim.units import DAY, HOUR, MINUTE, WEEK

Ints = NDArray[np.int64]

MOST_STEPS: Final = 192
"""Most steps along the time of one figure."""
_MONDAY: Final = date(1970, 1, 5).toordinal()


@dataclass(frozen=True, slots=True)
class Steps:
    """A way to lay the counted intervals along one axis of time; several intervals may share a step."""

    kind: str
    """`week` and `day` fold weeks and days onto each other; `time` and `date` run through the counted time."""
    of_interval: Ints
    """Step of every interval, -1 where it is left out, shape [intervals]."""
    period: Ints
    """Week or day (from 0) that every interval belongs to; 0 where nothing is folded. Shape [intervals]."""
    labels: tuple[str, ...]
    """Every step in words: `Mon 09:00`, `09:00`, `2 Mar 09:00`, `Mon 2 Mar`."""
    width: int
    """Microseconds of a step."""

    @property
    def count(self) -> int:
        """Number of steps."""
        return len(self.labels)

    @property
    def periods(self) -> int:
        """Number of weeks or days that are folded."""
        return int(self.period.max()) + 1

    @property
    def said(self) -> str:
        """The axis in words."""
        return {"week": "time of the week", "day": "time of the day", "time": "time", "date": "day"}[self.kind]


class Clock:
    """Local times of a run's counted intervals, by the scenario's zone or another; clock changes are honoured."""

    def __init__(self, measured: Measured, zone_name: str | None = None) -> None:
        self.zone_name = zone_name or measured.time_zone
        self.interval, self.length = measured.interval, measured.length
        counted = measured.counted(self.zone_name)
        self.intervals = -(-measured.length // measured.interval)
        self.local = [counted.local(i * measured.interval) for i in range(self.intervals)]
        self.begin = self.local[0]
        self.end = counted.local(measured.length)

    def folded(self) -> Steps:
        """Weeks laid onto each other where a week or more is counted, days where two or more are; else as it ran."""
        return self._folded

    def of_day(self) -> Steps:
        """Days laid onto each other, whatever the length."""
        return self._days

    @cached_property
    def _folded(self) -> Steps:
        if self.length >= WEEK:
            return self._of_week(self._width(HOUR, WEEK))
        if self.length >= 2 * DAY:
            return self.of_day()
        return self._as_it_ran()

    @cached_property
    def _days(self) -> Steps:
        width = self._width(self.interval, DAY)
        of_interval = np.array([_micros(t) // width for t in self.local], dtype=np.int64)
        dates = self._ordinals()
        labels = tuple(clock_text(i * width) for i in range(-(-DAY // width)))
        return Steps("day", of_interval, dates - dates[0], labels, width)

    def by_date(self) -> Steps:
        """One step a local date; a date that is counted for less than half a day is left out."""
        dates = self._ordinals()
        each, counts = np.unique(dates, return_counts=True)
        kept = each[counts * self.interval * 2 >= DAY]
        of_interval = np.where(np.isin(dates, kept), np.searchsorted(kept, dates), -1)
        labels = tuple(weekday_text(date.fromordinal(day)) for day in kept.tolist())
        return Steps("date", of_interval, np.zeros(self.intervals, dtype=np.int64), labels, DAY)

    def _of_week(self, width: int) -> Steps:
        per_day = -(-DAY // width)
        of_interval = np.array([t.weekday() * per_day + _micros(t) // width for t in self.local], dtype=np.int64)
        weeks = (self._ordinals() - _MONDAY) // 7
        labels = tuple(f"{name} {clock_text(i * width)}" for name in SHORT_WEEKDAYS for i in range(per_day))
        return Steps("week", of_interval, weeks - weeks[0], labels, width)

    def _as_it_ran(self) -> Steps:
        width = self.interval * -(-self.intervals // MOST_STEPS)
        of_interval = np.arange(self.intervals, dtype=np.int64) * self.interval // width
        starts = self.local[:: width // self.interval]
        one_day = self.begin.date() == self.local[-1].date()
        labels = tuple(f"{t:%H:%M}" if one_day else f"{date_text(t.date())} {t:%H:%M}" for t in starts)
        return Steps("time", of_interval, np.zeros(self.intervals, dtype=np.int64), labels, width)

    def _width(self, least: int, whole: int) -> int:
        """The shortest width, a multiple of the interval or more, with not too many steps."""
        for width in (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR):
            if width >= max(least, self.interval) and whole // width <= MOST_STEPS:
                return width
        return DAY

    def _ordinals(self) -> Ints:
        return np.array([t.date().toordinal() for t in self.local], dtype=np.int64)


def midnight_labels(measured: Measured) -> list[str]:
    """The midnights at which the backlog is counted, each named by the day that begins: `Tue 3 Mar`."""
    counted = measured.counted(measured.time_zone)
    return [weekday_text(counted.local(after).date()) for after in measured.midnights]


def _micros(moment: datetime) -> int:
    return (moment.hour * 60 + moment.minute) * MINUTE + moment.second * 1_000_000 + moment.microsecond


def date_text(day: date) -> str:
    """A date as people say it: `16 Jun`."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}"


def weekday_text(day: date) -> str:
    """A date with its day of the week: `Tue 16 Jun`."""
    return f"{SHORT_WEEKDAYS[day.weekday()]} {date_text(day)}"
