"""Sobol indices of a study: against a cost that is known, kept in the store, told; noise is not a factor's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from ccsim import theory
from ccsim.cli import app
from ccsim.errors import ScenarioError
from ccsim.experiments.sweep import swept
from ccsim.experiments.sweep_plan import plan_sweep
from ccsim.experiments.sweep_study import asked_by
from ccsim.kpis.definitions import MAIN_COST
from ccsim.report.sweep_page import sweep_page
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import read_sweep
from ccsim.theory.impatient import erlang_a
from tests.support.sweep_desk import DESK

PRICES = """\
study: prices
question: Which price makes the spread?
scenarios: desk.yaml
over:
  vendors.own.paid_hour: 10.0..30.0
  vendors.partner.paid_hour: 10.0..20.0
  handle_time.mean: 1.9m..2.1m
design: {kind: saltelli, points: 8, seed: 3}
replications: 4
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("study")
    (place / "desk.yaml").write_text(DESK.replace("{start: 2026-01-05, length: 4h}", "{start: 2026-01-05, length: 1h}"))
    (place / "study.yaml").write_text(PRICES)
    return place


@pytest.fixture(scope="module")
def made(folder: Path) -> Sweep:
    return swept(plan_sweep(asked_by(folder / "study.yaml")), out=folder / "out")


def indices(made: Sweep, kpi: str, column: str) -> list[float]:
    assert made.indices is not None
    rows = made.indices[(made.indices["kpi"] == kpi) & (made.indices["scope"] == "all")]
    return [float(one) for one in rows[column].tolist()[:3]]


def test_shares_of_a_cost_are_those_of_its_formula(made: Sweep) -> None:
    """Two of the own and 400 hours a week of the partner: 48 p + 400 / 7 q a day, without any chance."""
    exact = theory.exact_variance_shares(lambda p, q: 48 * p + 400 / 7 * q, {"p": (10.0, 30.0), "q": (10.0, 20.0)})
    alone = indices(made, MAIN_COST, "first")
    assert alone[2] == 0
    assert alone[:2] == pytest.approx(list(exact.first.values()), abs=0.15)
    for end, other in (("first_low", "first_high"), ("total_low", "total_high")):
        low, high = indices(made, MAIN_COST, end), indices(made, MAIN_COST, other)
        assert all(a <= b <= c for a, b, c in zip(low, exact.first.values(), high, strict=False))
    assert indices(made, MAIN_COST, "noise_sd")[0] == 0
    assert indices(made, "occupancy", "noise_sd")[0] > 0
    assert indices(made, "occupancy", "total")[:2] == [0, 0]
    assert made.points["simulated_as"].nunique() == 1 + 2 * 8  # prices are not simulated


QUEUE = """\
scenario: queue
horizon: {start: 2026-01-05, warm_up: 1h, length: 4h, drain: 1h}
demand: {calls: {per_minute: 4, profile: flat}, others: {per_minute: 1, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
vendors: {own: {kind: in_house, paid_hour: 20}, partner: {kind: bpo, paid_hour: 20}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
workflows: {calls: {pools: [desk]}, others: {pools: [side]}}
pools: {desk: {site: here, vendor: own, staffing: 10}, side: {site: here, vendor: partner, staffing: 6}}
run: {replications: 4, seed: 4}
goals: [{kpi: abandonment, at_most: 5%}]
"""
SPREAD = """\
study: spread
scenarios: queue.yaml
over:
  pools.desk.staffing: 7..13
  vendors.own.paid_hour: 15.0..25.0
  vendors.partner.paid_hour: 5.0..45.0
design: {kind: saltelli, points: 16, seed: 3}
outputs: [cost_per_contact]
"""


def of_two_prices(a: np.ndarray, b: np.ndarray) -> tuple[list[float], list[float]]:
    """First-order and total indices of n, p and q in a(n) p + b(n) q: n any of so many alike, prices from the study."""
    p, q, of_p, of_q = 20.0, 25.0, 10.0**2 / 12, 40.0**2 / 12
    alone = np.array([np.var(a * p + b * q), a.mean() ** 2 * of_p, b.mean() ** 2 * of_q])
    priced = np.array([(a * a).mean() * of_p, (b * b).mean() * of_q])
    whole = alone[0] + priced.sum()
    total = np.array([whole - alone[1:].sum(), *priced])
    return (alone / whole).tolist(), (total / whole).tolist()


@pytest.mark.verify
def test_indices_of_people_and_prices_are_those_of_erlang_a(tmp_path: Path) -> None:
    """Twelve studies, each with a design and random numbers of its own: cost a day, and by contact answered."""
    n = np.arange(7, 14)
    lost = np.array([float(erlang_a(4, 2, int(one), 1).p_abandon) for one in n])
    answered = 240 * (1 - lost) + 60 * (1 - float(erlang_a(1, 2, 6, 1).p_abandon))
    exact = {
        "cost_per_day": of_two_prices(24.0 * n, np.full(7, 144.0)),
        "cost_per_contact": of_two_prices(n / answered, 6 / answered),
    }
    (tmp_path / "queue.yaml").write_text(QUEUE)
    inside: dict[str, list[list[bool]]] = {kpi: [] for kpi in exact}
    found: dict[str, list[list[float]]] = {kpi: [] for kpi in exact}
    for seed in range(12):
        (tmp_path / "study.yaml").write_text(SPREAD.replace("seed: 3", f"seed: {seed}") + f"seed: {1000 + seed}\n")
        made = swept(plan_sweep(asked_by(tmp_path / "study.yaml")))
        assert made.points["simulated_as"].nunique() <= 1 + len(n)  # the others are priced
        for kpi, (first, total) in exact.items():
            told = {name: indices(made, kpi, name) for name in ("first", "total")}
            ends = {name: indices(made, kpi, name) for name in ("first_low", "first_high", "total_low", "total_high")}
            low, high = ends["first_low"] + ends["total_low"], ends["first_high"] + ends["total_high"]
            inside[kpi].append([a <= b <= c for a, b, c in zip(low, [*first, *total], high, strict=True)])
            found[kpi].append(told["first"] + told["total"])
    for kpi, (first, total) in exact.items():
        assert np.mean(inside[kpi]) >= 0.85, kpi
        mean, error = np.mean(found[kpi], axis=0), np.std(found[kpi], axis=0, ddof=1) / np.sqrt(12)
        assert (np.abs(mean - [*first, *total]) < 4 * error + 0.02).all(), kpi


def test_they_are_stored_and_part_of_the_digest(made: Sweep, folder: Path) -> None:
    stored = read_sweep(folder / "out")
    assert stored.indices is not None
    assert made.indices is not None
    pd.testing.assert_frame_equal(stored.indices, made.indices, check_dtype=False)
    assert stored.digest == made.digest
    again = swept(plan_sweep(asked_by(folder / "study.yaml")), out=folder / "out", resume=True)
    assert again.digest == made.digest


def test_they_are_told_on_the_page_and_the_terminal(made: Sweep, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Which factor makes the spread" in sweep_page(made)
    monkeypatch.chdir(folder)
    given = ["sweep", "study.yaml", "--out", "out", "--resume", "--quiet", "--no-report"]
    printed = CliRunner().invoke(app, given).stdout
    assert "Cost a day: " in printed
    assert "the factors spread it by" in printed
    document = json.loads(CliRunner().invoke(app, [*given, "--json"]).stdout, parse_constant=pytest.fail)
    assert {row["key"] for row in document["indices"]} == set(made.keys())


def test_a_design_without_indices_has_none(folder: Path) -> None:
    (folder / "other.yaml").write_text(PRICES.replace("kind: saltelli, points: 8", "kind: sobol, points: 2"))
    asked = asked_by(folder / "other.yaml")
    assert asked.about == {}
    assert len(list(asked.combinations())) == 2


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("points: 8", "points: 9", "expected a power of two, like 8 or 16, got 9"),
        (", points: 8", "", "say how many points saltelli draws"),
        ("scenarios: desk.yaml", "scenarios: [desk.yaml, desk.yaml:more]", "a saltelli design has one scenario"),
    ],
)
def test_bad_designs_say_what_would_do(folder: Path, old: str, new: str, why: str) -> None:
    (folder / "bad.yaml").write_text(PRICES.replace(old, new))
    with pytest.raises(ScenarioError, match=why):
        asked_by(folder / "bad.yaml")
