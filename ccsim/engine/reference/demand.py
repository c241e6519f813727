"""Who arrives when: a process for each stream."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.philox import uniforms
from ccsim.engine.reference.calendar import Process, Rank
from ccsim.engine.reference.session import come_in
from ccsim.engine.reference.visit import Visit
from ccsim.model import Model

if TYPE_CHECKING:
    from ccsim.engine.reference.centre import Centre


def arrivals(centre: Centre, stream: int, days: list[tuple[int, float]]) -> Process:
    """The first contacts of a stream's cases, of its trace or drawn day by day.

    `days`: row of the model's table of days, and contacts that a unit of the day's curve stands for.
    """
    model, queue = centre.model, int(centre.model.rules.first_queue[stream])
    traces = model.rules.traces
    first, count = traces.of_stream[stream].tolist()
    for row in range(first, first + count):
        date, number = int(traces.date[row]), int(traces.number[row])
        yield centre.calendar.at(int(traces.time[row]), Rank.ARRIVAL, (stream, date, number))
        visit = Visit(centre, queue, stream, date, number, counted=centre.counts(centre.now))
        visit.trace = row
        come_in(visit)
    for row, contacts in days:
        if contacts <= 0.0:
            continue
        date = int(model.rules.days.date[row])
        for number, time in _of_a_day(model, centre.luck.streams[stream], row, contacts):
            if time >= 0:
                yield centre.calendar.at(time, Rank.ARRIVAL, (stream, date, number))
                come_in(Visit(centre, queue, stream, date, number, counted=centre.counts(centre.now)))


def _of_a_day(model: Model, key: tuple[int, int], row: int, contacts: float) -> Iterator[tuple[int, int]]:
    """Number and time of a local day's arrivals: a Poisson process of rate 1 through the inverse of its curve."""
    days = model.rules.days
    first, count = days.curve_pieces[days.curve[row]].tolist()
    pieces = [
        (int(begin), int(end), float(rate), float(slope), float(until))
        for begin, end, rate, slope, until in zip(
            *(
                column[first : first + count]
                for column in (days.piece_from, days.piece_end, days.piece_rate, days.piece_slope, days.piece_until)
            ),
            strict=True,
        )
    ]
    midnight, date = int(days.start[row]), int(days.date[row])
    time, total, number, before = midnight, 0.0, 0, 0.0
    for begin, end, rate, slope, until in pieces:
        while True:
            gap = uniforms(*key, date, number >> 1, 0, keys.ARRIVAL)[number & 1]
            reached = total - math.log(gap) * (1.0 / contacts)
            if until < reached:
                break  # not in this piece: the same gap reaches on into the next
            rise = reached - before
            if slope == 0.0:
                elapsed = rise / rate
            else:
                elapsed = 2.0 * rise / (rate + math.sqrt(max(rate * rate + 2.0 * slope * rise, 0.0)))
            time = max(midnight + min(begin + int(elapsed), end - 1), time)
            yield number, time
            total = reached
            number += 1
        before = until
