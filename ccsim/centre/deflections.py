"""Which deflections spare the customers of a stream the contact, and what they leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ccsim.centre.streams import Stream
from ccsim.centre.surge_steps import Scope
from ccsim.language.deflections import Deflection
from ccsim.language.scenario import Scenario
from ccsim.units import SECOND


def deflections_of(scenario: Scenario, stream: Stream) -> list[Deflection]:
    """The deflections of a stream, in order of their names."""
    return [said for _, said in sorted(scenario.deflections.items()) if Scope(said).holds(stream)]


def begins_at(scenario: Scenario, start: str | None) -> int | None:
    """A `from` as microseconds since the start of the horizon; None where there is none."""
    if start is None:
        return None
    zone = ZoneInfo(scenario.time_zone)
    since = [datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() for text in (scenario.horizon.start, start)]
    return round((since[1] - since[0]) * SECOND)


def left_at(scenario: Scenario, stream: Stream, times: Sequence[int]) -> list[float]:
    """Share of the contacts of a stream that come although its deflections work, at instants.

    Parameters
    ----------
    times
        Microseconds since the start of the horizon.

    Returns
    -------
    list
        Between 0 and 1, one for each instant.
    """
    left = [1.0] * len(times)
    for said in deflections_of(scenario, stream):
        start = begins_at(scenario, said.start)
        for at, time in enumerate(times):
            left[at] *= 1.0 - said.share * _brought_in(start, said.ramp, time)
    return left


def _brought_in(start: int | None, ramp: int, now: int) -> float:
    if start is None or now - start >= max(ramp, 0):
        return 1.0
    return max((now - start) / ramp, 0.0) if ramp > 0 else 0.0
