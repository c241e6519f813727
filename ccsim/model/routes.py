"""Queues and classes of equal routing, on their way to arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ccsim.centre.bots import bot_of
from ccsim.centre.eligible import Eligibility
from ccsim.centre.legs import Kind, escalated_as, kind_of, legs_of, tiers_of
from ccsim.centre.precedence import callback_of, deadline_of, priority_of
from ccsim.centre.preferred import Entry
from ccsim.centre.severities import DEFAULT_TIERS, tier_for
from ccsim.centre.streams import Stream
from ccsim.errors import Fault, ScenarioError
from ccsim.language.channels import Channel, Segment
from ccsim.language.pools import Pool
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.severities import HandedOn, Severity
from ccsim.language.transfers import EscalatedAs
from ccsim.language.workflows import Tier, Workflow
from ccsim.model.working_clocks import WorkingClock, clock_of

_NO_PRIORITY = 1_000_000
NO_SEVERITY: Final = "none"
"""Of cases whose workflow has no severities."""


class Due(NamedTuple):
    """When deferred work is due: a time after joining its queue."""

    time: int
    clock: WorkingClock | None
    """The clock by which the time runs; none: the plain one."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One stream at one tier of a workflow, with the sections that govern it."""

    name: str
    stream: Stream
    stream_rank: int
    kind: Kind
    tier: Tier
    workflow: Workflow
    channel: Channel
    segment: Segment
    groups: tuple[int, ...]
    due: Due | None
    """None for live work, and for deferred work without a deadline."""
    bot: str | None
    """Bot that its contacts meet before they join it, where it is the first of its stream."""
    severity: str = NO_SEVERITY
    """Of the cases whose contacts join it."""
    pace: float = 1.0
    """Factor of this severity on its handle times."""
    begins: bool = True
    """Whether contacts of its stream and severity are to join it first."""
    handed_on: HandedOn | None = None
    """Those of the escalated that its agents hand on at once; none: nobody."""

    @property
    def live(self) -> bool:
        """Whether customers are there while they wait."""
        return self.channel.kind == "live"


class Class(NamedTuple):
    """What two queues must share to wait on one line."""

    live: bool
    priority: int
    wait_credit: int
    due: Due | None
    laid_down: bool
    """Whether its contacts may be laid down at the end of a shift."""
    units: int
    entries: tuple[Entry, ...]
    steps: tuple[int, ...]
    groups: tuple[int, ...]
    """Queue groups that clear its line when they close."""
    vendor: str
    """Vendor that its visits are assigned to."""
    barred: tuple[str, ...]
    callbacks: bool = False
    """Whether it is of callbacks that are taken when agents are idle."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A queue group, or its part for one market."""

    group: QueueGroup
    market: str | None
    zone: str
    """Zone of its hours."""

    def passes(self, kind: Kind) -> bool:
        """Whether visits of a kind go through it."""
        return self.market in (None, kind.market) and self.group.passes(
            kind.workflow, kind.tier, kind.channel, kind.market, kind.language
        )


class Turn(NamedTuple):
    """A line of a queue: one, or one a vendor."""

    share: float
    vendor: str
    line: int


@dataclass(slots=True)
class Routes:
    """Queues, classes and pools on their way to arrays."""

    scenario: Scenario
    pool_names: list[str]
    pools: list[Pool]
    entry_points: list[EntryPoint]
    works: list[tuple[str, str, float]]
    """Workflow, language and factor of the severity: what a pool's pace depends on."""
    channels: list[str]
    streams: list[Stream]
    """In order of rank."""
    queues: list[Queue]
    capacity: int
    classes: list[Class] = field(default_factory=list)
    turns: list[list[Turn]] = field(default_factory=list)
    """Lines of each queue."""
    callback_line: dict[int, int] = field(default_factory=dict)
    """Line of the callbacks of a line that are taken when agents are idle."""

    def first_queues(self) -> list[int]:
        """First queue of each stream, in order of rank."""
        first: dict[int, int] = {}
        for i, queue in enumerate(self.queues):
            first.setdefault(queue.stream_rank, i)
        return [first[rank] for rank in range(len(first))]

    def homes(self) -> list[int]:
        """Of each queue, the one that contacts of its stream and severity are to join first."""
        first = {(queue.stream_rank, queue.severity): i for i, queue in enumerate(self.queues) if queue.begins}
        return [first[queue.stream_rank, queue.severity] for queue in self.queues]

    def markets(self) -> set[str]:
        """Markets that contacts come from."""
        return {queue.stream.market for queue in self.queues}


def case_due(scenario: Scenario, market: str) -> Due:
    """When cases of a market are to be resolved, from the arrival of their first contact."""
    limit = scenario.cases.resolved_within
    if isinstance(limit, int):
        return Due(limit, None)
    if limit.hours is None:
        raise ScenarioError([Fault("working time needs `hours:`", "cases.resolved_within")])
    return Due(limit.working, clock_of(limit.hours, limit.special_days, zone_of(scenario, market), limit.holidays))


def make_routes(scenario: Scenario, streams: list[Stream], eligibility: Eligibility | None = None) -> Routes:
    """All queues in order of stream rank, workflow and tier, and their classes; `eligibility`: that of the scenario."""
    pool_names = sorted(scenario.pools)
    entry_points = _entry_points(scenario, streams)
    maker = _QueueMaker(scenario, entry_points)
    queues = [queue for rank, stream in enumerate(streams) for queue in maker.queues_of(rank, stream)]
    channels = sorted({queue.kind.channel for queue in queues})
    concurrencies = [scenario.channels.get(name, Channel()).concurrency for name in channels]
    routes = Routes(
        scenario,
        pool_names,
        [scenario.pools[name] for name in pool_names],
        entry_points,
        sorted({(queue.kind.workflow, queue.kind.language, queue.pace) for queue in queues}),
        channels,
        streams,
        queues,
        math.lcm(*concurrencies) if concurrencies else 1,
    )
    _classify(routes, eligibility or Eligibility(scenario))
    return routes


def zone_of(scenario: Scenario, market: str) -> str:
    """The zone of a market; the scenario's where it is not defined."""
    known = scenario.markets.get(market)
    return known.time_zone if known else scenario.time_zone


class _Leg(NamedTuple):
    """A queue that contacts of a workflow may come to."""

    workflow: str
    tier: str
    where: str
    """Its name after that of the stream."""
    tier_section: Tier
    workflow_section: Workflow
    escalated: EscalatedAs | None
    """As what contacts come to it for which their customers do not stay."""
    begins: bool
    severity: str = NO_SEVERITY
    pace: float = 1.0
    handed_on: HandedOn | None = None


class _QueueMaker:
    """Makes the queues of streams; what many of them share is looked up once."""

    def __init__(self, scenario: Scenario, entry_points: list[EntryPoint]) -> None:
        self._scenario = scenario
        self._entry_points = entry_points
        self._legs: dict[tuple[str, str], list[_Leg]] = {}
        self._channels: dict[str, Channel] = {}
        self._segments: dict[str, Segment] = {}
        self._passed: dict[Kind, tuple[int, ...]] = {}
        self._due: dict[tuple[int, int, int, int, str, tuple[int, ...]], Due | None] = {}

    def queues_of(self, rank: int, stream: Stream) -> list[Queue]:
        """Queues of a stream, in order of workflow and tier."""
        segment = self._segments.setdefault(stream.segment, self._scenario.segments.get(stream.segment) or Segment())
        met = bot_of(self._scenario, stream)
        made: list[Queue] = []
        for leg in self._legs_of(stream.workflow, stream.channel):
            kind = kind_of(self._scenario, stream, leg.workflow, leg.tier, leg.severity)
            of = stream.name if leg.severity == NO_SEVERITY else f"{stream.name}.{leg.severity}"
            name = f"{of}/{leg.where}"
            passed = self._passed_by(kind)
            channel = self._channels.setdefault(kind.channel, self._scenario.channels.get(kind.channel) or Channel())
            sections = (leg.tier_section, leg.workflow_section, channel, segment)
            due = self._due_of(leg, segment, channel, stream.market, passed)
            bot = met[0] if met and leg.begins else None
            of_case = (leg.severity, leg.pace, leg.begins, leg.handed_on)
            made.append(Queue(name, stream, rank, kind, *sections, passed, due, bot, *of_case))
        return made

    def _legs_of(self, workflow: str, channel: str) -> list[_Leg]:
        if (workflow, channel) not in self._legs:
            legs = self._plain_legs(workflow, channel)
            own = self._scenario.workflows.get(workflow)
            severities = sorted(own.severity.items()) if own else []
            of_each = [_severe(leg, workflow, *one) for one in severities for leg in legs]
            self._legs[workflow, channel] = of_each or legs
        return self._legs[workflow, channel]

    def _plain_legs(self, workflow: str, channel: str) -> list[_Leg]:
        scenario = self._scenario
        return [
            _Leg(
                name,
                tier,
                tier if name == workflow else f"{name}/{tier}",
                tiers_of(scenario, name)[tier],
                scenario.workflows.get(name) or Workflow(),
                escalated_as(scenario, name, tier),
                place == 0,
            )
            for place, (name, tier) in enumerate(legs_of(scenario, workflow, channel=channel))
        ]

    def _due_of(
        self, leg: _Leg, segment: Segment, channel: Channel, market: str, passed: tuple[int, ...]
    ) -> Due | None:
        """When visits are due, by the most specific deadline that is given."""
        key = (id(leg.workflow_section), id(leg.escalated), id(segment), id(channel), market, passed)
        if key not in self._due:
            deadline = deadline_of(leg.workflow_section, segment, channel, leg.escalated)
            if deadline is None or isinstance(deadline, int):
                self._due[key] = None if deadline is None else Due(deadline, None)
            else:
                hours, zone, special = deadline.hours, zone_of(self._scenario, market), deadline.special_days
                if hours is None:
                    timed = [self._entry_points[number] for number in passed]
                    first = next((one for one in timed if one.group.hours is not None), None)
                    if first is None or first.group.hours is None:
                        raise ScenarioError([Fault("working time needs `hours:`", "channels")])
                    hours, zone, special = first.group.hours, first.zone, first.group.special_days
                self._due[key] = Due(deadline.working, clock_of(hours, special, zone, deadline.holidays))
        return self._due[key]

    def _passed_by(self, kind: Kind) -> tuple[int, ...]:
        """Queue groups that visits of a kind belong to."""
        if kind not in self._passed:
            self._passed[kind] = tuple(
                i for i, entry_point in enumerate(self._entry_points) if entry_point.passes(kind)
            )
        return self._passed[kind]


def _severe(leg: _Leg, own: str, name: str, severity: Severity) -> _Leg:
    """A queue as contacts of a severity find it that come in with workflow `own`."""
    section = leg.workflow_section
    mine = leg.workflow == own
    tiers = section.tiers or DEFAULT_TIERS
    first = mine and leg.tier == next(iter(tiers))
    tier = tier_for(tiers[leg.tier], severity, first=first)
    escalated = leg.escalated
    if severity.deadline is not None:
        section = section.model_copy(update={"deadline": severity.deadline})
        escalated = None if escalated is None else escalated.model_copy(update={"deadline": None})
    return leg._replace(
        tier_section=tier,
        workflow_section=section,
        escalated=escalated,
        severity=name,
        pace=severity.handle_time if mine else 1.0,
        begins=mine and leg.tier == (severity.begins_at or next(iter(tiers))),
        handed_on=severity.handed_on if first else None,
    )


def _entry_points(scenario: Scenario, streams: list[Stream]) -> list[EntryPoint]:
    """Queue groups in order of name; by market where each market has its own."""
    entry_points = []
    used = sorted({stream.market for stream in streams})
    for _, group in sorted(scenario.queue_groups.items()):
        if group.clock == "scenario":
            entry_points.append(EntryPoint(group, None, scenario.time_zone))
            continue
        entry_points.extend(
            EntryPoint(group, market, zone_of(scenario, market))
            for market in used
            if group.markets is None or market in group.markets
        )
    return entry_points


def _classify(routes: Routes, eligibility: Eligibility) -> None:
    rows: dict[Class, int] = {}
    made: dict[tuple[object, ...], list[Turn]] = {}
    faults = []
    for queue in routes.queues:
        eligible = eligibility.pools_for(queue.kind)
        sections = (id(queue.tier), id(queue.workflow), id(queue.channel), id(queue.segment))
        key = (id(eligible), *sections, queue.groups, queue.due)
        if key not in made:
            made[key] = [
                Turn(
                    eligible.shares.get(vendor, 1.0),
                    vendor,
                    rows.setdefault(
                        _class_of(routes, queue, entries, eligible.steps, vendor, eligible.barred), len(rows)
                    ),
                )
                for vendor, entries in eligible.by_vendor.items()
            ]
        if not eligible.pools:
            faults.append(
                Fault(
                    f"no pool serves {queue.name} (workflow, tier, channel, language): give one the skill",
                    f"demand.{queue.name}",
                )
            )
        routes.turns.append(made[key])
    if faults:
        raise ScenarioError(faults)
    for queue, turns in zip(routes.queues, routes.turns, strict=True):
        callback = callback_of(queue.workflow, queue.channel)
        if callback is not None and callback.served == "when_idle":
            for turn in turns:
                if turn.line not in routes.callback_line:
                    of_callbacks = list(rows)[turn.line]._replace(live=False, callbacks=True)
                    routes.callback_line[turn.line] = rows.setdefault(of_callbacks, len(rows))
    routes.classes = list(rows)


def _class_of(
    routes: Routes,
    queue: Queue,
    entries: tuple[Entry, ...],
    steps: tuple[int, ...],
    vendor: str,
    barred: tuple[str, ...],
) -> Class:
    priority = priority_of(queue.tier, queue.workflow, queue.channel, queue.segment)
    return Class(
        queue.live,
        _NO_PRIORITY if priority is None else priority,
        0 if "deadline" in routes.scenario.routing.choose_contact else queue.segment.wait_credit,
        queue.due,
        queue.channel.interruptible,
        routes.capacity // queue.channel.concurrency,
        entries,
        steps,
        tuple(
            entry_point for entry_point in queue.groups if routes.entry_points[entry_point].group.at_closing == "clear"
        ),
        vendor,
        barred,
    )
