"""What contacts cost: paid by pool, allocated by queue."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.kpis.definitions import QUEUE_SCOPES
from ccsim.kpis.kpi import POOL_SCOPES_OF_COST
from ccsim.metrics.cost import Routed, paid_cost, translation_prices
from ccsim.metrics.estimates import estimate
from tests.support.stand_in.desk import MEASURED, QUEUES, desk_model, fake_run, queue_row, run_of_rows
from tests.support.stand_in.engine import rows_of

HOUR = 3_600_000_000
SPLITS = (*QUEUE_SCOPES[1:], *POOL_SCOPES_OF_COST)


def frames(queues, pools, routes, channels=None):
    columns = ["replication", "queue", "pool", "served", "held_us"]
    channel = channels or ["phone"] * queues
    return (
        pd.DataFrame(routes, columns=columns).astype("int64"),
        pd.DataFrame({"language": pd.Series(["en"] * queues, dtype="str"), "channel": pd.Series(channel, dtype="str")}),
        pd.DataFrame({"languages": pd.Series(["any"] * pools, dtype="str")}),
    )


def route_of(queue, pool, answered, hours, served=1, resolved=0):
    """What a pool did for a queue; hours held."""
    held = {"answered": answered, "served": served, "held_us": hours * HOUR, "resolved": resolved}
    return {"queue": queue, "pool": pool} | held


def test_a_pools_cost_goes_to_queues_by_the_time_that_it_held_their_visits():
    run = run_of_rows(
        np.concatenate([queue_row(queue=q, answered=10, resolved=5) for q in range(3)]),
        pool_sums=[rows_of("pool_sums", {"pool": 0, "rated_us": 9 * HOUR}, {"pool": 1, "rated_us": 2 * HOUR})],
        routes=[
            rows_of(
                "routes",
                route_of(0, 0, 8, 3, resolved=4),
                route_of(2, 0, 10, 1, resolved=5),
                route_of(0, 1, 2, 1, resolved=1),
                route_of(1, 1, 10, 1, resolved=5),
            )
        ],
    )
    desk, experts = 9 * 20, 2 * 50
    for name, cost in [
        ("calls/t1", desk * 3 / 4 + experts / 2),
        ("calls/t2", experts / 2),
        ("mails/t1", desk / 4),
    ]:
        assert run.estimate("cost_per_day", "queue", name)["numerator"] == pytest.approx(cost)
        assert run.estimate("cost_per_contact", "queue", name)["estimate"] == pytest.approx(cost / 10)
        assert run.estimate("cost_per_resolution", "queue", name)["estimate"] == pytest.approx(cost / 5)
    assert run.estimate("cost_per_resolution")["estimate"] == pytest.approx((desk + experts) / 15)
    assert run.estimate("cost_per_resolution", "pool", "desk")["estimate"] == pytest.approx(desk / 9)
    assert run.estimate("cost_per_resolution", "pool", "experts")["estimate"] == pytest.approx(experts / 6)


def test_premiums_count():
    hours = {"pool": 0, "paid_us": 10 * HOUR, "rated_us": 12 * HOUR, "answered": 60}
    run = run_of_rows(queue_row(answered=60), pool_sums=[rows_of("pool_sums", hours)])
    assert run.estimate("cost_per_contact")["estimate"] == pytest.approx(12 * 20 / 60)


def test_translated_visits_have_their_price():
    model = desk_model()
    model.names["queues"] = [
        (*row[:9], language, *row[10:]) for row, language in zip(QUEUES, ("fi", "en", "sv"), strict=True)
    ]
    model.names["pools"] = [
        (0, "desk", "t1", "manila", "northwind", "APAC", "en+sv", 30),
        (1, "experts", "t1", "austin", "house", "NA", "de", 12),
    ]
    measured = replace(MEASURED, paid_hour={}, translations=(("de", 2.0), ("en", 0.5)))
    visits = [(q, p, 10 * (q + 1) + p) for q in range(3) for p in range(2)]
    routes = rows_of("routes", *(route_of(q, p, n, 1, served=n) for q, p, n in visits))
    run = run_of_rows(
        np.concatenate([queue_row(queue=q, answered=1) for q in range(3)]),
        measured=measured, model=model, routes=[routes],
        pool_sums=[rows_of("pool_sums", {"pool": 0, "rated_us": HOUR, "answered": 60}, {"pool": 1})],
    )  # fmt: skip
    costs = {"fi": 10 * 0.5 + 11 * 2.0, "en": 21 * 2.0, "sv": 31 * 2.0}
    for language, cost in costs.items():
        assert run.estimate("cost_per_day", "language", language)["numerator"] == pytest.approx(cost), language
    assert run.estimate("cost_per_day", "pool", "desk")["numerator"] == pytest.approx(10 * 0.5)
    assert run.estimate("cost_per_day")["numerator"] == pytest.approx(sum(costs.values()))


def routed_by(routes, *others):
    """Routes of one table, given a row at a time: how they are cut changes nothing."""
    return Routed(lambda: (routes.iloc[[i]] for i in range(len(routes))), *others)


def test_who_speaks_every_language_translates_nothing():
    queues = pd.DataFrame({"language": ["fi", "any"]})
    pools = pd.DataFrame({"languages": ["any", "en"]})
    measured = replace(MEASURED, translations=(("en", 3.0),))
    assert translation_prices(queues, pools, measured).tolist() == [[0, 3], [0, 0]]


@pytest.mark.parametrize("scope", SPLITS)
def test_every_split_adds_up_to_the_whole_cost(scope):
    run = fake_run(4, measured=replace(MEASURED, translations=(("en", 0.4),)))
    whole = run.estimate("cost_per_day")
    rows = estimate(run.tables, run.measured, kpis=["cost_per_day"], scopes=[scope])
    assert rows["estimate"].sum() == pytest.approx(whole["estimate"], rel=1e-12)
    resolved = estimate(run.tables, run.measured, kpis=["cost_per_resolution"], scopes=[scope])
    assert resolved["denominator"].sum() == pytest.approx(run.tables["queue_sums"]["resolved"].sum(), rel=1e-12)


route = st.tuples(
    st.integers(0, 1),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(1, 10**9),
    st.integers(0, 10**9),
)


@settings(derandomize=True, max_examples=150)
@given(
    st.lists(route, max_size=12, unique_by=lambda row: row[:3]),
    st.lists(st.floats(0, 1e6), min_size=6, max_size=6),
)
def test_what_is_paid_is_allocated_whoever_answered(routes, paid):
    routed = routed_by(*frames(3, 3, routes), MEASURED, 2)
    cost = np.array(paid).reshape(3, 2)
    made = routed.allocated(cost)
    assert (made >= 0).all()
    np.testing.assert_allclose(made.sum(axis=0), cost.sum(axis=0), rtol=1e-12, atol=1e-9)


def test_a_chat_of_three_at_a_time_costs_a_third_of_the_time_it_is_held():
    measured = replace(MEASURED, concurrency={"chat": 3})
    routed = routed_by(*frames(2, 1, [(0, 0, 0, 1, 30), (0, 1, 0, 1, 10)], ["chat", "phone"]), measured, 1)
    assert routed.allocated(np.array([[100.0]])).ravel().tolist() == [50.0, 50.0]


def test_visits_of_contacts_that_are_not_counted_cost_what_they_took():
    routed = routed_by(*frames(2, 1, [(0, 0, 0, 5, 30), (0, 1, 0, 0, 10)]), MEASURED, 1)
    assert routed.allocated(np.array([[100.0]])).ravel().tolist() == [75.0, 25.0]


def test_a_minimum_is_billed_where_hours_fall_short():
    pools = pd.DataFrame({"name": ["a", "b", "c"], "vendor": ["x", "x", "y"]})
    measured = replace(MEASURED, paid_hour={"a": 10.0, "b": 20.0, "c": 5.0}, minimum_hours={"x": (40.0, 10.0)})
    hours = np.array([[6, 30, 0], [18, 30, 0], [7, 7, 7]]) * HOUR
    made = paid_cost(hours, pools, measured)
    plain = hours / HOUR * np.array([[10.0], [20.0], [5.0]])
    assert (made - plain).tolist() == [[40.0, 0.0, 200.0], [120.0, 0.0, 200.0], [0.0, 0.0, 0.0]]


def test_visits_that_took_no_time_share_the_cost_evenly():
    routed = routed_by(*frames(2, 1, [(0, 0, 0, 1, 0), (0, 1, 0, 3, 0)]), MEASURED, 1)
    assert routed.allocated(np.array([[100.0]])).ravel().tolist() == [25.0, 75.0]


def test_a_pool_that_answered_nobody_is_spread_like_the_others():
    routed = routed_by(*frames(2, 2, [(0, 0, 0, 1, 30), (0, 1, 0, 1, 10)]), MEASURED, 1)
    assert routed.allocated(np.array([[0.0], [80.0]])).ravel().tolist() == [60.0, 20.0]
