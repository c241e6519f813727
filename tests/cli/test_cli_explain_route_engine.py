"""What `explain route` says is what the engine is told."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from ccsim.centre.eligible import Eligibility
from ccsim.centre.legs import kind_of, legs_of
from ccsim.centre.streams import streams_of
from ccsim.commands.explain_route import route_lines
from ccsim.commands.route_facts import route_of
from ccsim.model.law_rows import LawRows
from ccsim.model.route_arrays import pool_arrays, seats_of
from ccsim.model.routes import make_routes
from ccsim.scenario import load
from tests.support.files import GLOBE, SCENARIOS

FLAGSHIP = SCENARIOS / "global_support.yaml"


@pytest.mark.parametrize("file", [GLOBE, FLAGSHIP])
def test_it_says_what_the_engine_is_told(file: Path) -> None:
    scenario = load(file)
    streams = streams_of(scenario)
    # All of the globe's streams, some of the flagship's.
    some = streams[:: max(1, len(streams) // 40)]
    routes = make_routes(scenario, streams)
    seats = seats_of(routes)
    none = np.zeros((len(routes.pools), 2), np.int64)
    pace = pool_arrays(routes, seats, none, np.zeros((len(routes.pools), 1)), LawRows()).pace
    queues = {(queue.stream.name, queue.kind.workflow, queue.kind.tier): i for i, queue in enumerate(routes.queues)}
    for stream in some:
        for leg in route_of(scenario, stream).legs:
            row = queues[stream.name, leg.workflow, leg.tier]
            turns = routes.turns[row]
            assert [(eligible.vendor or "", eligible.share) for eligible in leg.eligibility] == [
                (turn.vendor, turn.share) for turn in turns
            ]
            for eligible, turn in zip(leg.eligibility, turns, strict=True):
                told = routes.classes[turn.line]
                assert tuple(step.after_us for step in eligible.steps[1:]) == told.steps
                said = [(number, one) for number, step in enumerate(eligible.steps) for one in step.pools]
                assert [(number, one.pool, one.level) for number, one in said] == [
                    (entry.step, entry.pool, entry.level) for entry in told.entries
                ]
                for (number, one), (after, other) in itertools.pairwise(said):
                    assert number < after or one.choice <= other.choice
                for _, one in said:
                    work = routes.works.index((leg.workflow, stream.language, 1.0))
                    assert one.pace == pace[routes.pool_names.index(one.pool), work]
                assert [barred.pool for barred in leg.barred] == list(told.barred)
                assert all(barred.why for barred in leg.barred)
                assert told.priority == (leg.priority or 1_000_000)


def test_every_stream_of_the_globe_can_be_said() -> None:
    scenario = load(GLOBE)
    eligibility = Eligibility(scenario)
    for stream in streams_of(scenario):
        lines = route_lines(scenario, stream.name)
        assert lines[0] == stream.name
        text = "\n".join(lines)
        for workflow, tier in legs_of(scenario, stream.workflow):
            eligible = eligibility.pools_for(kind_of(scenario, stream, workflow, tier))
            assert all(f"  {pool} " in text for pool in eligible.pools)
        assert all(len(line) < 160 for line in lines)
