"""Columns of the tables of a search for people."""

from __future__ import annotations

from typing import Final

from ccsim.records.columns import Column, key

PLAN: Final = key("plan", "int64", "id", "The plan, from 0, by its cost.")

PEOPLE: Final = (
    key("name", "str", "name", "The pool, or its shift or shift pattern: `leeds`, `leeds late`."),
    Column("pool", "str", "name", "The pool."),
    Column("shift", "str", "name", "Its shift or shift pattern; empty where all its people are meant."),
    Column("key", "str", "name", "Key of the number of people in the scenario."),
    Column("now", "int64", "people", "People as the scenario says; a first guess where it leaves them to be found."),
    Column("found", "float64", "people", "People of the plan that was found; missing where none was."),
    Column("least", "int64", "people", "Fewest that were allowed."),
    Column("most", "int64", "people", "Most that were allowed."),
    Column("cost_of_one", "float64", "currency/day", "Planned cost of one person; missing where nobody has a price."),
    Column("cost_now", "float64", "currency/day", "Planned cost of today's people."),
    Column("cost_found", "float64", "currency/day", "Planned cost of the people that were found."),
    Column("one_less", "str", "text", "What one person less here would miss, as the answer says it."),
)
"""Table `people`: a row for each number of people that could change."""

PLANS: Final = (
    PLAN,
    Column("role", "str", "word", "`found`, `now`, `beside` (cheaper, on the certificate's customers), `nearest`."),
    Column("customers", "str", "word", "`fresh`: those of a certificate; `search`: those that the search saw."),
    Column("differs", "str", "text", "People who differ from the plan that was found, `leeds 9 (-1)`."),
    Column("people", "int64", "people", "People of all pools that could change."),
    Column("cost", "float64", "currency/day", "Planned cost of these people; their number where nobody has a price."),
    Column("cost_of_centre", "float64", "currency/day", "Cost of the whole centre on its replications."),
    Column("verdict", "str", "word", "`pass`, `fail` or `inconclusive`, of all goals."),
    Column("replications", "int64", "count", "Replications."),
    Column("all_goals", "float64", "share", "Share of the replications that meet all goals at once."),
    Column("all_goals_low", "float64", "share", "Low end of its interval."),
    Column("all_goals_high", "float64", "share", "High end."),
    Column("misses", "str", "text", "What it misses or may miss; empty where it passes."),
)
"""Table `plans`: a row for each plan that was simulated."""

PEOPLE_OF_PLANS: Final = (
    PLAN,
    key("name", "str", "name", "The pool, or its shift or shift pattern."),
    Column("people", "int64", "people", "People there."),
)
"""Table `people_of_plans`: a row for each plan and number of people that could change."""

GOALS_OF_PLANS: Final = (
    PLAN,
    key("goal", "int64", "id", "Number of the goal in the scenario, from 0."),
    Column("kpi", "str", "name", "Name of the KPI."),
    Column("title", "str", "text", "The KPI and what it is of, for people."),
    Column("asked", "str", "text", "Its limits, for people."),
    Column("at_least", "float64", "unit", "Lower limit."),
    Column("at_most", "float64", "unit", "Upper limit."),
    Column("estimate", "float64", "unit", "The KPI."),
    Column("low", "float64", "unit", "Low end of its interval; the intervals of all goals of a plan hold at once."),
    Column("high", "float64", "unit", "High end."),
    Column("unit", "str", "unit", "Unit of the values."),
    Column("verdict", "str", "word", "`pass`, `fail` or `inconclusive`, by the whole interval."),
    Column("probability", "float64", "share", "Share of the replications that meet the goal."),
)
"""Table `goals_of_plans`: a row for each plan and goal."""

VALUES: Final = (
    key("value", "int64", "id", "The values of all decisions together, from 0, in their order."),
    key("key", "str", "name", "A decision."),
    Column("set_to", "str", "text", "Its value there, as a planner writes it."),
    Column("state", "str", "word", "`best`, `looked at`, `no plan`, `stopped`, `not looked at`."),
    Column("people", "float64", "people", "People of the plan that was found there; missing where none was."),
    Column("cost", "float64", "currency/day", "Cost of the whole centre; people where nobody has a price."),
    Column("people_by_pool", "str", "text", "The people, `leeds 9, sofia 12`."),
)
"""Table `values`: a row for each value of the decisions, and decision; none where only people were searched."""

AGENTS_ON_DUTY: Final = (
    key("week", "str", "name", "Monday of the week, on the calendar of `report.time_zone`; of those alike the first."),
    Column("weeks", "int64", "count", "Weeks of the horizon that are like it, with it; those in part, too."),
    key("day", "str", "name", "Day of the week, `Mon` to `Sun`."),
    key("time", "str", "name", "When the interval begins, `08:30`."),
    key("pool", "str", "name", "The pool; those that the search did not change, too."),
    Column("required", "float64", "agents", "Agents that the expected demand requires, by the method of `planning`."),
    Column("rostered", "float64", "agents", "Agents on shifts, breaks and time away in blocks included."),
    Column("scheduled", "float64", "agents", "Agents on duty: without these; the mean of the weeks that are alike."),
)
"""Table `agents`: a row for each interval and pool of the plan that was found; none where all would be 0. Weeks are
alike that require the same and have the same people on shifts."""

TABLES_OF_STAFF: Final = {
    "people": PEOPLE,
    "plans": PLANS,
    "people_of_plans": PEOPLE_OF_PLANS,
    "goals_of_plans": GOALS_OF_PLANS,
    "values": VALUES,
    "agents": AGENTS_ON_DUTY,
}
"""Columns by table, in the order of the digest."""
