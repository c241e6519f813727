"""Goals by day and week, and on chosen days and hours: against plain arithmetic."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from ccsim.errors import CcsimError
from ccsim.kpis.definitions import kpis_of
from ccsim.language.goals import Goal
from ccsim.language.hours import WeekHours
from ccsim.metrics.best import best, influence_on_goal
from ccsim.metrics.estimates import LEVEL
from ccsim.metrics.goals import kpi_of_goal
from ccsim.metrics.paired_influence import Simulated
from ccsim.metrics.periods import sums_by_day
from ccsim.metrics.steps import adds_up_exactly
from ccsim.metrics.sums import Sums
from ccsim.metrics.time_goals import TimeGoal, rows_by_period
from ccsim.units import DAY, HOUR
from tests.support.stand_in.desk import FOUR_DAYS, MEASURED, fake_run, interval_row, run_of_rows
from tests.support.stand_in.engine import empty_tables

DAYS = 9
MONDAY_ON = replace(MEASURED, interval=12 * HOUR, length=DAYS * DAY)
"""Monday 2 March to Tuesday 10 March: a whole week and two days."""


def run_with(answered, offered=100, goals=(), measured=MONDAY_ON):
    """A run in which `answered[replication][day]` per cent abandon, all in the morning."""
    rows = [
        np.concatenate([interval_row(interval=2 * d, offered=offered, abandoned=n) for d, n in enumerate(days)])
        for days in answered
    ]
    none = empty_tables()["queue_sums"]
    return run_of_rows(*[none] * len(rows), flow_intervals=rows, goals=goals, measured=measured)


def spread(replications=12, worst_day=4, seed=5):
    rng = np.random.default_rng(seed)
    table = rng.integers(3, 9, size=(replications, DAYS))
    table[:, worst_day] += 6
    return table


def test_by_day_judges_the_day_with_the_worst_mean():
    table = spread()
    goal = run_with(table, goals=(Goal(kpi="abandonment", at_most=0.1, by="day"),)).goals[0]
    means = table.mean(axis=0) / 100
    assert goal["estimate"] == pytest.approx(means.max())
    assert goal["low"] < means.max() < goal["high"]
    assert goal["time"]["period"] == "2026-03-06"
    assert (goal["time"]["judged"], goal["time"]["met"], goal["time"]["partial"]) == (9, int((means <= 0.1).sum()), 0)
    assert "holds for all 9 days at once" in goal["method"]
    assert goal["probability"] == np.mean((table <= 10).all(axis=1))
    json.dumps(goal, allow_nan=False)


def test_worst_day_judges_the_mean_of_the_worst():
    table = spread()
    goals = (Goal(kpi="abandonment", at_most=0.1, worst="day"), Goal(kpi="abandonment", at_most=0.1, by="day"))
    worst, by = run_with(table, goals=goals).goals
    assert worst["estimate"] == pytest.approx(table.max(axis=1).mean() / 100)
    assert worst["estimate"] >= by["estimate"]
    assert worst["probability"] == by["probability"]
    assert worst["low"] < worst["estimate"] < worst["high"]


def test_days_that_are_alike_have_a_worst_one_by_chance():
    table = np.random.default_rng(1).integers(4, 9, size=(40, DAYS))
    goals = (Goal(kpi="abandonment", at_most=0.075, worst="day"), Goal(kpi="abandonment", at_most=0.075, by="day"))
    worst, by = run_with(table, goals=goals).goals
    assert (by["verdict"], worst["verdict"]) == ("pass", "fail")


@pytest.mark.parametrize("at", [("at_least", 0.01, min), ("at_most", 0.2, max)])
def test_the_worst_is_the_lowest_or_the_highest(at):
    name, limit, pick = at
    table = spread()
    goals = (Goal(kpi="abandonment", by="day", **{name: limit}), Goal(kpi="abandonment", worst="day", **{name: limit}))
    by, worst = run_with(table, goals=goals).goals
    assert by["estimate"] == pytest.approx(pick(table.mean(axis=0)) / 100)
    assert worst["estimate"] == pytest.approx(np.mean([pick(days) for days in table]) / 100)
    assert (by["verdict"], worst["verdict"]) == ("pass", "pass")


def test_only_whole_weeks_are_judged():
    table = spread(worst_day=8)
    goal = run_with(table, goals=(Goal(kpi="abandonment", at_most=0.1, by="week"),)).goals[0]
    assert goal["estimate"] == pytest.approx(table[:, :7].mean() / 100)
    assert (goal["time"]["period"], goal["time"]["judged"], goal["time"]["partial"]) == ("2026-03-02", 1, 1)


def test_no_whole_month_was_counted():
    goal = run_with(spread(), goals=(Goal(kpi="abandonment", at_most=0.1, worst="month"),)).goals[0]
    assert (goal["verdict"], goal["why"]) == ("inconclusive", "no whole month was counted")
    assert (goal["estimate"], goal["probability"], goal["replications"]) == (None, None, 0)


def test_a_day_without_contacts_is_not_judged():
    table = spread()
    goal = run_with(table[:, :7], goals=(Goal(kpi="abandonment", at_most=0.1, by="day"),)).goals[0]
    assert goal["time"]["judged"] == 7


def test_chosen_days_and_hours():
    table = spread()
    morning = WeekHours(spans=tuple((d * DAY, d * DAY + 12 * HOUR) for d in range(7)))
    evening = WeekHours(spans=tuple((d * DAY + 12 * HOUR, d * DAY + DAY) for d in range(7)))
    goals = (
        Goal(kpi="abandonment", at_most=0.1, days=("2026-03-06",)),
        Goal(kpi="abandonment", at_most=0.1, days=("mon",), hours=morning),
        Goal(kpi="abandonment", at_most=0.1, hours=evening),
        Goal(kpi="abandonment", at_most=0.1, by="day", days=("mon", "tue")),
    )
    one, mondays, never, both = run_with(table, goals=goals).goals
    assert one["estimate"] == pytest.approx(table[:, 4].mean() / 100)
    assert mondays["estimate"] == pytest.approx(table[:, [0, 7]].mean() / 100)
    assert mondays["time"]["hours"] == "00:00-12:00"
    assert never["estimate"] is None
    assert both["estimate"] == pytest.approx(table[:, [0, 1, 7, 8]].mean(axis=0).max() / 100)
    assert both["time"]["judged"] == 4


def test_the_interval_of_the_worst_day_holds_for_all_days_at_once():
    table = spread(replications=30)
    run = run_with(table, goals=(Goal(kpi="abandonment", at_most=0.1, by="day"),))
    goal = run.goals[0]
    from ccsim.metrics.by_interval import by_interval

    each = by_interval(run.tables, run.measured, "abandonment", every=DAY, level=1 - 0.05 / DAYS)
    assert goal["low"] == pytest.approx(each["low"].max())
    assert goal["high"] == pytest.approx(each["high"].max())


def test_one_replication_has_no_interval():
    goals = (Goal(kpi="abandonment", at_most=0.1, by="day"), Goal(kpi="abandonment", at_most=0.1, worst="day"))
    for goal in run_with(spread(replications=1), goals=goals).goals:
        assert goal["estimate"] is not None
        assert (goal["verdict"], goal["low"]) == ("inconclusive", None)


def test_a_goal_in_time_has_an_influence_and_a_best_alternative():
    table = spread()
    other = table + 1
    for goal in (
        Goal(kpi="abandonment", at_most=0.1, by="day"),
        Goal(kpi="abandonment", at_most=0.1, worst="day"),
        Goal(kpi="abandonment", at_most=0.1, days=("2026-03-06",)),
    ):
        runs = {name: run_with(one) for name, one in (("base", table), ("more", other))}
        simulated = {name: Simulated(Sums(run.tables, run.measured)) for name, run in runs.items()}
        found = influence_on_goal(goal, simulated["base"])
        judged = run_with(table, goals=(goal,)).goals[0]
        assert found.values[0] == pytest.approx(judged["estimate"])
        assert found.moves.sum() == pytest.approx(0, abs=1e-9)
        rows = {row["alternative"]: row for row in best([goal], simulated)}
        assert (rows["base"]["probability_best"], rows["base"]["share_won"]) == (1.0, 1.0)
        assert rows["more"]["estimate"] == pytest.approx(found.values[0] + 0.01)


@pytest.mark.parametrize("kind", ["day", "week", "month"])
@pytest.mark.parametrize("length", [4 * DAY, 10 * DAY])
def test_rows_made_of_sums_by_day_are_those_of_the_periods_alone(kind, length):
    """Every KPI that is known by time, of all and of a part, to the last digit; partial periods are in neither."""
    run = fake_run(3, measured=replace(FOUR_DAYS, length=length))
    whole = Sums(run.tables, run.measured)
    by_day = sums_by_day(whole)
    checked = set()
    for kpi in kpis_of(run.measured.rule).values():
        for scope in ({}, {"site": "manila"}, {"pool": "experts"}, {"channel": "email"}):
            goal = Goal(kpi=kpi.name, at_least=0.5, by=kind, **scope)
            mine, threshold = kpi_of_goal(goal, run.measured)
            if not mine.kept_by_time:
                continue
            try:
                alone = TimeGoal.of(goal, mine, scope, threshold, whole)
            except CcsimError as error:
                with pytest.raises(CcsimError, match=re.escape(str(error))):
                    rows_by_period(by_day, kind, mine, scope, threshold, LEVEL)
                continue
            periods, rows = rows_by_period(by_day, kind, mine, scope, threshold, LEVEL)
            assert periods == alone.periods
            if adds_up_exactly(mine) and periods:
                assert rows == alone.rows(LEVEL), (kpi.name, scope)
                checked.add(kpi.name)
    assert len(checked) > 15 or not periods
