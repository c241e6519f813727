"""The horizon, the run, service level and goals as they are written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import SCOPES, faults_of, value_of
from ccsim.language.derive import quantity, section_form
from ccsim.language.forms import Form, Key, ListForm, NameForm, Schema, WordForm
from ccsim.language.goals import Goal, ServiceLevel
from ccsim.language.horizon import Horizon, RunPlan
from ccsim.language.reading import BAD, Reading
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Leaf, Map, Node
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


class GoalValueForm(Form):
    """A target: a share, a time or an amount, by the KPI."""

    says = "a share like 80%, a time like 30s, or an amount like 7.50"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        return node

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [quantity(kind).schema(defs) for kind in ("share", "duration", "money")]}


_QUANTITY: Final = {"share": "share", "ratio": "ratio", "time": "duration", "money": "money"}


def _goal(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    kpi = KPIS[values["kpi"]]
    kind = value_of(kpi)
    for bound in ("at_least", "at_most"):
        if bound in values:
            value = quantity(_QUANTITY[kind]).read(values[bound], joined(key, bound), rd)
            values[bound] = value if value is BAD else value / SECOND if kind == "time" else value
    if BAD in values.values():
        return BAD
    targets = {name: values.get(name) for name in ("at_least", "at_most", "within")}
    bad = False
    for field, why in faults_of(kpi, [scope for scope in SCOPES if scope in values], **targets):
        rd.fault(why, node.entries[field].place if field else node.place, joined(key, field) if field else key)
        bad = True
    return BAD if bad else values


GOAL: Final = section_form(
    Goal,
    {},
    forms={
        "kpi": WordForm(tuple(KPIS)),
        "at_least": GoalValueForm(),
        "at_most": GoalValueForm(),
        **{scope: NameForm(f"{scope}s") for scope in SCOPES},
    },
    finish=_goal,
)
