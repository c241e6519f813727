"""The verbs of a notebook: load a scenario, run it, read a run, play one replication again.

```python
from ccsim import api

run = api.run("scenarios/erlang-a.yaml", replications=50)
run.estimate("service_level")
```
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccsim.errors import CcsimError, Fault, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.experiments.progress import Progress
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
        command=command,
    )
    return Prepared(plan, model)


class Prepared:
    """A scenario that is checked and compiled, ready to be played."""

    def __init__(self, plan: Any, model: Any) -> None:
        self.plan, self.model = plan, model

    def play(self, **given: Any) -> Run:
        """Play it; parameters as in `ccsim.experiments.runs.play_run`."""
        from ccsim.engine import play
        from ccsim.experiments.runs import play_run

        def one(replication: int) -> Any:
            return play(self.model, seed=self.plan.seed, replication=replication, visits=self.plan.visits)

        return play_run(self.plan, self.model, one, **given)


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
    from ccsim.results.schema import POOLS, QUEUES
    from ccsim.results.tables import columns_of, frame_of, key_places, names_frame

    if replication < 0:
        raise CcsimError(f"replications count from 0, got {replication}")
    ready = prepare(scenario, seed=seed, visits=visits, variants=variants, settings=settings)
    played = play(ready.model, seed=ready.plan.seed, replication=replication, visits=visits)
    frames = {}
    for name, rows in played.tables.items():
        columns = columns_of(name, ready.model.thresholds)
        numbered = np.column_stack([np.full(len(rows), replication, dtype=np.int64), rows])
        frames[name] = frame_of(canonical_order(numbered, key_places(name, columns)), columns)
    frames["queues"] = names_frame(ready.model.queues, QUEUES)
    frames["pools"] = names_frame(ready.model.pools, POOLS)
    return frames


def read(folder: Path) -> Run:
    """A stored run; the simulator is not loaded."""
    from ccsim.results.run import Run

    return Run.read(os.fspath(folder))


def measured(scenario: Scenario, thresholds: tuple[int, ...]) -> Measured:
    """What a scenario counts, and the prices it is judged by; thresholds in microseconds."""
    from ccsim.results.measured import Measured

    return Measured(
        start=str(scenario.horizon.start),
        time_zone=scenario.time_zone,
        warm_up=scenario.horizon.warm_up,
        length=scenario.horizon.length,
        interval=scenario.horizon.interval,
        thresholds=tuple(thresholds),
        rule=scenario.service_level.rule,
        short_abandon=scenario.service_level.short_abandon,
        currency=scenario.currency,
        paid_hour={name: pool.paid_hour for name, pool in scenario.pools.items()},
    )


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
