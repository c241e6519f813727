"""Time to restore after surges, as a table and in words; what it is: `ccsim.metrics.surges`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.ratios import ratios
from ccsim.metrics.sums import Sums
from ccsim.metrics.surges import is_in_time, times_to_restore
from ccsim.results.measured import Measured, Restore
from ccsim.results.text import shown
from ccsim.units import HOUR

_COLUMNS: Final = (
    *("surge", "asked", "target_h", "replications", "restored", "restored_within_target"),
    *("time_to_restore_h", "low_h", "high_h", "longest_h", "note"),
)


def restored_table(tables: Mapping[str, pd.DataFrame], measured: Measured, level: float = LEVEL) -> pd.DataFrame:
    """Time to restore of every surge that says when service is restored, a row for each, in order of names.

    Returns
    -------
    DataFrame
        `surge`; `asked` in words; `target_h`, the time in which service is to be restored, missing without one;
        `replications` simulated, and of these those that are `restored`, and `restored_within_target`;
        `time_to_restore_h`, the mean of the restored in hours, with `low_h` and `high_h` of its interval of confidence
        and `longest_h`, all missing where none is restored; `note`.
    """
    sums = Sums(tables, measured) if measured.restored else None
    rows = [] if sums is None else [_row(one, times_to_restore(sums, one), level) for one in measured.restored]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in _COLUMNS:
        if name in ("replications", "restored", "restored_within_target"):
            frame[name] = frame[name].astype("int64")
        elif name.endswith("_h"):
            frame[name] = frame[name].astype("Float64")
        else:
            frame[name] = frame[name].astype("str")
    return frame


def _row(restore: Restore, times: Sequence[int | None], level: float) -> dict[str, Any]:
    known = [time / HOUR for time in times if time is not None]
    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    row |= {
        "note": "",
        "surge": restore.surge,
        "asked": restore.asked,
        "target_h": None if restore.target is None else restore.target / HOUR,
        "replications": len(times),
        "restored": len(known),
        "restored_within_target": sum(is_in_time(restore, time) for time in times),
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
    if row["target_h"] is not None:
        said += f", {row['restored_within_target']} of {row['replications']} within {row['target_h']:g} h"
    return f"{said}; {row['note']}" if row["note"] else said
