"""Simulated and real days side by side: sums by hour, intervals, and what each swap explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from bank_calls import FIRST_DAY, regular_days
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HOUR_US: Final = 3_600_000_000
HOURS: Final = tuple(range(7, 24))
MEASURES: Final = {"wait": "mean wait", "waited": "queue share", "abandoned": "abandonment"}
"""Measure by column: all three are sums over calls, divided by calls; a wait is in seconds."""
ABANDONED: Final = "abandoned"


def real_calls(calls: pd.DataFrame) -> pd.DataFrame:
    """The real calls as rows `day, hour, type, wait, waited, abandoned` (replication 0)."""
    day = (calls["date"] - pd.Timestamp(FIRST_DAY)).dt.days
    abandoned = (calls["outcome"] == "HANG").astype(float)
    rows = {
        "replication": 0,
        "day": day,
        "hour": calls["arrival"] // 3600,
        "type": calls["type"],
        "wait": calls["wait"],
    }
    return pd.DataFrame(rows | {"waited": calls["in_queue"].astype(float), "abandoned": abandoned})


def simulated_calls(visits: pd.DataFrame, queues: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """The visits of a run as rows `replication, day, hour, type, wait, waited, abandoned`.

    `outcomes` are the names behind the code; calls turned away at the entry never reached the queue and are
    left out. The month has no change of clocks, so a local hour is a division.
    """
    name = np.array(outcomes)[visits["outcome"].to_numpy()]
    reached = ~np.isin(name, ["blocked", "closed"]) & (visits["counted"].to_numpy() == 1)
    kept, name = visits[reached], name[reached]
    workflow = queues.set_index("queue")["workflow"]
    joined = kept["joined_us"].to_numpy()
    rows = {
        "replication": kept["replication"].to_numpy(),
        "day": joined // (24 * HOUR_US),
        "hour": joined // HOUR_US % 24,
        "type": workflow.loc[kept["queue"]].to_numpy(),
        "wait": (kept["left_us"].to_numpy() - joined) / 1e6,
        "waited": kept["waited"].to_numpy().astype(float),
        "abandoned": (name == ABANDONED).astype(float),
    }
    return pd.DataFrame(rows)


def on_regular_days(calls: pd.DataFrame) -> pd.DataFrame:
    """Calls of the days that are compared, in opening hours."""
    days = {(day - pd.Timestamp(FIRST_DAY)).days for day in regular_days()}
    return calls[calls["day"].isin(days) & calls["hour"].isin(HOURS)]


def sums(calls: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Number of calls and the sum of each measure by the columns `by`."""
    groups = calls.groupby(list(by), sort=True)
    table = groups[list(MEASURES)].sum()
    table.insert(0, "calls", groups.size())
    return table


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval, and where 95 of 100 single months would lie."""

    mean: Floats
    low: Floats
    high: Floats
    month_low: Floats
    month_high: Floats


def by_replication(calls: pd.DataFrame, measure: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """The measure (ratio of sums) of each replication: one row a replication, one column a group."""
    table = sums(calls, ["replication", *by])
    ratio = table[measure] / table["calls"]
    return ratio.unstack(list(by)) if by else ratio.to_frame("all")


def simulated(calls: pd.DataFrame, measure: str, by: Sequence[str] = ()) -> Estimate:
    """What the model says of a measure: ratio of sums over replications, its interval by the jackknife.

    The interval is of the mean over endless replications; the month's range is where one simulated month
    would fall, which is what the one real month is to be laid beside.
    """
    table = sums(calls, ["replication", *by])
    top, count = (
        (table[c].unstack(list(by)) if by else table[c].to_frame("all")).fillna(0.0).to_numpy(dtype=float)
        for c in (measure, "calls")
    )
    mean = top.sum(axis=0) / count.sum(axis=0)
    half = 1.96 * ratio_error(top, count)
    single = np.where(count > 0, top / np.where(count > 0, count, 1.0), mean)
    month_low, month_high = np.quantile(single, [0.025, 0.975], axis=0)
    return Estimate(mean, mean - half, mean + half, month_low, month_high)


def real(calls: pd.DataFrame, measure: str, by: Sequence[str] = ()) -> Estimate:
    """What happened, with the interval that its days, taken as independent, give (jackknife over days)."""
    table = sums(calls, ["day", *by])
    top, count = (
        (table[c].unstack(list(by)) if by else table[c].to_frame("all")).fillna(0.0).to_numpy(dtype=float)
        for c in (measure, "calls")
    )
    mean = top.sum(axis=0) / count.sum(axis=0)
    half = 1.96 * ratio_error(top, count)
    return Estimate(mean, mean - half, mean + half, mean, mean)


def ratio_error(top: Floats, count: Floats) -> Floats:
    """Standard error of sum(top) / sum(count) over independent rows, by leaving one out; 0 for one row."""
    rows = len(top)
    if rows < 2:
        return np.zeros(top.shape[1])
    others = count.sum(axis=0) - count
    whole = top.sum(axis=0) / count.sum(axis=0)
    left_out = np.where(others > 0, (top.sum(axis=0) - top) / np.where(others > 0, others, 1.0), whole)
    return np.asarray(np.sqrt((rows - 1) / rows * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)))


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall: a swap, the value it leads to, its change with a 95 % half width."""

    label: str
    value: float
    change: float | None
    half_width: float | None


def waterfall(replications: Sequence[tuple[str, pd.DataFrame]], measure: str) -> list[Step]:
    """Steps from replication to replication; a change is the mean over replications of the paired difference.

    Every replication has the same number of replications with the same draws, so pairing takes out what they share.
    """
    values = [by_replication(calls, measure)["all"].to_numpy() for _, calls in replications]
    whole = [simulated(calls, measure).mean[0] for _, calls in replications]
    steps = [Step(replications[0][0], float(whole[0]), None, None)]
    for i in range(1, len(replications)):
        paired = values[i] - values[i - 1]
        half = 1.96 * paired.std(ddof=1) / np.sqrt(len(paired)) if len(paired) > 1 else 0.0
        steps.append(Step(replications[i][0], float(whole[i]), float(whole[i] - whole[i - 1]), float(half)))
    return steps


def hours_inside(actual: Estimate, model: Estimate) -> int:
    """Hours whose real value lies where 95 of 100 simulated months would."""
    return int(np.sum((actual.mean >= model.month_low) & (actual.mean <= model.month_high)))


def as_record(estimate: Estimate, index: int) -> dict[str, Any]:
    """One group's numbers by name."""
    return {name: float(getattr(estimate, name)[index]) for name in Estimate.__dataclass_fields__}
