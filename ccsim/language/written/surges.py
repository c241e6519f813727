"""Launches, campaigns and incidents as they are written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ccsim.language.demand import Surge
from ccsim.language.derive import keys_of, quantity
from ccsim.language.forms import DictForm, Key, ListForm, NameForm, SectionForm
from ccsim.language.reading import Reading
from ccsim.language.written.zones import ZONE
from ccsim.text.paths import joined
from ccsim.text.tree import Map
from ccsim.units import DAY

_SCOPES: Final = ("workflows", "markets", "channels", "segments", "causes")
_LONGEST: Final = 3_660 * DAY


def _final_name(values: dict[str, Any], key: str, rd: Reading) -> None:
    """`for` is a word of Python."""
    if "for" in values:
        values["length"] = values.pop("for")


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


def _surge_form() -> SectionForm:
    keys = keys_of(
        Surge,
        {},
        forms={
            "time_zone": ZONE,
            "length": quantity("duration", above=0, most=_LONGEST),
            "fades": quantity("duration", most=_LONGEST),
            **{scope: ListForm(NameForm(scope), one_will_do=True, least=1, distinct=True) for scope in _SCOPES},
        },
    )
    length = keys["length"]
    written = {"for" if name == "length" else name: key for name, key in keys.items()}
    written["for"] = Key(length.form, "How long it is in full force.", required=True)
    return SectionForm(Surge, written, finish=_surge, early=_final_name, lenient=True)


SURGES: Final = DictForm(_surge_form(), most=1_000)
