"""Where the contacts went: visits by channel and tier, from arrival to outcome, in counts that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import NOT_OFFERED, OF_SESSIONS, OUTCOMES, TOLD_AS, TOLD_ENDS
from ccsim.report.numbers import percent


def whereabouts(sums: Sums) -> pd.DataFrame:
    """Visits by channel and tier, all replications together, whole numbers.

    Returns
    -------
    DataFrame
        `channel`, `tier`, `from_outside`, `from_inside` (escalated, transferred or queued on to it), `came` (both),
        `offered`, `answered`, then a column for each of `ccsim.records.outcomes.TOLD_ENDS`, whose sum is `came`.
        Sessions with a bot have rows of their own, tier `bot`.
    """
    summed = ("arrived", "offered", "answered", "sessions", *OUTCOMES)
    rows = pd.DataFrame({name: np.asarray(sums.matrix("queue_sums", name)).sum(axis=1) for name in summed})
    rows[["channel", "tier"]] = sums.queues[["channel", "tier"]].to_numpy()
    made = rows.groupby(["channel", "tier"], as_index=False, sort=True)[list(summed)].sum()
    out = made[["channel", "tier"]].copy()
    came = made[["offered", *NOT_OFFERED]].sum(axis=1)
    outside = made["arrived"] - made["sessions"]
    out["from_outside"], out["from_inside"], out["came"] = outside, came - outside, came
    out["offered"], out["answered"] = made["offered"], made["answered"]
    for end in TOLD_ENDS:
        of = [name for name in OUTCOMES if TOLD_AS[name] == end.name and name not in OF_SESSIONS]
        out[end.name] = made[of].sum(axis=1)
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
    shares = [(percent(float(whole[end.name]) / came), end.words) for end in TOLD_ENDS]
    parts = [f"{share} {words}" for share, words in shares if share != percent(0.0)]
    return f"{text}. Of the visits: {', '.join(parts)}."
