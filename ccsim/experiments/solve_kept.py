"""What a search for a value has simulated: kept at hand, in a folder where there is one, and told as a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ccsim.experiments.sweep import Keeps, sweep_of
from ccsim.experiments.sweep_parts import SimulatedPoint
from ccsim.experiments.sweep_plan import Point, SweepPlan, Task
from ccsim.results.sweep import Sweep

Key = tuple[str, int]
"""Digest of a scenario, and replications."""


class KeptLooks:
    """Every scenario of a search with each number of replications that it was simulated with.

    `inner`: where they are kept beyond this process, each under a number in the order in which they are asked for:
    another attempt asks in the same order, as a search depends on nothing but its results.
    """

    def __init__(self, inner: Keeps | None) -> None:
        self._inner = inner
        self._parts: dict[Key, SimulatedPoint] = {}
        self._numbers: dict[Key, int] = {}

    @property
    def stored(self) -> bool:
        """Whether what is simulated outlasts this process."""
        return self._inner is not None

    def of(self, plan: SweepPlan) -> KeptTasks:
        """What keeps the tasks of a plan."""
        return KeptTasks(self, plan)

    def part(self, key: Key, number: int) -> SimulatedPoint:
        """What was simulated, as the point of a number; KeyError where it was not."""
        return _numbered(self._parts[key], number)

    def whole(self, sha256: str, number: int) -> SimulatedPoint:
        """A scenario with all numbers of replications that it was simulated with, as the point of a number."""
        found = [self.part(key, number) for key in sorted(self._parts) if key[0] == sha256]
        return replace(found[-1], lines=tuple(line for one in found for line in one.lines))

    def find(self, key: Key, task: Task, point: Point) -> bool:
        """Whether it was simulated, here or by an attempt before."""
        if key not in self._parts and self._inner is not None:
            number = self._numbers.setdefault(key, len(self._numbers))
            before = self._inner.kept(_alone(task, point, number))
            if before is not None:
                self._parts[key] = before[0]
        return key in self._parts

    def take(self, key: Key, task: Task, point: Point, part: SimulatedPoint) -> None:
        """Keep what was simulated."""
        if self._inner is not None:
            number = self._numbers[key]
            self._inner.keep(_alone(task, point, number), [_numbered(part, number)])
        self._parts[key] = part


class KeptTasks:
    """Keeps the tasks of one plan of a search, so that no scenario is simulated twice."""

    def __init__(self, looks: KeptLooks, plan: SweepPlan) -> None:
        self._looks, self._replications = looks, plan.replications
        self._points = {point.number: point for point in plan.points}

    def _key(self, point: Point) -> Key:
        return point.sha256, self._replications

    def kept(self, task: Task) -> list[SimulatedPoint] | None:
        found = [self._looks.find(self._key(point), task, point) for point in task.points]
        return [self.part_of(point.number) for point in task.points] if all(found) else None

    def part_of(self, number: int) -> SimulatedPoint:
        """A simulated point, with its number in this plan."""
        return self._looks.part(self._key(self._points[number]), number)

    def keep(self, task: Task, parts: Sequence[SimulatedPoint]) -> None:
        for part in parts:
            point = self._points[part.point]
            self._looks.take(self._key(point), task, point, part)

    def park(self, task: Task, error: str, tries: int) -> None: ...


def _alone(task: Task, point: Point, number: int) -> Task:
    return replace(task, points=(replace(point, number=number),))


def _numbered(part: SimulatedPoint, number: int) -> SimulatedPoint:
    lines, goals, people = (
        tuple(one | {"point": number} for one in rows) for rows in (part.lines, part.goals, part.people)
    )
    return SimulatedPoint(number, lines, goals, people)


def looked_at(
    plan: SweepPlan,
    looks: KeptLooks,
    replications: Sequence[int],
    base: tuple[str, str] | None,
    told: Mapping[str, Any],
    *,
    command: Sequence[str] | None,
    elapsed: float,
) -> Sweep:
    """The points that an answer rests on as a sweep: point 0 is the base, the others are in the order of the range.

    Parameters
    ----------
    plan
        Of these points.
    replications
        Of each of them.
    base
        Name and digest of the scenario whose value is reached; None where it is a number.
    told
        The answer, which the page and the folder tell.
    """
    parts = {
        point.number: looks.part((point.sha256, many), point.number)
        for point, many in zip(plan.points[1:], replications, strict=True)
    }
    if base is not None:
        plan = replace(plan, points=(replace(plan.points[0], name=base[0]), *plan.points[1:]))
        parts[0] = looks.whole(base[1], 0)
    plan = replace(plan, about={"solve": dict(told)}, tasks=_apart(plan))
    return sweep_of(plan, parts, {}, command=command, elapsed=elapsed)


def _apart(plan: SweepPlan) -> tuple[Task, ...]:
    """Each point by itself: those that differ in prices alone may have had different replications."""
    some = plan.tasks[0]
    return tuple(replace(some, points=(point,)) for point in plan.points)
