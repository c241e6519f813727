"""Time zones and calendars of public holidays as they are written: by their names."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from ccsim.language.calendar_codes import parts_by_country
from ccsim.language.forms import DictForm, ScalarForm
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section_forms import SectionForm
from ccsim.text import scalars
from ccsim.text.tree import Node, shown

_ZONE: Final = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+){0,2}")
#: A zone that is held is not read from its file again; the library itself holds on to eight of them.
_KEPT: Final[dict[str, ZoneInfo]] = {}
_NO_PLACES: Final = ("localtime", "posixrules", "Factory")
_OTHER_TIMES: Final = ("posix/", "right/")
"""Second copies of all zones, some with leap seconds, on some machines only."""
_FIXED: Final = ("EST", "MST", "HST", "GMT", "Greenwich", "Etc/G")
"""How names begin that may be fixed offsets."""
_CALENDAR: Final = re.compile(r"([A-Z]{2})(?:-(.{1,40}))?")


def time_zone(text: str) -> str:
    """The name of a time zone."""
    if _ZONE.fullmatch(text) and text not in _NO_PLACES and not text.startswith(_OTHER_TIMES):
        try:
            _KEPT[text] = ZoneInfo(text)
        except (OSError, ValueError, LookupError):
            pass
        else:
            return text
    from ccsim.language.zone_hints import zone_hint

    raise scalars.Misread(f"there is no time zone {shown(text)}{zone_hint(text, known_zones())}")


@cache
def known_zones() -> frozenset[str]:
    """Names of all zones; the list takes some time to make, and is only of use for a name that is wrong."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def calendar(text: str) -> str:
    """The name of a calendar of public holidays: a country, `DE`, or a part of one, `DE-BY`."""
    match = _CALENDAR.fullmatch(text)
    parts = parts_by_country().get(match[1]) if match else None
    if match and parts is not None and (match[2] is None or match[2] in parts):
        return text
    from ccsim.language.calendar_hints import calendar_hint, part_hint

    if match and parts is not None:
        hint = part_hint(match[1], match[2])
        raise scalars.Misread(f"there is no part {shown(match[2])} of the holiday calendar {match[1]}{hint}")
    raise scalars.Misread(
        f"there is no holiday calendar {shown(text)}; say a country like DE, or a part like DE-BY{calendar_hint(text)}"
    )


_ZONE_SCHEMA: Final = {"type": "string", "pattern": f"^{_ZONE.pattern}$"}


class ZoneForm(ScalarForm):
    """The name of a time zone; one that is a fixed offset, without summer time, is remarked on."""

    def __init__(self) -> None:
        super().__init__(time_zone, "a time zone like Europe/Berlin", _ZONE_SCHEMA)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        zone = super().read(node, key, rd)
        if isinstance(zone, str) and zone.startswith(_FIXED):
            from ccsim.language.zone_hints import fixed_offset

            said = fixed_offset(zone)
            if said and all(remark.message != said for remark in rd.faults.remarks):
                rd.faults.remark(said, node.place, key)
        return zone


ZONE: Final = ZoneForm()
CALENDAR: Final = ScalarForm(
    calendar, "a holiday calendar like DE or DE-BY", {"type": "string", "pattern": f"^{_CALENDAR.pattern}$"}
)


class OwnZoneForm(ZoneForm):
    """The scenario's time zone; later readers of local times use it."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        rd.zone = None
        zone = super().read(node, key, rd)
        if not isinstance(zone, Bad):
            rd.zone = ZoneInfo(zone)
        return zone


class ZonedForm(DictForm):
    """Places that have a time zone: markets or sites. Later readers of local times use their zones."""

    def __init__(self, place: SectionForm, *, of: Literal["markets", "sites"]) -> None:
        super().__init__(place, of=of, most=1_000)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        places = super().read(node, key, rd)
        zones = rd.zones if self.of == "markets" else rd.site_zones
        for name, place in {} if places is BAD else places.items():
            if place.time_zone:
                zones[name] = ZoneInfo(place.time_zone)
        return places
