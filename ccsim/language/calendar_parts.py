"""Countries whose parts all have more public holidays than the country's own calendar, which nobody keeps alone.

As the package `holidays` counts them, days given in lieu included; it takes longer to load than a scenario may take to
check. A test holds the table and the package together, and says what to write here when the package has changed.
"""

from __future__ import annotations

from functools import cache
from typing import Final

FIRST_YEAR: Final = 2020
_DAYS: Final = """
AU-NSW: 7/12 7/13 8/14 7/12 7/11 7/11 7/13 7/14 7/12 7/11 7/11 7/11 7/13 7/13 7/12 7/11 7/11 7/12 7/12 7/13 7/12
BA-BIH: 10/21 10/20 9/20 10/22 10/21 10/18 10/21 10/20 10/18 10/21 10/21 10/18 10/20 10/22 10/18 10/21 10/21 10/18
  10/18 11/23 10/22
BQ-BON: 10/12 10/12 10/12 10/12 10/12 10/13 10/12 10/12 10/12 10/12 10/12 10/12 10/12 10/12 10/12 10/12 10/12 10/12
  10/12 10/12 10/12
CA-ON: 5/10 6/11 7/10 6/10 5/9 5/9 5/10 6/11 6/10 5/9 5/9 5/9 6/11 7/10 6/10 5/9 5/9 5/10 6/11 7/10 6/10
CH-ZH: 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9 4/9
DE-NW: 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11 9/11
ES-MD: 8/12 9/12 8/12 9/12 9/12 9/12 8/12 9/12 10/12 10/12 8/11 9/11 9/12 8/12 9/12 10/12 8/11 8/12 9/12 8/12 9/12
FM-PNI: 9/13 11/15 9/14 10/14 11/15 10/16 10/16 11/16 9/13 11/14 11/15 10/16 11/16 9/14 10/14 11/15 10/16 10/16
  11/16 9/14 12/15
GB-ENG: 7/9 8/10 10/12 8/10 6/8 6/8 7/9 8/10 7/9 6/8 6/8 6/8 8/10 8/10 7/9 6/8 6/8 7/9 8/10 8/10 7/9
MY-10: 15/21 13/18 20/26 16/24 13/18 15/20 16/23 15/20 14/20 15/20 14/19 15/20 14/19 17/23 14/20 16/22 14/19 14/19
  14/19 16/22 16/23
SH-HL: 6/7 7/8 8/10 7/9 5/6 5/6 6/7 7/8 5/7 5/6 5/6 5/6 7/8 6/8 5/7 5/6 5/6 6/7 7/8 6/8 5/6
"""
"""A large part of each country, and by year from 2020: days of the country / days of that part."""

_OFTEN_MORE: Final = "AD-07 AR-M BO-L BR-SP CV-PR FR-6AE IN-MH IT-MI NZ-AUK PT-11 SB-GU TV-FUN US-CA"
"""Of countries of which most parts, but not all, have more days: one that has more in every year."""


def parts_have_more(country: str, year: int) -> tuple[int, str, int] | None:
    """Days of a country's calendar in a year, one of its parts (`GB-ENG`) and its days, if every part has more.

    None for a country that is not so, or a year that is not known.
    """
    counts = _table().get(country)
    if counts is None or not 0 <= year - FIRST_YEAR < len(counts[1]):
        return None
    own, of_part = counts[1][year - FIRST_YEAR]
    return own, counts[0], of_part


def often_more(country: str) -> str | None:
    """One of the parts of a country of which most, but not all, have more days."""
    return next((part for part in _OFTEN_MORE.split() if part.startswith(f"{country}-")), None)


@cache
def _table() -> dict[str, tuple[str, list[tuple[int, int]]]]:
    """By country: a part, and the days of both by year."""
    found = {}
    for line in _DAYS.strip().replace("\n  ", " ").split("\n"):
        part, _, counts = line.partition(": ")
        pairs = [count.split("/") for count in counts.split()]
        found[part[:2]] = (part, [(int(own), int(of_part)) for own, of_part in pairs])
    return found
