"""Queue groups: opening hours, trunks, queue limits."""

from __future__ import annotations

from typing import Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.forms import names_of
from ccsim.language.hours import WeekHours
from ccsim.language.section import Section, field
from ccsim.language.special_days import DATED_HOURS, SpecialDay, SpecialDaysForm, split_dated
from ccsim.text.quantities import Count, Name


class QueueGroup(Section):
    """Queue group (entry point): queues that share opening hours, trunks and places to wait."""

    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Workflows that go through it. Default: all."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Channels that go through it. Default: all."""
    tiers: tuple[Name, ...] | None = field(default=None, form=names_of("tiers"), none="all")
    """Tiers that go through it. Default: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Markets whose contacts go through it. Default: all."""
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all")
    """Languages that go through it. Default: all."""
    clock: Literal["scenario", "market"] = field(default="scenario", label="clock of its hours")
    """Whose local time the hours are in: the scenario's, or each market's own. With the market's, every market has its
    own group, with its own trunks and places to wait."""
    lines: Count | None = field(default=None, least=1, label="lines", none="no limit")
    """Trunks: most contacts waiting or in conversation at the same time; further ones are blocked (busy signal)."""
    max_waiting: Count | None = field(default=None, label="places to wait", none="no limit")
    """Queue limit: most contacts waiting; further ones that find no free agent are blocked."""
    hours: WeekHours | None = field(default=None, form=DATED_HOURS, none="always open")
    """Opening hours. Outside them a live contact is turned away (closed out), a deferred one is queued. Dates may stand
    beside the weekdays, `{mon-fri: 08:00-18:00, 2026-12-24: 08:00-12:00}`; they are special days."""
    special_days: dict[str, SpecialDay] = field(
        default_factory=dict, form=SpecialDaysForm(words=False), label="special day"
    )
    """Hours of single dates in place of those of their weekdays: `{2026-12-24: 08:00-12:00, 2026-12-28: closed}`. What
    opened the day before stays open until it closes."""
    at_closing: Literal["serve", "clear"] = field(default="serve", label="at closing")
    """What happens to live contacts still waiting at closing time."""

    def passes(self, workflow: str, tier: str, channel: str, market: str, language: str) -> bool:
        """Whether contacts of a kind go through it."""
        return (
            (self.workflows is None or workflow in self.workflows)
            and (self.tiers is None or tier in self.tiers)
            and (self.channels is None or channel in self.channels)
            and (self.markets is None or market in self.markets)
            and (self.languages is None or language in self.languages)
        )


QUEUE_GROUP: Final = form_for(QueueGroup, early=split_dated, lenient=True)
