"""Areas under curves of local days in a row, from one instant to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ccsim.centre.shapes import Curve
from ccsim.units import SECOND


class Moment(NamedTuple):
    """A local time."""

    number: int
    """Days since a date."""
    at: int
    """Microseconds since midnight."""
    fold: int


def moment_of(instant: datetime, zone: ZoneInfo, first: date) -> Moment:
    """The local time of an instant by the clock of a zone, on a date so many days after `first`."""
    local = instant.astimezone(zone)
    at = ((local.hour * 60 + local.minute) * 60 + local.second) * SECOND + local.microsecond
    return Moment((local.date() - first).days, at, local.fold)


class Days:
    """Something that varies by local dates in a row: curves with a factor."""

    def __init__(self, zone: str, first: date, days: Sequence[tuple[float, Curve]], kept: dict[object, float]) -> None:
        self._zone = ZoneInfo(zone)
        self._first = first
        self._days = days
        self._kept = kept
        self._until = [0.0]
        for factor, curve in days:
            self._until.append(self._until[-1] + factor * curve.area)

    def between(self, since: datetime, until: datetime) -> float:
        """Area between two instants."""
        low, high = (self.before(moment_of(instant, self._zone, self._first)) for instant in (since, until))
        return max(high - low, 0.0)

    def before(self, moment: Moment) -> float:
        """Area before a local time."""
        number, at, fold = moment
        if number >= len(self._days):
            return self._until[-1]
        if number < 0 or at == 0:
            return self._until[max(number, 0)]
        factor, curve = self._days[number]
        key = (curve, at, fold)
        if key not in self._kept:
            self._kept[key] = curve.before(at, fold)
        return self._until[number] + factor * self._kept[key]
