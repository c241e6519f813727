"""`ccsim solve`: at which value of a key a KPI reaches a value, or that of the base."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the search in --out; nothing is simulated twice.")
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

    FILE:NAME may name a question with `find` among the scenario's `sweeps:`, which says what is varied and sought.
    The scenario is run on common random numbers at values that close in on the answer, with more replications where
    noise asks for them. Whole numbers are answered with the two neighbours. Exit code 0: found; 1: no change of sign in
    the range, or several; 2: bad input; 4: too much noise for the replications; 130 or 143: stopped (what is
    simulated is kept, and the same command with --resume goes on).
    """
    from ccsim.experiments.progress import Talk

    with ending(), nullcontext() if quiet else Talk() as talk:
        from ccsim.experiments.solve import FIRST, MOST
        from ccsim.experiments.solve import solve as searched

        asked = _asked(scenario, vary, until, base, settings=set_ or [], staff=staff, seed=seed)
        first, most = asked.pop("replications"), asked.pop("most")

        def told(values: object, many: int) -> None:
            if talk is not None:
                talk.say(f"{many} replications at {', '.join(values)}")  # type: ignore[arg-type]

        made = searched(
            **asked,
            precision=Fraction(options.share_of(precision, "--precision")).limit_denominator(10**9),
            replications=replications or first or FIRST,
            most=max_replications or most or MOST,
            workers=workers,
            variants=variant or [],
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


def _asked(
    scenario: str, vary: str, until: str, base: str | None, *, settings: list[str], staff: str, seed: int | None
) -> dict[str, Any]:
    """What is asked: by the options, or by a question that the file names; `CcsimError` where neither does."""
    from ccsim.errors import CcsimError
    from ccsim.language.questions import SWEEPS_KEY, AskedSweep
    from ccsim.language.studies import between
    from ccsim.scenario.questions import question_of

    question = question_of(scenario, SWEEPS_KEY)
    said_here = {"--vary": vary, "--until": until}
    given: dict[str, Any] = {"staff": staff, "seed": seed, "settings": settings, "replications": None, "most": None}
    if question is None:
        missing = [name for name, value in said_here.items() if not value]
        faults = [f"{name}: is missing; or name a question of `sweeps`: FILE:NAME" for name in missing]
        if faults:
            raise CcsimError("\n".join(faults))
        return given | {"scenario": scenario, "vary": vary, "until": until, "base": base}
    said = question.said
    assert isinstance(said, AskedSweep)
    if not said.find:
        raise CcsimError(
            f"{scenario}: has no `find:`, like find: {{cost_per_day: base}}; `ccsim sweep` answers the rest"
        )
    if faults := [f"{name}: a question says this itself" for name, value in said_here.items() if value]:
        raise CcsimError("\n".join(faults))
    ((key, values),) = said.over.items()
    low, high = between(values)
    return {
        "scenario": question.source,
        "vary": f"{key}={low}..{high}",
        "until": said.find,
        "base": base or question.base,
        "staff": staff or said.staff or "",
        "seed": said.seed if seed is None else seed,
        "settings": [*said.settings, *settings],
        "replications": said.replications,
        "most": said.max_replications,
    }


def _code(made: Solved) -> int:
    if made.found.outcome in ("no change", "several"):
        return NOT_POSSIBLE
    return 0 if made.found.precise else NOT_REACHED
