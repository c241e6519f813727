"""Vendor shares, and shrinkage by cause."""

import numpy as np
import pytest

from ccsim.metrics.away import shrinkage_by_cause
from ccsim.metrics.vendors import COLUMNS, vendor_shares
from tests.support.stand_in.desk import desk_model, fake_run, queue_row, run_of_rows
from tests.support.stand_in.engine import rows_of

HOUR = 3_600_000_000
ROUTES = [
    {"queue": queue, "pool": pool, "answered": n, "served": n, "talk_us": 1, "held_us": 1}
    for queue, pool, n in ((0, 0, 60), (0, 1, 30), (2, 0, 500))
]


def test_assigned_and_handled_shares_by_hand():
    run = run_of_rows(
        *[queue_row(queue=0, answered=90)] * 2,
        assigned=[np.array([(0, 0, 30, 20), (0, 1, 70, 50)]), np.array([(0, 0, 20, 20), (0, 1, 80, 70)])],
        routes=[rows_of("routes", *ROUTES)] * 2,
    )
    frame = vendor_shares(run.tables, run.measured)
    assert tuple(frame.columns) == COLUMNS
    assert frame["workflow"].tolist() == ["support", "support"]
    assert frame["vendor"].tolist() == ["house", "northwind"]
    assert frame["assigned"].tolist() == [50, 150]
    assert frame["handled_by_it"].tolist() == [40, 120]
    assert frame["handled"].tolist() == [60, 120]
    assert frame["assigned_share"].tolist() == [0.25, 0.75]
    assert frame["handled_share"].tolist() == [pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert frame["assigned_share_low"][0] < 0.25 < frame["assigned_share_high"][0]


def test_without_vendor_shares_there_are_none():
    run = run_of_rows(queue_row(answered=1))
    assert vendor_shares(run.tables, run.measured).empty
    alone = vendor_shares(fake_run(1).tables, run.measured)
    assert alone["assigned_share_low"].isna().all()
    assert alone["assigned_share"].notna().all()


def test_time_away_by_cause():
    run = run_of_rows(
        queue_row(),
        shrinkage=[np.array([(0, 0, 2 * HOUR), (0, 1, HOUR), (1, 0, 3 * HOUR)])],
        pool_sums=[rows_of("pool_sums", {"pool": 0, "paid_us": 10 * HOUR}, {"pool": 1, "paid_us": 10 * HOUR})],
    )
    whole = shrinkage_by_cause(run.tables, run.measured)
    assert list(zip(whole["name"], whole["cause"], whole["share"], whole["away_hours"], strict=True)) == [
        ("all", "break", 0.25, 5.0),
        ("all", "absence", 0.05, 1.0),
    ]
    by_site = shrinkage_by_cause(run.tables, run.measured, scope="site")
    assert list(zip(by_site["name"], by_site["cause"], by_site["share"], strict=True)) == [
        ("austin", "break", 0.3),
        ("manila", "break", 0.2),
        ("manila", "absence", 0.1),
    ]
    assert by_site["share_low"].isna().all()
    many = shrinkage_by_cause(fake_run(3).tables, run.measured, scope="pool")
    assert len(many) == 4
    assert (many["share_low"] < many["share_high"]).all()


def test_a_run_without_names_of_vendors_and_causes_has_no_shares():
    model = desk_model()
    model.names = {name: rows for name, rows in model.names.items() if name in ("queues", "flows", "pools")}
    run = run_of_rows(queue_row(), model=model)
    assert vendor_shares(run.tables, run.measured).empty
    assert shrinkage_by_cause(run.tables, run.measured).empty
