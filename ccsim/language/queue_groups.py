"""Queue groups: opening hours, trunks, queue limits."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, Final, Literal

from ccsim.language.channels import Channel
from ccsim.language.demand import Volume
from ccsim.language.derive import form_for
from ccsim.language.forms import names_of
from ccsim.language.hours import WeekHours
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.language.section_forms import Key, elsewhere
from ccsim.language.special_days import DATED_HOURS, SpecialDay, SpecialDaysForm, split_dated
from ccsim.language.workflows import Workflow
from ccsim.text.quantities import Count, Name
from ccsim.text.tree import Map


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


OPENING_HOURS: Final = "opening_hours"
"""Key of a scenario's opening hours, and name of the queue group that they make."""
OPENING_HOURS_KEY: Final = Key(
    DATED_HOURS,
    "Hours in which customers can reach the live channels, by the clock of each market; outside them a live contact is "
    "turned away. Deferred channels take contacts at all hours. Dates may stand beside the weekdays, as in a queue "
    "group. Short for a queue group of the live `channels:` and the first `tiers:` with `clock: market` and these "
    "`hours:`. Queue groups may stand beside it: for lines and places to wait, and for hours of other queues.",
    stands_for=("queue_groups", OPENING_HOURS, "hours"),
)


def open_queue_groups(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    """The values of a scenario in which its opening hours have become a queue group."""
    if OPENING_HOURS not in values:
        return values
    at = node.entries[OPENING_HOURS].place
    made = {"hours": values.pop(OPENING_HOURS)}
    split_dated(made, OPENING_HOURS, rd)
    groups: Mapping[str, QueueGroup] = values.get("queue_groups", {})
    if OPENING_HOURS in groups:
        why = (
            f"makes a queue group of this name, and there is one{elsewhere(node, 'queue_groups', at)}; rename that one"
        )
        return rd.fault(why, at, OPENING_HOURS)
    used = _channels_of(values["demand"])
    live = sorted(name for name in used if values.get("channels", {}).get(name, Channel()).kind == "live")
    if not live:
        rd.warn("changes nothing: no channel is live, and deferred ones take contacts at all hours", at, OPENING_HOURS)
        return values
    first, later = _tiers_of(values.get("workflows", {}), values["demand"])
    both = sorted(first & later)
    if both:
        why = (
            f"tier {both[0]} is the first of one workflow and a later one of another, where nobody is turned away; say "
            "`queue_groups:` with `workflows:` and `tiers:` in place of `opening_hours:`"
        )
        return rd.fault(why, at, OPENING_HOURS)
    rest = sorted(used - set(live))
    said = f"; {', '.join(rest)} take{'s' if len(rest) == 1 else ''} contacts at all hours" if rest else ""
    rd.assume(
        f"holds for {', '.join(live)} at tier {', '.join(sorted(first))}, by the clock of each market{said}",
        at,
        OPENING_HOURS,
    )
    own = QueueGroup(channels=tuple(live), tiers=tuple(sorted(first)), clock="market", **made)
    values["queue_groups"] = {**groups, OPENING_HOURS: own}
    return values


def _channels_of(demand: Mapping[str, Volume]) -> Set[str]:
    return {name for volume in demand.values() for name in volume.channels or (volume.channel,)}


def _tiers_of(workflows: Mapping[str, Workflow], demand: Mapping[str, Volume]) -> tuple[Set[str], Set[str]]:
    """Names of first tiers, and of later ones."""
    tiers = [list(workflow.tiers) or ["t1"] for workflow in workflows.values()]
    if any(volume.workflow not in workflows for volume in demand.values()):
        tiers.append(["t1"])
    return {names[0] for names in tiers}, {name for names in tiers for name in names[1:]}
