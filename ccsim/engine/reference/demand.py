"""Who arrives when: a process for each stream."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.philox import uniforms
from ccsim.engine.reference.calendar import Process, Rank, brought_in
from ccsim.engine.reference.session import come_in
from ccsim.engine.reference.severity import first_queue
from ccsim.engine.reference.visit import Visit
from ccsim.kernel import layout
from ccsim.model import Model
from ccsim.records import outcomes

if TYPE_CHECKING:
    from ccsim.engine.reference.centre import Centre


def arrivals(centre: Centre, stream: int, days: list[tuple[int, float]]) -> Process:
    """The first contacts of a stream's cases, of its trace or drawn day by day.

    `days`: row of the model's table of days, and contacts that a unit of the day's curve stands for.
    """
    model = centre.model
    traces = model.rules.traces
    first, count = traces.of_stream[stream].tolist()
    for row in range(first, first + count):
        date, number = int(traces.date[row]), int(traces.number[row])
        yield centre.calendar.at(int(traces.time[row]), Rank.ARRIVAL, (stream, date, number))
        queue = first_queue(centre, stream, (stream, date, number))
        visit = Visit(centre, queue, stream, date, number, counted=centre.counts(centre.now))
        visit.trace = row
        begin(visit)
    for row, contacts in days:
        if contacts <= 0.0:
            continue
        date = int(model.rules.days.date[row])
        for number, time in _of_a_day(model, centre.draws.streams[stream], row, contacts):
            if time >= 0:
                yield centre.calendar.at(time, Rank.ARRIVAL, (stream, date, number))
                queue = first_queue(centre, stream, (stream, date, number))
                begin(Visit(centre, queue, stream, date, number, counted=centre.counts(centre.now)))


class Avoided(Visit):
    """The visit that there would have been, had a deflection not spared the customer the contact; it is no case."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit.centre, visit.queue, visit.stream, visit.date, visit.number, counted=visit.counted)
        self.joined = self.left = self.talked = self.centre.now
        self.outcome, self.handled = outcomes.DEFLECTED, layout.NONE

    @property
    def line_row(self) -> int:
        """It stands in no line."""
        return layout.NONE

    def log(self) -> None:
        """Write it down."""
        self._write(self.centre.now)


def begin(visit: Visit) -> None:
    """A new case: its customer gets in touch, unless a deflection has spared them that."""
    centre = visit.centre
    rows = centre.model.rules.deflections
    first, count = rows.of_stream[visit.stream].tolist()
    comes = 1.0
    for row in range(first, first + count):
        share = float(rows.share[row]) * brought_in(int(rows.start[row]), int(rows.ramp[row]), centre.now)
        comes *= 1.0 - share
    if count == 0 or centre.draws.of(visit, keys.DEFLECTION)[0] < comes:
        come_in(visit)
    else:
        centre.under_way.discard(visit)
        Avoided(visit).log()


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
