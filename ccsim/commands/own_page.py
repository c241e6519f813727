"""The page that a command makes of what it has just simulated: nothing that goes wrong with it may end the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.commands.output import say
from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.commands.page_aside import PageAside
    from ccsim.results.comparison import Comparison
    from ccsim.results.run import Run
    from ccsim.results.sweep import Sweep


def make_page(made: Run | Comparison | Sweep, what: str, *, quiet: bool, aside: PageAside | None = None) -> bool:
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
    if made.folder is None:
        return True
    again = f"; `ccsim report {made.folder}` makes it"
    try:
        from ccsim import api

        if aside is not None and aside.begun:
            place = api.report(made, text=aside.text())
        else:
            place = api.report(made)
    except KeyboardInterrupt:
        say(f"report: stopped{again}", err=True)
        return False
    except CcsimError as error:
        say(f"report: not made: {error}{again}", err=True)
    except Exception as error:  # noqa: BLE001 - what was simulated is worth more than its page
        say(f"report: not made ({type(error).__name__}: {error}); the {what} is kept", err=True)
    else:
        if not quiet:
            say(f"Report:  {place}")
    return True
