"""What `ccsim solve` is asked, and how its range and its target are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.asked import Changes, Effort
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import value_of
from ccsim.language.sought import BASE
from ccsim.language.studies import KEEP_OCCUPANCY, not_varied
from ccsim.text import scalars
from ccsim.text.faults import near
from ccsim.text.ranges import UnfitError, ValueSpan, span_of

FIRST: Final = 10
"""Replications of the first look."""
MOST: Final = 320
"""Most replications of a point."""
PRECISION: Final = Fraction(1, 100)
FORMS: Final = "KEY=LOW..HIGH"


@dataclass(frozen=True, slots=True)
class SolveAsked:
    """What is to be solved, before anything is read; more of each at `solve`."""

    scenario: str
    """File, `FILE:VARIANT`."""
    vary: str
    """`KEY=LOW..HIGH`."""
    until: str
    """`KPI = VALUE`, or `KPI = base`."""
    base: str | None = None
    """None: the file of the scenario without its variant."""
    precision: float | Fraction = PRECISION
    most: int = MOST
    """Most replications of a point."""
    changes: Changes = field(default_factory=Changes)
    effort: Effort = field(default_factory=Effort)
    """Its replications are those of the first look; None: `FIRST`."""
    staff: str = ""
    """`keep occupancy`, or nothing: people do not follow the work."""


@dataclass(frozen=True, slots=True)
class SolvedFor:
    """What is to be reached."""

    kpi: str
    value: float | None
    """In the KPI's unit; None for that of the base."""
    said: str
    """As it was asked for."""


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


def check_asked(asked: SolveAsked, first: int) -> None:
    """`CcsimError` for a part of it that cannot be; `first`: replications of the first look."""
    if not 0 < asked.precision < 1:
        raise CcsimError(f"precision: expected a part of the range, above 0 and below 1, got {asked.precision}")
    if not 2 <= first <= asked.most:
        raise CcsimError(f"replications: expected at least 2 and at most {asked.most}, got {first}")
    if asked.staff not in ("", KEEP_OCCUPANCY):
        raise CcsimError(
            f"--staff: expected '{KEEP_OCCUPANCY}', got '{asked.staff}': a search of people at every look is too much"
        )
