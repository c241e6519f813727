"""Compile a scenario."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from ccsim.draws import keys
from ccsim.kernel import layout as k
from ccsim.model.demand import compile_demand
from ccsim.model.law_rows import LawRows
from ccsim.model.local_time import LocalClock, utc_micros
from ccsim.model.model import Model, Span
from ccsim.model.route_arrays import class_arrays, group_arrays, pool_arrays, queue_arrays
from ccsim.model.routes import make_routes
from ccsim.model.workforce import compile_workforce
from ccsim.scenario.sections import Scenario

_PICK = {
    "longest_idle": k.PICK_LONGEST_IDLE,
    "fewest_in_hand": k.PICK_FEWEST_IN_HAND,
    "least_occupied": k.PICK_LEAST_OCCUPIED,
    "random": k.PICK_RANDOM,
}


def compile_model(scenario: Scenario) -> Model:
    """Everything that is the same in every replication, as arrays.

    Ranks are by sorted name, so the order of declaration changes nothing. Raises `ScenarioError` for a queue that no
    pool serves or that has no handle time (the reader finds these first, with their place).
    """
    horizon = scenario.horizon
    start_utc = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    counted_from = horizon.warm_up
    counted_until = counted_from + horizon.length
    span = Span(counted_from, counted_until, counted_until + horizon.run_out, horizon.interval, start_utc)
    clock = LocalClock(scenario.time_zone, start_utc)

    names = sorted(scenario.demand)
    streams = [scenario.demand[name] for name in names]
    luck = [stream.draws_as or name for name, stream in zip(names, streams, strict=True)]
    keys.check_collisions(keys.STREAM, luck)

    routes = make_routes(scenario, names)
    laws = LawRows()
    queues = queue_arrays(routes, laws)
    demand = compile_demand(streams, clock, span)
    workforce = compile_workforce(routes.pools, routes.groups, clock, span)
    pick = [rule for rule in scenario.routing.choose_agent if rule in _PICK]
    rules = k.Rules(
        queues=queues,
        classes=class_arrays(routes),
        pools=pool_arrays(routes, workforce.agents),
        groups=group_arrays(routes),
        days=demand.days,
        traces=demand.traces,
        laws=laws.laws(),
        first_queue=np.array(routes.first_queues(), np.int64),
        counted=np.array([span.counted_from, span.counted_until], np.int64),
        pick=np.array([_PICK[pick[-1]] if pick else k.PICK_LONGEST_IDLE], np.int64),
    )
    counts = workforce.agents[:, 1]
    factors = [stream.day_factor for stream in streams]
    return Model(
        name=scenario.scenario,
        rules=rules,
        span=span,
        queues=[
            (
                i,
                queue.name,
                names[queue.stream_rank],
                queue.stream.workflow,
                queue.stream.market,
                queue.stream.segment,
                queue.stream.channel,
                queue.stream.language,
                queue.tier_name,
                queue.channel.kind,
            )
            for i, queue in enumerate(routes.queues)
        ],
        pools=[(i, name, "+".join(scenario.pools[name].tier)) for i, name in enumerate(routes.pool_names)],
        thresholds=tuple(scenario.service_level.within),
        short_abandon=scenario.service_level.short_abandon,
        streams=tuple(names),
        luck=tuple(luck),
        factor_names=tuple(
            f"shared {factor.shared}" if factor is not None and factor.shared is not None else f"own {own}"
            for factor, own in zip(factors, luck, strict=True)
        ),
        factor_cv=np.array([0.0 if factor is None else factor.cv for factor in factors], np.float64),
        openings=demand.openings,
        plan=workforce.plan,
        open_at_start=workforce.open_at_start,
        planned_us=workforce.planned_us,
        agent_pool=np.repeat(np.arange(len(counts)), counts).astype(np.int64),
        agent_number=(np.concatenate([np.arange(n) for n in counts]) if len(counts) else np.zeros(0)).astype(np.int64),
        stepped=workforce.stepped,
    )
