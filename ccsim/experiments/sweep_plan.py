"""From factors to points, and from points to what is simulated: points that differ in prices alone are simulated
once."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ccsim.centre.foresee import START_SECONDS, foresee
from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.asked import SweepAsked
from ccsim.experiments.compare_alternatives import drain_reasons, reasons
from ccsim.experiments.model_digest import digest_of_model
from ccsim.experiments.no_replications import faults_by_time
from ccsim.experiments.prepared import Prepared, Source, TooMuch, prepare_source, source_of
from ccsim.experiments.progress import LINE_EVERY
from ccsim.experiments.simulated_before import SimulatedBefore
from ccsim.experiments.sweep_factors import Values
from ccsim.experiments.sweep_faults import FaultsOfPoints
from ccsim.experiments.sweep_people import LOOK_REPLICATIONS, StaffSearch, check_staff, search_for
from ccsim.experiments.until_rule import check_until
from ccsim.language.goals import Goal
from ccsim.language.scenario import Scenario
from ccsim.language.studies import KEEP_GOALS, KEEP_OCCUPANCY, not_varied
from ccsim.metrics.decide import Until
from ccsim.metrics.estimates import LEVEL
from ccsim.model import compile_model
from ccsim.results.measured import Measured
from ccsim.results.provenance import machine, sha256_of_value, versions
from ccsim.scenario.followed_work import FollowedWork, Row, pools_in
from ccsim.scenario.load import Opened, split_variants
from ccsim.workers import default_workers

log: Final = logging.getLogger("ccsim.sweep")
MOST_POINTS: Final = 100_000
KEPT_BYTES: Final = 500_000_000
"""Compiled scenarios beyond this are compiled again when they are simulated."""
LONGEST_SECONDS: Final = 7 * 86_400.0
"""A sweep that is foreseen to take longer is refused unless it is asked for anyway."""


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario of a sweep."""

    number: int
    """0: the first scenario as written."""
    name: str
    """The scenario with its variants."""
    values: Values
    """What is varied, nothing for a scenario as written."""
    measured: Measured
    """Counted time and prices."""
    sha256: str
    """Digest of the whole scenario."""
    people: tuple[Row, ...] = ()
    """How its people follow the work, by pool."""


@dataclass(frozen=True, slots=True)
class Task:
    """Points that are simulated at once, as they differ in prices at most."""

    points: tuple[Point, ...]
    prepared: Prepared
    compiled: bool
    """Whether its model is there, or to be compiled again."""
    seconds: float
    """Seconds that it is foreseen to take on one thread, once ccsim has started."""
    search: StaffSearch | None = None
    """How its people are found before it is simulated; None where they are known."""
    least: int = 0
    """Replications that it simulates at least, where a rule says how many."""
    digest: str = ""
    """Of everything that it runs by; nothing where its people are still to be found."""

    @property
    def number(self) -> int:
        """Number of its first point."""
        return self.points[0].number

    def ready(self) -> Prepared:
        """What is simulated, compiled."""
        return self.prepared if self.compiled else replace(self.prepared, model=compile_model(self.prepared.scenario))


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """Everything that a sweep simulates and tells."""

    name: str
    points: tuple[Point, ...]
    tasks: tuple[Task, ...]
    goals: tuple[Goal, ...]
    """Goals of the first scenario as written, by which all points are judged."""
    seed: int
    replications: int
    """Of every point; with `until` the most."""
    workers: int
    kpis: tuple[str, ...]
    scopes: tuple[str, ...]
    files: Mapping[str, str]
    """SHA-256 of the files that were read, by name."""
    question: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    """More that is told of it, for its provenance."""
    staff: str = ""
    """How people follow the work; nothing: they do not."""
    until: Until | None = None
    """What each point is simulated until; None: all have the same replications."""
    level: float = LEVEL
    """Confidence of the interval of each goal."""
    before: SimulatedBefore | None = None
    """Replications that other plans of the same search simulated; None: it is alone."""

    @property
    def searches(self) -> list[StaffSearch]:
        """Searches for people that are made before points are simulated."""
        return [one.search for one in self.tasks if one.search is not None]

    @property
    def replications_in_all(self) -> int:
        """Replications of all tasks together; with `until` the most."""
        return self.replications * len(self.tasks)

    @property
    def least_replications(self) -> int:
        """Replications that every point has at least."""
        return self.replications if self.until is None else min(self.until.first, self.replications)

    @property
    def seconds(self) -> float:
        """Seconds that the whole is foreseen to take; with `until` at most."""
        return START_SECONDS + sum(task.seconds for task in self.tasks) / min(
            self.workers, max(self.replications_in_all, 1)
        )

    def asked(self) -> dict[str, str]:
        """What it asks, by the names that a user knows: a store holds the results of one such question."""
        goals = [[str(getattr(goal, name)) for name in sorted(type(goal).model_fields)] for goal in self.goals]
        return {
            "points": sha256_of_value([[one.name, [list(pair) for pair in one.values]] for one in self.points]),
            "scenarios": sha256_of_value([one.sha256 for one in self.points]),
            "seed": str(self.seed),
            "replications": str(self.replications),
            **({} if self.until is None else {"until": f"{self.until}, first look at {self.until.first}"}),
            "staff": self.staff or "as written",
            "goals": sha256_of_value(goals),
            "KPIs": sha256_of_value([list(self.kpis), list(self.scopes)]),
            "versions": sha256_of_value(versions()),
            "processor": str(machine()["processor"]),
        }


def plan_sweep(asked: SweepAsked) -> SweepPlan:
    """Read, check and compile every point, and simulate nothing. `CcsimError` with every fault of all points, each
    once."""
    check_staff(asked.staff)
    _check_factors(asked)
    points = _Points(asked)
    for number, scenario in enumerate(asked.scenarios):
        points.read(scenario, asked.combinations() if number >= asked.written_only else ())
    points.faults.raise_if_any()
    for warning in points.tasks.warnings:
        log.warning("%s", warning)
    assert points.first is not None
    first = points.first.plan
    plan = SweepPlan(
        name=first.name,
        points=tuple(points.tasks.points),
        tasks=tuple(points.tasks.tasks()),
        goals=tuple(first.goals),
        seed=first.seed,
        replications=first.replications,
        workers=default_workers() if asked.effort.workers is None else asked.effort.workers,
        kpis=tuple(asked.kpis),
        scopes=tuple(asked.scopes),
        files=points.files,
        question=asked.question,
        about=asked.about,
        staff=asked.staff,
        until=asked.until,
    )
    if asked.until is not None:
        check_until(asked.until, plan.goals, [one.measured for one in plan.points])
    if plan.seconds > LONGEST_SECONDS and not asked.effort.anyway:
        raise TooMuch(
            f"the sweep would take {plan.seconds / 86_400:,.0f} days ({len(plan.tasks):,} scenarios of "
            f"{plan.replications:,} replications on {plan.workers} workers); fewer values or replications would do; "
            "--anyway simulates it all the same"
        )
    return plan


def _check_factors(asked: SweepAsked) -> None:
    faults = [one.fault(f"cannot be varied: {why}") for one in asked.factors if (why := not_varied(one.key))]
    if (many := len(asked.scenarios) * (1 + asked.count())) > MOST_POINTS:
        faults.append(Fault(f"has {many:,} points; at most {MOST_POINTS:,} are simulated", file="sweep"))
    if faults:
        raise ScenarioError(faults)


class _Points:
    """Reads, checks and compiles points one after the other."""

    def __init__(self, asked: SweepAsked) -> None:
        self.asked = asked
        self.tasks = _Tasks()
        self.faults = FaultsOfPoints(asked.factors)
        self.files: dict[str, str] = {}
        """SHA-256 of the files that were read, by name."""
        self.first: Prepared | None = None
        """The first scenario as written, which all are compared with."""
        self._keys = [one.key for one in asked.factors]
        self._many = len(asked.scenarios) * (1 + asked.count())
        self._said_at = time.monotonic()

    def read(self, scenario: str, combinations: Iterable[Values]) -> None:
        """A scenario as written, and its points. `CcsimError` for the scenario as written; `faults` has those of
        points."""
        file, named = split_variants(scenario)
        opened, variants = Opened(file), [*named, *self.asked.changes.variants]
        followed: FollowedWork | None = None
        for values in ((), *combinations):
            self._say()
            settings = [*self.asked.changes.settings, *(f"{key}={value}" for key, value in values)]
            people: tuple[Row, ...] = ()
            try:
                loaded = opened.loaded(variants, settings)
                keys = [key for key, _ in values]
                alone = self.asked.points is not None and pools_in(keys)  # an input that is people moves nobody else
                if followed is not None and not alone:
                    more, people = followed.people(loaded.scenario, keys)
                    settings = [*settings, *more]
                    loaded = opened.loaded(variants, settings) if more else loaded
                elif followed is None and self.asked.staff == KEEP_OCCUPANCY:
                    followed = FollowedWork(_suited(self.asked, loaded.scenario))
                ready = self._ready(source_of(loaded, file, variants, settings), values)
                search = self._search(ready, file, variants, settings) if values else None
            except CcsimError as error:
                if not values:
                    raise
                self.faults.add(values, error)
                continue
            self.files |= {use.name: use.sha256 for use in loaded.files}
            if not self.faults.found:
                self.tasks.add(ready, values, "+".join([ready.scenario.scenario, *variants]), people, search)

    def _ready(self, source: Source, values: Values) -> Prepared:
        """A point as it is simulated; why it cannot be compared is among the faults."""
        effort, until = self.asked.effort, self.asked.until
        ready = prepare_source(
            source,
            replications=effort.replications if until is None else until.most_replications,
            seed=effort.seed,
            workers=effort.workers,
            anyway=effort.anyway,
        )
        self.first = ready if self.first is None else self.first
        ready = ready.drawn_as(self.first.plan.seed, self.first.plan.replications)
        self.faults.add_texts(values, _not_comparable(self.first, ready))
        return ready

    def _search(
        self, ready: Prepared, file: str, variants: Sequence[str], settings: Sequence[str]
    ) -> StaffSearch | None:
        """How the people of a point are to be found, where they are."""
        if self.asked.staff != KEEP_GOALS:
            return None
        at, anyway = ":".join([os.path.abspath(file), *variants]), self.asked.effort.anyway  # noqa: PTH100 - as text
        return search_for(ready.scenario, at, settings, self._keys, seed=ready.plan.seed, anyway=anyway)

    def _say(self) -> None:
        """Say now and then how many points are read."""
        now = time.monotonic()
        if now - self._said_at >= LINE_EVERY:
            self._said_at = now
            log.info("%d of %d points are read and compiled", len(self.tasks.points), self._many)


def _suited(asked: SweepAsked, written: Scenario) -> Scenario:
    """The scenario whose people suit its work."""
    if not asked.staff_of:
        return written
    file, named = split_variants(asked.staff_of)
    return Opened(file).loaded(named, asked.changes.settings).scenario


def _not_comparable(first: Prepared, one: Prepared) -> list[str]:
    """Why a point cannot be compared with the scenario as written."""
    if one is first:
        return faults_by_time(one.plan, one.model)
    judged = replace(one.plan, goals=first.plan.goals)
    return [
        *reasons(first.plan.measured, one.plan.measured),
        *drain_reasons(first.plan.scenario, one.plan.scenario),
        *faults_by_time(judged, one.model),
    ]


class _Tasks:
    """Points by what they simulate."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.warnings: dict[str, None] = {}
        self._of: dict[str, list[Point]] = {}
        self._ready: dict[str, tuple[Prepared, bool, StaffSearch | None, float]] = {}
        self._kept = 0

    def add(
        self, ready: Prepared, values: Values, name: str, people: tuple[Row, ...], search: StaffSearch | None
    ) -> None:
        number = len(self.points)
        sha256 = sha256_of_value(ready.plan.scenario or {})
        point = Point(number, name, values, ready.plan.measured, sha256, people)
        self.points.append(point)
        if search is None:  # else it is not simulated with these people
            self.warnings |= {str(one): None for one in ready.plan.remarks if one.kind == "warning"}
        found, size = digest_of_model(ready.model)
        found = found if search is None else f"{sha256} {search.pools}"  # the cheapest people depend on prices, too
        if ready.uncertainty is not None:  # what is drawn differs with all that it is drawn from
            found += sha256
        self._of.setdefault(found, []).append(point)
        if found not in self._ready:
            keeps = self._kept + size <= KEPT_BYTES
            self._kept += size if keeps else 0
            lean = replace(ready, plan=replace(ready.plan, remarks=(), scenario=None))
            seconds = seconds_of(ready, ready.plan.replications)
            if search is not None:
                seconds += seconds_of(ready, search.looks() * LOOK_REPLICATIONS)
            kept: Any = lean if keeps else replace(lean, model=None)  # type: ignore[arg-type]
            self._ready[found] = (kept, keeps, search, seconds)

    def tasks(self) -> Iterator[Task]:
        for found, points in self._of.items():
            ready, compiled, search, seconds = self._ready[found]
            yield Task(tuple(points), ready, compiled, seconds, search, digest="" if search is not None else found)


def seconds_of(ready: Prepared, replications: int) -> float:
    """Seconds that replications are foreseen to take on one thread, once ccsim has started."""
    return foresee(ready.scenario, replications=replications, workers=1).seconds - START_SECONDS


@contextmanager
def hushed() -> Iterator[None]:
    """What each plan of a search has to say is said once, of the first."""
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
