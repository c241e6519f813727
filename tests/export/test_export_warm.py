"""The star of a run with warm transfers: visits add up to what the sums and the KPIs count."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ccsim import api
from ccsim.export.written import export
from tests.export.asked import Asked
from tests.support.stories import script

TEXT = """
horizon: {start: 2026-03-02, warm_up: 1d, length: 2d, drain: 1d, interval: 30m}
patience: {mean: 2m, law: exponential}
workflows:
  cards:
    tiers:
      t1: {handle_time: {mean: 5m, cv: 0.8}, escalated: 30%, warm: 100%, hand_over: {mean: 90s, cv: 1}}
      t2: {handle_time: {mean: 9m, cv: 0.8}}
demand: {cards: {per_day: 700}}
pools: {front: {tier: t1, staffing: 4}, experts: {tier: t2, staffing: 2}}
"""


def test_visits_hold_what_tables_and_kpis_say(tmp_path: Path) -> None:
    run = api.run(script(TEXT), replications=2, visits=True, workers=1, out=tmp_path / "run")
    export(run, duckdb=tmp_path / "star.duckdb")
    with duckdb.connect(str(tmp_path / "star.duckdb"), read_only=True) as connection:
        star = Asked(connection)
        weighed = "sum(v.horizon_weight * {0})"
        parts = ("CASE WHEN v.warm_wait_s IS NULL THEN 0 ELSE 1 END", "coalesce(v.warm_wait_s, 0)", "v.hand_over_s")
        (of_visits,) = star.rows(
            f"SELECT {', '.join(weighed.format(part) for part in parts)} "
            "FROM fact_visit_by_replication v JOIN dim_pool USING (pool_key) WHERE pool_name = 'front'"
        )
        (of_queue,) = star.rows(
            "SELECT warm_mean, warm_wait_s_mean, hand_over_s_mean FROM fact_queue_total "
            "JOIN dim_queue USING (queue_key) WHERE tier_name = 't1'"
        )
        assert of_visits == pytest.approx(of_queue)
        assert of_visits[0] > 100
        kpis = run.estimates.set_index(["kpi", "scope", "name"])["estimate"]
        assert kpis["warm_wait", "pool", "front"] == pytest.approx(of_visits[1] / of_visits[0])
        assert kpis["warm_wait", "tier", "t1"] == pytest.approx(of_visits[1] / of_visits[0])
        talk = star.one(
            "SELECT talk_s_mean FROM fact_queue_total JOIN dim_queue USING (queue_key) WHERE tier_name = 't1'"
        )
        assert kpis["warm_time", "tier", "t1"] == pytest.approx((of_visits[1] + of_visits[2]) / talk)
        assert kpis["aht", "tier", "t1"] > 300 + 0.3 * 90
