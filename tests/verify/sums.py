"""From the engine's tables to sums by replication, under the names that the formulas use.

`calls.answered` is the sum over the queues with that label, `calls.came` counts all who came to them (offered,
blocked or closed out; `arrived` leaves out visits that came from another tier), `calls@2.answered` is for report
interval 2,
`desk:in_hand_us` a pool's sum, `calls>desk.answered` one route's. All are arrays over replications.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Rows = NDArray[np.int64]
Sums = dict[str, NDArray[np.float64]]

ALL = "all"
"""Label of all queues together, and of all pools together."""


@dataclass(frozen=True)
class Table:
    """Rows of one table over replications; the first column is the replication, from 0."""

    columns: tuple[str, ...]
    rows: Rows

    def column(self, name: str) -> Rows:
        """One column."""
        return self.rows[:, self.columns.index(name)]


@dataclass(frozen=True)
class Simulated:
    """What some replications of one scenario gave."""

    replications: int
    queues: Mapping[str, int]
    """Ids by name, `stream/tier`."""
    flows: Sequence[int]
    """Flow of every queue: what is summed by interval, and the bins of waits, are of flows of one queue."""
    pools: Mapping[str, int]
    """Ids by name."""
    tables: Mapping[str, Table]
    warm_up: int
    length: int
    interval: int


VisitReader = Callable[[Simulated], Sums]
"""Makes more sums from the table of visits; its names are its own."""


@dataclass(frozen=True)
class Wanted:
    """What is summed."""

    labels: Mapping[str, tuple[str, ...]]
    """Queues by label; `all` is added."""
    by_interval: bool = False
    waits: bool = False
    """Whether the bins of the waits are kept, as `calls.bins` [replications, bins]."""
    visits: VisitReader | None = None
    derived: Callable[[Sums], Sums] | None = None
    """Makes more sums of one replication from the others (squares, for a variance)."""
    pool_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Pools that are summed under one more label."""


def reduce(simulated: Simulated, wanted: Wanted) -> Sums:
    """Sums by replication."""
    sums: Sums = {}
    labels = dict(wanted.labels) | {ALL: tuple(simulated.queues)}
    for label, names in labels.items():
        ids = np.array([simulated.queues[name] for name in names], dtype=np.int64)
        _add(sums, simulated, "queue_sums", label, "queue", ids)
        flows = _flows(simulated, ids) if wanted.by_interval or wanted.waits else ids
        if wanted.by_interval:
            for table in ("flow_intervals", "flow_calendar"):
                _add_cells(sums, simulated, table, label, "flow", flows)
        hi, lo = (sums[f"{label}.wait_answered_sq_{part}"] for part in ("hi", "lo"))
        sums[f"{label}.wait_answered_sq"] = hi * 2.0**40 + lo
        cells = -(-simulated.length // simulated.interval) if wanted.by_interval else 0
        for place in (label, *(f"{label}@{cell}" for cell in range(cells))):
            turned = sums[f"{place}.blocked"] + sums[f"{place}.closed"]
            sums[f"{place}.came"] = sums[f"{place}.offered"] + turned
        if wanted.waits:
            sums[f"{label}.bins"] = _bins(simulated, flows)
    pools = {name: (name,) for name in simulated.pools} | {ALL: tuple(simulated.pools)} | dict(wanted.pool_labels)
    for label, names in pools.items():
        ids = np.array([simulated.pools[name] for name in names], dtype=np.int64)
        _add(sums, simulated, "pool_sums", label, "pool", ids, ":")
        if wanted.by_interval:
            _add_cells(sums, simulated, "pool_intervals", label, "pool", ids, ":")
        for queue_label, queue_names in labels.items():
            queue_ids = np.array([simulated.queues[name] for name in queue_names], dtype=np.int64)
            _add_routes(sums, simulated, f"{queue_label}>{label}", queue_ids, ids)
    for name in ("contacts", "cases", "open_at_end", "end_us", "visits"):
        replications = simulated.tables["replications"]
        sums[name] = _grouped(replications.column("replication"), replications.column(name), simulated.replications)
    sums["replications"] = np.ones(simulated.replications)
    sums["length"] = np.full(simulated.replications, float(simulated.length))
    if wanted.visits is not None:
        sums |= wanted.visits(simulated)
    if wanted.derived is not None:
        sums |= wanted.derived(sums)
    return sums


def together(parts: Sequence[Sums]) -> Sums:
    """Sums of more replications."""
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _grouped(index: Rows, values: Rows, size: int) -> Vector:
    sums: Vector = np.bincount(index, weights=values.astype(np.float64), minlength=size)[:size].astype(np.float64)
    return sums


def _flows(simulated: Simulated, queues: Rows) -> Rows:
    """Flows of queues; refused where a flow holds other queues too."""
    flows = np.array(simulated.flows, dtype=np.int64)
    inside = np.isin(flows, flows[queues])
    if int(inside.sum()) != len(queues):
        raise ValueError("asked by interval or by bin for a part of a flow")
    return flows[queues]


def _rows(simulated: Simulated, name: str, key: str, ids: Rows) -> tuple[Table, Rows]:
    table = simulated.tables[name]
    return table, table.rows[np.isin(table.column(key), ids)]


def _add(sums: Sums, simulated: Simulated, name: str, label: str, key: str, ids: Rows, mark: str = ".") -> None:
    table, rows = _rows(simulated, name, key, ids)
    for i, column in enumerate(table.columns):
        if column not in ("replication", key):
            sums[f"{label}{mark}{column}"] = _grouped(rows[:, 0], rows[:, i], simulated.replications)


def _add_cells(sums: Sums, simulated: Simulated, name: str, label: str, key: str, ids: Rows, mark: str = ".") -> None:
    table, rows = _rows(simulated, name, key, ids)
    interval = rows[:, table.columns.index("interval")]
    cells = -(-simulated.length // simulated.interval)
    inside = interval < cells
    place = rows[inside, 0] * cells + interval[inside]
    for i, column in enumerate(table.columns):
        if column in ("replication", "interval", key):
            continue
        flat = _grouped(place, rows[inside, i], simulated.replications * cells)
        grid = flat.reshape(simulated.replications, cells)
        for cell in range(cells):
            sums[f"{label}@{cell}{mark}{column}"] = grid[:, cell]


def _add_routes(sums: Sums, simulated: Simulated, label: str, queues: Rows, pools: Rows) -> None:
    table = simulated.tables["routes"]
    mask = np.isin(table.column("queue"), queues) & np.isin(table.column("pool"), pools)
    rows = table.rows[mask]
    for i, name in enumerate(table.columns):
        if name not in ("replication", "queue", "pool"):
            sums[f"{label}.{name}"] = _grouped(rows[:, 0], rows[:, i], simulated.replications)


def _bins(simulated: Simulated, ids: Rows) -> Vector:
    table = simulated.tables["waits"]
    rows = table.rows[np.isin(table.column("flow"), ids)]
    bins, answered = (rows[:, table.columns.index(name)] for name in ("bin", "answered"))
    width = 24 * 128
    flat = _grouped(rows[:, 0] * width + np.minimum(bins, width - 1), answered, simulated.replications * width)
    return flat.reshape(simulated.replications, width)
