"""A field says once what it is: its reader, the schema, the reference, `diff` and `explain` follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccsim.language.derive import form_for, quantity
from ccsim.language.names import Names
from ccsim.language.reading import BAD, Reading
from ccsim.language.scenario import Scenario
from ccsim.language.section import Needs, Section, Short, field
from ccsim.language.words import kind_of
from ccsim.report.assumptions import assumptions
from ccsim.scenario import load, loads, to_canonical
from ccsim.text.compose import compose
from ccsim.text.faults import Faults
from ccsim.text.quantities import Count, Duration, Share
from ccsim.text.tree import Source
from tests.support.files import GLOBE
from tests.support.scenario_texts import LAB, faults_of


class Desk(Section):
    """Where people sit."""

    seats: Count = field(least=1, most=9, label="chairs", unit="people")
    """Chairs."""
    attrition: Share | None = field(default=None, none="the vendor's", needs=Needs("seats", "of whom it is a part"))
    """Share of the people who leave in a year."""
    rest: Duration = field(
        default=60_000_000,
        least=1_000_000,
        formerly="pause",
        short=Short("rest_in_minutes", quantity("count"), "Rest, in minutes.", lambda minutes: minutes * 60_000_000),
    )
    """Rest after a contact."""


FORM = form_for(Desk)


def read(text: str) -> tuple[Any, list[str], list[str]]:
    """The desk of a text, its faults and what was remarked."""
    source = Source("desk.yaml", Path())
    faults = Faults(Path())
    tree = compose(text, source, faults)
    rd = Reading(faults, Names({}))
    desk = FORM.read(tree, "desk", rd)
    return desk, [f"{one.key}: {one.message}" for one in faults.found], [one.message for one in faults.remarks]


def test_bounds_and_defaults_are_those_of_the_field() -> None:
    assert read("{seats: 4, rest: 2m}")[0] == Desk(seats=4, rest=120_000_000)
    assert read("{seats: 4}")[0].rest == 60_000_000
    for text, said in (
        ("{seats: 0}", "desk.seats: expected a whole number of at least 1 and at most 9, got '0'"),
        ("{seats: 10}", "desk.seats: expected a whole number of at least 1 and at most 9, got '10'"),
        ("{seats: 4, rest: 1ms}", "desk.rest: expected a duration like 90s or 6m30s of at least 1s, got '1ms'"),
        ("{}", "desk.seats: is missing: expected a whole number of at least 1 and at most 9"),
    ):
        desk, faults, _ = read(text)
        assert (desk is BAD, faults) == (True, [said])


def test_a_short_form_sets_its_field_and_not_both() -> None:
    assert read("{seats: 4, rest_in_minutes: 3}")[0] == Desk(seats=4, rest=180_000_000)
    assert read("{seats: 4, rest: 2m, rest_in_minutes: 3}")[1] == [
        "desk.rest_in_minutes: say rest or rest_in_minutes, not both; rest stands in line 1"
    ]


def test_an_old_key_is_understood_and_told() -> None:
    desk, faults, remarks = read("{seats: 4, pause: 2m}")
    assert (desk, faults, remarks) == (Desk(seats=4, rest=120_000_000), [], ["`pause` is now called `rest`"])
    assert read("{seats: 4, pause: 2m, rest: 1m}")[1] == [
        "desk.pause: `pause` is now called `rest`; say rest alone",
    ]


def test_what_a_field_needs_is_asked_for_at_its_key() -> None:
    class Night(Section):
        """At night."""

        bonus: Share = field(default=0.0, needs=Needs("guards", "who are paid it"))
        guards: Count = 0

    form = form_for(Night)
    faults = Faults(Path())
    tree = compose("{bonus: 10%}", Source("night.yaml", Path()), faults)
    assert form.read(tree, "night", Reading(faults, Names({}))) is BAD
    assert [(one.key, one.message) for one in faults.found] == [
        ("night.bonus", "needs `guards:`, who are paid it"),
    ]


def test_schema_and_texts_follow() -> None:
    defs: dict[str, Any] = {}
    FORM.schema(defs)
    seats = defs["Desk"]["properties"]["seats"]
    assert (seats["type"], seats["minimum"], seats["maximum"]) == (["integer", "string"], 1, 9)
    assert seats["description"] == "Chairs."
    assert defs["Desk"]["properties"]["pause"]["deprecated"] is True
    info = Desk.model_fields["attrition"]
    assert (FORM.keys["attrition"].unsaid, info.words, kind_of(info)) == ("the vendor's", "attrition", "share")
    assert Desk.model_fields["seats"].words == "chairs"


def test_a_misspelt_word_about_a_field_does_not_pass() -> None:
    with pytest.raises(TypeError, match="lable"):
        field(default=1, lable="chairs")


OLD = LAB.replace("length: 20h}", "length: 20h, run_out: 2h}") + "segments: {gold: {head_start: 30s}}\n"
NEW = LAB.replace("length: 20h}", "length: 20h, drain: 2h}") + "segments: {gold: {wait_credit: 30s}}\n"


def test_scenarios_with_old_keys_are_the_same_scenarios() -> None:
    assert to_canonical(loads(OLD)) == to_canonical(loads(NEW))
    both = faults_of(NEW.replace("drain: 2h", "drain: 2h, run_out: 2h"))
    assert [fault.message for fault in both] == ["`run_out` is now called `drain`; say drain alone"]


def test_old_keys_are_understood_in_overrides(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    assert load(file, settings={"horizon.run_out": "90m"}).horizon.drain == 90 * 60_000_000


def test_headings_of_what_was_assumed_are_those_of_the_fields() -> None:
    told = [one.title for one in assumptions(to_canonical(load(GLOBE)))]
    headings = [info.title for info in Scenario.model_fields.values()]
    assert told == [heading for heading in headings if heading in told]
    assert {"Pools", "Shift patterns", "Service level"} <= set(told)
