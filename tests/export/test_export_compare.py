"""The star of a comparison: a row of `dim_scenario` for each alternative, dimensions in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ccsim.export.homes import schema_of
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


SCHEMAS = ("scenario_0_base", "scenario_1_more", "scenario_2_dear")


def test_each_alternative_has_its_own_numbers(both: Asked, compared: Comparison) -> None:
    assert both.rows("SELECT facts_schema FROM dim_scenario ORDER BY scenario_key") == [(name,) for name in SCHEMAS]
    for schema, one in zip(SCHEMAS, compared.alternatives, strict=True):
        run = compared.runs[one.name]
        for column, kpi in (("asa_s", "asa"), ("abandonment_share", "abandonment")):
            for channel, value in both.rows(f"SELECT channel_name, {column} FROM {schema}.kpi_by_channel"):
                expected = run.estimate(kpi, "channel", channel)["estimate"]
                assert value is None if expected is None else value == pytest.approx(expected, rel=1e-9)
        cost = both.one(f"SELECT cost_per_day_amount FROM {schema}.kpi_agents_total")
        assert cost == pytest.approx(run.estimate("cost_per_day")["estimate"], rel=1e-9)


def test_no_sum_can_mix_alternatives(both: Asked, compared: Comparison) -> None:
    """A careless sum over any fact or view is that of one alternative, or there is no such table."""
    for name in ("fact_queue_total", "fact_flow_day", "kpi_by_channel", "kpi_total"):
        with pytest.raises(duckdb.CatalogException):
            both.one(f"SELECT sum(arrived_mean) FROM {name}")
        for schema, one in zip(SCHEMAS, compared.alternatives, strict=True):
            expected = compared.runs[one.name].estimate("arrived_per_day")["estimate"]  # the horizon is one day
            assert both.one(f"SELECT sum(arrived_mean) FROM {schema}.{name}") == pytest.approx(expected, rel=1e-9)
    mixed = both.rows(
        "SELECT schema_name, table_name FROM duckdb_columns() WHERE NOT internal AND column_name = 'scenario_key' "
        "AND schema_name = 'main'"
    )
    assert {name for _, name in mixed} == {"dim_scenario", "dim_price", "kpi_difference"}
    for schema, name in both.rows(
        "SELECT schema_name, table_name FROM duckdb_columns() WHERE NOT internal AND column_name = 'scenario_key' "
        "AND schema_name <> 'main'"
    ):
        keys = both.rows(f"SELECT DISTINCT scenario_key FROM {schema}.{name}")
        assert keys in ([], [(SCHEMAS.index(schema),)]), (schema, name)


def test_queries_of_a_run_answer_for_an_alternative(both: Asked, compared: Comparison) -> None:
    """With its schema in use, facts are its own and dimensions those of all."""
    sql = "SELECT sum(f.answered_mean) FROM fact_pool_day f JOIN dim_pool USING (pool_key) JOIN dim_scenario USING "
    with both.connection.cursor() as cursor:
        for schema, one in zip(SCHEMAS, compared.alternatives, strict=True):
            cursor.execute(f"USE {schema}")
            ((found,),) = cursor.execute(f"{sql} (scenario_key)").fetchall()
            run = compared.runs[one.name]
            assert found == pytest.approx(run.tables["pool_sums"]["answered"].sum() / run.replications, rel=1e-12)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_files_of_alternatives_are_in_folders_with_the_same_names(
    both: Asked, compared: Comparison, tmp_path: Path, kind: str
) -> None:
    export(Comparison.read(compared.folder or Path()), **{kind: tmp_path / "star"})
    names = [{file.stem for file in (tmp_path / "star" / one).glob(f"*.{kind}")} for one in ("", *SCHEMAS)]
    assert names[1] == names[2] == names[3]
    assert not names[0] & names[1] - {"dim_scenario", "dim_price"}
    assert {"dim_scenario", "dim_pool", "kpi_difference", "about_columns"} <= names[0]
    assert not [name for name in names[0] if name.startswith("fact_")]
    for schema in SCHEMAS:
        file = tmp_path / "star" / schema / f"fact_flow_day.{kind}"
        expected = both.one(f"SELECT sum(offered_mean) FROM {schema}.fact_flow_day")
        assert both.one(f"SELECT sum(offered_mean) FROM '{file}'") == pytest.approx(expected, rel=1e-12)
    readme = (tmp_path / "star" / "README.md").read_text(encoding="utf-8")
    assert all(f"`{schema}`" in readme for schema in SCHEMAS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acme+poland", "scenario_2_acme_poland"),
        ("Größe: 3 more; DROP TABLE x", "scenario_2_gr_e_3_more_drop_table_x"),
        ("日本", "scenario_2"),
        ("a" * 90, "scenario_2_" + "a" * 37),
    ],
)
def test_a_schema_has_a_plain_name(name: str, expected: str) -> None:
    assert schema_of(2, name, 3) == expected
    assert schema_of(2, name, 1) == "main"


def test_what_is_alike_has_one_row_and_facts_of_all(both: Asked) -> None:
    pools = both.rows("SELECT pool_name, pool_key FROM dim_pool ORDER BY 1")
    names = [name for name, _ in pools]
    assert names == ["night", "prussia", "prussia_helper", "texas", "texas_helper"]
    facts = " UNION ALL ".join(f"FROM {schema}.fact_pool_total" for schema in SCHEMAS)
    found = both.rows(
        f"SELECT pool_name, count(DISTINCT scenario_key) FROM ({facts}) JOIN dim_pool USING (pool_key) "
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
    markets = {
        row[0] for row in both.rows("SELECT DISTINCT market_name FROM scenario_0_base.abandonment_by_market_hour")
    }
    assert markets == {"several"}
