"""`ccsim schema`: the JSON Schema of a scenario file."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from ccsim.scenario.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=1, ensure_ascii=False))
