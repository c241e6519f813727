"""Whether every queue has an eligible pool, and every pool a queue; `plan_hours` looks at their hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ccsim.centre.bots import bot_of
from ccsim.centre.eligible import Eligibility, Kind, kind_of, legs_of, reserved_segments, tiers_of
from ccsim.centre.streams import ALL, ANY_LANGUAGE, Stream, streams_of
from ccsim.language.scenario import Scenario
from ccsim.language.shares import percent


@dataclass(frozen=True, slots=True)
class EligibilityFault:
    """Something that no pool can do, or a pool that nobody can reach."""

    message: str
    key: tuple[str, ...]
    """Names in the key at which it is to be told."""


def check_eligibility(
    scenario: Scenario, streams: list[Stream] | None = None, eligibility: Eligibility | None = None
) -> list[EligibilityFault]:
    """Every fault of the eligible pools of a scenario that is otherwise sound.

    A queue that no pool may serve, now or after an overflow step has opened; a pool that no queue leads to.
    """
    return list(
        _Check(
            scenario, streams_of(scenario) if streams is None else streams, eligibility or Eligibility(scenario)
        ).faults()
    )


class _Check:
    def __init__(self, scenario: Scenario, streams: list[Stream], eligibility: Eligibility) -> None:
        self.scenario = scenario
        self.streams = streams
        self.eligibility = eligibility

    def faults(self) -> Iterator[EligibilityFault]:
        scenario = self.scenario
        reserved = reserved_segments(scenario)
        legs: dict[str, list[tuple[str, str]]] = {}
        sound: set[tuple[object, ...]] = set()
        told: set[tuple[str, Kind]] = set()
        reached: set[str] = set()
        for stream in self.streams:
            # Where customers live in one region their pools are the same.
            market = scenario.markets.get(stream.market)
            where = (market.region, market.residency) if market else None
            segment = stream.segment if stream.segment in reserved else ALL
            alike = (stream.workflow, stream.channel, stream.language, segment, where)
            if alike in sound:
                continue
            if stream.workflow not in legs:
                legs[stream.workflow] = legs_of(scenario, stream.workflow)
            stranded = False
            for workflow, tier in legs[stream.workflow]:
                kind = kind_of(scenario, stream, workflow, tier)
                pools = self.eligibility.pools_for(kind).pools
                reached |= pools
                if not pools:
                    stranded = True
                    if (stream.volume, kind) not in told:
                        told.add((stream.volume, kind))
                        yield EligibilityFault(self._nobody(kind, stream), ("demand", stream.volume))
            if not stranded:
                sound.add(alike)
        for name in scenario.pools:
            if name not in reached and not told:
                yield EligibilityFault(
                    "no contacts are routed to this pool: no stream has its workflows, tiers, channels, "
                    "languages and segments",
                    ("pools", name),
                )

    def _nobody(self, kind: Kind, stream: Stream) -> str:
        what = f"none takes workflow {kind.workflow} at tier {kind.tier} on channel {kind.channel}"
        if kind.language != ANY_LANGUAGE:
            what += f" in language {kind.language}"
        if kind.segment != ALL:
            what += f" for segment {kind.segment}"
        elif reserved := ", ".join(sorted(reserved_segments(self.scenario))):
            what += f" for segment {stream.segment} (others are reserved for {reserved})"
        barred = self.eligibility.pools_for(kind).barred
        why = f"; residency or certification forbids {', '.join(barred)}" if barred else ""
        part = f" (stream {stream.name})" if stream.name != stream.volume else ""
        first = next(iter(tiers_of(self.scenario, stream.workflow)))
        met = bot_of(self.scenario, stream) if (kind.workflow, kind.tier) == (stream.workflow, first) else None
        bot = f"; the bot {met[0]} hands {percent(met[1].handed_off)} of its sessions off to it" if met else ""
        return f"no pool can serve it: {what}{why}{part}{bot}"
