"""The laboratory scenario, section by section: the typed value that the reader makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccsim.scenario.laws import HandleTime, Law, Patience
from ccsim.scenario.quantities import (
    Count,
    Duration,
    Factor,
    LocalTime,
    Money,
    Name,
    Ratio,
    Share,
    TimeOfDay,
)
from ccsim.scenario.section import Section


class Horizon(Section):
    """What is played and what is counted."""

    start: LocalTime
    """First instant, warm-up included, local time of the scenario's `time_zone`."""
    warm_up: Duration = 0
    """Played before anything is counted."""
    length: Duration
    """Contacts that arrive in this time after the warm-up count."""
    run_out: Duration
    """Longest play after `length`, for counted contacts to end. Default 3 days."""
    interval: Duration
    """Report interval. Default 30 minutes."""


class RunPlan(Section):
    """How often it is played."""

    replications: Annotated[Count, Field(ge=1)] = 20
    """Independent plays."""
    seed: Count = 2026
    """Seed of every draw."""


class ServiceLevel(Section):
    """How service level is counted."""

    rule: Literal[
        "abandons count against",
        "short abandons removed",
        "short abandons credited",
        "abandons within T ignored",
        "removed from queue in T",
        "answered only",
    ] = "abandons count against"
    """Named rule; printed with every service level."""
    within: tuple[Duration, ...] = (20_000_000,)
    """Thresholds T, sorted; a contact answered in exactly T counts as within."""
    short_abandon: Duration = 5_000_000
    """An abandon within this time is short (s in the rules)."""


class Goal(Section):
    """A target that the run is judged against."""

    kpi: str
    """KPI name, as in the KPI table."""
    at_least: float | None = None
    """Smallest value that meets the goal, in the KPI's unit (shares as 0 to 1, times in seconds)."""
    at_most: float | None = None
    """Largest value that meets the goal."""
    within: Duration | None = None
    """Threshold of a service level goal; must be one of `service_level.within` or is added to it."""
    workflow: Name | None = None
    """Only this workflow."""
    channel: Name | None = None
    """Only this channel."""
    segment: Name | None = None
    """Only this segment."""
    tier: Name | None = None
    """Only this tier."""
    pool: Name | None = None
    """Only this pool (occupancy, utilisation)."""


class Segment(Section):
    """Who the customers are."""

    priority: Count | None = None
    """1 is served first; added nowhere: the smallest of workflow, channel and segment priority counts."""
    head_start: Duration = 0
    """Waiting time a contact is credited with when the longest wait decides."""


class Channel(Section):
    """How contacts come in."""

    kind: Literal["live", "deferred"] = "live"
    """Live contacts lose patience; deferred ones wait without leaving and carry a deadline."""
    concurrency: Annotated[Count, Field(ge=1, le=12)] = 1
    """Contacts of this channel that one agent can hold at once."""
    speed: tuple[Factor, ...] = (1.0,)
    """Speed of each contact when 1, 2, ... are held; its length is the concurrency."""
    patience: Patience | None = None
    """Patience on this channel, where the workflow has none."""
    handle_time: HandleTime | None = None
    """Handle time on this channel, where the workflow has none."""
    deadline: Duration | None = None
    """Time to answer of deferred work, from joining the queue."""
    priority: Count | None = None
    """1 is served first."""
    max_wait: Duration | None = None
    """Longest wait in the queue; then the contact moves on (voice mail), neither answered nor abandoned."""


class Return(Section):
    """After one way to end, a share comes back as a new contact of the same case."""

    share: Share
    """Share that comes back."""
    after: Law
    """Time until it comes back."""
    attempts: Count | None = None
    """Most returns of one case for this reason's sum; none: no cap."""


class Returns(Section):
    """Repeat contacts by cause."""

    after_abandon: Return | None = None
    """After leaving the queue."""
    after_blocked: Return | None = None
    """After being turned away at the door."""
    after_closed: Return | None = None
    """After arriving outside opening hours, or being cleared at closing."""
    after_unresolved: Return | None = None
    """After a handling that closed the contact unresolved."""
    after_resolved: Return | None = None
    """Reopened: after a handling that seemed to resolve it."""


class Tier(Section):
    """Handling of a workflow at one tier."""

    handle_time: HandleTime | None = None
    """Handle time at this tier, every channel."""
    by_channel: dict[Name, HandleTime] = Field(default_factory=dict)
    """Handle time at this tier by channel; goes before `handle_time`. In YAML `handle_time: {chat: ...}`."""
    resolved: Share = 1.0
    """Share of handled visits that resolve the case. Default: all that is not escalated."""
    escalated: Share = 0.0
    """Share of handled visits that go on to the next tier. The rest closes unresolved."""
    priority: Count | None = None
    """1 is served first; goes before the workflow's."""


class Overflow(Section):
    """A ring of routing."""

    after: Duration
    """Time in this queue after which the ring opens."""
    pools: tuple[Name, ...]
    """Pools that open, equal among themselves, after those of the earlier rings."""


class Workflow(Section):
    """A kind of work."""

    tiers: dict[Name, Tier] = Field(default_factory=dict)
    """Tiers in order of escalation; without any, one tier t1 that resolves everything."""
    handle_time: HandleTime | None = None
    """Handle time at every tier and channel that has none of its own."""
    by_channel: dict[Name, HandleTime] = Field(default_factory=dict)
    """Handle time by channel at every tier that has none of its own."""
    patience: Patience | None = None
    """Patience of this workflow's contacts; goes before the channel's and the scenario's."""
    priority: Count | None = None
    """1 is served first."""
    pools: tuple[tuple[Name, ...], ...] = ()
    """Pools in order of preference, equals grouped; empty: every pool with the skill, all equal.
    In YAML: `pools: [a, [b, c]]`."""
    overflow: tuple[Overflow, ...] = ()
    """Rings: pools that open to a contact after it has waited some time in this queue."""
    returns: Returns = Field(default_factory=Returns)
    """Repeat contacts."""


class Grid(Section):
    """Values on an equal grid of local time."""

    every: Duration
    """Width of a cell."""
    start: LocalTime | None = None
    """Local start of the first cell; none: the values are one local day from midnight, repeated every day."""
    values: tuple[float, ...]
    """Rates: contacts per microsecond in the cell (constant), or at its start (linear). Staffing: agents."""


class RateCurve(Section):
    """Arrival rate over local time."""

    grid: Grid
    """The rates; outside a grid with a start the rate is 0."""
    interpolate: Literal["constant", "linear"] = "constant"
    """Constant in a cell, or linear between the starts of cells (a repeated day closes on itself)."""


class Change(Section):
    """A change of one stretch of local time, made by a variant or `--set`."""

    start: LocalTime
    """From."""
    end: LocalTime
    """Until, exclusive."""
    add: float = 0.0
    """Added (agents; or contacts per microsecond)."""
    times: float = 1.0
    """Multiplied, before adding."""
    set_to: float | None = None
    """Put in place of the value, before the others."""


class Trace(Section):
    """Recorded contacts, played as they came."""

    time: tuple[int, ...]
    """Microseconds since the start of the horizon, not falling."""
    talk: tuple[int, ...] = ()
    """Recorded talk in microseconds by contact, -1 where drawn; empty: all drawn."""
    wrap_up: tuple[int, ...] = ()
    """Recorded wrap-up in microseconds, -1 where drawn; empty: all drawn (none where talk is recorded)."""
    patience: tuple[int, ...] = ()
    """Recorded patience in microseconds, -1 where drawn, -2 for never; empty: all drawn."""
    source: str = ""
    """File it came from."""


class DayFactor(Section):
    """Random busyness of a local day: gamma with mean 1, one draw a stream (or a shared name) and date."""

    cv: Ratio
    """Coefficient of variation; 0: every day as planned."""
    shared: Name | None = None
    """Streams that name the same factor are busy together."""


class Stream(Section):
    """Demand of one kind."""

    workflow: Name
    """Workflow. Default: the stream's name."""
    channel: Name = "phone"
    """Channel."""
    segment: Name = "all"
    """Segment."""
    market: Name = "all"
    """Market."""
    language: Name = "any"
    """Language."""
    rate: RateCurve | None = None
    """Arrival rate; either this or a trace."""
    changes: tuple[Change, ...] = ()
    """Changes of the rate, in the order they were written."""
    trace: Trace | None = None
    """Recorded contacts in place of a rate."""
    day_factor: DayFactor | None = None
    """Random busyness of the day. `day_cv: 9%` is short for `day_factor: {cv: 9%}`."""
    draws_as: Name | None = None
    """Keep the luck of a stream that was renamed: its old name."""


class Skill(Section):
    """What a pool can do of one workflow."""

    level: Annotated[Count, Field(ge=1)] = 1
    """1 is the best; `level` rules and `best_skill` go by it."""
    handle_time: Factor = 1.0
    """Pace: talk and wrap-up are multiplied by this."""


class Break(Section):
    """A pause in a shift."""

    after: Duration
    """Planned start, from the start of the shift."""
    length: Duration
    """Length; taken whole, once the contact in hand has ended."""
    paid: bool = True
    """Whether the pool pays for it."""


class Shift(Section):
    """Named agents who come at the same time."""

    agents: Annotated[Count, Field(ge=1)]
    """Agents on this shift."""
    start: TimeOfDay
    """Local time of signing in."""
    length: Duration
    """From signing in to the planned end, breaks included."""
    breaks: tuple[Break, ...] = ()
    """Breaks in order, without overlap, inside the shift."""
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays on which it starts, Monday 0. In YAML `mon-fri`, `[sat, sun]`."""


class Pool(Section):
    """Exchangeable agents."""

    tier: tuple[Name, ...] = ("t1",)
    """Tiers whose visits they handle. In YAML a name or a list."""
    skills: dict[Name, Skill] | None = None
    """Workflows they handle, with level and pace; none: every workflow at level 1. In YAML also
    `workflows: [a, b]`."""
    channels: tuple[Name, ...] | None = None
    """Channels they handle; none: all."""
    staffing: Grid | None = None
    """Agents on the line over local time (a step curve); either this or shifts. In YAML a number,
    `[[00:00, 12], [02:00, 3]]`, or a CSV."""
    changes: tuple[Change, ...] = ()
    """Changes of the staffing, in the order they were written."""
    shifts: tuple[Shift, ...] = ()
    """Named agents."""
    keep_free: Count = 0
    """Deferred work is taken only while more than this many agents of the pool are idle.
    In YAML `deferred: {keep_free: 2}`."""
    handle_time: Factor = 1.0
    """Pace of the pool on everything, times the skill's."""
    paid_hour: Money = 0.0
    """Price of a paid hour, in the scenario's currency."""


class WeekHours(Section):
    """Opening hours of a week."""

    spans: tuple[tuple[TimeOfDay, TimeOfDay], ...]
    """Open from and until, as microseconds since Monday 00:00 local time, sorted, without overlap; an end may
    lie in the next week."""


class QueueGroup(Section):
    """A door shared by queues: lines, places to wait, hours."""

    workflows: tuple[Name, ...] | None = None
    """Workflows that go through it; none: all."""
    channels: tuple[Name, ...] | None = None
    """Channels that go through it; none: all."""
    tiers: tuple[Name, ...] | None = None
    """Tiers that go through it; none: all."""
    lines: Annotated[Count, Field(ge=1)] | None = None
    """Most contacts waiting or talking at once; one more is blocked."""
    max_waiting: Count | None = None
    """Most contacts waiting; one more that finds nobody free is blocked."""
    hours: WeekHours | None = None
    """When it is open; a live contact outside is closed out, a deferred one is queued."""
    at_closing: Literal["serve", "clear"] = "serve"
    """What happens to live contacts that wait when it closes."""


class Routing(Section):
    """Who gets what."""

    choose_agent: tuple[
        Literal["longest_idle", "fewest_in_hand", "least_occupied", "best_skill", "cheapest", "random"], ...
    ] = ("longest_idle",)
    """Contact to agent, after the workflow's order of pools: rankings (`best_skill`, `cheapest`), then how to
    pick among equals (`longest_idle`, `fewest_in_hand`, `least_occupied`, `random`). In YAML a word or a
    list."""
    choose_contact: Literal[
        "oldest",
        "priority_then_oldest",
        "level_then_oldest",
        "priority_then_level_then_oldest",
        "level_then_priority_then_oldest",
        "earliest_deadline",
        "priority_then_earliest_deadline",
    ] = "priority_then_oldest"
    """Agent to contact, live before deferred."""


class Scenario(Section):
    """A complete description of a contact centre and what is asked of it."""

    scenario: Name
    """Name."""
    title: str = ""
    """One line for people."""
    time_zone: str = "UTC"
    """Zone of local times."""
    currency: str = "USD"
    """ISO code of money."""
    horizon: Horizon
    """What is played and what is counted."""
    run: RunPlan = Field(default_factory=RunPlan)
    """How often it is played."""
    goals: tuple[Goal, ...] = ()
    """Targets, printed first."""
    service_level: ServiceLevel = Field(default_factory=ServiceLevel)
    """How service level is counted."""
    handle_time: HandleTime | None = None
    """Handle time where nothing nearer says one."""
    patience: Patience | None = None
    """Patience of live contacts where nothing nearer says one; without any nobody leaves."""
    segments: dict[Name, Segment] = Field(default_factory=dict)
    """Customers."""
    channels: dict[Name, Channel] = Field(default_factory=dict)
    """Ways in; a channel that is used but not listed is live with one contact at a time."""
    workflows: dict[Name, Workflow] = Field(default_factory=dict)
    """Kinds of work; a workflow that is used but not listed has one tier t1."""
    demand: dict[Name, Stream]
    """Streams by name."""
    pools: dict[Name, Pool]
    """Pools by name."""
    queue_groups: dict[Name, QueueGroup] = Field(default_factory=dict)
    """Doors."""
    routing: Routing = Field(default_factory=Routing)
    """Who gets what."""
