"""The calls of the anonymous bank: one tidy row a call, and the days that are compared."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

DAY_S: Final = 86_400
FIRST_DAY: Final = "1999-01-31"
"""First day of the month that is simulated, a Sunday."""
DAYS: Final = 28
"""Four whole weeks: no holiday, no change of clocks, no day missing."""
OUTAGES: Final = ("1999-02-03", "1999-02-21")
"""Days on which about 400 callers hung up in the IVR instead of about 35: something was broken."""
OPENING: Final = {0: (7, 24), 1: (7, 24), 2: (7, 24), 3: (7, 24), 4: (7, 14), 5: (19, 24), 6: (7, 24)}
"""Opening hours by weekday, Monday 0. Saturday should open at 20; in this winter month it does at 19."""
TYPES: Final = {
    "PS": "regular banking",
    "NW": "prospective customers",
    "NE": "stock exchange",
    "IN": "internet support",
    "PE": "banking in English",
    "TT": "returned calls",
}
"""Types of call."""
HIGH_TYPES: Final = ("PS", "NE", "PE")
"""Types whose customers have a priority; prospective customers and internet users are never identified."""
STREAMS: Final = tuple(name for kind in TYPES for name in (kind, f"{kind}_high") if kind in HIGH_TYPES or name == kind)
"""Streams of the scenario."""
NO_AGENT: Final = "NO_SERVER"
SHORT_S: Final = 10
"""Served calls of at most this many seconds are the file's known artefact."""


def read_raw(path: Path) -> pd.DataFrame:
    """The raw file with clock times as seconds since the call's local midnight.

    Columns `type`, `priority`, `date`, `outcome`, `server`, `in_queue` (has a queue time), and in seconds
    `arrival` (reached the queue, or the agent where nobody queued), `wait`, `service`. A clock time far
    before the call's first is of the next day. Service starts at arrival + wait: the file's own start is
    missing 131 times in the month and otherwise within seconds of it.
    """
    raw = pd.read_csv(path, dtype={"date": str})
    entry = _seconds(raw["vru_entry"])
    calls = raw[["type", "priority"]].copy()
    calls["date"] = pd.to_datetime(raw["date"], format="%y%m%d")
    calls["outcome"] = raw["outcome"]
    calls["server"] = raw["server"]
    calls["in_queue"] = raw["q_time"] > 0
    arrival = pd.Series(np.where(calls["in_queue"], _seconds(raw["q_start"]), _seconds(raw["vru_exit"])))
    calls["arrival"] = _after(arrival, entry)
    calls["wait"] = raw["q_time"]
    calls["service"] = raw["ser_time"]
    return calls


def _seconds(clock: pd.Series) -> pd.Series:
    parts = clock.str.split(":", expand=True).astype(int)
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


def _after(clock: pd.Series, entry: pd.Series) -> pd.Series:
    return clock + DAY_S * (clock < entry - DAY_S // 2)


def reached_centre(calls: pd.DataFrame) -> pd.DataFrame:
    """Calls that waited or spoke with an agent: neither PHANTOM nor left in the IVR, and of a known type."""
    served = calls["outcome"] == "AGENT"
    left_queue = (calls["outcome"] == "HANG") & calls["in_queue"]
    return calls[(served | left_queue) & calls["type"].isin(TYPES)]


def in_month(calls: pd.DataFrame) -> pd.DataFrame:
    """Calls of the month that is simulated, in order of arrival, with `at`: seconds since its first midnight."""
    first = pd.Timestamp(FIRST_DAY)
    day = (calls["date"] - first).dt.days
    kept = calls[(day >= 0) & (day < DAYS)].copy()
    kept["at"] = day[kept.index] * DAY_S + kept["arrival"]
    return kept.sort_values(["at", "type", "wait", "service"], kind="stable").reset_index(drop=True)


def is_open(calls: pd.DataFrame) -> pd.Series:
    """Whether each call arrived in opening hours."""
    weekday = calls["date"].dt.day_of_week
    opens = weekday.map({day: hours[0] * 3600 for day, hours in OPENING.items()})
    closes = weekday.map({day: hours[1] * 3600 for day, hours in OPENING.items()})
    return (calls["arrival"] >= opens) & (calls["arrival"] < closes)


def regular_days() -> list[pd.Timestamp]:
    """Days that are compared: Sunday to Thursday, without the two on which the IVR was broken."""
    days = pd.date_range(FIRST_DAY, periods=DAYS)
    return [day for day in days if day.day_of_week not in (4, 5) and str(day.date()) not in OUTAGES]


def high_priority(calls: pd.DataFrame) -> pd.Series:
    """Whether each call is simulated as of high priority.

    The file knows a customer, and so his priority, only where the call waited: of those served at once nearly
    none is identified. So among the unidentified calls of a type a share is taken as high that is the share
    among its identified ones, spread evenly in order of arrival. Only PS, NE and PE; the other types are
    simulated as regular.
    """
    high = pd.Series(False, index=calls.index)
    for kind in HIGH_TYPES:
        mine = calls[calls["type"] == kind]
        known = mine["in_queue"]
        share = float((mine.loc[known, "priority"] == 2).mean())
        number = np.arange(1, int((~known).sum()) + 1)
        high[mine.index[known]] = mine.loc[known, "priority"] == 2
        high[mine.index[~known]] = np.floor(number * share) > np.floor((number - 1) * share)
    return high


def streams(calls: pd.DataFrame) -> pd.Series:
    """Stream of each call: its type, with `_high` for high priority."""
    return calls["type"] + np.where(high_priority(calls), "_high", "")


def read_extract(path: Path) -> pd.DataFrame:
    """The committed extract, with the columns of `reached_centre` and `in_month`."""
    calls = pd.read_csv(path, parse_dates=["date"], dtype={"server": str})
    calls["in_queue"] = calls["wait"] > 0
    calls["at"] = (calls["date"] - pd.Timestamp(FIRST_DAY)).dt.days * DAY_S + calls["arrival"]
    return calls


def count_table(calls: pd.DataFrame) -> pd.DataFrame:
    """Counts by type and for `all`: served beyond 10 s, queued, and their means; times in seconds.

    `sd_s` divides by n. `queued` waited and were served or hung up; `abandoned` is the share of these that
    hung up.
    """
    rows = {}
    for name in (*TYPES, "all"):
        mine = calls if name == "all" else calls[calls["type"] == name]
        long = mine.loc[(mine["outcome"] == "AGENT") & (mine["service"] > SHORT_S), "service"]
        queued = mine[mine["in_queue"] & mine["outcome"].isin(["AGENT", "HANG"])]
        rows[name] = {
            "served_n": len(long),
            "mean_s": long.mean(),
            "sd_s": long.std(ddof=0),
            "median_s": long.median(),
            "queued_n": len(queued),
            "mean_wait_s": queued["wait"].mean(),
            "abandoned": (queued["outcome"] == "HANG").mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
