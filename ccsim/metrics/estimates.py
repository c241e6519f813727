"""The tidy table of estimates: every KPI, for everything and for every part, with its interval."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ccsim.kpis.definitions import OF_FLOWS, Kpi, kpis_of
from ccsim.metrics.parts import TORN, flow_codes, labels, missing, scopes_within
from ccsim.metrics.quantiles import quantiles
from ccsim.metrics.ratios import Method, Ratios, ratios
from ccsim.metrics.sums import Codes, Sums
from ccsim.metrics.waits import LONGEST, Waits, moments_by_part, waits_by_part
from ccsim.results.estimate_columns import ESTIMATES
from ccsim.results.measured import Measured
from ccsim.results.text import few

LEVEL: Final = 0.95
"""Confidence level of the intervals."""

Row = dict[str, Any]


def estimate(
    tables: Mapping[str, pd.DataFrame],
    measured: Measured,
    *,
    kpis: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
    among: Collection[str] | None = None,
    level: float = LEVEL,
    method: Method = "jackknife",
    sums: Sums | None = None,
) -> pd.DataFrame:
    """KPIs of a run with their intervals, one a row, columns as in `ccsim.results.estimate_columns`.

    A KPI is the ratio of sums over all replications; its interval is made from the sums of each replication, on the
    scale of its kind, so that it stays within its bounds (`ccsim.metrics.ratios`). Nothing is NaN: what cannot be
    estimated is missing (`pd.NA`), and `note` says why.

    Parameters
    ----------
    tables, measured
        Of the run.
    kpis
        Names of KPIs; default all.
    scopes
        Of `ccsim.kpis.definitions.QUEUE_SCOPES` and `POOL_SCOPES`; default those that split the run: not those whose
        only part is `all` or `none`, nor `queue` where there are more than `ccsim.metrics.parts.MOST_QUEUES` of them.
    among
        Of the scopes only these; default every one.
    level
        Confidence level, between 0 and 1.
    method
        `jackknife` or `delta`: how each replication's move of a ratio is found; quantiles have their own.
    sums
        Sums of these tables, for who has them already: what is made of them is remembered there.
    """
    known = kpis_of(measured.rule)
    chosen = [known[name] for name in (known if kpis is None else kpis)]
    sums = Sums(tables, measured) if sums is None else sums
    rows: list[Row] = []
    for kpi in chosen:
        for scope in scopes_within(sums, kpi, scopes):
            if among is not None and scope not in among:
                continue
            rows.extend(_of_scope(sums, kpi.by(scope), scope, level, method))
    return frame_of_estimates(rows)


def frame_of_estimates(rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a DataFrame with the schema's columns; None is missing."""
    listed = list(rows)
    columns: dict[str, pd.Series[Any]] = {}
    for column in ESTIMATES:
        kind = "Float64" if column.dtype == "float64" else column.dtype
        columns[column.name] = pd.Series([row[column.name] for row in listed], dtype=kind)
    return pd.DataFrame(columns)


def _of_scope(sums: Sums, kpi: Kpi, scope: str, level: float, method: Method) -> Iterator[Row]:
    names, codes = labels(sums, scope, by_pool=kpi.by_pool)
    for threshold in sums.measured.thresholds if kpi.by_threshold else (None,):
        key = (kpi.name, kpi.table, threshold, codes.tobytes(), level, method)  # scopes often split alike
        if key not in sums.memo:
            sums.memo[key] = of_parts(sums, kpi, codes, len(names), threshold, level, method)
        for name, row in zip(names, sums.memo[key], strict=True):
            yield {"kpi": kpi.name, "scope": scope, "name": name} | row


def of_parts(
    sums: Sums,
    kpi: Kpi,
    codes: Codes,
    parts: int,
    threshold: int | None = None,
    level: float = LEVEL,
    method: Method = "jackknife",
) -> list[Row]:
    """One KPI for every part: the columns of an estimate but its names.

    Parameters
    ----------
    codes
        Part of every queue (of every pool, for a KPI of pools), -1 where it belongs to none.
    parts
        Number of parts.
    threshold
        T of a service level, microseconds.

    What is kept by flow (quantiles, backlog) is missing for a part that holds a piece of a flow.
    """
    common = {
        "threshold_s": None if threshold is None else threshold / 1e6,
        "replications": sums.replications,
        "unit": kpi.unit.replace("money", sums.measured.currency),
    }
    torn = np.zeros(parts, dtype=bool)
    if kpi.table in OF_FLOWS:
        codes, torn = flow_codes(sums, codes, parts)
    if kpi.kind == "quantile":
        rows = _quantiles(sums, kpi, codes, parts, level)
    elif kpi.kind == "spread":
        rows = _spreads(sums, kpi, codes, parts, level)
    else:
        rows = _ratios(sums, kpi, codes, parts, threshold, level, method)
    said = f"; {sums.replications} replications are few" if few(sums.replications) else ""
    return [common | (missing(TORN) if torn[i] else _told(row, said)) for i, row in enumerate(rows)]


def _told(row: Row, few_replications: str) -> Row:
    """The row, with a word on few replications where it has an interval that chance had a part in."""
    return row | {"method": f"{row['method']}{few_replications}"} if row["standard_error"] else row


def _ratios(
    sums: Sums, kpi: Kpi, codes: Codes, parts: int, threshold: int | None, level: float, method: Method
) -> Iterator[Row]:
    x = sums.evaluate(kpi.numerator, kpi, codes, parts, threshold)
    y = sums.evaluate(kpi.denominator, kpi, codes, parts, threshold)
    why_absent = absent(sums, kpi)
    open_at_end = _left_out(sums, kpi, codes, parts)
    made = ratios(x, y, level, kpi.interval_scale, counted=kpi.counted, method=method)
    exact = kpi.table == "workforce_plan"
    tops, bottoms = x.sum(axis=1), y.sum(axis=1)
    for i in range(parts):
        note = why_absent or (f"no value: {kpi.denominator} is 0" if bottoms[i] == 0 else "")
        row = _interval(made, i, kpi.scale, shown=not why_absent)
        how = "exact: the same in every replication" if exact else "; ".join(filter(None, (kpi.rule, made.how[i])))
        if exact and row["estimate"] is not None and sums.replications > 1:
            row |= {"low": row["estimate"], "high": row["estimate"], "standard_error": 0.0}
        elif not (exact or note):
            note = "; ".join(filter(None, (open_at_end[i], made.note[i])))
        yield row | {
            "method": how,
            "numerator": float(tops[i]) * shown_scale(kpi.numerator),
            "denominator": float(bottoms[i]) * shown_scale(kpi.denominator),
            "note": note,
        }


def absent(sums: Sums, kpi: Kpi) -> str:
    """Why a KPI is missing for every part; empty where it is not."""
    if kpi.table == "workforce_plan" and sums.tables["workforce_plan"].empty:
        return "nothing was planned"
    prices = [*sums.measured.paid_hour.values(), *(price for _, price in sums.measured.translations)]
    prices += [price for _, price in sums.measured.minimum_hours.values()]
    return "no pool has a paid_hour" if kpi.unit.startswith("money") and not any(prices) else ""


def _interval(made: Ratios, i: int, scale: float, *, shown: bool) -> Row:
    row: Row = dict.fromkeys(("estimate", "low", "high", "standard_error"))
    if not (shown and made.known[i]):
        return row
    row["estimate"] = float(made.estimate[i]) * scale
    if made.has_interval[i]:
        ends = {"low": made.low[i], "high": made.high[i], "standard_error": made.error[i]}
        row |= {name: float(value) * scale for name, value in ends.items()}
    return row


def shown_scale(formula: str) -> float:
    """Times are shown in seconds, counts and money as they are."""
    return 1e-6 if formula.endswith("_us") or formula in ("length", "full_time") else 1.0


def _left_out(sums: Sums, kpi: Kpi, codes: Codes, parts: int) -> list[str]:
    """Names the visits that a cohort's ratio leaves out, because they had not ended when play ended."""
    if "open_waiting" not in kpi.denominator and kpi.denominator != "due":
        return [""] * parts
    column = "open_due" if kpi.denominator == "due" else "open_waiting"
    counts = sums.parts("queue_sums", column, codes, parts).sum(axis=1)
    return [f"{int(n)} visits still waiting when the run ended are left out" if n else "" for n in counts]


def _quantiles(sums: Sums, kpi: Kpi, codes: Codes, parts: int, level: float) -> Iterator[Row]:
    answered: list[float] = []

    def seen() -> Iterator[Waits]:
        for waits in waits_by_part(sums, codes, parts):
            answered.append(float(waits.counts.sum()))
            yield waits

    for i, made in enumerate(quantiles(seen(), kpi.share, level)):
        yield {
            "estimate": made.value,
            "low": made.low,
            "high": made.high,
            "standard_error": made.error,
            "method": f"Woodruff{LONGEST}" if made.at_longest else "Woodruff",
            "numerator": None,
            "denominator": answered[i],
            "note": "nobody was answered" if made.value is None else made.note,
        }


def _spreads(sums: Sums, kpi: Kpi, codes: Codes, parts: int, level: float) -> Iterator[Row]:
    for moments in moments_by_part(sums, codes, parts):
        made = moments.spread(level)
        yield {
            "estimate": made.value,
            "low": made.low,
            "high": made.high,
            "standard_error": made.error,
            "method": made.how,
            "numerator": sum(moments.total) / 1e6,
            "denominator": float(sum(moments.count)),
            "note": "nobody was answered" if made.value is None else made.note,
        }
