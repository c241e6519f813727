"""Checks of values that have dates: how much of the horizon files and grids with a start cover."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.language.curves import Grid
from ccsim.scenario.checks.whole import Whole, markets_of
from ccsim.text.clock import local_text, shown_after
from ccsim.text.tree import Leaf, Map

_DAY: Final = timedelta(days=1)
_NONE: Final = timedelta(0)


class _Simulated:
    """The counted length and the warm-up as clocks of a zone show them."""

    def __init__(self, whole: Whole, zone: str) -> None:
        horizon = whole.scenario.horizon
        start, here = datetime.fromisoformat(horizon.start), ZoneInfo(whole.scenario.time_zone)
        counted = horizon.warm_up + horizon.length
        self._start, self._here, self._zone = start, here, ZoneInfo(zone)
        instants = (0, horizon.warm_up, counted, counted + horizon.drain)
        self.start, self.counted, self.end, self.over = (self.shown(at) for at in instants)

    def shown(self, us: int) -> datetime:
        """The local time of microseconds since the start of the horizon."""
        return shown_after(self._start, self._here, timedelta(microseconds=us), self._zone)


def volumes(whole: Whole) -> None:
    """Volumes by interval cover what is simulated."""
    if _spoilt(whole, "demand"):
        return
    told: dict[tuple[str, str], list[str]] = {}
    place: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, volume in whole.demand.items():
        if volume.rate is None or volume.rate.grid.start is None or volume.all_changes:
            continue
        if _from_file(whole, "demand", name, "forecast", "intervals"):
            continue
        market = whole.scenario.markets.get(next(iter(markets_of(volume)), ""))
        simulated = _Simulated(whole, market.time_zone if market else whole.scenario.time_zone)
        key, file = _named(whole, ("demand", name, "rates"))
        first, last = _ends(volume.rate.grid)
        held, counted = _overlap(first, last, simulated.counted, simulated.end), simulated.end - simulated.counted
        what = f"{file} holds {_said(held)} of the {_said(counted)}"
        if held == _NONE:
            whole.warn(
                f"{file} covers nothing of the counted time, {local_text(simulated.counted)} to "
                f"{local_text(simulated.end)}: it goes from {local_text(first)} to {local_text(last)}",
                *key,
            )
            continue
        warm_up = simulated.counted - simulated.start
        before = _overlap(first, last, simulated.start, simulated.counted)
        parts = []
        if held < counted:
            parts.append(what)
        if before < warm_up:
            some = _said(before) if before else "nothing"
            parts.append(f"{'' if parts else file + ' holds '}{some} of the warm-up of {_said(warm_up)}")
        if parts:
            message = " and ".join(parts) + ": outside it no contacts arrive"
            told.setdefault((message, file), []).append(name)
            place.setdefault((message, file), key)
    for (message, file), names in told.items():
        more = f" (volumes {', '.join(names[:3])}{', ...' if len(names) > 3 else ''})" if len(names) > 1 else ""
        whole.warn(message + more, *place[message, file])


def staffing(whole: Whole) -> None:
    """Staffing by dates covers what is simulated."""
    if _spoilt(whole, "pools"):
        return
    deferred = any(whole.channel(channel).kind == "deferred" for channel in whole.used_channels)
    for name, pool in whole.pools.items():
        if pool.staffing is None or pool.staffing.start is None or pool.all_changes:
            continue
        from_file = _from_file(whole, "pools", name, "staffing")
        site = whole.scenario.sites.get(pool.site or "")
        simulated = _Simulated(whole, site.time_zone if site else whole.scenario.time_zone)
        key, file = _named(whole, ("pools", name, "staffing"))
        first, last = _ends(pool.staffing)
        counted = simulated.end - simulated.counted
        held = _overlap(first, last, simulated.counted, simulated.end)
        if held == _NONE and not from_file:
            whole.warn(
                f"{file} covers nothing of the counted time, {local_text(simulated.counted)} to "
                f"{local_text(simulated.end)}: it goes from {local_text(first)} to {local_text(last)}",
                *key,
            )
            continue
        ends = []
        if not from_file and first > simulated.start:
            ends.append(f"begins on {local_text(first)}")
        if not from_file and last < simulated.end:
            ends.append(f"ends on {local_text(last)}")
        if ends:
            missing = simulated.end - simulated.start - _overlap(first, last, simulated.start, simulated.end)
            amount = (
                _of(missing, simulated.end - simulated.start)
                if simulated.start < simulated.counted
                else _of(missing, counted)
            )
            whole.warn(f"{file} {' and '.join(ends)}; {amount} nobody", *key)
        elif deferred and last < simulated.over:
            whole.warn(
                f"{file} ends on {local_text(last)}, with the counted time: no agents are there in the "
                "drain period to finish what waits",
                *key,
            )


def traces(whole: Whole) -> None:
    """Recorded contacts cover what is counted, and do not go on after it."""
    if _spoilt(whole, "demand"):
        return
    horizon = whole.scenario.horizon
    until = horizon.warm_up + horizon.length
    for name, volume in whole.demand.items():
        if volume.trace is None or not volume.trace.time:
            continue
        times = volume.trace.time
        simulated = _Simulated(whole, whole.scenario.time_zone)
        key, file = _named(whole, ("demand", name, "trace"))
        late = sum(time >= until for time in times)
        inside = [time for time in times if horizon.warm_up <= time < until]
        if not inside:
            when = f"{local_text(simulated.counted)} to {local_text(simulated.end)}"
            whole.warn(f"{file} holds no contact of the counted time, {when}", *key)
            continue
        if late:
            rows = "row lies" if late == 1 else "rows lie"
            whole.warn(
                f"{late:,} of the {len(times):,} {rows} after the end of the counted time, "
                f"{local_text(simulated.end)}: they are not simulated",
                *key,
            )
        first, last = (timedelta(microseconds=time - horizon.warm_up) for time in (inside[0], inside[-1]))
        counted = simulated.end - simulated.counted
        empty = first // _DAY + (counted - last) // _DAY
        if empty >= 1 and counted > _DAY:
            said = f"{empty} of the {_said(counted)} counted have none"
            at = [local_text(simulated.shown(time)) for time in (inside[0], inside[-1])]
            whole.warn(f"{file} holds contacts from {at[0]} to {at[1]}; {said}", *key)


def _from_file(whole: Whole, section: str, name: str, *keys: str) -> bool:
    """Whether a curve comes from a file, whose reader has seen to the horizon already."""
    at = whole.root
    for part in (section, name):
        at = at.get(part) if isinstance(at, Map) else None  # type: ignore[assignment]
    if not isinstance(at, Map):
        return False
    nodes = [at.entries[key].node for key in keys if key in at.entries]
    return any(isinstance(node, Leaf) or (isinstance(node, Map) and "every" not in node.entries) for node in nodes)


def _spoilt(whole: Whole, section: str) -> bool:
    horizon = whole.scenario.horizon
    return horizon is None or any(whole.spoilt(one) for one in ("horizon", "time_zone", "markets", "sites", section))


def _named(whole: Whole, *keys: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The first of some keys that is written, and its file; `the grid` where no file is named."""
    for key in keys:
        node = whole.root
        for part in key:
            below = node.get(part) if isinstance(node, Map) else None
            if below is None:
                break
            node = below  # type: ignore[assignment]
        else:
            named = node.get("file") if isinstance(node, Map) else node
            return key, named.text if isinstance(named, Leaf) else "the grid"
    return keys[0], "the grid"


def _ends(grid: Grid) -> tuple[datetime, datetime]:
    assert grid.start is not None
    first = datetime.fromisoformat(grid.start)
    return first, first + timedelta(microseconds=grid.every * len(grid.values))


def _overlap(first: datetime, last: datetime, since: datetime, until: datetime) -> timedelta:
    return max(min(last, until) - max(first, since), _NONE)


def _of(missing: timedelta, whole: timedelta) -> str:
    if missing % _DAY == _NONE and whole % _DAY == _NONE:
        return f"{missing // _DAY} of {_said(whole)} have"
    return f"{_said(missing)} of {_said(whole)} have"


def _said(time: timedelta) -> str:
    """A length in words: `14 days`, `1 h 30 min`."""
    days, rest = divmod(time, _DAY)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    seconds = rest.total_seconds()
    parts = [f"{days} day{'s' * (days != 1)}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{seconds:g} s"] if seconds else []
    return " ".join(parts) or "nothing"


CHECKS: Final = (volumes, staffing, traces)
