"""`ccsim solve`: at which value of a key a KPI reaches a value, or that of the base."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccsim.commands import options
from ccsim.commands.output import ending, tell
from ccsim.commands.own_page import make_page
from ccsim.commands.sweep import free_folder
from ccsim.exits import NOT_POSSIBLE, NOT_REACHED, STOPPED

if TYPE_CHECKING:
    from ccsim.experiments.solve import Solved


def solve(
    scenario: options.ScenarioFile,
    vary: Annotated[
        str,
        typer.Option("--vary", metavar="KEY=LOW..HIGH", help="The key, and between which values it is looked for."),
    ],
    until: Annotated[
        str, typer.Option("--until", metavar="KPI = VALUE|base", help="What is to be reached: cost_per_day = base.")
    ],
    base: Annotated[
        str | None,
        typer.Option(help="Scenario whose value is to be reached. Default: the file without its variant."),
    ] = None,
    precision: Annotated[
        str, typer.Option(metavar="1%", help="Half-width of the answer's interval that is wanted, of the range.")
    ] = "1%",
    replications: Annotated[int, typer.Option(min=2, help="Replications of the first look.")] = 10,
    max_replications: Annotated[int, typer.Option(min=2, help="Most replications of a point.")] = 320,
    staff: Annotated[
        str,
        typer.Option(
            metavar="'keep occupancy'",
            help="People follow the work, from those of the base on, in whole people. Default: they do not.",
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the results. Default: runs/solve-SCENARIO-N.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the search in --out; nothing is played twice.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Make the page of the search, report.html in its folder.")
    ] = True,
    variant: options.Variants = None,
    seed: options.BaseSeed = None,
    workers: options.Workers = None,
    set_: options.Settings = None,
    as_json: options.JsonInstead = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Find the value of a key at which a KPI reaches a value, or that of a base scenario: break-even.

    The scenario is run on common random numbers at values that close in on the answer, with more replications where
    noise asks for them. Whole numbers are answered with the two neighbours. Exit code 0: found; 1: no change of sign in
    the range, or several; 2: bad input; 4: too much noise for the replications; 130 or 143: stopped (what is
    played is kept, and the same command with --resume goes on).
    """
    from ccsim.experiments.progress import Talk

    with ending(), nullcontext() if quiet else Talk() as talk:
        from ccsim.experiments.solve import solve as searched

        def told(values: object, many: int) -> None:
            if talk is not None:
                talk.say(f"{many} replications at {', '.join(values)}")  # type: ignore[arg-type]

        made = searched(
            scenario,
            vary,
            until,
            base=base,
            precision=Fraction(options.share_of(precision, "--precision")).limit_denominator(10**9),
            replications=replications,
            most=max_replications,
            seed=seed,
            workers=workers,
            variants=variant or [],
            settings=set_ or [],
            staff=staff,
            anyway=anyway,
            out=free_folder(scenario, "solve", "search", resume=resume) if out is None else out,
            resume=resume,
            command=sys.argv,
            told=told,
        )
    from ccsim.experiments.solve_said import document, lines

    tell(lambda: document(made), lambda: lines(made), as_json=as_json)
    if report and made.sweep is not None and not make_page(made.sweep, "search", quiet=as_json):
        raise typer.Exit(STOPPED)
    code = _code(made)
    if code:
        raise typer.Exit(code)


def _code(made: Solved) -> int:
    if made.found.outcome in ("no change", "several"):
        return NOT_POSSIBLE
    return 0 if made.found.precise else NOT_REACHED
