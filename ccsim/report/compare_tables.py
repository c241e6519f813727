"""Tables of a comparison: the main KPIs of the base and every variant, side by side."""

from __future__ import annotations

from ccsim.kpis.shown import names_in
from ccsim.report.compared import MOST_VARIANTS, Compared, Row, signed, verdict
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.results.summary import work_said
from ccsim.results.text import ends_of


def side_by_side(compared: Compared) -> Section:
    """The main KPIs of everything: base and variants, differences, and whether they are decided."""
    made, threshold = compared.made, compared.facts.threshold_s
    variants = made.variants[:MOST_VARIANTS]
    columns = [Column("KPI", words=True), Column(compared.base_name)]
    for variant in variants:
        columns += [Column(head, group=compared.short(variant)) for head in ("value", "difference")]
        columns.append(Column("verdict", words=True, group=compared.short(variant)))
    rows: list[list[Cell]] = []
    for name in names_in("key figures"):
        definition = compared.facts.kpis[name]
        at = threshold if definition.by_threshold else None
        scope, part = compared.facts.told_of(name)
        found = [compared.row(v, (name, scope, part, at)) for v in variants]
        known = [row for row in found if row is not None]
        if not definition.tells(row[side] for row in known for side in ("base", "value")):
            continue
        compared.facts.used.add(name)
        shown = shown_in(known[0]["unit"], [row["base"] for row in known])
        unit = f"{shown.unit}; differences in points" if shown.unit == "%" else shown.unit
        within = "" if at is None else f" within {at:g} s"
        cells = [Cell(f"{definition.title}{within}{work_said(scope)}", unit=unit, kpi=name)]
        cells.append(shown.cell(known[0]["base"], ends_of(known[0], "base_")))
        for row in found:
            cells += [Cell("-")] * 3 if row is None else _compared_cells(row, shown)
        rows.append(cells)
    note = (
        "" if len(made.variants) <= MOST_VARIANTS else f"The first {MOST_VARIANTS} variants; differences.csv has all."
    )
    return Section(
        "side", "Side by side", tables=[Table("Side by side", columns, rows, note, sortable=False)] if rows else []
    )


def _compared_cells(row: Row, shown: Shown) -> list[Cell]:
    return [shown.cell(row["value"], ends_of(row, "value_")), signed(row, shown), word(verdict(row))]
