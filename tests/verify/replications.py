"""A replication: one scenario, what is summed, what is asked, and how long it must be simulated to answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .formulas import quantile
from .laws import MINUTE, duration
from .measures import Ask
from .sums import Wanted

DAY_MINUTES = 1440

Asks = Callable[[tuple[str, ...]], Ask | str | None]
"""For the path of an expected value: how to estimate it, why it is not asked, or None (not of this replication)."""


@dataclass(frozen=True)
class Steady:
    """A system in equilibrium: it may be simulated as long as it takes."""

    rate: float
    """Visits a minute."""
    relax: float
    """Relaxation time in minutes: how fast the start is forgotten."""
    handle: float
    """Mean time with an agent, in minutes."""
    warm_up: float = 0.0
    """Minutes of warm-up beyond what the relaxation time asks for: returns that are long in coming."""


@dataclass(frozen=True)
class Days:
    """A fixed stretch of time that is simulated again and again."""

    contacts: float
    """Visits of one replication."""
    enough: int = 20_000
    """More replications than this are not simulated."""


@dataclass(frozen=True)
class Facts:
    """Nothing is simulated: what a check of scenarios says, by the names that the questions use."""

    find: Callable[[], Mapping[str, float]]


Plan = Steady | Days | Facts


@dataclass(frozen=True)
class Simulation:
    """One scenario of a case and the questions it answers."""

    name: str
    """Which of the case's simulates; empty where it has one."""
    scenario: Mapping[str, Any]
    """The scenario without its horizon, where the plan makes one."""
    asks: Asks
    plan: Plan
    wanted: Wanted
    files: Mapping[str, str] = field(default_factory=dict)
    """Files beside the scenario, by name."""
    batch: Callable[[int, int], Mapping[str, str]] | None = None
    """Files of one batch, from its number and the minutes it covers, where every replication has its own."""
    fill: Callable[[int], Mapping[str, str]] | None = None
    """Files that depend on the minutes that are simulated."""
    visits: bool = False
    most_visits: int = 2_000
    """Most replications whose visits are read."""
    reference_replications: float | None = None
    """Replications behind expected values that come without a standard error of their own."""
    seed: int = 0
    """Added to the seed, so that cases with streams of one name are independent."""

    def with_(self, **changes: Any) -> Simulation:
        """The replication with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Length:
    """How much is simulated."""

    warm_up: int
    """Minutes."""
    length: int
    """Minutes."""
    replications: int


def first_length(plan: Steady, quick: bool) -> Length:
    """Length of the first, exploring replication."""
    warm = math.ceil(8 * plan.relax + 4 * plan.handle + plan.warm_up)
    length = math.ceil(max(25 * plan.relax, 3_000 / plan.rate, 20 * plan.handle))
    if quick:
        length = math.ceil(max(10 * plan.relax, 2_000 / plan.rate, 10 * plan.handle))
    return Length(warm, length, 24)


def final_length(plan: Steady, first: Length, factor: float, budget: float) -> Length:
    """Length that brings the worst standard error to what is wanted, within a budget of visits.

    `factor` is (standard error in the first replication / wanted)^2, the worst over the measures.
    """
    total = factor * first.replications * first.length * 1.25
    replications = 100
    length = max(first.length, math.ceil(total / replications))
    most = budget / plan.rate
    if replications * (first.warm_up + length) > most:
        length = max(math.ceil(most / replications) - first.warm_up, first.length)
    if replications * (first.warm_up + length) > 1.5 * most:
        replications = max(40, math.floor(most / (first.warm_up + length)))
    return Length(first.warm_up, length, replications)


def with_horizon(scenario: Mapping[str, Any], length: Length) -> dict[str, Any]:
    """A scenario with a horizon of so many minutes."""
    return dict(scenario) | {
        "horizon": {
            "start": "2026-01-05",
            "warm_up": f"{length.warm_up}m",
            "length": f"{length.length}m",
            "drain": f"{max(4 * DAY_MINUTES, 20 * length.warm_up)}m",
            "interval": f"{interval_of(length.length)}m",
        }
    }


INTERVALS = (1440, 720, 360, 240, 120, 60, 30, 15, 10, 5, 2, 1)


def interval_of(length: float) -> int:
    """Report interval in minutes: few rows, but the replication goes on after the length by whole intervals."""
    return next((width for width in INTERVALS if 30 * width <= length), 1)


def relaxation(
    rate: float, second: float, servers: float, load: float, handle: float, patience: float | None = None
) -> float:
    """Time in which a station forgets its start, in minutes: heavy traffic time, or that of patience.

    Parameters
    ----------
    rate
        Arrivals a minute.
    second
        Second moment of the handle time, minutes^2.
    servers
        Agents.
    load
        Rate x mean handle time / agents.
    handle
        Mean handle time, minutes.
    patience
        Mean patience, minutes; None for ever.
    """
    calm = max(handle, second / handle)
    slow = math.inf if load >= 1 else 2 * rate * second / (servers**2 * (1 - load) ** 2)
    if patience is not None:
        slow = min(slow, 3 * max(patience, handle))
    return max(calm, slow)


def thresholds(micros: list[int]) -> dict[str, Any]:
    """The `service_level` section for thresholds in microseconds."""
    wanted = sorted({m for m in micros if m > 0}) or [20_000_000]
    return {"within": [duration(m) for m in wanted]}


def micros_of(text: str | float, unit: float = MINUTE) -> int:
    """Whole microseconds of a time in units."""
    return round(float(text) * unit)


def p90(label: str, expected: Mapping[str, Any], unit: float = MINUTE) -> tuple[Ask | None, list[int]]:
    """The 90 % quantile from the bins, and its expected value as one more threshold."""
    value = expected.get("wait_p90")
    if not value:
        return None, []
    return quantile(label, 0.9, unit), [micros_of(value, unit)]
