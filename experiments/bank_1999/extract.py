"""Make every data file of `scenarios/bank_1999`: `python extract.py RAW.csv.gz [--out FOLDER]`."""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from bank_calls import (
    DAY_S,
    DAYS,
    FIRST_DAY,
    STREAMS,
    TYPES,
    in_month,
    is_open,
    reached_centre,
    read_raw,
    regular_days,
    streams,
)
from bank_laws import Floats, call_gap_law, patience_law, sample_slices
from bank_roster import CELL_S, staffing

POINTS: Final = 500
"""Values of each empirical law."""
HALF_HOUR_S: Final = 1800
EXTRACT_COLUMNS: Final = ["date", "type", "priority", "arrival", "wait", "outcome", "service", "server"]


def write_all(raw: Path, out: Path) -> None:
    """Write the extract, the traces, the volumes, the laws and the staffing into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    every = in_month(reached_centre(read_raw(raw)))
    write_gz(every[EXTRACT_COLUMNS], out / "calls.csv.gz")
    calls = every[is_open(every)]
    regular = calls[calls["date"].isin(regular_days())]
    write_traces(calls, out)
    write_volumes(calls, out)
    write_laws(regular, out)
    write_staffing(calls, out)


def write_gz(table: pd.DataFrame, path: Path) -> None:
    """A compressed CSV without a name or a time, so that an equal table gives an equal file."""
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def local_time(seconds: pd.Series | np.ndarray) -> pd.Series:
    """Local time of seconds since the month's first midnight, as the scenario writes it."""
    return pd.Series(pd.Timestamp(FIRST_DAY) + pd.to_timedelta(np.asarray(seconds), unit="s")).dt.strftime(
        "%Y-%m-%d %H:%M:%S"
    )


def write_traces(calls: pd.DataFrame, out: Path) -> None:
    """`arrivals.csv.gz`: when each call came, in seconds; `arrivals_with_talk.csv.gz`: also its talk."""
    trace = pd.DataFrame({"time": calls["at"], "stream": streams(calls)})
    write_gz(trace, out / "arrivals.csv.gz")
    trace["talk"] = calls["service"].astype("Int64").where(calls["outcome"] == "AGENT")
    trace["wrap_up"] = ""
    write_gz(trace, out / "arrivals_with_talk.csv.gz")


def write_volumes(calls: pd.DataFrame, out: Path) -> None:
    """`volumes/STREAM.csv.gz`: calls expected each half hour; every day is the mean day of its kind."""
    per_day = DAY_S // HALF_HOUR_S
    start = local_time(np.arange(DAYS * per_day) * HALF_HOUR_S).str[:16]
    (out / "volumes").mkdir(exist_ok=True)
    name = streams(calls)
    for stream in STREAMS:
        at = calls.loc[name == stream, "at"].to_numpy()
        counts = np.bincount((at // HALF_HOUR_S).astype(int), minlength=DAYS * per_day).reshape(DAYS, per_day)
        table = pd.DataFrame({"start": start, "contacts": mean_by_kind_of_day(counts).round(4).ravel()})
        write_gz(table, out / "volumes" / f"{stream}.csv.gz")


def mean_by_kind_of_day(counts: np.ndarray) -> Floats:
    """Every day replaced by the mean of its kind: regular weekday, Friday, Saturday."""
    days = pd.date_range(FIRST_DAY, periods=DAYS)
    kind = np.array([{4: 1, 5: 2}.get(day.day_of_week, 0) for day in days])
    chosen = np.array([day in set(regular_days()) or day.day_of_week in (4, 5) for day in days])
    means = np.stack([counts[chosen & (kind == k)].mean(axis=0) for k in range(3)])
    return np.asarray(means[kind], dtype=float)


def write_laws(regular: pd.DataFrame, out: Path) -> None:
    """`talk.csv`, `patience.csv` (one column a type) and `away.csv`, in seconds."""
    served = regular[regular["outcome"] == "AGENT"]
    talk = {t: sample_slices(served.loc[served["type"] == t, "service"], POINTS) for t in TYPES}
    patience = {t: patience_law(regular, t, POINTS) for t in TYPES}
    away = {"away": call_gap_law(regular, POINTS)}
    for name, table in (("talk", talk), ("patience", patience), ("away", away)):
        pd.DataFrame(table).round(2).to_csv(out / f"{name}.csv", index=False, lineterminator="\n")


def write_staffing(calls: pd.DataFrame, out: Path) -> None:
    """`staffing/POOL.csv.gz`: agents at work each day; `POOL_mean.csv.gz`: the mean day, in whole agents.

    The mean curve is rounded to whole agents with an offset that changes from day to day and pool to pool
    (multiples of the golden ratio), so that the mean over the month and over the pools is kept.
    """
    (out / "staffing").mkdir(exist_ok=True)
    real = staffing(calls)
    mean = mean_by_kind_of_day(real.to_numpy().reshape(DAYS, -1)).reshape(real.shape)
    day = np.arange(len(real)) * CELL_S // DAY_S
    start = local_time(np.arange(len(real)) * CELL_S).str[:16]
    for column, pool in enumerate(real.columns):
        offset = (day * 0.6180339887 + column / len(real.columns)) % 1.0
        whole = np.floor(mean[:, column] + offset).astype(int)
        for name, agents in ((pool, real[pool].to_numpy()), (f"{pool}_mean", whole)):
            write_gz(pd.DataFrame({"start": start, "agents": agents}), out / "staffing" / f"{name}.csv.gz")


def main() -> None:
    """Read the arguments and write."""
    here = Path(__file__).resolve().parents[2] / "scenarios" / "bank_1999"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path, help="anonymous_bank_1999_calls_jan_feb.csv.gz")
    parser.add_argument("--out", type=Path, default=here, help="folder to write to")
    args = parser.parse_args()
    write_all(args.raw, args.out)


if __name__ == "__main__":
    main()
