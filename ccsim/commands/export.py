"""`ccsim export`: a stored run or comparison as tables for BI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccsim.commands.output import ending, reading, say


def export(
    run: Annotated[Path, typer.Argument(help="Folder of a run, or of a comparison.", show_default=False)],
    duckdb: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a DuckDB database.")] = None,
    parquet: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write a folder of Parquet files.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write a folder of CSV files.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an export that is there.")] = False,
) -> None:
    """Write a run or a comparison as a star schema for Power BI, Tableau or SQL: facts, dimensions, views of KPIs.

    Needs the package duckdb. Visits and cases are in it if the run kept its visits (`ccsim run --visits`).

    Exit code 0: it was written; 2: the folder holds neither, or a place is taken.
    """
    from ccsim.export.written import export as exported
    from ccsim.report.written import made_in

    with ending(), reading(run):
        places = exported(made_in(run), duckdb=duckdb, parquet=parquet, csv=csv, force=force)
    for place in places:
        say(f"Export: {place}")
