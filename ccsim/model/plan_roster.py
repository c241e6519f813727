"""Plan rows of people who work a roster: whole pools at once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ccsim.centre.calendars import holidays_between
from ccsim.kernel.layout import Ints
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.model.plan import Plan, instant_of
from ccsim.model.roster import Roster
from ccsim.model.shift_layout import ShiftLayout
from ccsim.model.shift_rows import ShiftRows
from ccsim.model.staffed_pools import StaffedPool
from ccsim.units import DAY

_Mask = NDArray[np.bool_]


class Dates(NamedTuple):
    """Local dates on which shifts may start that are played, and one more."""

    days: tuple[LocalDay, ...]
    ordinal: Ints
    """[dates] Days since the year 1: a Monday is 1 more than a whole number of weeks."""

    @property
    def weekday(self) -> Ints:
        """[dates] Monday 0."""
        return (self.ordinal - 1) % 7

    @property
    def week(self) -> Ints:
        """[dates] Number of the week, the same in every scenario."""
        return (self.ordinal - 1) // 7


class RosterPlanner:
    """Writes the rosters of pools into a plan."""

    def __init__(self, plan: Plan, causes: Mapping[str, int]) -> None:
        """`causes`: number of each cause of shrinkage."""
        self.plan = plan
        self.causes = causes
        self._dates: dict[int, Dates] = {}
        self._starts: dict[tuple[int, int], Ints] = {}

    def add(self, rank: int, first: int, staffed: StaffedPool, roster: Roster) -> int:
        """Rows of a pool whose agents begin with row `first`; how many they are.

        Agents are numbered by pattern and start. Their days off rotate: in each week everybody of one start moves on to
        the next of its schedules. On a holiday of the site only `on_holidays` of the people of that day work.
        """
        dates = self._dates_of(staffed.clock)
        parts = _parts(staffed, roster)
        works = np.concatenate([_days_of_work(part, dates) for part in parts])
        away = _away(staffed, dates, works)
        row = 0
        for _, some in groupby(parts, lambda part: id(part.layout)):
            alike = list(some)
            own = slice(row, row + sum(len(part.schedule) for part in alike))
            self._add_alike(rank, first + row, staffed, alike, works[own], away[own])
            row = own.stop
        return row

    def _add_alike(
        self, rank: int, first: int, staffed: StaffedPool, parts: list[_Part], works: _Mask, away: _Mask
    ) -> None:
        """Rows of people of one pattern."""
        layout = parts[0].layout
        starts = np.array([self._starts_of(staffed.clock, part.start) for part in parts])
        ends = np.minimum(starts[:, :-1] + layout.length, starts[:, 1:])  # on a day of 23 hours
        starts = starts[:, :-1]
        sizes = [len(part.schedule) for part in parts]
        part_of = np.repeat(np.arange(len(parts)), sizes)
        turn = np.concatenate([np.arange(size) for size in sizes])
        played = (ends > 0) & (starts < self.plan.span.end)
        person, day = np.nonzero(works & played[part_of])
        if person.size:
            place = part_of[person], day
            way = (turn[person] + self._dates_of(staffed.clock).ordinal[day]) % len(layout.at)
            here = ~away[person, day]
            ShiftRows(layout, first + person, starts[place], ends[place], way, here, self.causes).write(self.plan, rank)

    def _dates_of(self, clock: LocalClock) -> Dates:
        if id(clock) not in self._dates:
            days = tuple(clock.days(-2 * DAY, self.plan.span.end + 2 * DAY))
            ordinal = np.array([day.day.toordinal() for day in days[:-1]], np.int64)
            self._dates[id(clock)] = Dates(days, ordinal)
        return self._dates[id(clock)]

    def _starts_of(self, clock: LocalClock, start: int) -> Ints:
        """[dates + 1] Instants of the starts of shifts."""
        key = (id(clock), start)
        if key not in self._starts:
            days = self._dates_of(clock).days
            self._starts[key] = np.array([instant_of(clock, day, start) for day in days], np.int64)
        return self._starts[key]


class _Part(NamedTuple):
    """People of one pattern and start."""

    start: int
    layout: ShiftLayout
    schedule: Ints
    """[people] Weekly schedule of each in a week whose number is a multiple of the people."""
    works: _Mask
    """[schedules, 7] Whether a schedule has a shift on a weekday."""


def _parts(staffed: StaffedPool, roster: Roster) -> list[_Part]:
    """People by pattern and start, those of equal schedules far from each other so that days off change every week."""
    works = np.zeros((len(roster.schedules), 7), np.bool_)
    rows: dict[tuple[str, int], list[int]] = {}
    for row, schedule in enumerate(roster.schedules):
        works[row, list(schedule.days)] = True
        if roster.people[row] > 0:
            rows.setdefault((schedule.pattern, schedule.start), []).append(row)
    parts = []
    for (pattern, start), members in rows.items():
        places = [
            ((i + 0.5) / count, row) for row in members for count in [int(roster.people[row])] for i in range(count)
        ]
        order = np.array([row for _, row in sorted(places)], np.int64)
        parts.append(_Part(start, staffed.layouts[pattern], order, works))
    return parts


def _days_of_work(part: _Part, dates: Dates) -> _Mask:
    """[people, dates] Who has a shift."""
    people = len(part.schedule)
    schedule = part.schedule[(np.arange(people)[:, None] + dates.week) % people]
    return np.asarray(part.works[schedule, dates.weekday])


def _away(staffed: StaffedPool, dates: Dates, works: _Mask) -> _Mask:
    """[people, dates] Who would have a shift but is away because it is a holiday."""
    away = np.zeros_like(works)
    if staffed.site is None or staffed.site.holidays is None or staffed.site.on_holidays >= 1.0:
        return away
    for day in sorted(holidays_between(staffed.site.holidays, dates.days[0].day, dates.days[-2].day)):
        column = day.toordinal() - int(dates.ordinal[0])
        people = np.flatnonzero(works[:, column])
        if not people.size:
            continue
        on = int(staffed.site.on_holidays * people.size + 0.5)
        turn = (np.arange(people.size) + int(dates.ordinal[column])) % people.size
        away[people[turn * on // people.size == (turn - 1) * on // people.size], column] = True
    return away
