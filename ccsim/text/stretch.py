"""From one time to another: a stretch of local time, `2026-03-04 14:00..15:00`, and a range of whole dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from ccsim.text import scalars
from ccsim.text.tree import shown

DATES: Final = rf"{scalars.DATE}(\.\.{scalars.DATE})?"
"""Pattern of a date, or of a range of dates."""
_DASHED: Final = re.compile(
    rf"({scalars.DATE}(?:[T ][0-9:]+)?) ?(?:-|\N{{EN DASH}}|to|until) ?({scalars.DATE}(?:[T ][0-9:]+)?|[0-9]+:[0-9:]+)"
)
MOST_DATES: Final = 1_000
"""Dates that one range may have."""


def dates_in(text: str) -> tuple[str, ...]:
    """Dates of `2026-12-24` or `2026-12-24..2026-12-31`, both ends included, as ISO text. Raises `Misread`."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    day = scalars.date_of(first)
    if not dots:
        return (day.isoformat(),)
    until = scalars.date_of(last)
    if until <= day:
        raise scalars.Misread(f"expected a range of dates that ends after it starts, got {shown(text)}")
    count = (until - day).days + 1
    if count > MOST_DATES:
        raise scalars.Misread(f"expected a range of at most {MOST_DATES:,} dates, got {count:,} in {shown(text)}")
    return tuple((day + timedelta(days=number)).isoformat() for number in range(count))


def parse_stretch(text: str) -> tuple[str, str]:
    """Start and end of a stretch as ISO text.

    A date alone is the whole day; an end may leave out the date of the start. Raises `Misread`.
    """
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not dots and (dashed := _DASHED.fullmatch(text)):
        meant = f"{dashed[1]}..{dashed[2]}"
        raise scalars.Misread(f"expected a stretch like 2026-03-04 14:00..15:00, got {shown(text)}; write {meant}")
    start = scalars.instant(first)
    if not dots:
        if len(first) > 10:
            raise scalars.Misread(f"expected a stretch like 2026-03-04 14:00..15:00, got {shown(text)}")
        return start.isoformat(), (start + timedelta(days=1)).isoformat()
    end = _end(start, last)
    if end <= start:
        raise scalars.Misread(
            f"expected a stretch that ends after it starts, got {shown(text)}; write the date of the next day"
        )
    return start.isoformat(), end.isoformat()


def _end(start: datetime, text: str) -> datetime:
    if ":" in text and "-" not in text:
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(microseconds=scalars.time_of_day(text))
    return scalars.instant(text)
