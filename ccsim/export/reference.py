"""The reference page of the star schema, made from its declarations, and the README of a folder."""

from __future__ import annotations

from typing import Final, Protocol

from ccsim.export.columns import MEAN, StarTable, View
from ccsim.export.dimension_tables import ABOUT, DIFFERENCE, DIMENSIONS, ESTIMATE
from ccsim.export.homes import OPEN
from ccsim.export.questions import SAID, questions
from ccsim.export.star import facts, visit_tables
from ccsim.export.views import KPI_VIEWS


class StarLike(Protocol):
    """What is told of a star."""

    tables: list[StarTable]
    own: list[StarTable]
    views: list[View]
    schemas: list[str]


HEAD: Final = """# Tables for BI

This page is made from `ccsim.export`; do not edit it. [How to use them](../how-to/bi.md) has questions and answers, and
the [glossary](../glossary.md) explains the terms.

`ccsim export RUN --duckdb FILE`, `--parquet FOLDER` or `--csv FOLDER` writes a run or a comparison as a star schema.

* **Facts** (`fact_...`) hold numbers, **dimensions** (`dim_...`) what they are of. A column `..._key` has the same name
  in both. Every name is lower case, and none is a word of SQL.
* Measures end with `_mean`: the mean over the replications. Their sum over intervals, days, queues or pools is what one
  horizon has on average, never divide it by anything.
* Tables that end with `_by_replication` have a row for each replication, and their sums count every one. Their measures
  have no `_mean`. With `sum(horizon_weight)` visits and cases are counted for one horizon.
* Facts hold no ratios. Views (`kpi_...` and others) hold ratios as sums over sums, by the formulas of the
  [KPIs](kpis.md). Rows of ratios cannot be added up, nor averaged: take the view for the part that you want.
* Facts and views of a comparison stand in a schema for each alternative (of files: a folder), which
  `dim_scenario.facts_schema` names; with the same names in each. No table has rows of two alternatives, so that no sum
  can mix them. Dimensions are common, and `kpi_difference` has the differences.
* Units are in the names: `_h` hours, `_s` seconds, `_share` from 0 to 1; costs are in the currency of
  `dim_scenario.currency_code`.
* `..._utc` is UTC, `..._local` a local time; both are plain timestamps that no tool moves to a zone of its own.
* For every threshold T of `service_level.within` flows and queues have `answered_within_T_mean` and
  `abandoned_within_T_mean` (`answered_within_20s_mean`), visits `answered_within_T`.
* Tables by interval and day are kept by flow: the queues of one volume, workflow, channel and tier. What must be split
  further by time needs a run with `--visits`.
"""


def star_markdown() -> str:
    """Every table of the star with its columns, and every view, as Markdown."""
    means = [fact.tables[0] for fact in facts(())]
    each = [fact.name for fact in facts(()) if fact.each]
    parts = [HEAD, "## Facts", ""]
    parts += [f"There are also {', '.join(f'`{name}_by_replication`' for name in each)}, with the same columns "
              f"beside `replication_number` and without `{MEAN}` in their names.", ""]  # fmt: skip
    for table in means:
        parts += _table(table)
    parts += ["## Visits and cases", "", "Of a run with `--visits`.", ""]
    for table in visit_tables(()):
        parts += _table(table)
    parts += ["## Dimensions", ""]
    for table in DIMENSIONS:
        parts += _table(table)
    parts += ["## KPIs and columns", ""]
    for table in (ESTIMATE, DIFFERENCE, ABOUT):
        parts += _table(table)
    parts += ["## Views", "", "KPIs, with every KPI that can be told of the part:", "", *_kpi_views(), ""]
    for view in questions((), with_visits=True):
        parts += [f"### {view.name}", "", view.about, "", *_view(view), ""]
    return "\n".join(parts)


def _kpi_views() -> list[str]:
    return ["| view | by |", "|---|---|", *(f"| {name} | {by} |" for name, by in KPI_VIEWS)]


def _table(table: StarTable) -> list[str]:
    lines = [f"### {table.name}", "", table.about, "", "| column | type | unit | meaning |", "|---|---|---|---|"]
    for column in table.columns:
        name = f"**{column.name}**" if column.key else column.name
        lines.append(f"| {name} | {column.kind} | {column.unit} | {column.meaning} |")
    return [*lines, ""]


def _view(view: View) -> list[str]:
    """Columns of a view of a question, in the order in which it has them."""
    found = [(view.sql.index(name), name) for name in SAID if name in view.sql]
    lines = ["| column | unit | meaning |", "|---|---|---|"]
    return [*lines, *(f"| {name} | {SAID[name][0]} | {SAID[name][1]} |" for _, name in sorted(found))]


def readme(star: StarLike, kind: str) -> str:
    """What is in a folder of files: every table with its columns, every view."""
    parts = ["# Tables for BI", "", f"One `.{kind}` file for each table and view; made by ccsim.", ""]
    if star.schemas != [OPEN]:
        folders = ", ".join(f"`{schema}`" for schema in star.schemas)
        parts += [f"Facts and views stand by alternative, in the folders {folders}: with the same names in each.", ""]
    for table in (*star.tables, *star.own):
        parts += [f"#{line}" if line.startswith("###") else line for line in _table(table)]
    for view in star.views:
        parts += [f"#### {view.name}", "", view.about, ""]
    return "\n".join(parts)
