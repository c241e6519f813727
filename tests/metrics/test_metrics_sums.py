"""Sums by queue, pool, flow and replication against plain loops over the rows of the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ccsim.kpis.definitions import KPIS
from ccsim.metrics.sums import OWNER, RECORDED, Sums, grouped
from ccsim.metrics.terms import Term, terms_of
from ccsim.records.tables import AGE_BANDS
from tests.support.stand_in.desk import MEASURED, fake_run

REPLICATIONS = 5
PARTS = np.array([1, 0, 1]), np.array([-1, 2, 0]), np.array([0, 1, 2]), np.array([-1, -1, -1])
"""Parts of three queues or flows."""


@pytest.fixture(scope="module")
def run():
    return fake_run(REPLICATIONS)


@pytest.fixture
def sums(run) -> Sums:
    return Sums(run.tables, run.measured)


def plainly(frame: pd.DataFrame, owner: str, column: str, owners: int) -> list[list[int]]:
    cells: Counter[tuple[int, int]] = Counter()
    for row in frame.to_dict("records"):
        cells[row[owner], row.get("replication", -1)] += row[column]
    return [[cells[i, r] + cells[i, -1] for r in range(REPLICATIONS)] for i in range(owners)]


def test_every_column_of_every_table_by_owner_and_replication(sums: Sums) -> None:
    assert sums.replications == REPLICATIONS
    for table in RECORDED:
        owner = OWNER[table]
        frame = sums.tables[table]
        owners = {"queue": 3, "flow": 3, "pool": 2}[owner]
        assert len(sums.owners(table)) == owners
        for column in frame.columns:
            if column not in ("replication", "interval", "band", "bin", "day", owner):
                expected = plainly(frame, owner, column, owners)
                assert sums.added(table, column).tolist() == expected, (table, column)
                assert sums.matrix(table, column).tolist() == expected
    assert sums.added("queue_sums", "offered").any()


@pytest.mark.parametrize("kept", [0, 10**9])
def test_sums_of_long_tables_are_those_of_short_ones(run, sums: Sums, tmp_path, monkeypatch, kept: int) -> None:
    """However many columns may be kept, and so are added up at once."""
    stored = run.write(tmp_path / "run").read(tmp_path / "run")
    monkeypatch.setattr("ccsim.results.held_tables.SHORT_VALUES", 0)
    monkeypatch.setattr("ccsim.metrics.sums.KEPT_BYTES", kept)
    long = Sums(stored.tables, MEASURED)
    for table in ("queue_sums", "pool_sums", "flow_intervals", "flow_calendar", "backlog"):
        for column in run.tables[table].columns:
            if column not in ("replication", "interval", "band", "bin", "day", OWNER[table]):
                assert not long.tables.short(table)
                assert long.matrix(table, column).tolist() == sums.added(table, column).tolist(), (table, column)


def test_parts_are_sums_of_their_members_and_nobody_elses(sums: Sums) -> None:
    whole = sums.added("queue_sums", "offered")
    assert (whole > 0).all()
    for codes in PARTS:
        expected = [sum((whole[q] for q in range(3) if codes[q] == part), np.zeros(REPLICATIONS)) for part in range(3)]
        found = sums.parts("queue_sums", "offered", codes, 3)
        assert found.tolist() == [row.tolist() for row in expected]
        assert sums.parts("queue_sums", "offered", codes, 3) is found
        assert grouped(whole, codes, 3).tolist() == found.tolist()
    alone = sums.parts("queue_sums", "offered", np.array([0, 0, 0]), 1)
    assert alone.tolist() == [whole.sum(axis=0).tolist()]


def test_a_formula_adds_and_subtracts(sums: Sums) -> None:
    codes, kpi = np.array([0, 1, 0]), KPIS["abandonment"]
    found = sums.evaluate("offered - answered_within_T + abandoned", kpi, codes, 2, 20_000_000)
    offered, within, abandoned = (
        sums.parts("queue_sums", name, codes, 2) for name in ("offered", "answered_within_20s", "abandoned")
    )
    assert found.tolist() == (offered - within + abandoned).tolist()
    assert within.any()
    assert sums.evaluate("length", kpi, codes, 2).tolist() == [[float(MEASURED.length)] * REPLICATIONS] * 2
    instants = [[float(MEASURED.backlog_instants)] * REPLICATIONS] * 2
    assert sums.evaluate("instants", kpi, codes, 2).tolist() == instants


def test_terms_of_formulas() -> None:
    assert terms_of("a+ b -c_1") == (Term(1, "a"), Term(1, "b"), Term(-1, "c_1"))
    assert terms_of("- a_within_T", 500_000) == (Term(-1, "a_within_0.5s"),)
    assert terms_of("a_within_T - b_within_20s", 20_000_000) == (Term(1, "a_within_20s"), Term(-1, "b_within_20s"))


def test_due_is_deferred_work_of_channels_with_a_deadline(run) -> None:
    sums = Sums(run.tables, run.measured)
    assert sums.with_deadline("queue_sums").tolist() == sums.with_deadline("backlog").tolist() == [False, False, True]
    offered, waiting = (sums.added("queue_sums", name) for name in ("offered", "open_waiting"))
    assert sums.matrix("queue_sums", "due").tolist() == [[0] * 5, [0] * 5, (offered - waiting)[2].tolist()]
    assert sums.matrix("queue_sums", "open_due").tolist() == [[0] * 5, [0] * 5, waiting[2].tolist()]
    without = Sums(run.tables, replace(run.measured, deadlines={"phone": 1}))
    assert not without.with_deadline("queue_sums").any()  # phone is live, email has none


def test_short_is_what_lacks_interval_by_interval(run) -> None:
    tables = {name: run.tables[name] for name in run.tables}
    plan = tables["workforce_plan"].copy()
    plan["scheduled_us"] = plan["required_us"] + np.arange(len(plan)) * 10 - 35
    tables["workforce_plan"] = plan
    short = [
        sum(max(row.required_us - row.scheduled_us, 0) for row in plan.itertuples() if row.pool == pool)
        for pool in range(2)
    ]
    assert Sums(tables, run.measured).matrix("workforce_plan", "short_us").tolist() == [[s] * 5 for s in short]
    assert all(short)


def test_backlog_of_a_day_and_older(run) -> None:
    tables = {name: run.tables[name] for name in run.tables}
    rows = [
        (r, d, f, b, 1 + r + 10 * b)
        for r in range(REPLICATIONS)
        for d in (0, 1)
        for f in (0, 2)
        for b in range(len(AGE_BANDS))
    ]
    tables["backlog"] = pd.DataFrame(rows, columns=["replication", "day", "flow", "band", "waiting"])
    old = [i for i, hours in enumerate(AGE_BANDS) if hours >= 24]
    each = [sum(2 * (1 + r + 10 * b) for b in old) for r in range(REPLICATIONS)]
    assert Sums(tables, run.measured).matrix("backlog", "waiting_over_24h").tolist() == [each, [0] * 5, each]
