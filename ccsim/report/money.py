"""What it costs, and who gets the work: tables by owner, vendor and cause, and vendor shares."""

from __future__ import annotations

from ccsim.kpis.shown import lines_in
from ccsim.metrics.away import shrinkage_by_cause
from ccsim.metrics.vendors import vendor_shares
from ccsim.report.facts import Facts, Row
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell, Column, Table, word
from ccsim.report.splits import named, payee
from ccsim.results.parquet import plain_rows


def cost_table(facts: Facts, scope: str, title: str, note: str = "") -> Table | None:
    """Cost by part of a scope with its share of the whole, the dearest first; None where nothing is known."""
    by_kpi = [(line.kpi, line.head, facts.parts(line.kpi, scope)) for line in lines_in("cost")]
    parts = by_kpi[0][2]
    costs = {name: row["estimate"] for name, row in parts.items() if row["estimate"] is not None}
    total = sum(costs.values())
    if len(parts) < 2 or total <= 0:
        return None
    order = sorted(costs, key=lambda name: (-costs[name], name))
    columns, cells = [Column(scope, words=True)], [[word(payee(facts, scope, name))] for name in order]
    for i, (kpi, head, found) in enumerate(by_kpi):
        rows: list[Row | None] = [found.get(name) for name in order]
        shown = shown_in(next((row["unit"] for row in rows if row is not None), ""))
        columns.append(Column(head, shown.unit, kpi))
        for line, row in zip(cells, rows, strict=True):
            line.append(shown.of(row))
        if i == 0:
            columns.append(Column("Share of cost", "%", kpi))
            for line, name in zip(cells, order, strict=True):
                line.append(_share(costs[name] / total))
    return Table(title, columns, cells, note)


def _share(share: float) -> Cell:
    return Cell(f"{share * 100:.1f}", value=share * 100)


def vendor_table(facts: Facts) -> Table | None:
    """Visits by workflow and vendor: share wanted, assigned and handled; None without vendor shares."""
    tables = facts.tables
    if "assigned" not in tables or tables["assigned"].empty:
        return None
    wanted = (facts.scenario.get("routing") or {}).get("vendor_share") or {}
    rows = []
    for row in plain_rows(vendor_shares(tables, facts.measured)):
        share = wanted.get(row["workflow"], {}).get(row["vendor"])
        asked = Cell("-") if share is None else Cell(f"{share * 100:g}", value=share * 100)
        kept = Cell("-") if not row["assigned"] else _share(row["handled_by_it"] / row["assigned"])
        shares = [_with_interval(row, "assigned_share"), _with_interval(row, "handled_share")]
        rows.append([word(row["workflow"]), word(named(row["vendor"])), asked, *shares, kept])
    columns = [
        Column("workflow", words=True),
        Column("vendor", words=True),
        Column("Wanted", "% of visits"),
        Column("Assigned", "% of assigned visits"),
        Column("Handled", "% of answered visits"),
        Column("Kept", "% of those assigned to it"),
    ]
    return Table(
        "Vendor shares",
        columns,
        rows,
        "Visits are assigned by the wanted shares among the vendors able to serve them; overflow and "
        "abandoned contacts explain the differences.",
    )


def shrinkage_table(facts: Facts) -> Table | None:
    """Share of the paid time away by cause, for everybody and every vendor; None where nobody is away."""
    tables = facts.tables
    if "shrinkage" not in tables or tables["shrinkage"].empty:
        return None
    rows = [row | {"name": "everybody"} for row in plain_rows(shrinkage_by_cause(tables, facts.measured))]
    if len(set(tables["pools"]["vendor"])) > 1:
        rows += plain_rows(shrinkage_by_cause(tables, facts.measured, scope="vendor"))
    if not rows:
        return None
    causes, names = (list(dict.fromkeys(row[key] for row in rows)) for key in ("cause", "name"))
    found = {(row["name"], row["cause"]): _with_interval(row, "share") for row in rows}
    cells = [[word(named(n)), *(found.get((n, c), Cell("-")) for c in causes)] for n in names]
    columns = [Column("who", words=True), *(Column(cause, "% of paid time") for cause in causes)]
    return Table("Time away by cause", columns, cells, "Unpaid breaks are also shown as a percentage of paid time.")


def _with_interval(row: Row, name: str) -> Cell:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return Shown("%", 100.0).cell(row[name], None if low is None else (low, high))
