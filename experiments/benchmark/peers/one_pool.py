"""One type, one pool (W1) as others would write it. Each program simulates `contacts` arrivals, then empties."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

import simpy

from experiments.benchmark.peers.shape import Row, Shape


def simpy_processes(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """SimPy as its own documentation teaches it: a process a contact, `request | timeout` for patience."""
    env = simpy.Environment()
    rng = random.Random(seed)
    draw_service = shape.service_law(rng)
    desk = simpy.Resource(env, capacity=shape.pools[0][0])
    log: list[Row] = []

    def contact() -> Generator[simpy.Event, Any, None]:
        joined = env.now
        with desk.request() as turn:
            if shape.patience is None:
                yield turn
            else:
                yield turn | env.timeout(rng.expovariate(1.0 / shape.patience))
            if not turn.triggered:
                log.append((0, joined, env.now, env.now, -1))
                return
            answered = env.now
            yield env.timeout(draw_service())
            log.append((0, joined, answered, env.now, 0))

    def arrivals() -> Generator[simpy.Event, Any, None]:
        for _ in range(contacts):
            yield env.timeout(rng.expovariate(shape.per_minute))
            env.process(contact())

    env.process(arrivals())
    env.run()
    return log


def simpy_careful(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """The same by a user who has profiled it: no patience is drawn for who finds an agent free."""
    env = simpy.Environment()
    rng = random.Random(seed)
    draw_service = shape.service_law(rng)
    desk = simpy.Resource(env, capacity=shape.pools[0][0])
    log: list[Row] = []

    def contact() -> Generator[simpy.Event, Any, None]:
        joined = env.now
        with desk.request() as turn:
            if not turn.triggered:
                if shape.patience is None:
                    yield turn
                else:
                    yield turn | env.timeout(rng.expovariate(1.0 / shape.patience))
                    if not turn.triggered:
                        log.append((0, joined, env.now, env.now, -1))
                        return
            answered = env.now
            yield env.timeout(draw_service())
            log.append((0, joined, answered, env.now, 0))

    def arrivals() -> Generator[simpy.Event, Any, None]:
        for _ in range(contacts):
            yield env.timeout(rng.expovariate(shape.per_minute))
            env.process(contact())

    env.process(arrivals())
    env.run()
    return log


def simpy_callbacks(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """SimPy as a calendar only: callbacks on timeouts, own line, the expired removed when an agent looks."""
    env = simpy.Environment()
    rng = random.Random(seed)
    draw_service, expovariate = shape.service_law(rng), rng.expovariate
    bears = 0.0 if shape.patience is None else 1.0 / shape.patience
    free = shape.pools[0][0]
    line: deque[tuple[float, float]] = deque()
    log: list[Row] = []
    left = contacts

    def serve(joined: float) -> None:
        now = env.now
        length = draw_service()
        log.append((0, joined, now, now + length, 0))
        env.timeout(length).callbacks.append(end)

    def end(_: simpy.Event) -> None:
        nonlocal free
        now = env.now
        while line:
            joined, expires = line.popleft()
            if expires > now:
                serve(joined)
                return
            log.append((0, joined, expires, expires, -1))
        free += 1

    def arrive(_: simpy.Event) -> None:
        nonlocal free, left
        left -= 1
        if left:
            env.timeout(expovariate(shape.per_minute)).callbacks.append(arrive)
        now = env.now
        if free:
            free -= 1
            serve(now)
        else:
            line.append((now, now + expovariate(bears) if bears else float("inf")))

    env.timeout(expovariate(shape.per_minute)).callbacks.append(arrive)
    env.run()
    return log


def plain_loop(shape: Shape, contacts: int, seed: int) -> list[Row]:
    """A plain Python loop: a heap of ends of service, the next arrival beside it. No library."""
    rng = random.Random(seed)
    draw_service, expovariate = shape.service_law(rng), rng.expovariate
    rate, bears = shape.per_minute, 0.0 if shape.patience is None else 1.0 / shape.patience
    free = shape.pools[0][0]
    ends: list[float] = []
    line: deque[tuple[float, float]] = deque()
    log: list[Row] = []
    left, arrival, never = contacts, expovariate(rate), float("inf")
    while ends or left:
        if ends and ends[0] <= arrival:
            now = heappop(ends)
            while line:
                joined, expires = line.popleft()
                if expires > now:
                    end = now + draw_service()
                    log.append((0, joined, now, end, 0))
                    heappush(ends, end)
                    break
                log.append((0, joined, expires, expires, -1))
            else:
                free += 1
        else:
            now = arrival
            left -= 1
            arrival = now + expovariate(rate) if left else never
            if free:
                free -= 1
                end = now + draw_service()
                log.append((0, now, now, end, 0))
                heappush(ends, end)
            else:
                line.append((now, now + expovariate(bears) if bears else never))
    return log


PROGRAMS: dict[str, Callable[[Shape, int, int], list[Row]]] = {
    "SimPy, processes": simpy_processes,
    "SimPy, processes, profiled": simpy_careful,
    "SimPy, callbacks": simpy_callbacks,
    "plain Python, heapq": plain_loop,
}
