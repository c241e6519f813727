"""Simulates a scenario with ccsim and hands back its tables as arrays."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ccsim.results.tables import columns_of

from .sums import Simulated, Table


class _Plain(yaml.SafeDumper):
    """Writes out what is said twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Scenario:
    """A scenario, read and compiled."""

    def __init__(self, content: Mapping[str, Any], files: Mapping[str, str]) -> None:
        from ccsim.model import compile_model
        from ccsim.scenario import loads

        self.text = yaml.dump(dict(content), Dumper=_Plain, sort_keys=False, width=100)
        with tempfile.TemporaryDirectory() as folder:
            for name, body in files.items():
                (Path(folder) / name).write_text(body, encoding="utf-8")
            self.scenario = loads(self.text, base_dir=Path(folder))
        self.model = compile_model(self.scenario)

    def simulate(self, seed: int, first: int, count: int, *, visits: bool, workers: int) -> Simulated:
        """Replications `first` to `first + count - 1`, numbered from 0 in the tables."""
        from ccsim.engine import simulate

        def one(replication: int) -> Mapping[str, Any]:
            simulated = simulate(self.model, seed=seed, replication=replication, visits=visits)
            tables: Mapping[str, Any] = simulated.tables
            return tables

        with ThreadPoolExecutor(workers) as pool:
            parts = list(pool.map(one, range(first, first + count)))
        return self._stacked(parts)

    def _stacked(self, parts: list[Mapping[str, Any]]) -> Simulated:
        thresholds = tuple(self.scenario.service_level.within)
        tables = {}
        for name in parts[0]:
            columns = tuple(c.name for c in columns_of(name, thresholds))
            rows = [np.asarray(part[name], dtype=np.int64) for part in parts]
            numbers = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
            tables[name] = Table(columns, np.column_stack([numbers, np.concatenate(rows)]))
        horizon = self.scenario.horizon
        return Simulated(
            replications=len(parts),
            queues=names_of(self.model, "queues"),
            flows=flows_of(self.model),
            pools=names_of(self.model, "pools"),
            tables=tables,
            warm_up=horizon.warm_up,
            length=horizon.length,
            interval=horizon.interval,
        )


def names_of(model: Any, what: str) -> dict[str, int]:
    """Ids by name of the model's queues or pools."""
    return {row[1]: row[0] for row in model.names[what]}


def flows_of(model: Any) -> list[int]:
    """Flow of every queue; in these scenarios a flow of its own."""
    return [row[2] for row in model.names["queues"]]
