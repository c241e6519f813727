"""The columns of a trace that say when each contact came: dates with times, in one column or two, or seconds."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.language.file_tables import FileTable
from ccsim.language.files import SECONDS
from ccsim.language.refusals import Refused
from ccsim.language.row_times import of_dates
from ccsim.tables.columns import ReadTexts, Wrong, column_of
from ccsim.tables.dates import dates
from ccsim.tables.day_forms import EXCEL
from ccsim.tables.instants import instants_by_row
from ccsim.tables.kinds import kind_of
from ccsim.tables.micros import durations_by_row
from ccsim.tables.number_instants import NONE, serial_us
from ccsim.tables.times import TimeOfDay, read_times
from ccsim.text.clock import wall_time, wall_us
from ccsim.text.scalars import duration_text
from ccsim.text.tree import shown
from ccsim.units import DAY, SECOND

_MOST_HEADS: Final = 12
_MOST_LOOKED_AT: Final = 1_000
_SECONDS: Final = re.compile(
    r"[-+]?(?:[0-9]{1,9}(?:[.,][0-9]*)?|[0-9]{1,3}(?:[.,'’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]*)?)"
)
"""A number of seconds from the start of the horizon: one of more digits counts from 1970."""
_ONE_SECONDS: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]*)?")
"""Such a number among dates with times, where no other number tells which sign is the decimal one."""


@dataclass(frozen=True, slots=True)
class WrittenTimes:
    """When contacts came, by row; `NONE` where the row does not say."""

    us: array[int]
    """Times by the file's clock as in `wall_us`, or microseconds since the start of the horizon."""
    offset_us: array[int] | None = None
    """What that clock is ahead of UTC, `NONE` where the row does not say; none: no row does."""
    from_start: bool = False
    """Whether times count from the start of the horizon."""


def written_times(opened: FileTable, start: datetime, zone: ZoneInfo, arriving: timedelta) -> WrittenTimes:
    """The times of a file for a horizon that begins at a local time `start` of a zone and goes on for `arriving`.

    Raises `Refused` and `BadCells`.
    """
    what = next((what for what in ("start", "time", "date") if opened.has(what)), None)
    if what is None:
        heads = ", ".join(shown(head) for head in opened.table.columns[:_MOST_HEADS])
        why = f"no column is called `time`; the file has {heads}"
        raise Refused(f"{why}. Say which holds the times of the contacts: columns: {{time: ...}}", 1)
    sample = _sample(opened, what)
    if opened.has("date") and _beside_a_date(what, sample):
        return WrittenTimes(_of_two_columns(opened, what))
    if what != "date" and _in_seconds(opened, what, sample, start, arriving):
        written = opened.durations_written(opened.columns[what], "s")
        return WrittenTimes(opened.rows(what, lambda cells: durations_by_row(cells, written)).values, from_start=True)
    stated = SECONDS if opened.written.date == SECONDS else opened.stated_date
    since = wall_us(start.replace(tzinfo=zone).astimezone(UTC))

    def from_start(text: str) -> int:
        may_be = _ONE_SECONDS.fullmatch(text) and not _around(serial_us(text), start, arriving)
        return since + round(float(text) * SECOND) if may_be else NONE

    read = opened.rows(what, lambda cells: instants_by_row(cells.pieces, stated, mixed=True, numbers=from_start))
    if not read.timed:
        head = shown(opened.table.columns[opened.columns[what]])
        raise Refused(f"the column {head} holds dates alone; the time at which each contact came is wanted too", 1)
    return WrittenTimes(read.local_us, read.offset_us)


def _sample(opened: FileTable, what: str) -> list[str]:
    """The first texts of a column, some thousands."""
    filled = ([text for text in piece if text] for piece in opened.cells(what).pieces())
    return next((texts for texts in filled if texts), [])


def _beside_a_date(what: str, sample: list[str]) -> bool:
    """Whether a column holds times of the day, whose dates stand in the column `date`."""
    kinds = Counter(map(kind_of, sample[:_MOST_LOOKED_AT]))
    if what == "time":
        return 2 * kinds["instant"] <= kinds.total()
    return what == "start" and 2 * kinds["time"] > kinds.total()


def _of_two_columns(opened: FileTable, clock: str) -> array[int]:
    """Times of rows whose date stands beside the time of the day; made once."""
    if "of two columns" not in opened.values:
        stated = opened.stated_date
        days = opened.recognised("date", lambda cells: dates(cells, stated))
        clocks = opened.recognised(clock, lambda cells: column_of(cells, _read_single_times), "of one contact")
        starts = of_dates(days, clocks).starts
        whole = isinstance(starts, array)
        opened.values["of two columns"] = starts if whole else array("q", (NONE if at is None else at for at in starts))
    found: array[int] = opened.values["of two columns"]
    return found


def _read_single_times(texts: list[str]) -> ReadTexts[TimeOfDay]:
    """Times of the day; intervals are faults."""
    read = read_times(texts)
    spans = [text for text, time in read.values.items() if time is not None and time.end_us is not None]
    why = "{} is an interval; the time at which one contact came is wanted"
    wrong = {text: Wrong("interval", why.format(shown(text))) for text in spans}
    values = {text: time for text, time in read.values.items() if text not in wrong}
    return ReadTexts(values, {**read.wrong, **wrong}, read.how if values else "", read.none, read.none_as)


def _in_seconds(opened: FileTable, what: str, sample: list[str], start: datetime, arriving: timedelta) -> bool:
    """Whether times are seconds from the start of the horizon; `Refused` where they may be day numbers of Excel."""
    stated = opened.written.date
    if stated is not None:
        return stated == SECONDS
    if 2 * sum(1 for text in sample if _SECONDS.fullmatch(text)) <= len(sample):
        return False
    days = [serial_us(text) for text in sample]
    if NONE in days or not any(at % DAY for at in days):  # whole days tell no times
        return True
    if not any(_around(at, start, arriving) for at in days):
        return True
    seconds = [float(text.replace(",", ".")) for text in sample]
    if min(seconds) >= arriving.total_seconds():
        return False
    head = shown(opened.table.columns[opened.columns[what]])
    after = duration_text(round(seconds[0]) * SECOND)
    raise Refused(
        f"the column {head}: {sample[0]} is {after} after the start of the horizon, "
        f"or {wall_time(days[0])} as a day number of Excel; say date: {SECONDS} or {EXCEL}",
        opened.table.line(0),
    )


def _around(us: int, start: datetime, arriving: timedelta) -> bool:
    """Whether a local time may be one of the horizon: a spreadsheet keeps some dates as numbers and others as text."""
    begin = wall_us(start)
    return begin - DAY <= us <= wall_us(start + arriving) + DAY
