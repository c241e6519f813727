"""Who is on the line and what comes, week by week: hours as bits, contacts and agents' time as areas.

From the typed scenario alone, in plain Python, so that `check` can look before anything is compiled. Public holidays
stand apart. Breaks of shifts do not close a pool; those of a published roster do, which is known stretch by stretch.
Of a roster that is built only the hours at which a shift may lie are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.centre.areas import Days, Moment, moment_of
from ccsim.centre.calendars import calendar_of
from ccsim.centre.dated_hours import beats_holiday, opened, shut, worked_as
from ccsim.centre.open_hours import QUARTER, QUARTERS, bits_begun_on, bits_of_hours, bits_of_spans, local_bits_of_pool
from ccsim.centre.pieces import above_zero
from ccsim.centre.shapes import Curve, Shape, curve_on, shapes_of, without_holidays
from ccsim.centre.streams import Stream
from ccsim.centre.there import instant_of_local, zone_of_pool
from ccsim.centre.weeks import A_DAY, Week, Weeks, tiled
from ccsim.language.pools import Pool
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.rosters import PublishedRoster
from ccsim.language.scenario import Scenario
from ccsim.language.shrinkage import rostered_shares, shrinkage_of, whole_day_shares
from ccsim.language.sites import Site
from ccsim.language.traces import Trace
from ccsim.units import WEEK

_MICRO: Final = timedelta(microseconds=1)
_A_QUARTER: Final = timedelta(minutes=15)
_A_NIGHT: Final = 40
"""Quarters of the longest shift that is thought to reach from one day into the next."""


class Cover:
    """Hours and amounts of a scenario's demand, pools in each week that is simulated."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.weeks = Weeks(scenario)
        self._shapes = shapes_of(without_holidays(scenario))
        self._series: dict[Shape, Days] = {}
        self._within: dict[tuple[str, str, int, int], float] = {}
        self._hours: dict[tuple[str, str], list[int]] = {}
        self._demand: dict[Shape | str, tuple[list[int], list[float]]] = {}
        self._agents: dict[object, tuple[list[int], list[float]]] = {}
        self._rosters: list[PublishedRoster | None] = []  # kept, so that an id stays that of one roster
        self._repeated: dict[tuple[int, str], list[int]] = {}
        self._curve_bits: dict[Curve, int] = {}
        self._parts: dict[object, float] = {}
        self._edges: dict[tuple[str, date], list[Moment]] = {}

    def demand(self, stream: Stream) -> tuple[list[int], list[float]]:
        """By week: hours at which the volume of a stream has demand, and its contacts, were all of it of its shape."""
        trace = self.scenario.demand[stream.volume].trace
        key: Shape | str = stream.volume if trace is not None else self._shapes.of(stream)
        if key not in self._demand:
            self._demand[key] = self._recorded(trace) if trace is not None else self._planned(self._shapes.of(stream))
        return self._demand[key]

    def share_within(self, stream: Stream, number: int, hours: int) -> float:
        """Share of a volume's contacts in a week that come at some of its hours."""
        if self.scenario.demand[stream.volume].trace is not None:
            # Recorded hours count alike.
            bits = self.demand(stream)[0][number]
            return (bits & hours).bit_count() / bits.bit_count() if bits else 0.0
        shape = self._shapes.of(stream)
        # Surges change how much comes in a week far more than when.
        rate = self.scenario.demand[stream.volume].rate
        dated = rate is not None and rate.grid.start is not None
        key = (stream.volume, shape.time_zone, number if dated else -1, hours)
        if key not in self._within:
            series = self._series[shape]
            week = self.weeks.all[number]
            since, until = self._span(week)
            inside = 0.0
            for first, last in _runs(hours):
                low, high = week.monday + first * _A_QUARTER, week.monday + last * _A_QUARTER
                inside += series.between(max(low, since), min(high, until)) if low < until and high > since else 0.0
            whole = self.demand(stream)[1][number]
            self._within[key] = inside / whole if whole > 0.0 else 0.0
        return self._within[key]

    def agents(self, pool: Pool) -> tuple[list[int], list[float]]:
        """By week: hours at which a pool may have somebody on the line, and its agents' time in microseconds."""
        shrinkage = None if pool.shrinkage is None else frozenset(pool.shrinkage.items())
        roster = (pool.patterns, pool.headcount, _people_on(pool), shrinkage, pool.vendor)
        published = None if pool.roster is None else id(pool.roster)  # many numbers: too long to be compared each time
        dates = (pool.changes, pool.leave_on, pool.start, pool.until)
        key = (pool.site, pool.staffing, dates, pool.shifts, roster, published)
        if key not in self._agents:
            self._agents[key] = self._while_there(pool, *self._working(pool))
            self._rosters.append(pool.roster)
        return self._agents[key]

    def holidays(self, pool: Pool) -> list[int]:
        """By week: hours at which a roster would have somebody on the line, were it no public holiday of its site.

        Nothing where somebody works on holidays. A night shift that began the day before is worked to its end.
        """
        site = self.scenario.sites.get(pool.site) if pool.site is not None else None
        calendar = calendar_of(site)
        if pool.headcount is None or site is None or calendar is None:
            return []
        if int(site.on_holidays * pool.headcount + 0.5):
            return []
        key = ("holidays", pool.site, pool.patterns)
        if key not in self._agents:
            first = self.weeks.start.astimezone(ZoneInfo(site.time_zone)).date()
            last = self.weeks.end.astimezone(ZoneInfo(site.time_zone)).date()
            week_bits = local_bits_of_pool(self.scenario, pool)
            of_day = [0] * ((last - first).days + 1)
            for day in calendar.between(first, last):
                if not beats_holiday(site, day):
                    of_day[(day - first).days] = _begun_on(week_bits, day.weekday())
            self._agents[key] = (self.of_dates(of_day, first, site.time_zone), [])
        if not pool.comes_or_goes:
            return self._agents[key][0]
        there = self._there(pool, site.time_zone)
        return [bits & inside for bits, inside in zip(self._agents[key][0], there, strict=True)]

    def _there(self, pool: Pool, zone: str) -> list[int]:
        """By week: quarters in which a pool is there, by `from` and `until`; one of which a part is, too."""
        found = []
        for week in self.weeks.all:
            bits = week.simulated
            if pool.start is not None:
                since = (instant_of_local(pool.start, zone) - week.monday) // _A_QUARTER
                bits &= -1 << min(max(since, 0), QUARTERS)
            if pool.until is not None:
                until = -((week.monday - instant_of_local(pool.until, zone)) // _A_QUARTER)
                bits &= (1 << min(max(until, 0), QUARTERS)) - 1
            found.append(bits)
        return found

    def _while_there(self, pool: Pool, bits: list[int], time: list[float]) -> tuple[list[int], list[float]]:
        """Hours and agents' time by week without those before `from` and from `until` on."""
        if not pool.comes_or_goes or pool.staffing is not None:
            return bits, time  # changes of the staffing say so
        there = self._there(pool, zone_of_pool(self.scenario, pool))
        left = [hours & inside for hours, inside in zip(bits, there, strict=True)]
        parts = zip(time, bits, left, strict=True)
        return left, [one * some.bit_count() / hours.bit_count() if hours else 0.0 for one, hours, some in parts]

    def _span(self, week: Week) -> tuple[datetime, datetime]:
        """The part of a week that is simulated."""
        return max(week.monday, self.weeks.start), min(week.monday + timedelta(days=7), self.weeks.end)

    def _planned(self, shape: Shape) -> tuple[list[int], list[float]]:
        zone = ZoneInfo(shape.time_zone)
        first = self.weeks.start.astimezone(zone).date()
        count = (self.weeks.end.astimezone(zone).date() - first).days + 1
        days = self._shapes.over(shape, first, count)
        series = Days(shape.time_zone, first, days, self._parts)
        self._series[shape] = series
        # Surges and causes change how much comes, and almost never whether something does.
        key = (shape.volume, shape.time_zone)
        if key not in self._hours:
            of_day = [self._bits_of(curve) if factor > 0.0 else 0 for factor, curve in days]
            self._hours[key] = self.of_dates(of_day, first, shape.time_zone)
        return self._hours[key], self._by_week(series, shape.time_zone, first)

    def _by_week(self, series: Days, zone: str, first: date) -> list[float]:
        """Area in the part of each week that is simulated; `first` is the first date of the series."""
        if (zone, first) not in self._edges:
            edges = [self.weeks.start, *(week.monday for week in self.weeks.all[1:]), self.weeks.end]
            self._edges[zone, first] = [moment_of(edge, ZoneInfo(zone), first) for edge in edges]
        areas = map(series.before, self._edges[zone, first])
        return [max(until - since, 0.0) for since, until in pairwise(areas)]

    def of_dates(self, of_day: Sequence[int], first: date, zone: str) -> list[int]:
        """By week of UTC: hours of local dates in a row, each with what begins on it."""
        found = []
        for week in self.weeks.all:
            low = (week.monday.date() - first).days - 1
            nine = 0
            for number in range(9):
                if 0 <= low + number < len(of_day):
                    nine |= of_day[low + number] << number * A_DAY
            found.append(self.weeks.to_utc(nine, zone, week) & week.simulated)
        return found

    def _bits_of(self, curve: Curve) -> int:
        if curve not in self._curve_bits:
            self._curve_bits[curve] = bits_of_spans([*above_zero(curve.pieces), *above_zero(curve.again)])
        return self._curve_bits[curve]

    def _recorded(self, trace: Trace) -> tuple[list[int], list[float]]:
        bits = [0] * len(self.weeks.all)
        counts = [0.0] * len(self.weeks.all)
        before = (self.weeks.start - self.weeks.all[0].monday) // _MICRO
        for time in trace.time:
            number, since = divmod(before + time, WEEK)
            if number >= len(bits):
                break
            counts[number] += 1.0
            bits[number] |= 1 << since // QUARTER
        return [bit & week.simulated for bit, week in zip(bits, self.weeks.all, strict=True)], counts

    def _working(self, pool: Pool) -> tuple[list[int], list[float]]:
        site = self.scenario.sites.get(pool.site) if pool.site is not None else None
        zone = site.time_zone if site else self.scenario.time_zone
        if pool.staffing is not None:
            return self._staffed(pool, zone, site)
        if pool.roster is not None:
            return self._published(pool, pool.roster)
        if pool.shifts and pool.dated:
            return self._on_dates(pool, zone, site)
        week_bits = local_bits_of_pool(self.scenario, pool)
        open_at = week_bits.bit_count()
        time = self._roster_time(pool) if pool.headcount is not None else _shift_time(pool)
        found = self._tiled(week_bits, zone)
        if site is not None and site.special_days:
            found = self._on_special_days(pool, site, found)
        if pool.leave_on:
            first, count = self._dates(zone)
            away = [0] * count
            for day in map(date.fromisoformat, pool.leave_on):
                if 0 <= (day - first).days < count:
                    away[(day - first).days] = _begun_on(week_bits, day.weekday())
            gone = self.of_dates(away, first, zone)
            found = [bits & ~off for bits, off in zip(found, gone, strict=True)]
        return found, [time * bits.bit_count() / open_at if open_at else 0.0 for bits in found]

    def _published(self, pool: Pool, roster: PublishedRoster) -> tuple[list[int], list[float]]:
        """Of a published roster: the quarters in which somebody is on the line, and their time but for absence."""
        there = 1.0 - sum(whole_day_shares(self.scenario, pool).values())
        before = (self.weeks.start - self.weeks.all[0].monday) // _MICRO
        whole = (self.weeks.end - self.weeks.start) // _MICRO
        bits = [0] * len(self.weeks.all)
        time = [0.0] * len(self.weeks.all)
        for (start, end), agents in Counter(roster.on_line()).items():
            at, until = before + max(start, 0), before + min(end, whole)
            while at < until:
                number = at // WEEK
                stop = min(until, (number + 1) * WEEK)
                first, last = at % WEEK // QUARTER, -(-(stop - number * WEEK) // QUARTER)
                bits[number] |= ((1 << (last - first)) - 1) << first
                time[number] += agents * (stop - at) * there
                at = stop
        return [bit & week.simulated for bit, week in zip(bits, self.weeks.all, strict=True)], time

    def usual(self, pool: Pool) -> list[int]:
        """By week: hours at which a pool has somebody on the line, or would have without dates of its own."""
        there = self.agents(pool)[0]
        site = self.scenario.sites.get(pool.site) if pool.site is not None else None
        zone = site.time_zone if site else self.scenario.time_zone
        dated = pool.dated or pool.comes_or_goes or (site is not None and bool(site.special_days))
        if pool.roster is not None or not dated:
            return there
        if pool.staffing is not None:
            week = self._staffed(pool.model_copy(update={"start": None, "until": None}), zone, None)[0]
        else:
            week = self._tiled(local_bits_of_pool(self.scenario, pool), zone)
        return [bits | more for bits, more in zip(there, week, strict=True)]

    def open_hours(self, group: QueueGroup, zone: str, *, usual: bool = False) -> list[int]:
        """By week: hours at which a queue group with opening hours is open, by the clock of a zone.

        `usual`: as if there were no special days.
        """
        assert group.hours is not None
        if usual or not group.special_days:
            return self._tiled(bits_of_hours(group.hours), zone)
        first, count = self._dates(zone)
        return self.of_dates(opened(group.hours, group.special_days, first, count), first, zone)

    def _dates(self, zone: str) -> tuple[date, int]:
        """The first of the local dates that are simulated or touch those that are, and how many there are."""
        first = self.weeks.start.astimezone(ZoneInfo(zone)).date() - timedelta(days=2)
        return first, (self.weeks.end.astimezone(ZoneInfo(zone)).date() - first).days + 1

    def _on_dates(self, pool: Pool, zone: str, site: Site | None) -> tuple[list[int], list[float]]:
        """Hours and agents' time by week of named shifts some of which are worked on single dates, or not."""
        first, count = self._dates(zone)
        days = [first + timedelta(days=number) for number in range(count)]
        begun = [[] if day.isoformat() in pool.leave_on else pool.shifts_of(day) for day in days]
        gone = self.of_dates(shut(site, first, count), first, zone) if site else [0] * len(self.weeks.all)
        found, time = [0] * len(gone), [0.0] * len(gone)
        for shift in pool.shifts:
            bits = bits_of_spans([(shift.start, shift.start + shift.length)])
            line = self.of_dates([bits if any(one is shift for one in of) else 0 for of in begun], first, zone)
            working = 1.0 - sum(pause.length for pause in shift.breaks) / shift.length
            for number, hours in enumerate(line):
                here = hours & ~gone[number]
                found[number] |= here
                time[number] += shift.agents * working * here.bit_count() * QUARTER
        return found, time

    def _on_special_days(self, pool: Pool, site: Site, usual: list[int]) -> list[int]:
        """Hours by week after what special days of the site take away, and bring to dates that never open."""
        first, count = self._dates(site.time_zone)
        gone = self.of_dates(shut(site, first, count), first, site.time_zone)
        more = [0] * len(usual)
        if pool.headcount is not None:
            as_other = [0] * count
            for number in range(count):
                day = first + timedelta(days=number)
                weekday = worked_as(site, day)
                if weekday != day.weekday():
                    as_other[number] = bits_begun_on(self.scenario, pool, weekday)
            more = self.of_dates(as_other, first, site.time_zone)
        return [(bits | new) & ~off for bits, new, off in zip(usual, more, gone, strict=True)]

    def _tiled(self, week_bits: int, zone: str) -> list[int]:
        if (week_bits, zone) not in self._repeated:
            nine = tiled(week_bits)
            self._repeated[week_bits, zone] = [
                self.weeks.to_utc(nine, zone, week) & week.simulated for week in self.weeks.all
            ]
        return self._repeated[week_bits, zone]

    def _staffed(self, pool: Pool, zone: str, site: Site | None) -> tuple[list[int], list[float]]:
        assert pool.staffing is not None
        grid = pool.staffing
        first = self.weeks.start.astimezone(ZoneInfo(zone)).date()
        count = (self.weeks.end.astimezone(ZoneInfo(zone)).date() - first).days + 1
        plain = grid.start is None and not pool.all_changes
        curves: list[tuple[float, Curve]] = []
        for number in range(count):
            if plain and curves:
                curves.append(curves[0])
                continue
            curves.append((1.0, curve_on(grid, False, pool.all_changes, first + timedelta(days=number))))
        series = Days(zone, first, curves, self._parts)

        usual = self.of_dates([self._bits_of(curve) for _, curve in curves], first, zone)
        time = self._by_week(series, zone, first)
        if site is None or not site.special_days:
            return usual, time
        found = self._on_special_days(pool, site, usual)
        for number, (bits, before) in enumerate(zip(found, usual, strict=True)):
            time[number] *= bits.bit_count() / before.bit_count() if before else 0.0
        return found, time

    def _roster_time(self, pool: Pool) -> float:
        """Agents' time in a week of a roster on the pattern that gives the most, without breaks and shrinkage."""
        away = sum(rostered_shares(shrinkage_of(self.scenario, pool)[0]).values())
        week: dict[str, int] = {}
        for name in pool.patterns:
            pattern = self.scenario.shift_patterns.get(name)
            if pattern is not None:
                breaks = sum(pause.length for pause in pattern.breaks if pause.paid)
                week[name] = pattern.work_days * max(pattern.paid - breaks, 0)
        if pool.people_on is not None:
            return sum(pool.people_on[name] * time for name, time in week.items()) * (1.0 - away)
        return (pool.headcount or 0) * max(week.values(), default=0) * (1.0 - away)


def _people_on(pool: Pool) -> tuple[tuple[str, int], ...] | None:
    return None if pool.people_on is None else tuple(pool.people_on.items())


def _begun_on(week_bits: int, weekday: int) -> int:
    """Quarters of a day in a week of hours, without those of a night that began the day before."""
    bits = week_bits >> weekday * A_DAY & ((1 << A_DAY) - 1)
    before = week_bits >> ((weekday - 1) % 7) * A_DAY + A_DAY - 1 & 1
    if before:
        night = min((~bits & -~bits).bit_length() - 1, _A_NIGHT)
        bits = bits >> night << night
    return bits


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """Stretches of bits: the first, and the one after the last."""
    at = 0
    while bits >> at:
        rest = bits >> at
        at += (rest & -rest).bit_length() - 1
        ones = ~(bits >> at)
        length = (ones & -ones).bit_length() - 1
        yield at, at + length
        at += length


def _shift_time(pool: Pool) -> float:
    """Agents' time in a week of named shifts."""
    return float(
        sum(
            shift.agents * len(shift.days) * (shift.length - sum(pause.length for pause in shift.breaks))
            for shift in pool.shifts
        )
    )
