"""Curves over one day of local time as straight pieces: arrival rates and staffing, with the changes of variants."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import compress, groupby, islice, pairwise, repeat
from operator import mul, ne, sub
from typing import NamedTuple, overload

from ccsim.language.changes import Change
from ccsim.language.curves import Grid, Repeated
from ccsim.units import DAY, SECOND


class Piece(NamedTuple):
    """A stretch of a day on which the value is linear."""

    start: int
    """Microseconds since local midnight: of clocks in a local curve, elapsed in a real one."""
    end: int
    value: float
    """Value at the start."""
    slope: float
    """Change of the value per microsecond."""


class ConstantPieces(Sequence[Piece]):
    """Cells of one width as pieces of constant value: neighbours of one value are one piece.

    A piece becomes an object only as it is looked at: a year of quarter-hours of 50 queues has 1.75 million.
    """

    __slots__ = ("begun", "cells", "every", "first", "last", "start")

    def __init__(
        self, cells: Sequence[float], start: int, every: int, first: int, last: int, begun: Sequence[int] | None = None
    ) -> None:
        """`start`: of the first cell; `first` and `last`: from when to when they count; `begun`: the numbers of the
        cells with which pieces begin, where they are known."""
        self.cells, self.start, self.every, self.first, self.last = cells, start, every, first, last
        every_cell = range(len(cells))
        if begun is None:
            begun = [*every_cell[:1], *compress(every_cell[1:], map(ne, islice(cells, 1, None), cells))]
        self.begun = every_cell if len(begun) == len(cells) else begun

    @property
    def values(self) -> Sequence[float]:
        """The value of each piece."""
        return self.cells if len(self.begun) == len(self.cells) else list(map(self.cells.__getitem__, self.begun))

    @property
    def edges(self) -> Sequence[int]:
        """Where the pieces begin, and where the last one ends."""
        starts = range(self.start, self.start + self.every * len(self.cells), self.every)
        inner = starts[1:] if len(self.begun) == len(self.cells) else map(starts.__getitem__, self.begun[1:])
        return [self.first, *inner, self.last]

    def edge(self, number: int) -> int:
        """Where a piece begins; of the number behind the last, where that ends."""
        if number == len(self.begun):
            return self.last
        return self.start + self.every * self.begun[number] if number else self.first

    @property
    def widths(self) -> Iterable[int]:
        """How long each piece is."""
        cells = len(self.cells)
        if len(self.begun) == cells and (self.first, self.last) == (self.start, self.start + self.every * cells):
            return repeat(self.every, cells)
        edges = self.edges
        return map(sub, edges[1:], edges)

    def fills(self, slot: int) -> bool:
        """Whether the cells fill the day, so many to each slot of it, and no two neighbours have one value."""
        whole = (self.start, self.first, self.last) == (0, 0, DAY) and len(self.begun) == len(self.cells)
        return whole and not slot % self.every and len(self.cells) * self.every == DAY

    def between(self, low: int, high: int) -> ConstantPieces:
        """What of the pieces lies between two times."""
        low = max(low, self.first)
        high = max(min(high, self.last), low)
        first = max((low - self.start) // self.every, 0)
        cells = self.cells[first : max(-((self.start - high) // self.every), first)]
        inner = self.begun[bisect_right(self.begun, first) : bisect_left(self.begun, first + len(cells))]
        begun = [0, *[cell - first for cell in inner]] if cells else []
        return ConstantPieces(cells, self.start + first * self.every, self.every, low, high, begun)

    def __len__(self) -> int:
        return len(self.begun)

    def __iter__(self) -> Iterator[Piece]:
        edges = self.edges
        return map(Piece, edges, edges[1:], self.values, repeat(0.0))

    @overload
    def __getitem__(self, at: int) -> Piece: ...
    @overload
    def __getitem__(self, at: slice) -> list[Piece]: ...
    def __getitem__(self, at: int | slice) -> Piece | list[Piece]:
        return list(self)[at]

    def __eq__(self, other: object) -> bool:
        return [*self] == [*other] if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


class Step(NamedTuple):
    """A stretch of a day on which demand is multiplied."""

    start: int
    """Microseconds since local midnight, by the clock."""
    end: int
    times: float


def columns_of(pieces: Sequence[Piece]) -> tuple[Sequence[int], Sequence[int], Sequence[float], Sequence[float]]:
    """Starts, ends, values and slopes of pieces."""
    if isinstance(pieces, ConstantPieces):
        edges = pieces.edges
        return edges[:-1], edges[1:], pieces.values, (0.0,) * len(pieces)
    start, end, value, slope = zip(*pieces, strict=True) if pieces else ((), (), (), ())
    return start, end, value, slope


def micros_between(day: date, local: str) -> int:
    """Microseconds by the clock from the midnight of a date to a local time."""
    passed = datetime.fromisoformat(local) - datetime(day.year, day.month, day.day)
    return (passed.days * 86_400 + passed.seconds) * SECOND + passed.microseconds


def local_pieces(grid: Grid, linear: bool, changes: tuple[Change, ...], day: date) -> Sequence[Piece]:
    """The curve of one date by the clock, over [0, 24 h); 0 outside a grid that has a start.

    Of a repeated hour with a value for each passage it is the first: see `repeated_pieces`.
    """
    values, every = grid.values, grid.every
    shift = 0 if grid.start is None else micros_between(day, grid.start)
    first = max(0, -shift // every) if grid.start is not None else 0
    last = len(values) if grid.start is None else min(len(values), -(-(DAY - shift) // every))
    repeated = {one.cell: one for one in grid.repeated if first <= one.cell < last}
    if not linear and not repeated:
        start, end = shift + first * every, shift + last * every
        cells = values[first : max(last, first)]
        return changed(ConstantPieces(cells, start, every, max(start, 0), min(end, DAY)), changes, day)
    pieces: list[Piece] = []
    for cell in range(first, last):
        start = max(shift + cell * every, 0)
        end = min(shift + (cell + 1) * every, DAY)
        if start >= end:
            continue
        if cell in repeated:
            pieces.extend(_two_passages(shift + cell * every, every, values[cell], repeated[cell]))
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
    return changed(pieces, changes, day)


def repeated_pieces(grid: Grid, changes: tuple[Change, ...], day: date) -> list[Piece]:
    """The second passage of a repeated hour of one date by the clock, where the grid says it; mostly nothing."""
    if not grid.repeated or grid.start is None:
        return []
    shift = micros_between(day, grid.start)
    pieces = []
    for one in grid.repeated:
        start = shift + one.cell * grid.every
        low, high = max(start, 0), min(start + one.first, DAY)
        if low < high:
            pieces.append(Piece(low, high, one.value, 0.0))
    return changed_within(pieces, changes, day)


def _two_passages(start: int, every: int, value: float, repeated: Repeated) -> list[Piece]:
    """What clocks show first of a repeated cell; what is left of it they show once, in its second passage."""
    turn = start + repeated.first
    return [
        Piece(max(low, 0), min(high, DAY), one, 0.0)
        for low, high, one in ((start, turn, value), (turn, start + every, repeated.value))
        if max(low, 0) < min(high, DAY)
    ]


def changed(pieces: Sequence[Piece], changes: Iterable[Change], day: date) -> Sequence[Piece]:
    """The curve of a date after changes, in their order; never below 0."""
    for change in changes:
        pieces = _changed(_filled(pieces), change, day)
    return pieces


def changed_within(pieces: Iterable[Piece], changes: Iterable[Change], day: date) -> list[Piece]:
    """The same of a curve that is known in part of the day: nothing is added outside that part."""
    found = list(pieces)
    for change in changes:
        found = _changed(found, change, day)
    return found


def touches(change: Change, day: date) -> bool:
    """Whether a change concerns a date."""
    return micros_between(day, change.end) > 0 and micros_between(day, change.start) < DAY


def _filled(pieces: Sequence[Piece]) -> list[Piece]:
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
    if not touches(change, day):
        return pieces
    start = micros_between(day, change.start)
    end = micros_between(day, change.end)
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


def times(pieces: Iterable[Piece], factor: float) -> list[Piece]:
    """The curve multiplied by a factor."""
    if factor == 1.0:
        return list(pieces)
    return [Piece(start, end, value * factor, slope * factor) for start, end, value, slope in pieces]


def stepped(pieces: Iterable[Piece], steps: Sequence[Step]) -> list[Piece]:
    """The curve multiplied by a step function that covers the day, both in order of time."""
    result = []
    at = 0
    for start, end, value, slope in pieces:
        low = start
        while low < end:
            while steps[at].end <= low:
                at += 1
            high = min(end, steps[at].end)
            factor = steps[at].times
            result.append(Piece(low, high, (value + slope * (low - start)) * factor, slope * factor))
            low = high
    return result


def multiplied(pieces: Sequence[Piece], by: ConstantPieces) -> Sequence[Piece]:
    """The curve multiplied by another that covers the day."""
    if not pieces:
        return pieces
    alike = isinstance(pieces, ConstantPieces) and (pieces.start, pieces.every) == (by.start, by.every)
    if not isinstance(pieces, ConstantPieces) or not alike or len(pieces.cells) != len(by.cells):
        return stepped(pieces, [Step(*piece[:3]) for piece in by])
    begun = max(pieces.begun, by.begun, key=len)
    if len(begun) < len(pieces.cells):
        begun = sorted({*pieces.begun, *by.begun})
    return ConstantPieces(
        tuple(map(mul, pieces.cells, by.cells)), pieces.start, pieces.every, pieces.first, pieces.last, begun
    )


def volume(pieces: Iterable[Piece]) -> float:
    """Area under a curve."""
    if isinstance(pieces, ConstantPieces):
        area: float = sum(map(mul, pieces.values, pieces.widths))
        return area
    return sum((value + 0.5 * slope * (end - start)) * (end - start) for start, end, value, slope in pieces)


def above_zero(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Stretches on which a curve is above 0 somewhere, microseconds since midnight."""
    if not isinstance(pieces, ConstantPieces):
        return [
            (start, end) for start, end, value, slope in pieces if value > 0.0 or value + slope * (end - start) > 0.0
        ]
    values = pieces.values
    if values and min(values) > 0.0:
        return [(pieces.first, pieces.last)]
    found = []
    last = 0
    for positive, run in groupby(values, (0.0).__lt__):
        first, last = last, last + len(list(run))
        if positive:
            found.append((pieces.edge(first), pieces.edge(last)))
    return found


def volume_between(pieces: Iterable[Piece], low: int, high: int) -> float:
    """Area under a curve from `low` to `high`, microseconds since its midnight."""
    if isinstance(pieces, ConstantPieces):
        return volume(pieces.between(low, high))
    cut = ((max(p.start, low), min(p.end, high), p) for p in pieces)
    return sum(
        (p.value + p.slope * (0.5 * (start + end) - p.start)) * (end - start) for start, end, p in cut if start < end
    )
