"""Every KPI: what is divided by what, in which unit, and what it means.

A formula adds and subtracts columns of `ccsim.records.tables`, or of those that `ccsim.metrics.sums` makes of
them. The formulas below are the ones that are computed, and the ones that the reference prints. `length` is the
counted time of a replication. KPIs stand in the order in which pages show them; where one is shown, and how, is said
with it (see `ccsim.kpis.places`).
"""

from __future__ import annotations

from typing import Final

from ccsim.kpis.bots import BOTS
from ccsim.kpis.cases import CASES, ENDED_CASES
from ccsim.kpis.incidents import INCIDENTS
from ccsim.kpis.kpi import POOL_SCOPES_OF_COST, Kpi
from ccsim.kpis.places import Place, ShownIn
from ccsim.kpis.rules import RULES, Rule

MAIN_SERVICE: Final = "service_level"
"""KPI that follows the scenario's rule, and that cost is held against where no goal names another."""
MAIN_COST: Final = "cost_per_day"
"""KPI of cost that service is held against."""

ASSIGNED: Final = (
    "By vendor, site and pool a visit counts for whom it was assigned to, whoever answered: the vendor by "
    "`vendor_share`; else the only vendor, site or pool (of the assigned vendor) that may answer before any overflow "
    "step; it counts for none where several may. Of live work, where there is any"
)
"""Whose visits are whose, of those that nobody may have answered."""
ASSIGNED_OR_ANSWERED: Final = (
    "By vendor, site and pool a visit counts for whom it was assigned to, see `abandonment`, and for who answered in "
    "queues whose visits are assigned to none"
)

_ENDED: Final = "offered - open_waiting"
_HANDLED: Final = "resolved + escalated + unresolved + transferred"
_SECONDS: Final = 1e-6
_PER_DAY: Final = 86_400e6


def service_level(rule: str) -> Kpi:
    """The KPI `service_level` under a named rule."""
    return Kpi(
        MAIN_SERVICE, "Service level", "share", RULES[rule].numerator, RULES[rule].denominator,
        "Share of contacts served within T, counted by the scenario's rule (`service_level: {rule: ...}`), which is "
        "printed with it; a wait of exactly T counts as within T. " + ASSIGNED_OR_ANSWERED, "higher", rule=rule,
        work="live", by_answerer=True, assigned="visits_of_",
        shown=(
            "by week", "by period", "main KPIs", ShownIn("terminal by channel", "service level"),
            ShownIn("agents", "Within {threshold}", after="answered_per_day"),
            ShownIn("workbook of agents", after="answered_per_day"),
            ShownIn("first numbers", about="answered within {threshold}; rule: {rule}"), "key figures", "by time",
            "by day", ShownIn("contacts", "Within {threshold}"), "workbook by day", "workbook of contacts", "trade-off",
            "no goals", "sweep without goals",
        ),
    )  # fmt: skip


def _rule_kpi(rule: Rule) -> Kpi:
    return Kpi(
        f"service_level_{rule.slug}", f"Service level, {rule.name}", "share", rule.numerator, rule.denominator,
        f"Service level by the rule `{rule.name}`, whatever the scenario's rule is", "higher", rule=rule.name,
        work="live", by_answerer=True, assigned="visits_of_",
    )  # fmt: skip


def _quantile(percent: int, *shown: Place) -> Kpi:
    return Kpi(
        f"wait_p{percent}",
        f"Wait, {percent} % quantile",
        "s",
        "answered",
        "answered",
        f"Wait that {percent} % of answered contacts do not exceed; accurate to 0.8 % or 1 ms (fixed bins)",
        "lower",
        table="waits",
        kind="quantile",
        share=percent / 100,
        work="live",
        shown=shown,
    )


SERVICE: Final = (
    Kpi("arrived_per_day", "Arrived a day", "contacts/day", "arrived", "length",
        "Contacts from customers per 24 h of the counted time, repeat contacts included", "neither", scale=_PER_DAY,
        shown=("by week", "by period", "main KPIs", "key figures")),
    Kpi("offered_per_day", "Offered a day", "contacts/day", "offered", "length",
        "Visits that joined a queue, per 24 h of the counted time", "neither", scale=_PER_DAY,
        shown=("by period", ShownIn("terminal by channel", "offered a day"), "key figures",
               ShownIn("contacts", "Offered"), "workbook of contacts")),
    service_level("abandons count against"),
    *(_rule_kpi(rule) for rule in RULES.values()),
    Kpi("mean_wait", "Mean wait", "s", "wait_answered_us + wait_abandoned_us + wait_other_us", _ENDED,
        ("Average wait of all offered contacts, answered or not (ASA counts answered contacts only); who balks has "
        "waited 0, who accepts a callback until then"),
        "lower", scale=_SECONDS, work="live",
        shown=("by period", "main KPIs", "key figures", ShownIn("trade-off", after="abandonment"),
               ShownIn("best variants", after="abandonment"), ShownIn("no goals", after="abandonment"))),
    Kpi("asa", "ASA", "s", "wait_answered_us", "answered",
        "Average speed of answer: average wait of answered contacts", "lower", scale=_SECONDS, work="live",
        shown=("by period", "main KPIs", "terminal by channel", "key figures", "by time", "by day", "contacts",
               ShownIn("contacts", "Mean wait", "deferred", after="deadline_met"), "workbook by day",
               "workbook of contacts",
               ShownIn("workbook of contacts", "", "deferred", after="deadline_met"))),
    Kpi("wait_sd", "Wait, standard deviation", "s", "wait_answered_us", "answered",
        "Standard deviation of answered contacts' waits", "lower", scale=_SECONDS, kind="spread", work="live"),
    _quantile(50, "key figures"),
    _quantile(80),
    _quantile(90),
    _quantile(95, "main KPIs", "key figures"),
    _quantile(99),
    Kpi("waited", "Waited", "share", "waited", "offered",
        "Share of offered contacts that had to wait because no agent was free at once", "lower", work="live"),
    Kpi("abandonment", "Abandonment", "share", "abandoned", _ENDED,
        "Share of offered contacts whose customer hung up or left while waiting. " + ASSIGNED, "lower", work="live",
        by_answerer=True, assigned="assigned_to_",
        shown=("by week", "by period", "main KPIs", ShownIn("terminal by channel", "abandoned"),
               ShownIn("first numbers", after="occupancy"), "key figures", "by time",
               ShownIn("contacts", "Abandoned"), ShownIn("agents", "Abandoned", after=MAIN_SERVICE),
               ShownIn("workbook of agents", after=MAIN_SERVICE), "workbook by day", "workbook of contacts",
               "trade-off",
               ShownIn("best variants", after="deadline_met"), "no goals", "sweep without goals")),
    Kpi("balking", "Balking", "share", "balked", _ENDED,
        "Share of offered contacts whose customer left at once at the announced wait; they have not abandoned", "lower",
        work="live", listed="if any", shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("callback_offers", "Callbacks offered", "share", "callbacks_offered", "offered",
        "Share of offered contacts whose customer was offered a callback", "neither", work="live", listed="if any",
        shown=("key figures", "workbook of contacts")),
    Kpi("callbacks", "Callbacks accepted", "share", "callbacks", "offered",
        "Share of offered contacts whose customer accepted a callback", "neither", work="live", listed="if any",
        shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("callbacks_reached", "Callbacks reached", "share", "callbacks_reached",
        "callbacks_reached + not_reached + expired",
        "Share of ended callbacks in which the customer was reached; the others were never reached or expired",
        "higher", work="live", listed="if any", shown=("key figures", "workbook of contacts")),
    Kpi("callback_delay", "Time to callback", "s", "wait_callback_us", "callbacks_reached",
        "Average time from accepting a callback to being reached", "lower", scale=_SECONDS, work="live",
        listed="if any", shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("time_to_abandon", "Time to abandon", "s", "wait_abandoned_us", "abandoned",
        "Average wait of customers who abandoned", "neither", scale=_SECONDS,
        work="live", listed="if known", shown=("key figures", "workbook of contacts")),
    Kpi("deadline_met", "Deadline met", "share", "in_deadline", "due",
        "Share of ended visits of deferred work that were answered within the deadline. " + ASSIGNED_OR_ANSWERED,
        "higher", work="deferred", listed="if known", by_answerer=True, assigned="visits_of_",
        shown=("by week", "by period", "main KPIs", ShownIn("terminal by channel", "deadline met", after=MAIN_SERVICE),
               ShownIn("first numbers", "Deferred work in its deadline"), ShownIn("key figures", after="by_peers"),
               ShownIn("contacts", "In deadline"), ShownIn("agents", "In deadline", after="abandonment"),
               ShownIn("workbook of agents", after="abandonment"), "workbook by day", "workbook of contacts",
               "trade-off",
               "best variants")),
    Kpi("backlog", "Backlog", "contacts", "waiting", "instants",
        "Deferred visits waiting at midnight (in the scenario's time zone), on average over the counted days", "lower",
        table="backlog", work="deferred", listed="if any",
        shown=("main KPIs", ShownIn("key figures", after="deadline_met"), "workbook of contacts", "trade-off")),
    Kpi("backlog_over_24h", "Backlog over 24 h", "contacts", "waiting_over_24h", "instants",
        "Backlog that joined its queue 24 hours ago or earlier", "lower", table="backlog", work="deferred",
        listed="if any", shown=(ShownIn("key figures", after="backlog"),)),
    Kpi("blocked", "Blocked", "share", "blocked", "offered + blocked + closed",
        "Share of visits that were turned away because trunks, places in the queue or sessions of a bot with "
        "`if_full: turn_away` were full: of the visits that came to agents or were turned away, so sessions that a bot "
        "ended are in neither. The share of the contacts for a bot that found all its sessions taken is "
        "`sessions_full`", "lower",
        listed="if any",
        shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("closed", "Closed out", "share", "closed", "offered + blocked + closed",
        "Share of visits that were turned away outside opening hours", "lower", listed="if any",
        shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("moved_on", "Queue time-out", "share", "moved_on + cleared", _ENDED,
        ("Share of offered contacts that left the queue at its time-out (`max_wait`) or were sent away "
        "at closing time"), "lower", listed="if any",
        shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("requeued", "Queued on at time-out", "share", "requeued", f"requeued + {_ENDED}",
        ("Share of the visits of a queue that ended there by waiting on in another queue, at its time-out (`max_wait` "
        "with a `then`). They are not offered: the visit after them is, with the whole wait"), "lower", listed="if any",
        shown=("by period", "main KPIs", "key figures", "workbook of contacts")),
    Kpi("by_peers", "Community deflection", "share", "by_peers", "arrived",
        ("Share of contacts from customers that other customers answered (community or self-service "
        "deflection)"), "higher", listed="if any",
        shown=("key figures",)),
    Kpi("held_back", "Delayed by eligibility", "share", "held_back", "offered",
        ("Share of offered contacts that had to wait although an agent was free whom only residency or "
        "certification rules exclude: what these rules cost"), "lower", listed="if any",
        shown=("key figures", "contacts", "workbook of contacts")),
    Kpi("held_back_wait", "Wait if delayed by eligibility", "s", "wait_held_back_us", "held_back",
        ("Average wait of contacts delayed by eligibility rules, answered or "
        "not"), "lower", scale=_SECONDS, listed="if any",
        shown=("key figures",)),
    Kpi("queue_length", "Mean queue length", "contacts", "waiting_us", "length",
        "Contacts waiting, on average over the counted time", "lower"),
)  # fmt: skip

HANDLING: Final = (
    Kpi("aht", "AHT", "s", "talk_us + wrap_up_us", _HANDLED,
        "Average handle time: talk, hold, hand-over and wrap-up of handled visits", "neither", scale=_SECONDS,
        by_answerer=True,
        shown=("by period", "main KPIs", "terminal by channel", "key figures", "contacts", "workbook of contacts",
               ShownIn("agents", after="answered_per_day"), ShownIn("workbook of agents", after="answered_per_day"))),
    Kpi("mean_talk", "Mean talk", "s", "talk_us", _HANDLED,
        "Average talk time (hold and hand-over included) of handled visits", "neither", scale=_SECONDS,
        by_answerer=True),
    Kpi("mean_wrap_up", "Mean wrap-up", "s", "wrap_up_us", _HANDLED,
        "Average wrap-up of handled visits", "neither", scale=_SECONDS, by_answerer=True),
    Kpi("resolved", "Resolved", "share", "resolved", _HANDLED,
        "Share of handled visits that resolved the case (a reopened case counts again)", "higher", by_answerer=True,
        shown=("key figures", "contacts", "workbook of contacts", ShownIn("agents", after="aht"),
               ShownIn("workbook of agents", after="aht"))),
    Kpi("escalation_rate", "Escalated", "share", "escalated", _HANDLED,
        "Share of handled visits that were escalated to the next tier", "lower", listed="if any", by_answerer=True,
        shown=("main KPIs", "key figures", "workbook of contacts", ShownIn("workbook of agents", after="resolved"))),
    Kpi("transfer_rate", "Transferred", "share", "transferred", _HANDLED,
        "Share of handled visits that were transferred to another workflow, or sent back to the tier before", "lower",
        listed="if any", by_answerer=True,
        shown=("main KPIs", "key figures", "workbook of contacts",
               ShownIn("workbook of agents", after="escalation_rate"))),
    Kpi("warm_transfer_rate", "Warm transfers", "share", "warm", _HANDLED,
        "Share of handled visits after whose talk the agent stayed with the customer until the next tier took over, or "
        "until the customer was lost", "neither", listed="if any", by_answerer=True,
        shown=("key figures", "workbook of contacts")),
    Kpi("warm_wait", "Wait with the customer", "s", "warm_wait_us", "warm",
        "Average time that an agent stayed with the customer of a warm transfer until the next agent answered, or the "
        "customer was lost; it is a part of the agent's talk, and the customer's wait at the next tier", "lower",
        scale=_SECONDS, listed="if any", by_answerer=True, shown=("main KPIs", "key figures", "workbook of contacts")),
    Kpi("warm_time", "Time in warm transfers", "share", "warm_wait_us + hand_over_us", "talk_us + wrap_up_us",
        "Share of the handle time in which agents stayed with customers or handed them over; a hand-over counts with "
        "both agents", "lower", listed="if any", by_answerer=True, shown=("main KPIs", "key figures")),
    Kpi("return_rate", "Returning", "share", "returning", f"{_ENDED} - open_in_hand + blocked + closed",
        "Share of ended visits after which the customer contacts the centre again", "lower", listed="if any",
        shown=("workbook of contacts",)),
    Kpi("repeat_rate", "Repeat contacts", "share", "repeated", "arrived",
        "Share of contacts from customers that are not the first of their case. By vendor, site and pool: of the "
        "contacts of cases from their first one with an agent on, by who answered that one", "lower", listed="if any",
        by_answerer=True, first_answered=("further_contacts", "cases + further_contacts"),
        shown=("main KPIs", "key figures", ShownIn("agents", after="fcr"),
               ShownIn("workbook of agents", after="fcr_measured"))),
)  # fmt: skip

CSAT_AND_NPS: Final = (
    Kpi("csat", "CSAT", "share", "satisfied", "rated",
        "Customer satisfaction: share of the rated contacts that their customer rates 4 or 5 of 5. Every contact that "
        "ends with an agent is rated, whoever answers the survey (`satisfaction`)", "higher",
        by_answerer=True, as_score="csat_score", listed="if known",
        shown=("by week", "by period", "main KPIs", ShownIn("terminal by channel", "CSAT", after="abandonment"),
               ShownIn("terminal by vendor", "CSAT"), ShownIn("key figures", after="fcr"), "contacts",
               ShownIn("agents", after="repeat_rate"),
               "workbook of contacts", "workbook of agents", ShownIn("trade-off", after="abandonment"))),
    Kpi("csat_score", "CSAT, mean rating", "of 5", "score", "rated",
        "Mean rating of the rated contacts, 1 to 5", "higher", by_answerer=True, listed="if known",
        shown=(ShownIn("key figures", after="csat"), "workbook of contacts", "workbook of agents")),
    Kpi("nps", "NPS", "points", "promoters - detractors", "rated",
        "Net promoter score: promoters less detractors, in points of 100 rated contacts, from -100 to 100", "higher",
        scale=100.0, by_answerer=True, listed="if known",
        shown=("by period", ShownIn("main KPIs", after="csat"), ShownIn("key figures", after="csat_score"), "contacts",
               ShownIn("agents", after="csat"), "workbook of contacts", "workbook of agents",
               ShownIn("trade-off", after="csat"))),
    Kpi("response_rate", "Survey response", "share", "responded", "rated",
        "Share of the rated contacts whose customer answers the survey (`satisfaction.response`)", "neither",
        by_answerer=True, listed="if known", shown=(ShownIn("key figures", after="nps"), "workbook of contacts")),
    Kpi("csat_measured", "CSAT, measured", "share", "responded_satisfied", "responded",
        "Customer satisfaction as the survey shows it: share of the answers that are 4 or 5 of 5; it differs from CSAT "
        "where the satisfied and the others do not answer alike", "higher", by_answerer=True, listed="if known",
        shown=(ShownIn("key figures", after="response_rate"), "workbook of contacts", "workbook of agents")),
)  # fmt: skip

WORKFORCE: Final = (
    Kpi("answered_per_day", "Answered a day", "contacts/day", "answered", "length",
        "Visits answered per 24 h of the counted time", "neither", table="pool_sums", scale=_PER_DAY,
        shown=(ShownIn("terminal by vendor", "answered a day", after="shrinkage"), ShownIn("agents", "Answered"),
               "workbook of agents")),
    Kpi("agents_required", "Agents required", "agents", "required_us", "length",
        "Agents that the expected demand requires by the method in `planning`, on average over the counted time",
        "neither", table="workforce_plan", shown=("by period", "key figures", "workbook of agents")),
    Kpi("agents_scheduled", "Agents scheduled", "agents", "scheduled_us", "length",
        "Agents scheduled to be signed in, on average over the counted time", "neither", table="workforce_plan",
        shown=("by period", "key figures", "workbook of agents")),
    Kpi("agents", "Agents signed in", "agents", "signed_in_us", "length",
        "Agents signed in, on average over the counted time", "neither", table="pool_sums",
        shown=("by week", "by period", ShownIn("main KPIs", after="aht"), ShownIn("terminal by vendor", "agents"),
               "key figures", ShownIn("workbook of agents", after="answered_per_day"),
               ShownIn("trade-off", after="occupancy"))),
    Kpi("employed", "People or most agents", "people", "headcount_us", "length",
        "People employed (`headcount`): those on the roster, at work or away. A pool without a headcount says no "
        "people: for it this is the most agents that its staffing has at once, which may be far below its FTE",
        "neither", table="pool_sums",
        shown=("key figures", "by week", "by period", "agents", ShownIn("workbook of agents", after="agents"))),
    Kpi("fte", "FTE", "FTE", "paid_us", "full_time",
        "Full-time equivalents: paid hours over the paid hours of a full-time week (`report.full_time_week`, 40 h "
        "where nothing is said)", "neither", table="pool_sums",
        shown=("key figures", "by week", "by period", "agents", ShownIn("workbook of agents", after="employed"))),
    Kpi("attendance", "Attendance", "ratio", "signed_in_us - overtime_us", "planned_us",
        "Signed-in agent time, overtime excluded, as a ratio of the scheduled time", "higher", table="pool_sums",
        shown=("key figures", ShownIn("workbook of agents", after="overtime"))),
    Kpi("understaffing", "Understaffing", "share", "short_us", "required_us",
        ("Share of the required agent time that is not scheduled, pool by pool and interval by "
        "interval: a surplus at noon does not make up for a shortfall at nine"), "lower", table="workforce_plan",
        shown=("by period", "key figures", "workbook of agents")),
    Kpi("occupancy", "Occupancy", "share", "in_hand_us", "signed_in_us",
        "Share of signed-in time with at least one active contact, wrap-up included", "neither",
        table="pool_sums",
        shown=("by week", "by period", ShownIn("main KPIs", after="agents"), ShownIn("terminal by vendor", "occupancy"),
               ShownIn("first numbers", about="of signed-in time with an active contact"), "key figures", "agents",
               "workbook of agents", "trade-off", "best variants", "sweep without goals")),
    Kpi("utilisation", "Utilisation", "share", "in_hand_us", "paid_us",
        "Share of paid time with at least one active contact", "higher", table="pool_sums", above_one=True,
        shown=("key figures", "agents", "workbook of agents")),
    Kpi("in_hand", "Concurrent contacts", "contacts", "held_us", "signed_in_us",
        "Active contacts per signed-in agent, on average; higher than the occupancy where chats overlap",
        "neither", table="pool_sums", shown=("workbook of agents",)),
    Kpi("shrinkage", "Shrinkage", "share", "paid_us - signed_in_us", "paid_us",
        "Share of paid time during which agents were not signed in: paid breaks, training, absence and so on", "lower",
        table="pool_sums", listed="if any",
        shown=("by period", ShownIn("terminal by vendor", "shrinkage"), "key figures", "agents", "workbook of agents")),
    Kpi("absence", "Absence", "share", "absent_us", "paid_us",
        "Share of paid time of agents who were away all day", "lower", table="pool_sums", listed="if any",
        shown=("key figures", "workbook of agents")),
    Kpi("overtime", "Overtime", "share", "overtime_us", "signed_in_us",
        "Share of signed-in time after the planned end of the shift, to finish active contacts", "lower",
        table="pool_sums", listed="if any", shown=("by period", "key figures", "agents", "workbook of agents")),
)  # fmt: skip

_PAID: Final = (
    "Paid time with premiums times the pool's price of a paid hour, and the price of translated visits and of bots"
)

COST: Final = (
    Kpi(MAIN_COST, "Cost a day", "money/day", "paid_cost", "length", f"{_PAID}, per 24 h of the counted time",
        "lower", table="pool_sums", scale=_PER_DAY, allocated="allocated_cost", listed="if known",
        shown=("by week", "by period", "main KPIs", "key figures", ShownIn("cost", "Cost"), "workbook of contacts",
               "workbook of agents", "trade-off")),
    Kpi("cost_per_contact", "Cost per contact", "money/contact", "paid_cost", "answered",
        f"{_PAID}, per visit answered", "lower", table="pool_sums", allocated="allocated_cost", listed="if known",
        shown=("by period", "main KPIs", ShownIn("terminal by channel", "cost"), ShownIn("terminal by vendor", "cost"),
               ShownIn("first numbers", after="deadline_met", about="per contact answered, premiums included"),
               "key figures", ShownIn("contacts", "Cost"), ShownIn("agents", "Cost"), ShownIn("cost", "Per contact"),
               "workbook of contacts", "workbook of agents", "trade-off")),
    Kpi("cost_per_resolution", "Cost per resolution", "money/case", "paid_cost", "resolved",
        f"{_PAID}, per visit that resolved its case", "lower", table="pool_sums", allocated="allocated_cost",
        listed="if known", shown=("key figures", ShownIn("cost", "Per resolution"), "workbook of contacts",
                                  "workbook of agents", "trade-off")),
    Kpi("cost_per_resolved_case", "Cost per resolved case", "money/case", "allocated_cost",
        f"{ENDED_CASES} - cases_given_up",
        "What agents and bots cost per case that was resolved, by an agent, a bot or other customers, with all the "
        "contacts that it took", "lower", listed="if known", shown=("key figures", "workbook of contacts")),
    Kpi("cost_per_case", "Cost per case", "money/case", "allocated_cost", "arrived - repeated",
        "What agents and bots cost per case, resolved or not, with all the contacts that it took", "lower",
        listed="if known", shown=("key figures",)),
)  # fmt: skip

GROUPS: Final = {
    "Service": SERVICE,
    "Handling": HANDLING,
    "Cases": CASES,
    "Bots": BOTS,
    "Satisfaction": CSAT_AND_NPS,
    "Workforce": WORKFORCE,
    "Cost": COST,
    "Incidents": INCIDENTS,
}
"""KPIs as the reference groups them."""

KPIS: Final = {kpi.name: kpi for group in GROUPS.values() for kpi in group}
"""Every KPI by name."""

QUEUE_SCOPES: Final = (
    "all", "kind", "workflow", "channel", "segment", "severity", "market", "language", "cause", "region", "tier",
    "flow", "queue",
)  # fmt: skip
"""What a KPI of queues is split by; the region is that of the market."""

POOL_SCOPES: Final = ("all", "region", "site", "owner", "vendor", "pool")
"""What a KPI of pools is split by; the region is that of the site, the owner the vendor's kind."""


BOT_SCOPE: Final = "bot"
"""What KPIs of bots are split by, too: the bot that the contacts of a queue meet, `none` without."""

SURGE_SCOPES: Final = ("surge",)
"""What a KPI of surges is split by."""

_OF_BOTS: Final = frozenset(kpi.name for kpi in BOTS)


def scopes_of(kpi: Kpi) -> tuple[str, ...]:
    """What a KPI is split by."""
    if kpi.of_surges:
        return SURGE_SCOPES
    if kpi.name in _OF_BOTS:
        return (*QUEUE_SCOPES, BOT_SCOPE)
    if kpi.allocated or kpi.by_answerer:
        return ("all", *POOL_SCOPES_OF_COST, *QUEUE_SCOPES[1:])
    return POOL_SCOPES if kpi.by_pool else QUEUE_SCOPES


def kpis_of(rule: str) -> dict[str, Kpi]:
    """Every KPI by name, with `service_level` under a named rule."""
    return KPIS | {MAIN_SERVICE: service_level(rule)}
