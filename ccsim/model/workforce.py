"""What is known beforehand of agents and doors: the plan, sorted as it is played."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from ccsim.kernel import layout as k
from ccsim.kernel.layout import FAR, Ints
from ccsim.model.curves import local_pieces, real_pieces
from ccsim.model.local_time import LocalClock
from ccsim.model.model import Span
from ccsim.scenario.sections import Pool, QueueGroup, Shift, WeekHours
from ccsim.units import DAY, WEEK


@dataclass(frozen=True, slots=True)
class Workforce:
    """Agents and doors as arrays."""

    plan: Ints
    """[rows, PLAN_WIDTH]"""
    planned_us: Ints
    """[intervals, pools]"""
    agents: Ints
    """[pools, 2] First agent row and number of rows."""
    stepped: Ints
    """[pools]"""
    open_at_start: Ints
    """[groups]"""


class _Plan:
    """Collects rows of the plan and planned time."""

    def __init__(self, span: Span, pools: int) -> None:
        self.span = span
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.planned = np.zeros((span.intervals, max(pools, 1)), np.int64)

    def add(self, time: int, what: int, who: int, value: int = 0, paid: int = 0) -> None:
        if time < self.span.end:
            self.rows.append((max(time, 0), what, who, value, paid))

    def plan_time(self, pool: int, since: int, until: int, agents: int) -> None:
        first, width = self.span.counted_from, self.span.interval
        since, until = max(since, first), min(until, self.span.counted_until)
        while since < until:
            interval = (since - first) // width
            stop = min(first + (interval + 1) * width, until)
            self.planned[interval, pool] += agents * (stop - since)
            since = stop

    def sorted_rows(self) -> Ints:
        # agents before doors, then the order in which the rows were made (pool rank, number, time)
        ordered = sorted(self.rows, key=lambda row: (row[0], row[1] >= k.CLOSES))
        return np.array(ordered, np.int64).reshape(-1, k.PLAN_WIDTH)


def compile_workforce(pools: list[Pool], groups: list[QueueGroup], clock: LocalClock, span: Span) -> Workforce:
    """Agents of pools and hours of groups, both in order of rank."""
    plan = _Plan(span, len(pools))
    bounds = []
    first = 0
    for rank, pool in enumerate(pools):
        if pool.staffing is not None:
            count = _plan_staffing(plan, rank, pool, clock)
        else:
            count = _plan_shifts(plan, rank, first, pool.shifts, clock)
        bounds.append((first, count))
        first += count
    open_at_start = [_plan_hours(plan, rank, group.hours, clock) for rank, group in enumerate(groups)]
    return Workforce(
        plan.sorted_rows(),
        plan.planned,
        np.array(bounds, np.int64).reshape(-1, 2),
        np.array([1 if pool.staffing is not None else 0 for pool in pools], np.int64),
        np.array(open_at_start or [1], np.int64),
    )


def _plan_staffing(plan: _Plan, rank: int, pool: Pool, clock: LocalClock) -> int:
    """Rows of a step curve; the most agents it ever asks for."""
    assert pool.staffing is not None
    steps: list[tuple[int, int]] = []
    for day in clock.days(0, plan.span.end):
        at = day.start
        for piece in real_pieces(local_pieces(pool.staffing, False, pool.changes, day.day), day, keep_volume=False):
            if day.start + piece.start > at:
                steps.append((at, 0))
            steps.append((day.start + piece.start, int(piece.value + 0.5)))
            at = day.start + piece.end
        if at < day.start + day.length:
            steps.append((at, 0))
    agents = most = 0
    for i, (time, value) in enumerate(steps):
        until = steps[i + 1][0] if i + 1 < len(steps) else plan.span.end
        if until <= 0:
            continue
        plan.plan_time(rank, max(time, 0), until, value)
        for _ in range(abs(value - agents)):
            plan.add(time, k.RISE if value > agents else k.FALL, rank)
        agents = value
        most = max(most, agents)
    return most


def _plan_shifts(plan: _Plan, rank: int, first: int, shifts: tuple[Shift, ...], clock: LocalClock) -> int:
    """Rows of named agents; how many there are."""
    row = first
    for shift in shifts:
        starts = [
            clock.instant(datetime(day.day.year, day.day.month, day.day.day) + timedelta(microseconds=shift.start))
            for day in clock.days(-shift.length - DAY, plan.span.end + shift.length + DAY)
            if day.day.weekday() in shift.days
        ]
        for start, following in zip(starts, [*starts[1:], FAR], strict=True):
            end = min(start + shift.length, following)  # round the clock, or on a day of 23 hours
            if end > 0 and start < plan.span.end:
                for agent in range(row, row + shift.agents):
                    _plan_one_shift(plan, rank, agent, shift, start, end)
        row += shift.agents
    return row - first


def _plan_one_shift(plan: _Plan, rank: int, agent: int, shift: Shift, start: int, end: int) -> None:
    comes = worked = max(start, 0)
    plan.add(comes, k.SIGN_IN, agent, end)
    for pause in shift.breaks:
        at, until = start + pause.after, start + pause.after + pause.length
        if until <= 0 or at >= end:
            continue
        at = max(at, 0)  # the horizon may begin in a break
        plan.add(at, k.BREAK, agent, until - at, 1 if pause.paid else 0)
        plan.plan_time(rank, worked, at, 1)
        worked = until
    plan.plan_time(rank, worked, end, 1)
    plan.add(end, k.SIGN_OUT, agent)


def _plan_hours(plan: _Plan, rank: int, hours: WeekHours | None, clock: LocalClock) -> int:
    """Rows of a group's hours; whether it is open at the start of the horizon."""
    if hours is None:
        return 1
    spans: list[list[int]] = []
    for day in clock.days(-WEEK - DAY, plan.span.end):
        midnight = datetime(day.day.year, day.day.month, day.day.day)
        for opens, closes in hours.spans:
            if opens // DAY != day.day.weekday():
                continue
            since = clock.instant(midnight + timedelta(microseconds=opens % DAY))
            until = clock.instant(midnight + timedelta(microseconds=opens % DAY + closes - opens))
            if until <= since:  # all of it in the gap of a clock change
                continue
            if spans and since <= spans[-1][1]:
                spans[-1][1] = max(spans[-1][1], until)
            else:
                spans.append([since, until])
    for since, until in spans:
        if since > 0:
            plan.add(since, k.OPENS, rank)
        if until > 0:
            plan.add(until, k.CLOSES, rank)
    return 1 if any(since <= 0 < until for since, until in spans) else 0
