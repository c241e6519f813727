"""Searches the best of a few decisions: points of a grid, tried on common random numbers, certified with fresh ones."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Final

from ccsim.centre.foresee import START_SECONDS
from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.asked import Changes, Effort, SweepAsked
from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.experiments.optimise_asked import (
    Bound,
    Decision,
    Objective,
    bounds_of,
    cells_in,
    decisions_of,
    objectives_of,
)
from ccsim.experiments.optimise_front import MOST_CERTIFIED, TriedPlan, candidates
from ccsim.experiments.optimise_said import answer_of
from ccsim.experiments.optimise_sampler import BATCH, Every, Samples, sampler_for
from ccsim.experiments.optimise_trials import TriedPlans
from ccsim.experiments.progress import Progress, Quiet
from ccsim.experiments.replicate import Stop
from ccsim.experiments.simulated_before import simulated_before
from ccsim.experiments.sweep import Stored, UnfinishedSweep
from ccsim.experiments.sweep_plan import SweepPlan, hushed, plan_sweep
from ccsim.interrupts import first_asks
from ccsim.language.scenario import Scenario
from ccsim.metrics.estimates import LEVEL
from ccsim.results.provenance import sha256_of_value
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import SweepFolder
from ccsim.scenario.load import Opened, split_variants

log: Final = logging.getLogger("ccsim.optimise")
TRIALS: Final = 60
FRESH: Final = 2
"""A certificate has so many times the replications of a trial."""


@dataclass(frozen=True, slots=True)
class OptimiseAsked:
    """What is to be searched, before anything is read."""

    scenario: str
    """File, `FILE:VARIANT`."""
    vary: Sequence[str]
    """Keys and their values, as `ccsim optimise --vary` takes them."""
    minimise: Sequence[str] = ()
    maximise: Sequence[str] = ()
    """KPIs."""
    subject_to: Sequence[str] = ()
    """Constraints, `abandonment <= 5%`."""
    goals: bool = True
    """Whether the goals of the scenario are constraints, too."""
    trials: int = TRIALS
    """Plans to try, >= 2."""
    changes: Changes = field(default_factory=Changes)
    effort: Effort = field(default_factory=Effort)


@dataclass(frozen=True, slots=True)
class DecisionSearch:
    """A search that was checked, and can be run."""

    scenario: Scenario
    """As written, the constraints among its goals."""
    asked: SweepAsked
    """The sweep whose points are the plans that are tried."""
    decisions: tuple[Decision, ...]
    objectives: tuple[Objective, ...]
    trials: int
    base: SweepPlan
    """The scenario as written alone."""
    priced: tuple[str, ...] = ()
    """Keys of decisions that change prices only, with all else as written."""

    @property
    def plans(self) -> int:
        """Plans that are tried: all of a grid that is smaller than the trials."""
        return min(self.trials, cells_in(self.decisions))

    @property
    def certified(self) -> int:
        """Plans that are simulated again at most."""
        return min(MOST_CERTIFIED, self.plans)

    @property
    def simulated(self) -> int:
        """Plans that differ in more than prices, at most: the others of them are priced."""
        return min(self.plans, cells_in([one for one in self.decisions if one.key not in self.priced]))

    @property
    def replications_in_all(self) -> int:
        """Replications at most, those of the scenario as written and of the certificate among them."""
        certified = min(self.certified, self.simulated)
        return self.base.replications * (1 + self.simulated + FRESH * (1 + certified))

    @property
    def seconds(self) -> float:
        """Seconds that it is foreseen to take at most, each plan as long as the scenario as written."""
        base = self.base
        one = sum(task.seconds for task in base.tasks) / base.replications
        return START_SECONDS + one * self.replications_in_all / min(base.workers, self.replications_in_all)

    def question(self) -> dict[str, str]:
        """What it asks, by the names that a user knows."""
        asked = {name: value for name, value in self.base.asked().items() if name != "points"}
        asked["decisions"] = sha256_of_value([[one.key, list(one.values), one.ordered] for one in self.decisions])
        asked["objectives"] = ", ".join(f"{one.sense} {one.kpi}" for one in self.objectives)
        asked["trials"] = str(self.trials)
        if cells_in(self.decisions) > self.trials:
            asked["Optuna"] = version("optuna")
        return asked


def plan_search(asked: OptimiseAsked) -> DecisionSearch:
    """Read and check everything that is asked. `CcsimError` with every fault of the decisions at either end of their
    range, the objectives, the constraints and the scenario, each once.
    """
    decisions, faults = decisions_of(asked.vary)
    objectives, more = objectives_of(asked.minimise, asked.maximise)
    bounds, wrong = bounds_of(asked.subject_to)
    faults = [*faults, *more, *wrong]
    if not asked.vary:
        faults.append(Fault("say what may be chosen, like --vary pools.desk.staffing=8..12", file="--vary"))
    if asked.trials < 2:
        faults.append(Fault(f"expected at least 2 plans, got {asked.trials}", file="--trials"))
    file, named = split_variants(asked.scenario)
    every, settings = [*named, *asked.changes.variants], asked.changes.settings
    opened = Opened(file)
    said = list(settings) if asked.goals else [*settings, "goals=[]"]
    read = opened.loaded(every, said).scenario  # what is wrong as it stands is told by itself
    said += [f"goals.{number}={one.setting}" for number, one in enumerate(bounds, len(read.goals))]
    whole = read
    try:
        whole = opened.loaded(every, said).scenario
    except ScenarioError as error:
        faults += _of_bounds(error, bounds, len(read.goals))
    faults += _at_ends(decisions, lambda pairs: opened.loaded(every, [*settings, *pairs]))
    if faults:
        raise ScenarioError(faults)
    sweep = SweepAsked(
        [asked.scenario],
        [one.varied for one in decisions],
        rows=(),
        changes=replace(asked.changes, settings=said),
        effort=asked.effort,
        kpis=[one.kpi for one in objectives],
    )
    priced = tuple(one.key for one in decisions if _is_priced(sweep, one))
    return DecisionSearch(whole, sweep, tuple(decisions), tuple(objectives), asked.trials, plan_sweep(sweep), priced)


def _is_priced(asked: SweepAsked, decision: Decision) -> bool:
    """Whether values of a decision, all else as written, are simulated as one."""
    values = (decision.values[0], decision.values[-1]) if decision.ordered else decision.values
    try:
        with hushed():
            plan = plan_sweep(replace(asked, points=[((decision.key, value),) for value in values]))
    except CcsimError:  # a plan that cannot be is told when it is tried
        return False
    return any(sum(one.number > 0 for one in task.points) > 1 for task in plan.tasks)


def _of_bounds(error: ScenarioError, bounds: Sequence[Bound], first: int) -> list[Fault]:
    """Faults of constraints, at what was said."""
    found = []
    for fault in error.faults:
        number = next((n for n in range(len(bounds)) if fault.key.startswith(f"goals.{first + n}")), None)
        place = "--subject-to" if number is None else f"--subject-to '{bounds[number].text}'"
        found.append(replace(fault, file=place, key="", line=0, column=0))
    return found


def _at_ends(decisions: Sequence[Decision], load: Callable[[list[str]], Any]) -> list[Fault]:
    """Faults of the values of each decision, with all else as written: both ends of a range, every value of a list."""
    faults: dict[Fault, None] = {}
    for one in decisions:
        for value in (one.values[0], one.values[-1]) if one.ordered else one.values:
            try:
                load([f"{one.key}={value}"])
            except ScenarioError as error:
                told = [replace(fault, file=f"--vary {one.key}={value}") for fault in error.faults]
                known = {fault.message for fault in faults if fault.key == one.key}
                faults |= {fault: None for fault in told if fault.message not in known}
    return list(faults)


def optimised(
    search: DecisionSearch,
    *,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    stop: Stop | None = None,
    command: Sequence[str] | None = None,
    simulate: Callable[..., Any] | None = None,
) -> Sweep:
    """Run a search, kept in the folder `out` where it is given.

    The answer is a sweep: its points are the scenario as written and the plans that were certified, with the numbers of
    fresh replications; `provenance["search"]` says what was asked, tried and found (`ccsim.experiments.optimise_said`).

    `UnfinishedSweep` if it was stopped. `OutputError` if `out` holds something else.
    """
    sampler = sampler_for(search.decisions, search.objectives, search.trials, search.base.seed)
    stop = stop or Stop()
    with ExitStack() as entered:
        folder = None if out is None else entered.enter_context(SweepFolder(out, resume=resume))
        if folder is not None:
            folder.begin(search.question())
        before = None
        if search.priced:
            before = entered.enter_context(simulated_before(None if folder is None else folder.place))
        trials = TriedPlans(
            search.asked,
            search.decisions,
            keeps=None if folder is None else Stored(folder),
            progress=progress or Quiet(),
            stop=stop,
            simulate=simulate,
            before=before,
        )
        made = _Run(search, sampler, trials, stop, stored=folder is not None).whole(command)
        return made if folder is None else folder.store(made)


def optimise(
    scenario: str | os.PathLike[str],
    vary: Sequence[str],
    *,
    minimise: Sequence[str] = (),
    maximise: Sequence[str] = (),
    subject_to: Sequence[str] = (),
    goals: bool = True,
    trials: int = TRIALS,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    allow_outside: bool = False,
    anyway: bool = False,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Sweep:
    """Search the best values of a few decisions and certify them with fresh replications.

    Parameters
    ----------
    scenario
        File of the scenario (`FILE:VARIANT`).
    vary
        Keys that may be chosen, and their values: `KEY=A..B`, `KEY=A..B:N` or `KEY=V1,V2`.
    minimise, maximise
        KPIs that are to be low, or high.
    subject_to
        Constraints: `abandonment <= 5%`.
    goals
        Whether the goals of the scenario are constraints, too.
    trials
        Plans to try, >= 2; a smaller grid is tried whole.
    replications, seed, workers, out, resume, variants, settings, allow_outside, anyway
        As in `sweep`.

    Raises
    ------
    CcsimError
        Every fault of what is asked, or a package that is not there.
    """
    from ccsim.text.within import files_from_outside

    changes, effort = Changes(variants, settings), Effort(replications, seed, workers, anyway)
    asked = OptimiseAsked(os.fspath(scenario), vary, minimise, maximise, subject_to, goals, trials, changes, effort)
    with files_from_outside(allow_outside):
        search = plan_search(asked)
    return optimised(search, out=out, resume=resume, progress=progress, command=command)


class _Run:
    """One search, from the scenario as written to the certificate."""

    def __init__(
        self, search: DecisionSearch, sampler: Samples, trials: TriedPlans, stop: Stop, *, stored: bool
    ) -> None:
        self.search, self.sampler, self.trials, self.stop, self.stored = search, sampler, trials, stop, stored

    def whole(self, command: Sequence[str] | None) -> Sweep:
        try:
            with first_asks(self.stop.ask):
                return self._whole(command)
        except UnfinishedSweep:
            what = f"{len(self.trials.made)} of {self.search.trials} trials are done"
            kept = "; what is simulated is kept, and the same command with --resume goes on"
            raise UnfinishedSweep(f"stopped: {what}{kept if self.stored else '; nothing is kept'}") from None

    def _whole(self, command: Sequence[str] | None) -> Sweep:
        search, trials = self.search, self.trials
        first = trials.simulate_as_written(search.base)
        if first.part is None:
            raise CcsimError(f"the scenario as written cannot be simulated: {first.why}")
        many = search.plans
        while len(trials.made) < many:
            if self.stop.asked:
                raise UnfinishedSweep
            cells = self.sampler.ask(min(BATCH, many - len(trials.made)))
            for one in trials.simulate(cells):
                self.sampler.tell(one.cell, one.losses(search.objectives), one.excess())
            log.info("%d of %d trials, %d of them meet the constraints by their means", len(trials.made), many,
                     sum(one.meets for one in trials.made))  # fmt: skip
        chosen, more = candidates(trials.made, search.objectives)
        log.info("certificate: %d plans on fresh replications", len(chosen))
        plan = self._certificate(chosen)
        made, parts = trials.certify(plan)
        told = answer_of(search, trials.made, chosen, parts, more) | {
            "sampler": self.sampler.name,
            "batch": 0 if isinstance(self.sampler, Every) else BATCH,
            "seed": search.base.seed,
        }
        about = {**made.provenance, "search": told}
        return replace(made, provenance=about | ({} if command is None else {"command": list(command)}))

    def _certificate(self, chosen: Sequence[TriedPlan]) -> SweepPlan:
        """The scenario as written and the chosen plans on other random numbers; goals hold for all plans at once."""
        base = self.search.base
        effort = replace(self.search.asked.effort, seed=seed_of(base.seed), replications=FRESH * base.replications)
        plan = self.trials.plan([one.cell for one in chosen], effort)
        return replace(plan, level=1 - (1 - LEVEL) / max(len(chosen) * len(plan.goals), 1))


def seed_of(seed: int) -> int:
    """Seed of the fresh replications of a certificate."""
    return fresh_seed(f"ccsim optimise {seed} certificate")
