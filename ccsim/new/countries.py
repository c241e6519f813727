"""Countries that a market can be named by: time zone, languages, public holidays, currency. Facts, rounded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from ccsim.text.faults import near

_COUNTRIES: Final = """
AE Asia/Dubai AED ar uae,united_arab_emirates
AR America/Argentina/Buenos_Aires ARS es argentina
AT Europe/Vienna EUR de austria
AU-NSW Australia/Sydney AUD en australia
BE Europe/Brussels EUR nl:60,fr:40 belgium
BG Europe/Sofia EUR bg bulgaria
BR America/Sao_Paulo BRL pt brazil
CA-ON America/Toronto CAD en:80,fr:20 canada
CH-ZH Europe/Zurich CHF de:70,fr:22,it:8 switzerland
CL America/Santiago CLP es chile
CN Asia/Shanghai CNY zh china
CO America/Bogota COP es colombia
CZ Europe/Prague CZK cs czechia,czech_republic
DE-NW Europe/Berlin EUR de germany
DK Europe/Copenhagen DKK da denmark
EG Africa/Cairo EGP ar egypt
ES-MD Europe/Madrid EUR es spain
FI Europe/Helsinki EUR fi:95,sv:5 finland
FR Europe/Paris EUR fr france
GB-ENG Europe/London GBP en uk,united_kingdom,great_britain,england,gb
GR Europe/Athens EUR el greece
HU Europe/Budapest HUF hu hungary
ID Asia/Jakarta IDR id indonesia
IE Europe/Dublin EUR en ireland
IL Asia/Jerusalem ILS he israel
IN Asia/Kolkata INR en:55,hi:45 india
IT Europe/Rome EUR it italy
JP Asia/Tokyo JPY ja japan
KE Africa/Nairobi KES en:50,sw:50 kenya
KR Asia/Seoul KRW ko korea,south_korea
MA Africa/Casablanca MAD ar:60,fr:40 morocco
MX America/Mexico_City MXN es mexico
MY-10 Asia/Kuala_Lumpur MYR ms:60,en:40 malaysia
NG Africa/Lagos NGN en nigeria
NL Europe/Amsterdam EUR nl netherlands
NO Europe/Oslo NOK no norway
NZ-AUK Pacific/Auckland NZD en new_zealand
PE America/Lima PEN es peru
PH Asia/Manila PHP en:50,tl:50 philippines
PL Europe/Warsaw PLN pl poland
PT Europe/Lisbon EUR pt portugal
RO Europe/Bucharest RON ro romania
SA Asia/Riyadh SAR ar saudi_arabia
SE Europe/Stockholm SEK sv sweden
SG Asia/Singapore SGD en:75,zh:25 singapore
TH Asia/Bangkok THB th thailand
TR Europe/Istanbul TRY tr turkey
TW Asia/Taipei TWD zh taiwan
US America/New_York USD en:85,es:15 us,usa,united_states
VN Asia/Ho_Chi_Minh VND vi vietnam
ZA Africa/Johannesburg ZAR en south_africa
"""
"""Calendar of public holidays, time zone, currency, languages with their shares in per cent, names. Where every part of
a country has holidays of its own, the calendar of a large one; the zone of its largest city."""


@dataclass(frozen=True, slots=True)
class Country:
    """What is known of a country."""

    calendar: str
    """Its public holidays: `DE-NW`."""
    time_zone: str
    currency: str
    languages: tuple[tuple[str, int], ...]
    """Languages with their shares in per cent."""
    names: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """All countries of the table."""
    found = []
    for line in _COUNTRIES.strip().split("\n"):
        calendar, zone, currency, languages, names = line.split()
        shares = [one.partition(":") for one in languages.split(",")]
        found.append(
            Country(
                calendar,
                zone,
                currency,
                tuple((name, int(share or 100)) for name, _, share in shares),
                tuple(names.split(",")),
            )
        )
    return tuple(found)


@cache
def by_name() -> dict[str, Country]:
    """Countries by name and by ISO code, in small letters."""
    return {name: one for one in countries() for name in (*one.names, one.calendar.partition("-")[0].lower())}


def country_of(name: str) -> Country | None:
    """The country of a name or code, `United Kingdom` or `GB`; None where the table has none."""
    return by_name().get(name.strip().lower().replace(" ", "_").replace("-", "_"))


def country_in(time_zone: str) -> Country | None:
    """The country whose time zone it is, of several the first."""
    return next((one for one in countries() if one.time_zone == time_zone), None)


def near_country(name: str) -> str:
    """`; did you mean 'germany'?` for a name that is much like one of the table."""
    hint = near(name, by_name())
    return hint if hint.startswith("; did you mean") else ""
