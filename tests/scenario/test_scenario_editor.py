"""What a YAML language server needs of the schema: completion, hover and diagnostics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.scenario.schema import json_schema
from tests.scenario.editor_yaml import seen
from tests.support.files import GLOBE, SCENARIOS

SCHEMA = json_schema()
SHIPPED = sorted(SCENARIOS.glob("*.yaml"))


def nodes(node: Any = SCHEMA, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within the schema."""
    if isinstance(node, dict):
        yield path, node
        for name, child in node.items():
            yield from nodes(child, f"{path}/{name}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from nodes(child, f"{path}/{number}")


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, node in nodes():
        if isinstance(node.get("properties"), dict) and not path.endswith("/properties"):
            for name, child in node["properties"].items():
                yield f"{path}/{name}", child


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_hover_every_key_says_what_it_means() -> None:
    found = list(properties())
    assert len(found) > 250
    assert [path for path, child in found if len(child.get("description", "")) < 5] == []


def test_hover_a_reference_keeps_the_words_beside_it() -> None:
    """Beside a `$ref` stand the title and the description of the key itself, nearer than those of the section."""
    beside = {"$ref", "title", "description"}
    assert [path for path, node in nodes() if "$ref" in node and node.keys() - beside] == []


def test_hover_every_key_has_a_title_of_its_own() -> None:
    """Without one an editor shows the title of the whole schema, twice where a value may be written in two ways."""
    assert [
        path for path, child in properties() if child.get("title", "").partition(":")[0] != path.rsplit("/", 1)[1]
    ] == []


def test_hover_ways_to_write_one_number_are_one_schema() -> None:
    """Editors join the hints of all alternatives that match: of a number and its text there would be two."""
    simple = {"type", "pattern", "minimum", "maximum", "exclusiveMinimum"}
    loose = [
        path
        for path, node in nodes()
        if len([one for one in node.get("anyOf", ()) if "number" in str(one.get("type")) and one.keys() <= simple]) > 1
    ]
    assert loose == []


def test_hover_every_section_says_what_it_is() -> None:
    assert [name for name, definition in SCHEMA["$defs"].items() if not definition.get("description")] == []


def test_diagnostics_every_key_is_constrained() -> None:
    words = {"type", "enum", "const", "pattern", "anyOf", "$ref"}
    assert [path for path, child in properties() if not words & child.keys()] == []


def test_diagnostics_every_section_refuses_strange_keys() -> None:
    loose = [path for path, node in nodes() if "properties" in node and node.get("additionalProperties", True) is True]
    # A variant changes any key.
    assert [path for path in loose if "/variants/" not in path and not path.endswith("/properties")] == []


def test_patterns_are_read_by_editors() -> None:
    """Patterns are ECMAScript too: no named groups, no flags; anchored, as a pattern of a schema may match anywhere."""
    for path, node in nodes():
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            re.compile(pattern)
            assert not re.search(r"\(\?(P|<|[aimsux])|\\[AZzG]|\+\+|\*\+", pattern), path
            assert pattern.endswith("$"), path


@pytest.mark.parametrize(
    ("section", "key", "words"),
    [
        ("Channel", "kind", ["live", "deferred"]),
        ("Cause", "kind", ["defect", "policy", "how_to", "other"]),
        ("Vendor", "kind", ["in_house", "bpo", "vendor"]),
        ("Planning", "required", ["erlang_c", "square_root", "workload"]),
        ("QueueGroup", "clock", ["scenario", "market"]),
        ("QueueGroup", "at_closing", ["serve", "clear"]),
    ],
)
def test_completion_offers_the_words(section: str, key: str, words: list[str]) -> None:
    assert SCHEMA["$defs"][section]["properties"][key]["enum"] == words


def test_completion_offers_the_keys_of_every_section() -> None:
    volume = SCHEMA["$defs"]["Volume"]["properties"]
    assert {"per_week", "markets", "profile", "season", "trend", "day_cv", "intervals"} <= volume.keys()
    assert volume["profile"]["anyOf"][0]["enum"][:2] == ["flat", "business_day"]
    assert {"headcount", "shifts", "site", "vendor", "languages"} <= SCHEMA["$defs"]["Pool"]["properties"].keys()
    assert set(SCHEMA["properties"]) >= {"extends", "variants", "markets", "sites", "vendors", "shift_patterns"}


@pytest.mark.parametrize("path", [*SHIPPED, GLOBE], ids=lambda path: path.stem)
def test_editors_find_nothing_wrong_with_the_scenarios(path: Path) -> None:
    errors = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(seen(path.read_text("utf-8")))]
    assert errors == []


def test_the_file_for_the_editor(tmp_path: Path) -> None:
    """`# yaml-language-server: $schema=FILE` names what `ccsim schema --out FILE` writes."""
    out = tmp_path / "ccsim.schema.json"
    out.write_text("old")
    done = CliRunner().invoke(app, ["schema", "--out", str(out)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(out.read_text("utf-8")) == SCHEMA
    assert [path.name for path in tmp_path.iterdir()] == ["ccsim.schema.json"]
    headed = f"# yaml-language-server: $schema={out.name}\n" + GLOBE.read_text()
    assert yaml.safe_load(headed)["scenario"] == "globe"


def test_a_schema_that_cannot_be_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["schema", "--out", str(tmp_path / "nowhere" / "x.json")])
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
    assert isinstance(done.exception, SystemExit)
