"""Columns of the tidy table of periods: one KPI of one part of the contact centre on one day, week or month a row."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column

PERIOD_ESTIMATES: Final = (
    Column("period", "str", "name", "day, week or month, on the calendar of `report.time_zone`", key=True),
    Column("start", "str", "name", "Its first date; of a week the Monday, of a month `2026-06`", key=True),
    Column("whole", "int8", "0/1", "Whether all of it is counted; only whole periods are judged"),
    Column(
        "counted_hours",
        "float64",
        "h",
        "How much of it is counted; 23 or 25 h of a day on which clocks change, and `a day` is per 24 h of these",
    ),
    Column("kpi", "str", "name", "KPI, see the KPI reference", key=True),
    Column("scope", "str", "name", "all, or what it is split by: kind, channel, market, site, vendor, ...", key=True),
    Column("name", "str", "name", "Which of them; `all` for everything, `several` for volumes with more", key=True),
    Column("threshold_s", "float64", "s", "Threshold of a service level; empty for other KPIs", key=True),
    Column("estimate", "float64", "see unit", "Ratio of sums over the replications; empty where there is none"),
    Column("low", "float64", "see unit", "Lower end of the 95 % interval of this period alone; empty without one"),
    Column("high", "float64", "see unit", "Upper end of this interval"),
    Column("standard_error", "float64", "see unit", "Standard error of the estimate"),
    Column("replications", "int64", "count", "Number of replications it is based on"),
    Column("unit", "str", "name", "Unit of the estimate; `share` is from 0 to 1"),
    Column("numerator", "float64", "count, s or money", "Sum over the replications that is divided"),
    Column("denominator", "float64", "count, s or replications", "Sum over the replications that divides"),
    Column("note", "str", "text", "Why a value or its interval is missing; empty otherwise"),
)
