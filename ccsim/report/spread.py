"""The section about uncertain inputs: how replications differ, what of it the inputs do, goals and KPIs by week."""

from __future__ import annotations

from typing import Any

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.shown import names_in
from ccsim.report.facts import Facts
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.report.sentences import goal_name
from ccsim.report.spread_bands import bands_by_week, week_text
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import within
from ccsim.results.text import limits_of

Row = dict[str, Any]


def spread_section(facts: Facts) -> Section:
    """Empty without uncertain inputs."""
    run = facts.run
    if run.spread is None or run.inputs is None:
        return Section("uncertain", "Uncertain inputs")
    rows = plain_rows(run.spread)
    whole = [row for row in rows if row["period"] == "all"]
    names = ", ".join(dict.fromkeys(run.inputs["input"]))
    said = (
        f"In every replication {names} are drawn anew: a replication is one of the years that may come. "
        "P10, P50 and P90: so many per cent of the replications are below."
    )
    charts, bands = bands_by_week(facts, rows)
    tables = [_table(facts, whole), *_by_week(facts, rows), *bands, _drawn(run.inputs)]
    return Section("uncertain", "Uncertain inputs", said, charts, tables)


def _table(facts: Facts, whole: list[Row]) -> Table:
    made = []
    main = names_in("main KPIs")
    for row in whole:
        if not row["goal"] and row["kpi"] not in main:
            continue
        shown = shown_in(row["unit"], [row[name] for name in ("p10", "p50", "p90")])
        facts.used.add(row["kpi"])
        about = f", goal {int(row['goal']) + 1}" if row["goal"] else ""
        scope = "" if row["scope"] == "all" else f" ({row['name'].replace('+', ' ')})"
        title = within(KPIS[row["kpi"]].title, row["threshold_s"]) + scope + about
        cells = [_cell(shown, row, name) for name in ("p10", "p50", "p90")]
        made.append(
            [Cell(title, unit=shown.unit, kpi=row["kpi"]), *cells, _share(row, "met"), _share(row, "from_inputs")]
        )
    columns = [
        Column("KPI", words=True),
        Column("P10"),
        Column("P50"),
        Column("P90"),
        Column("Goal met", "% of replications"),
        Column("From the inputs", "% of the variance"),
    ]
    pairs = max((row["pairs"] for row in whole), default=0)
    note = (
        f"From the inputs: of {pairs} replications that were simulated twice, with the same inputs and other contacts "
        "(one-way analysis of variance; interval by the jackknife on log F). The rest is chance: who calls when."
        if pairs
        else "No replication was simulated twice (run.again), so what the inputs do is not told from chance."
    )
    return Table("Between replications", columns, made, note, sortable=False)


def _cell(shown: Shown, row: Row, name: str) -> Cell:
    return shown.cell(row[name], None, row["note"])


def _share(row: Row, name: str) -> Cell:
    value = row[name]
    ends = None if value is None else (row[f"{name}_low"], row[f"{name}_high"])
    return Shown("%", 100.0).cell(value, ends, row["note"])


def _by_week(facts: Facts, rows: list[Row]) -> list[Table]:
    tables = []
    for number, goal in enumerate(facts.run.goals):
        mine = [row for row in rows if row["period"] == "week" and row["goal"] == str(number)]
        if len(mine) < 2:
            continue
        shown = shown_in(mine[0]["unit"], [row["p50"] for row in mine])
        unit, split = shown.unit, any(row["pairs"] for row in mine)
        columns = [
            Column("Week of", words=True),
            *(Column(head, unit) for head in ("P10", "P50", "P90")),
            Column("Goal met", "% of replications"),
            *([Column("From the inputs", "% of the variance")] if split else []),
        ]
        made = [
            [
                word(week_text(row)),
                *(_cell(shown, row, name) for name in ("p10", "p50", "p90")),
                _share(row, "met"),
                *([_share(row, "from_inputs")] if split else []),
            ]
            for row in mine
        ]
        name = goal_name(goal)
        tables.append(Table(f"{name[:1].upper()}{name[1:]} {limits_of(goal)}, week by week", columns, made))
    return tables


def _drawn(inputs: Any) -> Table:
    rows = []
    for (name, how), found in inputs.groupby(["input", "how"], sort=True):
        value = found["value"]
        alone = "price" if found["prices_only"].iloc[0] else "simulated"
        ends = [value.min(), value.quantile(0.1), value.median(), value.quantile(0.9), value.max()]
        cells = [Cell(f"{one:.4g}", value=float(one)) for one in ends]
        rows.append([word(str(name)), word(str(how).replace("_", " ")), word(alone), *cells])
    heads = ("least", "P10", "P50", "P90", "most")
    columns = [Column("Input", words=True), Column("is", words=True), Column("what it moves", words=True)]
    return Table("What was drawn", [*columns, *(Column(head) for head in heads)], rows)
