"""The verb of a notebook for sweeps; what is heavy is imported when it is called."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Path
    from ccsim.experiments.progress import Progress
    from ccsim.results.sweep import Sweep


def sweep(
    scenario: Path | Sequence[Path],
    vary: Mapping[str, str | Sequence[object]],
    *,
    replications: int | None = None,
    until: str | None = None,
    max_replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    resume: bool = False,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    kpis: Sequence[str] = (),
    scopes: Sequence[str] = (),
    staff: str = "",
    scheduler: str = "",
    processes: bool | None = None,
    allow_outside: bool = False,
    anyway: bool = False,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Sweep:
    """Simulate a scenario at every combination of some values, on common random numbers, and tell each against the
    scenario as written.

    Points that differ in prices alone are simulated once. Everything is checked before anything is simulated.

    Parameters
    ----------
    scenario
        File of the scenario (`FILE:VARIANT`), or several: all are told against the first.
    vary
        Values by dotted key: a list, or `8..12:5` (a range and its number of values).
    replications, seed
        Of every point. Default: the scenario's `run`.
    until
        `decided` or `precision=5%`: give each point as many replications as it takes until it is decided whether it
        meets all goals, or until the KPIs of the goals are so precise; `replications` are then those of the first look
        (20), `max_replications` the most (200).
    out
        Folder to keep finished points and the tables in; default: not stored.
    resume
        Go on with the sweep that is in `out`. `OutputError` if that asks something else.
    kpis
        KPIs that are kept beside the main ones, those of the trade and those of the goals.
    scopes
        Scopes that KPIs are kept by beside `all` and `kind`: `channel`, `vendor`, ...
    staff
        `keep occupancy` or `keep goals`: people follow the work where a value changes it. Default: they do not.
    scheduler
        Address of the scheduler of a Dask cluster (`tcp://desk-1:8786`) whose workers simulate; needs `ccsim[cluster]`.
        Default: this machine, with the same results.
    processes
        Whether each worker is a process of its own (True) or a thread of this one (False). Default: processes where
        there is much to simulate and replications are short, as they do not share Python's lock.
    workers, variants, settings, allow_outside, anyway
        As in `run`; settings hold for all points.

    Raises
    ------
    CcsimError
        Every fault of all points, each once.
    KeyboardInterrupt
        Stopped; the text says what is kept.
    """
    from ccsim.errors import ScenarioError
    from ccsim.experiments.asked import Changes, Effort, SweepOptions
    from ccsim.experiments.sweep import swept
    from ccsim.experiments.sweep_factors import factors_of
    from ccsim.experiments.sweep_plan import plan_sweep
    from ccsim.experiments.sweep_study import asked_of
    from ccsim.text.within import files_from_outside

    said = [f"{key}={v if isinstance(v, str) else ','.join(map(str, v))}" for key, v in vary.items()]
    factors, faults = factors_of(said)
    if faults:
        raise ScenarioError(faults)
    files = [scenario] if isinstance(scenario, (str, os.PathLike)) else list(scenario)
    options = SweepOptions(
        Changes(variants, settings),
        Effort(replications, seed, workers, anyway),
        until=until,
        max_replications=max_replications,
        kpis=kpis,
        scopes=scopes,
        staff=staff,
    )
    with files_from_outside(allow_outside):
        plan = plan_sweep(asked_of([os.fspath(one) for one in files], factors, options))
    return swept(
        plan,
        out=out,
        resume=resume,
        progress=progress,
        command=command,
        scheduler=scheduler,
        processes=processes,
    )
