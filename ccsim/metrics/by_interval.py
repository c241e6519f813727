"""A KPI by interval or by time of day, for figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.definitions import Kpi, kpis_of
from ccsim.metrics.cost import below_minimum, prices_of
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.parts import codes_within, flow_codes, kpi_within, pieces_of_flows
from ccsim.metrics.ratios import Method
from ccsim.metrics.sums import OWNER, Codes, Sums, routed, terms_of
from ccsim.results.measured import Measured
from ccsim.results.run import batches
from ccsim.results.tables import columns_of
from ccsim.units import HOUR

_SOURCE: Final = {
    "queue_sums": "flow_intervals",
    "pool_sums": "pool_intervals",
    "workforce_plan": "workforce_plan",
}
"""Table by interval of each table of sums."""

_MADE: Final = {"waiting_us", "paid_cost", "short_us", "due", "open_due", "length"}
"""Columns of formulas that stand elsewhere or are made of others, see `_Stepped`."""

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
    method: Method = "jackknife",
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
        Name of a KPI that is a ratio of interval sums (no quantile, backlog, nor one of whole replications). A cost
        per interval leaves translations out.
    within
        Only this part: `{"channel": "phone", "tier": "t1"}`, `{"pool": "desk"}`, `{"site": "manila"}`. Tables by
        interval are kept by flow, so a part must be made of whole flows; ValueError if it holds a piece of one.
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
    definition = kpi_within(known[kpi], within or {})
    if not _kept_by_interval(definition):
        raise ValueError(f"{kpi} is not known by interval")
    width = measured.interval if every is None else every
    if width <= 0 or width % measured.interval or (fold is not None and (fold <= 0 or fold % width)):
        raise ValueError("every must be a multiple of the report interval, and fold of every")
    sums = Sums(tables, measured)
    codes = _inside(sums, definition, within or {})
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


def _kept_by_interval(kpi: Kpi) -> bool:
    """Whether a table by interval has every column of its formulas, or those that they are made of."""
    source = _SOURCE.get(kpi.table)
    if source is None:
        return False
    any_threshold = 1
    known = {column.name for column in columns_of(source, (any_threshold,))} | _MADE
    terms = (terms_of(formula, any_threshold) for formula in (kpi.numerator, kpi.denominator))
    return all(term.column in known for some in terms for term in some)


def _inside(sums: Sums, kpi: Kpi, within: Mapping[str, str]) -> Codes:
    """0 for every flow (or pool) inside, -1 outside."""
    codes = codes_within(sums, kpi, within)
    if kpi.by_pool:
        return codes
    pieces = pieces_of_flows(sums, codes)
    if pieces:
        said = ", ".join(f"{what} {name}" for what, name in within.items())
        raise ValueError(
            f"{kpi.name} by interval is kept by flow, and {said} holds only a part of "
            f"{', '.join(pieces[:3])}{' and more' if len(pieces) > 3 else ''}"
        )
    return flow_codes(sums, codes, 1)[0]


class _Stepped(Sums):
    """Sums by step of time instead of by queue or pool: the parts of a scope are the steps."""

    def __init__(self, sums: Sums, codes: Codes, width: int, fold: int | None) -> None:
        super().__init__(sums.tables, sums.measured)
        self._inside = codes >= 0
        self._width, self._fold = width, fold
        self._intervals = -(-self.measured.length // self.measured.interval)
        last = (self._intervals - 1) * self.measured.interval // width + 1
        self.steps = last if fold is None else min(last, fold // width)
        self._made: dict[tuple[str, str], NDArray[Any]] = {}

    def _step_of(self, interval: Codes) -> Codes:
        step: Codes = interval * self.measured.interval // self._width
        return step if self._fold is None else step % (self._fold // self._width)

    def _where(self, table: str) -> dict[str, list[int]] | None:
        if self._inside.all():
            return None
        return {OWNER[table]: np.flatnonzero(self._inside).tolist()}

    def _added(self, table: str, columns: Sequence[str], value: Callable[[pd.DataFrame], NDArray[Any]]) -> NDArray[Any]:
        """Values made of some columns of the counted rows, added up by step, shape [steps, replications]."""
        planned = table == "workforce_plan"
        keys = ["interval", OWNER[table]] + ([] if planned else ["replication"])
        cells: NDArray[Any] | None = None
        for frame in batches(self.tables, table, [*keys, *columns], self._where(table)):
            interval = frame["interval"].to_numpy(dtype=np.int64)
            taken = (interval < self._intervals) & (interval >= 0)
            cell = self._step_of(interval[taken]) * self.replications
            if not planned:
                cell += frame["replication"].to_numpy(dtype=np.int64)[taken]
            values = value(frame)[taken]
            if cells is None:
                cells = np.zeros(self.steps * self.replications, dtype=values.dtype)
            np.add.at(cells, cell, values)
        if cells is None:
            cells = np.zeros(self.steps * self.replications, dtype=np.int64)
        made = cells.reshape(self.steps, self.replications)
        return np.repeat(made[:, :1], self.replications, axis=1) if planned else made

    def matrix(self, table: str, column: str) -> NDArray[Any]:
        """Sums of a column, shape [steps, replications]."""
        key = (table, column)
        if key not in self._made:
            self._made[key] = self._matrix(table, column)
        return self._made[key]

    def _matrix(self, table: str, column: str) -> NDArray[Any]:
        source = "flow_calendar" if column == "waiting_us" else _SOURCE[table]
        if column == "paid_cost":
            return self._added(source, ["rated_us", "answered"], self._paid_cost())
        if column == "short_us":
            return self._added(
                source,
                ["required_us", "scheduled_us"],
                lambda frame: np.maximum(
                    frame["required_us"].to_numpy(np.int64) - frame["scheduled_us"].to_numpy(np.int64), 0
                ),
            )
        if column in ("due", "open_due"):
            due = self.with_deadline(source)

            def value(frame: pd.DataFrame) -> NDArray[Any]:
                waiting = frame["open_waiting"].to_numpy(np.int64)
                counted = frame["offered"].to_numpy(np.int64) - waiting if column == "due" else waiting
                made: NDArray[Any] = counted * due[frame["flow"].to_numpy(np.int64)]
                return made

            return self._added(source, ["offered", "open_waiting"], value)
        return self._added(source, [column], lambda frame: frame[column].to_numpy(np.int64))

    def _paid_cost(self) -> Callable[[pd.DataFrame], NDArray[np.float64]]:
        """Cost of rows of pools: their hours, and their part of what is known of the whole counted time only.

        What is missing to a vendor's minimum is spread over the time, the price of translations over the visits
        answered, so that the intervals add up to the whole.
        """
        prices = prices_of(self.pools, self.measured)

        def of_hours(frame: pd.DataFrame) -> NDArray[np.float64]:
            hours: NDArray[np.float64] = frame["rated_us"].to_numpy(np.int64) / HOUR
            cost: NDArray[np.float64] = hours * prices[frame["pool"].to_numpy(np.int64)]
            return cost

        if not self.measured.minimum_hours and not any(price for _, price in self.measured.translations):
            return of_hours
        whole = Sums(self.tables, self.measured)
        length, width = self.measured.length, self.measured.interval
        below = below_minimum(whole.matrix("pool_sums", "rated_us") / HOUR, self.pools, self.measured)
        of_pools = whole.matrix("pool_sums", "answered")
        translating = routed(whole).translating

        def of_all(frame: pd.DataFrame) -> NDArray[np.float64]:
            keys = (frame[name].to_numpy(dtype=np.int64) for name in ("interval", "replication", "pool"))
            interval, replication, pool = keys
            part = np.minimum(width, length - interval * width) / length
            cost = of_hours(frame) + below[pool, replication] * part
            answered = of_pools[pool, replication]
            mine = frame["answered"].to_numpy(np.int64) / np.where(answered > 0, answered, 1)
            made: NDArray[np.float64] = cost + translating[pool, replication] * mine
            return made

        return of_all

    def time_of_parts(self, parts: int) -> NDArray[np.float64]:
        """Counted microseconds of every step."""
        starts = np.arange(self._intervals, dtype=np.int64) * self.measured.interval
        lengths = np.minimum(self.measured.interval, self.measured.length - starts)
        out = np.zeros(parts)
        np.add.at(out, self._step_of(np.arange(self._intervals)), lengths)
        return out
