"""What a holiday calendar that is not known probably means: names are compared, and never codes by their letters."""

from __future__ import annotations

import re
from typing import Final

from ccsim.language.calendar_codes import known_calendars, parts_by_country
from ccsim.text.faults import nearest

_ALSO_CALLED: Final = """
UK=GB, GB-ENG; UK-ENG=GB-ENG; ENG=GB-ENG; EN=GB-ENG; BRITAIN=GB, GB-ENG; UNITED KINGDOM=GB, GB-ENG
GREAT BRITAIN=GB, GB-ENG; GBR=GB, GB-ENG; USA=US; UNITED STATES=US; UNITED STATES OF AMERICA=US; EL=GR; GREECE=GR
GER=DE; DEU=DE; GERMANY=DE; FRA=FR; FRANCE=FR; ESP=ES; SPAIN=ES; ITA=IT; ITALY=IT; CAN=CA; CANADA=CA; AUS=AU
AUSTRALIA=AU; AUT=AT; AUSTRIA=AT; IND=IN; INDIA=IN; PHL=PH; PHILIPPINES=PH; JPN=JP; JAPAN=JP; POL=PL; POLAND=PL
MEX=MX; MEXICO=MX; BRA=BR; BRAZIL=BR; IRL=IE; IRELAND=IE; NLD=NL; NETHERLANDS=NL; CHE=CH; SWITZERLAND=CH
PRT=PT; PORTUGAL=PT; ZAF=ZA; SOUTH AFRICA=ZA; COL=CO; COLOMBIA=CO; ROU=RO; ROMANIA=RO; TUR=TR; TURKEY=TR
NZL=NZ; NEW ZEALAND=NZ; SGP=SG; SINGAPORE=SG; MYS=MY; MALAYSIA=MY; BEL=BE; BELGIUM=BE; SWE=SE; SWEDEN=SE
DNK=DK; DENMARK=DK; NOR=NO; NORWAY=NO; FIN=FI; FINLAND=FI; CZE=CZ; CZECHIA=CZ; HUN=HU; HUNGARY=HU
BAVARIA=DE-BY; SAXONY=DE-SN; HESSE=DE-HE; CATALONIA=ES-CT; VIENNA=AT-9
"""
"""What countries and parts are also called, and their codes."""
_SEARCHED: Final = ("GB", "US", "CA", "AU", "DE", "ES", "CH", "AT", "IN", "NZ", "BR")
"""Countries whose parts are known by their names alone, in this order."""
_CODE: Final = re.compile(r"([A-Za-z]{2})[-_ .:/](.{1,60})")
_MOST: Final = 40


def calendar_hint(text: str) -> str:
    """`; did you mean 'GB-ENG'?` for `England` or `gb_eng`; empty where nobody knows."""
    upper = text.strip().upper()
    codes = _also_called().get(upper, [])
    code = _CODE.fullmatch(text.strip())
    by_case = {known.upper(): known for known in known_calendars()}
    plain = f"{code[1]}-{code[2]}".upper() if code else upper
    if not codes and plain in by_case:
        codes = [by_case[plain]]
    if not codes and code and code[1].upper() in parts_by_country():
        return part_hint(code[1].upper(), code[2])
    if not codes and len(upper) > 3:  # three letters are codes of other lists
        found = (_named(country, text) for country in _SEARCHED)
        codes = next(([one] for one in found if one), [])
    return _meant(codes)


def part_hint(country: str, part: str) -> str:
    """`; did you mean 'DE-BY'?` for `Bayern` of `DE`, else the parts that there are."""
    code = _named(country, part)
    if code:
        return _meant([code])
    parts = sorted(parts_by_country()[country])
    if not parts:
        return f"; {country} has no parts of its own"
    more = len(parts) - _MOST
    return f"; its parts are {', '.join(parts[:_MOST])}" + (f" and {more} more" if more > 0 else "")


def _meant(codes: list[str]) -> str:
    return "; did you mean " + " or ".join(f"'{code}'" for code in codes) + "?" if codes else ""


def _named(country: str, name: str) -> str | None:
    """The code of a part by its name, slightly misspelt too, as the package `holidays` knows it."""
    import holidays

    wanted = name.strip().casefold()
    parts = parts_by_country()[country]
    known = {part.casefold(): part for part in parts}
    if wanted in known:
        return f"{country}-{known[wanted]}"
    aliases: dict[str, str] = getattr(getattr(holidays, country, None), "subdivisions_aliases", {})
    names = {alias.casefold(): code for alias, code in aliases.items() if code in parts}
    alike = [wanted] if wanted in names else nearest(wanted, names, 0.85) if len(wanted) > 3 else []
    return f"{country}-{names[alike[0]]}" if alike else None


def _also_called() -> dict[str, list[str]]:
    pairs = (pair.split("=") for pair in _ALSO_CALLED.replace("\n", ";").split(";") if pair.strip())
    return {name.strip(): codes.split(", ") for name, codes in pairs}
