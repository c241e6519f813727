"""From rows of a roster to shifts: rows within rows, rows that touch, days off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ccsim.language.rosters import Kind, RosterStretch
from ccsim.text.clock import clock_from, in_gap
from ccsim.units import HOUR

TIME_OFF: Final = 4 * HOUR
"""An unpaid stretch of this length is no break: the agent is off, and signs in again after it."""
_STEP: Final = timedelta(microseconds=1)
_ONE_DAY: Final = timedelta(days=1)


class RosterRow(NamedTuple):
    """A row of a roster."""

    who: str
    day: date
    """Date to which the row is booked."""
    start: datetime
    """By the clock of the site; `fold` tells the passages of a repeated hour apart."""
    end: datetime
    activity: int
    at: int
    """Row of the table."""


class Overlap(NamedTuple):
    """Two rows of one agent of which neither lies within the other, by rows of the table."""

    first: int
    second: int


class _Timed(NamedTuple):
    start: int
    end: int
    activity: int
    day: date
    at: int


def instants(start: datetime, zone: ZoneInfo, local: ZoneInfo) -> Callable[[datetime], int]:
    """Count the microseconds that pass from a start in `zone` to a time of a roster in `local`.

    Times that clocks skip are the end of the gap, so that rows stay in order; of a repeated hour it is the first
    passage, unless `fold` says the second.
    """
    elapsed = clock_from(start, zone, local)
    utc = start.replace(tzinfo=zone).astimezone(UTC)
    known: dict[tuple[datetime, int], int] = {}

    def offset(instant: int) -> timedelta | None:
        return (utc + instant * _STEP).astimezone(local).utcoffset()

    def at(moment: datetime) -> int:
        key = (moment, moment.fold)
        if key not in known:
            found = elapsed(moment)
            if in_gap(moment, local):
                low, high = elapsed(moment.replace(fold=1)), elapsed(moment.replace(fold=0))
                after = offset(high)
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (low, middle) if offset(middle) == after else (middle, high)
                found = high
            known[key] = found
        return known[key]

    return at


def on_their_nights(rows: Sequence[RosterRow]) -> tuple[list[RosterRow], int]:
    """The rows where those after midnight may be booked to the date on which their shift begins; how many they are.

    Of an agent who works over midnight the rows up to the end of the night show to which date the file counts them: to
    the date before, where more of them are found there than on the date itself. They are then moved a day on.
    """
    of: dict[tuple[str, date], list[RosterRow]] = {}
    for row in rows:
        of.setdefault((row.who, row.day), []).append(row)
    nights = [row for row in rows if row.end.date() > row.day]
    before = sum(any(one.start + _ONE_DAY <= row.end for one in of[row.who, row.day]) for row in nights)
    literal = sum(any(one.start <= row.end for one in of.get((row.who, row.day + _ONE_DAY), ())) for row in nights)
    if before <= literal:
        return list(rows), 0
    found: list[RosterRow] = []
    moved = 0
    over_midnight = {(row.who, row.day) for row in nights}
    for key, mine in of.items():
        mine.sort(key=lambda row: row.start)
        at = _after_rest(mine) if key in over_midnight else 0
        found += [row._replace(start=row.start + _ONE_DAY, end=row.end + _ONE_DAY) for row in mine[:at]]
        found += mine[at:]
        moved += at
    return found, moved


def _after_rest(rows: Sequence[RosterRow]) -> int:
    """The first of the rows of a date, in order of time, after their longest gap, of four hours and more; else 0."""
    longest, at, end = TIME_OFF * _STEP, 0, rows[0].end
    for number, row in enumerate(rows):
        if row.start - end >= longest:
            longest, at = row.start - end, number
        end = max(end, row.end)
    return at


def shifts_of(
    rows: Sequence[RosterRow], kinds: Sequence[Kind], instant: Callable[[datetime], int]
) -> tuple[list[str], list[RosterStretch], list[Overlap]]:
    """People, what they do in order of agent and time, and rows that overlap.

    Of rows within rows the inner one counts. Rows that touch, and those of one date, are one shift. Unpaid time at
    the ends of a shift, before and after a gap in it, and of four hours and more is time off.
    """
    people: list[str] = []
    stretches: list[RosterStretch] = []
    overlaps: list[Overlap] = []
    ordered = sorted(rows, key=lambda row: row.who)
    shift = 0
    for who, mine in groupby(ordered, key=lambda row: row.who):
        timed = [_Timed(instant(row.start), instant(row.end), row.activity, row.day, row.at) for row in mine]
        flat = list(_flat(sorted(timed, key=lambda one: (one.start, -one.end)), overlaps))
        shifts = list(_shifts(flat, kinds))
        for parts in shifts:
            stretches += [
                RosterStretch(len(people), shift, one.activity, one.start, one.end) for part in parts for one in part
            ]
            shift += 1
        if shifts:
            people.append(who)
    return people, stretches, overlaps


def _flat(rows: Sequence[_Timed], overlaps: list[Overlap]) -> Iterator[_Timed]:
    """The rows of one agent without those parts that lie under a row within them, in order of time."""
    open_rows: list[_Timed] = []
    at = 0
    for row in (*rows, None):
        while open_rows and (row is None or open_rows[-1].end <= row.start):
            last = open_rows.pop()
            if at < last.end:
                yield last._replace(start=at)
                at = last.end
        if row is None or row.start >= row.end:
            continue
        if open_rows:
            above = open_rows[-1]
            twice = (row.start, row.end) == (above.start, above.end)
            if row.end > above.end or (twice and row.activity != above.activity):
                overlaps.append(Overlap(above.at, row.at))
                continue
            if at < row.start:
                yield above._replace(start=at, end=row.start)
        at = row.start
        open_rows.append(row)


def _shifts(flat: Sequence[_Timed], kinds: Sequence[Kind]) -> Iterator[list[list[_Timed]]]:
    """Shifts of one agent: their parts, between which they are signed out."""
    shift: list[list[_Timed]] = []
    end = 0
    for one in flat:
        if kinds[one.activity] == "unpaid" and one.end - one.start >= TIME_OFF:
            continue
        touches = bool(shift) and one.start == end
        if shift and not touches and one.day != shift[0][0].day:
            yield from _worked(shift, kinds)
            shift = []
        if touches:
            part = shift[-1]
            if part[-1].activity == one.activity:
                part[-1] = part[-1]._replace(end=one.end)
            else:
                part.append(one)
        else:
            shift.append([one])
        end = one.end
    if shift:
        yield from _worked(shift, kinds)


def _worked(shift: list[list[_Timed]], kinds: Sequence[Kind]) -> Iterator[list[list[_Timed]]]:
    """The shift without unpaid time at the ends of its parts; nothing where nothing else is left."""
    parts = []
    for part in shift:
        paid = [number for number, one in enumerate(part) if kinds[one.activity] != "unpaid"]
        if paid:
            parts.append(part[paid[0] : paid[-1] + 1])
    if parts:
        yield parts
