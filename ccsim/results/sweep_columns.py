"""Columns of the tables of a sweep."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column, key

POINT: Final = key("point", "int64", "id", "The point of the sweep; 0 is the scenario as written.")

POINTS: Final = (
    POINT,
    key("scenario", "str", "name", "The scenario with its variants."),
    key("key", "str", "name", "The key that is varied; empty for a scenario as written."),
    Column("value", "str", "text", "Its value there, as a planner writes it."),
    Column("simulated_as", "int64", "id", "The first point that simulates the same and differs in prices at most."),
    Column("state", "str", "word", "`done`, or `parked`: it failed each time it was tried, and has no results."),
)
"""Table `points`: a row for each point and key."""

KPIS_OF_POINTS: Final = (
    POINT,
    key("kpi", "str", "name", "Name of the KPI, see the reference."),
    key("scope", "str", "name", "What is split by: `all`, `kind`, `goal` (the part that a goal is about), ..."),
    key("name", "str", "name", "The part; of scope `goal` the number of the goal."),
    key("threshold_s", "float64", "s", "Threshold of a service level."),
    Column("unit", "str", "unit", "Unit of the values."),
    Column("replications", "int64", "count", "Replications."),
    Column("value", "float64", "unit", "The KPI."),
    Column("value_low", "float64", "unit", "Low end of its 95 % interval."),
    Column("value_high", "float64", "unit", "High end."),
    Column("base", "float64", "unit", "The KPI of the scenario as written, point 0."),
    Column("difference", "float64", "unit", "Value less base."),
    Column("low", "float64", "unit", "Low end of the difference's 95 % interval, from paired replications."),
    Column("high", "float64", "unit", "High end."),
    Column("standard_error", "float64", "unit", "Standard error of the difference."),
    Column("verdict", "str", "word", "`higher`, `lower`, `equal`, `not decided`, `missing`."),
    Column("good", "str", "word", "`better` or `worse` where a decided difference is one."),
    Column("note", "str", "text", "Why something is missing."),
)
"""Table `kpis`: a row for each point, KPI and part."""

GOALS_OF_POINTS: Final = (
    POINT,
    key("goal", "int64", "id", "Number of the goal in the scenario as written, from 0."),
    key("kpi", "str", "name", "Name of the KPI."),
    key("threshold_s", "float64", "s", "Threshold of a service level."),
    Column("verdict", "str", "word", "`pass`, `fail` or `inconclusive`, by the whole interval."),
    Column("at_least", "float64", "unit", "Lower limit."),
    Column("at_most", "float64", "unit", "Upper limit."),
    Column("estimate", "float64", "unit", "The KPI."),
    Column("low", "float64", "unit", "Low end of its interval."),
    Column("high", "float64", "unit", "High end."),
    Column("unit", "str", "unit", "Unit of the values."),
    Column("probability", "float64", "share", "Share of the replications that meet the goal."),
    Column("asked", "str", "text", "What the goal asks, in words."),
    Column("why", "str", "text", "Why it does not pass."),
)
"""Table `goals`: a row for each point and goal."""

INDICES: Final = (
    key("kpi", "str", "name", "Name of the KPI."),
    key("scope", "str", "name", "`all`, or `goal` (the part that a goal is about)."),
    key("name", "str", "name", "The part; of scope `goal` the number of the goal."),
    key("threshold_s", "float64", "s", "Threshold of a service level."),
    key("key", "str", "name", "The factor."),
    Column("unit", "str", "unit", "Unit of the KPI."),
    Column("mean", "float64", "unit", "Mean of the KPI over the factors."),
    Column("sd", "float64", "unit", "Standard deviation that the factors make, without the noise of replications."),
    Column("noise_sd", "float64", "unit", "Standard deviation of one replication at a point, on average."),
    Column("first", "float64", "share", "First-order index: share of the factors' variance that it makes alone."),
    Column("first_low", "float64", "share", "Low end of its 95 % interval."),
    Column("first_high", "float64", "share", "High end."),
    Column("total", "float64", "share", "Total index: the share that would be left if all others were known."),
    Column("total_low", "float64", "share", "Low end of its 95 % interval."),
    Column("total_high", "float64", "share", "High end."),
    Column("note", "str", "text", "Why something is missing."),
)
"""Table `indices` of a study with a Saltelli design: Sobol indices, a row for each KPI and factor."""

PEOPLE_OF_POINTS: Final = (
    POINT,
    key("pool", "str", "name", "A pool whose work differs from that of the scenario as written."),
    key("key", "str", "name", "The key of its people; empty where they cannot follow."),
    Column("work", "float64", "factor", "Factor on the work that the plan brings it; missing where goals are kept."),
    Column("before", "float64", "people", "People as the scenario says; the most at once of a staffing by time."),
    Column("after", "float64", "people", "People that it was simulated with."),
    Column("note", "str", "text", "What did not work out."),
)
"""Table `people`: a row for each point and number of people that was to follow the work."""

TABLES_OF_SWEEPS: Final = {
    "points": POINTS,
    "kpis": KPIS_OF_POINTS,
    "goals": GOALS_OF_POINTS,
    "people": PEOPLE_OF_POINTS,
}
"""Columns by table, in the order of the digest."""
