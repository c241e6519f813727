"""What is to be said of the way of a stream: its queues, and who may serve them in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ccsim.centre.eligible import Eligibility, EligiblePools, language_pace, translation
from ccsim.centre.legs import Kind, begins_at, escalated_as, kind_of, legs_of, misroutes_of, tiers_of
from ccsim.centre.misroutes import times_misrouted
from ccsim.centre.open_hours import QUARTER, QUARTERS, WeekClock, bits_of_pool
from ccsim.centre.precedence import balking_of, callback_of, deadline_and_holder, patience_of, priority_of
from ccsim.centre.preferred import Entry
from ccsim.centre.prices import price_of
from ccsim.centre.return_channels import warm_on
from ccsim.centre.streams import Stream, streams_of
from ccsim.errors import Fault, ScenarioError
from ccsim.language.balking import Balking
from ccsim.language.callback import Callback
from ccsim.language.channels import Channel, Segment
from ccsim.language.deadlines import WorkingTime
from ccsim.language.from_until import from_until_text
from ccsim.language.handling import Patience
from ccsim.language.laws import Law
from ccsim.language.pools import Pool
from ccsim.language.preferred import Preferred
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.skills import Skill
from ccsim.language.workflows import Workflow
from ccsim.text.faults import near
from ccsim.text.scalars import WEEKDAYS, clock_text
from ccsim.units import DAY


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool that may serve a visit."""

    pool: str
    choice: int
    """1 is asked first; pools with the same number in a step rank equal."""
    site: str | None
    region: str | None
    vendor: str | None
    paid_hour: float
    level: int
    pace: float
    """Factor of the handle time: pool, skill, proficiency and translation."""
    translated: str | None
    """Language that is spoken in place of the customer's, through a translator."""
    shifts: str
    """Hours of the week at which somebody may be there, by the market's clock."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Pools that open at the same time."""

    after_us: int
    opens: str
    """`at_once`, a word of `routing.overflow`, `pools` where the workflow names its own, or `others` where some are
    asked first."""
    language: str | None
    pace: float
    price: float
    """Price of one translated visit."""
    pools: tuple[PoolFacts, ...]


@dataclass(frozen=True, slots=True)
class EligibleFacts:
    """The overflow steps for visits that are assigned to a vendor, or for all."""

    vendor: str | None
    share: float
    steps: tuple[StepFacts, ...]
    severities: tuple[str, ...] = ()
    """Of the cases, where other pools may serve the others."""
    rule: Preferred | None = None
    """By which some pools are asked first."""


@dataclass(frozen=True, slots=True)
class BarredFacts:
    """A pool with skill and language that must not serve."""

    pool: str
    region: str | None
    why: str


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """How visits come to a queue."""

    how: str
    """`arrives`, `begins` (severities that begin there), `escalated`, `transferred`, `sent_back`,
    `misrouted` (it is a wrong queue) or `found_out` (there)."""
    share: float
    workflow: str
    tier: str
    """Where from; where they arrive, the queue itself."""
    warm: float = 0.0
    """Share of the escalated that are handed over warm."""
    hand_over: Law | None = None


@dataclass(frozen=True, slots=True)
class LegFacts:
    """One queue on the way."""

    workflow: str
    tier: str
    channel: str
    kind: str
    """`live` or `deferred`."""
    sources: tuple[SourceFacts, ...]
    certification: str | None
    priority: int | None
    patience: Patience | None
    balking: Balking | None
    callback: Callback | None
    deadline: int | WorkingTime | None
    deadline_of: str
    """Whose deadline it is: `escalation`, `workflow`, `segment`, `channel`; empty without one."""
    queue_groups: tuple[tuple[str, QueueGroup], ...]
    eligibility: tuple[EligibleFacts, ...]
    barred: tuple[BarredFacts, ...]
    reserved: tuple[BarredFacts, ...]
    """Pools with the skill that serve certain segments alone, this one or others."""


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """The way of a stream."""

    stream: Stream
    region: str | None
    clock: str
    """Zone of the market."""
    channel: Channel
    legs: tuple[LegFacts, ...]


def find_streams(scenario: Scenario, name: str) -> list[Stream]:
    """The stream of a name, or all that have every word of it: a volume, then parts that split it, in any order.

    `ScenarioError` with near names where there is none.
    """
    streams = streams_of(scenario)
    exact = [stream for stream in streams if stream.name == name]
    if exact:
        return exact
    volumes = sorted(scenario.demand, key=len, reverse=True)  # a name may hold a dot
    volume = next((known for known in volumes if name == known or name.startswith(f"{known}.")), None)
    if volume is None:
        volume_like = name if any("." in known for known in volumes) else name.split(".")[0]
        raise ScenarioError([Fault(f"there is no stream {name[:100]!r}{near(volume_like, volumes)}", "demand")])
    mine = [stream for stream in streams if stream.volume == volume]
    words = name[len(volume) + 1 :].split(".") if name != volume else []
    left = mine
    for number, word in enumerate(words):
        # A part may be named like another, so every word takes one.
        found = [stream for stream in left if _parts(stream).count(word) >= words[: number + 1].count(word)]
        if not found:
            known = {part for stream in left for part in _parts(stream)} - set(words)
            so_far = ".".join([volume, *words[:number]])
            why = f"{so_far} has no part {word[:100]!r}{near(word, known)}" if known else f"{so_far} has no more parts"
            raise ScenarioError([Fault(why, "demand")])
        left = found
    if not left:
        raise ScenarioError([Fault(f"{volume} has no streams: all its shares are 0", f"demand.{volume}")])
    return left


def _parts(stream: Stream) -> list[str]:
    return stream.name[len(stream.volume) + 1 :].split(".")


def route_of(scenario: Scenario, stream: Stream) -> RouteFacts:
    """The way of a stream: every queue that its contacts may come to."""
    return _Route(scenario, stream).facts()


class _Route:
    def __init__(self, scenario: Scenario, stream: Stream) -> None:
        self.scenario, self.stream = scenario, stream
        self.eligibility = Eligibility(scenario)
        self.legs = legs_of(scenario, stream.workflow, channel=stream.channel)
        self.market = scenario.markets.get(stream.market)
        self.zone = self.market.time_zone if self.market else scenario.time_zone
        self.clock = WeekClock(scenario)
        self.channel = scenario.channels.get(stream.channel, Channel())

    def facts(self) -> RouteFacts:
        region = self.market.region if self.market else None
        legs = tuple(self._leg(workflow, tier) for workflow, tier in self.legs)
        return RouteFacts(self.stream, region, self.zone, self.channel, legs)

    def _leg(self, name: str, tier_name: str) -> LegFacts:
        scenario = self.scenario
        workflow, tier = scenario.workflows.get(name, Workflow()), tiers_of(scenario, name)[tier_name]
        segment = scenario.segments.get(self.stream.segment, Segment())
        kind = kind_of(scenario, self.stream, name, tier_name)
        eligible = self.eligibility.pools_for(kind)
        channel = scenario.channels.get(kind.channel, Channel())
        certification = tier.certification or workflow.certification
        return LegFacts(
            name,
            tier_name,
            kind.channel,
            channel.kind,
            tuple(self._sources(name, tier_name)),
            certification,
            priority_of(tier, workflow, channel, segment),
            patience_of(scenario, workflow, channel),
            balking_of(workflow, channel),
            callback_of(workflow, channel),
            *deadline_and_holder(workflow, segment, channel, escalated_as(scenario, name, tier_name)),
            tuple(
                (name, group)
                for name, group in sorted(scenario.queue_groups.items())
                if group.passes(kind.workflow, kind.tier, kind.channel, kind.market, kind.language)
            ),
            tuple(self._eligibility(name, tier_name)),
            tuple(BarredFacts(pool, self._region(pool), self._why(pool, certification)) for pool in eligible.barred),
            tuple(self._reserved(kind)),
        )

    def _eligibility(self, name: str, tier: str) -> Iterator[EligibleFacts]:
        """Pools that may answer, by the severities for which they are the same, and assigned vendor."""
        workflow = self.scenario.workflows.get(name, Workflow())
        own = self.scenario.workflows.get(self.stream.workflow)
        severities: dict[Kind, list[str]] = {}
        for severity in sorted(own.severity) if own and own.severity else [""]:
            severities.setdefault(kind_of(self.scenario, self.stream, name, tier, severity), []).append(severity)
        for kind, names in severities.items():
            eligible = self.eligibility.pools_for(kind)
            for vendor, entries in eligible.by_vendor.items():
                yield EligibleFacts(
                    vendor or None,
                    eligible.shares.get(vendor, 1.0),
                    self._steps(eligible, entries, kind, workflow),
                    tuple(names) if len(severities) > 1 else (),
                    eligible.rule,
                )

    def _reserved(self, kind: Kind) -> Iterator[BarredFacts]:
        """Pools that are reserved for some segments or severities."""
        for name, pool in sorted(self.scenario.pools.items()):
            for_whom = [*(pool.segments or ()), *(f"severity {one}" for one in pool.severity or ())]
            own = kind._replace(
                segment=pool.segments[0] if pool.segments else kind.segment,
                severity=pool.severity[0] if pool.severity else kind.severity,
            )
            if for_whom and any(name == able for able, _, _ in self.eligibility.able_for(own)):
                yield BarredFacts(name, self._region(name), f"serves only {', '.join(for_whom)}")

    def _sources(self, name: str, tier: str) -> list[SourceFacts]:
        """Where visits of a queue come from."""
        found = []
        wrong = misroutes_of(self.scenario, self.stream.workflow)
        times = times_misrouted(self.scenario, self.stream) if wrong else 1.0
        if (name, tier) == self.legs[0]:
            found.append(SourceFacts("arrives", 1.0 - self.channel.peers.share, name, tier))
            found.extend(SourceFacts("found_out", one.share * times, *leg) for leg, one in wrong)
        elif (begins := begins_at(self.scenario, self.stream.workflow).get((name, tier), 0.0)) > 0.0:
            found.append(SourceFacts("begins", begins, name, tier))
        of_own = self.stream.workflow, self.legs[0][1]
        found.extend(SourceFacts("misrouted", one.share * times, *of_own) for leg, one in wrong if leg == (name, tier))
        planned = legs_of(self.scenario, self.stream.workflow, by_mistake=False, channel=self.stream.channel)
        if (name, tier) not in planned:
            return found
        tiers = list(tiers_of(self.scenario, name).items())
        place = [one for one, _ in tiers].index(tier)
        if place + 1 < len(tiers) and tiers[place + 1][1].sent_back > 0.0:
            later, section = tiers[place + 1]
            found.append(SourceFacts("sent_back", section.sent_back, name, later))
        if place:
            before, section = tiers[place - 1]
            warm = warm_on(section, self.stream.channel)
            law = section.hand_over if warm else None
            found.append(SourceFacts("escalated", section.escalated, name, before, warm, law))
            return found
        for workflow, at in planned:
            share = tiers_of(self.scenario, workflow)[at].transfers.get(name, 0.0)
            if share > 0.0:
                found.append(SourceFacts("transferred", share, workflow, at))
        return found

    def _steps(
        self, eligible: EligiblePools, entries: tuple[Entry, ...], kind: Kind, workflow: Workflow
    ) -> tuple[StepFacts, ...]:
        """Every overflow step with the pools that it opens; those that open nobody too."""
        own = bool(workflow.pools or workflow.overflow)
        timed = [step for step in self.scenario.routing.overflow if step.after > 0]
        by_ring = {number: self._pools(list(mine), kind) for number, mine in groupby(entries, lambda one: one.step)}
        steps = [StepFacts(0, "at_once", None, 1.0, 0.0, by_ring.get(0, ()))]
        for number, after in enumerate(eligible.steps, 1):
            pools = by_ring.get(number, ())
            if own or eligible.rule:
                steps.append(StepFacts(after, "others" if eligible.rule else "pools", None, 1.0, 0.0, pools))
                continue
            step = timed[number - 1]
            help_ = step.translated
            steps.append(StepFacts(after, step.to, step.language, help_.handle_time, help_.price, pools))
        return tuple(steps)

    def _pools(self, entries: list[Entry], kind: Kind) -> tuple[PoolFacts, ...]:
        ranks = sorted({entry.rank for entry in entries})
        return tuple(self._pool(entry, ranks.index(entry.rank) + 1, kind) for entry in entries)

    def _pool(self, entry: Entry, choice: int, kind: Kind) -> PoolFacts:
        pool = self.scenario.pools[entry.pool]
        skill = Skill() if pool.skills is None else pool.skills.get(kind.workflow, Skill())
        step = translation(self.scenario, pool) if entry.translated else None
        return PoolFacts(
            entry.pool,
            choice,
            pool.site,
            self._region(entry.pool),
            pool.vendor,
            price_of(self.scenario, pool),
            entry.level,
            pool.handle_time * skill.handle_time * language_pace(self.scenario, pool, kind.language),
            step.language if step else None,
            self._shifts(pool),
        )

    def _shifts(self, pool: Pool) -> str:
        """Hours of the week at which a pool may have agents, by the market's clock, and whether dates have others."""
        week = _hours(self.clock.to_local(bits_of_pool(self.scenario, pool, self.clock), self.zone))
        site = self.scenario.sites.get(pool.site or "")
        when = f", {from_until_text(pool.start, pool.until)}" if pool.comes_or_goes else ""
        if not pool.dated and not (site and site.special_days):
            return f"{week}{when}"
        return f"on single dates{when}" if week == "never" else f"{week}, others on single dates{when}"

    def _region(self, pool: str) -> str | None:
        site = self.scenario.sites.get(self.scenario.pools[pool].site or "")
        return site.region if site else None

    def _why(self, pool: str, certification: str | None) -> str:
        """Why a pool must not serve: residency, certification, or both."""
        residency = self.market.residency if self.market else None
        reasons = []
        if residency is not None and self._region(pool) not in residency:
            reasons.append(f"residency: contacts of {self.stream.market} stay in {', '.join(residency)}")
        if certification and certification not in self.scenario.pools[pool].certifications:
            reasons.append(f"not certified for {certification}")
        return "; ".join(reasons)


def _hours(bits: int) -> str:
    """Bits of a week in short: `06:00-01:00`, `mon-fri 07:00-21:00`; at most three groups of days."""
    edges = [at for at in range(QUARTERS) if bits >> at & 1 and not bits >> (at - 1) % QUARTERS & 1]
    if not edges:
        return "24x7" if bits else "never"
    spans = []
    for at in edges:
        end = at + 1
        while bits >> end % QUARTERS & 1:
            end += 1
        spans.append((at * QUARTER, end * QUARTER))
    return _said(spans)


def _said(spans: list[tuple[int, int]]) -> str:
    """Stretches of a week, alike days together."""
    days_of: dict[str, list[int]] = {}
    for start, end in spans:
        stretch = f"{clock_text(start % DAY)}-{clock_text((end - 1) % DAY + 1)}"
        if end - start > DAY:
            stretch = f"{clock_text(start % DAY)} to {WEEKDAYS[(end - 1) // DAY % 7]} {clock_text((end - 1) % DAY + 1)}"
        days_of.setdefault(stretch, []).append(start // DAY)
    stretches: dict[tuple[int, ...], list[str]] = {}
    for stretch, days in days_of.items():
        stretches.setdefault(tuple(days), []).append(stretch)
    said = [f"{_days(days)}{' and '.join(of)}" for days, of in stretches.items()]
    return ", ".join(said[:3]) + (f" and {len(said) - 3} more" if len(said) > 3 else "")


def _days(days: tuple[int, ...]) -> str:
    if len(days) == len(WEEKDAYS):
        return ""
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]} "
    return "+".join(WEEKDAYS[day] for day in days) + " "
