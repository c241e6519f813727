"""Stories of queue groups: lines, places to wait, opening hours, closing."""

from __future__ import annotations

import pytest

from tests.support.stories import DESK, tell

HOURS = "queue_groups: {door: {hours: {mon: 09:00-10:00}, at_closing: %s}}\n"
NINE = 9 * 3600
TEN = 10 * 3600


def test_a_line_is_held_until_the_end_of_talk_not_of_wrap_up() -> None:
    body = DESK + "queue_groups: {trunk: {lines: 2}}\n"
    story = tell(body, calls="time talk wrap_up | 0 60 30 | 10 5 0 | 20 5 0 | 59.999999 5 0 | 60 5 0 | 61 5 0")
    assert story.lives("joined left outcome") == [
        (0, 0, "resolved"),
        (10, 90, "resolved"),
        (20, 20, "blocked"),
        (59.999999, 59.999999, "blocked"),
        (60, 95, "resolved"),
        (61, 61, "blocked"),
    ]


def test_a_customer_who_gives_up_frees_the_line() -> None:
    body = DESK + "queue_groups: {trunk: {lines: 2}}\n"
    story = tell(body, calls="time talk patience | 0 60 0 | 10 5 20 | 29.999999 5 never | 30 5 never | 31 5 9")
    assert story.lives("left outcome") == [
        (0, "resolved"),
        (30, "abandoned"),
        (29.999999, "blocked"),
        (60, "resolved"),
        (31, "blocked"),
    ]


def test_places_to_wait() -> None:
    body = DESK + "queue_groups: {room: {max_waiting: 1}}\n"
    story = tell(body, calls="time talk | 0 60 | 10 5 | 20 5 | 60 5 | 61 5")
    # Whoever comes at 60 finds the first one talking and nobody in the room.
    assert story.lives("left outcome") == [
        (0, "resolved"),
        (60, "resolved"),
        (20, "blocked"),
        (65, "resolved"),
        (61, "blocked"),
    ]


def test_without_places_to_wait_nobody_waits() -> None:
    body = DESK + "queue_groups: {room: {max_waiting: 0}}\n"
    story = tell(body, calls="time talk patience | 0 60 0 | 10 5 0 | 60 5 0")
    assert story.lives("left waited outcome") == [(0, 0, "resolved"), (10, 0, "blocked"), (60, 0, "resolved")]


def test_every_group_of_a_queue_has_a_say() -> None:
    body = """\
workflows: {a: {}, b: {}}
demand: {a: {trace: a.csv}, b: {trace: b.csv}}
pools: {desk: {staffing: 2}}
queue_groups: {both: {lines: 2}, only_b: {workflows: b, lines: 1}}
"""
    story = tell(body, a="time talk | 0 100 | 30 5 | 60 5", b="time talk | 10 30 | 20 5 | 50 50")
    assert story.lives("left outcome", "a") == [(0, "resolved"), (30, "blocked"), (60, "blocked")]
    assert story.lives("left outcome", "b") == [(10, "resolved"), (20, "blocked"), (50, "resolved")]


def test_outside_hours_a_caller_is_closed_out_and_the_opening_second_is_inside() -> None:
    story = tell(
        DESK + HOURS % "serve",
        calls=f"time talk | {NINE - 1} 5 | {NINE - 0.000001:.6f} 5 | {NINE} 5 | {TEN - 0.000001:.6f} 5 | {TEN} 5",
    )
    assert story.lives("outcome") == [("closed",), ("closed",), ("resolved",), ("resolved",), ("closed",)]


def test_serve_at_closing_keeps_who_is_inside() -> None:
    story = tell(DESK + HOURS % "serve", calls=f"time talk | {TEN - 60} 90 | {TEN - 30} 20 | {TEN + 1} 5")
    assert story.lives("left ended outcome") == [
        (TEN - 60, TEN + 30, "resolved"),
        (TEN + 30, TEN + 50, "resolved"),
        (TEN + 1, TEN + 1, "closed"),
    ]


def test_clear_at_closing_sends_home_who_waits_and_finishes_who_talks() -> None:
    story = tell(
        DESK + HOURS % "clear",
        calls=f"time talk patience | {TEN - 60} 90 . | {TEN - 30} 20 never | {TEN - 20} 20 10 | {TEN - 10} 5 60",
    )
    assert story.lives("left ended outcome") == [
        (TEN - 60, TEN + 30, "resolved"),
        (TEN, TEN, "cleared"),
        (TEN - 10, TEN - 10, "abandoned"),
        (TEN, TEN, "cleared"),
    ]


def test_who_would_lose_patience_as_the_door_closes_is_cleared_and_an_end_at_that_instant_serves() -> None:
    story = tell(
        DESK + HOURS % "clear", calls=f"time talk patience | {TEN - 60} 60 . | {TEN - 30} 9 30 | {TEN - 20} 5 20"
    )
    assert story.lives("left outcome") == [(TEN - 60, "resolved"), (TEN, "resolved"), (TEN, "cleared")]


def test_an_agent_back_from_a_break_comes_before_the_door_of_the_same_instant() -> None:
    body = f"""\
demand: {{calls: {{trace: calls.csv}}}}
pools: {{desk: {{shifts: [{{agents: 1, start: 09:00, length: 8h, breaks: [{{after: 30m, length: 30m}}]}}]}}}}
{HOURS % "clear"}"""
    story = tell(body, calls=f"time talk | {TEN - 60} 20 | {TEN - 50} 5")
    assert story.lives("left outcome") == [(TEN, "resolved"), (TEN, "cleared")]


def test_an_agent_who_signs_in_as_the_door_closes_still_takes_a_caller() -> None:
    body = f"""\
demand: {{calls: {{trace: calls.csv}}}}
pools: {{desk: {{staffing: [[00:00, 0], [10:00, 1]]}}}}
{HOURS % "clear"}"""
    story = tell(body, calls=f"time talk | {TEN - 60} 20 | {TEN - 50} 5")
    assert story.lives("left outcome") == [(TEN, "resolved"), (TEN, "cleared")]


def test_deferred_work_is_queued_outside_hours_and_survives_closing() -> None:
    body = f"""\
channels: {{email: {{kind: deferred, deadline: 4h}}}}
workflows: {{mail: {{}}}}
demand: {{mail: {{channel: email, trace: mail.csv}}}}
pools: {{desk: {{staffing: [[00:00, 0], [11:00, 1]]}}}}
{HOURS % "clear"}"""
    story = tell(body, mail=f"time talk | {NINE - 60} 20 | {TEN - 60} 30 | {TEN + 60} 40")
    assert story.lives("left outcome") == [
        (11 * 3600, "resolved"),
        (11 * 3600 + 20, "resolved"),
        (11 * 3600 + 50, "resolved"),
    ]


def test_closed_goes_before_blocked() -> None:
    body = DESK + "queue_groups: {a: {lines: 1}, b: {hours: {mon: 00:00-00:01}}}\n"
    story = tell(body, calls="time talk | 0 600 | 30 5 | 60 5")
    assert story.lives("outcome") == [("resolved",), ("blocked",), ("closed",)]


def test_an_escalated_visit_passes_the_door_of_its_new_queue() -> None:
    body = """\
workflows: {calls: {tiers: {t1: {escalated: 100%, resolved: 0%}, t2: {handle_time: 1m}}}}
demand: {calls: {trace: calls.csv}}
pools: {desk: {staffing: 2}, second: {tier: t2, staffing: 1}}
queue_groups: {two: {tiers: t2, max_waiting: 0}}
handle_time: 1m
"""
    story = tell(body, calls="time talk | 0 30 | 10 30")
    assert story.lives("visit joined left ended outcome") == [
        (0, 0, 0, 30, "escalated"),
        (0, 10, 10, 40, "escalated"),
        (1, 30, 30, 90, "resolved"),
        (1, 40, 40, 40, "blocked"),
    ]


@pytest.mark.parametrize("closing", ["serve", "clear"])
def test_the_next_opening_lets_callers_in_again(closing: str) -> None:
    body = f"queue_groups: {{door: {{hours: 09:00-10:00, at_closing: {closing}}}}}\n"
    day = 24 * 3600
    story = tell(
        DESK + "horizon: {start: 2026-01-05, length: 2d, interval: 1h}\n" + body,
        calls=f"time talk | {TEN} 5 | {day + NINE - 1} 5 | {day + NINE} 5",
    )
    assert story.lives("outcome") == [("closed",), ("closed",), ("resolved",)]
