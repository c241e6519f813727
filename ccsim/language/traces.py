"""Recorded contacts from a CSV file."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta, timezone
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.language.csvs import Csv, read_csv
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section, field
from ccsim.text import scalars
from ccsim.text.clock import clock_from
from ccsim.text.tree import Leaf, Node, Place, shown
from ccsim.units import SECOND

COLUMNS: Final = ("stream", "handle_time", "talk", "wrap_up", "patience")
DRAWN: Final = -1
NEVER: Final = -2
_SECONDS: Final = re.compile(r"[0-9]{1,10}(\.[0-9]{1,12})?")
_OFFSET: Final = re.compile(r"(.{16,26})(Z|[+-][0-9]{2}:[0-9]{2})")


def read_trace(node: Node, key: str, stream: str, zone: ZoneInfo | None, rd: Reading) -> Trace | Bad:
    """The recorded contacts of a stream from the CSV file named at `node`, with local times of `zone`.

    Columns: `time` (local ISO time, with an offset where wanted, or seconds from the start of the horizon, not
    falling but into the second passage of a repeated hour), optional `stream`, `handle_time` or `talk` and `wrap_up`,
    `patience`: seconds, empty where drawn, and `never` for a patience without end.
    """
    table = read_csv(node, key, rd, required=("time",), optional=COLUMNS)
    if isinstance(table, Bad):
        return BAD
    head = Place(table.source, 1, 1)
    if table.has("handle_time") and (table.has("talk") or table.has("wrap_up")):
        return rd.fault("expected handle_time, or talk and wrap_up, not both", head, key)
    if table.has("wrap_up") and not table.has("talk"):
        return rd.fault("the column 'wrap_up' needs the column 'talk'", head, key)
    rows = _rows_of(table, stream, key, rd)
    if isinstance(rows, Bad) or rd.start is None or rd.zone is None or zone is None:
        return BAD
    clock = _Times(rd, zone)
    readers: dict[str, Callable[[str], int]] = {"time": clock}
    for name in ("handle_time", "talk", "wrap_up", "patience"):
        if table.has(name):
            readers[name] = _patience if name == "patience" else _seconds_or_drawn
    columns = _columns(table, rows, readers, key, rd)
    times = columns.pop("time")
    if isinstance(times, Bad) or not _rising(table, rows, times, key, rd):
        return BAD
    if clock.second:
        said = f"times go back at {clock.second}, in an hour that clocks show twice; later times are in the second"
        rd.assume(f"{table.source.name}: {said} passage", node.place, key)
    durations: dict[str, array[int] | Bad] = {name: array("q") for name in ("talk", "wrap_up", "patience")}
    durations |= {"talk" if name == "handle_time" else name: values for name, values in columns.items()}
    if any(isinstance(values, Bad) for values in durations.values()):
        return BAD
    early = sum(time < 0 for time in times)  # they do not fall: the first ones
    if early:
        before = f"{early:,} row{'s lie' if early > 1 else ' lies'} before the start of the horizon"
        rd.warn(f"{before}, {rd.start.isoformat(' ')}: they are left out", table.place(rows[0], "time"), key)
    kept = {name: tuple(values[early:]) for name, values in durations.items()}  # type: ignore[index]
    return Trace(time=tuple(times[early:]), source=_text(node), **kept)


def _text(node: Node) -> str:
    assert isinstance(node, Leaf)
    return node.text


def _rows_of(table: Csv, stream: str, key: str, rd: Reading) -> Sequence[int] | Bad:
    """Positions of the rows of a stream."""
    if not table.has("stream"):
        return range(len(table.rows))
    groups = table.rows_by("stream")
    known = rd.names.of("streams")
    strange = [name for name in groups if name not in known]
    for name in strange:
        rd.unknown("there is no stream", name, known, table.place(groups[name][0], "stream"), key)
    if strange:
        return BAD
    rows = groups.get(stream)
    if not rows:
        return rd.fault(f"no row belongs to the stream {shown(stream)}", Place(table.source, 1, 1), key)
    return rows


def _columns(
    table: Csv, rows: Sequence[int], readers: Mapping[str, Callable[[str], int]], key: str, rd: Reading
) -> dict[str, array[int] | Bad]:
    """The columns that have readers, row by row, so that a row is taken apart once."""
    # A fifth of the memory of numbers, until all are known to be good.
    columns = {column: array("q") for column in readers}
    work = [(column, table.columns[column], parse, columns[column].append) for column, parse in readers.items()]
    for row in rows:
        cells = table.rows[row]
        for column, at, parse, append in work:
            try:
                append(parse(cells[at].strip()))
            except scalars.Misread as misread:
                rd.fault(str(misread), table.place(row, column), key)
    return {column: values if len(values) == len(rows) else BAD for column, values in columns.items()}


class _Times:
    """Reads times, in order: where they fall within an hour that clocks show twice, its second passage has begun."""

    def __init__(self, rd: Reading, zone: ZoneInfo) -> None:
        assert rd.start is not None
        assert rd.zone is not None
        self._elapsed = clock_from(rd.start, rd.zone, zone)
        self._before: int | None = None
        self.second = ""
        """The first time that was taken for a second passage, if any."""

    def __call__(self, text: str) -> int:
        if _SECONDS.fullmatch(text):
            return round(float(text) * SECOND)
        offset = _OFFSET.fullmatch(text)
        try:
            at = scalars.instant(offset[1] if offset else text)
        except scalars.Misread:
            raise scalars.Misread(f"expected a time like 2026-03-02T14:00:00, or seconds, got {shown(text)}") from None
        if offset:
            at = at.replace(tzinfo=_zone(offset[2]))
        time = self._elapsed(at)
        if self._before is not None and time < self._before and not offset:
            again = self._elapsed(at.replace(fold=1))
            if again >= self._before:
                self.second = self.second or text
                time = again
        self._before = time
        return time


@cache
def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise scalars.Misread(f"expected an offset from UTC like +01:00, got {shown(text)}")
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text.startswith("-") else delta)


def _seconds_or_drawn(text: str) -> int:
    if not text:
        return DRAWN
    if not _SECONDS.fullmatch(text):
        raise scalars.Misread(f"expected seconds of 0 or more, or nothing, got {shown(text)}")
    micros = round(float(text) * SECOND)
    if micros > scalars.LONGEST:
        raise scalars.Misread(f"expected a time of at most 100 years, got {shown(text)}")
    return micros


def _patience(text: str) -> int:
    return NEVER if text == "never" else _seconds_or_drawn(text)


def _rising(table: Csv, rows: Sequence[int], times: array[int], key: str, rd: Reading) -> bool:
    ok = True
    for at in range(1, len(times)):
        if times[at] < times[at - 1]:
            row = rows[at]
            column = table.columns["time"]
            got, before = table.rows[row][column], table.rows[rows[at - 1]][column]
            rd.fault(
                f"expected times in order, got {shown(got.strip())} after {shown(before.strip())}",
                table.place(row, "time"),
                key,
            )
            ok = False
    return ok


class Trace(Section):
    """Recorded contacts, replayed as they came."""

    time: tuple[int, ...] = field(label="times", shows="recorded")
    """Microseconds since the start of the horizon, not falling."""
    talk: tuple[int, ...] = field(default=(), shows="recorded")
    """Recorded talk in microseconds by contact, -1 where drawn; empty: all drawn."""
    wrap_up: tuple[int, ...] = field(default=(), shows="recorded")
    """Recorded wrap-up in microseconds, -1 where drawn; empty: all drawn (none where talk is recorded)."""
    patience: tuple[int, ...] = field(default=(), shows="recorded")
    """Recorded patience in microseconds, -1 where drawn, -2 for never; empty: all drawn."""
    source: str = field(default="", label="file", silent=True)
    """File it came from."""
