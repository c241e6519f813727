"""Doors: opening hours, lines and places to wait."""

from __future__ import annotations

from typing import Annotated, Literal

from ccsim.language.section import Field, Section
from ccsim.text.quantities import Count, Name, TimeOfDay


class WeekHours(Section):
    """Opening hours of a week."""

    spans: tuple[tuple[TimeOfDay, TimeOfDay], ...]
    """Open from and until, as microseconds since Monday 00:00 local time, sorted, without overlap; an end may
    lie in the next week."""


class QueueGroup(Section):
    """A door shared by queues: lines, places to wait, hours."""

    workflows: tuple[Name, ...] | None = None
    """Workflows that go through it; none: all."""
    channels: tuple[Name, ...] | None = None
    """Channels that go through it; none: all."""
    tiers: tuple[Name, ...] | None = None
    """Tiers that go through it; none: all."""
    markets: tuple[Name, ...] | None = None
    """Markets whose contacts go through it; none: all."""
    languages: tuple[Name, ...] | None = None
    """Languages that go through it; none: all."""
    clock: Literal["scenario", "market"] = "scenario"
    """Whose clock the hours are by: the scenario's, or each market's own; then every market has a door of its own, with
    lines and places of its own."""
    lines: Annotated[Count, Field(ge=1)] | None = None
    """Most contacts waiting or talking at once; one more is blocked."""
    max_waiting: Count | None = None
    """Most contacts waiting; one more that finds nobody free is blocked."""
    hours: WeekHours | None = None
    """When it is open; a live contact outside is closed out, a deferred one is queued."""
    at_closing: Literal["serve", "clear"] = "serve"
    """What happens to live contacts that wait when it closes."""

    def passes(self, workflow: str, tier: str, channel: str, market: str, language: str) -> bool:
        """Whether contacts of a kind go through it."""
        return (
            (self.workflows is None or workflow in self.workflows)
            and (self.tiers is None or tier in self.tiers)
            and (self.channels is None or channel in self.channels)
            and (self.markets is None or market in self.markets)
            and (self.languages is None or language in self.languages)
        )
