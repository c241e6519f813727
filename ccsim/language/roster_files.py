"""A published roster from a file: its rows, the dates that it is for, and what it says, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ccsim.language.activities import ActivitySkills, groups_of
from ccsim.language.file_columns import plain_name
from ccsim.language.file_tables import FileTable, rows_of
from ccsim.language.file_times import on_the_clock
from ccsim.language.files import FileRows
from ccsim.language.opened_files import open_file
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.refusals import BadCells, Refused, ToldBefore, told_faults
from ccsim.language.roster_shifts import Overlap, RosterRow, instants, on_their_nights, shifts_of
from ccsim.language.rosters import ACTIVITY_KINDS, Kind, PublishedRoster, RosterStretch
from ccsim.tables.dates import dates
from ccsim.tables.instants import Instant
from ccsim.tables.instants import instants as written_instants
from ccsim.tables.times import TimeOfDay, times
from ccsim.text.clock import is_ambiguous, shown_after
from ccsim.text.faults import near
from ccsim.text.scalars import WEEKDAYS
from ccsim.text.tree import shown
from ccsim.units import DAY, HOUR, WEEK

_ONE_DAY: Final = timedelta(days=1)
_STEP: Final = timedelta(microseconds=1)
_A_WEEK: Final = 5
"""Dates from which on a weekday that a file never has is a day off: Monday to Friday."""
_MOST_TOLD: Final = 3
_LINE: Final = "on the line"


def file_roster(source: FileRows, key: str, rd: Reading, *, own: str, zone: ZoneInfo) -> PublishedRoster | Bad:
    """The roster that a file holds for a pool, whose name is `own` and whose clock is that of `zone`."""
    opened = open_file(source, key, rd)
    if isinstance(opened, Bad) or rd.start is None or rd.zone is None or rd.arriving is None or rd.simulated is None:
        return BAD
    reader = _Reader(opened, source, key, rd, zone)
    return told_faults(opened.source, opened.table.line, key, rd, lambda: reader.read(own))


class _Reader:
    """Reads the rows of one pool."""

    def __init__(self, opened: FileTable, source: FileRows, key: str, rd: Reading, zone: ZoneInfo) -> None:
        assert rd.start is not None
        assert rd.zone is not None
        assert rd.arriving is not None
        assert rd.simulated is not None
        self.opened, self.source, self.key, self.rd, self.zone = opened, source, key, rd, zone
        self.written = source.written
        self.start, self.start_zone = rd.start, rd.zone
        self.arriving, self.simulated = rd.arriving, rd.simulated
        self.instant = instants(rd.start, rd.zone, zone)
        self.activities: tuple[str, ...] = (_LINE,)
        self.kinds: tuple[Kind, ...] = ("line",)
        self.groups: dict[str, ActivitySkills] = {}
        self.group: tuple[str, ...] = ()
        self.days_off = self.moved = 0
        self.closed: list[date] = []

    def read(self, own: str) -> PublishedRoster | Bad:
        self._columns()
        numbers, name = rows_of(self.opened, self.source, own)
        activity = self._activities()
        every = [row for rows in self.opened.rows_by_name().values() for row in rows]
        timed = self._times(every)
        mine = set(numbers)
        before = self.rd.faults.count
        rows = self._rows(numbers, timed, activity)
        if self.rd.faults.count > before:
            return BAD
        if self.opened.has("date"):
            rows, self.moved = on_their_nights(rows)
        first, last = self._dates([when[0] for row in every if (when := timed[row]) is not None], mine, name)
        simulated = self._repeated(rows, first, last)
        people, stretches, overlaps = shifts_of(simulated, self.kinds, self.instant)
        if overlaps:
            return self._overlapping(overlaps)
        until = self.simulated // _STEP
        people, stretches = _within(people, stretches, until)
        if not stretches:
            raise Refused(f"the roster{_of(name)} has nobody at work within the horizon, which begins {self.rd.start}")
        self._tell(name, len(numbers), first, last, people, stretches)
        columns = zip(*stretches, strict=True)
        who, shift, what, start, end = (tuple(values) for values in columns)
        return PublishedRoster(
            people=tuple(people),
            activities=self.activities,
            kinds=self.kinds,
            who=who,
            shift=shift,
            activity=what,
            start=start,
            end=end,
            source=self.written.file,
            groups=self.groups,
            group=self.group,
        )

    def _columns(self) -> None:
        """Refuse a file without the columns that a roster needs."""
        opened = self.opened
        lacking = [what for what in ("agent", "start") if not opened.has(what)]
        if lacking:
            heads = ", ".join(opened.table.columns[:20])
            example = {"agent": "Agent", "start": "Start"}[lacking[0]]
            raise Refused(
                f"a roster needs the column{'s' if len(lacking) > 1 else ''} {' and '.join(lacking)}; the file has "
                f"{heads}: say which it is, like columns: {{{lacking[0]}: {example}}}",
                1,
            )

    def _activities(self) -> list[int]:
        """Which activity each row of the file is; every one is known to be on the line, paid or unpaid."""
        opened, said = self.opened, self.written
        if not opened.has("activity"):
            named = [key for key in ("on_the_line", "activities", "unpaid") if getattr(said, key)]
            if named:
                raise Refused(f"`{named[0]}:` names activities, but no column holds them; say which, like columns: "
                              "{activity: Activity}", 1)  # fmt: skip
            return [0] * opened.table.rows
        cells = opened.table.cells(opened.columns["activity"])
        known = sorted(set(cells) - {""})
        if said.on_the_line is None and not said.activities:
            raise Refused(
                f"say which activities are on the line, like `on_the_line: [{known[0] if known else 'Phone'}]`, and "
                f"which are `unpaid:`; the others are paid time away. The file has {', '.join(known[:20])}",
                1,
            )
        kinds: dict[str, Kind] = dict.fromkeys(known, "paid")
        by_plain = {plain_name(name): name for name in known}
        line = tuple(dict.fromkeys((*(said.on_the_line or ()), *said.activities)))
        stated: tuple[tuple[Kind, tuple[str, ...]], ...] = (("line", line), ("unpaid", said.unpaid))
        in_file: dict[str, str] = {}
        for kind, names in stated:
            for name in names:
                found = in_file[name] = name if name in kinds else by_plain.get(plain_name(name), "")
                if not found:
                    at = self.source.node.place
                    self.rd.warn(f"no row has the activity {shown(name)}{near(name, known)}", at, self.key)
                    continue
                if kind == "unpaid" and kinds[found] == "line":
                    raise Refused(f"the activity {shown(found)} is both on the line and unpaid", 1)
                kinds[found] = kind
        if "line" not in kinds.values():
            raise Refused(f"no row is on the line: `on_the_line:` is {', '.join(line)}; the file has "
                          f"{', '.join(known[:20])}", 1)  # fmt: skip
        self.activities, self.kinds = tuple(known), tuple(kinds[name] for name in known)
        if said.activities:
            self.groups, of = groups_of(said.on_the_line or (), said.activities)
            group = {in_file[name]: of[name] for name in line}
            self.group = tuple(group.get(name, "") for name in known)
        number = {name: at for at, name in enumerate(known)} | {"": -1}
        return [number[cell] for cell in cells]

    def _times(self, rows: Sequence[int]) -> list[tuple[date, datetime, datetime] | None]:
        """Date, start and end of every row of the file, by its own clock or that of its offsets; None where it has
        neither start nor end: a day off."""
        opened = self.opened
        days = (
            opened.recognised("date", lambda cells: dates(cells, self.opened.stated_date))
            if opened.has("date")
            else None
        )
        starts = self._moments("start", days)
        ends = self._moments("end", days) if opened.has("end") else None
        found: list[tuple[date, datetime, datetime] | None] = [None] * opened.table.rows
        lacking: list[int] = []
        for row in rows:
            day, start = None if days is None else days[row], starts[row]
            end = _own_end(start) if ends is None else ends[row]
            if start is None and (ends is None or end is None):
                continue
            if start is None or end is None or (days is not None and day is None):
                lacking.append(row)
                continue
            since = self._local(start, day)
            until = self._local(end, day)
            if isinstance(start, TimeOfDay) and isinstance(end, TimeOfDay) and until <= since:
                again = until.replace(fold=1)  # 01:45 to 01:00 on the night on which clocks go back
                repeated = is_ambiguous(until, self.zone) and self.instant(again) > self.instant(since)
                until = again if repeated else until + _ONE_DAY
            found[row] = (since.date() if day is None else day, since, until)
        if lacking:
            raise BadCells([(opened.table.line(row), "the row has no date, no start or no end") for row in lacking[:3]])
        return found

    def _moments(self, what: str, days: list[Any] | None) -> list[Any]:
        """Times of the day, or dates with times where there is no column of dates or they are written so."""
        with_date: Callable[[list[str]], Any] = lambda cells: written_instants(cells, self.opened.stated_date)  # noqa: E731
        if days is None:
            return self.opened.recognised(what, with_date, "dated")
        try:
            return self.opened.recognised(what, times)
        except (BadCells, ToldBefore):
            try:
                return self.opened.recognised(what, with_date, "dated")
            except (BadCells, Refused, ToldBefore):
                pass
            raise

    def _local(self, moment: TimeOfDay | Instant, day: date | None) -> datetime:
        """A time by the clock of the site."""
        if isinstance(moment, TimeOfDay):
            assert day is not None
            local, offset = datetime.combine(day, datetime.min.time()) + moment.start_us * _STEP, None
        else:
            local, offset = moment.local, moment.offset
        own = self.written.time_zone
        if offset is None and own in (None, self.zone.key):
            return local
        return on_the_clock(local, offset, own, self.zone).replace(tzinfo=None)

    def _rows(
        self, numbers: Sequence[int], timed: Sequence[tuple[date, datetime, datetime] | None], activity: Sequence[int]
    ) -> list[RosterRow]:
        """The rows of the pool; those that lack something, or whose end lies before their start, are faults."""
        opened = self.opened
        agents = opened.table.cells(opened.columns["agent"])
        rows = []
        for at in numbers:
            when = timed[at]
            if when is None:
                self.days_off += 1
                continue
            why = ""
            if not agents[at]:
                why = "the row has no agent"
            elif activity[at] < 0:
                why = "the row has no activity"
            elif (when[2], when[2].fold) == (when[1], when[1].fold) or self._backwards(when):
                why = "the row ends before it starts"
            elif when[2] - when[1] > 2 * _ONE_DAY:
                why = "the row is longer than two days"
            if why:
                self.rd.fault(why, opened.place(at), self.key)
                continue
            rows.append(RosterRow(agents[at], *when, activity[at], at))
        return rows

    def _backwards(self, when: tuple[date, datetime, datetime]) -> bool:
        return self.instant(when[2]) < self.instant(when[1])

    def _dates(self, found: list[date], mine: set[int], name: str) -> tuple[date, date]:
        """First and last date of the file; a fault where the horizon needs others."""
        if not found or not mine:
            raise Refused(f"the roster{_of(name)} has no row with times")
        first, last = min(found), max(found)
        since, until = self._date_after(timedelta(0)), self._date_after(self.arriving - _STEP)
        needed = [since + number * _ONE_DAY for number in range((until - since).days + 1)]
        weekdays = {day.weekday() for day in set(found)}
        outside = [day for day in needed if not first <= day <= last]
        if (last - first).days + 1 >= _A_WEEK:
            self.closed = [day for day in outside if day.weekday() not in weekdays]
            outside = [day for day in outside if day.weekday() in weekdays]
        if outside and self.written.outside == "fault":
            more = f" and {len(outside) - _MOST_TOLD} more" if len(outside) > _MOST_TOLD else ""
            raise Refused(
                f"the roster is for {first} to {last}, but the horizon, warm-up included, is {since} to {until}: "
                f"{len(outside)} of its {len(needed)} days are not in the file "
                f"({', '.join(map(str, outside[:_MOST_TOLD]))}{more}); say `outside: 0` where nobody works then, or "
                "`outside: repeat` for the same weekday of the nearest week"
            )
        return first, last

    def _date_after(self, passed: timedelta) -> date:
        """The date at the site so long after the start of the horizon."""
        return shown_after(self.start, self.start_zone, passed, self.zone).date()

    def _repeated(self, rows: list[RosterRow], first: date, last: date) -> list[RosterRow]:
        """The rows, with those of another week on days of the horizon outside the file where that is asked for."""
        if self.written.outside != "repeat":
            return rows
        of_day: dict[date, list[RosterRow]] = {}
        for row in rows:
            of_day.setdefault(row.day, []).append(row)
        day, until = self._date_after(timedelta(0)) - _ONE_DAY, self._date_after(self.simulated)
        found = list(rows)
        while day <= until:
            weeks = 0
            if day > last:
                weeks = -(-(day - last).days // 7)
            elif day < first:
                weeks = -(-(first - day).days // 7) * -1
            by = timedelta(days=7 * weeks)
            if by and first <= day - by <= last:
                found += [
                    row._replace(day=row.day + by, start=row.start + by, end=row.end + by)
                    for row in of_day.get(day - by, ())
                ]
            day += _ONE_DAY
        return found

    def _overlapping(self, overlaps: list[Overlap]) -> Bad:
        """One fault for all rows that overlap."""
        table, first = self.opened.table, overlaps[0]
        agents = table.cells(self.opened.columns["agent"])
        pairs = [f"{table.line(one.first)} and {table.line(one.second)}" for one in overlaps[1 : 1 + _MOST_TOLD]]
        more = f"; so do lines {', '.join(pairs)}" if pairs else ""
        if len(overlaps) > 1 + _MOST_TOLD:
            more += f" and {len(overlaps) - 1 - _MOST_TOLD} more pairs"
        return self.rd.fault(
            f"two rows of {shown(agents[first.second])} overlap, and neither lies within the other: lines "
            f"{table.line(first.first)} and {table.line(first.second)}{more}",
            self.opened.place(first.second),
            self.key,
        )

    def _tell(
        self, name: str, rows: int, first: date, last: date, people: list[str], stretches: list[RosterStretch]
    ) -> None:
        """What was read, in words."""
        until = self.arriving // _STEP
        hours: Counter[int] = Counter()
        for one in stretches:
            hours[one.activity] += max(min(one.end, until) - max(one.start, 0), 0)
        said = []
        for kind, words in zip(ACTIVITY_KINDS, ("on the line", "paid away", "unpaid"), strict=True):
            some = [at for at, its in enumerate(self.kinds) if its == kind and hours[at]]
            parts = ", ".join(f"{self.activities[at]} {hours[at] / HOUR:,.1f} h" for at in some)
            total = sum(hours[at] for at in some)
            if kind == "line" or some:
                own = f" ({parts})" if some and self.activities[some[0]] != _LINE else ""
                said.append(f"{total / HOUR:,.1f} h {words}{own}")
        line = sum(hours[at] for at, its in enumerate(self.kinds) if its == "line")
        file = f"{self.written.file}, {name}" if name else self.written.file
        who = "1 person" if len(people) == 1 else f"{len(people):,} people"
        text = f"{file}: {who}, {rows:,} rows of {first} to {last}; in the horizon {', '.join(said)}"
        if until >= WEEK:
            text += f", {line / HOUR * WEEK / until:,.1f} h on the line a week"
        if self.days_off:
            text += f"; {self.days_off:,} rows without times are days off"
        if self.moved:
            text += f"; {self.moved:,} rows after midnight are booked to the date before, on which their shift begins"
        if self.closed:
            weekdays = sorted({day.weekday() for day in self.closed})
            text += f"; {' and '.join(WEEKDAYS[day] for day in weekdays)} outside the file: nobody works then in it"
        if self.written.outside == "repeat":
            text += "; days outside the file as on the same weekday of the nearest week"
        self.opened.tell_recognised(self.source, self.rd)
        self.rd.mirror(text, self.source.node.place, self.key)


def _of(name: str) -> str:
    return f" of {shown(name)}" if name else ""


def _own_end(start: TimeOfDay | Instant | None) -> TimeOfDay | None:
    """The end of a row whose start says from and to."""
    if isinstance(start, TimeOfDay) and start.end_us is not None:
        return TimeOfDay(start.end_us if start.end_us <= DAY else start.end_us - DAY)
    return None


def _within(people: list[str], stretches: list[RosterStretch], until: int) -> tuple[list[str], list[RosterStretch]]:
    """Shifts of which some is simulated, and the people who have one."""
    kept_shifts = {one.shift for one in stretches if one.end > 0 and one.start < until}
    kept = [one for one in stretches if one.shift in kept_shifts]
    here = sorted({one.who for one in kept})
    who = {number: place for place, number in enumerate(here)}
    shift = {number: place for place, number in enumerate(sorted(kept_shifts))}
    return [people[number] for number in here], [one._replace(who=who[one.who], shift=shift[one.shift]) for one in kept]
