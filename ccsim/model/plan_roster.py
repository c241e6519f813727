"""Plan rows of people who work a roster: whole pools at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ccsim.centre.calendars import calendar_of
from ccsim.centre.dated_hours import beats_holiday, worked_as
from ccsim.kernel.layout import Ints
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.model.open_stretches import Stretches, gone_stretches, longest_left
from ccsim.model.plan import Plan, instant_of
from ccsim.model.roster import Roster
from ccsim.model.shift_layout import ShiftLayout
from ccsim.model.shift_rows import ShiftRows
from ccsim.model.staffed_pools import StaffedPool
from ccsim.units import DAY

_Mask = NDArray[np.bool_]


class Dates(NamedTuple):
    """Local dates on which shifts may start that are simulated, and one more."""

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

    def add(self, rank: int, first: int, staffed: StaffedPool, roster: Roster, shut: Stretches) -> int:
        """Rows of a pool whose agents begin with row `first`; how many they are.

        Agents are numbered by pattern and start. Their days off rotate: in each week everybody of one start moves on to
        the next of its schedules. On a holiday of the site only `on_holidays` of the people of that day work.
        Shifts are cut where the site is `shut`; a date that opens though its weekday never does is worked as another.
        """
        dates = self._dates_of(staffed.clock)
        parts = _parts(staffed, roster)
        weekday = _worked_as(staffed, dates)
        works = np.concatenate([_days_of_work(part, dates, weekday) for part in parts])
        away = _away(staffed, dates, works)
        row = 0
        for _, some in groupby(parts, lambda part: id(part.layout)):
            alike = list(some)
            own = slice(row, row + sum(len(part.schedule) for part in alike))
            self._add_alike(rank, first + row, staffed, alike, (works[own], away[own]), shut)
            row = own.stop
        return row

    def _add_alike(
        self,
        rank: int,
        first: int,
        staffed: StaffedPool,
        parts: list[_Part],
        people: tuple[_Mask, _Mask],
        shut: Stretches,
    ) -> None:
        """Rows of people of one pattern; `people`: who works, and who of them is away."""
        works, away = people
        layout = parts[0].layout
        starts = np.array([self._starts_of(staffed.clock, part.start) for part in parts])
        ends = np.minimum(starts[:, :-1] + layout.length, starts[:, 1:])  # on a day of 23 hours
        starts = starts[:, :-1]
        sizes = [len(part.schedule) for part in parts]
        part_of = np.repeat(np.arange(len(parts)), sizes)
        turn = np.concatenate([np.arange(size) for size in sizes])
        here = _Here.all_of(starts, ends)
        here.cut(gone_stretches(staffed.pool, staffed.clock), set())
        if shut:
            here.cut(shut, _all_away(staffed, self._dates_of(staffed.clock)))
        simulated = (here.until > here.comes) & (here.until > 0) & (here.comes < self.plan.span.end)
        person, day = np.nonzero(works & simulated[part_of])
        if person.size:
            place = part_of[person], day
            way = (turn[person] + self._dates_of(staffed.clock).ordinal[day]) % len(layout.at)
            ShiftRows(
                layout=layout,
                agent=first + person,
                since=starts[place],
                comes=here.comes[place],
                until=here.until[place],
                paid=here.paid(layout, starts)[place],
                way=way,
                here=~away[person, day],
                causes=self.causes,
            ).write(self.plan, rank)

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


@dataclass(slots=True)
class _Here:
    """When shifts are worked: as planned, or cut."""

    comes: Ints
    """[parts, dates] Instants."""
    until: Ints
    is_cut: _Mask

    @classmethod
    def all_of(cls, starts: Ints, ends: Ints) -> _Here:
        return cls(starts.copy(), ends.copy(), np.zeros(starts.shape, np.bool_))

    def cut(self, shut: Stretches, but: set[int]) -> None:
        """Cut them where their site is shut; but not those that begin on some of the dates."""
        for since, until in shut:
            for part, day in np.argwhere((self.comes < until) & (self.until > since)):
                if int(day) in but:
                    continue
                planned = int(self.comes[part, day]), int(self.until[part, day])
                left = longest_left(planned, shut) or (planned[0], planned[0])
                self.comes[part, day], self.until[part, day] = left
                self.is_cut[part, day] = True

    def paid(self, layout: ShiftLayout, starts: Ints) -> Ints:
        """[parts, dates] Paid time of a shift that is not worked because somebody is away, from the horizon on."""
        found = np.full(starts.shape, layout.paid, np.int64)
        for part, day in np.argwhere(self.is_cut | (starts < 0)):
            start, comes = int(starts[part, day]), max(int(self.comes[part, day]), 0)
            left = layout.paid_after(comes - start)
            if self.is_cut[part, day]:
                left -= layout.paid_after(int(self.until[part, day]) - start)
            found[part, day] = max(left, 0)
        return found


def _worked_as(staffed: StaffedPool, dates: Dates) -> Ints:
    """[dates] Weekday whose shifts are worked."""
    if staffed.site is None or not staffed.site.special_days:
        return dates.weekday
    return np.array([worked_as(staffed.site, day.day) for day in dates.days[:-1]], np.int64)


def _all_away(staffed: StaffedPool, dates: Dates) -> set[int]:
    """Places of dates on which whoever has a shift is away, paid: the pool is on leave, or a holiday is closed."""
    first, last = dates.days[0].day, dates.days[-2].day
    found = {date.fromisoformat(day) for day in staffed.pool.leave_on}
    calendar = calendar_of(staffed.site)
    if staffed.site is not None and calendar is not None:
        special = staffed.site.special_days
        closed = (date.fromisoformat(name) for name, day in special.items() if day.closed)
        found |= calendar.between(first, last).intersection(closed)
    return {(day - first).days for day in found if first <= day <= last}


def _days_of_work(part: _Part, dates: Dates, weekday: Ints) -> _Mask:
    """[people, dates] Who has a shift."""
    people = len(part.schedule)
    schedule = part.schedule[(np.arange(people)[:, None] + dates.week) % people]
    return np.asarray(part.works[schedule, weekday])


def _away(staffed: StaffedPool, dates: Dates, works: _Mask) -> _Mask:
    """[people, dates] Who would have a shift but is away because it is a holiday, or the pool is on leave."""
    away = np.zeros_like(works)
    for column in _all_away(staffed, dates):
        away[:, column] = works[:, column]
    for day, share in sorted(_at_work(staffed, dates).items()):
        column = day.toordinal() - int(dates.ordinal[0])
        people = np.flatnonzero(works[:, column] & ~away[:, column])
        if not people.size:
            continue
        on = int(share * people.size + 0.5)
        turn = (np.arange(people.size) + int(dates.ordinal[column])) % people.size
        away[people[turn * on // people.size == (turn - 1) * on // people.size], column] = True
    return away


def _at_work(staffed: StaffedPool, dates: Dates) -> dict[date, float]:
    """Share of the people of a date who work, by date on which not all do."""
    site, calendar = staffed.site, calendar_of(staffed.site)
    first, last = dates.days[0].day, dates.days[-2].day
    if site is None:
        return {}
    holidays = calendar.between(first, last) if calendar is not None else ()
    found = {day: site.on_holidays for day in holidays if not beats_holiday(site, day)}
    said = {date.fromisoformat(name): day.at_work for name, day in site.special_days.items()}
    return found | {day: share for day, share in said.items() if share is not None and first <= day <= last}
