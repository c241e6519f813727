"""Simulates the cases and measures: an exploring replication first, then one as long as the wanted accuracy needs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from .cases import Case, Library
from .families import expected_values, replications_of_all
from .laws import CannotSay
from .measures import Ask, Result, estimate, wanted_se
from .replications import Days, Facts, Length, Simulation, Steady, final_length, first_length, with_horizon
from .sums import Simulated, Sums, reduce, together

SEED = 2026
"""Seed of the replications that are judged; the exploring ones have their own."""

EXPLORING = 1_000_000
"""Added to the seed of exploring replications: they must not be part of what they decide about."""


class Compiled(Protocol):
    """A scenario, ready to be simulated."""

    def simulate(self, seed: int, first: int, count: int, *, visits: bool, workers: int) -> Simulated:
        """Some replications."""


QUICK_VISITS = 400_000
"""Visits of days that a quick simulate has, about."""

Compile = Callable[[Mapping[str, Any], Mapping[str, str]], Compiled]


@dataclass
class Effort:
    """How much may be simulated."""

    workers: int = 2
    quick: bool = False
    budget: float = 1.2e7
    """Visits of one replication, at most."""


@dataclass
class Answer:
    """What came of one case."""

    case: Case
    results: list[Result] = field(default_factory=list)
    not_asked: list[tuple[str, str]] = field(default_factory=list)
    """Expected values that were not compared, with the reason."""
    refused: str = ""
    """Why the case was not simulated at all."""
    error: str = ""
    """What went wrong while it was simulated."""
    seconds: float = 0.0
    visits: float = 0.0
    """Visits simulated."""

    @property
    def failed(self) -> bool:
        """Whether something does not agree, or could not be simulated."""
        return bool(self.error) or any(not r.passed for r in self.results)


def answer(case: Case, library: Library, compile_: Compile, effort: Effort) -> Answer:
    """Simulate one case and compare."""
    found = Answer(case)
    began = time.perf_counter()
    try:
        replications = replications_of_all(case, library)
    except CannotSay as reason:
        found.refused = str(reason)
        return found
    asked: set[str] = set()
    reasons: dict[str, str] = {}
    for simulate in replications:
        questions = _questions(case, simulate, asked, reasons, library.errata)
        if not questions:
            continue
        try:
            sums = _simulated(simulate, questions, compile_, effort)
            found.visits += float(sums.whole["visits"].sum())
            found.results += [_result(case, simulate, question, sums) for question in questions]
        except Exception as error:  # noqa: BLE001
            found.error = f"{type(error).__name__}: {error}"
            break
    found.not_asked = [(name, why) for name, why in reasons.items() if name not in asked]
    found.seconds = time.perf_counter() - began
    return found


@dataclass(frozen=True)
class Question:
    """One expected value and how it is estimated."""

    name: str
    ask: Ask
    expected: float
    expected_se: float | None
    """None where the reference does not tell."""


def _questions(
    case: Case,
    simulate: Simulation,
    asked: set[str],
    reasons: dict[str, str],
    errata: Mapping[tuple[str, str], float],
) -> list[Question]:
    found = []
    for path, value in expected_values(case):
        name = ".".join(path)
        ask = simulate.asks(path)
        if isinstance(ask, Ask):
            asked.add(name)
            se = value[1] if len(value) > 1 else (None if case.with_se else 0.0)
            label = f"{name} [{simulate.name}]" if simulate.name else name
            right = errata.get((case.id, name))
            if right is not None:
                label += " (corrected)"
            found.append(Question(label, ask, value[0] if right is None else right, se))
        else:
            reasons.setdefault(name, ask or "no replication of the case answers it")
    return found


@dataclass(frozen=True)
class Both:
    """Sums of all replications, and of those whose visits were read."""

    whole: Sums
    seen: Sums

    def measure(self, ask: Ask) -> tuple[float, float, int]:
        """Estimate, standard error and replications behind it."""
        try:
            value, se = estimate(ask, self.whole)
            return value, se, len(self.whole["replications"])
        except KeyError:
            value, se = estimate(ask, self.seen)
            return value, se, len(self.seen["replications"])


def _result(case: Case, simulate: Simulation, question: Question, sums: Both) -> Result:
    value, se, count = sums.measure(question.ask)
    reference = question.expected_se
    if reference is None:
        ours = simulate.reference_replications
        reference = se * math.sqrt(count / ours) if ours else se
    return Result(
        case=case.id,
        family=case.family,
        measure=question.name,
        kind=question.ask.kind,
        estimate=value,
        se=se,
        expected=question.expected,
        expected_se=reference,
        replications=count,
        slack=question.ask.slack,
    )


def _simulated(simulate: Simulation, questions: list[Question], compile_: Compile, effort: Effort) -> Both:
    if isinstance(simulate.plan, Facts):
        found = {name: np.array([value]) for name, value in simulate.plan.find().items()}
        sums = found | {"replications": np.ones(1), "visits": np.zeros(1)}
        return Both(sums, sums)
    if isinstance(simulate.plan, Days):
        return _days(simulate, simulate.plan, questions, compile_, effort)
    return _steady(simulate, simulate.plan, questions, compile_, effort)


def _steady(simulate: Simulation, plan: Steady, questions: list[Question], compile_: Compile, effort: Effort) -> Both:
    length = first_length(plan, effort.quick)
    first = _stretch(simulate, plan, length, compile_, _seed(simulate, first=not effort.quick), effort)
    if effort.quick:
        return first
    short = _short_of(questions, first)
    if short <= 1 and first.whole["visits"].sum() > effort.budget:
        return first  # long warm-ups: as sure as wanted, and nothing cheaper is left to simulate
    final = final_length(plan, length, short, effort.budget)
    return _stretch(simulate, plan, final, compile_, _seed(simulate), effort)


def _seed(simulate: Simulation, *, first: bool = False) -> int:
    return SEED + EXPLORING * first + simulate.seed


def _short_of(questions: list[Question], sums: Both) -> float:
    """(standard error / wanted)^2, the worst of the questions."""
    worst = 0.0
    for question in questions:
        wanted = wanted_se(question.ask.kind, question.expected)
        if wanted and question.ask.kind not in ("moment", "quantile"):
            _, se, _ = sums.measure(question.ask)
            worst = max(worst, (se / wanted) ** 2)
    return worst


def _stretch(simulate: Simulation, plan: Steady, length: Length, compile_: Compile, seed: int, effort: Effort) -> Both:
    """Replications of one length of a system in equilibrium."""
    said = with_horizon(simulate.scenario, length)
    minutes = length.warm_up + length.length
    files = dict(simulate.files) | (dict(simulate.fill(minutes)) if simulate.fill else {})
    if simulate.batch is None:
        compiled = compile_(said, files)
        contacts = (minutes + 2 * plan.warm_up) * plan.rate  # the drain is as long as the returns
        return _chunks(simulate, compiled, length.replications, contacts, seed, effort)
    parts = []
    for number in range(length.replications):
        own = files | dict(simulate.batch(seed + number, minutes))
        compiled = compile_(said, own)
        simulated = compiled.simulate(seed + number, 0, SAME_ARRIVALS, visits=False, workers=effort.workers)
        parts.append({k: v.sum(axis=0, keepdims=True) for k, v in reduce(simulated, simulate.wanted).items()})
    whole = together(parts)
    return Both(whole, whole)


def _days(simulate: Simulation, plan: Days, questions: list[Question], compile_: Compile, effort: Effort) -> Both:
    compiled = compile_(simulate.scenario, simulate.files)
    if plan.enough == 1:
        return _chunks(simulate, compiled, 1, plan.contacts, _seed(simulate), effort)
    explored = 400 if effort.quick else 100
    if effort.quick:
        explored = min(explored, max(40, math.floor(QUICK_VISITS / plan.contacts)))
    first = _chunks(simulate, compiled, explored, plan.contacts, _seed(simulate, first=not effort.quick), effort)
    if effort.quick:
        return first
    count = math.ceil(explored * _short_of(questions, first) * 1.25)
    most = min(plan.enough, max(100, math.floor(effort.budget / plan.contacts)))
    return _chunks(simulate, compiled, min(max(count, 100), most), plan.contacts, _seed(simulate), effort)


SAME_ARRIVALS = 4
"""Replications of each file of recorded arrivals, with other handle times; together they are one replication."""

CHUNK_VISITS = 2e6
"""Visits whose rows are held at once."""

CHUNK_REPLICATIONS = 1_000


def _chunks(simulate: Simulation, compiled: Compiled, count: int, contacts: float, seed: int, effort: Effort) -> Both:
    """Replications in chunks, those with visits first."""
    seen = min(count, simulate.most_visits) if simulate.visits else 0
    parts: list[Sums] = []
    visited: list[Sums] = []
    done = 0
    while done < count:
        with_visits = done < seen
        size = CHUNK_REPLICATIONS
        if with_visits:
            size = min(max(2, math.floor(CHUNK_VISITS / max(contacts, 1))), seen - done, size)
        size = min(size, count - done)
        simulated = compiled.simulate(seed, done, size, visits=with_visits, workers=effort.workers)
        wanted = simulate.wanted if with_visits else _without_visits(simulate)
        sums = reduce(simulated, wanted)
        (visited if with_visits else parts).append(sums)
        done += size
    both = together(visited) if visited else {}
    if not parts:
        return Both(both, both)
    rest = together(parts)
    whole = together([{k: both[k] for k in rest}, rest]) if both else rest
    return Both(whole, both or rest)


def _without_visits(simulate: Simulation) -> Any:
    from dataclasses import replace

    return replace(simulate.wanted, visits=None)
