"""A KPI by interval or by time of day, for figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ccsim.metrics.confidence import Method
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.goals import codes_within
from ccsim.metrics.kpis import kpis_of
from ccsim.metrics.sums import Codes, Sums
from ccsim.results.measured import Measured

COLUMNS: Final = ("time_us", "estimate", "low", "high", "standard_error", "replications", "note")


def by_interval(
    tables: Mapping[str, pd.DataFrame],
    measured: Measured,
    kpi: str,
    *,
    within: Mapping[str, str] | None = None,
    every: int | None = None,
    fold: int | None = None,
    threshold: int | None = None,
    level: float = LEVEL,
    method: Method = "delta",
) -> pd.DataFrame:
    """One KPI by interval with its interval of confidence: a row for every step of time, in order.

    Steps lie from the end of the warm-up on; a step in which nothing can be divided has no estimate, and a
    note. A cohort KPI counts visits where they joined; those that joined after the counted time (a later
    visit of a counted contact) are left out here.

    Parameters
    ----------
    tables, measured
        Of the run.
    kpi
        Name of a KPI that is a ratio of interval sums (no quantile, nor one of whole replications).
    within
        Only this part: `{"channel": "phone", "tier": "t1"}`, `{"pool": "desk"}`.
    every
        Width of a step in microseconds, a multiple of the report interval; default the report interval.
    fold
        Microseconds after which steps begin again, so that with 24 h all days are added up; steps are then
        times since the end of the warm-up modulo `fold`. Clock changes are not undone.
    threshold
        T of a service level in microseconds; default the first.

    Returns
    -------
    DataFrame
        `time_us` (start of the step, since the end of the warm-up), `estimate`, `low`, `high`,
        `standard_error`, `replications`, `note`.
    """
    known = kpis_of(measured.rule)
    if kpi not in known:
        raise ValueError(f"no such KPI {kpi!r}")
    definition = known[kpi]
    if definition.kind == "quantile" or definition.table == "replications" or "." in definition.numerator:
        raise ValueError(f"{kpi} is not known by interval")
    width = measured.interval if every is None else every
    if width <= 0 or width % measured.interval or (fold is not None and (fold <= 0 or fold % width)):
        raise ValueError("every must be a multiple of the report interval, and fold of every")
    sums = Sums(tables, measured)
    codes = codes_within(sums, definition, dict(within or {}))
    if definition.by_threshold and threshold is None:
        threshold = measured.thresholds[0]
    stepped = _Stepped(sums, codes, width, fold)
    rows = of_parts(
        stepped, definition, np.arange(stepped.steps, dtype=np.int64), stepped.steps, threshold, level, method
    )
    frame = pd.DataFrame({"time_us": np.arange(stepped.steps, dtype=np.int64) * width})
    for column in COLUMNS[1:]:
        kind = {"replications": "int64", "note": "str"}.get(column, "Float64")
        frame[column] = pd.Series([row[column] for row in rows], dtype=kind)
    return frame


class _Stepped(Sums):
    """Sums by step of time instead of by queue or pool: the parts of a scope are the steps."""

    def __init__(self, sums: Sums, codes: Codes, width: int, fold: int | None) -> None:
        super().__init__(sums.tables, sums.measured)
        self._inside = codes >= 0
        self._width, self._fold = width, fold
        self._intervals = -(-self.measured.length // self.measured.interval)
        last = (self._intervals - 1) * self.measured.interval // width + 1
        self.steps = last if fold is None else min(last, fold // width)

    def _step_of(self, interval: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Codes:
        step: Codes = interval * self.measured.interval // self._width
        return step if self._fold is None else step % (self._fold // self._width)

    def matrix(self, table: str, column: str) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """Sums of a column, shape [steps, replications]."""
        frame = self.tables[table]
        interval = frame["interval"].to_numpy(dtype=np.int64)
        owner = frame["pool" if table == "pool_intervals" else "queue"].to_numpy(dtype=np.int64)
        taken = self._inside[owner] & (interval < self._intervals) & (interval >= 0)
        cells = np.zeros((self.steps, self.replications), dtype=np.int64)
        place = (self._step_of(interval[taken]), frame["replication"].to_numpy()[taken])
        np.add.at(cells, place, frame[column].to_numpy(dtype=np.int64)[taken])
        return cells

    def time_of_parts(self, parts: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Counted microseconds of every step."""
        starts = np.arange(self._intervals, dtype=np.int64) * self.measured.interval
        lengths = np.minimum(self.measured.interval, self.measured.length - starts)
        out = np.zeros(parts)
        np.add.at(out, self._step_of(np.arange(self._intervals)), lengths)
        return out

    def paid_cost(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Cost by step, pool by pool, so that each has its own price."""
        total = np.zeros((self.steps, self.replications))
        whole = self._inside
        for i, name in enumerate(self.pools["name"]):
            self._inside = whole & (np.arange(len(whole)) == i)
            total += self.matrix("pool_intervals", "paid_us") / 3.6e9 * self.measured.paid_hour.get(name, 0.0)
        self._inside = whole
        return total
