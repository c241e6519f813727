"""What a time zone that is not known, or that is no place, probably means: what planners paste from other tools.

Names of Windows and of calendars, abbreviations, cities, offsets from UTC. A hint names places, never a fixed offset,
whose sign is read two ways, and never a place only because its letters are alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from ccsim.language import zone_names
from ccsim.language.zone_names import BY_OFFSET, places_by_name
from ccsim.text.faults import nearest

_LIKE: Final = "Europe/Madrid"
_MOST: Final = 100
"""Letters of a name that are looked at."""
_UTC: Final = r"(?:Etc/)?(?:UTC|GMT|UT|Z)"
_SIGN: Final = r"[+\-\u2212\u2013\u00b1]"
_OFFSET: Final = re.compile(
    rf"(?:{_UTC}\s*({_SIGN})?|({_SIGN}))\s*([0-9]{{1,2}})(?:(?::|h|(?=[0-9]{{2}}$))([0-9]{{2}})|([.,]5)0?)?h?(?::?00)?",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    rf"\(?\b(?:UTC|GMT)\s*(?:{_SIGN}\s*[0-9]{{1,2}}(?::?[0-9]{{2}})?)?\)|\b(?:UTC|GMT)\s*{_SIGN}\s*[0-9]{{1,2}}(?::?[0-9]{{2}})?\b",
    re.IGNORECASE,
)
_POSIX: Final = re.compile(r"([A-Za-z]{3,5})[+\-]?[0-9]{1,2}(?::[0-9]{2})?(?:[A-Za-z]{3,5}(?:[+\-,].*)?)?")
_TIME: Final = re.compile(r"(.+?) (?:(standard|daylight|summer|winter) )?time(?: (\(.+\)))?", re.IGNORECASE)
_WITHIN: Final = re.compile(r"[A-Za-z]+(?:/[A-Za-z_\-]+){1,2}")
_COUNTRIES: Final = re.compile(r"\s*\((?:us|usa)(?: (?:&|and) canada)?\)$", re.IGNORECASE)

_LONDON: Final = ("GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich")
_FIXED: Final = {
    "EST": (-300, "for New York say America/New_York"),
    "MST": (-420, "for Denver say America/Denver, for Phoenix America/Phoenix"),
    "HST": (-600, "for Honolulu say Pacific/Honolulu"),
    **{prefix + name: (0, "for London say Europe/London") for prefix in ("", "Etc/") for name in _LONDON},
}
"""Names without summer time: minutes ahead of UTC, and what to say for the place that they are often meant for."""
_TURNED: Final = re.compile(r"Etc/GMT([+-])([0-9]{1,2})")


def zone_hint(text: str, known: Collection[str]) -> str:
    """What to write in place of a name that no zone of `known` has.

    For `W. Europe Standard Time`: `; did you mean 'Europe/Berlin'?`. For an offset, places that have it.
    """
    said = text.strip()[:_MOST]
    offset = _OFFSET.fullmatch(said)
    if offset:
        return _for_offset(offset)
    places = _meant(_LABEL.sub(" ", said).strip(" -,"), known)
    if places:
        return "; did you mean " + " or ".join(f"'{place}'" for place in places) + "?"
    return f"; name a place, like {_LIKE}"


def fixed_offset(zone: str) -> str:
    """What is to be known of a zone that has no summer time because it is an offset, not a place; else empty."""
    turned = _TURNED.fullmatch(zone)
    if turned and int(turned[2]):
        minutes = 60 * int(turned[2]) * (-1 if turned[1] == "+" else 1)
        return f"{zone} is {_utc(minutes)} (its sign is turned) all year, without summer time; {_both_ways(minutes)}"
    if zone not in _FIXED:
        return ""
    minutes, instead = _FIXED[zone]
    return f"{zone} is {_utc(minutes)} all year, without summer time; {instead}"


def _utc(minutes: int) -> str:
    """An offset in words: `UTC+5:30`."""
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def _place(minutes: int) -> str | None:
    changing, still = BY_OFFSET.get(minutes, (None, None))
    return changing or still


def _both_ways(minutes: int) -> str:
    """Places for an offset whose sign may have been meant the other way."""
    ways = [f"for {_utc(way)} name a place like {_place(way)}" for way in (minutes, -minutes) if _place(way)]
    return ", ".join(ways) or f"name a place, like {_LIKE}"


def _for_offset(offset: re.Match[str]) -> str:
    """The hint for an offset from UTC."""
    minutes = 60 * int(offset[3]) + int(offset[4] or 0) + (30 if offset[5] else 0)
    sign = offset[1] or offset[2] or "+"
    minutes = minutes if sign in "+\u00b1" else -minutes
    if offset[0].lower().startswith("etc/gmt") and minutes:
        return f"; a fixed offset has no summer time, and the sign of Etc/GMT is turned: {_both_ways(-minutes)}"
    changing, still = BY_OFFSET.get(minutes, (None, None))
    said = f"; a fixed offset has no summer time: name a place, like {changing or still or _LIKE}"
    if changing and still:
        there = "UTC itself" if still == "UTC" else f"{still} ({_utc(minutes)} all year)"
        said += f" ({_utc(minutes)} in winter), or {there}"
    return said


def _meant(text: str, known: Collection[str]) -> list[str]:
    """The places that a name of other tools means."""
    text = _COUNTRIES.sub("", text)
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    lower = re.sub(r"\s+", " ", text.replace("_", " ")).lower()
    for table in (zone_names.WHOLE, zone_names.ABBREVIATIONS, zone_names.PLACES):
        if found := places_by_name(table).get(lower):
            return found
    if exact := sorted(zone for zone in known if zone.lower() == text.lower() and _is_place(zone)):
        return exact[:1]
    if named := [zone for zone in _WITHIN.findall(text) if zone in known and _is_place(zone)]:
        return named[:1]
    if " - " in text:  # Eastern Time - New York
        listed = (_meant(part.strip(), known) for part in reversed(text.split(" - ")))
        return next((found for found in listed if found), [])
    if time := _TIME.fullmatch(lower):
        return _of_time(time[1], time[2], time[3], known)
    if posix := _POSIX.fullmatch(text):
        return places_by_name(zone_names.ABBREVIATIONS).get(posix[1].lower(), [])
    if "," in lower or ";" in lower:
        listed = (_meant(part.strip(), known) for part in re.split("[,;]", text) if part.strip())
        return next((found for found in listed if found), [])
    if found := _windows(lower):
        return found
    return _city(text, known)


def _of_time(start: str, season: str | None, country: str | None, known: Collection[str]) -> list[str]:
    """What is called a time: `eastern`, `w. europe` of `standard`, `mountain` of `(mexico)`, a city."""
    if country:
        return _windows(f"{start} {country}")
    # Windows has other places under some of the words that people use, and says `standard` always.
    plain = places_by_name(zone_names.PLAIN).get(start)
    by_windows = _windows(start)
    found = by_windows or plain if season in ("standard", "daylight") else plain or by_windows
    if found:
        return found
    return places_by_name(zone_names.PLACES).get(start) or _ends(start, known)


def _windows(start: str) -> list[str]:
    tables = (zone_names.WINDOWS, zone_names.PLAIN)
    return next((found for table in tables if (found := places_by_name(table).get(start))), [])


def _city(text: str, known: Collection[str]) -> list[str]:
    """The place of a city, or of a name like one of the database; misspelt ones too, by the city alone."""
    region, slash, name = text.rpartition("/")
    plain = name.replace("_", " ").strip().lower()
    if found := _ends(plain, known):
        mine = [zone for zone in found if zone.lower().startswith(region.lower() + slash)]
        return (mine or found)[:1]
    if slash and (found := places_by_name(zone_names.ABBREVIATIONS).get(region.lower()) or []):
        return found  # EST/EDT
    if slash and (found := places_by_name(zone_names.PLACES).get(plain) or []):
        return found
    if len(plain) < 5:  # most abbreviations are like each other
        return []
    mine = [zone for zone in known if zone.rpartition("/")[0].lower() == region.lower()] if slash else []
    cities = {_last(zone): zone for zone in sorted(mine or known, reverse=True) if _is_place(zone)}
    alike = nearest(plain, cities, 0.7 if mine else 0.8)
    return [cities[city] for city in alike]


def _ends(city: str, known: Collection[str]) -> list[str]:
    """Zones of a city's name."""
    return sorted(zone for zone in known if _is_place(zone) and _last(zone) == city)[:1]


def _last(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ").lower()


def _is_place(zone: str) -> bool:
    return "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
