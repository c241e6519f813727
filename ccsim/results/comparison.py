"""A base and its variants, simulated on common random numbers, and what that shows: nothing here needs the
simulator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccsim.results.run import Run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Alternative:
    """The base or a variant."""

    name: str
    """Unique in the comparison; the first is the base."""
    folder: str
    """Name of its run's folder inside that of the comparison."""
    digest: str
    """Digest of its run."""
    changes: tuple[str, ...] = ()
    """How it differs from the base, in the planner's words; nothing for the base."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything that came out of comparing variants with a base, on common random numbers."""

    alternatives: tuple[Alternative, ...]
    """The base first."""
    runs: Mapping[str, Run]
    """Run by alternative; each judged by the goals of the base."""
    differences: pd.DataFrame
    """Every KPI and scope of every variant against the base; see `ccsim.results.comparison_columns.DIFFERENCES`."""
    best: pd.DataFrame
    """Per goal and alternative: its difference from the base, and that of the same work; the probability that its mean
    is best and the share of replications that it won; see `BEST`."""
    standings: pd.DataFrame
    """Per alternative: whether it meets all goals, and what it costs beside the cheapest that does; see
    `ALTERNATIVES`."""
    method: Mapping[str, Any]
    """How intervals were made: `level`, `shares`, `text`; with `--until`: `until`, `looks`, `reached`, `why`."""
    seed: int
    replications: int
    """The most that an alternative has: all the same, but those that were out early of `--until best` have fewer, and
    are told against the base by the replications that both have."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, time, command."""
    folder: Path | None = None
    """Where it is stored, if it is."""

    @property
    def base(self) -> Run:
        """The run of the base."""
        return self.runs[self.alternatives[0].name]

    @property
    def variants(self) -> tuple[Alternative, ...]:
        """What is compared with the base."""
        return self.alternatives[1:]

    @property
    def goals(self) -> tuple[dict[str, Any], ...]:
        """Goals of the base as the base did on them."""
        return self.base.goals

    @property
    def decided(self) -> bool | None:
        """Whether what `--until` waited for was reached; None without it."""
        return self.method.get("reached")

    @property
    def fewest_replications(self) -> int:
        """Replications that every alternative has."""
        return min((run.replications for run in self.runs.values()), default=self.replications)

    @property
    def replications_told(self) -> str:
        """How many replications were paired, in words: `20 paired replications`, `20 to 60 paired replications`."""
        fewest, most = self.fewest_replications, self.replications
        many = f"{most}" if fewest == most else f"{fewest} to {most}"
        return f"{many} paired replications"

    def difference(
        self,
        kpi: str,
        variant: str | None = None,
        scope: str = "all",
        name: str = "all",
        threshold_s: float | None = None,
    ) -> dict[str, Any]:
        """One row of the differences by column, missing values as None; KeyError if there is none or more than one.

        `variant` may be left out where there is one, `threshold_s` (seconds) where the KPI has a single threshold.
        """
        rows = self.differences
        rows = rows[(rows["kpi"] == kpi) & (rows["scope"] == scope) & (rows["name"] == name)]
        if variant is not None:
            rows = rows[rows["variant"] == variant]
        if threshold_s is not None:
            rows = rows[(rows["threshold_s"] == threshold_s).fillna(False).astype(bool)]
        if len(rows) != 1:
            raise KeyError(f"{len(rows)} differences of {kpi!r} for {scope} {name!r}; expected one")
        from ccsim.results.parquet import plain_rows

        return plain_rows(rows)[0]

    @classmethod
    def read(cls, folder: str | Path) -> Comparison:
        """A stored comparison; `ComparisonFolderError` if the folder does not hold a finished one."""
        from ccsim.results.comparison_store import read_comparison

        return read_comparison(folder, cls, Alternative)

    def save(self, folder: str | Path, *, force: bool = False) -> Comparison:
        """Store the comparison and its runs in a new folder, and return it with its `folder`.

        `compare.json` comes last: a folder without it holds no comparison. With `force` a comparison that is there
        already is replaced. `OutputError` if the folder exists (without `force`) or cannot be made.
        """
        from ccsim.results.comparison_store import ComparisonFolder

        with ComparisonFolder(folder, force=force) as place:
            place.begin({f"run of {one.name}": one.digest for one in self.alternatives})
            for one in self.alternatives:
                self.runs[one.name].write(place.of(one.folder), force=True)
            return place.store(self)

    def __str__(self) -> str:
        from ccsim.results.comparison_summary import comparison_summary

        return comparison_summary(self)

    def _repr_html_(self) -> str:
        """What each variant does, as a notebook shows it."""
        from ccsim.results.comparison_summary import comparison_html

        return comparison_html(self)

    def __repr__(self) -> str:
        first, *others = (one.name for one in self.alternatives)
        parts = [f"Comparison of {first} with {', '.join(others)}", self.replications_told]
        if self.decided is not None:
            parts.append(f"{self.method['until']}: {'reached' if self.decided else 'not reached'}")
        if self.folder:
            parts.append(str(self.folder))
        return f"<{', '.join(parts)}>"
