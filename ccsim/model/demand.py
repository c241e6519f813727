"""Arrivals as arrays: curves of local days, how often each is taken, day factors, traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, pairwise
from operator import mul, sub
from typing import Final

import numpy as np

from ccsim.centre.pieces import Piece, columns_of
from ccsim.centre.shapes import Curve, Shape, Shapes, shapes_of, without_deflections
from ccsim.centre.streams import Stream
from ccsim.kernel.arrays import Days, Traces
from ccsim.kernel.layout import FAR, NONE, Floats, Ints
from ccsim.language.demand import Volume
from ccsim.language.scenario import Scenario
from ccsim.language.traces import Trace
from ccsim.model.curves import real_pieces
from ccsim.model.local_time import LocalDay
from ccsim.model.model import DayOpening, Factors, Span
from ccsim.model.staffed_pools import Clocks

NEVER: Final = -2
"""Patience without end, as a trace says it."""
_LONG_AGO: Final = 1 << 31
"""No date lies more days before 1970."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is known beforehand of arrivals."""

    days: Days
    """Curves of days; streams of one shape share their rows."""
    traces: Traces
    """Recorded contacts."""
    openings: tuple[DayOpening, ...]
    """When the days of streams begin."""
    factors: Factors
    """Random volume factors of the days."""


class _Curves:
    """Curves of real days, each kept once."""

    def __init__(self) -> None:
        self._rows: dict[tuple[tuple[float, ...], ...], int] = {}
        self._made: dict[tuple[Curve, tuple[tuple[int, int, int], ...]], int] = {}
        self._bounds: list[tuple[int, int]] = []
        self._start: list[int] = []
        self._end: list[int] = []
        self._value: list[float] = []
        self._slope: list[float] = []
        self._until: list[float] = []

    def row(self, curve: Curve, day: LocalDay) -> int:
        """Row of a curve by the clock on a real day."""
        clock = () if day.plain else tuple((s.start - day.start, s.clock, s.length) for s in day.stretches)
        key = (curve, clock)
        if key not in self._made:
            self._made[key] = self._row(real_pieces(curve.pieces, day, keep_volume=True, again=curve.again), day.length)
        return self._made[key]

    def _row(self, pieces: Sequence[Piece], day_length: int) -> int:
        start, end, value, slope = columns_of(pieces)
        if min(value, default=0.0) <= 0.0:
            kept = [one > 0.0 or rise > 0.0 for one, rise in zip(value, slope, strict=True)]
            start, end = list(compress(start, kept)), list(compress(end, kept))
            value, slope = list(compress(value, kept)), list(compress(slope, kept))
        if not start:
            start, end, value, slope = [0], [day_length], [0.0], [0.0]
        key = (tuple(start), tuple(end), tuple(value), tuple(slope), (day_length,))
        if key not in self._rows:
            self._rows[key] = len(self._bounds)
            self._bounds.append((len(self._start), len(start)))
            width = list(map(sub, end, start))
            amid = value
            if any(slope):
                amid = [one + 0.5 * rise * wide for one, rise, wide in zip(value, slope, width, strict=True)]
            self._until += accumulate(map(mul, amid, width))
            self._start += start
            self._end += end
            self._value += value
            self._slope += slope
        return self._rows[key]

    def arrays(self) -> tuple[Ints, Ints, Ints, Floats, Floats, Floats]:
        none = not self._start
        return (
            np.array([(0, 1)] if none else self._bounds, np.int64),
            np.array([0] if none else self._start, np.int64),
            np.array([1] if none else self._end, np.int64),
            np.array([0.0] if none else self._value, np.float64),
            np.array([0.0] if none else self._slope, np.float64),
            np.array([0.0] if none else self._until, np.float64),
        )


class _Rows:
    """Rows of `Days`: the local days of every shape."""

    def __init__(self, shapes: Shapes, days: dict[str, list[LocalDay]]) -> None:
        self._shapes = shapes
        self._days = days
        self._of: dict[Shape, tuple[int, int]] = {}
        self.curves = _Curves()
        self.start: list[int] = []
        self.date: list[int] = []
        self.curve: list[int] = []
        self.times: list[float] = []

    def of(self, shape: Shape) -> tuple[int, int]:
        """First row and number of rows of a shape."""
        if shape not in self._of:
            first = len(self.start)
            days = self._days[shape.time_zone]
            for day, (times, curve) in zip(days, self._shapes.over(shape, days[0].day, len(days)), strict=True):
                self.curve.append(self.curves.row(curve, day))
                self.times.append(times)
            self.start.extend(day.start for day in days)
            self.date.extend(day.number for day in days)
            self._of[shape] = (first, len(self.start) - first)
        return self._of[shape]


def compile_demand(
    scenario: Scenario, streams: list[Stream], span: Span, clocks: Clocks | None = None, shapes: Shapes | None = None
) -> Demand:
    """Curves, day factors and traces of streams in order of rank; `clocks` and `shapes`: if they are made already.

    What deflections avoid is among them: it is avoided as it would come, so that the other contacts stay the same.
    """
    clocks = clocks or Clocks(span.start_utc)
    shapes = shapes_of(without_deflections(scenario)) if scenario.deflections or shapes is None else shapes
    shape_of = [shapes.of(stream) for stream in streams]
    zones = sorted({shape.time_zone for shape in shape_of})
    days_of = {zone: clocks.of(zone).days(0, span.end) for zone in zones}
    volumes = [scenario.demand[stream.volume] for stream in streams]
    rows = _Rows(shapes, days_of)
    traced = [volume.trace is not None for volume in volumes]
    of_stream = [(0, 0) if gone else rows.of(shape) for gone, shape in zip(traced, shape_of, strict=True)]
    bounds, piece_from, piece_end, rate, slope, until = rows.curves.arrays()
    days = Days(
        np.array(of_stream, np.int64).reshape(-1, 2),
        np.array(rows.start or [0], np.int64),
        np.array(rows.date or [0], np.int64),
        np.array(rows.curve or [0], np.int64),
        bounds,
        piece_from,
        piece_end,
        rate,
        slope,
        until,
    )
    times = np.array(rows.times or [0.0], np.float64)
    share = np.array([0.0 if gone else stream.share for gone, stream in zip(traced, streams, strict=True)], np.float64)
    factors, factor_rows = _factors(days, streams, volumes)
    openings = _openings(days, times, share, factor_rows)
    recorded = [
        _Recorded(volume.trace, days_of[shape.time_zone]) for volume, shape in zip(volumes, shape_of, strict=True)
    ]
    return Demand(days, _compile_traces(recorded), openings, factors)


def _stream_days(days: Days) -> tuple[Ints, Ints]:
    """Rank and row of `Days` of every day of every stream, stream by stream."""
    counts = days.of_stream[:, 1]
    ranks = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return ranks, np.arange(len(ranks)) + np.repeat(days.of_stream[:, 0] - before, counts)


def _factors(days: Days, streams: list[Stream], volumes: list[Volume]) -> tuple[Factors, Ints]:
    """Day factors of volumes, and the row of the factor of every day of every stream."""
    random = {
        stream.volume: (volume.draws_as or stream.volume, volume.day_factor)
        for stream, volume in zip(streams, volumes, strict=True)
        if volume.day_factor is not None and volume.day_factor.cv > 0.0
    }
    number = {volume: row for row, volume in enumerate(sorted(random))}
    ranks, rows = _stream_days(days)
    names = np.array([number.get(stream.volume, NONE) for stream in streams], np.int64)[ranks]
    # Name and date in one word, 0 where there is no factor.
    words = np.where(names == NONE, 0, (names + 1 << 32) + (days.date[rows] + _LONG_AGO))
    distinct, of_day = np.unique(np.concatenate(([0], words)), return_inverse=True)
    of = np.stack(((distinct >> 32) - 1, (distinct & 0xFFFFFFFF) - _LONG_AGO), axis=1)
    of[0] = NONE, 0
    known = [random[volume] for volume in number]
    return Factors(
        tuple(stream for stream, _ in known),
        tuple(factor.shared or "" for _, factor in known),
        np.array([factor.correlation for _, factor in known], np.float64),
        np.array([factor.cv for _, factor in known], np.float64),
        of,
    ), of_day[1:]


def _openings(days: Days, times: Floats, share: Floats, factor_rows: Ints) -> tuple[DayOpening, ...]:
    """The local midnights of all streams in order of time, their streams in order of rank."""
    ranks, rows = _stream_days(days)
    order = np.lexsort((ranks, days.start[rows]))
    ranks, rows, factor_rows = ranks[order], rows[order], factor_rows[order]
    scale = times[rows] * share[ranks]
    starts = days.start[rows]
    cuts = np.flatnonzero(np.diff(starts, prepend=starts[:1] - 1)).tolist()
    return tuple(
        DayOpening(int(starts[a]), ranks[a:b].copy(), rows[a:b].copy(), scale[a:b].copy(), factor_rows[a:b].copy())
        for a, b in pairwise([*cuts, len(starts)])
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A trace, or none, and the days of its market."""

    trace: Trace | None
    days: list[LocalDay]


def _compile_traces(recorded: list[_Recorded]) -> Traces:
    columns: list[list[Ints]] = [[], [], [], [], [], []]
    counts = []
    for one in recorded:
        replayed = _replayed(one.trace, one.days) if one.trace is not None else ()
        for column, values in zip(columns, replayed, strict=bool(replayed)):
            column.append(values)
        counts.append(len(replayed[0]) if replayed else 0)
    joined = [np.concatenate(column) if sum(counts) else np.array([FAR], np.int64) for column in columns]
    of_stream = (
        np.stack((np.cumsum(counts) - counts, counts), axis=1).astype(np.int64)
        if counts
        else np.zeros((0, 2), np.int64)
    )
    return Traces(of_stream, *joined)


def _replayed(trace: Trace, days: list[LocalDay]) -> tuple[Ints, ...]:
    """Times, dates, numbers in the date, talks, wrap-ups and patiences of a trace from the start of the horizon on."""
    time = np.array(trace.time, np.int64)
    none = np.full(len(time), NONE, np.int64)
    talk = np.array(trace.talk, np.int64) if trace.talk else none
    wrap_up = np.array(trace.wrap_up, np.int64) if trace.wrap_up else np.where(talk >= 0, 0, NONE)
    patience = np.array(trace.patience, np.int64) if trace.patience else none
    midnights = np.array([day.start for day in days], np.int64)
    at = np.maximum(np.searchsorted(midnights, time, side="right") - 1, 0)
    simulated = time >= 0
    at = at[simulated]
    date = np.array([day.number for day in days], np.int64)[at]
    number = np.arange(len(at)) - np.searchsorted(at, at, side="left")
    patience = np.where(patience == NEVER, FAR, patience)
    return time[simulated], date, number, talk[simulated], wrap_up[simulated], patience[simulated]
