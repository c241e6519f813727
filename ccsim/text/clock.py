"""Local times as numbers, and the one clock: microseconds since the start of the horizon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.units import SECOND

_NONE: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
_FIRST_MONDAY: Final = datetime.min


def wall_us(local: datetime | date) -> int:
    """A local time, or the midnight of a date, as microseconds by the clock since the Monday 0001-01-01.

    Days begin at multiples of a day, weeks at multiples of a week.
    """
    passed = (local.toordinal() - 1) * 86_400 * SECOND
    if isinstance(local, datetime):
        passed += ((local.hour * 60 + local.minute) * 60 + local.second) * SECOND + local.microsecond
    return passed


def wall_time(us: int) -> datetime:
    """The local time of such microseconds, without a zone."""
    return _FIRST_MONDAY + timedelta(microseconds=us)


def local_text(local: datetime) -> str:
    """A local time, `2026-03-02 08:30`; at midnight the date alone."""
    return local.isoformat(" ", "minutes") if local.time() != time.min else local.date().isoformat()


def shown_after(start: datetime, zone: ZoneInfo, passed: timedelta, local: ZoneInfo) -> datetime:
    """What the clock of `local` shows, without a zone, so long after a start by the clock of `zone`."""
    return (start.replace(tzinfo=zone).astimezone(UTC) + passed).astimezone(local).replace(tzinfo=None)


def clock_from(start: datetime, zone: ZoneInfo, local: ZoneInfo | None = None) -> Callable[[datetime], int]:
    """Count the microseconds that pass from a start in `zone` to a time in `local`, clock changes included.

    Without `local` both are times of `zone`. An instant in a gap moves forward, an ambiguous one is the first of the
    two; one with an offset of its own is taken as it is.
    """
    since = start - _offset(start, zone)
    here = zone if local is None else local

    def elapsed(at: datetime) -> int:
        passed = at.replace(tzinfo=None) - _offset(at, here) - since
        return (passed.days * 86_400 + passed.seconds) * SECOND + passed.microseconds

    return elapsed


def in_gap(at: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks of a zone never show a local time, because they were put forward."""
    return _offset(at.replace(fold=0), zone) < _offset(at.replace(fold=1), zone)


def is_ambiguous(at: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks of a zone show a local time twice, because they were put back."""
    return _offset(at.replace(fold=0), zone) > _offset(at.replace(fold=1), zone)


def put_back_on(midnight: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks of a zone are put back on a local date, given by its midnight: only then are times ambiguous."""
    return _offset(midnight.replace(fold=0), zone) > _offset((midnight + _DAY).replace(fold=1), zone)


def put_forward_on(midnight: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks of a zone may be put forward on a local date, given by its midnight: only then is there a gap."""
    return _offset(midnight.replace(fold=0), zone) < _offset((midnight + _DAY).replace(fold=1), zone)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    """Offset from UTC at a local time."""
    return (at.utcoffset() if at.tzinfo else zone.utcoffset(at)) or _NONE
