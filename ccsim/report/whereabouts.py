"""Where the contacts went: visits by channel and tier, from arrival to outcome, in counts that add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import OUTCOMES, TOLD_AS
from ccsim.report.numbers import percent

TOLD_ENDS: Final = (
    ("resolved", "resolved"),
    ("unresolved", "closed unresolved"),
    ("escalated", "escalated"),
    ("transferred", "transferred"),
    ("by_peers", "deflected to the community"),
    ("abandoned", "abandoned"),
    ("balked", "left at the announced wait"),
    ("left_otherwise", "timed out or cleared at closing"),
    ("turned_away", "turned away"),
    ("still_open", "still open"),
)
"""Every end of a visit, as outcomes are told here: column and words. Together they are all the visits."""


def whereabouts(sums: Sums) -> pd.DataFrame:
    """Visits by channel and tier, all replications together, whole numbers.

    Returns
    -------
    DataFrame
        `channel`, `tier`, `from_outside`, `from_inside` (escalated or transferred to it), `came` (both), then
        `turned_away`, `by_peers`, `offered`, `answered`, `abandoned`, `balked`, `left_otherwise`, `still_open`,
        and of the answered `resolved`, `unresolved`, `escalated`, `transferred`. In every row `came` is the sum of
        `TOLD_ENDS`.
    """
    summed = ("arrived", "offered", "answered", *OUTCOMES)
    rows = pd.DataFrame({name: np.asarray(sums.matrix("queue_sums", name)).sum(axis=1) for name in summed})
    rows[["channel", "tier"]] = sums.queues[["channel", "tier"]].to_numpy()
    made = rows.groupby(["channel", "tier"], as_index=False, sort=True)[list(summed)].sum()
    out = made[["channel", "tier"]].copy()
    came = made["offered"] + made["blocked"] + made["closed"] + made["by_peers"]
    out["from_outside"], out["from_inside"], out["came"] = made["arrived"], came - made["arrived"], came
    out["offered"], out["answered"] = made["offered"], made["answered"]
    for end, _ in TOLD_ENDS:
        out[end] = made[[name for name in OUTCOMES if TOLD_AS[name] == end]].sum(axis=1)
    return out[out["came"] > 0].reset_index(drop=True)


def whereabouts_text(data: pd.DataFrame) -> str:
    """The flow of all contacts in a sentence or two."""
    whole = data.drop(columns=["channel", "tier"]).sum()
    came, outside = int(whole["came"]), int(whole["from_outside"])
    text = f"{outside:,} contacts from customers made {came:,} visits"
    if whole["from_inside"]:
        text += f", as {int(whole['from_inside']):,} were escalated or transferred"
    named: Sequence[tuple[str, str]] = [(key, words) for key, words in TOLD_ENDS if whole[key]]
    parts = [f"{percent(float(whole[key]) / came)} {words}" for key, words in named]
    return f"{text}. Of the visits: {', '.join(parts)}."
