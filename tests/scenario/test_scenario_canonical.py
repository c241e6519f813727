"""The canonical form says every setting, and nothing about how it was written."""

from __future__ import annotations

import json
import random
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.language.scenario import Scenario
from ccsim.scenario import digest, load, loads, to_canonical
from tests.support.files import CENTRE
from tests.support.scenario_texts import lab, scenario


def shuffle(node: yaml.Node, luck: random.Random, key: str = "") -> None:
    """Put every map in another order, but for tiers, whose order means something."""
    if isinstance(node, yaml.MappingNode):
        if key != "tiers":
            luck.shuffle(node.value)
        for name, child in node.value:
            shuffle(child, luck, name.value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            shuffle(child, luck)


def shuffled(luck: int) -> str:
    """The centre in another order of declaration."""
    root = yaml.compose(CENTRE.read_text(), Loader=yaml.BaseLoader)
    shuffle(root, random.Random(luck))
    text: str = yaml.serialize(root, Dumper=yaml.BaseDumper)
    return text


@given(st.integers(0, 2**32), st.booleans())
@settings(derandomize=True, max_examples=25, deadline=None)
def test_the_order_of_declaration_changes_nothing(luck: int, variant: bool) -> None:
    text = shuffled(luck)
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
