"""One run: its tables, its estimates, its goals and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.kpis.verdicts import verdict_of_goals
from ccsim.results.measured import Measured

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Run:
    """Everything that came out of simulating one scenario: nothing here needs the simulator any more.

    Two runs hold the same values if their `digest` is the same.
    """

    name: str
    """Scenario, with its variants: `erlang-a`, `bank+one_more`."""
    measured: Measured
    """Counted time, thresholds, prices."""
    tables: Mapping[str, pd.DataFrame]
    """Tables by name, columns as in `ccsim.records.tables`."""
    estimates: pd.DataFrame
    """KPIs with their intervals, one a row; see `ccsim.results.estimate_columns`."""
    goals: tuple[dict[str, Any], ...]
    """Each goal with its verdict, its estimate and its probability."""
    digests: Mapping[str, str]
    """Digest of every table; `run` is that of all."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, scenario, seed, command."""
    folder: Path | None = None
    """Where it is stored, if it is."""
    periods: Callable[[], pd.DataFrame] | None = None
    """Makes or reads the table of KPIs by day, week and month; None where a report interval holds a midnight."""
    inputs: pd.DataFrame | None = None
    """What was drawn of uncertain inputs, a row for each and replication (`ccsim.results.spread_columns`); None without
    any."""
    spread: pd.DataFrame | None = None
    """How KPIs differ between replications, and what of it comes from uncertain inputs; None without any."""

    @property
    def digest(self) -> str:
        """Digest of every table's values."""
        return self.digests["run"]

    @property
    def replications(self) -> int:
        """Replications simulated."""
        return len(self.tables["replications"])

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before all replications that were asked for."""
        return bool(self.provenance.get("stopped", False))

    @property
    def goals_met(self) -> bool:
        """Whether every goal passes (an inconclusive one does not); True without goals."""
        return verdict_of_goals(self.goals) == "pass"

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

        return read_run(folder, cls)

    def write(self, folder: str | Path, *, force: bool = False) -> Run:
        """Store the run in a new folder, whole or not at all, and return it with its `folder`.

        With `force` a run that is there already is replaced, once the new one is complete.
        `OutputError` if the folder exists (without `force`), is no run, or cannot be made.
        """
        from ccsim.results.store import RunFolder

        with RunFolder(folder, force=force) as place:
            return place.store(self)

    def by(self, scope: str, kpis: Sequence[str] | None = None) -> pd.DataFrame:
        """KPIs of every part of a scope: a row for each channel, vendor, ..., two columns for each KPI.

        Parameters
        ----------
        scope
            `channel`, `workflow`, `market`, `site`, `vendor`, `pool`, ...
        kpis
            Names of KPIs in the order wanted; default all.

        Returns
        -------
        DataFrame
            Indexed by the part's name. A column is named for the KPI, its threshold and its unit
            (`service_level_20s_share`, `asa_s`); beside it `..._low` and `..._high` of the 95 % interval, missing with
            one replication.

        `CcsimError` for a scope or a KPI that the run has no estimates of.
        """
        from ccsim.results.wide import wide_table

        return wide_table(self.estimates, scope, kpis)

    def __str__(self) -> str:
        from ccsim.results.summary import summary

        return summary(self)

    def _repr_html_(self) -> str:
        """Goals and main KPIs, as a notebook shows them."""
        from ccsim.results.summary import summary_html

        return summary_html(self)

    def __repr__(self) -> str:
        parts = [
            f"Run {self.name}: {self.replications} replication{'s' * (self.replications != 1)}",
            f"digest {self.digest[:12]}",
        ]
        if self.goals:
            passed = sum(goal["verdict"] == "pass" for goal in self.goals)
            parts.append(f"{passed} of {len(self.goals)} goals pass")
        if self.stopped:
            parts.append("stopped")
        if self.folder:
            parts.append(str(self.folder))
        return f"<{', '.join(parts)}>"
