"""Checks of slips of the pen that make a number or a name another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ccsim.language.shares import percent
from ccsim.scenario.checks.whole import Whole

_WILD_DAYS: Final = 1.0
"""Coefficients of variation of a day's volume above this are told: 9 for 9 %."""


def cases_of_languages(whole: Whole) -> None:
    """Languages are told apart by capital letters: customers of `DE` have nobody who speaks `de`."""
    if whole.spoilt("markets") or whole.spoilt("pools"):
        return
    first: dict[str, tuple[str, str]] = {}
    told: set[str] = set()
    for language, at in _languages(whole):
        other, there = first.setdefault(language.casefold(), (language, ".".join(at)))
        if other != language and language not in told:
            told.add(language)
            whole.fault(f"{language!r} is written {other!r} at {there}; write one language in one way", *at)


def _languages(whole: Whole) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Languages and where they stand: those that agents speak first."""
    for name, pool in whole.pools.items():
        yield from ((one, ("pools", name, "languages")) for one in pool.languages or ())
    for name, market in whole.scenario.markets.items():
        yield from ((one, ("markets", name, "languages")) for one in market.languages)
    for name, volume in whole.demand.items():
        if volume.language is not None:
            yield volume.language, ("demand", name, "language")


def wild_days(whole: Whole) -> None:
    """A day-to-day uncertainty of more than 100 % is probably one in per cent."""
    for name, volume in whole.demand.items():
        cv = volume.day_factor.cv if volume.day_factor is not None else 0.0
        if cv > _WILD_DAYS:
            key = "day_factor" if whole.is_written("demand", name, "day_factor") else "day_cv"
            why = f"days differ by {percent(cv)} of their mean; {cv:g} % is {cv:g}%"
            whole.warn(why, "demand", name, key)


CHECKS: Final = (cases_of_languages, wild_days)
