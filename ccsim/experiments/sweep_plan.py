"""From factors to points, and from points to what is simulated: points that differ in prices alone are simulated
once."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final

from ccsim.centre.foresee import START_SECONDS, foresee
from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.compare_alternatives import drain_reasons, reasons
from ccsim.experiments.model_digest import digest_of_model
from ccsim.experiments.no_replications import faults_by_time
from ccsim.experiments.prepared import Prepared, TooMuch, prepare_source, source_of
from ccsim.experiments.progress import LINE_EVERY
from ccsim.experiments.simulated_before import SimulatedBefore
from ccsim.experiments.sweep_factors import Values, Varied
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
from ccsim.scenario.followed_work import FollowedWork, Row
from ccsim.scenario.load import Loaded, Opened, split_variants
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

    @property
    def searches(self) -> list[StaffSearch]:
        """Searches for people that are made before points are simulated."""
        return [one.search for one in self.tasks if one.search is not None]

    level: float = LEVEL
    """Confidence of the interval of each goal."""
    before: SimulatedBefore | None = None
    """Replications that other plans of the same search simulated; None: it is alone."""

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


@dataclass(frozen=True, slots=True)
class SweepAsked:
    """What is to be swept, before anything is read."""

    scenarios: Sequence[str]
    """Files, `FILE:VARIANT`; the first is what all are compared with."""
    factors: Sequence[Varied]
    rows: Sequence[Sequence[str]] | None = None
    """Values of all factors point by point, for a sampled design; None: every combination."""
    variants: Sequence[str] = ()
    settings: Sequence[str] = ()
    replications: int | None = None
    seed: int | None = None
    workers: int | None = None
    kpis: Sequence[str] = ()
    scopes: Sequence[str] = ()
    question: str = ""
    anyway: bool = False
    points: Sequence[Values] | None = None
    """The points themselves, each with keys of its own; the factors then say where keys come from."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """As in `SweepPlan`."""
    staff: str = ""
    """`keep occupancy`, `keep goals`, or nothing."""
    until: Until | None = None
    """What each point is simulated until; `replications` then says nothing."""
    written_only: int = 0
    """So many of the first scenarios are simulated as written, without the values."""
    staff_of: str = ""
    """File of the scenario whose occupancy is kept; nothing: that of each as written."""

    def combinations(self) -> Iterator[Values]:
        """The values of every point but the scenario as written."""
        if self.points is not None:
            yield from self.points
            return
        keys = [one.key for one in self.factors]
        rows = product(*(one.values for one in self.factors)) if self.rows is None else self.rows
        yield from (tuple(zip(keys, row, strict=True)) for row in rows) if keys else ()

    def count(self) -> int:
        """Points of each scenario, without the scenario as written."""
        if self.points is not None or self.rows is not None:
            return len(self.points or self.rows or ())
        counted = 1 if self.factors else 0
        for one in self.factors:
            counted *= len(one.values)
        return counted


def _followed(asked: SweepAsked, written: Scenario) -> Scenario:
    """The scenario whose people suit its work."""
    if not asked.staff_of:
        return written
    file, named = split_variants(asked.staff_of)
    return Opened(file).loaded(named, asked.settings).scenario


def plan_sweep(asked: SweepAsked) -> SweepPlan:
    """Read, check and compile every point, and simulate nothing. `CcsimError` with every fault of all points, each
    once."""
    check_staff(asked.staff)
    _check_factors(asked)
    workers = default_workers() if asked.workers is None else asked.workers
    collected = FaultsOfPoints(asked.factors)
    made = _Tasks()
    said_last, many = time.monotonic(), len(asked.scenarios) * (1 + asked.count())
    plan: dict[str, Any] = {}
    files: dict[str, str] = {}
    for number, scenario in enumerate(asked.scenarios):
        file, named = split_variants(scenario)
        opened = Opened(file)
        keys = [one.key for one in asked.factors]
        followed: FollowedWork | None = None
        for values in ((), *(asked.combinations() if number >= asked.written_only else ())):
            said_last = _say(said_last, made, many)
            said = [*asked.settings, *(f"{key}={value}" for key, value in values)]
            variants = [*named, *asked.variants]
            try:
                loaded, search = opened.loaded(variants, said), None
                people: tuple[Row, ...] = ()
                if asked.staff == KEEP_OCCUPANCY and followed is None:
                    followed = FollowedWork(_followed(asked, loaded.scenario), keys)
                elif asked.staff == KEEP_OCCUPANCY and followed is not None:
                    more, people = followed.people(loaded.scenario)
                    said = [*said, *more]
                    loaded = opened.loaded(variants, said) if more else loaded
                ready = _prepared(loaded, file, variants, said, asked)
                first = plan.setdefault("first", ready)
                ready = ready.drawn_as(first.plan.seed, first.plan.replications)
                collected.add_texts(values, _not_comparable(first, ready))
                if asked.staff == KEEP_GOALS and values:
                    at, seed = ":".join([os.path.abspath(file), *variants]), ready.plan.seed  # noqa: PTH100 - as text
                    search = search_for(ready.scenario, at, said, keys, seed=seed, anyway=asked.anyway)
            except CcsimError as error:
                if not values:
                    raise
                collected.add(values, error)
                continue
            files |= {use.name: use.sha256 for use in loaded.files}
            if not collected.found:
                made.add(ready, values, "+".join([ready.scenario.scenario, *variants]), people, search)
    collected.raise_if_any()
    for warning in made.warnings:
        log.warning("%s", warning)
    first = plan["first"]
    swept = SweepPlan(
        name=first.plan.name,
        points=tuple(made.points),
        tasks=tuple(made.tasks()),
        goals=tuple(first.plan.goals),
        seed=first.plan.seed,
        replications=first.plan.replications,
        workers=workers,
        kpis=tuple(asked.kpis),
        scopes=tuple(asked.scopes),
        files=files,
        question=asked.question,
        about=asked.about,
        staff=asked.staff,
        until=asked.until,
    )
    if asked.until is not None:
        check_until(asked.until, swept.goals, [one.measured for one in swept.points])
    if swept.seconds > LONGEST_SECONDS and not asked.anyway:
        raise TooMuch(
            f"the sweep would take {swept.seconds / 86_400:,.0f} days ({len(swept.tasks):,} scenarios of "
            f"{swept.replications:,} replications on {workers} workers); fewer values or replications would do; "
            "--anyway simulates it all the same"
        )
    return swept


def _say(last: float, made: _Tasks, many: int) -> float:
    """Say now and then how many points are read; when it was said last."""
    now = time.monotonic()
    if now - last < LINE_EVERY:
        return last
    log.info("%d of %d points are read and compiled", len(made.points), many)
    return now


def _check_factors(asked: SweepAsked) -> None:
    faults = [one.fault(f"cannot be varied: {why}") for one in asked.factors if (why := not_varied(one.key))]
    if (many := len(asked.scenarios) * (1 + asked.count())) > MOST_POINTS:
        faults.append(Fault(f"has {many:,} points; at most {MOST_POINTS:,} are simulated", file="sweep"))
    if faults:
        raise ScenarioError(faults)


def _prepared(loaded: Loaded, file: str, variants: Sequence[str], said: Sequence[str], asked: SweepAsked) -> Prepared:
    return prepare_source(
        source_of(loaded, file, variants, said),
        replications=asked.replications if asked.until is None else asked.until.most_replications,
        seed=asked.seed,
        workers=asked.workers,
        anyway=asked.anyway,
    )


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
