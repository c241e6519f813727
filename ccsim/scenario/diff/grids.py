"""Curves in words: agents on the line, contacts a day, and where two curves differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from ccsim.language.curves import Grid
from ccsim.scenario.diff.words import counted
from ccsim.text.clock import local_text
from ccsim.text.scalars import clock_text, duration_text
from ccsim.units import DAY, HOUR

MOST_CELLS: Final = 200_000
"""Curves with more cells together are not laid over one another."""
_NOTHING: Final = 1e-9
"""Relative difference that only rounding makes."""


def amount(value: float) -> str:
    """An amount of agents or contacts: whole where it is (nearly) whole, else three digits, thousands apart."""
    whole = round(value)
    if value and not whole:
        return f"{value:.3g}"
    if abs(value) >= 1_000 or abs(value - whole) <= _NOTHING * max(abs(value), 1.0):
        return f"{whole:,}"
    return f"{value:.3g}"


def grid_text(grid: Grid, *, rate: bool = False) -> str:
    """A curve in a few words: `12 agents`, `0 to 6 agents`, `240 contacts a day`."""
    if rate:
        total = _contacts(grid)
        if grid.start is None:
            return f"{amount(total)} contacts a day"
        return f"{amount(total)} contacts from {_moment(grid, 0)} to {_moment(grid, len(grid.values) * grid.every)}"
    low, high = min(_all(grid)), grid.most
    span = "" if grid.start is None else f" from {_moment(grid, 0)}"
    return (f"{amount(high)} agents" if low == high else f"{amount(low)} to {amount(high)} agents") + span


def aht_text(grid: Grid) -> str:
    """Handle times of a forecast: `5m`, `4m50s to 5m20s, mean 5m6s`; intervals of which nothing is said left out."""
    said = [value for value in _all(grid) if value > 0.0]
    low, high, mean = (duration_text(round(value)) for value in (min(said), max(said), sum(said) / len(said)))
    span = "" if grid.start is None else f" from {_moment(grid, 0)}"
    return (high if low == high else f"{low} to {high}, mean {mean}") + span


def weights_text(grid: Grid) -> str:
    """The hours of a profile."""
    return f"busiest at {_moment(grid, grid.values.index(max(grid.values)) * grid.every)}"


def staffing_change(before: Grid, after: Grid) -> str:
    """How many agents more or fewer, and when."""
    if before.start != after.start or len(before.values) + len(after.values) > MOST_CELLS:
        return f"{grid_text(before)} -> {grid_text(after)}"
    stretches = _stretches(before, after)
    if not stretches and before.repeated != after.repeated:
        night = _moment(after, (after.repeated or before.repeated)[0].cell * after.every)
        return f"different agents in the hour that clocks show twice, from {night}"
    if not stretches:
        return f"written in steps of {duration_text(before.every)} -> {duration_text(after.every)}"
    rises = {step for _, _, step in stretches}
    said = [f"{counted(amount(max(rises)), 'agents')} more"] if max(rises) > 0 else []
    said += [f"{counted(amount(-min(rises)), 'agents')} fewer"] if min(rises) < 0 else []
    up_to = "" if len(rises) == 1 else "up to "
    flat = len({*before.values}) == len({*after.values}) == 1
    most = f"{amount(before.values[0])} -> {amount(after.values[0])}" if flat else _most(before, after, amount)
    return f"{up_to}{' and '.join(said)}{_when(before, after, stretches)} ({most})"


def rate_change(before: Grid, after: Grid) -> str:
    """How many contacts more or fewer, and whether they come at other times."""
    per = "" if before.start else " a day"
    totals = [_contacts(before), _contacts(after)]
    if before.start != after.start or not all(totals):
        return f"{grid_text(before, rate=True)} -> {grid_text(after, rate=True)}"
    factor = totals[1] / totals[0]
    alike = before.every == after.every and all(
        abs(old * factor - new) <= _NOTHING * max(before.values) * factor
        for old, new in zip(_all(before), _all(after), strict=False)
    )
    shape = "" if alike and len(_all(before)) == len(_all(after)) else _shape(before, after)
    if abs(factor - 1) <= _NOTHING:
        return f"{amount(totals[0])} contacts{per} as before" + (shape or ", different in the last digits")
    return more(totals[0], totals[1], f"contacts{per}") + shape


def more(before: float, after: float, unit: str) -> str:
    """A change in per cent: `10 % more contacts a week (168,000 -> 184,800)`."""
    if not before:
        return f"{amount(after)} {unit}, none before"
    change = after / before - 1
    word = "more" if change > 0 else "fewer"
    first, second = amount(before), amount(after)
    for digits in range(6, 18):
        if first == second:
            first, second = f"{before:,.{digits}g}", f"{after:,.{digits}g}"
    return f"{float(f'{abs(change) * 100:.3g}'):,.10g} % {word} {unit} ({first} -> {second})"


def _all(grid: Grid) -> tuple[float, ...]:
    return (*grid.values, *(one.value for one in grid.repeated))


def _contacts(grid: Grid) -> float:
    """Contacts of the whole curve."""
    cut = sum(one.value * grid.every - grid.values[one.cell] * (grid.every - one.first) for one in grid.repeated)
    return sum(grid.values) * grid.every + cut


def _shape(before: Grid, after: Grid) -> str:
    def an_hour(value: float) -> str:
        return amount(value * HOUR)

    return f", at other times ({_most(before, after, an_hour)} an hour)"


def _most(before: Grid, after: Grid, say: Callable[[float], str]) -> str:
    old, new = say(before.most), say(after.most)
    return f"at most {old} as before" if old == new else f"at most {old} -> {new}"


def _stretches(before: Grid, after: Grid) -> list[tuple[int, int, float]]:
    """Stretches in which two curves with the same start differ: from, to, and by how much."""
    lengths = [len(grid.values) * grid.every for grid in (before, after)]
    edges = {at for grid in (before, after) for at in range(0, len(grid.values) * grid.every + 1, grid.every)}
    cuts = sorted(at for at in edges if at <= max(lengths))
    found: list[tuple[int, int, float]] = []
    for low, high in pairwise(cuts):
        old, new = (
            grid.values[low // grid.every] if low < length else 0.0
            for grid, length in zip((before, after), lengths, strict=True)
        )
        if old == new:
            continue
        if found and found[-1][1:] == (low, new - old):
            found[-1] = (found[-1][0], high, new - old)
        else:
            found.append((low, high, new - old))
    return found


def _when(before: Grid, after: Grid, stretches: list[tuple[int, int, float]]) -> str:
    first, last = stretches[0][0], stretches[-1][1]
    longest = max(len(grid.values) * grid.every for grid in (before, after))
    together = sum(high - low for low, high, _ in stretches) == last - first
    if (first, last) == (0, longest) and together:
        return " at all times"
    start, end = _moment(before, first), _moment(before, last)
    return f" from {start} to {end}" if together else f" between {start} and {end}"


def _moment(grid: Grid, at: int) -> str:
    """A place in a curve as a time of day, or as a local time."""
    if grid.start is None:
        return clock_text(at) if at <= DAY else duration_text(at)
    moment = datetime.fromisoformat(grid.start) + timedelta(microseconds=at)
    return local_text(moment)
