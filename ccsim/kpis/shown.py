"""Which KPIs a place shows, in which order: read from their declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import KpiLine, Place, ShownIn


@cache
def lines_in(place: Place) -> tuple[KpiLine, ...]:
    """KPIs of a place in the order in which it shows them; one may stand there twice, of live and of deferred work."""
    return lines_of(KPIS.values(), place)


def names_in(place: Place) -> tuple[str, ...]:
    """Names of the KPIs of a place in the order in which it shows them."""
    return tuple(line.kpi for line in lines_in(place))


def lines_of(kpis: Iterable[Kpi], place: Place) -> tuple[KpiLine, ...]:
    """What a place shows of these KPIs: as they are declared, but for those that follow another.

    ValueError if one follows a KPI that the place does not show.
    """
    followers: dict[str, list[KpiLine]] = {}
    for kpi in kpis:
        for shown in map(_as_shown, kpi.shown):
            if shown.place == place:
                line = KpiLine(kpi.name, shown.head or kpi.title, shown.work or kpi.work, shown.about)
                followers.setdefault(shown.after, []).append(line)
    ordered = tuple(_after("", followers))
    if followers:
        raise ValueError(f"{place!r} shows KPIs after {', '.join(followers)}, which it does not show before")
    return ordered


def _as_shown(shown: ShownIn | Place) -> ShownIn:
    return shown if isinstance(shown, ShownIn) else ShownIn(shown)


def _after(name: str, followers: dict[str, list[KpiLine]]) -> Iterator[KpiLine]:
    """The lines that follow a KPI, each with those that follow it."""
    for line in followers.pop(name, ()):
        yield line
        yield from _after(line.kpi, followers)
