"""What assists cost that are paid by the hour in which agents who have them are signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.results.held_tables import batches
from ccsim.results.measured import Measured
from ccsim.units import HOUR

Vector = NDArray[np.float64]


def rows_with(pools: pd.DataFrame, measured: Measured, name: str) -> NDArray[np.int64]:
    """Rows of the pools whose agents have an assist."""
    return np.flatnonzero(pools["name"].isin(measured.by_agent_hour[name][1])).astype(np.int64)


def hours_value(measured: Measured, name: str) -> Callable[[pd.DataFrame], NDArray[Any]]:
    """What makes of rows of `pool_intervals` what an assist costs in each, in the intervals from its beginning on."""
    price, _, since = measured.by_agent_hour[name]

    def value(frame: pd.DataFrame) -> NDArray[Any]:
        begun = frame["interval"].to_numpy(np.int64) * measured.interval >= since
        made: Vector = frame["signed_in_us"].to_numpy(np.int64) * begun / HOUR * price
        return made

    return value


def hours_paid(
    tables: Mapping[str, pd.DataFrame], pools: pd.DataFrame, measured: Measured, replications: int
) -> dict[str, Vector]:
    """Cost of the hours of each assist that is paid by the hour, shape [replications]."""
    made = {}
    for name in measured.by_agent_hour:
        rows, cost = rows_with(pools, measured, name), np.zeros(replications)
        columns = ["interval", "pool", "replication", "signed_in_us"]
        value = hours_value(measured, name)
        for frame in batches(tables, "pool_intervals", columns, {"pool": rows.tolist()}):
            mine = frame[frame["pool"].isin(rows)]
            np.add.at(cost, mine["replication"].to_numpy(np.int64), value(mine))
        made[name] = cost
    return made
