"""Checks of the demand: streams, their random numbers, holidays, traces, surges."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from ccsim.centre.streams import split
from ccsim.language.calendar_parts import often_more, parts_have_more
from ccsim.language.deflections import Deflection
from ccsim.language.demand import Volume
from ccsim.language.surges import Surge
from ccsim.scenario.checks.whole import Whole, causes_of, channels_of, languages_of, markets_of, segments_of, streams_in

MOST_STREAMS: Final = 50_000
"""Streams of all volumes together."""


def streams(whole: Whole) -> None:
    """Volumes are not split into more streams than can be simulated."""
    together = 0
    for name, volume in whole.demand.items():
        number = streams_in(volume, whole.scenario)
        together += number
        if together > MOST_STREAMS:
            before = together - number
            said = f"its shares make {number:,} streams" + (f", with those before it {together:,}" if before else "")
            whole.fault(f"{said}; there must not be more than {MOST_STREAMS:,}", "demand", name)
            return


def random_numbers(whole: Whole) -> None:
    """No two streams have the same name or the same random numbers."""
    by_stream: dict[str, str] = {}
    twins: set[str] = set()
    for name, volume in sorted(whole.demand.items(), key=lambda item: (item[1].draws_as is not None, item[0])):
        own = volume.draws_as or name
        if own in by_stream:
            whole.fault(f"{by_stream[own]} already uses the random-number stream {own}", "demand", name, "draws_as")
            twins.add(name)
        by_stream.setdefault(own, name)
    # Parts are joined by dots, so only names with dots of their own can make two streams look alike.
    if any("." in text for text in _words(whole)) and not whole.spoilt("demand") and not whole.spoilt("markets"):
        _alike(whole, twins)


def _words(whole: Whole) -> Iterator[str]:
    """Everything that the names of streams are made of."""
    for name, volume in whole.demand.items():
        yield from (name, volume.draws_as or "", volume.language or "")
        for parts in (volume.markets, volume.segments, volume.channels, volume.causes):
            yield from parts or ()
    for market in whole.scenario.markets.values():
        yield from market.languages


def _alike(whole: Whole, twins: Collection[str]) -> None:
    """Note volumes with a stream that has the name or the random numbers of an earlier one."""
    if sum(streams_in(volume, whole.scenario) for volume in whole.demand.values()) > MOST_STREAMS:
        return
    names: dict[str, str] = {}
    taken_names: dict[str, str] = {}
    for name, volume in sorted(whole.demand.items()):
        if name in twins:
            continue
        for stream in split(name, volume, whole.scenario):
            for what, text, taken in (
                ("is called", stream.name, names),
                ("uses the random-number stream", stream.draws_as, taken_names),
            ):
                if text in taken:
                    whole.fault(f"a stream of {taken[text]} {what} {text} already", "demand", name)
                    break
                taken[text] = name
            else:
                continue
            break


def holidays(whole: Whole) -> None:
    """A factor on holidays needs a market with a calendar."""
    if whole.spoilt("markets"):
        return
    for name, volume in whole.demand.items():
        if volume.holidays == 1.0 or whole.spoilt("demand", name):
            continue
        known = [whole.scenario.markets.get(market) for market in markets_of(volume)]
        if not any(
            market and (market.holidays or any(day.holiday for day in market.special_days.values())) for market in known
        ):
            whole.fault("none of its markets has a holiday calendar", "demand", name, "holidays")


def calendars(whole: Whole) -> None:
    """A country's calendar of holidays is not one that each of its parts adds to; one that most add to is told."""
    scenario = whole.scenario
    if scenario.horizon is None or whole.spoilt("horizon"):
        return
    named: dict[str, list[tuple[str, ...]]] = {}
    minded = {name for volume in whole.demand.values() if volume.holidays != 1.0 for name in markets_of(volume)}
    for name, market in scenario.markets.items():
        if name in minded and market.holidays:
            named.setdefault(market.holidays, []).append(("markets", name, "holidays"))
    staffed = {pool.site for pool in whole.pools.values()}
    for name, site in scenario.sites.items():
        if name in staffed and site.holidays:
            named.setdefault(site.holidays, []).append(("sites", name, "holidays"))
    start = datetime.fromisoformat(scenario.horizon.start)
    until = start + timedelta(microseconds=scenario.horizon.warm_up + scenario.horizon.length)
    last = (until - timedelta(microseconds=1)).year
    years = range(start.year, min(last, start.year + _MOST_YEARS - 1) + 1)
    whole_countries = {country: part for country in named if (part := often_more(country)) is not None}
    if whole_countries:
        country, part = next(iter(whole_countries.items()))
        said = f"{', '.join(whole_countries)}: the public holidays of the whole country"
        whole.assume(f"{said}; many parts have more days, e.g. {part}", *named[country][0])
    for calendar, places in named.items():
        counts = [(year, found) for year in years if (found := parts_have_more(calendar, year)) is not None]
        if counts:
            own = ", ".join(f"{found[0]} public holidays in {year}" for year, found in counts)
            parts = f"{counts[0][1][1]} {', '.join(str(found[2]) for _, found in counts)}"
            also = f" (named at {len(places)} places)" if len(places) > 1 else ""
            whole.warn(f"{calendar}: {own}, days in lieu counted; its parts have more, e.g. {parts}{also}", *places[0])


_MOST_YEARS: Final = 3


def traces(whole: Whole) -> None:
    """A trace is of one language, and deferred contacts have no recorded patience."""
    for name, volume in whole.demand.items():
        if not volume.trace:
            continue
        if volume.trace.patience and whole.channel(volume.channel).kind == "deferred":
            whole.fault(
                f"the trace has a column `patience`, but on channel {volume.channel}, which is "
                "deferred, nobody abandons",
                *("demand", name, "trace"),
            )
        languages = languages_of(volume, volume.market, whole.scenario)
        if len(languages) > 1:
            said = ", ".join(languages)
            whole.fault(f"its market speaks {said}; say the `language` of the recorded contacts", "demand", name)


def surges(whole: Whole) -> None:
    """A surge or a deflection meets some demand."""
    if whole.spoilt("demand") or whole.spoilt("markets"):
        return
    for section in ("surges", "deflections"):
        if whole.spoilt(section):
            continue
        for name, one in (getattr(whole.scenario, section) or {}).items():
            if not any(_is_about(one, volume) for volume in whole.demand.values()):
                said = ", ".join(scope for scope in _SCOPES if getattr(one, scope) is not None)
                whole.fault(f"no volume has these {said}" if said else "there is no demand", section, name)


_SCOPES: Final = ("workflows", "markets", "channels", "segments", "causes")


def _is_about(one: Surge | Deflection, volume: Volume) -> bool:
    """Whether some contacts of a volume are of the scope of a surge or a deflection."""
    return (
        _meets(one.workflows, [volume.workflow])
        and _meets(one.markets, markets_of(volume))
        and _meets(one.channels, channels_of(volume))
        and _meets(one.segments, segments_of(volume))
        and _meets(one.causes, causes_of(volume))
    )


def _meets(wanted: Collection[str] | None, there: Collection[str]) -> bool:
    return wanted is None or any(name in wanted for name in there)


CHECKS: Final = (streams, random_numbers, holidays, calendars, traces, surges)
