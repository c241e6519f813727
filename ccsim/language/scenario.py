"""The whole scenario: the root of the language."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from ccsim.kpis.definitions import KPIS
from ccsim.language.assists import ASSISTS, Assist
from ccsim.language.bots import BOTS, Bot
from ccsim.language.cases import CASES, Cases
from ccsim.language.channels import CHANNEL, SEGMENT, Channel, Segment
from ccsim.language.currencies import CurrenciesForm, OwnCurrencyForm
from ccsim.language.deflections import DEFLECTIONS, Deflection
from ccsim.language.demand import DEMAND, Volume
from ccsim.language.derive import form_for
from ccsim.language.files import FILES, TableFile
from ccsim.language.forms import DictForm, ListForm, NameForm, ScalarForm
from ccsim.language.goals import GOAL, RESOLVED_IN_24H, SERVICE_LEVEL, Goal, ServiceLevel
from ccsim.language.handling import AHT, HandleTime, Patience
from ccsim.language.horizon import HORIZON, RUN, Horizon, RunPlan
from ccsim.language.linear_satisfaction import LinearSatisfaction
from ccsim.language.markets import CAUSES, MARKETS, Cause, Market
from ccsim.language.planning import PLANNING, Planning
from ccsim.language.pool_groups import POOLS, name_groups
from ccsim.language.pools import Pool
from ccsim.language.profiles import PROFILES, Profile
from ccsim.language.queue_groups import OPENING_HOURS, OPENING_HOURS_KEY, QUEUE_GROUP, QueueGroup, open_queue_groups
from ccsim.language.reading import BAD, Reading
from ccsim.language.report import REPORT, Report
from ccsim.language.routing import ROUTING, Routing
from ccsim.language.satisfaction import SATISFACTION, Satisfaction, tell_of_bots
from ccsim.language.section import Section, field
from ccsim.language.shift_patterns import PATTERNS, ShiftPattern
from ccsim.language.sites import SITES, Site
from ccsim.language.surges import SURGES, Surge
from ccsim.language.triage import TRIAGE, Triage
from ccsim.language.uncertain import UNCERTAIN, Uncertain
from ccsim.language.vendors import VENDORS, Vendor
from ccsim.language.workflows import WORKFLOW, Workflow
from ccsim.language.zones import OwnZoneForm
from ccsim.text import scalars
from ccsim.text.quantities import Name, Ratio
from ccsim.text.scalars import duration_text
from ccsim.text.tree import Items, Leaf, Map, Node
from ccsim.units import DAY


def _title(text: str) -> str:
    if len(text) > 500 or "\n" in text:
        raise scalars.Misread("expected one line of at most 500 characters")
    return text


_COUNTED: Final = (
    ("demand", "volume", "volumes"),
    ("channels", "channel", "channels"),
    ("markets", "market", "markets"),
    ("sites", "site", "sites"),
    ("pools", "pool", "pools"),
    ("goals", "goal", "goals"),
)
"""Fields that a scenario's short form counts, with their words for one and for more."""


class Scenario(Section):
    """A complete scenario: the contact centre, the simulated period and the goals."""

    scenario: Name = field(form=NameForm(), label="name", silent=True, heading="Scenario", decides_who_serves=False)
    """Name."""
    title: str = field(
        default="",
        form=ScalarForm(_title, "one line of text", {"type": "string", "maxLength": 500}),
        silent=True,
        heading="Scenario",
        decides_who_serves=False,
    )
    """Title, one line."""
    time_zone: str = field(default="UTC", form=OwnZoneForm(), heading="Scenario", decides_who_serves=False)
    """Time zone of local times."""
    currency: str = field(default="USD", form=OwnCurrencyForm(), heading="Scenario", decides_who_serves=False)
    """Currency of all results, and of prices that name none, as its ISO code."""
    currencies: dict[Name, float] = field(
        default_factory=dict,
        form=CurrenciesForm(),
        label="rates of other currencies",
        shows="number",
        decides_who_serves=False,
    )
    """Other currencies in which prices are written, like `paid_hour: 18.50 EUR`, and their rates: `{EUR: 1.08 USD}`
    says what one euro is worth, `{PHP: 58.2 per USD}` how many pesos one dollar is. Prices are converted as they are
    read; all results are in `currency`. A rate may be uncertain: `of: currencies.EUR`."""
    horizon: Horizon = field(form=HORIZON, decides_who_serves=False)
    """The simulated period and the counted part of it."""
    run: RunPlan = field(default_factory=RunPlan, form=RUN, decides_who_serves=False)
    """Replications and seed."""
    files: dict[Name, TableFile] = field(default_factory=dict, form=FILES, silent=True, decides_who_serves=False)
    """Files of telephone and WFM systems, and how they are written; volumes and pools name them."""
    goals: tuple[Goal, ...] = field(default=(), form=ListForm(GOAL, most=200), silent=True, decides_who_serves=False)
    """Goals: the targets that the run is judged against."""
    service_level: ServiceLevel = field(default_factory=ServiceLevel, form=SERVICE_LEVEL, decides_who_serves=False)
    """How service level is counted."""
    cases: Cases = field(default_factory=Cases, form=CASES, decides_who_serves=False)
    """How the resolution of cases is counted."""
    satisfaction: Satisfaction | LinearSatisfaction | None = field(
        default=None, form=SATISFACTION, none="nothing is rated", decides_who_serves=False
    )
    """Satisfaction: how customers rate contacts, CSAT and NPS."""
    report: Report = field(default_factory=Report, form=REPORT, silent=True, decides_who_serves=False)
    """The calendar of reports and goals, and the days that pages look at."""
    handle_time: HandleTime | None = field(default=None, short=AHT, decides_who_serves=False)
    """Handle time where workflow, tier and channel give none."""
    handle_time_cv: Ratio | None = field(
        default=None,
        above=0.0,
        most=100.0,
        label="CV of handle times of which only a mean is written",
        decides_who_serves=False,
    )
    """Coefficient of variation of talk times for which only a duration or a mean is written; they are then lognormal.
    Without it a bare duration is constant and a mean alone exponential. Wrap-up is not affected."""
    patience: Patience | None = field(default=None, decides_who_serves=False)
    """Patience of live contacts where workflow and channel give none; without any, nobody abandons."""
    markets: dict[Name, Market] = field(default_factory=dict, form=MARKETS)
    """Markets: where customers are."""
    segments: dict[Name, Segment] = field(
        default_factory=dict, form=DictForm(SEGMENT, most=1_000), decides_who_serves=False
    )
    """Customer segments."""
    causes: dict[Name, Cause] = field(default_factory=dict, form=CAUSES, decides_who_serves=False)
    """Why they get in touch."""
    channels: dict[Name, Channel] = field(default_factory=dict, form=DictForm(CHANNEL, of="channels", most=200))
    """Channels; one that is used but not listed is live, one contact at a time per agent."""
    workflows: dict[Name, Workflow] = field(default_factory=dict, form=DictForm(WORKFLOW, of="workflows", most=5_000))
    """Workflows: kinds of work. One that is used but not listed has a single tier, t1."""
    bots: dict[Name, Bot] = field(default_factory=dict, form=BOTS, decides_who_serves=False)
    """Bots: what answers contacts before agents do."""
    assists: dict[Name, Assist] = field(default_factory=dict, form=ASSISTS, decides_who_serves=False)
    """Assists: what helps agents while they handle contacts."""
    triage: dict[Name, Triage] = field(default_factory=dict, form=TRIAGE, decides_who_serves=False)
    """Triage: what tells where a contact belongs before it joins a queue."""
    profiles: dict[Name, Profile] = field(default_factory=dict, form=PROFILES, decides_who_serves=False)
    """Profiles by name, besides the built-in ones."""
    surges: dict[Name, Surge] = field(default_factory=dict, form=SURGES, decides_who_serves=False)
    """Surges: launches, campaigns, incidents."""
    deflections: dict[Name, Deflection] = field(default_factory=dict, form=DEFLECTIONS, decides_who_serves=False)
    """Deflections: articles and proactive messages that spare customers the contact."""
    demand: dict[Name, Volume] = field(form=DEMAND)
    """Demand: volumes of contacts by name."""
    sites: dict[Name, Site] = field(default_factory=dict, form=SITES)
    """Sites: where agents work."""
    vendors: dict[Name, Vendor] = field(default_factory=dict, form=VENDORS, decides_who_serves=False)
    """Vendors: who employs the agents."""
    shift_patterns: dict[Name, ShiftPattern] = field(default_factory=dict, form=PATTERNS, decides_who_serves=False)
    """Shift patterns from which rosters are built."""
    planning: Planning = field(default_factory=Planning, form=PLANNING, decides_who_serves=False)
    """How required agents are computed."""
    pools: dict[Name, Pool] = field(form=POOLS)
    """Pools of agents by name."""
    queue_groups: dict[Name, QueueGroup] = field(
        default_factory=dict, form=DictForm(QUEUE_GROUP, most=500), decides_who_serves=False
    )
    """Queue groups: opening hours, trunks, queue limits."""
    routing: Routing = field(default_factory=Routing, form=ROUTING)
    """Routing: which agent answers which contact."""
    uncertain: dict[Name, Uncertain] = field(
        default_factory=dict, form=UNCERTAIN, label="uncertain inputs", decides_who_serves=False
    )
    """Uncertain inputs: numbers that nobody knows for sure, drawn anew in every replication."""

    def __repr__(self) -> str:
        sizes = []
        for name, one, more in _COUNTED:
            count = len(getattr(self, name, ()))
            if count:
                sizes.append(f"{count} {one if count == 1 else more}")
        title = f", {self.title!r}" if self.title else ""
        return f"<Scenario {self.scenario}{title}: {', '.join(sizes)}>"


_BOT: Final = "what answers contacts before agents do, a voice menu or a knowledge base too, stands under `bots:`"
_SPARED: Final = "what spares customers the contact stands under `deflections:`"
_MET: Final = "it stands with the channel: channels.NAME.peers"
_RATED: Final = "how customers rate contacts stands under `satisfaction:`"
_INCIDENT: Final = "what multiplies demand for a while stands under `surges:`, by cause where it has one"
_RATES: Final = (
    "rates of other currencies stand under `currencies: {EUR: 1.08 USD}`, and prices name theirs: `paid_hour: 18 EUR`"
)
SCENARIO: Final = form_for(
    Scenario,
    also={OPENING_HOURS: OPENING_HOURS_KEY},
    early=name_groups,
    finish=open_queue_groups,
    lenient=True,
    instead={
        "outages": "a site that is down has a special day: sites.NAME.special_days: {2026-06-16: closed}, or 20% "
        "for the part of its roster that works",
        **dict.fromkeys(("ivr", "knowledge_base", "voice_bots", "chatbots", "t0", "self_service", "automation"), _BOT),
        **dict.fromkeys(("proactive", "proactive_messages", "articles", "messages"), _SPARED),
        **dict.fromkeys(("community", "peers"), _MET),
        **dict.fromkeys(("csat", "nps", "surveys"), _RATED),
        **dict.fromkeys(("incidents", "incident", "major_incidents"), _INCIDENT),
        **dict.fromkeys(("exchange_rates", "rates", "fx"), _RATES),
        "agent_assist": "what helps agents while they handle contacts stands under `assists:`",
    },
)


def read_scenario(root: Node, rd: Reading) -> Scenario | None:
    """The typed scenario of a merged tree; partial after faults, None where nothing could be read."""
    rd.zone = ZoneInfo("UTC")
    rd.handle_time_cv = _cv(root)
    scenario = SCENARIO.read(root, "", rd)
    if scenario is BAD:
        return None
    assert isinstance(scenario, Scenario)
    _look_at_24h(scenario, root, rd)
    if rd.faults:
        return scenario
    scenario = _with_assumed_ratings(scenario, root, rd)
    if scenario.bots and isinstance(scenario.satisfaction, Satisfaction):
        node = root.get("satisfaction") if isinstance(root, Map) else None
        tell_of_bots(scenario.satisfaction, node or root, rd)
    return _with_goal_thresholds(scenario)


def _cv(root: Node) -> float | None:
    """The `handle_time_cv` of a scenario, which handle times are read by; its own form tells what is wrong with it."""
    node = root.get("handle_time_cv") if isinstance(root, Map) else None
    try:
        return scalars.ratio(node.text) if isinstance(node, Leaf) and not node.empty else None
    except scalars.Misread:
        return None


def _look_at_24h(scenario: Scenario, root: Node, rd: Reading) -> None:
    """Goals that say 24 h in the name of their KPI are about cases that are to be resolved within 24 h."""
    goals = root.get("goals") if isinstance(root, Map) else None
    limit = getattr(scenario, "cases", Cases()).resolved_within
    if not isinstance(goals, Items) or limit == DAY:
        return
    for at, goal in enumerate(goals.items):
        kpi = goal.get("kpi") if isinstance(goal, Map) else None
        if isinstance(kpi, Leaf) and kpi.text == RESOLVED_IN_24H:
            said = f"{duration_text(limit)}" if isinstance(limit, int) else "working time"
            why = f"{kpi.text} is resolved_in_time within 24h, but cases.resolved_within says {said}"
            rd.fault(f"{why}; say resolved_in_time", kpi.place, f"goals.{at}.kpi")


def _with_assumed_ratings(scenario: Scenario, root: Node, rd: Reading) -> Scenario:
    """The scenario with the default of `satisfaction` where a goal is about ratings and nothing is said of them."""
    about = [at for at, goal in enumerate(scenario.goals) if KPIS[goal.kpi].of_ratings]
    if not about or scenario.satisfaction is not None:
        return scenario
    goals = root.get("goals") if isinstance(root, Map) else None
    node = goals.items[about[0]] if isinstance(goals, Items) else root
    kpi = scenario.goals[about[0]].kpi
    rd.assume(
        f"{kpi} is judged though there is no `satisfaction:`; say `satisfaction: defaults`, or your own coefficients",
        node.place,
        f"goals.{about[0]}",
    )
    assumed = SATISFACTION.read(Map({}, node.place), "satisfaction", rd)
    return scenario.model_copy(update={"satisfaction": assumed})


def _with_goal_thresholds(scenario: Scenario) -> Scenario:
    """The scenario with the thresholds of its goals, and of service that is restored, among those of its service
    level."""
    asked = {goal.within for goal in scenario.goals if goal.within is not None}
    asked |= {
        one.restored.within for one in scenario.surges.values() if one.restored and one.restored.within is not None
    }
    level = scenario.service_level
    within = tuple(sorted({*level.within, *asked}))
    if within == level.within:
        return scenario
    return scenario.model_copy(update={"service_level": level.model_copy(update={"within": within})})
