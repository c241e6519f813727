"""What several families of the life of a contact say alike: delays, caps, enough agents, measures of cases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..formulas import divided, ratio, signed
from ..laws import MINUTE, CannotSay, Law, duration, law_of
from ..measures import Ask
from ..replications import Asks
from ..sums import Sums

HOUR = 60.0 * MINUTE
"""Microseconds."""

QUICKLY = 10.0
"""Mean delay in minutes of a return whose law a case leaves open."""


def plenty(erlangs: float) -> int:
    """Agents with whom nobody ever waits, for a mean number of contacts in hand."""
    return math.ceil(erlangs + 12 * math.sqrt(erlangs) + 20)


def handle_law(name: str, minutes: float) -> Law:
    """A time of a mean, by the name of its law."""
    return _law(name, minutes, None)


def delay_law(said: Mapping[str, Any], stem: str = "return_delay") -> tuple[Law, float]:
    """The delay of a return as the case writes it, and its mean in minutes.

    `return_delay_hours_mean`, `return_delay_hours`, `return_delay_minutes_mean`, with `return_delay_law` (exponential
    where the case does not say) and `return_delay_cv`; `return_delay: any law` is short and exponential.
    """
    for unit, minutes in (("hours", 60.0), ("minutes", 1.0), ("days", 1440.0), ("seconds", 1 / 60)):
        for key in (f"{stem}_{unit}_mean", f"{stem}_{unit}"):
            if key in said:
                mean = float(said[key]) * minutes
                return _law(str(said.get(f"{stem}_law", "exponential")), mean, said.get(f"{stem}_cv")), mean
    if stem in said and not str(said[stem]).startswith("any law"):
        raise CannotSay(f"a delay that is {said[stem]!r}")
    return _law("exponential", QUICKLY, None), QUICKLY


def _law(name: str, mean: float, cv: Any) -> Law:
    if name.startswith("any"):
        name = "exponential"
    if name == "lognormal":
        return {"law": "lognormal", "mean": duration(mean * MINUTE), "cv": float(cv)}
    return law_of(name, MINUTE, mean)


def cap_of(said: Mapping[str, Any], key: str = "most_returns_per_case") -> int | str:
    """Most returns of a case, as the language says it."""
    most = said.get(key, "none")
    if isinstance(most, int | float):
        return int(most)
    if str(most) in ("none", "no cap"):
        return "none"
    raise CannotSay(f"returns that are capped by {most!r}")


def case_measures(label: str, unit: float) -> Asks:
    """Measures of contacts and cases without a threshold; rates by a unit of so many microseconds."""
    opened = [f"{label}.arrived", f"-{label}.repeated"]
    ended = [*opened, f"-{label}.cases_open"]

    def per_case(sums: Sums) -> Any:
        cases = signed(sums, opened)
        return divided(cases + sums[f"{label}.further_contacts"], cases)

    def hours(sums: Sums) -> Any:
        resolved = signed(sums, [*ended, f"-{label}.cases_given_up"])
        return divided(sums[f"{label}.resolution_ms"], resolved) / 3.6e6

    known = {
        "contacts_per_case": Ask(per_case, "mean"),
        "repeat_rate": ratio(f"{label}.repeated", f"{label}.arrived"),
        "share_of_contacts_caused_by_service": ratio(f"{label}.repeated", f"{label}.arrived"),
        "share_of_cases_resolved": ratio([*ended, f"-{label}.cases_given_up"], ended),
        "share_of_cases_answered": ratio([*ended, f"-{label}.cases_given_up"], ended),
        "share_of_cases_finally_resolved": ratio([*ended, f"-{label}.cases_given_up"], ended),
        "share_of_cases_given_up": ratio(f"{label}.cases_given_up", ended),
        "share_of_cases_lost": ratio(f"{label}.cases_given_up", ended),
        "share_of_cases_unresolved": ratio(f"{label}.cases_given_up", ended),
        "share_of_cases_stopped_by_the_cap": ratio(f"{label}.cases_stopped", ended),
        "fcr_true": ratio([*opened, f"-{label}.cases_missed_first"], opened),
        "mean_hours_to_resolution_of_resolved_cases": Ask(hours, "mean"),
    }
    rates = {"contacts_per_": [f"{label}.arrived"], "cases_per_": opened}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        if name == "share_of_cases_by_number_of_contacts":
            return ratio(f"cases{path[1]}", "cases_read")
        for stem, columns in rates.items():
            if name in (f"{stem}hour", f"{stem}minute") and len(path) == 1:
                return ratio(columns, "length", "mean", HOUR if name.endswith("hour") else MINUTE)
        return known.get(name) or "no table holds it"

    return ask


def first_asked(known: Mapping[str, Ask], otherwise: Asks) -> Asks:
    """Measures by their name, or else by another way."""

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return known.get(".".join(path)) or otherwise(path)

    return ask
