"""The rows of a file in order of local time, whatever clock they were written by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from ccsim.language.file_tables import FileTable, Moment
from ccsim.language.placing import Row
from ccsim.language.refusals import Refused


def rows_in_time(opened: FileTable, rows: Sequence[int], zones: Sequence[ZoneInfo]) -> list[Row]:
    """The rows with their local times, in order of time; rows of one time stay in the order of the file.

    Times with an offset, and those of a file with a `time_zone` of its own, are turned into times of the zone, of
    which there has to be one. Raises `Refused`.
    """
    moments = opened.moments()
    own = opened.written.time_zone
    names = {zone.key for zone in zones}
    fixed = own is not None and names != {own}
    if not fixed and not opened.with_offsets:
        return _local_rows(opened, moments, rows)
    found: list[Row] = []
    rising = True
    before: datetime | None = None
    turned: dict[tuple[datetime, timedelta | None], tuple[datetime, int]] = {}
    for row in rows:
        moment = moments[row]
        if moment is None:
            raise Refused("the row has no date or no time", opened.table.line(row))
        local, fold = moment.local, None
        if moment.offset is not None or fixed:
            if len(names) != 1:
                which = ", ".join(sorted(names))
                raise Refused(
                    f"times of one clock for markets with several ({which}): make a volume of each market",
                    opened.table.line(row),
                )
            at = turned.get((local, moment.offset))
            if at is None:
                there = on_the_clock(local, moment.offset, opened.written.time_zone, zones[0])
                at = turned[local, moment.offset] = (there.replace(tzinfo=None, fold=0), there.fold)
            local, fold = at
        if before is not None and (local < before or (local == before and fold is not None)):
            rising = False
        before = local
        found.append(Row(local, fold, row))
    if not rising:
        found.sort(key=lambda one: (one.start, one.fold or 0))
    return found


def on_the_clock(local: datetime, offset: timedelta | None, own: str | None, zone: ZoneInfo) -> datetime:
    """What the clock of `zone` shows, with its zone, at a time with an offset, or else of the zone `own`."""
    if offset is not None:
        utc = (local - offset).replace(tzinfo=UTC)
    else:
        assert own is not None
        utc = local.replace(tzinfo=ZoneInfo(own)).astimezone(UTC)
    return utc.astimezone(zone)


def _local_rows(opened: FileTable, moments: Sequence[Moment | None], rows: Sequence[int]) -> list[Row]:
    """The rows where times are local already."""
    found: list[Row] = []
    make = Row
    for row in rows:
        moment = moments[row]
        if moment is None:
            raise Refused("the row has no date or no time", opened.table.line(row))
        found.append(make(moment.local, None, row))
    if not all(a.start <= b.start for a, b in pairwise(found)):
        found.sort(key=lambda one: one.start)
    return found
