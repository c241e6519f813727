"""Who may take what, and in which order: queues, classes of equal routing, pools."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from ccsim.errors import Fault, ScenarioError
from ccsim.scenario.sections import (
    Channel,
    Pool,
    QueueGroup,
    Scenario,
    Segment,
    Skill,
    Stream,
    Tier,
    Workflow,
)

_NO_PRIORITY = 1_000_000


@dataclass(frozen=True, slots=True)
class Queue:
    """One stream at one tier, with the sections that govern it."""

    name: str
    stream: Stream
    stream_rank: int
    tier_name: str
    tier: Tier
    workflow: Workflow
    channel: Channel
    segment: Segment
    groups: tuple[int, ...]

    @property
    def live(self) -> bool:
        """Whether customers are there while they wait."""
        return self.channel.kind == "live"


class Entry(NamedTuple):
    """A pool that serves a class."""

    ring: int
    rank: tuple[float, ...]
    """Order of preference of the contact."""
    pool: int
    level: int


class Class(NamedTuple):
    """What two queues must share to wait on one line."""

    live: bool
    priority: int
    head_start: int
    deadline: int
    units: int
    entries: tuple[Entry, ...]
    rings: tuple[int, ...]
    groups: tuple[int, ...]


@dataclass(slots=True)
class Routes:
    """Queues, classes and pools on their way to arrays."""

    scenario: Scenario
    pool_names: list[str]
    pools: list[Pool]
    groups: list[QueueGroup]
    workflows: list[str]
    channels: list[str]
    queues: list[Queue]
    capacity: int
    classes: list[Class] = field(default_factory=list)
    class_of: list[int] = field(default_factory=list)

    def first_queues(self) -> list[int]:
        """Queue that contacts of each stream join first, in order of rank."""
        first: dict[int, int] = {}
        for i, queue in enumerate(self.queues):
            first.setdefault(queue.stream_rank, i)
        return [first[rank] for rank in range(len(first))]


DEFAULT_TIERS = {"t1": Tier()}


def make_routes(scenario: Scenario, stream_names: list[str]) -> Routes:
    """All queues in order of stream rank and tier, and their classes."""
    pool_names = sorted(scenario.pools)
    group_names = sorted(scenario.queue_groups)
    groups = [scenario.queue_groups[name] for name in group_names]
    streams = [scenario.demand[name] for name in stream_names]
    channels = sorted({stream.channel for stream in streams})
    concurrencies = [scenario.channels.get(name, Channel()).concurrency for name in channels]
    queues = []
    for rank, (name, stream) in enumerate(zip(stream_names, streams, strict=True)):
        workflow = scenario.workflows.get(stream.workflow, Workflow())
        for tier_name, tier in (workflow.tiers or DEFAULT_TIERS).items():
            queues.append(
                Queue(
                    f"{name}/{tier_name}",
                    stream,
                    rank,
                    tier_name,
                    tier,
                    workflow,
                    scenario.channels.get(stream.channel, Channel()),
                    scenario.segments.get(stream.segment, Segment()),
                    tuple(i for i, group in enumerate(groups) if _passes(group, stream, tier_name)),
                )
            )
    routes = Routes(
        scenario,
        pool_names,
        [scenario.pools[name] for name in pool_names],
        groups,
        sorted({stream.workflow for stream in streams}),
        channels,
        queues,
        math.lcm(*concurrencies) if concurrencies else 1,
    )
    _classify(routes)
    return routes


def _passes(group: QueueGroup, stream: Stream, tier: str) -> bool:
    return (
        (group.workflows is None or stream.workflow in group.workflows)
        and (group.channels is None or stream.channel in group.channels)
        and (group.tiers is None or tier in group.tiers)
    )


def _skill(pool: Pool, queue: Queue) -> Skill | None:
    """The pool's skill for a queue, None if it may not serve it."""
    if queue.tier_name not in pool.tier:
        return None
    if pool.channels is not None and queue.stream.channel not in pool.channels:
        return None
    if pool.skills is None:
        return Skill()
    return pool.skills.get(queue.stream.workflow)


def _classify(routes: Routes) -> None:
    rows: dict[Class, int] = {}
    faults = []
    for queue in routes.queues:
        made = _class_of(routes, queue)
        if not made.entries:
            faults.append(
                Fault(
                    f"no pool serves {queue.name} (workflow, tier and channel): give one the skill",
                    f"demand.{queue.name}",
                )
            )
        routes.class_of.append(rows.setdefault(made, len(rows)))
    if faults:
        raise ScenarioError(faults)
    routes.classes = list(rows)


def _class_of(routes: Routes, queue: Queue) -> Class:
    workflow = queue.workflow
    rings = [overflow for overflow in workflow.overflow if overflow.after > 0]
    ring_of = {name: ring for ring, overflow in enumerate(rings, 1) for name in overflow.pools}
    orders = [*workflow.pools] or [()]
    orders += [overflow.pools for overflow in workflow.overflow if overflow.after == 0]  # open at once, but last
    place_of = {name: place for place, names in enumerate(orders) for name in names}
    entries = []
    for rank, (name, pool) in enumerate(zip(routes.pool_names, routes.pools, strict=True)):
        skill = _skill(pool, queue)
        if skill is None or (workflow.pools and name not in place_of and name not in ring_of):
            continue
        preference: list[float] = [place_of.get(name, 0)]
        for rule in routes.scenario.routing.choose_agent:
            if rule == "best_skill":
                preference.append(skill.level)
            elif rule == "cheapest":
                preference.append(pool.paid_hour)
        ring = 0 if name in place_of else ring_of.get(name, 0)
        entries.append(Entry(ring, tuple(preference), rank, skill.level))
    priorities = [
        p
        for p in (
            queue.tier.priority or queue.workflow.priority,
            queue.channel.priority,
            queue.segment.priority,
        )
        if p
    ]
    return Class(
        queue.live,
        min(priorities, default=_NO_PRIORITY),
        queue.segment.head_start,
        (queue.channel.deadline or 0) if not queue.live else 0,
        routes.capacity // queue.channel.concurrency,
        tuple(sorted(entries)),
        tuple(overflow.after for overflow in rings),
        queue.groups,
    )
