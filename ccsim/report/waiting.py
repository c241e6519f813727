"""Contacts waiting through the counted time, by replication: what the checks of a run compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.metrics.confidence import student
from ccsim.results.held_tables import batches
from ccsim.results.measured import Measured
from ccsim.units import DAY, WEEK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Periods:
    """Whole weeks or days of the counted time, from its start."""

    name: str
    """`week` or `day`."""
    width: int
    """Microseconds."""
    count: int


def periods_of(length: int) -> Periods | None:
    """Weeks where two or more are counted, else days; None where less than two days are."""
    for name, width in (("week", WEEK), ("day", DAY)):
        if length >= 2 * width:
            return Periods(name, width, length // width)
    return None


def by_period(
    tables: Mapping[str, pd.DataFrame],
    measured: Measured,
    table: str,
    column: str,
    parts: Sequence[int],
    periods: Periods,
) -> Floats:
    """Sums of a column by part of the flows, replication and period, shape [parts, replications, periods].

    Parameters
    ----------
    table, column
        `flow_calendar` or `flow_intervals`, and one of its sums.
    parts
        Part of every flow, -1 where it is left out.
    periods
        What follows the last whole period is left out.
    """
    of_flow = np.asarray(parts, dtype=np.int64)
    shape = (max(parts, default=-1) + 1, len(tables["replications"]), periods.count)
    out = np.zeros(shape[0] * shape[1] * shape[2])
    for frame in batches(tables, table, ["replication", "interval", "flow", column]):
        part = of_flow[frame["flow"].to_numpy(dtype=np.int64)]
        period = frame["interval"].to_numpy(dtype=np.int64) * measured.interval // periods.width
        place = (part * shape[1] + frame["replication"].to_numpy(dtype=np.int64)) * shape[2] + period
        taken = (part >= 0) & (period >= 0) & (period < periods.count)
        np.add.at(out, place[taken], frame[column].to_numpy(dtype=np.float64)[taken])
    return out.reshape(shape)


@dataclass(frozen=True, slots=True)
class Paired:
    """The mean of differences, one a replication, with half the width of its interval."""

    mean: float
    half: float | None
    """None with one replication."""

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds 0; False without an interval."""
        return self.half is not None and abs(self.mean) <= self.half


def paired(differences: Floats, tests: int = 1) -> Paired:
    """Mean of paired differences with Student's interval, at 95 % for so many tests together (Bonferroni)."""
    n = len(differences)
    if n < 2:
        return Paired(float(differences.mean()), None)
    level = 1 - (1 - LEVEL) / tests
    return Paired(float(differences.mean()), student(level, n) * float(differences.std(ddof=1)) / float(np.sqrt(n)))
