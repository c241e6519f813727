"""Simulate one replication with the reference engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.engine.control import day_factors
from ccsim.engine.reference.centre import Centre
from ccsim.engine.reference.demand import arrivals
from ccsim.engine.simulated import Simulated
from ccsim.engine.statistics import Statistics
from ccsim.model import Model
from ccsim.records.tables import AGE_BANDS
from ccsim.units import HOUR


@dataclass(frozen=True, slots=True)
class Logs:
    """What one replication left, before it is added up."""

    visits: NDArray[np.int64]
    """[visits, LOG_WIDTH]"""
    spans: NDArray[np.int64]
    """[spans, SPAN_WIDTH]"""
    backlogs: tuple[tuple[int, NDArray[np.int64]], ...]
    """Midnights, and [visits, 2] queue and age of the deferred visits that waited then."""
    events: int
    """Events taken."""
    end: int
    """When the run ended."""
    ratings: Mapping[tuple[int, int, int, str], int]
    """Sums of ratings, see `ccsim.engine.reference.ratings`."""


def simulate_logs(model: Model, *, seed: int, replication: int) -> Logs:
    """Simulate one replication and give its logs; `seed` and `replication` as in `ccsim.engine.simulate`."""
    centre = Centre(model, seed, replication)
    centre.lay_backlog()
    centre.follow_plan()
    _begin_streams(centre, seed, replication)
    span, midnights = model.span, []
    for midnight in model.midnights:
        _run_until(centre, midnight)
        midnights.append((midnight, centre.waiting_deferred()))
    end = span.counted_until
    _run_until(centre, end)
    while end < span.end and centre.counted_under_way():
        end = min(end + span.interval, span.end)
        _run_until(centre, end)
    centre.close()
    return Logs(
        centre.log.visits(), centre.log.spans(), tuple(midnights), centre.calendar.taken, end, centre.ratings.found
    )


def _run_until(centre: Centre, instant: int) -> None:
    """Simulate all that comes before an instant."""
    if instant > centre.calendar.now:
        centre.calendar.run(until=instant)


def _begin_streams(centre: Centre, seed: int, replication: int) -> None:
    model, factors = centre.model, day_factors(centre.model, seed, replication)
    days: dict[int, list[tuple[int, float]]] = {}
    for opening in model.openings:
        contacts = (factors[opening.factor] * opening.scale).tolist()
        for stream, row, one in zip(opening.streams.tolist(), opening.rows.tolist(), contacts, strict=True):
            days.setdefault(stream, []).append((row, one))
    for stream in range(len(model.streams)):
        centre.calendar.process(arrivals(centre, stream, days.get(stream, [])))


def simulate_by_reference(model: Model, *, seed: int, replication: int, visits: bool = False) -> Simulated:
    """Simulate one replication of a model, slowly: the tables that `ccsim.engine.simulate` gives, of the same
    values."""
    logs = simulate_logs(model, seed=seed, replication=replication)
    statistics = Statistics(model, seed=seed, replication=replication, visits=visits)
    statistics.add(logs.visits, logs.spans)
    bands = np.array(AGE_BANDS, np.int64) * HOUR
    for midnight, waiting in logs.backlogs:
        counts = np.zeros((len(model.names["flows"]), len(AGE_BANDS)), np.int64)
        band = np.searchsorted(bands, waiting[:, 1], side="right") - 1
        np.add.at(counts, (model.groups.flow[waiting[:, 0]], band), 1)
        statistics.add_backlog(counts, midnight)
    tables = statistics.tables(events=logs.events, end=logs.end)
    statistics.give_back()
    return Simulated(tables)
