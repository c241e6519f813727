"""Sheets of cost, vendor shares and time away."""

from __future__ import annotations

from typing import Final

from ccsim.kpis.shown import names_in
from ccsim.metrics.away import shrinkage_by_cause
from ccsim.metrics.vendors import vendor_shares
from ccsim.report.facts import Facts, Row
from ccsim.report.workbook_sheet import SHARE, Cell, Column, Sheet, count, number, triple, with_ends
from ccsim.results.parquet import plain_rows

PAID: Final = ("owner", "vendor", "site", "pool")
"""What cost is paid by."""
ALLOCATED: Final = (
    "kind",
    "workflow",
    "channel",
    "tier",
    "market",
    "region",
    "language",
    "segment",
    "severity",
    "cause",
)
"""What cost is allocated by, in proportion to the capacity given."""


def cost_sheet(facts: Facts) -> Sheet | None:
    """Cost by every dimension; None where nothing has a price."""
    kpis = names_in("cost")
    whole = facts.one(kpis[0])
    if whole is None:
        return None
    units = [str(row["unit"]) if (row := facts.one(kpi)) else "" for kpi in kpis]
    columns = [Column("Split"), Column("Name"), Column("How"), *triple(facts.kpis[kpis[0]].title, units[0])]
    columns.append(Column("Share of all cost", SHARE))
    for kpi, unit in zip(kpis[1:], units[1:], strict=True):
        columns += triple(facts.kpis[kpi].title, unit)
    rows: list[list[Cell]] = []
    for scope in ("all", *PAID, *ALLOCATED):
        found = [facts.parts(kpi, scope) for kpi in kpis]
        if len(found[0]) < 2 and scope != "all":
            continue
        for name, row in found[0].items():
            if row["estimate"] is None:
                continue
            share = number(row["estimate"] / whole["estimate"], SHARE) if whole["estimate"] else None
            cells = [cell for by_name in found[1:] for cell in with_ends(by_name.get(name))]
            how = "allocated" if scope in ALLOCATED else "paid"
            rows.append([scope, name, how, *with_ends(row), share, *cells])
    about = "A part of a split; costs are paid by pool and allocated by capacity, so each split adds up"
    return Sheet("Cost", about, columns, rows, 2)


def vendor_sheet(facts: Facts) -> Sheet | None:
    """Vendor shares wanted, assigned and handled; None without any."""
    tables = facts.tables
    if "assigned" not in tables or tables["assigned"].empty:
        return None
    wanted = (facts.scenario.get("routing") or {}).get("vendor_share") or {}
    columns = [Column("Workflow"), Column("Vendor"), Column("Wanted", SHARE)]
    columns += [*triple("Assigned", SHARE), *triple("Handled", SHARE)]
    columns += [Column(title, "visits, all replications") for title in ("Assigned", "Assigned and kept", "Handled")]
    rows: list[list[Cell]] = []
    for row in plain_rows(vendor_shares(tables, facts.measured)):
        share = number(wanted.get(row["workflow"], {}).get(row["vendor"]), SHARE)
        pairs = [*_share(row, "assigned_share"), *_share(row, "handled_share")]
        counts = [count(row[name]) for name in ("assigned", "handled_by_it", "handled")]
        rows.append([row["workflow"], row["vendor"], share, *pairs, *counts])
    return Sheet("Vendor shares", "A vendor of a workflow: share of its visits wanted, assigned, handled",
                 columns, rows, 2)  # fmt: skip


def away_sheet(facts: Facts) -> Sheet | None:
    """Time away by cause for everybody and by owner, vendor, site and pool; None where nobody is away."""
    tables = facts.tables
    if "shrinkage" not in tables or tables["shrinkage"].empty:
        return None
    columns = [Column("Split"), Column("Name"), Column("Cause"), Column("Time away", "h per replication")]
    columns += triple("Share of paid time", SHARE)
    rows: list[list[Cell]] = []
    for scope in ("all", *PAID):
        found = plain_rows(shrinkage_by_cause(tables, facts.measured, scope=scope))
        if scope == "all" or len({row["name"] for row in found}) > 1:
            rows += [
                [scope, row["name"], row["cause"], number(row["away_hours"]), *_share(row, "share")] for row in found
            ]
    about = "A cause of time away in a part; unpaid breaks are compared with the paid time, too"
    return Sheet("Shrinkage", about, columns, rows, 3) if rows else None


def _share(row: Row, name: str) -> tuple[Cell, Cell, Cell]:
    return with_ends({"estimate": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"], "unit": SHARE})
