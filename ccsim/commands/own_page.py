"""The page that a command makes of what it has just simulated: nothing that goes wrong with it may end the command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ccsim.commands.output import say
from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.commands.page_aside import PageAside
    from ccsim.results.comparison import Comparison
    from ccsim.results.run import Run
    from ccsim.results.staff import KeptStaff
    from ccsim.results.sweep import Sweep


def make_page(
    made: Run | Comparison | Sweep | KeptStaff, what: str, *, quiet: bool, aside: PageAside | None = None
) -> bool:
    """Make the page of a stored run or comparison and say where it is, or why there is none; False if Ctrl-C was hit.

    Parameters
    ----------
    what
        Word for it, for faults: `run`.
    quiet
        Do not say where the page is.
    aside
        What may be making the text of the page already.
    """
    text = aside.text if aside is not None and aside.begun else None
    return _made(made, what, None, text, quiet=quiet)


def make_workbook(made: KeptStaff, what: str, *, quiet: bool) -> bool:
    """As `make_page`, of its workbook."""
    from ccsim.report.workbook import NAME

    return _made(made, what, NAME, None, quiet=quiet)


def _made(
    made: Run | Comparison | Sweep | KeptStaff,
    what: str,
    name: str | None,
    text: Callable[[], str | None] | None,
    *,
    quiet: bool,
) -> bool:
    """`name`: of the file in the folder; default the page. `text`: of the page, for who has it already."""
    if made.folder is None:
        return True
    again = f"; `ccsim report {made.folder}{'' if name is None else ' --xlsx'}` makes it"
    kind = "report" if name is None else "workbook"
    try:
        from ccsim import api

        place = api.report(made, None if name is None else made.folder / name, text=None if text is None else text())
    except KeyboardInterrupt:
        say(f"{kind}: stopped{again}", err=True)
        return False
    except CcsimError as error:
        say(f"{kind}: not made: {error}{again}", err=True)
    except Exception as error:  # noqa: BLE001 - what was simulated is worth more than its page
        say(f"{kind}: not made ({type(error).__name__}: {error}); the {what} is kept", err=True)
    else:
        if not quiet:
            say(f"Report:  {place}" if name is None else f"Workbook: {place}")
    return True
