import numpy as np
import pytest

from ccsim.kpis.definitions import KPIS
from ccsim.metrics.by_interval import by_interval
from tests.support.stand_in.desk import INTERVAL, INTERVALS, MEASURED, fake_run, interval_row, run_of_rows
from tests.support.stand_in.engine import empty_tables

NOT_BY_INTERVAL = (
    "wait_p90",
    "cost_per_resolution",
    "cost_per_resolved_case",
    "cost_per_session",
    "cost_per_true_resolution",
    "cost_per_case",
    "backlog",
    "backlog_over_24h",
    "restored_in_time",
    "time_to_restore",
    "no_such",
)


def test_intervals_add_up_to_the_whole():
    run = fake_run(4)
    frame = by_interval(run.tables, run.measured, "abandonment")
    assert frame["time_us"].tolist() == [i * INTERVAL for i in range(INTERVALS)]
    table = run.tables["flow_intervals"]
    third = table[table["interval"] == 3]
    assert frame["estimate"][3] == pytest.approx(third["abandoned"].sum() / third["offered"].sum())
    assert (frame["low"] < frame["estimate"]).all()
    assert (frame["replications"] == 4).all()


@pytest.mark.parametrize("kpi", ["asa", "service_level", "aht", "wait_sd", "queue_length", "occupancy",
                                 "agents", "cost_per_day", "cost_per_contact", "offered_per_day", "deadline_met",
                                 "held_back_wait", "agents_required", "understaffing", "attendance"])  # fmt: skip
def test_one_step_of_everything_is_the_estimate(kpi):
    run = fake_run(4)
    frame = by_interval(run.tables, run.measured, kpi, every=INTERVAL * INTERVALS)
    whole = run.estimate(kpi, threshold_s=20.0 if kpi == "service_level" else None)
    for column in ("estimate", "low", "high"):
        assert frame[column][0] == pytest.approx(whole[column], rel=1e-12)


def test_days_are_folded_and_parts_are_chosen():
    run = fake_run(3)
    folded = by_interval(
        run.tables, run.measured, "abandonment", within={"channel": "email"}, every=2 * INTERVAL,
        fold=4 * INTERVAL,
    )  # fmt: skip
    table = run.tables["flow_intervals"]
    mine = table[(table["flow"] == 2) & table["interval"].isin([2, 3, 6, 7])]
    assert folded["time_us"].tolist() == [0, 2 * INTERVAL]
    assert folded["estimate"][1] == pytest.approx(mine["abandoned"].sum() / mine["offered"].sum())
    agents = by_interval(run.tables, run.measured, "agents", within={"pool": "desk"}, fold=4 * INTERVAL)
    pool = run.tables["pool_intervals"]
    pool = pool[(pool["pool"] == 0) & pool["interval"].isin([1, 5])]
    assert agents["estimate"][1] == pytest.approx(pool["signed_in_us"].sum() / (3 * 2 * INTERVAL))


def test_steps_without_anything_are_missing_and_later_visits_are_left_out():
    rows = np.concatenate(
        [interval_row(interval=1, offered=4, abandoned=1), interval_row(interval=INTERVALS + 5, offered=9)]
    )
    none = empty_tables()["queue_sums"]
    run = run_of_rows(none, none, flow_intervals=[rows, rows])
    frame = by_interval(run.tables, run.measured, "abandonment")
    assert len(frame) == INTERVALS
    assert frame["estimate"][1] == 0.25
    assert frame["estimate"].isna().sum() == INTERVALS - 1
    assert "no value" in frame["note"][0]


def test_a_last_interval_that_is_cut_short_has_its_own_length():
    from dataclasses import replace

    half = replace(MEASURED, length=3 * INTERVAL // 2)
    rows = np.concatenate([interval_row(interval=0, offered=6), interval_row(interval=1, offered=3)])
    run = run_of_rows(empty_tables()["queue_sums"], measured=half, flow_intervals=[rows])
    frame = by_interval(run.tables, run.measured, "offered_per_day")
    assert frame["estimate"].tolist() == [6 * 48, 3 * 96]


def test_what_is_not_known_by_interval_is_refused():
    run = fake_run(2)
    for kpi in NOT_BY_INTERVAL:
        with pytest.raises(ValueError, match=kpi):
            by_interval(run.tables, run.measured, kpi)
    for steps in ({"every": INTERVAL // 2}, {"every": 0}, {"fold": INTERVAL + 1}, {"fold": 0}):
        with pytest.raises(ValueError, match="multiple"):
            by_interval(run.tables, run.measured, "asa", **steps)


def test_every_other_kpi_is_known_by_interval():
    run = fake_run(2)
    for name, kpi in KPIS.items():
        if kpi.kind != "quantile" and name not in NOT_BY_INTERVAL:
            assert len(by_interval(run.tables, run.measured, name)) == INTERVALS
