"""The star of a comparison: a row of `dim_scenario` for each alternative, dimensions in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ccsim.export.written import export
from ccsim.results.comparison import Comparison
from tests.export.asked import Asked


@pytest.fixture(scope="module")
def both(compared: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    place = tmp_path_factory.mktemp("both") / "star.duckdb"
    export(Comparison.read(compared.folder or Path()), duckdb=place)
    with duckdb.connect(str(place), read_only=True) as connection:
        yield Asked(connection)


def test_there_is_a_row_for_each_alternative(both: Asked, compared: Comparison) -> None:
    rows = both.rows(
        "SELECT scenario_key, scenario_name, is_base, change_text, run_digest FROM dim_scenario ORDER BY 1"
    )
    assert rows == [
        (i, one.name, int(i == 0), "; ".join(one.changes), compared.runs[one.name].digest)
        for i, one in enumerate(compared.alternatives)
    ]


def test_each_alternative_has_its_own_numbers(both: Asked, compared: Comparison) -> None:
    for i, one in enumerate(compared.alternatives):
        run = compared.runs[one.name]
        for column, kpi in (("asa_s", "asa"), ("abandonment_share", "abandonment")):
            for channel, value in both.rows(
                f"SELECT channel_name, {column} FROM kpi_by_channel WHERE scenario_key = {i}"
            ):
                expected = run.estimate(kpi, "channel", channel)["estimate"]
                assert value is None if expected is None else value == pytest.approx(expected, rel=1e-9)
        cost = both.one(f"SELECT cost_per_day_amount FROM kpi_agents_total WHERE scenario_key = {i}")
        assert cost == pytest.approx(run.estimate("cost_per_day")["estimate"], rel=1e-9)


def test_what_is_alike_has_one_row_and_facts_of_all(both: Asked) -> None:
    pools = both.rows("SELECT pool_name, pool_key FROM dim_pool ORDER BY 1")
    names = [name for name, _ in pools]
    assert names == ["night", "prussia", "prussia_helper", "texas", "texas_helper"]
    found = both.rows(
        "SELECT pool_name, count(DISTINCT scenario_key) FROM fact_pool_total JOIN dim_pool USING (pool_key) "
        "GROUP BY 1 ORDER BY 1"
    )
    assert found == [(name, 1 if name == "night" else 3) for name in names]
    assert both.one("SELECT count(*) - count(DISTINCT queue_name) FROM dim_queue") == 0


def test_differences_are_those_of_the_comparison(both: Asked, compared: Comparison) -> None:
    key, base, value, difference, verdict = both.rows(
        "SELECT scenario_key, base_value, kpi_value, difference_value, verdict_name FROM kpi_difference "
        "WHERE kpi_name = 'cost_per_day' AND split_by = 'all' AND scenario_key = 2"
    )[0]
    expected = compared.difference("cost_per_day", "dear")
    assert (key, base, value, difference, verdict) == (
        2, expected["base"], expected["value"], expected["difference"], expected["verdict"],
    )  # fmt: skip
    assert both.one("SELECT count(*) FROM kpi_difference") == len(compared.differences)


def test_prices_are_those_of_each_alternative(both: Asked) -> None:
    rows = both.rows(
        "SELECT scenario_key, price_value FROM dim_price JOIN dim_pool USING (pool_key) WHERE pool_name = 'texas' "
        "ORDER BY 1"
    )
    assert rows == [(0, 30.0), (1, 30.0), (2, 33.0)]


def test_without_visits_there_are_no_tables_of_them(both: Asked) -> None:
    assert not [
        name for name in (*both.tables, *both.views) if "visit" in name or "case_" in name or "scorecard" in name
    ]
    assert "handled_by_vendor_channel" in both.views
    markets = {row[0] for row in both.rows("SELECT DISTINCT market_name FROM abandonment_by_market_hour")}
    assert markets == {"several"}
