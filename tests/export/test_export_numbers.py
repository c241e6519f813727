"""The star says what ccsim says: every KPI of every view, and every sum of every fact."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from ccsim import api
from ccsim.export.columns import BY_REPLICATION, MEAN
from ccsim.export.star import facts
from ccsim.export.views import KPI_VIEWS, kpi_column
from ccsim.export.written import export
from ccsim.kpis.definitions import KPIS
from ccsim.metrics.estimates import estimate
from ccsim.metrics.restored import restored_table
from ccsim.results.held_tables import Tables
from ccsim.results.run import Run
from ccsim.units import DAY, HOUR
from tests.export.asked import Asked
from tests.export.told import close, told
from tests.support.stand_in.desk import fake_run
from tests.support.stories import script

THRESHOLDS = (500_000, 20_000_000, 60_000_000)
NOT_IN_VIEWS = {name for name, kpi in KPIS.items() if kpi.kind != "ratio"} | {
    "backlog", "backlog_over_24h", "employed", "fte"
}  # fmt: skip
VIEWS = [name for name, _ in KPI_VIEWS if not name.endswith("_day") and name != "kpi_by_surge"]  # it has its own test


@pytest.mark.parametrize("view", VIEWS)
def test_every_kpi_of_a_view_is_the_estimate(star: Asked, globe: Run, view: str) -> None:
    compared = list(told(star, globe, view))
    assert len(compared) >= 10
    assert not [one for one in compared if not close(*one[2:])]


def test_every_kpi_that_is_a_ratio_of_sums_is_in_a_view(star: Asked) -> None:
    known = {column for view in [*VIEWS, "kpi_by_surge"] for column in star.columns(view)}
    labels = {
        name: [kpi_column(kpi, threshold) for threshold in (THRESHOLDS if kpi.by_threshold else (None,))]
        for name, kpi in KPIS.items()
        if name not in NOT_IN_VIEWS
    }
    assert not {name for name, found in labels.items() if not set(found) <= known}
    assert len(labels) > 35


def test_the_estimates_are_there_with_their_intervals(star: Asked, globe: Run) -> None:
    rows = star.rows("SELECT kpi_value, low_value, high_value FROM kpi_estimate")
    expected = globe.estimates[["estimate", "low", "high"]].astype(object)
    assert rows == [tuple(None if pd.isna(v) else v for v in row) for row in expected.itertuples(index=False)]


@pytest.mark.parametrize("owner", ["flow", "pool"])
def test_means_add_up_to_one_horizon_whatever_the_grain(star: Asked, globe: Run, owner: str) -> None:
    by_name = {fact.name: fact for fact in facts(globe.measured.thresholds)}
    interval, day = by_name[f"fact_{owner}_interval"], by_name[f"fact_{owner}_day"]
    total = by_name["fact_queue_total" if owner == "flow" else "fact_pool_total"]
    sums = []
    for fact in (interval, day, total):
        columns = ", ".join(f"sum({measure.mean.name})" for measure in interval.measures)
        sums.append(star.rows(f"SELECT {columns} FROM {fact.name}")[0])
    for fact in (day, total):
        columns = ", ".join(f"sum({measure.name})" for measure in interval.measures)
        each = star.rows(f"SELECT {columns} FROM {fact.name}{BY_REPLICATION}")[0]
        sums.append(tuple(float(one) / globe.replications for one in each))
    for other in sums[1:]:
        assert other == pytest.approx(sums[0], rel=1e-9)
    assert sum(one > 0 for one in sums[0]) > 15


def test_sums_of_queues_are_those_of_the_run(star: Asked, globe: Run) -> None:
    table = globe.tables["queue_sums"]
    columns = [name for name in table.columns if name not in ("replication", "queue") and "_sq_" not in name]
    expected = table.groupby("queue")[columns].sum() / globe.replications
    for column in columns:
        hours = column in ("waiting_us", "in_session_us")
        name = {"returning": "comes_back"}.get(column, column).replace(".", "_")
        unit = 3.6e9 if hours else 1e6 if column.endswith("_us") else 1
        unit = 1e3 if column.endswith("_ms") else unit
        name = name.removesuffix("_us").removesuffix("_ms") + ("" if unit == 1 else "_h" if hours else "_s")
        found = dict(star.rows(f"SELECT queue_key, {name}{MEAN} FROM fact_queue_total"))
        for queue, value in expected[column].items():
            assert found[queue] == pytest.approx(value / unit, rel=1e-12), (column, queue)


def test_squares_give_the_standard_deviation(star: Asked, globe: Run) -> None:
    found = star.one(
        "SELECT sqrt(sum(wait_answered_squared_s2_mean) / sum(answered_mean) "
        "- pow(sum(wait_answered_s_mean) / sum(answered_mean), 2)) FROM fact_queue_total"
    )
    assert found == pytest.approx(globe.estimate("wait_sd")["estimate"], rel=1e-9)


def test_bins_of_waits_give_the_quantiles(star: Asked, globe: Run) -> None:
    at = star.one(
        "SELECT min(until_s) FROM (SELECT until_s, sum(sum(answered_mean)) OVER (ORDER BY wait_bin_key) AS below, "
        "sum(sum(answered_mean)) OVER () AS everybody FROM fact_wait_total JOIN dim_wait_bin USING (wait_bin_key) "
        "GROUP BY wait_bin_key, until_s) WHERE below >= 0.8 * everybody"
    )
    assert at == pytest.approx(globe.estimate("wait_p80")["estimate"], rel=0.009, abs=0.002)


def test_cost_by_vendor_and_interval_is_the_cost_by_interval(star: Asked, globe: Run) -> None:
    assert star.one("SELECT sum(minimum_cost_mean) FROM fact_pool_interval") > 0
    assert star.one("SELECT sum(translation_cost_mean) FROM fact_pool_interval") > 0
    for vendor in ("own", "helper"):
        expected = api.by_interval(globe, "cost_per_day", within={"vendor": vendor})["estimate"] * 0.5 / 24
        found = star.frame(
            "SELECT sum(paid_cost_mean) AS cost FROM fact_pool_interval JOIN dim_pool USING (pool_key) "
            f"WHERE vendor_name = '{vendor}' GROUP BY calendar_key ORDER BY calendar_key"
        )["cost"]
        assert found.to_numpy() == pytest.approx(expected.to_numpy(dtype=float), rel=1e-9)
    days = star.frame("SELECT * FROM cost_by_vendor_day")
    assert days["paid_cost_mean"].sum() == pytest.approx(globe.estimate("cost_per_day")["estimate"] * 4, rel=1e-9)
    parts = days[["hours_cost_mean", "minimum_cost_mean", "translation_cost_mean", "bot_cost_mean"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(days["paid_cost_mean"].to_numpy(), rel=1e-9)


def test_service_by_channel_and_day_is_that_of_the_intervals(star: Asked, globe: Run) -> None:
    flows, measured = globe.tables["flows"], globe.measured
    table = globe.tables["flow_intervals"].merge(flows, on="flow")
    table["day"] = table["interval"].astype("int64") * measured.interval + measured.warm_up
    table["day"] = [pd.Timestamp("2026-10-22") + pd.Timedelta(us // DAY, "D") for us in table["day"]]
    summed = table.groupby(["day", "channel"])[["answered_within_20s", "answered", "abandoned"]].sum()
    expected = summed["answered_within_20s"] / (summed["answered"] + summed["abandoned"])
    found = star.frame("SELECT day_date, channel_name, service_level_20s_share FROM kpi_by_channel_day")
    assert len(found) == len(expected) > 8
    for row in found.itertuples(index=False):
        value = expected[row.day_date, row.channel_name]
        assert pd.isna(value) if pd.isna(row.service_level_20s_share) else close(row.service_level_20s_share, value)


def test_occupancy_by_site_and_interval(star: Asked, globe: Run) -> None:
    expected = api.by_interval(globe, "occupancy", within={"site": "berlin"})["estimate"].tolist()
    found = star.rows(
        "SELECT occupancy_share FROM occupancy_by_site_interval WHERE site_name = 'berlin' ORDER BY start_utc"
    )
    assert len(found) == len(expected) == 4 * 48
    assert all(close(one, None if pd.isna(value) else value) for (one,), value in zip(found, expected, strict=True))


def test_backlog_has_every_midnight_and_gives_the_kpi(star: Asked, globe: Run) -> None:
    days = star.rows("SELECT day_date, waiting_mean FROM backlog_by_day WHERE channel_name = 'forum'")
    assert len(days) == globe.measured.backlog_instants == 4
    for column, kpi in (("waiting_mean", "backlog"), ("waiting_over_24h_mean", "backlog_over_24h")):
        for channel, value in star.rows(f"SELECT channel_name, {column} FROM backlog_by_channel"):
            assert close(value, globe.estimate(kpi, "channel", channel)["estimate"] or 0.0)


def test_plan_is_in_the_facts_of_pools(star: Asked, globe: Run) -> None:
    plan = globe.tables["workforce_plan"]
    for column in ("required", "rostered", "scheduled"):
        found = star.one(f"SELECT sum({column}_h_mean) FROM fact_pool_interval")
        assert found == pytest.approx(plan[f"{column}_us"].sum() / HOUR, rel=1e-9)
    short = np.maximum(plan["required_us"] - plan["scheduled_us"], 0).sum() / HOUR
    assert star.one("SELECT sum(short_h_mean) FROM fact_pool_day") == pytest.approx(short, rel=1e-9)


def test_work_that_still_waits_at_the_end_is_not_due(tmp_path: Path) -> None:
    run = fake_run(2)
    sums = run.tables["queue_sums"].copy()
    sums.loc[sums["queue"] == 2, "open_waiting"] = 40
    stored = replace(run, tables=Tables(dict(run.tables) | {"queue_sums": sums})).write(tmp_path / "run")
    export(stored, duckdb=tmp_path / "star")
    (expected,) = estimate(stored.tables, stored.measured, kpis=["deadline_met"], scopes=["all"])["estimate"]
    with duckdb.connect(str(tmp_path / "star"), read_only=True) as connection:
        asked = Asked(connection)
        assert asked.one("SELECT deadline_met_share FROM kpi_total") == pytest.approx(expected, rel=1e-9)
        assert asked.one("SELECT sum(due) FROM fact_queue_total_by_replication") == 470 - 2 * 40


def test_times_to_restore_are_told_by_surge(tmp_path: Path) -> None:
    text = (
        "horizon: {start: 2026-03-02, length: 8h, interval: 30m}\nservice_level: {within: 20s}\n"
        "demand: {calls: {per_hour: 60}}\nhandle_time: 4m\npools: {desk: {staffing: 9}}\n"
        "surges: {flood: {at: 2026-03-02 02:00, for: 1h, times: 4, "
        "restored: {at_least: 70%, within: 20s, for: 1h, target: 2h}}}\n"
    )
    run = api.run(script(text), replications=4, out=tmp_path / "run")
    [row] = restored_table(run.tables, run.measured).to_dict("records")
    export(run, duckdb=tmp_path / "star.duckdb")
    with duckdb.connect(str(tmp_path / "star.duckdb"), read_only=True) as connection:
        told = connection.execute(
            "SELECT restored_mean, restored_in_time_share, time_to_restore_s FROM kpi_by_surge"
        ).fetchall()
        sums = connection.execute(
            "SELECT surge_name, target_h, sum(restored), sum(time_to_restore_h) "
            "FROM fact_surge_total_by_replication JOIN dim_surge USING (surge_key) GROUP BY ALL"
        ).fetchall()
    share = row["restored_within_target"] / 4
    assert told == [(row["restored"] / 4, share, pytest.approx(row["time_to_restore_h"] * 3600))]
    assert sums == [("flood", 2.0, row["restored"], pytest.approx(row["time_to_restore_h"] * row["restored"]))]
