"""What things are called, and what visits are added up by: flows, tables of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from ccsim.centre.legs import tiers_of
from ccsim.centre.periods import counted_in
from ccsim.kernel import layout, sums
from ccsim.kernel.arrays import WorkingClocks
from ccsim.kernel.cache_lines import records
from ccsim.kernel.layout import Ints
from ccsim.kernel.sums import Groups, Rates, Ratings
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.model.assignees import Assignees
from ccsim.model.callbacks import needed_clocks
from ccsim.model.model import Span
from ccsim.model.routes import NO_SEVERITY, Queue, Routes, case_due
from ccsim.records.tables import TABLES

SEVERAL = "several"
NOWHERE = "none"
_DIMENSIONS = ("market", "segment", "language", "cause", "region")


class FlowKey(NamedTuple):
    """What the queues of a flow share."""

    volume: str
    workflow: str
    channel: str
    tier: str
    due: bool
    """Whether they have a deadline."""
    bot: str | None
    """Bot that contacts meet before they join."""
    severity: str


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
    stream, kind = queue.stream, queue.kind
    return FlowKey(
        stream.volume, kind.workflow, kind.channel, kind.tier, queue.due is not None, queue.bot, queue.severity
    )


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
    routes: Routes, flows: Mapping[FlowKey, list[int]], workforce: WorkforceLike, assignees: Assignees
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of the tables of names, in the order of their columns in `records.tables`."""
    parts = [_dimensions(routes, queue) for queue in routes.queues]
    vendors = routes.scenario.vendors
    return {
        "queues": _queue_rows(routes, flows, parts),
        "flows": _flow_rows(routes, flows, parts),
        "pools": _pool_rows(routes, workforce),
        "vendors": [
            _row("vendors", vendor=i, name=name, kind=vendors[name].kind) for i, name in enumerate(sorted(vendors))
        ],
        "assignees": list(assignees.names),
        "shrinkage_causes": [_row("shrinkage_causes", cause=i, name=name) for i, name in enumerate(workforce.causes)],
    }


def _queue_rows(
    routes: Routes, flows: Mapping[FlowKey, list[int]], parts: Sequence[Mapping[str, str]]
) -> list[tuple[Any, ...]]:
    flow_of = {queue: i for i, queues in enumerate(flows.values()) for queue in queues}
    return [
        _row(
            "queues",
            queue=i,
            name=queue.name,
            flow=flow_of[i],
            stream=queue.stream.name,
            volume=queue.stream.volume,
            workflow=queue.kind.workflow,
            channel=queue.kind.channel,
            tier=queue.kind.tier,
            kind=queue.channel.kind,
            bot=queue.bot or NOWHERE,
            severity=queue.severity,
            **part,
        )
        for i, (queue, part) in enumerate(zip(routes.queues, parts, strict=True))
    ]


def _flow_rows(
    routes: Routes, flows: Mapping[FlowKey, list[int]], parts: Sequence[Mapping[str, str]]
) -> list[tuple[Any, ...]]:
    rows = []
    for i, (key, queues) in enumerate(flows.items()):
        seen = {name: {parts[queue][name] for queue in queues} for name in _DIMENSIONS}
        shared = {name: next(iter(values)) if len(values) == 1 else SEVERAL for name, values in seen.items()}
        rows.append(
            _row(
                "flows",
                flow=i,
                name=_flow_name(routes.scenario, key, flows),
                volume=key.volume,
                workflow=key.workflow,
                channel=key.channel,
                tier=key.tier,
                kind=routes.queues[queues[0]].channel.kind,
                bot=key.bot or NOWHERE,
                severity=key.severity,
                **shared,
            )
        )
    return rows


def _flow_name(scenario: Scenario, key: FlowKey, flows: Mapping[FlowKey, list[int]]) -> str:
    """Volume, tier, and what tells it from the other flows of its volume."""
    volume = scenario.demand[key.volume]
    where = [key.volume if key.severity == NO_SEVERITY else f"{key.volume}.{key.severity}"]
    where += [key.channel] if volume.channels else []
    where += [key.workflow] if key.workflow != volume.workflow else []
    split = ["no_deadline"] if not key.due and key._replace(due=True) in flows else []
    others: set[str | None] = {None, *scenario.bots} - {key.bot}
    split += [key.bot] if key.bot and any(key._replace(bot=bot) in flows for bot in others) else []
    return "/".join([*where, key.tier, *split])


def _pool_rows(routes: Routes, workforce: WorkforceLike) -> list[tuple[Any, ...]]:
    return [
        _row(
            "pools",
            pool=i,
            name=name,
            tier="+".join(pool.tier),
            site=pool.site or NOWHERE,
            vendor=pool.vendor or NOWHERE,
            region=_region(routes, pool),
            languages="any" if pool.languages is None else "+".join(sorted(pool.languages)),
            headcount=int(workforce.agents[i, 1]) if pool.headcount is None else pool.headcount,
        )
        for i, (name, pool) in enumerate(zip(routes.pool_names, routes.pools, strict=True))
    ]


def _row(table: str, **values: Any) -> tuple[Any, ...]:
    """A row of a table of names; KeyError where a column has no value."""
    columns = TABLES[table]
    if len(values) != len(columns):
        raise KeyError(f"{table} has the columns {', '.join(column.name for column in columns)}")
    return tuple(values[column.name] for column in columns)


def _region(routes: Routes, pool: Pool) -> str:
    site = routes.scenario.sites.get(pool.site) if pool.site else None
    return site.region if site else NOWHERE


def tally_groups(
    routes: Routes,
    flows: Mapping[FlowKey, list[int]],
    agent_pool: Ints,
    span: Span,
    rates: Rates,
    working: WorkingClocks,
    ratings: Ratings,
    midnights: Sequence[int],
    assignee: Ints,
) -> Groups:
    """What the kernel's tally adds visits up by; `working`: the clocks of `needed_clocks`."""
    scenario = routes.scenario
    vendors = {name: i for i, name in enumerate(sorted(scenario.vendors))}
    flow = np.zeros(len(routes.queues), np.int64)
    for i, queues in enumerate(flows.values()):
        flow[queues] = i
    clocks = {clock: i for i, clock in enumerate(needed_clocks(routes))}
    service = scenario.service_level
    dues = [queue.due for queue in routes.queues]
    cases = {market: case_due(scenario, market) for market in routes.markets()}
    of_cases = [cases[queue.stream.market] for queue in routes.queues]
    first, kinds = routes.first_queues(), [queue.kind for queue in routes.queues]
    homes, ranks = np.array(routes.homes(), np.int64), [queue.stream_rank for queue in routes.queues]
    counted = (span.counted_from, span.counted_until, span.interval)
    windows = (service.short_abandon, of_cases[0].time, scenario.cases.repeat_window)
    of_queue = records(len(routes.queues), sums.OF_WIDTH)
    of_queue[:, sums.OF_FLOW] = flow
    of_queue[:, sums.OF_DEADLINE] = [layout.FAR if due is None else due.time for due in dues]
    of_queue[:, sums.OF_CLOCK] = [clocks[due.clock] if due and due.clock else layout.NONE for due in dues]
    of_queue[:, sums.OF_HOME] = homes
    of_queue[:, sums.OF_SEVERITY] = homes - np.array(first, np.int64)[ranks]
    of_queue[:, sums.OF_CASE_CLOCK] = [clocks[due.clock] if due.clock else layout.NONE for due in of_cases]
    of_queue[:, sums.OF_FIRST_TIER] = [next(iter(tiers_of(scenario, kind.workflow))) == kind.tier for kind in kinds]
    of_queue[:, sums.OF_FREE_WITHIN] = [_free_within(scenario, queue.bot) for queue in routes.queues]
    return Groups(
        queues=of_queue,
        working=working,
        pool=agent_pool if agent_pool.size else np.zeros(1, np.int64),
        vendor=np.array([vendors.get(pool.vendor or "", layout.NONE) for pool in routes.pools], np.int64),
        assigned=np.array([vendors.get(made.vendor, layout.NONE) for made in routes.classes], np.int64),
        assignee=assignee,
        day_of=_day_of(scenario, span),
        thresholds=np.array(service.within, np.int64),
        settings=np.array([*counted, *windows], np.int64),
        case_queue=np.array(first, np.int64),
        midnights=np.array(midnights, np.int64),
        rates=rates,
        ratings=ratings,
    )


def _day_of(scenario: Scenario, span: Span) -> Ints:
    """Day of the report's clock in which each report interval begins, and last the number of days."""
    days = [day.since for day in counted_in(scenario).periods("day")]
    starts = np.arange(span.intervals, dtype=np.int64) * span.interval
    return np.append(np.searchsorted(np.array(days, np.int64), starts, side="right") - 1, len(days)).astype(np.int64)


def _free_within(scenario: Scenario, bot: str | None) -> int:
    """Time within which a contact makes a contained session free of charge."""
    return (scenario.bots[bot].price.returned_within or layout.NONE) if bot is not None else layout.NONE
