"""Plan rows of staffing, of named shifts and of queue groups, as they are written."""

from __future__ import annotations

import numpy as np

from ccsim.centre.shapes import curve_on
from ccsim.kernel import layout
from ccsim.kernel.layout import FAR
from ccsim.language.hours import WeekHours
from ccsim.language.pools import Pool, Shift
from ccsim.model.curves import real_pieces
from ccsim.model.local_time import LocalClock
from ccsim.model.plan import Plan, instant_of
from ccsim.units import DAY, WEEK


def plan_staffing(plan: Plan, rank: int, pool: Pool, clock: LocalClock) -> int:
    """Rows of a step curve; the most agents it ever asks for."""
    assert pool.staffing is not None
    steps: list[tuple[int, int]] = []
    for day in clock.days(0, plan.span.end):
        at = day.start
        curve = curve_on(pool.staffing, False, pool.changes, day.day)
        for piece in real_pieces(curve.pieces, day, keep_volume=False, again=curve.again):
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
            plan.add(time, layout.STAFF_UP if value > agents else layout.STAFF_DOWN, rank)
        agents = value
        most = max(most, agents)
    return most


def plan_shifts(plan: Plan, rank: int, first: int, shifts: tuple[Shift, ...], clock: LocalClock) -> int:
    """Rows of named agents; how many there are."""
    row = first
    for shift in shifts:
        starts = [
            instant_of(clock, day, shift.start)
            for day in clock.days(-shift.length - DAY, plan.span.end + shift.length + DAY)
            if day.day.weekday() in shift.days
        ]
        for start, following in zip(starts, [*starts[1:], FAR], strict=True):
            end = min(start + shift.length, following)  # round the clock, or on a day of 23 hours
            if end > 0 and start < plan.span.end:
                plan.rostered.between(np.array([start]), np.array([end]), rank, shift.agents)
                for agent in range(row, row + shift.agents):
                    _plan_one_shift(plan, rank, agent, shift, start, end)
        row += shift.agents
    return row - first


def _plan_one_shift(plan: Plan, rank: int, agent: int, shift: Shift, start: int, end: int) -> None:
    comes = worked = max(start, 0)
    plan.add(comes, layout.SIGN_IN, agent, end)
    for pause in shift.breaks:
        at, until = start + pause.after, start + pause.after + pause.length
        if until <= 0 or at >= end:
            continue
        at = max(at, 0)  # the horizon may begin in a break
        plan.add(at, layout.BREAK, agent, until - at, 1 if pause.paid else 0)
        plan.plan_time(rank, worked, at, 1)
        worked = until
    plan.plan_time(rank, worked, end, 1)
    plan.add(end, layout.SIGN_OUT, agent)


def plan_hours(plan: Plan, rank: int, hours: WeekHours | None, clock: LocalClock) -> int:
    """Rows of a group's hours; whether it is open at the start of the horizon."""
    if hours is None:
        return 1
    of_day = [[one for one in hours.spans if one[0] // DAY == weekday] for weekday in range(7)]
    spans: list[list[int]] = []
    for day in clock.days(-WEEK - DAY, plan.span.end):
        for opens, closes in of_day[day.day.weekday()]:
            since = instant_of(clock, day, opens % DAY)
            until = instant_of(clock, day, opens % DAY + closes - opens)
            if until <= since:  # all of it in the gap of a clock change
                continue
            if spans and since <= spans[-1][1]:
                spans[-1][1] = max(spans[-1][1], until)
            else:
                spans.append([since, until])
    for since, until in spans:
        if since > 0:
            plan.add(since, layout.OPENS, rank)
        if until > 0:
            plan.add(until, layout.CLOSES, rank)
    return 1 if any(since <= 0 < until for since, until in spans) else 0
