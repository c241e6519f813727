"""A stretch of local time in brackets: `[2026-03-04 14:00..15:00]`."""

from __future__ import annotations

from datetime import datetime, timedelta

from ccsim.text import scalars
from ccsim.text.tree import shown


def parse_stretch(text: str) -> tuple[str, str]:
    """Start and end of a stretch as ISO text.

    A date alone is the whole day; an end may leave out the date of the start. Raises `Misread`.
    """
    first, dots, last = (part.strip() for part in text.partition(".."))
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
