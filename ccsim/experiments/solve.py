"""At which value of a key a KPI reaches a value, or that of another scenario: break-even."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.replicate import Stop
from ccsim.experiments.root_search import FoundRoot, Gap, RootSearch
from ccsim.experiments.simulated_before import SimulatedBefore, simulated_before
from ccsim.experiments.solve_kept import KeptLooks, looked_at
from ccsim.experiments.sweep import Stored, UnfinishedSweep, simulate_sweep
from ccsim.experiments.sweep_factors import Varied
from ccsim.experiments.sweep_parts import SimulatedPoint, rows_of_kpis
from ccsim.experiments.sweep_plan import SweepAsked, SweepPlan, hushed, plan_sweep
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import value_of
from ccsim.language.sought import BASE
from ccsim.language.studies import KEEP_OCCUPANCY, not_varied
from ccsim.metrics.paired import simultaneous
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import SweepFolder
from ccsim.scenario.load import Opened, split_variants
from ccsim.text import scalars
from ccsim.text.faults import near
from ccsim.text.ranges import UnfitError, ValueSpan, span_of
from ccsim.text.tree import flow

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Path

FIRST: Final = 10
"""Replications of the first look."""
MOST: Final = 320
"""Most replications of a point."""
PRECISION: Final = Fraction(1, 100)
FORMS: Final = "KEY=LOW..HIGH"


@dataclass(frozen=True, slots=True)
class SolvedFor:
    """What is to be reached."""

    kpi: str
    value: float | None
    """In the KPI's unit; None for that of the base."""
    said: str
    """As it was asked for."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A point that was simulated."""

    said: str
    """The value of the key, as a planner writes it."""
    gap: Gap


@dataclass(frozen=True, slots=True)
class Solved:
    """The answer to: at which value of a key?"""

    scenario: str
    key: str
    span: ValueSpan
    target: SolvedFor
    base: str
    """Name of the scenario whose value is to be reached; empty for a number."""
    unit: str
    """Unit of the KPI."""
    found: FoundRoot
    looked: tuple[LookedAt, ...]
    """Every point that the answer rests on, in order."""
    seed: int
    base_value: float | None
    """The KPI of the base, by the replications of the last look."""
    sweep: Sweep | None = None
    """The points that the answer rests on, where it is stored."""

    def at(self, part: Fraction) -> float:
        """The value at a part of the range as a number: microseconds of a time of several parts."""
        return float(self.span.first + part * (self.span.last - self.span.first))

    def said(self, part: Fraction) -> str:
        """The same as a planner writes it."""
        return self.span.at(part)


def target_of(text: str) -> SolvedFor:
    """What `--until` says: `cost_per_resolution = base`, `service_level = 80%`; `CcsimError` where it is unfit."""
    kpi, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not kpi or not value:
        raise CcsimError(f"--until: expected KPI = VALUE or KPI = base, like 'cost_per_day = base', got {text!r}")
    kpi = kpi.lower().replace(" ", "_")
    if kpi not in KPIS:
        raise CcsimError(f"--until: there is no KPI {kpi!r}{near(kpi, KPIS)}")
    if value == BASE:
        return SolvedFor(kpi, None, text)
    try:
        return SolvedFor(kpi, _number(kpi, value), text)
    except scalars.Misread as misread:
        raise CcsimError(f"--until: {kpi}: {misread}") from None


def _number(kpi: str, text: str) -> float:
    kind = value_of(KPIS[kpi])
    if KPIS[kpi].unit == "share":
        return scalars.share(text) if kind == "share" else scalars.ratio(text)
    if kind == "time":
        return scalars.duration(text) / 1e6
    return scalars.number(text)


def varied_between(text: str) -> tuple[str, ValueSpan]:
    """Key and range of `--vary KEY=LOW..HIGH`; `ScenarioError` where it cannot be read."""
    key, equals, ends = (part.strip() for part in text.partition("="))
    low, dots, high = ends.partition("..")
    try:
        if not equals or not key or not dots or ":" in high:
            raise UnfitError(f"expected {FORMS}, got {text!r}")
        if why := not_varied(key):
            raise UnfitError(f"cannot be varied: {why}")
        span = span_of(low, high)
        if span.first == span.last:
            raise UnfitError(f"both ends are {low.strip()}")
    except UnfitError as unfit:
        raise ScenarioError([Fault(str(unfit), key if equals else "", "--vary")]) from None
    return key, span


def solve(
    scenario: Path,
    vary: str,
    until: str,
    *,
    base: Path | None = None,
    precision: float | Fraction = PRECISION,
    replications: int = FIRST,
    most: int = MOST,
    seed: int | None = None,
    workers: int | None = None,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    staff: str = "",
    allow_outside: bool = False,
    anyway: bool = False,
    out: Path | None = None,
    resume: bool = False,
    stop: Stop | None = None,
    command: Sequence[str] | None = None,
    told: Callable[[Sequence[str], int], None] | None = None,
) -> Solved:
    """Find the value of a key at which a KPI reaches a value, or that of a base, on common random numbers.

    Parameters
    ----------
    scenario
        File of the scenario (`FILE:VARIANT`).
    vary
        `KEY=LOW..HIGH`.
    until
        `KPI = VALUE`, or `KPI = base`.
    base
        Scenario whose value is to be reached. Default: the file of the scenario without its variant, which is the
        scenario as written where none is named.
    precision
        Wanted half-width of the root's interval, as a part of the range.
    replications, most
        Of the first look, and the most of any point.
    seed, workers, variants, settings, allow_outside, anyway
        As in `sweep`; settings hold for the base, too.
    staff
        `keep occupancy`: people follow the work, from those of the base (of the scenario as written where a number is
        to be reached) on, in whole people. Default: they do not.
    out, resume
        Folder to keep what is simulated and the answer in; go on with the search there. Default: not stored.
    told
        Told of every look: the values and the replications.

    Raises
    ------
    CcsimError
        Bad input, or a base that cannot be compared.
    KeyboardInterrupt
        Stopped; the text says what is kept.
    """
    from ccsim.text.within import files_from_outside

    key, span = varied_between(vary)
    target = target_of(until)
    if not 0 < precision < 1:
        raise CcsimError(f"precision: expected a part of the range, above 0 and below 1, got {precision}")
    if not 2 <= replications <= most:
        raise CcsimError(f"replications: expected at least 2 and at most {most}, got {replications}")
    if staff not in ("", KEEP_OCCUPANCY):
        raise CcsimError(
            f"--staff: expected '{KEEP_OCCUPANCY}', got '{staff}': a search of people at every look is too much"
        )
    file = os.fspath(scenario)
    against = None if target.value is not None else os.fspath(base) if base is not None else split_variants(file)[0]
    asked = SweepAsked(
        [file],
        (),
        variants=variants,
        settings=settings,
        seed=seed,
        workers=workers,
        kpis=(target.kpi,),
        anyway=anyway,
        staff=staff,
        staff_of=against or "",
    )
    began = time.monotonic()
    with ExitStack() as entered:
        entered.enter_context(files_from_outside(allow_outside))
        folder = None if out is None else entered.enter_context(SweepFolder(out, resume=resume))
        looks = _Looks(asked, key, span, target, against, stop or Stop(), told)
        if folder is not None:
            more = {"vary": vary, "until": until, "precision": str(Fraction(precision)), "most replications": str(most)}
            folder.begin(looks.question(replications) | more)
            looks.kept = KeptLooks(Stored(folder))
        looks.before = entered.enter_context(simulated_before(None if folder is None else folder.place))
        steps = int(abs(span.last - span.first)) if span.whole and _is_whole(asked, key, span) else None
        followed = looks.people.get if staff else None
        found = RootSearch(looks.look, replications, most, Fraction(precision), steps, followed).find()
        looked = tuple(LookedAt(span.at(one.part), one) for one in found.looked)
        made = Solved(
            looks.name, key, span, target, looks.base_name, looks.unit, found, looked, looks.seed, looks.base_value
        )
        if folder is None:
            return made
        from ccsim.experiments.solve_said import told_of

        swept = looks.as_sweep(made, told_of(made), command=command, elapsed=time.monotonic() - began)
        return replace(made, sweep=folder.store(swept))


def _is_whole(asked: SweepAsked, key: str, span: ValueSpan) -> bool:
    """Whether a key takes whole numbers only, or rounds to such: a price between whole ends does not."""
    file, named = split_variants(asked.scenarios[0])
    opened = Opened(file)
    quarter = Fraction(1, 4 * int(abs(span.last - span.first)))
    trees = []
    for part in (Fraction(0), quarter):
        try:
            loaded = opened.loaded([*named, *asked.variants], [*asked.settings, f"{key}={span.at(part)}"])
        except ScenarioError:
            return part > 0
        trees.append(flow(loaded.tree, 10**8))
    return trees[0] == trees[1]


class _Looks:
    """Simulates points and tells each against the target."""

    def __init__(
        self,
        asked: SweepAsked,
        key: str,
        span: ValueSpan,
        target: SolvedFor,
        base: str | None,
        stop: Stop,
        told: Callable[[Sequence[str], int], None] | None,
    ) -> None:
        self._asked, self._key, self._span, self._target, self._base = asked, key, span, target, base
        self._stop, self._told = stop, told
        self.before: SimulatedBefore | None = None
        self.people: dict[Fraction, tuple[Any, ...]] = {}
        """People that follow the work, at each part of the range that was looked at."""
        self.kept = KeptLooks(None)
        self._base_sha = ""
        self._said = False
        self.name = self.base_name = self.unit = ""
        self.seed = 0
        self.base_value: float | None = None

    def look(self, parts: Sequence[Fraction], replications: int) -> Iterator[Gap]:
        """Gaps of the points at parts of the range, in order."""
        values = [self._span.at(part) for part in parts]
        if self._told is not None:
            self._told(values, replications)
        base = self._base_at(replications)
        plan = self._plan(values, replications)
        self.name, self.seed = plan.name, plan.seed
        simulated = self._simulated(plan)
        for number, part in enumerate(parts, 1):
            self.people[part] = tuple((row["key"], row["after"]) for row in plan.points[number].people)
            yield self._gap(part, replications, simulated[number], base)

    def _plan(self, values: Sequence[str], replications: int) -> SweepPlan:
        factors = tuple(Varied(self._key, (value,)) for value in values)
        points = [((self._key, value),) for value in values]
        return self._planned(replace(self._asked, replications=replications, factors=factors, points=points))

    def _planned(self, asked: SweepAsked) -> SweepPlan:
        """What there is to say is said of the first plan, not of each look."""
        with hushed() if self._said else nullcontext():
            plan = plan_sweep(asked)
        self._said = True
        return plan

    def _with_base(self, replications: int) -> SweepPlan:
        """The base, if there is one, and the scenario: that says if they cannot be compared."""
        both = [*([self._base] if self._base else []), *self._asked.scenarios]
        asked = self._asked if self._base is None else replace(self._asked, variants=(), staff="")
        return self._planned(replace(asked, scenarios=both, replications=replications))

    def question(self, replications: int) -> dict[str, str]:
        """What is asked, by the names that a user knows."""
        variants = " ".join(self._asked.variants) or "none"
        return self._with_base(replications).asked() | {
            "staff": self._asked.staff or "as written",
            "variants": variants,
        }

    def as_sweep(
        self, made: Solved, told: Mapping[str, Any], *, command: Sequence[str] | None, elapsed: float
    ) -> Sweep:
        """The points that the answer rests on."""
        plan = self._plan([one.said for one in made.looked], made.found.replications)
        many = [one.gap.replications for one in made.looked]
        base = (self.base_name, self._base_sha) if self._base is not None else None
        plan = replace(plan, question=told["question"])
        return looked_at(plan, self.kept, many, base, told, command=command, elapsed=elapsed)

    def _base_at(self, replications: int) -> SimulatedPoint | None:
        """The base's replications."""
        if self._base is None:
            return None
        plan = self._with_base(replications)
        self.base_name, self._base_sha = plan.points[0].name, plan.points[0].sha256
        return self._simulated(plan)[0]

    def _simulated(self, plan: SweepPlan) -> dict[int, SimulatedPoint]:
        keeps = self.kept.of(plan)
        try:
            with hushed():
                made = simulate_sweep(replace(plan, before=self.before), keeps=keeps, stop=self._stop)
        except UnfinishedSweep:
            kept = "what is simulated is kept, and the same command with --resume goes on"
            raise UnfinishedSweep(f"stopped: {kept if self.kept.stored else 'nothing is kept'}") from None
        if made.parked:
            point, error = next(iter(made.parked.items()))
            raise CcsimError(f"{self._key}={dict(plan.points[point].values).get(self._key, '')}: failed: {error}")
        return {point.number: keeps.part_of(point.number) for point in plan.points}

    def _gap(self, part: Fraction, replications: int, simulated: SimulatedPoint, base: SimulatedPoint | None) -> Gap:
        rows = rows_of_kpis(base, simulated, simultaneous(1))
        row = next((one for one in rows if (one["kpi"], one["scope"]) == (self._target.kpi, "all")), None)
        if row is None or row["value"] is None:
            why = f": {row['note']}" if row is not None and row["note"] else ""
            raise CcsimError(f"{self._key}={self._span.at(part)}: {self._target.kpi} is not known{why}")
        self.unit = row["unit"]
        if self._target.value is None:
            self.base_value = row["base"]
            if row["difference"] is None:
                raise CcsimError(f"{self._base}: {self._target.kpi} is not known, so nothing equals it")
            low, high = row["low"], row["high"]
            gap = row["difference"]
        else:
            gap = row["value"] - self._target.value
            low, high = (None if row[f"value_{end}"] is None else row[f"value_{end}"] - self._target.value
                         for end in ("low", "high"))  # fmt: skip
        unsure = low is None or high is None
        return Gap(
            part, replications, gap, float("-inf") if unsure else low, float("inf") if unsure else high, row["value"]
        )
