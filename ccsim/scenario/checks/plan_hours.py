"""Whether a plan can work, before it is simulated: hours without anybody, tiers that have gone home, too much work.

Every week that is simulated is looked at, warm-up included; weeks that are alike are told together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

from ccsim.centre.agent_time import misroute_time
from ccsim.centre.bots import contacts_by_channel, met_by
from ccsim.centre.eligible import Eligibility, EligiblePools, language_pace
from ccsim.centre.journeys import Leg
from ccsim.centre.legs import Kind, first_kinds, kinds_at, misroutes_of, tiers_of
from ccsim.centre.misroutes import times_misrouted
from ccsim.centre.open_hours import QUARTER
from ccsim.centre.precedence import patience_of, time_out_of
from ccsim.centre.streams import Stream
from ccsim.centre.weeks import tiled
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Workflow
from ccsim.scenario.checks.gap_text import few, half_hours, in_every_week, in_weeks, likewise, never_answered
from ccsim.scenario.checks.plan_demand import Known, Part, Told, covered_by, served_part
from ccsim.scenario.checks.plan_holidays import public_holidays
from ccsim.units import HOUR

_CHANNEL: Final = Channel()
_PLAIN: Final = Workflow()

MOST_TOLD: Final = 5
"""Lines of a kind; more are counted."""
_MOST_RETURNS: Final = 20.0
_SLACK: Final = 1.001
"""Work above agents by less than this is rounding."""
_ROSTER_SLACK: Final = 1.03
"""Of a roster only the average is known."""
_LONG: Final = 8 * HOUR
"""In less time a queue may not have grown long enough for customers to leave."""


@dataclass(frozen=True, slots=True)
class _Over:
    """Pools that have more to do than they can, in their worst week."""

    pools: frozenset[str]
    ratio: float
    work: float
    agents: float
    hours: float
    """Time at which any of them is there, microseconds."""
    weeks: list[int]
    leaves: set[bool]


def check_plan(scenario: Scenario, eligibility: Eligibility | None = None, known: Known | None = None) -> list[Told]:
    """What is to be told of a plan whose queues all have eligible pools.

    A fault: in a scenario with sites, hours of every counted week at which a live stream has demand and its queue
    groups are open, but no eligible pool has anybody. Warnings: such hours of some weeks, without sites, or with a
    published roster, which is given as it is; tiers and
    transfers that lead to nobody while others work; more work than agents, by pools and week.

    `eligibility`: that of a scenario with the same eligible pools; `known`: what was found for scenarios with the
    same demand.
    """
    eligibility, known = eligibility or Eligibility(scenario), known or Known(scenario)
    plan = _Plan(scenario, eligibility, known)
    # Variants that only change how many work at the same hours have the same hours without anybody.
    cover = known.cover
    there = ((name, id(cover.agents(one)[0]), bool(cover.holidays(one))) for name, one in scenario.pools.items())
    hours = (id(eligibility), tuple(there))
    if hours not in known.hours:
        known.hours[hours] = [
            *plan.gaps(),
            *public_holidays(scenario, eligibility, known, plan.covered),
            *plan.gone_home(),
        ]
        known.eligibility.append(eligibility)
    return [*known.hours[hours], *plan.too_much()]


class _Plan:
    def __init__(self, scenario: Scenario, eligibility: Eligibility, known: Known) -> None:
        self.scenario = scenario
        self.eligibility = eligibility
        self.known = known
        self.cover = known.cover
        self.weeks = self.cover.weeks.all
        self._open: dict[int, list[int]] = {}
        self._names: dict[int, frozenset[str]] = {}

    def _channel(self, name: str) -> Channel:
        return self.scenario.channels.get(name) or _CHANNEL

    def _zone(self, market: str) -> str:
        known = self.scenario.markets.get(market)
        return known.time_zone if known else self.scenario.time_zone

    def _agents(self, name: str) -> tuple[list[int], list[float]]:
        return self.cover.agents(self.scenario.pools[name])

    def covered(self, eligible: EligiblePools) -> list[int]:
        """By week: hours at which every vendor that may be assigned has a pool open, or an overflow step leads to
        one."""
        known = self._open.get(id(eligible.by_vendor))
        if known is None:
            known = covered_by(eligible, lambda pool: self._agents(pool)[0], len(self.weeks))
            self._open[id(eligible.by_vendor)] = known
        return known

    def gaps(self) -> list[Told]:
        """Half-hours with demand and nobody on the line."""
        faults: dict[tuple[str, int, str], Told] = {}
        missing: dict[str, list[tuple[Stream, list[int], str]]] = {}
        for flow in self.known.by_volume.values():
            for kind in first_kinds(self.scenario, flow.stream):
                stream = flow.stream
                if self._channel(stream.channel).kind != "live":
                    continue
                zone, eligible = self._zone(stream.market), self.eligibility.pools_for(kind)
                gaps = self._unanswered(flow.bits, kind, eligible, zone)
                if not any(gaps):
                    continue
                clocks = self._clocks(zone, eligible)
                if always := self._always(stream, gaps, kind, eligible, zone, clocks):
                    told = Told(never_answered(stream.name, always, zone), ("demand", stream.volume), fault=True)
                    faults.setdefault((stream.volume, always, zone), told)
                    weeks, shut = self.cover.weeks, tiled(always)
                    gaps = [gap & ~weeks.to_utc(shut, zone, week) for gap, week in zip(gaps, self.weeks, strict=True)]
                if any(gaps):
                    said = in_weeks(self.cover.weeks, gaps, zone, clocks)
                    missing.setdefault(stream.volume, []).append((stream, gaps, said))
        return [*faults.values(), *self._gaps(missing)]

    def _unanswered(self, wanted: Sequence[int], kind: Kind, eligible: EligiblePools, zone: str) -> list[int]:
        """By week: half-hours with demand and open queue groups at which no eligible pool has anybody."""
        gaps = [hours & ~there for hours, there in zip(wanted, self.covered(eligible), strict=True)]
        if any(gaps):
            gaps = [gap & hours for gap, hours in zip(gaps, self.known.entry_points(kind, zone), strict=True)]
        return gaps

    def _always(
        self, stream: Stream, gaps: Sequence[int], kind: Kind, eligible: EligiblePools, zone: str, clocks: set[str]
    ) -> int:
        """Hours of the week that are missing every week, where that is a fault: with sites, and where nothing was given
        as it is."""
        as_it_is = self._recorded_volume(stream) or any(self.scenario.pools[name].roster for name in eligible.pools)
        if not self.scenario.sites or as_it_is:
            return 0
        return in_every_week(self.cover.weeks, self._lasting(gaps, kind, eligible, zone), zone, clocks)

    def _lasting(self, gaps: Sequence[int], kind: Kind, eligible: EligiblePools, zone: str) -> Sequence[int]:
        """Of hours that are missing those that would be without dates of their own anywhere."""
        scenario = self.scenario
        dated = [bool(site.special_days) for site in scenario.sites.values()]
        dated += [bool(group.special_days) for group in scenario.queue_groups.values()]
        if not any(dated) and not any(pool.dated or pool.comes_or_goes for pool in scenario.pools.values()):
            return gaps
        usual = covered_by(eligible, lambda pool: self.cover.usual(self.scenario.pools[pool]), len(self.weeks))
        return [
            gap & ~there & hours
            for gap, there, hours in zip(gaps, usual, self.known.entry_points(kind, zone, usual=True), strict=True)
        ]

    def _recorded_volume(self, stream: Stream) -> bool:
        return self.scenario.demand[stream.volume].trace is not None

    def _gaps(self, missing: Mapping[str, Sequence[tuple[Stream, list[int], str]]]) -> list[Told]:
        """One line for the hours at which nobody is on the line; volumes that miss the same hours together."""
        told: dict[str, list[tuple[str, str]]] = {}
        for volume, found in missing.items():
            stream, _, when = max(found, key=lambda one: sum(bits.bit_count() for bits in one[1]))
            more = len({one.name for one, _, _ in found}) - 1
            also = f" (and {more} more stream{'s' * (more > 1)} of it)" if more else ""
            told.setdefault(when, []).append((volume, f"{stream.name}{also}"))
        return [
            Told(
                f"nobody is on the line for {volumes[0][1]} {when}: it has demand then, "
                f"but no eligible pool has agents signed in{likewise([volume for volume, _ in volumes[1:]])}",
                ("demand", volumes[0][0]),
            )
            for when, volumes in told.items()
        ]

    def _clocks(self, zone: str, *eligible: EligiblePools) -> set[str]:
        """The clock of a stream, and those of all who may be there for it."""
        sites = (
            self.scenario.sites.get(self.scenario.pools[name].site or "") for one in eligible for name in one.pools
        )
        return {zone} | {site.time_zone if site else self.scenario.time_zone for site in sites}

    def gone_home(self) -> list[Told]:
        """Tiers that have gone home while those before them work and pass contacts on."""
        found: dict[tuple[str, str, str, str], list[tuple[Stream, list[int]]]] = {}
        for flow in self.known.merged.values():
            if self._channel(flow.stream.channel).kind != "live" or not any(flow.open):
                continue
            there: dict[Leg, list[int]] = {}
            for leg, to in self.known.moves(flow.stream.workflow):
                for one in (leg, to):
                    if one not in there:
                        there[one] = self._there(flow.stream, *one)
                gaps = [
                    half_hours(bits & above & ~below)
                    for bits, above, below in zip(flow.open, there[leg], there[to], strict=True)
                ]
                if any(gaps):
                    kind = self._kinds(flow.stream, *to)[0][0]
                    hours = self.known.entry_points(kind, self._zone(flow.stream.market))
                    gaps = [gap & within for gap, within in zip(gaps, hours, strict=True)]
                found.setdefault((*leg, *to), []).append((flow.stream, gaps))
        return [self._gone(way, flows) for way, flows in found.items() if any(any(gaps) for _, gaps in flows)]

    def _there(self, stream: Stream, workflow: str, tier: str) -> list[int]:
        """By week: hours at which visits of every severity to a queue find somebody."""
        found = [self.covered(self.eligibility.pools_for(kind)) for kind, _ in self._kinds(stream, workflow, tier)]
        return [reduce(and_, weeks) for weeks in zip(*found, strict=True)]

    def _kinds(self, stream: Stream, workflow: str, tier: str) -> list[tuple[Kind, float]]:
        return kinds_at(self.scenario, stream, workflow, tier)

    def _gone(self, way: tuple[str, str, str, str], flows: list[tuple[Stream, list[int]]]) -> Told:
        workflow, tier, to, to_tier = way
        gone = [(stream, gaps) for stream, gaps in flows if any(gaps)]
        stream, gaps = max(gone, key=lambda one: sum(bits.bit_count() for bits in one[1]))
        zone = self.scenario.time_zone
        ends = [*self._kinds(stream, workflow, tier), *self._kinds(stream, to, to_tier)]
        clocks = self._clocks(self._zone(stream.market), *(self.eligibility.pools_for(kind) for kind, _ in ends)) | {
            zone
        }
        whom = ""
        if len(gone) < len(flows):
            parts = [part for part in (stream.market, stream.language, stream.channel) if part not in ("all", "any")]
            more = f" and {len(gone) - 1} more of {len(flows)} kinds of contacts" if len(gone) > 1 else ""
            whom = f" for {' '.join(parts)}{more}"
        within = to == workflow
        order = list(tiers_of(self.scenario, workflow))
        back = within and order.index(to_tier) < order.index(tier)
        does, key = ("sends back", "sent_back") if back else ("escalates", "escalated")
        does, key = (does, key) if within else ("transfers", "transfers")
        named = f"tier {to_tier}" if within else f"tier {to_tier} of {to}"
        when = in_weeks(self.cover.weeks, gaps, zone, clocks)
        return Told(
            f"{named} has nobody on the line{whom} {when}, while {tier} works and {does} to it",
            ("workflows", workflow, "tiers", tier, key),
        )

    def too_much(self) -> list[Told]:
        """More work than agents: work that only some pools may do, against those pools, week by week."""
        parts = self._work()
        if not self._overs(parts):
            return []
        served: dict[frozenset[str], float] = {}
        for over in self._overs([part for part in parts if part.first is None]):
            served[over.pools] = 1.0 / over.ratio
        if served:  # what the first tier cannot answer does not reach those behind it
            parts = [part._replace(work=[work * served_part(part, served) for work in part.work]) for part in parts]
        return [self._told(over) for over in self._overs(parts)]

    def _overs(self, parts: Iterable[Part]) -> list[_Over]:
        """The smallest groups of pools that have more to do than they can."""
        together: dict[frozenset[str], tuple[list[float], set[bool]]] = {}
        for part in parts:
            work, leaves = together.setdefault(part.pools, ([0.0] * len(self.weeks), set()))
            leaves.add(part.leaves)
            for number, more in enumerate(part.work):
                work[number] += more
        found: list[_Over] = []
        for pools in sorted(together, key=lambda names: (len(names), sorted(names))):
            if any(over.pools <= pools for over in found):
                continue
            inside = [one for names, one in together.items() if names <= pools]
            over = self._over(pools, inside)
            if over is not None:
                found.append(over)
        return found

    def _over(self, pools: frozenset[str], inside: list[tuple[list[float], set[bool]]]) -> _Over | None:
        if any(self.scenario.pools[name].searched is not None for name in pools):
            return None  # how many they are is still to be found
        slack = _ROSTER_SLACK if any(self.scenario.pools[name].headcount is not None for name in pools) else _SLACK
        agents = [self._agents(name) for name in pools]
        works = map(sum, zip(*(work for work, _ in inside), strict=True))
        times = map(sum, zip(*(time for _, time in agents), strict=True))
        weeks: list[int] = []
        worst = (0.0, 0.0, 0.0, 0.0)
        for number, (work, there) in enumerate(zip(works, times, strict=False)):
            if there <= 0.0 or work <= there * slack:
                continue
            weeks.append(number)
            bits = 0
            for hours, _ in agents:
                bits |= hours[number]
            worst = max(worst, (work / there, work, there, bits.bit_count() * QUARTER))
        if not weeks:
            return None
        return _Over(pools, *worst, weeks, {leaves for _, ways in inside for leaves in ways})

    def _told(self, over: _Over) -> Told:
        first, *others = sorted(over.pools)
        said = f"{few(over.work / over.hours)} erlangs for {few(over.agents / over.hours)} agents"
        if others:
            more = f" and {len(others) - 3} more pools" if len(others) > 3 else ""
            said = f"with {', '.join(others[:3])}{more}: {said}"
        if over.leaves == {False}:
            said += ", and nobody abandons: waits grow as long as it lasts"
        elif over.leaves == {True} and over.hours >= _LONG:
            said += f", more work than agents: at least {100.0 * (1.0 - 1.0 / over.ratio):.0f} % will abandon"
        elif over.leaves == {True}:
            said += ", more work than agents: customers will abandon"
        else:
            said += ", more work than agents: queues grow as long as it lasts"
        if len(over.weeks) < len(self.weeks):
            start = max(self.weeks[over.weeks[0]].monday, self.cover.weeks.start).date()
            said += f" (in {len(over.weeks)} of {len(self.weeks)} weeks, first in that of {start})"
        return Told(said, ("pools", first))

    def _work(self) -> list[Part]:
        """Agents' time by the pools that may do it; everybody is taken to be answered."""
        pace = tuple(
            (
                *(name, pool.handle_time),
                frozenset((of, skill.handle_time) for of, skill in (pool.skills or {}).items()),
                frozenset((pool.languages or {}).items()),
            )
            for name, pool in self.scenario.pools.items()
        )
        key = (id(self.eligibility), pace)
        if key not in self.known.work:
            self.known.work[key] = self._made_work()
            self.known.eligibility.append(self.eligibility)
        return self.known.work[key]

    def _made_work(self) -> list[Part]:
        found: dict[tuple[frozenset[str], frozenset[str] | None, bool], Part] = {}
        paces: dict[tuple[frozenset[str], str, str], float] = {}
        for flow in self.known.merged.values():
            stream = flow.stream
            way = self.known.journey(stream.workflow, stream.channel)
            for name, times in contacts_by_channel(self.scenario, stream, way).items():
                channel = self._channel(name)
                met = met_by(self.scenario, stream._replace(channel=name))
                often = min(times, _MOST_RETURNS) * met.agents * (1.0 - channel.peers.share)
                first: frozenset[str] | None = None
                wrong = dict(misroutes_of(self.scenario, stream.workflow))
                mistaken = times_misrouted(self.scenario, stream._replace(channel=name)) if wrong else 0.0
                begun = [(leg, share * mistaken, wrong[leg]) for leg, share in way.misrouted.items()]
                for (workflow, tier), visits, misroute in [*((*one, None) for one in way.visits.items()), *begun]:
                    together = frozenset[str]()
                    for kind, share in self._kinds(stream._replace(channel=name), workflow, tier):
                        pools = self._pools(kind)
                        if (pools, workflow, stream.language) not in paces:
                            paces[pools, workflow, stream.language] = self._pace(pools, workflow, stream.language)
                        recorded = first is None and flow.time > 0.0 and name == stream.channel
                        handle = flow.time if recorded else self.known.handle(kind, flow.aht)
                        handle = misroute_time(self.scenario, kind, misroute, flow.aht) if misroute else handle
                        each = visits * often * share * handle * paces[pools, workflow, stream.language]
                        each *= met.pace if first is None else 1.0
                        if each > 0.0:
                            place = (pools, first, self._leaves(workflow, channel))
                            work = found.setdefault(place, Part(*place, [0.0] * len(self.weeks))).work
                            for week, contacts in enumerate(flow.inside):
                                work[week] += contacts * each
                        together |= pools
                    first = first or together
        return list(found.values())

    def _pools(self, kind: Kind) -> frozenset[str]:
        eligible = self.eligibility.pools_for(kind)
        key = id(eligible.by_vendor)
        if key not in self._names:
            self._names[key] = frozenset(eligible.pools)
        return self._names[key]

    def _leaves(self, workflow: str, channel: Channel) -> bool:
        """Whether those who wait long leave or move on."""
        section = self.scenario.workflows.get(workflow) or _PLAIN
        patience = patience_of(self.scenario, section, channel)
        return (patience is not None and patience.time is not None) or time_out_of(section, channel) is not None

    def _pace(self, pools: frozenset[str], workflow: str, language: str) -> float:
        """The factor of handle times at the fastest of some pools."""
        paces = []
        for name in pools:
            pool = self.scenario.pools[name]
            skill = pool.skills.get(workflow) if pool.skills else None
            own = pool.handle_time * (skill.handle_time if skill else 1.0)
            paces.append(own * language_pace(self.scenario, pool, language))
        return min(paces, default=1.0)
