"""The verbs of a notebook: load a scenario, run it, compare and sweep it, search what it needs, make its page.

```python
from ccsim import api

run = api.run("scenarios/erlang_a.yaml", replications=50)
run.estimate("service_level")
api.report(run, "desk.html")
```
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, Literal

from ccsim.errors import CcsimError
from ccsim.experiments.compare_call import compare
from ccsim.experiments.prepared import Path, Prepared, prepare
from ccsim.experiments.sweep_call import sweep

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.experiments.drivers import drivers
    from ccsim.experiments.optimise import optimise
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.solve import solve
    from ccsim.experiments.staffing_call import staff
    from ccsim.language.scenario import Scenario
    from ccsim.results.comparison import Comparison
    from ccsim.results.measured import Measured
    from ccsim.results.run import Run
    from ccsim.results.staff import KeptStaff
    from ccsim.results.sweep import Sweep

__all__ = [
    "Path",
    "Prepared",
    "by_interval",
    "by_period",
    "compare",
    "compare_runs",
    "drivers",
    "export",
    "load",
    "measured",
    "optimise",
    "prepare",
    "read",
    "read_csv",
    "replay",
    "report",
    "run",
    "solve",
    "staff",
    "sweep",
]

_LOADED_WHEN_USED: Final = {
    "drivers": "ccsim.experiments.drivers",
    "optimise": "ccsim.experiments.optimise",
    "solve": "ccsim.experiments.solve",
    "staff": "ccsim.experiments.staffing_call",
}


def __getattr__(name: str) -> Any:
    if name not in _LOADED_WHEN_USED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LOADED_WHEN_USED[name]), name)


def load(
    path: Path, *, variants: Sequence[str] = (), settings: Sequence[str] = (), allow_outside: bool = False
) -> Scenario:
    """Read a scenario, with named variants and `key=value` settings on top, in that order.

    `allow_outside`: it may read files from outside its folder. `ScenarioError` with every fault and its place.
    """
    from ccsim.scenario import load as read
    from ccsim.text.within import files_from_outside

    with files_from_outside(allow_outside):
        return read(path, variants=variants, settings=settings)


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV of a run's folder as it was written: a region `NA` stays a name, only empty cells are missing."""
    from ccsim.results import parquet

    return parquet.read_csv(path)


def run(
    scenario: Scenario | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    visits: bool = False,
    out: Path | None = None,
    force: bool = False,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    allow_outside: bool = False,
    anyway: bool = False,
    engine: str = "kernel",
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
    command: Sequence[str] | None = None,
) -> Run:
    """Simulate a scenario and return its tables, estimates and goals.

    Everything is checked before anything is simulated or written. Ctrl-C keeps the replications that are
    finished (`Run.stopped`); KeyboardInterrupt if there is none.

    Parameters
    ----------
    scenario
        A scenario, or the file of one.
    replications, seed
        Default: the scenario's `run`.
    workers
        Threads; the result does not depend on them. Default one for each processor.
    visits
        Keep one row a visit.
    out
        Folder to store the run in; it must not exist. Default: not stored.
    force
        Replace a run that is in `out`, once the new one is complete.
    variants, settings
        Named changes and `key=value` settings, for a scenario given as a file.
    allow_outside
        The scenario may read files from outside its folder. Default: refuse it.
    anyway
        Simulate what is foreseen never to end, to take over a day, or not to fit into memory. Default: refuse it.
    engine
        What simulates it: `kernel`, or `reference`: plain SimPy, to be read, slow, with the same results.
    progress
        Told of the progress; see `ccsim.experiments.progress`.
    warn
        Told in a sentence if the run was stopped early.
    command
        Command line for the provenance; default this process's.
    """
    from ccsim.text.within import files_from_outside

    with files_from_outside(allow_outside):
        prepared = prepare(
            scenario,
            replications=replications,
            seed=seed,
            workers=workers,
            visits=visits,
            variants=variants,
            settings=settings,
            anyway=anyway,
            engine=engine,
            command=command,
        )
    return prepared.simulate(out=out, force=force, progress=progress, warn=warn)


def compare_runs(
    base: Path, *others: Path, out: Path | None = None, force: bool = False, command: Sequence[str] | None = None
) -> Comparison:
    """Compare runs that are stored in folders, and simulate nothing: all by the goals of the first.

    They have the same seed and number of replications, so that the same contacts had the same random numbers; `out` and
    `force` as in `compare`. `CcsimError` if a folder holds no run, or with the reasons why they cannot be compared.
    """
    from ccsim.experiments.compare_runs import compare_runs as compare_stored

    made = compare_stored([base, *others], command=command)
    return made if out is None else made.save(os.fspath(out), force=force)


def replay(
    scenario: Scenario | Path,
    replication: int = 0,
    *,
    seed: int | None = None,
    visits: bool = True,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    allow_outside: bool = False,
) -> dict[str, pd.DataFrame]:
    """Tables of one replication run alone: the same rows that it has in a run of many.

    Parameters
    ----------
    replication
        Index of the replication, from 0.
    visits, allow_outside
        As in `run`.
    """
    from ccsim.experiments.replay import replayed
    from ccsim.text.within import files_from_outside

    with files_from_outside(allow_outside):
        ready = prepare(scenario, seed=seed, visits=visits, variants=variants, settings=settings)
    return replayed(ready, replication)


def read(folder: Path) -> Run:
    """A stored run; the simulator is not loaded."""
    from ccsim.results.run import Run

    return Run.read(os.fspath(folder))


def report(
    made: Run | Comparison | Sweep | KeptStaff | Path, out: Path | None = None, *, text: str | None = None
) -> FilePath:
    """Make the page or the workbook of a run, a comparison, a sweep or a search for people, and return where it is.

    Parameters
    ----------
    made
        A run, a comparison, a sweep, a search for people, or the folder of one.
    out
        File that ends with `.html` (one page for people) or `.xlsx` (one sheet a table). One of ccsim that is there
        is replaced, anything else is not. Default: `report.html` in the folder of what was made.
    text
        The page, for who has it already; only its place is looked at then. `OutputError` if it cannot be written.
    """
    from ccsim.report.written import written

    return written(made, out, text=text)


def export(
    made: Run | Comparison | Path,
    *,
    duckdb: Path | None = None,
    parquet: Path | None = None,
    csv: Path | None = None,
    force: bool = False,
) -> list[FilePath]:
    """Write a stored run or comparison as a star schema for BI tools, and return its places; needs the package duckdb.

    Parameters
    ----------
    made
        A stored run or comparison, or its folder.
    duckdb
        File of a DuckDB database.
    parquet, csv
        Folder of files, one for each table and view.
    force
        Replace an export that is there.

    `OutputError` if it cannot be written.
    """
    from ccsim.export.written import export as exported
    from ccsim.report.written import made_in

    stored = made_in(FilePath(made)) if isinstance(made, (str, os.PathLike)) else made
    return exported(stored, duckdb=duckdb, parquet=parquet, csv=csv, force=force)


def by_interval(
    run: Run,
    kpi: str,
    *,
    within: Mapping[str, str] | None = None,
    every: int | None = None,
    fold: int | None = None,
    threshold: int | None = None,
) -> pd.DataFrame:
    """One KPI by interval with its interval of confidence, for figures: a row for every step of time, in order.

    Parameters
    ----------
    run
        A run.
    kpi
        Name of a KPI that is a ratio of sums (no quantile, no backlog).
    within
        Only this part: `{"channel": "phone", "tier": "t1"}`; default everything.
    every
        Width of a step in microseconds (`ccsim.units.HOUR`), a multiple of the report interval; default that.
    fold
        Microseconds after which steps begin again: `ccsim.units.DAY` lays all days onto each other.
    threshold
        T of a service level in microseconds; default the first.

    Returns
    -------
    DataFrame
        `time_us` (start of the step since the end of the warm-up), `estimate`, `low`, `high`, `standard_error`,
        `replications`, `note`.

    `CcsimError` for a KPI or a part that is not known by interval.
    """
    from ccsim.metrics.by_interval import by_interval as made_by_interval

    try:
        return made_by_interval(
            run.tables, run.measured, kpi, within=within, every=every, fold=fold, threshold=threshold
        )
    except ValueError as error:
        raise CcsimError(str(error)) from None


def by_period(
    run: Run,
    kpis: Sequence[str] | None = None,
    *,
    periods: Sequence[Literal["day", "week", "month"]] = ("day", "week", "month"),
    scopes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """KPIs by day, week (from Monday on) and month of the report's zone, with their intervals of confidence.

    Parameters
    ----------
    run
        A run.
    kpis
        Names of KPIs that are ratios of sums (no quantile, no backlog); default the main ones.
    periods
        Kinds of periods.
    scopes
        What they are split by; default `all`, `kind`, `channel`, `workflow`, `market`, `site`, `vendor`.

    Returns
    -------
    DataFrame
        A row for each period, KPI and part; columns as in `ccsim.results.period_columns`. `whole` is 0 for a period
        that is counted in part.

    `CcsimError` where a report interval holds a midnight, or for a KPI that is not known by time.
    """
    from ccsim.metrics.periods import by_period as made_by_period

    return made_by_period(run.tables, run.measured, kinds=tuple(periods), kpis=kpis, scopes=scopes)


def measured(scenario: Scenario, thresholds: tuple[int, ...]) -> Measured:
    """What a scenario counts, and the prices it is judged by; thresholds in microseconds."""
    from ccsim.results.frame import measured_of

    return measured_of(scenario, thresholds)
