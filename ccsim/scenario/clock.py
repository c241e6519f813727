"""Local times and the one clock: microseconds since the start of the horizon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1)
_MICROSECOND: Final = timedelta(microseconds=1)


def elapsed_micros(start: datetime, at: datetime, zone: ZoneInfo) -> int:
    """Microseconds that pass from a local start to a local instant, clock changes included.

    An instant in a gap moves forward, an ambiguous one is the first of the two; one with an offset of its own
    is taken as it is.
    """
    return _utc_micros(at, zone) - _utc_micros(start, zone)


def _utc_micros(at: datetime, zone: ZoneInfo) -> int:
    offset = (at if at.tzinfo else at.replace(tzinfo=zone)).utcoffset() or timedelta(0)
    return (at.replace(tzinfo=None) - offset - _EPOCH) // _MICROSECOND
