"""Every KPI: what is divided by what, in which unit, and what it means.

A formula adds and subtracts columns of `ccsim.results.schema`; a bare column belongs to the KPI's own table,
one of another table is written `table.column`. `length` is the counted time of a replication, `paid_cost` the
paid time times the pool's `paid_hour`. The formulas below are the ones that are computed, and the ones that
the reference prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ccsim.metrics.rules import RULES, Rule

Unit = Literal["share", "s", "contacts", "agents", "contacts/day", "money/contact", "money/case"]
Table = Literal["queue_intervals", "queue_calendar", "pool_intervals", "replications", "waits"]

COHORT: Final = "cohort: counted where the visit joined its queue"
CALENDAR: Final = "calendar: what happened in the counted time"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI: a ratio of two sums (or a quantile of, or a spread around, such a ratio)."""

    name: str
    title: str
    unit: Unit
    numerator: str
    denominator: str
    meaning: str
    better: Literal["higher", "lower", "neither"]
    """Which way is better for the customer or the payer."""
    table: Table = "queue_intervals"
    """Table of the bare columns of its formulas."""
    scale: float = 1.0
    """The ratio is multiplied by this: microseconds to seconds, per microsecond to per day."""
    kind: Literal["ratio", "quantile", "spread"] = "ratio"
    share: float = 0.0
    """Of a quantile: the share of contacts that do not exceed it."""
    rule: str = ""
    """Of a service level: its rule."""

    @property
    def by_pool(self) -> bool:
        """Whether it is split by pool rather than by queue."""
        return self.table == "pool_intervals"

    @property
    def by_threshold(self) -> bool:
        """Whether there is one for every threshold T."""
        return "_within_T" in self.numerator

    @property
    def anchor(self) -> str:
        """Which contacts or time it counts."""
        return CALENDAR if self.table in ("queue_calendar", "pool_intervals") else COHORT


_ENDED: Final = "offered - open_waiting"
_HANDLED: Final = "resolved + escalated + unresolved"
_SECONDS: Final = 1e-6
_PER_DAY: Final = 86_400e6


def _service_level(name: str, title: str, rule: Rule, meaning: str) -> Kpi:
    return Kpi(name, title, "share", rule.numerator, rule.denominator, meaning, "higher", rule=rule.name)


def service_level(rule: str) -> Kpi:
    """The KPI `service_level` under a named rule."""
    return _service_level(
        "service_level",
        "Service level",
        RULES[rule],
        "Share of contacts served within T, counted by the scenario's rule (`service_level: {rule: ...}`), "
        "which is printed with it; a wait of exactly T is within",
    )


def _rule_kpi(rule: Rule) -> Kpi:
    return _service_level(
        f"service_level_{rule.slug}",
        f"Service level, {rule.name}",
        rule,
        f"Service level by the rule `{rule.name}`, whatever the scenario's rule is",
    )


def _quantile(percent: int) -> Kpi:
    return Kpi(
        f"wait_p{percent}",
        f"Wait, {percent} % quantile",
        "s",
        "waits.answered",
        "",
        f"Wait that {percent} % of the answered do not exceed; known to 0.8 % or 1 ms (fixed bins)",
        "lower",
        table="waits",
        kind="quantile",
        share=percent / 100,
    )


SERVICE: Final = (
    service_level("abandons count against"),
    *(_rule_kpi(rule) for rule in RULES.values()),
    Kpi("mean_wait", "Mean wait", "s", "wait_answered_us + wait_abandoned_us + wait_other_us", _ENDED,
        "Wait of all offered, whether answered or not, in the mean (ASA counts the answered only)",
        "lower", scale=_SECONDS),
    Kpi("asa", "ASA", "s", "wait_answered_us", "answered",
        "Average speed of answer: wait of the answered in the mean", "lower", scale=_SECONDS),
    Kpi("wait_sd", "Wait, standard deviation", "s", "wait_answered_us", "answered",
        "Spread of the answered contacts' waits around the ASA", "lower", scale=_SECONDS, kind="spread"),
    *(_quantile(percent) for percent in (50, 80, 90, 95, 99)),
    Kpi("waited", "Waited", "share", "waited", "offered",
        "Share of the offered that found no agent at once", "lower"),
    Kpi("abandonment", "Abandonment", "share", "abandoned", _ENDED,
        "Share of the offered whose customer left the queue", "lower"),
    Kpi("moved_on", "Moved on", "share", "moved_on + cleared", _ENDED,
        "Share of the offered that left at the longest wait or were cleared at closing", "lower"),
    Kpi("blocked", "Blocked", "share", "blocked", "offered + blocked + closed",
        "Share of the visits at the door turned away because lines or places were full", "lower"),
    Kpi("closed", "Closed out", "share", "closed", "offered + blocked + closed",
        "Share of the visits at the door turned away outside opening hours", "lower"),
    Kpi("queue_length", "Mean queue length", "contacts", "waiting_us", "length",
        "Contacts waiting, in the mean over the counted time", "lower", table="queue_calendar"),
    Kpi("arrived_per_day", "Arrived a day", "contacts/day", "arrived", "length",
        "Contacts from outside in 24 h of the counted time, returns included", "neither", scale=_PER_DAY),
    Kpi("offered_per_day", "Offered a day", "contacts/day", "offered", "length",
        "Visits that reached a queue in 24 h of the counted time", "neither", scale=_PER_DAY),
)  # fmt: skip

RESOLUTION: Final = (
    Kpi("resolved", "Resolved", "share", "resolved", _HANDLED,
        "Share of the handled visits that resolved the case (a reopened case counts again)", "higher"),
    Kpi("escalation_rate", "Escalated", "share", "escalated", _HANDLED,
        "Share of the handled visits that went on to the next tier", "lower"),
    Kpi("return_rate", "Returning", "share", "returning", f"{_ENDED} - open_in_hand + blocked + closed",
        "Share of the ended visits after which the customer comes back as a new contact", "lower"),
    Kpi("repeat_rate", "Repeat contacts", "share", "contacts - cases", "contacts",
        "Share of the contacts that are not the first of their case", "lower", table="replications"),
)  # fmt: skip

WORKFORCE: Final = (
    Kpi("aht", "AHT", "s", "talk_us + wrap_up_us", _HANDLED,
        "Average handle time: talk, hold and wrap-up of a handled visit", "neither", scale=_SECONDS),
    Kpi("mean_talk", "Mean talk", "s", "talk_us", _HANDLED,
        "Talk (hold included) of a handled visit", "neither", scale=_SECONDS),
    Kpi("mean_wrap_up", "Mean wrap-up", "s", "wrap_up_us", _HANDLED,
        "Wrap-up of a handled visit", "neither", scale=_SECONDS),
    Kpi("occupancy", "Occupancy", "share", "in_hand_us", "signed_in_us",
        "Share of the signed-in time with at least one contact in hand, wrap-up included", "neither",
        table="pool_intervals"),
    Kpi("utilisation", "Utilisation", "share", "in_hand_us", "paid_us",
        "Share of the paid time with at least one contact in hand", "higher", table="pool_intervals"),
    Kpi("in_hand", "Contacts in hand", "contacts", "held_us", "signed_in_us",
        "Contacts that a signed-in agent holds, in the mean; above the occupancy where chats overlap",
        "neither", table="pool_intervals"),
    Kpi("shrinkage", "Shrinkage", "share", "paid_us - signed_in_us", "paid_us",
        "Share of the paid time that agents were not signed in (paid breaks)", "lower",
        table="pool_intervals"),
    Kpi("overtime", "Overtime", "share", "overtime_us", "signed_in_us",
        "Share of the signed-in time after the planned end, to finish the contact in hand", "lower",
        table="pool_intervals"),
    Kpi("agents", "Agents signed in", "agents", "signed_in_us", "length",
        "Agents signed in, in the mean over the counted time", "neither", table="pool_intervals"),
    Kpi("answered_per_day", "Answered a day", "contacts/day", "answered", "length",
        "Visits answered in 24 h of the counted time", "neither", table="pool_intervals", scale=_PER_DAY),
)  # fmt: skip

COST: Final = (
    Kpi("cost_per_contact", "Cost per contact", "money/contact", "paid_cost", "answered",
        "Paid time times the pool's `paid_hour`, per visit answered in the counted time", "lower",
        table="pool_intervals"),
    Kpi("cost_per_resolution", "Cost per resolution", "money/case", "pool_intervals.paid_cost", "resolved",
        "Paid time times the pool's `paid_hour`, per visit that resolved its case; everything together",
        "lower"),
)  # fmt: skip

KPIS: Final = {kpi.name: kpi for group in (SERVICE, RESOLUTION, WORKFORCE, COST) for kpi in group}
"""Every KPI by name."""

QUEUE_SCOPES: Final = ("all", "kind", "workflow", "channel", "segment", "market", "language", "tier", "queue")
"""What a KPI of queues is split by."""

POOL_SCOPES: Final = ("all", "pool")
"""What a KPI of pools is split by."""


def scopes_of(kpi: Kpi) -> tuple[str, ...]:
    """What a KPI is split by."""
    if kpi.by_pool:
        return POOL_SCOPES
    if kpi.table == "replications" or (kpi.kind == "ratio" and "." in kpi.numerator):
        return ("all",)
    return QUEUE_SCOPES


def kpis_of(rule: str) -> dict[str, Kpi]:
    """Every KPI by name, with `service_level` under a named rule."""
    return KPIS | {"service_level": service_level(rule)}
