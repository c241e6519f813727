"""The laboratory scenario: every section, and the whole that they make."""

from __future__ import annotations

from pydantic import Field

from ccsim.scenario.contacts import Channel, Segment
from ccsim.scenario.curves import Change, Grid, RateCurve
from ccsim.scenario.doors import QueueGroup, WeekHours
from ccsim.scenario.goals import Goal, ServiceLevel
from ccsim.scenario.horizon import Horizon, RunPlan
from ccsim.scenario.laws import HandleTime, Patience
from ccsim.scenario.pools import Break, Pool, Shift, Skill
from ccsim.scenario.quantities import Name
from ccsim.scenario.routing import Routing
from ccsim.scenario.section import Section
from ccsim.scenario.streams import DayFactor, Stream, Trace
from ccsim.scenario.workflows import Overflow, Return, Returns, Tier, Workflow

__all__ = [
    "Break",
    "Change",
    "Channel",
    "DayFactor",
    "Goal",
    "Grid",
    "Horizon",
    "Overflow",
    "Pool",
    "QueueGroup",
    "RateCurve",
    "Return",
    "Returns",
    "Routing",
    "RunPlan",
    "Scenario",
    "Segment",
    "ServiceLevel",
    "Shift",
    "Skill",
    "Stream",
    "Tier",
    "Trace",
    "WeekHours",
    "Workflow",
]


class Scenario(Section):
    """A complete description of a contact centre and what is asked of it."""

    scenario: Name
    """Name."""
    title: str = ""
    """One line for people."""
    time_zone: str = "UTC"
    """Zone of local times."""
    currency: str = "USD"
    """ISO code of money."""
    horizon: Horizon
    """What is played and what is counted."""
    run: RunPlan = Field(default_factory=RunPlan)
    """How often it is played."""
    goals: tuple[Goal, ...] = ()
    """Targets, printed first."""
    service_level: ServiceLevel = Field(default_factory=ServiceLevel)
    """How service level is counted."""
    handle_time: HandleTime | None = None
    """Handle time where nothing nearer says one."""
    patience: Patience | None = None
    """Patience of live contacts where nothing nearer says one; without any nobody leaves."""
    segments: dict[Name, Segment] = Field(default_factory=dict)
    """Customers."""
    channels: dict[Name, Channel] = Field(default_factory=dict)
    """Ways in; a channel that is used but not listed is live with one contact at a time."""
    workflows: dict[Name, Workflow] = Field(default_factory=dict)
    """Kinds of work; a workflow that is used but not listed has one tier t1."""
    demand: dict[Name, Stream]
    """Streams by name."""
    pools: dict[Name, Pool]
    """Pools by name."""
    queue_groups: dict[Name, QueueGroup] = Field(default_factory=dict)
    """Doors."""
    routing: Routing = Field(default_factory=Routing)
    """Who gets what."""
