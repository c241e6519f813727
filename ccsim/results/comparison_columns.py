"""Columns of the tables of a comparison: a KPI of one part and a variant a row, a goal and alternative a row, an
alternative a row.
"""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column

DIFFERENCES: Final = (
    Column("variant", "str", "name", "Variant that is compared with the base", key=True),
    Column("kpi", "str", "name", "KPI, see the KPI reference", key=True),
    Column("scope", "str", "name", "all, or what it is split by", key=True),
    Column("name", "str", "name", "Which of them; `all` for everything", key=True),
    Column("threshold_s", "float64", "s", "Threshold of a service level; empty for other KPIs", key=True),
    Column("base", "float64", "see unit", "Value of the base; empty where it has none"),
    Column("value", "float64", "see unit", "Value of the variant; empty where it has none"),
    Column("base_low", "float64", "see unit", "Lower end of the base's own 95 % interval, as in its run"),
    Column("base_high", "float64", "see unit", "Upper end of this interval"),
    Column("value_low", "float64", "see unit", "Lower end of the variant's own 95 % interval, as in its run"),
    Column("value_high", "float64", "see unit", "Upper end of this interval"),
    Column("difference", "float64", "see unit", "Value of the variant less that of the base"),
    Column(
        "low", "float64", "see unit", "Lower end of the difference's interval, which holds for all variants at once"
    ),
    Column("high", "float64", "see unit", "Upper end of this interval"),
    Column(
        "standard_error", "float64", "see unit", "Standard error of the difference, replication against replication"
    ),
    Column("verdict", "str", "name", "higher, lower, equal (nothing varies), not decided, or missing"),
    Column("good", "str", "name", "Whether a decided difference is better or worse; empty where neither is"),
    Column(
        "pairing_saved", "float64", "ratio", "Variance of the difference without common random numbers, divided by it"
    ),
    Column(
        "more_replications",
        "float64",
        "count",
        "Further replications that would decide if the difference stays as it is; empty where no number would",
    ),
    Column("replications", "int64", "count", "Number of pairs of replications it is based on"),
    Column("unit", "str", "name", "Unit; `share` is from 0 to 1"),
    Column("note", "str", "text", "Why a value is missing, or what was left out; empty otherwise"),
)

BEST: Final = (
    Column("goal", "int32", "index", "Goal of the base, from 0", key=True),
    Column("kpi", "str", "name", "KPI of the goal", key=True),
    Column("alternative", "str", "name", "The base or a variant", key=True),
    Column("estimate", "float64", "see goal", "KPI over all replications; empty where there is none"),
    Column("difference", "float64", "see goal", "Value less that of the base; empty for the base"),
    Column(
        "low", "float64", "see goal", "Lower end of the difference's interval, which holds for all variants at once"
    ),
    Column("high", "float64", "see goal", "Upper end of this interval"),
    Column("standard_error", "float64", "see goal", "Standard error of the difference"),
    Column(
        "verdict", "str", "name", "higher, lower, equal, not decided or missing, of the difference; empty for the base"
    ),
    Column("good", "str", "name", "Whether a decided difference is better or worse, as the goal wants it"),
    Column(
        "more_replications",
        "float64",
        "count",
        "Further replications that would decide if the difference stays as it is; empty where no number would",
    ),
    Column(
        "same_work",
        "float64",
        "see goal",
        "Part of the difference that the same queues make, weighted by the contacts that they have in the base; empty "
        "for KPIs that are no share or mean of contacts",
    ),
    Column("same_work_low", "float64", "see goal", "Lower end of its interval"),
    Column("same_work_high", "float64", "see goal", "Upper end of its interval"),
    Column("mix", "float64", "see goal", "The rest: other shares of the queues, and queues that only one of them has"),
    Column("mix_low", "float64", "see goal", "Lower end of its interval"),
    Column("mix_high", "float64", "see goal", "Upper end of its interval"),
    Column("new_work", "float64", "see goal", "The KPI of the queues that only the variant has; empty without any"),
    Column(
        "probability_best",
        "float64",
        "share",
        "Probability that its *mean* is the best of all: share of bootstrap samples of the replications",
    ),
    Column("share_won", "float64", "share", "Share of the replications in which it was the best; ties are shared"),
    Column("replications", "int64", "count", "Number of replications `share_won` is based on"),
)

ALTERNATIVES: Final = (
    Column("alternative", "str", "name", "The base or a variant", key=True),
    Column(
        "meets",
        "str",
        "name",
        "Whether it meets all goals: yes (all pass), no (one fails), probably, probably not, unknown",
    ),
    Column(
        "probability_all_goals",
        "float64",
        "share",
        "Probability that its means meet all goals: share of bootstrap samples of the replications",
    ),
    Column("goals_pass", "int32", "count", "Goals that pass"),
    Column("goals_fail", "int32", "count", "Goals that fail"),
    Column("goals_inconclusive", "int32", "count", "Goals that the replications do not decide"),
    Column(
        "role",
        "str",
        "name",
        "cheapest: the least cost of those that meet all goals; nearest: the one that misses least where none does",
    ),
    Column("measure", "str", "name", "KPI that the cheapest is found by; empty where there is neither cost nor agents"),
    Column("value", "float64", "see measure", "This KPI"),
    Column("value_low", "float64", "see measure", "Lower end of its 95 % interval"),
    Column("value_high", "float64", "see measure", "Upper end of this interval"),
    Column(
        "difference", "float64", "see measure", "Value less that of the alternative with a role; empty for that one"
    ),
    Column(
        "low",
        "float64",
        "see measure",
        "Lower end of the difference's interval, which holds for all alternatives at once",
    ),
    Column("high", "float64", "see measure", "Upper end of this interval"),
    Column("standard_error", "float64", "see measure", "Standard error of the difference"),
    Column("verdict", "str", "name", "higher, lower, equal, alike (within 0.5 %), or not decided"),
    Column("more_replications", "float64", "count", "Further replications that would decide; empty where none would"),
)
