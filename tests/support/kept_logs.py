"""Simulate a replication and keep both logs of the kernel as they were summed."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from ccsim.engine.statistics import Statistics
from ccsim.kernel import layout
from ccsim.kernel.arrays import State
from ccsim.model import Model


class _Kept(Statistics):
    """Statistics that keep both logs."""

    def __init__(self, model: Model, **options: Any) -> None:
        super().__init__(model, **options)
        self.log: list[np.ndarray] = []
        self.spans: list[np.ndarray] = []

    def flush(self, state: State) -> None:
        self.log.append(state.log[: state.registers[layout.REGISTER_LOG_N]].copy())
        self.spans.append(state.spans[: state.registers[layout.REGISTER_SPAN_N]].copy())
        super().flush(state)


@dataclass(frozen=True)
class Kept:
    """What was simulated."""

    log: np.ndarray
    """[visits, LOG_WIDTH]"""
    spans: np.ndarray
    """[spans, SPAN_WIDTH]"""
    tables: dict[str, np.ndarray]


def simulate_and_keep(model: Model, **options: Any) -> Kept:
    """Simulate with the options of `ccsim.engine.simulate`."""
    module: Any = importlib.import_module("ccsim.engine.replication")
    made: list[_Kept] = []

    def statistics(*arguments: Any, **more: Any) -> _Kept:
        made.append(_Kept(*arguments, **more))
        return made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Statistics", statistics)
        tables = module.simulate(model, **options).tables
    return Kept(np.concatenate(made[0].log), np.concatenate(made[0].spans), tables)
