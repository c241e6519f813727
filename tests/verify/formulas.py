"""Estimates by the names that the cases use, as ratios of sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ccsim.records.tables import threshold_label
from ccsim.results.bins import BINS, lower_edge_ms, width_ms

from .measures import Ask, Formula
from .sums import ALL, Sums

Value = NDArray[np.float64]


def ratio(top: str | Sequence[str], bottom: str | Sequence[str], kind: str = "share", scale: float = 1.0) -> Ask:
    """Sum of some columns over the sum of others, times `scale`; 0 where the bottom is 0."""
    above = [top] if isinstance(top, str) else list(top)
    below = [bottom] if isinstance(bottom, str) else list(bottom)

    def formula(sums: Sums) -> Value:
        return divided(signed(sums, above) * scale, signed(sums, below))

    return Ask(formula, kind)


def signed(sums: Sums, names: Sequence[str]) -> Value:
    """Sum of columns; `-name` is taken away."""
    total = np.zeros(1)
    for name in names:
        total = total - sums[name[1:]] if name.startswith("-") else total + sums[name]
    return total


def divided(top: Value, bottom: Value) -> Value:
    """Quotient; 0 where the bottom is 0."""
    safe = np.where(bottom == 0, 1.0, bottom)
    return np.where(bottom == 0, 0.0, top / safe)


def within(label: str, micros: int, what: str = "answered") -> str:
    """Name of the sum of visits that were answered (or abandoned) within a time."""
    return f"{label}.{what}_within_{threshold_label(micros)}"


def waits(label: str) -> list[str]:
    """Columns whose sum is the wait of all visits."""
    return [f"{label}.wait_{what}_us" for what in ("answered", "abandoned", "other")]


def named(name: str, label: str, unit: float, pool: str = ALL) -> Ask | None:
    """Estimate of a measure without a threshold; None for a name that no table can answer.

    Parameters
    ----------
    name
        As in the cases: `p_wait`, `mean_wait_served`, ...
    label
        Label of the queues.
    unit
        Microseconds in the case's unit of time.
    pool
        Pool, or label of pools.
    """
    came, answered = f"{label}.came", f"{label}.answered"
    shares = {
        "p_block": f"{label}.blocked",
        "p_reject": f"{label}.blocked",
        "p_wait": f"{label}.waited",
        "p_wait_offered": f"{label}.waited",
        "p_wait_entering_queue": f"{label}.waited",
        "p_wait_inbound": f"{label}.waited",
        "sigma": f"{label}.waited",
        "p_ab": f"{label}.abandoned",
        "p_served": answered,
    }
    if name in shares:
        return ratio(shares[name], came)
    if name == "p_all_busy":
        return ratio([f"{label}.waited", f"{label}.blocked"], came)
    per_visit = {
        "mean_wait": (waits(label), came),
        "mean_wait_all": (waits(label), came),
        "mean_wait_offered": (waits(label), came),
        "mean_wait_inbound": (waits(label), came),
        "mean_wait_entered": (waits(label), f"{label}.offered"),
        "mean_wait_delayed": (waits(label), f"{label}.waited"),
        "mean_wait_served": ([f"{label}.wait_answered_us"], answered),
        "asa": ([f"{label}.wait_answered_us"], answered),
        "mean_wait_abandoned": ([f"{label}.wait_abandoned_us"], f"{label}.abandoned"),
        "mean_wait_exact": (waits(label), came),
    }
    if name in per_visit:
        top, bottom = per_visit[name]
        return ratio(top, bottom, "mean", 1 / unit)
    return _of_agents(name, label, pool) or _of_moments(name, label, unit)


def _of_agents(name: str, label: str, pool: str) -> Ask | None:
    if name == "mean_queue":
        return ratio(f"{label}.waiting_us", "length", "mean")
    if name == "mean_in_system":
        return ratio([f"{label}.waiting_us", f"{pool}:held_us"], "length", "mean")
    if name in ("busy", "mean_busy"):
        return ratio(f"{pool}:in_hand_us", "length", "mean")
    if name == "occupancy":
        return ratio(f"{pool}:in_hand_us", f"{pool}:planned_us")
    if name == "offered_load":

        def load(sums: Sums) -> Value:
            handled = divided(sums[f"{label}.talk_us"] + sums[f"{label}.wrap_up_us"], sums[f"{label}.answered"])
            return sums[f"{label}.came"] * handled / sums["length"]

        return Ask(load, "mean")
    return None


def _of_moments(name: str, label: str, unit: float) -> Ask | None:
    """Moments of the waits of the answered (all of them, where nobody leaves)."""
    square, plain = f"{label}.wait_answered_sq", f"{label}.wait_answered_us"
    if name in ("ew2", "ew2_fcfs"):
        return ratio(square, f"{label}.answered", "moment", 1 / unit**2)

    def variance(sums: Sums) -> Value:
        count = sums[f"{label}.answered"]
        mean = divided(sums[plain], count) / unit
        return divided(sums[square], count) / unit**2 - mean**2

    if name == "wait_var":
        return Ask(variance, "moment")
    if name == "sd_wait":
        return Ask(lambda sums: np.sqrt(np.maximum(variance(sums), 0.0)), "moment")
    return None


def by_threshold(name: str, label: str, micros: int) -> Ask | None:
    """Estimate of a service level (and its kin) at a threshold; None for an unknown name."""
    served, left = within(label, micros), within(label, micros, "abandoned")
    came, answered, abandoned = (f"{label}.{what}" for what in ("came", "answered", "abandoned"))
    parts: dict[str, tuple[list[str], list[str]]] = {
        "sl": ([served], [came]),
        "sl_offered": ([served], [came]),
        "sl_inbound": ([served], [came]),
        "p_served_le": ([served], [came]),
        "p_ab_le": ([left], [came]),
        "sl_entered": ([served], [f"{label}.offered"]),
        "sl_served": ([served], [answered]),
        "sl_excl_short_ab": ([served], [answered, abandoned, f"-{left}"]),
        "sl_all_le": ([served, left], [came]),
        "sl_over_served_plus_blocked": ([served], [answered, f"{label}.blocked"]),
        "p_delay_le_half_min_given_entry": ([served], [f"{label}.offered"]),
    }
    if name not in parts:
        return None
    return ratio(*parts[name])


def quantile(label: str, share: float, unit: float) -> Ask:
    """Wait that a share of the answered does not exceed, from the bins."""
    lower = np.array([lower_edge_ms(i) for i in range(BINS)], dtype=np.float64) * 1000
    width = np.array([width_ms(i) for i in range(BINS)], dtype=np.float64) * 1000

    def formula(sums: Sums) -> Value:
        bins = sums[f"{label}.bins"]
        upto = np.cumsum(bins, axis=1)
        rank = share * upto[:, -1]
        place = np.argmax(upto >= rank[:, None], axis=1)
        rows = np.arange(len(bins))
        before = upto[rows, place] - bins[rows, place]
        inside = divided(rank - before, bins[rows, place])
        value: Value = (lower[place] + width[place] * inside) / unit
        return value

    return Ask(formula, "quantile", grouped=True, slack=0.01)


def constant(formula: Formula) -> Ask:
    """A value without chance, that must be met."""
    return Ask(formula, "exact")
