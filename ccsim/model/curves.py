"""Curves by the clock as curves of real days, clock changes included."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ccsim.centre.pieces import Piece, volume
from ccsim.model.local_time import LocalDay


def real_pieces(
    pieces: Sequence[Piece], day: LocalDay, keep_volume: bool, again: Sequence[Piece] = ()
) -> Sequence[Piece]:
    """A curve by the clock as a curve over elapsed time of a real day.

    On a day with a clock change the curve follows the clock. With `keep_volume` (arrivals) the day's volume is kept: a
    repeated hour splits its entry, what falls into a gap is spread over the hours that exist. Where `again` has the
    second passage of a repeated hour, each passage has its own.
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
        known = [(piece.start, piece.end) for piece in again]
        bounds = sorted({b for pair in (*seen_twice, *known) for b in pair})
        second = stretch is not day.stretches[0]
        here = []
        for passage, piece in [(0, piece) for piece in pieces] + [(1, piece) for piece in again if second]:
            low, high = max(piece.start, stretch.clock), min(piece.end, clock_end)
            if low >= high:
                continue
            cuts = [low, *(b for b in bounds if low < b < high), high]
            for a, b in pairwise(cuts):
                twice = any(x <= a and b <= y for x, y in seen_twice)
                own = twice and any(x <= a and b <= y for x, y in known)
                if own and second and passage == 0:
                    continue
                weight = 0.5 if keep_volume and twice and not own else 1.0
                elapsed = stretch.start - day.start + a - stretch.clock
                value = piece.value + piece.slope * (a - piece.start)
                here.append(Piece(elapsed, elapsed + b - a, value * weight, piece.slope * weight))
        cut += sorted(here)
    if keep_volume:
        wanted, found = volume(pieces) + volume(again), volume(cut)
        if found == 0.0 < wanted:  # all of it in the gap
            return [Piece(0, day.length, wanted / day.length, 0.0)]
        if found > 0.0:
            cut = [
                piece._replace(value=piece.value * wanted / found, slope=piece.slope * wanted / found) for piece in cut
            ]
    return cut
