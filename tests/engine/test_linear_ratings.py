"""Ratings in points: their mean against the law of the waits of Erlang C, whole ratings, and parts that add up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.records.satisfaction import BILLION, FACTORS, OF_RATINGS
from ccsim.records.visit_rows import VISITS
from tests.support.engines import compare
from tests.support.stories import script

NAMES = tuple(column.name for column in OF_RATINGS)
VISIT = {column.name: i for i, column in enumerate(VISITS[1:])}

ARRIVALS, HANDLE, AGENTS = 3.2, 2.0, 7
"""A minute, minutes, agents: a load of 91 %."""
BASE, WAIT, UNRESOLVED, RESOLVED_SHARE = 4.7, -0.45, -1.1, 0.7


def ratings_of(tables: dict[str, np.ndarray]) -> dict[str, int]:
    return dict(zip(NAMES, tables["ratings"][:, 2:].sum(axis=0).tolist(), strict=True))


def erlang_c_mean(value: object) -> float:
    """Mean over the wait of M/M/c: 0, or exponential at the rate by which the agents outrun the arrivals."""
    load = ARRIVALS * HANDLE
    free = [load**n / math.factorial(n) for n in range(AGENTS)]
    all_busy = load**AGENTS / math.factorial(AGENTS) * AGENTS / (AGENTS - load)
    waits, rate = all_busy / (sum(free) + all_busy), AGENTS / HANDLE - ARRIVALS
    assert callable(value)
    inner = integrate.quad(lambda x: value(x) * rate * math.exp(-rate * x), 0, 200, limit=400, points=[1, 3, 6, 9])
    return float((1 - waits) * value(0.0) + waits * inner[0])


def test_the_mean_rating_and_the_promoters_are_those_over_the_waits_of_erlang_c() -> None:
    model = compile_model(
        script(f"""
horizon: {{start: 2026-01-05, warm_up: 1d, length: 8d, drain: 1d, interval: 6h}}
channels: {{phone: {{kind: live, patience: never}}}}
demand: {{w: {{per_hour: {60 * ARRIVALS}, channel: phone}}}}
workflows: {{w: {{handle_time: {{law: exponential, mean: {HANDLE}m}}, tiers: {{t1: {{resolved: {RESOLVED_SHARE}}}}}}}}}
pools: {{desk: {{staffing: {AGENTS}}}}}
satisfaction:
  base: {BASE}
  moved_by: {{wait: {{per: 2m, by: {2 * WAIT}}}, unresolved: {UNRESOLVED}}}
  nps: {{promoters_from: 4.5, detractors_below: 2.5}}
""")
    )

    def over(value: object) -> float:
        assert callable(value)
        return sum(
            share * erlang_c_mean(lambda x, moved=moved: value(min(max(BASE + WAIT * x + moved, 1.0), 5.0)))
            for moved, share in ((0.0, RESOLVED_SHARE), (UNRESOLVED, 1 - RESOLVED_SHARE))
        )

    expected = {
        "score": over(lambda m: m),
        "expected_e9": over(lambda m: m) * BILLION,
        "satisfied": over(lambda m: min(max(m - 3, 0.0), 1.0)),
        "promoters": over(lambda m: max(m - 4, 0.0)),
        "detractors": over(lambda m: 1 - min(max(m - 2, 0.0), 1.0)),
    }
    found: dict[str, list[float]] = {name: [] for name in expected}
    for replication in range(8):
        sums = ratings_of(simulate(model, seed=3, replication=replication).tables)
        for name, values in found.items():
            values.append(sums[name] / sums["rated"])
    for name, values in found.items():
        mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))
        assert error < 0.01 * max(abs(expected[name]), 1.0), name
        assert abs(mean - expected[name]) <= stats.t.ppf(1 - 3e-5, len(values) - 1) * error, (name, mean, expected)


CENTRE = """
horizon: {start: 2026-01-05, warm_up: 2h, length: 1d, drain: 1d, interval: 1h}
markets: {de: {region: emea, time_zone: Europe/Berlin, languages: {de: 70%, pl: 30%}}}
channels: {phone: {kind: live, patience: {mean: 3m}}, email: {kind: deferred}}
vendors: {acme: {}, own: {kind: in_house}}
workflows:
  orders:
    tiers: {t1: {handle_time: {mean: 4m}, resolved: 60%, escalated: 15%, transfers: {tech: 15%}}, t2: {handle_time: 6m}}
    returns: {after_unresolved: {share: 60%, after: 1h}}
  tech: {tiers: {t1: {handle_time: {mean: 5m}, resolved: 80%}}}
demand: {orders: {per_hour: 90, market: de, channels: {phone: 60%, email: 40%}}}
pools:
  first: {staffing: 6, vendor: acme, tier: t1, languages: [de]}
  second: {staffing: 4, vendor: own, tier: [t1, t2], languages: [de]}
routing: {overflow: [{after: 0s, to: {language: de, translated: {handle_time: 1.2}}}]}
"""
MOVED = {
    "wait": "{per: 1m, by: -0.1}", "deferred_wait": "{per: 1h, by: -0.3}", "unresolved": "-1.2", "repeat": "-0.6",
    "transfer": "-0.3", "escalation": "-0.2", "translated": "-0.2",
}  # fmt: skip
REST = "vendors: {acme: -0.2}, workflows: {tech: -0.1}, channels: {email: 0.1}"


def points(base: float, moved: dict[str, str], rest: str = REST) -> str:
    said = ", ".join(f"{name}: {by}" for name, by in moved.items())
    return f"satisfaction: {{base: {base}, moved_by: {{{said}}}, {rest}}}\n"


def test_parts_add_up_to_the_last_digit_in_both_engines() -> None:
    tables = compare(compile_model(script(CENTRE + points(4.6, MOVED))), seed=3).tables
    at = {name: 2 + i for i, name in enumerate(NAMES)}
    parts = [at[f"{factor.name}_e9"] for factor in FACTORS]
    for row in tables["ratings"].tolist():
        assert row[at["base_e9"]] + sum(row[part] for part in parts) == row[at["expected_e9"]]
        assert row[at["base_e9"]] == row[at["rated"]] * 4_600_000_000
    idle = at["bot_e9"]  # no bots here, see tests/engine/test_ratings_bots.py
    assert all(tables["ratings"][:, part].any() == (part != idle) for part in parts)
    sums = ratings_of(tables)
    spread = sums["score"] / sums["rated"] - sums["expected_e9"] / BILLION / sums["rated"]
    assert abs(spread) < 4 * 0.5 / math.sqrt(sums["rated"])  # a whole number beside what is expected: deviation <= 1/2


def ratings(base: float, moved: dict[str, str]) -> np.ndarray:
    said = compile_model(script(CENTRE + points(base, moved, "response: 30%")))
    found = simulate(said, seed=3, replication=0, visits=True).tables["visits"][:, VISIT["rating"]]
    return found[found > 0]


def test_a_rating_is_the_whole_number_below_or_above_what_is_expected() -> None:
    assert set(ratings(3.3, {}).tolist()) == {3, 4}
    assert set(ratings(4.0, {}).tolist()) == {4}
    assert set(ratings(1.0, {"unresolved": "-4"}).tolist()) == {1}
    assert set(ratings(5.0, {"unresolved": "4", "wait": "{per: 1s, by: 4}"}).tolist()) == {5}
    share = float((ratings(3.3, {}) == 4).mean())
    assert abs(share - 0.3) < 4 * math.sqrt(0.21 / len(ratings(3.3, {})))


@pytest.mark.parametrize("name", MOVED)
def test_a_worse_life_never_has_a_better_rating(name: str) -> None:
    before, after = ratings(4.6, {}), ratings(4.6, {name: MOVED[name]})
    moved = after - before
    assert moved.max() == 0
    assert moved.min() < 0
