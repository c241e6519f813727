"""Where the contacts went: visits by channel and tier, from arrival to outcome, in counts that add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.report.numbers import percent

SUMMED: Final = (
    "arrived", "blocked", "closed", "by_peers", "offered", "answered", "abandoned", "moved_on", "cleared",
    "open_waiting", "resolved", "escalated", "transferred", "unresolved", "open_in_hand",
)  # fmt: skip

OUTCOMES: Final = (
    ("resolved", "resolved"),
    ("unresolved", "closed unresolved"),
    ("escalated", "escalated"),
    ("transferred", "transferred"),
    ("by_peers", "deflected to the community"),
    ("abandoned", "abandoned"),
    ("left_otherwise", "timed out or cleared at closing"),
    ("turned_away", "turned away"),
    ("still_open", "still open"),
)
"""Every end of a visit: column and words. Together they are all the visits."""


def whereabouts(sums: Sums) -> pd.DataFrame:
    """Visits by channel and tier, all replications together, whole numbers.

    Returns
    -------
    DataFrame
        `channel`, `tier`, `from_outside`, `from_inside` (escalated or transferred to it), `came` (both), then
        `turned_away`, `by_peers`, `offered`, `answered`, `abandoned`, `left_otherwise`, `still_open`, and of the
        answered `resolved`, `unresolved`, `escalated`, `transferred`. In every row `came` is the sum of `OUTCOMES`.
    """
    rows = pd.DataFrame({name: np.asarray(sums.matrix("queue_sums", name)).sum(axis=1) for name in SUMMED})
    rows[["channel", "tier"]] = sums.queues[["channel", "tier"]].to_numpy()
    made = rows.groupby(["channel", "tier"], as_index=False, sort=True)[list(SUMMED)].sum()
    out = made[["channel", "tier"]].copy()
    out["from_outside"] = made["arrived"]
    came = made["offered"] + made["blocked"] + made["closed"] + made["by_peers"]
    out["from_inside"] = came - made["arrived"]
    out["came"] = came
    out["turned_away"] = made["blocked"] + made["closed"]
    for name in ("by_peers", "offered", "answered", "abandoned"):
        out[name] = made[name]
    out["left_otherwise"] = made["moved_on"] + made["cleared"]
    out["still_open"] = made["open_waiting"] + made["open_in_hand"]
    for name in ("resolved", "unresolved", "escalated", "transferred"):
        out[name] = made[name]
    return out[out["came"] > 0].reset_index(drop=True)


def whereabouts_text(data: pd.DataFrame) -> str:
    """The flow of all contacts in a sentence or two."""
    whole = data.drop(columns=["channel", "tier"]).sum()
    came, outside = int(whole["came"]), int(whole["from_outside"])
    text = f"{outside:,} contacts from customers made {came:,} visits"
    if whole["from_inside"]:
        text += f", as {int(whole['from_inside']):,} were escalated or transferred"
    named: Sequence[tuple[str, str]] = [(key, words) for key, words in OUTCOMES if whole[key]]
    parts = [f"{percent(float(whole[key]) / came)} {words}" for key, words in named]
    return f"{text}. Of the visits: {', '.join(parts)}."
