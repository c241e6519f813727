"""Arrivals as arrays: curves of local days, traces."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import numpy as np

from ccsim.kernel.layout import FAR, NONE, Days, Floats, Ints, Traces
from ccsim.model.curves import Piece, local_pieces, real_pieces
from ccsim.model.local_time import LocalClock, LocalDay
from ccsim.model.model import DayOpening, Span
from ccsim.scenario.sections import Stream, Trace


@dataclass(frozen=True, slots=True)
class Demand:
    """What the kernel needs to know of arrivals."""

    days: Days
    traces: Traces
    openings: tuple[DayOpening, ...]


class _Curves:
    """Curves of days, each kept once."""

    def __init__(self) -> None:
        self._rows: dict[tuple[tuple[Piece, ...], int], int] = {}
        self._bounds: list[tuple[int, int]] = []
        self._pieces: list[Piece] = []
        self._until: list[float] = []

    def row(self, pieces: list[Piece], day_length: int) -> int:
        kept = tuple(p for p in pieces if p.value > 0.0 or p.slope > 0.0)
        if not kept:
            kept = (Piece(0, day_length, 0.0, 0.0),)
        key = (kept, day_length)
        if key not in self._rows:
            self._rows[key] = len(self._bounds)
            self._bounds.append((len(self._pieces), len(kept)))
            total = 0.0
            for piece in kept:
                width = piece.end - piece.start
                total += (piece.value + 0.5 * piece.slope * width) * width
                self._until.append(total)
            self._pieces.extend(kept)
        return self._rows[key]

    def arrays(self) -> tuple[Ints, Ints, Ints, Floats, Floats, Floats]:
        pieces = self._pieces or [Piece(0, 1, 0.0, 0.0)]
        return (
            np.array(self._bounds or [(0, 1)], np.int64),
            np.array([p.start for p in pieces], np.int64),
            np.array([p.end for p in pieces], np.int64),
            np.array([p.value for p in pieces], np.float64),
            np.array([p.slope for p in pieces], np.float64),
            np.array(self._until or [0.0], np.float64),
        )


def compile_demand(streams: list[Stream], clock: LocalClock, span: Span) -> Demand:
    """Curves and traces of streams in order of rank."""
    local_days = clock.days(0, span.end)
    curves = _Curves()
    of_stream: list[tuple[int, int]] = []
    starts: list[int] = []
    dates: list[int] = []
    rows: list[int] = []
    opening: dict[int, tuple[list[int], list[int]]] = {}
    plain: dict[object, int] = {}
    for rank, stream in enumerate(streams):
        first = len(starts)
        if stream.rate is not None:
            for day in local_days:
                row = _day_row(stream, day, curves, plain)
                ranks, day_rows = opening.setdefault(day.start, ([], []))
                ranks.append(rank)
                day_rows.append(len(starts))
                starts.append(day.start)
                dates.append(day.number)
                rows.append(row)
        of_stream.append((first, len(starts) - first))
    bounds, piece_from, piece_end, rate, slope, until = curves.arrays()
    return Demand(
        Days(
            np.array(of_stream, np.int64),
            np.array(starts or [0], np.int64),
            np.array(dates or [0], np.int64),
            np.array(rows or [0], np.int64),
            bounds,
            piece_from,
            piece_end,
            rate,
            slope,
            until,
        ),
        _compile_traces([stream.trace for stream in streams], local_days),
        tuple(
            DayOpening(time, np.array(ranks, np.int64), np.array(day_rows, np.int64))
            for time, (ranks, day_rows) in sorted(opening.items())
        ),
    )


def _day_row(stream: Stream, day: LocalDay, curves: _Curves, plain: dict[object, int]) -> int:
    assert stream.rate is not None
    repeats = stream.rate.grid.start is None and not stream.changes and day.plain
    if repeats and stream.rate in plain:
        return plain[stream.rate]
    linear = stream.rate.interpolate == "linear"
    by_clock = local_pieces(stream.rate.grid, linear, stream.changes, day.day)
    row = curves.row(real_pieces(by_clock, day, keep_volume=True), day.length)
    if repeats:
        plain[stream.rate] = row
    return row


def _compile_traces(traces: list[Trace | None], days: list[LocalDay]) -> Traces:
    midnights = [day.start for day in days]
    of_stream: list[tuple[int, int]] = []
    columns: list[list[int]] = [[], [], [], [], [], []]
    for trace in traces:
        first = len(columns[0])
        numbers: dict[int, int] = {}
        for i, time in enumerate(trace.time if trace is not None else ()):
            assert trace is not None
            if time < 0:
                continue
            day = days[max(bisect.bisect_right(midnights, time) - 1, 0)]
            number = numbers.get(day.number, 0)
            numbers[day.number] = number + 1
            talk = trace.talk[i] if trace.talk else NONE
            wrap_up = trace.wrap_up[i] if trace.wrap_up else (0 if talk >= 0 else NONE)
            patience = trace.patience[i] if trace.patience else NONE
            row = (time, day.number, number, talk, wrap_up, FAR if patience == -2 else patience)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
        of_stream.append((first, len(columns[0]) - first))
    time_, date_, number_, talk_, wrap_, patience_ = (np.array(column or [FAR], np.int64) for column in columns)
    return Traces(np.array(of_stream, np.int64), time_, date_, number_, talk_, wrap_, patience_)
