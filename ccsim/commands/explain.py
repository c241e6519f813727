"""`ccsim explain`: the value at a key, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccsim.commands.options import ScenarioFile, Settings, Variants
from ccsim.commands.output import say

if TYPE_CHECKING:
    from ccsim.scenario.explain import Explanation

BAD_INPUT = 2


def explain(
    scenario: ScenarioFile,
    key: Annotated[str, typer.Argument(help="Dotted key, like pools.desk.staffing.", show_default=False)],
    variant: Variants = None,
    set_: Settings = None,
) -> None:
    """Print the value at a key after all merging: where it is written, what it replaced, what it means.

    Exit code 0: it is there, or has a default; 2: faults in the scenario, or no such key.
    """
    from ccsim.errors import ScenarioError
    from ccsim.scenario import read
    from ccsim.scenario.explain import explain as explained

    try:
        found = explained(read(scenario, variants=variant or (), settings=set_ or ()), key)
    except ScenarioError as error:
        say(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    for line in lines(found):
        say(line)


def lines(found: Explanation) -> list[str]:
    """An explanation as text."""
    text = [f"{part.key}: {part.value}    # {part.origin}" for part in found.parts]
    for one in found.story:
        was = f"{one.old} ({one.old_place})" if one.old_place else one.old or "default"
        text.append(f"  changed by {one.by}: {one.key}: {was} -> {one.new or 'deleted'} ({one.place})")
    if found.meaning:
        text.append(f"  meaning: {found.meaning}")
    if found.expects:
        text.append(f"  expects: {found.expects}")
    return text
