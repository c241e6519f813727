"""Why what agents cost differs between two runs: volume, time per contact, occupancy, shrinkage, price, the rest.

What agents cost a day is a product: contacts answered, agent time per contact, signed-in time per agent time (1 /
occupancy), paid time per signed-in time (1 / (1 - shrinkage)), price of a paid hour. What is not paid by the hour
(bots, translations, vendors' minimums, assists) is a last step. So the steps add up to the whole difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import CcsimError
from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.metrics.cost import drawn_prices_of
from ccsim.metrics.sums import Sums
from ccsim.results.run import Run
from ccsim.special_functions import stdtrit
from ccsim.theory.sensitivity import bridge
from ccsim.units import DAY, HOUR, SECOND

LEVEL: Final = 0.95
ROUNDING: Final = 1e-9
"""A smaller part of the cost is rounding, and told as nothing."""

_Sums = Mapping[str, NDArray[np.float64]]

DRIVERS: Final = {
    "volume": ("Contacts answered", "contacts/day"),
    "time": ("Agent time per contact", "s"),
    "occupancy": ("Occupancy", "%"),
    "shrinkage": ("Shrinkage", "%"),
    "price": ("Price of a paid hour", "money/h"),
    "other": ("Not paid by the hour", "money/day"),
}
"""Title and unit by driver, in the order in which they are changed."""


@dataclass(frozen=True, slots=True)
class BridgeStep:
    """One driver of a difference in cost."""

    driver: str
    base: float
    """Its value in the first run, in the unit of `DRIVERS`."""
    new: float
    effect: float
    """What its change does to the cost of a day, with the drivers before it changed already."""
    half_width: float | None
    """Of the effect's 95 % interval; None with fewer than two replications."""
    shapley: float
    """What it does on average over all orders."""


@dataclass(frozen=True, slots=True)
class CostBridge:
    """A difference in cost a day, taken apart."""

    base: float
    new: float
    difference: float
    """New less base; nothing where it is rounding."""
    half_width: float | None
    """Of the 95 % interval of the difference."""
    steps: tuple[BridgeStep, ...]
    """Their effects add up to the difference."""
    paired: bool
    """Whether the runs have the same seed and replications, so that intervals are those of paired differences."""


def cost_bridge(base: Run, new: Run) -> CostBridge:
    """Take the difference in what two runs cost a day apart.

    Intervals are jackknife intervals over replications: one replication is left out of both runs where these are
    paired, else out of one at a time.

    Raises
    ------
    CcsimError
        Nobody is paid, signed in or answered in one of them, or their currencies differ.
    """
    if base.measured.currency != new.measured.currency:
        raise CcsimError(f"the currencies differ: {base.measured.currency} and {new.measured.currency}")
    ours, theirs = _sums_of(base), _sums_of(new)
    numbers = base.replications, new.replications
    paired = numbers[0] == numbers[1] and base.provenance.get("seed") == new.provenance.get("seed")
    halves = _half_widths(_left_out(ours, theirs, numbers, paired=paired)) if min(numbers) > 1 else None
    before, after = _drivers(ours), _drivers(theirs)
    made = bridge(_cost, before, after)
    least = ROUNDING * max(abs(made.base), abs(made.new))

    def kept(value: float) -> float:
        return 0.0 if abs(value) < least else float(value)

    steps = tuple(
        BridgeStep(
            name, _told(name, before), _told(name, after), kept(made.in_order[name]),
            None if halves is None else kept(halves[i]), kept(made.shapley[name]),
        )
        for i, name in enumerate(DRIVERS)
    )  # fmt: skip
    return CostBridge(
        made.base, made.new, kept(made.new - made.base), None if halves is None else kept(halves[-1]), steps, paired
    )


def _left_out(ours: _Sums, theirs: _Sums, numbers: tuple[int, int], *, paired: bool) -> list[list[NDArray[np.float64]]]:
    """Effects without each replication: of both runs at once where they are paired, else of one at a time."""
    one, other = _drivers(ours), _drivers(theirs)
    left = [[_drivers(_without(sums, i)) for i in range(n)] for sums, n in zip((ours, theirs), numbers, strict=True)]
    if paired:
        return [[_effects(a, b) for a, b in zip(*left, strict=True)]]
    return [[_effects(a, other) for a in left[0]], [_effects(one, b) for b in left[1]]]


def _sums_of(run: Run) -> _Sums:
    """Sums by replication."""
    sums = Sums(run.tables, run.measured)
    kpi = KPIS[MAIN_COST]
    every = np.zeros(len(sums.pools), np.int64)
    found = {
        name: np.asarray(sums.parts("pool_sums", name, every, 1), np.float64)[0]
        for name in ("answered", "in_hand_us", "signed_in_us", "paid_us")
    }
    hours = np.asarray(sums.matrix("pool_sums", "rated_us"), np.float64) / HOUR
    found["paid"] = (hours * drawn_prices_of(sums.pools, run.measured, hours.shape[1])).sum(axis=0)
    found["cost"] = sums.evaluate(kpi.numerator, kpi, every, 1)[0]
    found["days"] = np.full(run.replications, run.measured.length / DAY)
    for name, said in (
        ("answered", "nobody is answered"),
        ("in_hand_us", "nobody handles a contact"),
        ("signed_in_us", "nobody is signed in"),
        ("paid_us", "nobody is paid"),
        ("paid", "paid hours have no price"),
    ):
        if (found[name] <= 0.0).all():
            raise CcsimError(f"{run.name}: {said}, so there is no cost to take apart")
    return found


def _without(sums: _Sums, replication: int) -> _Sums:
    return {name: np.delete(values, replication) for name, values in sums.items()}


def _drivers(sums: _Sums) -> dict[str, float]:
    """Drivers of the cost of a day, in hours and shares."""
    whole = {name: float(values.sum()) for name, values in sums.items()}
    return {
        "volume": whole["answered"] / whole["days"],
        "time": whole["in_hand_us"] / HOUR / whole["answered"],
        "occupancy": whole["in_hand_us"] / whole["signed_in_us"],
        "shrinkage": 1.0 - whole["signed_in_us"] / whole["paid_us"],
        "price": whole["paid"] / (whole["paid_us"] / HOUR),
        "other": (whole["cost"] - whole["paid"]) / whole["days"],
    }


def _cost(volume: float, time: float, occupancy: float, shrinkage: float, price: float, other: float) -> float:
    return volume * time / occupancy / (1.0 - shrinkage) * price + other


def _effects(base: Mapping[str, float], new: Mapping[str, float]) -> NDArray[np.float64]:
    """Effects of the drivers in order, and the whole difference."""
    at = dict(base)
    found, before = [], _cost(**at)
    first = before
    for name in DRIVERS:
        at[name] = new[name]
        found.append(_cost(**at) - before)
        before += found[-1]
    return np.array([*found, before - first])


def _half_widths(left: list[list[NDArray[np.float64]]]) -> NDArray[np.float64]:
    """Half-widths of jackknife intervals; independent sets of replications add their variances."""
    variance = sum((len(one) - 1) ** 2 / len(one) * np.var(one, axis=0, ddof=1) for one in left)
    freedom = min(map(len, left)) - 1
    return np.asarray(np.sqrt(variance) * stdtrit(freedom, 0.5 + LEVEL / 2), np.float64)


def _told(name: str, drivers: Mapping[str, float]) -> float:
    """A driver's value in the unit in which it is told."""
    factor = {"time": HOUR / SECOND, "occupancy": 100.0, "shrinkage": 100.0}.get(name, 1.0)
    return drivers[name] * factor
