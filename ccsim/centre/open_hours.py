"""Hours of the week at which something is open, as bits: one a quarter of an hour from Monday 00:00 UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from ccsim.language.curves import Grid
from ccsim.language.hours import WeekHours
from ccsim.language.pools import Pool
from ccsim.language.rosters import PublishedRoster
from ccsim.language.scenario import Scenario
from ccsim.text.scalars import WEEKDAYS, clock_text
from ccsim.units import DAY, MINUTE, WEEK

QUARTER: Final = 15 * MINUTE
QUARTERS: Final = WEEK // QUARTER
ALWAYS: Final = (1 << QUARTERS) - 1
_A_DAY: Final = DAY // QUARTER
_A_MONDAY: Final = datetime(1970, 1, 5)
_STEP: Final = timedelta(microseconds=1)

Spans: TypeAlias = tuple[tuple[int, int], ...]


class WeekClock:
    """The clock of zones in the first counted week of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        first = datetime.fromisoformat(scenario.horizon.start) + timedelta(microseconds=scenario.horizon.warm_up)
        self._monday = first - timedelta(days=first.weekday())
        self._offsets: dict[str, int] = {}

    def to_utc(self, local: int, zone: str) -> int:
        """Bits by a zone's clock as bits of UTC."""
        return turned(local, -self._offset(zone))

    def to_local(self, utc: int, zone: str) -> int:
        """Bits of UTC as bits by a zone's clock."""
        return turned(utc, self._offset(zone))

    def _offset(self, zone: str) -> int:
        if zone not in self._offsets:
            noon = self._monday.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=ZoneInfo(zone))
            offset = noon.utcoffset() or timedelta(0)
            self._offsets[zone] = round(offset / timedelta(minutes=15))
        return self._offsets[zone]


def turned(bits: int, by: int) -> int:
    """Bits of a week moved later by some quarters, round the week."""
    by %= QUARTERS
    return ((bits << by) | (bits >> (QUARTERS - by))) & ALWAYS


def bits_of_spans(spans: Iterable[tuple[int, int]]) -> int:
    """Bits of spans of microseconds since Monday; every quarter that a span touches; round the week."""
    found = 0
    for start, end in spans:
        first, last = start // QUARTER, -(-end // QUARTER)
        found |= turned((1 << min(last - first, QUARTERS)) - 1, first)
    return found


def bits_of_hours(hours: WeekHours) -> int:
    """Bits of opening hours, by their own clock."""
    return bits_of_spans(hours.spans)


def inside(hours: WeekHours, start: int, end: int) -> bool:
    """Whether a stretch (microseconds since Monday) lies within opening hours."""
    return _inside(hours.spans, start, end)


def _inside(spans: Spans, start: int, end: int) -> bool:
    for opens, closes in _joined(spans):
        for turn in (-WEEK, 0, WEEK):
            if opens + turn <= start and end <= closes + turn:
                return True
    return False


@lru_cache(maxsize=1_024)
def _joined(spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Spans that touch, as one; a week without a gap never ends."""
    if sum(end - start for start, end in spans) >= WEEK:
        return [(-WEEK, 3 * WEEK)]
    made: list[tuple[int, int]] = []
    for start, end in (*spans, *((start + WEEK, end + WEEK) for start, end in spans)):  # over the end of the week
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _starts(days: tuple[int, ...], starts: tuple[int, ...], length: int, spans: Spans | None) -> list[int]:
    all_starts = [day * DAY + start for day in days for start in starts]
    return [at for at in all_starts if spans is None or _inside(spans, at, at + length)]


def bits_of_pool(scenario: Scenario, pool: Pool, clock: WeekClock) -> int:
    """Bits of UTC at which a pool may have somebody on the line."""
    site = scenario.sites.get(pool.site) if pool.site is not None else None
    return clock.to_utc(local_bits_of_pool(scenario, pool), site.time_zone if site else scenario.time_zone)


def local_bits_of_pool(scenario: Scenario, pool: Pool) -> int:
    """The same by the clock of its site."""
    site = scenario.sites.get(pool.site) if pool.site is not None else None
    if pool.headcount is not None:
        local = 0
        for name in pool.patterns:
            pattern = scenario.shift_patterns.get(name)
            if pattern:
                length, spans = pattern.length, site.hours.spans if site else None
                split = (pattern.split_after or 0, pattern.split_gap)
                local |= _bits_of_shifts(pattern.days, pattern.starts, length, split, spans)
    elif pool.roster is not None:
        local = _bits_of_roster(scenario, pool.roster, site.time_zone if site else scenario.time_zone)
    elif pool.shifts:
        local = bits_of_spans(
            (day * DAY + shift.start, day * DAY + shift.start + shift.length)
            for shift in pool.shifts
            for day in shift.days
        )
    else:
        local = ALWAYS if pool.staffing is None or pool.changes else _bits_of_grid(pool.staffing)
    return local


def bits_begun_on(scenario: Scenario, pool: Pool, weekday: int) -> int:
    """Quarters from midnight at which somebody of a roster may be on the line whose shift began on a weekday."""
    site = scenario.sites.get(pool.site) if pool.site is not None else None
    found = 0
    for name in pool.patterns:
        pattern = scenario.shift_patterns.get(name)
        if pattern and weekday in pattern.days:
            split = (pattern.split_after or 0, pattern.split_gap)
            spans = site.hours.spans if site else None
            found |= _bits_of_shifts((weekday,), pattern.starts, pattern.length, split, spans)
    return turned(found, -weekday * _A_DAY)


@lru_cache(maxsize=1_024)
def _bits_of_shifts(
    days: tuple[int, ...], starts: tuple[int, ...], length: int, split: tuple[int, int], spans: Spans | None
) -> int:
    """Bits at which somebody on a pattern may be on the line, by the site's clock."""
    after, gap = split
    local = 0
    for at in _starts(days, starts, length, spans):
        parts = ((at, at + after), (at + after + gap, at + length)) if gap else ((at, at + length),)
        local |= bits_of_spans(parts)
    return local


def _bits_of_roster(scenario: Scenario, roster: PublishedRoster, zone: str) -> int:
    """Bits at which somebody of a published roster is on the line in some week, by a zone's clock."""
    start = datetime.fromisoformat(scenario.horizon.start).replace(tzinfo=ZoneInfo(scenario.time_zone)).astimezone(UTC)
    local: dict[int, int] = {}
    spans = set(roster.on_line())
    for instant in {instant for span in spans for instant in span}:
        at = (start + instant * _STEP).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        local[instant] = (at - _A_MONDAY) // _STEP
    return bits_of_spans({(local[since] % WEEK, local[since] % WEEK + until - since) for since, until in spans})


def _bits_of_grid(grid: Grid) -> int:
    values = list(grid.values)
    for one in grid.repeated:
        values[one.cell] = max(values[one.cell], one.value)
    first = 0
    if grid.start is not None:
        at = datetime.fromisoformat(grid.start)
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        first = at.weekday() * DAY + (at - midnight) // timedelta(microseconds=1)
    spans = [
        (first + cell * grid.every, first + (cell + 1) * grid.every) for cell, value in enumerate(values) if value > 0
    ]
    if grid.start is None:
        spans = [(day * DAY + start, day * DAY + end) for day in range(7) for start, end in spans]
    return bits_of_spans(spans)


def hours_text(bits: int, most: int = 4) -> str:
    """Bits in words: `mon-fri 22:00-24:00, sat 00:00-06:00`; days that are alike together, at most some stretches."""
    days = [_of_day(bits >> number * _A_DAY & ((1 << _A_DAY) - 1)) for number in range(7)]
    if all(day == ["00:00-24:00"] for day in days):
        return "at all hours"
    said: list[str] = []
    number = 0
    while number < 7:
        last = number
        while last < 6 and days[last + 1] == days[number]:
            last += 1
        name = WEEKDAYS[number] if last == number else f"{WEEKDAYS[number]}-{WEEKDAYS[last]}"
        said += [f"{name} {hours}" for hours in days[number]]
        number = last + 1
    return "on " + ", ".join(said[:most]) + (f" and {len(said) - most} more periods" if len(said) > most else "")


def day_text(bits: int, most: int = 4) -> str:
    """Bits of one day in words: `08:00-12:00, 13:00-18:00`, at most some stretches."""
    said = _of_day(bits)
    return ", ".join(said[:most]) + (f" and {len(said) - most} more periods" if len(said) > most else "")


def _of_day(bits: int) -> list[str]:
    found = []
    at = 0
    while at < _A_DAY:
        if bits >> at & 1:
            end = at
            while end < _A_DAY and bits >> end & 1:
                end += 1
            found.append(f"{clock_text(at * QUARTER)}-{clock_text(end * QUARTER)}")
            at = end
        at += 1
    return found
