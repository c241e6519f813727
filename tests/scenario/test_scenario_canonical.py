"""The canonical form says every setting, and nothing about how it was written."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccsim.language.scenario import Scenario
from ccsim.scenario import digest, load, loads, to_canonical
from ccsim.scenario.canonical import from_canonical
from ccsim.scenario.diff import differences
from tests.support.files import CENTRE, GLOBE, SCENARIOS
from tests.support.random_scenarios import scenarios
from tests.support.scenario_texts import lab, scenario


def shuffle(node: yaml.Node, rng: random.Random, key: str = "") -> None:
    """Put every map in another order, but for tiers, whose order means something."""
    if isinstance(node, yaml.MappingNode):
        if key != "tiers":
            rng.shuffle(node.value)
        for name, child in node.value:
            shuffle(child, rng, name.value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            shuffle(child, rng)


def shuffled(seed: int) -> str:
    """The centre in another order of declaration."""
    root = yaml.compose(CENTRE.read_text(), Loader=yaml.BaseLoader)
    shuffle(root, random.Random(seed))
    text: str = yaml.serialize(root, Dumper=yaml.BaseDumper)
    return text


@given(st.integers(0, 2**32), st.booleans())
@settings(derandomize=True, max_examples=25, deadline=None)
def test_the_order_of_declaration_changes_nothing(seed: int, variant: bool) -> None:
    text = shuffled(seed)
    variants = ["wednesday"] if variant else []
    first, second = load(CENTRE, variants=variants), loads(text, variants=variants)
    assert to_canonical(first) == to_canonical(second)
    assert json.dumps(to_canonical(first)) == json.dumps(to_canonical(second))
    assert digest(first) == digest(second)


def test_every_setting_is_there() -> None:
    canonical = to_canonical(load(CENTRE))
    assert set(canonical) == set(Scenario.model_fields)
    assert json.loads(json.dumps(canonical, allow_nan=False)) == canonical
    assert canonical["horizon"]["interval"] == 900_000_000
    assert [tier["name"] for tier in canonical["workflows"]["billing"]["tiers"]] == ["t1", "t2"]


def test_what_means_something_changes_the_digest() -> None:
    one = digest(scenario())
    assert digest(scenario(pools="{desk: {staffing: 13}}")) != one
    assert digest(scenario(handle_time="{mean: 120s}")) == one
    assert digest(loads(lab(), settings=["run.seed=1"])) != one
    pools = "{d: {staffing: 1, tier: [t1, t2]}}"
    up = digest(scenario(workflows="{calls: {tiers: {t1: {escalated: 1%}, t2: {}}}}", pools=pools))
    down = digest(scenario(workflows="{calls: {tiers: {t2: {escalated: 1%}, t1: {}}}}", pools=pools))
    assert up != down


def test_a_long_trace_stands_as_its_digest(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("time\n" + "".join(f"{n}\n" for n in range(3_000)))
    canonical = to_canonical(scenario(tmp_path, demand="{calls: {trace: trace.csv}}"))
    trace = canonical["demand"]["calls"]["trace"]
    assert trace["time"]["count"] == 3_000
    assert len(trace["time"]["sha256"]) == 64
    assert (trace["talk"], trace["source"]) == ([], "trace.csv")


def test_what_is_said_of_a_file_and_is_so_anyway_changes_no_digest(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("time\n1\n")
    files = ("{t: {file: t.csv}}", "{t: {file: t.csv, durations: seconds}}")
    bare, said = (scenario(tmp_path, demand="{calls: {trace: t}}", files=text) for text in files)
    assert digest(bare) == digest(said)
    assert to_canonical(bare)["files"]["t"]["durations"] == "seconds"


def again(one: Scenario) -> Scenario:
    """The scenario from what a run keeps of it."""
    return from_canonical(json.loads(json.dumps(to_canonical(one))))


@pytest.mark.parametrize("file", [CENTRE, GLOBE, *sorted(SCENARIOS.glob("*.yaml"))], ids=lambda file: file.stem)
def test_the_scenario_comes_back_from_its_canonical_form(file: Path) -> None:
    one = load(file)
    assert to_canonical(again(one)) == to_canonical(one)
    assert differences(one, again(one)) == ()


@given(scenarios())
@settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_scenarios_come_back_from_their_canonical_form(one: Scenario) -> None:
    assert to_canonical(again(one)) == to_canonical(one)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("horizon", {"start": "2026-03-02T00:00:00", "size": 3}, "Horizon has no size"),
        ("horizon", 3, "3 is no Horizon"),
        ("horizon", {}, "missing"),
        ("demand", {"calls": None}, "None is no Volume"),
        ("planning", {"required": "erlang_z"}, "'erlang_z' is no"),
        ("patience", {"time": {"law": "weibull", "mean": 3}, "zero": 0.0}, "is none of"),
        ("goals", {"count": 3, "sha256": "0"}, "is no"),
        ("of_another_version", 1, "Scenario has no of_another_version"),
    ],
)
def test_another_shape_is_refused(key: str, value: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_canonical({**to_canonical(load(CENTRE)), key: value})
