"""Kinds of work: tiers, returns, and the pools that may take them."""

from __future__ import annotations

from ccsim.language.laws import HandleTime, Law, Patience
from ccsim.language.section import Field, Section
from ccsim.text.quantities import Count, Duration, Name, Share


class Return(Section):
    """After one way to end, a share comes back as a new contact of the same case."""

    share: Share
    """Share that comes back."""
    after: Law
    """Time until it comes back."""
    attempts: Count | None = None
    """Most returns of one case for this reason's sum; none: no cap."""


class Returns(Section):
    """Repeat contacts by cause."""

    after_abandon: Return | None = None
    """After leaving the queue."""
    after_blocked: Return | None = None
    """After being turned away at the door."""
    after_closed: Return | None = None
    """After arriving outside opening hours, or being cleared at closing."""
    after_unresolved: Return | None = None
    """After a handling that closed the contact unresolved."""
    after_resolved: Return | None = None
    """Reopened: after a handling that seemed to resolve it."""


class Tier(Section):
    """Handling of a workflow at one tier."""

    handle_time: HandleTime | None = None
    """Handle time at this tier, every channel."""
    by_channel: dict[Name, HandleTime] = Field(default_factory=dict)
    """Handle time at this tier by channel; goes before `handle_time`. In YAML `handle_time: {chat: ...}`."""
    resolved: Share = 1.0
    """Share of handled visits that resolve the case. Default: all that is not escalated or transferred."""
    escalated: Share = 0.0
    """Share of handled visits that go on to the next tier. The rest closes unresolved."""
    transfers: dict[Name, Share] = Field(default_factory=dict)
    """Shares of handled visits that go to the first tier of another workflow; the customer joins a queue there (a cold
    transfer)."""
    certification: Name | None = None
    """Certification that a pool needs for this tier; goes before the workflow's."""
    priority: Count | None = None
    """1 is served first; goes before the workflow's."""


class Overflow(Section):
    """A ring of routing."""

    after: Duration
    """Time in this queue after which the ring opens."""
    pools: tuple[Name, ...]
    """Pools that open, equal among themselves, after those of the earlier rings."""


class Workflow(Section):
    """A kind of work."""

    tiers: dict[Name, Tier] = Field(default_factory=dict)
    """Tiers in order of escalation; without any, one tier t1 that resolves everything."""
    handle_time: HandleTime | None = None
    """Handle time at every tier and channel that has none of its own."""
    by_channel: dict[Name, HandleTime] = Field(default_factory=dict)
    """Handle time by channel at every tier that has none of its own."""
    patience: Patience | None = None
    """Patience of this workflow's contacts; goes before the channel's and the scenario's."""
    priority: Count | None = None
    """1 is served first."""
    pools: tuple[tuple[Name, ...], ...] = ()
    """Pools in order of preference, equals grouped; empty: every pool with the skill, all equal.
    In YAML: `pools: [a, [b, c]]`."""
    overflow: tuple[Overflow, ...] = ()
    """Rings: pools that open to a contact after it has waited some time in this queue."""
    returns: Returns = Field(default_factory=Returns)
    """Repeat contacts."""
    certification: Name | None = None
    """Certification that a pool needs."""
