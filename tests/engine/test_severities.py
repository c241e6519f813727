"""Severity: drawn once a case by its name, and what it decides: urgency, deadline, handle time, escalation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.kernel import sums
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.records.outcomes import outcome
from tests.support.engines import compare
from tests.support.planned_load import loaded
from tests.support.simulated_severities import simulated
from tests.support.stories import VISIT, script, tell

SHARES = "sev1: 10%, sev2: {share: 30%}, sev3: {}"


def desk(severity: str, *, agents: int = 12, workflow: str = "aht: 4m") -> Scenario:
    tier = "tier: [t1, t2], " if "t2" in workflow else ""
    said = f", severity: {{{severity}}}" if severity else ""
    return script(
        "horizon: {start: 2026-01-05, length: 20h, drain: 8h, interval: 1h}\n"
        f"workflows: {{calls: {{{workflow}{said}}}}}\n"
        "channels: {phone: {patience: never}}\n"
        "demand: {calls: {per_hour: 150}}\n"
        f"pools: {{desk: {{{tier}staffing: {agents}}}}}\n"
    )


def by_case(severities: list[str], visits: np.ndarray) -> dict[tuple[int, int], set[str]]:
    found: dict[tuple[int, int], set[str]] = {}
    cases = visits[:, [VISIT["date"], VISIT["number"]]].tolist()
    for severity, (date, number) in zip(severities, cases, strict=True):
        found.setdefault((date, number), set()).add(severity)
    return found


def test_cases_have_their_severity_as_often_as_said_and_with_all_their_contacts() -> None:
    returns = "returns: {after_resolved: {share: 40%, after: {law: exponential, mean: 20m}, attempts: 3}}"
    cases = by_case(*simulated(desk(SHARES, workflow=f"aht: 4m, {returns}", agents=20)))
    assert len(cases) > 2_500
    assert all(len(found) == 1 for found in cases.values())
    names = [found.pop() for found in cases.values()]
    for name, share in (("sev1", 0.1), ("sev2", 0.3), ("sev3", 0.6)):
        error = math.sqrt(share * (1 - share) / len(names))
        assert abs(names.count(name) / len(names) - share) < 4 * error


def test_a_case_keeps_its_severity_in_every_variant_and_severities_bring_nobody_more() -> None:
    base = by_case(*simulated(desk(SHARES)))
    assert (
        by_case(*simulated(desk(SHARES.replace("10%", "{share: 10%, priority: 1, handle_time: 2}"), agents=20))) == base
    )
    more = by_case(*simulated(desk("sev1: 20%, sev2: 20%, sev3: {}")))
    assert {case for case, found in base.items() if found == {"sev1"}} < {
        case for case, found in more.items() if found == {"sev1"}
    }
    assert by_case(*simulated(desk(""))).keys() == base.keys()


def test_severities_that_say_nothing_change_no_visit() -> None:
    columns = [VISIT[name] for name in ("joined_us", "left_us", "ended_us", "wrapped_us", "number", "agent")]
    plain, split = (simulated(desk(said))[1][:, columns] for said in ("", SHARES))
    order = [np.lexsort(one.T[::-1]) for one in (plain, split)]
    assert np.array_equal(plain[order[0]], split[order[1]])


def test_recorded_contacts_draw_their_severity_and_a_factor_stretches_what_is_not_recorded() -> None:
    story = tell(
        "workflows: {calls: {handle_time: {law: constant, value: 3m}, "
        "severity: {hard: {share: 50%, handle_time: 2}, easy: {}}}}\n"
        "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 40}}\n",
        calls="time talk | " + " | ".join(f"{second} {'60' if second % 2 else '.'}" for second in range(40)),
    )
    lives = story.lives("queue left ended")
    lasted = {name: {ended - left for queue, left, ended in lives if f".{name}/" in queue} for name in ("hard", "easy")}
    assert lasted == {"hard": {60.0, 360.0}, "easy": {60.0, 180.0}}
    assert 8 <= sum("hard" in queue for queue, *_ in lives) <= 32
    compare(story.model, seed=1)


def test_the_urgent_wait_less_and_the_others_pay_for_it() -> None:
    """The order of service leaves the mean wait of all where it is: handle times are alike."""
    found = {}
    for name, said in (("alike", SHARES), ("first", SHARES.replace("10%", "{share: 10%, priority: 1}"))):
        severities, visits = simulated(desk(said, agents=11))
        waits = (visits[:, VISIT["left_us"]] - visits[:, VISIT["joined_us"]]) / 1e6
        of = np.array(severities)
        found[name] = {one: waits[of == one].mean() for one in ("sev1", "sev2", "sev3")} | {"all": waits.mean()}
    assert found["first"]["sev1"] < found["alike"]["sev1"] / 2
    assert found["first"]["sev3"] > found["alike"]["sev3"]
    assert found["first"]["all"] == pytest.approx(found["alike"]["all"], rel=0.15)


TIERS = "tiers: {t1: {escalated: 20%, aht: 3m}, t2: {aht: 6m}}"


def test_what_a_severity_escalates_goes_on_and_plans_take_the_mean() -> None:
    said = "sev1: {share: 25%, escalated: 100%, handle_time: 2}, sev2: {escalated: 0%}"
    scenario = desk(said, workflow=TIERS, agents=40)
    severities, visits = simulated(scenario, seed=9)
    outcomes = visits[:, VISIT["outcome"]]
    of = np.array(severities)
    model = compile_model(scenario)
    first = np.array([str(row[1]).endswith("/t1") for row in model.names["queues"]])[visits[:, VISIT["queue"]]]
    first &= visits[:, VISIT["counted"]] > 0
    assert set(outcomes[first & (of == "sev1")].tolist()) == {outcome("escalated")}
    assert set(outcomes[first & (of == "sev2")].tolist()) == {outcome("resolved")}
    live, _, _ = loaded(
        f"workflows: {{calls: {{{TIERS}, severity: {{{said}}}}}}}\n"
        "demand: {calls: {per_week: 7_000, profile: always_on}}\npools: {desk: {tier: [t1, t2], staffing: 40}}\n"
    )
    minutes = 7_000 * (3 * (0.25 * 2 + 0.75) + 0.25 * 6 * 2)
    assert live["desk"] == pytest.approx(minutes / 60)


def test_the_deadline_of_a_severity_overrides_and_kpis_go_by_severity() -> None:
    scenario = script(
        "horizon: {start: 2026-01-05, length: 1d, drain: 1d, interval: 1h}\n"
        "channels: {email: {kind: deferred, deadline: 8h}}\n"
        "workflows: {mails: {handle_time: 10m, deadline: 4h, severity: {sev1: {share: 20%, deadline: 1h}, sev2: {}}}}\n"
        "demand: {mails: {per_hour: 20, channel: email}}\npools: {desk: {staffing: 3}}\n"
        "routing: {choose_contact: earliest_deadline}\n"
        "goals: [{kpi: deadline_met, severity: sev1, at_least: 50%}]\n"
    )
    model = compile_model(scenario)
    assert model.groups.queues[:, sums.OF_DEADLINE].tolist() == [3_600_000_000, 4 * 3_600_000_000]
    compare(model, seed=3)
    run = api.run(scenario, replications=2, seed=3)
    met = [run.estimate("deadline_met", "severity", name)["estimate"] for name in ("sev1", "sev2")]
    [goal] = run.goals
    assert met[0] == pytest.approx(goal["estimate"])
    assert met[0] != pytest.approx(met[1])


def test_a_case_counts_with_its_severity_also_when_it_comes_back_by_another_channel() -> None:
    scenario = script(
        "horizon: {start: 2026-01-05, length: 1d, drain: 2d, interval: 1h}\n"
        "channels: {phone: {patience: never}, chat: {patience: never}}\n"
        f"workflows: {{calls: {{aht: 4m, tiers: {{t1: {{resolved: 50%}}}}, severity: {{{SHARES}}}, returns: "
        "{after_unresolved: {share: 80%, after: 30m, channels: {phone: 50%, chat: 50%}, attempts: 3}}}}\n"
        "demand: {calls: {per_hour: 60, channels: {phone: 50%, chat: 50%}}}\npools: {desk: {staffing: 40}}\n"
    )
    model = compile_model(scenario)
    tables = simulate(model, seed=2, replication=0, visits=True).tables
    severities = np.array([str(row[-1]) for row in model.names["queues"]])
    streams = np.array([str(row[3]) for row in model.names["queues"]])
    visits = np.array(tables["visits"])
    queue, opened = visits[:, VISIT["queue"]], visits[:, VISIT["case_queue"]]
    assert np.array_equal(severities[queue], severities[opened])
    moved = streams[queue] != streams[opened]
    assert moved.sum() > 100
    assert set(severities[queue][moved].tolist()) == {"sev1", "sev2", "sev3"}


BOTH_TIERS = "tiers: {t1: {handle_time: {talk: 4m, wrap_up: 30s}, escalated: 30%}, t2: {aht: 6m}}"


@pytest.mark.parametrize("share", [100, 40])
def test_who_is_handed_on_at_once_is_escalated_without_it_too_and_takes_the_triage_alone(share: int) -> None:
    said = "sev1: {share: 30%, escalated: 80%MORE}, sev2: {}"
    more = f", handed_on: {{share: {share}%, after: 60s}}"
    plain, handed = (simulated(desk(said.replace("MORE", one), agents=40, workflow=BOTH_TIERS)) for one in ("", more))

    def first_tier(found: tuple[list[str], np.ndarray]) -> dict[tuple[int, ...], np.ndarray]:
        names = [VISIT[name] for name in ("date", "number", "contact")]
        return {
            (severity, *row[names].tolist()): row
            for severity, row in zip(*found, strict=True)
            if row[VISIT["visit"]] == 0
        }

    before, after = first_tier(plain), first_tier(handed)
    assert before.keys() == after.keys()
    sooner = 0
    escalated = 0
    for key, row in after.items():
        outcomes = before[key][VISIT["outcome"]], row[VISIT["outcome"]]
        if outcome("open_in_hand") in outcomes:  # as the run ends
            continue
        assert outcomes[0] == outcomes[1]
        lasted = [one[VISIT["ended_us"]] - one[VISIT["left_us"]] for one in (before[key], row)]
        escalated += key[0] == "sev1" and row[VISIT["outcome"]] == outcome("escalated")
        if lasted[0] == lasted[1]:
            continue
        assert (key[0], row[VISIT["outcome"]]) == ("sev1", outcome("escalated"))
        assert (lasted[1], row[VISIT["wrapped_us"]]) == (60_000_000, row[VISIT["ended_us"]])
        sooner += 1
    error = math.sqrt(share / 100 * (1 - share / 100) / escalated)
    assert abs(sooner / escalated - share / 100) <= 4 * error
    assert escalated > 500


def test_the_plan_knows_the_time_of_who_is_handed_on() -> None:
    plain, handed, all_of_it = (
        loaded(
            f"workflows: {{calls: {{{BOTH_TIERS}, severity: {{sev1: {{share: 50%, escalated: 80%{more}}}, "
            "sev2: {escalated: 0%}}}}\ndemand: {calls: {per_hour: 150}}\n"
            "pools: {desk: {tier: [t1, t2], staffing: 40}}\n"
        )[0]["desk"]
        for more in ("", ", handed_on: {share: 50%, after: 60s}", ", handed_on: 4m 30s")
    )
    # of t1's visits 0.5 x 0.8 x 0.5 take 60 s in place of 270 s; each of the 0.4 at t2 takes 360 s
    before = 270 + 0.4 * 360
    assert handed / plain == pytest.approx((before - 0.2 * 210) / before)
    assert all_of_it / plain == pytest.approx(1.0)
