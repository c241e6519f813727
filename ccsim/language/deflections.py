"""Deflections: articles and proactive messages that spare customers the contact."""

from __future__ import annotations

from typing import ClassVar, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.from_ramp import LONGEST_RAMP, dated
from ccsim.language.monthly_price import MonthlyPrice
from ccsim.language.section import Section, field
from ccsim.text.quantities import Duration, LocalTime, Name, Share


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
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all")
    """Only these languages; default: all."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Only these segments; default: all."""
    start: LocalTime | None = field(default=None, key="from", label="from", none="the beginning")
    """From when on it works, in the scenario's time zone. In YAML `from: 2026-06-01`."""
    ramp: Duration = field(default=0, most=LONGEST_RAMP, label="ramp-up")
    """Time from `from` on in which the share avoided rises evenly from 0 to `share`."""
    price: MonthlyPrice = field(default_factory=MonthlyPrice)
    """What it costs."""

    told_first: ClassVar = ("share", "causes", "start")


_SHARE: Final = "the share of cases that it avoids is `share`"
_INSTEAD: Final = {"removes": _SHARE, "avoids": _SHARE, "start": "from when on it works is `from`"}
DEFLECTIONS: Final = DictForm(form_for(Deflection, finish=dated, lenient=True, instead=_INSTEAD), most=500)
