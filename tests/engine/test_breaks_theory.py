"""What theory says of one agent who takes breaks at random, and what a plain event loop finds."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.model import compile_model
from tests.support.stories import POOL, script

MINUTE = 60e6
REPLICATIONS = 40


class Found(NamedTuple):
    """Of each replication."""

    wait: np.ndarray
    """Mean wait of all who ended, minutes."""
    left: np.ndarray
    """Share who abandoned."""
    away: np.ndarray
    """Share of the time on a break."""


def found(body: str, seed: int) -> Found:
    model = compile_model(script(body))
    rows = []
    for replication in range(REPLICATIONS):
        tables = simulate(model, seed=seed, replication=replication, visits=True).tables
        visits = tables["visits"][tables["visits"][:, 5] == 1]
        time = tables["pool_intervals"][:, [POOL["break_us"], POOL["planned_us"]]].sum(axis=0)
        rows.append(((visits[:, 7] - visits[:, 6]).mean() / MINUTE, (visits[:, 10] < 0).mean(), time[0] / time[1]))
    return Found(*np.array(rows).T)


def error_of(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / len(values) ** 0.5)


QUEUE = """\
horizon: {{start: 2026-01-05, warm_up: 2d, length: 40d, drain: 5d, interval: 1d}}
handle_time: {{law: exponential, mean: 6m}}
demand: {{calls: {{per_hour: 6}}}}
patience: {patience}
pools: {{desk: {{staffing: 1{breaks}}}}}
"""
RATE, SERVICE, EVERY = 0.1, 6.0, 30.0


def queue(when: str = "", length: str = "", patience: str = "never") -> str:
    """A desk of one agent, with breaks where it is said when they begin."""
    breaks = f", breaks: {{every: {{mean: 30m}}, length: {length}, when: {when}}}" if when else ""
    return QUEUE.format(patience=patience, breaks=breaks)


@pytest.mark.parametrize(
    ("length", "first", "second"),
    [("4m", 4.0, 16.0), ("{mean: 4m}", 4.0, 32.0), ("{law: uniform, low: 0s, high: 10m}", 5.0, 100 / 3)],
)
def test_breaks_after_contact_are_longer_services_and_vacations(length: str, first: float, second: float) -> None:
    """A break that falls due in a service lengthens it (Gaver 1962, completion times); one that falls due while nobody
    is there is a vacation. By the decomposition of Fuhrmann and Cooper (1985) the mean wait is that of M/G/1 with the
    longer services, and of the vacations the mean work that is left of them at a random instant without service."""
    seen = found(queue("after_contact", length), 7)
    mu, due = 1 / SERVICE, 1 / EVERY
    in_service = due / (mu + due)
    times_due = 1 / mu - mu / (mu + due) ** 2  # mean of the service where a break is due in it, else 0
    mean = 1 / mu + in_service * first
    square = 2 / mu**2 + 2 * times_due * first + in_service * second
    expected = RATE * square / (2 * (1 - RATE * mean)) + due * second / (2 * (1 + due * first))
    assert seen.wait.mean() == pytest.approx(expected, abs=3.5 * error_of(seen.wait))
    assert error_of(seen.wait) < expected / 30
    # of the time without service a break takes its share; every service has one with that probability
    idle = (1 - RATE * mean) * due * first / (1 + due * first)
    away = idle + RATE * in_service * first
    assert seen.away.mean() == pytest.approx(away, abs=3.5 * error_of(seen.away))


@pytest.mark.parametrize(("length", "first", "second"), [("4m", 4.0, 16.0), ("{mean: 4m}", 4.0, 32.0)])
def test_breaks_when_idle_are_vacations_alone(length: str, first: float, second: float) -> None:
    """They lengthen no service: beside the same desk without breaks, customers wait longer by what is left of a break
    at a random instant without service (Fuhrmann and Cooper 1985), whatever the number of breaks."""
    seen, without = found(queue("idle", length), 8), found(queue(), 8)
    busy = RATE * SERVICE
    longer = seen.wait - without.wait
    off = longer - seen.away * second / (2 * first) / (1 - busy)
    assert off.mean() == pytest.approx(0, abs=3.5 * error_of(off))
    assert longer.mean() > 8 * error_of(off)
    assert without.wait.mean() == pytest.approx(busy * SERVICE / (1 - busy), abs=3.5 * error_of(without.wait))
    # breaks that fall due on the line cannot be more than one in 30 minutes of it
    assert 0.6 * first / (EVERY + first) < seen.away.mean() < first / (EVERY + first)


def loop(rng: np.random.Generator, days: int, patience: float, length: float) -> tuple[float, float]:
    """Mean wait and share who leave of one agent with breaks when idle: one contact after the other."""
    free, due, now = 0.0, rng.exponential(EVERY), 0.0
    waits, left = [], 0
    while now < 1440 * days:
        now += rng.exponential(1 / RATE)
        while True:  # breaks that begin before this contact comes
            begins = max(due, free)
            if begins >= now:
                break
            free = begins + length
            due = free + rng.exponential(EVERY)
        answered, stays = max(now, free), rng.exponential(patience)
        if answered - now > stays:
            waits.append(stays)
            left += 1
        else:
            waits.append(answered - now)
            free = answered + rng.exponential(SERVICE)
    return float(np.mean(waits)), left / len(waits)


def test_breaks_when_idle_with_customers_who_leave_are_those_of_an_event_loop() -> None:
    seen = found(queue("idle", "7m", "{law: exponential, mean: 9m}"), 9)
    rng = np.random.default_rng(20260105)
    plain = np.array([loop(rng, 40, 9.0, 7.0) for _ in range(REPLICATIONS)]).T
    for mine, other in zip((seen.wait, seen.left), plain, strict=True):
        error = math.hypot(error_of(mine), error_of(other))
        assert mine.mean() == pytest.approx(other.mean(), abs=3.5 * error)
        assert error < other.mean() / 40
