"""The JSON Schema and the reference page say what the reader reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from scenario_texts import CENTRE, LAB, faults_of

from ccsim.scenario import loads
from ccsim.scenario.forms import SectionForm
from ccsim.scenario.reference import reference
from ccsim.scenario.schema import json_schema
from ccsim.scenario.sections import Scenario
from ccsim.scenario.written.scenario import SCENARIO

SCHEMA = json_schema()
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "scenario.md"


def holds(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is valid, for the words of JSON Schema that are in use."""
    if "$ref" in schema:
        return holds(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(
        isinstance(value, kinds[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in types  # type: ignore[arg-type]
    ):
        return False
    checks = [
        "anyOf" not in schema or any(holds(value, one) for one in schema["anyOf"]),
        "enum" not in schema or value in schema["enum"],
        "const" not in schema or value == schema["const"],
    ]
    if isinstance(value, str):
        checks.append("pattern" not in schema or re.search(schema["pattern"], value) is not None)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        checks += [
            "minimum" not in schema or value >= schema["minimum"],
            "maximum" not in schema or value <= schema["maximum"],
        ]
    if isinstance(value, list):
        places = [*schema.get("prefixItems", []), *[schema.get("items", {})] * len(value)]
        checks += [
            len(value) >= schema.get("minItems", 0),
            *(holds(item, one) for item, one in zip(value, places, strict=False)),
        ]
    if isinstance(value, dict):
        checks += [
            set(schema.get("required", ())) <= set(value),
            *(holds_key(key, item, schema) for key, item in value.items()),
        ]
    return all(checks)


def holds_key(key: str, value: Any, schema: dict[str, Any]) -> bool:
    if key in schema.get("properties", {}):
        return holds(value, schema["properties"][key])
    patterns = [one for pattern, one in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
    more = schema.get("additionalProperties", True)
    if not re.search(schema.get("propertyNames", {}).get("pattern", ""), key):
        return False
    return holds(value, patterns[0]) if patterns else more if isinstance(more, bool) else holds(value, more)


class Loader(yaml.SafeLoader):
    """What an editor sees: YAML 1.2, where only numbers and true/false are not text."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?[0-9]+$"), list("-0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"-?[0-9]*\.[0-9]+$"), list("-.0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"~$"), ["~"])


def seen(text: str) -> Any:
    return yaml.load(text, Loader=Loader)


def test_the_schema_is_the_same_at_every_call_and_plain_json() -> None:
    text = json.dumps(SCHEMA)
    assert json.dumps(json_schema()) == text
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_reference_and_pattern_in_the_schema_is_good() -> None:
    todo: list[Any] = [SCHEMA]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
            if isinstance(node.get("pattern"), str):
                re.compile(node["pattern"])
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)


@pytest.mark.parametrize("text", [LAB, CENTRE.read_text(), "extends: base.yaml\nrun: {seed: 3}\n"])
def test_what_is_fine_is_valid(text: str) -> None:
    assert holds(seen(text), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mean: 2m", "mean: 2"),
        ("mean: 2m", "maen: 2m"),
        ("per_minute: 4.2", "per_minute: -4.2"),
        ("per_minute: 4.2", "per_minute: many"),
        ("staffing: 12", "staffing: -12"),
        ("staffing: 12", "staffing: [[0:00]]"),
        ("staffing: 12", "stafing: 12"),
        ("profile: flat", "profile: bell"),
        ("start: 2026-01-01", "start: tomorrow"),
        ("replications: 100", "replications: 1.5"),
        ("scenario: erlang-a", "scenario: two words"),
        ("run:", "runs:"),
        ("pools:   {desk: {staffing: 12}}", ""),
    ],
)
def test_what_is_refused_is_not_valid(old: str, new: str) -> None:
    assert old in LAB
    text = LAB.replace(old, new)
    assert faults_of(text)
    assert not holds(seen(text), SCHEMA)


def test_every_field_of_the_model_has_a_meaning() -> None:
    loads(LAB)
    assert set(SCENARIO.keys) == set(Scenario.model_fields)
    todo: list[Any] = [SCENARIO]
    done: set[int] = set()
    while todo:
        form = todo.pop()
        if id(form) not in done:
            done.add(id(form))
            todo.extend(form.parts())
            if isinstance(form, SectionForm):
                assert form.section.__doc__
                for name, key in form.keys.items():
                    assert key.doc or name == "law", (form.title, name)
                    assert key.form.says


def test_the_reference_page_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == reference(), (
        "run `python -m ccsim.scenario.reference > docs/reference/scenario.md`"
    )


def test_the_reference_names_every_key() -> None:
    text = reference()
    for definition in SCHEMA["$defs"].values():
        for key in definition.get("properties", {}):
            assert f"| `{key}` |" in text
