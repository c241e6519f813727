"""Queue time-outs that lead on, against theory, and against runs that must be the same."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.records.outcomes import outcome
from ccsim.records.tables import QUEUE_SUMS
from ccsim.records.visit_rows import VISITS
from ccsim.theory import Constant, erlang_b, mmn_g
from ccsim.units import MINUTE
from tests.support.random_numbered import random_scenario
from tests.support.stories import script, tell

REPLICATIONS = 12
TEAM = """
horizon: {{start: 2026-01-05, warm_up: 2h, length: 4d, drain: 5h, interval: 1d}}
handle_time: {{law: exponential, mean: 3m}}
patience: never
service_level: {{within: [30s]}}
channels: {{phone: {{max_wait: {{after: {after}, then: {{tier: t2}}, wait: {wait}}}}}}}
workflows: {{calls: {{tiers: {{t1: {{}}, t2: {{}}}}}}}}
demand: {{calls: {{per_minute: 1.6}}}}
pools: {{front: {{tier: t1, staffing: 5}}, help: {{tier: t2, staffing: 60}}}}
"""


def simulated(body: str) -> dict[str, tuple[float, float]]:
    """Means over replications and standard errors: share timing out, mean wait (minutes), answered within 30 s."""
    model = compile_model(script(body))
    rows = []
    for replication in range(REPLICATIONS):
        sums = simulate(model, seed=3, replication=replication).tables["queue_sums"][:, 1:].sum(axis=0)
        told = {column.name: int(sums[place]) for place, column in enumerate(QUEUE_SUMS[2:])}
        assert told["arrived"] == told["offered"] == told["answered"]  # once each, and nobody is lost
        within = int(sums[len(QUEUE_SUMS) - 2])
        wait = told["wait_answered_us"] / told["answered"] / 60e6
        rows.append((told["requeued"] / told["arrived"], wait, within / told["answered"]))
    found = np.array(rows)
    errors = found.std(axis=0, ddof=1) / REPLICATIONS**0.5
    return dict(
        zip(("timed out", "wait", "within"), zip(found.mean(0).tolist(), errors.tolist(), strict=True), strict=True)
    )


@pytest.mark.parametrize("wait", ["restarts", "goes_on"])
def test_the_share_that_times_out_is_that_of_a_constant_patience(wait: str) -> None:
    """M/M/5 with the time-out as patience; who times out is answered at once by a team that is never short."""
    theory = mmn_g(1.6, 3.0, 5, Constant(1.0))
    found = simulated(TEAM.format(after="1m", wait=wait))
    expected = {"timed out": theory.p_abandon, "wait": theory.mean_wait_offered, "within": theory.answered_within(0.5)}
    for name, value in expected.items():
        mean, error = found[name]
        assert abs(mean - value) < 4 * error, (name, mean, error, value)
        assert error < value / 20, name


def test_a_time_out_of_nothing_is_a_loss_system() -> None:
    mean, error = simulated(TEAM.format(after="0s", wait="restarts"))["timed out"]
    assert abs(mean - erlang_b(1.6, 3.0, 5).p_block) < 4 * error


ONE = """
horizon: {start: 2026-01-05, length: 12h, drain: 5h, interval: 1h}
handle_time: {law: constant, value: 3m}
patience: {law: exponential, mean: 5m}
workflows: {calls: {tiers: {t1: {}, t2: {}}}}
demand: {calls: {per_minute: 1.6}}
pools: {desk: {tier: [t1, t2], staffing: [[00:00, 5], [06:00, 4]]}}
"""


def _ends(more: str) -> list[tuple[int, ...]]:
    """When each contact came, when it was answered or lost, and by whom."""
    told = tell(ONE + more)
    ends: dict[tuple[int, ...], tuple[int, ...]] = {}
    for number, visit, joined, left, agent, before in told.lives("number visit joined_us left_us agent before_us"):
        last = ends.get((number,), (-1, 0, 0, 0))
        ends[number,] = max(last, (visit, joined - before, left, agent))
    return sorted(end[1:] for end in ends.values())


def test_a_wait_that_goes_on_at_the_same_desk_changes_nothing() -> None:
    """The same agents serve both tiers by when contacts joined: place and patience are what they were."""
    plain = _ends("")
    wait = "channels: {phone: {max_wait: {after: 40s, then: {tier: t2}, wait: WAIT}}}\n"
    assert _ends(wait.replace("WAIT", "goes_on")) == plain
    assert _ends(wait.replace("WAIT", "restarts")) != plain


def test_a_time_out_after_all_patience_changes_nothing() -> None:
    more = "channels: {phone: {max_wait: {after: 11h, then: {tier: t2}}}}\n"
    assert tell(ONE + more).lives("left_us agent outcome", "calls") == tell(ONE).lives("left_us agent outcome", "calls")


@pytest.mark.parametrize("number", [14, 23])
def test_pauses_and_small_arrays_change_nothing(number: int) -> None:
    scenario = random_scenario(number)
    model = compile_model(scenario)
    pauses = list(range(0, model.span.end, 37 * MINUTE))
    whole = simulate(model, seed=scenario.run.seed, replication=0, visits=True).tables
    small = {"slot_rows": 4, "log_rows": 5, "event_rows": 128}
    cut = simulate(model, seed=scenario.run.seed, replication=0, visits=True, pauses=pauses, check=True, **small).tables
    at = [column.name for column in VISITS[1:]].index("outcome")
    assert (whole["visits"][:, at] == outcome("requeued")).sum() > 100
    for name, rows in whole.items():
        np.testing.assert_array_equal(rows, cut[name], err_msg=name)
