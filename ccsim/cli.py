"""The command line: one thin door, every command in a module of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from ccsim import __version__
from ccsim.commands.check import check
from ccsim.commands.check_goals import check_goals
from ccsim.commands.compare import compare
from ccsim.commands.diff import diff
from ccsim.commands.explain import explain
from ccsim.commands.report import report
from ccsim.commands.run import run
from ccsim.commands.schema import schema
from ccsim.exits import guarded

app = typer.Typer(
    name="ccsim",
    help="Simulate a contact centre: staffing, outsourcing and automation, with uncertainty and cost.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ccsim {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Simulate a contact centre: staffing, outsourcing and automation, with uncertainty and cost."""


# Commands import what is heavy only when they are called, so that `ccsim --help` is quick.
app.command(short_help="Play a scenario and keep the results.")(run)
app.command(short_help="Compare variants with a base, with the same luck.")(compare)
app.command(short_help="Make the page of a run again.")(report)
app.command(name="check-goals", short_help="Judge the goals of a run: pass, fail, inconclusive.")(check_goals)
app.command(short_help="Check a scenario: all its faults.")(check)
app.command(short_help="Say what differs between two scenarios.")(diff)
app.command(short_help="Explain a value, a route or a roster.")(explain)
app.command(short_help="Print the JSON Schema, for editors.")(schema)


def main() -> None:
    """Run the command line."""
    guarded(app)
