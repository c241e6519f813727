"""What must hold at every pause, over random small scenarios."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccsim.engine import play
from ccsim.kernel.invariants import BrokenInvariantError, check_state
from ccsim.model import Model, compile_model
from ccsim.results.schema import QUEUE_INTERVALS, VISITS
from ccsim.scenario.sections import Scenario
from tests.engine.random_scenarios import scenarios

SUMS = {column.name: i - 1 for i, column in enumerate(QUEUE_INTERVALS)}
VISIT = {column.name: i - 1 for i, column in enumerate(VISITS)}
MANY = settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], but: tuple[str, ...] = ()) -> None:
    assert one.keys() == other.keys()
    for name in one:
        if name not in but:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@MANY
@given(scenarios(), st.data())
def test_cuts_and_small_arrays_change_nothing(scenario: Scenario, data: st.DataObject) -> None:
    model = compile_model(scenario)
    whole = play(model, seed=scenario.run.seed, replication=0, visits=True)
    cuts = data.draw(st.lists(st.integers(0, model.span.end), max_size=12))
    grid = list(range(0, model.span.end, 37 * 60_000_000))
    cut = play(
        model,
        seed=scenario.run.seed,
        replication=0,
        visits=True,
        pauses=[*cuts, *grid],
        check=True,
        slot_rows=4,
        log_rows=5,
        event_rows=128,
    )
    same(whole.tables, cut.tables)


@MANY
@given(scenarios())
def test_conservation(scenario: Scenario) -> None:
    model = compile_model(scenario)
    tables = play(model, seed=scenario.run.seed, replication=0, visits=True).tables
    total = {name: int(tables["queue_intervals"][:, i].sum()) for name, i in SUMS.items() if name in _names(model)}
    assert total["offered"] == (
        total["answered"] + total["abandoned"] + total["moved_on"] + total["cleared"] + total["open_waiting"]
    )
    assert total["answered"] == (total["resolved"] + total["escalated"] + total["unresolved"] + total["open_in_hand"])
    visits = tables["visits"]
    counted = visits[visits[:, VISIT["counted"]] == 1]
    assert total["arrived"] == np.sum(counted[:, VISIT["visit"]] == 0) == tables["replications"][0, 0]
    assert total["offered"] + total["blocked"] + total["closed"] == len(counted)
    waits = counted[:, VISIT["left_us"]] - counted[:, VISIT["joined_us"]]
    assert total["wait_answered_us"] + total["wait_abandoned_us"] + total["wait_other_us"] == sum(
        waits[counted[:, VISIT["outcome"]] != 8]
    )
    squares = (total["wait_answered_sq_hi"] << 40) + total["wait_answered_sq_lo"]
    assert squares == sum(int(w) ** 2 for w, pool in zip(waits, counted[:, VISIT["pool"]], strict=True) if pool >= 0)
    identity = visits[:, [VISIT[n] for n in ("queue", "date", "number", "contact", "visit")]]
    assert len(np.unique(identity, axis=0)) == len(identity)


def _names(model: Model) -> set[str]:
    return {column.name for column in QUEUE_INTERVALS[3:]}


@MANY
@given(scenarios())
def test_every_second_of_every_agent_is_in_one_state(scenario: Scenario) -> None:
    model = compile_model(scenario)
    table = play(model, seed=scenario.run.seed, replication=0).tables["pool_intervals"]
    planned, signed, in_hand, held, paid, on_break, overtime = (table[:, i] for i in range(2, 9))
    assert np.all(in_hand <= signed)
    assert np.all(in_hand <= held)
    assert np.all(planned >= 0)
    assert np.all(overtime >= 0)
    assert np.all(paid >= signed)
    assert np.all(paid <= signed + on_break)


@MANY
@given(scenarios())
def test_order_of_declaration_changes_nothing(scenario: Scenario) -> None:
    turned = scenario.model_copy(
        update={
            name: dict(reversed(list(getattr(scenario, name).items())))
            for name in ("demand", "pools", "channels", "workflows", "segments", "queue_groups")
        }
    )
    same(
        play(compile_model(scenario), seed=1, replication=3, visits=True).tables,
        play(compile_model(turned), seed=1, replication=3, visits=True).tables,
    )


def test_a_broken_state_is_seen() -> None:
    from tests.engine.desks import erlang_a

    model = compile_model(erlang_a(servers=2, per_minute=2.0))

    def break_it(under_way: object) -> object:
        yield under_way.env.timeout(3_600_000_000)  # type: ignore[attr-defined]
        under_way.state.agents[0, 2] += 1  # type: ignore[attr-defined]
        check_state(model.rules, under_way.state, under_way.env.now)  # type: ignore[attr-defined]

    with pytest.raises(BrokenInvariantError, match="agents hold"):
        play(model, seed=1, replication=0, processes=[break_it])  # type: ignore[list-item]
