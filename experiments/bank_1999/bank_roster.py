"""Who was at work: read from each agent's first and last call of the day, because nobody wrote it down."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from bank_calls import DAY_S, DAYS, NO_AGENT

CELL_S: Final = 900
"""Width of a cell of the staffing curve."""
SKILL_SHARE: Final = {"NE": 0.02, "NW": 0.02, "IN": 0.005}
"""Least share of an agent's calls of the month that shows the skill; everybody takes the other types."""
STAY_FROM_S: Final = 84_600
"""An agent whose last call ends after 23:30 is taken to stay until the queue is empty, ..."""
STAY_UNTIL_S: Final = 88_200
"""... at the latest 00:30."""


def served_by_agents(calls: pd.DataFrame) -> pd.DataFrame:
    """Served calls that name their agent, with `start` and `end` in seconds since midnight of their day."""
    served = calls[(calls["outcome"] == "AGENT") & (calls["server"] != NO_AGENT)].copy()
    served["start"] = served["arrival"] + served["wait"]
    served["end"] = served["start"] + served["service"]
    return served


def agent_days(calls: pd.DataFrame) -> pd.DataFrame:
    """One row an agent and day: start of the `first` call, end of the `last`, `busy`, in seconds; `calls`.

    Biased both ways: breaks and meetings count as time at work, the time before the first call and after the
    last does not.
    """
    days = served_by_agents(calls).groupby(["date", "server"])
    table = days.agg(first=("start", "min"), last=("end", "max"), busy=("service", "sum"), calls=("start", "size"))
    return table.reset_index()


def skills(calls: pd.DataFrame) -> pd.Series:
    """Pool of each agent by his calls: `all_round`, `stock` (no NW), `regular` (no NE), `_net` (also IN)."""
    counts = served_by_agents(calls).groupby(["server", "type"]).size().unstack(fill_value=0)
    share = counts.div(counts.sum(axis=1), axis=0)
    can = {kind: share.get(kind, 0.0 * counts.sum(axis=1)) >= least for kind, least in SKILL_SHARE.items()}
    base = np.where(can["NE"] & can["NW"], "all_round", np.where(can["NE"], "stock", "regular"))
    names = [name + ("_net" if net else "") for name, net in zip(base, can["IN"], strict=True)]
    return pd.Series(names, index=share.index, name="pool")


def pool_workflows(pool: str) -> list[str]:
    """Types of call that a pool takes."""
    base = pool.removesuffix("_net")
    extra = [t for t, pools in (("NE", ("all_round", "stock")), ("NW", ("all_round", "regular"))) if base in pools]
    return ["PS", "PE", "TT", *extra, *(["IN"] if pool.endswith("_net") else [])]


def staffing(calls: pd.DataFrame) -> pd.DataFrame:
    """Agents at work by quarter hour of the month (rows, from its first midnight) and pool (columns).

    An agent counts in a quarter hour if the middle of it lies between his first and his last call.
    """
    pool = skills(calls)
    cells = DAYS * DAY_S // CELL_S
    table = pd.DataFrame(0, index=range(cells), columns=sorted(pool.unique()))
    first_day = calls["date"].min()
    for row in agent_days(calls).itertuples():
        last = STAY_UNTIL_S if row.last > STAY_FROM_S else row.last
        offset = (row.date - first_day).days * DAY_S
        cut = [int(np.clip(round((offset + t) / CELL_S), 0, cells)) for t in (row.first, last)]
        table.loc[cut[0] : cut[1] - 1, pool[row.server]] += 1
    return table


def mean_day(table: pd.DataFrame, days: list[pd.Timestamp], first: pd.Timestamp) -> pd.DataFrame:
    """Mean of the chosen days by quarter hour of the day (rows, 96) and pool."""
    by_day = table.to_numpy(dtype=float).reshape(DAYS, DAY_S // CELL_S, -1)
    chosen = [(day - first).days for day in days]
    return pd.DataFrame(by_day[chosen].mean(axis=0), columns=table.columns)


def call_gaps(calls: pd.DataFrame) -> pd.DataFrame:
    """One row a call that was not its agent's first of the day: `gap`, `waited`, `waiting`.

    `gap` is the seconds since the agent's last call. Where the next caller had waited (`waited`), the agent
    came back at the gap's end and the time away is known; where he had not, the agent was back before (the
    time away is at most the gap). `waiting` is the number of callers in the queue when the last call ended.
    """
    served = served_by_agents(calls).sort_values(["date", "server", "start"], kind="stable")
    keys = [served["date"], served["server"]]
    before = served.groupby(["date", "server"])["end"].cummax().groupby(keys).shift()
    gaps = pd.DataFrame({"date": served["date"], "gap": served["start"] - before, "waited": served["in_queue"]})
    gaps["waiting"] = queue_length(calls, served["date"], before)
    return gaps[gaps["gap"].notna()].assign(gap=lambda g: g["gap"].clip(lower=0.0))


def queue_length(calls: pd.DataFrame, date: pd.Series, at: pd.Series) -> pd.Series:
    """Callers in the queue at each instant `at`, seconds since midnight of `date`."""
    queued = calls[calls["in_queue"]]
    length = pd.Series(0, index=at.index)
    for day, instants in at.groupby(date):
        mine = queued[queued["date"] == day]
        joined, left = np.sort(mine["arrival"]), np.sort(mine["arrival"] + mine["wait"])
        after = [np.searchsorted(times, instants, side="right") for times in (joined, left)]
        length[instants.index] = after[0] - after[1]
    return length
