"""Figure data of service by time: a KPI on every step of an axis of time, with its interval and its spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.kpi import Kpi
from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.ratios import Counted, ratios
from ccsim.metrics.terms import terms_of
from ccsim.report.clock import Clock, Steps
from ccsim.results.held_tables import batches

Floats = NDArray[np.float64]

BAND: Final = (10.0, 90.0)
"""Per cent of single weeks, days or replications between which the band lies."""
FEWEST: Final = 5
"""Fewest single values that a band is drawn from."""


class FlowSums:
    """Sums of some columns of `flow_intervals` by part, replication and interval.

    Parameters
    ----------
    tables
        Of the run.
    clock
        Its intervals.
    parts
        Part of every flow, -1 where it is left out, shape [flows].
    count
        Number of parts.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], clock: Clock, parts: Sequence[int], count: int, columns: Sequence[str]
    ) -> None:
        replications = len(tables["replications"])
        part_of_flow = np.asarray(parts, dtype=np.int64)
        wanted = {"flow": np.flatnonzero(part_of_flow >= 0).tolist()}
        self._shape = (count, replications, clock.intervals)
        self._sums = {name: np.zeros(self._shape) for name in columns}
        for frame in batches(tables, "flow_intervals", ["replication", "interval", "flow", *columns], wanted):
            interval = frame["interval"].to_numpy(dtype=np.int64)
            taken = np.flatnonzero((interval >= 0) & (interval < clock.intervals))
            part = part_of_flow[frame["flow"].to_numpy()[taken]]
            place = (part * replications + frame["replication"].to_numpy()[taken]) * clock.intervals + interval[taken]
            for name, made in self._sums.items():
                np.add.at(made.reshape(-1), place, frame[name].to_numpy(dtype=np.float64)[taken])

    def evaluate(self, formula: str, threshold: int | None) -> Floats:
        """A formula of columns, shape [parts, replications, intervals]."""
        total = np.zeros(self._shape)
        for term in terms_of(formula, threshold):
            total += term.sign * self._sums[term.column]
        return total


def columns_for(kpis: Sequence[Kpi], threshold: int | None) -> list[str]:
    """Columns that the formulas of these KPIs need, in order."""
    names = [
        term.column
        for kpi in kpis
        for formula in (kpi.numerator, kpi.denominator)
        for term in terms_of(formula, threshold if "_within_T" in formula else None)
    ]
    return list(dict.fromkeys(names))


def kpi_by_step(sums: FlowSums, kpi: Kpi, threshold: int | None, part: int, steps: Steps) -> pd.DataFrame:
    """A KPI of one part on every step, steps without contacts left out.

    Returns
    -------
    DataFrame
        `step` (index of the step), `time` (in words), `estimate`, `low`, `high` (95 % interval of the estimate,
        missing with one replication), `band_low`, `band_high` (the middle 80 % of single weeks, days or
        replications; missing where there are fewer than five), `weight` (what it is divided by).
    """
    x = sums.evaluate(kpi.numerator, threshold)[part] * kpi.scale
    y = sums.evaluate(kpi.denominator, threshold)[part]
    singles_x, singles_y = (_by_step_and_period(cells, steps) for cells in (x, y))
    counted: Counted = "share" if kpi.counted == "share" else ""
    made = ratios(singles_x.sum(axis=2), singles_y.sum(axis=2), LEVEL, kpi.interval_scale, counted=counted)
    replications = x.shape[0]
    bands = _bands(singles_x, singles_y)
    rows = []
    for step in np.flatnonzero(made.known).tolist():
        value = float(made.estimate[step])
        interval = (float(made.low[step]), float(made.high[step])) if made.has_interval[step] else (None, None)
        weight = float(singles_y[step].sum()) / replications
        rows.append((step, steps.labels[step], value, *interval, *bands[step], weight))
    frame = pd.DataFrame(rows, columns=["step", "time", "estimate", "low", "high", "band_low", "band_high", "weight"])
    kinds = dict.fromkeys(("low", "high", "band_low", "band_high"), "Float64")
    return frame.astype(kinds)


def _by_step_and_period(cells: Floats, steps: Steps) -> Floats:
    """Sums by step, replication and week or day, shape [steps, replications, periods]."""
    replications = cells.shape[0]
    out = np.zeros((steps.count, replications, steps.periods))
    taken = steps.of_interval >= 0
    where = (steps.of_interval[None, taken], np.arange(replications)[:, None], steps.period[None, taken])
    np.add.at(out, where, cells[:, taken])
    return out


def _bands(x: Floats, y: Floats) -> list[tuple[float, float] | tuple[None, None]]:
    """Of every step the band of its single values; x and y have the shape [steps, replications, periods]."""
    x, y = x.reshape(len(x), -1), y.reshape(len(y), -1)
    counts = (y > 0).sum(axis=1)
    found: list[tuple[float, float] | tuple[None, None]] = [(None, None)] * len(x)
    for count in np.unique(counts[counts >= FEWEST]).tolist():  # steps with as many values at once
        at = np.flatnonzero(counts == count)
        there = y[at] > 0
        values = (x[at][there] / y[at][there]).reshape(len(at), count)
        for step, low, high in zip(at.tolist(), *np.percentile(values, BAND, axis=1).tolist(), strict=True):
            found[step] = low, high
    return found
