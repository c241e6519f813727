"""`ccsim report`: the page of a stored run or comparison, made from its folder, and on request its workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccsim.commands.options import Days, Hours
from ccsim.commands.output import ending, reading, say


def report(
    run: Annotated[
        Path, typer.Argument(help="Folder of a run, a comparison, a sweep or a search.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option(help="HTML file; a page of ccsim there is replaced. Default: RUN/report.html.")
    ] = None,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Also make a workbook: an .xlsx file of the same name beside the page.")
    ] = False,
    days: Days = None,
    hours: Hours = None,
) -> None:
    """Make the page of a run, a comparison, a sweep or a search, one HTML file that opens without a network.

    Nothing is simulated.

    With --days or --hours, print what happened in that time alone, and let the page look at it.

    Exit code 0: it was made; 2: the folder holds none of them, or a file cannot be written;
    5: the folder is damaged.
    """
    from ccsim.commands.chosen import chosen_lines, chosen_time, looking_at
    from ccsim.errors import OutputError
    from ccsim.report.page import NAME, check_page_place
    from ccsim.report.written import any_made_in, written
    from ccsim.results.staff import KeptStaff
    from ccsim.results.sweep import Sweep

    place = run / NAME if out is None else out
    workbook = None
    with ending():
        if place.suffix == ".xlsx":
            raise OutputError(f"{place}: is the name of a workbook; name an HTML file")
        with reading(run):
            made = any_made_in(run)
            if days or hours is not None:
                if isinstance(made, (Sweep, KeptStaff)):
                    what = "sweep" if isinstance(made, Sweep) else "search for people"
                    raise OutputError(f"{run}: is a {what}, which keeps no times; --days and --hours are of runs")
                made = looking_at(made, chosen_time(days or [], hours))
                say("\n".join(chosen_lines(made)))
            check_page_place(place)
            if xlsx:
                workbook = written(made, place.with_suffix(".xlsx"))
            written(made, place)
    say(f"Report: {place}")
    if workbook is not None:
        say(f"Workbook: {workbook}")
