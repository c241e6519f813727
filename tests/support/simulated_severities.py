"""Visits as they are simulated, with the severity of each."""

from __future__ import annotations

import numpy as np

from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from tests.support.stories import VISIT


def simulated(scenario: Scenario, seed: int = 4) -> tuple[list[str], np.ndarray]:
    """Severity of each visit, and the visits."""
    model = compile_model(scenario)
    columns = {row[0]: row for row in model.names["queues"]}
    visits = np.array(simulate(model, seed=seed, replication=0, visits=True).tables["visits"])
    return [str(columns[queue][-1]) for queue in visits[:, VISIT["queue"]].tolist()], visits
