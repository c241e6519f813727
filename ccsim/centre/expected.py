"""How many contacts a scenario expects, from its rates alone: for a first look before anything is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ccsim.centre.deflections import left_at
from ccsim.centre.forecast_aht import ForecastAht, ForecastWork
from ccsim.centre.kept import kept_for_the_last
from ccsim.centre.shapes import Curve, Shape, Shapes, shapes_of
from ccsim.centre.streams import Stream, streams_of
from ccsim.language.scenario import Scenario
from ccsim.language.traces import Trace
from ccsim.units import SECOND


def expected_contacts(scenario: Scenario) -> dict[str, float]:
    """Expected contacts by volume that arrive in the counted length; without returns.

    Exact for whole local days; the first and the last day of the counted length are cut by the local clock.
    """
    return by_volume(scenario, expected_by_stream(scenario))


def by_volume(scenario: Scenario, by_stream: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Contacts of streams added up by volume."""
    found = dict.fromkeys(sorted(scenario.demand), 0.0)
    for name, contacts in by_stream.items():
        found[name[0]] += contacts
    return found


@kept_for_the_last
def expected_by_stream(scenario: Scenario) -> Mapping[tuple[str, str], float]:
    """The same by volume and stream."""
    shapes = shapes_of(scenario)
    window = _Window(scenario)
    by_shape: dict[Shape, float] = {}
    found: dict[tuple[str, str], float] = {}
    for stream in streams_of(scenario):
        trace = scenario.demand[stream.volume].trace
        if trace is not None:
            contacts = window.recorded(trace, stream)
        else:
            shape = shapes.of(stream)
            if shape not in by_shape:
                by_shape[shape] = window.contacts(shapes, shape)
            contacts = by_shape[shape]
        found[stream.volume, stream.name] = stream.share * contacts
    return found


@kept_for_the_last
def forecast_means(scenario: Scenario) -> Mapping[tuple[str, str], float]:
    """Mean handle time that the forecast says for the contacts of the counted length, microseconds, by volume and
    stream; of volumes that have an `aht`. Without contacts it is the plain mean of what is said."""
    found: dict[tuple[str, str], float] = {}
    if all(volume.aht is None for volume in scenario.demand.values()):
        return found
    shapes = shapes_of(scenario)
    window = _Window(scenario)
    work = ForecastWork(scenario, shapes)
    by_shape: dict[Shape, float] = {}
    for stream in streams_of(scenario):
        volume = scenario.demand[stream.volume]
        if volume.aht is None:
            continue
        shape = shapes.of(stream)
        if shape not in by_shape:
            said = ForecastAht(volume.aht)
            if volume.trace is not None:
                by_shape[shape] = window.recorded_mean(volume.trace, said, shape.time_zone)
            else:
                contacts = window.contacts(shapes, shape)
                by_shape[shape] = window.contacts(work, shape) / contacts if contacts > 0.0 else said.mean
        found[stream.volume, stream.name] = by_shape[shape]
    return found


class _Moment(NamedTuple):
    """A local time."""

    day: date
    at: int
    fold: int


class _Window:
    """The counted length, as the clocks of zones show it."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.since = scenario.horizon.warm_up
        self.until = self.since + scenario.horizon.length
        zone = ZoneInfo(scenario.time_zone)
        self._start = datetime.fromisoformat(scenario.horizon.start).replace(tzinfo=zone).astimezone(UTC)
        self._parts: dict[tuple[Curve, int, int], float] = {}
        self._ends: dict[str, tuple[_Moment, _Moment]] = {}

    def recorded(self, trace: Trace, stream: Stream) -> float:
        """Recorded contacts that are counted, as far as deflections leave them."""
        times = [time for time in trace.time if self.since <= time < self.until]
        return sum(left_at(self._scenario, stream, times)) if self._scenario.deflections else float(len(times))

    def recorded_mean(self, trace: Trace, said: ForecastAht, time_zone: str) -> float:
        """Mean of what the forecast says at the recorded contacts that are counted."""
        zone = ZoneInfo(time_zone)
        moments = [self._clock(time, zone) for time in trace.time if self.since <= time < self.until]
        means = [said.at(moment.day, moment.at) for moment in moments]
        return sum(means) / len(means) if means else said.mean

    def contacts(self, shapes: Shapes | ForecastWork, shape: Shape) -> float:
        """Expected contacts of a volume, were all of it of one shape; or their work."""
        if shape.time_zone not in self._ends:
            zone = ZoneInfo(shape.time_zone)
            self._ends[shape.time_zone] = (self._clock(self.since, zone), self._clock(self.until, zone))
        first, last = self._ends[shape.time_zone]
        days = shapes.over(shape, first.day, (last.day - first.day).days + 1)
        total = sum(factor * curve.area for factor, curve in days[:-1])
        if first.at:
            total -= days[0][0] * self._before(days[0][1], first)
        if last.at:
            total += days[-1][0] * self._before(days[-1][1], last)
        return max(total, 0.0)

    def _before(self, curve: Curve, moment: _Moment) -> float:
        """Contacts of a curve before a time of day."""
        key = (curve, moment.at, moment.fold)
        if key not in self._parts:
            self._parts[key] = curve.before(moment.at, moment.fold)
        return self._parts[key]

    def _clock(self, instant: int, zone: ZoneInfo) -> _Moment:
        local = (self._start + timedelta(microseconds=instant)).astimezone(zone)
        seconds = (local.hour * 60 + local.minute) * 60 + local.second
        return _Moment(local.date(), seconds * SECOND + local.microsecond, local.fold)
