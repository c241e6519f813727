"""Extending files, variants and settings: what wins, what may be addressed, what is logged."""

# One row a case.
# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import Scenario, load, loads, read, read_text
from ccsim.scenario.load import Loaded
from ccsim.scenario.paths import joined, parse_path
from ccsim.scenario.sections import Change
from ccsim.scenario.within import files_from_outside
from ccsim.units import MINUTE, SECOND
from tests.support.scenario_texts import LAB, faults_of, lab

VARIANTS = """\
variants:
  more: {pools.desk.staffing: +2}
  most: {on: more, pools.desk.staffing: x2}
  both: {on: [more, slow]}
  slow: {handle_time.mean: x1.1, patience: ~}
  one_hour:
    pools.desk.staffing[2026-01-01 14:00..15:00]: +2
    demand.calls.rate[2026-01-01 09:00..2026-01-01 10:30]: x1.1
    demand.calls.rate[2026-01-01 11:00..12:00]: 12 per minute
"""


def set_(*settings: str, text: str = LAB) -> Scenario:
    return loads(text, settings=settings)


def agents(scenario: Scenario) -> tuple[float, ...]:
    staffing = scenario.pools["desk"].staffing
    assert staffing is not None
    return staffing.values


def mean(scenario: Scenario) -> int:
    assert scenario.handle_time is not None
    mean: int = scenario.handle_time.talk.mean  # type: ignore[union-attr]
    return mean


def test_variants_build_on_one_another_each_once() -> None:
    assert agents(loads(LAB + VARIANTS, variants=["more"])) == (14.0,)
    assert agents(loads(LAB + VARIANTS, variants=["most"])) == (28.0,)
    assert agents(loads(LAB + VARIANTS, variants=["more", "most", "both"])) == (28.0,)
    both = loads(LAB + VARIANTS, variants=["both"])
    assert (agents(both), mean(both), both.patience) == ((14.0,), 132 * SECOND, None)


def test_a_long_chain_of_variants_is_walked() -> None:
    links = "".join(f"  v{n}: {{on: v{n + 1}}}\n" for n in range(990))
    text = LAB + "variants:\n" + links + "  v990: {run.seed: 3}\n"
    assert loads(text, variants=["v0"]).run.seed == 3


def test_what_a_variant_builds_on_comes_first() -> None:
    text = LAB + "variants:\n  d: {on: [b, c]}\n  c: {on: a, title: c}\n  b: {on: a, title: b}\n  a: {title: a}\n"
    assert [one.by for one in read_text(text, variants=["d"]).overrides] == ["variant a", "variant b", "variant c"]
    assert loads(text, variants=["d", "b"]).title == "c"


def test_later_wins(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(lab() + "variants: {v: {run.replications: 3}, w: {run.replications: 4}}\n")
    (tmp_path / "mid.yaml").write_text("extends: base.yaml\nrun: {replications: 2, seed: 5}\n")
    path = tmp_path / "mid.yaml"

    def played(**options: list[str]) -> int:
        return load(path, **options).run.replications  # type: ignore[arg-type]

    assert load(tmp_path / "base.yaml").run.replications == 100
    assert played() == 2
    assert played(variants=["v"]) == 3
    assert played(variants=["v", "w"]) == 4
    assert played(variants=["w", "v"]) == 3
    assert played(variants=["w"], settings=["run.replications=5", "run.replications=6"]) == 6
    assert load(f"{path}:v").run.replications == 3
    assert load(f"{path}:v:w").run.replications == 4
    assert load(f"{path}:v", variants=["w"]).run.replications == 4
    assert load(path).run.seed == 5


def test_extending_merges_maps_and_replaces_the_rest(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        lab(pools="{desk: {staffing: [[00:00, 1], [12:00, 2]], paid_hour: 10}, spare: {staffing: 1}}")
    )
    sub = tmp_path / "sub"
    sub.mkdir()
    (sub / "child.yaml").write_text(
        "extends: ../base.yaml\nscenario: child\npatience: ~\npools: {desk: {staffing: [[00:00, 7]]}, spare: ~, new: {staffing: 3}}\n"
    )
    (sub / "grandchild.yaml").write_text("extends: child.yaml\nhandle_time: {mean: 3m}\n")
    with files_from_outside():
        found = load(sub / "grandchild.yaml")
        story = {one.key: (one.old, one.new) for one in read(sub / "grandchild.yaml").applied}
    assert (found.scenario, found.patience, sorted(found.pools)) == ("child", None, ["desk", "new"])
    assert (agents(found), found.pools["desk"].paid_hour, mean(found)) == ((7.0,), 10.0, 3 * MINUTE)
    assert story["patience"] == ("{law: exponential, mean: 1m}", None)
    assert story["handle_time.mean"] == ("2m", "3m")


def test_file_names_are_relative_to_the_file_they_stand_in(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("start,agents\n2026-01-01,3\n2026-01-01 00:15,4\n")
    (tmp_path / "base.yaml").write_text(lab(pools="{desk: {staffing: plan.csv}}"))
    sub = tmp_path / "sub"
    sub.mkdir()
    (sub / "child.yaml").write_text("extends: ../base.yaml\n")
    with files_from_outside():
        found = read(sub / "child.yaml")
    assert agents(found.scenario) == (3.0, 4.0)
    assert [Path(use.name).name for use in found.files] == ["base.yaml", "plan.csv", "child.yaml"]
    assert all(len(use.sha256) == 64 for use in found.files)


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


def test_a_stretch_of_time() -> None:
    found = read_text(LAB + VARIANTS, variants=["one_hour"])
    assert found.scenario.pools["desk"].changes == (
        Change(start="2026-01-01T14:00:00", end="2026-01-01T15:00:00", add=2.0),
    )
    assert found.scenario.demand["calls"].changes == (
        Change(start="2026-01-01T09:00:00", end="2026-01-01T10:30:00", times=1.1),
        Change(start="2026-01-01T11:00:00", end="2026-01-01T12:00:00", set_to=12.0 / MINUTE),
    )
    first = found.overrides[0]
    assert (first.by, first.key, first.old, first.new) == (
        "variant one_hour",
        "pools.desk.staffing[2026-01-01 14:00..15:00]",
        "12",
        "+2",
    )
    whole_day = set_("pools.desk.staffing[2026-01-01]=5").pools["desk"].changes
    assert whole_day == (Change(start="2026-01-01T00:00:00", end="2026-01-02T00:00:00", set_to=5.0),)
    less = set_("pools.desk.staffing[2026-01-01 22:00..24:00]=-3", "demand.calls.rate[2026-01-01]=+2 per hour")
    assert less.pools["desk"].changes[0].add == -3.0
    assert less.demand["calls"].changes[0].add == 2 / (60 * MINUTE)


def test_replacing_a_curve_forgets_earlier_stretches() -> None:
    hour = "pools.desk.staffing[2026-01-01 14:00..15:00]=+2"
    assert set_(hour, "pools.desk.staffing=20").pools["desk"].changes == ()
    assert len(set_("pools.desk.staffing=20", hour).pools["desk"].changes) == 1
    assert len(set_(hour, "pools.desk.staffing=x2").pools["desk"].changes) == 1
    minute = "demand.calls.rate[2026-01-01 14:00..15:00]=x2"
    assert set_(minute, "demand.calls.rate=12 per hour").demand["calls"].changes == ()


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ("handle_time.mean=+30s", "handle_time", 150 * SECOND),
        ("handle_time.mean=-1m", "handle_time", 60 * SECOND),
        ("handle_time.mean=x1.1", "handle_time", 132 * SECOND),
        ("handle_time.mean=3m", "handle_time", 180 * SECOND),
    ],
)
def test_relative_durations(change: str, key: str, value: int) -> None:
    assert mean(set_(change)) == value


def test_relative_numbers_shares_times_and_curves() -> None:
    text = lab(
        demand="{calls: {rates: {per: minute, steps: [[00:00, 1.0], [12:00, 4.2]]}}}",
        pools="{desk: {staffing: [[00:00, 5], [12:00, 12]]}, late: {shifts: [{agents: 3, start: 09:00, length: 8h}]}}",
        patience="{mean: 1m, zero: 10%}",
    )
    assert agents(set_("pools.desk.staffing=x1.1", text=text)) == (6.0, 13.0)
    assert agents(set_("pools.desk.staffing=-2", text=text)) == (3.0, 10.0)
    rate = set_("demand.calls.rate=x1.1", text=text).demand["calls"].rate
    assert rate is not None
    assert rate.grid.values == (1.1 / MINUTE, 4.62 / MINUTE)
    assert set_("demand.calls.rates.steps.1.1=+1", text=text).demand["calls"].rate.grid.values[1] == 5.2 / MINUTE  # type: ignore[union-attr]
    patience = set_("patience.zero=+5%", text=text).patience
    assert patience is not None
    assert patience.zero == 0.15
    shift = set_("pools.late.shifts.0.start=+30m", "pools.late.shifts.0.agents=x2", text=text).pools["late"].shifts[0]
    assert (shift.start, shift.agents) == (570 * MINUTE, 6)


def test_a_csv_is_changed_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text("start,contacts\n2026-01-01,60\n2026-01-01 12:00,60\n")
    text = lab(demand="{calls: {intervals: day.csv, profile: flat}}")
    found = loads(text, base_dir=tmp_path, settings=["demand.calls.rate=x1.1"])
    assert found.demand["calls"].changes == (Change(start="2026-01-01T00:00:00", end="2026-01-05T21:00:00", times=1.1),)


def test_a_rate_takes_the_place_of_any_source() -> None:
    text = lab(demand="{calls: {rates: {per: minute, steps: [[00:00, 1]]}}}")
    found = set_("demand.calls.rate=12 per hour", text=text)
    assert found == set_(text=lab(demand="{calls: {per_hour: 12}}"))


def test_keys_that_the_language_knows_may_be_made() -> None:
    found = set_(
        "routing.choose_agent=random",
        "channels.phone.max_wait=10m",
        "workflows.calls.tiers.t1.resolved=80%",
        "pools.desk.channels=[phone]",
        "horizon.interval=1h",
        "title=Tuesday",
    )
    assert found.routing.choose_agent == ("random",)
    assert found.channels["phone"].max_wait == 10 * MINUTE
    assert found.workflows["calls"].tiers["t1"].resolved == 0.8
    assert (found.horizon.interval, found.title) == (60 * MINUTE, "Tuesday")


def test_a_tilde_puts_the_default_back() -> None:
    assert set_("run=~").run.replications == 20
    assert set_("run.replications=null").run.replications == 20


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
        ("scenario=+2", "here stands 'erlang-a'"),
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


def test_a_setting_may_be_a_map_of_texts() -> None:
    assert loads(LAB, settings={"run.replications": "3"}).run.replications == 3


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


@pytest.mark.parametrize("parts", [("a", "b"), ("a.b", "c"), ('"', "x"), ("two words", "0"), ("a[1]", "b")])
def test_keys_are_quoted_where_they_must(parts: tuple[str, ...]) -> None:
    key = ""
    for part in parts:
        key = joined(key, part)
    if '"' not in parts:
        assert parse_path(key).parts == parts
    assert parse_path("pools.'site.a'.staffing[2026-01-01]").parts == ("pools", "site.a", "staffing")


def test_names_with_dots_are_addressed_in_quotes() -> None:
    text = lab(pools="{site.a: {staffing: 2}}")
    for quote in "\"'":
        found = loads(text, settings=[f"pools.{quote}site.a{quote}.staffing=5"])
        assert found.pools["site.a"].staffing.values == (5.0,)  # type: ignore[union-attr]


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
  more: {demand.calls.channels.chat: 50%}
"""


def test_parts_of_a_whole_are_named_with_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SHARES)
    child = tmp_path / "child.yaml"
    child.write_text("extends: base.yaml\nscenario: child\ndemand: {calls: {channels: {mail: 30%, phone: 70%}}}\n")
    base, key, inherited = tmp_path / "base.yaml", "demand.calls.channels", "; parts that are not written again are "
    inherited += "inherited, `~` deletes one"
    with pytest.raises(ScenarioError) as error:
        load(child)
    assert str(error.value) == (
        f"{child}:3:28: {key}: the shares add up to 140%; expected 100%: phone 70%, chat 40% ({base}:10:13), mail 30%"
        + inherited
    )
    with pytest.raises(ScenarioError) as error:
        load(base, variants=["more"])
    assert str(error.value).endswith(f"add up to 110%; expected 100%: phone 60%, chat 50% (line 13){inherited}")
    with pytest.raises(ScenarioError) as error:
        load(base, settings=[f"{key}.phone=10%"])
    assert str(error.value).endswith(f": phone 10% (--set {key}.phone=10%), chat 40% (line 10){inherited}")
    base.write_text(SHARES.replace("60%", "70%"))
    with pytest.raises(ScenarioError) as error:
        load(base)
    assert str(error.value).endswith("add up to 110%; expected 100%: phone 70%, chat 40% (line 10)")


GROWS = """\
variants:
  night: {pools.night: {staffing: 4}}
  more_at_night: {on: night, pools.night.staffing: x2}
  mails: {demand.mails: {per_hour: 6}}
  launch: {surges.launch: {at: 2026-01-01 10:00, for: 1h, times: 2}}
  manila: {sites.manila: {region: apac, time_zone: Asia/Manila, hours: 00:00-24:00}, pools.desk.site: manila}
  mine: {profiles.mine: {hours: [[00:00, 1], [12:00, 2]]}}
  strict: {goals.0: {kpi: asa, at_most: 30s}, goals.1: {kpi: abandonment, at_most: 5%}}
  slip: {pools.dsk: {staffing: 4}}
"""


def grown(variant: str) -> Loaded:
    return read_text(LAB + GROWS, variants=[variant])


def test_a_variant_adds_what_a_section_does_not_have() -> None:
    assert set(grown("night").scenario.pools) == {"desk", "night"}
    night = grown("more_at_night").scenario.pools["night"].staffing
    assert night is not None
    assert night.values == (8.0,)
    assert set(grown("mails").scenario.demand) == {"calls", "mails"}
    assert set(grown("launch").scenario.surges) == {"launch"}
    assert grown("manila").scenario.pools["desk"].site == "manila"
    assert [goal.kpi for goal in grown("strict").scenario.goals] == ["asa", "abandonment"]
    mine = loads(LAB + GROWS, variants=["mine"], settings=["demand.mails={per_day: 9, profile: mine}"])
    assert mine.demand["mails"].profile is not None
    (applied,) = grown("night").applied
    assert (applied.key, applied.old, applied.new) == ("pools.night", "nothing", "{staffing: 4}")


def test_a_new_name_that_is_much_like_another_is_told() -> None:
    (said,) = [remark for remark in grown("slip").remarks if remark.kind == "warning" and "new" in remark.message]
    assert (said.key, said.message) == ("pools.dsk", "'dsk' is new in pools; did you mean 'desk'?")
    for variant in ("night", "mails", "launch"):
        assert not [remark for remark in grown(variant).remarks if "is new" in remark.message], variant
