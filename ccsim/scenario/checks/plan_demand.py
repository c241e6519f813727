"""What the checks of a plan know of demand: contacts by what decides their eligible pools, week by week, and what
they take.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from ccsim.centre.agent_time import at_once, mean_handle_time
from ccsim.centre.coverage import Cover
from ccsim.centre.eligible import Eligibility, EligiblePools
from ccsim.centre.expected import forecast_means
from ccsim.centre.journeys import Journey, Leg, journey
from ccsim.centre.legs import Kind, first_kinds, legs_of, tiers_of, told_apart, transfers_of
from ccsim.centre.open_hours import ALWAYS
from ccsim.centre.streams import Stream, streams_of
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario

_CHANNEL: Final = Channel()


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a plan's author should know."""

    message: str
    key: tuple[str, ...]
    fault: bool = False
    """Whether the scenario cannot be run."""


@dataclass(slots=True)
class Flow:
    """Contacts that come to a workflow in one way, by week."""

    stream: Stream
    bits: list[int]
    contacts: list[float]
    inside: list[float]
    """Those of them that find the first queue open."""
    open: list[int]
    """Hours at which they can come in: there is demand, and the first queue is open."""
    time: float = 0.0
    """Mean recorded time of a trace, at its first visit."""
    aht: float = 0.0
    """Mean handle time that the forecast says, where it does."""


class Part(NamedTuple):
    """Work of one kind that only some pools may do."""

    pools: frozenset[str]
    first: frozenset[str] | None
    """Of a later tier or a transfer: the pools of the first."""
    leaves: bool
    """Whether customers leave, or move on, when they wait long."""
    work: list[float]
    """Agents' time by week, microseconds, at the pace of the fastest of the pools."""


def served_part(part: Part, served: Mapping[frozenset[str], float]) -> float:
    """Share of the work behind a first tier that gets there."""
    if part.first is None:
        return 1.0
    return min((share for pools, share in served.items() if part.first <= pools), default=1.0)


def covered_by(eligible: EligiblePools, hours: Callable[[str], Sequence[int]], weeks: int) -> list[int]:
    """By week: hours at which every vendor that may be assigned has a pool open, or an overflow step leads to one.

    `hours`: those at which a pool has somebody, by its name.
    """
    found = [ALWAYS] * weeks
    for entries in eligible.by_vendor.values():
        mine = [0] * weeks
        for pool in {entry.pool for entry in entries}:
            for number, bits in enumerate(hours(pool)):
                mine[number] |= bits
        found = [bits & more for bits, more in zip(found, mine, strict=True)]
    return found


class Known:
    """What variants share that leave demand, sites and the horizon alone."""

    def __init__(self, scenario: Scenario, like: Known | None = None) -> None:
        """`like`: what is known of a scenario that differs in its queue groups only."""
        self.scenario = scenario
        self.cover: Cover = Cover(scenario) if like is None else like.cover
        self._entry_point_bits: dict[tuple[str, str, bool], list[int]] = {}
        self._entry_points: dict[tuple[Kind, str, bool], list[int]] = {}
        self.by_volume: dict[tuple[str, str, str, str, str], Flow] = {}
        self.merged: dict[tuple[object, ...], Flow] = {}
        """Volumes and markets with the same eligible pools together."""
        self._flows(like)
        self.journeys: dict[tuple[str, str], Journey] = {}
        self._moves: dict[str, list[tuple[Leg, Leg]]] = {}
        self.handles: dict[Hashable, float] = {}
        self.hours: dict[Hashable, list[Told]] = {}
        """What was told of hours without anybody, by the eligible pools and their hours."""
        self.work: dict[Hashable, list[Part]] = {}
        """Work by the eligible pools and their pace."""
        self.eligibility: list[Eligibility] = []
        """Lists of eligible pools that were looked at; they stay, so that an id means one of them."""

    def _flows(self, like: Known | None) -> None:
        """Contacts by what decides their eligible pools: causes do not, segments only where a pool is reserved
        for them or asked first."""
        weeks = len(self.cover.weeks.all)
        apart = told_apart(self.scenario)
        if like is not None:
            self.by_volume = {key: replace(flow, open=flow.bits) for key, flow in like.by_volume.items()}
        said = forecast_means(self.scenario) if like is None else {}
        for stream in streams_of(self.scenario) if like is None else ():
            if stream.share <= 0.0:  # contacts come there as returns only, at hours that nobody knows
                continue
            segment, _ = apart.of(stream.segment, "")
            key = (stream.volume, stream.channel, stream.language, stream.market, segment)
            flow = self.by_volume.get(key)
            bits, contacts = self.cover.demand(stream)
            if flow is None:
                aht = said.get((stream.volume, stream.name), 0.0)
                flow = Flow(stream, bits, [0.0] * weeks, [], bits, self._recorded(stream), aht)
                self.by_volume[key] = flow
            for number, count in enumerate(contacts):
                flow.contacts[number] += count * stream.share
        behind_entry_point = any(group.hours is not None for group in self.scenario.queue_groups.values())
        for (*_, segment), flow in self.by_volume.items():
            stream = flow.stream
            flow.inside = flow.contacts
            if behind_entry_point:
                self._look_at_entry_points(flow)
            market = self.scenario.markets.get(stream.market)
            where = (market.region, market.residency) if market else None
            alike = (stream.workflow, stream.channel, stream.language, segment, where, flow.time, flow.aht)
            merged = self.merged.get(alike)
            if merged is None:
                self.merged[alike] = Flow(
                    stream, list(flow.bits), flow.contacts, list(flow.inside), list(flow.open), flow.time, flow.aht
                )
            else:
                for number, hours in enumerate(flow.bits):
                    merged.bits[number] |= hours
                    merged.open[number] |= flow.open[number]
                    merged.inside[number] += flow.inside[number]

    def entry_points(self, kind: Kind, zone: str, *, usual: bool = False) -> list[int]:
        """By week: hours at which the queue groups of a queue are all open; `usual`: were there no special days."""
        known = self._entry_points.get((kind, zone, usual))
        if known is None:
            known = [week.simulated for week in self.cover.weeks.all]
            for name, group in self.scenario.queue_groups.items():
                if group.hours is not None and group.passes(
                    kind.workflow, kind.tier, kind.channel, kind.market, kind.language
                ):
                    by = zone if group.clock == "market" else self.scenario.time_zone
                    key = (name, by, usual)
                    if key not in self._entry_point_bits:
                        self._entry_point_bits[key] = self.cover.open_hours(group, by, usual=usual)
                    known = [bits & hours for bits, hours in zip(known, self._entry_point_bits[key], strict=True)]
            self._entry_points[kind, zone, usual] = known
        return known

    def _look_at_entry_points(self, flow: Flow) -> None:
        """Find the contacts that come in open hours, and those hours; deferred ones wait until then."""
        stream = flow.stream
        if (self.scenario.channels.get(stream.channel) or _CHANNEL).kind != "live":
            return
        market = self.scenario.markets.get(stream.market)
        zone = market.time_zone if market else self.scenario.time_zone
        kind = first_kinds(self.scenario, stream)[0]
        flow.inside, flow.open = [], []
        for number, (entry_points, contacts) in enumerate(
            zip(self.entry_points(kind, zone), flow.contacts, strict=True)
        ):
            shut = flow.bits[number] & ~entry_points
            flow.inside.append(contacts * self.cover.share_within(stream, number, entry_points) if shut else contacts)
            flow.open.append(flow.bits[number] & entry_points)

    def _recorded(self, stream: Stream) -> float:
        trace = self.scenario.demand[stream.volume].trace
        if trace is None or not trace.talk or min(trace.talk) < 0:
            return 0.0
        channel = self.scenario.channels.get(stream.channel) or _CHANNEL
        wrap_up = sum(max(time, 0) for time in trace.wrap_up)
        return (sum(trace.talk) + wrap_up) / len(trace.talk) / at_once(channel)

    def journey(self, workflow: str, channel: str) -> Journey:
        """The way of a case of a workflow that begins on a channel."""
        if (workflow, channel) not in self.journeys:
            self.journeys[workflow, channel] = journey(self.scenario, workflow, channel)
        return self.journeys[workflow, channel]

    def moves(self, workflow: str) -> list[tuple[Leg, Leg]]:
        """Queues that a contact of a workflow comes to, each with one that it may go on to."""
        if workflow not in self._moves:
            legs = legs_of(self.scenario, workflow)
            self._moves[workflow] = [(leg, to) for leg in legs for to in self._ways(leg)]
        return self._moves[workflow]

    def _ways(self, leg: Leg) -> list[Leg]:
        workflow, tier = leg
        tiers = tiers_of(self.scenario, workflow)
        names = list(tiers)
        later = names[names.index(tier) + 1 :]
        ways = [(workflow, later[0])] if later and tiers[tier].escalated > 0.0 else []
        return ways + [to for to, share in transfers_of(self.scenario, workflow, tier) if share > 0.0]

    def handle(self, kind: Kind, aht: float) -> float:
        """Mean time of an agent that a visit takes; `aht`: as the forecast says."""
        key = (*kind[:3], kind.severity, aht)
        if key not in self.handles:
            self.handles[key] = mean_handle_time(self.scenario, kind, aht)
        return self.handles[key]
