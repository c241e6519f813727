"""The typical week of demand: expected contacts by half hour, the mean week of the counted length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ccsim.centre.deflections import left_at
from ccsim.centre.forecast_aht import ForecastWork
from ccsim.centre.pieces import ConstantPieces, Piece, columns_of
from ccsim.centre.shapes import Curve, Shape, Shapes, shapes_of
from ccsim.centre.streams import Stream
from ccsim.kernel.layout import Floats
from ccsim.language.scenario import Scenario
from ccsim.language.traces import Trace
from ccsim.model.handle_means import means_by_instant
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, counted_days, offset_of, utc_week
from ccsim.model.weekly_schedules import SLOT, SLOTS
from ccsim.units import DAY, WEEK

_DAY_SLOTS = SLOTS // 7


class TypicalWeek:
    """Expected contacts of a scenario's streams in a week of UTC, each shape made once."""

    def __init__(self, scenario: Scenario, clocks: Clocks, span: Span, shapes: Shapes | None = None) -> None:
        """`shapes`: those of the scenario, where they have been made already."""
        self._scenario = scenario
        self._clocks = clocks
        self._span = span
        self._shapes = shapes or shapes_of(scenario)
        self._work = ForecastWork(scenario, self._shapes)
        self._rows: dict[tuple[Shape | tuple[str, tuple[str, ...]], bool], int] = {}
        self._weeks: list[Floats] = []
        self._days: dict[Curve, Floats] = {}

    def row_of(self, stream: Stream) -> int:
        """Row of `weeks` that the contacts of a stream follow; its share of the volume times that row are its own."""
        return self._row(stream, work=False)

    def work_row_of(self, stream: Stream) -> int:
        """Row of `weeks` with the handle time that the forecast says for these contacts, in microseconds."""
        return self._row(stream, work=True)

    def _row(self, stream: Stream, *, work: bool) -> int:
        trace = self._scenario.demand[stream.volume].trace
        shape = self._shapes.of(stream)
        key = ((stream.volume, shape.deflections) if trace is not None else shape, work)
        if key not in self._rows:
            self._rows[key] = len(self._weeks)
            if trace is None:
                week = self._planned(shape, self._work if work else self._shapes)
            else:
                week = self._recorded(trace, stream, work=work)
            self._weeks.append(week)
        return self._rows[key]

    @property
    def weeks(self) -> Floats:
        """[rows, slots] Contacts of whole volumes by half hour from Monday 00:00 UTC; or their work."""
        return np.array(self._weeks).reshape(-1, SLOTS)

    def _planned(self, shape: Shape, of: Shapes | ForecastWork) -> Floats:
        clock = self._clocks.of(shape.time_zone)
        found = np.zeros((7, _DAY_SLOTS))
        days = np.zeros(7)
        first = clock.date_at(self._span.counted_from)
        monday = first.weekday()
        for number, (factor, curve) in enumerate(of.over(shape, first, counted_days(self._span))):
            if curve not in self._days:
                self._days[curve] = _by_slot(curve)
            found[(monday + number) % 7] += factor * self._days[curve]
            days[(monday + number) % 7] += 1
        return utc_week((found / days[:, None]).ravel(), offset_of(clock, self._span))

    def _recorded(self, trace: Trace, stream: Stream, *, work: bool) -> Floats:
        times = np.array(trace.time, np.int64)
        times = times[(times >= self._span.counted_from) & (times < self._span.counted_until)]
        monday = 4 * DAY  # 1970-01-01 was a Thursday
        slots = (times + self._span.start_utc - monday) % WEEK // SLOT
        weeks = max((self._span.counted_until - self._span.counted_from) / WEEK, 1.0)
        took = np.array(left_at(self._scenario, stream, times.tolist())) if self._scenario.deflections else None
        aht = self._scenario.demand[stream.volume].aht
        if work and aht is not None:
            since, means = means_by_instant(aht, self._clocks.of(self._shapes.of(stream).time_zone), self._span)
            mean = means[np.searchsorted(since, times, side="right") - 1]
            took = mean if took is None else took * mean
        return np.bincount(slots, took, minlength=SLOTS) / weeks


def _by_slot(curve: Curve) -> Floats:
    """[slots of a day] Area under a curve, by the clock."""
    area = _area_by_slot(curve.pieces)
    return area + _area_by_slot(curve.again) if curve.again else area


def _area_by_slot(pieces: Sequence[Piece]) -> Floats:
    if not pieces:
        return np.zeros(_DAY_SLOTS)
    if isinstance(pieces, ConstantPieces) and pieces.fills(SLOT):
        # Most days of a forecast: what follows gives the same to the last digit.
        until = np.concatenate([[0.0], np.cumsum(np.array(pieces.cells) * pieces.every)])
        return np.diff(until[:: SLOT // pieces.every])
    start, end, value, slope = (np.array(column, np.float64) for column in columns_of(pieces))
    width = end - start
    before = np.concatenate([[0.0], np.cumsum((value + 0.5 * slope * width) * width)])
    edges = np.arange(_DAY_SLOTS + 1, dtype=np.float64) * SLOT
    piece = np.searchsorted(start, edges, side="right") - 1
    inside = np.clip(np.minimum(edges, end[piece]) - start[piece], 0.0, None)
    until = before[piece] + (value[piece] + 0.5 * slope[piece] * inside) * inside
    until[piece < 0] = 0.0
    return np.diff(until)
