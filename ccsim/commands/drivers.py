"""`ccsim drivers`: what moves the goals and the cost of a scenario, input by input."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from ccsim.commands import options
from ccsim.commands.output import ending, tell
from ccsim.commands.own_page import make_page
from ccsim.commands.sweep import PARKED, simulate_swept
from ccsim.errors import CcsimError
from ccsim.exits import STOPPED

if TYPE_CHECKING:
    from ccsim.experiments.drivers import DriversAsked
    from ccsim.experiments.sweep_plan import SweepPlan


def drivers(
    scenario: options.ScenarioFile,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="KEY|KEY=-10%..+10%|KEY=A..B",
            help="An input that is moved, by --step, by per cents of its value, or to two values; may be repeated. "
            "Default: the inputs that are found in the scenario.",
        ),
    ] = None,
    step: Annotated[str, typer.Option(metavar="10%", help="How far inputs are moved, of their values.")] = "10%",
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Find only inputs of this kind: volume, handle time, patience, resolved, returns, people, shrinkage, "
            "bot, price; may be repeated.",
        ),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Move each input alone, even where there are more than 12 of a kind.")
    ] = False,
    staff: options.FollowOccupancy = "",
    variant: options.Variants = None,
    replications: options.PairedReplications = None,
    seed: options.BaseSeed = None,
    workers: options.Workers = None,
    out: options.DriversOut = None,
    resume: options.Resume = False,
    dry_run: options.DryRun = False,
    set_: options.Settings = None,
    kpi: Annotated[
        list[str] | None,
        typer.Option("--kpi", metavar="KPI", help="Tell the effects on this KPI, too; may be repeated."),
    ] = None,
    report: options.SweepPage = True,
    as_json: options.JsonInstead = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Move each input of a scenario by a step, alone, and rank what that does to each goal and to the cost.

    All points have the same seed and replications, so the same contacts get the same random numbers, and effects are
    paired differences from the scenario as written. Prices are priced, not run again. Exit code 0: done; 1: some points
    failed three times and are left out; 2: bad input, nothing was run; 130 or 143: stopped (finished points are kept,
    and the same command with --resume goes on).
    """
    from ccsim.experiments.asked import Changes, Effort
    from ccsim.experiments.drivers import DriversAsked
    from ccsim.experiments.progress import Quiet, Talk

    with ending(), nullcontext(Quiet()) if quiet else Talk() as progress:
        plan = _plan(
            DriversAsked(
                scenario,
                vary or [],
                only or [],
                step,
                each,
                Changes(variant or [], set_ or []),
                Effort(replications, seed, workers, anyway),
                kpi or [],
                staff,
            )
        )
        if dry_run:
            _tell_inputs(plan, as_json=as_json)
            return
        made = simulate_swept(plan, scenario, out, resume=resume, progress=progress, what="drivers")
    from ccsim.commands.drivers_text import document, lines

    tell(lambda: document(made, plan.kpis), lambda: lines(made, plan.kpis), as_json=as_json)
    if report and not make_page(made, "sweep", quiet=as_json):
        raise typer.Exit(STOPPED)
    if made.parked:
        raise typer.Exit(PARKED)


def _tell_inputs(plan: SweepPlan, *, as_json: bool) -> None:
    from ccsim.commands.drivers_text import plan_lines
    from ccsim.commands.sweep_text import plan_document

    tell(lambda: plan_document(plan) | dict(plan.about), lambda: plan_lines(plan), as_json=as_json)


def _plan(asked: DriversAsked) -> SweepPlan:
    """What is to be run; faults of KPIs beside the others."""
    from ccsim.commands.compare import check_kpis
    from ccsim.experiments.drivers import plan_drivers

    texts = []
    plan = None
    try:
        check_kpis(asked.kpis)
    except CcsimError as error:
        texts.append(str(error))
    try:
        plan = plan_drivers(asked)
    except CcsimError as error:
        texts.append(str(error))
    if texts or plan is None:
        raise CcsimError("\n".join(texts))
    return plan
