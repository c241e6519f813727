"""Columns of the tables that uncertain inputs make: what was drawn, and how KPIs differ between replications."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column

UNCERTAIN_INPUTS: Final = (
    Column("replication", "int32", "id", "Replication, from 0", key=True),
    Column("input", "str", "name", "Name of the input under `uncertain`", key=True),
    Column("how", "str", "name", "times, add or set_to: what was done with the number"),
    Column(
        "value", "float64", "number", "What was drawn: a factor, what is added (of a share 0.01 is a point), or a value"
    ),
    Column("prices_only", "int8", "0/1", "Whether it is a price, by which the same contacts cost something else"),
)

SPREAD: Final = (
    Column("period", "str", "name", "all, or week, on the calendar of `report.time_zone`", key=True),
    Column("start", "str", "name", "Monday of the week; empty for all of the counted time", key=True),
    Column("whole", "int8", "0/1", "Whether all of the period is counted"),
    Column("goal", "str", "number", "Number of the goal, from 0, whose KPI it is; empty: no goal's", key=True),
    Column("kpi", "str", "name", "KPI, see the KPI reference", key=True),
    Column("scope", "str", "name", "all, or what it is limited to, joined by +", key=True),
    Column("name", "str", "name", "all, or names of what it is limited to, joined by +", key=True),
    Column("threshold_s", "float64", "s", "Threshold of a service level; empty for other KPIs", key=True),
    Column("replications", "int64", "count", "Replications in which the KPI is known"),
    Column("mean", "float64", "see unit", "Mean of the replications"),
    Column("sd", "float64", "see unit", "Standard deviation between replications; of shares 0.01 is a point"),
    Column("p10", "float64", "see unit", "10 % of the replications are below"),
    Column("p50", "float64", "see unit", "Half of the replications are below"),
    Column("p90", "float64", "see unit", "90 % of the replications are below"),
    Column("met", "float64", "share", "Share of the replications that meet the goal's limit in this period"),
    Column("met_low", "float64", "share", "Lower end of its 95 % interval (Wilson)"),
    Column("met_high", "float64", "share", "Upper end"),
    Column("from_inputs", "float64", "share", "Share of the variance between replications that comes from the inputs"),
    Column("from_inputs_low", "float64", "share", "Lower end of its 95 % interval"),
    Column("from_inputs_high", "float64", "share", "Upper end"),
    Column("pairs", "int64", "count", "Replications that were simulated twice, which tells that"),
    Column("unit", "str", "name", "Unit of the KPI; `share` is from 0 to 1"),
    Column("note", "str", "text", "What is missing, and why"),
)
