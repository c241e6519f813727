"""Hours at which somebody is missing, in words: which hours, in how many weeks, from when to when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ccsim.centre.open_hours import ALWAYS, day_text, hours_text
from ccsim.centre.weeks import Weeks, daily, of_weekday

_MOST: Final = 3
"""Patterns of hours, or dates, that are told; more are counted."""


@dataclass(slots=True)
class _Alike:
    """Weeks in which the same hours are missing."""

    bits: int
    """Hours that are missing, by the local clock."""
    known: int
    """Hours that one of the weeks simulates."""
    weeks: set[int]
    throughout: bool = True
    """Whether all its weeks are so from their first day to their last."""


def never_answered(stream: str, always: int, zone: str) -> str:
    """That no pool can answer a stream at hours of every week."""
    return (
        f"{stream} has no pool that can answer it {hours_text(always)} ({zone}): no eligible pool has shifts then; add "
        "shifts, add an overflow step, or set `opening_hours`"
    )


def in_every_week(weeks: Weeks, gaps: Sequence[int], zone: str, zones: Collection[str]) -> int:
    """Hours by a zone's clock that are missing whenever they are counted: `gaps` by week, bits of UTC.

    Times of day that a week in which one of `zones` changes its clock does not miss on all of its days are left out:
    they come or go with the change.
    """
    always, usual, some = ALWAYS, ALWAYS, 0
    for gap, week in zip(gaps, weeks.all, strict=True):
        bits = weeks.to_local(gap, zone, week) if gap else 0
        counted = weeks.to_local(week.counted, zone, week)
        always &= bits | ~counted
        some |= bits & counted
        if all(len(weeks.clock(one, week)) == 1 for one in zones):
            usual &= bits | ~counted
    for day in range(7):
        always &= ~daily(of_weekday(usual & some & ~always, day))
    return always & some


def in_weeks(weeks: Weeks, gaps: Sequence[int], zone: str, zones: Collection[str]) -> str:
    """`on mon-sun 18:00-19:00 (ZONE), in 2 of 3 weeks, from 2026-03-28 to 2026-04-04`: gaps by week, bits of UTC.

    Weeks with the same hours are told together, in the order of time. `zones`: all whose clocks matter; a week in
    which one of them changes is part of those before it and of those after it.
    """
    groups = _groups(weeks, gaps, zone, zones)
    simulated = [weeks.to_local(week.simulated, zone, week) for week in weeks.all]
    if len(groups) == 1 and groups[0].throughout and groups[0].weeks == _simulating(groups[0], simulated):
        return f"{hours_text(groups[0].bits)} ({zone})"
    told = sorted(((_dates(weeks, gaps, zone, one), one) for one in groups), key=lambda pair: pair[0])
    said = ""
    for (first, last), one in told[:_MOST]:
        said += f"{'; ' if said else ''}{hours_text(one.bits)}" + ("" if said else f" ({zone})")
        if first == last:
            said += f", on {first} only"
        else:
            count = len(one.weeks)
            through = max(one.weeks) - min(one.weeks) == count - 1
            said += f", in {count} of {len(_simulating(one, simulated))} weeks"
            said += f", from {first} to {last}" if through else f", first on {first}, last on {last}"
    others = len(set().union(*(one.weeks for _, one in told[_MOST:])))
    said += f"; and other hours in {others} more week{'s' * (others > 1)}" if others else ""
    return said + _changes(weeks, [one for _, one in told], zones)


def on_days(weeks: Weeks, gaps: Sequence[int], zone: str) -> str:
    """`on 2026-05-25, 2026-08-31 and 2 more days, 08:00-18:00 (ZONE)`: the same by date; hours of all days together."""
    hours: dict[date, int] = {}
    for gap, week in zip(gaps, weeks.all, strict=True):
        for day, bits in weeks.local_days(gap, zone, week):
            hours[day] = hours.get(day, 0) | bits
    days = sorted(hours)
    together = 0
    for bits in hours.values():
        together |= bits
    more = len(days) - _MOST
    said = ", ".join(f"{day}" for day in days[:_MOST]) + (f" and {more} more day{'s' * (more > 1)}" * (more > 0))
    return f"on {said}, {day_text(together)} ({zone})"


def likewise(volumes: Sequence[str]) -> str:
    """`; likewise for volume b`, or nothing where no volume is the same."""
    if not volumes:
        return ""
    more = len(volumes) - _MOST
    said = ", ".join(volumes[:_MOST]) + (f" and {more} more" if more > 0 else "")
    return f"; likewise for volume{'s' * (len(volumes) > 1)} {said}"


def _groups(weeks: Weeks, gaps: Sequence[int], zone: str, zones: Collection[str]) -> list[_Alike]:
    """Weeks by the hours that are missing: first those of one clock, then those in which clocks change."""
    found: list[_Alike] = []
    changing: list[tuple[int, int, int]] = []
    for number, (gap, week) in enumerate(zip(gaps, weeks.all, strict=True)):
        if not gap:
            continue
        bits = weeks.to_local(gap, zone, week)
        simulated = weeks.to_local(week.simulated, zone, week)
        if any(len(weeks.clock(one, week)) > 1 for one in zones):
            changing.append((number, bits, simulated))
            continue
        # A week that is cut is like any other that has the same hours where both are simulated.
        like = next((one for one in found if not (bits ^ one.bits) & simulated & one.known), None)
        if like is None:
            found.append(_Alike(bits, simulated, {number}))
        else:
            like.bits, like.known = like.bits | bits, like.known | simulated
            like.weeks.add(number)
    usual = _joined(found)
    found = list(usual)
    for number, bits, simulated in changing:
        rest = bits
        for one in usual:
            if bits & one.bits:
                one.weeks.add(number)
                one.throughout &= bits == one.bits & simulated
                rest &= ~one.bits
        if not rest:
            continue
        # Hours that are missing only between two changes of clocks.
        like = next((one for one in found[len(usual) :] if _times(one.bits) == _times(rest)), None)
        if like is None:
            found.append(_Alike(rest, simulated, {number}, throughout=rest == bits))
        else:
            like.bits |= rest
            like.weeks.add(number)
            like.throughout = False
    return found


def _joined(groups: Sequence[_Alike]) -> list[_Alike]:
    """Weeks within which the hours of a neighbour begin or cease to be missing go with it."""
    found = list(groups)
    for one in groups:
        host = next((other for other in found if other is not one and _goes_on(one, other)), None)
        if host is not None:
            host.weeks |= one.weeks
            host.throughout = False
            found = [left for left in found if left is not one]
    return found


def _goes_on(one: _Alike, other: _Alike) -> bool:
    """Whether a week has the hours of a week beside it from some hour on, or up to some hour."""
    rest = other.bits & ~one.bits
    if len(one.weeks) > 1 or one.bits & ~other.bits or not rest:
        return False
    number = min(one.weeks)
    begins = number + 1 in other.weeks and rest.bit_length() <= _lowest(one.bits)
    return begins or (number - 1 in other.weeks and one.bits.bit_length() <= _lowest(rest))


def _lowest(bits: int) -> int:
    """The first of some bits."""
    return (bits & -bits).bit_length() - 1


def _times(bits: int) -> int:
    """Times of day, on any day."""
    found = 0
    for day in range(7):
        found |= of_weekday(bits, day)
    return found


def _simulating(alike: _Alike, simulated: Sequence[int]) -> set[int]:
    """Weeks that simulate some of the hours."""
    return {number for number, bits in enumerate(simulated) if bits & alike.bits}


def _changes(weeks: Weeks, groups: Sequence[_Alike], zones: Collection[str]) -> str:
    """Changes of clocks with which some hours begin or cease to be missing, in words."""
    edges = {n for one in groups for n in one.weeks if n - 1 not in one.weeks or n + 1 not in one.weeks}
    found = {change for number in edges for one in zones for change in weeks.changes(one, weeks.all[number])}
    said = [f"on {day} in {zone}" for day, zone in sorted(found)]
    more = len(said) - _MOST
    return f"; clocks change {', '.join(said[:_MOST])}{f' and {more} more' * (more > 0)}" if said else ""


def _dates(weeks: Weeks, gaps: Sequence[int], zone: str, alike: _Alike) -> tuple[date, date]:
    """The first and the last local date on which hours are missing, of those that are alike."""
    days = [
        day
        for number in sorted(alike.weeks)
        for day, bits in weeks.local_days(gaps[number], zone, weeks.all[number])
        if bits & of_weekday(alike.bits, day.weekday())
    ]
    return min(days), max(days)


def half_hours(bits: int) -> int:
    """The stretches of half an hour and more."""
    long = bits & (bits >> 1)
    return long | (long << 1)


def few(value: float) -> str:
    """A number with one decimal, without it where it is whole."""
    return f"{value:,.1f}".removesuffix(".0")
