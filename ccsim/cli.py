"""The command line: one thin door, every command in a module of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from ccsim import __version__
from ccsim.commands.check import check
from ccsim.commands.explain import explain
from ccsim.commands.run import run
from ccsim.commands.schema import schema

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
app.command()(run)
app.command()(check)
app.command()(explain)
app.command()(schema)


def main() -> None:
    """Run the command line."""
    app()
