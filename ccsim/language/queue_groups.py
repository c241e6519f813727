"""Queue groups: opening hours, lines and places to wait."""

from __future__ import annotations

from typing import Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.forms import names_of
from ccsim.language.hours import WeekHours
from ccsim.language.section import Section, field
from ccsim.text.quantities import Count, Name


class QueueGroup(Section):
    """A group of queues that share opening hours, lines and places to wait."""

    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Workflows that go through it; none: all."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Channels that go through it; none: all."""
    tiers: tuple[Name, ...] | None = field(default=None, form=names_of("tiers"), none="all")
    """Tiers that go through it; none: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Markets whose contacts go through it; none: all."""
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all")
    """Languages that go through it; none: all."""
    clock: Literal["scenario", "market"] = field(default="scenario", label="clock of its hours")
    """Whose clock the hours are by: the scenario's, or each market's own; then every market has a group of its own,
    with lines and places of its own."""
    lines: Count | None = field(default=None, least=1, label="lines", none="no limit")
    """Most contacts waiting or talking at once; one more is blocked."""
    max_waiting: Count | None = field(default=None, label="places to wait", none="no limit")
    """Most contacts waiting; one more that finds nobody free is blocked."""
    hours: WeekHours | None = field(default=None, none="always open")
    """When it is open; a live contact outside is closed out, a deferred one is queued."""
    at_closing: Literal["serve", "clear"] = field(default="serve", label="at closing")
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


QUEUE_GROUP: Final = form_for(QueueGroup, lenient=True)
