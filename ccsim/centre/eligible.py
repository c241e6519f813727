"""Eligible pools: which pools may serve a visit, in which order, and after how long.

Pure Python on the typed scenario, so that `check` and `explain` can ask without compiling anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ccsim.centre.legs import Kind, tiers_of
from ccsim.centre.preferred import Entry, asked_first, rule_for
from ccsim.centre.prices import price_of
from ccsim.centre.streams import ANY_LANGUAGE
from ccsim.language.pools import Pool
from ccsim.language.preferred import Preferred
from ccsim.language.routing import OverflowStep
from ccsim.language.scenario import Scenario
from ccsim.language.skills import Skill
from ccsim.language.workflows import Workflow

NO_VENDOR: Final = ""


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
    rule: Preferred | None = None
    """Rule by which some pools are asked first."""

    @property
    def pools(self) -> set[str]:
        """Every pool that may serve it, sooner or later."""
        return {entry.pool for entries in self.by_vendor.values() for entry in entries}


class Eligibility:
    """The eligible pools of a scenario's visits, each list made once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._pools = sorted(scenario.pools.items())
        self._prices = {name: price_of(scenario, pool) for name, pool in self._pools}
        self._able: dict[tuple[str, ...], list[tuple[str, Pool, Skill]]] = {}
        self._made: dict[tuple[object, ...], EligiblePools] = {}
        self._of: dict[Kind, EligiblePools] = {}
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
        key = (*kind[:4], kind.segment, kind.severity, region, residency)
        if key not in self._made:
            # Channels that the same pools take share their eligible pools.
            able = tuple(name for name, _, _ in self.able_for(kind))
            alike = (*kind[:2], kind.language, region, residency, able, id(self._rule_for(kind)))
            twin = self._alike.setdefault(alike, key)
            if twin != key:
                eligible = self._made[twin]
                self._made[key] = EligiblePools(
                    kind, eligible.steps, eligible.shares, eligible.by_vendor, eligible.barred, eligible.rule
                )
            else:
                self._made[key] = self._make(kind, region, residency)
        return self._made[key]

    def able_for(self, kind: Kind) -> list[tuple[str, Pool, Skill]]:
        """Pools with the skill for a kind that are reserved for no other segment or severity, sorted by name."""
        key = (kind.workflow, kind.tier, kind.channel, kind.segment, kind.severity)
        if key not in self._able:
            found = []
            for name, pool in self._pools:
                skill = _skill(pool, kind.workflow, kind.tier, kind.channel)
                mine = pool.segments is None or kind.segment in pool.segments
                if skill is not None and mine and (pool.severity is None or kind.severity in pool.severity):
                    found.append((name, pool, skill))
            self._able[key] = found
        return self._able[key]

    def _rule_for(self, kind: Kind) -> Preferred | None:
        workflow = self.scenario.workflows.get(kind.workflow)
        return None if workflow is None else rule_for(workflow, kind.tier, kind.segment, kind.severity)

    def _make(self, kind: Kind, region: str | None, residency: tuple[str, ...] | None) -> EligiblePools:
        workflow = self.scenario.workflows.get(kind.workflow) or Workflow()
        tier = tiers_of(self.scenario, kind.workflow)[kind.tier]
        needed = tier.certification or workflow.certification
        named = {name for names in workflow.pools for name in names}
        if named:
            named.update(name for step in workflow.overflow for name in step.pools)
        allowed, barred = [], []
        rule = self._rule_for(kind)
        first = frozenset[str]() if rule is None else frozenset(rule.pools)
        for name, pool, skill in self.able_for(kind):
            at = self._regions[name]
            if (residency is not None and at not in residency) or (needed and needed not in pool.certifications):
                if _speaks(pool, kind.language) and (not named or name in named or name in first):
                    barred.append(name)
            else:
                allowed.append((name, pool, skill))
        made = self._ordinary(kind, workflow, region, allowed, tuple(barred))
        mine = [
            Entry(0, self._rank(name, pool, skill, kind, region), name, skill.level, False)
            for name, pool, skill in allowed
            if name in first and _speaks(pool, kind.language)
        ]
        if rule is None or not mine:
            return made
        steps, by_vendor = asked_first(rule, mine, made.steps, made.by_vendor)
        return EligiblePools(kind, steps, made.shares, by_vendor, made.barred, rule)

    def _ordinary(
        self,
        kind: Kind,
        workflow: Workflow,
        region: str | None,
        allowed: list[tuple[str, Pool, Skill]],
        barred: tuple[str, ...],
    ) -> EligiblePools:
        """The pools that may serve a kind where no rule says that others are asked first."""
        if workflow.pools or workflow.overflow:
            steps = tuple(step.after for step in workflow.overflow if step.after > 0)
            entries = self._named(workflow, kind, region, allowed)
            return EligiblePools(kind, steps, {}, {NO_VENDOR: entries}, barred)
        steps = tuple(step.after for step in self.scenario.routing.overflow if step.after > 0)
        shares = self._shares(kind, allowed)
        by_vendor = {
            vendor: self._ringed(kind, region, allowed, vendor if shares else None)
            for vendor in (shares or {NO_VENDOR: 1.0})
        }
        return EligiblePools(kind, steps, shares, by_vendor, barred)

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
