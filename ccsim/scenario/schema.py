"""JSON Schema of what a planner writes, for editors."""

from __future__ import annotations

from typing import Any

from ccsim.language.forms import Schema
from ccsim.language.questions import MEANS, QUESTIONS
from ccsim.language.scenario import SCENARIO
from ccsim.language.studies import STAFF_OF_VARIANT
from ccsim.scenario.variants import STAFF_KEY


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, the same at every call.

    Text forms are patterns, descriptions are the docstrings of the typed model. A file that `extends` another
    need not say what its base says, so only items of lists have required keys.
    """
    defs: dict[str, Schema] = {}
    SCENARIO.schema(defs)
    root = defs.pop("Scenario")
    properties = {
        "extends": {"type": "string", "description": EXTENDS},
        "variants": {
            "type": "object",
            "description": VARIANTS,
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "on": {
                        "description": ON,
                        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                    },
                    STAFF_KEY: STAFF_OF_VARIANT.schema(defs) | {"description": STAFF},
                },
            },
        },
        **root["properties"],
        **{name: form.schema(defs) | {"description": MEANS[name]} for name, form in QUESTIONS.items()},
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ccsim scenario",
        "description": root["description"],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "anyOf": [
            {"required": ["extends"]},
            {"required": [k for k, key in SCENARIO.keys.items() if key.required]},
        ],
        "$defs": {name: defs[name] for name in sorted(defs)},
    }
    _title(schema)
    return schema


def _title(node: Any) -> None:
    """Give every key that has none its name as title: else editors show that of the whole schema."""
    if isinstance(node, list):
        for child in node:
            _title(child)
    elif isinstance(node, dict):
        keys = node.get("properties")
        for name, child in keys.items() if isinstance(keys, dict) else ():
            child.setdefault("title", name)
        for child in node.values():
            _title(child)


EXTENDS = "Scenario file that this one builds on, relative to this file; `~` deletes a key of it."
VARIANTS = "Named changes: a map from dotted keys to values, `+2`, `-5%` or `x1.1` to change what is there."
ON = "Variant, or list of variants, that this one builds on."
STAFF = (
    "`keep occupancy`: people follow the work. Every pool gets whole people in proportion to the work that the plan "
    "brings it with this variant and what it is on, against the scenario without them; pools whose people these say "
    "are left."
)
