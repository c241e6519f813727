"""Plan rows of staffing, of named shifts and of queue groups, as they are written."""

from __future__ import annotations

import numpy as np

from ccsim.centre.shapes import curve_on
from ccsim.kernel import layout
from ccsim.kernel.layout import FAR, NONE
from ccsim.language.pools import Pool
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.shifts import Shift
from ccsim.model.curves import real_pieces
from ccsim.model.local_time import LocalClock
from ccsim.model.open_stretches import Stretches, gone_stretches, longest_left, open_stretches, together
from ccsim.model.plan import Plan, instant_of
from ccsim.units import DAY


def plan_staffing(plan: Plan, rank: int, pool: Pool, clock: LocalClock, shut: Stretches) -> int:
    """Rows of a step curve, nobody while the site is `shut`; the most agents it ever asks for."""
    assert pool.staffing is not None
    steps: list[tuple[int, int]] = []
    for day in clock.days(0, plan.span.end):
        at = day.start
        curve = curve_on(pool.staffing, False, pool.all_changes, day.day)
        for piece in real_pieces(curve.pieces, day, keep_volume=False, again=curve.again):
            if day.start + piece.start > at:
                steps.append((at, 0))
            steps.append((day.start + piece.start, int(piece.value + 0.5)))
            at = day.start + piece.end
        if at < day.start + day.length:
            steps.append((at, 0))
    steps = _outside(steps, shut)
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


def _outside(steps: list[tuple[int, int]], shut: Stretches) -> list[tuple[int, int]]:
    """Steps of a number of agents that is 0 in some stretches."""
    for since, until in shut:
        before = [step for step in steps if step[0] < since]
        after = [step for step in steps if step[0] > until]
        at_end = [value for time, value in steps if time <= until]
        steps = [*before, (since, 0), *([(until, at_end[-1])] if at_end else []), *after]
    return steps


def plan_shifts(plan: Plan, rank: int, first: int, pool: Pool, clock: LocalClock, shut: Stretches, leave: int) -> int:
    """Rows of named agents, cut where the site is `shut` or the pool not there; how many they are.

    `leave`: the number of that cause.
    """
    row = first
    gone = gone_stretches(pool, clock)
    shut = together([*shut, *gone])
    longest = max(shift.length for shift in pool.shifts)
    days = clock.days(-longest - DAY, plan.span.end + longest + DAY)
    begun = {day.day: pool.shifts_of(day.day) for day in days} if pool.dated else None
    for shift in pool.shifts:
        mine = [
            day
            for day in days
            if (day.day.weekday() in shift.days if begun is None else any(one is shift for one in begun[day.day]))
        ]
        starts = [instant_of(clock, day, shift.start) for day in mine]
        for day, start, following in zip(mine, starts, [*starts, FAR][1:], strict=True):
            end = start + shift.length if shift.end is None else instant_of(clock, day, shift.start + shift.length)
            end = min(end, following)  # round the clock, or on a day of 23 hours
            on_leave = day.day.isoformat() in pool.leave_on
            worked = longest_left((start, end), gone if on_leave else shut)
            if worked is None or worked[0] >= worked[1] or worked[1] <= 0 or worked[0] >= plan.span.end:
                continue
            plan.rostered.between(np.array([worked[0]]), np.array([worked[1]]), rank, shift.agents)
            for agent in range(row, row + shift.agents):
                if on_leave:
                    plan.add(worked[0], layout.SIGN_IN, agent, NONE, _paid(shift, start, worked), leave)
                else:
                    _plan_one_shift(plan, rank, agent, shift, start, worked)
        row += shift.agents
    return row - first


def _paid(shift: Shift, start: int, here: tuple[int, int]) -> int:
    """Paid time of a shift from its `start` by the plan, as far as it counts `here` and within the horizon."""
    since, end = max(here[0], 0), here[1]
    unpaid = (
        max(min(start + pause.after + pause.length, end) - max(start + pause.after, since), 0)
        for pause in shift.breaks
        if not pause.paid
    )
    return end - since - sum(unpaid)


def _plan_one_shift(plan: Plan, rank: int, agent: int, shift: Shift, start: int, here: tuple[int, int]) -> None:
    """One shift from its `start` by the plan, as far as the agent is `here`."""
    comes = worked = max(here[0], 0)
    end = here[1]
    plan.add(comes, layout.SIGN_IN, agent, end)
    for pause in shift.breaks:
        at, until = start + pause.after, start + pause.after + pause.length
        if until <= comes or at >= end:
            continue
        at = max(at, comes)  # the horizon, or the site, may open in a break
        plan.add(at, layout.BREAK, agent, until - at, 1 if pause.paid else 0)
        plan.plan_time(rank, worked, at, 1)
        worked = until
    plan.plan_time(rank, worked, end, 1)
    plan.add(end, layout.SIGN_OUT, agent)


def plan_hours(plan: Plan, rank: int, group: QueueGroup, clock: LocalClock) -> int:
    """Rows of a group's hours; whether it is open at the start of the horizon."""
    if group.hours is None:
        return 1
    stretches = open_stretches(group.hours, group.special_days, clock, plan.span.end)
    for since, until in stretches:
        if since > 0:
            plan.add(since, layout.OPENS, rank)
        if until > 0:
            plan.add(until, layout.CLOSES, rank)
    return 1 if any(since <= 0 < until for since, until in stretches) else 0
