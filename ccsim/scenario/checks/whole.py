"""A scenario with the tree that it was read from: what all checks share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ccsim.centre.legs import channel_at, longest_wait
from ccsim.centre.return_channels import unstarted_channels
from ccsim.language.channels import Channel
from ccsim.language.demand import Volume
from ccsim.language.pools import Pool
from ccsim.language.reading import Remembered
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Tier
from ccsim.text.faults import Faults
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Items, Map, Node, Place

if TYPE_CHECKING:
    from ccsim.centre.eligible import Eligibility


class Leg(NamedTuple):
    """A kind of visits that can happen."""

    workflow: str
    channel: str
    at: tuple[str, ...]
    """Key of what makes it happen: a volume, or a transfer."""


class Whole:
    """A scenario, perhaps partial, and the faults that were noted before."""

    def __init__(self, scenario: Scenario, root: Map, faults: Faults, memory: Remembered) -> None:
        self.memory = memory
        self.root = root
        self.faults = faults
        self.before = [(_parts(fault.key), fault.message) for fault in faults.found]
        demand: dict[str, Volume] = scenario.demand or {}
        self.demand = {name: volume for name, volume in demand.items() if volume.workflow}
        self.pools: dict[str, Pool] = scenario.pools or {}
        self.workflows = scenario.workflows
        self.scenario = scenario
        self.eligibility: Eligibility | None = None
        """Its eligible pools, once they are known to be sound."""

    def fault(self, message: str, *parts: str) -> None:
        """Note a fault at the deepest part of a key that is written."""
        place, key = self._at(parts)
        self.faults.add(message, place, key)

    def warn(self, message: str, *parts: str) -> None:
        """Note what can be simulated but is probably not meant, at the deepest part of a key that is written."""
        place, key = self._at(parts)
        self.faults.remark(message, place, key)

    def refuse(self, message: str, *parts: str) -> None:
        """Warn of what `run` simulates only where it is told to."""
        place, key = self._at(parts)
        self.faults.remark(message, place, key, refused=True)

    def assume(self, message: str, *parts: str) -> None:
        """Note what a short form was taken for."""
        place, key = self._at(parts)
        self.faults.remark(message, place, key, "assumed")

    def is_written(self, *parts: str) -> bool:
        """Whether a key is written, not set by another one or at its default."""
        node: Node | None = self.root
        for part in parts:
            node = node.get(part) if isinstance(node, Map) else None
        return node is not None

    def _at(self, parts: tuple[str, ...]) -> tuple[Place, str]:
        """Place of the deepest part of a key that is written, and the key; of a group of a pool those of the pool."""
        pool = self.pools.get(parts[1]) if len(parts) > 1 and parts[0] == "pools" else None
        if pool is not None and pool.roster is not None and pool.roster.group_of:
            parts = (parts[0], pool.roster.group_of, *parts[2:])
        node: Node = self.root
        for part in parts:
            below = node.get(part) if isinstance(node, Map) else None
            if isinstance(node, Items) and part.isdecimal() and int(part) < len(node.items):
                below = node.items[int(part)]
            if below is None:
                break
            node = below
        key = ""
        for part in parts:
            key = joined(key, part)
        return node.place, key

    def spoilt(self, *key: str) -> bool:
        """Whether an earlier fault lies at, below or above a key; `*` is any name."""
        return any(
            all(part in ("*", found) for part, found in zip(key, parts, strict=False)) for parts, _ in self.before
        )

    @staticmethod
    def lies_in(key: str, wanted: Iterable[tuple[str, ...]]) -> bool:
        """Whether the key of a fault is one of some, or lies below it; `*` is any name."""
        parts = _parts(key)
        return any(
            len(parts) >= len(one) and all(part in ("*", found) for part, found in zip(one, parts, strict=False))
            for one in wanted
        )

    def tiers(self, name: str) -> dict[str, Tier]:
        """Tiers of a workflow in order of escalation."""
        workflow = self.workflows.get(name)
        return (workflow.tiers if workflow else None) or {"t1": Tier()}

    def channel(self, name: str) -> Channel:
        """A channel, the default where it is not listed."""
        return self.scenario.channels.get(name) or Channel()

    @cached_property
    def used_channels(self) -> list[str]:
        """Channels that volumes use, and those of deferred work that they are escalated as, sorted."""
        return sorted({channel for volume in self.demand.values() for channel in self.visit_channels(volume)})

    def channel_at(self, workflow: str, tier: str, channel: str) -> str:
        """The channel of visits at a tier, of contacts that came in on a channel."""
        known = self.workflows.get(workflow)
        return channel_at(self.scenario, workflow, tier, channel) if known and tier in known.tiers else channel

    def visit_channels(self, volume: Volume) -> set[str]:
        """Channels of the visits that contacts of a volume make."""
        came = self.channels_of(volume)
        return set(came) | {
            self.channel_at(workflow, tier, channel)
            for workflow in self.reached(volume.workflow, came)
            for tier in self.tiers(workflow)
            for channel in came
        }

    def channels_of(self, volume: Volume) -> list[str]:
        """Channels on which contacts of a volume come, as first contacts or only as returns."""
        return [*channels_of(volume), *sorted(unstarted_channels(self.scenario, volume))]

    @cached_property
    def legs(self) -> list[Leg]:
        """Workflows and channels of the visits that can happen: those of volumes, then those that transfers make."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for name, volume in self.demand.items():
            for channel in self.channels_of(volume):
                found.setdefault((volume.workflow, channel), ("demand", name))
        todo = list(found)
        for workflow, channel in todo:
            for tier_name, tier in self.tiers(workflow).items():
                out = longest_wait(self.scenario, workflow, tier_name, channel)
                if out is not None and out.to is not None and (out.to[0], channel) not in found:
                    found[out.to[0], channel] = ("workflows", out.to[0])
                    todo.append((out.to[0], channel))
                for to in tier.transfers:
                    if (to, channel) not in found:
                        found[to, channel] = ("workflows", workflow, "tiers", tier_name, "transfers", to)
                        todo.append((to, channel))
        return [Leg(workflow, channel, at) for (workflow, channel), at in found.items()]

    def reached(self, workflow: str, channels: Sequence[str]) -> set[str]:
        """Workflows that a contact may come to by transfers, and by queue time-outs on channels, its own among them."""
        seen = {workflow}
        todo = [workflow]
        for name in todo:
            for tier_name, tier in self.tiers(name).items():
                outs = [longest_wait(self.scenario, name, tier_name, channel) for channel in channels]
                to = {*tier.transfers, *(out.to[0] for out in outs if out is not None and out.to is not None)}
                todo.extend(sorted(to - seen))
                seen |= to
        return seen


def channels_of(volume: Volume) -> list[str]:
    """Channels on which contacts of a volume come."""
    return _parts_of(volume.channels, volume.channel)


def markets_of(volume: Volume) -> list[str]:
    """Markets of a volume."""
    return _parts_of(volume.markets, volume.market)


def segments_of(volume: Volume) -> list[str]:
    """Segments of a volume."""
    return _parts_of(volume.segments, volume.segment)


def causes_of(volume: Volume) -> list[str]:
    """Causes of a volume."""
    return _parts_of(volume.causes, volume.cause or "all")


def languages_of(volume: Volume, market: str, scenario: Scenario) -> list[str]:
    """Languages of a volume in one of its markets."""
    if volume.language is not None:
        return [volume.language]
    known = scenario.markets.get(market)
    spoken = known.languages if known else None
    return [language for language, share in spoken.items() if share > 0] if spoken else ["any"]


def streams_in(volume: Volume, scenario: Scenario) -> int:
    """Number of streams that a volume is split into."""
    by_market = sum(len(languages_of(volume, market, scenario)) for market in markets_of(volume))
    channels = len(channels_of(volume)) + len(unstarted_channels(scenario, volume))
    return by_market * len(segments_of(volume)) * channels * len(causes_of(volume))


def _parts_of(shares: dict[str, float] | None, alone: str) -> list[str]:
    return [alone] if shares is None else [name for name, share in shares.items() if share > 0]


def section_of(key: str) -> str:
    """The section in which a fault lies; empty for a fault of the whole file."""
    return _parts(key)[0] if key else ""


def _parts(key: str) -> list[str]:
    """Names in the key of a fault."""
    try:
        return list(parse_path(key).parts) if key else []
    except ValueError:
        return key.split(".")
