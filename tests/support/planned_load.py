"""The load that a scenario is expected to lay on its pools."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ccsim.centre.streams import streams_of
from ccsim.language.scenario import Scenario
from ccsim.model.load import Load, expected_load
from ccsim.model.local_time import utc_micros
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, make_staffed_pools
from ccsim.scenario import loads

HEAD = """\
scenario: load
horizon: {start: 2026-03-02, length: 2w, drain: 0s}
handle_time: 6m
"""


def loaded(text: str) -> tuple[dict[str, float], dict[str, float], Load]:
    """Erlang hours a week by pool, live and deferred."""
    scenario: Scenario = loads(HEAD + text)
    horizon = scenario.horizon
    start = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    span = Span(0, horizon.length, horizon.length, horizon.interval, start)
    names = sorted(scenario.pools)
    clocks = Clocks(start)
    staffed_pools = make_staffed_pools(scenario, names, clocks, span)
    found = expected_load(scenario, streams_of(scenario), staffed_pools, clocks, span)
    live = dict(zip(names, (found.live.sum(axis=1) / 2).tolist(), strict=True))
    return live, dict(zip(names, found.deferred.tolist(), strict=True)), found
