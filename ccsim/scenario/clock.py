"""Local times and the one clock: microseconds since the start of the horizon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.units import SECOND

_NONE: Final = timedelta(0)


def clock_from(start: datetime, zone: ZoneInfo) -> Callable[[datetime], int]:
    """Count the microseconds that pass from a local start to a local instant, clock changes included.

    An instant in a gap moves forward, an ambiguous one is the first of the two; one with an offset of its own
    is taken as it is.
    """
    since = start - _offset(start, zone)

    def elapsed(at: datetime) -> int:
        passed = at.replace(tzinfo=None) - _offset(at, zone) - since
        return (passed.days * 86_400 + passed.seconds) * SECOND + passed.microseconds

    return elapsed


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    """Offset from UTC at a local time."""
    return (at.utcoffset() if at.tzinfo else zone.utcoffset(at)) or _NONE
