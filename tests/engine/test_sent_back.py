"""Bounce-back: a share of what a tier handles is sent back to the tier before."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.model.visits import visits_of
from ccsim.records import outcomes
from ccsim.records.tables import QUEUE_SUMS
from ccsim.theory import erlang_c
from tests.support.engines import compare
from tests.support.stories import VISIT, script

RATE, T1, T2, AGENTS_1, AGENTS_2, UP, BACK = 2.0, 5.0, 9.0, 14, 9, 0.3, 0.2
REPLICATIONS = 25


def desk(back: str = "sent_back: 20%", length: str = "8d", extra: str = "", agents: int = AGENTS_1) -> Scenario:
    return script(
        f"horizon: {{start: 2026-01-05, warm_up: 6h, length: {length}, drain: 5h, interval: 1d}}\n"
        "channels: {phone: {patience: never}}\n"
        f"workflows: {{calls: {{tiers: {{t1: {{handle_time: {{law: exponential, mean: 5m}}, escalated: 30%}}, "
        f"t2: {{handle_time: {{law: exponential, mean: 9m}}, {back}}}}}}}}}\n"
        f"demand: {{calls: {{per_minute: {RATE}}}}}\n"
        f"pools: {{desk: {{tier: t1, staffing: {agents}}}, second: {{tier: t2, staffing: {AGENTS_2}}}}}\n" + extra
    )


def test_two_tiers_that_send_back_are_a_jackson_network() -> None:
    """Visits by the traffic equations, and each queue as an M/M/c of its own."""
    model = compile_model(desk())
    place = {column.name: i for i, column in enumerate(QUEUE_SUMS[1:])}
    found = []
    for replication in range(REPLICATIONS):
        sums = simulate(model, seed=11, replication=replication).tables["queue_sums"].astype(float)
        assert [model.names["queues"][row][1].split("/")[-1] for row in sums[:, 0].astype(int)] == ["t1", "t2"]
        offered, waits = sums[:, place["offered"]], sums[:, place["wait_answered_us"]] / 60e6
        contacts, moved = sums[0, place["arrived"]], sums[1, place["transferred"]]
        found.append(
            [*(offered / contacts), moved / offered[1], *(sums[:, place["waited"]] / offered), *(waits / offered)]
        )
    per_contact = np.linalg.solve(np.array([[1.0, -BACK], [-UP, 1.0]]), np.array([1.0, 0.0]))
    first = erlang_c(RATE * per_contact[0], T1, AGENTS_1)
    second = erlang_c(RATE * per_contact[1], T2, AGENTS_2)
    wanted = [*per_contact, BACK, first.p_wait, second.p_wait, first.mean_wait_answered, second.mean_wait_answered]
    error = np.std(found, axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    z = (np.mean(found, axis=0) - wanted) / error
    assert np.abs(z).max() < 4.0, z
    assert (error[:3] < 0.005).all()
    assert (error[3:] < 0.05 * np.array(wanted[3:])).all()


def test_a_bounce_joins_the_tier_before_at_the_end_of_talk_and_may_be_escalated_again() -> None:
    model = compile_model(desk("sent_back: 60%", "1d", agents=AGENTS_1 + 4))
    compare(model, seed=3)
    visits = simulate(model, seed=3, replication=0, visits=True).tables["visits"]
    contacts: dict[tuple[int, int], list[np.ndarray]] = {}
    for row in visits:
        contacts.setdefault((row[VISIT["date"]], row[VISIT["number"]]), []).append(row)
    bounces = longest = 0
    for rows in contacts.values():
        rows.sort(key=lambda row: int(row[VISIT["visit"]]))
        longest = max(longest, len(rows))
        assert [row[VISIT["queue"]] for row in rows] == [i % 2 for i in range(len(rows))]
        for one, following in pairwise(rows):
            wanted = (outcomes.ESCALATED, outcomes.TRANSFERRED)[one[VISIT["queue"]]]
            assert one[VISIT["outcome"]] == wanted
            assert following[VISIT["joined_us"]] == one[VISIT["ended_us"]]
            bounces += wanted == outcomes.TRANSFERRED
    assert longest >= 4
    assert bounces == np.count_nonzero(visits[:, VISIT["outcome"]] == outcomes.TRANSFERRED) > 300


def test_a_share_of_0_changes_nothing() -> None:
    said, plain = (compare(compile_model(desk(back, "1d")), seed=4).tables for back in ("sent_back: 0%", "resolved: 1"))
    assert all(np.array_equal(said[name], plain[name]) for name in plain)


def test_who_is_sent_back_is_taken_from_those_who_would_end() -> None:
    """More bounces are those of before and more; what the first tier does with new contacts stays as it was."""
    first, bounced = [], []
    for back in ("resolved: 1", "sent_back: 30%", "sent_back: 60%"):
        model = compile_model(desk(back, "1d", agents=90))
        visits = simulate(model, seed=6, replication=0, visits=True).tables["visits"]
        columns = [VISIT[name] for name in ("date", "number", "joined_us", "ended_us", "outcome")]
        first.append(visits[visits[:, VISIT["visit"]] == 0][:, columns])
        second = visits[(visits[:, VISIT["visit"]] == 1) & (visits[:, VISIT["outcome"]] == outcomes.TRANSFERRED)]
        bounced.append({(row[VISIT["date"]], row[VISIT["number"]]) for row in second})
    assert all(np.array_equal(first[0], other) for other in first[1:])
    assert not bounced[0]
    assert bounced[1] < bounced[2]


def test_plans_count_the_visits_of_bounces() -> None:
    found = visits_of(desk(), "calls", "phone")["phone"]
    per_contact = np.linalg.solve(np.array([[1.0, -BACK], [-UP, 1.0]]), np.array([1.0, 0.0]))
    assert list(found.values()) == pytest.approx(list(per_contact))


def test_the_first_tier_has_none_before_it() -> None:
    with pytest.raises(ScenarioError, match="t1 is the first tier; there is none before it") as told:
        script("demand: {calls: {per_hour: 6}}\nworkflows: {calls: {tiers: {t1: {aht: 5m, sent_back: 10%}, t2: {}}}}")
    assert "workflows.calls.tiers.t1.sent_back" in str(told.value)


def test_shares_over_100_percent_are_told() -> None:
    with pytest.raises(ScenarioError, match="escalated and sent back are 110% together"):
        script(
            "demand: {calls: {per_hour: 6}}\nworkflows: {calls: {aht: 5m, tiers: {t1: {escalated: 5%}, "
            "t2: {escalated: 60%, sent_back: 50%}, t3: {}}}}"
        )
