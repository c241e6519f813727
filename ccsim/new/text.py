"""The text of a first scenario: one part after the other, each with a word on what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ccsim.centre.calendars import holidays_between
from ccsim.new.sizing import AT_ONCE, HANDLE_MINUTES, MIX, SPEED, TIME_AWAY, Shifts, Staff, shares
from ccsim.new.wishes import LIVE, Located, Wishes

_DEADLINE: Final = {
    "email": "working: 10h, hours: {mon-fri: 08:00-18:00}",
    "social": "working: 4h, hours: {mon-fri: 08:00-20:00}",
}
_CURRENCIES: Final = ("EUR", "GBP", "USD", "CAD", "AUD", "CHF", "NZD")
"""Currencies in which the prices below are of a usual size."""


def scenario_text(name: str, wishes: Wishes, staff: list[Staff]) -> str:
    """A scenario that can be run; every figure in it is a start to be replaced."""
    parts = (
        _head(name, wishes),
        _goals(wishes),
        _markets(wishes),
        _channels(wishes),
        _demand(wishes),
        _hours(wishes),
        _sites(staff),
        _vendors(wishes),
        _patterns(staff),
        _pools(wishes, staff),
        _variants(wishes, staff),
    )
    return "\n".join("\n".join(part) + "\n" for part in map(list, parts) if part)


def _head(name: str, wishes: Wishes) -> Iterator[str]:
    first = wishes.markets[0].country
    currency = first.currency if first and first.currency in _CURRENCIES else "USD"
    yield f"# {name}: a start, made by `ccsim new`. The figures are invented, of usual size: put yours in their place."
    yield "# Every key is explained by the reference (docs/reference/scenario.md) and in an editor (`ccsim lsp`)."
    yield f"scenario: {name}"
    yield f"time_zone: {wishes.markets[0].time_zone}"
    yield f"currency: {currency}"
    yield f"horizon: {{start: {wishes.start}, warm_up: 1w, length: 2w, drain: 2d, interval: 30m}}"
    yield _said("run: {replications: 10, seed: 1}", "more replications: narrower intervals")
    yield "service_level: {rule: abandons count against, within: [20s, 60s]}"


def _said(line: str, comment: str) -> str:
    """A line with a comment; comments stand below one another."""
    return f"{line:<48}# {comment}"


def _goals(wishes: Wishes) -> Iterator[str]:
    yield _said("goals:", "judged first: pass, fail or inconclusive")
    for channel in wishes.channels:
        if channel == "phone":
            yield "  - {kpi: service_level, channel: phone, at_least: 80%, within: 20s}"
            yield "  - {kpi: abandonment, channel: phone, at_most: 5%}"
        elif channel in LIVE:
            yield f"  - {{kpi: service_level, channel: {channel}, at_least: 80%, within: 60s}}"
        else:
            yield f"  - {{kpi: deadline_met, channel: {channel}, at_least: 95%}}"


def _markets(wishes: Wishes) -> Iterator[str]:
    yield _said("markets:", "where customers are; in one region every site may serve them")
    for market in wishes.markets:
        holidays = f"holidays: {market.country.calendar}, " if market.country else ""
        spoken = ", ".join(f"{name}: {share}%" for name, share in languages_in(market, wishes))
        yield f"  {market.name}: {{region: world, time_zone: {market.time_zone}, {holidays}languages: {{{spoken}}}}}"


def languages_in(market: Located, wishes: Wishes) -> list[tuple[str, int]]:
    """Languages of a market that are served, with their shares; if none is, the first that is."""
    own = market.country.languages if market.country else (("en", 100),)
    served = [(name, float(share)) for name, share in own if not wishes.languages or name in wishes.languages]
    return shares(served or [(wishes.languages[0], 100.0)])


def _channels(wishes: Wishes) -> Iterator[str]:
    yield "channels:"
    for channel in wishes.channels:
        if channel == "phone":
            yield "  phone: {kind: live, patience: 3m}"
        elif channel in LIVE:
            count = AT_ONCE[channel]
            speed = ", ".join(f"{one:g}" for one in SPEED[count])
            yield f"  {channel}: {{kind: live, concurrency: {count}, speed: [{speed}], patience: 5m}}"
        else:
            yield f"  {channel}: {{kind: deferred, deadline: {{{_DEADLINE[channel]}{_days_off(wishes)}}}}}"


def _days_off(wishes: Wishes) -> str:
    """On which public holidays a deadline stands still: those of the place that has most in the simulated weeks."""
    last = wishes.start + timedelta(days=20)
    calendars = [place.country.calendar for place in (*wishes.markets, *wishes.sites) if place.country]
    days = {calendar: len(holidays_between(calendar, wishes.start, last)) for calendar in calendars}
    most = max(days, key=lambda calendar: days[calendar], default="")
    return f", holidays: {most}" if most and days[most] else ""


def _demand(wishes: Wishes) -> Iterator[str]:
    yield _said("workflows:", "kinds of work")
    yield "  support:"
    yield "    tiers:"
    yield "      t1:"
    yield "        handle_time:"
    for channel in wishes.channels:
        mean = HANDLE_MINUTES[channel] - (0.5 if channel == "phone" else 0.0)
        time = f"{{mean: {mean:g}m, cv: 0.8}}"
        wrap_up = "wrap_up: {law: exponential, mean: 30s}"
        yield f"          {channel}: {f'{{talk: {time}, {wrap_up}}}' if channel == 'phone' else time}"
    yield "        resolved: 85%"
    yield _said("    returns:", "who comes back")
    if any(channel in LIVE for channel in wishes.channels):
        yield "      after_abandon:    {share: 45%, after: {law: exponential, mean: 40m}, attempts: 3}"
    yield "      after_unresolved: {share: 50%, after: {law: lognormal, mean: 20h, cv: 0.8}, attempts: 2}"
    yield ""
    yield _said("demand:", "how many come; a forecast file: docs/how-to")
    yield "  support:"
    yield f"    per_week: {wishes.contacts_per_week:_}"
    yield f"    markets: {_split([(market.name, 1.0) for market in wishes.markets])}"
    yield f"    channels: {_split([(channel, float(MIX[channel])) for channel in wishes.channels])}"
    yield _said("    profile: business_day", "shape of the week, by the clock of each market")
    yield _said("    day_cv: 6%", "how much days differ from the forecast")
    if any(market.country for market in wishes.markets):
        yield _said("    holidays: 30%", "demand on public holidays")


def _split(weights: list[tuple[str, float]]) -> str:
    return "{" + ", ".join(f"{name}: {share}%" for name, share in shares(weights)) + "}"


def _hours(wishes: Wishes) -> Iterator[str]:
    if any(channel in LIVE for channel in wishes.channels):
        yield _said("opening_hours: {mon-fri: 08:00-20:00}", "for live contacts, by each market's clock")


def _sites(staff: list[Staff]) -> Iterator[str]:
    yield _said("sites:", "where agents work")
    for one in staff:
        country = one.site.country
        holidays = f", holidays: {country.calendar}, on_holidays: 50%" if country else ""
        yield f"  {one.site.name}: {{region: world, time_zone: {one.site.time_zone}, hours: {one.hours}{holidays}}}"


def _vendors(wishes: Wishes) -> Iterator[str]:
    away = ", ".join(f"{cause}: {share}%" for cause, share in TIME_AWAY.items())
    yield _said("vendors:", "who employs them, at which price of a paid hour")
    yield f"  own: {{kind: in_house, paid_hour: 27, premiums: {{night: 20%, weekend: 25%}}, shrinkage: {{{away}}}}}"
    if wishes.vendor:
        yield f"  {wishes.vendor}: {{kind: bpo, paid_hour: 16, premiums: {{night: 10%}}, shrinkage: {{{away}}}}}"


def _patterns(staff: list[Staff]) -> Iterator[str]:
    yield _said("shift_patterns:", "rosters are built from these")
    for name, shifts in patterns(staff).items():
        starts = f"[{', '.join(shifts.starts)}]" if len(shifts.starts) > 1 else shifts.starts[0]
        yield f"  {name}: {{paid: 8h, starts: {starts}, breaks: [15m, 30m unpaid, 15m], days: {shifts.days}}}"


def patterns(staff: list[Staff]) -> dict[str, Shifts]:
    """Shift patterns by name: sites whose shifts are the same share them."""
    found: dict[str, Shifts] = {}
    for one in staff:
        for shifts in one.shifts:
            if shifts not in found.values():
                found[shifts.name if shifts.name not in found else f"{one.site.name}_{shifts.name}"] = shifts
    return found


def _pools(wishes: Wishes, staff: list[Staff]) -> Iterator[str]:
    names = {shifts: name for name, shifts in patterns(staff).items()}
    spoken = list(dict.fromkeys(name for market in wishes.markets for name, _ in languages_in(market, wishes)))
    free = ", deferred: {keep_free: 1}" if _both(wishes) else ""
    yield _said("pools:", "people with the same skills, site and hours")
    for name, vendor, people, one in pools(wishes, staff):
        shifts = ", ".join(names[shifts] for shifts in one.shifts)
        yield (
            f"  {name}: {{site: {one.site.name}, vendor: {vendor}, headcount: {people}, shifts: [{shifts}], "
            f"languages: [{', '.join(spoken)}]{free}}}"
        )


def _both(wishes: Wishes) -> bool:
    """Whether there is live and deferred work."""
    return len({channel in LIVE for channel in wishes.channels}) == 2


def pools(wishes: Wishes, staff: list[Staff]) -> list[tuple[str, str, int, Staff]]:
    """Pools: name, vendor, people and site. A vendor has the last of several sites, or a part of the only one."""
    found = [(one.site.name, "own", one.people, one) for one in staff]
    if wishes.vendor and len(found) > 1:
        found[-1] = (found[-1][0], wishes.vendor, found[-1][2], found[-1][3])
    elif wishes.vendor:
        name, _, people, one = found[0]
        theirs = max(1, people // 3)
        found = [(name, "own", max(1, people - theirs), one), (f"{wishes.vendor}_{name}", wishes.vendor, theirs, one)]
    return found


def _variants(wishes: Wishes, staff: list[Staff]) -> Iterator[str]:
    first, _, people, _ = pools(wishes, staff)[0]
    more = max(1, people // 20)
    yield _said("variants:", "what might be changed, for `ccsim compare`")
    yield f"  more_people: {{pools.{first}.headcount: +{more}}}"
    yield "  busier: {demand.support.per_week: x1.1}"
    yield "  busier_with_more_people: {on: [busier, more_people]}"
