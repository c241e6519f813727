"""The 95 % intervals hold the exact value on a desk whose days differ, as often as they say."""

from __future__ import annotations

import math

import pytest
from scipy import integrate, stats

from ccsim.theory import erlang_a
from experiments.coverage.__main__ import MARKS, main, tables
from experiments.coverage.desks import DESKS, HANDLE_MINUTES, KPIS, PATIENCE_MINUTES, PER_MINUTE, Desk, exact
from experiments.coverage.measure import Cell, measure

RUNS = 150
BURSTY = DESKS[1]
WAITED = ("service_level", "abandonment", "mean_wait", "asa")


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    """Runs of 10 replications of two hours with a day factor of 30 %."""
    return measure(BURSTY, [10], 10 * RUNS, lambda _: None, seed=77)


def share(cells: list[Cell], kind: str, kpi: str) -> float:
    return next(cell.covered for cell in cells if (cell.kind, cell.kpi) == (kind, kpi))


@pytest.mark.parametrize("kpi", KPIS)
@pytest.mark.parametrize("kind", ["own", "difference"])
def test_intervals_of_ten_replications_cover(cells: list[Cell], kind: str, kpi: str) -> None:
    """At least 93 %, with three standard errors of the number of runs."""
    assert share(cells, kind, kpi) >= 0.93 - 3 * math.sqrt(0.93 * 0.07 / RUNS)


def test_the_delta_method_with_students_t_alone_would_not(cells: list[Cell]) -> None:
    plain, own = ([share(cells, kind, kpi) for kpi in WAITED] for kind in ("plain", "own"))
    assert sum(plain) / 4 < 0.87 < sum(own) / 4
    missed = [cell for cell in cells if cell.kind == "own" and cell.kpi in WAITED]
    assert sum(cell.missing for cell in missed) <= 0.03 * RUNS * len(missed)


def test_the_exact_values_are_those_of_an_independent_average() -> None:
    """Erlang A over a gamma day factor, computed elsewhere, to 0.03 %: a hundredth of a standard error of a run."""
    found = exact(BURSTY, 12)
    expected = {"service_level": 0.881346, "abandonment": 0.063032, "mean_wait": 3.781942}
    assert {kpi: found[kpi] for kpi in expected} == pytest.approx(expected, rel=3e-4)


def test_without_a_day_factor_they_are_erlang_a() -> None:
    queue, found = erlang_a(PER_MINUTE, HANDLE_MINUTES, 12, PATIENCE_MINUTES), exact(DESKS[0], 12)
    assert found["abandonment"] == pytest.approx(queue.p_abandon)
    assert found["asa"] == pytest.approx(60 * queue.mean_wait_answered)


@pytest.mark.parametrize("desk", [BURSTY, DESKS[3]])
def test_the_average_over_the_day_factor_is_that_of_plain_integration(desk: Desk) -> None:
    factor = stats.gamma(desk.day_cv**-2, scale=desk.day_cv**2)

    def abandoned(f: float) -> float:
        queue = erlang_a(PER_MINUTE * f, HANDLE_MINUTES, 12, PATIENCE_MINUTES)
        return float(f * queue.p_abandon * factor.pdf(f))

    whole, _ = integrate.quad(abandoned, 0.01, 4, epsrel=1e-6)
    assert exact(desk, 12)["abandonment"] == pytest.approx(whole, rel=1e-5)


def test_a_run_without_an_interval_is_a_miss_and_a_table_has_a_row_a_desk_and_size() -> None:
    made = [Cell("desk", 10, kpi, "own", 100, 3, 2, 1) for kpi in KPIS]
    assert made[0].covered == pytest.approx(0.94)
    text = "\n".join(tables(made))
    assert f"| desk | 10 | 100 |{' 94.0 |' * len(KPIS)} 21 : 14 |" in text


def test_the_command_refuses_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--only", "lunar"], ["--sizes", "1"], ["--replications", "5"]):
        with pytest.raises(SystemExit):
            main(wrong)
    assert "calm, 16 h" in capsys.readouterr().err
    assert MARKS[0] != MARKS[1]
