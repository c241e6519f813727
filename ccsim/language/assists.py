"""Assists: what helps agents while they handle contacts - an AI assistant, a better knowledge base, a new tool."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.from_ramp import LONGEST_RAMP, ramp_after_from, tell_if_never
from ccsim.language.monthly_price import AssistPrice
from ccsim.language.quality import EFFECT, NO_EFFECT, Quality, QualityEffect
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.quantities import Duration, Factor, LocalTime, Name
from ccsim.text.tree import Map

_DOES: Final = ("handle_time", "resolved", "escalated", "transferred")


def _assist(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not any(name in node.entries for name in _DOES):
        rd.warn("it changes nothing; say handle_time, resolved, escalated or transferred", node.place, key)
    tell_if_never(values, node, key, rd)
    return values if ramp_after_from(values, node, key, rd) else BAD


class Assist(Section):
    """Help for agents: shorter handling, more that is resolved. It works on the contacts of its scope, whoever of its
    pools and vendors handles them. Its effects add up with those of `quality` and of other assists."""

    pools: tuple[Name, ...] | None = field(default=None, form=names_of("pools"), none="all")
    """Only these pools; default: all."""
    vendors: tuple[Name, ...] | None = field(default=None, form=names_of("vendors"), none="all")
    """Only pools of these vendors; default: all."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Only these workflows; default: all."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Only these channels; default: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Only contacts of these markets; default: all."""
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all")
    """Only contacts of customers with these languages, whichever language the agent speaks; default: all."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Only these segments; default: all."""
    handle_time: Factor = field(default=1.0, most=10.0, label="AHT factor")
    """Factor on talk and wrap-up; recorded times stay as they are."""
    resolved: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on resolved")
    """Effect on the share of handled contacts that resolve the case. In YAML a factor `1.05`, or points `+3%`."""
    escalated: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on escalated")
    """Effect on the share that goes on to the next tier."""
    transferred: QualityEffect = field(default=NO_EFFECT, form=EFFECT, label="effect on transferred")
    """Effect on the share that goes to another workflow, or back to the tier before."""
    start: LocalTime | None = field(default=None, key="from", label="from", none="the beginning")
    """From when on it works, in the scenario's time zone. In YAML `from: 2026-06-01`."""
    ramp: Duration = field(default=0, most=LONGEST_RAMP, label="ramp-up")
    """Time from `from` on in which its effects grow evenly from nothing."""
    price: AssistPrice = field(default_factory=AssistPrice)
    """What it costs."""

    told_first: ClassVar = ("handle_time", "resolved", "start")

    def is_with(self, pool: str, vendor: str | None) -> bool:
        """Whether agents of a pool have it."""
        return (self.pools is None or pool in self.pools) and (self.vendors is None or vendor in self.vendors)

    def helps(self, pool: str, vendor: str | None, workflow: str, channel: str) -> bool:
        """Whether a pool has it for contacts of a workflow on a channel."""
        return (
            self.is_with(pool, vendor)
            and (self.workflows is None or workflow in self.workflows)
            and (self.channels is None or channel in self.channels)
        )

    @property
    def chooses(self) -> bool:
        """Whether it works for some customers alone."""
        return any(names is not None for names in (self.markets, self.languages, self.segments))

    def is_for(self, market: str, language: str, segment: str) -> bool:
        """Whether it works for contacts of a customer."""
        return (
            (self.markets is None or market in self.markets)
            and (self.languages is None or language in self.languages)
            and (self.segments is None or segment in self.segments)
        )

    def quality(self, strength: float) -> Quality:
        """What it does to quality, brought in so far (between 0 and 1)."""

        def part(effect: QualityEffect) -> QualityEffect:
            return QualityEffect(times=1.0 + (effect.times - 1.0) * strength, add=effect.add * strength)

        return Quality(resolved=part(self.resolved), escalated=part(self.escalated), transferred=part(self.transferred))


_WHOM: Final = (
    "it works by pool, vendor, workflow, channel, market, language and segment: give these a workflow of their own"
)
_INSTEAD: Final = {
    "aht": "the factor on talk and wrap-up is `handle_time: 0.9`",
    "resolution": "the effect on the share that resolves the case is `resolved`",
    "causes": _WHOM,
}
ASSISTS: Final = DictForm(form_for(Assist, finish=_assist, lenient=True, instead=_INSTEAD), most=50)
