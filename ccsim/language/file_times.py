"""Local times of the rows of a file that belong to a volume or a pool, by the clocks of their markets or sites."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import compress, count, islice
from operator import gt
from typing import Any
from zoneinfo import ZoneInfo

from ccsim.language.file_tables import FileTable
from ccsim.language.refusals import Refused
from ccsim.language.row_times import TimedRows
from ccsim.tables.store import picked
from ccsim.text.clock import wall_time, wall_us


def rows_in_time(opened: FileTable, rows: Sequence[int], zones: Sequence[ZoneInfo]) -> TimedRows:
    """The rows with their local times, in order of time; rows of one time stay in the order of the file.

    Times with an offset, and those of a file with a `time_zone` of its own, are turned into times of the zone, of
    which there has to be one. Raises `Refused`.
    """
    found = opened.times()
    own = opened.written.time_zone
    names = {zone.key for zone in zones}
    told = found.of_utc or (own is not None and names != {own})
    if told and len(names) != 1 and rows and found.starts[rows[0]] is not None:
        which = ", ".join(sorted(names))
        raise Refused(
            f"times of one clock for markets with several ({which}): make a volume of each market",
            opened.table.line(rows[0]),
        )
    if not found.complete and (blank := next((row for row in rows if found.starts[row] is None), None)) is not None:
        raise Refused("the row has no date or no time; write them in every row", opened.table.line(blank))
    starts_of: Sequence[Any] = found.starts
    second: Collection[int] = ()
    if told:
        starts_of, second = _shown_by(zones[0], opened)
        if second:
            rows = sorted(rows, key=second.__contains__)
    starts = picked(starts_of, rows)
    if second or any(map(gt, starts, islice(starts, 1, None))):
        rows = sorted(rows, key=starts_of.__getitem__)
        starts = picked(starts_of, rows)
    return TimedRows(starts, rows, told, second)


def _shown_by(zone: ZoneInfo, opened: FileTable) -> tuple[list[int | None], set[int]]:
    """Times of all rows by the clock of a zone, and the rows of the second passage of an hour that it shows twice."""
    known = opened.values.get(("shown by", zone.key))
    if known is None:
        found = opened.times()
        offset = timedelta(0) if found.of_utc else None
        if "different starts" not in opened.values:
            opened.values["different starts"] = set(found.starts)
        there = {
            start: None if start is None else on_the_clock(wall_time(start), offset, opened.written.time_zone, zone)
            for start in opened.values["different starts"]
        }
        local = {start: None if at is None else wall_us(at) for start, at in there.items()}
        again = {start for start, at in there.items() if at is not None and at.fold}
        second = set(compress(count(), map(again.__contains__, found.starts))) if again else set()
        known = opened.values["shown by", zone.key] = (list(map(local.__getitem__, found.starts)), second)
    shown_by: tuple[list[int | None], set[int]] = known
    return shown_by


def on_the_clock(local: datetime, offset: timedelta | None, own: str | None, zone: ZoneInfo) -> datetime:
    """What the clock of `zone` shows, with its zone, at a time with an offset, or else of the zone `own`."""
    if offset is not None:
        utc = (local - offset).replace(tzinfo=UTC)
    else:
        assert own is not None
        utc = local.replace(tzinfo=ZoneInfo(own)).astimezone(UTC)
    return utc.astimezone(zone)
