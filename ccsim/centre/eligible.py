"""Eligible pools: which pools may serve a visit, in which order, and after how long.

Pure Python on the typed scenario, so that `check` and `explain` can ask without compiling anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from ccsim.centre.kept import kept_for_the_last
from ccsim.centre.prices import price_of
from ccsim.centre.severities import DEFAULT_TIERS, mean_tiers
from ccsim.centre.streams import ALL, ANY_LANGUAGE, Stream
from ccsim.language.pools import Pool, Skill
from ccsim.language.routing import OverflowStep
from ccsim.language.scenario import Scenario
from ccsim.language.transfers import EscalatedAs, Misroute
from ccsim.language.workflows import Tier, Workflow

NO_VENDOR: Final = ""


class Entry(NamedTuple):
    """A pool that may serve a visit."""

    step: int
    """0: open at once; 1, 2, ...: opens with that overflow step."""
    rank: tuple[float, ...]
    """Order of preference within the overflow step, the smallest first."""
    pool: str
    level: int
    """Level of the pool's skill, 1 is the best."""
    translated: bool
    """Whether it does not speak the customer's language."""


class Kind(NamedTuple):
    """What decides which pools may serve a visit."""

    workflow: str
    tier: str
    channel: str
    language: str
    market: str
    segment: str = ALL
    """Where a pool is reserved for it; `all` for segments that are served alike."""


@dataclass(frozen=True, slots=True)
class EligiblePools:
    """The pools that may serve visits of one kind."""

    kind: Kind
    steps: tuple[int, ...]
    """Microseconds in the queue after which overflow step 1, 2, ... opens."""
    shares: Mapping[str, float]
    """Shares of the vendors that a visit may be assigned to, 1 together; empty: no vendor is assigned."""
    by_vendor: Mapping[str, tuple[Entry, ...]]
    """Pools by assigned vendor, sorted by overflow step, rank and name; under `NO_VENDOR` where none is assigned."""
    barred: tuple[str, ...]
    """Pools with the skill and the language that only residency or certification forbids."""

    @property
    def pools(self) -> set[str]:
        """Every pool that may serve it, sooner or later."""
        return {entry.pool for entries in self.by_vendor.values() for entry in entries}


def legs_of(scenario: Scenario, workflow: str, *, by_mistake: bool = True) -> list[tuple[str, str]]:
    """Workflow and tier of every queue that a contact of a workflow may come to: its tiers, then transfers, then queues
    where it only comes by mistake."""
    legs: list[tuple[str, str]] = []
    todo = [workflow]
    seen: set[str] = set()
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        tiers = tiers_of(scenario, name)
        legs.extend((name, tier) for tier in tiers)
        todo.extend(sorted({to for tier in tiers.values() for to in tier.transfers}))
    wrong = misroutes_of(scenario, workflow) if by_mistake else ()
    return legs + [leg for leg, _ in wrong if leg not in legs]


def tiers_of(scenario: Scenario, workflow: str) -> Mapping[str, Tier]:
    """Tiers of a workflow in order of escalation, as they are on the mean of its severities."""
    known = scenario.workflows.get(workflow)
    return mean_tiers(known) if known else DEFAULT_TIERS


def tier_before(scenario: Scenario, workflow: str, tier: str) -> str | None:
    """The tier that one sends contacts back to: none before the first."""
    order = list(tiers_of(scenario, workflow))
    return order[order.index(tier) - 1] if order[0] != tier else None


def transfers_of(scenario: Scenario, workflow: str, tier: str) -> list[tuple[tuple[str, str], float]]:
    """Where handled contacts of a tier are transferred to, with their shares: first tiers of other workflows by name of
    workflow, then the tier before, if any are sent back to it."""
    section = tiers_of(scenario, workflow)[tier]
    found = [((to, next(iter(tiers_of(scenario, to)))), share) for to, share in sorted(section.transfers.items())]
    before = tier_before(scenario, workflow, tier)
    if section.sent_back > 0.0 and before is not None:
        found.append(((workflow, before), section.sent_back))
    return found


def misroutes_of(scenario: Scenario, workflow: str) -> list[tuple[tuple[str, str], Misroute]]:
    """The wrong queues that contacts of a workflow may begin in: first tiers, by name of workflow."""
    known = scenario.workflows.get(workflow)
    wrong = sorted(known.misrouted.items()) if known else []
    return [((to, next(iter(tiers_of(scenario, to)))), one) for to, one in wrong if one.share > 0.0]


def escalated_as(scenario: Scenario, workflow: str, tier: str) -> EscalatedAs | None:
    """As what contacts come to a tier for which their customers do not stay; None: as they came in."""
    found = None
    for name, section in tiers_of(scenario, workflow).items():
        if name == tier:
            break
        found = section.escalated_as or found
    return found


def channel_at(scenario: Scenario, workflow: str, tier: str, channel: str) -> str:
    """The channel of visits to a queue, of contacts that came in on a channel."""
    deferred = escalated_as(scenario, workflow, tier)
    return channel if deferred is None else deferred.channel


def kind_of(scenario: Scenario, stream: Stream, workflow: str, tier: str) -> Kind:
    """The kind of a stream's visits to a queue."""
    segment = stream.segment if stream.segment in reserved_segments(scenario) else ALL
    channel = channel_at(scenario, workflow, tier, stream.channel)
    return Kind(workflow, tier, channel, stream.language, stream.market, segment)


@kept_for_the_last
def reserved_segments(scenario: Scenario) -> frozenset[str]:
    """Segments that some pool is reserved for."""
    return frozenset(segment for pool in scenario.pools.values() for segment in pool.segments or ())


def is_first(scenario: Scenario, stream: Stream, kind: Kind) -> bool:
    """Whether a kind of a stream's visits is that in the queue that its contacts are to join first."""
    return kind.workflow == stream.workflow and kind.tier == next(iter(tiers_of(scenario, kind.workflow)))


class Eligibility:
    """The eligible pools of a scenario's visits, each list made once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._pools = sorted(scenario.pools.items())
        self._prices = {name: price_of(scenario, pool) for name, pool in self._pools}
        self._able: dict[tuple[str, str, str, str], list[tuple[str, Pool, Skill]]] = {}
        self._made: dict[tuple[object, ...], EligiblePools] = {}
        self._of: dict[Kind, EligiblePools] = {}
        self._names: dict[tuple[str, str, str, str], tuple[str, ...]] = {}
        self._alike: dict[tuple[object, ...], tuple[object, ...]] = {}
        self._regions = {name: self._region(pool) for name, pool in self._pools}

    def pools_for(self, kind: Kind) -> EligiblePools:
        """The pools that may serve a kind of visits."""
        if kind not in self._of:
            self._of[kind] = self._pools_for(kind)
        return self._of[kind]

    def _pools_for(self, kind: Kind) -> EligiblePools:
        market = self.scenario.markets.get(kind.market)
        region, residency = (market.region, market.residency) if market else (None, None)
        key = (*kind[:4], kind.segment, region, residency)
        if key not in self._made:
            # Channels that the same pools take share their eligible pools.
            able = self._able_names(kind.workflow, kind.tier, kind.channel, kind.segment)
            alike = (*kind[:2], kind.language, region, residency, able)
            twin = self._alike.setdefault(alike, key)
            if twin != key:
                eligible = self._made[twin]
                self._made[key] = EligiblePools(
                    kind, eligible.steps, eligible.shares, eligible.by_vendor, eligible.barred
                )
            else:
                self._made[key] = self._make(kind, region, residency)
        return self._made[key]

    def _able_names(self, workflow: str, tier: str, channel: str, segment: str) -> tuple[str, ...]:
        key = (workflow, tier, channel, segment)
        if key not in self._names:
            self._names[key] = tuple(name for name, _, _ in self.able(*key))
        return self._names[key]

    def able(self, workflow: str, tier: str, channel: str, segment: str = ALL) -> list[tuple[str, Pool, Skill]]:
        """Pools with the skill that are reserved for no other segment, sorted by name."""
        key = (workflow, tier, channel, segment)
        if key not in self._able:
            found = []
            for name, pool in self._pools:
                skill = _skill(pool, workflow, tier, channel)
                if skill is not None and (pool.segments is None or segment in pool.segments):
                    found.append((name, pool, skill))
            self._able[key] = found
        return self._able[key]

    def _make(self, kind: Kind, region: str | None, residency: tuple[str, ...] | None) -> EligiblePools:
        workflow = self.scenario.workflows.get(kind.workflow) or Workflow()
        tier = tiers_of(self.scenario, kind.workflow)[kind.tier]
        needed = tier.certification or workflow.certification
        named = {name for names in workflow.pools for name in names}
        if named:
            named.update(name for step in workflow.overflow for name in step.pools)
        allowed, barred = [], []
        for name, pool, skill in self.able(kind.workflow, kind.tier, kind.channel, kind.segment):
            at = self._regions[name]
            if (residency is not None and at not in residency) or (needed and needed not in pool.certifications):
                if _speaks(pool, kind.language) and (not named or name in named):
                    barred.append(name)
            else:
                allowed.append((name, pool, skill))
        if workflow.pools or workflow.overflow:
            steps = tuple(step.after for step in workflow.overflow if step.after > 0)
            entries = self._named(workflow, kind, region, allowed)
            return EligiblePools(kind, steps, {}, {NO_VENDOR: entries}, tuple(barred))
        steps = tuple(step.after for step in self.scenario.routing.overflow if step.after > 0)
        shares = self._shares(kind, allowed)
        by_vendor = {
            vendor: self._ringed(kind, region, allowed, vendor if shares else None)
            for vendor in (shares or {NO_VENDOR: 1.0})
        }
        return EligiblePools(kind, steps, shares, by_vendor, tuple(barred))

    def _region(self, pool: Pool) -> str | None:
        site = self.scenario.sites.get(pool.site) if pool.site is not None else None
        return site.region if site else None

    def _shares(self, kind: Kind, allowed: list[tuple[str, Pool, Skill]]) -> dict[str, float]:
        """Shares of the vendors able to serve a kind, made to add up to 1."""
        asked = self.scenario.routing.vendor_share.get(kind.workflow)
        if not asked:
            return {}
        able = {pool.vendor for _, pool, _ in allowed if pool.vendor and _speaks(pool, kind.language)}
        shares = {vendor: share for vendor, share in sorted(asked.items()) if vendor in able and share > 0.0}
        total = sum(shares.values())
        return {vendor: share / total for vendor, share in shares.items()}

    def _named(
        self, workflow: Workflow, kind: Kind, region: str | None, allowed: list[tuple[str, Pool, Skill]]
    ) -> tuple[Entry, ...]:
        """Pools in the order that the workflow names."""
        timed = [overflow for overflow in workflow.overflow if overflow.after > 0]
        step_of = {name: step for step, overflow in enumerate(timed, 1) for name in overflow.pools}
        orders = [*workflow.pools] or [()]
        orders += [overflow.pools for overflow in workflow.overflow if overflow.after == 0]  # at once, but last
        place_of = {name: place for place, names in enumerate(orders) for name in names}
        entries = []
        for name, pool, skill in allowed:
            if not _speaks(pool, kind.language):
                continue
            if workflow.pools and name not in place_of and name not in step_of:
                continue
            rank = (float(place_of.get(name, 0)), *self._rank(name, pool, skill, kind, region))
            entries.append(Entry(0 if name in place_of else step_of.get(name, 0), rank, name, skill.level, False))
        return tuple(sorted(entries))

    def _ringed(
        self, kind: Kind, region: str | None, allowed: list[tuple[str, Pool, Skill]], vendor: str | None
    ) -> tuple[Entry, ...]:
        """Pools by the overflow steps of `routing.overflow`; each opens with the last step that it needs.

        Steps rise, so only the first may be open at once: its pools are preferred last.
        """
        overflow = self.scenario.routing.overflow
        at_once = sum(step.after == 0 for step in overflow)
        first: dict[str, int] = {}
        for number, step in enumerate(overflow, 1):
            if step.to != "language":
                first.setdefault(step.to, number)
        near = region is not None and any(
            self._regions[name] == region and _speaks(pool, kind.language) and (vendor is None or pool.vendor == vendor)
            for name, pool, _ in allowed
        )
        entries = []
        for name, pool, skill in allowed:
            opens = 0
            if near and self._regions[name] not in (region, None):
                opens = first.get("any_region", 0)
            if vendor is not None and pool.vendor != vendor:
                if "any_vendor" not in first:
                    continue
                opens = max(opens, first["any_vendor"])
            speaks = _speaks(pool, kind.language)
            if not speaks:
                bridge = next((n for n, step in enumerate(overflow, 1) if _bridges(pool, step.language)), 0)
                if not bridge:
                    continue
                opens = max(opens, bridge)
            rank = (float(0 < opens <= at_once), *self._rank(name, pool, skill, kind, region))
            entries.append(Entry(max(opens - at_once, 0), rank, name, skill.level, not speaks))
        return tuple(sorted(entries))

    def _rank(self, name: str, pool: Pool, skill: Skill, kind: Kind, region: str | None) -> tuple[float, ...]:
        rank: list[float] = []
        for rule in self.scenario.routing.prefer:
            if rule == "same_region":
                rank.append(float(region is not None and self._regions[name] not in (region, None)))
            elif rule == "cheapest":
                rank.append(self._prices[name])
            elif rule == "in_house_first":
                vendor = self.scenario.vendors.get(pool.vendor) if pool.vendor else None
                rank.append(float(vendor is not None and vendor.kind != "in_house"))
            else:
                rank.append(1.0 - proficiency(pool, kind.language))
        for ranking in self.scenario.routing.choose_agent:
            if ranking == "best_skill":
                rank.append(skill.level)
            elif ranking == "cheapest":
                rank.append(self._prices[name])
        return tuple(rank)


def proficiency(pool: Pool, language: str) -> float:
    """Proficiency of a pool in a language, above 0 to 1; 0 where it does not speak it."""
    if pool.languages is None or language == ANY_LANGUAGE:
        return 1.0
    return pool.languages.get(language, 0.0)


def language_pace(scenario: Scenario, pool: Pool, language: str) -> float:
    """Factor of a pool's handle times in a language: 1 / proficiency, or that of a translation."""
    fluent = proficiency(pool, language)
    if fluent > 0.0:
        return 1.0 / fluent
    step = translation(scenario, pool)
    if step is None or pool.languages is None or step.language is None:
        return 1.0
    return step.translated.handle_time / pool.languages[step.language]


def translation(scenario: Scenario, pool: Pool) -> OverflowStep | None:
    """The overflow step that brings a pool visits in languages that it does not speak: the first whose language it
    speaks."""
    return next((step for step in scenario.routing.overflow if _bridges(pool, step.language)), None)


def _speaks(pool: Pool, language: str) -> bool:
    return pool.languages is None or language == ANY_LANGUAGE or language in pool.languages


def _bridges(pool: Pool, language: str | None) -> bool:
    return language is not None and pool.languages is not None and language in pool.languages


def _skill(pool: Pool, workflow: str, tier: str, channel: str) -> Skill | None:
    if tier not in pool.tier or (pool.channels is not None and channel not in pool.channels):
        return None
    return Skill() if pool.skills is None else pool.skills.get(workflow)


def queue_kinds(scenario: Scenario, streams: Iterable[Stream]) -> dict[Kind, list[Stream]]:
    """Kinds of visits of a scenario with the streams that they come from."""
    found: dict[Kind, list[Stream]] = {}
    for stream in streams:
        for workflow, tier in legs_of(scenario, stream.workflow):
            found.setdefault(kind_of(scenario, stream, workflow, tier), []).append(stream)
    return found


__all__ = [
    "DEFAULT_TIERS",
    "NO_VENDOR",
    "Eligibility",
    "EligiblePools",
    "Entry",
    "Kind",
    "is_first",
    "kind_of",
    "language_pace",
    "legs_of",
    "proficiency",
    "queue_kinds",
    "reserved_segments",
    "tiers_of",
    "translation",
]
