"""Columns of the tidy table of estimates: one KPI of one part of the contact centre a row."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column

ESTIMATES: Final = (
    Column("kpi", "str", "name", "KPI, see the KPI reference", key=True),
    Column(
        "scope",
        "str",
        "name",
        "all, or what it is split by: workflow, channel, site, vendor, vendor+channel, ...; see the KPI reference",
        key=True,
    ),
    Column("name", "str", "name", "Which of them; `all` for everything", key=True),
    Column("threshold_s", "float64", "s", "Threshold of a service level; empty for other KPIs", key=True),
    Column("estimate", "float64", "see unit", "Ratio of sums over the replications; empty where there is none"),
    Column(
        "low",
        "float64",
        "see unit",
        "Lower end of the 95 % interval; empty with one replication, and where `note` says why",
    ),
    Column("high", "float64", "see unit", "Upper end of this interval"),
    Column("standard_error", "float64", "see unit", "Standard error of the estimate"),
    Column("replications", "int64", "count", "Number of replications it is based on"),
    Column("unit", "str", "name", "Unit of the estimate; `share` is from 0 to 1"),
    Column("method", "str", "name", "How the interval was made; for a service level, the rule first"),
    Column("numerator", "float64", "count, s or money", "Sum over the replications that is divided"),
    Column("denominator", "float64", "count, s or replications", "Sum over the replications that divides"),
    Column("note", "str", "text", "Why a value or its interval is missing, or what was left out; empty otherwise"),
)
