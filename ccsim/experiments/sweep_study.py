"""From a study to what is swept: its factors, and the points that its design draws."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.sweep_factors import Varied
from ccsim.experiments.sweep_plan import SweepAsked
from ccsim.experiments.until_rule import with_rule
from ccsim.language.questions import AskedSweep
from ccsim.language.studies import Design, StudiedValues, Study, Swept
from ccsim.scenario.questions import AskedQuestion
from ccsim.scenario.studies import read_study


def asked_by(path: str | os.PathLike[str], **given: Any) -> SweepAsked:
    """What a study asks; what is given here goes before what it says, see `swept_by`. `ScenarioError` with every
    fault."""
    study = read_study(path)
    folder = Path(path).parent
    return swept_by(study, [os.fspath(folder / one) for one in study.scenarios], heading_of(study), **given)


def asked_in(question: AskedQuestion, **given: Any) -> SweepAsked:
    """What a question of a scenario's file asks; what is given here goes before what it says, see `swept_by`. A variant
    that it is about is told against the scenario without it."""
    assert isinstance(question.said, AskedSweep)
    scenarios = [question.base, *([question.source] if question.said.on else [])]
    asked = swept_by(question.said, scenarios, question.text, **given)
    return replace(asked, written_only=len(scenarios) - 1, staff_of=question.base)


def swept_by(
    said: Swept,
    scenarios: Sequence[str],
    heading: str,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    settings: Sequence[str] = (),
    kpis: Sequence[str] = (),
    anyway: bool = False,
    staff: str = "",
    until: str | None = None,
    most_replications: int | None = None,
) -> SweepAsked:
    """What a study or a question asks of some scenarios; what is given here goes before what it says."""
    factors = [
        Varied(key, found.values, found.place.source.name, found.place.line, found.place.column)
        for key, found in said.over.items()
    ]
    return SweepAsked(
        scenarios=scenarios,
        factors=factors,
        rows=None if said.design.kind == "grid" else drawn(list(said.over.values()), said.design),
        settings=[*said.settings, *settings],
        seed=said.seed if seed is None else seed,
        workers=workers,
        **_how_many(said, until, most_replications, replications),
        kpis=tuple(dict.fromkeys((*said.kpis, *kpis))),
        scopes=said.by,
        question=heading,
        staff=staff or said.staff or "",
        anyway=anyway,
        about=_about(said),
    )


def _how_many(
    study: Swept, until: str | None, most_replications: int | None, replications: int | None
) -> dict[str, Any]:
    """Replications or a rule; a fault of what the study says stands at its place."""
    many = study.replications if replications is None else replications
    most = study.max_replications if most_replications is None else most_replications
    said = study.until
    if until is not None or said is None:
        return with_rule(until=until, most_replications=most, replications=many)
    try:
        return with_rule(until=said.text, most_replications=most, replications=many)
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
