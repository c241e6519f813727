"""Handle times of forecasts at instants: from the clocks of markets to microseconds since the start of the horizon."""

from __future__ import annotations

import numpy as np

from ccsim.centre.forecast_aht import ForecastAht
from ccsim.centre.shapes import Shapes
from ccsim.centre.streams import Stream
from ccsim.kernel.arrays import HandleMeans
from ccsim.kernel.kinds import KIND_FROM_FORECAST, Kinds
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.curves import Grid
from ccsim.language.scenario import Scenario
from ccsim.model.local_time import LocalClock
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks


def means_by_instant(grid: Grid, clock: LocalClock, span: Span) -> tuple[Ints, Floats]:
    """[rows] Instants from which on a forecast says another handle time, and these times in microseconds; the first row
    holds at the start of the horizon. Both passages of a repeated hour are alike."""
    said = ForecastAht(grid)
    since: list[int] = []
    means: list[float] = []
    for day in clock.days(0, span.end):
        steps = said.on(day.day)
        for stretch in day.stretches:
            for step in steps:
                low = max(step.start, stretch.clock)
                if low < min(step.end, stretch.clock + stretch.length) and (not means or means[-1] != step.value):
                    since.append(stretch.start + low - stretch.clock)
                    means.append(step.value)
    return np.array(since, np.int64), np.array(means, np.float64)


def handle_means(
    scenario: Scenario, streams: list[Stream], span: Span, clocks: Clocks, shapes: Shapes, kinds: Kinds
) -> HandleMeans:
    """What forecasts say of streams in order of rank; nothing where no kind of queues takes its times from one."""
    asked = bool(kinds.rows[:, KIND_FROM_FORECAST].any())
    made: dict[tuple[int, str], tuple[int, int]] = {}
    since, means = [np.zeros(1, np.int64)], [np.zeros(1, np.float64)]
    rows = 1
    of_stream = np.zeros((len(streams), 2), np.int64)
    for rank, stream in enumerate(streams):
        aht = scenario.demand[stream.volume].aht
        if not asked or aht is None:
            continue
        key = (id(aht), shapes.of(stream).time_zone)
        if key not in made:
            at, mean = means_by_instant(aht, clocks.of(key[1]), span)
            since.append(at)
            means.append(mean)
            made[key] = (rows, len(at))
            rows += len(at)
        of_stream[rank] = made[key]
    return HandleMeans(of_stream, np.concatenate(since), np.concatenate(means))
