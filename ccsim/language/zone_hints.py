"""Time zones as other tools name them, and the places of the zone database that they mean.

Names of Windows and of calendars, abbreviations, large cities, offsets from UTC: what planners paste into a scenario.
"""

from __future__ import annotations

import re
from typing import Final

from ccsim.text.faults import near

_WINDOWS: Final = """
Afghanistan=Asia/Kabul; Alaskan=America/Anchorage; Arab=Asia/Riyadh; Arabian=Asia/Dubai; Arabic=Asia/Baghdad
Argentina=America/Argentina/Buenos_Aires; Atlantic=America/Halifax; AUS Central=Australia/Darwin
AUS Eastern=Australia/Sydney; Azerbaijan=Asia/Baku; Bangladesh=Asia/Dhaka; Belarus=Europe/Minsk
Canada Central=America/Regina; Caucasus=Asia/Yerevan; Cen. Australia=Australia/Adelaide
Central America=America/Guatemala; Central Asia=Asia/Almaty; Central Brazilian=America/Cuiaba
Central Europe=Europe/Budapest; Central European=Europe/Warsaw; Central Pacific=Pacific/Guadalcanal
Central=America/Chicago; Central (Mexico)=America/Mexico_City; China=Asia/Shanghai; E. Africa=Africa/Nairobi
E. Australia=Australia/Brisbane; E. Europe=Europe/Chisinau; E. South America=America/Sao_Paulo
Eastern=America/New_York; Eastern (Mexico)=America/Cancun; Egypt=Africa/Cairo; FLE=Europe/Kyiv
Fiji=Pacific/Fiji; GMT=Europe/London; GTB=Europe/Bucharest; Georgian=Asia/Tbilisi; Greenwich=Atlantic/Reykjavik
Hawaiian=Pacific/Honolulu; India=Asia/Kolkata; Iran=Asia/Tehran; Israel=Asia/Jerusalem; Jordan=Asia/Amman
Korea=Asia/Seoul; Libya=Africa/Tripoli; Mauritius=Indian/Mauritius; Middle East=Asia/Beirut
Montevideo=America/Montevideo; Morocco=Africa/Casablanca; Mountain=America/Denver; Myanmar=Asia/Yangon
N. Central Asia=Asia/Novosibirsk; Namibia=Africa/Windhoek; Nepal=Asia/Kathmandu; New Zealand=Pacific/Auckland
Newfoundland=America/St_Johns; Pacific SA=America/Santiago; Pacific=America/Los_Angeles; Pakistan=Asia/Karachi
Paraguay=America/Asuncion; Romance=Europe/Paris; Russian=Europe/Moscow; SA Eastern=America/Cayenne
SA Pacific=America/Bogota; SA Western=America/La_Paz; SE Asia=Asia/Bangkok; Singapore=Asia/Singapore
South Africa=Africa/Johannesburg; Sri Lanka=Asia/Colombo; Syria=Asia/Damascus; Taipei=Asia/Taipei
Tasmania=Australia/Hobart; Tokyo=Asia/Tokyo; Turkey=Europe/Istanbul; US Eastern=America/Indiana/Indianapolis
US Mountain=America/Phoenix; Venezuela=America/Caracas; W. Australia=Australia/Perth
W. Central Africa=Africa/Lagos; W. Europe=Europe/Berlin; West Asia=Asia/Tashkent
"""
"""Names of Windows without `Standard Time`, and a place of each."""

_ABBREVIATIONS: Final = """
ACST=Australia/Adelaide,Australia/Darwin; ACDT=Australia/Adelaide; AEST=Australia/Sydney,Australia/Brisbane
AEDT=Australia/Sydney; AKST=America/Anchorage; AKDT=America/Anchorage; ART=America/Argentina/Buenos_Aires
AST=America/Halifax,Asia/Riyadh; ADT=America/Halifax; AWST=Australia/Perth; BRT=America/Sao_Paulo
BST=Europe/London,Asia/Dhaka; CAT=Africa/Harare; CDT=America/Chicago,America/Havana; CEST=Europe/Berlin,Europe/Madrid
CLT=America/Santiago; COT=America/Bogota; CST=America/Chicago,Asia/Shanghai; CT=America/Chicago; EAT=Africa/Nairobi
EDT=America/New_York; EEST=Europe/Athens; ET=America/New_York; GST=Asia/Dubai; HKT=Asia/Hong_Kong
ICT=Asia/Bangkok; IDT=Asia/Jerusalem; IST=Asia/Kolkata,Europe/Dublin,Asia/Jerusalem; JST=Asia/Tokyo; KST=Asia/Seoul
MDT=America/Denver; MSK=Europe/Moscow; MT=America/Denver; MYT=Asia/Kuala_Lumpur; NDT=America/St_Johns
NST=America/St_Johns; NZST=Pacific/Auckland; NZDT=Pacific/Auckland; PDT=America/Los_Angeles; PET=America/Lima
PHT=Asia/Manila; PHST=Asia/Manila; PKT=Asia/Karachi; PST=America/Los_Angeles,Asia/Manila; PT=America/Los_Angeles
SAST=Africa/Johannesburg; SGT=Asia/Singapore; SST=Asia/Singapore,Pacific/Pago_Pago; TRT=Europe/Istanbul
UK=Europe/London; US=America/New_York,America/Chicago,America/Los_Angeles; WAT=Africa/Lagos; WEST=Europe/Lisbon
WIB=Asia/Jakarta
"""
"""Abbreviations and the places that use them; several where they mean several things."""

_CITIES: Final = """
Atlanta=America/New_York; Austin=America/Chicago; Bangalore=Asia/Kolkata; Bengaluru=Asia/Kolkata
Barcelona=Europe/Madrid; Beijing=Asia/Shanghai; Boston=America/New_York; Brasilia=America/Sao_Paulo
Cape Town=Africa/Johannesburg; Casablanca=Africa/Casablanca; Cebu=Asia/Manila; Chennai=Asia/Kolkata
Cologne=Europe/Berlin; Cork=Europe/Dublin; Dallas=America/Chicago; Delhi=Asia/Kolkata; Edinburgh=Europe/London
Frankfurt=Europe/Berlin; Geneva=Europe/Zurich; Glasgow=Europe/London; Guadalajara=America/Mexico_City
Gurgaon=Asia/Kolkata; Hamburg=Europe/Berlin; Hanoi=Asia/Bangkok; Houston=America/Chicago; Hyderabad=Asia/Kolkata
Krakow=Europe/Warsaw; Las Vegas=America/Los_Angeles; Lyon=Europe/Paris; Manchester=Europe/London
Medellin=America/Bogota; Miami=America/New_York; Milan=Europe/Rome; Montreal=America/Toronto; Mumbai=Asia/Kolkata
Munich=Europe/Berlin; New Delhi=Asia/Kolkata; Noida=Asia/Kolkata; Osaka=Asia/Tokyo; Ottawa=America/Toronto
Philadelphia=America/New_York; Porto=Europe/Lisbon; Pune=Asia/Kolkata; Rio de Janeiro=America/Sao_Paulo
Salt Lake City=America/Denver; San Antonio=America/Chicago; San Diego=America/Los_Angeles
San Francisco=America/Los_Angeles; San Jose=America/Los_Angeles,America/Costa_Rica; Seattle=America/Los_Angeles
Shenzhen=Asia/Shanghai; Tampa=America/New_York; Tel Aviv=Asia/Jerusalem; Washington=America/New_York
Wroclaw=Europe/Warsaw
"""
"""Cities that have no zone of their own name."""

_PLAIN: Final = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "atlantic": "America/Halifax",
    "central european": "Europe/Berlin",
    "eastern european": "Europe/Athens",
    "western european": "Europe/Lisbon",
    "british": "Europe/London",
    "india": "Asia/Kolkata",
    "indian": "Asia/Kolkata",
    "japan": "Asia/Tokyo",
    "china": "Asia/Shanghai",
    "philippine": "Asia/Manila",
    "philippines": "Asia/Manila",
}
"""What stands before `Time` or `Daylight Time` in plain words."""

_BY_OFFSET: Final = {
    -600: "Pacific/Honolulu",
    -540: "America/Anchorage",
    -480: "America/Los_Angeles",
    -420: "America/Denver",
    -360: "America/Chicago",
    -300: "America/New_York",
    -240: "America/Halifax",
    -180: "America/Sao_Paulo",
    0: "Europe/London",
    60: "Europe/Madrid",
    120: "Europe/Athens",
    180: "Europe/Istanbul",
    240: "Asia/Dubai",
    300: "Asia/Karachi",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    360: "Asia/Dhaka",
    420: "Asia/Bangkok",
    480: "Asia/Manila",
    540: "Asia/Tokyo",
    570: "Australia/Adelaide",
    600: "Australia/Sydney",
    720: "Pacific/Auckland",
}
"""A place whose winter time is so many minutes ahead of UTC."""
_LIKE: Final = "Europe/Madrid"

_OFFSET: Final = re.compile(
    r"(?:Etc/)?(?:UTC|GMT|UT|Z)?\s*([+\-\u2212])\s*([0-9]{1,2})(?::?([0-9]{2}))?(?::?[0-9]{2})?", re.IGNORECASE
)
_LABEL: Final = re.compile(r"\s*\(?(?:UTC|GMT)\s*(?:[+\-\u2212][0-9]{1,2}(?::?[0-9]{2})?)?\)\s*", re.IGNORECASE)

_LONDON: Final = ("GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich")
_FIXED: Final = {
    "EST": (-300, "New York", "America/New_York"),
    "MST": (-420, "Denver", "America/Denver"),
    "HST": (-600, "Honolulu", "Pacific/Honolulu"),
    **{prefix + name: (0, "London", "Europe/London") for prefix in ("", "Etc/") for name in _LONDON},
    **{
        f"Etc/GMT{-hours:+d}": (60 * hours, "a place", _BY_OFFSET.get(60 * hours, _LIKE))
        for hours in range(-12, 15)
        if hours
    },
}
"""Names without summer time: minutes ahead of UTC, whom they are often meant for, and the zone of that place."""


def zone_hint(text: str, known: frozenset[str] | set[str]) -> str:
    """What to write in place of a name that no zone of `known` has; never a fixed offset, whose sign is read two ways.

    For `W. Europe Standard Time`: `; did you mean 'Europe/Berlin'?`.
    """
    offset = _OFFSET.fullmatch(text.strip())
    if offset:
        minutes = 60 * int(offset[2]) + int(offset[3] or 0)
        place = _BY_OFFSET.get(minutes if offset[1] == "+" else -minutes, _LIKE)
        return f"; a fixed offset has no summer time: name a place, like {place}"
    plain = _LABEL.sub("", text).strip()
    places = _meant(plain, known)
    if places:
        said = " or ".join(f"'{place}'" for place in places)
        return f"; did you mean {said}?"
    hint = near(text, (name for name in known if not name.startswith("Etc/") and name not in _FIXED))
    return hint if hint.startswith("; did you mean") else f"; name a place, like {_LIKE}"


def fixed_offset(zone: str) -> str:
    """What is to be known of a zone that has no summer time because it is an offset, not a place; else empty."""
    if zone not in _FIXED:
        return ""
    minutes, whom, place = _FIXED[zone]
    hours = f"UTC{minutes // 60:+d}" if minutes else "UTC"
    if zone.startswith("Etc/GMT") and minutes:
        return f"{zone} is {hours} (its sign is turned) all year, without summer time; name a place, like {place}"
    return f"{zone} is {hours} all year, without summer time; for {whom} say {place}"


def _meant(text: str, known: frozenset[str] | set[str]) -> list[str]:
    """The places that a name of other tools means."""
    lower = text.lower()
    found = _table(_ABBREVIATIONS).get(lower) or _table(_CITIES).get(lower)
    if found:
        return found
    words = re.sub(r"\s*\((?:us & canada|us and canada)\)$", "", lower)
    for ending in (" standard time", " daylight time", " summer time", " time"):
        if words.endswith(ending):
            start = words.removesuffix(ending)
            windows = _table(_WINDOWS).get(start) if ending in (" standard time", " daylight time") else None
            return windows or ([_PLAIN[start]] if start in _PLAIN else [])
    if lower in _PLAIN:
        return [_PLAIN[lower]]
    if "," in lower:
        return _meant(text.partition(",")[0].strip(), known)
    name = re.sub(r"[\s_]+", "_", lower)
    ends = sorted(
        zone
        for zone in known
        if "/" in zone and not zone.startswith("Etc/") and zone.rpartition("/")[2].lower() == name
    )
    return ends[:1]


def _table(text: str) -> dict[str, list[str]]:
    """Names in small letters and their places."""
    pairs = (pair.split("=") for pair in text.replace("\n", ";").split(";") if pair.strip())
    return {name.strip().lower(): places.strip().split(",") for name, places in pairs}
