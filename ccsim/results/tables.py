"""From the engine's arrays, a replication at a time, to tables of a whole run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.records.columns import Column
from ccsim.records.tables import TABLES, WITHIN, threshold_columns
from ccsim.results.digest import TableDigest, canonical_order, digest_of_names, digest_of_run
from ccsim.results.spill import IN_MEMORY_VALUES, Spill

Rows = NDArray[np.int64]
Sink = Callable[[Rows], None]

SIMULATED: Final = (
    "flow_intervals", "flow_calendar", "queue_sums", "pool_intervals", "pool_sums", "shrinkage", "routes", "assigned",
    "assigned_sums", "first_answers", "pool_days", "ratings", "waits", "backlog", "missed_first", "repeats",
    "open_cases", "replications",
)  # fmt: skip
"""Tables that every replication adds rows to."""

NAMES: Final = ("queues", "flows", "pools", "vendors", "assignees", "shrinkage_causes")
"""Tables of names: one row for each id, in the order of the ids."""

PLANNED: Final = "workforce_plan"
"""Table that is the same in every replication."""

WITH_THRESHOLDS: Final[Mapping[str, tuple[str, ...]]] = dict.fromkeys(
    ("flow_intervals", "queue_sums", "assigned_sums"), WITHIN
) | {"routes": ("answered",)}
"""Tables with more columns for every threshold of service level, and what these count."""

BATCH_REPLICATIONS: Final = 512
BATCH_VALUES: Final = 2_000_000
"""A batch is closed at so many replications, or at so many values (16 MB)."""


class SimulatedTables(Protocol):
    """What the engine gives for one replication."""

    @property
    def tables(self) -> Mapping[str, Rows]:
        """Rows by table, shape [rows, columns without `replication`], int64."""


def columns_of(table: str, thresholds: tuple[int, ...]) -> tuple[Column, ...]:
    """Columns of a table, with those of the thresholds (microseconds) where it has them."""
    within = WITH_THRESHOLDS.get(table)
    return TABLES[table] + (threshold_columns(thresholds, within) if within else ())


def frame_of(rows: Rows, columns: Sequence[Column]) -> pd.DataFrame:
    """Rows as a DataFrame with the schema's types."""
    return pd.DataFrame({c.name: rows[:, i].astype(c.dtype) for i, c in enumerate(columns)})


def names_frame(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Table of names (queues, pools, ...) with the schema's types."""
    values = {c.name: [row[i] for row in rows] for i, c in enumerate(columns)}
    return pd.DataFrame({c.name: pd.Series(values[c.name], dtype=c.dtype) for c in columns})


class _Table:
    """One table while it grows."""

    def __init__(self, name: str, columns: tuple[Column, ...], sink: Sink | None) -> None:
        self.name, self.columns, self.sink = name, columns, sink
        self.digest = TableDigest(name, columns)
        self.waiting: list[Rows] = []
        self.kept: list[Rows] = []
        self.keys = key_places(name, columns)

    def check(self, rows: Rows) -> None:
        """Refuse an array that is not what the schema says."""
        _check_rows(self.name, rows, len(self.columns) - 1)

    def flush(self, replications: NDArray[np.int64]) -> None:
        """Number, sort and digest what waits, and pass it on."""
        if not self.waiting:
            return
        lengths = np.fromiter((len(rows) for rows in self.waiting), dtype=np.int64, count=len(self.waiting))
        batch = np.empty((int(lengths.sum()), len(self.columns)), dtype=np.int64)
        batch[:, 0] = np.repeat(replications, lengths)
        np.concatenate(self.waiting, out=batch[:, 1:])
        self.waiting = []
        batch = canonical_order(batch, self.keys)
        self.digest.add(batch)
        if self.sink is None:
            self.kept.append(batch)
        elif len(batch):
            self.sink(batch)

    def spill(self, spill: Spill) -> None:
        """Give what is kept, and whatever comes, to a temporary folder."""
        self.sink = spill.sink(self.name, self.columns)
        while self.kept:
            batch = self.kept.pop(0)
            if len(batch):
                self.sink(batch)

    def frame(self) -> pd.DataFrame:
        """Everything that was kept."""
        empty = np.empty((0, len(self.columns)), dtype=np.int64)
        columns = {}
        for i, column in enumerate(self.columns):
            parts = [batch[:, i] for batch in self.kept] or [empty[:, i]]
            columns[column.name] = np.concatenate(parts).astype(column.dtype, copy=False)
        return pd.DataFrame(columns)


def key_places(name: str, columns: tuple[Column, ...]) -> list[int]:
    """Columns that order the rows: those that name a row (of visits, up to the visit's number)."""
    if name == "visits":
        wanted = ("replication", "queue", "date", "number", "contact", "visit", "case_queue")
        return [i for i, c in enumerate(columns) if c.name in wanted]
    return [i for i, c in enumerate(columns) if c.key]


def _check_rows(name: str, rows: Rows, columns: int) -> None:
    if rows.dtype != np.int64 or rows.ndim != 2 or rows.shape[1] != columns:
        raise ValueError(
            f"table {name}: expected int64 rows of {columns} columns, got {rows.dtype} of shape {rows.shape}"
        )


class Assembler:
    """Collects replications in order, in bulk: numbers, sorts, digests and keeps their rows.

    Memory does not grow with the replications: rows go to the sinks, or, where there are none, to a temporary folder
    as soon as they are more than `ccsim.results.spill.IN_MEMORY_VALUES` values.

    Parameters
    ----------
    names
        Rows of the tables of names (`NAMES`), in the order of their ids; one that is missing is empty.
    plan
        Rows of `workforce_plan`; None: there are none.
    thresholds
        Service level thresholds in microseconds.
    visits
        Whether the replications bring a table of visits.
    sinks
        By table: takes the rows of a batch of replications, `replication` first, and stores them.
    """

    def __init__(
        self,
        names: Mapping[str, Sequence[Sequence[Any]]],
        plan: Rows | None,
        thresholds: tuple[int, ...],
        *,
        visits: bool = False,
        sinks: Mapping[str, Sink] | None = None,
    ) -> None:
        self._names = {name: names.get(name, ()) for name in NAMES}
        width = len(TABLES[PLANNED])
        planned = np.empty((0, width), dtype=np.int64) if plan is None else plan
        _check_rows(PLANNED, planned, width)
        self._plan = _Table(PLANNED, TABLES[PLANNED], None)
        self._plan.kept = [canonical_order(planned, self._plan.keys)]
        self._plan.digest.add(self._plan.kept[0])
        self._named: dict[str, pd.DataFrame] = {}
        wanted = SIMULATED + (("visits",) if visits else ())
        taken = sinks or {}
        self._tables = {name: _Table(name, columns_of(name, thresholds), taken.get(name)) for name in wanted}
        self._first = 0
        self._values = 0
        self.spill = Spill()
        """Where the rows are that no sink took and that are too many for memory."""
        self.replications = 0

    def add(self, simulated: SimulatedTables) -> None:
        """Add the next replication."""
        arrays = simulated.tables
        for name, table in self._tables.items():
            rows = arrays[name]
            table.check(rows)
            table.waiting.append(rows)
            self._values += rows.size
        self.replications += 1
        if self.replications - self._first >= BATCH_REPLICATIONS or self._values >= BATCH_VALUES:
            self._flush()

    def _flush(self) -> None:
        numbers = np.arange(self._first, self.replications, dtype=np.int64)
        for table in self._tables.values():
            table.flush(numbers)
        self._first, self._values = self.replications, 0
        unsunk = [table for table in self._tables.values() if table.sink is None]
        if sum(batch.size for table in unsunk for batch in table.kept) > IN_MEMORY_VALUES:
            for table in unsunk:
                table.spill(self.spill)

    def finish(self) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
        """Tables by name (not those that a sink took), and the digest of each; `run` is that of all."""
        self._flush()
        frames, digests = {}, {}
        for name, table in self._tables.items():
            digests[name] = table.digest.hex()
            if table.sink is None:
                frames[name] = table.frame()
                table.kept = []
        for name, rows in self._names.items():
            digests[name] = digest_of_names(name, TABLES[name], rows)
        digests[PLANNED] = self._plan.digest.hex()
        return frames | self.named(), digests | {"run": digest_of_run(digests)}

    def named(self) -> dict[str, pd.DataFrame]:
        """The tables that are the same in every replication: those of names, and the plan; made once."""
        if not self._named:
            self._named = {name: names_frame(rows, TABLES[name]) for name, rows in self._names.items()}
            self._named[PLANNED] = self._plan.frame()
        return self._named


def digests_of_frames(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Digests of tables that were read back; as those of the run that wrote them, unless changed."""
    digests = {}
    for name, frame in frames.items():
        columns = [_column(name, str(label)) for label in frame.columns]
        if name in NAMES:
            digests[name] = digest_of_names(name, columns, frame.to_numpy(dtype=object).tolist())
            continue
        rows = np.empty((len(frame), len(columns)), dtype=np.int64)
        for i, column in enumerate(columns):
            rows[:, i] = frame[column.name].to_numpy()
        table = TableDigest(name, columns)
        table.add(canonical_order(rows, key_places(name, tuple(columns))))
        digests[name] = table.hex()
    return digests | {"run": digest_of_run(digests)}


def _column(table: str, name: str) -> Column:
    known = {c.name: c for c in TABLES[table]}
    if name in known:
        return known[name]
    if table in WITH_THRESHOLDS and "_within_" in name:
        return Column(name, "int64", "count", "")
    raise ValueError(f"table {table} has no column {name!r}")
