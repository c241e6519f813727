"""`ccsim sweep`: a scenario at many values of some keys, on common random numbers, against the scenario as written."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ccsim.commands import options
from ccsim.commands.output import ending, tell
from ccsim.commands.own_page import make_page
from ccsim.errors import CcsimError, ScenarioError
from ccsim.exits import NOT_POSSIBLE, STOPPED

if TYPE_CHECKING:
    from ccsim.experiments.asked import SweepOptions
    from ccsim.experiments.sweep_best import BestPoint
    from ccsim.experiments.sweep_plan import SweepPlan
    from ccsim.results.sweep import Sweep

PARKED = 1
"""Exit code where points failed each time they were tried, and all others are done."""


def sweep(
    scenario: options.ScenarioFile,
    vary: options.Vary = None,
    staff: options.FollowWork = "",
    variant: options.Variants = None,
    replications: options.PairedReplications = None,
    seed: options.BaseSeed = None,
    until: options.UntilPoints = None,
    max_replications: options.MaxReplications = None,
    workers: options.Workers = None,
    scheduler: options.Scheduler = "",
    processes: options.Processes = None,
    out: options.SweepOut = None,
    resume: options.Resume = False,
    dry_run: options.DryRun = False,
    set_: options.Settings = None,
    kpi: options.KeptKpis = None,
    best: options.Best = None,
    where: options.Where = None,
    report: options.SweepPage = True,
    as_json: options.JsonInstead = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Run a scenario at every combination of some values and tell each point against the scenario as written.

    FILE:NAME may name a question among the scenario's `sweeps:`, and FILE may be a study (study.yaml): these say what
    is varied and the rest. All points have the same
    seed and replications, so the same contacts get the same random numbers. Points that differ in prices alone are run
    once. With --best, FILE is the folder of a finished sweep, which is asked and not run. Exit code 0: done; 1: some
    points failed three times and are left out, or none meets what --best asks; 2: bad input, nothing was run; 130 or
    143: stopped (finished points are kept, and the same command with --resume goes on).
    """
    from ccsim.experiments.asked import Changes, Effort, SweepOptions
    from ccsim.experiments.progress import Quiet, Talk

    if best is not None or where:
        _tell_best(scenario, best, where or [], as_json=as_json)
        return
    with ending(), nullcontext(Quiet()) if quiet else Talk() as progress:
        asked = SweepOptions(
            Changes(variant or [], set_ or []),
            Effort(replications, seed, workers, anyway),
            until=until,
            max_replications=max_replications,
            kpis=kpi or [],
            staff=staff,
        )
        plan = _plan(scenario, vary or [], asked)
        if dry_run:
            _tell_plan(plan, as_json=as_json)
            return
        made = simulate_swept(
            plan, scenario, out, resume=resume, progress=progress, scheduler=scheduler, processes=processes
        )
    from ccsim.commands.sweep_text import document, lines

    found = _best_of(plan, made)
    tell(lambda: document(made, found), lambda: lines(made, kpis=plan.kpis, best=found), as_json=as_json)
    if report and not make_page(made, "sweep", quiet=as_json):
        raise typer.Exit(STOPPED)
    if made.parked:
        raise typer.Exit(PARKED)
    if found is not None and not any(one.met for one in found.values()):
        raise typer.Exit(NOT_POSSIBLE)


def _best_of(plan: SweepPlan, made: Sweep) -> dict[str, BestPoint] | None:
    """The best point, for each value of a key that has lines of its own, where the study or the question asks for
    it."""
    from ccsim.experiments.sweep_best import best_of_lines

    kpi = plan.about.get("best")
    line = plan.about.get("plot", {}).get("line", "")
    return None if kpi is None or made.folder is None else best_of_lines(made, kpi, line)


def _plan(scenario: str, vary: list[str], given: SweepOptions) -> SweepPlan:
    """What is to be run; every fault of factors and KPIs at once."""
    from ccsim.commands.compare import check_kpis
    from ccsim.experiments.sweep_factors import factors_of
    from ccsim.experiments.sweep_plan import plan_sweep
    from ccsim.experiments.sweep_study import asked_by, asked_in, asked_of
    from ccsim.language.questions import SWEEPS_KEY
    from ccsim.scenario.questions import question_of
    from ccsim.scenario.studies import is_study

    texts: list[str] = []
    factors, faults = factors_of(vary)
    if faults:
        texts.append(str(ScenarioError(faults)))
    study = is_study(scenario)
    question = None if study else question_of(scenario, SWEEPS_KEY)
    if study or question is not None:
        word = "study" if study else "question"
        said_itself = {"--vary": vary, "--variant": given.changes.variants}
        texts += [f"{option}: a {word} says this itself" for option, values in said_itself.items() if values]
    elif not vary:
        texts.append(
            "--vary: say what is to be varied, like --vary pools.desk.staffing=8..12:5, or name a question of "
            "`sweeps`: FILE:NAME"
        )
    try:
        check_kpis(given.kpis)
    except CcsimError as error:
        texts.append(str(error))
    try:
        if question is not None:
            asked = asked_in(question, given)
        elif study:
            asked = asked_by(scenario, given)
        else:
            asked = asked_of([scenario], factors, given)
        plan = plan_sweep(asked)
    except CcsimError as error:
        texts.append(str(error))
    if texts:
        raise CcsimError("\n".join(texts))
    return plan


def simulate_swept(
    plan: SweepPlan, scenario: str, out: Path | None, *, resume: bool, what: str = "sweep", **given: Any
) -> Sweep:
    """Simulate a plan in its folder, by default `runs/WHAT-SCENARIO-N`."""
    from ccsim.experiments.sweep import swept

    out = free_folder(scenario, what, "sweep", resume=resume) if out is None else out
    return swept(plan, out=out, resume=resume, command=sys.argv, **given)


def free_folder(scenario: str, what: str, word: str, *, resume: bool) -> Path:
    """`runs/WHAT-SCENARIO-N`, where no folder is named; `--resume` needs one. `word`: what it holds, for the fault."""
    from ccsim.results.places import free_place
    from ccsim.scenario.load import split_variants

    if resume:
        raise CcsimError(f"--resume: name the folder of the {word} with --out")
    name = Path(split_variants(scenario)[0]).stem.encode("utf-8", "ignore").decode()
    return free_place("runs", f"{what}-{name}")


def _tell_best(folder: str, best: str | None, where: list[str], *, as_json: bool) -> None:
    """Answer a question to a finished sweep; nothing is simulated."""
    from ccsim.commands.output import reading
    from ccsim.commands.sweep_text import best_document, best_lines
    from ccsim.experiments.sweep_best import best_point

    with ending():
        if best is None:
            raise CcsimError("--where: say by which KPI the best is wanted, like --best cost_per_day")
        if not Path(folder).is_dir():
            raise CcsimError(f"{folder}: is no folder; --best asks a finished sweep: name its folder")
        with reading(Path(folder)):
            found = best_point(folder, best, where)
    tell(lambda: best_document(found), lambda: best_lines(found), as_json=as_json)
    if not found.met:
        raise typer.Exit(NOT_POSSIBLE)


def _tell_plan(plan: SweepPlan, *, as_json: bool) -> None:
    from ccsim.commands.sweep_text import plan_document, plan_lines

    tell(lambda: plan_document(plan), lambda: plan_lines(plan), as_json=as_json)
