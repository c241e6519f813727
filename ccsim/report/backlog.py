"""Figure data of deferred work that waits at midnight, by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.ratios import ratios
from ccsim.records.tables import AGE_BANDS, CASE_AGE_BANDS
from ccsim.report.clock import midnight_labels
from ccsim.results.held_tables import select
from ccsim.results.measured import Measured

BAND_NAMES: Final = (
    *(f"{low} to {high} h" for low, high in pairwise(AGE_BANDS)),
    f"{AGE_BANDS[-1]} h and more",
)


CASE_BAND_NAMES: Final = (
    f"under {CASE_AGE_BANDS[1] // 24} day",
    *(f"{low // 24} to {high // 24} days" for low, high in pairwise(CASE_AGE_BANDS[1:])),
    f"{CASE_AGE_BANDS[-1] // 24} days and more",
)


def open_cases_by_day(tables: Mapping[str, pd.DataFrame], measured: Measured) -> pd.DataFrame:
    """Cases that are open at the midnights of the counted time, on average over the replications.

    A case is open from the arrival of its first contact to the end of its last, whether or not it is known that
    another is to come. Columns as of `backlog_by_day`, with the ages of `CASE_BAND_NAMES`.
    """
    return _by_day(tables, measured, "open_cases", "cases", CASE_BAND_NAMES)


def backlog_by_day(tables: Mapping[str, pd.DataFrame], measured: Measured) -> pd.DataFrame:
    """Deferred visits that wait at the midnights of the counted time, on average over the replications.

    Returns
    -------
    DataFrame
        `day` (from 0), `time` (in words), one column for every age of `BAND_NAMES`, `total`, and `low` and
        `high`, the ends of the total's 95 % interval, missing with one replication. Empty where nothing ever waits.
    """
    return _by_day(tables, measured, "backlog", "waiting", BAND_NAMES)


def _by_day(
    tables: Mapping[str, pd.DataFrame], measured: Measured, table: str, column: str, bands: Sequence[str]
) -> pd.DataFrame:
    """Counts of a table by midnight and band of age."""
    frame = select(tables, table) if table in tables else None
    if frame is None or frame.empty or not frame[column].any():
        return pd.DataFrame()
    replications = len(tables["replications"])
    labels = midnight_labels(measured)
    days = len(labels)
    cells = np.zeros((days, replications, len(bands)))
    where = tuple(frame[name].to_numpy(dtype=np.int64) for name in ("day", "replication", "band"))
    np.add.at(cells, where, frame[column].to_numpy(dtype=np.float64))
    out = pd.DataFrame({"day": range(days), "time": labels})
    for band, name in enumerate(bands):
        out[name] = cells[:, :, band].mean(axis=1)
    totals = cells.sum(axis=2)
    out["total"] = totals.mean(axis=1)
    made = ratios(totals, np.ones_like(totals), LEVEL, "log")
    for name, end in (("low", made.low), ("high", made.high)):
        out[name] = pd.Series(np.where(made.has_interval, end, np.nan), dtype="Float64")
    return out
