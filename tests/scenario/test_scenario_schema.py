"""The JSON Schema and the reference page say what the reader reads."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ccsim.errors import ScenarioError
from ccsim.language.scenario import SCENARIO, Scenario
from ccsim.language.section_forms import SectionForm
from ccsim.scenario import loads
from ccsim.scenario.reference import reference
from ccsim.scenario.schema import json_schema
from tests.scenario.editor_yaml import seen
from tests.scenario.scenario_mutants import mutated
from tests.support.files import CENTRE, GLOBE, ROOT
from tests.support.scenario_texts import LAB, faults_of

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
DOCS = ROOT / "docs" / "reference" / "scenario.md"


def holds(value: Any, schema: dict[str, Any] = SCHEMA) -> bool:
    """Whether an editor finds nothing wrong."""
    return VALIDATOR.is_valid(value) if schema is SCHEMA else Draft202012Validator(schema).is_valid(value)


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


@pytest.mark.parametrize("text", [LAB, CENTRE.read_text(), GLOBE.read_text(), "extends: base.yaml\nrun: {seed: 3}\n"])
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
        ("profile: flat", "profile: [flat]"),
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


GLOBE_REFUSED = [
    ("region: NA,", "regoin: NA,"),
    ("holidays: US-NY", "holidays: usa"),
    ("languages: {en: 90%, es: 10%}", "languages: {en: 90, es: 10}"),
    ("languages: {en: 90%, es: 10%}", "languages: [en, es]"),
    ("fixed: 2026-03-12 12:00", "fixed: soon"),
    ("kind: defect", "kind: defekt"),
    ("peers: 55%", "peers: 55"),
    ("transfers: {risk: 6%}", "transfers: risk"),
    ("hours: [[00:00, 1], [08:00, 6]", "hours: [[0, 1], [08:00, 6]"),
    ("weekdays: {mon-fri: 1", "weekdays: {monday: 1"),
    ("for: 2d", "for: 2"),
    ("times: 1.4", "times: often"),
    ("season: {mar: 110%", "season: {march: 110%"),
    ("trend: -0.5% per week", "trend: -0.5%"),
    ("correlation: 60%", "correlation: 160"),
    ("on_holidays: 60%", "on_holidays: 60"),
    ("hours: 24x7", "hours: 24/7"),
    ("night: 15%", "nights: 15%"),
    ("kind: in_house", "kind: inhouse"),
    ("breaks: [15m, 30m unpaid, 15m], days: mon-sat", "breaks: [15m, 30m free, 15m], days: mon-sat"),
    ("paid: 4h", "paid: 4"),
    ("starts: 09:00", "starts: nine"),
    ("split: {after: 4h, gap: 3h}", "split: {after: 4h, pause: 3h}"),
    ("work_days: 4", "work_days: four"),
    ("headcount: 240", "headcount: 240.5"),
    ("languages: [en, es]", "languages: [[en]]"),
    ("certifications: payments", "certifications: {payments: 1}"),
    ("required: erlang_c", "required: erlang"),
    ("answered: 85%", "answered: 85"),
    ("prefer: [same_region, cheapest]", "prefer: [nearest]"),
    ("to: any_region", "to: anywhere"),
    ("to: {language: en,", "to: {lang: en,"),
    ("price: 0.35", "price: cheap"),
    ("after: 60s", "after: 60"),
    ("vendor_share: {ads: {northwind: 70%", "vendor_share: {ads: {northwind: 70"),
    ("clock: market", "clock: local"),
    ("site: manila}", "sites: manila}"),
]


@pytest.mark.parametrize(("old", "new"), GLOBE_REFUSED)
def test_what_is_refused_of_planners_is_not_valid(old: str, new: str) -> None:
    text = GLOBE.read_text()
    assert old in text
    text = text.replace(old, new, 1)
    assert faults_of(text)
    assert not holds(seen(text))


@pytest.mark.parametrize("source", [CENTRE, GLOBE], ids=lambda path: path.stem)
@given(seed=st.integers(0, 2**48), times=st.integers(1, 2))
@settings(derandomize=True, max_examples=45, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_an_editor_refuses_nothing_that_is_read(source: Path, seed: int, times: int) -> None:
    """Schema and check hold together: what check reads, the schema of the editor accepts."""
    text = mutated(random.Random(seed), times, source.read_text())
    try:
        loads(text, base_dir=source.parent)
    except ScenarioError:
        return
    assert holds(seen(text)), next(iter(VALIDATOR.iter_errors(seen(text)))).message


def test_every_field_of_the_model_has_a_meaning() -> None:
    loads(LAB)
    short = {name for name, key in SCENARIO.keys.items() if key.stands_for}
    assert short == {"aht", "opening_hours"}
    assert set(SCENARIO.keys) - short == set(Scenario.model_fields)
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
                    assert key.doc, (form.title, name)
                    assert key.form.says


def test_the_reference_page_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == reference(), "run `python -m docs.generate`"


def test_the_reference_names_every_key() -> None:
    text = reference()
    for definition in SCHEMA["$defs"].values():
        for key in definition.get("properties", {}):
            assert f"| `{key}` |" in text, key
