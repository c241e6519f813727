"""Whether every stream finds a road, and every pool is on one; `plan_checks` looks at their hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ccsim.centre.eligible import Kind, Roads, kind_of, legs_of
from ccsim.centre.streams import ANY_LANGUAGE, Stream, streams_of
from ccsim.language.scenario import Scenario


@dataclass(frozen=True, slots=True)
class RoadFault:
    """Something that no pool can do, or a pool that nobody can reach."""

    message: str
    key: tuple[str, ...]
    """Names in the key at which it is to be told."""


def check_roads(scenario: Scenario, streams: list[Stream] | None = None, roads: Roads | None = None) -> list[RoadFault]:
    """Every fault of the roads of a scenario that is otherwise sound.

    A queue that no pool may serve, now or after a ring has opened; a pool that no queue leads to.
    """
    return list(
        _Check(scenario, streams_of(scenario) if streams is None else streams, roads or Roads(scenario)).faults()
    )


class _Check:
    def __init__(self, scenario: Scenario, streams: list[Stream], roads: Roads) -> None:
        self.scenario = scenario
        self.roads = roads
        self.kinds: dict[tuple[str, Kind], Stream] = {}
        legs: dict[str, list[tuple[str, str]]] = {}
        for stream in streams:
            if stream.workflow not in legs:
                legs[stream.workflow] = legs_of(scenario, stream.workflow)
            for workflow, tier in legs[stream.workflow]:
                self.kinds.setdefault((stream.volume, kind_of(stream, workflow, tier)), stream)

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

    def _nobody(self, kind: Kind, stream: Stream) -> str:
        what = f"none takes workflow {kind.workflow} at tier {kind.tier} on channel {kind.channel}"
        if kind.language != ANY_LANGUAGE:
            what += f" in language {kind.language}"
        barred = self.roads.road(kind).barred
        why = f"; residency or certification forbids {', '.join(barred)}" if barred else ""
        part = f" (stream {stream.name})" if stream.name != stream.volume else ""
        return f"no pool can serve it: {what}{why}{part}"
