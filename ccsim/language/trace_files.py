"""The recorded contacts of a stream from a file, read in columns: a contact is never a Python object of its own."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.language.file_columns import plain_name
from ccsim.language.file_tables import FileTable, rows_of
from ccsim.language.files import FileRows
from ccsim.language.opened_files import open_file
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import BadCells, Refused, ToldBefore, told_faults
from ccsim.language.trace_columns import written_times
from ccsim.language.trace_times import FileClock, in_order, taken
from ccsim.language.traces import DRAWN, NEVER, Trace
from ccsim.tables.micros import durations_by_row
from ccsim.tables.number_instants import NONE
from ccsim.text.clock import clock_from, wall_time
from ccsim.text.faults import MOST_NAMED, likewise, near
from ccsim.text.tree import shown
from ccsim.units import SECOND

_FALLS: Final = "times go back at {}, in an hour that clocks show twice; later times are in the second passage"
_FIRST: Final = (
    "{}: in an hour that clocks show twice, and times never go back there: all are taken for the first passage"
)
_SKIPPED: Final = "{}: in an hour that clocks skip, taken for as much later"
_LOOSE: Final = (
    "{}: in an hour that clocks show twice, and rows are in no order of time there: all are taken for the first "
    "passage; an offset like +01:00 behind the times tells the passages apart, and so do rows in order"
)
_DURATIONS: Final = ("talk", "wrap_up", "patience")
_WEEK: Final = timedelta(days=7)
_STEP: Final = timedelta(microseconds=1)


def file_trace(source: FileRows, key: str, rd: Reading, *, own: str, zone: ZoneInfo | None) -> Trace | Bad:
    """The recorded contacts of a file for a volume, whose name is `own` and whose clock is that of `zone`."""
    written = source.written
    if written.layout is None:  # heads like 8:00 say nothing of a file with a row a contact
        written = written.model_copy(update={"layout": "long"})
    opened = open_file(FileRows(written, source.name, source.node, source.home), key, rd)
    if isinstance(opened, Bad) or rd.start is None or rd.zone is None or rd.arriving is None or zone is None:
        return BAD
    reader = _Reader(opened, source, key, rd, zone)
    return told_faults(opened.source, opened.table.line, key, rd, lambda: reader.read(own))


class _Reader:
    """Reads the rows of one volume."""

    def __init__(self, opened: FileTable, source: FileRows, key: str, rd: Reading, zone: ZoneInfo) -> None:
        assert rd.start is not None
        assert rd.zone is not None
        assert rd.arriving is not None
        self.opened, self.source, self.key, self.rd, self.zone = opened, source, key, rd, zone
        self.start, self.horizon_zone, self.arriving = rd.start, rd.zone, rd.arriving
        self.from_start = self.moved = False

    def read(self, own: str) -> Trace:
        recorded = self._recorded_columns()
        self._check_names()
        rows, name = rows_of(self.opened, self.source, own)
        if not rows:
            raise Refused("no row is left")
        columns = self._columns(rows, recorded)
        times = columns.pop("time")
        order: Sequence[int] = range(len(rows))
        if not in_order(times):
            self.moved = True
            order = sorted(order, key=times.__getitem__)
            times = taken(times, order)
            columns = {what: taken(values, order) for what, values in columns.items()}
        self._tell(name, times, columns)
        early = bisect_left(times, 0)
        if early:
            before = f"{early:,} row{'s lie' if early > 1 else ' lies'} before the start of the horizon"
            out = "they are" if early > 1 else "it is"
            place = self.opened.place(rows[order[0]])
            self.rd.warn(f"{before}, {self.start.isoformat(' ')}: {out} left out", place, self.key)
        kept = {what: _shared(values[early:]) for what, values in columns.items()}
        return Trace(time=tuple(times[early:]), source=self.source.written.file, **kept)

    def _recorded_columns(self) -> list[str]:
        """The columns of durations: what is stated goes before what is only called so.

        Raises `Refused` for a file that says the handle time twice, or half of it.
        """
        opened, stated = self.opened, self.source.written.columns
        found = [what for what in ("handle_time", *_DURATIONS) if opened.has(what)]
        parts = [what for what in ("talk", "wrap_up") if what in found]
        if "handle_time" in found and parts:
            whole_stated, part_stated = "handle_time" in stated, any(what in stated for what in parts)
            if whole_stated == part_stated:
                raise Refused(
                    "expected handle_time, or talk and wrap_up, not both: name those that count in `columns:`", 1
                )
            out = parts if whole_stated else ["handle_time"]
            found = [what for what in found if what not in out]
        if "wrap_up" in found and "talk" not in found:
            raise Refused(
                "the column `wrap_up` needs the column `talk`: say which that is, like columns: {talk: Talk Time}", 1
            )
        counts = next((what for what in ("contacts", "per_minute", "per_hour") if opened.has(what)), None)
        if counts is not None:
            said = f"the file has a column `{counts}`, as a forecast has; here each row is one contact"
            self.rd.warn(f"{said}; for counts by interval say `forecast:`", opened.place(None), self.key)
        return found

    def _check_names(self) -> None:
        """Refuse names that are no stream in a column called `stream`, which names volumes and nothing else."""
        opened = self.opened
        if self.source.name is not None or "name" in opened.written.columns or not opened.has("name"):
            return
        if plain_name(opened.table.columns[opened.columns["name"]]) != "stream":
            return
        known = self.rd.names.of("streams")
        strange = [(name, rows[0]) for name, rows in opened.rows_by_name().items() if name not in known]
        if strange:
            name, row = strange[0]
            lines = [opened.table.line(other) for _, other in strange[1 : MOST_NAMED + 1]]
            more = likewise(lines, len(strange) - 1)
            raise Refused(f"there is no stream {shown(name)}{near(name, known)}{more}", opened.table.line(row))

    def _columns(self, rows: Sequence[int], recorded: Sequence[str]) -> dict[str, array[int]]:
        """Times since the start and recorded durations of some rows; what is wrong in any column is told at once."""
        readers: dict[str, Callable[[], array[int]]] = {"time": lambda: self._times(rows)}
        for what in recorded:
            readers["talk" if what == "handle_time" else what] = partial(self._durations, what, rows)
        found: dict[str, array[int]] = {}
        faults: list[tuple[int, str]] = []
        before = None
        for what, read in readers.items():
            try:
                found[what] = read()
            except ToldBefore as told:
                before = told
            except BadCells as misread:
                faults += misread.cells
            except Refused as refused:
                faults.append((refused.line, str(refused)))
        if faults:
            raise BadCells([(max(line, 1), why) for line, why in faults])
        if before is not None:
            raise before
        return found

    def _durations(self, what: str, rows: Sequence[int]) -> array[int]:
        written = self.opened.durations_written(self.opened.columns[what])
        words = {"never": NEVER} if what == "patience" else {}
        values = taken(self.opened.rows(what, lambda cells: durations_by_row(cells, written, words)).values, rows)
        return array("q", (DRAWN if value == NONE else value for value in values)) if NONE in values else values

    def _times(self, rows: Sequence[int]) -> array[int]:
        """Microseconds since the start of the horizon, row by row."""
        found = written_times(self.opened, self.start, self.horizon_zone, self.arriving)
        us = taken(found.us, rows)
        if NONE in us:
            lines = [self.opened.table.line(row) for row, at in zip(rows, us, strict=True) if at == NONE]
            raise Refused(f"the row has no time{likewise(lines[1 : MOST_NAMED + 1], len(lines) - 1)}", lines[0])
        self.from_start = found.from_start
        if found.from_start:
            return us
        own = self.source.written.time_zone
        clock = FileClock(self.start, self.horizon_zone, self.zone if own is None else ZoneInfo(own))
        offsets = None if found.offset_us is None else taken(found.offset_us, rows)
        times = clock.elapsed(us, offsets)
        passages = clock.passages(us, offsets)
        for at in passages.second:
            times[at] += clock.again(us[at])
        self._tell_change(_FALLS, passages.falls, us)
        self._tell_change(_FIRST, passages.first, us)
        self._tell_change(_SKIPPED, passages.skipped, us)
        self._tell_change(_LOOSE, passages.loose, us, warn=True)
        return times

    def _tell_change(self, said: str, at: Sequence[int], us: Sequence[int], *, warn: bool = False) -> None:
        """Say what times on the night of a clock change are taken for."""
        if at:
            more = f" and {len(at) - 1:,} more" if len(at) > 1 else ""
            remark = self.rd.warn if warn else self.rd.assume
            text = said.format(f"{wall_time(us[at[0]])}{more}")
            remark(f"{self.opened.source.name}: {text}", self.source.node.place, self.key)

    def _tell(self, name: str, times: Sequence[int], columns: Mapping[str, Sequence[int]]) -> None:
        """What was read, for `check`: contacts, dates, zone, weeks, and what was recorded of them."""
        file = self.source.written.file
        whose = f", {name}" if name else ""
        begin = self.start.replace(tzinfo=self.horizon_zone).astimezone(UTC)
        first, last = ((begin + at * _STEP).astimezone(self.zone) for at in (times[0], times[-1]))
        said = f"{file}{whose}: {len(times):,} contacts, {_said(first)} to {_said(last)} {self.zone.key}"
        if len(times) == 1:
            said = f"{file}{whose}: 1 contact, {_said(first)} {self.zone.key}"
        parts = [said + self._weeks(times, first.replace(tzinfo=None), last.replace(tzinfo=None))]
        if self.from_start:
            parts.append("times are seconds from the start of the horizon")
        if self.moved:
            parts.append("rows were put in order of time")
        parts += [_recorded(what.replace("_", "-"), columns[what]) for what in _DURATIONS if what in columns]
        self.rd.mirror("; ".join(parts), self.source.node.place, self.key)
        self.opened.tell_recognised(self.source, self.rd)

    def _weeks(self, times: Sequence[int], first: datetime, last: datetime) -> str:
        """Contacts by week, where there are some weeks."""
        elapsed = clock_from(self.start, self.horizon_zone, self.zone)
        monday = datetime(first.year, first.month, first.day) - timedelta(days=first.weekday())
        by_week: list[tuple[datetime, int]] = []
        at = 0
        while at < len(times) and monday <= last:
            end = bisect_left(times, elapsed(monday + _WEEK))
            if end > at:
                by_week.append((monday, end - at))
            at, monday = end, monday + _WEEK
        if len(by_week) < 2:
            return ""
        weeks = [f"{count:,} in the week of {week:%Y-%m-%d}" for week, count in by_week[:2]]
        more = f", ... {len(by_week)} weeks" if len(by_week) > 2 else ""
        return f" ({', '.join(weeks)}{more})"


def _recorded(what: str, values: Sequence[int]) -> str:
    """What a column holds, in words: `talk: 3 recorded, 198.2 s on average, 1 drawn`."""
    known = [value for value in values if value >= 0]
    never = sum(1 for value in values if value == NEVER)
    drawn = len(values) - len(known) - never
    parts = []
    if known:
        recorded = "all" if len(known) == len(values) else f"{len(known):,}"
        parts.append(f"{recorded} recorded, {sum(known) / len(known) / SECOND:,.1f} s on average")
    parts += [f"{never:,} never"] if never else []
    parts += [f"{drawn:,} drawn" if parts else "drawn"] if drawn else []
    return f"{what}: {', '.join(parts)}"


def _shared(values: Sequence[int]) -> tuple[int, ...]:
    """The values as a tuple in which equal ones are one object: few durations differ."""
    known: dict[int, int] = {}
    return tuple(map(known.setdefault, values, values))


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
