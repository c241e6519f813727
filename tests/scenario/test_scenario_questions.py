"""Questions beside a scenario: read, checked with it, explained, compared; without effect on its results."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from ccsim.errors import ScenarioError
from ccsim.language.questions import SEARCHES_KEY, SWEEPS_KEY, AskedSearch, AskedSweep
from ccsim.scenario import digest, load, loads, read
from ccsim.scenario.explain import explain
from ccsim.scenario.look import look
from ccsim.scenario.questions import AskedQuestion, question_of
from ccsim.scenario.schema import json_schema
from tests.scenario.editor_yaml import seen
from tests.support.sweep_desk import DESK

ASKED = """\
sweeps:
  price:
    question: Which price, and how many?
    over: {pools.b.staffing: 1..2, vendors.partner.paid_hour: [12, 14]}
    best: {minimise: cost_per_contact, keep: [{kpi: service_level, at_least: 1%, within: 20s}]}
    replications: 2
  even: {on: more, over: {vendors.partner.paid_hour: {from: 5, to: 40, step: 5}}, find: {cost_per_day: base}}
searches:
  people:
    keep: [{kpi: service_level, at_least: 1%, within: 20s}]
    change: {pools.b.staffing: {from: 1, to: 3}, vendors.partner.paid_hour: {from: 12, to: 14, step: 1}}
"""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return asked(ASKED)


def asked(text: str) -> Path:
    path = Path("desk.yaml")
    path.write_text(DESK + text)
    return path


def question(name: str, section: str = SWEEPS_KEY) -> AskedQuestion:
    found = question_of(f"desk.yaml:{name}", section)
    assert found is not None
    return found


def faults_of(text: str) -> list[str]:
    return [str(fault) for fault in look(str(asked(text))).faults]


def test_questions_are_read_and_change_no_digest(desk: Path) -> None:
    price, even, people = question("price"), question("even"), question("people", SEARCHES_KEY)
    assert isinstance(price.said, AskedSweep)
    assert price.text == "price: Which price, and how many?"
    assert price.said.settings == ["goals=[{kpi: service_level, at_least: 1%, within: 20s}]"]
    assert price.said.kpis == ("cost_per_contact",)
    assert (even.base, even.source) == ("desk.yaml", "desk.yaml:more")
    assert isinstance(people.said, AskedSearch)
    assert people.said.bounds == {"b": (1, 3)}
    assert people.said.decisions["vendors.partner.paid_hour"].values == ("12", "13", "14")
    with_them = digest(load(desk))
    desk.write_text(DESK)
    assert digest(load(desk)) == with_them


def test_names_of_questions_and_variants_say_one_thing_each() -> None:
    with pytest.raises(ScenarioError, match="'price' is a sweep, no variant: `ccsim sweep FILE:price` answers it"):
        load("desk.yaml:price")
    with pytest.raises(ScenarioError, match="is a search: ask it with `ccsim staff desk"):
        question_of("desk.yaml:people", SWEEPS_KEY)
    assert question_of("desk.yaml:more", SWEEPS_KEY) is None
    (clash,) = faults_of("searches: {more: {}}\n")
    assert "searches.more: 'more' is the name of a variant in line" in clash
    assert clash.endswith("too: FILE:more is to mean one thing")
    assert load("desk.yaml") if asked(ASKED) else None


def test_all_faults_of_all_questions_have_place_key_and_remedy() -> None:
    text = "\n".join(
        faults_of(
            "sweeps:\n"
            "  a: {over: {pools.q.staffing: [1, 2]}, people: follow_the_work}\n"
            "  b: {over: {pools.b.staffing: [1, two], run.seed: [1, 2]}}\n"
            "  c: {on: mroe, over: {pools.b.staffing: 1..2}, find: {cost_per_day: equals_base}}\n"
            "  d: {over: {pools.b.staffing: 1..2, vendors.partner.paid_hour: [1, 2]}, find: {asa: base}}\n"
            "  e: {over: {pools.b.staffing: 1..2}, best: {minimise: csat, keep: [{kpi: asa, channel: fax}]}}\n"
            "  f: {over: {pools.q.staffing: [1, 2]}}\n"
            "searches:\n"
            "  g: {change: {pools.b.staffing: 3..1, routing.vendor_share.calls.partner: 10%..30%}, confidence: 100%}\n"
            "  h: {goals: [], change: {vendors.partner.paid_hour: {from: 1, to: 9, step: 2m}}}\n"
        )
    )
    for said in (
        "sweeps.a.people: unknown key 'people'; people that follow the work are `staff: keep occupancy` or",
        "sweeps.b.over.run.seed: cannot be varied: give --replications or --seed",
        "sweeps.c.on: there is no variant 'mroe'; did you mean 'more'?",
        "sweeps.c.find.cost_per_day: say `base` for the value of the base, got 'equals_base'",
        "sweeps.d.find: needs one key in `over`, between whose ends it looks; got 2",
        "sweeps.e.best.keep.0.channel: there is no channel 'fax'",
        "pools.q.staffing: there is no key 'q' in pools",
        "searches.g.change.pools.b.staffing: expected the least and the most people, like {from: 30, to: 80}",
        "searches.g.change.routing.vendor_share.calls.partner: say a step, like {from: 20%, to: 60%, step: 5%}",
        "searches.g.confidence: expected more than 0 % and less than 100 %",
        "searches.h.goals: unknown key 'goals'; say `keep`",
        "searches.h.change.vendors.partner.paid_hour: expected a step like the ends of the range, got 2m",
    ):
        assert said in text, text
    assert all(line.startswith("desk.yaml:") for line in text.splitlines())


def test_a_question_of_a_base_is_replaced_whole() -> None:
    Path("child.yaml").write_text(
        "extends: desk.yaml\nscenario: child\nsweeps: {price: {over: {pools.b.staffing: [3]}}}\n"
    )
    found = question_of("child.yaml:price", SWEEPS_KEY)
    assert found is not None
    assert isinstance(found.said, AskedSweep)
    assert list(found.said.over) == ["pools.b.staffing"]
    assert found.said.replications is None
    assert question_of("child.yaml:even", SWEEPS_KEY) is not None


def test_schema_and_explain_know_questions(desk: Path) -> None:
    checker = jsonschema.Draft202012Validator(json_schema())
    written = seen(desk.read_text())
    assert not list(checker.iter_errors(written))
    written["sweeps"]["price"]["ovr"] = 1
    assert list(checker.iter_errors(written))
    said = explain(read("desk.yaml"), "sweeps.price.replications")
    assert said.parts[0].value == "2"
    assert said.meaning.startswith("Paired replications")


@pytest.mark.parametrize(
    ("said", "shares"),
    [
        (["a=60%"], {"a": 0.6, "b": 0.24, "c": 0.16}),
        (["a=+10%"], {"a": 0.6, "b": 0.24, "c": 0.16}),
        (["a=60%", "b=10%"], {"a": 0.6, "b": 0.1, "c": 0.3}),
        (["b=10%", "a=60%"], {"a": 0.6, "b": 0.1, "c": 0.3}),
        (["a=100%"], {"a": 1.0, "b": 0.0, "c": 0.0}),
    ],
)
def test_the_others_share_the_rest_whatever_the_order(said: list[str], shares: dict[str, float]) -> None:
    text = DESK.replace("profile: flat", "segments: {a: 50%, b: 30%, c: 20%}") + "segments: {a: {}, b: {}, c: {}}\n"
    found = loads(text, settings=[f"demand.calls.segments.{one}" for one in said]).demand["calls"].segments
    assert found == pytest.approx(shares)


def test_shares_that_leave_nothing_to_share_stay_a_fault() -> None:
    text = DESK.replace("profile: flat", "segments: {a: 100%, b: 0%}") + "segments: {a: {}, b: {}}\n"
    with pytest.raises(ScenarioError, match="the shares add up to 60%"):
        loads(text, settings=["demand.calls.segments.a=60%"])
