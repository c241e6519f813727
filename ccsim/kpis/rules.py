"""The six named rules of service level: what each counts as within T, and out of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to count service level; `T` stands for the threshold."""

    name: str
    """As it is written in a scenario and printed with every service level."""
    slug: str
    """As it stands in the name of a KPI."""
    numerator: str
    denominator: str


_ENDED: Final = "offered - open_waiting - callbacks_reached - not_reached - expired"

RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "abandons count against",
            "abandons_count_against",
            "answered_within_T",
            "answered + abandoned + balked",
        ),
        Rule(
            "short abandons removed",
            "short_abandons_removed",
            "answered_within_T",
            f"{_ENDED} - short_abandoned",
        ),
        Rule(
            "short abandons credited",
            "short_abandons_credited",
            "answered_within_T + short_abandoned",
            _ENDED,
        ),
        Rule(
            "abandons within T ignored",
            "abandons_within_ignored",
            "answered_within_T",
            f"{_ENDED} - abandoned_within_T",
        ),
        Rule(
            "removed from queue in T",
            "removed_from_queue",
            "answered_within_T + abandoned_within_T",
            _ENDED,
        ),
        Rule("answered only", "answered_only", "answered_within_T", "answered"),
    )
}
"""Rules by name."""
