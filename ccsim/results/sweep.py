"""A sweep: what a scenario does at many points, and how each differs from the scenario as written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.results.parquet import plain_rows
from ccsim.results.sweep_columns import INDICES, TABLES_OF_SWEEPS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Sweep:
    """Everything that came out of a sweep; nothing here needs the simulator.

    Two sweeps hold the same values if their `digest` is the same.
    """

    name: str
    points: pd.DataFrame
    """What each point is; see `ccsim.results.sweep_columns.POINTS`."""
    kpis: pd.DataFrame
    """KPIs of every point and their differences from point 0; see `KPIS_OF_POINTS`."""
    goals: pd.DataFrame
    """Goals of every point; see `GOALS_OF_POINTS`."""
    people: pd.DataFrame
    """How people follow the work at each point, if they do; see `PEOPLE_OF_POINTS`."""
    seed: int
    replications: int
    """Of every point; where it was simulated `until` something, at most."""
    parked: Mapping[int, str] = field(default_factory=dict)
    """Points that failed each time they were tried, with the last error."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, time, command."""
    indices: pd.DataFrame | None = None
    """Sobol indices of a study with a Saltelli design; see `ccsim.results.sweep_columns.INDICES`."""
    folder: Path | None = None
    """Where it is stored, if it is."""
    until: str = ""
    """What each point was simulated until; nothing: all have the same replications."""

    @property
    def replications_told(self) -> str:
        """How many replications a point has, in words: `20 replications each`."""
        if not self.until:
            return f"{self.replications} replications each"
        low, high = self.fewest_replications, int(self.kpis["replications"].max()) if len(self.kpis) else 0
        many = f"{low}" if low == high else f"{low} to {high}"
        return f"{many} replications each, until {self.until} and at most {self.replications}"

    @property
    def fewest_replications(self) -> int:
        """Replications that every point has."""
        return int(self.kpis["replications"].min()) if self.until and len(self.kpis) else self.replications

    @property
    def digest(self) -> str:
        """SHA-256 of all values, to the last digit, in hexadecimal."""
        made = hashlib.sha256(f"{self.seed} {self.replications}\n".encode())
        tables = TABLES_OF_SWEEPS if self.indices is None else TABLES_OF_SWEEPS | {"indices": INDICES}
        for name, columns in tables.items():
            frame: pd.DataFrame = getattr(self, name)
            for row in plain_rows(frame[[column.name for column in columns]]):
                made.update(f"{name} {list(row.values())!r}\n".encode())
        return made.hexdigest()

    def points_by(self, key: str) -> dict[str, list[int]]:
        """Points by the values of a key, in order; a scenario as written has none."""
        groups: dict[str, list[int]] = {}
        for row in plain_rows(self.points):
            if row["key"] == key:
                groups.setdefault(row["value"], []).append(row["point"])
        return groups

    def settings(self, point: int) -> dict[str, str]:
        """What was varied at a point: values by key; nothing for a scenario as written."""
        rows = self.points[self.points["point"] == point]
        return {key: value for key, value in zip(rows["key"], rows["value"], strict=True) if key}

    def kpi(
        self, point: int, kpi: str, scope: str = "all", name: str = "all", threshold_s: float | None = None
    ) -> dict[str, Any]:
        """One row of the table `kpis` by column; KeyError if there is none or more than one."""
        rows = self.kpis
        rows = rows[(rows["point"] == point) & (rows["kpi"] == kpi) & (rows["scope"] == scope) & (rows["name"] == name)]
        if threshold_s is not None:
            rows = rows[(rows["threshold_s"] == threshold_s).fillna(False).astype(bool)]
        if len(rows) != 1:
            raise KeyError(f"{len(rows)} rows of {kpi!r} at point {point} for {scope} {name!r}; expected one")
        return plain_rows(rows)[0]

    def keys(self) -> Sequence[str]:
        """The keys that are varied, in order."""
        return [key for key in dict.fromkeys(self.points["key"].tolist()) if key]
