"""`ccsim report`: the page of a stored run or comparison, made from its folder, and on request a run's workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccsim.commands.output import say

BAD_INPUT = 2


def report(
    run: Annotated[Path, typer.Argument(help="Folder of a run, or of a comparison.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="HTML file; a page of ccsim there is replaced. Default: RUN/report.html.")
    ] = None,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Make a workbook, too: an .xlsx file of the same name beside the page.")
    ] = False,
) -> None:
    """Make the page of a run or of a comparison: one HTML file that opens without a network. Nothing is played.

    Exit code 0: it was made; 2: the folder holds neither, or a file cannot be written.
    """
    from ccsim.errors import CcsimError, OutputError
    from ccsim.report.run_page import NAME, check_page_place, write_report
    from ccsim.results.comparison_store import is_comparison
    from ccsim.results.run import Run

    place = run / NAME if out is None else out
    book = None
    try:
        if is_comparison(run):
            _of_comparison(run, place, xlsx)
            return
        made = Run.read(run)
        check_page_place(place)
        if xlsx:
            from ccsim.report.workbook import check_workbook_place, write_workbook

            book = place.with_suffix(".xlsx")
            if book == place:
                raise OutputError(f"{place}: is the name of a workbook; name an HTML file")
            check_workbook_place(book)
            write_workbook(made, book)
        write_report(made, place)
    except CcsimError as error:
        say(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    say(f"Report: {place}")
    if book is not None:
        say(f"Workbook: {book}")


def _of_comparison(folder: Path, place: Path, xlsx: bool) -> None:
    from ccsim.errors import OutputError
    from ccsim.report.compare_page import write_compare_report
    from ccsim.report.run_page import check_page_place
    from ccsim.results.comparison import Comparison

    if xlsx:
        raise OutputError(f"{folder}: is a comparison; there is a workbook of each of the runs inside it only")
    made = Comparison.read(folder)
    check_page_place(place)
    write_compare_report(made, place)
    say(f"Report: {place}")
