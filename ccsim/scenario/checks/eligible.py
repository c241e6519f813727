"""Whether every queue has an eligible pool, and every pool a queue; `plan_hours` looks at their hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ccsim.centre.bots import bot_of
from ccsim.centre.eligible import Eligibility
from ccsim.centre.legs import Kind, kinds_at, legs_of, longest_wait, reserved_segments, tiers_of, told_apart
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
        apart = told_apart(scenario)
        legs: dict[tuple[str, str], list[tuple[str, str]]] = {}
        sound: set[tuple[object, ...]] = set()
        stranded: dict[tuple[object, ...], list[tuple[Stream, Kind]]] = {}
        reached: set[str] = set()
        ruled: dict[int, set[str]] = {}
        for stream in self.streams:
            # Where customers live in one region their pools are the same.
            market = scenario.markets.get(stream.market)
            where = (market.region, market.residency) if market else None
            segment, _ = apart.of(stream.segment, "")
            alike = (stream.workflow, stream.channel, stream.language, segment, where)
            if alike in sound:
                continue
            way = stream.workflow, stream.channel
            if way not in legs:
                legs[way] = legs_of(scenario, stream.workflow, channel=stream.channel)
            served = True
            for workflow, tier in legs[way]:
                for kind, _ in kinds_at(scenario, stream, workflow, tier):
                    eligible = self.eligibility.pools_for(kind)
                    reached |= eligible.pools
                    if eligible.rule is not None:
                        ruled.setdefault(id(eligible.rule), set()).update(eligible.pools)
                    if not eligible.pools:
                        served = False
                        cause = (stream.volume, kind._replace(channel="", market=""), eligible.barred)
                        stranded.setdefault(cause, []).append((stream, kind))
            if served:
                sound.add(alike)
        if not stranded:
            yield from self._rules(ruled)
        for found in stranded.values():
            yield EligibilityFault(self._nobody(found), ("demand", found[0][0].volume))
        for name in scenario.pools:
            if name not in reached and not stranded:
                yield EligibilityFault(
                    "no contacts are routed to this pool: no stream has its workflows, tiers, channels, "
                    "languages, segments and severities",
                    ("pools", name),
                )

    def _rules(self, ruled: Mapping[int, set[str]]) -> Iterator[EligibilityFault]:
        """Rules of pools that are asked first, none of which may serve who they are for; `ruled`: pools by rule."""
        for name, workflow in self.scenario.workflows.items():
            for number, rule in enumerate(workflow.preferred):
                served = ruled.get(id(rule), set())
                for pool in rule.pools:
                    if pool not in served:
                        why = "it may serve no contact that the rule is for, or a rule before it is for all of them"
                        key = ("workflows", name, "preferred", str(number), "pools")
                        yield EligibilityFault(
                            f"{pool} is asked first, but {why}: give it the skill, or leave it out", key
                        )

    def _nobody(self, found: list[tuple[Stream, Kind]]) -> str:
        stream, kind = found[0]
        channels = sorted({other.channel for _, other in found})
        on = f"channel {channels[0]}" if len(channels) == 1 else f"channels {', '.join(channels)}"
        what = f"none takes workflow {kind.workflow} at tier {kind.tier} on {on}"
        if kind.language != ANY_LANGUAGE:
            what += f" in language {kind.language}"
        if kind.segment != ALL:
            what += f" for segment {kind.segment}"
        elif reserved := ", ".join(sorted(reserved_segments(self.scenario))):
            what += f" for segment {stream.segment} (others are reserved for {reserved})"
        if kind.severity:
            what += f" for severity {kind.severity}"
        elif only := ", ".join(sorted({name for pool in self.scenario.pools.values() for name in pool.severity or ()})):
            what += f" (others are reserved for severity {only})"
        barred = self.eligibility.pools_for(kind).barred
        why = f"; residency or certification forbids {', '.join(barred)}" if barred else self._remedy(found)
        part = f" (stream {stream.name})" if stream.name != stream.volume else ""
        first = next(iter(tiers_of(self.scenario, stream.workflow)))
        met = bot_of(self.scenario, stream) if (kind.workflow, kind.tier) == (stream.workflow, first) else None
        for workflow, tier in legs_of(self.scenario, stream.workflow, channel=stream.channel):
            out = longest_wait(self.scenario, workflow, tier, stream.channel)
            if out is not None and out.to == (kind.workflow, kind.tier):
                part = f"; contacts of {workflow} {tier} wait on there after their `max_wait`{part}"
                break
        bot = f"; the bot {met[0]} hands {percent(met[1].handed_off)} of its sessions off to it" if met else ""
        return f"no pool can serve it: {what}{why}{part}{bot}"

    def _remedy(self, found: list[tuple[Stream, Kind]]) -> str:
        """Which pools take such contacts in other languages, on every channel that is named."""
        kinds = [kind for _, kind in found]
        if kinds[0].language == ANY_LANGUAGE:
            return ""
        able = [{name for name, _, _ in self.eligibility.able_for(kind)} for kind in kinds]
        if not (near := sorted(set.intersection(*able))):
            return ""
        takes, whose = ("takes", "its") if len(near) == 1 else ("take", "their")
        return f"; {', '.join(near)} {takes} it in other languages: add `{kinds[0].language}` to {whose} `languages`"
