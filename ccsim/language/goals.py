"""How service level is counted, and the targets that a run is judged against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import IN_OTHER_WORDS, SCOPES, faults_of, time_faults, value_of
from ccsim.language.chosen_time import CHOSEN_DAYS, PeriodKind, when_text
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import Form, ListForm, NameForm, ScalarForm, Schema, WordForm
from ccsim.language.hours import WeekHours, hours_text
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.words import money, number, percent
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Name
from ccsim.text.scalars import duration_text
from ccsim.text.tree import Leaf, Map, Node, shown
from ccsim.units import SECOND


def _within(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if "within" in values:
        values["within"] = tuple(sorted(set(values["within"])))
    return values


class ServiceLevel(Section):
    """How service level is counted."""

    rule: Literal[
        "abandons count against",
        "short abandons removed",
        "short abandons credited",
        "abandons within T ignored",
        "removed from queue in T",
        "answered only",
    ] = "abandons count against"
    """Rule by which service level is counted; it is printed with every service level."""
    within: tuple[Duration, ...] = field(
        default=(20_000_000,),
        form=ListForm(quantity("duration"), one_will_do=True, least=1, most=50),
        label="thresholds",
    )
    """Thresholds T; a contact answered in exactly T counts as within it."""
    short_abandon: Duration = field(default=5_000_000, label="short abandon")
    """A customer who abandons within this time is a short abandon (s in the rules)."""


SERVICE_LEVEL: Final = form_for(ServiceLevel, finish=_within)


class GoalValueForm(Form):
    """A target: a share, a time or an amount, by the KPI."""

    says = "a share like 80%, a time like 30s, or an amount like 7.50"
    """A rating like 4.3, and points like 30 or -10, are amounts, too."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        return node

    def schema(self, defs: dict[str, Schema]) -> Schema:
        number = scalars.NUMBER
        pattern = f"^(-?{number}|{number} ?%|{scalars.DURATION})$"
        return {"type": ["string", "number"], "pattern": pattern, "minimum": -100}


def _points(text: str) -> float:
    """Points of a net promoter score."""
    expected = "points from -100 to 100, like 30"
    value = scalars.number(text.removeprefix("-"), expected)
    if value > MOST_POINTS:
        raise scalars.Misread(f"expected {expected}, got {shown(text)}")
    return -value if text.startswith("-") else value


def _score(text: str) -> float:
    """A mean rating."""
    expected = "a mean rating from 1 to 5, like 4.3"
    value = scalars.number(text, expected)
    if not 1.0 <= value <= 5.0:
        raise scalars.Misread(f"expected {expected}, got {shown(text)}")
    return value


MOST_POINTS: Final = 100.0
_BOUNDS: Final = ("at_least", "at_most")
GOAL_VALUES: Final = {
    "share": quantity("share"),
    "ratio": quantity("ratio"),
    "time": quantity("duration"),
    "money": quantity("money"),
    "score": ScalarForm(_score, "a mean rating from 1 to 5, like 4.3", {}),
    "points": ScalarForm(_points, "points from -100 to 100, like 30", {}),
}


def _is_score(bounds: Sequence[Node]) -> bool:
    """Whether the bounds of a share are ratings of 5: plain numbers that are no shares."""
    plain = [node.text for node in bounds if isinstance(node, Leaf) and re.fullmatch(scalars.NUMBER, node.text)]
    return bool(bounds) and len(plain) == len(bounds) and all(1.0 < scalars.number(text) <= 5.0 for text in plain)


def _goal(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    kpi = KPIS[values["kpi"]]
    bounds = [values[bound] for bound in _BOUNDS if bound in values]
    if kpi.as_score and _is_score(bounds):
        asked = " and ".join(f"{bound.replace('_', ' ')} {values[bound].text}" for bound in _BOUNDS if bound in values)
        rd.assume(
            f"{kpi.name} {asked} is taken as the mean rating of 5, {kpi.as_score}; write a share like 80% for the "
            "share of ratings of 4 and 5",
            node.entries["kpi"].place,
            joined(key, "kpi"),
        )
        values["kpi"], kpi = kpi.as_score, KPIS[kpi.as_score]
    kind = value_of(kpi)
    for bound in _BOUNDS:
        if bound in values:
            value = GOAL_VALUES[kind].read(values[bound], joined(key, bound), rd)
            values[bound] = value if value is BAD else value / SECOND if kind == "time" else value
    least = values.get("at_least")
    if kind == "share" and isinstance(least, float) and 0 < least < 0.02:
        why = f"a share of {percent(least)} is met by nearly everything; 80 % is 80% or 0.8"
        rd.warn(why, node.entries["at_least"].node.place, joined(key, "at_least"))
    if BAD in values.values():
        return BAD
    targets = {name: values.get(name) for name in ("at_least", "at_most", "within")}
    scopes = [scope for scope in SCOPES if scope in values]
    said = [name for name in TIMES if name in values]
    both = targets["at_least"] is not None and targets["at_most"] is not None
    bad = False
    for at, why in [*faults_of(kpi, scopes, **targets), *time_faults(kpi, scopes, said, band=both)]:
        rd.fault(why, node.entries[at].place if at else node.place, joined(key, at) if at else key)
        bad = True
    return BAD if bad else values


RESOLVED_IN_24H: Final = "resolved_in_24h"
"""Another name of the KPI `resolved_in_time`, while cases are to be resolved within 24 h."""


class Goal(Section):
    """A target that the run is judged against."""

    kpi: str = field(
        form=WordForm(
            tuple(KPIS),
            {
                **{name: f"{kpi.title}: {kpi.meaning}" for name, kpi in KPIS.items()},
                RESOLVED_IN_24H: "`resolved_in_time`, while cases are to be resolved within 24 h",
            },
            also={RESOLVED_IN_24H: "resolved_in_time"},
            instead=IN_OTHER_WORDS,
        )
    )
    """KPI name, as in the KPI table."""
    at_least: float | None = field(default=None, form=GoalValueForm())
    """Smallest value that meets the goal, in the KPI's unit (shares as 0 to 1, times in seconds)."""
    at_most: float | None = field(default=None, form=GoalValueForm())
    """Largest value that meets the goal, in the same unit."""
    within: Duration | None = None
    """Threshold of a service level goal; where it is not one of `service_level.within`, it is added there."""
    workflow: Name | None = field(default=None, form=NameForm("workflows"))
    """Only this workflow."""
    channel: Name | None = field(default=None, form=NameForm("channels"))
    """Only this channel; of KPIs of contacts it may stand beside a site, a vendor or a pool."""
    segment: Name | None = field(default=None, form=NameForm("segments"))
    """Only this segment."""
    severity: Name | None = field(default=None, form=NameForm("severities"))
    """Only cases of this severity."""
    tier: Name | None = field(default=None, form=NameForm("tiers"))
    """Only this tier."""
    market: Name | None = field(default=None, form=NameForm("markets"))
    """Only this market."""
    language: Name | None = field(default=None, form=NameForm("languages"))
    """Only this language."""
    cause: Name | None = field(default=None, form=NameForm("causes"))
    """Only this cause."""
    bot: Name | None = field(default=None, form=NameForm("bots"))
    """Only contacts that this bot works for, for KPIs of bots (containment, hand-offs, ...)."""
    pool: Name | None = field(default=None, form=NameForm("pools"))
    """Only this pool, for KPIs of agents (occupancy, utilisation, ...), and of contacts by who answered (AHT, ...)."""
    site: Name | None = field(default=None, form=NameForm("sites"))
    """Only pools at this site, for KPIs of agents, and of contacts by who answered."""
    vendor: Name | None = field(default=None, form=NameForm("vendors"))
    """Only pools of this vendor, for KPIs of agents, and of contacts by who answered (service level, AHT, FCR, ...)."""
    surge: Name | None = field(default=None, form=NameForm("surges"))
    """The surge after which service is restored, for `restored_in_time`."""
    by: PeriodKind | None = None
    """Every whole day, week or month must meet the goal, on average of the replications: the one with the worst mean is
    judged."""
    worst: PeriodKind | None = None
    """The worst whole day, week or month of each replication must meet the goal, on average of the replications. It is
    the stricter of the two: also where all days are alike, each replication has a worst one by chance."""
    days: tuple[str, ...] = field(default=(), form=CHOSEN_DAYS, none="every day")
    """Only these days: dates, days of the week, or both, on the calendar of `report`."""
    hours: WeekHours | None = field(default=None, none="all hours")
    """Only these hours of the days, on the same clock."""


TIMES: Final = ("by", "worst", "days", "hours")
"""Keys of a goal that say when it holds."""
GOAL: Final = form_for(
    Goal,
    finish=_goal,
    instead={
        **dict.fromkeys(("max", "maximum", "below", "most"), "say `at_most`"),
        **dict.fromkeys(("min", "minimum", "above", "least"), "say `at_least`"),
        **dict.fromkeys(("target", "value", "is"), "say `at_least` or `at_most`"),
        **dict.fromkeys(("seconds", "threshold", "in"), "say `within: 20s`"),
    },
)


def question_of(goal: Goal) -> str:
    """What is asked, without the target: `service level of phone within 20s`."""
    scope = [str(getattr(goal, name)) for name in SCOPES if getattr(goal, name) is not None]
    question = goal.kpi.replace("_", " ") + (f" of {', '.join(scope)}" if scope else "")
    if goal.within is not None:
        question = f"{question} within {duration_text(goal.within)}"
    return " ".join(filter(None, (question, when_of(goal))))


def when_of(goal: Goal) -> str:
    """When it holds: `on every day`, `in the worst week`, `on mon-fri, 09:00-12:00`; empty for the counted time."""
    return when_text(goal.by, goal.worst, goal.days, hours_text(goal.hours) if goal.hours is not None else "")


def target_of(goal: Goal, currency: str) -> str:
    """The target: `at least 80 %`."""
    parts = [("at least", goal.at_least), ("at most", goal.at_most)]
    return " and ".join(f"{word} {_value(goal.kpi, value, currency)}" for word, value in parts if value is not None)


def _value(kpi: str, value: float, currency: str) -> str:
    unit = value_of(KPIS[kpi]) if kpi in KPIS else ""
    if unit == "share":
        return percent(value)
    if unit == "time":
        return duration_text(round(value * SECOND))
    if unit in ("score", "points"):
        return f"{number(value)} {KPIS[kpi].unit}"
    return f"{money(value)} {currency}".rstrip() if unit == "money" else number(value)
