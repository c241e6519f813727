"""Simulates the plans that a search tries as a sweep simulates its points: prepared, on common random numbers, kept at
once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from ccsim.errors import CcsimError
from ccsim.experiments.asked import Effort, SweepAsked
from ccsim.experiments.optimise_asked import Cell, Decision
from ccsim.experiments.optimise_front import TriedPlan
from ccsim.experiments.progress import Progress
from ccsim.experiments.replicate import Stop
from ccsim.experiments.simulated_before import SimulatedBefore
from ccsim.experiments.sweep import Keeps, simulate_sweep
from ccsim.experiments.sweep_parts import SimulatedPoint
from ccsim.experiments.sweep_plan import SweepPlan, Task, hushed, plan_sweep
from ccsim.results.sweep import Sweep

CERTIFICATE: Final = 1_000_000
"""Numbers of the certificate's tasks in the store begin here."""


class Collected:
    """Keeps parts where they are to be kept, if anywhere, and at hand."""

    def __init__(self, inner: Keeps | None, first: int = 0) -> None:
        self._inner, self._first = inner, first
        self.parts: dict[int, SimulatedPoint] = {}

    def kept(self, task: Task) -> list[SimulatedPoint] | None:
        found = None if self._inner is None else self._inner.kept(self._shifted(task))
        if found is None:
            return None
        moved = [_moved(part, -self._first) for part in found]
        self.parts |= {part.point: part for part in moved}
        return moved

    def keep(self, task: Task, parts: Sequence[SimulatedPoint]) -> None:
        if self._inner is not None:
            self._inner.keep(self._shifted(task), [_moved(part, self._first) for part in parts])
        self.parts |= {part.point: part for part in parts}

    def park(self, task: Task, error: str, tries: int) -> None:
        if self._inner is not None:
            self._inner.park(self._shifted(task), error, tries)

    def _shifted(self, task: Task) -> Task:
        return replace(task, points=tuple(replace(one, number=one.number + self._first) for one in task.points))


class TriedPlans:
    """All plans of a search."""

    def __init__(
        self,
        asked: SweepAsked,
        decisions: Sequence[Decision],
        *,
        keeps: Keeps | None,
        progress: Progress,
        stop: Stop,
        simulate: Callable[..., Any] | None = None,
        before: SimulatedBefore | None = None,
    ) -> None:
        """`before`: replications that were simulated, for plans that differ in prices alone; None: there are none
        such."""
        self._before = before
        self._asked, self._decisions = asked, decisions
        self._keeps, self._progress, self._stop, self._simulate = keeps, progress, stop, simulate
        self.made: list[TriedPlan] = []

    def values_of(self, cell: Cell) -> tuple[tuple[str, str], ...]:
        """Values by key of a point of the grid."""
        return tuple((one.key, one.values[number]) for one, number in zip(self._decisions, cell, strict=True))

    def simulate_as_written(self, plan: SweepPlan) -> TriedPlan:
        """The scenario as written, which is point 0 of a plan."""
        made, parts = self._simulated(plan, Collected(self._keeps))
        return TriedPlan(0, (), (), parts.get(0), made.parked.get(0, ""))

    def simulate(self, cells: Sequence[Cell]) -> list[TriedPlan]:
        """Simulate plans, numbered in the order in which they are named; one that cannot be is a trial with the
        reason."""
        first = len(self.made) + 1
        plans, refused = self._plans(cells)
        parts: dict[int, SimulatedPoint] = {}
        parked: dict[int, str] = {}
        for plan, places in plans:
            numbers = {0: 0} | {number + 1: first + place for number, place in enumerate(places)}
            made, found = self._simulated(_without_base(plan, numbers), Collected(self._keeps))
            parts |= found
            parked |= made.parked
        trials = [
            TriedPlan(
                number, cell, self.values_of(cell), parts.get(number), refused.get(cell) or parked.get(number, "")
            )
            for number, cell in enumerate(cells, first)
        ]
        self.made += trials
        return trials

    def _plans(self, cells: Sequence[Cell]) -> tuple[list[tuple[SweepPlan, list[int]]], dict[Cell, str]]:
        """Plans with the places of their cells: one for all, or where a plan cannot be, one for each of the others."""
        try:
            return [(self.plan(cells), list(range(len(cells))))], {}
        except CcsimError:
            plans, refused = [], {}
            for place, cell in enumerate(cells):
                try:
                    plans.append((self.plan([cell]), [place]))
                except CcsimError as error:
                    refused[cell] = str(error)
            return plans, refused

    def plan(self, cells: Sequence[Cell], effort: Effort | None = None) -> SweepPlan:
        """The scenario as written and plans, prepared, with the effort of trials unless another is given; `CcsimError`
        where one cannot be."""
        rows = [[value for _, value in self.values_of(cell)] for cell in cells]
        with hushed():
            return plan_sweep(replace(self._asked, rows=rows, effort=effort or self._asked.effort))

    def certify(self, plan: SweepPlan) -> tuple[Sweep, dict[int, SimulatedPoint]]:
        """Simulate a plan with fresh replications, and keep it apart from the trials."""
        return self._simulated(plan, Collected(self._keeps, CERTIFICATE))

    def _simulated(self, plan: SweepPlan, kept: Collected) -> tuple[Sweep, dict[int, SimulatedPoint]]:
        with hushed():
            made = simulate_sweep(
                replace(plan, before=self._before),
                keeps=kept,
                progress=self._progress,
                stop=self._stop,
                simulate=self._simulate,
            )
        return made, kept.parts


def _without_base(plan: SweepPlan, numbers: dict[int, int]) -> SweepPlan:
    """A plan without the scenario as written, its points numbered as trials."""
    tasks = []
    for task in plan.tasks:
        points = tuple(replace(one, number=numbers[one.number]) for one in task.points if one.number)
        if points:
            tasks.append(replace(task, points=points))
    return replace(plan, tasks=tuple(tasks), points=tuple(point for task in tasks for point in task.points))


def _moved(part: SimulatedPoint, by: int) -> SimulatedPoint:
    number = part.point + by
    lines, goals = ([row | {"point": number} for row in rows] for rows in (part.lines, part.goals))
    return SimulatedPoint(number, tuple(lines), tuple(goals))
