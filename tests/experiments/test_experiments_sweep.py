"""Sweeps: factors, points, pairs, prices that are not simulated, faults all at once, tasks that fail."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from ccsim import api
from ccsim.errors import CcsimError, ScenarioError
from ccsim.experiments.asked import Changes, Effort, SweepAsked
from ccsim.experiments.sweep import TRIES, simulate_sweep
from ccsim.experiments.sweep_factors import factor_of, factors_of
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.experiments.sweep_plan import digest_of_model, plan_sweep
from ccsim.kpis.definitions import MAIN_COST
from ccsim.results.parquet import plain_rows
from ccsim.text.ranges import UnfitError
from tests.support.files import ROOT
from tests.support.sweep_desk import DESK


@pytest.fixture
def desk(tmp_path: Path) -> str:
    (tmp_path / "desk.yaml").write_text(DESK)
    return str(tmp_path / "desk.yaml")


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("8..12:5", "8 9 10 11 12"),
        ("8..11", "8 9 10 11"),
        ("12..8:3", "12 10 8"),
        ("10%..30%:3", "10% 20% 30%"),
        ("0..30%:3", "0% 15% 30%"),
        ("+0..+4:3", "+0 +2 +4"),
        ("-2..+2:3", "-2 +0 +2"),
        ("x0.9..x1.1:3", "x0.9 x1 x1.1"),
        ("2m..4m:5", "2m 2.5m 3m 3.5m 4m"),
        ("1m30s..3m:4", "1m30s 2m 2m30s 3m"),
        ("12 per minute..14 per minute:3", "12 per minute|13 per minute|14 per minute"),
        ("0%..100%:4", "0% 33.33333% 66.66667% 100%"),
        ("{a: 1, b: 2},3", "{a: 1, b: 2}|3"),
        ("08:00,09:00", "08:00 09:00"),
        ('"a,b",c', '"a,b" c'),
    ],
)
def test_values_are_those_that_a_planner_would_write(said: str, values: str) -> None:
    assert factor_of(f"k={said}").values == tuple(values.split("|" if "|" in values else " "))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("k", "expected KEY=8..12:5"),
        ("=1,2", "expected KEY=8..12:5"),
        ("k=1..2:1", "at least 2 values"),
        ("k=1..2:many", "the number of values behind the colon"),
        ("k=1..x2:3", "written alike"),
        ("k=-3..2", "got -3..2; an end with . or - is a change of what stands there: give both ends a sign, or none$"),
        ("k=0.1..0.9", "say how many values, like 0.1..0.9:5"),
        ("k=1,,2", "on either side of a comma"),
        ("k=1,1", "has 1 twice"),
        ("k=3..3:4", "for one value say it alone"),
        ("k=1..9:1_000_000", "at most 10,000"),
        ("k={a: 1", "not closed"),
    ],
)
def test_what_is_no_range_and_no_list_says_what_would_do(said: str, why: str) -> None:
    with pytest.raises(UnfitError, match=why):
        factor_of(said)


def test_every_point_is_its_own_run_with_the_same_random_numbers(desk: str) -> None:
    made = api.sweep(desk, {"pools.a.staffing": "2..3", "pools.b.staffing": [1, 2]})
    assert [made.settings(point) for point in range(5)] == [
        {},
        {"pools.a.staffing": "2", "pools.b.staffing": "1"},
        {"pools.a.staffing": "2", "pools.b.staffing": "2"},
        {"pools.a.staffing": "3", "pools.b.staffing": "1"},
        {"pools.a.staffing": "3", "pools.b.staffing": "2"},
    ]
    compared = api.compare(desk, settings=["pools.a.staffing=3", "pools.b.staffing=2"])
    alone = api.run(desk, settings=["pools.a.staffing=3", "pools.b.staffing=2"])
    for kpi in (MAIN_COST, "abandonment", "asa", "occupancy", "service_level"):
        row = made.kpi(4, kpi)
        assert row["value"] == alone.estimate(kpi)["estimate"]
        assert (row["value_low"], row["value_high"]) == (alone.estimate(kpi)["low"], alone.estimate(kpi)["high"])
        told = compared.difference(kpi)
        assert [row[name] for name in ("base", "difference", "low", "high", "verdict", "good")] == [
            told[name] for name in ("base", "difference", "low", "high", "verdict", "good")
        ]
    goals = made.goals[made.goals["point"] == 4]
    assert goals["verdict"].tolist() == [goal["verdict"] for goal in alone.goals]
    assert goals["estimate"].tolist() == [goal["estimate"] for goal in alone.goals]
    assert made.kpi(1, "abandonment")["verdict"] == "equal"  # as written


PRICES: Final = {
    "pools.a.paid_hour": "22,24",
    "vendors.own.paid_hour": "22,24",
    "vendors.partner.paid_hour": "9,10",
    "vendors.partner.minimum_hours_per_week": "0,800",
}


@pytest.mark.parametrize("key", list(PRICES))
def test_prices_are_priced_and_not_simulated_to_the_last_digit(desk: str, key: str) -> None:
    factors, _ = factors_of([f"{key}={PRICES[key]}"])
    plan = plan_sweep(SweepAsked([desk], factors))
    assert [[point.number for point in task.points] for task in plan.tasks] == [[0, 1, 2]]
    made = simulate_sweep(plan)
    for point, value in enumerate(PRICES[key].split(","), 1):
        alone = api.run(desk, settings=[f"{key}={value}"])
        kept = [row for row in plain_rows(made.kpis[made.kpis["point"] == point]) if row["scope"] == "all"]
        assert len(kept) > 20
        for row in kept:
            want = alone.estimate(row["kpi"], threshold_s=row["threshold_s"])
            assert (row["value"], row["value_low"], row["value_high"]) == (want["estimate"], want["low"], want["high"])
        assert made.kpi(point, MAIN_COST)["verdict"] in ("lower", "higher")


LIFE: Final = [
    "bots.helper={channels: [chat], contains: 35%, handle_time: 2m, price: {session: 0.3, month: 8000}}",
    "deflections.page={workflows: [orders], share: 10%, price: {month: 900}}",
    "assists.drafts={workflows: [orders], handle_time: 0.97, price: {month: 400}}",
    "horizon.length=2d",
    "horizon.warm_up=12h",
]
OTHER_PRICES: Final = {
    "bots.helper.price.session": ("0.3", "0.5"),
    "bots.helper.price.contained": ("0", "0.1"),
    "bots.helper.price.month": ("8000", "0"),
    "deflections.page.price.month": ("900", "0"),
    "assists.drafts.price.month": ("400", "500"),
    "routing.overflow.1.to.translated.price": ("0.40", "1"),
}


def test_prices_of_bots_deflections_assists_and_translations_are_not_simulated_either() -> None:
    desk = str(ROOT / "scenarios" / "regional_desk.yaml")
    factors, _ = factors_of([f"{key}={','.join(values)}" for key, values in OTHER_PRICES.items()])
    rows = [
        [other if key == changed else as_written for key, (as_written, other) in OTHER_PRICES.items()]
        for changed in OTHER_PRICES
    ]
    plan = plan_sweep(SweepAsked([desk], factors, rows, changes=Changes(settings=LIFE), effort=Effort(2)))
    assert (len(plan.points), len(plan.tasks)) == (1 + len(OTHER_PRICES), 1)
    made = simulate_sweep(plan)
    for point, (key, (_, other)) in enumerate(OTHER_PRICES.items(), 1):
        alone = api.run(desk, settings=[*LIFE, f"{key}={other}"], replications=2)
        for kpi in (MAIN_COST, "cost_per_resolution", "service_level"):
            assert (
                made.kpi(point, kpi, threshold_s=20.0 if kpi == "service_level" else None)["value"]
                == (alone.estimate(kpi, threshold_s=20.0 if kpi == "service_level" else None)["estimate"])
            )
        assert made.kpi(point, MAIN_COST)["verdict"] in ("higher", "lower"), key


def test_what_changes_a_simulate_changes_the_digest_of_the_model(desk: str) -> None:
    models = {
        digest_of_model(api.prepare(desk, settings=settings).model)[0]
        for settings in ([], ["pools.a.staffing=3"], ["patience.mean=2m"], ["demand.calls.per_minute=x1.01"])
    }
    assert len(models) == 4


def test_a_priced_and_a_simulated_factor_are_crossed(desk: str) -> None:
    factors, _ = factors_of(["pools.a.staffing=2,3", "vendors.own.paid_hour=20,30,40"])
    plan = plan_sweep(SweepAsked([desk], factors, effort=Effort(2)))
    assert (len(plan.points), len(plan.tasks), plan.replications_in_all) == (7, 2, 4)
    assert [[point.number for point in task.points] for task in plan.tasks] == [[0, 1, 2, 3], [4, 5, 6]]
    assert plan.seconds > 0


def test_neither_workers_nor_the_order_of_finishing_change_a_digit(desk: str) -> None:
    vary = {"pools.a.staffing": "1..3", "demand.calls.per_minute": "x0.9,x1.1"}
    digests = {api.sweep(desk, vary, workers=workers, replications=2).digest for workers in (1, 2, 5)}
    assert len(digests) == 1
    assert api.sweep(desk, vary, seed=5, replications=2).digest not in digests


def test_a_sweep_on_a_variant_is_told_against_the_variant(desk: str) -> None:
    made = api.sweep(f"{desk}:more", {"pools.a.staffing": "+0,+1"}, replications=2)
    assert made.name == "desk+more"
    assert made.kpi(1, "occupancy")["verdict"] == "equal"
    assert made.kpi(2, "occupancy")["difference"] < 0


def test_all_faults_of_all_points_are_told_once_with_place_and_key(desk: str) -> None:
    vary = {
        "pools.a.staffing": "2,two",
        "pools.c.staffing": "1,2",
        "vendors.own.paid_hour": "10,ten",
        "horizon.length": "4h,5h",
    }
    with pytest.raises(ScenarioError) as caught:
        api.sweep(desk, vary)
    text = str(caught.value)
    assert text.count("two") == 2  # its place and what was found
    assert "--vary pools.a.staffing=two: pools.a.staffing: expected" in text
    assert text.count("--vary pools.c.staffing=1:") == 1
    assert "--vary vendors.own.paid_hour=ten: vendors.own.paid_hour" in text
    with pytest.raises(ScenarioError, match=r"different horizon.*\(with horizon.length=5h\)"):
        api.sweep(desk, {"horizon.length": "4h,5h"})


def test_a_fault_that_a_combination_makes_is_told_with_it(desk: str) -> None:
    with pytest.raises(CcsimError) as caught:
        api.sweep(desk, {"sites.here.hours": "{mon-fri: 09:00-17:00},24x7", "horizon.start": "2026-01-05,2026-01-06"})
    assert "with horizon.start=2026-01-06" in str(caught.value) or "with sites.here.hours" in str(caught.value)


@pytest.mark.parametrize("key", ["run.seed", "goals.0.at_least", "report.days", "scenario"])
def test_what_is_no_factor_says_what_to_do_instead(desk: str, key: str) -> None:
    with pytest.raises(ScenarioError, match=f"--vary {key}=1,2: {key}: cannot be varied: "):
        api.sweep(desk, {key: "1,2"})


def test_a_key_twice_and_a_faulty_base_are_faults(desk: str) -> None:
    assert [str(fault) for fault in factors_of(["k=1,2", "k=3"])[1]] == [
        "--vary k=3: k: is varied twice; give all its values at once"
    ]
    with pytest.raises(ScenarioError, match="none"):
        api.sweep(desk, {"pools.a.staffing": "1,2"}, settings=["vendors.none.paid_hour=2"])


def test_what_fails_is_tried_again_then_parked_and_the_others_are_finished(desk: str) -> None:
    factors, _ = factors_of(["pools.a.staffing=2..5"])
    plan = plan_sweep(SweepAsked([desk], factors, effort=Effort(2)))
    tried: dict[int, int] = {}

    def simulate(task, *given, **more):
        tried[task.number] = tried.get(task.number, 0) + 1
        if task.number == 3 or (task.number == 2 and tried[2] < TRIES):
            raise MemoryError("no room\nmore")
        return simulate_task(task, *given, **more)

    made = simulate_sweep(plan, simulate=simulate)
    assert tried == {0: 1, 2: TRIES, 3: TRIES, 4: 1}
    assert made.parked == {3: "MemoryError: no room"}
    assert made.points.set_index("point")["state"].to_dict() == {
        0: "done",
        1: "done",
        2: "done",
        3: "parked",
        4: "done",
    }
    assert set(made.kpis["point"]) == {0, 1, 2, 4}
    whole = simulate_sweep(plan)
    kept = whole.kpis[whole.kpis["point"] != 3].reset_index(drop=True)
    assert plain_rows(kept) == plain_rows(made.kpis)


def test_with_a_parked_base_there_are_values_and_no_differences(desk: str) -> None:
    factors, _ = factors_of(["pools.a.staffing=3,4"])
    plan = plan_sweep(SweepAsked([desk], factors, effort=Effort(2)))

    def simulate(task, *given, **more):
        if task.number == 0:
            raise ValueError("odd")
        return simulate_task(task, *given, **more)

    row = simulate_sweep(plan, simulate=simulate).kpi(1, "occupancy")
    assert row["value"] is not None
    assert row["difference"] is None
    assert row["verdict"] == "missing"


def test_more_people_never_serve_fewer(desk: str) -> None:
    """A metamorphic relation along the curve: with the same callers, service rises and cost with every agent."""
    made = api.sweep(desk, {"pools.a.staffing": "2..6"}, replications=10)
    served = [made.kpi(point, "service_level")["value"] for point in range(1, 6)]
    paid = [made.kpi(point, MAIN_COST)["value"] for point in range(1, 6)]
    assert served == sorted(served)
    assert np.diff(paid) == pytest.approx([480.0] * 4)
