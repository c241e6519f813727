"""Extending files, variants and settings: what wins, what changes and how, what is logged."""

# One row a case.

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.language.changes import Change
from ccsim.scenario import load, loads, read, read_text
from ccsim.text.paths import joined, parse_path
from ccsim.text.within import files_from_outside
from ccsim.units import MINUTE, SECOND
from tests.scenario.override_texts import VARIANTS, agents, mean, set_
from tests.support.scenario_texts import LAB, lab


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

    def simulated(**options: list[str]) -> int:
        return load(path, **options).run.replications  # type: ignore[arg-type]

    assert load(tmp_path / "base.yaml").run.replications == 100
    assert simulated() == 2
    assert simulated(variants=["v"]) == 3
    assert simulated(variants=["v", "w"]) == 4
    assert simulated(variants=["w", "v"]) == 3
    assert simulated(variants=["w"], settings=["run.replications=5", "run.replications=6"]) == 6
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
        "extends: ../base.yaml\nscenario: child\npatience: ~\n"
        "pools: {desk: {staffing: [[00:00, 7]]}, spare: ~, new: {staffing: 3}}\n"
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


def test_replacing_a_curve_says_which_stretches_it_forgets() -> None:
    hour = "pools.desk.staffing[2026-01-01 14:00..15:00]=+2"

    def told(*settings: str) -> list[str]:
        remarks = read_text(LAB, settings=settings).remarks
        return [one.message for one in remarks if one.kind == "warning" and "whole curve" in one.message]

    (said,) = told(hour, "pools.desk.staffing=20")
    assert "14:00" in said
    assert "add: 2" in said
    assert told("pools.desk.staffing=20", hour) == told(hour, "pools.desk.staffing=x2") == []
    minute = "demand.calls.rate[2026-01-01 14:00..15:00]=x2"
    assert len(told(minute, "demand.calls.rate=12 per hour")) == 1


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
    text = lab(demand="{calls: {forecast: {file: day.csv, every: 12h, outside: repeat}, profile: flat}}")
    found = loads(text, base_dir=tmp_path, settings=["demand.calls.rate=x1.1"])
    assert found.demand["calls"].changes == (Change(start="2026-01-01T00:00:00", end="2026-01-05T21:00:00", times=1.1),)


def test_a_rate_takes_the_place_of_any_source() -> None:
    text = lab(demand="{calls: {rates: {per: minute, steps: [[00:00, 1]]}}}")
    found = set_("demand.calls.rate=12 per hour", text=text)
    assert found == set_(text=lab(demand="{calls: {per_hour: 12}}"))


def test_a_tilde_puts_the_default_back() -> None:
    assert set_("run=~").run.replications == 20
    assert set_("run.replications=null").run.replications == 20


def test_a_setting_may_be_a_map_of_texts() -> None:
    assert loads(LAB, settings={"run.replications": "3"}).run.replications == 3


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


DESK = """\
scenario: desk
horizon: {start: 2026-01-05, length: 1d}
demand: {calls: {per_day: 40, profile: flat}}
handle_time: 3m
patience: 2m
pools: {desk: {staffing: STAFFING}}
variants: {more: {pools.desk.staffing: +3}, times: {pools.desk.staffing: x1.5}}
"""


@pytest.mark.parametrize(
    ("staffing", "told"),
    [
        ("[[00:00, 0], [08:00, 8], [20:00, 0]]", 1),
        ("[[00:00, 10], [08:00, 8]]", 0),
        ("{every: 12h, values: [0, 20]}", 1),
        ("desk.csv", 1),
        ("12", 0),
    ],
)
def test_people_who_are_added_while_nobody_is_there_are_told(tmp_path: Path, staffing: str, told: int) -> None:
    (tmp_path / "desk.csv").write_text(
        "start,agents\n" + "".join(f"2026-01-05 {h:02}:00,{0 if h < 12 else 8}\n" for h in range(24))
    )
    text = DESK.replace("STAFFING", staffing)

    def warned(variant: str) -> list[str]:
        remarks = read_text(text, base_dir=tmp_path, variants=[variant]).remarks
        return [one.message for one in remarks if "while the pool has nobody" in one.message]

    assert len(warned("more")) == told
    assert warned("times") == []
