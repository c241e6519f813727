"""`ccsim lsp`: the language server, for editors."""

from __future__ import annotations

import typer

from ccsim.commands.options import AllowOutside
from ccsim.commands.output import say
from ccsim.exits import BAD_INPUT

INSTALL = "the language server needs one more package: pip install 'ccsim[lsp]' (or pip install 'pygls>=2,<3')"


def lsp(allow_outside: AllowOutside = False) -> None:
    """Serve an editor over stdin and stdout: completion, hover, definitions and faults as you type.

    An editor starts it; docs/how-to/editor.md says how for VS Code, Neovim and Helix. Exit code 0: the editor has
    closed it; 2: the package pygls is not installed.
    """
    try:
        import pygls.lsp.server  # noqa: F401 - whether it is there
    except ImportError:
        say(INSTALL, err=True)
        raise typer.Exit(BAD_INPUT) from None
    import os
    import sys

    from ccsim.editor.server import made

    # The server closes its streams at the end, and nothing else may write into what the editor reads.
    with os.fdopen(os.dup(0), "rb") as asked, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        sys.stdout.flush()
        made().start_io(asked, answers)
