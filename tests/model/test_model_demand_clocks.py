"""Clock changes in every zone of the database, 2025 to 2027: volumes are kept, days are covered, gaps move forward."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from ccsim.model.curves import real_pieces
from ccsim.model.local_time import LocalClock
from ccsim.centre.pieces import Piece, local_pieces, volume
from ccsim.language.curves import Grid
from ccsim.units import DAY, MINUTE

ZONES = sorted(
    name for name in available_timezones() if not name.startswith(("posix", "right")) and name != "localtime"
)
START = datetime(2025, 1, 1, tzinfo=UTC)
START_UTC = int(START.timestamp()) * 1_000_000
STEP = timedelta(microseconds=1)
#: Uneven, with a quiet night and an hour of nothing; constant and as lines.
WEIGHTS = Grid(every=30 * MINUTE, values=tuple(0.0 if 6 <= i < 8 else 1.0 + (5 * i) % 17 for i in range(48)))


@cache
def transitions(name: str) -> tuple[datetime, ...]:
    """Instants from 2025 to 2027 at which the offset of a zone changes, to the second."""
    zone = ZoneInfo(name)
    found = []
    days = [START + timedelta(days=n) for n in range(3 * 365 + 1)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    for n in range(len(days) - 1):
        if offsets[n] != offsets[n + 1]:
            low, high = days[n], days[n + 1]
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                if middle.astimezone(zone).utcoffset() == offsets[n]:
                    low = middle
                else:
                    high = middle
            found.append(high.replace(microsecond=0))
    return tuple(found)


def test_the_database_has_clock_changes() -> None:
    changing = [name for name in ZONES if transitions(name)]
    assert len(changing) > 150
    assert {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"} <= set(changing)


@pytest.mark.parametrize("some", range(4))
def test_the_volume_of_every_day_with_a_clock_change_is_kept(some: int) -> None:
    for name in ZONES[some::4]:
        clock = LocalClock(name, START_UTC)
        for instant in transitions(name):
            local = instant.astimezone(ZoneInfo(name)).date()
            changed = [clock.day(local + timedelta(days=n)) for n in (-1, 0, 1)]
            assert not all(day.plain for day in changed), (name, instant)
            for day in changed:
                for linear in (False, True):
                    by_clock = local_pieces(WEIGHTS, linear, (), day.day)
                    pieces = real_pieces(by_clock, day, keep_volume=True)
                    where = (name, day.day, linear)
                    assert volume(pieces) == pytest.approx(volume(by_clock), rel=1e-12), where
                    assert_covers(pieces, day.length, where)


def assert_covers(pieces: list[Piece], length: int, where: object) -> None:
    at = 0
    for piece in pieces:
        assert piece.start == at, where
        assert piece.end > at, where
        assert piece.value >= 0.0, where
        assert piece.value + piece.slope * (piece.end - piece.start) >= -1e-9, where
        at = piece.end
    assert at == length, where


@pytest.mark.parametrize("some", range(4))
def test_times_in_a_gap_move_forward_and_ambiguous_ones_are_the_first(some: int) -> None:
    for name in ZONES[some::4]:
        zone = ZoneInfo(name)
        clock = LocalClock(name, START_UTC)
        for instant in transitions(name):
            at = int((instant - START).total_seconds()) * 1_000_000
            after = instant.astimezone(zone).replace(tzinfo=None)
            before = (instant - STEP).astimezone(zone).replace(tzinfo=None) + STEP
            gap = (after - before) // STEP
            inside = before + (after - before) // 2
            if gap > 0:
                shown = (instant + (inside - before)).astimezone(zone).replace(tzinfo=None)
                assert shown == inside + (after - before), (name, instant)
                assert clock.instant(inside) == at + gap // 2, (name, instant)
                assert clock.instant(before) == clock.instant(after) == at, (name, instant)
            else:
                assert clock.instant(inside) == at + gap // 2, (name, instant)
                assert clock.instant(after) == at + gap, (name, instant)
            day = clock.day(after.date())
            assert day.day == date(after.year, after.month, after.day)
            assert (day.length - DAY) % MINUTE == 0, (name, instant)
