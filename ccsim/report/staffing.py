"""Figure data of staffing: agents required, scheduled and present, by time and by site, vendor or pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.report.clock import Clock, Steps
from ccsim.results.held_tables import batches

Floats = NDArray[np.float64]

KINDS: Final = ("required", "scheduled", "present")
"""Agents that the expected demand requires, that are on the line by plan, and that were signed in (mean)."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Agent time by kind of `KINDS`, pool and counted interval, microseconds; present is a mean of replications."""

    agents: Mapping[str, Floats]
    """Shape [pools, intervals] each."""
    pools: pd.DataFrame
    interval: Floats
    """Length of every interval in microseconds (the last may be cut), shape [intervals]."""

    @property
    def any_required(self) -> bool:
        """Whether something is required anywhere."""
        return bool(self.agents["required"].any())

    def groups(self, by: str) -> list[str]:
        """Names of the sites, vendors, ... that pools are grouped by, in order of required (else scheduled) time."""
        sizes = {
            name: float(self.agents["scheduled"][self.inside(by, name)].sum())
            for name in set(self.pools[by]) - {"none"}
        }
        return sorted(sizes, key=lambda name: (-sizes[name], name))

    def inside(self, by: str, name: str) -> NDArray[np.bool_]:
        """Which pools belong to a group, shape [pools]; all for `by` = `all`."""
        if by == "all":
            return np.ones(len(self.pools), dtype=bool)
        inside: NDArray[np.bool_] = (self.pools[by] == name).to_numpy(dtype=bool)
        return inside


def staffing_of(tables: Mapping[str, pd.DataFrame], clock: Clock) -> Staffing:
    """Agent time required, scheduled and present of every pool and interval."""
    pools = tables["pools"]
    replications = len(tables["replications"])
    present = _dense(tables, "pool_intervals", "signed_in_us", len(pools), clock) / replications
    if "workforce_plan" in tables:
        required = _dense(tables, "workforce_plan", "required_us", len(pools), clock)
        scheduled = _dense(tables, "workforce_plan", "scheduled_us", len(pools), clock)
    else:
        required = np.zeros_like(present)
        scheduled = _dense(tables, "pool_intervals", "planned_us", len(pools), clock) / replications
    starts = np.arange(clock.intervals) * clock.interval
    lengths = np.minimum(clock.interval, clock.length - starts).astype(np.float64)
    return Staffing({"required": required, "scheduled": scheduled, "present": present}, pools, lengths)


def agents_by_step(staffing: Staffing, inside: NDArray[np.bool_], steps: Steps) -> pd.DataFrame:
    """Mean agents on every step: `step`, `time`, `required`, `scheduled`, `present`; steps that never came left out."""
    time = np.bincount(steps.of_interval, weights=staffing.interval, minlength=steps.count)
    there = time > 0
    columns: dict[str, Any] = {
        "step": np.flatnonzero(there),
        "time": [steps.labels[i] for i in np.flatnonzero(there)],
    }
    for kind in KINDS:
        whole = staffing.agents[kind][inside].sum(axis=0)
        by_step = np.bincount(steps.of_interval, weights=whole, minlength=steps.count)
        columns[kind] = by_step[there] / time[there]
    return pd.DataFrame(columns)


@dataclass(frozen=True, slots=True)
class Cover:
    """How well a plan covers what is required, in hours a week; pool by pool, so surplus elsewhere does not help."""

    required: float
    scheduled: float
    present: float
    short: float
    """Required and not scheduled."""
    over: float
    """Scheduled and not required."""
    short_present: float
    """Required and not present, on average."""

    @property
    def short_share(self) -> float | None:
        """Share of the required time that is not scheduled; None where nothing is required."""
        return self.short / self.required if self.required else None


def cover(staffing: Staffing, inside: NDArray[np.bool_]) -> Cover:
    """Hours a week required, scheduled, present, short and over of some pools."""
    hours_a_week = 168.0 / float(staffing.interval.sum())
    required, scheduled, present = (staffing.agents[kind][inside] for kind in KINDS)

    def hours(time: Floats) -> float:
        return float(time.sum()) * hours_a_week

    return Cover(
        required=hours(required),
        scheduled=hours(scheduled),
        present=hours(present),
        short=hours(np.maximum(required - scheduled, 0)),
        over=hours(np.maximum(scheduled - required, 0)),
        short_present=hours(np.maximum(required - present, 0)),
    )


def _dense(tables: Mapping[str, pd.DataFrame], table: str, column: str, pools: int, clock: Clock) -> Floats:
    """Sums of a column over the replications, shape [pools, intervals]."""
    sums: Floats = np.zeros(pools * clock.intervals)
    for frame in batches(tables, table, ["interval", "pool", column]):
        interval = frame["interval"].to_numpy(dtype=np.int64)
        taken = (interval >= 0) & (interval < clock.intervals)
        place = frame["pool"].to_numpy(dtype=np.int64)[taken] * clock.intervals + interval[taken]
        np.add.at(sums, place, frame[column].to_numpy(dtype=np.float64)[taken])
    return sums.reshape(pools, clock.intervals)
