"""What things are called, and what visits are added up by: flows, tables of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from ccsim.kernel import layout as k
from ccsim.kernel.layout import Ints
from ccsim.kernel.tally import Groups, Rates
from ccsim.model.model import Span
from ccsim.model.routes import Queue, Routes
from ccsim.scenario.sections import Pool

SEVERAL = "several"
NOWHERE = "none"
_DIMENSIONS = ("market", "segment", "language", "cause", "region")


class FlowKey(NamedTuple):
    """What the queues of a flow share."""

    volume: str
    workflow: str
    channel: str
    tier: str


class WorkforceLike(Protocol):
    """What the names need of the workforce."""

    @property
    def causes(self) -> Sequence[str]:
        """Causes of shrinkage."""

    @property
    def agents(self) -> Ints:
        """[pools, 2] First agent row and number of rows."""


def flows_of(routes: Routes) -> dict[FlowKey, list[int]]:
    """Queues by flow; flows in the order of their first queue."""
    flows: dict[FlowKey, list[int]] = {}
    for i, queue in enumerate(routes.queues):
        flows.setdefault(_flow_key(queue), []).append(i)
    return flows


def _flow_key(queue: Queue) -> FlowKey:
    return FlowKey(queue.stream.volume, queue.kind.workflow, queue.kind.channel, queue.kind.tier)


def _dimensions(routes: Routes, queue: Queue) -> dict[str, str]:
    stream = queue.stream
    market = routes.scenario.markets.get(stream.market)
    return {
        "market": stream.market,
        "segment": stream.segment,
        "language": stream.language,
        "cause": stream.cause,
        "region": market.region if market else NOWHERE,
    }


def names_of(
    routes: Routes, flows: Mapping[FlowKey, list[int]], workforce: WorkforceLike
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of the tables of names, in the order of their columns in `results.schema`."""
    scenario = routes.scenario
    flow_of = {queue: i for i, queues in enumerate(flows.values()) for queue in queues}
    queue_rows: list[tuple[Any, ...]] = []
    parts = [_dimensions(routes, queue) for queue in routes.queues]
    for i, (queue, part) in enumerate(zip(routes.queues, parts, strict=True)):
        queue_rows.append(
            (
                *(i, queue.name, flow_of[i], queue.stream.name, queue.stream.volume, queue.kind.workflow),
                *(part["market"], part["segment"], queue.kind.channel, part["language"], part["cause"]),
                *(part["region"], queue.kind.tier, queue.channel.kind),
            )
        )
    flow_rows: list[tuple[Any, ...]] = []
    for i, (key, queues) in enumerate(flows.items()):
        volume = scenario.demand[key.volume]
        seen = {name: {parts[queue][name] for queue in queues} for name in _DIMENSIONS}
        said = {name: next(iter(values)) if len(values) == 1 else SEVERAL for name, values in seen.items()}
        where = [key.volume]
        where += [key.channel] if volume.channels else []
        where += [key.workflow] if key.workflow != volume.workflow else []
        flow_rows.append(
            (
                *(i, "/".join([*where, key.tier]), key.volume, key.workflow, said["market"], said["segment"]),
                *(key.channel, said["language"], said["cause"], said["region"], key.tier),
                routes.queues[queues[0]].channel.kind,
            )
        )
    return {
        "queues": queue_rows,
        "flows": flow_rows,
        "pools": [
            (
                *(i, name, "+".join(pool.tier), pool.site or NOWHERE, pool.vendor or NOWHERE, _region(routes, pool)),
                "any" if pool.languages is None else "+".join(sorted(pool.languages)),
                int(workforce.agents[i, 1]) if pool.headcount is None else pool.headcount,
            )
            for i, (name, pool) in enumerate(zip(routes.pool_names, routes.pools, strict=True))
        ],
        "vendors": [(i, name, scenario.vendors[name].kind) for i, name in enumerate(sorted(scenario.vendors))],
        "shrinkage_causes": list(enumerate(workforce.causes)),
    }


def _region(routes: Routes, pool: Pool) -> str:
    site = routes.scenario.sites.get(pool.site) if pool.site else None
    return site.region if site else NOWHERE


def tally_groups(
    routes: Routes, flows: Mapping[FlowKey, list[int]], agent_pool: Ints, span: Span, rates: Rates
) -> Groups:
    """What the kernel's tally adds visits up by."""
    scenario = routes.scenario
    vendors = {name: i for i, name in enumerate(sorted(scenario.vendors))}
    flow = np.zeros(len(routes.queues), np.int64)
    for i, queues in enumerate(flows.values()):
        flow[queues] = i
    deadlines = [
        k.FAR if queue.live or queue.channel.deadline is None else queue.channel.deadline for queue in routes.queues
    ]
    service = scenario.service_level
    return Groups(
        flow=flow,
        deadline=np.array(deadlines, np.int64),
        pool=agent_pool if agent_pool.size else np.zeros(1, np.int64),
        vendor=np.array([vendors.get(pool.vendor or "", k.NONE) for pool in routes.pools], np.int64),
        assigned=np.array([vendors.get(made.vendor, k.NONE) for made in routes.classes], np.int64),
        thresholds=np.array(service.within, np.int64),
        settings=np.array([span.counted_from, span.counted_until, span.interval, service.short_abandon], np.int64),
        rates=rates,
    )
