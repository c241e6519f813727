"""Compile a scenario."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from ccsim.centre.eligible import Eligibility
from ccsim.centre.shapes import shapes_of
from ccsim.centre.streams import streams_of
from ccsim.copies import Beside
from ccsim.draws import keys
from ccsim.errors import Fault, ScenarioError
from ccsim.kernel import arrays, layout
from ccsim.kernel.layout import Ints
from ccsim.kernel.state import longest_replication
from ccsim.language.scenario import Scenario
from ccsim.model.assignees import assignees_of
from ccsim.model.bots import bot_arrays
from ccsim.model.callbacks import needed_clocks
from ccsim.model.deflections import deflection_arrays
from ccsim.model.demand import compile_demand
from ccsim.model.handle_means import handle_means
from ccsim.model.law_rows import LawRows
from ccsim.model.load import Known
from ccsim.model.local_time import utc_micros
from ccsim.model.misroutes import misroute_arrays
from ccsim.model.model import Model, Span
from ccsim.model.names import flows_of, names_of, tally_groups
from ccsim.model.opening_backlog import opening_backlog
from ccsim.model.quality import quality_of
from ccsim.model.ratings import ratings_of
from ccsim.model.route_arrays import class_arrays, group_arrays, pool_arrays, queue_arrays, seats_of
from ccsim.model.routes import make_routes
from ccsim.model.severities import severity_arrays
from ccsim.model.staffed_pools import Clocks
from ccsim.model.time_outs import time_out_arrays
from ccsim.model.workforce import Workforce, compile_workforce
from ccsim.model.working_clocks import working_clocks

MANY_STREAMS: Final = 200
"""Of so many, people take long enough to be rostered beside the rest."""

_PICK = {
    "longest_idle": layout.PICK_LONGEST_IDLE,
    "fewest_in_hand": layout.PICK_FEWEST_IN_HAND,
    "least_occupied": layout.PICK_LEAST_OCCUPIED,
    "random": layout.PICK_RANDOM,
}


@contextmanager
def _not_collecting() -> Iterator[None]:
    """No garbage collection: nearly all objects of a compile live on, and looking through them takes a tenth of its
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _oldest(scenario: Scenario) -> int:
    """When the first contact of the opening backlog came: 0 or before."""
    return -max((batch.oldest for volume in scenario.demand.values() for batch in volume.backlog), default=0)


def _twins(scenario: Scenario, agents: Ints) -> Ints:
    """[agents] Next row of the same person, in a ring; people of a roster with groups have a row in each."""
    twins = np.full(int(agents[:, 1].sum()), layout.NONE, np.int64)
    ranks: dict[str, list[int]] = {}
    for rank, (_, pool) in enumerate(sorted(scenario.pools.items())):
        if pool.roster is not None and pool.roster.group_of:
            ranks.setdefault(pool.roster.group_of, []).append(rank)
    for groups in ranks.values():
        for rank, other in zip(groups, [*groups[1:], groups[0]], strict=True):
            first, count = agents[rank]
            twins[first : first + count] = agents[other, 0] + np.arange(count)
    return twins


@_not_collecting()
def compile_model(
    scenario: Scenario, planned_by: Scenario | None = None, *, check: Callable[[], object] | None = None
) -> Model:
    """Everything that is the same in every replication, as arrays.

    `planned_by`: the scenario whose load people are required and rostered for, where it is another one, with the same
    streams and pools: what is simulated then differs from what was planned for.
    `check`: looks whether it should be compiled at all, before anything that may take long; what it raises ends it.

    Ranks are by sorted name, so the order of declaration changes nothing. Raises `ScenarioError` for a queue that no
    pool serves or that has no handle time (the reader finds these first, with their place).
    """
    horizon = scenario.horizon
    start_utc = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    counted_from = horizon.warm_up
    counted_until = counted_from + horizon.length
    span = Span(counted_from, counted_until, counted_until + horizon.drain, horizon.interval, start_utc)
    clocks = Clocks(start_utc)

    streams = streams_of(scenario)
    many = len(streams) >= MANY_STREAMS
    if check is not None and not many:
        check()
    random_streams = [stream.draws_as for stream in streams]
    keys.check_collisions(keys.STREAM, random_streams)
    keys.check_vendors(scenario.vendors)
    pool_random_streams = tuple(scenario.pools[name].draws_as or name for name in sorted(scenario.pools))
    keys.check_collisions(keys.POOL, pool_random_streams)
    if span.end >= longest_replication(len(streams)):
        raise ScenarioError([Fault(f"the horizon is too long for {len(streams)} streams", "horizon.length")])

    known = Known(streams, Eligibility(scenario), shapes_of(scenario))
    routes = make_routes(scenario, streams, known.eligibility)
    laws = LawRows()

    def people() -> Workforce:
        return compile_workforce(scenario, routes, clocks, span, known if planned_by is None else None, planned_by)

    with Beside(people, worth=many) as beside:
        if check is not None and many:
            check()
        queues, kinds, told, callbacks, comebacks, of_kinds = queue_arrays(routes, laws)
        demand = compile_demand(scenario, streams, span, clocks, known.shapes)
        flows = flows_of(routes)
        working = working_clocks(needed_clocks(routes), clocks, span, _oldest(scenario))
        deflections = deflection_arrays(scenario, streams)
        backlog = opening_backlog(scenario, streams, clocks)
        workforce = beside.made()
    ratings = ratings_of(routes, workforce.agents)
    kinds, quality = quality_of(routes, of_kinds, kinds, workforce.agents, start_utc)
    seats = seats_of(routes)
    pick = [rule for rule in scenario.routing.choose_agent if rule in _PICK]
    rules = arrays.Rules(
        queues=queues,
        kinds=kinds,
        told=told,
        callbacks=callbacks,
        classes=class_arrays(routes, seats, working),
        pools=pool_arrays(routes, seats, workforce.agents, workforce.absence, laws),
        quality=quality,
        groups=group_arrays(routes),
        bots=bot_arrays(scenario, laws, start_utc),
        days=demand.days,
        traces=demand.traces,
        deflections=deflections,
        handle_means=handle_means(scenario, streams, span, clocks, known.shapes, kinds),
        comebacks=comebacks,
        misroutes=misroute_arrays(routes, of_kinds, laws, start_utc),
        time_outs=time_out_arrays(routes),
        severities=severity_arrays(routes),
        laws=laws.laws(),
        first_queue=np.array(routes.first_queues(), np.int64),
        counted=np.array([span.counted_from, span.counted_until], np.int64),
        pick=np.array([_PICK[pick[-1]] if pick else layout.PICK_LONGEST_IDLE], np.int64),
        translated=ratings.translated,
        start_utc=np.array([start_utc], np.int64),
    )
    counts = workforce.agents[:, 1]
    agent_pool = np.repeat(np.arange(len(counts)), counts).astype(np.int64)
    assignees = assignees_of(routes)
    tables = names_of(routes, flows, workforce, assignees)
    days = clocks.of(scenario.time_zone).days(span.counted_from, span.counted_until + 1)
    midnights = tuple(day.start for day in days if day.start >= span.counted_from)
    return Model(
        name=scenario.scenario,
        rules=rules,
        span=span,
        names=tables,
        thresholds=tuple(scenario.service_level.within),
        groups=tally_groups(
            routes, flows, agent_pool, span, workforce.premiums.rates, working, ratings, midnights, assignees.of_queue
        ),
        streams=tuple(stream.name for stream in streams),
        random_streams=tuple(random_streams),
        pool_random_streams=pool_random_streams,
        factors=demand.factors,
        openings=demand.openings,
        backlog=backlog,
        midnights=midnights,
        plan=workforce.plan,
        open_at_start=workforce.open_at_start,
        planned_us=workforce.planned_us,
        workforce_plan=workforce.workforce_plan,
        premium=workforce.premiums.ppm,
        planned_overtime=workforce.premiums.planned,
        agent_pool=agent_pool,
        agent_twin=_twins(scenario, workforce.agents),
        agent_number=(np.concatenate([np.arange(n) for n in counts]) if len(counts) else np.zeros(0)).astype(np.int64),
        stepped=workforce.stepped,
    )
