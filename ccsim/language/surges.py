"""Launches, campaigns and incidents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.language.zones import ZONE
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, LocalTime, Name, Ratio
from ccsim.text.tree import Map
from ccsim.units import DAY

_LONGEST: Final = 3_660 * DAY


def _surge(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if rd.start is None or rd.played is None:
        return values
    at = datetime.fromisoformat(values["at"])
    # A day of room on either side: the clocks of the markets differ.
    if at >= rd.start + rd.played + timedelta(days=1):
        rd.warn("it begins after the end of play: it changes nothing", node.entries["at"].node.place, joined(key, "at"))
    ends = at + timedelta(microseconds=values["length"] + 20 * values.get("fades", 0), days=1)
    if ends <= rd.start:
        rd.warn("it is over before play begins: it changes nothing", node.entries["at"].node.place, joined(key, "at"))
    return values


class Surge(Section):
    """Something that multiplies demand for a while: a launch, a campaign, an incident."""

    at: LocalTime = field(label="start")
    """First instant, local time of `time_zone`, or of each market where none is given."""
    time_zone: str | None = field(default=None, form=ZONE, none="each market's")
    """Zone of `at`; none: the market's own, so that a campaign follows the sun."""
    length: Duration = field(above=0, most=_LONGEST, label="in full force for", key="for")
    """How long it is in full force. In YAML `for: 4h`."""
    times: Ratio = field(label="multiplies demand by", shows="number")
    """Demand is multiplied by this."""
    fades: Duration = field(default=0, most=_LONGEST, label="fades in")
    """After `length` what is above (or below) normal falls to 37 % in this time, again and again (exponentially)."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Only these workflows; none: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Only these markets; none: all."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Only these channels; none: all."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Only these segments; none: all."""
    causes: tuple[Name, ...] | None = field(default=None, form=names_of("causes"), none="all")
    """Only these causes; none: all."""

    told_first: ClassVar = ("times", "at", "length")


SURGES: Final = DictForm(form_for(Surge, finish=_surge, lenient=True), most=1_000)
