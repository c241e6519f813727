"""`ccsim run`: simulate a scenario, tell the results, and keep the results in a folder."""

from __future__ import annotations

import typer

from ccsim.commands import options


def run(
    scenario: options.ScenarioFile,
    variant: options.Variants = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: options.RunOut = None,
    set_: options.Settings = None,
    visits: options.Visits = False,
    report: options.RunPage = True,
    as_json: options.JsonInstead = False,
    require_goals: options.RequireGoals = False,
    force: options.ForceRun = False,
    anyway: options.Anyway = False,
    engine: options.Engine = "kernel",
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Run a scenario, print its goals and main KPIs, and keep the results and a report in a folder.

    Exit code 0: it ran; 2: bad input, nothing was written; with --require-goals 3: a goal fails, 4: none fails, but one
    is inconclusive; 130 or 143: stopped; finished replications are kept.
    """
    from ccsim.commands.run_made import ran

    code = ran(
        scenario,
        variants=variant or [],
        replications=replications,
        seed=seed,
        workers=workers,
        out=out,
        settings=set_ or [],
        visits=visits,
        report=report,
        as_json=as_json,
        require_goals=require_goals,
        force=force,
        anyway=anyway,
        engine=engine,
        quiet=quiet,
    )
    if code:
        raise typer.Exit(code)
