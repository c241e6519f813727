"""A made-up global centre of two weeks that the stand-in replications, with what a report shows; and a laboratory."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np

from ccsim.kpis.goals import SCOPES
from ccsim.records.tables import HANDLED_BY_POOL
from ccsim.results.bins import bin_of_wait
from ccsim.results.measured import Measured
from ccsim.results.run import Run
from ccsim.units import DAY, HOUR, SECOND
from tests.support.stand_in.engine import (
    NOT_SAID,
    THRESHOLDS,
    FakeModel,
    FakeSimulated,
    columnar,
    empty_tables,
    places,
    run_of,
    sums_by,
)

INTERVAL = HOUR
DAYS = 14
INTERVALS = DAYS * 24
WAITS = (0, 5_000_000, 25_000_000, 90_000_000, 4_000_000_000)

MARKETS = {"us": ("NA", "en"), "germany": ("EMEA", "de"), "japan": ("APAC", "ja")}
CHANNELS = {"phone": "live", "chat": "live", "email": "deferred"}
SEGMENTS = ("self_serve", "premium")
CAUSES = ("how_to", "checkout_bug")
TIERS = ("t1", "t2")
MEAN_PER_HOUR = {"phone": 90.0, "chat": 140.0, "email": 30.0}

FLOWS = [
    (i, f"ads/{channel}/{tier}", "ads", "ads", "several", "several", channel, "several", "several", "several", tier,
     "none", CHANNELS[channel], "none")
    for i, (channel, tier) in enumerate(itertools.product(CHANNELS, TIERS))
]  # fmt: skip


def _queues() -> list[tuple[Any, ...]]:
    rows = []
    for flow, *_, tier, bot, kind, severity in FLOWS:
        channel = FLOWS[flow][6]
        for market, segment, cause in itertools.product(MARKETS, SEGMENTS, CAUSES):
            region, language = MARKETS[market]
            stream = f"ads.{market}.{segment}.{channel}.{cause}"
            rows.append(
                (len(rows), f"{stream}/{tier}", flow, stream, "ads", "ads", market, segment, channel, language, cause,
                 region, tier, bot, kind, severity)
            )  # fmt: skip
    return rows


QUEUES = _queues()
SITES = {"manila": ("APAC", "northwind"), "austin": ("NA", "in_house"), "krakow": ("EMEA", "in_house"),
         "tokyo": ("APAC", "harbour")}  # fmt: skip
POOLS = [
    (
        i,
        f"{site}_{tier}",
        tier,
        site,
        vendor,
        region,
        {"NA": "en", "EMEA": "de+en", "APAC": "en+ja"}[region],
        40 - 12 * t,
    )
    for i, ((site, (region, vendor)), (t, tier)) in enumerate(itertools.product(SITES.items(), enumerate(TIERS)))
]
VENDORS = [(0, "harbour", "bpo"), (1, "in_house", "in_house"), (2, "northwind", "bpo")]
SHRINKAGE = [(0, "break"), (1, "absence"), (2, "training")]
NAMES = {"queues": QUEUES, "flows": FLOWS, "pools": POOLS, "vendors": VENDORS, "shrinkage_causes": SHRINKAGE}

SCENARIO: dict[str, Any] = {
    "scenario": "fake-centre",
    "title": "A made-up centre & its <b>friends</b>",
    "time_zone": "Europe/Berlin",
    "currency": "USD",
    "horizon": {"start": "2026-03-16T00:00:00", "warm_up": 7 * DAY, "length": DAYS * DAY, "drain": 3 * DAY,
                "interval": INTERVAL},
    "channels": {
        "phone": {
            "kind": "live",
            "patience": {"time": {"law": "weibull", "mean": 150 * SECOND, "shape": 0.8}, "zero": 0.02},
        },
        "email": {"kind": "deferred", "deadline": DAY, "patience": None},
    },
    "demand": {"ads": {"per_week": 84_000.0, "markets": {"us": 0.5, "germany": 0.3, "japan": 0.2},
                       "profile": {"hours": {"every": HOUR, "values": [1.0] * 24}}}},
    "routing": {"vendor_share": {"ads": {"northwind": 0.7, "in_house": 0.3}}},
    "planning": {"required": "erlang_c", "answered": 0.8, "within": 20 * SECOND, "occupancy": 0.85},
    "pools": {"manila_t1": {"headcount": 40, "shrinkage": {"absence": 0.06, "training": 0.03}, "paid_hour": 13.8}},
}  # fmt: skip

MEASURED = Measured(
    start="2026-03-16T00:00:00",
    time_zone="Europe/Berlin",
    warm_up=7 * DAY,
    length=DAYS * DAY,
    interval=INTERVAL,
    thresholds=THRESHOLDS,
    rule="abandons count against",
    short_abandon=5 * SECOND,
    currency="USD",
    paid_hour={
        name: {"in_house": 41.0, "northwind": 13.8, "harbour": 26.0}[vendor] for _, name, _, _, vendor, *_ in POOLS
    },
    deadlines={"email": DAY},
    planning="Erlang C for 80 % answered within 20 s, at most 85 % occupied",
)


def goal(kpi: str, **given: Any) -> SimpleNamespace:
    """A goal as the scenario has it."""
    empty = dict.fromkeys(("at_least", "at_most", "within", *SCOPES, "by", "worst", "days", "hours"))
    return SimpleNamespace(kpi=kpi, **(empty | given))


GOALS = (
    goal("service_level", channel="phone", at_least=0.7, within=20 * SECOND),
    goal("abandonment", channel="chat", at_most=0.01),
    goal("occupancy", site="manila", at_most=0.9),
)


def centre_model() -> FakeModel:
    """The centre's model."""
    return FakeModel(dict(NAMES), plan_rows())


def day_shape(interval: np.ndarray) -> np.ndarray:
    """Busy in the afternoon, quiet at night and on weekends."""
    hour, day = interval % 24, interval // 24 % 7
    return (0.15 + np.maximum(0, np.sin((hour - 6) / 24 * 2 * np.pi))) * np.where(day >= 5, 0.5, 1.0)


def plan_rows() -> np.ndarray:
    """Rows of `workforce_plan`."""
    interval, pool = (a.ravel() for a in np.meshgrid(np.arange(INTERVALS), np.arange(len(POOLS)), indexing="ij"))
    size = np.where(pool % 2 == 0, 22, 12)
    required = (day_shape(interval) * size * INTERVAL * 0.9).astype(np.int64)
    scheduled = (np.where((interval % 24 >= 6) & (interval % 24 < 22), 0.9, 0.3) * size * INTERVAL).astype(np.int64)
    return np.stack([interval, pool, required, scheduled * 10 // 8, scheduled], axis=1)


def centre_simulate(replication: int, *, volume: float = 1.0) -> FakeSimulated:
    """One replication, a pure function of its index."""
    rng = np.random.default_rng([7, replication])
    rows = _flow_rows(rng, volume)
    keys = {"interval": rows["interval"], "flow": rows["flow"]}
    waiting = {"waiting_us": rows["wait_answered_us"] + rows["wait_abandoned_us"]}
    made = {"flow_intervals": rows, "flow_calendar": keys | waiting, "queue_sums": _queue_rows(rows)}
    made |= {"pool_intervals": _pool_rows(rng)}
    tables = empty_tables() | {name: columnar(name, cells) for name, cells in made.items()}
    sums = sums_by("pool", len(POOLS), "pool_intervals", tables["pool_intervals"])
    tables["pool_sums"] = columnar("pool_sums", sums)
    tables["shrinkage"] = _shrinkage(sums)
    tables["routes"] = _routes(tables["queue_sums"], rng)
    tables["assigned"] = _assigned(tables["queue_sums"], rng)
    tables["waits"] = np.array(
        sorted((f, bin_of_wait(w), n + 1) for f in range(len(FLOWS)) for n, w in enumerate(WAITS)),
        dtype=np.int64,
    )  # fmt: skip
    email = [f[0] for f in FLOWS if f[-2] == "deferred"]
    tables["backlog"] = np.array(
        [
            (day, flow, band, int(rng.poisson(40 / (band + 1))))
            for day, flow, band in itertools.product(range(DAYS + 1), email, range(6))
        ],
        dtype=np.int64,
    )  # fmt: skip
    total = int(rows["arrived"].sum())
    tables["replications"] = np.array(
        [[total, total - int(rows["repeated"].sum()), 12, 3 * total, total, 24 * DAY]], dtype=np.int64
    )
    return FakeSimulated(tables)


def _flow_rows(rng: np.random.Generator, volume: float) -> dict[str, np.ndarray]:
    interval, flow = (a.ravel() for a in np.meshgrid(np.arange(INTERVALS), np.arange(len(FLOWS)), indexing="ij"))
    channel = np.array([f[6] for f in FLOWS])[flow]
    second = flow % 2 == 1
    live = np.array([f[-2] == "live" for f in FLOWS])[flow]
    mean = np.array([MEAN_PER_HOUR[c] for c in channel]) * np.where(second, 0.2, 1.0) * volume
    n = np.where(second, 0, rng.poisson(mean * day_shape(interval)))
    load = np.clip(0.75 + 0.25 * day_shape(interval) + rng.normal(0, 0.05, len(n)), 0.4, 1.2)
    leaves = np.where(live, np.clip((load - 0.8) * 0.4, 0, 1), 0)
    first = rng.binomial(n, leaves)
    n = np.where(second, np.roll((n - first) // 6, 1), n)  # the second tier gets what the first escalates
    abandoned = np.where(second, rng.binomial(n, leaves), first)
    answered = n - abandoned
    within = rng.binomial(answered, np.where(live, np.clip(1.75 - load, 0, 1), 0.05))
    wait = np.where(live, 8e6 + 60e6 * np.maximum(load - 0.7, 0), 3e10)
    talk = answered * np.where(second, 900, 320) * SECOND
    return {
        "interval": interval, "flow": flow, "arrived": np.where(second, 0, n),
        "repeated": np.where(second, 0, n // 10), "offered": n, "waited": n - within,
        "answered": answered, "abandoned": abandoned, "wait_answered_us": (answered * wait).astype(np.int64),
        "wait_abandoned_us": (abandoned * wait * 0.8).astype(np.int64),
        "wait_answered_sq_lo": (answered * (wait / 1e3) ** 2).astype(np.int64) % (1 << 40),
        "wait_answered_sq_hi": (answered * wait ** 2 * 2 / 2.0 ** 40).astype(np.int64),
        "short_abandoned": abandoned // 5, "talk_us": talk, "wrap_up_us": answered * 30 * SECOND,
        "resolved": answered * 3 // 4, "escalated": np.where(second, 0, answered // 6),
        "unresolved": answered - answered * 3 // 4 - np.where(second, 0, answered // 6),
        "in_deadline": np.where(live, 0, answered * 9 // 10), "held_back": n // 50,
        "wait_held_back_us": n // 50 * 45 * SECOND, "answered_within_20s": within,
        "abandoned_within_20s": abandoned // 3, "answered_within_60s": np.maximum(within, answered * 9 // 10 * live),
        "abandoned_within_60s": abandoned // 2,
    }  # fmt: skip


def _queue_rows(rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Sums of flows dealt to their queues: 3 of 6 to the first market, and so on; the last takes the rest."""
    weights = [w1 * w2 * w3 for w1 in (0.5, 0.3, 0.2) for w2 in (0.7, 0.3) for w3 in (0.6, 0.4)]
    out: dict[str, np.ndarray] = {"queue": np.arange(len(QUEUES))}
    for name, values in rows.items():
        if name in ("interval", "flow"):
            continue
        totals = np.bincount(rows["flow"], weights=values, minlength=len(FLOWS))
        cells = np.floor(totals[:, None] * np.array(weights)[None, :])
        cells[:, -1] += totals - cells.sum(axis=1)
        out[name] = cells.ravel().astype(np.int64)
    out["answered"] = out["resolved"] + out["escalated"] + out["unresolved"]
    out["offered"] = out["answered"] + out["abandoned"]
    out["arrived"] = np.where(np.array([q[12] for q in QUEUES]) == "t1", out["offered"], 0)
    out["waiting_us"] = out["wait_answered_us"] + out["wait_abandoned_us"]
    return out


def _pool_rows(rng: np.random.Generator) -> dict[str, np.ndarray]:
    plan = plan_rows()
    signed = (plan[:, 4] * rng.uniform(0.9, 0.98, len(plan))).astype(np.int64)
    busy = (signed * rng.uniform(0.7, 0.86, len(plan))).astype(np.int64)
    paid = plan[:, 3]
    return {
        "interval": plan[:, 0], "pool": plan[:, 1], "planned_us": plan[:, 4], "signed_in_us": signed,
        "in_hand_us": busy, "held_us": busy * 5 // 4, "paid_us": paid, "rated_us": paid * 21 // 20,
        "break_us": paid // 12, "absent_us": paid // 20, "overtime_us": signed // 100,
        "answered": busy // (6 * 60 * SECOND),
    }  # fmt: skip


def _shrinkage(sums: dict[str, np.ndarray]) -> np.ndarray:
    share = {0: 20, 1: 16, 2: 33}
    return np.array(
        [
            (pool, cause, int(sums["paid_us"][pool]) // part)
            for pool in range(len(POOLS))
            for cause, part in share.items()
        ],
        dtype=np.int64,
    )


def _routes(queue_sums: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    at = places("queue_sums")
    rows = []
    for line in queue_sums:
        answered = int(line[at["answered"]])
        pools = [p[0] for p in POOLS if p[2] == QUEUES[int(line[0])][12]]
        for pool, n in zip(pools, rng.multinomial(answered, [1 / len(pools)] * len(pools)), strict=True):
            ends = [int(line[at[name]]) * int(n) // max(answered, 1) for name in HANDLED_BY_POOL[2:]]
            rows.append(
                (line[0], pool, n, n // 2, n * 320 * SECOND, n * 30 * SECOND, n, n * 350 * SECOND, *ends, *NOT_SAID)
            )
    return np.array(rows, dtype=np.int64)


def _assigned(queue_sums: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    at = places("queue_sums")
    rows = []
    for line in queue_sums:
        offered = int(line[at["offered"]])
        first = int(rng.binomial(offered, 0.7))
        rows += [(line[0], 1, offered - first, (offered - first) * 95 // 100), (line[0], 2, first, first * 9 // 10)]
    return np.array(rows, dtype=np.int64)


def centre_run(
    replications: int = 6, *, goals: tuple[Any, ...] = GOALS, scenario: dict[str, Any] | None = None, **how: Any
) -> Run:
    """A run of the centre."""
    plan = {
        "name": "fake-centre", "goals": goals, "seed": 7, "replications": replications,
        "scenario": SCENARIO if scenario is None else scenario, "files": {"fake.yaml": "ab" * 32},
        "holidays": {"DE": ["2026-04-03"], "JP": []},
    }  # fmt: skip
    return run_of(centre_model(), centre_simulate, MEASURED, plan=plan, **how)


LAB_NAMES = {
    "queues": [
        (
            0,
            "calls/t1",
            0,
            "calls",
            "calls",
            "calls",
            "all",
            "all",
            "phone",
            "any",
            "none",
            "none",
            "t1",
            "none",
            "live",
            "none",
        )
    ],
    "flows": [
        (0, "calls/t1", "calls", "calls", "all", "all", "phone", "any", "none", "none", "t1", "none", "live", "none")
    ],
    "pools": [(0, "desk", "t1", "none", "none", "none", "any", 12)],
    "vendors": [],
    "shrinkage_causes": [(0, "break")],
}


def lab_simulate(replication: int) -> FakeSimulated:
    """Twenty hours of one queue and one pool."""
    rng = np.random.default_rng([8, replication])
    hours = np.arange(20)
    n = rng.poisson(250, 20)
    within = rng.binomial(n, 0.95)
    counts = {"arrived": n, "offered": n, "answered": n, "answered_within_20s": within, "talk_us": n * 120 * SECOND}
    square = (30 * SECOND) ** 2
    counts |= {"wait_answered_sq_hi": (n - within) * (square >> 40)}
    counts |= {"wait_answered_sq_lo": (n - within) * (square & ((1 << 40) - 1))}
    counts |= {"waited": n - within, "wait_answered_us": (n - within) * 30 * SECOND, "resolved": n}
    busy = {"signed_in_us": 12 * HOUR + 0 * n, "planned_us": 12 * HOUR + 0 * n, "in_hand_us": n * 120 * SECOND}
    zero = np.zeros(1, dtype=np.int64)
    made = {
        "flow_intervals": {"interval": hours, "flow": 0 * n} | counts,
        "flow_calendar": {"interval": hours, "flow": 0 * n, "waiting_us": counts["wait_answered_us"]},
        "queue_sums": {"queue": zero, "waiting_us": counts["wait_answered_us"].sum(keepdims=True)}
        | {name: values.sum(keepdims=True) for name, values in counts.items()},
        "pool_intervals": {"interval": hours, "pool": 0 * n} | busy,
        "pool_sums": {"pool": zero} | {name: values.sum(keepdims=True) for name, values in busy.items()},
        "replications": {"contacts": n.sum(keepdims=True), "cases": n.sum(keepdims=True)},
    }
    return FakeSimulated(empty_tables() | {name: columnar(name, cells) for name, cells in made.items()})


def lab_run(replications: int = 5) -> Run:
    """A run as a laboratory scenario gives it: nothing but one queue, one pool and a goal."""
    measured = Measured(
        start="2026-01-01T00:00:00", time_zone="UTC", warm_up=HOUR, length=20 * HOUR, interval=HOUR,
        thresholds=THRESHOLDS, rule="abandons count against", short_abandon=5 * SECOND,
    )  # fmt: skip
    goals = (goal("service_level", at_least=0.8, within=20 * SECOND),)
    plan = {"name": "lab", "goals": goals, "replications": replications, "scenario": {"scenario": "lab"}}
    staffed = np.array([(i, 0, 12 * HOUR, 12 * HOUR, 12 * HOUR) for i in range(20)], dtype=np.int64)
    return run_of(FakeModel(LAB_NAMES, staffed), lab_simulate, measured, plan=plan)
