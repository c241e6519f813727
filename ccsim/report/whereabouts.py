"""Where the contacts went: visits by channel and tier, from arrival to outcome, in counts that add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import OF_SESSIONS, OUTCOMES, TOLD_AS
from ccsim.report.numbers import percent

TOLD_ENDS: Final = (
    ("resolved", "resolved"),
    ("unresolved", "closed unresolved"),
    ("escalated", "escalated"),
    ("transferred", "transferred"),
    ("contained", "solved by a bot"),
    ("falsely_contained", "falsely contained by a bot"),
    ("handed_off", "handed off by a bot"),
    ("left_bot", "left in a bot"),
    ("by_peers", "deflected to the community"),
    ("abandoned", "abandoned"),
    ("balked", "left at the announced wait"),
    ("left_otherwise", "timed out or cleared at closing"),
    ("requeued", "queued on at a time-out"),
    ("turned_away", "turned away"),
    ("still_open", "still open"),
)
"""Every end of a visit, as outcomes are told here: column and words. Together they are all the visits."""


def whereabouts(sums: Sums) -> pd.DataFrame:
    """Visits by channel and tier, all replications together, whole numbers.

    Returns
    -------
    DataFrame
        `channel`, `tier`, `from_outside`, `from_inside` (escalated, transferred or queued on to it), `came` (both),
        then `turned_away`, `by_peers`, `offered`, `answered`, `abandoned`, `balked`, `left_otherwise`, `requeued`,
        `still_open`, and of the answered `resolved`, `unresolved`, `escalated`, `transferred`. Sessions with a bot have
        rows of their own, tier `bot`, with `contained`, `falsely_contained`, `handed_off`, `left_bot`. In every row
        `came` is the sum
        of `TOLD_ENDS`.
    """
    summed = ("arrived", "offered", "answered", "sessions", *OUTCOMES)
    rows = pd.DataFrame({name: np.asarray(sums.matrix("queue_sums", name)).sum(axis=1) for name in summed})
    rows[["channel", "tier"]] = sums.queues[["channel", "tier"]].to_numpy()
    made = rows.groupby(["channel", "tier"], as_index=False, sort=True)[list(summed)].sum()
    out = made[["channel", "tier"]].copy()
    came = made["offered"] + made["requeued"] + made["blocked"] + made["closed"] + made["by_peers"]
    outside = made["arrived"] - made["sessions"]
    out["from_outside"], out["from_inside"], out["came"] = outside, came - outside, came
    out["offered"], out["answered"] = made["offered"], made["answered"]
    for end, _ in TOLD_ENDS:
        out[end] = made[[name for name in OUTCOMES if TOLD_AS[name] == end and name not in OF_SESSIONS]].sum(axis=1)
    out = _with_sessions(out, made)
    return out[out["came"] > 0].reset_index(drop=True)


def _with_sessions(rows: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """The rows, and before those of a channel one for its sessions with bots."""
    if not made["sessions"].any():
        return rows
    sessions = rows.copy()
    sessions[rows.columns[2:]] = 0
    sessions["tier"] = "bot"
    sessions["from_outside"] = sessions["came"] = made["sessions"]
    for name in OF_SESSIONS:
        sessions[TOLD_AS[name]] = made[name]
    summed = sessions.groupby(["channel", "tier"], as_index=False)[list(rows.columns[2:])].sum()
    both = pd.concat([summed, rows], ignore_index=True)
    return both.sort_values("channel", kind="stable", ignore_index=True)


def whereabouts_text(data: pd.DataFrame) -> str:
    """The flow of all contacts in a sentence or two."""
    whole = data.drop(columns=["channel", "tier"]).sum()
    came, outside = int(whole["came"]), int(whole["from_outside"])
    text = f"{outside:,} contacts from customers made {came:,} visits"
    if whole["from_inside"]:
        went = ["escalated", "transferred"]
        went += ["queued on at a time-out"] if whole["requeued"] else []
        went += ["handed off by a bot"] if whole["handed_off"] else []
        text += f", as {int(whole['from_inside']):,} were {', '.join(went[:-1])} or {went[-1]}"
    named: Sequence[tuple[str, str]] = [
        (key, words) for key, words in TOLD_ENDS if percent(float(whole[key]) / came) != percent(0.0)
    ]
    parts = [f"{percent(float(whole[key]) / came)} {words}" for key, words in named]
    return f"{text}. Of the visits: {', '.join(parts)}."
