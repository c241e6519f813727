"""Curves over local time, a day at a time: arrival rates and staffing, with the changes that variants made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from ccsim.model.local_time import LocalDay
from ccsim.scenario.sections import Change, Grid
from ccsim.units import DAY


class Piece(NamedTuple):
    """A stretch of a day on which the value is linear."""

    start: int
    """Microseconds since local midnight: of clocks in a local curve, elapsed in a real one."""
    end: int
    value: float
    """Value at the start."""
    slope: float
    """Change of the value per microsecond."""


def _micros_between(day: date, local: str) -> int:
    return (datetime.fromisoformat(local) - datetime(day.year, day.month, day.day)) // timedelta(microseconds=1)


def local_pieces(grid: Grid, linear: bool, changes: tuple[Change, ...], day: date) -> list[Piece]:
    """The curve of one date by the clock, over [0, 24 h); 0 outside a grid that has a start."""
    values, every = grid.values, grid.every
    shift = 0 if grid.start is None else _micros_between(day, grid.start)
    first = max(0, -shift // every) if grid.start is not None else 0
    last = len(values) if grid.start is None else min(len(values), -(-(DAY - shift) // every))
    pieces: list[Piece] = []
    for cell in range(first, last):
        start = max(shift + cell * every, 0)
        end = min(shift + (cell + 1) * every, DAY)
        if start >= end:
            continue
        slope = 0.0
        value = values[cell]
        if linear:
            wraps = grid.start is None
            following = values[(cell + 1) % len(values)] if wraps or cell + 1 < len(values) else value
            slope = (following - value) / every
            value += slope * (start - shift - cell * every)
        if pieces and pieces[-1].end == start and pieces[-1].slope == 0.0 == slope and pieces[-1].value == value:
            pieces[-1] = pieces[-1]._replace(end=end)
        else:
            pieces.append(Piece(start, end, value, slope))
    for change in changes:
        pieces = _changed(_filled(pieces), change, day)
    return pieces


def _filled(pieces: list[Piece]) -> list[Piece]:
    """The same curve with its zeros written out, from midnight to midnight."""
    filled = []
    at = 0
    for piece in pieces:
        if piece.start > at:
            filled.append(Piece(at, piece.start, 0.0, 0.0))
        filled.append(piece)
        at = piece.end
    if at < DAY:
        filled.append(Piece(at, DAY, 0.0, 0.0))
    return filled


def _changed(pieces: list[Piece], change: Change, day: date) -> list[Piece]:
    start = _micros_between(day, change.start)
    end = _micros_between(day, change.end)
    if end <= 0 or start >= DAY:
        return pieces
    result = []
    for piece in pieces:
        cuts = [piece.start, *(c for c in (start, end) if piece.start < c < piece.end), piece.end]
        for low, high in pairwise(cuts):
            value = piece.value + piece.slope * (low - piece.start)
            slope = piece.slope
            if start <= low and high <= end:
                if change.set_to is not None:
                    value, slope = change.set_to, 0.0
                value, slope = value * change.times + change.add, slope * change.times
            result.extend(_not_below_zero(Piece(low, high, value, slope)))
    return result


def _not_below_zero(piece: Piece) -> list[Piece]:
    """A piece cut where it falls below zero or rises above it."""
    last = piece.value + piece.slope * (piece.end - piece.start)
    if piece.value >= 0.0 and last >= 0.0:
        return [piece]
    if piece.value <= 0.0 and last <= 0.0:
        return [Piece(piece.start, piece.end, 0.0, 0.0)]
    crossing = min(max(piece.start + int(-piece.value / piece.slope), piece.start + 1), piece.end - 1)
    if piece.value > 0.0:
        return [piece._replace(end=crossing), Piece(crossing, piece.end, 0.0, 0.0)]
    return [Piece(piece.start, crossing, 0.0, 0.0), Piece(crossing, piece.end, 0.0, piece.slope)]


def real_pieces(pieces: list[Piece], day: LocalDay, keep_volume: bool) -> list[Piece]:
    """A curve by the clock as a curve over elapsed time of a real day.

    On a day with a clock change the curve follows the clock. With `keep_volume` (arrivals) the day's volume is kept: a
    repeated hour splits its entry, what falls into a gap is spread over the hours that exist.
    """
    if day.plain:
        return pieces
    cut = []
    for stretch in day.stretches:
        clock_end = stretch.clock + stretch.length
        seen_twice = sorted(
            (max(stretch.clock, other.clock), min(clock_end, other.clock + other.length))
            for other in day.stretches
            if other is not stretch and max(stretch.clock, other.clock) < min(clock_end, other.clock + other.length)
        )
        bounds = [b for pair in seen_twice for b in pair]
        for piece in pieces:
            low, high = max(piece.start, stretch.clock), min(piece.end, clock_end)
            if low >= high:
                continue
            cuts = [low, *(b for b in bounds if low < b < high), high]
            for a, b in pairwise(cuts):
                weight = 0.5 if keep_volume and any(x <= a and b <= y for x, y in seen_twice) else 1.0
                elapsed = stretch.start - day.start + a - stretch.clock
                value = piece.value + piece.slope * (a - piece.start)
                cut.append(Piece(elapsed, elapsed + b - a, value * weight, piece.slope * weight))
    if keep_volume:
        wanted, found = volume(pieces), volume(cut)
        if found == 0.0 < wanted:  # all of it in the gap
            return [Piece(0, day.length, wanted / day.length, 0.0)]
        if found > 0.0:
            cut = [
                piece._replace(value=piece.value * wanted / found, slope=piece.slope * wanted / found) for piece in cut
            ]
    return cut


def volume(pieces: list[Piece]) -> float:
    """Area under a curve."""
    return sum((p.value + 0.5 * p.slope * (p.end - p.start)) * (p.end - p.start) for p in pieces)
