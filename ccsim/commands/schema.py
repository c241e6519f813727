"""`ccsim schema`: the JSON Schema of a scenario file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccsim.commands.output import say, write_whole
from ccsim.exits import BAD_INPUT


def schema(
    out: Annotated[
        Path | None,
        typer.Option(help="File to write, for an editor's settings. Default: print it.", show_default=False),
    ] = None,
    study: Annotated[bool, typer.Option("--study", help="The schema of a study, the file that sweep reads.")] = False,
) -> None:
    """Print the JSON Schema of a scenario file, or write it to a file, for editors.

    In VS Code with the YAML extension, the first line `# yaml-language-server: $schema=FILE` of a scenario brings
    completion, hover and diagnostics. Exit code 0: done; 2: the file cannot be written.
    """
    import json

    from ccsim.scenario.schema import json_schema
    from ccsim.scenario.studies import study_schema

    text = json.dumps(study_schema() if study else json_schema(), indent=1)
    if out is None:
        say(text)
        return
    try:
        write_whole(out, text + "\n")
    except OSError as error:
        say(f"{out}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(BAD_INPUT) from None
