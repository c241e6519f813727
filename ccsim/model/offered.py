"""How much work a scenario's demand is expected to bring to each pool."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from ccsim.centre.streams import streams_of
from ccsim.language.scenario import Scenario
from ccsim.model.load import expected_load
from ccsim.model.local_time import utc_micros
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, make_staffed_pools
from ccsim.model.weekly_schedules import SLOT
from ccsim.units import HOUR


def span_of(scenario: Scenario) -> Span:
    """The counted time of a scenario, and when it begins."""
    horizon = scenario.horizon
    since, until = horizon.warm_up, horizon.warm_up + horizon.length
    start = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    return Span(since, until, until + horizon.drain, horizon.interval, start)


def weekly_work(scenario: Scenario) -> dict[str, float]:
    """Hours of agent time that are offered to each pool in a mean week of the counted time, as rosters are planned for.

    Live contacts and deferred work together; see `ccsim.model.load.expected_load` for how they are divided.
    """
    span, names = span_of(scenario), sorted(scenario.pools)
    clocks = Clocks(span.start_utc)
    found = expected_load(
        scenario, streams_of(scenario), make_staffed_pools(scenario, names, clocks, span), clocks, span
    )
    hours = np.asarray(found.live.sum(axis=1) * (SLOT / HOUR) + found.deferred)
    return dict(zip(names, hours.tolist(), strict=True))
