"""Time to restore: how long after the beginning of a surge the service level holds again.

Of each replication it is the time from the beginning of the surge to the start of the first report interval, the one
of the beginning included, from which on the service level is at least what is asked in every report interval with
contacts, as many of these as make up the stated time. Intervals without contacts are left out. It is 0 where the
service level never fell, and missing where it does not hold again within the counted time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.definitions import kpis_of
from ccsim.metrics.by_interval import inside_of
from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.ratios import ratios
from ccsim.metrics.steps import StepSums, intervals_of
from ccsim.metrics.sums import Sums
from ccsim.results.measured import Measured, Restore
from ccsim.results.text import shown

_COLUMNS: Final = (
    *("surge", "asked", "replications", "restored", "time_to_restore_h", "low_h", "high_h", "longest_h", "note"),
)
_HOUR: Final = 3.6e9


def times_to_restore(sums: Sums, restore: Restore) -> list[float | None]:
    """Hours to restore of each replication; None where service is not restored within the counted time."""
    measured = sums.measured
    kpi = kpis_of(measured.rule)["service_level"]
    count = intervals_of(measured)
    flows = inside_of(sums, kpi, dict(restore.scope))
    steps = StepSums(sums, np.arange(count, dtype=np.int64), count, flows=np.minimum(flows, 0))
    codes = np.arange(count, dtype=np.int64)
    met = steps.evaluate(kpi.numerator, kpi, codes, count, restore.within)
    of = steps.evaluate(kpi.denominator, kpi, codes, count, restore.within)
    starts = codes * measured.interval - restore.at
    needed = -(-restore.holds // measured.interval)
    width, level = measured.interval, restore.at_least
    return [_time_of(met[:, one], of[:, one], starts, width, needed, level) for one in range(met.shape[1])]


def _time_of(
    met: NDArray[np.float64],
    of: NDArray[np.float64],
    starts: NDArray[np.int64],
    interval: int,
    needed: int,
    at_least: float,
) -> float | None:
    """Hours from the surge to the first of so many intervals with contacts in a row that meet the level."""
    there = np.flatnonzero((of > 0) & (starts > -interval))
    held = 0
    for place, at in enumerate(there):
        held = held + 1 if met[at] >= at_least * of[at] - 1e-9 else 0
        if held == needed:
            return max(float(starts[there[place - needed + 1]]), 0.0) / _HOUR
    return None


def restored_table(tables: Mapping[str, pd.DataFrame], measured: Measured, level: float = LEVEL) -> pd.DataFrame:
    """Time to restore of every surge that says when service is restored, a row for each, in order of names.

    Returns
    -------
    DataFrame
        `surge`; `asked` in words; `replications` played and `restored` of them; `time_to_restore_h`, the mean of
        these in hours, with `low_h` and `high_h` of its interval of confidence and `longest_h`, all missing where none
        is restored; `note`.
    """
    sums = Sums(tables, measured) if measured.restored else None
    rows = [] if sums is None else [_row(one, times_to_restore(sums, one), level) for one in measured.restored]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in _COLUMNS:
        if name in ("replications", "restored"):
            frame[name] = frame[name].astype("int64")
        elif name.endswith("_h"):
            frame[name] = frame[name].astype("Float64")
        else:
            frame[name] = frame[name].astype("str")
    return frame


def _row(restore: Restore, times: Sequence[float | None], level: float) -> dict[str, Any]:
    known = [time for time in times if time is not None]
    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    row |= {
        "note": "",
        "surge": restore.surge,
        "asked": restore.asked,
        "replications": len(times),
        "restored": len(known),
    }
    if never := len(times) - len(known):
        row["note"] = f"not within the counted time in {never} of {len(times)} replications"
    if known:
        made = ratios(np.array([known]), np.ones((1, len(known))), level, "log")
        row |= {"time_to_restore_h": float(np.mean(known)), "longest_h": max(known)}
        if made.has_interval[0]:
            row |= {"low_h": float(made.low[0]), "high_h": float(made.high[0])}
    return row


def restored_text(row: Mapping[str, Any]) -> str:
    """The time of a row in words: `5.2 h (4.1 to 6.4 h), longest 7 h`."""
    if not row["restored"]:
        return "never within the counted time"
    ends = None if row["low_h"] is None else (float(row["low_h"]), float(row["high_h"]))
    said = f"{shown(row['time_to_restore_h'], ends, 'h')}, longest {row['longest_h']:.3g} h"
    return f"{said}; {row['note']}" if row["note"] else said
