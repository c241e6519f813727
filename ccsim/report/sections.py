"""The sections of a run's page, each made of what the run holds; those without data are empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from ccsim.kpis.definitions import MAIN_COST
from ccsim.kpis.shown import lines_in, names_in
from ccsim.report import backlog, charts, money, sentences
from ccsim.report.by_day import day_section
from ccsim.report.charts import Panel, Scale
from ccsim.report.chosen_days import chosen_section
from ccsim.report.clock import Steps
from ccsim.report.cover_map import cover_map, cover_text
from ccsim.report.drawn_map import drawn_map
from ccsim.report.facts import Facts, Row
from ccsim.report.first_contact import first_contact_section
from ccsim.report.flow_section import flow_section
from ccsim.report.loop import loop_section
from ccsim.report.numbers import percent, said, shown_in
from ccsim.report.open_cases import open_cases_section
from ccsim.report.parts import Cell, Chart, Column, Section, Table
from ccsim.report.restored import restored_section
from ccsim.report.satisfaction import satisfaction_section
from ccsim.report.service import Service
from ccsim.report.splits import NO_POOL, POOL_SPLITS, UNNAMED, Made, Splits, payee
from ccsim.report.spread import spread_section
from ccsim.report.staffing import KINDS, Staffing, agents_by_step, cover
from ccsim.results.text import ends_of
from ccsim.units import DAY

MOST_PANELS: Final = 4
"""Channels that are drawn by time; the tables have all."""
MOST_SITES: Final = 18
"""Sites that are drawn; the tables have all."""
AGENTS: Final = dict.fromkeys(KINDS, "agents")
"""Units of the columns of figures of staffing."""
BAND_NOTE: Final = "Line: all replications together. Band: the middle 80 % of single {singles}."


def key_figures(facts: Facts) -> Section:
    """Every main KPI of everything, and of live and deferred work apart where there are both.

    Of both together no KPI of live work is given: it would mix waits of two kinds.
    """
    scopes = [("all", "all", "All work")]
    if facts.mixed:
        scopes += [("kind", "live", "Live"), ("kind", "deferred", "Deferred")]
    rows = []
    for name in names_in("key figures"):
        apart_only = facts.mixed and facts.kpis[name].work == "live"
        no_threshold = "deferred" if facts.kpis[name].by_threshold else ""  # that of live work says nothing of it
        found = [None if (apart_only and s == "all") or n == no_threshold else facts.one(name, s, n)
                 for s, n, _ in scopes]  # fmt: skip
        known = [row for row in found if row is not None]
        if not facts.kpis[name].tells(row["estimate"] for row in known):
            continue
        facts.used.add(name)
        shown = shown_in(known[0]["unit"], [row["estimate"] for row in known])
        apart = known[0]["unit"] == "s" and _far_apart([row["estimate"] for row in known])
        cells = [_with_own_unit(row) if apart else shown.of(row) for row in found]
        rows.append([Cell(facts.title_of(name), unit="" if apart else shown.unit, kpi=name), *cells])
    columns = [Column("KPI", words=True), *(Column(head) for _, _, head in scopes)]
    table = Table("Key figures", columns, rows, sortable=False)
    return Section("figures", "Key figures", tables=[table] if rows else [])


def _far_apart(values: list[float]) -> bool:
    """Whether times are so different that one unit does not suit them."""
    some = [value for value in values if value > 0]
    return bool(some) and max(some) > 30 * min(some)


def _with_own_unit(row: Row | None) -> Cell:
    if row is None:
        return Cell("-")
    shown = shown_in(row["unit"], [row["estimate"]])
    cell = shown.of(row)
    text, interval = cell.text, cell.interval
    text, interval = (text, f"{interval} {shown.unit}") if interval else (f"{text} {shown.unit}", "")
    return Cell(text, interval, row["estimate"], cell.note)


def service_by_time(facts: Facts, service: Service) -> Section:
    """Service level, wait and abandonment of live work by time of the week or day."""
    folded = facts.clock.folded()
    singles = {"week": "weeks", "day": "days", "time": "replications"}[folded.kind]
    made = [
        _by_time(facts, service, line.kpi, folded, f"{line.head} by {folded.said}", singles)
        for line in lines_in("by time")
    ]
    return Section("service", "Service through time", charts=[chart for chart in made if chart is not None])


def service_by_day(facts: Facts, service: Service) -> Section:
    """Service level and wait of live work by day of the counted time."""
    if facts.measured.length < 3 * DAY:
        return Section("days", "Day by day")
    steps = facts.clock.by_date()
    made = [
        _by_time(facts, service, line.kpi, steps, f"{line.head} by day", "replications") for line in lines_in("by day")
    ]
    return Section("days", "Day by day", charts=[chart for chart in made if chart is not None])


def _by_time(facts: Facts, service: Service, kpi: str, steps: Steps, title: str, singles: str) -> Chart | None:
    panels, texts, frames = [], [], []
    unit, within = facts.kpis[kpi].unit, facts.kpis[kpi].by_threshold
    for channel in facts.channels[:MOST_PANELS]:
        data = service.by_step(kpi, channel, steps)
        if data.empty:
            continue
        goal = facts.goal_line(kpi, channel)
        panels.append(Panel(channel, data, goal))
        frames.append(data.assign(channel=channel))
        if within:
            texts.append(sentences.service_by_time(channel, data, steps.said, goal))
        else:
            in_unit = ("%", 100.0) if unit == "share" else ("s", 1.0)
            texts.append(sentences.highest_by_time(channel, data, steps.said, *in_unit))
    if not panels or (not within and not any(panel.data["estimate"].any() for panel in panels)):
        return None
    facts.used.add(kpi)
    top = 101.0 if within else None
    scale = Scale("%", 100.0, top) if unit == "share" else Scale(unit)
    if within:
        title += f" (within {facts.threshold_text})"
    text = " ".join(texts)
    drawn = charts.lines_with_bands(f"{kpi}-{steps.kind}", panels, steps, scale, f"{title}. {text}")
    data = pd.concat(frames, ignore_index=True)
    note = BAND_NOTE.format(singles=singles) if data["band_low"].notna().any() else ""
    units = dict.fromkeys(("estimate", "low", "high", "band_low", "band_high"), unit)
    return Chart(title, drawn, text, note, data, units=units)


def staffing_section(facts: Facts, staffing: Staffing) -> Section:
    """Agents required, scheduled and present: through time, by site and by vendor."""
    steps = facts.clock.folded()
    everyone = staffing.inside("all", "")
    data = agents_by_step(staffing, everyone, steps)
    whole = cover(staffing, everyone)
    text = sentences.staffing(whole, data, steps.said)
    drawn = charts.staffing_over_time("agents", data, steps, f"Agents by {steps.said}. {text}")
    made = [Chart(f"Agents by {steps.said}", drawn, "", "All pools together.", data, units=AGENTS)]
    made += _cover_maps(facts, staffing)
    for by, most in (("site", MOST_SITES), ("vendor", MOST_SITES)):
        chart = _by_group(facts, staffing, by, most)
        if chart is not None:
            made.append(chart)
    shrinkage = money.shrinkage_table(facts)
    return Section(
        "staffing", "Agents required, scheduled, present", text, made, [shrinkage] if shrinkage is not None else []
    )


def _cover_maps(facts: Facts, staffing: Staffing) -> Iterator[Chart]:
    """Heatmaps of scheduled and of present agents against required ones."""
    found = cover_map(staffing, facts.clock)
    if found is None:
        return
    share = {f"{kind}_balance": "share of required" for kind in ("scheduled", "present")}
    for kind in ("scheduled", "present"):
        text = cover_text(found, kind)
        title = f"Over and under: agents {kind} against required"
        note = (
            "Orange: too few agents (a dot from 10 % on). Blue: too many. All pools together, "
            "although a surplus in one pool does not help another."
        )
        drawn = drawn_map(found, kind, f"{title}. {text}")
        yield Chart(title, drawn, text, note, found.cells, wide=True, units=AGENTS | share)


def _by_group(facts: Facts, staffing: Staffing, by: str, most: int) -> Chart | None:
    names = staffing.groups(by)
    if len(names) < 2:
        return None
    clocks = {name: facts.clock_of_site(name) if by == "site" else facts.clock for name in names[:most]}
    steps = facts.clock.of_day()
    groups = [
        (name, agents_by_step(staffing, staffing.inside(by, name), clock.of_day())) for name, clock in clocks.items()
    ]
    title = f"Agents by {by} and hour of the day"
    text = f"The {most} largest of {len(names)}." if len(names) > most else ""
    own = any(clock is not facts.clock for clock in clocks.values())
    note = f"Mean of all days, by the {'clock of each site' if own else f'clock of {facts.measured.time_zone}'}."
    drawn = charts.staffing_panels(f"agents-{by}", groups, steps)
    data = pd.concat([d.assign(**{by: n}) for n, d in groups], ignore_index=True)
    return Chart(title, drawn, text, note, data, wide=True, key=True, units=AGENTS)


def _hours(staffing: Staffing, scope: str, names: Sequence[str]) -> list[Made]:
    """Columns of agent hours of the parts of a scope: required, scheduled, present, short."""
    column = "name" if scope == "pool" else scope
    covers = [cover(staffing, staffing.inside(column, name)) for name in names]
    made: list[Made] = []
    for head, kpi in (("required", "agents_required"), ("scheduled", "agents_scheduled"), ("present", "agents")):
        if head == "required" and not staffing.any_required:
            continue
        hours = [float(getattr(one, head)) for one in covers]
        cells = [Cell(f"{value:,.0f}", value=value) for value in hours]
        made.append((Column(head.capitalize(), "h a week", kpi, group="Agent hours"), cells))
    shares = [one.short_share for one in covers]
    if any(share is not None for share in shares):
        cells = [Cell("-") if s is None else Cell(f"{s * 100:.1f}", value=s * 100) for s in shares]
        made.append((Column("Short", "% of required", "understaffing", group="Agent hours"), cells))
    return made


def backlog_section(facts: Facts) -> Section:
    """Deferred work at midnight and its age."""
    data = backlog.backlog_by_day(facts.tables, facts.measured)
    title = "Backlog of deferred work"
    if data.empty:
        return Section("backlog", title)
    text = sentences.backlog(data, backlog.BAND_NAMES, backlog.BAND_NAMES[3:])
    facts.used.update(("backlog", "backlog_over_24h"))
    units = dict.fromkeys((*backlog.BAND_NAMES, "total", "low", "high"), "visits")
    drawn = charts.backlog_bars(
        "backlog", data, backlog.BAND_NAMES, "visits", f"Deferred visits waiting at midnight by age. {text}"
    )
    return Section("backlog", title, text, [Chart("Waiting at midnight by age", drawn, "", data=data, units=units)])


def split_sections(facts: Facts, staffing: Staffing, splits: Splits) -> Iterator[Section]:
    """Tables of contacts and of agents by every dimension that has more than one part."""
    contacts = [splits.of_queues(scope, title) for scope, title in splits.queue_scopes.items()]
    agents = [
        splits.of_pools(scope, title, _hours(staffing, scope, splits.names(scope)))
        for scope, title in POOL_SPLITS.items()
    ]
    for key, title, made in (
        ("contacts", "Contacts by channel, market, ...", contacts),
        ("agents", "Agents by site, vendor, pool", agents),
    ):
        kept = _without_twins([table for table in made if table is not None])
        for table in kept:
            facts.used.update(column.kpi for column in table.columns if column.kpi)
        yield Section(key, title, tables=kept)


def _without_twins(tables: list[Table]) -> list[Table]:
    """Without tables whose numbers another table has already (by queue where that is by channel)."""
    seen, kept = set(), []
    for table in tables:
        numbers = tuple(tuple(cell.text + cell.interval for cell in row[1:]) for row in table.rows)
        if numbers not in seen:
            seen.add(numbers)
            kept.append(table)
    return kept


def bots_section(facts: Facts, splits: Splits) -> Section:
    """KPIs of bots, a row each."""
    table = splits.of_bots()
    if table is None:
        return Section("bots", "Bots")
    facts.used.update(column.kpi for column in table.columns if column.kpi)
    return Section("bots", "Bots", tables=[table])


def rules_section(facts: Facts) -> Section:
    """What vendor shares, residency and certification do to the work."""
    table = money.vendor_table(facts)
    row, wait = facts.one("held_back"), facts.one("held_back_wait")
    text = ""
    if row is not None and row["estimate"]:
        facts.used.update(("held_back", "held_back_wait"))
        text = (
            f"Residency and certification rules delayed {said(row)} of the visits: an agent was free "
            "whom only these rules exclude"
        )
        text += f"; they waited {said(wait)} on average." if wait is not None else "."
    return Section("rules", "Vendor shares, residency, certification", text, tables=[table] if table else [])


def cost_section(facts: Facts) -> Section:
    """Cost by owner, vendor, site and cause."""
    tables, made = [], []
    allocated = "Each pool's cost is allocated to the visits that it handled, in proportion to the capacity they used."
    for scope, title, note in (
        ("owner", "Cost by owner", ""),
        ("vendor", "Cost by vendor", ""),
        ("workflow", "Cost by workflow", allocated),
        ("cause", "Cost by cause", allocated),
        ("site", "Cost by site", ""),
    ):
        table = money.cost_table(facts, scope, title, note)
        if table is not None:
            tables.append(table)
    causes = {n: row for n, row in facts.parts(MAIN_COST, "cause").items() if row["estimate"] and n not in UNNAMED}
    if causes:
        order = sorted(causes, key=lambda name: (-causes[name]["estimate"], name))[:12]
        values = [causes[name]["estimate"] for name in order]
        ends = [ends_of(causes[name]) or (causes[name]["estimate"],) * 2 for name in order]
        low, high = zip(*ends, strict=True)
        unit = f"{facts.measured.currency} a day"
        text = f"{order[0]} costs most: {said(causes[order[0]])}."
        drawn = charts.bars("cost-cause", order, values, ends, unit, f"Cost by cause. {text}")
        data = pd.DataFrame({"cause": order, "cost": values, "low": low, "high": high})
        made.append(
            Chart("Cost by cause", drawn, text, allocated, data, units=dict.fromkeys(("cost", "low", "high"), unit))
        )
    text = _cost_text(facts)
    for table in tables:
        facts.used.update(column.kpi for column in table.columns if column.kpi)
    return Section("cost", "Cost", text, made, _without_twins(tables))


def _cost_text(facts: Facts) -> str:
    whole, each = facts.one(MAIN_COST), facts.one("cost_per_contact")
    if whole is None or each is None:
        return ""
    owners = {n: r["estimate"] for n, r in facts.parts(MAIN_COST, "owner").items() if r["estimate"]}
    who = {name: payee(facts, "owner", name) for name in owners}
    text = f"{f'Agents, {NO_POOL}' if NO_POOL in who.values() else 'Agents'} cost {said(whole)}, {said(each)}."
    if len(owners) > 1:
        total = sum(owners.values())
        parts = [f"{percent(v / total)} {who[n]}" for n, v in sorted(owners.items(), key=lambda x: -x[1])]
        text += f" Of this {', '.join(parts)}."
    return text


def drawn_sections(facts: Facts, service: Service, staffing: Staffing) -> list[Section]:
    """The sections that are made of tables alone, without estimates: nearly all figures are theirs."""
    return [
        service_by_time(facts, service),
        service_by_day(facts, service),
        day_section(facts),
        chosen_section(facts),
        staffing_section(facts, staffing),
        backlog_section(facts),
        flow_section(facts),
        loop_section(facts),
        first_contact_section(facts),
        open_cases_section(facts),
    ]


def all_sections(facts: Facts, staffing: Staffing, splits: Splits, drawn: Sequence[Section]) -> list[Section]:
    """Every section with something in it, in the order of the page."""
    made = [
        key_figures(facts),
        spread_section(facts),
        restored_section(facts),
        *drawn,
        bots_section(facts, splits),
        satisfaction_section(facts),
    ]
    made += [*split_sections(facts, staffing, splits), rules_section(facts), cost_section(facts)]
    return [section for section in made if section]
