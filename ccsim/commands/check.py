"""`ccsim check`: every fault of a scenario, or a short summary."""

from __future__ import annotations

import typer

from ccsim.commands.options import AllowOutside, Json, ScenarioFile, Settings, Variants


def check(
    scenario: ScenarioFile,
    variant: Variants = None,
    set_: Settings = None,
    as_json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Check a scenario: print all its faults with their places, or a summary where there are none.

    Without a variant named, every variant is checked too. What can be run but is probably not intended is a
    warning; how short forms were read is listed as assumed. Exit code 0: it can be run; 2: faults.
    """
    from ccsim.commands.check_text import checked

    code = checked(scenario, variant or [], set_ or [], as_json=as_json)
    if code:
        raise typer.Exit(code)
