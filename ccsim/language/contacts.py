"""Who the customers are and how their contacts come in."""

from __future__ import annotations

from typing import Annotated, Literal

from ccsim.language.laws import HandleTime, Patience
from ccsim.language.section import Field, Section
from ccsim.text.quantities import Count, Duration, Factor, Name, Share


class Market(Section):
    """Where customers are."""

    region: Name
    """Region: sites of the same region are near."""
    time_zone: str
    """Zone of its profiles, launches and holidays."""
    holidays: str | None = None
    """Calendar of public holidays: a country (`DE`) or a part of one (`DE-BY`); none: no holidays."""
    languages: dict[Name, Share] = Field(default_factory=dict)
    """Shares of the customers' languages, 100 % together."""
    residency: tuple[Name, ...] | None = None
    """Regions whose sites may handle its contacts; none: every region."""


class Segment(Section):
    """Who the customers are."""

    priority: Count | None = None
    """1 is served first; added nowhere: the smallest of workflow, channel and segment priority counts."""
    head_start: Duration = 0
    """Waiting time a contact is credited with when the longest wait decides."""


class Channel(Section):
    """How contacts come in."""

    kind: Literal["live", "deferred"] = "live"
    """Live contacts lose patience; deferred ones wait without leaving and carry a deadline."""
    concurrency: Annotated[Count, Field(ge=1, le=12)] = 1
    """Contacts of this channel that one agent can hold at once."""
    speed: tuple[Factor, ...] = (1.0,)
    """Speed of each contact when 1, 2, ... are held; its length is the concurrency."""
    patience: Patience | None = None
    """Patience on this channel, where the workflow has none."""
    handle_time: HandleTime | None = None
    """Handle time on this channel, where the workflow has none."""
    deadline: Duration | None = None
    """Time to answer of deferred work, from joining the queue."""
    priority: Count | None = None
    """1 is served first."""
    max_wait: Duration | None = None
    """Longest wait in the queue; then the contact moves on (voice mail), neither answered nor abandoned."""
    peers: Share = 0.0
    """Share of the contacts that other customers answer (a community): they never reach a queue."""
