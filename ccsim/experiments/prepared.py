"""From a scenario, or the file of one, to what is ready to be simulated: read, checked and compiled."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError, Fault, Remark, ScenarioError

if TYPE_CHECKING:
    from ccsim.experiments.drawn import Uncertainty
    from ccsim.experiments.plan import ModelLike, Plan
    from ccsim.language.scenario import Scenario
    from ccsim.model import Model
    from ccsim.results.measured import Measured
    from ccsim.results.run import Run
    from ccsim.scenario.load import Loaded

Path = str | os.PathLike[str]
LONGEST_LABEL: Final = 60
"""Characters of settings that name an alternative."""


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario and where it came from."""

    scenario: Scenario
    file: str = ""
    """As the user named it, without variants; nothing for a scenario that was read already."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files that were read, by name."""
    variants: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    """What variants and settings changed, one in a line."""
    remarks: tuple[Remark, ...] = ()
    """Warnings, and what short forms were taken for."""

    @property
    def name(self) -> str:
        """The scenario with its variants: `desk+more`."""
        return "+".join([self.scenario.scenario, *self.variants])


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario that is checked and compiled, ready to be simulated."""

    plan: Plan
    model: ModelLike
    scenario: Scenario
    uncertainty: Uncertainty | None = None
    """Its uncertain inputs; None where it has none."""

    def simulate(self, *, out: Path | None = None, force: bool = False, **given: Any) -> Run:
        """Simulate it, stored in the folder `out` where it is given; other parameters as in `simulate_run`.

        The first replications are simulated while the libraries are loaded that take them.
        """
        from ccsim.experiments.replicate import Begun

        simulator = self.simulator(self.plan.seed, again=self.plan.again)
        with Begun(simulator, self.plan.replications, workers=self.plan.workers) as begun:
            from ccsim.experiments.runs import simulate_run
            from ccsim.results.store import RunFolder

            with nullcontext() if out is None else RunFolder(out, force=force) as folder:
                return simulate_run(self.plan, self.model, begun, folder=folder, **given)

    def simulator(self, seed: int, *, again: int = 0) -> Callable[[int], Any]:
        """What simulates the replication of an index with a seed; `again`: with uncertain inputs so many of the first
        ones twice, see `ccsim.experiments.again`."""
        model: Any = self.model
        simulate: Callable[..., Any]
        if self.plan.engine == "reference":
            from ccsim.engine.reference import simulate_by_reference as simulate
        else:
            from ccsim.engine import simulate
        uncertainty, visits = self.uncertainty, self.plan.visits

        def one(replication: int) -> Any:
            mine = model if uncertainty is None else uncertainty.model(model, seed, replication)
            simulated = simulate(mine, seed=seed, replication=replication, visits=visits)
            if uncertainty is None or replication >= again:
                return simulated
            from ccsim.experiments.again import AGAIN, SimulatedTwice

            return SimulatedTwice(simulated.tables, simulate(mine, seed=seed, replication=AGAIN + replication).tables)

        return one

    def drawn_as(self, seed: int, replications: int) -> Prepared:
        """The same, with uncertain prices as so many replications of a seed draw them."""
        plan = self.plan
        if self.uncertainty is None or (seed, replications) == (plan.seed, plan.replications):
            return self
        return replace(self, plan=replace(plan, measured=self.uncertainty.measured_in(seed, replications)))


def prepare(
    scenario: Scenario | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    visits: bool = False,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    anyway: bool = False,
    engine: str = "kernel",
    command: Sequence[str] | None = None,
) -> Prepared:
    """Check and compile everything that a run would simulate, and simulate nothing; parameters as in `ccsim.api.run`.

    `ScenarioError` with every fault; `TooMuch` for what never ends or takes too long or too much memory, unless
    `anyway`.
    """
    return prepare_source(
        read_source(scenario, variants, settings),
        replications=replications,
        seed=seed,
        workers=workers,
        visits=visits,
        anyway=anyway,
        engine=engine,
        command=command,
    )


def prepare_source(
    source: Source,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    visits: bool = False,
    anyway: bool = False,
    engine: str = "kernel",
    command: Sequence[str] | None = None,
) -> Prepared:
    """As `prepare`, of a scenario that has been read; parameters and errors as there."""
    read = source.scenario
    replications = read.run.replications if replications is None else replications
    chosen = read.run.seed if seed is None else seed
    if replications < 1 or (workers is not None and workers < 1) or not 0 <= chosen < 1 << 63:
        raise CcsimError("replications and workers must be at least 1, and the seed from 0 to 2^63 - 1")
    again = 0 if not read.uncertain else replications if read.run.again is None else min(read.run.again, replications)
    _check_engine(engine)
    _check_people(source)
    _check_goals(source)
    check = partial(_check_end, source, replications + again, workers, visits=visits, anyway=anyway)
    if not source.file:  # nobody has looked at it: it may be one that no compiler comes to an end with
        check()

    from ccsim.experiments.plan import Plan
    from ccsim.language.goals import TIMES
    from ccsim.model import compile_model
    from ccsim.model.calendars import dates_used
    from ccsim.results.frame import measured_of
    from ccsim.scenario import to_canonical

    model = compile_model(read, check=check if source.file else None)
    measured = measured_of(read, model.thresholds)
    uncertainty = _uncertainty(source, model, measured)
    if uncertainty is not None:
        measured = uncertainty.measured_in(chosen, replications)
    plan = Plan(
        name=source.name,
        measured=measured,
        goals=read.goals,
        seed=chosen,
        replications=replications,
        workers=workers,
        visits=visits,
        scenario=to_canonical(read),
        files=source.files,
        variants=source.variants,
        settings=source.settings,
        overrides=source.overrides,
        remarks=source.remarks,
        holidays=dates_used(read),
        command=command,
        engine=engine,
        uncertainty=uncertainty,
        again=again,
    )
    if not source.file and any(getattr(goal, name) for goal in plan.goals for name in TIMES):
        from ccsim.experiments.no_replications import faults_by_time

        if faults := faults_by_time(plan, model):
            raise CcsimError("\n".join(faults))
    return Prepared(plan, model, read, uncertainty)


def _uncertainty(source: Source, model: Model, measured: Measured) -> Uncertainty | None:
    """The uncertain inputs of a scenario; None where it has none."""
    if not source.scenario.uncertain:
        return None
    if not source.file:
        raise CcsimError("uncertain inputs are drawn by the keys of a file; give the scenario's file, not a scenario")

    from ccsim.experiments.drawn import uncertainty_of

    return uncertainty_of(source.file, source.variants, source.settings, model, measured)


def prepare_all(scenarios: Sequence[Scenario | Path], **given: Any) -> list[Prepared]:
    """As `prepare`, of all of them; `CcsimError` with the faults of all of them, each told once."""
    ready: list[Prepared] = []
    faults: dict[str, None] = {}
    for scenario in scenarios:
        try:
            ready.append(prepare(scenario, **given))
        except CcsimError as error:
            faults |= dict.fromkeys(str(error).splitlines())
    if faults:
        raise CcsimError("\n".join(faults))
    return ready


def prepare_compared(
    base: Scenario | Path,
    variants: Sequence[Scenario | Path],
    *,
    all_variants: bool,
    settings: Sequence[str],
    **given: Any,
) -> list[Prepared]:
    """A base and its variants, as `ccsim.api.compare` takes them; `CcsimError` with the faults of all of them.

    A variant of the base's file may be named alone. Settings alone make the variant; those of what a report looks at
    hold for all.
    """
    named = [base, *of_base(base, variants), *(every_variant(base) if all_variants else ())]
    looks = [one for one in settings if one.startswith("report.")]
    changes = [one for one in settings if one not in looks]
    if changes and len(named) == 1:
        return with_and_without(base, changes, settings=looks, **given)
    return prepare_all(named, settings=settings, **given)


def with_and_without(
    base: Scenario | Path, changes: Sequence[str], *, settings: Sequence[str] = (), **given: Any
) -> list[Prepared]:
    """A scenario, and the same with some changes, named by them: `desk` and `desk+pools.day.headcount=+3`.

    `settings` hold for both.
    """
    without = prepare(base, settings=settings, **given)
    changed = prepare(base, settings=[*settings, *changes], **given)
    label = ", ".join(changes)
    label = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 3]}..."
    return [without, replace(changed, plan=replace(changed.plan, name=f"{without.plan.name}+{label}"))]


def read_source(scenario: Scenario | Path, variants: Sequence[str], settings: Sequence[str]) -> Source:
    """Read a file (`FILE:VARIANT`) with variants and settings on top; a scenario is taken as it is."""
    if not isinstance(scenario, (str, os.PathLike)):
        if variants or settings:
            raise CcsimError("variants and settings need the scenario's file; this scenario has been read already")
        return Source(scenario)
    from ccsim.scenario.load import read, split_variants

    file, named = split_variants(os.fspath(scenario))
    loaded = read(scenario, variants=variants, settings=settings)
    return source_of(loaded, file, [*named, *variants], settings)


def source_of(loaded: Loaded, file: str, variants: Sequence[str], settings: Sequence[str]) -> Source:
    """What was read from a file with variants and settings on top."""
    return Source(
        scenario=loaded.scenario,
        file=file,
        files={use.name: use.sha256 for use in loaded.files},
        variants=tuple(variants),
        settings=tuple(settings),
        overrides=tuple(f"{one.by}: {one.key}: {_shown(one.old)} -> {_shown(one.new)}" for one in loaded.overrides),
        remarks=loaded.remarks,
    )


def of_base(base: Scenario | Path, variants: Sequence[Scenario | Path]) -> list[Scenario | Path]:
    """What a base is compared with: a plain name that is no file is a variant of the base's file, `FILE:VARIANT`.

    `CcsimError` names those that the file does not have.
    """
    from pathlib import Path as Place

    plain = [
        one for one in variants if isinstance(one, str) and one.replace("_", "").isalnum() and not Place(one).exists()
    ]
    if not plain or not isinstance(base, (str, os.PathLike)):
        return list(variants)
    found = {one.rpartition(":")[2]: one for one in every_variant(base)}
    known = f"its variants are {', '.join(found)}" if found else "it has no variants"
    faults = [f"{name}: is neither a file nor a variant of {os.fspath(base)}; {known}" for name in plain
              if name not in found]  # fmt: skip
    if faults:
        raise CcsimError("\n".join(faults))
    return [found[one] if isinstance(one, str) and one in plain else one for one in variants]


def every_variant(scenario: Scenario | Path) -> list[str]:
    """`FILE:VARIANT` of every variant of the file, each alone, on top of those that are named already."""
    if not isinstance(scenario, (str, os.PathLike)):
        raise CcsimError("all variants need the scenario's file; this scenario has been read already")
    from ccsim.scenario.load import Opened, split_variants

    file, named = split_variants(os.fspath(scenario))
    return [":".join([file, *named, name]) for name in Opened(file).variants if name not in named]


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value


def _check_engine(engine: str) -> None:
    from ccsim.experiments.plan import ENGINES

    if engine not in ENGINES:
        raise CcsimError(f"there is no engine '{engine}': expected {' or '.join(ENGINES)}")


def _check_people(source: Source) -> None:
    """People who are still to be found cannot be simulated."""
    searched = [name for name, pool in source.scenario.pools.items() if pool.searched is not None]
    if searched:
        where, named = (f"{source.file}: " if source.file else ""), ", ".join(searched)
        raise CcsimError(
            f"{where}the headcount of {named} is still to be found: `ccsim staff {source.file or 'SCENARIO'}` finds "
            "it; or give a number, in the file or with --set"
        )


def _check_goals(source: Source) -> None:
    """Goals of a scenario that was made in Python; those of a file were checked as it was read."""
    if source.file:
        return
    from ccsim.centre.periods import counted_in, faults_of_section
    from ccsim.kpis.definitions import KPIS
    from ccsim.kpis.goals import faults_of, time_faults
    from ccsim.language.goals import TIMES
    from ccsim.metrics.goals import scope_of
    from ccsim.text.faults import near

    faults = []
    for number, goal in enumerate(source.scenario.goals):
        kpi = KPIS.get(goal.kpi)
        if kpi is None:
            faults.append(Fault(f"there is no KPI '{goal.kpi}'{near(goal.kpi, KPIS)}", f"goals.{number}.kpi"))
            continue
        band = goal.at_least is not None and goal.at_most is not None
        said = [name for name in TIMES if getattr(goal, name)]
        asked = [
            *faults_of(kpi, scope_of(goal), at_least=goal.at_least, at_most=goal.at_most, within=goal.within),
            *time_faults(kpi, scope_of(goal), said, band=band),
            *faults_of_section(goal, counted_in(source.scenario), source.scenario.horizon.interval),
        ]
        for at, why in asked:
            faults.append(Fault(why, f"goals.{number}.{at}".rstrip(".")))
    if faults:
        raise ScenarioError(faults)


class TooMuch(CcsimError):  # noqa: N818
    """What would never end, take too long or more memory than there is; its text says what, where and what would do."""


def _check_end(source: Source, replications: int, workers: int | None, *, visits: bool, anyway: bool) -> None:
    """Refuse what never ends, or is foreseen not to fit, before anything is compiled."""
    from ccsim.centre.endless import findings
    from ccsim.centre.foresee import foresee, memory_of_machine, reasons_against
    from ccsim.workers import default_workers

    told = [Fault.__str__(remark) for remark in source.remarks if remark.refused]
    if not source.file:  # a scenario that was made in Python, or read before: nobody may have looked
        found = findings(source.scenario)
        impossible = [Fault(one.message, ".".join(one.parts)) for one in found if one.weight == "fault"]
        if impossible:
            raise ScenarioError(impossible)
        told = [f"{'.'.join(one.parts)}: {one.message}" for one in found if one.weight == "refused"]
    if anyway:
        return
    used = default_workers() if workers is None else workers
    seen = foresee(source.scenario, replications=replications, workers=used, visits=visits)
    told += [f"{source.file or source.scenario.scenario}: {one}" for one in reasons_against(seen, memory_of_machine())]
    if told:
        raise TooMuch("\n".join(told))
