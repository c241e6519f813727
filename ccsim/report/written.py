"""One file of a run, a comparison, a sweep or a search for people: which kind it is to be, and where it goes."""

from __future__ import annotations

import os
from pathlib import Path

from ccsim.errors import OutputError
from ccsim.metrics.drivers import is_of_drivers
from ccsim.report.page import NAME, check_page_place, put_page
from ccsim.results.comparison import Comparison
from ccsim.results.comparison_store import UNFINISHED, is_comparison
from ccsim.results.run import Run
from ccsim.results.staff import KeptStaff
from ccsim.results.sweep import Sweep


def written(
    made: Run | Comparison | Sweep | KeptStaff | str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    text: str | None = None,
) -> Path:
    """Write the page (`.html`) or the workbook (`.xlsx`) and return its place.

    Parameters
    ----------
    made
        A run, a comparison, a sweep, a search for people, or the folder of one.
    out
        Default: `report.html` in the folder.
    text
        The page, for who has it already.

    `OutputError` if it cannot be written.
    """
    stored = any_made_in(Path(made)) if isinstance(made, (str, os.PathLike)) else made
    if out is None and stored.folder is None:
        raise OutputError(f"the {_kind(stored)} is not stored; name a file for its report")
    place = Path(stored.folder or "", NAME) if out is None else Path(out)
    if place.suffix == ".html":
        check_page_place(place)
        if text is None:
            _page(stored, place)
        else:
            put_page(text, place)
    elif place.suffix == ".xlsx":
        _workbook(stored, place)
    else:
        raise OutputError(f"{place}: name a file that ends with .html or .xlsx")
    return place


def made_in(folder: Path) -> Run | Comparison:
    """The run or the comparison that a folder holds; `RunFolderError` if it holds neither."""
    if is_comparison(folder) or is_comparison(folder, UNFINISHED):
        return Comparison.read(folder)
    return Run.read(folder)


def any_made_in(folder: Path) -> Run | Comparison | Sweep | KeptStaff:
    """The run, the comparison, the sweep or the search for people that a folder holds; errors as of `made_in`."""
    from ccsim.results.staff_store import is_staff, read_staff
    from ccsim.results.sweep_store import is_sweep, read_sweep

    if is_staff(folder):
        return read_staff(folder)
    return read_sweep(folder) if is_sweep(folder) else made_in(folder)


def _kind(made: Run | Comparison | Sweep | KeptStaff) -> str:
    return "search" if isinstance(made, KeptStaff) else type(made).__name__.lower()


def _page(made: Run | Comparison | Sweep | KeptStaff, place: Path) -> None:
    if isinstance(made, KeptStaff):
        from ccsim.report.staff_page import write_staff_report

        write_staff_report(made, place)
    elif isinstance(made, Sweep) and is_of_drivers(made):
        from ccsim.report.drivers_page import write_drivers_report

        write_drivers_report(made, place)
    elif isinstance(made, Sweep):
        from ccsim.report.sweep_page import write_sweep_report

        if "search" in made.provenance:
            from ccsim.report.optimise_page import write_optimise_report as write_sweep_report
        if "solve" in made.provenance:
            from ccsim.report.solve_page import write_solve_report as write_sweep_report
        write_sweep_report(made, place)
    elif isinstance(made, Comparison):
        from ccsim.report.compare_page import write_compare_report

        write_compare_report(made, place)
    else:
        from ccsim.report.run_page import write_report

        write_report(made, place)


def _workbook(made: Run | Comparison | Sweep | KeptStaff, place: Path) -> None:
    from ccsim.report.workbook import check_workbook_place, write_workbook

    check_workbook_place(place)
    write_workbook(made, place)
