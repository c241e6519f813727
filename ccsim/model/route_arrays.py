"""Queues, classes, pools and groups as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ccsim.errors import Fault, ScenarioError
from ccsim.kernel import layout as k
from ccsim.kernel.layout import FAR, Ints
from ccsim.model.law_rows import LawRows
from ccsim.model.routes import DEFAULT_TIERS, Class, Queue, Routes
from ccsim.scenario.laws import HandleTime, Patience
from ccsim.scenario.sections import Channel, Pool, Return, Scenario, Skill

#: Slowest speed of a contact in hand: below it work could outlast 64 bits of microseconds.
_SLOWEST = 0.001


def _ragged(rows: list[list[int]]) -> tuple[Ints, Ints]:
    """First row and number of rows of each list, and all of them one after the other."""
    bounds: list[tuple[int, int]] = []
    flat: list[int] = []
    for row in rows:
        bounds.append((len(flat), len(row)))
        flat.extend(row)
    return np.array(bounds, np.int64).reshape(-1, 2), np.array(flat or [k.NONE], np.int64)


def _dense(keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    return {key: i for i, key in enumerate(sorted(set(keys)))}


def class_arrays(routes: Routes) -> k.Classes:
    """Classes as arrays."""
    bounds, pool = _ragged([[entry.pool for entry in made.entries] for made in routes.classes])
    ranks = []
    for made in routes.classes:
        dense = _dense([(entry.ring, entry.rank) for entry in made.entries])
        ranks.append([dense[(entry.ring, entry.rank)] for entry in made.entries])
    rings, ring_after = _ragged([list(made.rings) for made in routes.classes])
    return k.Classes(
        live=np.array([made.live for made in routes.classes], np.int64),
        head_start=np.array([made.head_start for made in routes.classes], np.int64),
        deadline=np.array([made.deadline for made in routes.classes], np.int64),
        pools=bounds,
        pool=pool,
        pool_rank=_ragged(ranks)[1],
        pool_ring=_ragged([[entry.ring for entry in made.entries] for made in routes.classes])[1],
        rings=rings,
        ring_after=ring_after,
        units=np.array([made.units for made in routes.classes], np.int64),
    )


def _urgency(rule: str, made: Class, level: int) -> tuple[Any, ...]:
    """Sort key of a class on the list of a pool: live before deferred, then the named criteria."""
    order: tuple[Any, ...] = (not made.live,)
    for word in rule.split("_then_"):
        if word == "priority":
            order += (made.priority,)
        elif word == "level":
            order += (level,)
    return order


def pool_arrays(routes: Routes, agents: Ints) -> k.Pools:
    """Pools as arrays."""
    rule = routes.scenario.routing.choose_contact
    lines, ranks, rings = [], [], []
    for rank in range(len(routes.pools)):
        served = [
            (_urgency(rule, made, entry.level), row, entry.ring)
            for row, made in enumerate(routes.classes)
            for entry in made.entries
            if entry.pool == rank
        ]
        served.sort()
        dense = _dense([key for key, _, _ in served])
        lines.append([row for _, row, _ in served])
        ranks.append([dense[key] for key, _, _ in served])
        rings.append([ring for _, _, ring in served])
    bounds, line = _ragged(lines)
    channels = [routes.scenario.channels.get(name, Channel()) for name in routes.channels]
    most = max((channel.concurrency for channel in channels), default=1)
    _check_speeds(routes.channels, channels)
    speed = np.full((max(len(channels), 1), most), 1_000_000, np.int64)
    for i, channel in enumerate(channels):
        for held in range(most):
            speed[i, held] = int(channel.speed[min(held, len(channel.speed) - 1)] * 1_000_000 + 0.5)
    pace = np.ones((len(routes.pools), max(len(routes.workflows), 1)), np.float64)
    for i, pool in enumerate(routes.pools):
        for j, workflow in enumerate(routes.workflows):
            skill = Skill() if pool.skills is None else pool.skills.get(workflow, Skill())
            pace[i, j] = pool.handle_time * skill.handle_time
    shares = [
        any(c.concurrency > 1 for name, c in zip(routes.channels, channels, strict=True) if _handles(pool, name))
        for pool in routes.pools
    ]
    return k.Pools(
        agents=agents,
        lines=bounds,
        line=line,
        line_rank=_ragged(ranks)[1],
        line_ring=_ragged(rings)[1],
        keep_free=np.array([pool.keep_free for pool in routes.pools], np.int64),
        pace=pace,
        capacity=np.full(len(routes.pools), routes.capacity, np.int64),
        shares=np.array(shares, np.int64),
        by_deadline=np.array([1 if "deadline" in rule else 0], np.int64),
        speed=speed,
    )


def _check_speeds(names: list[str], channels: list[Channel]) -> None:
    slow = [name for name, channel in zip(names, channels, strict=True) if min(channel.speed) < _SLOWEST]
    if slow:
        raise ScenarioError([Fault(f"expected speeds of at least {_SLOWEST}", f"channels.{n}.speed") for n in slow])


def _handles(pool: Pool, channel: str) -> bool:
    return pool.channels is None or channel in pool.channels


def group_arrays(routes: Routes) -> k.Groups:
    """Queue groups as arrays."""
    rows = [
        [row for row, made in enumerate(routes.classes) if made.live and i in made.groups]
        for i in range(len(routes.groups))
    ]
    bounds, lines = _ragged(rows or [[]])
    return k.Groups(
        lines=np.array([FAR if g.lines is None else g.lines for g in routes.groups] or [FAR], np.int64),
        max_waiting=np.array(
            [FAR if g.max_waiting is None else g.max_waiting for g in routes.groups] or [FAR], np.int64
        ),
        clears=np.array([g.at_closing == "clear" for g in routes.groups] or [False], np.int64),
        first_line=bounds,
        line_rows=lines,
    )


def handle_time_of(scenario: Scenario, queue: Queue) -> HandleTime | None:
    """The handle time that goes first: tier before workflow before channel before scenario, by channel before all."""
    channel = queue.stream.channel
    return (
        queue.tier.by_channel.get(channel)
        or queue.tier.handle_time
        or queue.workflow.by_channel.get(channel)
        or queue.workflow.handle_time
        or queue.channel.handle_time
        or scenario.handle_time
    )


def patience_of(scenario: Scenario, queue: Queue) -> Patience | None:
    """The patience that goes first: workflow before channel before scenario; none for deferred work."""
    if not queue.live:
        return None
    return queue.workflow.patience or queue.channel.patience or scenario.patience


def queue_arrays(routes: Routes, laws: LawRows) -> k.Queues:
    """Queues as arrays."""
    scenario, queues = routes.scenario, routes.queues
    never = laws.never()
    columns: dict[str, list[object]] = {name: [] for name in k.Queues._fields}
    faults = []
    for i, queue in enumerate(queues):
        handle, patience = handle_time_of(scenario, queue), patience_of(scenario, queue)
        traced = queue.stream.trace is not None and queue.stream.trace.talk and min(queue.stream.trace.talk) >= 0
        if handle is None and not (traced and queue.tier_name == _first_tier(queue)):
            faults.append(
                Fault(
                    f"{queue.name} has no handle time: say `handle_time:`",
                    f"workflows.{queue.stream.workflow}",
                )
            )
        escalates = i + 1 < len(queues) and queues[i + 1].stream_rank == queue.stream_rank
        returns = _returns(queue)
        resolved = min(queue.tier.resolved, 1.0 - queue.tier.escalated)
        values = {
            "line": routes.class_of[i],
            "stream": queue.stream_rank,
            "talk_law": laws.row(handle.talk) if handle else k.NONE,
            "wrap_law": laws.row(handle.wrap_up) if handle else k.NONE,
            "wrap_share": handle.wrap_up_share if handle else 0.0,
            "patience_law": k.NONE if patience is None else never if patience.time is None else laws.row(patience.time),
            "zero": patience.zero if patience else 0.0,
            "max_wait": FAR if queue.channel.max_wait is None else queue.channel.max_wait,
            "escalated": queue.tier.escalated if escalates else 0.0,
            "resolved": 1.0 if resolved + queue.tier.escalated > 1.0 - 1e-12 else resolved,
            "next_queue": i + 1 if escalates else k.NONE,
            "decides": int(
                queue.tier.escalated > 0.0
                or resolved < 1.0
                or any(r is not None for r in returns[: k.AFTER_UNRESOLVED + 1])
            ),
            "instant": int(
                returns[k.AFTER_ABANDON] is not None
                or any(
                    routes.groups[g].lines is not None or routes.groups[g].max_waiting is not None for g in queue.groups
                )
            ),
            "channel": routes.channels.index(queue.stream.channel),
            "work": routes.workflows.index(queue.stream.workflow),
            "back_share": [0.0 if r is None else r.share for r in returns],
            "back_law": [k.NONE if r is None else laws.row(r.after) for r in returns],
            "back_most": [FAR if r is None or r.attempts is None else r.attempts for r in returns],
        }
        for name, value in values.items():
            columns[name].append(value)
    if faults:
        raise ScenarioError(faults)
    floats = {"wrap_share", "zero", "escalated", "resolved", "back_share"}
    bounds, rows = _ragged([list(queue.groups) for queue in queues])
    arrays: dict[str, Any] = {
        name: np.array(values, np.float64 if name in floats else np.int64)
        for name, values in columns.items()
        if name not in ("groups", "group_rows")
    }
    return k.Queues(**arrays, groups=bounds, group_rows=rows)


def _first_tier(queue: Queue) -> str:
    return next(iter(queue.workflow.tiers or DEFAULT_TIERS))


def _returns(queue: Queue) -> list[Return | None]:
    """In the order of the kernel's reasons; unresolved and resolved ends only where a contact can end."""
    r = queue.workflow.returns
    return [r.after_resolved, r.after_unresolved, r.after_abandon, r.after_blocked, r.after_closed]
