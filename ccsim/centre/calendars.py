"""Public holidays by the name of their calendar: a country (`DE`) or a part of one (`DE-BY`)."""

from __future__ import annotations

import sys
import warnings
from datetime import date
from functools import cache
from importlib.util import find_spec, module_from_spec
from typing import Any, NamedTuple

from ccsim.errors import CcsimError
from ccsim.language.markets import Market
from ccsim.language.sites import Site


class OwnCalendar(NamedTuple):
    """The public holidays of a place: those of a calendar, and dates of its own."""

    name: str | None
    also: frozenset[str] = frozenset()
    """ISO dates that are public holidays too."""
    without: frozenset[str] = frozenset()
    """ISO dates that are none."""

    def between(self, first: date, last: date) -> frozenset[date]:
        """Its public holidays from `first` to `last`, both included."""
        found = holidays_between(self.name, first, last) if self.name is not None else frozenset()
        if not self.also and not self.without:
            return found
        own = {day for day in map(date.fromisoformat, self.also) if first <= day <= last}
        return (found | own) - {date.fromisoformat(day) for day in self.without}


def calendar_of(place: Market | Site | None) -> OwnCalendar | None:
    """The public holidays of a market or site; None where it has none at all."""
    if place is None:
        return None
    said = {day: special.holiday for day, special in place.special_days.items()}
    also = frozenset(day for day, holiday in said.items() if holiday)
    if place.holidays is None and not also:
        return None
    return OwnCalendar(place.holidays, also, frozenset(day for day, holiday in said.items() if holiday is False))


def holidays_between(name: str, first: date, last: date) -> frozenset[date]:
    """Public holidays of a calendar from `first` to `last`, both included; days given in lieu are among them.

    Raises `CcsimError` for a calendar that is not known.
    """
    return frozenset(
        day for year in range(first.year, last.year + 1) for day in _holidays(name, year) if first <= day <= last
    )


def _load_countries_once_used() -> None:
    """Let `holidays` load the countries that are asked for: their package loads the 200 others with each of them.

    The package stands there empty; who asks it for anything else makes it load itself.
    """
    name = "holidays.countries"
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:
        return
    package, load = module_from_spec(spec), spec.loader.exec_module

    def loaded(asked: str) -> Any:
        del package.__dict__["__getattr__"]
        load(package)
        return getattr(package, asked)

    package.__dict__["__getattr__"] = loaded
    sys.modules[name] = package
    setattr(sys.modules["holidays"], "countries", package)  # noqa: B010 - as importing it does


@cache
def _holidays(name: str, year: int) -> frozenset[date]:
    import holidays

    _load_countries_once_used()
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
