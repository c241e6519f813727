"""Every section of a scenario, and the whole that they make."""

from __future__ import annotations

from typing import Final

from ccsim.language.contacts import Channel, Market, Segment
from ccsim.language.demand import Cause, Profile, Surge, Volume
from ccsim.language.goals import Goal, ServiceLevel
from ccsim.language.horizon import Horizon, RunPlan
from ccsim.language.laws import HandleTime, Patience
from ccsim.language.places import ShiftPattern, Site, Vendor
from ccsim.language.planning import Planning
from ccsim.language.pools import Pool
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.routing import Routing
from ccsim.language.section import Field, Section
from ccsim.language.workflows import Workflow
from ccsim.text.quantities import Name, Ratio

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
    handle_time_cv: Ratio | None = None
    """Coefficient of variation of every talk of which only a duration or a mean is written: it is then lognormal.
    None: a bare duration is constant, a mean alone exponential. Wrap-up is not touched."""
    patience: Patience | None = None
    """Patience of live contacts where nothing nearer says one; without any nobody leaves."""
    markets: dict[Name, Market] = Field(default_factory=dict)
    """Where customers are."""
    segments: dict[Name, Segment] = Field(default_factory=dict)
    """Who the customers are."""
    causes: dict[Name, Cause] = Field(default_factory=dict)
    """Why they get in touch."""
    channels: dict[Name, Channel] = Field(default_factory=dict)
    """Ways in; a channel that is used but not listed is live with one contact at a time."""
    workflows: dict[Name, Workflow] = Field(default_factory=dict)
    """Kinds of work; a workflow that is used but not listed has one tier t1."""
    profiles: dict[Name, Profile] = Field(default_factory=dict)
    """Shapes of a week by name, beside those that are built in."""
    surges: dict[Name, Surge] = Field(default_factory=dict)
    """Launches, campaigns, incidents."""
    demand: dict[Name, Volume]
    """Volumes by name."""
    sites: dict[Name, Site] = Field(default_factory=dict)
    """Where agents work."""
    vendors: dict[Name, Vendor] = Field(default_factory=dict)
    """Who employs them."""
    shift_patterns: dict[Name, ShiftPattern] = Field(default_factory=dict)
    """Patterns of which rosters are built."""
    planning: Planning = Field(default_factory=Planning)
    """How many agents are required."""
    pools: dict[Name, Pool]
    """Pools by name."""
    queue_groups: dict[Name, QueueGroup] = Field(default_factory=dict)
    """Doors."""
    routing: Routing = Field(default_factory=Routing)
    """Who gets what."""

    def __repr__(self) -> str:
        sizes = []
        for name, one, more in _COUNTED:
            count = len(getattr(self, name, ()))
            if count:
                sizes.append(f"{count} {one if count == 1 else more}")
        title = f", {self.title!r}" if self.title else ""
        return f"<Scenario {self.scenario}{title}: {', '.join(sizes)}>"
