"""What birth-death chains say of customers who leave at once at the announced wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.records.tables import QUEUE_SUMS
from tests.support.stories import script

REPLICATIONS = 25
STATES = 400

QUEUE = """\
horizon: {{start: 2026-01-05, warm_up: 4h, length: 4d, drain: 5h, interval: 1d}}
handle_time: {{law: exponential, mean: {handle}m}}
demand: {{calls: {{per_minute: {rate}}}}}
channels: {{phone: {{patience: {patience}, balking: {balking}}}}}
pools: {{desk: {{staffing: {agents}}}}}
"""


class Shares(NamedTuple):
    """Of all contacts, and their mean wait in minutes."""

    balked: float
    abandoned: float
    waited: float
    wait: float


def chain(rate: float, handle: float, agents: int, leaves: Callable[[float], float], patience: float = 0.0) -> Shares:
    """A chain over the number there; `leaves`: share that leaves by announced wait, `patience`: its mean, 0 if endless.

    An arrival that finds all busy and w waiting is told (w + 1) x handle / agents minutes.
    """
    waiting = np.maximum(np.arange(STATES) - agents, 0)
    told = (waiting + 1) * handle / agents
    balk = np.array([leaves(wait) if n >= agents else 0.0 for n, wait in enumerate(told)])
    gives_up = waiting / patience if patience else np.zeros(STATES)
    down = np.minimum(np.arange(STATES), agents) / handle + gives_up
    log_p = np.concatenate([[0.0], np.cumsum(np.log(np.maximum(rate * (1 - balk[:-1]), 1e-300)) - np.log(down[1:]))])
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    assert p[-1] < 1e-12
    return Shares(float(p @ balk), float(p @ gives_up) / rate, float(p[agents:].sum()), float(p @ waiting) / rate)


def simulated(seed: int, **said: object) -> tuple[np.ndarray, np.ndarray]:
    """Means over replications of what `Shares` names, and their standard errors."""
    model = compile_model(script(QUEUE.format(**said)))
    rows = []
    for replication in range(REPLICATIONS):
        sums = simulate(model, seed=seed, replication=replication).tables["queue_sums"]
        named = {column.name: int(sums[0, place]) for place, column in enumerate(QUEUE_SUMS[1:])}
        wait = sum(named[f"wait_{what}_us"] for what in ("answered", "abandoned", "other")) / 60e6
        rows.append([named["balked"], named["abandoned"], named["waited"], wait])
        rows[-1] = [value / named["offered"] for value in rows[-1]]
        assert named["offered"] == named["arrived"]
    found = np.array(rows)
    return found.mean(axis=0), found.std(axis=0, ddof=1) / REPLICATIONS**0.5


def agrees(found: tuple[np.ndarray, np.ndarray], expected: Shares) -> None:
    means, errors = found
    assert np.all(np.abs(means - np.array(expected)) <= 4.0 * errors + 1e-12), (means, errors, expected)
    assert errors[0] < expected.balked / 25


def steps(*pairs: tuple[float, float]) -> Callable[[float], float]:
    return lambda wait: max((share for above, share in pairs if wait > above + 1e-9), default=0.0)


def test_shares_by_steps_of_the_announced_wait() -> None:
    found = simulated(
        3,
        rate=1.9,
        handle=3,
        agents=6,
        patience="never",
        balking="{steps: [{above: 1m, share: 25%}, {above: 3m, share: 60%}]}",
    )
    # 1 and 5 waiting are told 1 and 3 minutes exactly: these are not above the steps
    agrees(found, chain(1.9, 3, 6, steps((1, 0.25), (3, 0.6))))


def test_who_stays_has_their_patience() -> None:
    found = simulated(
        4,
        rate=3.2,
        handle=4,
        agents=12,
        patience="{law: exponential, mean: 2m}",
        balking="{steps: [{above: 0s, share: 10%}, {above: 90s, share: 50%}]}",
    )
    agrees(found, chain(3.2, 4, 12, steps((0, 0.1), (1.5, 0.5)), patience=2))


def test_who_tolerates_less_than_the_announced_wait_leaves() -> None:
    found = simulated(
        5, rate=2, handle=5, agents=10, patience="never", balking="{tolerates: {law: exponential, mean: 3m}}"
    )
    agrees(found, chain(2, 5, 10, lambda wait: 1 - np.exp(-wait / 3)))


def test_own_patience_that_is_gone_balks_at_any_announcement() -> None:
    """30 % have no patience at all, the others never leave: all of the 30 % balk, and nobody abandons."""
    found = simulated(6, rate=2.2, handle=4, agents=8, patience="{zero: 30%}", balking="{own_patience: yes}")
    agrees(found, chain(2.2, 4, 8, lambda wait: 0.3))


def test_own_patience_without_end_never_balks() -> None:
    means, _ = simulated(7, rate=1.5, handle=4, agents=7, patience="never", balking="{own_patience: yes}")
    assert means[:2].tolist() == [0, 0]
    assert means[2] > 0.3
