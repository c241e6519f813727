"""What is known beforehand of agents and queue groups: the plan, sorted as it is simulated, and what it was made
from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from ccsim.centre.calendars import calendar_of
from ccsim.centre.streams import streams_of
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.shrinkage import WHOLE_DAYS
from ccsim.model.load import Known, expected_load
from ccsim.model.made_before import MadeBefore
from ccsim.model.model import Span
from ccsim.model.open_stretches import shut_stretches, window_of
from ccsim.model.plan import Plan
from ccsim.model.plan_published import causes_of, plan_published
from ccsim.model.plan_roster import RosterPlanner
from ccsim.model.plan_steps import plan_hours, plan_shifts, plan_staffing
from ccsim.model.premiums import Billed, Premiumed, billed, premiums_of
from ccsim.model.required import required_agents
from ccsim.model.roster import Roster, Wanted, build_rosters
from ccsim.model.shift_layout import BREAK
from ccsim.model.shift_rows import LEAVE
from ccsim.model.staffed_pools import Clocks, StaffedPool, make_staffed_pools, slots_at
from ccsim.model.weekly_schedules import SLOT, SLOTS
from ccsim.units import HOUR, MINUTE

#: Longest piece of an interval in which the requirement is looked up once; clocks differ by multiples of it.
_PIECE = 15 * MINUTE


class EntryPointLike(Protocol):
    """What the workforce needs of a queue group."""

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
    def entry_points(self) -> Sequence[EntryPointLike]:
        """Queue groups in order of rank, by market where each has its own."""


@dataclass(frozen=True, slots=True)
class Workforce:
    """Agents and queue groups as arrays."""

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

    @property
    def nbytes(self) -> int:
        """Bytes of its large arrays."""
        return self.plan.nbytes + self.planned_us.nbytes + self.workforce_plan.nbytes + self.premiums.planned.nbytes


_MADE: MadeBefore[Workforce] = MadeBefore(most_bytes=100_000_000)


@dataclass(frozen=True, slots=True)
class StaffedPools:
    """What pools need and what they have, by the week of their site's clock."""

    pools: list[StaffedPool]
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
    planned_by: Scenario | None = None,
) -> StaffedPools:
    """Requirement of all pools, and rosters of those with a headcount (or of one pool only).

    `planned_by`: the scenario whose load it is for, where that is not the one whose people they are.
    """
    foreseen = scenario if planned_by is None else planned_by
    staffed_pools = make_staffed_pools(scenario, names, clocks, span)
    streams = streams_of(foreseen) if known is None else known.streams
    load = expected_load(foreseen, streams, staffed_pools, clocks, span, known)
    opened = np.array([staffed.open for staffed in staffed_pools]).reshape(-1, SLOTS)
    there = np.array([staffed.there for staffed in staffed_pools]).reshape(-1, SLOTS)
    hours = np.maximum((opened * there).sum(axis=1), 1.0) * (SLOT / HOUR)
    deferred = opened * (load.deferred / hours)[:, None]
    # Load is a mean of all counted weeks; a pool that is there in some of them bears it in those.
    live = np.divide(load.live, there, out=np.zeros_like(load.live), where=there > 0.0)
    required = required_agents(scenario.planning, live, load.handle, deferred)
    asked = [
        (staffed, wanted)
        for staffed, wanted in zip(staffed_pools, required, strict=True)
        if staffed.pool.headcount is not None and only in (None, staffed.name)
    ]
    rosters = build_rosters(_wanted(scenario, staffed, agents) for staffed, agents in asked)
    return StaffedPools(
        staffed_pools, required, {staffed.name: roster for (staffed, _), roster in zip(asked, rosters, strict=True)}
    )


def _wanted(scenario: Scenario, staffed: StaffedPool, required: Ints) -> Wanted:
    shares = {name: scenario.shift_patterns[name].share for name in staffed.layouts}
    given = {name: share for name, share in shares.items() if share is not None}
    people = staffed.pool.people_on
    agents = required.astype(np.float64)
    return Wanted(staffed.schedules, staffed.cover, agents, staffed.pool.headcount or 0, given, people)


def compile_workforce(
    scenario: Scenario,
    routes: RoutesLike,
    clocks: Clocks,
    span: Span,
    known: Known | None = None,
    planned_by: Scenario | None = None,
) -> Workforce:
    """Agents of pools and hours of groups, both in order of rank; `planned_by` as of `staff`."""
    staffing = staff(scenario, routes.pool_names, clocks, span, known=known, planned_by=planned_by)
    of_pools = billed(scenario, staffing.pools)
    entries = [(entry_point.group, entry_point.zone) for entry_point in routes.entry_points]
    content = [
        span,
        len(of_pools),
        *(part for staffed in staffing.pools for part in staffed.content),
        staffing.required,
    ]
    content += [len(staffing.rosters), *(part for name in staffing.rosters for part in _told(name, staffing.rosters))]
    content += [*of_pools, *entries]
    return _MADE.of(content, lambda: _planned(staffing, of_pools, entries, clocks, span))


def _told(name: str, rosters: Mapping[str, Roster]) -> list[object]:
    """All that the roster of a pool says."""
    return [name, *(getattr(rosters[name], one.name) for one in fields(Roster))]


def _planned(
    staffing: StaffedPools, of_pools: list[Billed], entries: list[tuple[QueueGroup, str]], clocks: Clocks, span: Span
) -> Workforce:
    """What is made of people who are found. It sees no scenario: whatever else differs, the same make the same."""
    staffed_pools = staffing.pools
    causes = _causes(staffed_pools)
    plan = Plan(span, len(staffed_pools))
    numbers = {cause: number for number, cause in enumerate(causes)}
    planner = RosterPlanner(plan, numbers)
    leave = planner.causes.get(LEAVE, 0)
    shut = {staffed.pool.site: shut_stretches(staffed.site, staffed.clock, span.end) for staffed in staffed_pools}
    bounds = []
    first = 0
    for rank, staffed in enumerate(staffed_pools):
        if staffed.pool.staffing is not None:
            count = plan_staffing(plan, rank, staffed.pool, staffed.clock, shut[staffed.pool.site])
        elif staffed.pool.headcount is not None:
            count = planner.add(rank, first, staffed, staffing.rosters[staffed.name], shut[staffed.pool.site])
        elif staffed.pool.roster is not None:
            count = plan_published(plan, rank, first, staffed.pool.roster, numbers)
        else:
            count = plan_shifts(plan, rank, first, staffed.pool, staffed.clock, shut[staffed.pool.site], leave)
        bounds.append((first, count))
        first += count
    open_at_start = [plan_hours(plan, rank, group, clocks.of(zone)) for rank, (group, zone) in enumerate(entries)]
    premiums = premiums_of(of_pools, staffed_pools, plan, span)
    planned = plan.planned()
    return Workforce(
        plan=plan.sorted_rows(),
        planned_us=planned,
        workforce_plan=_table(staffed_pools, staffing.required, plan, planned, span),
        agents=np.array(bounds, np.int64).reshape(-1, 2),
        stepped=np.array([1 if staffed.pool.staffing is not None else 0 for staffed in staffed_pools], np.int64),
        open_at_start=np.array(open_at_start or [1], np.int64),
        causes=causes,
        absence=np.array(
            [
                [staffed.shrinkage.get(cause, 0.0) if cause in WHOLE_DAYS else 0.0 for cause in causes]
                for staffed in staffed_pools
            ],
            np.float64,
        ).reshape(-1, len(causes)),
        premiums=premiums,
        rosters=staffing.rosters,
    )


def _causes(staffed_pools: list[StaffedPool]) -> tuple[str, ...]:
    """Causes of shrinkage that anybody has; `leave` too where holidays or dates of a pool keep people away."""
    found = {cause for staffed in staffed_pools for cause, share in staffed.shrinkage.items() if share > 0.0}
    if any(
        staffed.pool.leave_on or (staffed.schedules and calendar_of(staffed.site) is not None)
        for staffed in staffed_pools
    ):
        found.add(LEAVE)
    for staffed in staffed_pools:
        if staffed.pool.roster is not None:
            found.update(causes_of(staffed.pool.roster).values())
    return (BREAK, *sorted(found - {BREAK}))


def _table(staffed_pools: list[StaffedPool], required: Ints, plan: Plan, planned: Ints, span: Span) -> Ints:
    """Rows of the table `workforce_plan`."""
    pools = len(staffed_pools)
    rostered = plan.rostered.areas()
    wanted = np.zeros((span.intervals, pools), np.int64)
    starts = span.counted_from + span.interval * np.arange(span.intervals, dtype=np.int64)
    ends = np.minimum(starts + span.interval, span.counted_until)
    pieces = -(-span.interval // _PIECE)
    moments = (starts[:, None] + (ends - starts)[:, None] * (2 * np.arange(pieces) + 1) // (2 * pieces)).ravel()
    slots: dict[int, Ints] = {}
    for rank, staffed in enumerate(staffed_pools):
        if id(staffed.clock) not in slots:
            slots[id(staffed.clock)] = slots_at(staffed.clock, moments)
        total = required[rank, slots[id(staffed.clock)]]
        if staffed.pool.comes_or_goes:
            since, until = window_of(staffed.pool, staffed.clock)
            total = np.where((moments >= since) & (moments < until), total, 0)
        total = total.reshape(-1, pieces).sum(axis=1)
        wanted[:, rank] = total * (ends - starts) // pieces
        if staffed.pool.staffing is not None:
            rostered[:, rank] = planned[:, rank]
    columns = [
        np.repeat(np.arange(span.intervals), pools),
        np.tile(np.arange(pools), span.intervals),
        wanted.ravel(),
        rostered[:, :pools].ravel(),
        planned[:, :pools].ravel(),
    ]
    return np.asarray(np.column_stack(columns), np.int64)
