"""The reference page of tables, made from the schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ccsim.results.estimate_columns import ESTIMATES
from ccsim.results.schema import OUTCOMES, TABLES, Column

ABOUT: Final = {
    "queue_intervals": (
        "Cohort sums of queues: a visit counts in the interval in which it joined (or was turned away), "
        "contacts that arrived in the counted time only. A second or later visit counts where it joined "
        "its own queue, so rows may lie after the counted time. For every threshold T of "
        "`service_level.within` there are two more columns, `answered_within_T` and `abandoned_within_T` "
        "(`answered_within_20s`): visits with a wait <= T."
    ),
    "queue_calendar": "Calendar sums of queues, as `pool_intervals`; every contact.",
    "pool_intervals": "Calendar sums of pools, from the end of the warm-up to the end of the length.",
    "routes": "Who answered whom, counted contacts.",
    "waits": (
        "Waits of answered, counted visits in fixed bins: whole milliseconds below 128 ms, then 128 bins "
        "to a doubling, at most 0.8 % wide. Bin b >= 128 begins at (128 + b mod 128) * 2^(b div 128 - 1) "
        "ms."
    ),
    "replications": "One row a replication.",
    "queues": "Names of the queues.",
    "pools": "Names of the pools.",
    "visits": "One row a visit, on request (`--visits`): every contact, warm-up included.",
}

HEAD: Final = """# Tables of a run

Made from `ccsim.results.schema`; do not edit. A run's folder holds each table as Parquet, the small ones also
as CSV. Tables hold sums that add up over intervals, queues and replications; ratios are made last, see
[KPIs](kpis.md). Times are whole microseconds (`us`). Columns in bold name the row. Texts in a CSV that a
spreadsheet would run as a formula (they begin with `=`, `+`, `-`, `@`, a tab or a carriage return) have an
apostrophe before them.
"""


def tables_markdown() -> str:
    """Every table of a run with its columns, as Markdown."""
    parts = [HEAD]
    for name, columns in TABLES.items():
        parts += [f"## {name}", "", ABOUT[name], "", *_columns(columns), ""]
    parts += ["Outcomes by code: " + ", ".join(f"{i} {name}" for i, name in enumerate(OUTCOMES)) + ".", ""]
    parts += [
        "## estimates",
        "",
        "KPIs with their intervals, one a row. Nothing is NaN: what is missing is empty.",
        "",
        *_columns(ESTIMATES),
        "",
    ]
    return "\n".join(parts)


def _columns(columns: Sequence[Column]) -> list[str]:
    lines = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    for column in columns:
        name = f"**{column.name}**" if column.key else column.name
        lines.append(f"| {name} | {column.dtype} | {column.unit} | {column.meaning} |")
    return lines
