"""Escalation without the customer: the next tier has the contact as deferred work, with a deadline of its own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim.api import run
from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from ccsim.theory import erlang_c
from tests.support.engines import compare
from tests.support.planned_load import loaded
from tests.support.queue_sums import said_of_queues, sums_by_queue
from tests.support.stories import script, tell

STORY = """\
channels: {phone: {patience: {law: constant, value: 5s}}, email: {kind: deferred}}
workflows:
  calls:
    tiers:
      t1: {escalated: 100%, escalated_as: {channel: email, deadline: DEADLINE}}
      t2: {handle_time: {law: constant, value: 10m}}
demand: {calls: {trace: calls.csv}}
queue_groups: {door: {channels: [phone], lines: 1}}
pools:
  desk: {staffing: 1}
  second: {tier: t2, staffing: [[00:00, 0], [00:30, 1]]}
"""


def test_the_customer_leaves_and_the_work_waits_for_the_next_tier() -> None:
    """Patience of 5 s ends nobody's wait there, and the only line is free at the end of talk with the first tier."""
    story = tell(STORY.replace("DEADLINE", "35m"), calls="time talk | 0 60 | 60 60 | 90 60")
    assert story.lives("queue visit joined left ended outcome") == [
        ("calls/t1", 0, 0, 0, 60, "escalated"),
        ("calls/t1", 0, 60, 60, 120, "escalated"),
        ("calls/t1", 0, 90, 90, 90, "blocked"),
        ("calls/t2", 1, 60, 1800, 2400, "resolved"),
        ("calls/t2", 1, 120, 2400, 3000, "resolved"),
    ]
    assert said_of_queues(story.model, "channel", "kind") == [("phone", "live"), ("email", "deferred")]


@pytest.mark.parametrize(
    ("deadline", "met"),
    [
        ("29m", 1),
        ("28m", 0),
        ("38m", 2),
        ("{working: 5m, hours: {mon-sun: 00:25-24:00}}", 1),  # due at 00:30, both: the first is taken then
        ("{working: 15m, hours: {mon-sun: 00:25-24:00}}", 2),
    ],
)
def test_the_deadline_is_that_of_the_escalation(deadline: str, met: int) -> None:
    text = STORY.replace("DEADLINE", deadline).replace("{kind: deferred}", "{kind: deferred, deadline: 1s}")
    model = compile_model(script(text.replace("lines: 1", "lines: 2"), calls="time talk | 0 60 | 60 60"))
    sums = sums_by_queue(compare(model, seed=1).tables, model)
    assert sums["in_deadline"].tolist() == [0, met]


@pytest.mark.parametrize("own", ["", "email: {kind: deferred, deadline: 1h}, "])
def test_a_deadline_that_only_the_escalation_has_is_judged(own: str) -> None:
    """Two escalated contacts wait from 00:01 and 00:02 for an agent who comes at 00:30; one is in time."""
    text = STORY.replace("DEADLINE", "29m").replace("lines: 1", "lines: 2").replace("channel: email", "channel: case")
    text = text.replace("email: {kind: deferred}", f"{own}case: {{kind: deferred}}")
    found = run(script(text, calls="time talk | 0 60 | 60 60"), replications=2, seed=1).estimates
    met = found[found.kpi == "deadline_met"].set_index(["scope", "name"]).estimate
    assert met["all", "all"] == met["tier", "t2"] == met["channel", "case"] == met["pool", "second"] == 0.5


def desk(tiers: str, more: str = "", length: str = "6h", warm_up: str = "1h") -> str:
    return (
        f"horizon: {{start: 2026-01-05, warm_up: {warm_up}, length: {length}, drain: 8h, interval: 1h}}\n"
        "channels: {phone: {patience: never}, case: {kind: deferred}}\n"
        f"workflows: {{calls: {{tiers: {{{tiers}}}{more}}}}}\n"
        "demand: {calls: {per_minute: 1}}\n"
        "pools: {first: {tier: t1, staffing: 40}, second: {tier: t2, staffing: 9}}\n"
    )


def test_the_next_tier_is_a_queue_of_deferred_work_that_follows_theory() -> None:
    """M/M/inf feeds M/M/c: waits, deadlines met, and cases resolved by the first tier."""
    tiers = (
        "t1: {handle_time: {law: exponential, mean: 6m}, resolved: 70%, escalated: 20%, "
        "escalated_as: {channel: case, deadline: 20m}}, t2: {handle_time: {law: exponential, mean: 36m}, resolved: 90%}"
    )
    model = compile_model(script(desk(tiers, length="8d", warm_up="2d")))
    found = []
    for replication in range(20):
        sums = sums_by_queue(simulate(model, seed=9, replication=replication).tables, model)
        first, second = ({name: values[row] for name, values in sums.items()} for row in (0, 1))
        cases = first["arrived"]
        found.append(
            [
                second["offered"] / cases,
                second["waited"] / second["offered"],
                second["wait_answered_us"] / second["offered"] / 60e6,
                second["in_deadline"] / second["offered"],
                1 - first["cases_given_up"] / cases,
                first["cases_resolved_elsewhere"] / cases,
            ]
        )
    theory = erlang_c(0.2, 36.0, 9)
    late = theory.p_wait * math.exp(-(9 - 7.2) / 36 * 20)
    wanted = [0.2, theory.p_wait, theory.mean_wait_answered, 1 - late, 0.88, 0.18]
    error = np.std(found, axis=0, ddof=1) / np.sqrt(20)
    z = (np.mean(found, axis=0) - wanted) / error
    assert np.abs(z).max() < 4.0, z
    assert (error < 0.08 * np.array(wanted)).all()


def test_where_nothing_is_escalated_it_changes_nothing() -> None:
    plain, said = (
        compile_model(script(desk(f"t1: {{handle_time: 6m, escalated: 0%{more}}}, t2: {{handle_time: 5m}}")))
        for more in (", resolved: 80%", ", resolved: 80%, escalated_as: case")
    )
    one, other = (simulate(model, seed=2, replication=0, visits=True).tables for model in (plain, said))
    assert all(np.array_equal(one[name], other[name]) for name in ("visits", "queue_sums", "pool_intervals"))


def test_both_ways_to_escalate_escalate_the_same_contacts() -> None:
    """Live or deferred: first visits, and who goes on when, are the same; only how they wait there differs."""
    made = []
    for more in ("", ", escalated_as: case"):
        model = compile_model(script(desk(f"t1: {{handle_time: 6m, escalated: 15%{more}}}, t2: {{handle_time: 30m}}")))
        compare(model, seed=2)
        made.append(simulate(model, seed=2, replication=0, visits=True).tables["visits"])
    assert np.array_equal(made[0], made[1])  # nobody abandons: first come, first served in both


def test_who_is_not_resolved_comes_back_by_the_channel_of_the_contact() -> None:
    returns = ", returns: {after_unresolved: {share: {phone: 100%, case: 0%}, after: 1h, attempts: 1}}"
    model = compile_model(
        script(
            desk(
                "t1: {handle_time: 6m, escalated: 100%, escalated_as: case}, t2: {handle_time: 1m, resolved: 0%}",
                returns,
            )
        )
    )
    sums = sums_by_queue(compare(model, seed=2).tables, model)
    assert sums["repeated"][0] * 2 == pytest.approx(sums["arrived"][0], rel=0.25)


def test_plans_count_it_as_deferred_work() -> None:
    live, deferred, _ = loaded(
        "channels: {case: {kind: deferred}}\n"
        "workflows: {calls: {tiers: {t1: {escalated: 10%, escalated_as: case}, t2: {handle_time: 30m}}}}\n"
        "demand: {calls: {per_week: 1000, profile: flat}}\n"
        "pools: {first: {staffing: 3}, second: {tier: t2, staffing: 2}}\n"
    )
    assert live == pytest.approx({"first": 100.0, "second": 0.0})
    assert deferred == pytest.approx({"first": 0.0, "second": 50.0})


@pytest.mark.parametrize(
    ("tiers", "at", "why"),
    [
        ("t1: {escalated: 5%, escalated_as: phone}, t2: {}", "t1.escalated_as", "channel phone is live; the customer"),
        ("t1: {escalated: 5%, escalated_as: mail}, t2: {}", "t1.escalated_as", "mail"),
        ("t1: {escalated_as: email}, t2: {}", "t1.escalated_as", "needs `escalated:`, whose contacts it is about"),
        ("t1: {escalated: 5%, escalated_as: email}, t2: {sent_back: 5%}", "t2.sent_back", "from t1, without their"),
        (
            "t1: {escalated: 5%, escalated_as: email}, t2: {transfers: {b: 5%}}",
            "t2.transfers",
            "cannot go on to a queue",
        ),
        (
            "t1: {escalated: 5%, escalated_as: {channel: email, deadline: -1h}}, t2: {}",
            "t1.escalated_as.deadline",
            "-1h",
        ),
        (
            "t1: {escalated: 5%, escalated_as: {channel: email, deadline: {working: 2h}}}, t2: {}",
            "t1.escalated_as.deadline",
            "working time needs hours",
        ),
    ],
)
def test_bad_escalations_are_told_with_their_place(tiers: str, at: str, why: str) -> None:
    with pytest.raises(ScenarioError, match=why) as told:
        script(
            "channels: {email: {kind: deferred}}\n"
            f"workflows: {{calls: {{aht: 5m, tiers: {{{tiers}}}}}, b: {{aht: 5m}}}}\n"
            "demand: {calls: {per_hour: 6}}\npools: {desk: {tier: [t1, t2], staffing: 1}}\n"
        )
    assert f"workflows.calls.tiers.{at}" in str(told.value)


def test_a_later_tier_may_send_deferred_work_back_to_one_that_has_it_deferred() -> None:
    tiers = "t1: {handle_time: 6m, escalated: 30%, escalated_as: case}, t2: {handle_time: 6m, escalated: 30%}, "
    text = desk(tiers + "t3: {handle_time: 6m, sent_back: 20%}").replace("tier: t2", "tier: [t2, t3]")
    model = compile_model(script(text))
    assert said_of_queues(model, "channel") == [("phone",), ("case",), ("case",)]
    compare(model, seed=1)
