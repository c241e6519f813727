"""Who gets what."""

from __future__ import annotations

from typing import Literal

from ccsim.language.section import Field, Section
from ccsim.text.quantities import Duration, Factor, Money, Name, Share


class Translation(Section):
    """Help from a translator, a person or a machine."""

    handle_time: Factor = 1.0
    """Handle times are multiplied by this."""
    price: Money = 0.0
    """Price of one translated visit."""


class Ring(Section):
    """A widening of who may take a contact."""

    after: Duration
    """Time in the queue after which it opens."""
    to: Literal["any_region", "any_vendor", "language"]
    """What it opens: pools in other regions, of vendors other than the one that was assigned, or pools that speak
    `language` instead of the customer's. In YAML `to: {language: en, translated: {...}}`."""
    language: Name | None = None
    """The other language."""
    translated: Translation = Field(default_factory=Translation)
    """What translating costs."""


class Routing(Section):
    """Who gets what."""

    choose_agent: tuple[
        Literal["longest_idle", "fewest_in_hand", "least_occupied", "best_skill", "cheapest", "random"], ...
    ] = ("longest_idle",)
    """Contact to agent, after the workflow's order of pools: rankings (`best_skill`, `cheapest`), then how to
    pick among equals (`longest_idle`, `fewest_in_hand`, `least_occupied`, `random`). In YAML a word or a
    list."""
    choose_contact: Literal[
        "oldest",
        "priority_then_oldest",
        "level_then_oldest",
        "priority_then_level_then_oldest",
        "level_then_priority_then_oldest",
        "earliest_deadline",
        "priority_then_earliest_deadline",
    ] = "priority_then_oldest"
    """Agent to contact, live before deferred."""
    prefer: tuple[Literal["same_region", "cheapest", "in_house_first", "proficiency"], ...] = ()
    """Contact to pool among those that are open to it, the first the strongest; before `choose_agent`. In YAML a
    word or a list."""
    overflow: tuple[Ring, ...] = ()
    """Rings, for workflows that name no pools of their own. While `any_region` has not opened only pools of the
    market's region are open (all, if none there has the skill); while `any_vendor` has not, only those of the assigned
    vendor."""
    vendor_share: dict[Name, dict[Name, Share]] = Field(default_factory=dict)
    """Shares of vendors by workflow; each visit is assigned to one vendor among those able to serve it."""
