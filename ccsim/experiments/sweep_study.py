"""From a study to what is swept: its factors, and the points that its design draws."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.sweep_factors import Varied
from ccsim.experiments.sweep_plan import SweepAsked
from ccsim.experiments.until_rule import with_rule
from ccsim.language.studies import Design, StudiedValues, Study
from ccsim.scenario.studies import read_study


def asked_by(
    path: str | os.PathLike[str],
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
    """What a study asks; what is given here goes before what it says. `ScenarioError` with every fault."""
    study = read_study(path)
    folder = Path(path).parent
    factors = [
        Varied(key, found.values, found.place.source.name, found.place.line, found.place.column)
        for key, found in study.factors.items()
    ]
    return SweepAsked(
        scenarios=[os.fspath(folder / one) for one in study.scenarios],
        factors=factors,
        rows=None if study.design.kind == "grid" else drawn(list(study.factors.values()), study.design),
        settings=[*(f"{key}={value}" for key, value in study.set.items()), *settings],
        seed=study.seed if seed is None else seed,
        workers=workers,
        **_how_many(study, until, most_replications, replications),
        kpis=tuple(dict.fromkeys((*study.outputs, *kpis))),
        scopes=study.by,
        question=question_of(study),
        staff=staff or study.staff or "",
        anyway=anyway,
        about=_about(study),
    )


def _how_many(
    study: Study, until: str | None, most_replications: int | None, replications: int | None
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


def _about(study: Study) -> dict[str, Any]:
    """What Sobol indices are made from, where the design is for them."""
    if study.design.kind != "saltelli":
        return {}
    return {"saltelli": {"points": study.design.points, "keys": list(study.factors)}}


def question_of(study: Study) -> str:
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
