"""How stories are told: a small scenario simulated once, read to the microsecond."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import Model, compile_model
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import POOL_INTERVALS
from ccsim.records.visit_rows import VISITS
from ccsim.scenario import loads

VISIT = {column.name: i for i, column in enumerate(VISITS[1:])}
POOL = {column.name: i for i, column in enumerate(POOL_INTERVALS[1:])}
DEFAULTS = {
    "scenario": "scenario: story",
    "horizon": "horizon: {start: 2026-01-05, length: 1d, drain: 1d, interval: 15m}",
}


def script(body: str, **traces: str) -> Scenario:
    """A scenario from its sections; a trace is `time talk | 0 60 | 10 60`, a full stop an empty cell."""
    given = {line.split(":", 1)[0] for line in body.splitlines()}
    text = "\n".join([*(line for key, line in DEFAULTS.items() if key not in given), body])
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in traces.items():
            lines = [",".join("" if cell == "." else cell for cell in row.split()) for row in rows.split("|")]
            (Path(folder) / f"{name}.csv").write_text("\n".join(lines) + "\n")
        return loads(text, base_dir=Path(folder))


@dataclass(frozen=True)
class Story:
    """What was simulated."""

    model: Model
    tables: dict[str, np.ndarray]

    def lives(self, columns: str, queue: str = "") -> list[tuple[Any, ...]]:
        """Visits in order of queue, date, number, contact and visit; times in seconds (exact: micros / 10^6)."""
        return [
            tuple(self._cell(row, column) for column in columns.split())
            for row in self.tables["visits"]
            if self.model.names["queues"][row[0]][1].startswith(queue)
        ]

    def hours(self, columns: str, pool: str) -> list[tuple[float, ...]]:
        """Agent time of a pool by report interval, in minutes; intervals in which nothing was are left out."""
        at = next(row[0] for row in self.model.names["pools"] if row[1] == pool)
        names = [f"{column}_us" for column in columns.split()]
        found = [
            (float(row[0]), *(row[POOL[name]] / 60_000_000 for name in names))
            for row in self.tables["pool_intervals"]
            if row[1] == at
        ]
        return [row for row in found if any(row[1:])]

    def total(self, column: str, pool: str) -> float:
        """Agent time of a pool in minutes."""
        return sum(row[1] for row in self.hours(column, pool))

    def _cell(self, row: np.ndarray, column: str) -> Any:
        if column == "queue":
            return self.model.names["queues"][row[0]][1]
        if column == "pool":
            return self.model.names["pools"][row[VISIT["pool"]]][1] if row[VISIT["pool"]] >= 0 else None
        if column == "outcome":
            return OUTCOMES[row[VISIT["outcome"]]]
        if column in ("joined", "left", "hung_up", "ended", "wrapped"):
            return row[VISIT[f"{column}_us"]] / 1_000_000
        return int(row[VISIT[column]])


def tell(
    body: str, *, seed: int = 1, replication: int = 0, processes: Sequence[Callable[..., Any]] = (), **traces: str
) -> Story:
    """Simulate a story once, under every invariant."""
    model = compile_model(script(body, **traces))
    pauses = range(7_000_000, model.span.end, max(model.span.end // 50, 1))
    simulated = simulate(
        model, seed=seed, replication=replication, visits=True, pauses=pauses, check=True, processes=processes
    )
    return Story(model, simulated.tables)


DESK = "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
TWO = "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 2}}\n"
