"""Names of the star: no words of SQL, units, keys that lead somewhere, and a meaning for everything."""

from __future__ import annotations

import re

import duckdb
import pytest

from ccsim.export.columns import BY_REPLICATION, MEAN, StarColumn, StarTable
from ccsim.export.dimension_tables import ABOUT, DIFFERENCE, DIMENSIONS, ESTIMATE
from ccsim.export.reference import star_markdown
from ccsim.export.star import facts, visit_tables
from tests.export.asked import Asked
from tests.export.reserved_words import RESERVED
from tests.support.files import ROOT

FACTS = [table for fact in facts((20_000_000, 500_000)) for table in fact.tables]
TABLES = [*DIMENSIONS, *FACTS, *visit_tables(("20s", "0.5s")), ESTIMATE, DIFFERENCE, ABOUT]
LEADS = {
    "scenario_key": "dim_scenario", "calendar_key": "dim_calendar", "day_key": "dim_day", "local_day_key": "dim_day",
    "queue_key": "dim_queue", "flow_key": "dim_flow", "pool_key": "dim_pool", "site_key": "dim_site",
    "vendor_key": "dim_vendor", "outcome_key": "dim_outcome", "price_key": "dim_price",
    "shrinkage_cause_key": "dim_shrinkage_cause", "age_band_key": "dim_age_band", "wait_bin_key": "dim_wait_bin",
    "surge_key": "dim_surge",
    "case_key": "fact_case_by_replication",
}  # fmt: skip
KEYS = [(table, column) for table in TABLES for column in table.columns if column.unit == "key"]


def named(star: Asked) -> dict[str, list[str]]:
    """Columns of every table and view."""
    return {name: star.columns(name) for name in (*star.tables, *star.views)}


def test_the_words_are_those_that_duckdb_reserves_and_more() -> None:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'")
        own = {name for (name,) in found.fetchall()}
    assert {"returning", "interval", "day", "start", "replication", "language", "database"} <= RESERVED
    assert len(own - RESERVED) < 30


def test_no_name_is_a_word_of_sql(star: Asked) -> None:
    with duckdb.connect() as connection:
        words = {name for (name,) in connection.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()}
    words |= RESERVED
    for table, columns in named(star).items():
        assert table not in words
        assert not {column for column in columns if column.lower() in words}, table


def test_every_name_can_be_written_without_quotes(star: Asked) -> None:
    for table, columns in named(star).items():
        for name in (table, *columns):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", name), (table, name)
            assert len(name) <= 63, name  # what PostgreSQL keeps


def test_the_database_has_the_columns_that_are_declared(star: Asked, globe: object) -> None:
    thresholds = (500_000, 20_000_000, 60_000_000)
    made = [table for fact in facts(thresholds) for table in fact.tables]
    for table in (*DIMENSIONS, *made, *visit_tables(("0.5s", "20s", "60s")), ESTIMATE, ABOUT):
        rows = star.rows(f"DESCRIBE {table.name}")
        assert [(row[0], row[1]) for row in rows] == [(column.name, column.kind) for column in table.columns]
    assert DIFFERENCE.name not in star.tables


def test_everything_has_a_meaning(star: Asked) -> None:
    told = {(table, column) for table, column in star.rows("SELECT table_name, column_name FROM about_columns")}
    for table, columns in named(star).items():
        if table != "about_columns":
            assert {(table, column) for column in columns} <= told, table
    silent = star.rows("SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL")
    means = {table.name for table in FACTS if table.by_replication}  # told in the table of means
    assert {name for (name,) in silent} == means | set(star.views)
    assert star.one("SELECT count(*) FROM duckdb_tables() WHERE comment IS NULL") == 0
    assert star.one("SELECT count(*) FROM duckdb_views() WHERE NOT internal AND comment IS NULL") == 0
    assert star.one("SELECT count(*) FROM about_columns WHERE meaning_text = '' OR unit_name = ''") == 0


@pytest.mark.parametrize("table", FACTS, ids=lambda table: table.name)
def test_what_adds_up_to_one_horizon_is_called_a_mean_and_nothing_else_is(table: StarTable) -> None:
    measures = table.columns[-len(table.measures) :]
    assert all(column.name.endswith(MEAN) != table.by_replication for column in measures)
    assert any(column.name == "replication_number" for column in table.columns) == table.by_replication
    assert table.name.endswith(BY_REPLICATION) == table.by_replication
    assert not [column.name for column in measures if column.unit in ("share", "ratio")]
    for column in measures:
        if column.unit in ("h", "s", "s2"):
            assert f"_{column.unit}" in column.name


def test_tables_with_a_row_a_replication_say_so_in_their_names(star: Asked) -> None:
    for table, columns in named(star).items():
        assert ("replication_number" in columns) == table.endswith(BY_REPLICATION), table


@pytest.mark.parametrize(("table", "column"), KEYS, ids=lambda one: one.name)
def test_every_key_leads_to_one_row(star: Asked, table: StarTable, column: StarColumn) -> None:
    if table is DIFFERENCE:
        return
    to = LEADS[column.name]
    target = "day_key" if column.name == "local_day_key" else column.name
    known = f"SELECT {target} FROM {to} WHERE {target} IS NOT NULL"
    lost = f"SELECT count(*) FROM {table.name} WHERE {column.name} NOT IN ({known})"
    assert star.one(lost) == 0
    if not column.optional:
        assert star.one(f"SELECT count(*) FROM {table.name} WHERE {column.name} IS NULL") == 0


@pytest.mark.parametrize("table", [*DIMENSIONS, *FACTS, ESTIMATE], ids=lambda table: table.name)
def test_keys_name_a_row(star: Asked, table: StarTable) -> None:
    keys = [column.name for column in table.columns if column.key]
    if table.name.startswith("dim_"):
        keys = keys[:1]
    found = star.one(
        f"SELECT count(*) FROM (SELECT 1 FROM {table.name} GROUP BY {', '.join(keys)} HAVING count(*) > 1)"
    )
    assert found == 0


def test_nothing_is_nan_or_infinite(star: Asked) -> None:
    for table in (*star.tables, *star.views):
        numbers = [row[0] for row in star.rows(f"DESCRIBE {table}") if row[1] == "DOUBLE"]
        if numbers:
            odd = " OR ".join(f"isnan({column}) OR isinf({column})" for column in numbers)
            assert star.one(f"SELECT count(*) FROM {table} WHERE {odd}") == 0, table


def test_the_reference_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reference" / "star.md").read_text(encoding="utf-8")
    assert page == star_markdown(), "run `python -m docs.generate`"
    for table in (*DIMENSIONS, *(fact.tables[0] for fact in facts(())), *visit_tables(()), ESTIMATE, DIFFERENCE):
        assert f"### {table.name}\n" in page
