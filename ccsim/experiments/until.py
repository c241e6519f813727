"""Simulates pairs of replications until a rule is satisfied: look, and go on where that is not enough."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.experiments.compare_alternatives import Contestant
from ccsim.experiments.kept import Kept
from ccsim.experiments.progress import Progress, Quiet
from ccsim.experiments.replicate import Simulated as SimulatedOnce
from ccsim.experiments.replicate import Stop, replicate
from ccsim.experiments.runs import run_of
from ccsim.experiments.until_text import caps_line, choice_line, progress_line
from ccsim.metrics.decide import GROWTH, GROWTH_OF_BEST, Race, Until, confidence_at, looks, waits_for
from ccsim.metrics.paired import Confidence
from ccsim.metrics.paired_influence import Simulated
from ccsim.results.comparison_store import ComparisonFolder
from ccsim.results.run import Run
from ccsim.results.store import RunFolder
from ccsim.results.tables import Assembler
from ccsim.workers import default_workers

log: Final = logging.getLogger("ccsim.compare")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a comparison with a stopping rule ended."""

    runs: dict[str, Run]
    """By alternative, stored where there is a folder; all with the same replications, but of `best` those that were out
    have fewer."""
    confidence: Confidence
    """Confidence of the last look."""
    looks: list[int]
    """Replications at each look."""
    reached: bool
    why: str
    """Why it ended, in a few words."""


@dataclass(frozen=True, slots=True)
class Together:
    """One replication of every contestant."""

    each: tuple[SimulatedOnce, ...]

    @property
    def tables(self) -> Mapping[str, NDArray[np.int64]]:
        """Those of the base, for the progress."""
        return self.each[0].tables


class Contender:
    """A contestant and what it has simulated so far."""

    def __init__(self, one: Contestant, folder: RunFolder | None) -> None:
        self.one, self.folder = one, folder
        thresholds = one.model.thresholds
        sinks = None if folder is None else folder.sinks(thresholds, visits=one.plan.visits)
        self.whole = Assembler(
            one.model.names, one.model.workforce_plan, thresholds, visits=one.plan.visits, sinks=sinks
        )
        self._kept = Kept(one.plan, one.model)

    def take(self, simulated: SimulatedOnce) -> None:
        """Take the next replication."""
        self.whole.add(simulated)
        self._kept.take(simulated)

    def so_far(self) -> Simulated:
        """What a look sees."""
        return self._kept.so_far()

    def finish(self, workers: int, elapsed: float) -> Run:
        """The run, stored where there is a folder."""
        plan = replace(self.one.plan, replications=self.whole.replications)
        return run_of(plan, self.whole, self.folder, workers=workers, elapsed_seconds=elapsed)


class Clock:
    """Progress that asks for a stop once the time is over, and at least 2 replications are finished."""

    def __init__(self, progress: Progress | None, stop: Stop, most_seconds: float) -> None:
        self._told = Quiet() if progress is None else progress
        self._stop, self._end, self._done = stop, time.monotonic() + most_seconds, 0

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._end

    def start(self, replications: int) -> None:
        self._told.start(replications)

    def advance(self, replications: int, visits: int) -> None:
        self._told.advance(replications, visits)
        self._done += replications
        if self.over and self._done >= 2:
            self._stop.ask()

    def stop(self) -> None:
        self._told.stop()


def simulate_until(
    contestants: Sequence[Contestant],
    until: Until,
    place: ComparisonFolder | None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Ended:
    """Simulate every contestant, replication by replication, until the rule is satisfied or a cap is reached.

    Ctrl-C ends it with the pairs that are finished, and one last look at them; KeyboardInterrupt where there are
    fewer than 2. The result depends on neither the number of workers nor, short of `most_seconds`, their speed.
    """
    began = time.monotonic()
    workers = default_workers() if workers is None else workers
    stop = Stop() if stop is None else stop
    clock = Clock(progress, stop, until.most_seconds)
    log.info("%s", caps_line(until, len(contestants)))
    with ExitStack() as stack:
        folders = [
            None if place is None else stack.enter_context(RunFolder(place.of(one.folder), force=True))
            for one in contestants
        ]
        simulating = [Contender(one, folder) for one, folder in zip(contestants, folders, strict=True)]
        race = Race(until) if until.what == "best" else None
        seen, done, confidence = _rounds(simulating, until, race, workers, clock, stop)
        why = _why(until, done, seen[-1], clock)
        if done and race is not None and race.found is not None:
            most = max(one.whole.replications for one in simulating) * len(simulating)
            simulated = sum(one.whole.replications for one in simulating)
            why = choice_line(
                until,
                race.found,
                [one.one.plan.name for one in simulating],
                simulating[0].one.plan.measured,
                simulated,
                most,
            )
        spent = time.monotonic() - began
        runs = {one.one.plan.name: one.finish(workers, spent) for one in simulating}
    return Ended(runs, confidence, seen, done, why)


def _rounds(
    simulating: Sequence[Contender], until: Until, race: Race | None, workers: int, clock: Clock, stop: Stop
) -> tuple[list[int], bool, Confidence]:
    """Simulate and look; the looks that were made, whether the rule was satisfied, the confidence of the last look."""
    goals = simulating[0].one.plan.goals
    pairs = (len(simulating) - 1) * len(goals)
    seen: list[int] = []
    still = list(simulating)
    growth = GROWTH if race is None else GROWTH_OF_BEST
    for number, wanted in enumerate(looks(until.most_replications, until.first, growth), 1):
        have = still[0].whole.replications
        replicate(_from(still, have), wanted - have, _to(still), workers=workers, progress=clock, stop=stop)
        now = still[0].whole.replications
        if now < 2:
            raise KeyboardInterrupt("stopped before 2 replications of every alternative were finished")
        seen.append(now)
        confidence = confidence_at(number, pairs, until.error)
        simulated = {one.one.plan.name: one.so_far() for one in simulating}
        waiting = waits_for(until, goals, simulated, number) if race is None else race.waits_for(simulated)
        if not waiting:
            return seen, True, confidence
        if race is not None and race.found is not None:
            still = [simulating[place] for place in race.found.still_in]
        log.info("%s", progress_line(waiting, goals, simulating[0].one.plan.measured, now, until.most_replications))
        if stop.asked:
            break
    return seen, False, confidence


def _from(simulating: Sequence[Contender], first: int) -> Any:
    def simulate(number: int) -> Together:
        return Together(tuple(one.one.simulate(first + number) for one in simulating))

    return simulate


def _to(simulating: Sequence[Contender]) -> Any:
    def take(simulated: SimulatedOnce) -> None:
        assert isinstance(simulated, Together)
        for one, tables in zip(simulating, simulated.each, strict=True):
            one.take(tables)

    return take


def _why(until: Until, done: bool, replications: int, clock: Clock) -> str:
    if done:
        return (
            "which alternatives meet all goals, and which is the cheapest of those, is decided"
            if until.what == "decided"
            else "every goal is precise enough"
        )
    if replications >= until.most_replications:
        return f"the limit of {until.most_replications:,} replications was reached"
    return "the time limit was reached" if clock.over else "it was stopped"
