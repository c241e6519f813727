"""Goals day by day on a calendar, and the main KPIs by week and month."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ccsim.centre.periods import Kind, Period
from ccsim.errors import CcsimError
from ccsim.kpis.definitions import MAIN_SERVICE
from ccsim.kpis.kpi import Kpi
from ccsim.kpis.shown import lines_in, names_in
from ccsim.kpis.verdicts import MARKS, verdict_of
from ccsim.language.chosen_time import when_text
from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.goals import goal_of, kpi_of_goal, scope_of
from ccsim.metrics.periods import by_period, sums_by_day, why_no_periods
from ccsim.metrics.steps import StepSums, adds_up_exactly
from ccsim.metrics.time_goals import TimeGoal, rows_by_period
from ccsim.report import sentences
from ccsim.report.clock import date_text, weekday_text
from ccsim.report.facts import Facts, Row
from ccsim.report.numbers import shown_in, with_unit
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.results.parquet import plain_rows
from ccsim.text.scalars import SHORT_MONTHS, SHORT_WEEKDAYS

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

MOST_CALENDARS: Final = 4
"""Goals that have a calendar; the run's table of periods has every day."""
MOST_WEEKS: Final = 54
"""Weeks of a calendar."""
_LONGER: Final[tuple[Kind, ...]] = ("week", "month")


def _period_text(kind: Kind, first: date) -> str:
    """A week by its Monday, `15 Jun`; a month, `Jun 2026`."""
    return date_text(first) if kind == "week" else f"{SHORT_MONTHS[first.month - 1]} {first.year}"


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
    by_day = sums_by_day(facts.sums)
    asked = _asked(facts)
    kinds = [kind for kind in _LONGER if len(facts.measured.counted().periods(kind)) > 1]
    by_week = [facts.kpis[name] for name in names_in("by week")] if kinds else []
    prepared = by_day.prepare([*(one.kpi for one in asked if one.of_whole_days), *by_week])
    found = list(_goals_by_day(facts, asked, by_day if prepared else None))
    kept = [one for one in found if len(one.days) > 1][:MOST_CALENDARS]
    tables = [_calendar(facts, one) for one in kept]
    tables += _period_tables(facts, kinds, by_day)
    said = " ".join(_worst_said(one) for one in kept)
    return Section("by-day", "By day, week and month", said, tables=tables)


class _Asked(NamedTuple):
    """A goal's KPI, for every period."""

    told: Mapping[str, Any]
    goal: Goal
    kpi: Kpi
    threshold: int | None

    @property
    def of_whole_days(self) -> bool:
        """Whether its sums are those of whole days, to the last digit."""
        return not self.goal.days and not self.goal.hours and adds_up_exactly(self.kpi)


def _asked(facts: Facts) -> list[_Asked]:
    """The goals that are known by time, each KPI once."""
    found: dict[Hashable, _Asked] = {}
    for goal in facts.run.goals or _main_goal(facts):
        time = goal.get("time") or {}
        key = (goal["kpi"], *goal["scope"].items(), goal["threshold_s"], time.get("hours") or "", *time.get("days", ()))
        asked = goal_of({**goal, "time": {"days": (), "hour_spans": (), **time, "by": None, "worst": None}})
        kpi, threshold = kpi_of_goal(asked, facts.measured)
        if kpi.kept_by_time:  # a cost of a channel is not, though that of a site is
            found.setdefault(key, _Asked(goal, asked, kpi, threshold))
    return list(found.values())


def _goals_by_day(facts: Facts, asked: Sequence[_Asked], by_day: StepSums | None) -> Iterator[GoalDays]:
    for one in asked:
        try:
            days, weeks = (_each(facts, one, kind, by_day) for kind in ("day", "week"))
        except CcsimError:
            continue  # about a part of a volume, which sums by time do not tell apart
        facts.used.add(one.told["kpi"])
        yield GoalDays(one.told, days, weeks)


def _main_goal(facts: Facts) -> list[dict[str, Any]]:
    """The service level of the main channel, where there is no goal."""
    if facts.main_channel is None or facts.threshold_s is None:
        return []
    asked = {"at_least": None, "at_most": None, "unit": "share", "threshold_s": facts.threshold_s}
    return [{"kpi": MAIN_SERVICE, "scope": {"channel": facts.main_channel}} | asked]


def _each(facts: Facts, asked: _Asked, kind: Kind, by_day: StepSums | None) -> dict[date, Row]:
    """A goal's KPI in every whole period in which there is anything to divide, by its first date."""
    scope = scope_of(asked.goal)
    if by_day is not None and asked.of_whole_days:
        periods, rows = rows_by_period(by_day, kind, asked.kpi, scope, asked.threshold, LEVEL)
    else:
        goal = asked.goal.model_copy(update={"by": kind})
        timed = TimeGoal.of(goal, asked.kpi, scope, asked.threshold, facts.sums)
        periods, rows = list(timed.periods), timed.rows(LEVEL) if timed.periods else []
    return {one.first: row for one, row in zip(periods, rows, strict=True) if row["estimate"] is not None}


def _calendar(facts: Facts, one: GoalDays) -> Table:
    """A row for each week, a column for each day of the week: a number and the sign of its verdict."""
    goal = one.goal
    shown = shown_in(goal["unit"], [row["estimate"] for row in one.days.values()])
    mondays = sorted({day - timedelta(days=day.weekday()) for day in one.days})
    columns = [Column("Week of", words=True), *(Column(name, shown.unit) for name in SHORT_WEEKDAYS)]
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


def _period_tables(facts: Facts, kinds: Sequence[Kind], by_day: StepSums) -> Iterator[Table]:
    """The main KPIs by week and by month, where there are two or more of them."""
    counted = facts.measured.counted()
    if not kinds:
        return
    kpis = names_in("by week")
    rows = plain_rows(
        by_period(
            facts.tables, facts.measured, kinds=kinds, kpis=kpis, scopes=["all", "kind"], sums=facts.sums, by_day=by_day
        )
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
