"""Deflections: articles and proactive messages that spare customers the contact."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.from_ramp import LONGEST_RAMP, ramp_after_from, tell_if_never
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.quantities import Duration, LocalTime, Money, Name, Share
from ccsim.text.tree import Map


class DeflectionPrice(Section):
    """What a deflection costs."""

    month: Money = field(default=0.0, label="price of a month")
    """Price of a month of 365/12 days, in proportion to the counted time; also before it begins."""


form_for(DeflectionPrice)


def _deflection(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    tell_if_never(values, node, key, rd)
    return values if ramp_after_from(values, node, key, rd) else BAD


class Deflection(Section):
    """An article, a video, a proactive message, a mended form: customers who would have got in touch do not. It avoids
    a share of the new cases of its scope; what follows from a case (returns) is avoided with it. Several for the same
    contacts work one after the other: each avoids its share of what the others leave."""

    share: Share = field(label="share avoided")
    """Share of these cases whose customers do not get in touch."""
    causes: tuple[Name, ...] | None = field(default=None, form=names_of("causes"), none="all")
    """Only these causes; default: all."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Only these workflows; default: all."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Only these channels; default: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Only these markets; default: all."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Only these segments; default: all."""
    start: LocalTime | None = field(default=None, key="from", label="from", none="the beginning")
    """From when on it works, in the scenario's time zone. In YAML `from: 2026-06-01`."""
    ramp: Duration = field(default=0, most=LONGEST_RAMP, label="ramp-up")
    """Time from `from` on in which the share avoided rises evenly from 0 to `share`."""
    price: DeflectionPrice = field(default_factory=DeflectionPrice)
    """What it costs."""

    told_first: ClassVar = ("share", "causes", "start")


DEFLECTIONS: Final = DictForm(form_for(Deflection, finish=_deflection, lenient=True), most=500)
