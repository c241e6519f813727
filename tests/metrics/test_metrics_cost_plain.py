"""Costs by queue and pool made again in plain Python, route by route."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ccsim.metrics.cost import Routed, paid_cost, translation_prices
from tests.support.stand_in.desk import MEASURED

QUEUES = pd.DataFrame({"channel": ["phone", "chat", "chat", "email"], "language": ["en", "de", "fi", "any"]})
POOLS = pd.DataFrame(
    {"name": ["a", "b", "c"], "vendor": ["x", "y", "x"], "languages": ["en+de", "any", "sv"]}
)  # fmt: skip
RATES = replace(
    MEASURED,
    concurrency={"chat": 4},
    paid_hour={"a": 12.5, "c": 40.0},
    translations=(("de", 2.0), ("sv", 3.0), ("en", 0.5)),
    minimum_hours={"x": (50.0, 7.0), "z": (9.0, 1.0)},
)
PRICES = [[0.0, 0.0, 3.0], [0.0, 0.0, 3.0], [2.0, 0.0, 3.0], [0.0, 0.0, 0.0]]
"""Of a visit of each queue by each pool: through the first language of the overflow steps that the pool speaks."""
REPLICATIONS = 5


def routes(seed, pools=(0, 1, 2), timeless=()):
    rng = np.random.default_rng(seed)
    rows = [
        (
            r,
            q,
            p,
            int(rng.integers(0, 9)),
            int(rng.integers(0, 9)),
            int(rng.integers(0, 10**9)) * (p not in timeless),
        )
        for r in range(REPLICATIONS - 1)
        for q in range(4)
        for p in pools
        if rng.random() < 0.8
    ]
    rng.shuffle(rows)
    return pd.DataFrame(rows, columns=["replication", "queue", "pool", "answered", "served", "held_us"]).astype("int64")


def plainly(frame, paid):
    """Cost by queue and replication."""
    made = [[0.0] * REPLICATIONS for _ in range(4)]
    rows = frame.to_dict("records")
    for r in range(REPLICATIONS):
        mine = [row for row in rows if row["replication"] == r]
        given = {}
        for p in range(3):
            weights = {
                row["queue"]: row["held_us"] / (4 if row["queue"] in (1, 2) else 1) for row in mine if row["pool"] == p
            }
            if not sum(weights.values()):
                weights = {row["queue"]: row["served"] for row in mine if row["pool"] == p}
            given[p] = weights
        together = [sum(given[p].get(q, 0.0) for p in range(3)) for q in range(4)]
        for p in range(3):
            weights = given[p] if sum(given[p].values()) else dict(enumerate(together if sum(together) else [1.0] * 4))
            for q, weight in weights.items():
                made[q][r] += paid[p][r] * weight / sum(weights.values())
        for row in mine:
            made[row["queue"]][r] += row["served"] * PRICES[row["queue"]][row["pool"]]
    return made


@pytest.mark.parametrize(("pools", "timeless"), [((0, 1, 2), ()), ((0, 2), ()), ((0, 1, 2), (1,)), ((), ())])
def test_costs_by_queue(pools, timeless):
    frame = routes(len(pools) + len(timeless), pools, timeless)
    paid = np.random.default_rng(1).uniform(0, 100, (3, REPLICATIONS))
    routed = Routed(lambda: [frame.iloc[:3], frame.iloc[3:]], QUEUES, POOLS, RATES, REPLICATIONS)
    assert routed.allocated(paid) == pytest.approx(np.array(plainly(frame, paid)))
    translating = [
        [
            sum(row["served"] * PRICES[row["queue"]][p] for row in frame.to_dict("records")
                if (row["pool"], row["replication"]) == (p, r))
            for r in range(REPLICATIONS)
        ]
        for p in range(3)
    ]  # fmt: skip
    assert routed.translating == pytest.approx(np.array(translating))


def test_prices_of_translations():
    assert translation_prices(QUEUES, POOLS, RATES).tolist() == PRICES
    assert translation_prices(QUEUES, POOLS, replace(RATES, translations=())).tolist() == [[0.0] * 3] * 4
    assert translation_prices(QUEUES, POOLS, replace(RATES, translations=(("en", 0.0),))).tolist() == [[0.0] * 3] * 4


def test_paid_hours_have_their_price_and_vendors_their_minimum():
    rated = np.array([[10, 0, 60, 25], [7, 7, 0, 0], [20, 0, 60, 25]]) * 3_600_000_000
    made = paid_cost(rated, POOLS, RATES)
    prices = {"a": 12.5, "b": 0.0, "c": 40.0}
    for r in range(4):
        hours = [int(rated[p, r]) / 3_600_000_000 for p in range(3)]
        whole = hours[0] + hours[2]
        missing = max(50.0 - whole, 0.0) * 7.0
        parts = [hours[0] / whole, 0.0, hours[2] / whole] if whole else [0.5, 0.0, 0.5]
        for p, name in enumerate(POOLS["name"]):
            assert made[p, r] == pytest.approx(hours[p] * prices[name] + missing * parts[p])
