"""Local days of every zone: no gap, no overlap, and what clocks show in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from ccsim.model.local_time import LocalClock, utc_micros
from ccsim.units import DAY, HOUR, MINUTE

ZONES = sorted(
    name for name in available_timezones() if not name.startswith(("posix", "right")) and name != "localtime"
)
START = datetime(2026, 1, 1, tzinfo=UTC)
START_UTC = int(START.timestamp()) * 1_000_000
YEAR = 365 * DAY


@pytest.mark.parametrize("some", range(8))
def test_the_days_of_2026_in_every_zone(some: int) -> None:
    assert len(ZONES) > 400
    for name in ZONES[some::8]:
        zone = ZoneInfo(name)
        clock = LocalClock(name, START_UTC)
        days = clock.days(0, YEAR)
        assert days[0].start <= 0 < days[0].start + days[0].length, name
        assert days[-1].start < YEAR <= days[-1].start + days[-1].length, name
        first_offset = datetime(2026, 1, 1, 12, tzinfo=zone).utcoffset()
        for i, day in enumerate(days):
            assert day.day == days[0].day + timedelta(days=i), name
            assert day.number == day.day.toordinal() - date(1970, 1, 1).toordinal()
            assert 22 * HOUR <= day.length <= 26 * HOUR, (name, day.day)
            if i:
                assert day.start == days[i - 1].start + days[i - 1].length, (name, day.day)
            at = day.start
            for stretch in day.stretches:
                assert stretch.start == at
                assert stretch.length > 0
                assert 0 <= stretch.clock < stretch.clock + stretch.length <= DAY, (name, day.day)
                at += stretch.length
            assert at == day.start + day.length, (name, day.day)
            for stretch in day.stretches if not day.plain else ():
                for inside in (0, stretch.length // 2, stretch.length - 1):
                    shown = (START + timedelta(microseconds=stretch.start + inside)).astimezone(zone)
                    clock_shows = datetime(day.day.year, day.day.month, day.day.day) + timedelta(
                        microseconds=stretch.clock + inside
                    )
                    assert shown.replace(tzinfo=None, fold=0) == clock_shows, (name, day.day)
        changes = sum(day.length - DAY for day in days[1:-1])
        last_offset = datetime(2026, 12, 31, 12, tzinfo=zone).utcoffset()
        assert first_offset is not None
        assert last_offset is not None
        assert timedelta(microseconds=changes) == first_offset - last_offset, name


@pytest.mark.parametrize(
    ("zone", "day", "hours", "stretches"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23, [(0, 2), (3, 21)]),
        ("Europe/Berlin", date(2026, 10, 25), 25, [(0, 3), (2, 22)]),
        ("America/New_York", date(2026, 11, 1), 25, [(0, 2), (1, 23)]),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5, [(0, 2), (1.5, 22.5)]),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5, [(0, 2), (2.5, 21.5)]),
        ("Antarctica/Troll", date(2026, 3, 29), 22, [(0, 1), (3, 21)]),
        # The hour before midnight twice, or midnight itself in the gap.
        ("America/Santiago", date(2026, 4, 4), 25, [(0, 24), (23, 1)]),
        ("America/Santiago", date(2026, 9, 6), 23, [(1, 23)]),
        ("America/Havana", date(2026, 11, 1), 25, [(0, 1), (0, 24)]),
        ("Asia/Kathmandu", date(2026, 3, 29), 24, [(0, 24)]),
    ],
)
def test_days_with_clock_changes(zone: str, day: date, hours: float, stretches: list[tuple[float, float]]) -> None:
    found = LocalClock(zone, START_UTC).day(day)
    assert found.length == hours * HOUR
    assert [(s.clock / HOUR, s.length / HOUR) for s in found.stretches] == stretches
    assert found.plain == (stretches == [(0, 24)])


def utc(text: str, zone: str) -> str:
    micros = utc_micros(datetime.fromisoformat(text), ZoneInfo(zone))
    return (datetime(1970, 1, 1) + timedelta(microseconds=micros)).isoformat()


@pytest.mark.parametrize(
    ("local", "zone", "wanted"),
    [
        ("2026-03-29T01:59:59.999999", "Europe/Berlin", "2026-03-29T00:59:59.999999"),
        ("2026-03-29T02:00:00", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00"),
        ("2026-03-29T03:00:00", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00"),
        ("2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00"),
        ("2026-09-06T00:00:00", "America/Santiago", "2026-09-06T04:00:00"),
        ("1969-12-31T23:00:00", "UTC", "1969-12-31T23:00:00"),
    ],
)
def test_a_gap_moves_forward_and_an_ambiguous_time_is_the_first(local: str, zone: str, wanted: str) -> None:
    assert utc(local, zone) == wanted


def test_the_clock_counts_from_its_start() -> None:
    clock = LocalClock("Europe/Berlin", START_UTC)
    assert clock.instant(datetime(2026, 1, 1, 1)) == 0
    assert clock.instant(datetime(2026, 7, 1)) == (181 * 24 - 2) * HOUR
    assert clock.date_at(23 * HOUR - 1) == date(2026, 1, 1)
    assert clock.date_at(23 * HOUR) == date(2026, 1, 2)
    assert clock.date_at(-HOUR - MINUTE) == date(2025, 12, 31)


def test_days_are_those_that_overlap() -> None:
    clock = LocalClock("UTC", START_UTC)
    assert [d.day.day for d in clock.days(0, DAY)] == [1]
    assert [d.day.day for d in clock.days(0, DAY + 1)] == [1, 2]
    assert [d.day.day for d in clock.days(-1, 1)] == [31, 1]
