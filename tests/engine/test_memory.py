"""A replication leaves nothing behind but its tables."""

from __future__ import annotations

import gc
import weakref
from typing import Any

from ccsim.engine.replication import Replication, simulate
from ccsim.model import compile_model
from ccsim.scenario import loads

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1h, drain: 1h}
demand: {calls: {per_minute: 1}}
handle_time: 1m
pools: {desk: {staffing: 3}}
"""


def test_a_finished_simulate_is_let_go_of_without_a_search_for_garbage() -> None:
    seen: list[weakref.ref[Replication]] = []

    def watch(under_way: Replication) -> Any:
        seen.append(weakref.ref(under_way))
        while True:
            yield under_way.env.timeout(60_000_000)

    model = compile_model(loads(DESK))
    gc.collect()
    gc.disable()
    try:
        simulated = simulate(model, seed=1, replication=0, processes=(watch,))
        assert simulated.tables["replications"][0, 0] > 0
        assert seen[0]() is None
    finally:
        gc.enable()
