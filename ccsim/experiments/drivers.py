"""What moves a scenario: a sweep that moves one input at a time, each against the scenario as written."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.asked import Changes, Effort, SweepAsked
from ccsim.experiments.drivers_found import KINDS_OF_DRIVERS, Driver, drivers_found
from ccsim.experiments.sweep_factors import Varied
from ccsim.experiments.sweep_plan import SweepPlan, plan_sweep
from ccsim.language.studies import KEEP_OCCUPANCY, not_varied
from ccsim.scenario.load import Opened, split_variants
from ccsim.text import scalars
from ccsim.text.deltas import decimal_text
from ccsim.text.ranges import UnfitError, span_of

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Path
    from ccsim.experiments.progress import Progress
    from ccsim.results.sweep import Sweep

STEP: Final = "10%"
FORMS: Final = "KEY, KEY=-10%..+10% (of what stands there), KEY=LOW..HIGH"
SAID: Final = "said"
"""Kind of an input that the user named."""
_RELATIVE: Final = re.compile(rf"(?P<sign>[+-])?(?P<number>{scalars.NUMBER}) ?%")


@dataclass(frozen=True, slots=True)
class DriversAsked:
    """What is to be moved, before anything is read."""

    scenario: str
    """File, `FILE:VARIANT`."""
    vary: Sequence[str] = ()
    """Inputs that the user names, see `FORMS`; none: those that are found."""
    kinds: Sequence[str] = ()
    """Kinds of inputs that are looked for; none: all."""
    step: str = STEP
    each: bool = False
    """Whether every input is moved alone, even where there are more than 12 of a kind."""
    changes: Changes = field(default_factory=Changes)
    effort: Effort = field(default_factory=Effort)
    kpis: Sequence[str] = ()
    staff: str = ""
    """`keep occupancy`: people follow the work at every point."""


def plan_drivers(asked: DriversAsked) -> SweepPlan:
    """Find, check and compile the points: two for each input. `CcsimError` with every fault; an input that was found
    and cannot be moved so is left out and said.
    """
    if asked.staff not in ("", KEEP_OCCUPANCY):
        raise CcsimError(f"--staff: expected '{KEEP_OCCUPANCY}', got '{asked.staff}'")
    step = _step(asked.step)
    kinds = _kinds(asked.kinds)
    file, named = split_variants(asked.scenario)
    opened, variants, settings = Opened(file), [*named, *asked.changes.variants], list(asked.changes.settings)
    loaded = opened.loaded(variants, settings)
    left_out: list[str] = []
    if asked.vary:
        drivers = _said(asked.vary, step)
    else:
        found = drivers_found(loaded.tree, step, kinds, each=asked.each)
        drivers = [one for each in found if (one := _possible(each, opened, variants, settings, left_out))]
    if not drivers:
        raise CcsimError(f"{asked.scenario}: nothing was found to move; name a key with --vary, like {FORMS}")
    points: list[tuple[tuple[str, str], ...]] = []
    told = []
    for one in drivers:
        row: dict[str, Any] = {"driver": one.name, "kind": one.kind, "keys": list(one.keys), "ends": list(one.ends)}
        for end in ("low", "high"):
            point = getattr(one, end)
            row[end] = len(points) + 1 if point else None
            points += [point] if point else []
        told.append(row)
    factors = {key: Varied(key, (value,), place=f"--vary {key}") for point in points for key, value in point}
    return plan_sweep(
        SweepAsked(
            [asked.scenario],
            list(factors.values()),
            points=points,
            changes=asked.changes,
            effort=asked.effort,
            kpis=asked.kpis,
            staff=asked.staff,
            question=f"What moves {loaded.scenario.scenario}?",
            about={"drivers": told, "step": decimal_text(step * 100) + "%", "left_out": left_out},
        )
    )


def _step(text: str) -> Fraction:
    found = _RELATIVE.fullmatch(text.strip())
    step = scalars.exact(found["number"]) / 100 if found and not found["sign"] else Fraction(0)
    if not 0 < step < 1:
        raise CcsimError(f"--step: expected a share of each value above 0% and below 100%, like 10%, got {text!r}")
    return step


def _kinds(said: Sequence[str]) -> list[str]:
    unknown = [one for one in said if one not in KINDS_OF_DRIVERS]
    if unknown:
        raise CcsimError(f"--only: there is no kind {unknown[0]!r}; expected one of {', '.join(KINDS_OF_DRIVERS)}")
    return list(said)


def _said(texts: Sequence[str], step: Fraction) -> list[Driver]:
    """Inputs as the user names them; `ScenarioError` with the faults of all."""
    made: dict[str, Driver] = {}
    faults = []
    for text in texts:
        key, equals, ends = (part.strip() for part in text.partition("="))
        try:
            if not key or (equals and not ends):
                raise UnfitError(f"expected {FORMS}, got {text!r}")
            if key in made:
                raise UnfitError("is named twice")
            if why := not_varied(key):
                raise UnfitError(f"cannot be moved: {why}")
            low, high = _ends(ends, step)
            made[key] = Driver(key, SAID, ((key, low),), ((key, high),), (low, high))
        except UnfitError as unfit:
            faults.append(Fault(str(unfit), key, "--vary"))
    if faults:
        raise ScenarioError(faults)
    return list(made.values())


def _ends(text: str, step: Fraction) -> tuple[str, str]:
    """Both ends as `--set` takes them; a per cent with a sign is of the value."""
    if not text:
        return f"x{decimal_text(1 - step)}", f"x{decimal_text(1 + step)}"
    low, dots, high = text.partition("..")
    if not dots or not low or not high or ":" in high:
        raise UnfitError(f"expected two ends, like -10%..+10% or 8..12, got {text!r}")
    both = [_RELATIVE.fullmatch(one.strip()) for one in (low, high)]
    if both[0] and both[1] and (both[0]["sign"] or both[1]["sign"]):
        factors = [1 + scalars.exact(one["number"]) / 100 * (-1 if one["sign"] == "-" else 1) for one in both if one]
        if min(factors) < 0:
            raise UnfitError(f"expected at least -100%, got {text!r}")
        return f"x{decimal_text(factors[0])}", f"x{decimal_text(factors[1])}"
    span = span_of(low, high)
    return span.at(Fraction(0)), span.at(Fraction(1))


def _possible(
    one: Driver, opened: Opened, variants: Sequence[str], settings: Sequence[str], left_out: list[str]
) -> Driver | None:
    """The input with those of its ends that make a scenario; why another is left out."""
    ends: dict[str, Any] = {}
    for end, words in zip(("low", "high"), one.ends, strict=True):
        ends[end] = getattr(one, end)
        if not ends[end]:
            continue
        try:
            opened.loaded(variants, [*settings, *(f"{key}={value}" for key, value in ends[end])])
        except ScenarioError as error:
            left_out.append(f"{one.name} at {words}: {error.faults[0].message}")
            ends[end] = ()
    return Driver(one.name, one.kind, ends["low"], ends["high"], one.ends) if any(ends.values()) else None


def drivers(
    scenario: Path,
    vary: Sequence[str] | Mapping[str, str] = (),
    *,
    step: str = STEP,
    kinds: Sequence[str] = (),
    each: bool = False,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    resume: bool = False,
    variants: Sequence[str] = (),
    settings: Sequence[str] = (),
    kpis: Sequence[str] = (),
    staff: str = "",
    allow_outside: bool = False,
    anyway: bool = False,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Sweep:
    """Move each input of a scenario by a step, on common random numbers, and tell what that does.

    Parameters
    ----------
    scenario
        File of the scenario (`FILE:VARIANT`).
    vary
        Keys that are moved, alone or with both ends: `KEY`, `KEY=-10%..+10%`, `KEY=8..12`; or ends by key. Default:
        the inputs that are found in the scenario.
    step
        Part of each value.
    kinds
        Kinds of inputs that are looked for, of `ccsim.experiments.drivers_found.KINDS_OF_DRIVERS`; default all.
    each
        Move every input alone, even where there are more than 12 of a kind.
    staff
        `keep occupancy`: people follow the work that an input moves; an input that is people moves nobody else.
    replications, seed, workers, out, resume, variants, settings, kpis, allow_outside, anyway
        As in `sweep`.

    Returns
    -------
    Sweep
        `ccsim.metrics.drivers.effects` makes the table of effects from it.

    Raises
    ------
    CcsimError
        Every fault of all points, each once.
    KeyboardInterrupt
        Stopped; the text says what is kept.
    """
    from ccsim.experiments.sweep import swept
    from ccsim.text.within import files_from_outside

    said = [f"{key}={ends}" for key, ends in vary.items()] if isinstance(vary, Mapping) else list(vary)
    changes, effort = Changes(variants, settings), Effort(replications, seed, workers, anyway)
    asked = DriversAsked(os.fspath(scenario), said, kinds, step, each, changes, effort, kpis, staff)
    with files_from_outside(allow_outside):
        plan = plan_drivers(asked)
    return swept(plan, out=out, resume=resume, progress=progress, command=command)
