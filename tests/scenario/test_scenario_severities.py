"""Severities as they are written: what is read, and what is refused."""

from __future__ import annotations

import pytest

from ccsim.commands.explain_route import route_lines
from ccsim.language.severities import shares_of
from ccsim.scenario import loads
from tests.support.scenario_texts import faults_of

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
workflows: {calls: {tiers: {t1: {escalated: 10%, transfers: {other: 20%}}, t2: {}}, severity: SAID}, other: {}}
demand: {calls: {per_hour: 6}}
handle_time: 4m
pools: {a: {tier: [t1, t2], staffing: 10}}
goals: [{kpi: asa, at_most: 1m, severity: WHICH}]
"""


def desk(said: str, which: str = "sev1") -> str:
    return DESK.replace("SAID", said).replace("WHICH", which)


def test_a_share_alone_will_do_and_one_severity_takes_the_rest() -> None:
    made = loads(desk("{sev1: 3%, sev2: {share: 20%, priority: 2, deadline: 4h}, sev3: {handle_time: 1.5}}"))
    severity = made.workflows["calls"].severity
    assert shares_of(severity) == pytest.approx({"sev1": 0.03, "sev2": 0.2, "sev3": 0.77})
    assert (severity["sev2"].priority, severity["sev3"].handle_time) == (2, 1.5)


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        (
            "{sev1: 30%, sev2: 60%}",
            "severity",
            "the shares add up to 90%; expected 100%, or one severity without a share",
        ),
        ("{sev1: 70%, sev2: 60%, sev3: {}}", "severity", "the shares add up to 130%; expected 100% at most"),
        ("{sev1: {}, sev2: {}}", "severity.sev2", "sev1, sev2 have no share: one severity may take the rest"),
        ("{sev1: {escalated: 90%}}", "severity.sev1.escalated", "escalated and transferred are 110% together"),
        ("{sev1: {share: 120%}, sev2: {}}", "severity.sev1.share", "expected a share"),
        ("{sev1: {priority: 0}}", "severity.sev1.priority", "at least 1"),
        ("{sev1: {escalated: 0%, handed_on: 60s}}", "severity.sev1.handed_on", "the first tier escalates none of it"),
        ("{sev1: {handed_on: 0s}}", "severity.sev1.handed_on", "above"),
        ("{sev1: {handle_time: 0}}", "severity.sev1.handle_time", "positive"),
        ("{}", "severity", "expected at least 1 in the map"),
    ],
)
def test_what_is_refused_is_told_at_its_place(said: str, key: str, why: str) -> None:
    found = {fault.key: fault.message for fault in faults_of(desk(said))}
    assert why in found[f"workflows.calls.{key}"], found


def test_nothing_is_escalated_where_there_is_no_tier_above() -> None:
    text = desk("{sev1: {escalated: 10%}}").replace(
        "tiers: {t1: {escalated: 10%, transfers: {other: 20%}}, t2: {}}, ", ""
    )
    assert [fault.key for fault in faults_of(text)][:1] == ["workflows.calls.severity.sev1.escalated"]


def test_a_goal_asks_for_a_severity_that_some_demand_has() -> None:
    assert next(fault.message for fault in faults_of(desk("{sev1: 3%, sev2: {}}", "sev9"))).startswith(
        "no workflow has the severity 'sev9'"
    )


def test_explain_tells_what_each_severity_changes() -> None:
    said = desk("{sev1: {share: 3%, priority: 1, deadline: 4h, handle_time: 1.5, escalated: 80%}, sev2: {}}")
    lines = [line for line in route_lines(loads(said), "calls") if line.startswith("  severity")]
    assert lines == [
        "  severity  sev1 3%: priority 1, deferred work to be answered within 4h, handle times x 1.5, "
        "80% escalated by the first tier",
        "  severity  sev2 97%: as above",
    ]
