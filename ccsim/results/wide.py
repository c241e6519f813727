"""Estimates for spreadsheets: a table for each split, a row for each part, a column for each KPI."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from ccsim.errors import CcsimError
from ccsim.records.tables import threshold_label
from ccsim.results.parquet import plain_rows
from ccsim.results.text import ends_of


def wide_tables(estimates: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One table for each scope with more than one part: a row a part, three columns a KPI.

    A column is named for the KPI, its threshold and its unit (`service_level_20s_share`, `asa_s`); beside it stand
    both ends of its interval (`asa_s_low`, `asa_s_high`), empty with one replication.
    """
    wanted = ["kpi", "scope", "name", "threshold_s", "estimate", "low", "high", "unit"]
    parts: dict[str, dict[str, dict[str, Any]]] = {}
    for row in plain_rows(estimates[wanted]):
        parts.setdefault(row["scope"], {}).setdefault(row["name"], {}).update(_cells(row))
    return {scope: _frame(scope, rows) for scope, rows in parts.items() if len(rows) > 1}


def wide_table(estimates: pd.DataFrame, scope: str, kpis: Sequence[str] | None = None) -> pd.DataFrame:
    """The table of one scope with a single part or more, indexed by the part, numbers as `Float64`.

    Parameters
    ----------
    estimates
        Of a run.
    scope
        `channel`, `site`, ...
    kpis
        Names of KPIs in the order wanted; default all.

    `CcsimError` for a scope or a KPI that is not among the estimates.
    """
    mine = estimates[estimates["scope"] == scope]
    if mine.empty:
        known = ", ".join(dict.fromkeys(estimates["scope"]))
        raise CcsimError(f"no estimates by {scope!r}; this run is split by {known}")
    for kpi in () if kpis is None else kpis:
        if kpi not in set(mine["kpi"]):
            raise CcsimError(f"no estimates of {kpi!r} by {scope}; there are {', '.join(dict.fromkeys(mine['kpi']))}")
    chosen = mine if kpis is None else pd.concat([mine[mine["kpi"] == kpi] for kpi in kpis])
    cells: dict[str, dict[str, Any]] = {name: {} for name in dict.fromkeys(mine["name"])}
    for row in plain_rows(chosen):
        cells[row["name"]] |= _cells(row)
    return _frame(scope, cells).set_index(scope).astype("Float64")


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """An estimate and both ends of its interval, by column."""
    column = column_of(row["kpi"], row["threshold_s"], row["unit"])
    low, high = ends_of(row) or (None, None)
    return {column: row["estimate"], f"{column}_low": low, f"{column}_high": high}


def _frame(scope: str, rows: dict[str, dict[str, Any]]) -> pd.DataFrame:
    columns = list(dict.fromkeys(column for cells in rows.values() for column in cells))
    values = [[name, *(cells.get(column) for column in columns)] for name, cells in rows.items()]
    return pd.DataFrame(values, columns=[scope, *columns], dtype=object)


@cache
def column_of(kpi: str, threshold_s: float | None, unit: str) -> str:
    """Name of a KPI's column: the KPI, its threshold where it has one, its unit unless it is the KPI's name."""
    of = unit.replace("/", "_per_").replace(" ", "_")
    parts = [kpi]
    if threshold_s is not None:
        parts.append(threshold_label(round(threshold_s * 1e6)))
    return "_".join(parts if kpi == of else [*parts, of])
