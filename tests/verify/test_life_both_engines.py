"""The cases of the life of a contact, briefly: the kernel and the readable engine give the same tables, row by row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.engine.reference import simulate_by_reference

from .backend import Scenario
from .cases import REFERENCE, Library
from .families import replications_of_all
from .replications import Days, Length, Simulation, Steady, with_horizon

FAMILIES = ("returns", "cases", "bot", "callback", "balking", "satisfaction", "transfer")
LIBRARY = Library(REFERENCE)
SIMULATIONS = [
    pytest.param(one, id=f"{case.id} {one.name}".strip())
    for case in LIBRARY.cases
    if case.family in FAMILIES
    for one in replications_of_all(case, LIBRARY)
    if isinstance(one.plan, Days | Steady)
]


def briefly(one: Simulation) -> dict[str, Any]:
    """The scenario with a few hundred contacts, some of them before the counted time, some after it."""
    if isinstance(one.plan, Days):
        said = dict(one.scenario)
        if one.plan.contacts > 5_000:
            said["horizon"] = dict(said["horizon"]) | {"warm_up": "1d", "length": "1d", "drain": "1d"}
        return said
    rate = one.plan.rate
    said = with_horizon(one.scenario, Length(math.ceil(150 / rate), math.ceil(500 / rate), 1))
    return said | {"horizon": dict(said["horizon"]) | {"drain": f"{math.ceil(300 / rate)}m"}}


@pytest.mark.parametrize("one", SIMULATIONS)
def test_both_engines_give_the_same_tables(one: Simulation) -> None:
    model = Scenario(briefly(one), one.files).model
    kernel = simulate(model, seed=5, replication=0, visits=True).tables
    plain = simulate_by_reference(model, seed=5, replication=0, visits=True).tables
    assert kernel.keys() == plain.keys()
    assert len(kernel["visits"]) > (0 if one.files else 50)  # a file says how many
    for name, rows in kernel.items():
        assert np.array_equal(np.asarray(rows), np.asarray(plain[name])), name
