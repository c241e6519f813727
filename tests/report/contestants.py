"""Alternatives of the made-up centre, for comparisons."""

from __future__ import annotations

from functools import partial
from typing import Any

from ccsim.experiments.compare_alternatives import Contestant
from ccsim.experiments.plan import Plan
from tests.support.stand_in.centre import GOALS, MEASURED, SCENARIO, centre_model, centre_simulate, goal

COSTLY = goal("cost_per_contact", at_most=10)


def contestant(
    name: str, volume: float = 1.0, *, goals: tuple[Any, ...] = (*GOALS, COSTLY), changes: tuple[str, ...] = ()
) -> Contestant:
    """The centre with its contacts times `volume`."""
    plan = Plan(
        name=name, measured=MEASURED, goals=goals, seed=7, replications=4, workers=1, scenario=SCENARIO,
        files={"fake.yaml": "ab" * 32}, holidays={}, command=["ccsim"],
    )  # fmt: skip
    return Contestant(plan, centre_model(), partial(centre_simulate, volume=volume), changes)
