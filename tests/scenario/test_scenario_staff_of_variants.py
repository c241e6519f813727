"""People follow the work of a variant, `staff: keep occupancy`: which overrides come out of it, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.experiments.sweep_factors import factors_of
from ccsim.experiments.sweep_plan import SweepAsked, plan_sweep
from ccsim.model.offered import weekly_work
from ccsim.scenario import loads, read_text, to_canonical
from ccsim.scenario.diff import differences
from ccsim.scenario.load import Opened, read

LINE = """\
scenario: line
horizon: {start: 2026-01-05, length: 8h}
demand: {calls: {per_minute: 8, profile: flat}}
handle_time: 3m
patience: 2m
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
vendors: {own: {kind: in_house}, partner: {kind: bpo}}
routing: {vendor_share: {calls: {own: 60%, partner: 40%}}}
pools:
  house: {site: here, vendor: own, staffing: 20}
  away: {site: here, vendor: partner, staffing: 10}
variants:
  more: {routing.vendor_share.calls.partner: +20%, staff: keep occupancy}
  before: {staff: keep occupancy, routing.vendor_share.calls.partner: +20%}
  house_said: {routing.vendor_share.calls.partner: +20%, pools.house.staffing: 17, staff: keep occupancy}
  busier: {demand.calls.per_minute: x1.5, staff: keep occupancy}
  busier_by_hand: {demand.calls.per_minute: x1.5}
  both: {on: busier_by_hand, routing.vendor_share.calls.partner: 60%, staff: keep occupancy}
  twice: {on: more, demand.calls.per_minute: x2, staff: keep occupancy}
  with_people: {on: busier_by_hand, staff: keep occupancy}
  house_by_hand: {pools.house.staffing: +5}
  with_some: {on: [busier_by_hand, house_by_hand], staff: keep occupancy}
  named: {pools.house.staffing: 18, staff: keep occupancy}
"""


def people(text: str, *variants: str, settings: tuple[str, ...] = ()) -> dict[str, float]:
    scenario = loads(text, variants=variants, settings=settings)
    return {name: pool.staffing.most for name, pool in scenario.pools.items() if pool.staffing is not None}


@pytest.mark.parametrize(
    ("variant", "house", "away"),
    [
        ("more", 13, 15),  # 20 * 40/60, 10 * 60/40
        ("before", 13, 15),
        ("house_said", 17, 15),
        ("busier", 30, 15),
        ("busier_by_hand", 20, 10),
        ("both", 20, 23),  # 20 * 1.5 * 40/60, 10 * 1.5 * 60/40, halves up: by the work of what it is on, too
        ("twice", 27, 30),  # 20 * 2 * 40/60: once, not from the 13 people of what it is on
        ("with_people", 30, 15),
        ("with_some", 25, 15),  # what it is on says the people of the house
        ("named", 18, 10),
    ],
)
def test_every_pool_gets_people_in_proportion_to_what_the_variant_brings_it(
    variant: str, house: int, away: int
) -> None:
    assert people(LINE, variant) == {"house": house, "away": away}


def test_what_comes_later_goes_on_from_the_people_of_a_variant() -> None:
    settings = ("pools.away.staffing=+2", "demand.calls.per_minute=x3")
    assert people(LINE, "more", settings=settings) == {"house": 13, "away": 17}
    assert people(LINE, "more", "busier") == {"house": 20, "away": 23}  # 13 * 1.5 and 15 * 1.5, halves up
    assert people(LINE, "busier", "more") == {"house": 20, "away": 23}  # 30 * 2/3 and 15 * 3/2, halves up


def test_a_variant_has_the_people_that_a_sweep_gives_the_same_value(tmp_path: Path) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(LINE)
    factors, faults = factors_of(["routing.vendor_share.calls.partner=+20%"])
    assert not faults
    plan = plan_sweep(SweepAsked([str(file)], factors, staff="keep occupancy"))
    moved = {row["pool"]: row["after"] for row in plan.points[1].people}
    assert moved == people(LINE, "more")


def test_the_occupancy_that_the_plan_foresees_stays() -> None:
    """Work over people of each pool, but for whole people: half a person at most."""
    before, after = loads(LINE), loads(LINE, variants=["busier"])
    work = weekly_work(before), weekly_work(after)
    for name, now in people(LINE).items():
        assert people(LINE, "busier")[name] == pytest.approx(now * work[1][name] / work[0][name], abs=0.5)


def test_it_is_as_if_the_people_had_been_written() -> None:
    by_hand = (
        LINE
        + "  written: {routing.vendor_share.calls.partner: 60%, pools.house.staffing: 13, pools.away.staffing: 15}\n"
    )
    one, other = loads(by_hand, variants=["more"]), loads(by_hand, variants=["written"])
    assert to_canonical(one) == to_canonical(other)
    assert differences(one, other) == ()


def test_people_of_every_kind_follow_and_those_of_a_roster_do_not(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "agent,start,end,activity\n"
        "1,2026-01-05 00:00,2026-01-05 08:00,Phone\n"
        "2,2026-01-05 00:00,2026-01-05 08:00,Phone\n"
    )
    text = f"""\
scenario: kinds
time_zone: UTC
horizon: {{start: 2026-01-05, length: 1w}}
demand: {{calls: {{per_week: 9000, profile: flat}}}}
handle_time: 3m
patience: 2m
sites: {{here: {{region: eu, time_zone: UTC, hours: 24x7}}}}
shift_patterns: {{day: {{paid: 8h, start: 08:00}}, night: {{paid: 8h, starts: [00:00, 16:00]}}}}
pools:
  heads: {{site: here, headcount: 11, shifts: [day, night]}}
  by_pattern: {{site: here, shifts: {{day: 3, night: 5}}}}
  by_time: {{site: here, staffing: [[00:00, 3], [12:00, 5]]}}
  roster: {{site: here, roster: {{file: {tmp_path / "roster.csv"}, on_the_line: [Phone], outside: 0}}}}
  sought: {{site: here, headcount: auto, shifts: [day]}}
variants:
  double: {{demand.calls.per_week: x2, staff: keep occupancy}}
"""
    loaded = read_text(text, base_dir=tmp_path, variants=["double"])
    pools = loaded.scenario.pools
    assert pools["heads"].headcount == 22
    assert pools["by_pattern"].people_on == {"day": 6, "night": 10}
    assert pools["by_time"].staffing is not None
    assert set(pools["by_time"].staffing.values) == {6, 10}
    assert pools["sought"].searched is not None
    told = [one.message for one in loaded.remarks if one.key == "variants.double.staff" and one.kind == "warning"]
    assert told == [
        "pool roster: its people do not follow: a published roster names them",
        "pool sought: its people do not follow: they are still to be found",
    ]


def test_a_variant_that_moves_nobody_is_told_so() -> None:
    told = [one for one in read_text(LINE, variants=["named"]).remarks if one.key == "variants.named.staff"]
    assert [one.kind for one in told] == ["warning"]
    assert "no pool gets other people" in told[0].message
    told = [one for one in read_text(LINE, variants=["more"]).remarks if one.key == "variants.more.staff"]
    assert [one.message for one in told] == ["people follow the work: away 10 -> 15, house 20 -> 13"]


@pytest.mark.parametrize(("since", "told"), [("", 0), (", from: 2026-01-05 04:00", 1), (", ramp: 4h", 1)])
def test_a_bot_from_a_date_on_is_planned_for_in_full_and_that_is_told(since: str, told: int) -> None:
    if since == ", ramp: 4h":
        since = f", from: 2026-01-05{since}"
    bot = f"bots.helper: {{channels: [phone], contained: 30%, session: 1m{since}}}"
    loaded = read_text(LINE + f"  bot: {{{bot}, staff: keep occupancy}}\n", variants=["bot"])
    assert {name: pool.staffing.most for name, pool in loaded.scenario.pools.items() if pool.staffing} == {
        "house": 14,
        "away": 7,
    }
    assert len([one for one in loaded.remarks if "as if bot helper answered in full" in one.message]) == told


def test_its_people_are_worked_out_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Opened("line", text=LINE, folder=tmp_path)
    first = opened.loaded(["more"])
    monkeypatch.setattr(sys.modules["ccsim.scenario.load"], "following", None)
    assert to_canonical(opened.loaded(["more"]).scenario) == to_canonical(first.scenario)
    assert opened.loaded(["more"], ["pools.away.staffing=+1"]).scenario.pools["away"].staffing is not None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("staff: keep_occupancy", "unknown 'keep_occupancy'; say `keep occupancy`"),
        ("staff: follow_the_work", "say `keep occupancy`"),
        ("staff: keep goals", "`ccsim staff FILE:wrong` finds those that keep the goals"),
        ("staff: keep_goals", "`ccsim staff FILE:wrong` finds those that keep the goals"),
        ("staff: 12", "expected one of keep occupancy, got '12'"),
        ("staff: [keep occupancy]", "expected one of keep occupancy"),
        ("people: follow_the_work", "by its key `staff: keep occupancy`"),
        ("headcount: keep occupancy", "by its key `staff: keep occupancy`"),
        ("pools: {staff: keep_occupancy}", "by its key `staff: keep occupancy`"),
        ("pools.staff: keep occupancy", "by its key `staff: keep occupancy`"),
        ("pools.house.staff: keep occupancy", "by its key `staff: keep occupancy`"),
        ("pools: {house: {staffing: keep occupancy}}", "by its key `staff: keep occupancy`"),
    ],
)
def test_other_words_for_it_are_told_the_key_at_their_place(said: str, told: str) -> None:
    text = LINE + f"  wrong: {{demand.calls.per_minute: x2, {said}}}\n"
    with pytest.raises(ScenarioError) as caught:
        read_text(text)
    faults = caught.value.faults
    assert len(faults) == 1
    assert told in faults[0].message
    assert faults[0].line == text.count("\n")
    assert faults[0].key.startswith("variants.wrong.")


def test_a_pool_may_be_called_staff() -> None:
    text = LINE + "  own_name: {pools.staff: {site: here, vendor: own, staffing: 3}, staff: keep occupancy}\n"
    assert people(text, "own_name")["staff"] == 3


def test_faults_of_the_scenario_with_the_variant_are_told_once(tmp_path: Path) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(LINE + "  wrong: {routing.vendor_share.calls.nobody: 20%, staff: keep occupancy}\n")
    with pytest.raises(ScenarioError) as caught:
        read(f"{file}:wrong")
    assert len(caught.value.faults) == len(set(caught.value.faults)) == 1
