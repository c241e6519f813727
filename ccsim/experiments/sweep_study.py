"""From a study to what is swept: its factors, and the points that its design draws."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.asked import Changes, SweepAsked, SweepOptions
from ccsim.experiments.sweep_factors import Varied
from ccsim.experiments.until_rule import until_of_points
from ccsim.language.questions import AskedSweep
from ccsim.language.studies import Design, StudiedValues, Study, Swept
from ccsim.metrics.decide import Until
from ccsim.scenario.questions import AskedQuestion
from ccsim.scenario.studies import read_study

NOTHING_GIVEN: Final = SweepOptions()


def asked_of(scenarios: Sequence[str], factors: Sequence[Varied], given: SweepOptions) -> SweepAsked:
    """What options ask of some scenarios, each `FILE:VARIANT`, at every combination of the factors."""
    until = until_of_points(
        given.until, replications=given.effort.replications, most_replications=given.max_replications
    )
    return SweepAsked(
        scenarios,
        factors,
        changes=given.changes,
        effort=given.effort,
        kpis=given.kpis,
        scopes=given.scopes,
        staff=given.staff,
        until=until,
    )


def asked_by(path: str | os.PathLike[str], given: SweepOptions = NOTHING_GIVEN) -> SweepAsked:
    """What a study asks; what is given here goes before what it says. `ScenarioError` with every fault."""
    study = read_study(path)
    folder = Path(path).parent
    return _swept_by(study, [os.fspath(folder / one) for one in study.scenarios], heading_of(study), given)


def asked_in(question: AskedQuestion, given: SweepOptions = NOTHING_GIVEN) -> SweepAsked:
    """What a question of a scenario's file asks; what is given here goes before what it says. A variant that it is
    about is told against the scenario without it."""
    assert isinstance(question.said, AskedSweep)
    scenarios = [question.base, *([question.source] if question.said.on else [])]
    asked = _swept_by(question.said, scenarios, question.text, given)
    return replace(asked, written_only=len(scenarios) - 1, staff_of=question.base)


def _swept_by(said: Swept, scenarios: Sequence[str], heading: str, given: SweepOptions) -> SweepAsked:
    factors = [
        Varied(key, found.values, found.place.source.name, found.place.line, found.place.column)
        for key, found in said.over.items()
    ]
    effort = given.effort.over(said.replications, said.seed)
    return SweepAsked(
        scenarios=scenarios,
        factors=factors,
        rows=None if said.design.kind == "grid" else drawn(list(said.over.values()), said.design),
        changes=Changes(settings=[*said.settings, *given.changes.settings]),
        effort=effort,
        until=_until(said, given, effort.replications),
        kpis=tuple(dict.fromkeys((*said.kpis, *given.kpis))),
        scopes=said.by,
        question=heading,
        staff=given.staff or said.staff or "",
        about=_about(said),
    )


def _until(study: Swept, given: SweepOptions, first: int | None) -> Until | None:
    """What each point waits for; a fault of what the study says stands at its place."""
    most = study.max_replications if given.max_replications is None else given.max_replications
    said = study.until
    if given.until is not None or said is None:
        return until_of_points(given.until, replications=first, most_replications=most)
    try:
        return until_of_points(said.text, replications=first, most_replications=most)
    except CcsimError as error:
        at = said.place
        raise ScenarioError([Fault(str(error), "until", at.source.name, at.line, at.column)]) from None


def _about(said: Swept) -> dict[str, Any]:
    """What pages are told beside the points: which is the best, what is plotted, what Sobol indices are made from."""
    found: dict[str, Any] = {}
    if said.best is not None:
        found["best"] = said.best.kpi
    if said.plot is not None:
        found["plot"] = {"x": said.plot.x, "y": said.plot.y, "line": said.plot.line}
    if said.design.kind == "saltelli":
        found["saltelli"] = {"points": said.design.points, "keys": list(said.over)}
    return found


def heading_of(study: Study) -> str:
    """What heads the answer."""
    return f"{study.study}: {study.question}" if study.question else study.study


def drawn(factors: Sequence[StudiedValues], design: Design) -> list[tuple[str, ...]]:
    """The points of a design that draws: a value of each factor, the same for the same seed."""
    unit = unit_points(design, len(factors))
    return [tuple(_value(one, float(part)) for one, part in zip(factors, row, strict=True)) for row in unit]


def unit_points(design: Design, factors: int) -> NDArray[np.float64]:
    """The points of a design that draws, as parts of the way through each factor: shape [points, factors].

    Latin hypercube: each factor has one point in each of n equal parts (McKay, Beckman and Conover, 1979). Sobol: a
    scrambled sequence (Owen, 1995), of a power of two points. Both by `scipy.stats.qmc`. Saltelli: `points` rows of
    `ccsim.theory.sobol.saltelli_design`, sample by sample.
    """
    from scipy.stats import qmc

    from ccsim.theory.sobol import saltelli_design

    assert design.points is not None
    rng = np.random.default_rng(design.seed)
    if design.kind == "saltelli":
        return saltelli_design(factors, design.points, design.seed).reshape(-1, factors)
    if design.kind == "sobol":
        return np.asarray(qmc.Sobol(factors, scramble=True, rng=rng).random(design.points))
    return np.asarray(qmc.LatinHypercube(factors, rng=rng).random(design.points))


def _value(one: StudiedValues, part: float) -> str:
    if one.span is not None:
        return one.span.sampled(part)
    return one.values[int(part * len(one.values))]
