"""`ccsim solve`: at which value of a key a KPI reaches a value, or that of the base."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
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
    from ccsim.experiments.solve_asked import SolveAsked


def solve(
    scenario: options.ScenarioFile,
    vary: Annotated[
        str,
        typer.Option("--vary", metavar="KEY=LOW..HIGH", help="The key, and between which values it is looked for."),
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="KPI = VALUE|base", help="What is to be reached: cost_per_day = base.")
    ] = "",
    base: Annotated[
        str | None,
        typer.Option(help="Scenario whose value is to be reached. Default: the file without its variant."),
    ] = None,
    precision: Annotated[
        str, typer.Option(metavar="1%", help="Half-width of the answer's interval that is wanted, of the range.")
    ] = "1%",
    replications: Annotated[
        int | None, typer.Option(min=2, help="Replications of the first look. Default: 10.")
    ] = None,
    max_replications: Annotated[
        int | None, typer.Option(min=2, help="Most replications of a point. Default: 320.")
    ] = None,
    staff: Annotated[
        str,
        typer.Option(
            metavar="'keep occupancy'",
            help="People follow the work, from those of the base on, in whole people. Default: they do not.",
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the results. Default: runs/solve-SCENARIO-N.")] = None,
    resume: options.ResumeSearch = False,
    report: options.SearchPage = True,
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

    FILE:NAME may name a question with `find` among the scenario's `sweeps:`, which says what is varied and sought.
    The scenario is run on common random numbers at values that close in on the answer, with more replications where
    noise asks for them. Whole numbers are answered with the two neighbours. Exit code 0: found; 1: no change of sign in
    the range, or several; 2: bad input; 4: too much noise for the replications; 130 or 143: stopped (what is
    simulated is kept, and the same command with --resume goes on).
    """
    from ccsim.experiments.progress import Talk

    with ending(), nullcontext() if quiet else Talk() as talk:
        from ccsim.experiments.asked import Changes, Effort
        from ccsim.experiments.solve import solved
        from ccsim.experiments.solve_asked import MOST, SolveAsked

        asked = SolveAsked(
            scenario,
            vary,
            until,
            base,
            Fraction(options.share_of(precision, "--precision")).limit_denominator(10**9),
            max_replications or MOST,
            Changes(variant or [], set_ or []),
            Effort(replications, seed, workers, anyway),
            staff,
        )

        def told(values: object, many: int) -> None:
            if talk is not None:
                talk.say(f"{many} replications at {', '.join(values)}")  # type: ignore[arg-type]

        made = solved(
            _with_question(asked, most=max_replications),
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


def _with_question(given: SolveAsked, *, most: int | None) -> SolveAsked:
    """What options ask, or a question that the file names; options go before what that says. `CcsimError` where neither
    says what is sought. `most`: replications of `--max-replications`."""
    from ccsim.errors import CcsimError
    from ccsim.language.questions import SWEEPS_KEY, AskedSweep
    from ccsim.language.studies import between
    from ccsim.scenario.questions import question_of

    question = question_of(given.scenario, SWEEPS_KEY)
    said_here = {"--vary": given.vary, "--until": given.until}
    if question is None:
        missing = [name for name, value in said_here.items() if not value]
        faults = [f"{name}: is missing; or name a question of `sweeps`: FILE:NAME" for name in missing]
        if faults:
            raise CcsimError("\n".join(faults))
        return given
    said = question.said
    assert isinstance(said, AskedSweep)
    if not said.find:
        raise CcsimError(
            f"{given.scenario}: has no `find:`, like find: {{cost_per_day: base}}; `ccsim sweep` answers the rest"
        )
    if faults := [f"{name}: a question says this itself" for name, value in said_here.items() if value]:
        raise CcsimError("\n".join(faults))
    ((key, values),) = said.over.items()
    low, high = between(values)
    return replace(
        given,
        scenario=question.source,
        vary=f"{key}={low}..{high}",
        until=said.find,
        base=given.base or question.base,
        most=most or said.max_replications or given.most,
        changes=replace(given.changes, settings=[*said.settings, *given.changes.settings]),
        effort=given.effort.over(said.replications, said.seed),
        staff=given.staff or said.staff or "",
    )


def _code(made: Solved) -> int:
    if made.found.outcome in ("no change", "several"):
        return NOT_POSSIBLE
    return 0 if made.found.precise else NOT_REACHED
