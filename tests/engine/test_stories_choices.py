"""Stories of choices: who goes first where two could, to the letter of what is written of it."""

from __future__ import annotations

import pytest

from tests.support.stories import tell

ESCALATES = (
    "workflows: {m: {tiers: {t1: {handle_time: {value: 10m}, escalated: 100%}, t2: {handle_time: {value: 10m}}}}}\n"
)
MAIL = "channels: {mail: {kind: deferred, deadline: 1h}}\n"


def test_who_waits_goes_before_the_visit_that_moves_on_to_the_same_pool() -> None:
    body = (
        MAIL
        + ESCALATES
        + "demand: {m: {channel: mail, trace: mails.csv}}\n"
        + "pools: {desk: {tier: [t1, t2], staffing: 3, deferred: {keep_free: 2}}}\n"
    )
    story = tell(body, mails="time | 0 | 60")
    # at 600 the freed agent is the third idle one, for his own choice but not for that of the visit that moves on
    assert story.lives("queue joined left") == [
        ("m/t1", 0, 0),
        ("m/t1", 60, 600),
        ("m/t2", 600, 1200),
        ("m/t2", 1200, 1800),
    ]


def test_an_idle_agent_beside_the_one_who_is_freed_takes_the_visit_that_moves_on() -> None:
    body = (
        ESCALATES + "demand: {m: {trace: calls.csv}, n: {trace: late.csv}}\n"
        "handle_time: {value: 1h}\n"
        "pools: {desk: {tier: [t1, t2], workflows: [m], staffing: 2}, other: {workflows: [n], staffing: 1}}\n"
    )
    story = tell(body, calls="time | 0", late="time | 3000")
    assert story.lives("queue joined left agent", "m") == [("m/t1", 0, 0, 0), ("m/t2", 600, 600, 1)]


DEADLINES = (
    MAIL
    + "segments: {plain: {}, late: {wait_credit: 90s}}\n"
    + "handle_time: {value: 10m}\n"
    + "demand:\n"
    + "  first: {workflow: w, channel: mail, segment: plain, trace: first.csv}\n"
    + "  plain: {workflow: w, channel: mail, segment: plain, trace: plain.csv}\n"
    + "  late: {workflow: w, channel: mail, segment: late, trace: late.csv}\n"
    + "pools: {desk: {staffing: 1}}\n"
)


@pytest.mark.parametrize(
    ("rule", "plain", "late"),
    [
        ("earliest_deadline", 600, 1200),
        ("priority_then_earliest_deadline", 600, 1200),
        ("oldest", 1200, 600),
        ("priority_then_oldest", 1200, 600),
        ("level_then_oldest", 1200, 600),
    ],
)
def test_a_head_start_counts_where_the_longest_wait_decides_and_nowhere_else(rule: str, plain: int, late: int) -> None:
    story = tell(
        DEADLINES + f"routing: {{choose_contact: {rule}}}\n", first="time | 0", plain="time | 60", late="time | 120"
    )
    assert story.lives("left", "plain") == [(plain,)]
    assert story.lives("left", "late") == [(late,)]


def test_a_head_start_of_exactly_the_difference_is_a_tie_that_the_name_decides() -> None:
    body = DEADLINES + "routing: {choose_contact: oldest}\n"
    story = tell(body, first="time | 0", plain="time | 30", late="time | 120")
    assert (story.lives("left", "late"), story.lives("left", "plain")) == ([(600,)], [(1200,)])
    story = tell(body, first="time | 0", plain="time | 29.999999", late="time | 120")
    assert (story.lives("left", "late"), story.lives("left", "plain")) == ([(1200,)], [(600,)])


def chats(rule: str, **more: str) -> str:
    handle = more.get("w", "10m"), more.get("v", "1m")
    return (
        "channels: {chat: {concurrency: 2, speed: [1, 1]}}\n"
        f"workflows: {{w: {{handle_time: {{value: {handle[0]}}}}}, v: {{handle_time: {{value: {handle[1]}}}}}}}\n"
        "demand:\n"
        "  a_long: {workflow: w, channel: chat, trace: first.csv}\n"
        "  b_short: {workflow: v, channel: chat, trace: second.csv}\n"
        "  c_next: {workflow: w, channel: chat, trace: third.csv}\n"
        f"pools: {{desk: {{staffing: 2}}}}\nrouting: {{choose_agent: {rule}}}\n"
    )


@pytest.mark.parametrize(
    ("rule", "at", "agent"),
    [
        ("least_occupied", 60, 1),  # both busy all the time: who holds nothing goes first
        ("least_occupied", 120, 1),  # half the time against all of it: the chat in hand is busy time
        ("longest_idle", 60, 1),
        ("fewest_in_hand", 60, 1),
    ],
)
def test_who_holds_nothing_goes_before_who_holds_something(rule: str, at: int, agent: int) -> None:
    story = tell(chats(rule), first="time | 0", second="time | 0", third=f"time | {at}")
    assert story.lives("agent", "c_next") == [(agent,)]


def test_the_least_occupied_may_be_one_who_holds_something() -> None:
    # agent 1 was busy from 0 to 300 and is idle; agent 0 took one at 290 only: 10 s of 300 against all of them
    body = chats("least_occupied", v="5m")
    story = tell(body, first="time | 290", second="time | 0", third="time | 300")
    busy = story.lives("agent", "b_short")[0][0]
    assert story.lives("agent", "a_long")[0][0] != busy
    assert story.lives("agent", "c_next")[0][0] != busy


def test_equal_shares_and_nothing_in_hand_go_by_the_longest_idle() -> None:
    # both were busy for 60 s of the first 300: one until 60, the other until 120
    body = chats("least_occupied", w="1m", v="1m")
    story = tell(body, first="time | 0", second="time | 60", third="time | 300")
    assert story.lives("agent", "c_next") == story.lives("agent", "a_long")
