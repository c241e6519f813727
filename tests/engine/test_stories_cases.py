"""Stories of cases: escalations, reopened and abandoned contacts that come back."""

from __future__ import annotations

import pytest

from tests.support.stories import DESK, TWO, tell

TIERS = """\
handle_time: 1m
workflows: {calls: {tiers: {t1: {escalated: 100%%, resolved: 0%%}, t2: {%s}}}}
demand: {calls: {trace: calls.csv}}
pools: {%s}
"""


def test_an_escalated_visit_joins_the_next_tier_while_the_agent_wraps_up() -> None:
    body = TIERS % ("handle_time: {talk: 2m, wrap_up: 10s}", "desk: {staffing: 1}, second: {tier: t2, staffing: 1}")
    story = tell(body, calls="time talk wrap_up | 0 30 20 | 10 30 20")
    assert story.lives("queue visit joined left ended wrapped pool outcome") == [
        ("calls/t1", 0, 0, 0, 30, 50, "desk", "escalated"),
        ("calls/t1", 0, 10, 50, 80, 100, "desk", "escalated"),
        ("calls/t2", 1, 30, 30, 150, 160, "second", "resolved"),
        ("calls/t2", 1, 80, 160, 280, 290, "second", "resolved"),
    ]


def test_the_second_visit_has_joined_before_the_agent_looks_for_work() -> None:
    body = TIERS % ("priority: 1", "desk: {tier: [t1, t2], staffing: 1}")
    story = tell(body, calls="time talk | 0 30 | 10 30")
    # The agent is free at 30; of the waiting first visit and the new second visit the priority is served first.
    assert story.lives("queue joined left") == [
        ("calls/t1", 0, 0),
        ("calls/t1", 10, 90),
        ("calls/t2", 30, 30),
        ("calls/t2", 120, 120),
    ]


def test_an_escalated_visit_does_not_pass_older_ones_on_the_line_of_the_agent_who_becomes_free() -> None:
    body = TIERS % ("", "desk: {tier: [t1, t2], staffing: 1}")
    story = tell(body, calls="time talk | 0 30 | 10 30")
    assert story.lives("queue joined left") == [
        ("calls/t1", 0, 0),
        ("calls/t1", 10, 30),
        ("calls/t2", 30, 60),
        ("calls/t2", 60, 120),
    ]


def test_escalated_mail_does_not_pass_a_caller_who_waits() -> None:
    body = """\
handle_time: 1m
channels: {email: {kind: deferred}}
workflows: {mail: {tiers: {t1: {escalated: 100%, resolved: 0%}, t2: {}}}, calls: {}}
demand: {mail: {channel: email, trace: mail.csv}, calls: {trace: calls.csv}}
pools: {desk: {tier: [t1, t2], staffing: 1}}
"""
    story = tell(body, mail="time talk | 0 60", calls="time talk | 10 5")
    assert story.lives("queue joined left") == [("calls/t1", 10, 60), ("mail/t1", 0, 0), ("mail/t2", 60, 65)]


def test_an_escalated_visit_does_not_pass_its_own_line() -> None:
    body = TIERS % ("", "desk: {tier: [t1, t2], staffing: 1}, second: {tier: t2, staffing: 1}")
    story = tell(body, calls="time talk | 0 30 | 0 5 | 40 100")
    # The first's second visit is with `second` from 30 to 90, the second's first visit with desk from 30 to 35.
    assert story.lives("queue joined left pool") == [
        ("calls/t1", 0, 0, "desk"),
        ("calls/t1", 0, 30, "desk"),
        ("calls/t1", 40, 95, "desk"),
        ("calls/t2", 30, 30, "second"),
        ("calls/t2", 35, 35, "desk"),
        ("calls/t2", 195, 195, "second"),
    ]


RETURNING = "patience: never\nworkflows: {calls: {returns: {%s}}}\n"


def test_who_abandons_comes_back_exactly_after_the_delay_and_no_more_than_the_attempts() -> None:
    body = (
        DESK
        + "handle_time: 10s\npatience: {value: 5s}\n"
        + "workflows: {calls: {returns: {after_abandon: {share: 100%, after: 30s, attempts: 2}}}}\n"
    )
    story = tell(body, calls="time talk patience | 0 100 . | 10 20 12.5")
    assert story.lives("number contact joined left outcome returning") == [
        (0, 0, 0, 0, "resolved", 0),
        (1, 0, 10, 22.5, "abandoned", 1),
        (1, 1, 52.5, 57.5, "abandoned", 1),
        (1, 2, 87.5, 92.5, "abandoned", 0),
    ]


def test_a_returning_customer_is_handled_for_a_drawn_time() -> None:
    body = (
        DESK
        + "handle_time: {talk: 10s, wrap_up: 2s}\npatience: {value: 5s}\n"
        + "workflows: {calls: {returns: {after_abandon: {share: 100%, after: 1m}}}}\n"
    )
    story = tell(body, calls="time talk | 0 60 | 10 20")
    assert story.lives("contact joined left ended wrapped") == [
        (0, 0, 0, 60, 60),
        (0, 10, 15, 15, 15),
        (1, 75, 75, 85, 87),
    ]


def test_a_resolved_case_is_reopened() -> None:
    body = DESK + "handle_time: 7s\n" + RETURNING % "after_resolved: {share: 100%, after: 1m, attempts: 1}"
    story = tell(body, calls="time talk wrap_up | 0 10 5")
    assert story.lives("contact visit joined left wrapped outcome returning") == [
        (0, 0, 0, 0, 15, "resolved", 1),
        (1, 0, 70, 70, 77, "resolved", 0),
    ]


def test_an_unresolved_case_comes_back_to_the_first_tier() -> None:
    body = """\
handle_time: 10s
workflows:
  calls:
    tiers: {t1: {escalated: 100%, resolved: 0%}, t2: {resolved: 0%}}
    returns: {after_unresolved: {share: 100%, after: 1m, attempts: 1}}
demand: {calls: {trace: calls.csv}}
pools: {desk: {tier: [t1, t2], staffing: 2}}
"""
    story = tell(body, calls="time talk | 0 10")
    assert story.lives("queue contact visit joined left outcome returning") == [
        ("calls/t1", 0, 0, 0, 0, "escalated", 0),
        ("calls/t1", 1, 0, 80, 80, "escalated", 0),
        ("calls/t2", 0, 1, 10, 10, "unresolved", 1),
        ("calls/t2", 1, 1, 90, 90, "unresolved", 0),
    ]


def test_blocked_closed_and_cleared_customers_come_back() -> None:
    blocked = (
        DESK
        + "handle_time: 5s\nqueue_groups: {door: {lines: 1}}\n"
        + RETURNING % "after_blocked: {share: 100%, after: 40s, attempts: 3}"
    )
    assert tell(blocked, calls="time talk | 0 60 | 10 5").lives("contact joined outcome") == [
        (0, 0, "resolved"),
        (0, 10, "blocked"),
        (1, 50, "blocked"),
        (2, 90, "resolved"),
    ]
    closed = (
        DESK
        + "handle_time: 5s\nqueue_groups: {door: {hours: {mon: 00:01-00:02}, at_closing: clear}}\n"
        + RETURNING % "after_closed: {share: 100%, after: 55s, attempts: 1}"
    )
    assert tell(closed, calls="time talk | 10 5 | 60 100 | 100 5").lives("number contact joined left outcome") == [
        (0, 0, 10, 10, "closed"),
        (0, 1, 65, 120, "cleared"),
        (1, 0, 60, 60, "resolved"),
        (2, 0, 100, 120, "cleared"),
        (2, 1, 175, 175, "closed"),
    ]


def test_who_has_moved_on_does_not_come_back() -> None:
    body = (
        DESK
        + "handle_time: 5s\nchannels: {phone: {max_wait: 20s}}\n"
        + "workflows: {calls: {returns: {after_abandon: {share: 100%, after: 1s}}}}\n"
    )
    assert tell(body, calls="time talk | 0 60 | 10 5").lives("left outcome returning") == [
        (0, "resolved", 0),
        (30, "moved_on", 0),
    ]


@pytest.mark.parametrize(("what", "share"), [("after_resolved", 0.3), ("after_abandon", 0.6)])
def test_the_share_that_comes_back(what: str, share: float) -> None:
    returns = f"workflows: {{calls: {{returns: {{{what}: {{share: {share:.0%}, after: 0.5s, attempts: 1}}}}}}}}\n"
    body = TWO.replace("2}", "1}") + "handle_time: 2s\npatience: {value: 1s}\n" + returns
    n = 4000
    rows = " | ".join(f"{20 * i} 2 | {20 * i + 0.5} 2" for i in range(n))
    lives = tell(body, calls=f"time talk | {rows}").lives("contact outcome returning")
    ended = "resolved" if what == "after_resolved" else "abandoned"
    back = [returning for contact, outcome, returning in lives if contact == 0 and outcome == ended]
    assert abs(sum(back) / len(back) - share) < 4.5 * (share * (1 - share) / len(back)) ** 0.5


def test_outcomes_have_their_shares() -> None:
    body = """\
handle_time: 1s
workflows: {calls: {tiers: {t1: {escalated: 20%, resolved: 50%}, t2: {}}}}
demand: {calls: {trace: calls.csv}}
pools: {desk: {tier: [t1, t2], staffing: 2}}
"""
    n = 8000
    rows = " | ".join(f"{10 * i}" for i in range(n))
    lives = tell(body, calls=f"time | {rows}").lives("outcome", "calls/t1")
    for outcome, share in (("escalated", 0.2), ("resolved", 0.5), ("unresolved", 0.3)):
        assert abs(lives.count((outcome,)) / n - share) < 4.5 * (share * (1 - share) / n) ** 0.5
