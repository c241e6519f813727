"""Shrinkage by cause: how much agent time went to breaks, training, absence, ..."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.parts import labels
from ccsim.metrics.ratios import ratios
from ccsim.metrics.sums import Sums, grouped
from ccsim.results.measured import Measured

COLUMNS: Final = ("name", "cause", "away_hours", "share", "share_low", "share_high")


def shrinkage_by_cause(
    tables: Mapping[str, pd.DataFrame], measured: Measured, *, scope: str = "all", level: float = LEVEL
) -> pd.DataFrame:
    """Agent time away by cause, in hours of a replication and as a share of the paid time.

    Unpaid breaks are among the time away, not among the paid time; the share says how large they are beside it.

    Parameters
    ----------
    tables, measured
        Of the run.
    scope
        What it is split by: `all`, `region`, `site`, `owner`, `vendor` or `pool`.
    level
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        `name` (of the part), `cause`, `away_hours` (mean of the replications), `share` of the paid time, `share_low`
        and `share_high` (missing with one replication). A cause without time away in a part has no row.
    """
    sums = Sums(tables, measured)
    names, codes = labels(sums, scope, by_pool=True)
    paid = np.asarray(sums.parts("pool_sums", "paid_us", codes, len(names)), dtype=np.float64)
    frame = tables["shrinkage"]
    rows: list[dict[str, object]] = []
    for cause, said in zip(tables["shrinkage_causes"]["cause"], tables["shrinkage_causes"]["name"], strict=True):
        mine = frame[frame["cause"] == cause]
        cells = np.zeros((len(sums.pools), sums.replications), dtype=np.int64)
        np.add.at(cells, (mine["pool"].to_numpy(), mine["replication"].to_numpy()), mine["away_us"].to_numpy(np.int64))
        away = grouped(cells, codes, len(names))
        made = ratios(away.astype(np.float64), paid, level, "logit")
        for i, name in enumerate(names):
            if not away[i].any():
                continue
            row: dict[str, object] = dict.fromkeys(COLUMNS)
            row |= {"name": name, "cause": str(said), "away_hours": float(away[i].sum()) / 3.6e9 / sums.replications}
            if made.known[i]:
                row["share"] = float(made.estimate[i])
                if made.has_interval[i]:
                    row |= {"share_low": float(made.low[i]), "share_high": float(made.high[i])}
            rows.append(row)
    kinds = {"name": "str", "cause": "str"}
    return pd.DataFrame({c: pd.Series([row[c] for row in rows], dtype=kinds.get(c, "Float64")) for c in COLUMNS})
