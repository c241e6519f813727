"""One run: its tables, its estimates, its goals and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.results.measured import Measured

if TYPE_CHECKING:
    import pandas as pd


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by name; those that lie in a folder are read when first asked for."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], files: Mapping[str, Path] | None = None) -> None:
        self._frames = dict(frames)
        self._files = dict(files or {})

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            from ccsim.results.parquet import read_table

            self._frames[name] = read_table(self._files[name])
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames | self._files)

    def __len__(self) -> int:
        return len(self._frames | self._files)

    def __repr__(self) -> str:
        return f"Tables({', '.join(self)})"


@dataclass(frozen=True, eq=False)
class Run:
    """Everything that came out of playing one scenario: nothing here needs the simulator any more.

    Two runs hold the same values if their `digest` is the same.
    """

    name: str
    """Scenario, with its variants: `erlang-a`, `bank+one_more`."""
    measured: Measured
    """Counted time, thresholds, prices."""
    tables: Mapping[str, pd.DataFrame]
    """Tables by name, columns as in `ccsim.results.schema`."""
    estimates: pd.DataFrame
    """KPIs with their intervals, one a row; see `ccsim.metrics.estimates.COLUMNS`."""
    goals: tuple[dict[str, Any], ...]
    """Each goal with its estimate, whether it was met, and its probability."""
    digests: Mapping[str, str]
    """Digest of every table; `run` is that of all."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, scenario, seed, command."""
    folder: Path | None = None
    """Where it is stored, if it is."""

    @property
    def digest(self) -> str:
        """Digest of every table's values."""
        return self.digests["run"]

    @property
    def replications(self) -> int:
        """Replications played."""
        return len(self.tables["replications"])

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before all replications that were asked for."""
        return bool(self.provenance.get("stopped", False))

    @property
    def goals_met(self) -> bool:
        """Whether every goal was met (a goal that could not be measured was not); True without goals."""
        return all(goal["met"] is True for goal in self.goals)

    def estimate(
        self, kpi: str, scope: str = "all", name: str = "all", threshold_s: float | None = None
    ) -> dict[str, Any]:
        """One row of the estimates by column, missing values as None; KeyError if there is none or more than
        one.

        `threshold_s` (seconds) may be left out where the KPI has a single threshold.
        """
        rows = self.estimates
        rows = rows[(rows["kpi"] == kpi) & (rows["scope"] == scope) & (rows["name"] == name)]
        if threshold_s is not None:
            rows = rows[(rows["threshold_s"] == threshold_s).fillna(False).astype(bool)]
        if len(rows) != 1:
            at = "" if threshold_s is None else f" within {threshold_s:g} s"
            raise KeyError(f"{len(rows)} estimates of {kpi!r}{at} for {scope} {name!r}; expected one")
        from ccsim.results.parquet import plain_rows

        return plain_rows(rows)[0]

    @classmethod
    def read(cls, folder: str | Path) -> Run:
        """A stored run; `RunFolderError` if the folder does not hold one."""
        from ccsim.results.store import read_run

        return read_run(folder)

    def write(self, folder: str | Path, *, force: bool = False) -> Run:
        """Store the run in a new folder, whole or not at all, and return it with its `folder`.

        With `force` a run that is there already is replaced, once the new one is complete.
        `OutputError` if the folder exists (without `force`), is no run, or cannot be made.
        """
        from ccsim.results.store import RunFolder

        with RunFolder(folder, force=force) as place:
            return place.store(self)

    def __repr__(self) -> str:
        parts = [
            f"Run {self.name}: {self.replications} replication{'s' * (self.replications != 1)}",
            f"digest {self.digest[:12]}",
        ]
        if self.goals:
            met = sum(goal["met"] is True for goal in self.goals)
            parts.append(f"{met} of {len(self.goals)} goals met")
        if self.stopped:
            parts.append("stopped")
        if self.folder:
            parts.append(str(self.folder))
        return f"<{', '.join(parts)}>"
