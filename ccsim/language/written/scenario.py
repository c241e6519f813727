"""The whole scenario as it is written: the root of the language."""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.language.derive import keys_of, quantity
from ccsim.language.forms import DictForm, ListForm, NameForm, ScalarForm, SectionForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.scenario import Scenario
from ccsim.language.written.demand import DEMAND
from ccsim.language.written.handling import SPECIAL
from ccsim.language.written.horizon import GOAL, HORIZON, RUN, SERVICE_LEVEL
from ccsim.language.written.markets import CAUSES, MARKETS
from ccsim.language.written.patterns import PATTERNS
from ccsim.language.written.places import SITES, VENDORS
from ccsim.language.written.planning import PLANNING
from ccsim.language.written.pools import POOLS
from ccsim.language.written.profiles import PROFILES
from ccsim.language.written.routing import ROUTING
from ccsim.language.written.surges import SURGES
from ccsim.language.written.workflows import CHANNEL, QUEUE_GROUP, SEGMENT, WORKFLOW
from ccsim.language.written.zones import OwnZoneForm
from ccsim.text import scalars
from ccsim.text.tree import Leaf, Map, Node, shown


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise scalars.Misread(f"expected the ISO code of a currency like USD, got {shown(text)}")
    return text


def _title(text: str) -> str:
    if len(text) > 500 or "\n" in text:
        raise scalars.Misread("expected one line of at most 500 characters")
    return text


SCENARIO: Final = SectionForm(
    Scenario,
    keys_of(
        Scenario,
        SPECIAL,
        forms={
            "scenario": NameForm(),
            "title": ScalarForm(_title, "one line of text", {"type": "string", "maxLength": 500}),
            "time_zone": OwnZoneForm(),
            "currency": ScalarForm(
                _currency, "the ISO code of a currency like USD", {"type": "string", "pattern": "^[A-Z]{3}$"}
            ),
            "horizon": HORIZON,
            "handle_time_cv": quantity("ratio", above=0.0, most=100.0),
            "run": RUN,
            "goals": ListForm(GOAL, most=200),
            "service_level": SERVICE_LEVEL,
            "markets": MARKETS,
            "segments": DictForm(SEGMENT, most=1_000),
            "causes": CAUSES,
            "channels": DictForm(CHANNEL, of="channels", most=200),
            "workflows": DictForm(WORKFLOW, of="workflows", most=5_000),
            "profiles": PROFILES,
            "surges": SURGES,
            "demand": DEMAND,
            "sites": SITES,
            "vendors": VENDORS,
            "shift_patterns": PATTERNS,
            "planning": PLANNING,
            "pools": POOLS,
            "queue_groups": DictForm(QUEUE_GROUP, most=500),
            "routing": ROUTING,
        },
    ),
    lenient=True,
)


def read_scenario(root: Node, rd: Reading) -> Scenario | None:
    """The typed scenario of a merged tree; partial after faults, None where nothing could be read."""
    rd.zone = ZoneInfo("UTC")
    rd.handle_time_cv = _cv(root)
    scenario = SCENARIO.read(root, "", rd)
    if scenario is BAD:
        return None
    assert isinstance(scenario, Scenario)
    return _with_goal_thresholds(scenario) if not rd.faults else scenario


def _cv(root: Node) -> float | None:
    """The `handle_time_cv` of a scenario, which handle times are read by; its own form tells what is wrong with it."""
    node = root.get("handle_time_cv") if isinstance(root, Map) else None
    try:
        return scalars.ratio(node.text) if isinstance(node, Leaf) and not node.empty else None
    except scalars.Misread:
        return None


def _with_goal_thresholds(scenario: Scenario) -> Scenario:
    """The scenario with the thresholds of its goals among those of its service level."""
    asked = {goal.within for goal in scenario.goals if goal.within is not None}
    level = scenario.service_level
    within = tuple(sorted({*level.within, *asked}))
    if within == level.within:
        return scenario
    return scenario.model_copy(update={"service_level": level.model_copy(update={"within": within})})
