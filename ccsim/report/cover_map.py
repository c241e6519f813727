"""Figure data of a heatmap: agents over and under what is required, by day of the week and time of day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ccsim.report.clock import Clock
from ccsim.report.numbers import amount, percent
from ccsim.report.staffing import KINDS, Staffing
from ccsim.text.scalars import SHORT_WEEKDAYS, clock_text
from ccsim.units import DAY, HOUR, MINUTE

LEAST: Final = 30 * MINUTE
"""Cells are at least so wide, so that a day fits on a phone."""
SHORT: Final = -0.10
"""Relative balance from which on a cell is marked as short."""
WORTH: Final = 0.05
"""Balance up to which a cell counts as covered."""


@dataclass(frozen=True, slots=True)
class CoverMap:
    """Agents by day of the week and time of day."""

    cells: pd.DataFrame
    """`weekday` (0: Monday), `column` (from midnight), `day`, `time`, mean agents `required`, `scheduled`, `present`.

    `scheduled_balance` and `present_balance`: agents above (or below, < 0) required over required, missing where
    nothing is required. Cells that never came are left out."""
    columns: int
    width: int
    """Microseconds of a cell."""


def cover_map(staffing: Staffing, clock: Clock) -> CoverMap | None:
    """The heatmap of all pools together; None where nothing is required or less than a day is counted."""
    if not staffing.any_required or clock.length < DAY:
        return None
    width = max(LEAST, -(-clock.interval // (15 * MINUTE)) * 15 * MINUTE)
    width = min(
        w for w in (LEAST, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY) if w >= min(width, DAY)
    )
    columns = DAY // width
    of = np.array([t.weekday() * columns + (t.hour * HOUR + t.minute * MINUTE) // width for t in clock.local])
    time = np.bincount(of, weights=staffing.interval, minlength=7 * columns)
    there = np.flatnonzero(time > 0)
    frame = pd.DataFrame({"weekday": there // columns, "column": there % columns})
    frame["day"] = [SHORT_WEEKDAYS[i] for i in frame["weekday"]]
    frame["time"] = [clock_text(i * width) for i in frame["column"]]
    for kind in KINDS:
        whole = np.bincount(of, weights=staffing.agents[kind].sum(axis=0), minlength=7 * columns)
        frame[kind] = whole[there] / time[there]
    required = frame["required"].astype("Float64").mask(frame["required"] <= 0)
    for kind in ("scheduled", "present"):
        frame[f"{kind}_balance"] = (frame[kind] - frame["required"]) / required
    return CoverMap(frame, columns, width)


def cover_text(found: CoverMap, kind: str) -> str:
    """How many cells are short or over, and which is the worst."""
    known = found.cells.dropna(subset=[f"{kind}_balance"])
    balance = known[f"{kind}_balance"].to_numpy(dtype=np.float64)
    under, over = float((balance < -WORTH).mean()), float((balance > WORTH).mean())
    head = "Present agents" if kind == "present" else "Scheduled agents"
    text = (
        f"{head} are more than {percent(WORTH)} below required in {percent(under)} of the cells and "
        f"more than {percent(WORTH)} above in {percent(over)}"
    )
    gap = (known["required"] - known[kind]).to_numpy(dtype=np.float64)
    worst = known.iloc[int(gap.argmax())]
    if gap.max() > 0:
        text += (
            f"; the largest shortfall is {amount(float(gap.max()))} of "
            f"{amount(float(worst['required']))} agents, on {worst['day']} at {worst['time']}"
        )
    return text + "."
