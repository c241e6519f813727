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
    return Key(form, " ".join((section.model_fields[name].description or "").split()), default=default)


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
    "resolved": "share",
    "escalation_rate": "share",
    "return_rate": "share",
    "repeat_rate": "share",
    "aht": "time",
    "mean_talk": "time",
    "mean_wrap_up": "time",
    "occupancy": "share",
    "utilisation": "ratio",
    "in_hand": "ratio",
    "shrinkage": "share",
    "overtime": "share",
    "agents": "ratio",
    "answered_per_day": "ratio",
    "cost_per_contact": "money",
    "cost_per_resolution": "money",
}
_OF_POOLS: Final = (
    "occupancy", "utilisation", "in_hand", "shrinkage", "overtime", "agents", "answered_per_day",
    "cost_per_contact",
)  # fmt: skip
_OF_EVERYTHING: Final = ("repeat_rate", "cost_per_resolution")


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
    """Whether a KPI can be limited to one workflow, channel, segment, tier or pool."""
    if kpi in _OF_EVERYTHING:
        return False
    return scope in ("pool", "tier") if kpi in _OF_POOLS else scope != "pool"


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
    for scope in ("workflow", "channel", "segment", "tier", "pool"):
        if scope in values and not _counted_by(kpi, scope):
            rd.fault(f"{kpi} is not counted by {scope}", node.entries[scope].place, joined(key, scope))
            ok = False
    return values if ok else BAD


GOAL: Final = section_form(
    Goal,
    {},
    forms={
        "kpi": WordForm(tuple(KPI_UNITS)),
        "at_least": GoalValueForm(),
        "at_most": GoalValueForm(),
        "workflow": NameForm("workflows"),
        "channel": NameForm("channels"),
        "segment": NameForm("segments"),
        "tier": NameForm("tiers"),
        "pool": NameForm("pools"),
    },
    finish=_goal,
)
