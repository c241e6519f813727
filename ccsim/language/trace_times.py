"""When the contacts of a trace came: times of the file's clock as microseconds since the start of the horizon."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import le
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.tables.number_instants import EPOCH, NONE
from ccsim.text.clock import in_gap, is_ambiguous
from ccsim.units import DAY

_STEP: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_NO_OFFSET: Final = timedelta(0)


@dataclass(slots=True)
class Passages:
    """What becomes of times in hours that clocks show twice or never."""

    second: list[int] = field(default_factory=list)
    """Positions of those that are in the second passage."""
    falls: list[int] = field(default_factory=list)
    """Positions at which times go back, once a night: there the second passage begins."""
    first: list[int] = field(default_factory=list)
    """Positions of those in nights on which times never go back: all are taken for the first passage."""
    loose: list[int] = field(default_factory=list)
    """Positions of those in nights whose rows are in no order, taken for the first passage too."""
    skipped: list[int] = field(default_factory=list)
    """Positions of those that no clock showed, moved on by as much as clocks were."""


class FileClock:
    """The clock by which the times of a file are written."""

    def __init__(self, start: datetime, zone: ZoneInfo, local: ZoneInfo) -> None:
        """`start`: of the horizon, a local time of `zone`; `local`: the zone of the file's times."""
        self._since = (start - EPOCH) // _STEP - _offset(start, zone)
        self._zone = local
        self._offsets: dict[int, int] = {}
        self._odd: set[int] = set()
        """Days from 1970 on which the clock changes."""

    def elapsed(self, local_us: Sequence[int], offset_us: Sequence[int] | None) -> array[int]:
        """Microseconds since the start, `NONE` where there is no time; the first passage of a repeated hour."""
        if offset_us is None:
            return self._elapsed(local_us)
        if NONE not in offset_us:
            since = self._since
            return array("q", (at - off - since for at, off in zip(local_us, offset_us, strict=True)))
        bare = self._elapsed(local_us)
        own = zip(local_us, offset_us, bare, strict=True)
        return array("q", (there if off == NONE else at - off - self._since for at, off, there in own))

    def _elapsed(self, local_us: Sequence[int]) -> array[int]:
        less = {day: self._since + self._offset_of(day) for day in {at // DAY for at in local_us} if day > NONE // DAY}
        if len(set(less.values())) <= 1 and not self._odd and NONE not in local_us:
            shift = next(iter(less.values()), 0)
            return array("q", (at - shift for at in local_us))
        odd = self._odd
        return array(
            "q",
            (
                NONE
                if at == NONE
                else (at - self._since - _offset(moment(at), self._zone) if at // DAY in odd else at - less[at // DAY])
                for at in local_us
            ),
        )

    def _offset_of(self, day: int) -> int:
        """What the clock is ahead of UTC on a day, at its beginning."""
        if day not in self._offsets:
            midnight = moment(day * DAY)
            self._offsets[day] = _offset(midnight, self._zone)
            if self._offsets[day] != _offset((midnight + _DAY).replace(fold=1), self._zone):
                self._odd.add(day)
        return self._offsets[day]

    def passages(self, local_us: Sequence[int], offset_us: Sequence[int] | None) -> Passages:
        """Which of some times in the order of the file are in which passage; those with an offset are left alone."""
        found = Passages()
        if not self._odd:
            return found
        odd = self._odd
        changing = [
            at for at, us in enumerate(local_us) if us // DAY in odd and (offset_us is None or offset_us[at] == NONE)
        ]
        twice = []
        for at in changing:
            if is_ambiguous(moment(local_us[at]), self._zone):
                twice.append(at)
            elif in_gap(moment(local_us[at]), self._zone):
                found.skipped.append(at)
        for _, night in groupby(
            sorted(twice, key=lambda at: (local_us[at] // DAY, at)), lambda at: local_us[at] // DAY
        ):
            _of_a_night(list(night), local_us, found)
        return found

    def again(self, us: int) -> int:
        """Microseconds between the passages of a time that the clock shows twice."""
        at = moment(us)
        return _offset(at, self._zone) - _offset(at.replace(fold=1), self._zone)


def _of_a_night(twice: list[int], local_us: Sequence[int], found: Passages) -> None:
    """The passages of the times of one night, by the order in which they stand in the file."""
    times = [local_us[at] for at in twice]
    low, high = min(times), max(times)
    together = twice[-1] - twice[0] + 1 == len(twice)
    before = local_us[twice[0] - 1] if twice[0] else None
    after = local_us[twice[-1] + 1] if twice[-1] + 1 < len(local_us) else None
    rising = (before is None or before < low) and (after is None or after > high)
    falling = not rising and (before is None or before > high) and (after is None or after < low)
    if falling:
        twice, times = twice[::-1], times[::-1]
    falls = [n for n in range(1, len(times)) if times[n] < times[n - 1]]
    if not together or not (rising or falling) or len(falls) > 1:
        found.loose += twice
    elif falls:
        found.falls.append(twice[falls[0]])
        found.second += twice[falls[0] :]
    else:
        found.first += twice


def in_order(times: Sequence[int]) -> bool:
    """Whether times never fall."""
    return all(map(le, times, islice(times, 1, None)))


def taken(values: array[int], rows: Sequence[int]) -> array[int]:
    """The values of some rows."""
    if rows == range(len(values)):
        return values[:]
    return array("q", map(values.__getitem__, rows))


def moment(us: int) -> datetime:
    """The local time of microseconds since 1970."""
    return EPOCH + us * _STEP


def _offset(at: datetime, zone: ZoneInfo) -> int:
    """Microseconds that clocks of a zone are ahead of UTC at a local time."""
    return (zone.utcoffset(at) or _NO_OFFSET) // _STEP
