"""How much shorter assists make the contacts that a pool handles, on average over the counted time."""

from __future__ import annotations

from ccsim.centre.deflections import begins_at
from ccsim.centre.legs import Kind
from ccsim.centre.streams import Stream
from ccsim.language.scenario import Scenario


def mean_pace(scenario: Scenario, pool: str, kind: Kind) -> float:
    """Factor on talk and wrap-up of visits, the mean over the counted time of each assist; 1 without any."""
    pace = 1.0
    since = scenario.horizon.warm_up
    until = since + scenario.horizon.length
    for one in scenario.assists.values():
        helps = one.helps(pool, scenario.pools[pool].vendor, kind.workflow, kind.channel)
        if not (helps and one.is_for(kind.market, kind.language, kind.segment)):
            continue
        start = begins_at(scenario, one.start)
        strength = 1.0
        if start is not None:
            area = _area(until - start, one.ramp) - _area(since - start, one.ramp)
            strength = area / (until - since)
        pace *= 1.0 + (one.handle_time - 1.0) * strength
    return pace


def _area(time: int, ramp: int) -> float:
    """Time after the beginning, that of the ramp in proportion to how far it is brought in."""
    if time <= 0:
        return 0.0
    return time * time / (2 * ramp) if time < ramp else time - ramp / 2


def helped_by(scenario: Scenario, stream: Stream) -> tuple[str, ...]:
    """Of the assists that work for some customers alone, those that work for those of a stream, by name."""
    return tuple(
        name
        for name, one in sorted(scenario.assists.items())
        if one.chooses and one.is_for(stream.market, stream.language, stream.segment)
    )
