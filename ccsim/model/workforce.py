"""What is known beforehand of agents and doors: the plan, sorted as it is played, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ccsim.centre.streams import streams_of
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.shrinkage import WHOLE_DAYS
from ccsim.model.crews import Clocks, Crew, make_crews
from ccsim.model.load import Known, expected_load
from ccsim.model.local_time import LocalClock
from ccsim.model.model import Span
from ccsim.model.plan import Plan
from ccsim.model.plan_roster import RosterPlanner
from ccsim.model.plan_steps import plan_hours, plan_shifts, plan_staffing
from ccsim.model.premiums import Premiumed, premiums_of
from ccsim.model.required import required_agents
from ccsim.model.roster import Roster, Wanted, build_rosters
from ccsim.model.shift_layout import BREAK
from ccsim.model.shift_rows import LEAVE
from ccsim.model.tours import SLOT, SLOTS
from ccsim.units import DAY, HOUR, MINUTE, WEEK

#: Longest piece of an interval in which the requirement is looked up once; clocks differ by multiples of it.
_PIECE = 15 * MINUTE


class DoorLike(Protocol):
    """What the workforce needs of a door."""

    @property
    def group(self) -> QueueGroup:
        """Its queue group."""

    @property
    def zone(self) -> str:
        """Zone of its hours."""


class RoutesLike(Protocol):
    """What the workforce needs of the routes."""

    @property
    def pool_names(self) -> list[str]:
        """Pools in order of rank."""

    @property
    def doors(self) -> Sequence[DoorLike]:
        """Doors in order of rank."""


@dataclass(frozen=True, slots=True)
class Workforce:
    """Agents and doors as arrays."""

    plan: Ints
    """[rows, PLAN_WIDTH]"""
    planned_us: Ints
    """[intervals, pools] Agent time planned on the line."""
    workforce_plan: Ints
    """[intervals x pools, 5] Rows of the table `workforce_plan`: interval, pool, required, rostered, scheduled."""
    agents: Ints
    """[pools, 2] First agent row and number of rows."""
    stepped: Ints
    """[pools] 1 for staffing."""
    open_at_start: Ints
    """[groups]"""
    causes: tuple[str, ...]
    """Causes of shrinkage, `break` first, then sorted."""
    absence: Floats
    """[pools, causes] Probability of being away on the day of a shift."""
    premiums: Premiumed
    """When a paid hour costs more."""
    rosters: Mapping[str, Roster]
    """Rosters by pool, where one was built."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """What pools need and what they have, by the week of their site's clock."""

    crews: list[Crew]
    required: Ints
    """[pools, slots]"""
    rosters: dict[str, Roster]


def staff(
    scenario: Scenario,
    names: list[str],
    clocks: Clocks,
    span: Span,
    only: str | None = None,
    known: Known | None = None,
) -> Staffed:
    """Requirement of all pools, and rosters of those with a headcount (or of one pool only)."""
    crews = make_crews(scenario, names, clocks, span)
    streams = streams_of(scenario) if known is None else known.streams
    load = expected_load(scenario, streams, crews, clocks, span, known)
    opened = np.array([crew.open for crew in crews]).reshape(-1, SLOTS)
    hours = np.maximum(opened.sum(axis=1), 1.0) * (SLOT / HOUR)
    deferred = opened * (load.deferred / hours)[:, None]
    required = required_agents(scenario.planning, load.live, load.handle, deferred)
    asked = [
        (crew, wanted)
        for crew, wanted in zip(crews, required, strict=True)
        if crew.pool.headcount is not None and only in (None, crew.name)
    ]
    rosters = build_rosters(_wanted(scenario, crew, agents) for crew, agents in asked)
    return Staffed(crews, required, {crew.name: roster for (crew, _), roster in zip(asked, rosters, strict=True)})


def _wanted(scenario: Scenario, crew: Crew, required: Ints) -> Wanted:
    shares = {name: scenario.shift_patterns[name].share for name in crew.layouts}
    given = {name: share for name, share in shares.items() if share is not None}
    return Wanted(crew.tours, crew.cover, required.astype(np.float64), crew.pool.headcount or 0, given)


def compile_workforce(
    scenario: Scenario, routes: RoutesLike, clocks: Clocks, span: Span, known: Known | None = None
) -> Workforce:
    """Agents of pools and hours of groups, both in order of rank."""
    staffed = staff(scenario, routes.pool_names, clocks, span, known=known)
    crews = staffed.crews
    causes = _causes(crews)
    plan = Plan(span, len(crews))
    planner = RosterPlanner(plan, {cause: number for number, cause in enumerate(causes)})
    bounds = []
    first = 0
    for rank, crew in enumerate(crews):
        if crew.pool.staffing is not None:
            count = plan_staffing(plan, rank, crew.pool, crew.clock)
        elif crew.pool.headcount is not None:
            count = planner.add(rank, first, crew, staffed.rosters[crew.name])
        else:
            count = plan_shifts(plan, rank, first, crew.pool.shifts, crew.clock)
        bounds.append((first, count))
        first += count
    open_at_start = [
        plan_hours(plan, rank, door.group.hours, clocks.of(door.zone)) for rank, door in enumerate(routes.doors)
    ]
    premiums = premiums_of(scenario, crews, plan, span)
    planned = plan.planned()
    return Workforce(
        plan=plan.sorted_rows(),
        planned_us=planned,
        workforce_plan=_table(crews, staffed.required, plan, planned, span),
        agents=np.array(bounds, np.int64).reshape(-1, 2),
        stepped=np.array([1 if crew.pool.staffing is not None else 0 for crew in crews], np.int64),
        open_at_start=np.array(open_at_start or [1], np.int64),
        causes=causes,
        absence=np.array(
            [[crew.shrinkage.get(cause, 0.0) if cause in WHOLE_DAYS else 0.0 for cause in causes] for crew in crews],
            np.float64,
        ).reshape(-1, len(causes)),
        premiums=premiums,
        rosters=staffed.rosters,
    )


def _causes(crews: list[Crew]) -> tuple[str, ...]:
    """Causes of shrinkage that anybody has; `leave` too where holidays keep people away."""
    found = {cause for crew in crews for cause, share in crew.shrinkage.items() if share > 0.0}
    if any(crew.tours and crew.site is not None and crew.site.holidays is not None for crew in crews):
        found.add(LEAVE)
    return (BREAK, *sorted(found - {BREAK}))


def _table(crews: list[Crew], required: Ints, plan: Plan, planned: Ints, span: Span) -> Ints:
    """Rows of the table `workforce_plan`."""
    pools = len(crews)
    rostered = plan.rostered.areas()
    wanted = np.zeros((span.intervals, pools), np.int64)
    starts = span.counted_from + span.interval * np.arange(span.intervals, dtype=np.int64)
    ends = np.minimum(starts + span.interval, span.counted_until)
    pieces = -(-span.interval // _PIECE)
    moments = (starts[:, None] + (ends - starts)[:, None] * (2 * np.arange(pieces) + 1) // (2 * pieces)).ravel()
    slots: dict[int, Ints] = {}
    for rank, crew in enumerate(crews):
        if id(crew.clock) not in slots:
            slots[id(crew.clock)] = _slot_at(crew.clock, moments)
        total = required[rank, slots[id(crew.clock)]].reshape(-1, pieces).sum(axis=1)
        wanted[:, rank] = total * (ends - starts) // pieces
        if crew.pool.staffing is not None:
            rostered[:, rank] = planned[:, rank]
    columns = [
        np.repeat(np.arange(span.intervals), pools),
        np.tile(np.arange(pools), span.intervals),
        wanted.ravel(),
        rostered[:, :pools].ravel(),
        planned[:, :pools].ravel(),
    ]
    return np.asarray(np.column_stack(columns), np.int64)


def _slot_at(clock: LocalClock, moments: Ints) -> Ints:
    """[moments] Half hour of the local week at each instant (sorted)."""
    stretches = [
        (stretch.start, day.number * DAY + stretch.clock)
        for day in clock.days(int(moments[0]), int(moments[-1]) + 1)
        for stretch in day.stretches
    ]
    starts, clocks = np.array(stretches, np.int64).T
    place = np.searchsorted(starts, moments, side="right") - 1
    local = clocks[place] + moments - starts[place]
    return np.asarray((local - 4 * DAY) % WEEK // SLOT)  # 1970-01-05 was a Monday
