"""The kernel against a plain engine with the same arrivals: every visit and span of agent time, to the microsecond."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from ccsim.engine.books import Books
from ccsim.kernel import layout as k
from ccsim.kernel.arrays import State
from ccsim.model import Model, compile_model
from ccsim.scenario.sections import Scenario
from tests.engine.plain_engine import PlainEngine
from tests.engine.random_scenarios import globes, scenarios

SOME = settings(derandomize=True, deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))


class _Kept(Books):
    """Books that keep both logs."""

    def __init__(self, model: Model, *, visits: bool) -> None:
        super().__init__(model, visits=visits)
        self.log: list[np.ndarray] = []
        self.spans: list[np.ndarray] = []

    def flush(self, state: State) -> None:
        self.log.append(state.log[: state.registers[k.X_LOG_N]].copy())
        self.spans.append(state.spans[: state.registers[k.X_SPAN_N]].copy())
        super().flush(state)


def logs_of(model: Model, seed: int, replication: int) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]], int]:
    """Both logs of the kernel, and when play ended."""
    module: Any = importlib.import_module("ccsim.engine.play")
    made: list[_Kept] = []

    def books(*arguments: Any, **options: Any) -> _Kept:
        made.append(_Kept(*arguments, **options))
        return made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Books", books)
        tables = module.play(model, seed=seed, replication=replication).tables
    log, spans = (np.concatenate(some).tolist() for some in (made[0].log, made[0].spans))
    return [tuple(row) for row in log], [tuple(row) for row in spans], int(tables["replications"][0, 5])


def compare(model: Model, seed: int, replication: int = 0) -> list[tuple[int, ...]]:
    visits, spans, end = logs_of(model, seed, replication)
    stream = model.rules.queues.rows[:, k.Q_STREAM]
    arrivals = sorted(
        (row[k.V_JOINED], int(stream[row[k.V_QUEUE]]), row[k.V_DATE], row[k.V_NUMBER])
        for row in visits
        if row[k.V_PLACE] == 0
    )
    plain = PlainEngine(model, seed, replication, arrivals)
    assert plain.play() == end
    assert sorted(visits) == sorted(plain.visits)
    assert sorted(spans) == sorted(plain.spans)
    return visits


@SOME
@given(scenarios())
def test_small_centres(scenario: Scenario) -> None:
    compare(compile_model(scenario), scenario.run.seed)


@SOME
@given(globes())
def test_small_global_centres(scenario: Scenario) -> None:
    compare(compile_model(scenario), scenario.run.seed)
