"""The reference page of tables, made from the schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ccsim.records.columns import Column
from ccsim.records.outcomes import OUTCOME_MEANINGS, OUTCOMES, RETURN_REASONS
from ccsim.records.tables import AGE_BANDS, CASE_AGE_BANDS, TABLES
from ccsim.results.estimate_columns import ESTIMATES

_WITH_THRESHOLDS: Final = (
    "For every threshold T of `service_level.within` there are two more columns, `answered_within_T` and "
    "`abandoned_within_T` (`answered_within_20s`): visits with a wait <= T."
)

ABOUT: Final = {
    "flow_intervals": (
        "Cohort sums of flows by report interval: a visit counts in the interval in which it joined its queue (or "
        "was turned away), contacts that arrived in the counted time only. A second or later visit counts where it "
        "joined its own queue, so rows may lie after the counted time. Intervals without contacts have no row. "
        f"{_WITH_THRESHOLDS}"
    ),
    "flow_calendar": "Calendar sums of flows, as `pool_intervals`; every contact.",
    "queue_sums": (
        "Sums of queues over the whole counted time: the cohort sums of `flow_intervals`, and the calendar's "
        f"`waiting_us`. {_WITH_THRESHOLDS}"
    ),
    "pool_intervals": "Calendar sums of pools, from the end of the warm-up to the end of the length.",
    "pool_sums": "The same over the whole counted time.",
    "shrinkage": "Agent time away by cause, over the whole counted time.",
    "routes": (
        "Which pools answered which queues; counted contacts. For every threshold T there is one more column, "
        "`answered_within_T`, without callbacks."
    ),
    "assigned": "Visits by the vendor that they were assigned to, where the workflow has vendor shares.",
    "assigned_sums": (
        "What service level, abandonment and what is counted of handled visits are made of by vendor, site and pool, "
        "also by day: counted contacts by the day on which they joined the queue, by whom they were assigned to "
        f"(`assignees`) and by who answered. {_WITH_THRESHOLDS}"
    ),
    "first_answers": (
        "Cases by the pool that answered their first visit with an agent, and by the queue in which they opened: what "
        "FCR and repeats by vendor, site and pool are made of."
    ),
    "pool_days": (
        "The same by day and pool, of all queues together, on the day on which the case opened; and ratings on the day "
        "on which the last visit of the contact joined its queue. Days are those of the report's clock "
        "(`report.time_zone`)."
    ),
    "ratings": (
        "What customers think of contacts that ended with an agent, and what moved it; counted contacts, by the queue "
        "and the pool of the last visit. `expected_e9` is `base_e9` and all parts together, to the last digit. Empty "
        "where the scenario has no `satisfaction`."
    ),
    "waits": (
        "Waits of answered, counted visits in fixed bins: whole milliseconds below 128 ms, then 128 bins "
        "to a doubling, at most 0.8 % wide. Bin b >= 128 begins at (128 + b mod 128) * 2^(b div 128 - 1) "
        "ms."
    ),
    "backlog": (
        "Deferred visits that wait at the midnights of the scenario's clock in the counted time, by the time since "
        "they joined their queue. Bands without visits have no row. Bands by index: "
        + ", ".join(f"{i} from {hours} h" for i, hours in enumerate(AGE_BANDS))
        + "."
    ),
    "missed_first": (
        "Cases of `cases_missed_first` by how their first contact with an agent ended (or the contact without one "
        "after which the customer gave up); by the queue in which they opened."
    ),
    "repeats": (
        "Contacts of `repeated` by why the customer came back. Reasons by code: "
        + ", ".join(f"{code} {name}" for code, name in enumerate(RETURN_REASONS))
        + "."
    ),
    "open_cases": (
        "Cases that are open at the midnights of the scenario's clock in the counted time, from the arrival of the "
        "first contact to the end of the last, whether or not anybody knows that another is to come; every case. "
        "Bands by index: " + ", ".join(f"{i} from {hours} h" for i, hours in enumerate(CASE_AGE_BANDS)) + "."
    ),
    "replications": "One row per replication.",
    "queues": "Names of the queues.",
    "flows": (
        "Names of the flows: the queues of one volume, workflow, channel and tier. Tables by interval are kept by "
        "flow, so that they do not grow with every market, language and segment."
    ),
    "pools": "Names of the pools.",
    "vendors": "Names of the vendors.",
    "assignees": (
        "To whom visits are assigned: by vendor shares, else to those who may answer at once. Queues that are alike in "
        "this, in `channel`, `kind`, `due` and `several` share a row. Empty names: several may answer from the first "
        "second, before any overflow step."
    ),
    "shrinkage_causes": "Causes of time away.",
    "workforce_plan": "Required, rostered and scheduled agents of every pool and interval: the plan, not the outcome.",
    "visits": "One row per visit, on request (`--visits`): every contact, warm-up included.",
}

HEAD: Final = """# Tables of a run

This page is made from `ccsim.records.tables`; do not edit it. The [glossary](../glossary.md) explains the terms.

* A run's folder holds each table as Parquet, and small tables also as CSV. Tables hold sums that add up over intervals,
  queues and replications. Ratios are computed from them last, see [KPIs](kpis.md).
* The ratios are in `estimates.csv`. For spreadsheets they are also in `by_channel.csv`, `by_site.csv`, ...: one row for
  each part, and for each KPI a column with its unit in its name and both ends of its interval. `by_vendor_channel.csv`,
  `by_site_channel.csv` and `by_pool_channel.csv` have a row for each part and channel, `partner+phone` (in the
  estimates the scope `vendor+channel`), for KPIs by who answered and by whom visits were assigned to.
* `spread.csv` and `uncertain_inputs.csv` are there with [uncertain inputs](../how-to/uncertain.md): how replications
  differ, in all and by week, and what was drawn; their columns are in `columns.csv`.
* `estimates_by_period.csv` has the main KPIs by day, week and month, see
  [one day, one week, some hours](../how-to/one-day.md). It is missing if a report interval holds a midnight.
* For BI tools `ccsim export` makes a star schema of them: see [tables for BI](star.md).
* A notebook can read some columns and rows of a long table:
  `run.tables.select("flow_intervals", ["interval", "offered"], {"flow": [3]})`.
* Times are whole microseconds (`us`). Columns in bold name the row.
* In a CSV an apostrophe stands before texts that a spreadsheet would run as a formula. Such texts begin with `=`, `+`,
  `-`, `@`, a tab or a carriage return.
* Many readers take a name like `NA` for a missing value. `ccsim.api.read_csv(FILE)` reads a CSV as it was written.
  `pandas.read_csv(FILE, keep_default_na=False)` keeps `NA` too, but turns names like `007` into numbers and leaves the
  apostrophes.
"""


def tables_markdown() -> str:
    """Every table of a run with its columns, as Markdown."""
    parts = [HEAD]
    for name, columns in TABLES.items():
        parts += [f"## {name}", "", ABOUT[name], "", *_columns(columns), ""]
    parts += ["| code | outcome | meaning |", "|---:|---|---|"]
    parts += [f"| {code} | {name} | {OUTCOME_MEANINGS[name]} |" for code, name in enumerate(OUTCOMES)]
    parts += [""]
    parts += [
        "## estimates",
        "",
        "KPIs with their intervals, one per row. Nothing is NaN; a missing value is empty.",
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
