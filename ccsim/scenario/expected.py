"""How many contacts a scenario expects, from its rates alone: for a first look before anything is played."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from ccsim.scenario.sections import Change, Grid, Scenario, Stream
from ccsim.units import DAY

_MICROSECOND = timedelta(microseconds=1)


def expected_contacts(scenario: Scenario) -> dict[str, float]:
    """Expected contacts by stream that arrive in the counted length, by the local clock; without returns.

    Days with a clock change count as 24 hours, as their volume is kept.
    """
    start = datetime.fromisoformat(scenario.horizon.start)
    since = scenario.horizon.warm_up
    until = since + scenario.horizon.length
    return {name: _stream(stream, start, since, until) for name, stream in sorted(scenario.demand.items())}


def _stream(stream: Stream, start: datetime, since: int, until: int) -> float:
    if stream.trace is not None:
        return float(sum(since <= time < until for time in stream.trace.time))
    if stream.rate is None:
        return 0.0
    area = _Area(stream.rate.grid, start, linear=stream.rate.interpolate == "linear")
    cuts = {since, until}
    spans = [(change, _micros(change.start, start), _micros(change.end, start)) for change in stream.changes]
    cuts.update(cut for _, low, high in spans for cut in (low, high) if since < cut < until)
    ordered = sorted(cuts)
    return sum(
        _changed(area.between(low, high), high - low, [c for c, a, b in spans if a <= low and high <= b])
        for low, high in pairwise(ordered)
    )


def _micros(local: str, start: datetime) -> int:
    return (datetime.fromisoformat(local) - start) // _MICROSECOND


def _changed(amount: float, length: int, changes: list[Change]) -> float:
    """The expected number in a stretch after its changes, as if the rate were even within it."""
    for change in changes:
        if change.set_to is not None:
            amount = change.set_to * length
        amount = max(amount * change.times + change.add * length, 0.0)
    return amount


class _Area:
    """Area under a rate curve between two local times."""

    def __init__(self, grid: Grid, start: datetime, *, linear: bool) -> None:
        self.every = grid.every
        self.values = grid.values
        self.repeats = grid.start is None
        following = [*grid.values[1:], grid.values[0] if self.repeats else grid.values[-1]]
        self.slopes = [(b - a) / grid.every if linear else 0.0 for a, b in zip(grid.values, following, strict=True)]
        cells = (v * self.every + s * self.every**2 / 2 for v, s in zip(self.values, self.slopes, strict=True))
        self.sums = [0.0, *accumulate(cells)]
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        origin = midnight if grid.start is None else datetime.fromisoformat(grid.start)
        self.shift = (start - origin) // _MICROSECOND

    def between(self, low: int, high: int) -> float:
        return self.until(high + self.shift) - self.until(low + self.shift)

    def until(self, at: int) -> float:
        """Area from the grid's start up to a time since then."""
        days, rest = divmod(at, DAY) if self.repeats else (0, min(max(at, 0), self.every * len(self.values)))
        cell, inside = divmod(rest, self.every)
        if cell == len(self.values):
            return self.sums[-1]
        part = self.values[cell] * inside + self.slopes[cell] * inside**2 / 2
        return days * self.sums[-1] + self.sums[cell] + part
