"""Timing: laps of programs that take turns, so that a slow minute of the machine hits all of them."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Program = Callable[[], int]
"""Does some work and says how much: contacts, or replications."""


@dataclass(frozen=True, slots=True)
class Lap:
    """One timed run of a program."""

    work: int
    """Contacts (or replications) done."""
    wall: float
    """Seconds on the wall clock."""
    cpu: float
    """Seconds of processor time, all threads of this process and of those that it started and that have ended."""

    @property
    def rate(self) -> float:
        """Work per second of processor time: what one core does, also on a machine that is shared."""
        return self.work / self.cpu

    @property
    def wall_rate(self) -> float:
        """Work per second on the wall clock."""
        return self.work / self.wall


def lap(program: Program) -> Lap:
    """Run a program once, after emptying the garbage of those before."""
    gc.collect()
    wall, cpu = time.perf_counter(), _processor_time()
    work = program()
    cpu, wall = _processor_time() - cpu, time.perf_counter() - wall
    return Lap(work, max(wall, 1e-9), max(cpu, 1e-9))


def _processor_time() -> float:
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system


def in_turn(programs: Mapping[str, Program], rounds: int) -> dict[str, list[Lap]]:
    """Laps of each program, A B A B: every program once a round."""
    laps: dict[str, list[Lap]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            laps[name].append(lap(program))
    return laps


def rates(laps: list[Lap]) -> list[float]:
    """Rate of each lap, per second and core."""
    return [one.rate for one in laps]


def ratios(upper: list[Lap], lower: list[Lap]) -> list[float]:
    """Rate over rate, round by round."""
    return [a.rate / b.rate for a, b in zip(upper, lower, strict=True)]
