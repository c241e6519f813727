"""Sums of replications added up as they arrive, against those of the tables of the whole run."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from ccsim import api
from ccsim.metrics import arriving
from ccsim.metrics.arriving import Arriving
from ccsim.metrics.estimates import estimate
from ccsim.metrics.periods import by_period, sums_by_day
from ccsim.metrics.sums import Sums
from ccsim.model import compile_model
from ccsim.results.held_tables import Tables
from ccsim.results.tables import Assembler
from tests.support.random_numbered import random_scenario

REPLICATIONS = 3


@pytest.fixture(scope="module", params=[3, 11])
def simulated(request):
    """A random scenario's measured time, its names, and its replications as arrays and as tables."""
    from ccsim.engine import simulate

    scenario = random_scenario(request.param)
    model = compile_model(scenario)
    arrays = [simulate(model, seed=5, replication=i) for i in range(REPLICATIONS)]
    made = Assembler(model.names, model.workforce_plan, model.thresholds)
    for one in arrays:
        made.add(one)
    named = made.named()
    return api.measured(scenario, model.thresholds), named, [one.tables for one in arrays], made.finish()[0]


def handed(simulated, monkeypatch, taken: int = REPLICATIONS, **set_to: int) -> tuple[Sums, Sums]:
    """Sums of the whole tables, and those that know what was added up before."""
    measured, named, arrays, frames = simulated
    for name, value in ({"LONG_VALUES": 0} | set_to).items():
        monkeypatch.setattr(arriving, name, value)
    adding = Arriving(named, measured)
    for one in arrays[:taken]:
        adding.take(one)
    known = Sums(Tables(frames), measured, adding.names)
    adding.hand_to(known)
    return Sums(Tables(frames), measured), known


def test_every_sum_that_was_added_up_is_that_of_the_tables(simulated, monkeypatch) -> None:
    plain, known = handed(simulated, monkeypatch)
    assert len(known._known) > 50
    for table, column in known._known:
        assert np.array_equal(known.matrix(table, column), plain.matrix(table, column)), (table, column)
    by_day, plain_by_day = sums_by_day(known), sums_by_day(plain)
    assert by_day is sums_by_day(known)
    assert len(by_day._known) > 20
    for table, column in by_day._known:
        assert np.array_equal(by_day.matrix(table, column), plain_by_day.matrix(table, column)), (table, column)


def test_estimates_are_the_same_to_the_last_digit(simulated, monkeypatch) -> None:
    plain, known = handed(simulated, monkeypatch)
    for made in (estimate, by_period):
        assert made(known.tables, known.measured, sums=known).equals(made(plain.tables, plain.measured, sums=plain))


@pytest.mark.parametrize(
    "how",
    [{"taken": REPLICATIONS - 1}, {"LONG_VALUES": 1 << 40}, {"MOST_BYTES": 0}],
    ids=["one is missing", "short", "too many"],
)
def test_sums_of_some_replications_alone_are_not_taken_for_those_of_all(simulated, monkeypatch, how) -> None:
    plain, known = handed(simulated, monkeypatch, **how)
    assert not known._known
    assert not sums_by_day(known)._known
    assert np.array_equal(known.matrix("queue_sums", "offered"), plain.matrix("queue_sums", "offered"))


def test_nothing_holds_a_replication_that_was_added_up(simulated, monkeypatch) -> None:
    """No circle either, that lives until somebody looks for garbage: a replication may be 60 MB."""
    measured, named, arrays, _ = simulated
    monkeypatch.setattr(arriving, "LONG_VALUES", 0)
    adding = Arriving(named, measured)
    collects = gc.isenabled()
    gc.disable()
    try:
        mine = {name: rows.copy() for name, rows in arrays[0].items()}
        held = [weakref.ref(rows) for rows in mine.values()]
        adding.take(mine)
        del mine
        assert not any(one() is not None for one in held)
    finally:
        if collects:
            gc.enable()
