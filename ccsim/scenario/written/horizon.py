"""The horizon, the run, service level and goals as they are written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ccsim.scenario import scalars
from ccsim.scenario.derive import quantity, section_form
from ccsim.scenario.forms import Form, Key, ListForm, NameForm, Schema, WordForm
from ccsim.scenario.paths import joined
from ccsim.scenario.reading import BAD, Reading
from ccsim.scenario.sections import Goal, Horizon, RunPlan, ServiceLevel
from ccsim.scenario.tree import Leaf, Map, Node
from ccsim.units import DAY, SECOND

RUN_OUT: Final = 3 * DAY
INTERVAL: Final = 1_800 * SECOND


def _horizon(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    values.setdefault("warm_up", 0)
    values.setdefault("run_out", RUN_OUT)
    values.setdefault("interval", INTERVAL)
    interval = values["interval"]
    if DAY % interval:
        entry = node.entries["interval"]
        return rd.fault(
            f"expected an interval that divides a day, like 30m, got {scalars.duration_text(interval)}",
            entry.node.place,
            joined(key, "interval"),
        )
    rd.start = datetime.fromisoformat(values["start"])
    rd.played = timedelta(microseconds=values["warm_up"] + values["length"] + values["run_out"])
    return values


_MOST_PLAYED: Final = 3_660 * DAY


def _optional(form: Form, section: type[Horizon], name: str, default: str) -> Key:
    return Key(form, section.model_fields[name], default=default)


HORIZON: Final = section_form(
    Horizon,
    {},
    forms={
        "length": quantity("duration", above=0, most=_MOST_PLAYED),
        "warm_up": quantity("duration", most=_MOST_PLAYED),
    },
    extra={
        "run_out": _optional(quantity("duration", most=_MOST_PLAYED), Horizon, "run_out", "3d"),
        "interval": _optional(quantity("duration", least=SECOND, most=DAY), Horizon, "interval", "30m"),
    },
    finish=_horizon,
)

RUN: Final = section_form(RunPlan, {}, forms={"replications": quantity("count", least=1, most=10_000_000)})


def _within(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if "within" in values:
        values["within"] = tuple(sorted(set(values["within"])))
    return values


SERVICE_LEVEL: Final = section_form(
    ServiceLevel,
    {},
    forms={"within": ListForm(quantity("duration"), one_will_do=True, least=1, most=50)},
    finish=_within,
)

#: Unit of every KPI that a goal may name: those of `ccsim.metrics.kpis`, as a test sees to.
KPI_UNITS: Final = {
    "service_level": "share",
    "service_level_abandons_count_against": "share",
    "service_level_short_abandons_removed": "share",
    "service_level_short_abandons_credited": "share",
    "service_level_abandons_within_ignored": "share",
    "service_level_removed_from_queue": "share",
    "service_level_answered_only": "share",
    "mean_wait": "time",
    "asa": "time",
    "wait_sd": "time",
    "wait_p50": "time",
    "wait_p80": "time",
    "wait_p90": "time",
    "wait_p95": "time",
    "wait_p99": "time",
    "waited": "share",
    "abandonment": "share",
    "moved_on": "share",
    "blocked": "share",
    "closed": "share",
    "queue_length": "ratio",
    "arrived_per_day": "ratio",
    "offered_per_day": "ratio",
    "by_peers": "share",
    "held_back": "share",
    "held_back_wait": "time",
    "deadline_met": "share",
    "backlog": "ratio",
    "backlog_over_24h": "ratio",
    "resolved": "share",
    "escalation_rate": "share",
    "transfer_rate": "share",
    "return_rate": "share",
    "repeat_rate": "share",
    "aht": "time",
    "mean_talk": "time",
    "mean_wrap_up": "time",
    "occupancy": "share",
    "utilisation": "ratio",
    "in_hand": "ratio",
    "shrinkage": "share",
    "absence": "share",
    "overtime": "share",
    "attendance": "ratio",
    "agents": "ratio",
    "agents_required": "ratio",
    "agents_scheduled": "ratio",
    "understaffing": "share",
    "answered_per_day": "ratio",
    "cost_per_day": "money",
    "cost_per_contact": "money",
    "cost_per_resolution": "money",
}
_OF_POOLS: Final = (
    "occupancy", "utilisation", "in_hand", "shrinkage", "absence", "overtime", "attendance", "agents",
    "agents_required", "agents_scheduled", "understaffing", "answered_per_day",
)  # fmt: skip
_OF_COST: Final = ("cost_per_day", "cost_per_contact", "cost_per_resolution")
"""Paid by pool and allocated by queue: a goal may be limited to either, not to both."""
_OF_EVERYTHING: Final = ("repeat_rate",)
QUEUE_SCOPES: Final = ("workflow", "channel", "segment", "tier", "market", "language", "cause")
POOL_SCOPES: Final = ("pool", "site", "vendor")


class GoalValueForm(Form):
    """A target: a share, a time or an amount, by the KPI."""

    says = "a share like 80%, a time like 30s, or an amount like 7.50"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        return node

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [quantity(kind).schema(defs) for kind in ("share", "duration", "money")]}


def _counted_by(kpi: str, scope: str) -> bool:
    """Whether a KPI can be limited to one workflow, channel, pool, ..."""
    if kpi in _OF_EVERYTHING:
        return False
    if kpi in _OF_COST:
        return scope in (*QUEUE_SCOPES, *POOL_SCOPES)
    return scope in (*POOL_SCOPES, "tier") if kpi in _OF_POOLS else scope in QUEUE_SCOPES


def _goal(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    kpi = values["kpi"]
    unit = KPI_UNITS[kpi]
    kind = {"share": "share", "ratio": "ratio", "time": "duration", "money": "money"}[unit]
    for bound in ("at_least", "at_most"):
        if bound in values:
            value = quantity(kind).read(values[bound], joined(key, bound), rd)
            values[bound] = value if value is BAD else value / SECOND if unit == "time" else value
    if BAD in values.values():
        return BAD
    if "at_least" not in values and "at_most" not in values:
        return rd.fault("expected at_least or at_most", node.place, key)
    if values.get("at_least", 0.0) > values.get("at_most", float("inf")):
        return rd.fault("expected at_least below at_most", node.place, key)
    if "within" in values and not kpi.startswith("service_level"):
        return rd.fault(f"belongs to service_level, not to {kpi}", node.entries["within"].place, joined(key, "within"))
    ok = True
    for scope in (*QUEUE_SCOPES, *POOL_SCOPES):
        if scope in values and not _counted_by(kpi, scope):
            rd.fault(f"{kpi} is not counted by {scope}", node.entries[scope].place, joined(key, scope))
            ok = False
    limited = [[scope for scope in scopes if scope in values] for scopes in (QUEUE_SCOPES, POOL_SCOPES)]
    if ok and kpi in _OF_COST and all(limited):
        queues, pools = (" and ".join(scopes) for scopes in limited)
        return rd.fault(f"{kpi} is counted by {queues} or by {pools}, not by both together", node.place, key)
    return values if ok else BAD


GOAL: Final = section_form(
    Goal,
    {},
    forms={
        "kpi": WordForm(tuple(KPI_UNITS)),
        "at_least": GoalValueForm(),
        "at_most": GoalValueForm(),
        **{scope: NameForm(f"{scope}s") for scope in (*QUEUE_SCOPES, *POOL_SCOPES)},
    },
    finish=_goal,
)
