"""Simulates the points of a sweep on common random numbers: a task on each thread, what fails is tried again."""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import Any, Final, Protocol

from ccsim.experiments.progress import Progress, Quiet
from ccsim.experiments.replicate import WAKE_SECONDS, Stop
from ccsim.experiments.sweep_cluster import ClusterSimulators, OtherWorker, told_of
from ccsim.experiments.sweep_here import SimulatorsHere
from ccsim.experiments.sweep_indices import indices_of
from ccsim.experiments.sweep_parts import SimulatedPoint, replications_of, rows_of_kpis, simulate_task, with_arrays
from ccsim.experiments.sweep_plan import SweepPlan, Task
from ccsim.experiments.sweep_processes import NoProcess, ProcessSimulators, worth_it
from ccsim.interrupts import first_asks
from ccsim.metrics.paired import simultaneous
from ccsim.results.comparison_store import frame_of_rows
from ccsim.results.provenance import recorded_now
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_columns import GOALS_OF_POINTS, KPIS_OF_POINTS, PEOPLE_OF_POINTS, POINTS
from ccsim.results.sweep_store import SweepFolder

log: Final = logging.getLogger("ccsim.sweep")
TRIES: Final = 3
"""So often a task is tried before it is parked."""


class Keeps(Protocol):
    """Where finished tasks are kept."""

    def kept(self, task: Task) -> list[SimulatedPoint] | None:
        """What was kept of a task before; None where it is still to be simulated."""

    def keep(self, task: Task, parts: Sequence[SimulatedPoint]) -> None:
        """Keep a finished task: once this returns, nothing of it is lost."""

    def park(self, task: Task, error: str, tries: int) -> None:
        """Note a task that failed each time."""


class Stored:
    """Finished tasks in a sweep's folder."""

    def __init__(self, folder: SweepFolder) -> None:
        self._folder = folder

    def kept(self, task: Task) -> list[SimulatedPoint] | None:
        found = self._folder.kept(task.number)
        if found is None:
            return None
        lines, goals, people = [with_arrays(line) for line in found[0]], found[1], found[2]
        return [
            SimulatedPoint(
                point.number,
                tuple(line for line in lines if line["point"] == point.number),
                tuple(goal for goal in goals if goal["point"] == point.number),
                tuple(row for row in people if row["point"] == point.number),
            )
            for point in task.points
        ]

    def keep(self, task: Task, parts: Sequence[SimulatedPoint]) -> None:
        lines = [line for part in parts for line in part.lines]
        goals = [row for part in parts for row in part.goals]
        people = [row for part in parts for row in part.people]
        self._folder.keep(task.number, lines, goals, people)

    def park(self, task: Task, error: str, tries: int) -> None:
        self._folder.park(task.number, error, tries)


class UnfinishedSweep(KeyboardInterrupt):
    """Stopped before every point was simulated; its text says what is kept."""


@dataclass(slots=True)
class _Work:
    """A task on its way."""

    task: Task
    tries: int = 0
    parts: list[SimulatedPoint] = field(default_factory=list)


def simulate_sweep(
    plan: SweepPlan,
    *,
    keeps: Keeps | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
    command: Sequence[str] | None = None,
    simulate: Callable[..., list[SimulatedPoint] | None] | None = None,
    scheduler: str = "",
    processes: bool | None = None,
) -> Sweep:
    """Simulate what is not kept yet, and tell all points against the first.

    A task that fails is tried `TRIES` times and then parked: all others are simulated, and the points of the parked
    ones are told without results. `UnfinishedSweep` if it was stopped.

    `scheduler`: address of the scheduler of a Dask cluster, whose workers simulate. `processes`: whether processes of
    this machine do, rather than threads of this one; None: where that is faster. `simulate` is for threads alone.
    """
    began = time.monotonic()
    parts: dict[int, SimulatedPoint] = {}
    parked: dict[int, str] = {}
    asked = stop or Stop()
    # with a rule the scenario as written is last, as it is simulated as far as any point that is told against it
    split = len(plan.tasks) if plan.until is None else 1
    for now in filter(None, (plan.tasks[split:], plan.tasks[:split])):
        if plan.until is not None and now[0].number == 0:
            least = max((replications_of(part) for part in parts.values()), default=0)
            now = tuple(replace(task, least=least) for task in now)
        todo: list[Task] = []
        for task in now:
            before = None if keeps is None else keeps.kept(task)
            if before is None or any(replications_of(part) < task.least for part in before):
                todo.append(task)
            else:
                parts |= {part.point: part for part in before}
        if keeps is not None and len(todo) < len(now):
            log.info("%d of %d scenarios are simulated already", len(now) - len(todo), len(plan.tasks))
        simulating = _Simulating(plan, todo, keeps, progress or Quiet(), asked)
        with _simulators(plan, todo, simulate, asked, scheduler, processes) as simulators:
            parked |= simulating.all(simulators, parts)
        if simulating.stopped:
            done = sum(task.number in parts or task.number in parked for task in plan.tasks)
            said = (
                f"{done} of {len(plan.tasks)} scenarios are simulated and kept; the same command with --resume goes on"
            )
            raise UnfinishedSweep(f"stopped: {said}" if keeps is not None else "stopped: nothing is kept")
    return sweep_of(plan, parts, parked, command=command, elapsed=time.monotonic() - began)


def swept(plan: SweepPlan, *, out: str | os.PathLike[str] | None = None, resume: bool = False, **given: Any) -> Sweep:
    """Simulate a plan, kept in the folder `out` where it is given; other parameters and errors as in
    `simulate_sweep`."""
    if out is None:
        return simulate_sweep(plan, **given)
    with SweepFolder(out, resume=resume) as folder:
        folder.begin(plan.asked())
        return folder.store(simulate_sweep(plan, keeps=Stored(folder), **given))


def sweep_of(
    plan: SweepPlan,
    parts: Mapping[int, SimulatedPoint],
    parked: Mapping[int, str],
    *,
    command: Sequence[str] | None = None,
    elapsed: float = 0.0,
) -> Sweep:
    """The tables that the parts of all points make: the same, whenever and in whatever order these were simulated."""
    confidence, base = simultaneous(1), parts.get(0)
    kpis = [row for number in sorted(parts) for row in rows_of_kpis(base, parts[number], confidence)]
    goals = [row for number in sorted(parts) for row in parts[number].goals]
    people = [row for number in sorted(parts) for row in parts[number].people]
    simulated_as = {point.number: task.number for task in plan.tasks for point in task.points}
    points = [
        {
            "point": one.number,
            "scenario": one.name,
            "key": key,
            "value": value,
            "simulated_as": simulated_as[one.number],
            "state": "parked" if one.number in parked else "done",
        }
        for one in plan.points
        for key, value in (one.values or (("", ""),))
    ]
    return Sweep(
        name=plan.name,
        points=frame_of_rows(points, POINTS),
        kpis=frame_of_rows(kpis, KPIS_OF_POINTS),
        goals=frame_of_rows(goals, GOALS_OF_POINTS),
        people=frame_of_rows(people, PEOPLE_OF_POINTS),
        seed=plan.seed,
        replications=plan.replications,
        until="" if plan.until is None else str(plan.until),
        parked=dict(parked),
        indices=indices_of(plan, parts),
        provenance=recorded_now(command, elapsed)
        | {
            "files": [{"name": name, "sha256": digest} for name, digest in plan.files.items()],
            "question": plan.question,
            **plan.about,
            "staff": plan.staff,
        },
    )


class _Counts:
    """Progress of a task, handed to the thread that tells it."""

    def __init__(self, queue: SimpleQueue[tuple[int, int]]) -> None:
        self._queue = queue

    def start(self, replications: int) -> None: ...
    def advance(self, replications: int, visits: int) -> None:
        self._queue.put((replications, visits))

    def stop(self) -> None: ...


class Simulators(Protocol):
    """What simulates tasks: threads of this process, other processes, or the workers of a cluster."""

    @property
    def at_once(self) -> int:
        """Tasks that are simulated at once."""

    def submit(self, task: Task) -> Future[list[SimulatedPoint] | None]:
        """Begin a task; None comes of one that was stopped."""

    def tell(self, progress: Progress) -> None:
        """Tell of what was simulated since."""

    def lost(self) -> Exception:
        """Why a task was cancelled that nobody cancelled."""

    def end(self, *, wait: bool) -> None:
        """Begin nothing more."""


class ThreadSimulators(SimulatorsHere):
    """Threads of this process."""

    def __init__(
        self, plan: SweepPlan, tasks: int, simulate: Callable[..., list[SimulatedPoint] | None], stop: Stop
    ) -> None:
        super().__init__(plan.workers, tasks)
        self._plan, self._simulate, self._stop = plan, simulate, stop

    def submit(self, task: Task) -> Future[list[SimulatedPoint] | None]:
        told = _Counts(self._told)
        return self._pool.submit(self._simulate, task, self._plan, workers=self._threads, stop=self._stop, told=told)


@contextmanager
def _simulators(
    plan: SweepPlan,
    todo: Sequence[Task],
    simulate: Callable[..., list[SimulatedPoint] | None] | None,
    stop: Stop,
    scheduler: str,
    processes: bool | None,
) -> Iterator[Simulators]:
    """What simulates; a cluster is asked, and processes are started, only if there is something to simulate."""
    if scheduler and todo:
        with ClusterSimulators(scheduler, plan) as cluster:
            yield cluster
    elif todo and simulate is None and (worth_it(plan, todo) if processes is None else processes):
        with ProcessSimulators(plan, todo) as started:
            yield started
    else:
        yield ThreadSimulators(plan, len(todo), simulate or simulate_task, stop)


class _Simulating:
    """Tasks in flight, at most one more than are simulated at once."""

    def __init__(
        self,
        plan: SweepPlan,
        todo: Sequence[Task],
        keeps: Keeps | None,
        progress: Progress,
        stop: Stop,
    ) -> None:
        self._plan, self._keeps, self._progress, self._stop = plan, keeps, progress, stop
        self._waiting = deque(_Work(task) for task in todo)
        self.left = {task.number for task in todo}
        """Numbers of the tasks that are neither simulated nor parked."""
        self.stopped = False

    def all(self, simulators: Simulators, parts: dict[int, SimulatedPoint]) -> dict[int, str]:
        """Simulate all; the points that are parked, with the error. `parts` takes those that are finished."""
        parked: dict[int, str] = {}
        if not self._waiting:
            return parked
        self._progress.start(len(self._waiting) * self._plan.replications)
        flying: dict[Future[Any], _Work] = {}
        try:
            with first_asks(self._stop.ask):
                while (self._waiting or flying) and not self._stop.asked:
                    while self._waiting and len(flying) <= simulators.at_once:
                        work = self._waiting.popleft()
                        flying[simulators.submit(work.task)] = work
                    done, _ = wait(flying, timeout=WAKE_SECONDS, return_when=FIRST_COMPLETED)
                    simulators.tell(self._progress)
                    for future in done:
                        if future.cancelled():
                            raise simulators.lost()
                        self._take(future, flying.pop(future), parts, parked)
                for future, work in flying.items():  # stopped: what is finished is kept all the same
                    if future.done() and not future.cancelled():
                        self._take(future, work, parts, parked)
            self.stopped = bool(self.left)
        finally:
            if self.left:
                self._stop.ask()
            self._progress.stop()
            simulators.end(wait=not self.left)
        return parked

    def _take(self, future: Future[Any], work: _Work, parts: dict[int, SimulatedPoint], parked: dict[int, str]) -> None:
        error = future.exception()
        if error is None:
            made = future.result()
            if made is None:
                return
            if self._keeps is not None:
                self._keeps.keep(work.task, made)
            parts |= {part.point: part for part in made}
            self.left.discard(work.task.number)
            return
        if (
            not isinstance(error, Exception)
            or isinstance(error, (OtherWorker, NoProcess))
            or os.environ.get("CCSIM_DEBUG") == "1"
        ):
            raise error
        work.tries += 1
        why, hopeless = told_of(error)
        if work.tries < TRIES and not hopeless:
            log.info("point %d failed (%s); it is tried again", work.task.number, why)
            self._waiting.append(work)
            return
        often = f"{work.tries} time{'s' * (work.tries > 1)}"
        log.info("point %d failed %s (%s); it is parked, the others go on", work.task.number, often, why)
        if self._keeps is not None:
            self._keeps.park(work.task, why, work.tries)
        parked |= {point.number: why for point in work.task.points}
        self.left.discard(work.task.number)
