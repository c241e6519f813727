"""Drivers: which inputs are found and how far they are moved, what is told of each, what is significant."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments.drivers import DriversAsked, drivers, plan_drivers
from ccsim.experiments.drivers_found import MOST_EACH, drivers_found
from ccsim.kpis.definitions import MAIN_COST
from ccsim.metrics import drivers as metrics
from ccsim.metrics.drivers import effects
from ccsim.report.drivers_page import drivers_page
from ccsim.report.workbook import workbook_bytes
from ccsim.report.written import written
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import read_sweep
from ccsim.scenario.load import read_text
from tests.support.sweep_desk import DESK
from tests.support.workbook_reader import pages_of

STEP = Fraction(1, 10)
RICH = """\
scenario: rich
horizon: {start: 2026-01-05, length: 1d}
handle_time_cv: 0.8
patience: {law: weibull, mean: 3m, shape: 0.8, zero: 2%}
channels: {chat: {kind: live, handle_time: 8m}}
workflows:
  orders:
    tiers:
      t1: {handle_time: {phone: {talk: {mean: 5m, cv: 0.8}, wrap_up: 15%}, chat: 9m}, resolved: 96%}
    returns: {after_unresolved: {share: 60%, after: 1d}}
demand:
  orders: {per_week: 2_000, channels: {phone: 60%, chat: 40%}, profile: business_day}
  shaped: {workflow: orders, channel: phone, rates: {per: hour, steps: [[00:00, 0], [09:00, 10], [17:00, 0]]}}
bots: {helper: {channels: [chat], takes: 100%, contains: 35%, handle_time: 2m, price: {session: 0.30, month: 800}}}
vendors: {own: {kind: in_house, paid_hour: 20, shrinkage: {absence: 5%, leave: 8%}}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
shift_patterns: {day: {paid: 8h, starts: 09:00}}
pools:
  a: {site: here, vendor: own, headcount: 47, shifts: [day]}
  b: {site: here, vendor: own, staffing: 2}
  c: {site: here, vendor: own, staffing: [[00:00, 0], [08:00, 4], [20:00, 0]], paid_hour: 0.5}
"""


def moved(text: str, **given: object) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    tree = read_text(text).tree
    return {one.name: (dict(one.low), dict(one.high)) for one in drivers_found(tree, STEP, **given)}  # type: ignore[arg-type]


def test_inputs_are_found_where_they_are_written_and_moved_by_a_tenth() -> None:
    found = moved(RICH)
    assert found["volume orders"] == ({"demand.orders.per_week": "1800"}, {"demand.orders.per_week": "2200"})
    assert found["volume shaped"] == ({"demand.shaped.rate": "x0.9"}, {"demand.shaped.rate": "x1.1"})
    path = "workflows.orders.tiers.t1.handle_time"
    assert found["handle time orders t1"][0] == {f"{path}.phone.talk.mean": "4m30s", f"{path}.chat": "8m6s"}
    assert found["handle time chat"][1] == {"channels.chat.handle_time": "8m48s"}
    assert found["patience"] == ({"patience.mean": "2m42s"}, {"patience.mean": "3m18s"})
    assert found["resolved orders t1"][1] == {"workflows.orders.tiers.t1.resolved": "100%"}
    assert found["returns orders after_unresolved"][0] == {"workflows.orders.returns.after_unresolved.share": "54%"}
    assert found["people a"] == ({"pools.a.headcount": "42"}, {"pools.a.headcount": "52"})
    assert found["people b"] == ({"pools.b.staffing": "1"}, {"pools.b.staffing": "3"})
    assert found["people c"] == ({"pools.c.staffing": "x0.75"}, {"pools.c.staffing": "x1.25"})
    assert set(found["shrinkage own"][0].values()) == {"4.5%", "7.2%"}
    assert found["bot helper takes"] == ({"bots.helper.takes": "90%"}, {})
    assert found["bot helper contains"][1] == {"bots.helper.contains": "38.5%"}
    assert found["price own"][1] == {"vendors.own.paid_hour": "22"}
    assert found["price helper"][0] == {
        "bots.helper.price.session": "0.27",
        "bots.helper.price.month": "720",
    }
    assert len(found) == 16


def test_every_end_that_is_found_makes_a_scenario() -> None:
    for low, high in moved(RICH).values():
        for end in (low, high):
            read_text(RICH, settings=[f"{key}={value}" for key, value in end.items()])


def test_many_of_a_kind_are_moved_together_unless_each_is_asked_for() -> None:
    pools = "".join(f"  p{i}: {{site: here, vendor: own, staffing: 3}}\n" for i in range(MOST_EACH))
    text = RICH + pools
    together = moved(text)
    name = f"people, all {MOST_EACH + 3}"
    assert [one for one in together if one.startswith("people")] == [name]
    assert len(together[name][0]) == MOST_EACH + 3
    assert len([one for one in moved(text, each=True) if one.startswith("people")]) == MOST_EACH + 3
    assert set(moved(text, kinds=["price"])) == {"price own", "price c", "price helper"}


@pytest.fixture
def desk(tmp_path: Path) -> str:
    (tmp_path / "desk.yaml").write_text(DESK)
    return str(tmp_path / "desk.yaml")


def test_an_effect_is_the_paired_difference_of_a_comparison(desk: str) -> None:
    made = drivers(desk, ["pools.a.staffing=1..4", "vendors.own.paid_hour"], replications=4)
    table = effects(made)
    assert made.points["simulated_as"].nunique() == 3  # prices are not simulated
    high = table[(table["driver"] == "pools.a.staffing") & (table["end"] == "high") & (table["kpi"] == MAIN_COST)]
    compared = api.compare(desk, settings=["pools.a.staffing=4"], replications=4).difference(MAIN_COST)
    assert high["difference"].item() == compared["difference"]
    price = table[(table["driver"] == "vendors.own.paid_hour") & (table["kpi"] == MAIN_COST)]
    assert price["difference"].tolist() == pytest.approx([-96, 96])
    assert price["significant"].tolist() == [True, True]
    none = table[(table["driver"] == "vendors.own.paid_hour") & (table["kpi"] == "service_level")]
    assert none["difference"].tolist() == [0, 0]
    assert not none["significant"].any()


@pytest.fixture(scope="module")
def moved_all(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    place = tmp_path_factory.mktemp("desk") / "desk.yaml"
    place.write_text(DESK)
    return drivers(place, replications=3)


def test_ranks_go_by_the_larger_effect_on_each_target(moved_all: Sweep) -> None:
    made = moved_all
    for _, rows in effects(made).groupby("target"):
        reach = rows.groupby("rank")["difference"].agg(lambda some: some.abs().max())
        assert reach.is_monotonic_decreasing
        assert rows.groupby("rank")["driver"].nunique().eq(1).all()
    assert effects(made)["target"].unique().tolist() == ["Cost a day", "Service level, 20s", "Occupancy (vendor own)"]


def test_noise_is_seldom_called_significant() -> None:
    """300 targets of 20 inputs without effect: about 5 % have any that is called significant."""
    rng, wrong = np.random.default_rng(3), 0
    for _ in range(300):
        moves = rng.normal(size=(40, 12))
        rows = [
            {
                "difference": one.mean(), "standard_error": one.std(ddof=1) / np.sqrt(12), "replications": 12,
                "verdict": "not decided",
            }
            for one in moves
        ]  # fmt: skip
        for row in rows:
            row["p_value"] = metrics._p_value(row)
        metrics._adjust(rows)
        wrong += any(row["significant"] for row in rows)
    assert wrong <= 15 + 3 * np.sqrt(300 * 0.05 * 0.95)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("demand.calls.per_minute", "x0.9", "x1.1"),
        ("demand.calls.per_minute=-10%..10%", "x0.9", "x1.1"),
        ("demand.calls.per_minute=-50%..+25%", "x0.5", "x1.25"),
        ("pools.a.staffing=1..4", "1", "4"),
        ("pools.a.staffing=-1..+2", "-1", "+2"),
        ("patience.mean=30s..2m", "30s", "2m"),
    ],
)
def test_an_input_is_said_alone_by_per_cents_or_by_two_values(desk: str, said: str, low: str, high: str) -> None:
    plan = plan_drivers(DriversAsked(desk, [said]))
    key = said.partition("=")[0]
    assert [dict(point.values) for point in plan.points] == [{}, {key: low}, {key: high}]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"vary": ["pools.a.staffing=3"]}, "expected two ends, like -10%..[+]10% or 8..12, got '3'"),
        ({"vary": ["pools.a.staffing=1..3:5"]}, "expected two ends"),
        ({"vary": ["run.seed"]}, "cannot be moved: give --replications or --seed"),
        ({"vary": ["patience.mean", "patience.mean"]}, "named twice"),
        ({"vary": ["pools.q.staffing"]}, "pools.q"),
        ({"vary": ["patience.mean=-150%..+10%"]}, "at least -100%"),
        ({"step": "0%"}, "--step: expected a share"),
        ({"step": "10"}, "--step: expected a share"),
        ({"kinds": ["wages"]}, "there is no kind 'wages'; expected one of volume, "),
    ],
)
def test_bad_input_says_what_would_do(desk: str, given: dict[str, list[str]], why: str) -> None:
    with pytest.raises(CcsimError, match=why):
        plan_drivers(DriversAsked(desk, **given))  # type: ignore[arg-type]


def test_an_end_that_makes_no_scenario_is_left_out_and_said(tmp_path: Path) -> None:
    tiers = "resolved: 80%, escalated: 15%}\n      t2: {handle_time: 9m}"
    text = RICH.replace("resolved: 96%}", tiers).replace("headcount: 47,", "headcount: 47, tier: [t1, t2],")
    place = tmp_path / "rich.yaml"
    place.write_text(text)
    plan = plan_drivers(DriversAsked(str(place), kinds=["resolved"]))
    assert len(plan.points) == 2
    assert [one.partition(":")[0] for one in plan.about["left_out"]] == ["resolved orders t1 at 88%"]


def test_a_stopped_one_is_resumed_and_another_sweep_is_none(desk: str, tmp_path: Path) -> None:
    given = {"replications": 3, "out": str(tmp_path / "out")}
    made = drivers(desk, ["pools.a.staffing"], **given)  # type: ignore[arg-type]
    again = drivers(desk, ["pools.a.staffing"], resume=True, **given)  # type: ignore[arg-type]
    assert again.digest == made.digest
    stored = read_sweep(tmp_path / "out")
    pd.testing.assert_frame_equal(effects(stored), effects(made))
    with pytest.raises(CcsimError, match="do not move one input at a time"):
        effects(api.sweep(desk, {"pools.a.staffing": "2..3"}, replications=2))


def test_the_page_has_a_tornado_for_each_target(moved_all: Sweep, tmp_path: Path) -> None:
    made = moved_all
    text = drivers_page(made)
    assert text.count("Tornado: ") >= 3
    assert "<svg" in text
    assert "no effect: " not in text  # in a sentence of its own
    assert "No effect: " in text
    assert written(made, tmp_path / "page.html", text=text).read_text("utf-8") == text


def test_the_workbook_has_the_tornado_as_a_table(moved_all: Sweep, tmp_path: Path) -> None:
    pages = pages_of(written(moved_all, tmp_path / "workbook.xlsx").read_bytes())
    sheet, want = pages["Effects"], effects(moved_all)
    effect = [None if pd.isna(one) else pytest.approx(one, rel=1e-14) for one in want["difference"]]
    assert sheet.column("Effect") == effect  # 16 digits in a cell
    assert sheet.column("Rank") == want["rank"].tolist()
    assert sheet.column("Input") == want["driver"].tolist()
    assert "Effects" not in pages_of(workbook_bytes(replace(moved_all, provenance={})))


def test_on_the_command_line(desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def ccsim(*given: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, ["drivers", desk, *given])
        return done.exit_code, done.stdout, done.stderr

    code, printed, said = ccsim("--quiet", "--replications", "3", "--only", "price", "--no-report")
    assert (code, said) == (0, "")
    assert printed.splitlines()[0] == (
        "desk: 2 inputs, each by 10% unless it says otherwise, one at a time; 1 scenario on common random numbers, "
        "3 replications each, seed 4"
    )
    assert "Cost a day moves most with price own: -96.0 USD a day at 18." in printed
    assert read_sweep("runs/drivers-desk-1").provenance["step"] == "10%"
    code, printed, _ = ccsim(
        "--json", "--quiet", "--replications", "2", "--only", "price", "--kpi", "asa", "--no-report"
    )
    document = json.loads(printed, parse_constant=pytest.fail)
    assert {row["kpi"] for row in document["effects"]} == {MAIN_COST, "service_level", "occupancy", "asa"}
    code, printed, _ = ccsim("--dry-run")
    assert code == 0
    assert "people a" in printed
    assert "pools.a.staffing" in printed
    code, printed, said = ccsim("--vary", "pools.a.staffing=2", "--kpi", "asaa", "--quiet")
    assert (code, printed) == (2, "")
    assert "expected two ends" in said
    assert "there is no KPI 'asaa'" in said


def test_faults_are_told_all_at_once(desk: str) -> None:
    with pytest.raises(ScenarioError) as told:
        plan_drivers(DriversAsked(desk, ["pools.a.staffing=3", "run.seed", "pools.b.staffing=1..x"]))
    assert len(told.value.faults) == 3


def test_people_follow_the_work_of_an_input_and_stay_as_another_says(tmp_path: Path) -> None:
    """Two agents at 20 an hour; the partner's minimum is paid for one or two. Another input says the people of a."""
    (tmp_path / "desk.yaml").write_text(DESK)
    given = {"replications": 2, "seed": 4}
    vary = ["demand.calls.per_minute=-50%..+100%", "pools.a.staffing=1..3"]
    made = drivers(tmp_path / "desk.yaml", vary, staff="keep occupancy", **given)  # type: ignore[arg-type]
    assert made.people is not None
    moved = {(int(row.point), str(row.pool)): (row.before, row.after) for row in made.people.itertuples()}
    assert moved == {(1, "a"): (2, 1), (1, "b"): (1, 1), (2, "a"): (2, 4), (2, "b"): (1, 2)}
    found = [float(made.kpi(point, MAIN_COST)["difference"]) for point in range(1, 5)]
    assert found == pytest.approx([-480, 960, -480, 480])
    still = drivers(tmp_path / "desk.yaml", vary, **given)  # type: ignore[arg-type]
    assert [float(still.kpi(point, MAIN_COST)["difference"]) for point in (1, 2)] == pytest.approx([0, 0], abs=1e-9)
    with pytest.raises(CcsimError, match="--staff: expected 'keep occupancy', got 'keep goals'"):
        drivers(tmp_path / "desk.yaml", staff="keep goals")
    words = ["drivers", str(tmp_path / "desk.yaml"), "--vary", vary[0], "--staff", "keep occupancy", "--no-report"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out"), "--quiet"])
    assert "one at a time, people follow the work; " in done.stdout, done.output
    assert ["people follow the work" in drivers_page(one) for one in (made, still)] == [True, False]
