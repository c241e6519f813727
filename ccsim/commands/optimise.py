"""`ccsim optimise`: the best of a few decisions, or the front of several objectives, certified with fresh numbers."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccsim.commands import options
from ccsim.commands.output import ending, tell
from ccsim.commands.own_page import make_page
from ccsim.commands.sweep import free_folder
from ccsim.exits import NOT_POSSIBLE, NOT_REACHED, STOPPED

if TYPE_CHECKING:
    from ccsim.experiments.optimise import DecisionSearch


def optimise(
    scenario: options.ScenarioFile,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="KEY=A..B|KEY=A..B:N|KEY=V1,V2",
            help="A key that may be chosen, and its values: a range, or a list; may be repeated.",
        ),
    ] = None,
    minimise: Annotated[
        list[str] | None, typer.Option(metavar="KPI", help="A KPI that is to be low; may be repeated.")
    ] = None,
    maximise: Annotated[
        list[str] | None, typer.Option(metavar="KPI", help="A KPI that is to be high; may be repeated.")
    ] = None,
    subject_to: Annotated[
        list[str] | None,
        typer.Option(metavar="'KPI <= LIMIT'", help="A constraint beside the goals of the scenario; may be repeated."),
    ] = None,
    goals: Annotated[
        bool, typer.Option("--goals/--no-goals", help="Whether the goals of the scenario are constraints.")
    ] = True,
    trials: Annotated[int, typer.Option(help="Plans to try; a smaller grid is tried whole.")] = 60,
    variant: options.Variants = None,
    replications: options.PairedReplications = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results. Default: runs/optimise-SCENARIO-N.")] = None,
    resume: options.ResumeSearch = False,
    set_: options.Settings = None,
    report: options.SearchPage = True,
    as_json: options.JsonInstead = False,
    dry_run: options.DryRun = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Search the values of a few keys that are best by one KPI, or the front of several, and meet all goals.

    All plans that are tried have the same random numbers. Those that may be best are simulated again with fresh ones,
    twice as often: the numbers shown are from these. Exit code 0: found and certified; 1: no plan that was tried meets
    the goals by its means; 2: bad input, nothing was run; 4: fresh replications certified none; 130 or 143: stopped
    (what is simulated is kept, and the same command with --resume goes on).
    """
    from ccsim.experiments.asked import Changes, Effort
    from ccsim.experiments.optimise import OptimiseAsked, optimised, plan_search
    from ccsim.experiments.progress import Quiet, Talk

    asked = OptimiseAsked(
        scenario,
        vary or [],
        minimise or [],
        maximise or [],
        subject_to or [],
        goals,
        trials,
        Changes(variant or [], set_ or []),
        Effort(replications, seed, workers, anyway),
    )
    with ending(), nullcontext(Quiet()) if quiet else Talk() as progress:
        search = plan_search(asked)
        if dry_run:
            _tell_plan(search, as_json=as_json)
            return
        place = free_folder(scenario, "optimise", "search", resume=resume) if out is None else out
        made = optimised(search, out=place, resume=resume, progress=progress, command=sys.argv)
    from ccsim.report.optimise_told import SearchTold

    told = SearchTold(made)
    tell(told.document, told.lines, as_json=as_json)
    if report and not make_page(made, "search", quiet=as_json):
        raise typer.Exit(STOPPED)
    if not told.answer:
        raise typer.Exit(NOT_REACHED if told.met_by_means else NOT_POSSIBLE)


def _tell_plan(search: DecisionSearch, *, as_json: bool) -> None:
    from ccsim.commands.optimise_text import plan_document, plan_lines

    tell(lambda: plan_document(search), lambda: plan_lines(search), as_json=as_json)
