"""Launches, campaigns and incidents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.reading import Reading
from ccsim.language.restored import RESTORED, Restored
from ccsim.language.section import Section, field
from ccsim.language.zones import ZONE
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, LocalTime, Name, Ratio
from ccsim.text.tree import Map
from ccsim.units import DAY

_LONGEST: Final = 3_660 * DAY


def _surge(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if rd.start is None or rd.simulated is None:
        return values
    at = datetime.fromisoformat(values["at"])
    # A day of room on either side: the clocks of the markets differ.
    if at >= rd.start + rd.simulated + timedelta(days=1):
        rd.warn(
            "it begins after the end of the run: it changes nothing", node.entries["at"].node.place, joined(key, "at")
        )
    ends = at + timedelta(microseconds=values["length"] + 20 * values.get("fades", 0), days=1)
    if ends <= rd.start:
        rd.warn(
            "it is over before the run begins: it changes nothing", node.entries["at"].node.place, joined(key, "at")
        )
    return values


class Surge(Section):
    """Something that multiplies demand for a while: a launch, a campaign, an incident."""

    at: LocalTime = field(label="start")
    """When it begins, in local time of `time_zone`, or of each market where no zone is given."""
    time_zone: str | None = field(default=None, form=ZONE, none="each market's")
    """Time zone of `at`; none: each market's own, so that a campaign begins at the same local time everywhere."""
    length: Duration = field(above=0, most=_LONGEST, label="full effect for", key="for")
    """How long it has its full effect. In YAML `for: 4h`."""
    times: Ratio = field(label="multiplies demand by", shows="number")
    """Demand is multiplied by this."""
    fades: Duration = field(default=0, most=_LONGEST, label="decays in")
    """After `length` the effect decays exponentially: in each such period it falls to 37 % of what it was."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all")
    """Only these workflows; default: all."""
    markets: tuple[Name, ...] | None = field(default=None, form=names_of("markets"), none="all")
    """Only these markets; default: all."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Only these channels; default: all."""
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all")
    """Only these languages; default: all."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Only these segments; default: all."""
    causes: tuple[Name, ...] | None = field(default=None, form=names_of("causes"), none="all")
    """Only these causes; default: all."""

    restored: Restored | None = field(default=None, form=RESTORED, none="not asked", label="service restored")
    """When service counts as restored after it has begun, for the time to restore: `{at_least: 80%, within: 30s, for:
    2h}`."""

    told_first: ClassVar = ("times", "at", "length")


SURGES: Final = DictForm(form_for(Surge, finish=_surge, lenient=True), most=1_000)
