"""Faulty extensions, variants and settings: what is said, and where it stands."""

# One row a case.

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import load
from tests.scenario.override_texts import VARIANTS
from tests.support.scenario_texts import LAB, faults_of


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": "extends: a.yaml\n"}, "a.yaml:1:10: extends: 'a.yaml' extends itself"),
        ({"a": "extends: b.yaml\n", "b": "extends: a.yaml\n"}, "b.yaml:1:10: extends: 'a.yaml' extends itself"),
        ({"a": "extends: nowhere.yaml\n"}, "a.yaml:1:10: extends: cannot read 'nowhere.yaml': no such file"),
        ({"a": "extends: .\n"}, "a.yaml:1:10: extends: '.' is not a file"),
        ({"a": "extends: [b.yaml]\n"}, "a.yaml:1:10: extends: expected the name of a scenario file, got a list"),
        ({"a": "extends: b.yaml\n", "b": "- 1\n"}, "b.yaml:1:1: expected a map"),
        ({"a": "extends: b.yaml\nrouting: ~\n", "b": LAB}, "a.yaml:2:10: routing: there is nothing to delete"),
    ],
)
def test_faulty_extends_are_told(tmp_path: Path, files: dict[str, str], said: str) -> None:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.yaml")
    assert len(caught.value.faults) == 1
    assert str(caught.value).replace(f"{tmp_path}/", "").replace(str(tmp_path), ".").startswith(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("pools.dsk.staffing=3", "there is no key 'dsk' in pools; did you mean 'desk'?"),
        ("pools.new=3", "there is no key 'new' in pools"),
        ("goals.7={kpi: asa, at_most: 30s}", "there is no key '7' in goals"),
        ("pools.desk.chanels=[phone]", "there is no key 'chanels' in pools.desk; did you mean 'channels'"),
        ("handle_time.mean.x=3", "handle_time.mean is '2m'; there is no key 'x' in it"),
        ("segments.vip.priority=1", "there is no key 'vip' in segments"),
        ("workflows.sales.priority=1", "there is no key 'sales' in workflows; did you mean 'calls'"),
        ("extends=b.yaml", "there is no key 'extends'"),
        ("goals.0.at_least=3", "there is no key '0' in goals"),
        ("pools.desk.staffing=many", "expected a whole number, got 'many'"),
        ("run.seed=+1", "leaves this key at its default"),
        ("patience.zero=~", "nothing to delete"),
        ("handle_time=x2", "name one of the map's keys"),
        ("scenario=+2", "'erlang-a' stands here"),
        ("handle_time.mean=+2", "needs a unit"),
        ("handle_time.mean=-5m", "would make the value negative"),
        ("pools.desk.staffing=-13", "would make the value negative"),
        ("pools.desk.staffing=-12", "no agents at any time"),
        ("demand.calls.rate=12", "say per what"),
        ("demand.calls.rate={per_minute: 1}", "expected a rate like 12 per minute"),
        ("demand.calls.rate[2026-01-01]=12", "say per what"),
        ("demand.calls.per_minute[2026-01-01]=12", "only pools.NAME.staffing and demand.NAME.rate"),
        ("handle_time[2026-01-01]=x2", "only pools.NAME.staffing and demand.NAME.rate"),
        ("pools.desk.staffing[2026-01-01 14:00..13:00]=1", "ends after it starts"),
        ("pools.desk.staffing[2026-01-01 14:00]=1", "expected a stretch like"),
        ("pools.desk.staffing[today]=1", "expected a local time"),
        ("pools.desk.staffing[2026-01-01]=1.5", "expected a whole number"),
        ("pools.desk.staffing[2026-01-01]=[1]", "got a list"),
        ("pools..staffing=1", "names joined by dots"),
        ("=1", "names joined by dots"),
        ("pools.desk.staffing", "expected key=value"),
        ("title=a: b: c", "not YAML"),
        ("title=&a b", "anchors"),
        ("title=", "got nothing"),
        (".".join("a" * 40) + "=1", "more than 24 names"),
    ],
)
def test_faulty_settings_are_told_with_their_place(change: str, said: str) -> None:
    found = faults_of(LAB, settings=[change])
    assert len(found) == 1, found
    assert said in found[0].message
    assert str(found[0]).startswith("--set " + change[:70])
    assert found[0].line == 0


@pytest.mark.parametrize(
    ("variants", "place", "key", "said"),
    [
        ("[a]", "8:11", "variants", "got a list"),
        ("{v: 3}", "8:15", "variants.v", "got '3'"),
        ("{v: {on: w}}", "8:20", "variants.v.on", "there is no variant 'w'"),
        ("{v: {on: v}}", "8:20", "variants.v.on", "v builds on itself"),
        ("{v: {on: {w: 1}}}", "8:20", "variants.v.on", "got a map"),
        ("{v: {extends: a.yaml}}", "8:16", "variants.v", "cannot change `extends`"),
        ("{v: {'a..b': 1}}", "8:16", "variants.v", "names joined by dots"),
        ("{'two words': {}}", "8:12", "variants.two words", "a name of letters"),
    ],
)
def test_faulty_variants_are_told_though_nobody_chose_them(variants: str, place: str, key: str, said: str) -> None:
    (found,) = faults_of(LAB + f"variants: {variants}\n")
    assert (f"{found.line}:{found.column}", found.key) == (place, key)
    assert said in found.message


def test_an_unknown_variant_is_told() -> None:
    (found,) = faults_of(LAB + VARIANTS, variants=["mroe"])
    assert "there is no variant 'mroe'; did you mean 'more'" in found.message


def test_a_fault_of_a_variant_stands_where_it_is_written() -> None:
    (found,) = faults_of(LAB + "variants:\n  v:\n    pools.dsk.staffing: 3\n", variants=["v"])
    assert (found.line, found.column, found.key) == (10, 5, "pools.dsk.staffing")


SHARES = """\
scenario: base
horizon: {start: 2026-03-02, length: 1d}
handle_time: {value: 1m}
channels: {phone: {}, chat: {}, mail: {}}
demand:
  calls:
    per_hour: 3
    channels:
      phone: 60%
      chat: 40%
pools: {desk: {staffing: 3}}
variants:
  more: {demand.calls.channels.chat: 50%, demand.calls.channels.phone: 60%}
"""


def test_parts_of_a_whole_are_named_with_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SHARES)
    child = tmp_path / "child.yaml"
    child.write_text("extends: base.yaml\nscenario: child\ndemand: {calls: {channels: {mail: 30%, phone: 70%}}}\n")
    base, key, inherited = tmp_path / "base.yaml", "demand.calls.channels", "; parts that are not written again are "
    inherited += "inherited; `~` deletes one"
    with pytest.raises(ScenarioError) as error:
        load(child)
    assert str(error.value) == (
        f"{child}:3:28: {key}: the shares add up to 140%; expected 100%: phone 70%, chat 40% ({base}:10:13), mail 30%"
        + inherited
    )
    with pytest.raises(ScenarioError) as error:
        load(base, variants=["more"])
    assert str(error.value).endswith(
        f"add up to 110%; expected 100%: phone 60% (line 13), chat 50% (line 13){inherited}"
    )
    with pytest.raises(ScenarioError) as error:
        load(base, settings=[f"{key}.phone=10%", f"{key}.chat=40%"])
    assert str(error.value).endswith(f": phone 10% (--set {key}.phone=10%), chat 40% (--set {key}.chat=40%){inherited}")
    base.write_text(SHARES.replace("60%", "70%"))
    with pytest.raises(ScenarioError) as error:
        load(base)
    assert str(error.value).endswith("add up to 110%; expected 100%: phone 70%, chat 40% (line 10)")
