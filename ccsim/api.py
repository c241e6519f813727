"""The verbs of a notebook: load a scenario, run it, look at it by time, make its page or workbook, read it again.

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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccsim.errors import CcsimError, Fault, ScenarioError

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    import pandas as pd

    from ccsim.experiments.progress import Progress
    from ccsim.results.comparison import Comparison
    from ccsim.results.measured import Measured
    from ccsim.results.run import Run
    from ccsim.scenario.sections import Scenario

Path = str | os.PathLike[str]


def load(path: Path, *, variants: Sequence[str] = (), settings: Sequence[str] = ()) -> Scenario:
    """Read a scenario, with named variants and `key=value` settings on top, in that order.

    `ScenarioError` with every fault and its place.
    """
    from ccsim.scenario import load as read

    return read(path, variants=variants, settings=settings)


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
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
    command: Sequence[str] | None = None,
) -> Run:
    """Play a scenario and return its tables, estimates and goals.

    Everything is checked before anything is played or written. Ctrl-C keeps the replications that are
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
    progress
        Told of the progress; see `ccsim.experiments.progress`.
    warn
        Told in a sentence if the run was stopped early.
    command
        Command line for the provenance; default this process's.
    """
    from ccsim.results.store import RunFolder

    prepared = prepare(
        scenario,
        replications=replications,
        seed=seed,
        workers=workers,
        visits=visits,
        variants=variants,
        settings=settings,
        command=command,
    )
    if out is None:
        return prepared.play(progress=progress, warn=warn)
    with RunFolder(out, force=force) as folder:
        return prepared.play(folder=folder, progress=progress, warn=warn)


def prepare(
    scenario: Scenario | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    visits: bool = False,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    command: Sequence[str] | None = None,
) -> Prepared:
    """Check and compile everything that `run` would play, and play nothing; parameters as in `run`.

    `ScenarioError` with every fault.
    """
    source = _source(scenario, variants, settings)
    read = source.scenario
    plays = read.run.replications if replications is None else replications
    luck = read.run.seed if seed is None else seed
    if plays < 1 or (workers is not None and workers < 1) or not 0 <= luck < 1 << 63:
        raise CcsimError("replications and workers must be at least 1, and the seed from 0 to 2^63 - 1")
    _check_goals(read, source.file)

    from ccsim.experiments.runs import Plan
    from ccsim.model import compile_model
    from ccsim.model.calendars import dates_used
    from ccsim.scenario import to_canonical

    model = compile_model(read)
    plan = Plan(
        name="+".join([read.scenario, *source.variants]),
        measured=measured(read, model.thresholds),
        goals=read.goals,
        seed=luck,
        replications=plays,
        workers=workers,
        visits=visits,
        scenario=to_canonical(read),
        files=source.files,
        variants=source.variants,
        settings=tuple(settings),
        overrides=source.overrides,
        holidays=dates_used(read),
        command=command,
    )
    return Prepared(plan, model, read)


class Prepared:
    """A scenario that is checked and compiled, ready to be played."""

    def __init__(self, plan: Any, model: Any, scenario: Scenario) -> None:
        self.plan, self.model, self.scenario = plan, model, scenario

    def play(self, **given: Any) -> Run:
        """Play it; parameters as in `ccsim.experiments.runs.play_run`."""
        from ccsim.experiments.runs import play_run

        return play_run(self.plan, self.model, self.player(self.plan.seed), **given)

    def player(self, seed: int) -> Callable[[int], Any]:
        """What plays the replication of an index with a seed."""
        from ccsim.engine import play

        def one(replication: int) -> Any:
            return play(self.model, seed=seed, replication=replication, visits=self.plan.visits)

        return one


def compare(
    base: Scenario | Path,
    *variants: Scenario | Path,
    all_variants: bool = False,
    replications: int | None = None,
    seed: int | None = None,
    until: str | None = None,
    max_replications: int | None = None,
    max_time: str | None = None,
    workers: int | None = None,
    out: Path | None = None,
    force: bool = False,
    settings: Sequence[str] = (),
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Comparison:
    """Play a base and its variants with the same luck, and say what differs and how surely.

    All are played with the base's seed and replications, and judged by its goals. Everything is checked before
    anything is played or written.

    Parameters
    ----------
    base, variants
        Scenarios, or files (`FILE:VARIANT`).
    all_variants
        Compare with every variant of the base's file, each alone.
    replications, seed
        Default: the base's `run`.
    until
        `decided`, or `precision=5%` (half-width of the differences in the KPIs of the goals): play so many
        replications as that takes, at most `max_replications` (2,000) and `max_time` (`30m`).
    workers
        Threads; the result does not depend on them.
    out
        Folder to store the comparison and its runs in; default: not stored. A comparison there that was not
        finished is gone on with.
    force
        Replace a finished comparison that is in `out`.
    settings
        `key=value` settings for the base and every variant.

    Raises
    ------
    CcsimError
        A fault of any of them, or the reason why they cannot be compared.
    """
    from ccsim.experiments.compare import compare as compare_all
    from ccsim.experiments.until_rule import until_rule

    if until is None and (max_replications is not None or max_time is not None):
        raise CcsimError("caps of replications and time need until")
    if until is not None and replications is not None:
        raise CcsimError("with until, say max_replications: it plays as many as it takes")
    rule = None if until is None else until_rule(until, most_replications=max_replications, most_time=max_time)
    named = [*variants, *(_all_variants(base) if all_variants else ())]
    first, *others = _prepared([base, *named], replications=replications, seed=seed, settings=settings)
    return compare_all(
        _contestant(first, first),
        [_contestant(first, one) for one in others],
        replications=replications,
        until=rule,
        out=None if out is None else os.fspath(out),
        force=force,
        workers=workers,
        progress=progress,
        command=command,
    )


def _all_variants(base: Scenario | Path) -> list[str]:
    if not isinstance(base, (str, os.PathLike)):
        raise CcsimError("all variants need the scenario's file; this one has been read already")
    from ccsim.scenario.load import Opened, split_variants

    file, named = split_variants(os.fspath(base))
    return [":".join([file, *named, name]) for name in Opened(file).variants if name not in named]


def _prepared(sources: Sequence[Scenario | Path], **given: Any) -> list[Prepared]:
    """All of them, or all their faults."""
    ready, faults = [], []
    for source in sources:
        own = given if isinstance(source, (str, os.PathLike)) else given | {"settings": ()}
        try:
            ready.append(prepare(source, **own))
        except CcsimError as error:
            faults += [line for line in str(error).splitlines() if line not in faults]
    if faults:
        raise CcsimError("\n".join(faults))
    return ready


def _contestant(base: Prepared, one: Prepared) -> Any:
    """An alternative with the seed of the base, and how it differs from it."""
    from ccsim.experiments.compare_alternatives import Contestant
    from ccsim.scenario.diff import differences

    found = differences(base.scenario, one.scenario)
    changes = tuple(str(change) for change in found if change.results and change.key.split(".")[0] != "run")
    return Contestant(one.plan, one.model, one.player(base.plan.seed), changes)


def replay(
    scenario: Scenario | Path,
    replication: int = 0,
    *,
    seed: int | None = None,
    visits: bool = True,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Tables of one replication played alone: the same rows that it has in a run of many.

    Parameters
    ----------
    replication
        Index of the replication, from 0.
    visits
        Whether to keep one row a visit.
    """
    import numpy as np

    from ccsim.engine import play
    from ccsim.results.digest import canonical_order
    from ccsim.results.schema import TABLES
    from ccsim.results.tables import PLANNED, columns_of, frame_of, key_places, names_frame

    if replication < 0:
        raise CcsimError(f"replications count from 0, got {replication}")
    ready = prepare(scenario, seed=seed, visits=visits, variants=variants, settings=settings)
    played = play(ready.model, seed=ready.plan.seed, replication=replication, visits=visits)
    frames = {}
    for name, rows in played.tables.items():
        columns = columns_of(name, ready.model.thresholds)
        numbered = np.column_stack([np.full(len(rows), replication, dtype=np.int64), rows])
        frames[name] = frame_of(canonical_order(numbered, key_places(name, columns)), columns)
    for name, named in ready.model.names.items():
        frames[name] = names_frame(named, TABLES[name])
    frames[PLANNED] = frame_of(ready.model.workforce_plan, TABLES[PLANNED])
    return frames


def read(folder: Path) -> Run:
    """A stored run; the simulator is not loaded."""
    from ccsim.results.run import Run

    return Run.read(os.fspath(folder))


def report(run: Run | Path, out: Path | None = None) -> FilePath:
    """Make the page or the workbook of a run, and return where it is.

    Parameters
    ----------
    run
        A run, or the folder of one.
    out
        File that ends with `.html` (one page for people) or `.xlsx` (one sheet a table). One of ccsim that is there
        is replaced, anything else is not. Default: `report.html` in the run's folder.

    `OutputError` if it cannot be written.
    """
    from pathlib import Path as FilePath

    from ccsim.errors import OutputError
    from ccsim.report.run_page import NAME, check_page_place, write_report

    made = read(run) if isinstance(run, (str, os.PathLike)) else run
    if out is None and made.folder is None:
        raise OutputError("the run is not stored; name a file for its report")
    place = FilePath(made.folder or "", NAME) if out is None else FilePath(out)
    if place.suffix not in (".html", ".xlsx"):
        raise OutputError(f"{place}: name a file that ends with .html or .xlsx")
    if place.suffix == ".html":
        check_page_place(place)
        write_report(made, place)
    else:
        from ccsim.report.workbook import check_workbook_place, write_workbook

        check_workbook_place(place)
        write_workbook(made, place)
    return place


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


def measured(scenario: Scenario, thresholds: tuple[int, ...]) -> Measured:
    """What a scenario counts, and the prices it is judged by; thresholds in microseconds."""
    from ccsim.results.frame import measured_of

    return measured_of(scenario, thresholds)


@dataclass(frozen=True, slots=True)
class _Source:
    """A scenario and where it came from."""

    scenario: Scenario
    file: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()


def _source(scenario: Scenario | Path, variants: Sequence[str], settings: Sequence[str]) -> _Source:
    if not isinstance(scenario, (str, os.PathLike)):
        if variants or settings:
            raise CcsimError("variants and settings need the scenario's file; this one has been read already")
        return _Source(scenario)
    from ccsim.scenario.load import read as read_scenario
    from ccsim.scenario.load import split_variants

    loaded = read_scenario(scenario, variants=variants, settings=settings)
    file, named = split_variants(os.fspath(scenario))
    return _Source(
        scenario=loaded.scenario,
        file=file,
        files={use.name: use.sha256 for use in loaded.files},
        variants=(*named, *variants),
        overrides=tuple(f"{one.by}: {one.key}: {_shown(one.old)} -> {_shown(one.new)}" for one in loaded.overrides),
    )


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value


def _check_goals(scenario: Scenario, file: str) -> None:
    from ccsim.metrics.goals import check_goals

    faults = check_goals(scenario.goals)
    if faults:
        raise ScenarioError([Fault(f.message, f.key, file) for f in faults])
