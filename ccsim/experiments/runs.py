"""From a compiled model to a run: play, put together, estimate, judge, store."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import Remark
from ccsim.experiments.progress import Progress
from ccsim.experiments.replicate import Play, Stop, replicate
from ccsim.metrics.estimates import estimate
from ccsim.metrics.goals import judge
from ccsim.metrics.sums import Sums
from ccsim.results.measured import Measured
from ccsim.results.provenance import provenance
from ccsim.results.run import Run, Tables
from ccsim.results.store import RunFolder
from ccsim.results.tables import Assembler
from ccsim.workers import default_workers

if TYPE_CHECKING:
    from ccsim.language.goals import Goal


class ModelLike(Protocol):
    """What the results need of a compiled model; see `ccsim.model`."""

    @property
    def names(self) -> Mapping[str, Sequence[Sequence[Any]]]:
        """Rows of the tables of names: `queues`, `flows`, `pools`, `vendors`, `shrinkage_causes`."""

    @property
    def workforce_plan(self) -> NDArray[np.int64]:
        """Rows of the table `workforce_plan`."""

    @property
    def thresholds(self) -> tuple[int, ...]:
        """Service level thresholds in microseconds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played, and what is to be said about it."""

    name: str
    """Name of the run: the scenario with its variants."""
    measured: Measured
    goals: Sequence[Goal]
    seed: int
    replications: int
    workers: int | None = None
    """Threads; None: one for each processor."""
    visits: bool = False
    """Whether every visit is kept."""
    scenario: Mapping[str, Any] | None = None
    """Canonical plain values of the scenario, for the provenance."""
    files: Mapping[str, str] | None = None
    """SHA-256 of the files that were read, by name."""
    variants: Sequence[str] = ()
    settings: Sequence[str] = ()
    overrides: Sequence[str] = ()
    remarks: Sequence[Remark] = ()
    """Warnings of the scenario's check, and what short forms were taken for."""
    holidays: Mapping[str, Sequence[str]] | None = None
    """Public holidays that were used: ISO dates by calendar."""
    command: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class FirstWord:
    """What is told of a run before it is stored, and a part of it before its other estimates are made."""

    kpis: Sequence[str]
    """KPIs that are told."""
    scopes: Collection[str]
    """Scopes that are told, where they split the run."""
    tell: Callable[[Run], None]
    """Called with the run, which then holds these estimates only; what it raises ends the run."""
    whole: Callable[[Run], None]
    """Called with the run and all its estimates, before it is stored; what it raises ends the run."""


def play_run(
    plan: Plan,
    model: ModelLike,
    play: Play,
    *,
    folder: RunFolder | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
    warn: Callable[[str], None] | None = None,
    first: FirstWord | None = None,
) -> Run:
    """Play a plan and return its run, stored where a `folder` (an entered context) is given.

    With a folder the tables are written while it is played; without one they are kept in memory while they are short,
    and beyond that in a temporary folder that is gone with the run.
    Stopped early, the run holds the replications that were finished, as if no more had been asked for, and
    `warn` is told; KeyboardInterrupt if there is none. `first` is told before the run is stored.
    """
    began = time.monotonic()
    workers = default_workers() if plan.workers is None else plan.workers
    sinks = folder.sinks(model.thresholds, visits=plan.visits) if folder is not None else None
    made = Assembler(model.names, model.workforce_plan, model.thresholds, visits=plan.visits, sinks=sinks)
    played = replicate(play, plan.replications, made.add, workers=workers, progress=progress, stop=stop)
    if played == 0:
        raise KeyboardInterrupt("stopped before a replication was finished")
    if played < plan.replications and warn is not None:
        warn(f"stopped: {played} of {plan.replications} replications were finished and are kept")
    return run_of(plan, made, folder, workers=workers, elapsed_seconds=time.monotonic() - began, first=first)


def run_of(
    plan: Plan,
    made: Assembler,
    folder: RunFolder | None = None,
    *,
    workers: int,
    elapsed_seconds: float,
    first: FirstWord | None = None,
) -> Run:
    """The run that the taken replications make: estimated, judged, and stored where there is a folder."""
    frames, digests = made.finish()
    if folder is not None:
        tables = Tables(frames, folder.written())
    else:
        tables = Tables(frames, made.spill.close(), spill=made.spill)
    sums = Sums(tables, plan.measured)
    asked: dict[str, Any] = {"kpis": first.kpis, "among": first.scopes} if first is not None else {}
    run = Run(
        name=plan.name,
        measured=plan.measured,
        tables=tables,
        estimates=estimate(tables, plan.measured, sums=sums, **asked),
        goals=judge(plan.goals, tables, plan.measured, sums=sums),
        digests=digests,
        provenance=provenance(
            scenario=plan.scenario or {},
            files=plan.files,
            variants=plan.variants,
            settings=plan.settings,
            overrides=plan.overrides,
            remarks=plan.remarks,
            seed=plan.seed,
            replications_asked=plan.replications,
            replications=made.replications,
            workers=workers,
            elapsed_seconds=elapsed_seconds,
            command=plan.command,
            holidays=plan.holidays,
        ),
    )
    if first is not None:
        first.tell(run)
        run = replace(run, estimates=estimate(tables, plan.measured, sums=sums))
        first.whole(run)
    return run if folder is None else folder.store(run)
