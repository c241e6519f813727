"""The typical week of demand: expected contacts by half hour, the mean week of the counted length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ccsim.centre.pieces import Piece
from ccsim.centre.shapes import Curve, Shape, Shapes, shapes_of
from ccsim.centre.streams import Stream
from ccsim.kernel.layout import Floats
from ccsim.language.scenario import Scenario
from ccsim.language.traces import Trace
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
        self._rows: dict[Shape | str, int] = {}
        self._weeks: list[Floats] = []
        self._days: dict[Curve, Floats] = {}

    def row_of(self, stream: Stream) -> int:
        """Row of `weeks` that the contacts of a stream follow; its share of the volume times that row are its own."""
        trace = self._scenario.demand[stream.volume].trace
        key: Shape | str = stream.volume if trace is not None else self._shapes.of(stream)
        if key not in self._rows:
            self._rows[key] = len(self._weeks)
            self._weeks.append(self._recorded(trace) if trace is not None else self._planned(self._shapes.of(stream)))
        return self._rows[key]

    @property
    def weeks(self) -> Floats:
        """[rows, slots] Contacts of whole volumes by half hour from Monday 00:00 UTC."""
        return np.array(self._weeks).reshape(-1, SLOTS)

    def _planned(self, shape: Shape) -> Floats:
        clock = self._clocks.of(shape.time_zone)
        found = np.zeros((7, _DAY_SLOTS))
        days = np.zeros(7)
        first = clock.date_at(self._span.counted_from)
        monday = first.weekday()
        for number, (factor, curve) in enumerate(self._shapes.over(shape, first, counted_days(self._span))):
            if curve not in self._days:
                self._days[curve] = _by_slot(curve)
            found[(monday + number) % 7] += factor * self._days[curve]
            days[(monday + number) % 7] += 1
        return utc_week((found / days[:, None]).ravel(), offset_of(clock, self._span))

    def _recorded(self, trace: Trace) -> Floats:
        times = np.array(trace.time, np.int64)
        times = times[(times >= self._span.counted_from) & (times < self._span.counted_until)]
        monday = 4 * DAY  # 1970-01-01 was a Thursday
        slots = (times + self._span.start_utc - monday) % WEEK // SLOT
        weeks = max((self._span.counted_until - self._span.counted_from) / WEEK, 1.0)
        return np.bincount(slots, minlength=SLOTS) / weeks


def _by_slot(curve: Curve) -> Floats:
    """[slots of a day] Area under a curve, by the clock."""
    return _area_by_slot(curve.pieces) + _area_by_slot(curve.again)


def _area_by_slot(pieces: Sequence[Piece]) -> Floats:
    if not pieces:
        return np.zeros(_DAY_SLOTS)
    start, end, value, slope = (np.array(column, np.float64) for column in zip(*pieces, strict=True))
    width = end - start
    before = np.concatenate([[0.0], np.cumsum((value + 0.5 * slope * width) * width)])
    edges = np.arange(_DAY_SLOTS + 1, dtype=np.float64) * SLOT
    piece = np.searchsorted(start, edges, side="right") - 1
    inside = np.clip(np.minimum(edges, end[piece]) - start[piece], 0.0, None)
    until = before[piece] + (value[piece] + 0.5 * slope[piece] * inside) * inside
    until[piece < 0] = 0.0
    return np.diff(until)
