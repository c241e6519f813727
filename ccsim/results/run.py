"""One run: its tables, its estimates, its goals and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ccsim.results.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.results.parquet import Files


SHORT_VALUES: Final = 1_000_000
"""A table of at most so many values (8 MB) is read whole where a column of it is wanted."""

Where = Mapping[str, Sequence[int]]
"""Values by key column: rows with one of the values in each of the columns are taken."""


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by name; those that lie in a folder are read when first asked for.

    `tables["waits"]` reads a table whole and keeps it; `tables.select(...)` reads some columns and rows and keeps
    nothing.
    """

    def __init__(
        self, frames: Mapping[str, pd.DataFrame], files: Mapping[str, Files] | None = None, *, spill: object = None
    ) -> None:
        self._frames = dict(frames)
        self._files = dict(files or {})
        self._spill = spill  # the files of a run that is not stored lie there as long as somebody holds it

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            from ccsim.results.parquet import read_table

            self._frames[name] = read_table(self._files[name])
        return self._frames[name]

    def __contains__(self, name: object) -> bool:
        return name in self._frames or name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames | self._files)

    def __len__(self) -> int:
        return len(self._frames | self._files)

    def __repr__(self) -> str:
        return f"Tables({', '.join(self)})"

    def held(self, name: str) -> bool:
        """Whether a table is in memory."""
        return name in self._frames

    def file(self, name: str) -> Path | None:
        """Parquet file of a table; None where it is only in memory, or not in one file."""
        found = self._files.get(name)
        return None if isinstance(found, tuple) else found

    def move(self, folder: Path) -> None:
        """From now on look for the tables of one file each in another folder."""
        self._files = {
            name: folder / file.name if isinstance(file, Path) else file for name, file in self._files.items()
        }

    def select(self, name: str, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
        """Some columns and rows of a table, read from its file without keeping it; in the table's order.

        Parameters
        ----------
        name
            Table.
        columns
            Columns, in this order; default all.
        where
            Wanted values by column: `{"flow": [3, 4]}`; default every row.
        """
        if name in self._frames:
            return selected(self._frames[name], columns, where)
        from ccsim.results.parquet import read_table

        return read_table(self._files[name], columns=columns, where=where)

    def batches(self, name: str, columns: Sequence[str], where: Where | None = None) -> Iterator[pd.DataFrame]:
        """Some columns and rows of a table of whole numbers as `select` gives them, a bounded number at a time."""
        if name in self._frames:
            yield selected(self._frames[name], columns, where)
            return
        from ccsim.results.parquet import read_batches

        yield from read_batches(self._files[name], columns, where)

    def short(self, name: str) -> bool:
        """Whether a table is in memory, or so short that it may be brought there."""
        if name in self._frames:
            return True
        from ccsim.results.parquet import count_values

        return count_values(self._files[name]) <= SHORT_VALUES


def selected(frame: pd.DataFrame, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
    """Some columns and rows of a table that is in memory; parameters as in `Tables.select`."""
    for column, values in (where or {}).items():
        frame = frame[frame[column].isin(list(values))]
    if where:
        frame = frame.reset_index(drop=True)
    return frame if columns is None else frame[list(columns)]


def select(
    tables: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str] | None = None, where: Where | None = None
) -> pd.DataFrame:
    """Some columns and rows of one of several tables, wherever they are; parameters as in `Tables.select`."""
    if isinstance(tables, Tables):
        return tables.select(name, columns, where)
    return selected(tables[name], columns, where)


def batches(
    tables: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str], where: Where | None = None
) -> Iterator[pd.DataFrame]:
    """The rows of `select`, a bounded number at a time where they are read from a file; parameters as there."""
    if isinstance(tables, Tables):
        yield from tables.batches(name, columns, where)
    else:
        yield selected(tables[name], columns, where)


class _First(Tables):
    """The first replications of other tables; nothing is kept of long ones."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], replications: int) -> None:
        super().__init__({})
        self._of = tables if isinstance(tables, Tables) else Tables(tables)
        self._taken = range(replications)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = self._of.select(name, None, self._inside(name))
        return self._frames[name]

    def __contains__(self, name: object) -> bool:
        return name in self._of

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def select(self, name: str, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
        return self._of.select(name, columns, self._inside(name, where))

    def batches(self, name: str, columns: Sequence[str], where: Where | None = None) -> Iterator[pd.DataFrame]:
        yield from self._of.batches(name, columns, self._inside(name, where))

    def short(self, name: str) -> bool:
        return self._of.short(name)

    def _inside(self, name: str, where: Where | None = None) -> Where | None:
        """What is asked for, in the first replications; tables without replications stay whole."""
        from ccsim.results.tables import NAMES, PLANNED

        return where if name in NAMES or name == PLANNED else {**(where or {}), "replication": self._taken}


def first_of(tables: Mapping[str, pd.DataFrame], replications: int) -> Tables:
    """The tables of a run as they are after its first replications."""
    return _First(tables, replications)


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
        return all(goal["verdict"] == "pass" for goal in self.goals)

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
