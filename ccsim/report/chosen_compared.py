"""Chosen days and hours of a comparison on their own: KPIs and losses of each variant against the base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccsim.kpis.kpi import Kpi
from ccsim.metrics.losses import ANY, LOST, ChosenLosses
from ccsim.metrics.paired import Confidence, differences, simultaneous
from ccsim.metrics.paired_influence import Simulated, in_pairs
from ccsim.metrics.periods import sums_of_chosen
from ccsim.metrics.sums import Sums
from ccsim.report.chosen_days import COUNTS, KEY, MOST_PARTS, asked_of, by_hour, kpis_shown, split_of, time_said
from ccsim.report.compared import MOST_VARIANTS, Compared, signed, verdict
from ccsim.report.facts import Row
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.results.summary import work_said
from ccsim.results.text import ends_of


def chosen_of_comparison(compared: Compared) -> Section:
    """KPIs and losses in the days and hours that the base's report chooses; empty where it chooses none."""
    made = compared.made
    chosen = made.base.measured.chosen
    if chosen.everything:
        return Section(KEY, "")
    runs = [made.runs[one.name] for one in made.alternatives]
    paired = in_pairs(*(Simulated(Sums(run.tables, run.measured)) for run in runs))
    every = {one.name: both.sums for one, both in zip(made.alternatives, paired, strict=True)}
    base, *others = (one.name for one in made.alternatives)
    confidence = simultaneous(len(others))
    simulated = {name: Simulated(sums_of_chosen(sums, chosen)) for name, sums in every.items()}
    rows = [
        row
        for kpis, scopes in asked_of(every[base])
        for row in differences(
            simulated[base],
            {name: simulated[name] for name in others},
            confidence,
            kpis=kpis,
            scopes=[scope for scope in scopes if scope in ("all", "kind")],
        )
    ]
    losses = {name: ChosenLosses.of(sums, chosen) for name, sums in every.items()}
    tables = [_difference_table(compared, rows)]
    for variant in made.variants[:MOST_VARIANTS]:
        tables += _lost_tables(compared.short(variant), losses[base], losses[variant.name], confidence)
    return Section(KEY, f"On {chosen}", time_said(made.base.measured, chosen), tables=tables)


def _difference_table(compared: Compared, rows: Sequence[Row]) -> Table:
    """Main KPIs of the base, and the difference of each variant."""
    facts = compared.facts
    variants = compared.made.variants[:MOST_VARIANTS]
    at: dict[tuple[str, str], Row] = {}
    for row in rows:
        of = (row["scope"], row["name"])
        if row["threshold_s"] in (None, facts.threshold_s) and of == facts.told_of(row["kpi"]):
            at[row["kpi"], row["variant"]] = row
    cells = []
    for name in kpis_shown():
        kpi = facts.kpis[name]
        found = [at.get((name, one.name)) for one in variants]
        known = [row for row in found if row is not None and row["difference"] is not None]
        if not known or not kpi.tells(row[side] for row in known for side in ("base", "value")):
            continue
        facts.used.add(name)
        shown = shown_in(known[0]["unit"], [row["base"] for row in known])
        unit = f"{shown.unit}; differences in points" if shown.unit == "%" else shown.unit
        line = [
            Cell(f"{facts.title_of(name)}{work_said(facts.told_of(name)[0])}", unit=unit, kpi=name),
            shown.cell(known[0]["base"], ends_of(known[0], "base_")),
        ]
        for one in found:
            line += _changed(one, shown)
        cells.append(line)
    columns = [Column("KPI", words=True), Column(compared.base_name)]
    for variant in variants:
        columns += [Column(compared.short(variant)), Column("", words=True)]
    return Table("KPIs in this time", columns, cells, "Differences from the base, paired intervals.", sortable=False)


def _changed(row: Row | None, shown: Shown) -> list[Cell]:
    """A difference, and whether it is decided."""
    if row is None or row["difference"] is None:
        return [Cell("-"), word("")]
    return [signed(row, shown), word(verdict(row))]


def _lost_tables(short: str, ours: ChosenLosses, theirs: ChosenLosses, confidence: Confidence) -> Iterator[Table]:
    """What a variant loses more than the base, by kind and part, and by hour and part."""
    split = split_of(ours)
    found = [
        (loss, ours.changes(theirs, loss, confidence), ours.changes(theirs, loss, confidence, split) if split else [])
        for loss in (*LOST, ANY)
    ]
    yield _lost_more(short, found)
    hourly = ours.changes(theirs, ANY, confidence, hourly=True)
    if len(hourly) > 1 and any(row["base"] or row["value"] for row in hourly):
        parts = ours.changes(theirs, ANY, confidence, split, hourly=True) if split else []
        yield by_hour(f"{short}: lost by hour of the day, difference from the base", hourly, parts, _signed)


def _lost_more(short: str, found: Sequence[tuple[Kpi, Sequence[Row], Sequence[Row]]]) -> Table:
    """How many more contacts a variant loses, by kind and part."""
    names = list(dict.fromkeys(row["name"] for _, _, parts in found for row in parts))[:MOST_PARTS]
    rows = []
    for loss, whole, parts in found:
        if loss is not ANY and not any(row["base"] or row["value"] for row in whole):
            continue
        at, all_of_it = {row["name"]: row for row in parts}, whole[0]
        line = [word(loss.title), COUNTS.cell(all_of_it["base"], None), COUNTS.cell(all_of_it["value"], None)]
        line += [_signed(all_of_it), *(_signed(at[name]) if name in at else Cell("-") for name in names)]
        rows.append(line)
    columns = [Column("", words=True), *(Column(head, "contacts") for head in ("Base", short, "Difference"))]
    columns += [Column(f"Difference, {name}", "contacts") for name in names]
    note = "Mean of the replications; differences with paired intervals."
    return Table(f"{short}: lost", columns, rows, note, sortable=False)


def _signed(row: Row) -> Cell:
    """A difference of counts with its sign and interval."""
    return signed(row, COUNTS)
