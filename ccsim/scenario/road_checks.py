"""Whether every stream finds a road, at every hour at which it has demand, and every pool is on one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ccsim.scenario.expand import ANY_LANGUAGE, Stream, streams_of
from ccsim.scenario.open_hours import (
    ALWAYS,
    WeekClock,
    bits_of_hours,
    bits_of_pool,
    bits_of_volume,
    hours_text,
)
from ccsim.scenario.roads import Kind, Road, Roads, kind_of, legs_of
from ccsim.scenario.sections import Channel, Scenario


@dataclass(frozen=True, slots=True)
class RoadFault:
    """Something that no pool can do, or a pool that nobody can reach."""

    message: str
    key: tuple[str, ...]
    """Names in the key at which it is to be told."""


def check_roads(scenario: Scenario, streams: list[Stream] | None = None) -> list[RoadFault]:
    """Every fault of the roads of a scenario that is otherwise sound.

    A queue that no pool may serve, now or after a ring has opened; a pool that no queue leads to; and, in a scenario
    with sites, hours of the week at which a live stream has demand and its door is open, but no pool of its road has
    anybody: those hours by the market's clock.
    """
    return list(_Check(scenario, streams_of(scenario) if streams is None else streams).faults())


class _Check:
    def __init__(self, scenario: Scenario, streams: list[Stream]) -> None:
        self.scenario = scenario
        self.roads = Roads(scenario)
        self.first: dict[tuple[str, Kind], Stream] = {}
        self.kinds: dict[tuple[str, Kind], Stream] = {}
        legs: dict[str, list[tuple[str, str]]] = {}
        for stream in streams:
            if stream.workflow not in legs:
                legs[stream.workflow] = legs_of(scenario, stream.workflow)
            for number, (workflow, tier) in enumerate(legs[stream.workflow]):
                key = (stream.volume, kind_of(stream, workflow, tier))
                self.kinds.setdefault(key, stream)
                if number == 0:
                    self.first.setdefault(key, stream)
        self.clock = WeekClock(scenario)
        self._covered_by: dict[int, int] = {}
        self._hours_of: dict[tuple[str, str], int] = {}

    def faults(self) -> Iterator[RoadFault]:
        reached: set[str] = set()
        known: dict[int, set[str]] = {}
        stranded = False
        for (volume, kind), stream in self.kinds.items():
            # Roads that are alike share their entries.
            road = self.roads.road(kind)
            pools = known.get(id(road.by_vendor))
            if pools is None:
                pools = known[id(road.by_vendor)] = road.pools
                reached |= pools
            if not pools:
                stranded = True
                yield RoadFault(self._nobody(kind, stream), ("demand", volume))
        for name in self.scenario.pools:
            if name not in reached and not stranded:
                yield RoadFault(
                    "nobody can reach it: no stream comes to its workflows, tiers, channels and languages",
                    ("pools", name),
                )
        if self.scenario.sites and not stranded:
            yield from self._hours()

    def _nobody(self, kind: Kind, stream: Stream) -> str:
        what = f"none takes workflow {kind.workflow} at tier {kind.tier} on channel {kind.channel}"
        if kind.language != ANY_LANGUAGE:
            what += f" in language {kind.language}"
        barred = self.roads.road(kind).barred
        why = f"; residency or certification forbids {', '.join(barred)}" if barred else ""
        part = f" (stream {stream.name})" if stream.name != stream.volume else ""
        return f"no pool can serve it: {what}{why}{part}"

    def _hours(self) -> Iterator[RoadFault]:
        open_at = self._open()
        wanted: dict[tuple[str, str], int] = {}
        by_volume = {name: bits_of_volume(volume) for name, volume in self.scenario.demand.items()}
        doors: dict[Kind, int] = {}
        told: set[tuple[str, int, Kind]] = set()
        for (volume, kind), stream in self.first.items():
            channel = self.scenario.channels.get(kind.channel, Channel())
            if channel.kind != "live" or self.scenario.demand[volume].trace is not None:
                continue
            market = self.scenario.markets.get(kind.market)
            zone = market.time_zone if market else self.scenario.time_zone
            if (volume, zone) not in wanted:
                wanted[volume, zone] = self.clock.to_utc(by_volume[volume], zone)
            if kind not in doors:
                doors[kind] = self._door(kind, zone)
            missing = wanted[volume, zone] & doors[kind] & ~self._covered(self.roads.road(kind), open_at)
            if missing and (volume, missing, kind) not in told:
                told.add((volume, missing, kind))
                when = hours_text(self.clock.to_local(missing, zone))
                yield RoadFault(
                    f"{stream.name} has no road {when} ({zone}): no pool that may take it has shifts then; "
                    "give one shifts, open a ring, or close the door with `queue_groups`",
                    ("demand", volume),
                )

    def _open(self) -> dict[str, int]:
        """Bits at which each pool may have somebody on the line; worked out once for pools with the same shifts."""
        alike: dict[tuple[object, ...], int] = {}
        found = {}
        for name, pool in self.scenario.pools.items():
            key = (pool.site, pool.patterns, None if pool.headcount is not None else name)
            if key not in alike:
                alike[key] = bits_of_pool(self.scenario, pool, self.clock)
            found[name] = alike[key]
        return found

    def _covered(self, road: Road, open_at: dict[str, int]) -> int:
        """Bits at which every vendor that a visit may be assigned to has a pool open, or a ring leads to one."""
        known = self._covered_by.get(id(road.by_vendor))
        if known is not None:
            return known
        covered = ALWAYS
        for entries in road.by_vendor.values():
            mine = 0
            for entry in entries:
                mine |= open_at[entry.pool]
            covered &= mine
        self._covered_by[id(road.by_vendor)] = covered
        return covered

    def _door(self, kind: Kind, zone: str) -> int:
        """Bits at which the doors to a queue are open."""
        bits = ALWAYS
        for name, group in self.scenario.queue_groups.items():
            if group.hours is not None and group.passes(
                kind.workflow, kind.tier, kind.channel, kind.market, kind.language
            ):
                by = zone if group.clock == "market" else self.scenario.time_zone
                if (name, by) not in self._hours_of:
                    self._hours_of[name, by] = self.clock.to_utc(bits_of_hours(group.hours), by)
                bits &= self._hours_of[name, by]
        return bits
