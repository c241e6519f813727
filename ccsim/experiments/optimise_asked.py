"""What a search for the best decisions is asked: decisions on a grid, objectives, constraints, and their faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from math import prod
from typing import Final, Literal

from ccsim.errors import Fault
from ccsim.experiments.sweep_factors import Varied, repeated
from ccsim.kpis.definitions import KPIS
from ccsim.text.ranges import UnfitError, ValueSpan, ends_of_range, values_of

STEPS: Final = 20
"""A range without its number of values is tried in at least so many even steps, of 1, 2, 2.5 or 5 times a power of ten
where such steps fit."""
FORMS: Final = "KEY=20..40, KEY=0%..60%, KEY=8..12:5 (a range and its number of values) or KEY=8,10,12"
BOUND: Final = re.compile(r"\s*(?P<kpi>\w+)\s*(?P<sign><=|>=)\s*(?P<limit>.+?)(?:\s+within\s+(?P<within>\S+))?\s*")
BOUND_FORMS: Final = "a KPI and its limit, like 'abandonment <= 5%' or 'service_level >= 80% within 20s'"

Cell = tuple[int, ...]
"""A point of the grid: the number of each decision's value."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A key that may be chosen, and the values that it may take."""

    varied: Varied
    ordered: bool
    """Whether its values are steps of a range, so that neighbours are alike."""

    @property
    def key(self) -> str:
        """Dotted key."""
        return self.varied.key

    @property
    def values(self) -> tuple[str, ...]:
        """As a planner writes them."""
        return self.varied.values


@dataclass(frozen=True, slots=True)
class Objective:
    """A KPI of everything that is to be as low or as high as can be."""

    kpi: str
    sense: Literal["minimise", "maximise"]

    @property
    def sign(self) -> float:
        """Times this, less is better."""
        return 1.0 if self.sense == "minimise" else -1.0


@dataclass(frozen=True, slots=True)
class Bound:
    """A constraint, as `--subject-to` says it."""

    text: str
    kpi: str
    setting: str
    """A goal in YAML's flow style."""


def cells_in(decisions: Sequence[Decision]) -> int:
    """Points of the whole grid."""
    return prod(len(one.values) for one in decisions)


def decisions_of(texts: Sequence[str]) -> tuple[list[Decision], list[Fault]]:
    """The decisions of several `--vary`, and the faults of those that cannot be read or say a key again."""
    made: list[Decision] = []
    faults: list[Fault] = []
    for text in texts:
        key, equals, said = (part.strip() for part in text.partition("="))
        try:
            if not equals or not key or not said:
                raise UnfitError(f"expected {FORMS}, got {text!r}")
            span = ends_of_range(said)
            values = _steps(span) if span is not None and not span.whole and ":" not in said else values_of(said)
            if len(values) < 2:
                raise UnfitError(f"has one value, {values[0]}: nothing is left to choose; for one value use --set")
            place = f"--vary {text}" if len(text) <= 80 else "--vary"
            made.append(Decision(Varied(key, values, place=place), span is not None))
        except UnfitError as unfit:
            faults.append(Fault(str(unfit), key if equals else "", "--vary"))
    return made, [*faults, *repeated([one.varied for one in made])]


def _steps(span: ValueSpan) -> tuple[str, ...]:
    """A range in even steps: the widest round step that fits at least `STEPS` times."""
    length = abs(span.last - span.first)
    if not length:
        raise UnfitError("both ends are the same: nothing is left to choose; for one value use --set")
    unit = Fraction(10) ** (len(str(int(length))) if length >= 1 else 0)
    steps = [base * unit / Fraction(10) ** power for power in range(12) for base in (Fraction(5), Fraction(5, 2), 2, 1)]
    fitting = [int(length / step) for step in steps if (length / step).denominator == 1 and length / step >= STEPS]
    count = min(fitting, default=STEPS)
    return tuple(span.at(Fraction(i, count)) for i in range(count + 1))


def objectives_of(minimise: Sequence[str], maximise: Sequence[str]) -> tuple[list[Objective], list[Fault]]:
    """The objectives, and the faults of KPIs that do not exist or stand there twice, and of none at all."""
    made = [Objective(kpi, "minimise") for kpi in minimise] + [Objective(kpi, "maximise") for kpi in maximise]
    faults = [fault for one in made if (fault := unknown(one.kpi, f"--{one.sense}"))]
    names = [one.kpi for one in made]
    faults += [
        Fault(f"{kpi} is an objective twice", file=f"--{made[names.index(kpi)].sense}")
        for kpi in dict.fromkeys(names)
        if names.count(kpi) > 1
    ]
    if not made:
        faults.append(Fault("say what is to be best, like --minimise cost_per_day", file="--minimise, --maximise"))
    return made, faults


def unknown(kpi: str, place: str) -> Fault | None:
    """The fault of a name that is no KPI."""
    if kpi in KPIS:
        return None
    near = get_close_matches(kpi, KPIS, n=1)
    return Fault(f"there is no KPI {kpi!r}" + (f"; did you mean {near[0]!r}?" if near else ""), file=place)


def bounds_of(texts: Sequence[str]) -> tuple[list[Bound], list[Fault]]:
    """The constraints of several `--subject-to`, and their faults; limits are read with the scenario."""
    made: list[Bound] = []
    faults: list[Fault] = []
    for text in texts:
        found = BOUND.fullmatch(text)
        if found is None:
            faults.append(Fault(f"expected {BOUND_FORMS}, got {text!r}", file="--subject-to"))
            continue
        if fault := unknown(found["kpi"], f"--subject-to '{text}'"):
            faults.append(fault)
            continue
        side = "at_most" if found["sign"] == "<=" else "at_least"
        within = "" if found["within"] is None else f", within: {_quoted(found['within'])}"
        made.append(Bound(text, found["kpi"], f"{{kpi: {found['kpi']}, {side}: {_quoted(found['limit'])}{within}}}"))
    return made, faults


def _quoted(text: str) -> str:
    """A scalar that stays as it is written; plain where it can be, as numbers are no texts."""
    return text if re.fullmatch(r"[\w.%-]+", text) else "'" + text.replace("'", "''") + "'"
