"""Sheets of a search for people: its answer, people, goals, every plan, values of decisions, definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ccsim.report.workbook_sheet import SHARE, Cell, Column, Sheet, count, number, with_ends, with_heads
from ccsim.report.workbook_text import meanings_sheet, origin_sheet
from ccsim.results.parquet import plain_rows
from ccsim.results.staff import KeptStaff

READ: Final = (
    "Plans of the search have the same customers; `fresh` ones are those of a certificate, which the search had not "
    "seen. Low and high are ends of intervals that hold for all goals of a plan at once. Shares are numbers from 0 to "
    "1 shown in per cent. An empty cell means that there is no value. Cells hold all digits and show as many as the "
    "interval justifies."
)
_MONEY: Final = 2
"""Decimals of costs are those of half this."""
_AGENTS: Final = 0.2
"""The same of agents."""


def staff_sheets(made: KeptStaff) -> list[Sheet | None]:
    """Every sheet but the list of them, in order; None where there is nothing to put in one."""
    return [
        _about(made),
        _people(made),
        _agents(made),
        _goals(made),
        _plans(made),
        _people_of_plans(made),
        _values(made),
        meanings_sheet(made.goals_of_plans["kpi"].tolist()),
        origin_sheet(made.provenance, made.digest, "search"),
    ]


def _about(made: KeptStaff) -> Sheet:
    told, simulated = made.told, made.told["simulated"]
    rows: list[list[Cell]] = [
        ["Scenario", made.name],
        ["Question", told["question"]],
        ["Answer", told["lead"]],
        *[["What binds", one] for one in told["binds"]],
        *[["Values", one] for one in told["notes"]],
        ["Certified", "yes" if told["certified"] else "no"],
        ["Confidence", number(told["confidence"], SHARE)],
        ["Probability that was asked for", number(told["probability"], SHARE)],
        ["Plans", count(simulated["plans"])],
        ["Replications of all plans", count(simulated["replications"])],
        ["Replications of the certificate", count(simulated["certificate"])],
        ["Seed", str(told["seed"])],
        ["How to read", READ],
    ]
    return Sheet("About", "One fact about the search", [Column("Item"), Column("Value")], rows)


def _cost(made: KeptStaff, value: float | None) -> Cell:
    return number(value, "", _MONEY / 2) if made.told["currency"] else None if value is None else count(value)


def _unit(made: KeptStaff) -> str:
    return f"{made.told['currency']}/day" if made.told["currency"] else "people"


def _whole(value: float | None) -> Cell:
    return None if value is None else count(value)


def _people(made: KeptStaff) -> Sheet:
    before = "Guess" if made.told["guessed"] else "Today"
    columns = [Column(title) for title in ("Name", "Pool", "Shift", "Key")]
    columns += [Column(title, "people") for title in (before, "Found", "Least", "Most")]
    costs = ("cost_of_one", "cost_now", "cost_found") if made.told["currency"] else ()
    heads = ("Cost of one", f"Cost {before.lower()}", "Cost found")
    columns += [Column(title, _unit(made)) for title, _ in zip(heads, costs, strict=False)]
    rows: list[list[Cell]] = [
        [
            *(row[name] for name in ("name", "pool", "shift", "key")),
            *(_whole(row[name]) for name in ("now", "found", "least", "most")),
            *(_cost(made, row[name]) for name in costs),
            row["one_less"],
        ]
        for row in plain_rows(made.people)
    ]
    return Sheet("People", "A number of people that could change", [*columns, Column("One person less")], rows)


def _agents(made: KeptStaff) -> Sheet | None:
    """Agents on duty by pool and interval."""
    columns = [Column("Week of"), Column("Weeks like it"), Column("Day"), Column("From"), Column("Pool")]
    columns += [Column(title, "agents") for title in ("Required", "On shifts", "On duty")]
    rows: list[list[Cell]] = [
        [
            row["week"],
            count(row["weeks"]),
            *(row[name] for name in ("day", "time", "pool")),
            *(number(row[name], "agents", _AGENTS / 2) for name in ("required", "rostered", "scheduled")),
        ]
        for row in plain_rows(made.agents)
    ]
    return Sheet("Agents on duty", "An interval of the week and a pool", columns, rows, 5) if rows else None


def _goals(made: KeptStaff) -> Sheet | None:
    """Every goal of every plan."""
    roles = {row["plan"]: row for row in plain_rows(made.plans)}
    titles = ("Plan", "Which", "Goal", "Asked", *with_heads("Estimate"), "Unit", "Verdict")
    columns = [*(Column(title) for title in titles), Column("Replications that meet it", SHARE)]
    rows: list[list[Cell]] = [
        [
            count(row["plan"]),
            roles[row["plan"]]["role"],
            row["title"],
            row["asked"],
            *with_ends(row),
            row["unit"],
            row["verdict"],
            number(row["probability"], SHARE),
        ]
        for row in plain_rows(made.goals_of_plans)
    ]
    return Sheet("Goals", "A goal of a plan", columns, rows, 3) if rows else None


def _plans(made: KeptStaff) -> Sheet:
    money = _unit(made)
    share = [Column(title, SHARE) for title in with_heads("All goals met")]
    columns = [
        *(Column(title) for title in ("Plan", "Which", "Customers", "Differs from the answer")),
        Column("People", "people"),
        Column("Planned cost of the people", money),
        Column("Cost of the whole centre", money if made.told["currency"] else ""),
        Column("Verdict"),
        Column("Replications"),
        *share,
        Column("Misses"),
    ]
    rows: list[list[Cell]] = [_plan(made, row) for row in plain_rows(made.plans)]
    return Sheet("Plans", "A plan that was simulated, by cost", columns, rows)


def _plan(made: KeptStaff, row: Mapping[str, Any]) -> list[Cell]:
    return [
        count(row["plan"]),
        row["role"],
        row["customers"],
        row["differs"],
        count(row["people"]),
        _cost(made, row["cost"]),
        number(row["cost_of_centre"], "", _MONEY / 2) if made.told["currency"] else None,
        row["verdict"],
        count(row["replications"]),
        *with_ends({**row, "unit": SHARE}, "all_goals", "all_goals_"),
        row["misses"],
    ]


def _people_of_plans(made: KeptStaff) -> Sheet:
    columns = [Column("Plan"), Column("Name"), Column("People", "people")]
    rows: list[list[Cell]] = [
        [count(row["plan"]), row["name"], count(row["people"])] for row in plain_rows(made.people_of_plans)
    ]
    return Sheet("People of plans", "People of a plan in a pool or shift", columns, rows, 2)


def _values(made: KeptStaff) -> Sheet | None:
    columns = [Column("Number"), Column("Decision"), Column("Value"), Column("State"), Column("People", "people")]
    columns += [Column("Cost of the whole centre", _unit(made)), Column("People by pool")]
    rows: list[list[Cell]] = [
        [
            count(row["value"]),
            row["key"],
            row["set_to"],
            row["state"],
            _whole(row["people"]),
            _cost(made, row["cost"]),
            row["people_by_pool"],
        ]
        for row in plain_rows(made.values)
    ]
    return Sheet("Values", "A value of a decision", columns, rows, 3) if rows else None
