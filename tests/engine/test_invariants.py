"""What must hold at every pause, over random small scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccsim.engine import simulate
from ccsim.kernel.invariants import BrokenInvariantError, check_state
from ccsim.kernel.layout import AGENT_HELD
from ccsim.language.scenario import Scenario
from ccsim.language.section import Section
from ccsim.model import Model, compile_model
from ccsim.records.outcomes import outcome
from ccsim.records.tables import FLOW_INTERVALS, POOL_INTERVALS
from ccsim.records.visit_rows import VISITS
from tests.support.random_scenarios import globes, scenarios

SUMS = {column.name: i - 1 for i, column in enumerate(FLOW_INTERVALS)}
VISIT = {column.name: i - 1 for i, column in enumerate(VISITS)}
MANY = settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], but: tuple[str, ...] = ()) -> None:
    assert one.keys() == other.keys()
    for name in one:
        if name not in but:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@MANY
@given(scenarios() | globes(), st.data())
def test_cuts_and_small_arrays_change_nothing(scenario: Scenario, data: st.DataObject) -> None:
    model = compile_model(scenario)
    whole = simulate(model, seed=scenario.run.seed, replication=0, visits=True)
    cuts = data.draw(st.lists(st.integers(0, model.span.end), max_size=12))
    grid = list(range(0, model.span.end, 37 * 60_000_000))
    cut = simulate(
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
@given(scenarios() | globes())
def test_conservation(scenario: Scenario) -> None:
    model = compile_model(scenario)
    tables = simulate(model, seed=scenario.run.seed, replication=0, visits=True).tables
    total = {name: int(tables["flow_intervals"][:, i].sum()) for name, i in SUMS.items() if name in _names(model)}
    assert total["offered"] == (
        sum(
            total[end]
            for end in (
                *("answered", "callbacks_reached", "abandoned", "balked", "moved_on", "cleared"),
                *("not_reached", "expired", "open_waiting"),
            )
        )
    )
    ends = ("resolved", "escalated", "transferred", "unresolved", "open_in_hand")
    assert total["answered"] + total["callbacks_reached"] == sum(total[name] for name in ends)
    visits = tables["visits"]
    counted = visits[visits[:, VISIT["counted"]] == 1]
    avoided = counted[:, VISIT["outcome"]] == outcome("deflected")
    assert total["deflected"] == avoided.sum()
    counted = counted[~avoided]
    # a contact comes in with its session, or with its first visit if it had none
    contact = [VISIT[name] for name in ("case_queue", "date", "number", "contact")]
    came = len(np.unique(counted[counted[:, VISIT["visit"]] <= 0][:, contact], axis=0))
    assert total["arrived"] == came == tables["replications"][0, 0]
    ways_in = ("by_peers", "offered", "blocked", "closed", "sessions")
    assert sum(total[name] for name in ways_in) == len(counted)
    ends = ("contained", "falsely_contained", "left_bot", "handed_off", "open_in_session")
    assert total["sessions"] == sum(total[name] for name in ends)
    on = [outcome(name) for name in ("escalated", "transferred", "handed_off")]
    sent_on = np.isin(counted[:, VISIT["outcome"]], on).sum()
    assert (
        sent_on <= len(counted) - total["arrived"] <= sent_on + total["open_in_hand"]
    )  # some wrap up when the replication ends
    waits = counted[:, VISIT["left_us"]] - counted[:, VISIT["joined_us"]]
    ended, hung_up = counted[:, VISIT["outcome"]] != outcome("open_waiting"), counted[:, VISIT["callback"]] == 2
    reached = hung_up & (counted[:, VISIT["pool"]] >= 0)
    phoned = counted[:, VISIT["hung_up_us"]] - counted[:, VISIT["joined_us"]]
    assert np.all(phoned[~hung_up] == waits[~hung_up])
    assert np.all((phoned >= 0) & (phoned <= waits))
    assert total["wait_answered_us"] + total["wait_abandoned_us"] + total["wait_other_us"] == sum(phoned[ended])
    assert (total["callbacks"], total["callbacks_reached"]) == (hung_up.sum(), reached.sum())
    assert total["wait_callback_us"] == sum((waits - phoned)[reached])
    squares = (total["wait_answered_sq_hi"] << 40) + total["wait_answered_sq_lo"]
    answered = (counted[:, VISIT["pool"]] >= 0) & ~hung_up
    assert squares == sum(int(w) ** 2 for w in waits[answered])
    identity = visits[:, [VISIT[n] for n in ("case_queue", "date", "number", "contact", "visit")]]
    assert len(np.unique(identity, axis=0)) == len(identity)


def _names(model: Model) -> set[str]:
    return {column.name for column in FLOW_INTERVALS[3:]}


@MANY
@given(scenarios() | globes())
def test_every_second_of_every_agent_is_in_one_state(scenario: Scenario) -> None:
    model = compile_model(scenario)
    tables = simulate(model, seed=scenario.run.seed, replication=0).tables
    table = tables["pool_intervals"]
    column = {name.name: table[:, i] for i, name in enumerate(POOL_INTERVALS[1:])}
    signed, paid = column["signed_in_us"], column["paid_us"]
    assert np.all(column["in_hand_us"] <= signed)
    assert np.all(column["in_hand_us"] <= column["held_us"])
    assert np.all(column["planned_us"] >= 0)
    assert np.all(column["overtime_us"] >= 0)
    assert np.all(paid >= signed + column["absent_us"])
    assert np.all(paid <= signed + column["absent_us"] + column["break_us"])
    assert np.all(column["rated_us"] >= paid)
    assert tables["shrinkage"][:, 2].sum() == column["break_us"].sum() + column["absent_us"].sum()


@MANY
@given(scenarios() | globes())
def test_order_of_declaration_changes_nothing(scenario: Scenario) -> None:
    turned = scenario.model_copy(
        update={name: _turned(values) for name, values in vars(scenario).items() if isinstance(values, dict)}
        | {"routing": _turned(scenario.routing)}
    )
    same(
        simulate(compile_model(scenario), seed=1, replication=3, visits=True).tables,
        simulate(compile_model(turned), seed=1, replication=3, visits=True).tables,
    )


def _turned(value: Any) -> Any:
    """The same with every mapping in it in the opposite order, but tiers, whose order means something."""
    if isinstance(value, dict):
        return {name: _turned(inner) for name, inner in reversed(value.items())}
    if isinstance(value, Section):
        return value.model_copy(
            update={name: _turned(inner) for name, inner in vars(value).items() if name != "tiers" and _nested(inner)}
        )
    return value


def _nested(value: Any) -> bool:
    return isinstance(value, dict | Section)


def test_a_broken_state_is_seen() -> None:
    from tests.engine.desks import erlang_a

    model = compile_model(erlang_a(servers=2, per_minute=2.0))

    def break_it(under_way: object) -> object:
        yield under_way.env.timeout(3_600_000_000)  # type: ignore[attr-defined]
        under_way.state.agents[0, AGENT_HELD] += 1  # type: ignore[attr-defined]
        check_state(model.rules, under_way.state, under_way.env.now)  # type: ignore[attr-defined]

    with pytest.raises(BrokenInvariantError, match="agents hold"):
        simulate(model, seed=1, replication=0, processes=[break_it])  # type: ignore[list-item]


def test_records_of_another_width_are_refused() -> None:
    from tests.engine.desks import erlang_a

    def widen(under_way: object) -> object:
        yield under_way.env.timeout(3_600_000_000)  # type: ignore[attr-defined]
        state = under_way.state  # type: ignore[attr-defined]
        under_way.state = state._replace(slots=np.pad(state.slots, ((0, 0), (0, 1))))  # type: ignore[attr-defined]

    with pytest.raises(BrokenInvariantError, match="as wide as"):
        simulate(compile_model(erlang_a(servers=2, per_minute=2.0)), seed=1, replication=0, processes=[widen])  # type: ignore[list-item]
