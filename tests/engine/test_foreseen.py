"""What is foreseen of a run agrees with what is simulated."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim import api
from ccsim.centre.foresee import foresee
from ccsim.scenario import loads

ROUNDS = """
scenario: rounds
horizon: {start: 2026-03-02, length: 2d, drain: 10d}
run: {replications: 30, seed: 7}
demand: {a: {per_minute: 0.5}, plain: {per_minute: 0.25}}
handle_time: 2m
workflows:
  a:
    tiers:
      t1: {resolved: 20%, transfers: {b: 30%}, escalated: 10%}
      t2: {resolved: 50%, transfers: {b: 50%}}
    returns: {after_unresolved: {share: 25%, after: 20m, attempts: 2}}
  b: {tiers: {t1: {resolved: 50%, transfers: {a: 40%}}}}
pools: {desk: {tier: [t1, t2], staffing: 40}}
"""


def test_visits_through_tiers_transfers_and_returns_are_those_that_are_foreseen() -> None:
    scenario = loads(ROUNDS)
    seen = foresee(scenario)
    run = api.run(scenario)
    simulated = run.tables["queue_sums"].groupby("replication")["offered"].sum().to_numpy()
    error = simulated.std(ddof=1) / np.sqrt(len(simulated))
    assert run.estimate("abandonment")["estimate"] == pytest.approx(0)
    assert abs(simulated.mean() - seen.visits) < 3.5 * error
    assert seen.visits > 1.5 * seen.contacts
