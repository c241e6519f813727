"""Curves over local days: grids, lines, changes, and days on which the clock changes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.model.curves import real_pieces
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.centre.pieces import Piece, local_pieces, volume
from ccsim.language.changes import Change
from ccsim.language.curves import Grid
from ccsim.units import DAY, HOUR

DAY_1 = date(2026, 3, 2)
START_UTC = int(datetime(2026, 1, 1).timestamp()) * 1_000_000


def curve(grid: Grid, linear: bool = False, *changes: Change, day: date = DAY_1) -> list[tuple[float, ...]]:
    """Pieces as hours, value at the start, value at the end."""
    return [
        (p.start / HOUR, p.end / HOUR, p.value, pytest.approx(p.value + p.slope * (p.end - p.start)))
        for p in local_pieces(grid, linear, changes, day)
    ]


def change(since: str, until: str, **what: float) -> Change:
    return Change(start=f"2026-03-{since}", end=f"2026-03-{until}", **what)


def local_day(zone: str, day: date) -> LocalDay:
    return LocalClock(zone, START_UTC).day(day)


def test_a_grid_without_a_start_is_every_day() -> None:
    grid = Grid(every=6 * HOUR, values=(1, 2, 2, 4))
    wanted = [(0, 6, 1, 1), (6, 18, 2, 2), (18, 24, 4, 4)]
    assert curve(grid) == wanted
    assert curve(grid, day=date(2030, 7, 7)) == wanted


def test_a_grid_with_a_start_is_nothing_outside() -> None:
    grid = Grid(every=10 * HOUR, start="2026-03-01T18:00:00", values=(1, 2, 3))
    assert curve(grid, day=date(2026, 2, 28)) == []
    assert curve(grid, day=date(2026, 3, 1)) == [(18, 24, 1, 1)]
    assert curve(grid) == [(0, 4, 1, 1), (4, 14, 2, 2), (14, 24, 3, 3)]
    assert curve(grid, day=date(2026, 3, 3)) == []


def test_a_line_closes_on_itself_or_ends_flat() -> None:
    assert curve(Grid(every=12 * HOUR, values=(0, 6)), True) == [(0, 12, 0, 6), (12, 24, 6, 0)]
    once = Grid(every=12 * HOUR, start="2026-03-01T18:00:00", values=(0, 6, 2))
    assert curve(once, True, day=date(2026, 3, 1)) == [(18, 24, 0, 3)]
    assert curve(once, True) == [(0, 6, 3, 6), (6, 18, 6, 2), (18, 24, 2, 2)]


FLAT = Grid(every=DAY, values=(4,))


def test_changes_cut_the_curve() -> None:
    assert curve(FLAT, False, change("02T06:00", "02T12:00", add=2)) == [(0, 6, 4, 4), (6, 12, 6, 6), (12, 24, 4, 4)]
    assert curve(FLAT, False, change("01T06:00", "02T12:00", times=0.5)) == [(0, 12, 2, 2), (12, 24, 4, 4)]
    assert curve(FLAT, False, change("02T20:00", "03T12:00", set_to=0)) == [(0, 20, 4, 4), (20, 24, 0, 0)]
    assert curve(FLAT, False, change("03T00:00", "04T00:00", set_to=0)) == [(0, 24, 4, 4)]
    assert curve(FLAT, False, change("01T00:00", "02T00:00", set_to=0)) == [(0, 24, 4, 4)]


def test_one_change_sets_then_multiplies_then_adds() -> None:
    assert curve(FLAT, False, change("02", "03", set_to=10, times=3, add=1)) == [(0, 24, 31, 31)]


def test_changes_apply_in_the_order_in_which_they_are_written() -> None:
    plus, twice = change("02", "03", add=1), change("02", "03", times=2)
    assert curve(FLAT, False, plus, twice) == [(0, 24, 10, 10)]
    assert curve(FLAT, False, twice, plus) == [(0, 24, 9, 9)]
    overlap = curve(FLAT, False, change("02T00:00", "02T12:00", add=1), change("02T06:00", "02T18:00", times=2))
    assert overlap == [(0, 6, 5, 5), (6, 12, 10, 10), (12, 18, 8, 8), (18, 24, 4, 4)]


def test_nothing_falls_below_zero() -> None:
    assert curve(FLAT, False, change("02", "03", add=-9)) == [(0, 24, 0, 0)]


@pytest.mark.parametrize("values", [(8.0, 0.0), (0.0, 8.0), (2.0, 9.0)])
def test_a_line_from_which_is_taken_never_falls_below_zero(values: tuple[float, float]) -> None:
    pieces = local_pieces(Grid(every=12 * HOUR, values=values), True, (change("02", "03", add=-4.0),), DAY_1)
    for piece in pieces:
        assert piece.value >= 0
        assert piece.value + piece.slope * (piece.end - piece.start) >= -1e-9
    before = local_pieces(Grid(every=12 * HOUR, values=values), True, (), DAY_1)
    for hour in range(24):
        at = hour * HOUR + HOUR // 2
        wanted = max(_value(before, at) - 4.0, 0.0)
        assert _value(pieces, at) == pytest.approx(wanted), hour


def _value(pieces: list[Piece], at: int) -> float:
    return next((p.value + p.slope * (at - p.start) for p in pieces if p.start <= at < p.end), 0.0)


def test_a_change_reaches_where_the_grid_is_empty() -> None:
    grid = Grid(every=HOUR, start="2026-03-02T08:00:00", values=(1,))
    assert curve(grid, False, change("02T07:00", "02T10:00", add=2)) == [
        (0, 7, 0, 0),
        (7, 8, 2, 2),
        (8, 9, 3, 3),
        (9, 10, 2, 2),
        (10, 24, 0, 0),
    ]


def test_a_plain_day_is_left_alone() -> None:
    pieces = local_pieces(FLAT, False, (), DAY_1)
    assert real_pieces(pieces, local_day("Europe/Berlin", DAY_1), True) is pieces


SIX = Grid(every=HOUR, values=tuple(float(v) for v in range(1, 25)))


def real(zone: str, day: date, keep_volume: bool) -> list[tuple[float, float, float]]:
    found = real_pieces(local_pieces(SIX, False, (), day), local_day(zone, day), keep_volume)
    return [(p.start / HOUR, p.end / HOUR, p.value) for p in found]


def test_a_repeated_hour_splits_its_arrivals_and_shows_its_staffing_twice() -> None:
    day = date(2026, 10, 25)
    arrivals = real("Europe/Berlin", day, True)
    assert arrivals[:5] == [(0, 1, 1), (1, 2, 2), (2, 3, 1.5), (3, 4, 1.5), (4, 5, 4)]
    assert arrivals[-1] == (24, 25, 24)
    staffing = real("Europe/Berlin", day, False)
    assert staffing[:5] == [(0, 1, 1), (1, 2, 2), (2, 3, 3), (3, 4, 3), (4, 5, 4)]


def test_what_lies_in_a_gap_is_spread_over_the_hours_that_exist() -> None:
    day = date(2026, 3, 29)
    factor = 300 / 297
    arrivals = real("Europe/Berlin", day, True)
    assert [(a, b) for a, b, _ in arrivals] == [(h, h + 1) for h in range(23)]
    assert [v for _, _, v in arrivals] == pytest.approx([factor * v for v in range(1, 25) if v != 3])
    staffing = real("Europe/Berlin", day, False)
    assert [v for _, _, v in staffing] == [v for v in range(1, 25) if v != 3]


def test_half_an_hour_that_repeats() -> None:
    arrivals = real("Australia/Lord_Howe", date(2026, 4, 5), True)
    assert arrivals[1:5] == [(1, 1.5, 2), (1.5, 2, 1), (2, 2.5, 1), (2.5, 3.5, 3)]


CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/Santiago", date(2026, 4, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Havana", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Antarctica/Troll", date(2026, 3, 29)),
    ("Antarctica/Troll", date(2026, 10, 25)),
]


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    st.sampled_from(CHANGES),
    st.lists(st.floats(0.5, 50), min_size=1, max_size=48),
    st.booleans(),
)
def test_the_volume_of_a_day_is_kept_and_its_pieces_lie_in_it(
    where: tuple[str, date], values: list[float], linear: bool
) -> None:
    every = -(-DAY // len(values))
    pieces = local_pieces(Grid(every=every, values=tuple(values)), linear, (), where[1])
    day = local_day(*where)
    found = real_pieces(pieces, day, True)
    assert volume(found) == pytest.approx(volume(pieces), rel=1e-12)
    at = 0
    for piece in found:
        assert piece.start == at
        at = piece.end
    assert at == day.length
