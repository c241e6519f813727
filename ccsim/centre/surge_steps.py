"""Surges, causes and deflections as steps of local days: by what demand is multiplied, and when."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.centre.pieces import Step
from ccsim.centre.streams import Stream
from ccsim.language.deflections import Deflection
from ccsim.language.markets import Cause
from ccsim.language.surges import Surge
from ccsim.units import DAY, MINUTE, SECOND

FADED: Final = math.log(1000.0)
"""A surge counts as over when a thousandth of it is left: after this many times `fades`."""
CELL: Final = 30 * MINUTE
"""While a surge fades, or a deflection is brought in, it is constant in each half-hour of the clock, at its mean
there."""

Steps = Mapping[date, tuple[Step, ...]]
"""Steps from midnight to midnight of the dates on which something is multiplied."""

_EPOCH: Final = datetime(1970, 1, 1)


class Scope:
    """Which streams a surge or a deflection is about."""

    def __init__(self, about: Surge | Deflection) -> None:
        scopes = (
            (about.workflows, attrgetter("workflow")),
            (about.markets, attrgetter("market")),
            (about.channels, attrgetter("channel")),
            (about.languages, attrgetter("language")),
            (about.segments, attrgetter("segment")),
            (about.causes, attrgetter("cause")),
        )
        self._limits = [(frozenset(names), part) for names, part in scopes if names is not None]

    def holds(self, stream: Stream) -> bool:
        """Whether it is about a stream."""
        return all(part(stream) in names for names, part in self._limits)


def surge_steps(surge: Surge, zone: ZoneInfo, first: date, last: date) -> Steps:
    """What a surge multiplies by the clock of a zone, between two dates."""
    at = datetime.fromisoformat(surge.at)
    start = _clock(at if surge.time_zone is None else _there(at, ZoneInfo(surge.time_zone), zone))
    full = start + surge.length
    stretches = [(start, full, surge.times), *_fading(full, surge, _clock_of(first), _clock_of(last) + DAY)]
    return _by_date(stretches, first, last)


def cause_steps(cause: Cause, first: date, last: date) -> Steps:
    """What is left of a cause that is fixed at a local time, between two dates."""
    if cause.fixed is None:
        return {}
    fixed = _clock(datetime.fromisoformat(cause.fixed))
    return _by_date([(fixed, _clock_of(last) + DAY, cause.remaining)], first, last)


def deflection_steps(deflection: Deflection, own: ZoneInfo, zone: ZoneInfo, first: date, last: date) -> Steps:
    """What a deflection leaves by the clock of a zone, between two dates; `own`: the zone of its `from`."""
    low, high = _clock_of(first), _clock_of(last) + DAY
    start = low
    if deflection.start is not None:
        start = _clock(_there(datetime.fromisoformat(deflection.start), own, zone))
    full = start + deflection.ramp
    rising = _rising(start, full, deflection.share, low, high)
    return _by_date([*rising, (full, high, 1.0 - deflection.share)], first, last)


def together(parts: Sequence[Steps]) -> Steps:
    """Several multipliers at once."""
    if len(parts) == 1:
        return parts[0]
    found: dict[date, tuple[Step, ...]] = {}
    for day in {day for part in parts for day in part}:
        there = [part[day] for part in parts if day in part]
        found[day] = there[0] if len(there) == 1 else _product(there)
    return found


def _clock(local: datetime) -> int:
    """Microseconds by the clock since 1970."""
    passed = local - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * SECOND + passed.microseconds


def _clock_of(day: date) -> int:
    return (day.toordinal() - _EPOCH.toordinal()) * DAY


def _there(at: datetime, own: ZoneInfo, zone: ZoneInfo) -> datetime:
    """A local time of one zone by the clock of another."""
    return at.replace(tzinfo=own).astimezone(UTC).astimezone(zone).replace(tzinfo=None)


def _rising(start: int, full: int, share: float, low: int, high: int) -> Iterator[tuple[int, int, float]]:
    """The stretches of [low, high) in which the share avoided rises evenly, with what is left in them on average."""
    at = start if start >= low else max(start, low // CELL * CELL)
    while at < min(full, high):
        stop = min((at // CELL + 1) * CELL, full)
        yield at, stop, 1.0 - share * (0.5 * (at + stop) - start) / (full - start)
        at = stop


def _fading(full: int, surge: Surge, low: int, high: int) -> Iterator[tuple[int, int, float]]:
    """The stretches in which a surge fades, from the end of its full force, as far as they lie in [low, high)."""
    if surge.fades == 0:
        return
    over = min(full + int(FADED * surge.fades) + 1, high)
    at = full if full >= low else max(full, low // CELL * CELL)
    while at < over:
        stop = (at // CELL + 1) * CELL
        mean = surge.fades / (stop - at) * math.exp((full - at) / surge.fades) * -math.expm1((at - stop) / surge.fades)
        yield at, stop, 1.0 + (surge.times - 1.0) * mean
        at = stop


def _by_date(stretches: Iterable[tuple[int, int, float]], first: date, last: date) -> Steps:
    """Stretches that follow one another as steps of dates."""
    found: dict[date, list[Step]] = {}
    low, high = _clock_of(first), _clock_of(last) + DAY
    for start, end, times in stretches:
        at = max(start, low)
        while at < min(end, high):
            number, since = divmod(at, DAY)
            until = min(end - number * DAY, DAY)
            steps = found.setdefault(date(1970, 1, 1) + timedelta(days=number), [])
            done = steps[-1].end if steps else 0
            if since > done:
                steps.append(Step(done, since, 1.0))
            steps.append(Step(since, until, times))
            at = number * DAY + until
    for steps in found.values():
        if steps[-1].end < DAY:
            steps.append(Step(steps[-1].end, DAY, 1.0))
    return {day: tuple(steps) for day, steps in found.items()}


def _product(parts: Sequence[tuple[Step, ...]]) -> tuple[Step, ...]:
    """Step functions of one day multiplied."""
    cuts = sorted({cut for steps in parts for step in steps for cut in (step.start, step.end)})
    found = []
    places = [0] * len(parts)
    for low, high in pairwise(cuts):
        times = 1.0
        for which, steps in enumerate(parts):
            while steps[places[which]].end <= low:
                places[which] += 1
            times *= steps[places[which]].times
        found.append(Step(low, high, times))
    return tuple(found)
