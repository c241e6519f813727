"""Goals day by day on a calendar, and the main KPIs by week and month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ccsim.centre.periods import Kind, Period
from ccsim.errors import CcsimError
from ccsim.kpis.definitions import MAIN_SERVICE
from ccsim.kpis.shown import lines_in, names_in
from ccsim.language.chosen_time import when_text
from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.goals import goal_of, kpi_of_goal, scope_of
from ccsim.metrics.periods import by_period, why_no_periods
from ccsim.metrics.time_goals import TimeGoal
from ccsim.metrics.verdicts import MARKS, verdict_of
from ccsim.report import sentences
from ccsim.report.clock import MONTHS, WEEKDAYS, date_text, weekday_text
from ccsim.report.facts import Facts, Row
from ccsim.report.numbers import shown_in, with_unit
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.results.parquet import plain_rows

MOST_CALENDARS: Final = 4
"""Goals that have a calendar; the run's table of periods has every day."""
MOST_WEEKS: Final = 54
"""Weeks of a calendar."""


def _period_text(kind: Kind, first: date) -> str:
    """A week by its Monday, `15 Jun`; a month, `Jun 2026`."""
    return date_text(first) if kind == "week" else f"{MONTHS[first.month - 1]} {first.year}"


@dataclass(frozen=True, slots=True)
class GoalDays:
    """A goal on every whole day and in every whole week."""

    goal: Mapping[str, Any]
    days: Mapping[date, Row]
    weeks: Mapping[date, Row]

    def verdict(self, row: Row) -> str:
        """Sign of a period's own verdict; empty where no limit is asked."""
        if self.goal["at_least"] is None and self.goal["at_most"] is None:
            return ""
        return MARKS[verdict_of({**self.goal, **row})[0]][0]


def day_section(facts: Facts) -> Section:
    """A calendar of every goal that is known by day, and the main KPIs by week and month."""
    if why_no_periods(facts.measured):
        return Section("by-day", "By day, week and month")
    found = list(_goals_by_day(facts))
    kept = [one for one in found if len(one.days) > 1][:MOST_CALENDARS]
    tables = [_calendar(facts, one) for one in kept]
    tables += _period_tables(facts)
    said = " ".join(_worst_said(one) for one in kept)
    return Section("by-day", "By day, week and month", said, tables=tables)


def _goals_by_day(facts: Facts) -> Iterator[GoalDays]:
    seen = set()
    for goal in facts.run.goals or _main_goal(facts):
        time = goal.get("time") or {}
        key = (goal["kpi"], *goal["scope"].items(), goal["threshold_s"], time.get("hours") or "", *time.get("days", ()))
        if key in seen or not facts.kpis[goal["kpi"]].kept_by_time:
            continue
        seen.add(key)
        try:
            days, weeks = (_each(facts, goal, kind) for kind in ("day", "week"))
        except CcsimError:
            continue  # about a part of a volume, which sums by time do not tell apart
        facts.used.add(goal["kpi"])
        yield GoalDays(goal, days, weeks)


def _main_goal(facts: Facts) -> list[dict[str, Any]]:
    """The service level of the main channel, where there is no goal."""
    if facts.main_channel is None or facts.threshold_s is None:
        return []
    asked = {"at_least": None, "at_most": None, "unit": "share", "threshold_s": facts.threshold_s}
    return [{"kpi": MAIN_SERVICE, "scope": {"channel": facts.main_channel}} | asked]


def _each(facts: Facts, goal: Mapping[str, Any], kind: Kind) -> dict[date, Row]:
    """A goal's KPI in every whole period in which there is anything to divide, by its first date."""
    time = {"days": (), "hour_spans": (), **(goal.get("time") or {}), "by": kind, "worst": None}
    asked = goal_of({**goal, "time": time})
    kpi, threshold = kpi_of_goal(asked, facts.measured)
    timed = TimeGoal.of(asked, kpi, scope_of(asked), threshold, facts.sums)
    rows = timed.rows(LEVEL) if timed.periods else []
    return {one.first: row for one, row in zip(timed.periods, rows, strict=False) if row["estimate"] is not None}


def _calendar(facts: Facts, one: GoalDays) -> Table:
    """A row for each week, a column for each day of the week: a number and the sign of its verdict."""
    goal = one.goal
    shown = shown_in(goal["unit"], [row["estimate"] for row in one.days.values()])
    mondays = sorted({day - timedelta(days=day.weekday()) for day in one.days})
    columns = [Column("Week of", words=True), *(Column(name, shown.unit) for name in WEEKDAYS)]
    columns.append(Column("Week", shown.unit))
    rows = []
    for monday in mondays[:MOST_WEEKS]:
        days = [_marked(one, one.days.get(monday + timedelta(days=at)), shown.factor) for at in range(7)]
        week = _marked(one, one.weeks.get(monday), shown.factor)
        rows.append([word(date_text(monday)), *days, week])
    has_goal = goal["at_least"] is not None or goal["at_most"] is not None
    name = sentences.goal_name(goal)
    time = goal.get("time") or {}
    when = when_text(None, None, time.get("days", ()), time.get("hours", ""))
    target = f", {sentences.goal_target({**goal, 'time': None})}" if has_goal else ""
    title = f"{name[:1].upper()}{name[1:]}{target}{f', {when}' if when else ''}, by day"
    signs = " ✓ the day's 95 % interval meets it, ✗ misses it, ? neither." if has_goal else ""
    more = "" if len(mondays) <= MOST_WEEKS else f" The first {MOST_WEEKS} weeks; estimates_by_period.csv has all."
    zone = facts.measured.counted().zone
    return Table(title, columns, rows, f"Whole days and weeks of {zone}.{signs}{more}", sortable=False)


def _marked(one: GoalDays, row: Row | None, factor: float) -> Cell:
    if row is None:
        return Cell("")
    value = row["estimate"] * factor
    text = f"{value:.1f}" if abs(value) < 1_000 else f"{value:,.0f}"
    ends = "" if row["low"] is None else f"95 % interval {row['low'] * factor:.4g} to {row['high'] * factor:.4g}"
    return Cell(f"{text} {one.verdict(row)}".rstrip(), value=value, note=ends)


def _worst_said(one: GoalDays) -> str:
    """The worst day of a goal, and how many days miss it."""
    goal = one.goal
    pick = max if goal["at_least"] is None and goal["at_most"] is not None else min
    worst = pick(one.days, key=lambda day: one.days[day]["estimate"])
    shown = shown_in(goal["unit"], (one.days[worst]["estimate"],))
    name = sentences.goal_name(goal)
    value = with_unit(shown.of(one.days[worst]), shown.unit)
    text = f"{name[:1].upper()}{name[1:]}: worst on {weekday_text(worst)} ({value})"
    signs = [one.verdict(row) for row in one.days.values()]
    missed, met = signs.count("✗"), signs.count("✓")
    if met == len(signs):
        return f"{text}; all {met} days meet the goal."
    if not any(signs):
        return f"{text}."
    open_ = len(signs) - met - missed
    return f"{text}; of {len(signs)} days {met} meet the goal, {missed} miss it, {open_} are not decided."


def _period_tables(facts: Facts) -> Iterator[Table]:
    """The main KPIs by week and by month, where there are two or more of them."""
    counted = facts.measured.counted()
    kinds: list[Kind] = [kind for kind in ("week", "month") if len(counted.periods(kind)) > 1]
    if not kinds:
        return
    kpis = names_in("by week")
    rows = plain_rows(
        by_period(facts.tables, facts.measured, kinds=kinds, kpis=kpis, scopes=["all", "kind"], sums=facts.sums)
    )
    for kind in kinds:
        yield _period_table(facts, kind, counted.periods(kind), [row for row in rows if row["period"] == kind])


def _period_table(facts: Facts, kind: Kind, periods: Sequence[Period], rows: Sequence[Row]) -> Table:
    columns: list[Column] = [Column("Week of" if kind == "week" else "Month", words=True), Column("Counted", "h")]
    cells: list[list[Cell]] = []
    for line in lines_in("by week"):
        kpi = line.kpi
        where = ("kind", line.work) if line.work != "every" and facts.mixed else ("all", "all")
        found = {
            row["start"]: row
            for row in rows
            if row["kpi"] == kpi
            and (row["scope"], row["name"]) == where
            and row["threshold_s"] in (None, facts.threshold_s)
        }
        known = [row["estimate"] for row in found.values() if row["estimate"] is not None]
        if not facts.kpis[kpi].tells(known):
            continue
        facts.used.add(kpi)
        shown = shown_in(next(iter(found.values()))["unit"], known)
        within = f" within {facts.threshold_text}" if facts.kpis[kpi].by_threshold else ""
        columns.append(Column(f"{line.head}{within}", shown.unit, kpi))
        cells.append([shown.of(found.get(one.name)) for one in periods])
    made = []
    for place, one in enumerate(periods):
        hours = Cell(f"{one.covered / 3.6e9:g}{'' if one.whole else ' partial'}", value=one.covered / 3.6e9)
        made.append([word(_period_text(kind, one.first)), hours, *(column[place] for column in cells)])
    note = f"{'Weeks from Monday on' if kind == 'week' else 'Months'}, {facts.measured.counted().zone}."
    return Table(f"By {kind}", columns, made, note, sortable=False)
