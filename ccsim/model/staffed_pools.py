"""Staffed pools: pools with the clock they follow, what they can work in a week, and how much."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ccsim.centre.pieces import local_pieces
from ccsim.errors import Fault, ScenarioError
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.pools import Pool
from ccsim.language.rosters import PublishedRoster
from ccsim.language.scenario import Scenario
from ccsim.language.shrinkage import WHOLE_DAYS, rostered_shares, shrinkage_of, whole_day_shares
from ccsim.language.sites import Site
from ccsim.model.agent_time import AgentTime
from ccsim.model.local_time import LocalClock
from ccsim.model.model import Span
from ccsim.model.open_stretches import window_of
from ccsim.model.shift_layout import ShiftLayout, lay_out
from ccsim.model.weekly_schedules import SLOT, SLOTS, WeeklySchedule, cover_of, schedules_of
from ccsim.units import DAY, HOUR, WEEK


class Clocks:
    """Clocks of zones, each made once."""

    def __init__(self, start_utc: int) -> None:
        """`start_utc`: start of the horizon, microseconds since 1970-01-01 UTC."""
        self._start_utc = start_utc
        self._made: dict[str, LocalClock] = {}

    def of(self, zone: str) -> LocalClock:
        """The clock of a zone."""
        if zone not in self._made:
            self._made[zone] = LocalClock(zone, self._start_utc)
        return self._made[zone]


@dataclass(frozen=True, slots=True)
class StaffedPool:
    """A pool on its way to a roster."""

    name: str
    pool: Pool
    site: Site | None
    clock: LocalClock
    """The site's clock; the scenario's without a site."""
    shrinkage: Mapping[str, float]
    """Of the rostered time, by cause; empty for pools with staffing or named shifts, whole days of a published
    roster."""
    layouts: Mapping[str, ShiftLayout]
    """By pattern, where a roster is to be built."""
    schedules: tuple[WeeklySchedule, ...]
    cover: Floats
    """[schedules, slots] Mean number on the line of one person employed, mean absence taken off; by the site's week."""
    present: Floats
    """[slots] Agents on the line as planned, for pools with staffing, named shifts or a published roster; by the
    site's week, a mean of those in which the pool is there."""
    there: Floats
    """[slots] Of the counted weeks, those in which the pool is there; 1 unless it begins or ends on a date."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says, its clock by zone: what is made of two pools of equal content is equal."""
        own = self.name, self.pool, self.site, self.clock.zone, self.shrinkage
        return *own, self.layouts, self.schedules, self.cover, self.present, self.there

    @property
    def open(self) -> Floats:
        """[slots] 1 where somebody can be on the line, else 0."""
        found = self.cover.sum(axis=0) if self.schedules else self.present
        return np.asarray((found > 1e-9) & (self.there > 0.0), np.float64)

    @property
    def hours(self) -> float:
        """Agent hours on the line in a week, a mean of the counted ones."""
        if self.schedules:
            cover = float((self.cover * self.there).sum() / len(self.schedules))
            return cover * (self.pool.headcount or 0) * SLOT / HOUR
        return float((self.present * self.there).sum()) * SLOT / HOUR


def make_staffed_pools(scenario: Scenario, names: list[str], clocks: Clocks, span: Span) -> list[StaffedPool]:
    """Staffed pools, in the order of `names`.

    `ScenarioError` where no shift of a pool lies inside its site's hours.
    """
    staffed_pools = []
    faults: list[Fault] = []
    weeks = _Weeks(scenario)
    for name in names:
        pool = scenario.pools[name]
        site = scenario.sites.get(pool.site) if pool.site is not None else None
        clock = clocks.of(site.time_zone if site is not None else scenario.time_zone)
        try:
            staffed_pools.append(_staffed(weeks, name, pool, site, clock, span))
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(faults)
    return staffed_pools


class _Weeks:
    """What people can work in a week; made once for pools that are alike."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._schedules: dict[tuple[str, str | None], list[WeeklySchedule]] = {}
        self._layouts: dict[Hashable, ShiftLayout] = {}
        self._covers: dict[Hashable, Floats] = {}

    def schedules(self, pool: Pool, site: Site | None) -> tuple[WeeklySchedule, ...]:
        """Weekly schedules of a pool at a site."""
        found: list[WeeklySchedule] = []
        for name in sorted(set(pool.patterns)):
            key = (name, pool.site)
            if key not in self._schedules:
                self._schedules[key] = schedules_of(name, self.scenario.shift_patterns[name], site)
            found += self._schedules[key]
        return tuple(found)

    def layout(self, name: str, shrinkage: Mapping[str, float]) -> ShiftLayout:
        """Layout of a pattern for people with a shrinkage."""
        key = (name, tuple(sorted(shrinkage.items())))
        if key not in self._layouts:
            self._layouts[key] = lay_out(name, self.scenario.shift_patterns[name], shrinkage)
        return self._layouts[key]

    def cover(self, schedules: tuple[WeeklySchedule, ...], layouts: Mapping[str, ShiftLayout]) -> Floats:
        """Cover of schedules."""
        key = (schedules, tuple(id(layout) for layout in layouts.values()))
        if key not in self._covers:
            self._covers[key] = cover_of(schedules, layouts)
        return self._covers[key]


def _staffed(weeks: _Weeks, name: str, pool: Pool, site: Site | None, clock: LocalClock, span: Span) -> StaffedPool:
    shrinkage: Mapping[str, float] = {}
    there = _weeks_there(pool, clock, span)
    if pool.headcount is None:
        if pool.roster is not None:
            shrinkage = whole_day_shares(weeks.scenario, pool)
            present = _published_week(pool.roster, clock, span) * (1.0 - sum(shrinkage.values()))
        else:
            present = (
                _staffing_week(pool, clock, span) if pool.staffing is not None else _shifts_week(pool, clock, span)
            )
        return StaffedPool(name, pool, site, clock, shrinkage, {}, (), np.zeros((0, SLOTS)), present, there)
    shrinkage = rostered_shares(shrinkage_of(weeks.scenario, pool)[0])
    schedules = weeks.schedules(pool, site)
    if not schedules:
        raise ScenarioError(
            [Fault("no shift of its patterns lies inside the hours of its site", f"pools.{name}.patterns")]
        )
    layouts = {one: weeks.layout(one, shrinkage) for one in sorted({schedule.pattern for schedule in schedules})}
    cover = weeks.cover(schedules, layouts) * max(1.0 - sum(shrinkage.get(cause, 0.0) for cause in WHOLE_DAYS), 0.0)
    return StaffedPool(name, pool, site, clock, shrinkage, layouts, schedules, cover, np.zeros(0), there)


def _staffing_week(pool: Pool, clock: LocalClock, span: Span) -> Floats:
    """[slots] Mean staffing of the counted days on which the pool is there, by weekday."""
    assert pool.staffing is not None
    first = clock.date_at(span.counted_from)
    repeats = pool.staffing.start is None and not pool.all_changes
    of_day = []
    for number in range(7 if repeats else counted_days(span)):
        pieces = local_pieces(pool.staffing, False, pool.all_changes, first + timedelta(days=number))
        time = AgentTime(0, DAY, SLOT, 1)
        time.between(
            np.array([piece.start for piece in pieces], np.int64),
            np.array([piece.end for piece in pieces], np.int64),
            0,
            np.array([int(piece.value + 0.5) for piece in pieces], np.int64),
        )
        of_day.append(time.areas()[:, 0] / SLOT)
    return _while_there(np.array(of_day), pool, clock, first)


def _shifts_week(pool: Pool, clock: LocalClock, span: Span) -> Floats:
    """[slots] Agents of named shifts on the line; where dates matter, the mean of the counted days when it is there."""
    dated = pool.dated or pool.comes_or_goes
    first, count = (clock.date_at(span.counted_from), counted_days(span)) if dated else (date(1970, 1, 5), 7)
    time = AgentTime(0, (count + 2) * DAY, SLOT, 1)
    for number in range(-2, count):
        day = first + timedelta(days=number)
        if day.isoformat() in pool.leave_on:
            continue
        for shift in pool.shifts_of(day):
            start = number * DAY + shift.start
            _add(time, start, start + shift.length, shift.agents)
            for pause in shift.breaks:
                since = start + pause.after
                _add(time, since, min(since + pause.length, start + shift.length), -shift.agents)
    line = time.areas()[: count * SLOTS // 7, 0].reshape(count, SLOTS // 7) / SLOT
    if not pool.comes_or_goes:
        return mean_week(line, first)
    return _while_there(line * _days_there(pool, clock, first, count), pool, clock, first)


def _weeks_there(pool: Pool, clock: LocalClock, span: Span) -> Floats:
    """[slots] Part of the counted days, by weekday, on which a pool is there."""
    if not pool.comes_or_goes:
        return np.ones(SLOTS)
    first, count = clock.date_at(span.counted_from), counted_days(span)
    return mean_week(_days_there(pool, clock, first, count), first)


def _days_there(pool: Pool, clock: LocalClock, first: date, count: int) -> Floats:
    """[days, slots of a day] 1 where a pool is there, by its clock; a part of a slot counts as that."""
    since, until = window_of(pool, clock)
    slots = np.arange(SLOTS // 7, dtype=np.int64) * SLOT
    days = np.array([clock.day(first + timedelta(days=number)).start for number in range(count)], np.int64)
    starts = days[:, None] + slots
    inside = np.minimum(starts + SLOT, until) - np.maximum(starts, since)
    return np.asarray(np.clip(inside, 0, SLOT) / SLOT, np.float64)


def _while_there(of_day: Floats, pool: Pool, clock: LocalClock, first: date) -> Floats:
    """[slots] The mean week of days in a row, of those on which the pool is there."""
    week = mean_week(of_day, first)
    if not pool.comes_or_goes:
        return week
    there = mean_week(_days_there(pool, clock, first, len(of_day)), first)
    return np.divide(week, there, out=np.zeros_like(week), where=there > 0.0)


def mean_week(of_day: Floats, first: date) -> Floats:
    """[slots] Mean day of each weekday, Monday first, of days in a row, [days, slots of a day], from `first` on."""
    found, days = np.zeros((7, SLOTS // 7)), np.zeros(7)
    for number, one in enumerate(of_day):
        found[(first.weekday() + number) % 7] += one
        days[(first.weekday() + number) % 7] += 1
    return np.asarray((found / days[:, None]).ravel(), np.float64)


def _add(time: AgentTime, since: int, until: int, agents: int) -> None:
    """Agents from one time to another, as far as it is not before the first day."""
    if max(since, 0) < until:
        time.between(np.array([max(since, 0)]), np.array([until]), 0, agents)


def _published_week(roster: PublishedRoster, clock: LocalClock, span: Span) -> Floats:
    """[slots] Mean agents of a published roster on the line, over the weeks of the counted length."""
    first = span.counted_from - (span.start_utc + span.counted_from) % SLOT
    time = AgentTime(first, span.counted_until, SLOT, 1)
    starts, ends = np.array([*roster.on_line()], np.int64).reshape(-1, 2).T
    starts, ends = np.maximum(starts, span.counted_from), np.minimum(ends, span.counted_until)
    time.between(starts[starts < ends], ends[starts < ends], 0)
    areas = time.areas()[:, 0]
    slots = slots_at(clock, first + SLOT * np.arange(len(areas), dtype=np.int64))
    weeks = np.maximum(np.bincount(slots, minlength=SLOTS), 1)
    return np.asarray(np.bincount(slots, areas, SLOTS) / SLOT / weeks, np.float64)


def slots_at(clock: LocalClock, moments: Ints) -> Ints:
    """[moments] Half hour of the local week at each instant (sorted)."""
    stretches = [
        (stretch.start, day.number * DAY + stretch.clock)
        for day in clock.days(int(moments[0]), int(moments[-1]) + 1)
        for stretch in day.stretches
    ]
    starts, clocks = np.array(stretches, np.int64).T
    place = np.searchsorted(starts, moments, side="right") - 1
    local = clocks[place] + moments - starts[place]
    return np.asarray((local - 4 * DAY) % WEEK // SLOT)  # 1970-01-05 was a Monday


def counted_days(span: Span) -> int:
    """Days of the counted length, at least a week: those of which the typical week is the mean."""
    return max(-(-(span.counted_until - span.counted_from) // DAY), 7)


def offset_of(clock: LocalClock, span: Span) -> int:
    """What a clock is ahead of UTC in the middle of the counted length, microseconds."""
    middle = (span.counted_from + span.counted_until) // 2
    day = clock.day(clock.date_at(middle))
    stretch = next(one for one in reversed(day.stretches) if one.start <= middle)
    return day.number * DAY + stretch.clock + middle - stretch.start - (span.start_utc + middle)


def local_week(utc: Floats, offset: int) -> Floats:
    """[..., slots] A week of UTC slots by a clock that is `offset` microseconds ahead."""
    whole, rest = divmod(offset, SLOT)
    moved = np.roll(utc, whole, axis=-1)
    if rest == 0:
        return moved
    return np.asarray(moved * (1.0 - rest / SLOT) + np.roll(utc, whole + 1, axis=-1) * (rest / SLOT))


def utc_week(local: Floats, offset: int) -> Floats:
    """[..., slots] A week of a clock that is `offset` microseconds ahead, by UTC."""
    return local_week(local, -offset)
