"""Laws of the bank's times: patience by Kaplan-Meier, time between calls by its mirror image, talk."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from bank_roster import call_gaps
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
TAIL_FROM_S: Final = 180
"""From here on patience is taken as exponential."""
LEAST_LATE: Final = 10
"""Hang-ups after `TAIL_FROM_S` that a type needs to have a tail of its own."""


def kaplan_meier(times: ArrayLike, events: ArrayLike) -> tuple[Floats, Floats]:
    """Survival curve of times of which some are only known to be longer (Kaplan and Meier 1958).

    `times` and `events` (true: seen to end then; false: was still going on) have one entry each a subject.
    Returns the distinct event times, ascending, and the share that survives each of them.
    """
    t, seen = np.asarray(times, dtype=float), np.asarray(events, dtype=bool)
    at, died = np.unique(t[seen], return_counts=True)
    at_risk = len(t) - np.searchsorted(np.sort(t), at, side="left")
    return at, np.cumprod(1.0 - died / at_risk)


def survival(curve: tuple[Floats, Floats], at: float) -> float:
    """Share of a Kaplan-Meier curve that survives `at`."""
    times, left = curve
    index = int(np.searchsorted(times, at, side="right")) - 1
    return float(left[index]) if index >= 0 else 1.0


def median(curve: tuple[Floats, Floats]) -> float | None:
    """First time at which a half or less survives; None if more than a half outlives the last event."""
    times, left = curve
    below = np.flatnonzero(left <= 0.5)
    return float(times[below[0]]) if len(below) else None


def patience_quantiles(
    times: ArrayLike, events: ArrayLike, points: int, tail_from: float, rate: float | None = None
) -> Floats:
    """Quantiles of patience at (i + 1/2) / points: Kaplan-Meier to `tail_from`, exponential beyond it.

    Beyond `tail_from` seconds few callers are left and the step curve is noise; past the last event it is
    silent. The tail's rate is (hang-ups after it) / (waiting time after it), the maximum-likelihood rate of
    censored times, or `rate` a second where it is given.
    """
    t, seen = np.asarray(times, dtype=float), np.asarray(events, dtype=bool)
    at, left = kaplan_meier(t, seen)
    rate = tail_rate(t, seen, tail_from) if rate is None else rate
    alive = survival((at, left), tail_from)
    level = 1.0 - (np.arange(points) + 0.5) / points
    body = at[np.minimum(np.searchsorted(-left, -level, side="left"), len(at) - 1)]
    tail = tail_from + np.log(alive / level) / rate
    return np.where(level > alive, body, tail)


def tail_rate(times: ArrayLike, events: ArrayLike, tail_from: float) -> float:
    """Hang-ups a second among those still waiting after `tail_from` seconds."""
    t, seen = np.asarray(times, dtype=float), np.asarray(events, dtype=bool)
    later = t > tail_from
    return float(seen[later].sum() / (t[later] - tail_from).sum())


def left_censored_cdf(times: ArrayLike, exact: ArrayLike) -> tuple[Floats, Floats]:
    """Distribution function of times of which some are only known to be *at most* the value seen.

    The mirror image of Kaplan-Meier: going down from the longest time, each exact time takes its share of
    those with an equal or shorter one. Returns the distinct exact times, ascending, and the share at or below
    each.
    """
    t, seen = np.asarray(times, dtype=float), np.asarray(exact, dtype=bool)
    at, left = kaplan_meier(-t, seen)
    times_up = -at[::-1]
    below = left[::-1]
    return times_up, np.append(below[1:], 1.0)


def cdf_slices(at: Floats, cdf: Floats, points: int) -> Floats:
    """Mean of each of `points` equally likely slices of a step distribution: a short law, the same mean."""
    weights = np.diff(np.concatenate([[0.0], cdf]))
    whole = np.concatenate([[0.0], np.cumsum(weights * at)])
    share = np.concatenate([[0.0], cdf])
    cuts = np.interp(np.linspace(0.0, 1.0, points + 1), share, whole)
    return np.diff(cuts) * points


def sample_slices(values: ArrayLike, points: int) -> Floats:
    """Mean of each of `points` equally likely slices of a sample."""
    ordered = np.sort(np.asarray(values, dtype=float))
    return cdf_slices(ordered, np.arange(1, len(ordered) + 1) / len(ordered), points)


def patience_law(calls: pd.DataFrame, kind: str, points: int) -> Floats:
    """Quantiles of one type's patience, seconds; a type with few late hang-ups borrows the tail of all."""
    queued = calls[calls["in_queue"]]
    mine = queued[queued["type"] == kind]
    events = mine["outcome"] == "HANG"
    late = int(((mine["wait"] > TAIL_FROM_S) & events).sum())
    lent = None
    if late < LEAST_LATE:
        lent = tail_rate(queued["wait"], queued["outcome"] == "HANG", TAIL_FROM_S)
    return patience_quantiles(mine["wait"], events, points, TAIL_FROM_S, lent)


def call_gap_law(calls: pd.DataFrame, points: int) -> Floats:
    """Slices of the time an agent is away between two calls, seconds."""
    gaps = call_gaps(calls)
    return cdf_slices(*left_censored_cdf(gaps["gap"], gaps["waited"]), points)


def call_gap_mean(gaps: pd.DataFrame) -> float:
    """Mean time an agent is away between two calls, seconds, of rows of `call_gaps`."""
    at, cdf = left_censored_cdf(gaps["gap"], gaps["waited"])
    return float((np.diff(cdf, prepend=0.0) * at).sum())


def call_gap_tail(gaps: pd.DataFrame, share: float) -> float:
    """Share of the time away that the longest `share` of the gaps makes up."""
    at, cdf = left_censored_cdf(gaps["gap"], gaps["waited"])
    whole = cdf_slices(at, cdf, 1000)
    return float(whole[round(1000 * (1 - share)) :].sum() / whole.sum())


def km_table(calls: pd.DataFrame, at: tuple[int, ...] = (30, 60, 120, 300)) -> pd.DataFrame:
    """Kaplan-Meier survival of patience by type and for `all`, at some seconds, and its median in seconds."""
    queued = calls[calls["in_queue"] & calls["outcome"].isin(["AGENT", "HANG"])]
    rows = {}
    for name in (*sorted(queued["type"].unique()), "all"):
        mine = queued if name == "all" else queued[queued["type"] == name]
        curve = kaplan_meier(mine["wait"], mine["outcome"] == "HANG")
        rows[name] = {f"km_{t}s": survival(curve, t) for t in at} | {"median_s": median(curve)}
    return pd.DataFrame.from_dict(rows, orient="index")


def day_factor_cv(daily: ArrayLike) -> float:
    """CV of the day factor behind daily counts: variance beyond Poisson, sqrt(s^2 - m) / m, 0 if negative."""
    counts = np.asarray(daily, dtype=float)
    mean, variance = counts.mean(), counts.var(ddof=1)
    return float(np.sqrt(max(0.0, variance - mean)) / mean)
