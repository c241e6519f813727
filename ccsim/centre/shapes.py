"""The shape of demand: how many contacts a volume has on each local date of a market, and at what time of the day.

The rate of a stream at a local time is that of its volume (its part of `per_week` by the profile, or a curve), times
season, trend and holiday of the date, after the volume's changes, times the surges that concern the stream, times what
is left of a cause that has been fixed, times the stream's share of the volume. A day with a clock change keeps the
contacts that it would have without one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ccsim.centre.calendars import OwnCalendar, calendar_of
from ccsim.centre.kept import kept_for_the_last
from ccsim.centre.pieces import (
    Piece,
    Step,
    changed,
    changed_within,
    local_pieces,
    repeated_pieces,
    stepped,
    times,
    touches,
    volume,
    volume_between,
)
from ccsim.centre.streams import Stream
from ccsim.centre.surge_steps import Scope, Steps, cause_steps, deflection_steps, surge_steps, together
from ccsim.language.changes import Change
from ccsim.language.curves import Grid
from ccsim.language.deflections import Deflection
from ccsim.language.demand import Volume
from ccsim.language.profiles import Profile
from ccsim.language.scenario import Scenario
from ccsim.language.surges import Surge
from ccsim.units import DAY


class Shape(NamedTuple):
    """What streams of a volume must share to rise and fall together."""

    volume: str
    """The volume."""
    time_zone: str
    """Zone of the market."""
    calendar: OwnCalendar | None
    """Its public holidays, if they matter to the volume."""
    surges: tuple[str, ...]
    """Surges that concern the streams, sorted."""
    cause: str | None
    """Their cause, if it is fixed some day."""
    deflections: tuple[str, ...] = ()
    """Deflections that concern the streams, sorted."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve over one local day by the clock; one object for all the days and shapes that have it."""

    pieces: Sequence[Piece]
    """Rates in contacts per microsecond, up to a factor."""
    area: float
    """Contacts of the whole day, up to the same factor."""
    again: Sequence[Piece] = ()
    """The second passage of a repeated hour, where it has rates of its own."""

    def before(self, at: int, fold: int = 0) -> float:
        """Contacts before a time of day by the clock, microseconds; `fold` 1: in the second passage."""
        if not self.again or (fold == 0 and at <= self.again[0].start):
            return volume_between(self.pieces, 0, at)
        end = self.again[-1].end
        if at >= end:
            return volume_between(self.pieces, 0, at) + volume(self.again)
        if fold == 0:
            return volume_between(self.pieces, 0, at)
        return volume_between(self.pieces, 0, end) + volume_between(self.again, 0, at)


def curve_of(pieces: Sequence[Piece], again: Sequence[Piece] = ()) -> Curve:
    """The curve of a day by the clock, and of the second passage of its repeated hour."""
    return Curve(pieces, volume(pieces) + volume(again), again)


def curve_on(grid: Grid, linear: bool, changes: tuple[Change, ...], day: date) -> Curve:
    """The curve of a grid on one date, after changes."""
    return curve_of(local_pieces(grid, linear, changes, day), repeated_pieces(grid, changes, day))


_NOTHING: Final = Curve((), 0.0)


class Shapes:
    """Shapes of a scenario's demand and their curves, each made once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        horizon = scenario.horizon
        start = datetime.fromisoformat(horizon.start)
        simulated = timedelta(microseconds=horizon.warm_up + horizon.length + horizon.drain)
        self._start = start.date()
        self._first = self._start - timedelta(days=8)
        self._last = (start + simulated).date() + timedelta(days=8)
        self._scopes = [(name, Scope(surge)) for name, surge in sorted(scenario.surges.items())]
        self._deflected = [(name, Scope(said)) for name, said in sorted(scenario.deflections.items())]
        abouts: list[Surge | Deflection] = [*scenario.surges.values(), *scenario.deflections.values()]
        self._by_language = any(about.languages is not None for about in abouts)
        self._shapes: dict[tuple[str, ...], Shape] = {}
        self._curves: dict[Hashable, Curve] = {}
        self._plans: dict[tuple[str, OwnCalendar | None, date, int], list[tuple[float, Curve]]] = {}
        self._steps: dict[Hashable, Steps] = {}
        self._sources: dict[str, int] = {}
        self._numbers: dict[Hashable, int] = {}
        self._calendars: dict[OwnCalendar, frozenset[date]] = {}
        self._rows: dict[tuple[date, int], list[date]] = {}

    def of(self, stream: Stream) -> Shape:
        """The shape of a stream."""
        language = stream.language if self._by_language else ""
        key = (stream.volume, stream.market, stream.channel, stream.segment, stream.cause, language)
        if key not in self._shapes:
            self._shapes[key] = self._shape(stream)
        return self._shapes[key]

    def on(self, shape: Shape, day: date) -> tuple[float, Curve]:
        """A factor and a curve by the clock: the volume on a local date, were all of it of this shape.

        Dates from a week before the horizon to a week after it are known; elsewhere there are no holidays or surges.
        """
        return self.over(shape, day, 1)[0]

    def over(self, shape: Shape, first: date, days: int) -> list[tuple[float, Curve]]:
        """`on` for several dates in a row: a factor and a curve for each."""
        planned = self._plan_of(shape.volume, shape.calendar, first, days)
        steps_of = self._steps_of(shape)
        if not steps_of:
            return planned
        found = planned.copy()
        for place, day in enumerate(self._dates(first, days)):
            steps = steps_of.get(day)
            if steps is not None:
                factor, curve = planned[place]
                one = len(steps) == 1
                found[place] = (factor * steps[0].times, curve) if one else (factor, self._cut(curve, steps))
        return found

    def _cut(self, curve: Curve, steps: tuple[Step, ...]) -> Curve:
        return self._kept((curve, steps), lambda: curve_of(stepped(curve.pieces, steps), stepped(curve.again, steps)))

    def _plan_of(self, name: str, calendar: OwnCalendar | None, first: date, days: int) -> list[tuple[float, Curve]]:
        """The volume on dates in a row before surges and fixed causes."""
        key = (name, calendar, first, days)
        if key not in self._plans:
            written = self._scenario.demand[name]
            if calendar is None:
                off: frozenset[int] = frozenset()
                plan = [self._plan(name, written, day, 1.0) for day in self._dates(first, days)]
            else:
                off = frozenset((day - first).days for day in self._holidays(calendar))
                plan = self._plan_of(name, None, first, days).copy()
            for n in off.intersection(range(days)):
                plan[n] = self._plan(name, written, first + timedelta(days=n), written.holidays)
            self._plans[key] = plan
        return self._plans[key]

    def _dates(self, first: date, days: int) -> list[date]:
        if (first, days) not in self._rows:
            self._rows[first, days] = [first + timedelta(days=n) for n in range(days)]
        return self._rows[first, days]

    def _plan(self, name: str, written: Volume, day: date, holiday: float) -> tuple[float, Curve]:
        factor = self._factor(written, day) * holiday
        curve = self._plain(name, written, day)
        if not any(touches(change, day) for change in written.all_changes):
            return factor, curve
        key = ("changed", curve, name, day, factor)
        return 1.0, self._kept(
            key,
            lambda: curve_of(
                changed(times(curve.pieces, factor), written.all_changes, day),
                changed_within(times(curve.again, factor), written.all_changes, day),
            ),
        )

    def _shape(self, stream: Stream) -> Shape:
        scenario = self._scenario
        market = scenario.markets.get(stream.market)
        cause = scenario.causes.get(stream.cause)
        matters = scenario.demand[stream.volume].holidays != 1.0
        return Shape(
            stream.volume,
            scenario.time_zone if market is None else market.time_zone,
            calendar_of(market) if matters else None,
            tuple(name for name, scope in self._scopes if scope.holds(stream)),
            None if cause is None or cause.fixed is None else stream.cause,
            tuple(name for name, scope in self._deflected if scope.holds(stream)),
        )

    def _factor(self, written: Volume, day: date) -> float:
        """Season and trend of a date; with a profile the contacts of its weekday too."""
        factor = 1.0
        if written.profile is not None and written.per_week is not None:
            weights = written.profile.weekdays
            factor *= written.per_week * weights[day.weekday()] / (sum(weights) or 1.0)
        if written.counts is not None:
            factor *= _count_on(written.counts, day)
        if written.season:
            factor *= written.season[day.month - 1]
        if written.trend != 0.0:
            factor *= math.exp(written.trend * DAY * (day - self._start).days)
        return factor

    def _holidays(self, calendar: OwnCalendar) -> frozenset[date]:
        if calendar not in self._calendars:
            self._calendars[calendar] = calendar.between(self._first, self._last)
        return self._calendars[calendar]

    def _plain(self, name: str, written: Volume, day: date) -> Curve:
        """The curve of a volume on a date without its factors; that of a profile has area 1."""
        if name not in self._sources:
            self._sources[name] = self._numbers.setdefault(_source(written), len(self._numbers))
        profile, rate = written.profile, written.rate
        if profile is not None:
            return self._kept(self._sources[name], lambda: curve_of(_profile_pieces(profile)))
        if rate is None:
            return _NOTHING
        return self._kept(
            (self._sources[name], day if rate.grid.start is not None else None),
            lambda: curve_on(rate.grid, rate.interpolate == "linear", (), day),
        )

    def _kept(self, key: Hashable, make: Callable[[], Curve]) -> Curve:
        """The curve that is kept under a key, made if there is none."""
        curve = self._curves.get(key)
        if curve is None:
            curve = self._curves[key] = make()
        return curve

    def _steps_of(self, shape: Shape) -> Steps:
        """What multiplies a shape within its days."""
        if not shape.surges and shape.cause is None and not shape.deflections:
            return {}
        surges = self._scenario.surges
        zoned = bool(shape.deflections) or any(surges[name].time_zone is not None for name in shape.surges)
        key = (shape.time_zone if zoned else None, shape.surges, shape.cause, shape.deflections)
        if key not in self._steps:
            parts = [self._surge(name, shape.time_zone) for name in shape.surges]
            if shape.cause is not None:
                parts.append(cause_steps(self._scenario.causes[shape.cause], self._first, self._last))
            parts += [self._deflection(name, shape.time_zone) for name in shape.deflections]
            self._steps[key] = together(parts)
        return self._steps[key]

    def _deflection(self, name: str, time_zone: str) -> Steps:
        key = ("avoided", name, time_zone)
        if key not in self._steps:
            own = ZoneInfo(self._scenario.time_zone)
            said = self._scenario.deflections[name]
            self._steps[key] = deflection_steps(said, own, ZoneInfo(time_zone), self._first, self._last)
        return self._steps[key]

    def _surge(self, name: str, time_zone: str) -> Steps:
        surge = self._scenario.surges[name]
        key = (name, None if surge.time_zone is None else time_zone)
        if key not in self._steps:
            self._steps[key] = surge_steps(surge, ZoneInfo(time_zone), self._first, self._last)
        return self._steps[key]


def _source(written: Volume) -> Hashable:
    """What two volumes must share to have the same curves."""
    if written.profile is not None:
        return ("profile", written.profile.hours.every, written.profile.hours.values)
    rate = written.rate
    if rate is None:
        return None
    return ("rate", rate.interpolate, rate.grid.every, rate.grid.start, rate.grid.values, rate.grid.repeated)


def _profile_pieces(profile: Profile) -> list[Piece]:
    """The day of a profile, with area 1; nothing if it has no weight anywhere."""
    pieces = local_pieces(profile.hours, True, (), date(1970, 1, 1))
    area = volume(pieces)
    return times(pieces, 1.0 / area) if area > 0.0 else []


def _count_on(counts: Grid, day: date) -> float:
    """The contacts of a local date; none on dates that the counts do not have."""
    assert counts.start is not None
    place = (day - date.fromisoformat(counts.start[:10])).days
    return counts.values[place] if 0 <= place < len(counts.values) else 0.0


@kept_for_the_last
def shapes_of(scenario: Scenario) -> Shapes:
    """The shapes of a scenario's demand."""
    return Shapes(scenario)


@kept_for_the_last
def without_holidays(scenario: Scenario) -> Scenario:
    """The scenario as if no day were a public holiday to its demand: itself, where none is.

    For checks, as the package that knows public holidays takes long to load.
    """
    if all(volume.holidays == 1.0 for volume in scenario.demand.values()):
        return scenario
    demand = {name: volume.model_copy(update={"holidays": 1.0}) for name, volume in scenario.demand.items()}
    return scenario.model_copy(update={"demand": demand})


@kept_for_the_last
def without_deflections(scenario: Scenario) -> Scenario:
    """The scenario as if nothing spared customers the contact: itself, where nothing does."""
    return scenario.model_copy(update={"deflections": {}}) if scenario.deflections else scenario
