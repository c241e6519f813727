"""What somebody wants of a first scenario: words of the command line, understood or refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ccsim.errors import CcsimError
from ccsim.language.forms import NAME
from ccsim.language.zone_names import PLACES, places_by_name
from ccsim.language.zones import known_zones, time_zone
from ccsim.new.countries import Country, country_in, country_of, near_country
from ccsim.text.faults import near
from ccsim.text.scalars import Misread

CHANNELS: Final = ("phone", "chat", "messaging", "email", "social")
LIVE: Final = ("phone", "chat", "messaging")
"""Channels that are answered at once; the others have a deadline."""
MOST_NAMES: Final = 50
MOST_CONTACTS: Final = 2_000_000
MOST_PEOPLE: Final = 100_000

_WORD: Final = re.compile(r"[^A-Za-z0-9_]+")


class WishError(CcsimError):
    """A word of the command line that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Located:
    """A market or a site."""

    name: str
    time_zone: str
    country: Country | None
    """What is known of its country; None where the table has it not."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a scenario is to have."""

    markets: tuple[Located, ...]
    channels: tuple[str, ...]
    sites: tuple[Located, ...]
    languages: tuple[str, ...]
    """Languages that are served; empty: those of the markets."""
    contacts_per_week: int
    people: int | None
    """People of all sites together; None: as many as the load asks for."""
    vendor: str | None
    start: date


def listed(option: str, text: str) -> list[str]:
    """Words between commas. Raises `WishError`."""
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise WishError(f"{option}: expected names between commas, got '{text}'")
    if len(words) > MOST_NAMES:
        raise WishError(f"{option}: at most {MOST_NAMES} names, got {len(words)}")
    return words


def markets_of(text: str, fallback: str | None) -> tuple[Located, ...]:
    """Markets of `uk,germany` or `atlantis=Europe/Lisbon`; `fallback`: zone of those that are not known."""
    return _distinct("--markets", [_market(word, fallback) for word in listed("--markets", text)])


def sites_of(text: str, fallback: str | None) -> tuple[Located, ...]:
    """Sites of `leeds,sofia` or `hq=Europe/Paris`; `fallback`: zone of those that are not known."""
    return _distinct("--sites", [_site(word, fallback) for word in listed("--sites", text)])


def channels_of(text: str) -> tuple[str, ...]:
    """Channels in the order of `CHANNELS`."""
    words = [word.lower().replace("e-mail", "email") for word in listed("--channels", text)]
    for word in words:
        if word not in CHANNELS:
            raise WishError(f"--channels: there is no channel '{word}'{near(word, CHANNELS)}")
    return tuple(channel for channel in CHANNELS if channel in words)


def languages_of(text: str) -> tuple[str, ...]:
    """Languages, each once."""
    return tuple(dict.fromkeys(name_of("--languages", word.lower()) for word in listed("--languages", text)))


def number_of(option: str, text: str, most: int) -> int:
    """A whole number from 1 on: `6000`, `6_000` or `6,000`."""
    plain = text.strip().replace("_", "").replace(",", "")
    if not (plain.isascii() and plain.isdecimal()) or not 1 <= int(plain[:12]) <= most or len(plain) > 12:
        raise WishError(f"{option}: expected a whole number from 1 to {most:,}, got '{text}'")
    return int(plain)


def date_of(text: str) -> date:
    """The Monday of the week of a date like 2026-06-01."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise WishError(f"--start: expected a date like 2026-06-01, got '{text}'") from None
    if not 1990 <= day.year <= 2090:
        raise WishError(f"--start: expected a year from 1990 to 2090, got {day.year}")
    return day - timedelta(days=day.weekday())


def zone_of(option: str, text: str) -> str:
    """The name of a time zone. Raises `WishError` with what it may be meant for."""
    try:
        return time_zone(text.strip())
    except Misread as misread:
        raise WishError(f"{option}: {misread}") from None


def name_of(option: str, text: str) -> str:
    """A name as a scenario takes it: `New York` is `new_york`."""
    name = _WORD.sub("_", text.strip()).strip("_").lower()
    if not NAME.fullmatch(name):
        raise WishError(f"{option}: expected a name of letters and digits, got '{text}'")
    return name


def next_start(today: date) -> date:
    """The first Monday of the next month."""
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


def _market(word: str, fallback: str | None) -> Located:
    name, equals, zone = word.partition("=")
    country = country_of(name)
    if equals:
        return Located(name_of("--markets", name), zone_of("--markets", zone), country)
    if country is not None:
        return Located(name_of("--markets", name), country.time_zone, country)
    if fallback is None:
        raise WishError(
            f"--markets: '{name}' is not in the table of countries{near_country(name)}; say its time zone, "
            f"{name}=Europe/London, or --time-zone for all that are not known"
        )
    return Located(name_of("--markets", name), fallback, None)


def _site(word: str, fallback: str | None) -> Located:
    name, equals, said = word.partition("=")
    country = country_of(name)
    zone = zone_of("--sites", said) if equals else country.time_zone if country else _city(name) or fallback
    if zone is None:
        raise WishError(
            f"--sites: the time zone of '{name}' is not known{_near_city(name)}; say {name}=Europe/London, or "
            "--time-zone for all that are not known"
        )
    return Located(name_of("--sites", name), zone, country or country_in(zone))


def _city(name: str) -> str | None:
    """The time zone of a city, if it is a place of the zone database or in our table."""
    plain = name.strip().lower().replace("_", " ")
    places = places_by_name(PLACES).get(plain)
    if places:
        return places[0]
    return _cities().get(plain)


def city_in(time_zone: str) -> str:
    """The city by which a time zone is called, as a site is named: `new_york`."""
    city = time_zone.rpartition("/")[2].lower()
    return city if _city(city) == time_zone else f"{city}={time_zone}"


def _cities() -> dict[str, str]:
    named = {zone.rpartition("/")[2].lower().replace("_", " "): zone for zone in sorted(known_zones()) if "/" in zone}
    return {name: zone for name, zone in named.items() if not zone.startswith(("Etc/", "SystemV/"))}


def _near_city(name: str) -> str:
    hint = near(name.strip().lower(), {**_cities(), **places_by_name(PLACES)})
    return hint if hint.startswith("; did you mean") else ""


def _distinct(option: str, places: Sequence[Located]) -> tuple[Located, ...]:
    seen: set[str] = set()
    for place in places:
        if place.name in seen:
            raise WishError(f"{option}: {place.name} is named twice")
        seen.add(place.name)
    return tuple(places)
