"""Sums of a global centre: nothing is lost between contacts, visits, agents, queues, flows and pools."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import Model, compile_model
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import CALENDAR, TABLES
from ccsim.scenario import load
from tests.support.files import SCENARIOS
from tests.support.small_globe import small_globe

DESK = SCENARIOS / "regional_desk.yaml"
WHICH = pytest.mark.parametrize("which", ["globe", "desk"])


def _scenario(which: str) -> Scenario:
    return small_globe() if which == "globe" else load(DESK)


@cache
def _simulated(which: str) -> tuple[Model, dict[str, np.ndarray]]:
    model = compile_model(_scenario(which))
    return model, simulate(model, seed=5, replication=0, visits=True).tables


def _sums(which: str, table: str) -> dict[str, int]:
    rows = _simulated(which)[1][table]
    return {column.name: int(rows[:, i].sum()) for i, column in enumerate(TABLES[table][1 : rows.shape[1] + 1])}


def _column(which: str, table: str, name: str) -> np.ndarray:
    return _simulated(which)[1][table][:, [column.name for column in TABLES[table][1:]].index(name)]


@WHICH
def test_every_contact_and_visit_ends_in_one_way(which: str) -> None:
    total = _sums(which, "queue_sums")
    visits = _simulated(which)[1]["visits"]
    seen = {column.name: visits[:, i] for i, column in enumerate(TABLES["visits"][1:])}
    counted = seen["counted"] == 1
    first = counted & (seen["visit"] == 0)
    assert total["arrived"] == first.sum() > 1000
    ways_in = total["by_peers"] + total["blocked"] + total["closed"] + total["offered"]
    assert ways_in == counted.sum()
    assert ways_in == total["arrived"] + total["escalated"] + total["transferred"]
    ways_out = ("answered", "abandoned", "moved_on", "cleared", "open_waiting")
    assert total["offered"] == sum(total[name] for name in ways_out)
    handled = ("resolved", "escalated", "transferred", "unresolved", "open_in_hand")
    assert total["answered"] == sum(total[name] for name in handled)
    for code, name in enumerate(OUTCOMES):
        assert total[name] == (counted & (seen["outcome"] == code)).sum(), name


@WHICH
def test_queues_add_up_to_flows_and_routes(which: str) -> None:
    model, tables = _simulated(which)
    queues, flows = tables["queue_sums"], tables["flow_intervals"]
    flow_of = np.array([row[2] for row in model.names["queues"]])[queues[:, 0]]
    for flow in range(len(model.names["flows"])):
        np.testing.assert_array_equal(
            queues[flow_of == flow][:, 1 + len(CALENDAR) :].sum(axis=0), flows[flows[:, 1] == flow][:, 2:].sum(axis=0)
        )
        calendar = tables["flow_calendar"][tables["flow_calendar"][:, 1] == flow]
        for i in range(len(CALENDAR)):
            assert queues[flow_of == flow][:, 1 + i].sum() == calendar[:, 2 + i].sum()
    answered = _column(which, "queue_sums", "answered")
    routed = np.zeros(len(model.names["queues"]), np.int64)
    np.add.at(routed, tables["routes"][:, 0], tables["routes"][:, 2])
    assert routed[queues[:, 0]].tolist() == answered.tolist()
    assert routed.sum() == answered.sum() == _sums(which, "waits")["answered"]
    for name in ("talk_us", "wrap_up_us"):
        assert _sums(which, "routes")[name] == _sums(which, "queue_sums")[name]


@WHICH
def test_every_paid_second_is_in_one_state(which: str) -> None:
    total = _sums(which, "pool_sums")
    breaks = total["paid_us"] - total["signed_in_us"] - total["absent_us"]
    assert 0 < breaks < total["break_us"]  # a part of the breaks is unpaid
    assert total["absent_us"] > 0
    assert _sums(which, "shrinkage")["away_us"] == total["break_us"] + total["absent_us"]
    for pool in range(len(_simulated(which)[0].names["pools"])):
        away = _column(which, "shrinkage", "away_us")[_column(which, "shrinkage", "pool") == pool].sum()
        mine = _column(which, "pool_sums", "pool") == pool
        assert away == sum(_column(which, "pool_sums", name)[mine].sum() for name in ("break_us", "absent_us"))
        hours = _column(which, "pool_intervals", "pool") == pool
        np.testing.assert_array_equal(
            _simulated(which)[1]["pool_sums"][mine][0, 1:],
            _simulated(which)[1]["pool_intervals"][hours][:, 2:].sum(axis=0),
        )


@WHICH
def test_what_is_scheduled_is_what_is_planned(which: str) -> None:
    model = _simulated(which)[0]
    names = [column.name for column in TABLES["workforce_plan"]]
    plan = {name: model.workforce_plan[:, i] for i, name in enumerate(names)}
    planned = np.zeros_like(model.planned_us)
    planned[plan["interval"], plan["pool"]] = plan["scheduled_us"]
    np.testing.assert_array_equal(planned, model.planned_us)
    assert np.all(plan["rostered_us"] >= plan["scheduled_us"])
    assert planned.sum() == _column(which, "pool_sums", "planned_us").sum()


def test_assigned_visits_are_those_offered_to_queues_with_vendor_shares() -> None:
    model, tables = _simulated("globe")
    offered = dict(zip(_column("globe", "queue_sums", "queue"), _column("globe", "queue_sums", "offered"), strict=True))
    assigned = tables["assigned"]
    assert np.all(assigned[:, 3] <= assigned[:, 2])
    assert assigned[:, 3].sum() < assigned[:, 2].sum()  # some took the overflow step to another vendor
    rows = model.rules.queues.rows
    for queue in np.unique(assigned[:, 0]):
        assert assigned[assigned[:, 0] == queue, 2].sum() == offered[queue]
        assert model.names["queues"][queue][5] == "sales"
    shared = [q for q in offered if rows[q, 4] > 1 and offered[q] > 0]  # more than one line
    assert set(shared) <= set(assigned[:, 0].tolist())


def test_residency_certification_and_language_hold_for_every_visit() -> None:
    model, tables = _simulated("globe")
    pools = [row[1] for row in model.names["pools"]]
    seen = set()
    for queue, pool in tables["routes"][:, :2]:
        _, _, _, stream, _, workflow, market, _, _, language, _, _, tier, *_ = model.names["queues"][queue]
        name = pools[pool]
        seen.add((market, workflow, language, tier, name))
        assert market != "us" or name.startswith("texas"), stream
        assert workflow != "billing" or name in ("texas", "prussia"), stream
        assert language != "es" or name in ("texas", "texas_helper"), stream
        assert tier != "t2" or name in ("texas", "prussia"), stream
    assert {name for market, *_, name in seen if market == "de"} == set(pools)
    assert ("de", "sales", "de", "t1", "texas") in seen  # translated


@WHICH
def test_digests_are_the_same_on_one_and_two_workers(which: str) -> None:
    runs = [api.run(_scenario(which), replications=2, workers=workers) for workers in (1, 2)]
    assert runs[0].digest == runs[1].digest


@pytest.mark.parametrize("rows", [{"slot_rows": 4, "log_rows": 5, "event_rows": 128}, {}])
def test_cuts_change_nothing(rows: dict[str, int]) -> None:
    model, whole = _simulated("globe")
    pauses = range(0, model.span.end, 41 * 60_000_000 + 7)
    cut = simulate(model, seed=5, replication=0, visits=True, pauses=pauses, check=not rows, **rows).tables
    for name, table in whole.items():
        np.testing.assert_array_equal(table, cut[name], err_msg=name)
