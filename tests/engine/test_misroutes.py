"""Misroutes: contacts that begin in the queue of a wrong workflow, where an agent finds out and transfers them."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.records import outcomes
from ccsim.theory import erlang_c
from tests.support.engines import compare
from tests.support.planned_load import loaded
from tests.support.queue_sums import sums_by_queue
from tests.support.stories import VISIT, script, tell

QUEUES = ("bill/t1", "tech/t1", "tech/bill/t1")
REPLICATIONS = 20


def desk(misrouted: str, *, length: str = "6h", agents: tuple[int, int] = (15, 23), extra: str = "") -> Scenario:
    """Two workflows with a desk each; contacts of `tech` begin in `bill` by mistake."""
    return script(
        f"horizon: {{start: 2026-01-05, warm_up: 2h, length: {length}, drain: 5h, interval: 1h}}\n"
        "channels: {phone: {patience: never}}\n"
        "workflows:\n"
        "  bill: {handle_time: {law: exponential, mean: 4m}}\n"
        f"  tech: {{handle_time: {{law: exponential, mean: 6m}}, {misrouted}}}\n"
        "demand: {bill: {per_minute: 2}, tech: {per_minute: 3}}\n"
        f"pools: {{bills: {{skills: {{bill: {{}}}}, staffing: {agents[0]}}}, "
        f"techs: {{skills: {{tech: {{}}}}, staffing: {agents[1]}}}}}\n" + extra
    )


def test_a_misrouted_contact_is_found_out_and_joins_its_own_queue_at_the_end_of_talk() -> None:
    """The recorded talk is that of its own queue; the agents of the wrong one write up a fifth of the 30 s."""
    story = tell(
        "workflows:\n"
        "  calls: {misrouted: {bill: {share: 100%, handle_time: {talk: 30s, wrap_up: 20%}}}}\n"
        "  bill: {handle_time: {law: constant, value: 9m}}\n"
        "demand: {calls: {trace: calls.csv}}\n"
        "pools: {desk: {skills: {calls: {}}, staffing: 1}, bills: {skills: {bill: {}}, staffing: 1}}\n".replace(
            "talk: 30s", "talk: {law: constant, value: 30s}"
        ),
        calls="time talk | 0 60 | 10 60",
    )
    assert story.lives("queue contact visit joined left ended wrapped pool outcome") == [
        ("calls/t1", 0, 1, 30, 30, 90, 90, "desk", "resolved"),
        ("calls/t1", 0, 1, 66, 90, 150, 150, "desk", "resolved"),
        ("calls/bill/t1", 0, 0, 0, 0, 30, 36, "bills", "transferred"),
        ("calls/bill/t1", 0, 0, 10, 36, 66, 72, "bills", "transferred"),
    ]


def test_without_a_time_to_find_out_the_handle_time_of_the_wrong_queue_holds() -> None:
    story = tell(
        "workflows: {calls: {misrouted: {bill: 100%}}, bill: {handle_time: {law: constant, value: 9m}}}\n"
        "demand: {calls: {trace: calls.csv}}\n"
        "pools: {desk: {skills: {calls: {}}, staffing: 1}, bills: {skills: {bill: {}}, staffing: 1}}\n",
        calls="time talk | 0 60",
    )
    assert story.lives("queue joined ended") == [("calls/t1", 540, 600), ("calls/bill/t1", 0, 540)]


def test_both_queues_are_those_of_a_jackson_network() -> None:
    """With the handle time of the wrong queue, which is exponential, both queues are M/M/c at their rates."""
    model = compile_model(desk("misrouted: {bill: 25%}", length="8d"))
    assert tuple(row[1] for row in model.names["queues"]) == QUEUES
    found = []
    for replication in range(REPLICATIONS):
        sums = sums_by_queue(simulate(model, seed=5, replication=replication).tables, model)
        by = {name: {column: int(sums[column][i]) for column in sums} for i, name in enumerate(QUEUES)}
        wrong = {column: by["bill/t1"][column] + by["tech/bill/t1"][column] for column in sums}
        own = by["tech/t1"]
        found.append(
            [
                by["tech/bill/t1"]["transferred"] / own["arrived"],
                *(one["waited"] / one["offered"] for one in (wrong, own)),
                *(one["wait_answered_us"] / one["offered"] / 60e6 for one in (wrong, own)),
            ]
        )
        assert own["arrived"] == by["tech/bill/t1"]["offered"] + own["offered"] - by["tech/bill/t1"]["transferred"]
        assert by["tech/bill/t1"]["arrived"] == 0
    first, second = erlang_c(2.75, 4.0, 15), erlang_c(3.0, 6.0, 23)
    wanted = [0.25, first.p_wait, second.p_wait, first.mean_wait_answered, second.mean_wait_answered]
    error = np.std(found, axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    z = (np.mean(found, axis=0) - wanted) / error
    assert np.abs(z).max() < 4.0, z
    assert (error < 0.06 * np.array(wanted)).all()


def test_a_share_of_0_changes_nothing() -> None:
    said, plain = (compare(compile_model(desk(one)), seed=4).tables for one in ("misrouted: {bill: 0%}", "priority: 1"))
    assert all(np.array_equal(said[name], plain[name]) for name in plain)


def test_more_misroutes_are_those_of_before_and_more_and_the_others_keep_their_numbers() -> None:
    plain = _first_visits("priority: 1")
    wrong: list[set[tuple[int, int]]] = []
    for share in ("10%", "30%"):
        visits = _first_visits(f"misrouted: {{bill: {{share: {share}, aht: 90s}}}}")
        mine = {key for key, row in visits.items() if row[0] == 2}
        assert all(visits[key] == plain[key] for key in plain if key not in mine)
        assert visits.keys() == plain.keys()
        wrong.append(mine)
    assert wrong[0] < wrong[1]


def _first_visits(misrouted: str) -> dict[tuple[int, int], tuple[int, ...]]:
    """First visits of technical cases: queue, joined, end of talk, outcome; nobody ever waits."""
    model = compile_model(desk(misrouted, agents=(60, 60)))
    visits = simulate(model, seed=6, replication=0, visits=True).tables["visits"]
    columns = [VISIT[name] for name in ("queue", "joined_us", "ended_us", "outcome")]
    of_tech = visits[(visits[:, VISIT["case_queue"]] == 1) & (visits[:, VISIT["visit"]] == 0)]
    return {(row[VISIT["date"]], row[VISIT["number"]]): tuple(row[columns].tolist()) for row in of_tech}


def test_cases_stay_with_their_own_workflow_and_returns_may_be_misrouted_again() -> None:
    """Nobody is resolved at first: contacts, returns and cases count in `tech`, whatever queue they begin in."""
    scenario = desk(
        "misrouted: {bill: {share: 40%, aht: 30s}}, fcr: 0%, "
        "returns: {after_unresolved: {share: 100%, after: {mean: 1h}, attempts: 1}}",
        agents=(60, 60),
    )
    model = compile_model(scenario)
    sums = sums_by_queue(compare(model, seed=2).tables, model)
    _, own, wrong = range(3)
    contacts = int(sums["arrived"][own])
    cases = contacts - int(sums["repeated"][own])
    assert sums["cases_given_up"][own] == sums["cases_missed_first"][own] == cases > 1_000
    assert sums["further_contacts"][own] == cases
    assert sums["cases_given_up"][wrong] == sums["arrived"][wrong] == 0
    assert sums["transferred"][wrong] == pytest.approx(0.4 * contacts, abs=4 * (0.24 * contacts) ** 0.5)


def test_what_a_bot_hands_off_with_context_is_not_misrouted() -> None:
    scenario = desk(
        "misrouted: {bill: 50%}",
        agents=(60, 60),
        extra="bots: {helper: {channels: [phone], workflows: [tech], session: 1m, contained: 0%, context: 60%, "
        "context_handle_time: 0.8}}\n",
    )
    visits = simulate(compile_model(scenario), seed=3, replication=0, visits=True).tables["visits"]
    first = visits[(visits[:, VISIT["case_queue"]] == 1) & (visits[:, VISIT["visit"]] == 0)]
    wrong = first[:, VISIT["queue"]] == 2
    assert wrong.mean() == pytest.approx(0.5 * 0.4, abs=4 * (0.16 / len(first)) ** 0.5)


def test_plans_count_the_visits_in_wrong_queues() -> None:
    text = (
        "workflows: {calls: {misrouted: {bill: FOUND}, tiers: {t1: {escalated: 10%}, t2: {}}}, bill: {}}\n"
        "demand: {calls: {per_week: 1000, profile: flat}}\n"
        "pools: {desk: {skills: {calls: {}}, staffing: 3}, bills: {skills: {bill: {}}, staffing: 3}, "
        "second: {tier: t2, staffing: 2}}\n"
    )
    for said, hours in (("20%", 20.0), ("{share: 20%, aht: 90s}", 5.0)):
        live, _, _ = loaded(text.replace("FOUND", said))
        assert live == pytest.approx({"bills": hours, "desk": 100.0, "second": 10.0})


def test_agents_without_the_customers_language_are_told() -> None:
    with pytest.raises(ScenarioError, match="none takes workflow bill at tier t1 on channel phone in language de"):
        script(
            "workflows: {calls: {aht: 5m, misrouted: {bill: 5%}}, bill: {aht: 5m}}\n"
            "demand: {calls: {per_hour: 6, language: de}}\n"
            "pools: {desk: {skills: {calls: {}}, languages: [de, en], staffing: 1}, "
            "bills: {skills: {bill: {}}, languages: [en], staffing: 1}}\n"
        )


@pytest.mark.parametrize(
    ("misrouted", "key", "why"),
    [
        ("{calls: 5%}", "calls", "its own queue is not a wrong one"),
        ("{bills: 5%}", "bills", "there is no workflow 'bills'; did you mean 'bill'"),
        ("{bill: 70%, other: 40%}", "", "misrouted are 110% together; they must not exceed 100%"),
        ("{bill: {aht: 90s}}", "bill.share", "is missing"),
        ("{bill: 5%}", "bill", "there is no handle time for workflow bill at tier t1 on channel phone; say how long"),
        (
            "{bill: {share: 5%, handle_time: {from_forecast: yes}}}",
            "bill.handle_time",
            "a forecast says no handle times of",
        ),
    ],
)
def test_bad_misroutes_are_told_with_their_place(misrouted: str, key: str, why: str) -> None:
    with pytest.raises(ScenarioError, match=why) as told:
        script(
            f"workflows: {{calls: {{aht: 5m, misrouted: {misrouted}}}, bill: {{}}, other: {{}}}}\n"
            "demand: {calls: {per_hour: 6}}\npools: {desk: {staffing: 1}}\n"
        )
    assert ".".join(filter(None, ("workflows.calls.misrouted", key))) in str(told.value)


def test_found_out_is_an_outcome_without_chance() -> None:
    """Every visit in a wrong queue that an agent answers is transferred."""
    visits = simulate(compile_model(desk("misrouted: {bill: 30%}")), seed=1, replication=0, visits=True).tables[
        "visits"
    ]
    wrong = visits[(visits[:, VISIT["queue"]] == 2) & (visits[:, VISIT["counted"]] == 1)]
    assert (wrong[:, VISIT["outcome"]] == outcomes.TRANSFERRED).all()
    assert len(wrong) > 250
