"""Public holidays by the name of their calendar: a country (`DE`) or a part of one (`DE-BY`)."""

from __future__ import annotations

import warnings
from datetime import date
from functools import cache

from ccsim.errors import CcsimError


def holidays_between(name: str, first: date, last: date) -> frozenset[date]:
    """Public holidays of a calendar from `first` to `last`, both included; days given in lieu are among them.

    Raises `CcsimError` for a calendar that is not known.
    """
    return frozenset(
        day for year in range(first.year, last.year + 1) for day in _holidays(name, year) if first <= day <= last
    )


@cache
def _holidays(name: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = name.partition("-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = holidays.country_holidays(country, subdiv=part or None, years=year, expand=False)
        except (LookupError, NotImplementedError):
            raise CcsimError(
                f"there is no holiday calendar {name!r}: say a country like DE, or a part like DE-BY"
            ) from None
        return frozenset(day for day in found if day.year == year)
