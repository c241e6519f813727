"""`ccsim diff`: what differs between two scenarios, in the planner's words."""

from __future__ import annotations

from typing import Annotated

import typer

from ccsim.commands.options import AllowOutside, Json


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="File of a scenario, or FILE:VARIANT.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one, or the same file.", show_default=False)],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one value of B; may be repeated.")
    ] = None,
    as_json: Json = False,
    allow_outside: AllowOutside = False,
) -> None:
    """Show what differs from scenario A to scenario B, after `extends` and variants are applied.

    Different ways to write the same values do not count. Exit code 0: they are equal; 1: they differ; 2: bad input.
    """
    from ccsim.commands.diff_text import compared

    code = compared(a, b, set_ or [], as_json=as_json)
    if code:
        raise typer.Exit(code)
