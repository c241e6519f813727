"""What only the visits tell: who was where at an instant, how long an agent held how many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ccsim.records.outcomes import OUTCOMES

from .sums import Rows, Simulated, Sums, Vector, VisitReader

_NEVER_IN_QUEUE = [OUTCOMES.index(name) for name in ("blocked", "closed")]


def _columns(simulated: Simulated, *names: str) -> list[Rows]:
    table = simulated.tables["visits"]
    return [table.column(name) for name in names]


def at_instants(
    instants: dict[str, int],
    staffing: dict[str, int],
    sides: dict[str, str],
    stretches: Sequence[tuple[int, int]] = (),
) -> VisitReader:
    """Waiting (q), in hand (b) and both (n) at instants, with squares, and whether nobody was free.

    And by stretch of time, from its number, those who left the queue in it (`abandons3`) and those whose handling
    ended in it (`completions3`).

    Parameters
    ----------
    instants
        Microseconds since the horizon's start, by name.
    staffing
        Agents planned at the instant, by name.
    sides
        `after` the instant's events or `before` them, by name.
    stretches
        Start and end in microseconds.
    """

    def read(simulated: Simulated) -> Sums:
        replication, joined, left, wrapped, outcome, pool = _columns(
            simulated, "replication", "joined_us", "left_us", "wrapped_us", "outcome", "pool"
        )
        queued = ~np.isin(outcome, _NEVER_IN_QUEUE)
        served = pool >= 0
        sums: Sums = {}
        for name, at in instants.items():
            if sides[name] == "after":
                waiting = queued & (joined <= at) & (left > at)
                busy = served & (left <= at) & (wrapped > at)
            else:
                waiting = queued & (joined < at) & (left >= at)
                busy = served & (left < at) & (wrapped >= at)
            q = _count(replication, waiting, simulated.replications)
            b = _count(replication, busy, simulated.replications)
            sums[f"at{name}.q"], sums[f"at{name}.b"], sums[f"at{name}.n"] = q, b, q + b
            sums[f"at{name}.qq"], sums[f"at{name}.nn"] = q * q, (q + b) ** 2
            sums[f"at{name}.bb"] = b * b
            sums[f"at{name}.full"] = (b >= staffing[name]).astype(np.float64)
        gone = outcome == OUTCOMES.index("abandoned")
        for i, (start, end) in enumerate(stretches):
            inside = gone & (left >= start) & (left < end)
            sums[f"abandons{i}"] = _count(replication, inside, simulated.replications)
            inside = served & (wrapped >= start) & (wrapped < end)
            sums[f"completions{i}"] = _count(replication, inside, simulated.replications)
        return sums

    return read


def _count(replication: Rows, mask: np.ndarray, size: int) -> Vector:
    return np.bincount(replication[mask], minlength=size).astype(np.float64)


def agents_by_load(most: int, agents: int) -> VisitReader:
    """Agent time with 0, 1, ... `most` contacts in hand in the counted time: `load0`, `load1`, ..."""

    def read(simulated: Simulated) -> Sums:
        replication, pool, agent, left, wrapped = _columns(
            simulated, "replication", "pool", "agent", "left_us", "wrapped_us"
        )
        served = pool >= 0
        key = (replication[served] * 64 + pool[served]) * (agents + 1_000) + agent[served]
        start, end = simulated.warm_up, simulated.warm_up + simulated.length
        times = np.concatenate([left[served], wrapped[served]])
        steps = np.concatenate([np.ones(served.sum(), np.int64), -np.ones(served.sum(), np.int64)])
        keys = np.concatenate([key, key])
        order = np.lexsort((steps, times, keys))
        keys, times, steps = keys[order], times[order], steps[order]
        held = np.cumsum(steps)
        following = np.append(times[1:], end)
        following[np.append(keys[1:] != keys[:-1], True)] = end
        span = np.clip(following, start, end) - np.clip(times, start, end)
        owner = keys // (agents + 1_000) // 64
        sums: Sums = {}
        loaded = np.zeros(simulated.replications)
        for load in range(1, most + 1):
            mask = held == load
            time = np.bincount(owner[mask], weights=span[mask], minlength=simulated.replications)
            sums[f"load{load}"] = time.astype(np.float64)
            loaded += sums[f"load{load}"]
        sums["load0"] = np.full(simulated.replications, float(agents * simulated.length)) - loaded
        return sums

    return read


def fresh_contacts() -> VisitReader:
    """First contacts of their case, counted: `fresh`, and of these `fresh_blocked` and `fresh_turned` (nobody free)."""

    def read(simulated: Simulated) -> Sums:
        replication, contact, visit, counted, waited, outcome = _columns(
            simulated, "replication", "contact", "visit", "counted", "waited", "outcome"
        )
        fresh = (contact == 0) & (visit == 0) & (counted == 1)
        blocked = outcome == OUTCOMES.index("blocked")
        size = simulated.replications
        return {
            "fresh": _count(replication, fresh, size),
            "fresh_blocked": _count(replication, fresh & blocked, size),
            "fresh_turned": _count(replication, fresh & (blocked | (waited == 1)), size),
        }

    return read


def started_before(end: int, first: str, second: str, agents: dict[str, int]) -> VisitReader:
    """Means of one replication over the visits whose handling began before an instant, by queue.

    `<queue>.mean_wait` is the mean wait in microseconds, `<queue>.full_time` the whole handling over agent time.
    """

    def read(simulated: Simulated) -> Sums:
        replication, queue, joined, left, wrapped, pool = _columns(
            simulated, "replication", "queue", "joined_us", "left_us", "wrapped_us", "pool"
        )
        sums: Sums = {}
        size = simulated.replications
        for name in (first, second):
            mask = (queue == simulated.queues[name]) & (pool >= 0) & (left < end)
            count = _count(replication, mask, size)
            wait = np.bincount(replication[mask], weights=(left - joined)[mask], minlength=size)
            handled = np.bincount(replication[mask], weights=(wrapped - left)[mask], minlength=size)
            sums[f"{name}.mean_wait"] = wait / np.maximum(count, 1)
            sums[f"{name}.full_time"] = handled / (agents[name] * end)
        return sums

    return read
