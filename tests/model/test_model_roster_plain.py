"""Rosters, weekly schedules, cover and plan rows made again in plain Python, minute by minute and person by person."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ccsim.kernel import layout
from ccsim.kernel.layout import Floats
from ccsim.language.scenario import Scenario
from ccsim.model.model import Span
from ccsim.model.roster import Roster, build_roster
from ccsim.model.shift_layout import ShiftLayout, lay_out
from ccsim.model.staffed_pools import Clocks, StaffedPool, make_staffed_pools
from ccsim.model.weekly_schedules import SLOTS, WeeklySchedule, cover_of, schedules_of
from ccsim.model.workforce import Workforce
from ccsim.scenario import loads
from ccsim.units import DAY, HOUR, MINUTE
from tests.model.employed import HOLIDAY, REST, built, text
from tests.model.shifts import BREAKS, pattern, week

WEEK_MINUTES = 7 * 24 * 60


# Weekly schedules


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.sets(st.integers(0, 6), min_size=1), st.integers(1, 7))
def test_days_of_work_are_all_that_keep_the_days_off_together(days: set[int], work: int) -> None:
    found = {
        schedule.days
        for schedule in schedules_of("p", pattern(8, days="".join(map(str, sorted(days))), work=work), None)
    }
    possible = [set(some) for some in itertools.combinations(sorted(days), work)]

    def together(worked: set[int], of: list[int]) -> bool:
        """Whether the days worked follow each other on a circle of days."""
        starts = [day for i, day in enumerate(of) if day in worked and of[i - 1] not in worked]
        return len(starts) <= 1

    of_the_week = [worked for worked in possible if together(worked, list(range(7)))]
    of_these_days = [worked for worked in possible if together(worked, sorted(days))]
    assert found == {tuple(sorted(worked)) for worked in of_the_week or of_these_days}


def test_schedules_are_in_order_of_their_starts_and_each_start_once() -> None:
    schedules = schedules_of("late", pattern(14, 6, 14, days="01234"), None)
    assert schedules == [WeeklySchedule("late", start * HOUR, (0, 1, 2, 3, 4)) for start in (6, 14)]


def _line_by_minute(schedule: WeeklySchedule, layout: ShiftLayout, way: int) -> np.ndarray:
    """[minutes of a week] 1 where one person on a weekly schedule is on the line."""
    line = np.zeros(WEEK_MINUTES, np.int64)
    for day in schedule.days:
        for minute in range(layout.length // MINUTE):
            at = minute * MINUTE
            away = any(int(s) <= at < int(s) + a.length for s, a in zip(layout.at[way], layout.away, strict=True))
            line[(day * 1440 + schedule.start // MINUTE + minute) % WEEK_MINUTES] += not away
    return line


def test_cover_is_the_mean_of_the_ways_minute_by_minute() -> None:
    shapes = {
        "day": pattern(9.5, 22, breaks=BREAKS),
        "split": pattern(7, paid=6).model_copy(update={"split_after": 3 * HOUR, "split_gap": 2 * HOUR}),
    }
    layouts = {"day": lay_out("day", shapes["day"], {"training": 0.05}), "split": lay_out("split", shapes["split"], {})}
    schedules = [schedule for name, shape in shapes.items() for schedule in schedules_of(name, shape, None)]
    found = cover_of(schedules, layouts)
    for row in (0, 3, 9, 16, 20):
        layout = layouts[schedules[row].pattern]
        ways = [_line_by_minute(schedules[row], layout, way) for way in range(len(layout.at))]
        plain = np.mean(ways, axis=0).reshape(SLOTS, 30).mean(axis=1)
        np.testing.assert_allclose(found[row], plain, atol=1e-12)


# Layouts


@pytest.mark.parametrize("split", [False, True])
def test_paid_time_left_is_counted_minute_by_minute(split: bool) -> None:
    shape = pattern(8, paid=6, breaks=BREAKS)
    if split:
        shape = shape.model_copy(update={"split_after": 4 * HOUR, "split_gap": 90 * MINUTE})
    layout = lay_out("p", shape, {"training": 0.05})
    unpaid = {
        minute
        for start, one in zip(layout.at[0].tolist(), layout.away, strict=True)
        if not one.paid
        for minute in range(start // MINUTE, (start + one.length) // MINUTE)
    }
    paid = [minute not in unpaid for minute in range(layout.length // MINUTE)]
    assert sum(paid) * MINUTE == layout.paid == 6 * HOUR
    for elapsed in range(0, len(paid) + 60, 7):
        assert layout.paid_after(elapsed * MINUTE) == sum(paid[elapsed:]) * MINUTE
    assert {(one.cause, one.length, one.paid) for one in layout.away[:3]} == {
        ("break", pause.length, pause.paid) for pause in BREAKS
    }
    assert [one.paid for one in layout.away[:3]] == [True, False, True]


# The roster


STEPS = ((0.5, 1.08), (0.8, 1.04), (1.0, 1.0))
"""Shortfall: up to which share of what is required one agent more takes off so much."""


def _price(line: Floats, required: Floats, available: float) -> float:
    """What a week is judged by, hour by hour; `available` agent hours there are."""
    mean = max(sum(required) / len(required), 1.0)
    scale = [max(need, mean / 2) for need in required]
    even = max((available - sum(required)) / sum(scale), 0.2)
    price = 0.0
    for here, need, wide in zip(line, required, scale, strict=True):
        low = 0.0
        for share, gain in STEPS:
            price += gain * (share * need - min(max(here, low * need), share * need))
            low = share
        surplus = max(here - need, 0.0)
        price += 0.01 * min(surplus, even * wide) + 0.04 * max(surplus - even * wide, 0.0)
    return price


def _least(hours: Floats, required: Floats, available: float, groups: list[tuple[list[int], int]]) -> float:
    """Least price with people not whole: a linear programme in the steps of every hour."""
    schedules, slots = hours.shape
    mean = max(float(required.mean()), 1.0)
    scale = np.maximum(required, mean / 2)
    even = max((available - float(required.sum())) / float(scale.sum()), 0.2)
    widths = [0.5 * required, 0.3 * required, 0.2 * required, even * scale, np.full(slots, 1e9)]
    worth = np.repeat([1.08, 1.04, 1.0, -0.01, -0.04], slots)
    employed = np.zeros((len(groups), schedules + 5 * slots))
    for row, (members, _) in enumerate(groups):
        employed[row, members] = 1.0
    solved = linprog(
        np.concatenate([np.zeros(schedules), -worth]),
        A_eq=np.vstack([np.hstack([hours.T, *[-np.eye(slots)] * 5]), employed]),
        b_eq=np.concatenate([np.zeros(slots), [float(people) for _, people in groups]]),
        bounds=[(0.0, None)] * schedules + [(0.0, float(w)) for w in np.concatenate(widths)],
    )
    nobody = sum(gain * float(width.sum()) for (_, gain), width in zip(STEPS, widths, strict=False))
    return nobody + float(solved.fun)


def _hourly(week: Floats) -> Floats:
    return np.array([(week[..., i] + week[..., i + 1]) / 2 for i in range(0, SLOTS, 2)]).T


def _judged(found: Roster, cover: Floats, people: int, groups: list[tuple[list[int], int]]) -> None:
    hours, required = _hourly(cover), _hourly(found.required)
    manned = hours.max(axis=0) > 0
    available = people * float(hours[:, manned].sum()) / len(hours)
    line = (found.people @ hours)[manned]
    assert found.price == pytest.approx(_price(line, required[manned], available), abs=1e-6)
    assert found.bound == pytest.approx(_least(hours[:, manned], required[manned], available, groups), abs=1e-5)
    assert found.price >= found.bound - 1e-6
    short = sum(max(need - here, 0.0) for need, here in zip(required, found.people @ hours, strict=True))
    assert found.shortfall == pytest.approx(short)
    np.testing.assert_allclose(found.scheduled, found.people @ cover)


@settings(derandomize=True, deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 4, 11, 30]), st.sampled_from([0, 3, 9]))
def test_price_and_bound_are_those_of_the_words(seed: int, people: int, most: int) -> None:
    shape = pattern(6, 14, breaks=BREAKS)
    schedules = schedules_of("p", shape, None)
    cover = cover_of(schedules, {"p": lay_out("p", shape, {})}) * 0.9
    rng = np.random.default_rng(seed)
    required = rng.integers(0, most + 1, SLOTS) * (rng.random(SLOTS) < 0.8)
    found = build_roster(schedules, cover, required.astype(np.float64), people, {})
    assert found.people.sum() == people
    _judged(found, cover, people, [(list(range(len(schedules))), people)])


@settings(derandomize=True, deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_no_roster_of_few_people_is_better(seed: int, people: int) -> None:
    shape = pattern(0, 6, 12, 16, work=7, paid=6, breaks=BREAKS[:1])
    schedules = schedules_of("p", shape, None)
    cover = cover_of(schedules, {"p": lay_out("p", shape, {})})
    required = np.tile(np.repeat(np.random.default_rng(seed).integers(0, 4, 8), 6), 7).astype(np.float64)
    found = build_roster(schedules, cover, required, people, {})
    hours, needed = _hourly(cover), _hourly(required)
    manned = hours.max(axis=0) > 0
    available = people * float(hours[:, manned].sum()) / len(hours)
    best = min(
        _price((np.array(split) @ hours)[manned], needed[manned], available)
        for split in itertools.product(range(people + 1), repeat=len(schedules))
        if sum(split) == people
    )
    assert found.price == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize(
    ("shares", "people", "wanted"),
    [
        ({"a": 0.5, "b": 0.3, "c": 0.2}, 7, [4, 2, 1]),  # 3.5, 2.1, 1.4: the largest remainder is that of a
        ({"a": 0.5, "b": 0.3, "c": 0.2}, 9, [4, 3, 2]),  # 4.5, 2.7, 1.8
        ({"a": 0.34, "b": 0.33, "c": 0.33}, 2, [1, 1, 0]),  # 0.68, 0.66, 0.66: the first of equals
        ({"a": 0.5, "b": 0.25}, 5, [3, 1, 1]),  # the rest goes to c: 2.5, 1.25, 1.25
        ({"a": 0.6, "b": 0.6}, 5, [3, 2, 0]),  # more than all: in proportion
        ({"a": 0.0, "b": 0.0, "c": 0.0}, 3, [1, 1, 1]),  # nothing said: evenly
        ({"a": 0.0, "b": 1.0}, 3, [0, 3, 0]),
        ({}, 3, None),
    ],
)
def test_patterns_are_rounded_by_the_largest_remainders(
    shares: dict[str, float], people: int, wanted: list[int] | None
) -> None:
    schedules = [WeeklySchedule(name, start * HOUR, (0, 1, 2, 3, 4)) for name in "abc" for start in (8, 9)]
    layouts = {name: lay_out(name, pattern(8, 9), {}) for name in "abc"}
    cover = cover_of(schedules, layouts)
    found = build_roster(schedules, cover, week(0, 3, 0), people, shares)
    by_pattern = Counter(dict.fromkeys("abc", 0))
    for schedule, count in zip(schedules, found.people, strict=True):
        by_pattern[schedule.pattern] += int(count)
    if wanted is None:
        assert sum(by_pattern.values()) == people
        _judged(found, cover, people, [(list(range(6)), people)])
    else:
        assert [by_pattern[name] for name in "abc"] == wanted


# Rows of the plan


class Shift:
    """One person's shift of one date, as it is to be simulated."""

    def __init__(self, staffed: StaffedPool, layout: ShiftLayout, day: date, start: int, way: int, agent: int) -> None:
        self.layout, self.way, self.agent, self.day = layout, way, agent, day
        self.since, tomorrow = (_instant(staffed, day + timedelta(days=n), start) for n in (0, 1))
        self.until = min(self.since + layout.length, tomorrow)

    def breaks(self) -> list[tuple[int, int, bool, str]]:
        """From, until, paid, cause; cut at the end of the shift."""
        found = []
        for at, one in zip(self.layout.at[self.way].tolist(), self.layout.away, strict=True):
            since = min(self.since + at, self.until)
            found.append((since, min(since + one.length, self.until), one.paid, one.cause))
        return found


def _instant(staffed: StaffedPool, day: date, local: int) -> int:
    return staffed.clock.instant(datetime(day.year, day.month, day.day) + timedelta(microseconds=local))


def _shifts(staffed: StaffedPool, roster: Roster, span: Span) -> list[Shift]:
    """Every shift that is simulated in part."""
    parts: dict[tuple[str, int], list[tuple[float, int]]] = {}
    for row, schedule in enumerate(roster.schedules):
        count = int(roster.people[row])
        for i in range(count):
            parts.setdefault((schedule.pattern, schedule.start), []).append(((i + 0.5) / count, row))
    start = date(1970, 1, 1) + timedelta(days=span.start_utc // DAY)
    dates = [start + timedelta(days=n) for n in range(-2, span.end // DAY + 3)]
    found = []
    agent = 0
    for (name, begins), places in parts.items():
        order = [row for _, row in sorted(places)]
        layout = staffed.layouts[name]
        for turn in range(len(order)):
            for day in dates:
                number, weekday = divmod(day.toordinal() - 1, 7)
                if weekday in roster.schedules[order[(turn + number) % len(order)]].days:
                    way = (turn + day.toordinal()) % len(layout.at)
                    shift = Shift(staffed, layout, day, begins, way, agent)
                    if shift.until > 0 and shift.since < span.end:
                        found.append(shift)
            agent += 1
    return found


def _rows(shift: Shift, span: Span, causes: tuple[str, ...], away: bool) -> list[tuple[int, ...]]:
    paid = shift.layout.paid if shift.since >= 0 else shift.layout.paid_after(-shift.since)
    if away:
        cause = causes.index("leave") if "leave" in causes else 0
        return [(max(shift.since, 0), layout.SIGN_IN, shift.agent, layout.NONE, paid, cause)]
    found = [(max(shift.since, 0), layout.SIGN_IN, shift.agent, shift.until, paid, 0)]
    for since, until, is_paid, cause_name in shift.breaks():
        if since < until and until > 0 and since < span.end:
            at = max(since, 0)
            found.append((at, layout.BREAK, shift.agent, until - at, int(is_paid), causes.index(cause_name)))
    if shift.until < span.end:
        found.append((shift.until, layout.SIGN_OUT, shift.agent, 0, 0, 0))
    return found


def _common(since: int, until: int, low: int, high: int) -> int:
    return max(min(until, high) - max(since, low), 0)


CASES: dict[str, dict[str, Any]] = {
    "three shifts": {"people": 9},
    "unpaid and paid breaks, blocks, warm-up": {
        "people": 8, "pattern": ", breaks: [15m, 30m unpaid]", "pool": ", shrinkage: {training: 5%}",
        "warm_up": "30h", "length": "5d", "starts": "06:00, 22:00", "rest": REST,
    },
    "two patterns": {
        "people": 9, "shifts": "main, half", "patterns": "  half: {paid: 4h, starts: [10:00, 21:30], share: 40%}\n",
        "length": "8d",
    },
    "a split shift over the start of the horizon": {
        "people": 7, "starts": "18:00", "pattern": ", split: {after: 4h, gap: 3h}, breaks: [20m]", "length": "6d",
        "rest": REST,
    },
    "clocks go forward": {
        "people": 7, "zone": "Europe/Berlin", "site_zone": "Europe/Berlin", "start": "2026-03-26", "length": "5d",
        "starts": "01:30, 22:00", "pattern": ", breaks: [30m unpaid]", "rest": REST,
    },
    "all day, on the day of 23 hours too": {
        "people": 6, "zone": "Europe/Berlin", "site_zone": "Europe/Berlin", "start": "2026-03-27", "length": "4d",
        "starts": "08:00", "paid": "12h", "pattern": ", work_days: 7, split: {after: 6h, gap: 11h30m}",
        "rest": REST,
    },
    "a holiday": {"people": 15, "site": ", holidays: DE, on_holidays: 30%", **HOLIDAY},
    "a horizon that ends in a break": {
        "people": 7, "starts": "08:00", "pattern": ", breaks: [60m unpaid]", "length": "60h", "rest": REST,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_rows_of_the_plan_are_those_of_every_person(name: str) -> None:
    scenario = loads(text(**CASES[name]))
    found, span = built(scenario)
    staffed = _staffed(scenario, span)
    shifts = _shifts(staffed, found.rosters["desk"], span)
    first, people = found.agents[0].tolist()
    assert (first, people) == (0, CASES[name]["people"])
    agents = found.plan[np.isin(found.plan[:, layout.PLAN_WHAT], (layout.SIGN_IN, layout.BREAK, layout.SIGN_OUT))]
    off = {
        (int(r[layout.PLAN_TIME]), int(r[layout.PLAN_WHO]))
        for r in agents
        if r[layout.PLAN_WHAT] == layout.SIGN_IN and r[layout.PLAN_VALUE] == layout.NONE
    }
    away = [(max(shift.since, 0), shift.agent) in off for shift in shifts]
    expected = [row for shift, gone in zip(shifts, away, strict=True) for row in _rows(shift, span, found.causes, gone)]
    assert sorted(map(tuple, agents.tolist())) == sorted(expected)
    _compare_time(found, span, shifts, away)
    on_day = Counter(shift.day for shift in shifts)
    here = Counter(shift.day for shift, gone in zip(shifts, away, strict=True) if not gone)
    for day in {shift.day for shift, gone in zip(shifts, away, strict=True) if gone}:
        assert day == date(2026, 5, 1)
        assert here[day] == int(0.3 * on_day[day] + 0.5)
    assert bool(off) == (name == "a holiday")


def _staffed(scenario: Scenario, span: Span) -> StaffedPool:
    return make_staffed_pools(scenario, ["desk"], Clocks(span.start_utc), span)[0]


def _compare_time(found: Workforce, span: Span, shifts: list[Shift], away: list[bool]) -> None:
    """Rostered and scheduled agent time, interval by interval."""
    table = found.workforce_plan[found.workforce_plan[:, 1] == 0]
    for interval, _, _, rostered, scheduled in table.tolist():
        low = span.counted_from + interval * span.interval
        bounds = low, min(low + span.interval, span.counted_until)
        whole = planned = 0
        for shift, gone in zip(shifts, away, strict=True):
            if shift.until <= bounds[0] or shift.since >= bounds[1]:
                continue
            time = _common(shift.since, shift.until, *bounds)
            breaks = [_common(since, until, *bounds) for since, until, _, _ in shift.breaks()]
            gap = shift.layout.gap
            whole += time - (breaks[gap] if gap is not None else 0)
            planned += 0 if gone else time - sum(breaks)
        assert (rostered, scheduled) == (whole, planned), interval
