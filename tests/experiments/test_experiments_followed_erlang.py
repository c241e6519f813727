"""People who follow the work, in sweeps and variants, against Erlang C and Erlang A by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from ccsim import api
from ccsim.results.parquet import plain_rows
from ccsim.theory import erlang_c
from ccsim.theory.impatient import erlang_a

DESK: Final = """\
scenario: desk
horizon: {start: 2026-01-05, warm_up: 2h, length: 46h}
demand: {calls: {per_minute: 3.4, profile: flat}}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 2m30s}
service_level: {rule: abandons count against, within: 20s}
pools: {desk: {staffing: 16, paid_hour: 20}}
run: {replications: 20, seed: 4}
goals: [{kpi: service_level, at_least: 80%, within: 20s}]
variants:
  double: {demand.calls.per_minute: x2, staff: keep occupancy}
  shorter: {handle_time.mean: 3m, staff: keep occupancy}
"""
THIRD: Final = 1 / 3
"""20 s in minutes."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path / "desk.yaml"


def near(row: Any, exact: float, low: str = "value_low", high: str = "value_high", value: str = "value") -> bool:
    """Within four standard errors, as the interval of 95 % has them."""
    return abs(float(row[value]) - exact) < 4 / 1.96 * (float(row[high]) - float(row[low])) / 2


def test_points_with_people_in_proportion_are_those_of_erlang_a(desk: Path) -> None:
    """16 agents for 13.6 erlangs; half or twice the calls, of 4 or 3 minutes."""
    over = {"demand.calls.per_minute": ["x0.5", "x2"], "handle_time.mean": ["4m", "3m"]}
    made = api.sweep(desk, over, staff="keep occupancy", kpis=["abandonment", "occupancy"])
    points = [(3.4, 4, 16), (1.7, 4, 8), (1.7, 3, 6), (6.8, 4, 32), (6.8, 3, 24)]
    assert [row["after"] for row in plain_rows(made.people)] == [agents for _, _, agents in points[1:]]
    for point, (rate, minutes, agents) in enumerate(points):
        exact = erlang_a(rate, minutes, agents, 2.5)
        assert near(made.kpi(point, "service_level"), float(exact.sl_offered(THIRD))), point
        assert near(made.kpi(point, "abandonment"), float(exact.p_abandon)), point
        assert near(made.kpi(point, "occupancy"), float(exact.occupancy)), point


def test_variants_that_people_follow_are_those_of_erlang_c(desk: Path) -> None:
    """Customers who never leave: all are answered, and the agents are busy for just the work that comes."""
    desk.write_text(DESK.replace("patience: {law: exponential, mean: 2m30s}\n", ""))
    for variant, rate, minutes, agents in (("double", 6.8, 4, 32), ("shorter", 3.4, 3, 12)):
        made = api.run(f"{desk}:{variant}")
        exact = erlang_c(rate, minutes, agents)
        names = {"value": "estimate", "low": "low", "high": "high"}
        assert near(made.estimate("occupancy"), rate * minutes / agents, **names), variant
        assert near(made.estimate("service_level"), float(exact.sl_offered(THIRD)), **names), variant
        assert made.estimate("cost_per_day")["estimate"] == pytest.approx(24 * 20 * agents, rel=0.002)  # and overtime


@pytest.mark.verify
def test_goals_are_kept_with_the_fewest_people_of_erlang_a(desk: Path) -> None:
    """The truth is clear of the limit with the people of each point, and with one less."""
    rates = {"x0.5": 1.7, "x1": 3.4, "x2": 6.8, "x3": 10.2}

    def answered(rate: float, agents: int) -> float:
        return float(erlang_a(rate, 4, agents, 2.5).sl_offered(THIRD))

    least = [next(n for n in range(1, 99) if answered(rate, n) >= 0.8) for rate in rates.values()]
    assert least == [9, 16, 30, 43]
    made = api.sweep(desk, {"demand.calls.per_minute": list(rates)}, staff="keep goals")
    found = [int(row["after"]) for row in plain_rows(made.people)]
    assert all(0 <= one - few <= 1 for one, few in zip(found, least, strict=True))  # 43 and 30 are near the limit
    for point, (rate, agents) in enumerate(zip(rates.values(), found, strict=True), 1):
        assert near(made.kpi(point, "service_level"), answered(rate, agents)), point
