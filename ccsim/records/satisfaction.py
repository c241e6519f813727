"""What a customer's rating is made of: the factors that move it, and the sums that are kept of ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ccsim.records.columns import total


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that customers live through and that moves their rating."""

    name: str
    """As columns have it."""
    title: str
    """As pages have it."""
    meaning: str


FACTORS: Final = (
    Factor("wait", "Wait", "the time that the contact waited, in all its visits"),
    Factor("unresolved", "Not resolved", "the contact ended without a solution"),
    Factor("repeat", "Repeat contact", "it was not the first contact of its case"),
    Factor("transferred", "Transferred", "its transfers to other workflows"),
    Factor("escalated", "Escalated", "its escalations to higher tiers"),
    Factor("bot", "Bot", "a bot that had met the contact or the one before it, or with which it ended"),
    Factor("translated", "Translated", "an agent who does not speak the customer's language"),
    Factor("answered_by", "Vendor and pool", "who answered last, by `vendors`, `pools` and `quality`"),
    Factor("work", "Workflow and channel", "what it was about and how it came, by `workflows` and `channels`"),
)
"""Factors in the order in which they are told; what the kernel adds up for each stands in `kernel.tally_ratings`."""

BILLION: Final = 1_000_000_000
"""What is expected is added up as whole billionths, so that its parts add up to the last digit."""

LOWEST: Final = 1.0
HIGHEST: Final = 5.0
"""Ends of the scale of ratings."""

#: Sums of ratings by interval, by flow and by queue: a contact's, where its last visit joined its queue.
RATED: Final = (
    total(
        "rated",
        "count",
        "Contacts that are rated by their customer (`satisfaction`): they ended with an agent, or with a bot where "
        "these are rated",
    ),
    total("satisfied", "count", "Of these, rated 4 or 5 of 5"),
    total("score", "points", "Sum of these ratings, 1 to 5 each"),
    total("promoters", "count", "Of the rated, who would recommend the company"),
    total("detractors", "count", "Of the rated, who would advise against it"),
    total("responded", "count", "Of the rated, who answered the survey (`satisfaction.response`)"),
    total("responded_satisfied", "count", "Of these, rated 4 or 5 of 5"),
)

#: The same by queue and by the pool that answered last, and what moved the ratings.
OF_RATINGS: Final = (
    *RATED,
    total(
        "expected_e9",
        "1e-9",
        "Sum of what is expected of each, in whole billionths: the probability of being satisfied; where "
        "`satisfaction` is in points (`base`), the rating",
    ),
    total(
        "base_e9",
        "1e-9",
        "Of this, what it would be had every contact been the first of its case, at once, and resolved",
    ),
    *(total(f"{factor.name}_e9", "1e-9", f"Of the difference, the part of: {factor.meaning}") for factor in FACTORS),
)
