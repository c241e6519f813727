"""Sheets of uncertain inputs: how replications differ and what of it the inputs do, and what was drawn."""

from __future__ import annotations

from ccsim.kpis.definitions import KPIS
from ccsim.report.facts import Facts
from ccsim.report.spread_bands import week_text
from ccsim.report.workbook_sheet import SHARE, Cell, Column, Sheet, count, number
from ccsim.results.parquet import plain_rows


def spread_sheet(facts: Facts) -> Sheet | None:
    """A row for each KPI of all of the counted time, and of each week; None without uncertain inputs."""
    if facts.run.spread is None:
        return None
    shares = ("met", "met_low", "met_high", "from_inputs", "from_inputs_low", "from_inputs_high")
    heads = ("Goal met", "Goal met low", "Goal met high", "From the inputs", "From the inputs low",
             "From the inputs high")  # fmt: skip
    columns = [Column(one) for one in ("Period", "Week of", "KPI", "Goal", "Scope", "Part")]
    columns += [Column("Threshold", "s"), *(Column(one) for one in ("Mean", "Standard deviation", "P10", "P50", "P90"))]
    columns += [Column("Unit"), *(Column(head, SHARE) for head in heads), Column("Replications simulated twice")]
    rows: list[list[Cell]] = []
    for row in plain_rows(facts.run.spread):
        facts.used.add(row["kpi"])
        unit, half = row["unit"], row["sd"]
        rows.append(
            [
                row["period"], week_text(row), KPIS[row["kpi"]].title,
                f"goal {int(row['goal']) + 1}" if row["goal"] else "", row["scope"], row["name"],
                number(row["threshold_s"]),
                *(number(row[name], unit, half) for name in ("mean", "sd", "p10", "p50", "p90")), unit,
                *(number(row[name], SHARE) for name in shares), count(row["pairs"]), row["note"],
            ]
        )  # fmt: skip
    about = "A KPI: how its replications differ, and what share of their variance the uncertain inputs make"
    return Sheet("Between replications", about, [*columns, Column("Note")], rows, 3)


def drawn_sheet(facts: Facts) -> Sheet | None:
    """What was drawn of each uncertain input in each replication; None without any."""
    if facts.run.inputs is None:
        return None
    rows: list[list[Cell]] = [
        [
            count(row["replication"]),
            row["input"],
            row["how"],
            number(row["value"]),
            "yes" if row["prices_only"] else "no",
        ]
        for row in plain_rows(facts.run.inputs)
    ]
    titles = ("Replication", "Input", "How", "Drawn", "A price")
    return Sheet("Uncertain inputs", "An uncertain input in a replication", [Column(one) for one in titles], rows, 2)
