"""Warm transfers by hand, on both engines: who is held until when, and what ends it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engines import compare
from tests.support.stories import Story, tell

MOVES = "visit pool joined left ended wrapped outcome"
WARM = "visit warm_wait_us hand_over_us"


DESKS = "front: {tier: t1, staffing: 1}, back: {tier: t2, staffing: 1}"
TWO_AND_ONE = "front: {tier: t1, staffing: 2}, back: {tier: t2, staffing: 1}"


def story(
    calls: str, *, pools: str = DESKS, wrap: str = "", patience: str = "patience: never", flow: str = "", more: str = ""
) -> Story:
    """Calls of recorded talk that are all handed over to a second tier, which talks for 2 minutes; by both engines."""
    told = tell(
        f"{patience}\n"
        "workflows:\n  calls:\n    tiers:\n      t1: {aht: 1m, escalated: 100%, warm: 100%, hand_over: 30s}\n"
        f"      t2: {{handle_time: {{talk: 2m{wrap}}}}}\n{flow}"
        "demand: {calls: {trace: calls.csv}}\n"
        f"pools: {{{pools}}}\n{more}",
        calls=calls,
    )
    compare(told.model, seed=1)
    return told


def lives(told: Story, columns: str = MOVES) -> list[tuple[Any, ...]]:
    return told.lives(columns)


def test_both_agents_are_held_for_the_hand_over() -> None:
    told = story("time talk | 0 60")
    assert lives(told) == [
        (0, "front", 0, 0, 90, 90, "escalated"),
        (1, "back", 60, 60, 60 + 30 + 120, 210, "resolved"),
    ]
    assert lives(told, WARM) == [(0, 0, 30_000_000), (1, -1, 30_000_000)]
    assert told.total("held", "front") == 1.5
    assert told.total("held", "back") == 2.5


def test_the_agent_stays_until_the_next_tier_is_free_and_nobody_else_is_answered_meanwhile() -> None:
    """The second call waits for the front desk, which stays with the first until the back desk is free."""
    told = story("time talk | 0 60 | 10 40 | 70 1")
    assert lives(told) == [
        (0, "front", 0, 0, 90, 90, "escalated"),
        (0, "front", 10, 90, 240, 240, "escalated"),  # talks to 130; the back desk is free at 210; 30 s of hand-over
        (0, "front", 70, 240, 390, 390, "escalated"),
        (1, "back", 60, 60, 210, 210, "resolved"),
        (1, "back", 130, 210, 360, 360, "resolved"),
        (1, "back", 241, 360, 510, 510, "resolved"),
    ]
    seconds = 1_000_000
    assert lives(told, WARM)[:3] == [
        (0, 0, 30 * seconds),
        (0, 80 * seconds, 30 * seconds),
        (0, 119 * seconds, 30 * seconds),
    ]
    assert told.total("in_hand", "front") == 6.5  # never free from 0 to 390
    assert told.total("in_hand", "back") == 7.5


def test_wrap_up_comes_after_the_hand_over() -> None:
    told = story("time talk wrap_up | 0 60 20 | 5 10 0", wrap=", wrap_up: 15s")
    assert lives(told)[:2] == [
        (0, "front", 0, 0, 90, 110, "escalated"),
        (0, "front", 5, 110, 255, 255, "escalated"),
    ]
    assert lives(told)[2:] == [
        (1, "back", 60, 60, 210, 225, "resolved"),
        (1, "back", 120, 225, 375, 390, "resolved"),
    ]


def test_a_customer_who_gives_up_while_the_agent_stays_frees_them() -> None:
    told = story(
        "time talk wrap_up patience | 0 60 0 never | 5 10 8 never | 6 5 0 never",
        patience="patience: {law: constant, value: 40s}",
    )
    assert lives(told) == [
        (0, "front", 0, 0, 90, 90, "escalated"),
        (0, "front", 5, 90, 140, 148, "escalated"),  # the customer leaves after 40 s beside the agent; then wrap-up
        (0, "front", 6, 148, 193, 193, "escalated"),
        (1, "back", 60, 60, 210, 210, "resolved"),
        (1, None, 100, 140, 140, 140, "abandoned"),
        (1, None, 153, 193, 193, 193, "abandoned"),
    ]
    assert lives(told, WARM)[1:3] == [(0, 40_000_000, 0), (0, 40_000_000, 0)]
    assert lives(told, WARM)[4] == (1, -1, 0)


def test_an_agent_who_is_free_at_the_instant_at_which_patience_ends_takes_over() -> None:
    told = story(
        "time talk patience | 0 60 never | 5 40 never",  # from 130 on beside the agent; the back desk is free at 210
        patience="patience: {law: constant, value: 80s}",
    )
    assert lives(told)[1] == (0, "front", 5, 90, 240, 240, "escalated")
    assert lives(told)[3] == (1, "back", 130, 210, 360, 360, "resolved")


def test_a_shift_that_ends_waits_for_the_hand_over() -> None:
    pools = "front: {tier: t1, shifts: [{agents: 1, start: 00:00, length: 2m}]}, back: {tier: t2, staffing: 1}"
    told = story("time talk | 0 60 | 5 40", pools=pools)
    assert lives(told)[:2] == [
        (0, "front", 0, 0, 90, 90, "escalated"),
        (0, "front", 5, 90, 240, 240, "escalated"),
    ]
    assert told.total("signed_in", "front") == 4.0
    assert told.total("overtime", "front") == 2.0


def test_a_break_waits_for_the_hand_over() -> None:
    shift = "{agents: 1, start: 00:00, length: 8h, breaks: [{after: 65s, length: 15m}]}"
    pools = f"front: {{tier: t1, shifts: [{shift}]}}, back: {{tier: t2, staffing: 1}}"
    told = story("time talk | 0 60 | 5 40", pools=pools)
    assert lives(told)[0] == (0, "front", 0, 0, 90, 90, "escalated")
    assert lives(told)[1] == (0, "front", 5, 990, 1060, 1060, "escalated")


def test_falling_staffing_waits_for_the_hand_over() -> None:
    pools = "front: {tier: t1, staffing: [[00:00, 1], [00:01, 0]]}, back: {tier: t2, staffing: 1}"
    told = story("time talk | 0 60", pools=pools)
    assert lives(told)[0] == (0, "front", 0, 0, 90, 90, "escalated")
    assert told.total("signed_in", "front") == 1.5


@pytest.mark.parametrize(("at_closing", "ends"), [("clear", 120), ("serve", 240)])
def test_the_next_tier_closes_while_the_agent_stays(at_closing: str, ends: int) -> None:
    group = f"queue_groups: {{second: {{tiers: [t2], hours: 00:00-00:02, at_closing: {at_closing}}}}}\n"
    told = story("time talk | 0 60 | 5 10", more=group)
    assert lives(told)[1] == (0, "front", 5, 90, ends, ends, "escalated")
    assert lives(told)[3][-1] == ("cleared" if at_closing == "clear" else "resolved")


def test_a_next_tier_that_is_closed_or_full_takes_nobody_over() -> None:
    closed = story("time talk | 0 150", more="queue_groups: {second: {tiers: [t2], hours: 00:00-00:02}}\n")
    assert lives(closed) == [
        (0, "front", 0, 0, 150, 150, "escalated"),
        (1, None, 150, 150, 150, 150, "closed"),
    ]
    assert lives(closed, WARM)[0] == (0, 0, 0)
    full = story(
        "time talk | 0 60 | 5 65", pools=TWO_AND_ONE, more="queue_groups: {second: {tiers: [t2], max_waiting: 0}}\n"
    )
    assert lives(full)[1:] == [
        (0, "front", 5, 5, 70, 70, "escalated"),
        (1, "back", 60, 60, 210, 210, "resolved"),
        (1, None, 70, 70, 70, 70, "blocked"),
    ]


def test_the_longest_wait_of_the_channel_ends_it() -> None:
    told = story("time talk | 0 60 | 5 20", more="channels: {phone: {max_wait: 90s}}\n")
    assert lives(told)[1] == (0, "front", 5, 90, 200, 200, "escalated")
    assert lives(told)[3] == (1, None, 110, 200, 200, 200, "moved_on")


def test_who_has_an_agent_beside_them_is_offered_no_callback_and_hears_no_announcement() -> None:
    offers = "channels: {phone: {callback: {waiting: 0, accepted: 100%}, balking: {tolerates: 1s}}}\n"
    told = story("time talk | 0 60 | 100 20", more=offers)
    assert lives(told, "visit waited callback left outcome")[2:] == [
        (1, 0, 0, 60, "resolved"),
        (1, 1, 0, 210, "resolved"),
    ]


def test_overflow_opens_to_who_waits_beside_an_agent() -> None:
    pools = "front: {tier: t1, staffing: 2}, back: {tier: t2, staffing: 1}, help: {tier: t2, staffing: 1}"
    steps = "    pools: [front, back]\n    overflow: [{after: 20s, pools: [help]}]\n"
    told = story("time talk | 0 60 | 5 60", pools=pools, flow=steps)
    assert lives(told)[1] == (0, "front", 5, 5, 115, 115, "escalated")
    assert [row[1:4] for row in lives(told)[2:]] == [("back", 60, 60), ("help", 65, 85)]


def test_three_tiers_hand_over_twice() -> None:
    told = tell(
        "patience: never\n"
        "workflows:\n  calls:\n    tiers:\n"
        "      t1: {aht: 1m, escalated: 100%, warm: 100%, hand_over: 30s}\n"
        "      t2: {handle_time: {talk: 2m}, escalated: 100%, warm: 100%, hand_over: 10s}\n"
        "      t3: {handle_time: {talk: 3m}}\n"
        "demand: {calls: {trace: calls.csv}}\n"
        "pools: {a: {tier: t1, staffing: 1}, b: {tier: t2, staffing: 1}, c: {tier: t3, staffing: 1}}\n",
        calls="time talk | 0 60",
    )
    compare(told.model, seed=1)
    assert told.lives(MOVES) == [
        (0, "a", 0, 0, 90, 90, "escalated"),
        (1, "b", 60, 60, 220, 220, "escalated"),
        (2, "c", 210, 210, 400, 400, "resolved"),
    ]
    assert told.lives(WARM) == [(0, 0, 30_000_000), (1, 0, 40_000_000), (2, -1, 10_000_000)]


def test_the_run_ends_while_agents_stay() -> None:
    """What is open is cut at the end of the run, and the case is open once."""
    horizon = "horizon: {start: 2026-01-05, length: 2m, drain: 0s, interval: 1m}\n"
    told = story("time talk | 0 100 | 5 105", pools=TWO_AND_ONE, more=horizon)
    assert lives(told) == [
        (0, "front", 0, 0, 120, 120, "open_in_hand"),
        (0, "front", 5, 5, 120, 120, "open_in_hand"),
        (1, "back", 100, 100, 120, 120, "open_in_hand"),
        (1, None, 110, 120, 120, 120, "open_waiting"),
    ]
    seconds = 1_000_000
    assert lives(told, WARM) == [
        (0, 0, 20 * seconds),
        (0, 10 * seconds, 0),
        (1, -1, 20 * seconds),
        (1, -1, 0),
    ]
