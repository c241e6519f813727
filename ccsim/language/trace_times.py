"""When the contacts of a trace came: times of the file's clock as microseconds since the start of the horizon."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import le
from zoneinfo import ZoneInfo

from ccsim.tables.number_instants import NONE
from ccsim.text.clock import clock_from, in_gap, is_ambiguous, put_back_on, put_forward_on, wall_time, wall_us
from ccsim.units import DAY


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
    """The clock by which the times of a file are written; times as in `wall_us`."""

    def __init__(self, start: datetime, zone: ZoneInfo, local: ZoneInfo) -> None:
        """`start`: of the horizon, a local time of `zone`; `local`: the zone of the file's times."""
        self._since = wall_us(start.replace(tzinfo=zone).astimezone(UTC))
        self._zone, self._at = local, clock_from(start, zone, local)
        self._odd: set[int] = set()
        """Days on which the clock changes."""

    def elapsed(self, local_us: Sequence[int], offset_us: Sequence[int] | None) -> array[int]:
        """Microseconds since the start; the first passage of a repeated hour where a time has no offset."""
        if offset_us is None:
            return self._elapsed(local_us)
        since = self._since
        if NONE not in offset_us:
            return array("q", (at - off - since for at, off in zip(local_us, offset_us, strict=True)))
        own = zip(local_us, offset_us, self._elapsed(local_us), strict=True)
        return array("q", (there if off == NONE else at - off - since for at, off, there in own))

    def _elapsed(self, local_us: Sequence[int]) -> array[int]:
        days = {at // DAY for at in local_us}
        odd = self._odd = set(filter(self._changes_on, days))
        less = {day: day * DAY - self._at(wall_time(day * DAY)) for day in days}
        if not odd and len(set(less.values())) == 1:
            (shift,) = set(less.values())
            return array("q", (at - shift for at in local_us))
        return array("q", (self._at(wall_time(at)) if at // DAY in odd else at - less[at // DAY] for at in local_us))

    def _changes_on(self, day: int) -> bool:
        midnight = wall_time(day * DAY)
        return put_back_on(midnight, self._zone) or put_forward_on(midnight, self._zone)

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
            if is_ambiguous(wall_time(local_us[at]), self._zone):
                twice.append(at)
            elif in_gap(wall_time(local_us[at]), self._zone):
                found.skipped.append(at)

        def night(at: int) -> int:  # from noon to noon: an hour that is repeated may lie on both sides of midnight
            return (local_us[at] + DAY // 2) // DAY

        for _, of_a_night in groupby(sorted(twice, key=night), night):
            _of_a_night(list(of_a_night), local_us, found)
        return found

    def again(self, us: int) -> int:
        """Microseconds between the passages of a time that the clock shows twice."""
        at = wall_time(us)
        return self._at(at.replace(fold=1)) - self._at(at)


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
