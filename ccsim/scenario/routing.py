"""Who gets what."""

from __future__ import annotations

from typing import Literal

from ccsim.scenario.section import Section


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
