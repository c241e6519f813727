"""The page of a search for people: who is needed at what cost, which goals are met, what cheaper plans miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ccsim.report.drawing import figures_last
from ccsim.report.numbers import shown_in
from ccsim.report.page import check_page_place, put_page, render_page
from ccsim.report.parts import Cell, Column, Table, word
from ccsim.report.staff_duty import agents_chart
from ccsim.report.staff_figures import cost_curve, trade_off
from ccsim.report.study_page import Fact, definitions_of, made_by
from ccsim.results.parquet import plain_rows
from ccsim.results.staff import KeptStaff
from ccsim.results.text import ends_of, rounded, shown

TEMPLATE: Final = Path(__file__).parent / "staff.html"
FEW_CHEAPER: Final = 12
"""So many cheaper plans are shown by themselves."""

Row = Mapping[str, Any]


def staff_page(made: KeptStaff) -> str:
    """The page of a search as HTML; the same search gives the same text."""
    with figures_last() as figures:
        return figures.put_into(_page(made))


def write_staff_report(made: KeptStaff, path: Path) -> None:
    """Write the page of a search, whole or not at all; `OutputError` if that cannot be done."""
    check_page_place(path)
    put_page(staff_page(made), path)


def _page(made: KeptStaff) -> str:
    told, simulated = made.told, made.told["simulated"]
    chance = told["probability"]
    beside, more = _beside(made)
    values = _values(made)
    return render_page(
        TEMPLATE,
        title=f"{made.name}: people",
        question=told["question"] or "How many people meet all goals at least cost?",
        summary=[
            "certified" if told["certified"] else "stopped, not certified" if told["stopped"] else "not certified",
            f"{simulated['plans']} plans and {simulated['replications']:,} replications simulated",
            f"seed {told['seed']}",
        ],
        warnings=[],
        lead=told["lead"],
        binds=told["binds"],
        people=_people(made),
        goals=_goals(made),
        replications=_replications(made),
        picture=trade_off(made),
        agents=agents_chart(made),
        beside=beside,
        more=more,
        values=values,
        curve=cost_curve(made),
        notes=told["notes"],
        plans=_all_plans(made),
        variant="\n".join(told["variant"]),
        certificate=simulated["certificate"],
        probability="" if chance is None else f"{chance * 100:g} %",
        priced=bool(made.money),
        error=f"{(1 - told['confidence']) * 100:.4g} %",
        simulated=_facts(made),
        definitions=definitions_of(made.goals_of_plans["kpi"].tolist()),
    )


def _facts(made: KeptStaff) -> list[Fact]:
    told = made.told
    fresh = told["simulated"]["certificate"]
    return [
        ("Confidence", f"{told['confidence'] * 100:g} %, of all goals at once"),
        ("Certificate", f"{fresh} fresh replications" if fresh else "none"),
        *made_by(made),
    ]


def _number(value: float | None, decimals: int = 0) -> Cell:
    return Cell("-") if value is None else Cell(rounded(value, decimals), value=value)


def _signed(value: float) -> Cell:
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return Cell(f"{sign}{rounded(abs(value), 0)}", value=value)


def _people(made: KeptStaff) -> Table:
    """People by pool, today and found, with what they cost and what one person less would miss."""
    rows, money = plain_rows(made.people), made.money
    found = all(row["found"] is not None for row in rows)
    columns = [Column("Pool"), Column("Guess" if made.told["guessed"] else "Today", "people")]
    if found:
        columns += [Column("Found", "people"), Column("Change", "people")]
    if money:
        columns += [Column("One person", money), Column("Cost today", money)]
        columns += [Column("Cost found", money)] if found else []
    columns += [Column("Allowed", "people"), *([Column("One person less", words=True)] if found else [])]

    def cells(row: Row, *, last: bool = False) -> list[Cell]:
        made_of = [word(row["name"]), _number(row["now"])]
        if found:
            made_of += [_number(row["found"]), _signed(row["found"] - row["now"])]
        if money:
            made_of += [word("") if last else _number(row["cost_of_one"]), _number(row["cost_now"])]
            made_of += [_number(row["cost_found"])] if found else []
        made_of += [word("" if last else f"{row['least']} to {row['most']:,}")]
        return [*made_of, *([word("" if last else row["one_less"])] if found else [])]

    total: Sequence[Cell] = ()
    if len(rows) > 1:
        sums = {
            name: None if any(row[name] is None for row in rows) else sum(row[name] for row in rows)
            for name in ("now", "found", "cost_now", "cost_found")
        }
        total = cells({"name": "all", **sums}, last=True)
    return Table("People", columns, [cells(row) for row in rows], total=total)


def _goals(made: KeptStaff) -> Table:
    """Goals of the plan that was found, or of the nearest one, and of today's."""
    plan, now = _shown_plan(made), made.plan_of("now")
    today = {} if now is None or now is plan or now["plan"] == plan["plan"] else _by_goal(made, now["plan"])
    what = "The plan" if plan["role"].startswith("found") else "Nearest plan" if "nearest" in plan["role"] else "Today"
    columns = [Column("Goal"), Column("Asked", words=True), Column(what, words=True), Column("Verdict", words=True)]
    if today:
        before = "Guess" if made.told["guessed"] else "Today"
        columns += [Column(before, words=True), Column(f"Verdict, {before.lower()}", words=True)]
    rows = []
    for row in made.goals_of(plan["plan"]):
        cells = [Cell(row["title"], kpi=row["kpi"]), word(row["asked"]), *_result(row)]
        rows.append([*cells, *(_result(today[row["goal"]]) if today else [])])
    asked = made.told["probability"]
    cells = [word("All goals in one replication"), word("" if asked is None else f"at least {asked * 100:g} %")]
    for one in (plan, now) if today and now is not None else (plan,):
        cells += [word(_share(one)), word("" if asked is None else one["verdict"])]
    rows.append(cells)
    return Table("Goals", columns, rows, sortable=False)


def _replications(made: KeptStaff) -> str:
    """How often the plans of the table of goals were simulated."""
    plan, now = _shown_plan(made), made.plan_of("now")
    source = "fresh replications" if plan["customers"] == "fresh" else "replications of the search"
    told = f"The plan: {plan['replications']} {source}."
    if now is None or now["plan"] == plan["plan"]:
        return told
    before = "the first guess" if made.told["guessed"] else "the plan of today"
    at = " at the best values" if made.told["notes"] else ""
    return f"{told} Beside it {before}{at}: {now['replications']} replications."


def _shown_plan(made: KeptStaff) -> Row:
    """The plan that was found, or the nearest one, or today's."""
    plan = made.plan_of("found") or made.plan_of("nearest") or made.plan_of("now")
    assert plan is not None
    return plan


def _by_goal(made: KeptStaff, plan: int) -> dict[int, Row]:
    return {row["goal"]: row for row in made.goals_of(plan)}


def _result(row: Row) -> list[Cell]:
    return [word(shown(row["estimate"], ends_of(row), row["unit"])), word(row["verdict"])]


def _share(plan: Row) -> str:
    ends = (plan["all_goals_low"], plan["all_goals_high"])
    return shown(plan["all_goals"], None if None in ends else ends, "share")


def _columns(made: KeptStaff) -> list[Column]:
    return [Column("Differs", words=True), Column("Cost" if made.money else "People", made.money)]


def _beside(made: KeptStaff) -> tuple[Table | None, int]:
    """Cheaper plans, and how many more there are: first those that the certificate replicated."""
    found = made.plan_of("found")
    if found is None:
        return None, 0
    cheaper = [row for row in plain_rows(made.plans) if row["cost"] < found["cost"] - 1e-9]
    cheaper.sort(key=lambda row: ("beside" not in row["role"], -row["cost"], row["plan"]))
    columns = [*_columns(made), Column("Saves", made.money), Column("Misses", words=True)]
    columns += [Column("Replications"), Column("Customers", words=True)]
    rows = [
        [
            word(row["differs"] or "the same people"),
            _number(row["cost"]),
            _number(found["cost"] - row["cost"]),
            word(row["misses"] or "nothing"),
            _number(row["replications"]),
            word(row["customers"]),
        ]
        for row in cheaper[:FEW_CHEAPER]
    ]
    return (Table("Cheaper plans, and what they miss", columns, rows) if rows else None), max(
        len(cheaper) - FEW_CHEAPER, 0
    )


def _all_plans(made: KeptStaff) -> Table:
    goals = made.goals_of(0)
    columns = [Column("Plan"), Column("Which", words=True), *_columns(made), Column("Verdict", words=True)]
    scales = [shown_in(goal["unit"], made.goals_of_plans["estimate"].tolist()) for goal in goals]
    columns += [Column(goal["title"], scale.unit, kpi=goal["kpi"]) for goal, scale in zip(goals, scales, strict=True)]
    columns += [Column("All goals met", "%"), Column("Replications"), Column("Customers", words=True)]
    rows = []
    for row in plain_rows(made.plans):
        each = [
            scale.cell(one["estimate"], ends_of(one))
            for scale, one in zip(scales, made.goals_of(row["plan"]), strict=True)
        ]
        rows.append(
            [
                Cell(str(row["plan"]), value=float(row["plan"])),
                word(row["role"]),
                word(row["differs"]),
                _number(row["cost"]),
                word(row["verdict"]),
                *each,
                shown_in("share").cell(row["all_goals"], None),
                _number(row["replications"]),
                word(row["customers"]),
            ]
        )
    return Table("All plans that were simulated", columns, rows)


def _values(made: KeptStaff) -> Table | None:
    """What people cost at each value of the decisions; None where there are none."""
    rows = plain_rows(made.values)
    if not rows:
        return None
    keys = list(dict.fromkeys(row["key"] for row in rows))
    cost = Column("Cost of the centre", made.money) if made.money else Column("People")
    columns = [
        *(Column(key, words=True) for key in keys),
        cost,
        Column("By pool", words=True),
        Column("Standing", words=True),
    ]
    cells = []
    for first in range(0, len(rows), len(keys)):
        some = rows[first : first + len(keys)]
        one = some[0]
        cells.append(
            [
                *(word(row["set_to"]) for row in some),
                _number(one["cost"]),
                word(one["people_by_pool"]),
                word("the best, certified" if one["state"] == "best" else one["state"]),
            ]
        )
    return Table("Values of the decisions", columns, cells)
