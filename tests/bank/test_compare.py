"""Side by side: ratios of sums, their errors, the steps, and the reading of a run's visits."""

import numpy as np
import pandas as pd
import pytest
from bank_compare import (
    hours_inside,
    on_regular_days,
    ratio_error,
    real,
    real_calls,
    simulated,
    simulated_calls,
    waterfall,
)

HOUR = 3_600_000_000
OUTCOMES = ("resolved", "abandoned", "closed")


def calls(*rows: tuple[int, int, int, float]) -> pd.DataFrame:
    """Rows `(replication, day, hour, wait)`."""
    table = pd.DataFrame(rows, columns=["replication", "day", "hour", "wait"])
    return table.assign(type="PS", waited=(table["wait"] > 0).astype(float), abandoned=0.0)


def test_a_measure_is_a_ratio_of_sums_and_not_a_mean_of_means() -> None:
    table = calls((0, 1, 9, 10.0), (0, 1, 9, 20.0), (0, 1, 9, 30.0), (1, 1, 9, 60.0))
    model = simulated(table, "wait")
    assert model.mean[0] == 30.0
    assert model.low[0] < 30 < model.high[0]
    assert simulated(table, "waited").mean[0] == 1.0


def test_the_error_of_equal_rows_is_the_usual_one() -> None:
    top = np.random.default_rng(1).normal(50, 5, (30, 2))
    count = np.full((30, 2), 10.0)
    assert ratio_error(top, count) == pytest.approx((top / 10).std(axis=0, ddof=1) / np.sqrt(30))
    assert ratio_error(top[:1], count[:1]).tolist() == [0.0, 0.0]


def test_an_hour_without_calls_in_a_replication_is_no_fault() -> None:
    table = calls((0, 1, 9, 10.0), (0, 1, 10, 10.0), (1, 1, 9, 20.0))
    model = simulated(table, "wait", ["hour"])
    assert model.mean.tolist() == [15.0, 10.0]
    assert np.isfinite([model.low, model.high, model.month_low, model.month_high]).all()


def test_steps_add_up_and_pair_the_replications() -> None:
    first = calls(*((r, 1, 9, 10.0 + r) for r in range(10)))
    second = calls(*((r, 1, 9, 15.0 + r) for r in range(10)))
    steps = waterfall([("a", first), ("b", second)], "wait")
    assert steps[0].change is None
    assert steps[1].change == pytest.approx(5.0)
    assert steps[1].half_width == pytest.approx(0.0, abs=1e-12)
    assert steps[0].value + (steps[1].change or 0) == pytest.approx(steps[1].value)


def test_hours_inside_counts_hours_within_the_months_range() -> None:
    model = simulated(calls(*((r, 1, h, 10.0 + r) for r in range(20) for h in (9, 10))), "wait", ["hour"])
    actual = real(calls((0, 1, 9, 15.0), (0, 1, 10, 99.0)), "wait", ["hour"])
    assert hours_inside(actual, model) == 1


def test_visits_become_calls_without_those_turned_away() -> None:
    visits = pd.DataFrame(
        {
            "replication": [0, 0, 0, 0],
            "queue": [0, 1, 1, 0],
            "counted": [1, 1, 1, 0],
            "joined_us": [25 * HOUR, 33 * HOUR + 1, 34 * HOUR, 35 * HOUR],
            "left_us": [25 * HOUR, 33 * HOUR + 7_000_001, 34 * HOUR, 35 * HOUR],
            "waited": [0, 1, 0, 0],
            "outcome": [0, 1, 2, 0],
        }
    )
    queues = pd.DataFrame({"queue": [0, 1], "workflow": ["PS", "NW"]})
    table = simulated_calls(visits, queues, OUTCOMES)
    assert table[["day", "hour", "type", "wait", "waited", "abandoned"]].to_numpy().tolist() == [
        [1, 1, "PS", 0.0, 0.0, 0.0],
        [1, 9, "NW", 7.0, 1.0, 1.0],
    ]


def test_real_calls_of_the_compared_days(regular: pd.DataFrame) -> None:
    table = on_regular_days(real_calls(regular))
    assert len(table) == len(regular) == 25_650
    assert table["wait"].mean() == pytest.approx(45.85, abs=0.01)
    assert table["waited"].mean() == pytest.approx(0.594, abs=5e-4)
    assert table["abandoned"].mean() == pytest.approx(0.1278, abs=5e-5)
