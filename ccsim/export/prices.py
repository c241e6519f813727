"""Lines of the rate cards of a run: prices of paid hours, premiums, minimum hours, translations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ccsim.language.hours import WeekHours, hours_text
from ccsim.results.measured import Measured
from ccsim.units import DAY, MINUTE

_MONTH: Final = 365 * DAY / 12
HOURLY: Final = "money per paid hour"
SHARE: Final = "share of the price"

_PREMIUMS: Final = {
    "night": ("premium: night", "22:00-06:00"),
    "weekend": ("premium: weekend", "sat-sun"),
    "holiday": ("premium: public holiday", "public holidays of the site"),
    "overtime": ("premium: overtime", "after the planned end of a shift"),
}


class PriceLine(NamedTuple):
    """One line of a rate card."""

    vendor: str
    """Vendor; empty where the line is of none."""
    pool: str
    """Pool or bot; empty where the line is of none."""
    what: str
    when: str
    value: float
    unit: str


def prices_of_run(measured: Measured, scenario: Mapping[str, Any]) -> Iterator[PriceLine]:
    """Every line that the scenario has, of vendors and then of pools.

    Parameters
    ----------
    measured
        Of the run.
    scenario
        As canonical plain values; empty where the run has none: then premiums are not known.
    """
    pools: Mapping[str, Any] = scenario.get("pools") or {}
    for name, vendor in (scenario.get("vendors") or {}).items():
        yield from _of_vendor(name, vendor)
    for pool, price in measured.paid_hour.items():
        own = str((pools.get(pool) or {}).get("vendor") or "")
        yield PriceLine(own, pool, "paid hour", "", float(price), HOURLY)
    for language, price in measured.translations:
        when = f"visits answered through {language} by a pool without the customer's language"
        yield PriceLine("", "", "translation", when, float(price), "money per visit")
    for bot, (session, contained, whole) in measured.bots.items():
        months = measured.length / _MONTH
        for what, price, unit in (
            ("session of a bot", session, "money per session"),
            ("contained session of a bot", contained, "money per session"),
            ("month of a bot", whole / months, "money per month"),
        ):
            if price:
                yield PriceLine("", bot, what, "", float(price), unit)
    for assist, (price, _, _) in measured.by_agent_hour.items():
        yield PriceLine(
            "",
            assist,
            "agent hour of an assist",
            "agents who have it are signed in",
            float(price),
            "money per agent hour",
        )


def _of_vendor(name: str, vendor: Mapping[str, Any]) -> Iterator[PriceLine]:
    yield PriceLine(name, "", "paid hour", "pools without a price of their own", float(vendor["paid_hour"]), HOURLY)
    premiums: Mapping[str, Any] = vendor.get("premiums") or {}
    only = "; of those that apply together only the highest counts" if premiums.get("combine") == "highest" else ""
    for key, (what, when) in _PREMIUMS.items():
        if premiums.get(key):
            yield PriceLine(name, "", what, f"{when}{only}", float(premiums[key]), SHARE)
    for window in premiums.get("hours") or ():
        hours = WeekHours(spans=tuple((start, end) for start, end in window["hours"]["spans"]))
        when = f"{hours_text(hours)}{only}"
        yield PriceLine(name, "", "premium: hours of the week", when, float(window["extra"]), SHARE)
    if vendor.get("billed_in"):
        yield PriceLine(name, "", "step of a billed stay", "", vendor["billed_in"] / MINUTE, "min")
    if vendor.get("minimum_hours_per_week"):
        least = float(vendor["minimum_hours_per_week"])
        yield PriceLine(name, "", "least hours that are billed", "premiums counted as hours", least, "h per week")
