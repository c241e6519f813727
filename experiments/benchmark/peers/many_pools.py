"""Several types on several pools (W2) as others would write it: longest waiting first, longest idle agent."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

import simpy

from experiments.benchmark.peers.shape import Row, Shape


def serving(shape: Shape) -> list[list[int]]:
    """Pools that serve each type."""
    return [[g for g, (_, kinds) in enumerate(shape.pools) if kind in kinds] for kind in range(shape.types)]


def simpy_filter_store(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """SimPy's own tool: idle agents in a FilterStore, asked for by skill.

    Items leave in the order they were put (longest idle), getters in theirs (longest waiting).
    """
    env = simpy.Environment()
    rng = random.Random(seed)
    draw_service = shape.service_law(rng)
    skills = [frozenset(kinds) for _, kinds in shape.pools]
    idle = simpy.FilterStore(env)
    for pool, (agents, _) in enumerate(shape.pools):
        for _ in range(agents):
            idle.items.append(pool)
    log: list[Row] = []

    def contact(kind: int) -> Generator[simpy.Event, Any, None]:
        joined = env.now
        turn = idle.get(lambda pool: kind in skills[pool])
        if shape.patience is None:
            yield turn
        else:
            yield turn | env.timeout(rng.expovariate(1.0 / shape.patience))
        if not turn.triggered:
            turn.cancel()
            log.append((kind, joined, env.now, env.now, -1))
            return
        pool: Any = turn.value
        answered = env.now
        yield env.timeout(draw_service())
        log.append((kind, joined, answered, env.now, pool))
        idle.put(pool)

    def arrivals() -> Generator[simpy.Event, Any, None]:
        for _ in range(contacts):
            yield env.timeout(rng.expovariate(shape.per_minute))
            env.process(contact(rng.randrange(shape.types)))

    env.process(arrivals())
    env.run()
    return log


def simpy_events(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """A process a contact and an event a wait, with own lines: one a type, and idle agents by pool."""
    env = simpy.Environment()
    rng = random.Random(seed)
    draw_service = shape.service_law(rng)
    pools_of = serving(shape)
    idle = [deque([0.0] * agents) for agents, _ in shape.pools]
    lines: list[deque[tuple[float, simpy.Event]]] = [deque() for _ in range(shape.types)]
    gone: set[simpy.Event] = set()
    log: list[Row] = []

    def take_idle(kind: int) -> int:
        free = [pool for pool in pools_of[kind] if idle[pool]]
        if not free:
            return -1
        pool = min(free, key=lambda pool: idle[pool][0])
        idle[pool].popleft()
        return pool

    def release(pool: int) -> None:
        oldest: deque[tuple[float, simpy.Event]] | None = None
        for kind in shape.pools[pool][1]:
            line = lines[kind]
            while line and line[0][1] in gone:
                gone.remove(line.popleft()[1])
            if line and (oldest is None or line[0][0] < oldest[0][0]):
                oldest = line
        if oldest is None:
            idle[pool].append(env.now)
        else:
            oldest.popleft()[1].succeed(pool)

    def contact(kind: int) -> Generator[simpy.Event, Any, None]:
        joined = env.now
        pool: Any = take_idle(kind)
        if pool < 0:
            turn = env.event()
            lines[kind].append((joined, turn))
            if shape.patience is None:
                yield turn
            else:
                yield turn | env.timeout(rng.expovariate(1.0 / shape.patience))
            if not turn.triggered:
                gone.add(turn)
                log.append((kind, joined, env.now, env.now, -1))
                return
            pool = turn.value
        answered = env.now
        yield env.timeout(draw_service())
        log.append((kind, joined, answered, env.now, pool))
        release(pool)

    def arrivals() -> Generator[simpy.Event, Any, None]:
        for _ in range(contacts):
            yield env.timeout(rng.expovariate(shape.per_minute))
            env.process(contact(rng.randrange(shape.types)))

    env.process(arrivals())
    env.run()
    return log


def simpy_callbacks(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """SimPy as a calendar only: callbacks on timeouts, own lines, the expired removed when an agent looks."""
    env = simpy.Environment()
    rng = random.Random(seed)
    draw_service, expovariate = shape.service_law(rng), rng.expovariate
    bears = 0.0 if shape.patience is None else 1.0 / shape.patience
    pools_of = serving(shape)
    idle = [deque([0.0] * agents) for agents, _ in shape.pools]
    lines: list[deque[tuple[float, float]]] = [deque() for _ in range(shape.types)]
    lines_of = [[(kind, lines[kind]) for kind in kinds] for _, kinds in shape.pools]
    log: list[Row] = []
    left = contacts

    def serve(kind: int, joined: float, pool: int) -> None:
        now = env.now
        length = draw_service()
        log.append((kind, joined, now, now + length, pool))
        env.timeout(length, pool).callbacks.append(end)

    def end(event: simpy.Event) -> None:
        pool, now = event._value, env.now
        oldest, of_kind = now, -1
        for kind, line in lines_of[pool]:
            while line and line[0][1] <= now:
                joined, expires = line.popleft()
                log.append((kind, joined, expires, expires, -1))
            if line and line[0][0] < oldest:
                oldest, of_kind = line[0][0], kind
        if of_kind < 0:
            idle[pool].append(now)
        else:
            lines[of_kind].popleft()
            serve(of_kind, oldest, pool)

    def arrive(_: simpy.Event) -> None:
        nonlocal left
        left -= 1
        if left:
            env.timeout(expovariate(shape.per_minute)).callbacks.append(arrive)
        now, kind = env.now, int(rng.random() * shape.types)
        since, pool = now, -1
        for g in pools_of[kind]:
            if idle[g] and idle[g][0] < since:
                since, pool = idle[g][0], g
        if pool >= 0:
            idle[pool].popleft()
            serve(kind, now, pool)
        else:
            lines[kind].append((now, now + expovariate(bears) if bears else float("inf")))

    env.timeout(expovariate(shape.per_minute)).callbacks.append(arrive)
    env.run()
    return log


def plain_loop(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """A plain Python loop: a heap of ends of service, the next arrival beside it. No library."""
    rng = random.Random(seed)
    draw_service, expovariate, uniform = shape.service_law(rng), rng.expovariate, rng.random
    rate, types, bears = (
        shape.per_minute,
        shape.types,
        0.0 if shape.patience is None else 1.0 / shape.patience,
    )
    pools_of = serving(shape)
    idle = [deque([0.0] * agents) for agents, _ in shape.pools]
    lines: list[deque[tuple[float, float]]] = [deque() for _ in range(types)]
    lines_of = [[(kind, lines[kind]) for kind in kinds] for _, kinds in shape.pools]
    ends: list[tuple[float, int]] = []
    log: list[Row] = []
    left, arrival, never = contacts, expovariate(rate), float("inf")
    while ends or left:
        if ends and ends[0][0] <= arrival:
            now, pool = heappop(ends)
            oldest, of_kind = now, -1
            for kind, line in lines_of[pool]:
                while line and line[0][1] <= now:
                    joined, expires = line.popleft()
                    log.append((kind, joined, expires, expires, -1))
                if line and line[0][0] < oldest:
                    oldest, of_kind = line[0][0], kind
            if of_kind < 0:
                idle[pool].append(now)
            else:
                lines[of_kind].popleft()
                end = now + draw_service()
                log.append((of_kind, oldest, now, end, pool))
                heappush(ends, (end, pool))
        else:
            now, kind = arrival, int(uniform() * types)
            left -= 1
            arrival = now + expovariate(rate) if left else never
            since, pool = now, -1
            for g in pools_of[kind]:
                if idle[g] and idle[g][0] < since:
                    since, pool = idle[g][0], g
            if pool >= 0:
                idle[pool].popleft()
                end = now + draw_service()
                log.append((kind, now, now, end, pool))
                heappush(ends, (end, pool))
            else:
                lines[kind].append((now, now + expovariate(bears) if bears else never))
    return log


PROGRAMS: dict[str, Callable[[Shape, int, int], list[Row]]] = {
    "SimPy, FilterStore": simpy_filter_store,
    "SimPy, processes and events": simpy_events,
    "SimPy, callbacks": simpy_callbacks,
    "plain Python, heapq": plain_loop,
}
