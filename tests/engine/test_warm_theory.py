"""Warm transfers against a Markov chain, Little's law and the same centre with cold transfers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import Model, compile_model
from ccsim.records import outcomes
from ccsim.records.tables import POOL_SUMS, QUEUE_SUMS
from tests.support.engines import compare
from tests.support.stories import VISIT, script

QUEUE = {column.name: i for i, column in enumerate(QUEUE_SUMS[1:])}
POOL = {column.name: i for i, column in enumerate(POOL_SUMS[1:])}
MINUTE = 60_000_000


def centre(
    *,
    rate: float = 0.5,
    agents: tuple[int, int] = (2, 1),
    warm: str = "warm: 100%, hand_over: {law: exponential, mean: 1m}",
    up: str = "30%",
    times: tuple[str, str] = ("{law: exponential, mean: 2m}", "{law: exponential, mean: 2m}"),
    length: str = "20d",
    patience: str = "never",
    more: str = "",
) -> Scenario:
    return script(
        f"horizon: {{start: 2026-01-05, warm_up: 1d, length: {length}, drain: 1d, interval: 1d}}\n"
        f"patience: {patience}\n"
        f"workflows: {{calls: {{tiers: {{t1: {{handle_time: {times[0]}, escalated: {up}, {warm}}}, "
        f"t2: {{handle_time: {times[1]}}}}}}}}}\n"
        f"demand: {{calls: {{per_minute: {rate}}}}}\n"
        f"pools: {{a: {{tier: t1, staffing: {agents[0]}}}, b: {{tier: t2, staffing: {agents[1]}}}}}\n{more}"
    )


def chain(rate: float, talk: float, up: float, hand_over: float, second: float, most: int = 60) -> dict[str, float]:
    """Two agents who hand over to one expert: mean wait of new contacts, agents who stay, expert busy.

    States: contacts waiting, agents talking, agents staying, expert free (0), in a hand-over (1), talking alone (2).
    """
    states: dict[tuple[int, int, int, int], int] = {}
    moves: list[tuple[int, int, float]] = []
    todo = [(0, 0, 0, 0)]
    states[todo[0]] = 0

    def busy(talking: int, staying: int, expert: int) -> int:
        return talking + staying + (expert == 1)

    def settled(waiting: int, talking: int, staying: int, expert: int) -> tuple[int, int, int, int]:
        if expert == 0 and staying > 0:
            staying, expert = staying - 1, 1
        while waiting > 0 and busy(talking, staying, expert) < 2:
            waiting, talking = waiting - 1, talking + 1
        return waiting, talking, staying, expert

    for state in todo:
        waiting, talking, staying, expert = state
        after = [
            (rate if waiting < most else 0.0, (waiting + 1, talking, staying, expert)),
            (talking / talk * (1 - up), (waiting, talking - 1, staying, expert)),
            (talking / talk * up, (waiting, talking - 1, staying + 1, expert)),
            (1 / hand_over if expert == 1 else 0.0, (waiting, talking, staying, 2)),
            (1 / second if expert == 2 else 0.0, (waiting, talking, staying, 0)),
        ]
        for speed, raw in after:
            if speed > 0.0:
                to = settled(*raw)
                if to not in states:
                    states[to] = len(states)
                    todo.append(to)
                moves.append((states[state], states[to], speed))
    flow = np.zeros((len(states), len(states)))
    for start, to, speed in moves:
        flow[start, to] += speed
        flow[start, start] -= speed
    flow[:, -1] = 1.0
    share = np.linalg.solve(flow.T, np.eye(len(states))[-1])
    rows = np.array(list(states))
    return {
        "wait": float(share @ rows[:, 0]) / rate,
        "stays": float(share @ rows[:, 2]),
        "expert": float(share @ (rows[:, 3] > 0)),
        "busy": float(share @ (rows[:, 1] + rows[:, 2] + (rows[:, 3] == 1))) / 2,
    }


def test_two_agents_and_one_expert_are_a_markov_chain() -> None:
    wanted = chain(0.5, 2.0, 0.3, 1.0, 2.0)
    assert wanted["expert"] == pytest.approx(0.5 * 0.3 * 3.0)  # the hand-over and the talk of the expert
    assert wanted["busy"] == pytest.approx((0.5 * (2.0 + 0.3) + wanted["stays"]) / 2)
    model = compile_model(centre())
    found = []
    for replication in range(24):
        tables = simulate(model, seed=3, replication=replication).tables
        sums, pools = tables["queue_sums"], tables["pool_sums"]
        length = 20 * 24 * 60 * MINUTE
        found.append(
            [
                sums[0, QUEUE["wait_answered_us"]] / sums[0, QUEUE["answered"]] / MINUTE,
                sums[0, QUEUE["warm_wait_us"]] / length,
                pools[1, POOL["in_hand_us"]] / length,
                pools[0, POOL["in_hand_us"]] / length / 2,
            ]
        )
    values = np.array(found)
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    z = (values.mean(axis=0) - [wanted[name] for name in ("wait", "stays", "expert", "busy")]) / error
    assert np.abs(z).max() < 4.0, z
    assert (error < 0.04 * values.mean(axis=0)).all()


def test_with_agents_for_all_the_times_add_up() -> None:
    """Nobody stays for long: talk is talk + hand-over in both tiers, to the microsecond."""
    constant = ("{law: constant, value: 6m}", "{law: constant, value: 12m}")
    more = centre(rate=3.0, agents=(60, 40), up="20%", times=constant, warm="warm: 100%, hand_over: 90s", length="1d")
    sums = simulate(compile_model(more), seed=5, replication=0).tables["queue_sums"]
    first, second = sums
    assert first[QUEUE["warm_wait_us"]] == 0
    assert first[QUEUE["warm"]] == first[QUEUE["escalated"]] > 500
    assert first[QUEUE["hand_over_us"]] == 90_000_000 * first[QUEUE["escalated"]]
    handled = first[QUEUE["resolved"]] + first[QUEUE["escalated"]]
    assert first[QUEUE["talk_us"]] == 6 * MINUTE * handled + 90_000_000 * first[QUEUE["escalated"]]
    assert second[QUEUE["talk_us"]] == (12 * MINUTE + 90_000_000) * second[QUEUE["resolved"]]
    assert second[QUEUE["warm"]] == 0


def same_but(kept: np.ndarray, other: np.ndarray, *columns: str) -> bool:
    left = [i for name, i in VISIT.items() if name not in columns]
    return np.array_equal(kept[:, left], other[:, left])


def visits_of(scenario: Scenario, seed: int = 7) -> np.ndarray:
    return np.asarray(simulate(compile_model(scenario), seed=seed, replication=0, visits=True).tables["visits"])


def test_a_hand_over_that_takes_no_time_to_experts_who_are_free_is_a_cold_transfer() -> None:
    said = {"rate": 2.0, "agents": (6, 40), "length": "2d", "patience": "3m"}
    warm, cold = (
        visits_of(centre(warm=warm, **said)) for warm in ("warm: 100%, hand_over: 0s", "warm: 0%, hand_over: 0s")
    )
    assert len(warm) > 5000
    assert same_but(warm, cold, "warm_wait_us")
    assert (warm[:, VISIT["warm_wait_us"]] == 0).sum() == (warm[:, VISIT["outcome"]] == outcomes.ESCALATED).sum() > 1000


def test_a_share_of_0_is_no_warm_transfer() -> None:
    said = {"length": "2d", "patience": "3m", "agents": (2, 1)}
    assert np.array_equal(
        visits_of(centre(warm="warm: 0%, hand_over: 5m", **said)), visits_of(centre(warm="resolved: 70%", **said))
    )


def test_a_larger_share_hands_over_the_same_contacts_and_more_with_the_same_hand_over() -> None:
    found: list[dict[tuple[int, ...], int]] = []
    for share in ("40%", "80%", "100%"):
        visits = visits_of(
            centre(rate=2.0, agents=(40, 40), length="1d", warm=f"warm: {share}, hand_over: {{mean: 1m, cv: 1}}")
        )
        first = visits[(visits[:, VISIT["warm_wait_us"]] >= 0)]
        names = [VISIT[name] for name in ("date", "number", "contact", "visit")]
        found.append({tuple(row[names].tolist()): int(row[VISIT["hand_over_us"]]) for row in first})
    assert 300 < len(found[0]) < len(found[1]) < len(found[2])
    assert found[0].items() < found[1].items() < found[2].items()
    assert len(found[0]) / len(found[2]) == pytest.approx(0.4, abs=0.05)


def test_a_hand_over_has_draws_of_its_own() -> None:
    """Arrivals, talks and outcomes are those of cold transfers, contact by contact."""
    said = {"rate": 2.0, "agents": (60, 40), "length": "1d"}
    warm, cold = (
        visits_of(centre(warm=warm, **said)) for warm in ("warm: 100%, hand_over: {mean: 1m, cv: 1}", "resolved: 70%")
    )
    warm, cold = (visits[visits[:, VISIT["counted"]] == 1] for visits in (warm, cold))  # these have all ended
    talk = warm[:, VISIT["ended_us"]] - warm[:, VISIT["left_us"]] - warm[:, VISIT["hand_over_us"]]
    assert np.array_equal(talk, cold[:, VISIT["ended_us"]] - cold[:, VISIT["left_us"]])
    assert same_but(warm, cold, "ended_us", "wrapped_us", "agent", "warm_wait_us", "hand_over_us")


def test_both_rows_of_a_warm_transfer_agree() -> None:
    """The wait of the second visit is the time for which the first agent stays; both have the same hand-over."""
    model = compile_model(centre(rate=0.9, agents=(4, 2), length="3d", patience="{law: exponential, mean: 3m}"))
    compare(model, seed=2)
    visits = simulate(model, seed=2, replication=0, visits=True).tables["visits"]
    names = [VISIT[name] for name in ("date", "number", "contact")]
    second = {tuple(row[names].tolist()): row for row in visits if row[VISIT["visit"]] == 1}
    lost = 0
    for row in visits[(visits[:, VISIT["warm_wait_us"]] >= 0)]:
        other = second[tuple(row[names].tolist())]
        assert row[VISIT["warm_wait_us"]] == other[VISIT["left_us"]] - other[VISIT["joined_us"]]
        assert row[VISIT["hand_over_us"]] == other[VISIT["hand_over_us"]]
        begins = row[VISIT["ended_us"]] - row[VISIT["hand_over_us"]] - row[VISIT["warm_wait_us"]]
        assert begins == other[VISIT["joined_us"]]
        lost += other[VISIT["agent"]] < 0
    assert lost > 20


def test_the_balance_of_a_pool_is_that_of_its_visits() -> None:
    """Time in hand is talk and wrap-up of its visits: no time is lost between two agents."""
    model: Model = compile_model(centre(rate=0.9, agents=(4, 2), length="2d", patience="{law: exponential, mean: 3m}"))
    tables = simulate(model, seed=2, replication=1, visits=True).tables
    visits, pools = tables["visits"], tables["pool_sums"]
    first, end = model.span.counted_from, model.span.counted_until
    for pool in (0, 1):
        mine = visits[visits[:, VISIT["pool"]] == pool]
        since, until = (np.clip(mine[:, VISIT[name]], first, end) for name in ("left_us", "wrapped_us"))
        assert (until - since).sum() == pools[pool, POOL["held_us"]] == pools[pool, POOL["in_hand_us"]]


@pytest.mark.parametrize(
    "how", [{"slot_rows": 16, "log_rows": 16, "event_rows": 96}, {"pauses": range(0, 10**11, 10**9)}]
)
def test_it_does_not_depend_on_how_the_kernel_is_fed(how: dict[str, Any]) -> None:
    """Few slots grow and the log is emptied often; at every pause all invariants hold."""
    model = compile_model(centre(rate=3.0, agents=(10, 3), length="1d", patience="{law: exponential, mean: 3m}"))
    plain = simulate(model, seed=4, replication=0, visits=True).tables
    other = simulate(model, seed=4, replication=0, visits=True, check="pauses" in how, **how).tables
    assert all(np.array_equal(rows, other[name]) for name, rows in plain.items())
    assert (plain["visits"][:, VISIT["warm_wait_us"]] > 0).sum() > 300
