"""KPIs as the views of a star tell them, beside the estimates of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from ccsim.export.views import kpi_column
from ccsim.kpis.definitions import KPIS
from ccsim.metrics.estimates import estimate
from ccsim.results.run import Run
from tests.export.asked import Asked

SCOPES = {"kpi_total": "all", "kpi_agents_total": "all", "kpi_by_work_kind": "kind", "kpi_by_vendor_kind": "owner"}


def close(found: object, expected: object) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def told(star: Asked, run: Run, view: str) -> Iterator[tuple[str, str, object, object]]:
    """KPI, part, value in the view, and estimate of ccsim."""
    scope = SCOPES.get(view, view.removeprefix("kpi_by_"))
    column = {"all": "'all'", "kind": "work_kind", "owner": "vendor_kind"}.get(scope, f"{scope}_name")
    made = estimate(run.tables, run.measured, scopes=[scope])
    expected = {
        (row.kpi, row.name, None if pd.isna(row.threshold_s) else round(row.threshold_s * 1e6)): row.estimate
        for row in made.itertuples(index=False)
    }
    known = set(star.columns(view))
    for name, kpi in KPIS.items():
        for threshold in run.measured.thresholds if kpi.by_threshold else (None,):
            label = kpi_column(kpi, threshold)
            if label not in known:
                continue
            for part, value in star.rows(f"SELECT {column}, {label} FROM {view}"):
                found = expected[name, part, threshold]
                yield label, part, value, None if pd.isna(found) else found
