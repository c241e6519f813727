"""Vendor shares: which vendor visits were assigned to, and which one answered them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.ratios import ratios
from ccsim.results.held_tables import select
from ccsim.results.measured import Measured

COLUMNS: Final = (
    "workflow", "vendor", "assigned", "handled_by_it", "handled",
    "assigned_share", "assigned_share_low", "assigned_share_high",
    "handled_share", "handled_share_low", "handled_share_high",
)  # fmt: skip

Cells = NDArray[np.float64]


def vendor_shares(tables: Mapping[str, pd.DataFrame], measured: Measured, *, level: float = LEVEL) -> pd.DataFrame:
    """Shares of the vendors by workflow: a row for each workflow with vendor shares and each of its vendors.

    Overflow to another vendor, and calls that nobody answered, make the handled shares differ from the assigned ones.

    Parameters
    ----------
    tables, measured
        Of the run.
    level
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        `workflow`, `vendor`; over all replications the visits `assigned` to it, those of them that it answered
        (`handled_by_it`), and all that it answered of the workflow (`handled`); `assigned_share` of all assigned
        visits and `handled_share` of all that were answered, from 0 to 1, with `_low` and `_high` (missing with one
        replication; a share of nothing is missing). Empty where no workflow has vendor shares.
    """
    queues, pools, vendors = tables["queues"], tables["pools"], tables["vendors"]
    workflows = queues["workflow"].astype(str).to_numpy(dtype=object)
    given = select(tables, "assigned")
    routes = select(tables, "routes", ["replication", "queue", "pool", "answered"])
    shared = sorted({workflows[q] for q in given["queue"]})
    replications = len(tables["replications"])
    place = {name: i for i, name in enumerate(shared)}
    row_of_queue = np.array([place.get(name, -1) for name in workflows], dtype=np.int64)
    vendor_of = {str(name): i for i, name in enumerate(vendors["name"])}
    vendor_of_pool = np.array([vendor_of.get(str(name), -1) for name in pools["vendor"]], dtype=np.int64)

    def cells(frame: pd.DataFrame, vendor: NDArray[np.int64], column: str) -> Cells:
        row = row_of_queue[frame["queue"].to_numpy(dtype=np.int64)]
        taken = (row >= 0) & (vendor >= 0)
        made = np.zeros((len(shared), len(vendors), replications))
        where = (row[taken], vendor[taken], frame["replication"].to_numpy()[taken])
        np.add.at(made, where, frame[column].to_numpy(dtype=np.float64)[taken])
        return made

    to = given["vendor"].to_numpy(dtype=np.int64)
    assigned, kept = cells(given, to, "assigned"), cells(given, to, "handled_by_it")
    handled = cells(routes, vendor_of_pool[routes["pool"].to_numpy(dtype=np.int64)], "answered")
    rows = []
    for workflow, w in place.items():
        for vendor, v in vendor_of.items():
            if not (assigned[w, v].any() or handled[w, v].any()):
                continue
            row = {"workflow": workflow, "vendor": vendor}
            row |= {"assigned": int(assigned[w, v].sum()), "handled_by_it": int(kept[w, v].sum())}
            row |= {"handled": int(handled[w, v].sum())}
            row |= _share("assigned_share", assigned[w, v], assigned[w].sum(axis=0), level)
            rows.append(row | _share("handled_share", handled[w, v], handled[w].sum(axis=0), level))
    return _frame(rows)


def _share(name: str, part: Cells, whole: Cells, level: float) -> dict[str, float | None]:
    made = ratios(part[None, :], whole[None, :], level, "logit", counted="share")
    row: dict[str, float | None] = {name: None, f"{name}_low": None, f"{name}_high": None}
    if made.known[0]:
        row[name] = float(made.estimate[0])
        if made.has_interval[0]:
            row |= {f"{name}_low": float(made.low[0]), f"{name}_high": float(made.high[0])}
    return row


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    kinds = {"workflow": "str", "vendor": "str", "assigned": "int64", "handled_by_it": "int64", "handled": "int64"}
    return pd.DataFrame({c: pd.Series([row[c] for row in rows], dtype=kinds.get(c, "Float64")) for c in COLUMNS})
