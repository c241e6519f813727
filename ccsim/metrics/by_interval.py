"""A KPI by interval or by time of day, for figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ccsim.kpis.definitions import kpis_of
from ccsim.kpis.kpi import Kpi
from ccsim.metrics.estimates import LEVEL, of_parts
from ccsim.metrics.parts import codes_within, flow_codes, kpi_within, pieces_of_flows
from ccsim.metrics.ratios import Method
from ccsim.metrics.steps import KEPT_BY_DAY, StepSums, intervals_of, kept_by_interval
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
    if not kept_by_interval(definition):
        raise ValueError(f"{kpi} is not known by interval")
    width = measured.interval if every is None else every
    if width <= 0 or width % measured.interval or (fold is not None and (fold <= 0 or fold % width)):
        raise ValueError("every must be a multiple of the report interval, and fold of every")
    sums = Sums(tables, measured)
    codes = inside_of(sums, definition, within or {})
    if definition.by_threshold and threshold is None:
        threshold = measured.thresholds[0]
    interval = np.arange(intervals_of(measured), dtype=np.int64)
    step_of = interval * measured.interval // width
    if fold is not None:
        step_of %= fold // width
    inside = {"pools" if definition.by_pool else "flows": np.minimum(codes, 0)}
    stepped = StepSums(sums, step_of, int(step_of.max()) + 1, **inside)
    if definition.of_answerer and not stepped.knows_answerers:
        raise ValueError(f"{kpi}: {KEPT_BY_DAY}")
    rows = of_parts(
        stepped, definition, np.arange(stepped.steps, dtype=np.int64), stepped.steps, threshold, level, method
    )
    frame = pd.DataFrame({"time_us": np.arange(stepped.steps, dtype=np.int64) * width})
    for column in COLUMNS[1:]:
        kind = {"replications": "int64", "note": "str"}.get(column, "Float64")
        frame[column] = pd.Series([row[column] for row in rows], dtype=kind)
    return frame


def inside_of(sums: Sums, kpi: Kpi, within: Mapping[str, str]) -> Codes:
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
