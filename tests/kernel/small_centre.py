"""A centre of a few agents whose kernel is stepped by hand, each step as the Python that it is compiled from."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import ccsim.draws
import ccsim.kernel
from ccsim.kernel import layout
from ccsim.kernel.events import ROOT
from ccsim.kernel.state import new_state
from ccsim.model import compile_model
from ccsim.scenario import loads

SECOND = 1_000_000
MINUTE = 60 * SECOND

HEAD = """
scenario: small
horizon: {start: 2026-01-05, length: 1d, drain: 1d, interval: 15m}
"""
PHONE = "demand: {calls: {per_minute: 1}}\nhandle_time: {law: constant, value: 1m}\n"
"""One stream of calls that take a minute of talk each, without wrap-up."""


@contextmanager
def as_python() -> Iterator[None]:
    """Put the Python behind every compiled function of the kernel in its place: steps have no way in from Python."""
    with pytest.MonkeyPatch.context() as patch:
        for package in (ccsim.draws, ccsim.kernel):
            for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
                module = importlib.import_module(found.name)
                for name, one in list(vars(module).items()):
                    if hasattr(one, "py_func"):
                        patch.setattr(module, name, one.py_func)
        yield


class Centre:
    """Rules and state of a scenario at the start of its horizon, with nobody signed in and nothing arrived."""

    def __init__(self, text: str) -> None:
        self.model = compile_model(loads(HEAD + text))
        model = self.model
        keys = [[1 + i, 2] for i in range(len(model.streams))]
        self.rules = model.rules
        self.state = new_state(
            model.rules,
            model.plan,
            model.agent_pool,
            model.agent_twin,
            model.stepped,
            model.open_at_start,
            np.array(keys, np.int64).reshape(-1, 2),
            np.array([[7 + i, 2] for i in range(len(model.pool_random_streams))], np.int64).reshape(-1, 2),
        )

    def step(self, path: str, *arguments: Any) -> Any:
        """Take a step, `module.function`, on these rules and this state."""
        module, name = path.split(".")
        return getattr(importlib.import_module(f"ccsim.kernel.{module}"), name)(self.rules, self.state, *arguments)

    def settle(self, now: int) -> None:
        """Do all that is pending."""
        advance: Any = importlib.import_module("ccsim.kernel.advance")
        while not advance._nothing_pending(self.state.registers):
            advance._settle_pending(self.rules, self.state, layout.NONE, now)

    def comes_on(self, pool: int = 0, now: int = 0) -> int:
        """One agent more of a pool with staffing; their row."""
        self.step("agents.staff_up", pool, now)
        agent = int(self.state.registers[layout.PENDING_LOOK])
        self.settle(now)
        return agent

    def arrives(self, now: int, stream: int = 0) -> int:
        """A contact arrives and all that follows at once is done; its slot."""
        self.state.sources[stream, layout.SOURCE_NUMBER] += 1
        i = int(self.step("contacts.arrive", stream, now))
        self.state.registers[layout.PENDING_JOIN] = i
        self.settle(now)
        return i

    def visit(self, i: int, *columns: str) -> tuple[int, ...]:
        """Columns of a slot."""
        return tuple(int(self.state.slots[i, getattr(layout, f"VISIT_{name}")]) for name in columns)

    def agent(self, a: int, *columns: str) -> tuple[int, ...]:
        """Columns of an agent."""
        return tuple(int(self.state.agents[a, getattr(layout, f"AGENT_{name}")]) for name in columns)

    def events(self) -> list[tuple[int, int, int]]:
        """Time, kind and slot or agent of the listed events, in order of time."""
        n = int(self.state.registers[layout.REGISTER_EVENTS_N])
        rows = self.state.events[ROOT : ROOT + n].tolist()
        return sorted((time, code >> 32, code & 0xFFFFFFFF) for time, code in rows)

    def logged(self, *columns: str) -> list[tuple[int, ...]]:
        """Columns of the visits' log."""
        rows = self.state.log[: self.state.registers[layout.REGISTER_LOG_N]]
        return [tuple(int(row[getattr(layout, f"LOG_{name}")]) for name in columns) for row in rows]

    def spans(self) -> list[tuple[int, int, int]]:
        """Kind, start and end of the rows of the agents' log."""
        rows = self.state.spans[: self.state.registers[layout.REGISTER_SPAN_N]]
        return [tuple(row[[layout.SPAN_WHAT, layout.SPAN_FROM, layout.SPAN_UNTIL]].tolist()) for row in rows]
