"""Sheets by time: service by day, agents by interval of the week, deferred work that waits at midnight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import Work
from ccsim.kpis.shown import lines_in
from ccsim.metrics.periods import by_period, why_no_periods
from ccsim.metrics.restored import restored_table
from ccsim.report.backlog import BAND_NAMES, backlog_by_day
from ccsim.report.by_time import FlowSums, columns_for, kpi_by_step
from ccsim.report.clock import Steps
from ccsim.report.facts import Facts
from ccsim.report.staffing import KINDS, Staffing, agents_by_step
from ccsim.report.workbook_sheet import Cell, Column, Number, Sheet, count, number, triple, with_ends, with_heads
from ccsim.results.parquet import plain_rows

Measure = tuple[Kpi, int | None, Work]
"""A KPI, its threshold in microseconds, and the kind of work that it is of."""


def day_sheet(facts: Facts) -> Sheet | None:
    """Service by local date and channel; None without a whole day."""
    steps = facts.clock.by_date()
    channels = [(channel, "live") for channel in facts.channels]
    channels += [(channel, "deferred") for channel in facts.deferred_channels]
    if not steps.count or not channels:
        return None
    measures = list(_measures(facts))
    sums = _sums_of(facts, channels, measures)
    dates = _dates(facts, steps)
    columns = [Column("Date"), Column("Channel"), Column("Kind of work"), Column("Offered", "contacts")]
    for kpi, threshold, _ in measures:
        title = kpi.title if threshold is None else f"{kpi.title} within {threshold / 1e6:g} s"
        columns += triple(title, kpi.unit)
    rows: list[list[Cell]] = []
    for part, (channel, kind) in enumerate(channels):
        offered = sums.evaluate("offered", None)[part].mean(axis=0)
        found = [_by_step(facts, sums, measure, kind, part, steps) for measure in measures]
        for step in range(steps.count):
            size = float(offered[steps.of_interval == step].sum())
            cells = [cell for rows_of in found for cell in with_ends(rows_of.get(step))]
            rows.append([dates[step], channel, kind, Number(size), *cells])
    zone = facts.clock.zone_name
    return Sheet("Service by day", f"A channel on a day of {zone}, mean of the replications", columns, rows, 2)


def period_sheet(facts: Facts) -> Sheet | None:
    """Main KPIs by day, week and month; None where a report interval holds a midnight."""
    if why_no_periods(facts.measured):
        return None
    made = by_period(facts.tables, facts.measured, scopes=("all", "kind", "channel"), sums=facts.sums)
    columns = [Column(name) for name in ("Period", "First day", "Whole")] + [Column("Counted", "h")]
    columns += [Column("KPI"), Column("Split by"), Column("Name"), Column("Threshold", "s")]
    columns += [*map(Column, with_heads("Estimate")), Column("Unit")]
    rows: list[list[Cell]] = []
    for row in plain_rows(made[made["estimate"].notna()]):
        first = date.fromisoformat(row["start"] if row["period"] != "month" else f"{row['start']}-01")
        about: list[Cell] = [row["period"], first, "yes" if row["whole"] else "partial", number(row["counted_hours"])]
        about += [row["kpi"], row["scope"], row["name"], number(row["threshold_s"])]
        rows.append([*about, *with_ends(row), row["unit"]])
    said = f"A KPI on a day, in a week from Monday on, or in a month of {facts.measured.counted().zone}"
    return Sheet("By day, week, month", said, columns, rows, 2)


def _measures(facts: Facts) -> Iterator[Measure]:
    for line in lines_in("workbook by day"):
        kpi = facts.kpis[line.kpi]
        if kpi.denominator == "due":
            if not (facts.deferred_channels and facts.measured.has_deadlines):
                continue
            kpi = replace(kpi, denominator="offered - open_waiting")  # the same of the flows of deferred work
        for threshold in facts.measured.thresholds if kpi.by_threshold else (None,):
            yield kpi, threshold, line.work


def _sums_of(facts: Facts, channels: list[tuple[str, str]], measures: list[Measure]) -> FlowSums:
    place = {channel: i for i, channel in enumerate(channels)}
    flows = facts.tables["flows"]
    parts = [place.get(one, -1) for one in zip(flows["channel"], flows["kind"], strict=True)]
    columns = [name for kpi, threshold, _ in measures for name in columns_for([kpi], threshold)]
    return FlowSums(facts.tables, facts.clock, parts, len(place), list(dict.fromkeys(["offered", *columns])))


def _by_step(
    facts: Facts, sums: FlowSums, measure: Measure, kind: str, part: int, steps: Steps
) -> Mapping[int, dict[str, Any]]:
    kpi, threshold, of_kind = measure
    if kind != of_kind:
        return {}
    found = plain_rows(kpi_by_step(sums, kpi, threshold, part, steps))
    return {row["step"]: row | {"unit": kpi.unit} for row in found}


def _dates(facts: Facts, steps: Steps) -> list[date]:
    first = [int(np.flatnonzero(steps.of_interval == step)[0]) for step in range(steps.count)]
    return [facts.clock.local[i].date() for i in first]


def plan_sheet(facts: Facts, staffing: Staffing) -> Sheet | None:
    """Agents required, scheduled and present by pool and interval of the week; None without a pool."""
    steps = facts.clock.folded()
    weekly = steps.kind == "week"
    columns = [Column(name) for name in ("Pool", "Site", "Vendor", "Tier", *(("Weekday",) if weekly else ()))]
    columns.append(Column(f"Time in {facts.clock.zone_name}"))
    columns += [Column(kind.capitalize(), "agents") for kind in KINDS]
    columns.append(Column("Scheduled less required", "agents"))
    rows: list[list[Cell]] = []
    for pool in staffing.pools.to_dict("records"):
        inside = (staffing.pools["pool"] == pool["pool"]).to_numpy(dtype=bool)
        about = [str(pool[key]) for key in ("name", "site", "vendor", "tier")]
        for row in plain_rows(agents_by_step(staffing, inside, steps)):
            time = row["time"].split(" ", 1) if weekly else [row["time"]]
            agents = [Number(float(row[kind]), decimals=1) for kind in KINDS]
            over = Number(float(row["scheduled"] - row["required"]), decimals=1)
            rows.append([*about, *time, *agents, over])
    if not rows:
        return None
    width = f"{steps.width / 60e6:g} minutes"
    said = f"A pool in {width} of the {'week' if weekly else 'day'}" if steps.kind in ("week", "day") else "A pool"
    return Sheet("Workforce plan", f"{said}, mean over the counted time; present: mean of the replications",
                 columns, rows, 6 if weekly else 5)  # fmt: skip


def backlog_sheet(facts: Facts) -> Sheet | None:
    """Deferred work that waits at midnight, by age; None where nothing ever waits."""
    data = backlog_by_day(facts.tables, facts.measured)
    if data.empty:
        return None
    columns = [Column("Midnight before"), *(Column(name, "contacts") for name in BAND_NAMES)]
    columns += triple("All ages", "contacts")
    rows: list[list[Cell]] = []
    for day, row in zip(_midnights(facts), plain_rows(data), strict=True):
        total = with_ends(row | {"unit": "contacts"}, "total")
        rows.append([day, *(number(row[name]) for name in BAND_NAMES), *total])
    zone = facts.measured.time_zone
    return Sheet("Backlog", f"A midnight of {zone}: deferred visits waiting by age, mean of the replications",
                 columns, rows)  # fmt: skip


def _midnights(facts: Facts) -> list[date]:
    """The days that begin when the backlog is counted."""
    zone = ZoneInfo(facts.measured.time_zone)
    begin = facts.clock.begin.astimezone(UTC)
    return [(begin + timedelta(microseconds=after)).astimezone(zone).date() for after in facts.measured.midnights]


def restored_sheet(facts: Facts) -> Sheet | None:
    """Time to restore after surges; None where no surge says when service is restored."""
    made = plain_rows(restored_table(facts.tables, facts.measured))
    columns = [Column("Surge"), Column("Restored"), Column("To be restored within", "h")]
    columns += [Column(head) for head in ("Replications", "Replications restored", "Replications restored in time")]
    columns += [*triple("Time to restore", "h"), Column("Longest", "h"), Column("Note")]
    rows: list[list[Cell]] = [
        [
            row["surge"],
            row["asked"],
            number(row["target_h"]),
            *(count(row[name]) for name in ("replications", "restored", "restored_within_target")),
            *with_ends({"estimate": row["time_to_restore_h"], "low": row["low_h"], "high": row["high_h"], "unit": "h"}),
            number(row["longest_h"]),
            row["note"],
        ]
        for row in made
    ]
    about = "A surge: when service is restored; the time is the mean of the replications in which it is"
    return Sheet("Time to restore", about, columns, rows) if rows else None
