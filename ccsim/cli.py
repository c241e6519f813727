"""The command line: one thin entry, every command in a module of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from ccsim import __version__
from ccsim.commands.bridge import bridge
from ccsim.commands.check import check
from ccsim.commands.check_goals import check_goals
from ccsim.commands.compare import compare
from ccsim.commands.diff import diff
from ccsim.commands.drivers import drivers
from ccsim.commands.explain import explain
from ccsim.commands.export import export
from ccsim.commands.lsp import lsp
from ccsim.commands.new import new
from ccsim.commands.optimise import optimise
from ccsim.commands.report import report
from ccsim.commands.run import run
from ccsim.commands.schema import schema
from ccsim.commands.solve import solve
from ccsim.commands.staff import staff
from ccsim.commands.sweep import sweep
from ccsim.exits import OF_EVERY_COMMAND, guarded

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
for _command, _short in (
    (new, "Write a first scenario."),
    (run, "Run a scenario and keep the results."),
    (compare, "Compare variants with a base on common random numbers."),
    (staff, "Find the cheapest people that meet all goals."),
    (sweep, "Vary keys: a table of all points, on common random numbers."),
    (drivers, "Rank what moves the goals and the cost."),
    (solve, "Find where a KPI reaches a value: break-even."),
    (optimise, "Search the best of a few decisions; certify it."),
    (bridge, "Tell why two runs cost what they cost."),
    (report, "Make the page of a run again."),
    (export, "Write a run as tables for BI: DuckDB, Parquet, CSV."),
    (check_goals, "Judge the goals of a run: pass, fail, inconclusive."),
    (check, "Check a scenario: all its faults."),
    (diff, "Show what differs between two scenarios."),
    (explain, "Explain a value, a route or a roster."),
    (schema, "Print the JSON Schema, for editors."),
    (lsp, "Serve an editor: completion, hover, faults as you type."),
):
    app.command(short_help=_short, epilog=OF_EVERY_COMMAND)(_command)


def main() -> None:
    """Run the command line."""
    guarded(app)
