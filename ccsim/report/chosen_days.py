"""Chosen days and hours of a run on their own: KPIs, and what customers lose by market and hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import pandas as pd

from ccsim.centre.periods import ChosenTime
from ccsim.kpis.definitions import KPIS, kpis_of
from ccsim.kpis.kpi import POOL_SCOPES_OF_COST, Kpi
from ccsim.kpis.shown import names_in
from ccsim.metrics.estimates import estimate
from ccsim.metrics.losses import ANY, LOST, ChosenLosses
from ccsim.metrics.parts import labels, tells
from ccsim.metrics.periods import sums_of_chosen
from ccsim.metrics.steps import StepSums
from ccsim.metrics.sums import Sums
from ccsim.report.facts import Facts, Row
from ccsim.report.numbers import Shown, shown_in
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.results.measured import Measured
from ccsim.results.parquet import plain_rows

KEY: Final = "chosen"
MOST_PARTS: Final = 6
"""Channels or markets that stand side by side."""
SPLITS: Final = ("market", "channel", "workflow")
"""What losses are split by: the first of these that splits what sums by interval tell."""
COUNTS: Final = Shown("contacts")


def chosen_section(facts: Facts) -> Section:
    """KPIs and losses in the days and hours that the report chooses; empty where it chooses none."""
    chosen = facts.measured.chosen
    if chosen.everything:
        return Section(KEY, "")
    sums = sums_of_chosen(facts.sums, chosen)
    rows = plain_rows(_estimates(sums))
    losses = ChosenLosses.of(facts.sums, chosen)
    tables = [_kpi_table(facts, sums, rows), *_loss_tables(losses)]
    return Section(KEY, f"On {chosen}", time_said(facts.measured, chosen), tables=tables)


def time_said(measured: Measured, chosen: ChosenTime) -> str:
    """How much time it is, and how it is counted."""
    counted = measured.counted()
    hours = sum(until - since for since, until in chosen.spans(counted)) / 3.6e9
    return (
        f"{hours:g} hours of the counted time, {counted.zone}. Contacts count where they joined their queue, agents "
        "where they were signed in."
    )


def kpis_shown() -> list[str]:
    """KPIs that a chosen time has: those by period, without full-time weeks, of which some hours say nothing."""
    return [name for name in names_in("by period") if KPIS[name].unit != "FTE"]


def asked_of(sums: Sums) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """KPIs with the scopes that they are known by by time: costs are not allocated, ratings not split by answerer."""
    known = kpis_of(sums.measured.rule)
    names = kpis_shown()
    of_queues = ("all", "kind", "channel")
    plain = [name for name in names if not known[name].allocated and not known[name].by_answerer]
    yield plain, (*of_queues, "site", "vendor")
    yield [name for name in names if known[name].by_answerer], of_queues
    yield [name for name in names if known[name].allocated], ("all", *POOL_SCOPES_OF_COST[:-1])


def _estimates(sums: StepSums) -> pd.DataFrame:
    """KPIs of the chosen time by what splits it."""
    made = [
        estimate(sums.tables, sums.measured, kpis=kpis, scopes=scopes, sums=sums) for kpis, scopes in asked_of(sums)
    ]
    return pd.concat(made, ignore_index=True)


def _kpi_table(facts: Facts, sums: StepSums, rows: Sequence[Row]) -> Table:
    """Main KPIs: of everything, and by channel."""
    channels, _ = labels(sums, "channel", by_pool=False)
    parts = (
        [("all", "all"), *(("channel", name) for name in channels[:MOST_PARTS])]
        if len(channels) > 1
        else [("all", "all")]
    )
    at = {
        (row["kpi"], row["scope"], row["name"]): row for row in rows if row["threshold_s"] in (None, facts.threshold_s)
    }
    made = []
    for name in kpis_shown():
        kpi = facts.kpis[name]
        found = [at.get((name, *part)) if _fits(facts, kpi, part) else None for part in parts]
        known = [row["estimate"] for row in found if row is not None and row["estimate"] is not None]
        if not kpi.tells(known):
            continue
        facts.used.add(name)
        shown = shown_in(next(row["unit"] for row in found if row is not None), known)
        made.append([Cell(facts.title_of(name), unit=shown.unit, kpi=name), *(shown.of(row) for row in found)])
    columns = [Column("KPI", words=True), Column("All work"), *(Column(name) for _, name in parts[1:])]
    return Table("KPIs in this time", columns, made, sortable=False)


def _fits(facts: Facts, kpi: Kpi, part: tuple[str, str]) -> bool:
    """Whether a KPI is of the work of a part: waits of live and of deferred work are not mixed."""
    if kpi.work == "every" or not facts.mixed:
        return True
    if part[0] == "all":
        return kpi.work == "deferred"
    return part[1] in (facts.channels if kpi.work == "live" else facts.deferred_channels)


def split_of(losses: ChosenLosses) -> str | None:
    """What losses are split by; None where nothing splits them."""
    for scope in SPLITS:
        if tells(losses.whole, scope, by_pool=False) and len(losses.names(scope)) > 1:
            return scope
    return None


def _loss_tables(losses: ChosenLosses) -> Iterator[Table]:
    """What is lost by kind and part, and by hour and part."""
    split = split_of(losses)
    names = losses.names(split)[:MOST_PARTS] if split else []
    rows = []
    for loss in (*LOST, ANY):
        whole = losses.counts(loss)[0]
        if loss is not ANY and not whole["estimate"]:
            continue
        parts = {row["name"]: row for row in losses.counts(loss, split)} if split else {}
        rows.append([word(loss.title), COUNTS.of(whole), *(COUNTS.of(parts[name]) for name in names)])
    heads = [Column("All", "contacts"), *(Column(name, "contacts") for name in names)]
    note = "Mean of the replications." + _several_said(losses, split)
    yield Table(f"Lost{f', by {split}' if split else ''}", [Column("", words=True), *heads], rows, note, sortable=False)
    hourly = losses.counts(ANY, hourly=True)
    if len(losses.hours) > 1 and any(row["estimate"] for row in hourly):
        of_parts = losses.counts(ANY, split, hourly=True) if split else []
        yield by_hour("Lost, by hour of the day", hourly, of_parts, COUNTS.of)


def _several_said(losses: ChosenLosses, split: str | None) -> str:
    """Why markets are not told apart, where they are not."""
    markets = set(losses.whole.whole.queues["market"])
    if split == "market" or len(markets) < 2:
        return ""
    return " Volumes hold several markets: give each market a volume of its own to tell them apart by time."


def by_hour(title: str, whole: Sequence[Row], parts: Sequence[Row], cell: Callable[[Row], Cell]) -> Table:
    """A row for each hour of the day, a column for each part."""
    names = list(dict.fromkeys(row["name"] for row in parts))[:MOST_PARTS]
    at = {(row["name"], row["hour"]): row for row in parts}
    rows = []
    for row in whole:
        if not any(row.get(side) for side in ("estimate", "base", "value")):
            continue
        mine = [at.get((name, row["hour"])) for name in names]
        rows.append([word(str(row["hour"])), cell(row), *(Cell("-") if one is None else cell(one) for one in mine)])
    columns = [Column("Hour", words=True), Column("All", "contacts"), *(Column(name, "contacts") for name in names)]
    return Table(title, columns, rows, "Hours in which nothing is lost are left out.", sortable=False)
