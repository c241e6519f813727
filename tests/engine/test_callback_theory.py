"""What Markov chains say of callbacks: of those that keep their place, and of those that wait for idle agents."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.records.tables import QUEUE_SUMS, ROUTES
from tests.support.stories import script

_ROUTES = {column.name: place for place, column in enumerate(ROUTES[1:])}
"""Places in a row of the table `routes`, without the replication."""

REPLICATIONS = 25
LENGTH = 4 * 1440.0

QUEUE = """\
horizon: {{start: 2026-01-05, warm_up: 4h, length: 4d, drain: 5h, interval: 1d}}
handle_time: {{law: exponential, mean: {handle}m}}
demand: {{calls: {{per_minute: {rate}}}}}
channels: {{phone: {{patience: {{law: exponential, mean: {patience}m}}, callback: {callback}}}}}
pools: {{desk: {{staffing: {agents}, deferred: {{keep_free: {keep}}}}}}}
{more}
"""

Moves = Callable[[tuple[int, ...]], Iterator[tuple[Hashable, float, str]]]


def steady(start: Hashable, moves: Moves) -> tuple[dict[Hashable, float], dict[str, float]]:
    """Steady state of a chain, and how often moves of each name are made; `moves` of a state: (to, rate, name)."""
    places: dict[Hashable, int] = {start: 0}
    order, found = [start], []
    for state in order:
        for to, rate, name in moves(state):
            if to not in places:
                places[to] = len(order)
                order.append(to)
            found.append((places[state], places[to], rate, name))
    q = np.zeros((len(order), len(order)))
    for i, j, rate, _ in found:
        q[i, j] += rate
        q[i, i] -= rate
    balance = q.T
    balance[-1] = 1  # of the equations of balance any one follows from the others
    p = np.linalg.solve(balance, np.eye(len(order))[-1])
    flows: dict[str, float] = {}
    for i, _, rate, name in found:
        flows[name] = flows.get(name, 0.0) + p[i] * rate
    return {state: float(p[places[state]]) for state in order}, flows


def simulated(seed: int, **said: object) -> dict[str, tuple[float, float]]:
    """Mean over replications and standard error: sums of the only queue by contact."""
    model = compile_model(script(QUEUE.format(**({"keep": 0, "more": ""} | said))))
    rows = []
    for replication in range(REPLICATIONS):
        sums = simulate(model, seed=seed, replication=replication).tables["queue_sums"][0]
        named = {column.name: int(sums[place]) for place, column in enumerate(QUEUE_SUMS[1:])}
        delay = named["wait_callback_us"] / 60e6 / named["callbacks_reached"]
        queue = named["waiting_us"] / 60e6 / LENGTH
        shares = [named[name] / named["arrived"] for name in ("callbacks_offered", "callbacks", "abandoned", "blocked")]
        rows.append([*shares, delay, queue])
    found = np.array(rows)
    names = ("offered", "accepted", "abandoned", "blocked", "delay", "queue")
    errors = found.std(axis=0, ddof=1) / REPLICATIONS**0.5
    return dict(zip(names, zip(found.mean(axis=0).tolist(), errors.tolist(), strict=True), strict=True))


def agrees(found: dict[str, tuple[float, float]], expected: dict[str, float]) -> None:
    for name, value in expected.items():
        mean, error = found[name]
        assert abs(mean - value) <= 4 * error + 1e-12, (name, mean, error, value)
        assert error < value / 15 or value < 0.01, name


@pytest.mark.parametrize("counts", ["all", "live"])
def test_callbacks_that_keep_their_place(counts: str) -> None:
    """A chain over the ordered line: 0 waits on the phone, 1 has hung up; at most 6 wait."""
    agents, rate, mu, theta, accepted, most = 3, 1.7, 0.5, 0.4, 0.5, 6

    def moves(state: tuple[int, ...]) -> Iterator[tuple[Hashable, float, str]]:
        busy, line = state[0], state[1:]
        if busy < agents:
            yield (busy + 1,), rate, "served"
        elif len(line) >= most:
            yield state, rate, "blocked"
        elif (len(line) if counts == "all" else line.count(0)) >= 2:
            yield (*state, 1), rate * accepted, "accepted"
            yield (*state, 0), rate * (1 - accepted), "declined"
        else:
            yield (*state, 0), rate, "joins"
        if busy:
            yield ((busy, *line[1:]) if line else (busy - 1,)), busy * mu, "done"
        for place, kind in enumerate(line):
            if kind == 0:
                yield (busy, *line[:place], *line[place + 1 :]), theta, "abandoned"

    p, flows = steady((0,), moves)
    callbacks = sum(share * state[1:].count(1) for state, share in p.items())
    live = sum(share * state[1:].count(0) for state, share in p.items())
    found = simulated(
        11,
        rate=rate,
        handle=2,
        patience=2.5,
        agents=agents,
        callback=f"{{waiting: 2, counts: {counts}, accepted: 50%}}",
        more=f"queue_groups: {{door: {{max_waiting: {most}}}}}",
    )
    expected = {name: flows[name] / rate for name in ("accepted", "abandoned", "blocked")}
    expected["offered"] = (flows["accepted"] + flows["declined"]) / rate
    agrees(found, expected | {"delay": callbacks / flows["accepted"], "queue": live})


@pytest.mark.parametrize(("keep", "handle"), [(0, 3.0), (1, 3.0), (1, 4.5)])
def test_callbacks_when_agents_are_idle(keep: int, handle: float) -> None:
    """A chain over (live in hand, callbacks in hand, live waiting, callbacks waiting)."""
    agents, rate, mu, theta, accepted, most = 5, 1.2, 1 / 3, 0.5, 0.6, 16

    def settled(live: int, called: int, waits: int, calls: int) -> tuple[int, ...]:
        """Who waits on the phone is taken first; a callback only where more than `keep` agents are idle."""
        if waits and live + called < agents:
            return live + 1, called, waits - 1, calls
        if calls and not waits and agents - live - called > keep:
            return live, called + 1, waits, calls - 1
        return live, called, waits, calls

    def moves(state: tuple[int, ...]) -> Iterator[tuple[Hashable, float, str]]:
        live, called, waits, calls = state
        if live + called < agents:
            yield (live + 1, called, waits, calls), rate, "served"
        else:
            takes = accepted if waits >= 1 and calls < most else 0.0
            if takes:
                yield (live, called, waits, calls + 1), rate * takes, "accepted"
            if waits < most:
                yield (live, called, waits + 1, calls), rate * (1 - takes), "joins"
        if live:
            yield settled(live - 1, called, waits, calls), live * mu, "done"
        if called:
            yield settled(live, called - 1, waits, calls), called / handle, "called"
        if waits:
            yield (live, called, waits - 1, calls), waits * theta, "abandoned"

    p, flows = steady((0, 0, 0, 0), moves)
    own = f"{{law: exponential, mean: {handle}m}}"
    found = simulated(
        12,
        rate=rate,
        handle=3,
        patience=2,
        agents=agents,
        keep=keep,
        callback=f"{{waiting: 1, counts: live, accepted: 60%, served: when_idle, handle_time: {own}}}",
    )
    expected = {name: flows[name] / rate for name in ("accepted", "abandoned")}
    delay = sum(share * state[3] for state, share in p.items()) / flows["accepted"]
    agrees(found, expected | {"delay": delay, "queue": sum(share * state[2] for state, share in p.items())})


def test_attempts_are_a_geometric_sum() -> None:
    """Nobody is there at once, everybody accepts, and a pool with agents enough takes them after a second."""
    body = """\
horizon: {start: 2026-01-05, length: 2d, drain: 3h, interval: 1d}
handle_time: {law: exponential, mean: 5m}
demand: {calls: {per_minute: 6, changes: [{start: 2026-01-06, set_to: 0 per minute}]}}
channels:
  phone: {callback: {waiting: 0, accepted: 100%, answered: 65%, attempts: 3, unanswered: 30s, between: 30m}}
workflows: {calls: {pools: [few], overflow: [{after: 1s, pools: [many]}]}}
pools: {few: {shifts: [{agents: 1, start: 23:59, length: 1m}]}, many: {staffing: 120}}
"""
    model = compile_model(script(body))
    rows = []
    for replication in range(REPLICATIONS):
        tables = simulate(model, seed=13, replication=replication).tables
        named = {column.name: int(tables["queue_sums"][0, place]) for place, column in enumerate(QUEUE_SUMS[1:])}
        if named["callbacks"] < named["offered"]:
            assert named["callbacks"] > 0.99 * named["offered"]
        n = named["callbacks"]
        assert named["callbacks_reached"] + named["not_reached"] == n
        held = int(tables["routes"][:, _ROUTES["held_us"]].sum())
        delay = named["wait_callback_us"] / 60e6 / named["callbacks_reached"] - 1 / 60
        rows.append([named["not_reached"] / n, named["callback_attempts"] / n, held / 60e6 / named["offered"], delay])
    means, errors = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1) / REPLICATIONS**0.5
    missed = 0.35
    reached = 1 - missed**3
    attempts = 1 + missed + missed**2
    minutes = 0.5 * (missed + missed**2 + missed**3) + 5 * reached
    later = 30.5 * (0.65 * missed + 2 * 0.65 * missed**2) / reached
    expected = [missed**3, attempts, minutes, later]
    assert np.all(np.abs(means - expected) <= 4 * errors + 1e-9), (means, errors, expected)


@pytest.mark.parametrize(
    ("place", "accepted", "abandoned", "called_after"),
    [("kept", 0.01694, 0.11746, 162.3), ("lost", 0.01399, 0.11636, 216.2)],
)
def test_callbacks_after_a_wait(place: str, accepted: float, abandoned: float, called_after: float) -> None:
    """A plain event loop over 600,000 minutes: ten agents, who still waits after 2 minutes is asked."""
    found = simulated(
        15, rate=2.4, handle=4, patience=3, agents=10, callback=f"{{after: 2m, accepted: 60%, place: {place}}}"
    )
    # standard errors of the loop: of 30 runs of the share, and of some 20,000 callbacks that come in bursts
    delay = called_after / 60 - 2
    for name, value, own in (
        ("accepted", accepted, 2e-4),
        ("abandoned", abandoned, 5e-4),
        ("delay", delay, delay / 60),
    ):
        mean, error = found[name]
        assert abs(mean - value) <= 4 * (error**2 + own**2) ** 0.5, (name, mean, error, value)
        assert error < value / 15, name
