"""A made-up desk of four hours that the stand-in replications: small, quick, consistent, with every visit."""

from __future__ import annotations

import sys
import time
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ccsim.records import outcomes
from ccsim.records.outcomes import OUTCOMES, outcome
from ccsim.records.satisfaction import OF_RATINGS, RATED
from ccsim.records.tables import HANDLED_BY_POOL
from ccsim.results.bins import bin_of_wait
from ccsim.results.measured import Measured
from ccsim.results.run import Run
from ccsim.units import HOUR
from tests.support.stand_in.engine import (
    THRESHOLDS,
    FakeModel,
    FakeSimulated,
    columnar,
    empty_tables,
    places,
    rows_of,
    run_of,
    sums_by,
)

INTERVAL = 1_800_000_000
INTERVALS = 8

_QUEUES = [
    (0, "calls/t1", 0, "calls", "calls", "support", "us", "gold", "phone", "en", "bug", "NA", "t1", "none", "live"),
    (1, "calls/t2", 1, "calls", "calls", "support", "us", "gold", "phone", "en", "bug", "NA", "t2", "none", "live"),
    (
        2,
        "mails/t1",
        2,
        "mails",
        "mails",
        "billing",
        "uk",
        "all",
        "email",
        "en",
        "all",
        "EMEA",
        "t1",
        "none",
        "deferred",
    ),
]
_FLOWS = [
    (0, "calls/t1", "calls", "support", "us", "gold", "phone", "en", "bug", "NA", "t1", "none", "live"),
    (1, "calls/t2", "calls", "support", "us", "gold", "phone", "en", "bug", "NA", "t2", "none", "live"),
    (2, "mails/t1", "mails", "billing", "uk", "all", "email", "en", "all", "EMEA", "t1", "none", "deferred"),
]
POOLS = [
    (0, "desk", "t1", "manila", "northwind", "APAC", "en", 30),
    (1, "experts", "t1+t2", "austin", "house", "NA", "any", 12),
]
_ALL = "vendor+owner+site+pool"
ASSIGNEES = [
    (0, "", "", "", "", "support", "phone", "us", "en", "live", 0, _ALL),
    (1, "house", "in_house", "austin", "experts", "support", "phone", "us", "en", "live", 0, ""),
    (2, "", "", "", "", "billing", "email", "uk", "en", "deferred", 1, _ALL),
]
"""Calls of the second tier are of the experts alone."""
WITHIN = ("answered_within_20s", "answered_within_60s")
VENDORS = [(0, "house", "in_house"), (1, "northwind", "bpo")]
QUEUES = [(*row, "none") for row in _QUEUES]
FLOWS = [(*row, "none") for row in _FLOWS]
CAUSES = [(0, "break"), (1, "absence")]
NAMES = {"queues": QUEUES, "flows": FLOWS, "pools": POOLS, "vendors": VENDORS, "shrinkage_causes": CAUSES}
NAMES["assignees"] = ASSIGNEES
PLAN = np.array(
    [
        (i, pool, (9 + pool + i % 3) * INTERVAL, 11 * INTERVAL, 10 * INTERVAL)
        for i in range(INTERVALS)
        for pool in range(2)
    ],
    dtype=np.int64,
)
HANDLED = [outcome(name) for name in outcomes.HANDLED]

MEASURED = Measured(
    start="2026-03-02T00:00:00",
    time_zone="UTC",
    warm_up=0,
    length=INTERVALS * INTERVAL,
    interval=INTERVAL,
    thresholds=THRESHOLDS,
    rule="abandons count against",
    short_abandon=5_000_000,
    paid_hour={"desk": 20.0, "experts": 50.0},
    deadlines={"email": 30_000_000},
)
FOUR_DAYS = replace(MEASURED, start="2026-03-01T12:00:00", interval=12 * HOUR, length=INTERVALS * 12 * HOUR)
"""The same intervals, each half a day: Sunday noon to Thursday noon, three whole days; February is over."""


def desk_model(
    names: dict[str, list[tuple[Any, ...]]] | None = None, thresholds: tuple[int, ...] = THRESHOLDS
) -> FakeModel:
    """The desk's model, which its user may change."""
    return FakeModel(names or {name: list(rows) for name, rows in NAMES.items()}, PLAN.copy(), thresholds)


def queue_row(*, table: str = "queue_sums", **cells: int) -> np.ndarray:
    """One row of a table of cohort sums, other cells 0; squares as if the answered had waited equally long."""
    if cells.get("answered") and "wait_answered_sq_hi" not in cells:
        square = (cells.get("wait_answered_us", 0) // cells["answered"]) ** 2
        cells["wait_answered_sq_hi"] = cells["answered"] * (square >> 40)
        cells["wait_answered_sq_lo"] = cells["answered"] * (square & ((1 << 40) - 1))
    return rows_of(table, cells)


def interval_row(**cells: int) -> np.ndarray:
    """One row of `flow_intervals`, as `queue_row`."""
    return queue_row(table="flow_intervals", **cells)


def fake_replication(
    replication: int, *, seed: int = 1, visits: bool = False, shuffle: bool = False, volume: int = 30
) -> FakeSimulated:
    """A replication that is a pure function of seed and index; `shuffle` writes its rows in another order."""
    rng = np.random.default_rng([seed, replication])
    tables = empty_tables(visits=visits)
    cells = [(i, q) for i in range(INTERVALS) for q in range(3)]
    flows, calendar, pools = [], [], []
    waits: dict[tuple[int, int], int] = {}
    log = []
    for interval, queue in cells:
        n = int(rng.poisson(volume))
        wait = (rng.exponential(30e6, n) * (rng.random(n) < 0.7)).astype(np.int64)
        left = rng.random(n) < 0.1
        talk = rng.exponential(200e6, n).astype(np.int64)
        ends = np.where(left, outcome("abandoned"), rng.choice(HANDLED, n, p=[0.7, 0.15, 0.1, 0.05]))
        for number in range(n):
            if not left[number]:
                key = (queue, bin_of_wait(int(wait[number])))
                waits[key] = waits.get(key, 0) + 1
            begin = interval * INTERVAL + number
            log.append(
                (queue, 20_000, interval * 1000 + number, 0, 0, 1, begin, begin + int(wait[number]),
                 begin + int(wait[number]), begin + int(wait[number]), -1, -1, 0, 0, begin + int(wait[number]), -1, 0,
                 0, int(ends[number]), 0, 0, queue)
            )  # fmt: skip
        answered, squares = ~left, wait[~left].tolist()
        flows.append({
            "interval": interval, "flow": queue, "arrived": n, "repeated": n // 10, "offered": n,
            "waited": int((wait > 0).sum()),
            "answered": int(answered.sum()), "abandoned": int(left.sum()),
            "wait_answered_us": int(wait[answered].sum()),
            "wait_abandoned_us": int(wait[left].sum()),
            "wait_answered_sq_hi": sum(w * w >> 40 for w in squares),
            "wait_answered_sq_lo": sum(w * w & ((1 << 40) - 1) for w in squares),
            "short_abandoned": int((wait[left] <= 5_000_000).sum()),
            "talk_us": int(talk[answered].sum()),
            "wrap_up_us": int(answered.sum()) * 10_000_000,
            **{OUTCOMES[code]: int((ends == code).sum()) for code in HANDLED},
            **_ratings_of(int(np.isin(ends, RATED_ENDS).sum()), interval),
            "in_deadline": int((wait[answered] <= 30_000_000).sum()) * (queue == 2),
            "held_back": n // 10, "wait_held_back_us": n // 10 * 7_000_000,
            "answered_within_20s": int((wait[answered] <= 20_000_000).sum()),
            "abandoned_within_20s": int((wait[left] <= 20_000_000).sum()),
            "answered_within_60s": int((wait[answered] <= 60_000_000).sum()),
            "abandoned_within_60s": int((wait[left] <= 60_000_000).sum()),
        })  # fmt: skip
    for interval, queue in cells:
        calendar.append({"interval": interval, "flow": queue, "waiting_us": int(rng.exponential(2 * INTERVAL))})
    for k in range(INTERVALS * 2):
        agents = int(rng.integers(8, 12))
        busy = int(agents * INTERVAL * rng.uniform(0.6, 0.9))
        paid = agents * INTERVAL + 60_000_000
        pools.append({
            "interval": k // 2, "pool": k % 2, "planned_us": (agents + 1) * INTERVAL,
            "signed_in_us": agents * INTERVAL, "in_hand_us": busy, "held_us": busy, "paid_us": paid + INTERVAL,
            "rated_us": (paid + INTERVAL) * (10 + k % 2) // 10, "break_us": 60_000_000, "absent_us": INTERVAL,
            "answered": int(rng.integers(10, 20)),
        })  # fmt: skip
    made = {"flow_intervals": flows, "flow_calendar": calendar, "pool_intervals": pools}
    tables |= {name: rows_of(name, *rows) for name, rows in made.items()}
    flow_sums = sums_by("flow", 3, "flow_intervals", tables["flow_intervals"])
    flow_sums |= sums_by("flow", 3, "flow_calendar", tables["flow_calendar"])
    tables["queue_sums"] = columnar("queue_sums", {"queue": flow_sums.pop("flow")} | flow_sums)
    tables["pool_sums"] = columnar("pool_sums", sums_by("pool", 2, "pool_intervals", tables["pool_intervals"]))
    tables["shrinkage"] = np.array([(p, c, INTERVAL * (p + 1)) for p in range(2) for c in range(2)], dtype=np.int64)
    tables["routes"] = _routes_of(tables["queue_sums"])
    tables["ratings"] = _rated_by_desk(tables["queue_sums"])
    tables |= _life_of(tables, int(flow_sums["repeated"].sum()))
    tables["assigned"] = np.array([(0, 0, 30 + replication, 20), (0, 1, 70, 60)], dtype=np.int64)
    tables["backlog"] = np.array([(0, 2, 0, 5), (0, 2, 4, 2 + replication)], dtype=np.int64)
    tables["waits"] = np.array([(*key, n) for key, n in waits.items()], dtype=np.int64).reshape(-1, 3)
    total, repeated = (int(flow_sums[name].sum()) for name in ("arrived", "repeated"))
    tables["replications"] = np.array([[total, total - repeated, 0, 3 * total, total, 5]], dtype=np.int64)
    if visits:
        tables["visits"] = np.array(log, dtype=np.int64)
    if shuffle:
        order = np.random.default_rng(99)
        tables = {name: order.permutation(rows, axis=0) for name, rows in tables.items()}
    return FakeSimulated(tables)


RATED_ENDS = [outcome("resolved"), outcome("unresolved")]


def _ratings_of(rated: int, interval: int) -> dict[str, int]:
    """Four in five are satisfied, and less often answer a survey."""
    satisfied = rated * (80 - interval % 3) // 100
    others = rated - satisfied
    return {
        "rated": rated, "satisfied": satisfied, "score": 5 * satisfied + 2 * others,
        "promoters": rated // 2, "detractors": rated // 5,
        "responded": satisfied // 5 + others // 3, "responded_satisfied": satisfied // 5,
    }  # fmt: skip


def _rated_by_desk(sums: np.ndarray) -> np.ndarray:
    """Ratings of visits that the desk answered, all of them moved by waits alone."""
    at, names = places("queue_sums"), [column.name for column in OF_RATINGS]
    made = []
    for queue, row in enumerate(sums):
        cells = {name: int(row[at[name]]) for name in names if name in at}
        expected, base = cells["satisfied"] * 10**9 + 17, cells["rated"] * 910_000_000
        cells |= {"expected_e9": expected, "base_e9": base, "wait_e9": expected - base}
        made.append((queue, 0, *(cells.get(name, 0) for name in names)))
    return np.array(made, dtype=np.int64)


def _routes_of(sums: np.ndarray) -> np.ndarray:
    """The desk answers three in four visits of tier t1, the experts the rest."""
    at = places("queue_sums")
    made = []
    for queue, row in enumerate(sums):
        whole = int(row[at["answered"]])
        by_desk = 0 if queue == 1 else 3 * whole // 4
        ends = np.array([int(row[at[name]]) for name in HANDLED_BY_POOL[2:]])
        ends_of_desk = ends * by_desk // max(whole, 1)
        for pool, (answered, ended) in enumerate(((by_desk, ends_of_desk), (whole - by_desk, ends - ends_of_desk))):
            if answered:
                talk, wrap_up = int(row[at["talk_us"]] * (answered / whole)), answered * 10**7
                held = talk + wrap_up
                in_time = [int(row[at[name]]) * answered // whole for name in ("in_deadline", *WITHIN)]
                ends_here = (*ended, 0, *in_time)
                made.append((queue, pool, answered, answered // 2, talk, wrap_up, answered, held, *ends_here))
    return np.array(made, dtype=np.int64).reshape(-1, 17 + len(WITHIN))


def _assigned_of(sums: np.ndarray, routes: np.ndarray) -> np.ndarray:
    """Visits by assignee, one a queue, and by who answered: the rest nobody answered. On one day."""
    at, given, of_route = places("queue_sums"), places("assigned_sums"), places("routes")
    rows = []
    left = {(queue, name): int(row[at[name]]) for queue, row in enumerate(sums) for name in given if name in at}
    for route in routes.tolist():
        cells = {name: route[place] for name, place in of_route.items() if name in given} | {"assignee": route[0]}
        rows.append(cells | {"offered": cells["answered"]})
        for name, value in rows[-1].items():
            if (route[0], name) in left:
                left[route[0], name] -= value
    for queue in range(len(sums)):
        lost = (
            "offered",
            "abandoned",
            "short_abandoned",
            *(name for name in given if name.startswith("abandoned_within")),
        )
        rows.append({"assignee": queue, "pool": -1} | {name: left[queue, name] for name in lost})
    return rows_of("assigned_sums", *rows)


def _life_of(tables: dict[str, np.ndarray], repeated: int) -> dict[str, np.ndarray]:
    """Visits by assignee, cases by who first answered, returns by reason, and cases that are open."""
    sums, rated = tables["queue_sums"], places("ratings")
    whole = int(sums[0, places("queue_sums")["answered"]])
    first = [(0, 0, whole // 2, whole // 9, whole // 2, whole // 8, whole // 7), (0, 1, whole // 4, 3, 9, 2, 1)]
    return {
        "assigned_sums": _assigned_of(sums, tables["routes"]),
        "pool_days": np.array(
            [
                (0, *first[0][1:], *(int(tables["ratings"][:, rated[column.name]].sum()) for column in RATED)),
                (0, *first[1][1:], *([0] * len(RATED))),
            ],
            dtype=np.int64,
        ),
        "first_answers": np.array(first, dtype=np.int64),
        "missed_first": np.array([(0, outcome("unresolved"), 0, whole // 9)], dtype=np.int64),
        "repeats": np.array([(0, 1, repeated - 5), (0, 2, 5)], dtype=np.int64),
        "open_cases": np.array([(0, 2, 0, 5), (0, 2, 1, 4)], dtype=np.int64),
    }


def fake_run(
    replications: int = 6,
    *,
    simulate: Callable[[int], FakeSimulated] | None = None,
    goals: tuple[Any, ...] = (),
    measured: Measured = MEASURED,
    workers: int = 1,
    visits: bool = False,
    model: FakeModel | None = None,
    **how: Any,
) -> Run:
    """A run of the desk."""
    plan = {"name": "fake", "scenario": {"scenario": "fake"}}
    plan |= {"replications": replications, "goals": goals, "workers": workers, "visits": visits}
    simulate = simulate or (lambda replication: fake_replication(replication, visits=visits))
    return run_of(model or desk_model(), simulate, measured, plan=plan, **how)


def run_of_rows(
    *replications: np.ndarray,
    goals: tuple[Any, ...] = (),
    measured: Measured = MEASURED,
    model: FakeModel | None = None,
    **tables: Any,
) -> Run:
    """A run whose replications have the given rows of `queue_sums`, and else nothing."""

    def simulate(replication: int) -> FakeSimulated:
        made = empty_tables() | {name: rows[replication] for name, rows in tables.items()}
        if "assigned_sums" not in tables:
            made["assigned_sums"] = _assigned_of(np.zeros((0, 0), np.int64), made["routes"])
        return FakeSimulated(made | {"queue_sums": replications[replication]})

    return fake_run(len(replications), simulate=simulate, goals=goals, measured=measured, model=model)


class Slow:
    """A replication that takes a while."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self, replication: int) -> FakeSimulated:
        time.sleep(self.seconds)
        return fake_replication(replication, volume=2)


def replace_engine(
    modules: dict[str, Any], simulate: Callable[..., FakeSimulated] | None = None
) -> list[dict[str, Any]]:
    """Put stand-ins for the compiler and the engine among the modules; the list fills with what is simulated."""
    calls: list[dict[str, Any]] = []

    def simulated(model: FakeModel, **given: Any) -> FakeSimulated:
        calls.append(given)
        if simulate is not None:
            return simulate(model, **given)
        return fake_replication(given["replication"], seed=given["seed"], visits=given["visits"])

    def compiled(scenario: Any, *, check: Callable[[], object] | None = None) -> FakeModel:
        if check is not None:
            check()
        return desk_model(thresholds=scenario.service_level.within)

    modules["ccsim.model"] = types.SimpleNamespace(compile_model=compiled)
    modules["ccsim.model.calendars"] = types.SimpleNamespace(dates_used=lambda scenario: {"DE": ["2026-04-03"]})
    modules["ccsim.engine"] = types.SimpleNamespace(simulate=simulated, load_compiled=lambda: None)
    return calls


def stand_in(patch: pytest.MonkeyPatch, simulate: Callable[..., FakeSimulated] | None = None) -> list[dict[str, Any]]:
    """`replace_engine` for as long as a patch lasts."""
    modules: dict[str, Any] = {}
    calls = replace_engine(modules, simulate)
    for name, module in modules.items():
        patch.setitem(sys.modules, name, module)
    return calls


SCENARIO = """\
scenario: desk-day
horizon: {start: 2026-01-01, length: 4h}
demand: {calls: {per_minute: 1}}
handle_time: {law: exponential, mean: 2m}
pools: {desk: {staffing: 4, paid_hour: 20.0}}
service_level: {within: [20s, 60s]}
run: {replications: 4, seed: 11}
goals:
  - {kpi: service_level, at_least: 30%, within: 20s}
  - {kpi: asa, at_most: 40s}
variants:
  more: {pools.desk.staffing: 6}
  hard: {goals.1.at_most: 1s}
"""
