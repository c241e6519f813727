"""`ccsim schema`: the JSON Schema of a scenario file."""

from __future__ import annotations

import json

from ccsim.commands.output import say


def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from ccsim.scenario.schema import json_schema

    say(json.dumps(json_schema(), indent=1))
