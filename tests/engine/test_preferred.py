"""Pools that are asked first by segment and severity, pools reserved for a severity, severities that begin higher."""

from __future__ import annotations

import pytest

from ccsim.centre.eligible import NO_VENDOR, Eligibility
from ccsim.centre.legs import Kind
from ccsim.commands.explain_route import route_lines
from ccsim.model import compile_model
from tests.support.engines import compare
from tests.support.planned_load import loaded
from tests.support.scenario_texts import faults_of
from tests.support.simulated_severities import simulated
from tests.support.stories import script, tell

TWO = """\
segments: {gold: {}, plain: {}}
workflows: {calls: {preferred: [{segments: gold, pools: [vip], others_after: AFTER}]}}
demand:
  gold: {workflow: calls, segment: gold, trace: gold.csv}
  rest: {workflow: calls, segment: plain, trace: rest.csv}
pools: {open: {staffing: 1}, vip: {staffing: 1}}
"""


def two(after: str) -> str:
    return TWO.replace("AFTER", after)


def test_contacts_go_first_to_the_named_pool_and_to_others_after_the_time() -> None:
    story = tell(two("1m"), gold="time talk | 0 600 | 10 60", rest="time talk | 20 30")
    # the second one waits for vip until others may answer too
    assert story.lives("left pool", "gold") == [(0, "vip"), (70, "open")]
    assert story.lives("left pool", "rest") == [(20, "open")]
    compare(story.model, seed=1)


def test_without_a_time_the_named_pool_is_only_asked_before_the_others() -> None:
    story = tell(two("0s"), gold="time talk | 0 600 | 10 60", rest="time talk | 700 30")
    assert story.lives("left pool", "gold") == [(0, "vip"), (10, "open")]


def test_never_means_the_named_pool_alone() -> None:
    story = tell(two("never"), gold="time talk | 0 600 | 10 60", rest="time talk | 5 10")
    assert story.lives("left pool", "gold") == [(0, "vip"), (600, "vip")]


def test_steps_of_others_open_when_they_do_but_not_before_the_time() -> None:
    scenario = script(
        "workflows: {calls: {severity: {sev1: 10%, sev2: {}}, pools: [a], "
        "overflow: [{after: 1m, pools: b}, {after: 9m, pools: c}], "
        "preferred: [{severity: sev1, pools: [swarm, c], others_after: 5m}]}}\n"
        "demand: {calls: {per_hour: 6}}\nhandle_time: 3m\n"
        "pools: {a: {staffing: 1}, b: {staffing: 1}, c: {staffing: 1}, swarm: {staffing: 1}}\n"
    )
    eligibility = Eligibility(scenario)
    severe = eligibility.pools_for(Kind("calls", "t1", "phone", "any", "all", severity="sev1"))
    usual = eligibility.pools_for(Kind("calls", "t1", "phone", "any", "all"))
    entries = severe.by_vendor[NO_VENDOR]
    assert [(entry.pool, entry.step) for entry in entries] == [("c", 0), ("swarm", 0), ("a", 1), ("b", 1)]
    assert severe.steps == (300_000_000,)
    assert entries[0].rank == entries[1].rank < entries[2].rank < entries[3].rank  # a before b, as without the rule
    assert [(entry.pool, entry.step) for entry in usual.by_vendor[NO_VENDOR]] == [("a", 0), ("b", 1), ("c", 2)]
    assert usual.rule is None


def test_a_rule_whose_pools_cannot_serve_a_visit_is_not_for_it() -> None:
    scenario = script(
        "markets: {de: {region: EMEA, time_zone: Europe/Berlin, languages: {de: 50%, fr: 50%}}}\nhandle_time: 3m\n"
        "workflows: {calls: {severity: {sev1: 10%, sev2: {}}, preferred: "
        "[{severity: sev1, pools: swarm, others_after: never}]}}\ndemand: {calls: {market: de, per_hour: 6}}\n"
        "pools: {all: {staffing: 1}, swarm: {staffing: 1, languages: [de]}}\n"
    )
    found = {
        language: Eligibility(scenario).pools_for(Kind("calls", "t1", "phone", language, "de", severity="sev1"))
        for language in ("de", "fr")
    }
    assert found["de"].pools == {"swarm"}
    assert found["fr"].pools == {"all"}


def test_nothing_changes_where_everybody_is_asked_at_once_and_alike() -> None:
    """A rule that names all pools is none, and the severities told apart are the same contacts."""
    desk = (
        "horizon: {start: 2026-01-05, length: 8h, drain: 8h, interval: 1h}\nchannels: {phone: {patience: 2m}}\n"
        "workflows: {calls: {aht: 4m, severity: {sev1: 20%, sev2: {}}RULE}}\ndemand: {calls: {per_hour: 60}}\n"
        "pools: {a: {staffing: 2}, b: {staffing: 3}}\n"
    )
    plain, ruled = (
        simulated(script(desk.replace("RULE", rule)))[1]
        for rule in ("", ", preferred: [{severity: sev1, pools: [a, b], others_after: never}]")
    )
    assert sorted(plain.tolist()) == sorted(ruled.tolist())


TIERS = "tiers: {t1: {escalated: 20%, aht: 3m}, t2: {aht: 6m}}"


def test_a_severity_begins_at_its_tier_with_its_returns_too() -> None:
    scenario = script(
        "horizon: {start: 2026-01-05, length: 10h, drain: 8h, interval: 1h}\nchannels: {phone: {patience: 4m}}\n"
        f"workflows: {{calls: {{{TIERS}, severity: {{sev1: {{share: 25%, begins_at: t2}}, sev2: {{}}}}, returns: "
        "{after_abandon: {share: 80%, after: 10m, attempts: 3}}}}\ndemand: {calls: {per_hour: 120}}\n"
        "pools: {desk: {staffing: 5}, experts: {tier: t2, severity: sev1, staffing: 1}, "
        "more: {tier: t2, staffing: 2}}\n"
    )
    severities, visits = simulated(scenario, seed=3)
    model = compile_model(scenario)
    tiers = [str(model.names["queues"][queue][1]).split("/")[1] for queue in visits[:, 0].tolist()]
    at = {(severity, tier) for severity, tier in zip(severities, tiers, strict=True)}
    assert at == {("sev1", "t2"), ("sev2", "t1"), ("sev2", "t2")}
    compare(model, seed=3)


def test_plans_take_severities_to_where_they_begin_and_who_may_serve_them() -> None:
    said = "sev1: {share: 25%, begins_at: t2, handle_time: 2}, sev2: {}"
    live, _, _ = loaded(
        f"workflows: {{calls: {{{TIERS}, severity: {{{said}}}, "
        "preferred: [{severity: sev1, pools: swarm, others_after: never}]}}\n"
        "demand: {calls: {per_week: 7_000, profile: always_on}}\n"
        "pools: {desk: {staffing: 40}, experts: {tier: t2, staffing: 9}, "
        "swarm: {tier: t2, severity: sev1, staffing: 9}}\n"
    )
    assert live["swarm"] == pytest.approx(7_000 * 0.25 * 6 * 2 / 60)
    assert live["experts"] == pytest.approx(7_000 * 0.75 * 0.2 * 6 / 60)
    assert live["desk"] == pytest.approx(7_000 * 0.75 * 3 / 60)


def test_a_rule_and_a_reserved_pool_are_explained() -> None:
    scenario = script(
        f"workflows: {{calls: {{{TIERS}, severity: {{sev1: {{share: 5%, begins_at: t2}}, sev2: {{}}}}, "
        "preferred: [{severity: sev1, pools: swarm, others_after: 5m}]}}\ndemand: {calls: {per_hour: 6}}\n"
        "pools: {desk: {tier: [t1, t2], staffing: 4}, swarm: {tier: t2, severity: sev1, staffing: 1}}\n"
    )
    text = "\n".join(route_lines(scenario, "calls"))
    for line in (
        "  severity  sev1 5%: begins at t2",
        "calls t2: 5 % of the contacts begin here, by their severity; 20 % of what t1 handles goes on to it",
        "  severity sev1: swarm asked first, others after 5m",
        "  after 5m, others:",
        "  severity sev2: no pool is asked first",
        "  reserved  swarm; serves only severity sev1",
    ):
        assert line in text.splitlines(), (line, text)


REFUSED = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
segments: {gold: {}}
workflows:
  calls: {tiers: {t1: {escalated: 10%}, t2: {}}, severity: {sev1: {share: 5%BEGIN}, sev2: {}}, preferred: [SAID]}
demand: {calls: {per_hour: 6}}
handle_time: 4m
pools: {a: {tier: [t1, t2], staffing: 10}, chats: {channels: chat, staffing: 1}, sev2s: {severity: sev2, staffing: 1}}
channels: {phone: {}, chat: {}}
"""


@pytest.mark.parametrize(
    ("said", "begins", "key", "why"),
    [
        ("{pools: a}", "", "workflows.calls.preferred.0", "say whose contacts go first to these pools"),
        ("{severity: sev9, pools: a}", "", "workflows.calls.preferred.0.severity", "no workflow has the severity"),
        ("{severity: sev1, pools: b}", "", "workflows.calls.preferred.0.pools", "there is no pool 'b'"),
        ("{severity: sev1, tier: t9, pools: a}", "", "workflows.calls.preferred.0.tier", "there is no tier 't9'"),
        ("{severity: sev1, pools: a, others_after: soon}", "", "workflows.calls.preferred.0.others_after", "never"),
        ("{severity: sev1, pools: a}", ", begins_at: t7", "workflows.calls.severity.sev1.begins_at", "no tier 't7'"),
        ("{severity: sev1, pools: chats}", "", "workflows.calls.preferred.0.pools", "may serve no contact"),
        ("{severity: sev1, pools: sev2s}", "", "workflows.calls.preferred.0.pools", "may serve no contact"),
    ],
)
def test_what_is_refused_is_told_at_its_place(said: str, begins: str, key: str, why: str) -> None:
    text = REFUSED.replace("SAID", said).replace("BEGIN", begins)
    found = {fault.key: fault.message for fault in faults_of(text)}
    assert why in found.get(key, ""), found


def test_a_severity_that_nobody_serves_is_told_by_name() -> None:
    text = (
        REFUSED.replace("SAID", "")
        .replace("BEGIN", "")
        .replace("a: {tier: [t1, t2], ", "a: {severity: sev2, tier: [t1, t2], ")
    )
    found = [fault.message for fault in faults_of(text) if fault.key == "demand.calls"]
    assert "at tier t1 on channel phone (others are reserved for severity sev2)" in found[0]
