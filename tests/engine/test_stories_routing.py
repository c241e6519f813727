"""Stories of routing: overflow steps, orders of pools, rankings, priorities, deadlines, work that can wait."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.stories import tell


def centre(workflow: str = "{}", pools: str = "", routing: str = "", more: str = "") -> str:
    lines = [
        f"workflows: {{calls: {workflow}}}",
        "demand: {calls: {trace: calls.csv}}",
        f"pools: {{{pools}}}",
        f"routing: {{{routing}}}" if routing else "",
        more,
    ]
    return "\n".join(line for line in lines if line) + "\n"


STEPS = centre(
    "{pools: [near], overflow: [{after: 20s, pools: [far]}, {after: 50s, pools: [last]}]}",
    "near: {staffing: 1}, far: {staffing: 1}, last: {staffing: 1}",
)


def test_a_step_opens_at_its_second() -> None:
    story = tell(STEPS, calls="time talk | 0 300 | 10 300 | 15 300 | 16 5")
    assert story.lives("left pool waited") == [
        (0, "near", 0),
        (30, "far", 1),
        (65, "last", 1),
        (300, "near", 1),
    ]


def test_an_agent_of_an_outer_ring_who_becomes_free_sees_the_contact_only_once_the_ring_is_open() -> None:
    story = tell(STEPS, calls="time talk | 0 300 | 0 5 | 1 100 | 18 1")
    # far takes the second at 20 until 25; the third's overflow step opened at 21, so far takes it at 25, not last at
    # 51.
    assert story.lives("left pool") == [(0, "near"), (20, "far"), (25, "far"), (68, "last")]


def test_a_step_that_opens_as_patience_ends_comes_first() -> None:
    story = tell(STEPS, calls="time talk patience | 0 300 . | 10 5 20 | 40 5 19.999999")
    assert story.lives("left pool outcome") == [
        (0, "near", "resolved"),
        (30, "far", "resolved"),
        (59.999999, None, "abandoned"),
    ]


def test_the_nearest_ring_is_preferred_when_several_are_open() -> None:
    body = centre("{pools: [near], overflow: [{after: 20s, pools: [far]}]}", "near: {staffing: 2}, far: {staffing: 1}")
    story = tell(body, calls="time talk | 0 30 | 0 40 | 1 100 | 2 5 | 35 1")
    # The third goes to far at 21; at 22 nobody of either step is free; near is free at 30.
    assert story.lives("left pool") == [(0, "near"), (0, "near"), (21, "far"), (30, "near"), (35, "near")]


def test_the_order_of_pools_goes_before_idle_time() -> None:
    body = centre("{pools: [b, [a, c]]}", "a: {staffing: 1}, b: {staffing: 1}, c: {staffing: 1}")
    story = tell(body, calls="time talk | 0 10 | 1 10 | 2 10 | 100 5 | 101 5 | 102 5")
    # a became idle at 11, c at 12; b goes first all the same.
    assert story.lives("left pool") == [(0, "b"), (1, "a"), (2, "c"), (100, "b"), (101, "a"), (102, "c")]


def test_equal_pools_take_turns_by_idle_time_and_ties_go_by_name() -> None:
    body = centre(pools="z: {staffing: 1}, a: {staffing: 1}, m: {staffing: 1}")
    story = tell(body, calls="time talk | 0 9 | 1 1 | 2 30 | 40 1 | 41 1 | 42 1")
    # idle since: m 2, a 9, z 32
    assert story.lives("left pool") == [(0, "a"), (1, "m"), (2, "z"), (40, "m"), (41, "a"), (42, "z")]


def test_best_skill_goes_first() -> None:
    body = centre(
        pools="a: {staffing: 1, skills: {calls: {level: 2}}}, b: {staffing: 2, skills: {calls: {level: 1}}}",
        routing="choose_agent: [best_skill, longest_idle]",
    )
    story = tell(body, calls="time talk | 0 10 | 1 10 | 2 10 | 50 5")
    assert story.lives("left pool") == [(0, "b"), (1, "b"), (2, "a"), (50, "b")]


def test_cheapest_goes_first_and_the_order_of_rankings_counts() -> None:
    pools = (
        "dear: {staffing: 1, paid_hour: 30, skills: {calls: {level: 1}}}, "
        "cheap: {staffing: 1, paid_hour: 10, skills: {calls: {level: 2}}}"
    )
    trace = "time talk | 0 10 | 1 10"
    cheap = centre(pools=pools, routing="choose_agent: [cheapest, best_skill, longest_idle]")
    skill = centre(pools=pools, routing="choose_agent: [best_skill, cheapest, longest_idle]")
    assert tell(cheap, calls=trace).lives("pool") == [("cheap",), ("dear",)]
    assert tell(skill, calls=trace).lives("pool") == [("dear",), ("cheap",)]


def test_random_takes_every_agent_with_room_equally_often() -> None:
    body = centre(pools="a: {staffing: 1}, b: {staffing: 3}", routing="choose_agent: random")
    n = 8000
    rows = " | ".join(f"{10 * i} 1" for i in range(n))
    story = tell(body, calls=f"time talk | {rows}")
    share = Counter(pool for (pool,) in story.lives("pool"))["b"] / n
    assert abs(share - 0.75) < 4.5 * (0.75 * 0.25 / n) ** 0.5


def test_random_among_agents_with_several_in_hand() -> None:
    body = """\
channels: {chat: {concurrency: 2, speed: [1, 1]}}
demand: {chats: {channel: chat, trace: chats.csv}}
pools: {a: {staffing: 1}, b: {staffing: 1}}
routing: {choose_agent: random}
"""
    n = 4000
    rows = " | ".join(f"{10 * i} 2 | {10 * i + 1} 1" for i in range(n))
    story = tell(body, chats=f"time talk | {rows}")
    pools = [pool for (pool,) in story.lives("pool")]
    same = sum(one == other for one, other in zip(pools[::2], pools[1::2], strict=True)) / n
    assert abs(same - 0.5) < 4.5 * (0.25 / n) ** 0.5


def test_the_least_occupied_is_taken() -> None:
    body = centre(pools="desk: {staffing: 2}", routing="choose_agent: least_occupied")
    story = tell(body, calls="time talk | 0 100 | 1 10 | 200 1 | 210 50 | 300 1 | 310 30 | 400 1")
    # Busy until 200: agent 0 100 s, agent 1 10 s; until 300: 100 and 61; until 400: 100 and 92.
    assert story.lives("left agent") == [(0, 0), (1, 1), (200, 1), (210, 1), (300, 1), (310, 1), (400, 1)]


def test_the_least_occupied_changes_once_the_other_has_done_more() -> None:
    body = centre(pools="desk: {staffing: 2}", routing="choose_agent: least_occupied")
    story = tell(body, calls="time talk | 0 20 | 30 30 | 70 1")
    assert story.lives("left agent") == [(0, 0), (30, 1), (70, 0)]


CHATS = """\
channels: {chat: {concurrency: 3, speed: [1, 1, 1]}}
demand: {chats: {channel: chat, trace: chats.csv}}
pools: {desk: {staffing: 2}}
"""


def test_fewest_in_hand_levels_and_longest_idle_looks_at_the_last_change() -> None:
    trace = "time talk | 0 100 | 1 5 | 2 100 | 10 100 | 12 100"
    # At 2 both hold one: agent 0 since 0, agent 1 since 1. At 6 agent 1 is idle; from 10 he holds one, agent 0 two.
    fewest = tell(CHATS + "routing: {choose_agent: fewest_in_hand}\n", chats=trace)
    assert fewest.lives("left agent") == [(0, 0), (1, 1), (2, 0), (10, 1), (12, 1)]
    longest = tell(CHATS, chats=trace)
    assert longest.lives("left agent") == [(0, 0), (1, 1), (2, 0), (10, 1), (12, 0)]


TWO_LINES = """\
segments: {gold: {%s}, plain: {%s}}
demand:
  gold: {workflow: calls, segment: gold, trace: gold.csv}
  plain: {workflow: calls, segment: plain, trace: plain.csv}
pools: {desk: {staffing: 1}}
"""


def test_priority_goes_before_the_longest_wait() -> None:
    story = tell(TWO_LINES % ("priority: 1", ""), gold="time talk | 20 5 | 30 5", plain="time talk | 0 60 | 10 5")
    assert story.lives("left", "gold") == [(60,), (65,)]
    assert story.lives("left", "plain") == [(0,), (70,)]


def test_the_smaller_priority_goes_first_and_oldest_ignores_it() -> None:
    body = TWO_LINES % ("priority: 2", "priority: 1")
    gold, plain = "time talk | 10 5", "time talk | 0 60 | 20 5"
    assert tell(body, gold=gold, plain=plain).lives("left") == [(65,), (0,), (60,)]
    oldest = body + "routing: {choose_contact: oldest}\n"
    assert tell(oldest, gold=gold, plain=plain).lives("left") == [(60,), (0,), (65,)]


def test_priority_is_the_smallest_of_workflow_channel_and_segment() -> None:
    body = """\
channels: {phone: {priority: 3}, vip: {priority: 2}}
segments: {gold: {priority: 1}}
workflows: {calls: {priority: 4}}
demand:
  a: {workflow: calls, trace: a.csv}
  b: {workflow: calls, channel: vip, trace: b.csv}
  c: {workflow: calls, segment: gold, trace: c.csv}
pools: {desk: {staffing: 1}}
"""
    story = tell(body, a="time talk | 0 60 | 1 5", b="time talk | 2 5", c="time talk | 3 5")
    assert story.lives("queue left") == [("a/t1", 0), ("a/t1", 70), ("b/t1", 65), ("c/t1", 60)]


def test_a_head_start_counts_as_waiting_time() -> None:
    body = TWO_LINES % ("wait_credit: 30s", "")
    story = tell(body, gold="time talk | 40 5 | 41 5", plain="time talk | 0 60 | 9 5 | 11 5 | 12 5")
    # gold counts from 10 and 11; plain from 9, 11, 12; the tie at 11 goes by the name of the stream.
    assert story.lives("left", "gold") == [(65,), (70,)]
    assert story.lives("left", "plain") == [(0,), (60,), (75,), (80,)]


def test_a_tie_goes_by_name_whatever_the_order_of_declaration() -> None:
    body = """\
demand: {z: {workflow: w, trace: z.csv}, a: {workflow: w, trace: a.csv}}
pools: {desk: {staffing: 1}}
"""
    story = tell(body, z="time talk | 0 60 | 10 5", a="time talk | 10 5 | 20 5")
    assert story.lives("queue left") == [("a/t1", 60), ("a/t1", 70), ("z/t1", 0), ("z/t1", 65)]


def test_level_is_the_skill_of_the_pool_that_looks() -> None:
    body = """\
demand: {a: {trace: a.csv}, b: {trace: b.csv}}
pools:
  one: {staffing: 1, skills: {a: {level: 1}, b: {level: 2}}}
  two: {staffing: 1, skills: {a: {level: 2}, b: {level: 1}}}
routing: {choose_contact: level_then_oldest}
"""
    story = tell(body, a="time talk | 0 60 | 10 5 | 11 5", b="time talk | 0 61 | 8 5 | 9 5")
    assert story.lives("queue left pool") == [
        ("a/t1", 0, "one"),
        ("a/t1", 60, "one"),
        ("a/t1", 65, "one"),
        ("b/t1", 0, "two"),
        ("b/t1", 61, "two"),
        ("b/t1", 66, "two"),
    ]


MIXED = """\
channels: {email: {kind: deferred, deadline: %s}, letter: {kind: deferred, deadline: %s}}
demand:
  calls: {trace: calls.csv}
  mail: {channel: email, trace: mail.csv}
  post: {channel: letter, trace: post.csv}
pools: {desk: {staffing: %s}}
"""


def test_the_earliest_deadline_goes_first_and_live_before_deferred() -> None:
    body = MIXED % ("10m", "1m", "1") + "routing: {choose_contact: earliest_deadline}\n"
    story = tell(
        body,
        calls="time talk | 0 60 | 50 5",
        mail="time talk | 1 5",
        post="time talk | 540.5 5 | 2 5".replace("540.5 5 | 2 5", "2 5 | 3 5"),
    )
    assert story.lives("queue left") == [
        ("calls/t1", 0),
        ("calls/t1", 60),
        ("mail/t1", 75),
        ("post/t1", 65),
        ("post/t1", 70),
    ]


def test_deferred_work_goes_by_age_where_no_deadline_is_asked_for() -> None:
    story = tell(
        MIXED % ("10m", "1m", "1"), calls="time talk | 0 60 | 50 5", mail="time talk | 1 5", post="time talk | 2 5"
    )
    assert story.lives("queue left") == [("calls/t1", 0), ("calls/t1", 60), ("mail/t1", 65), ("post/t1", 70)]


def test_agents_are_kept_free_for_live_work() -> None:
    body = MIXED % ("1h", "1h", "3, deferred: {keep_free: 1}")
    story = tell(
        body, calls="time talk | 100 50 | 101 60", mail="time talk | 0 30 | 1 40 | 2 10", post="time talk | 102 5"
    )
    # With three agents two may hold mail; the third mail waits until 30. At 102 one is free and is kept so;
    # at 150 two are free.
    assert story.lives("queue left") == [
        ("calls/t1", 100),
        ("calls/t1", 101),
        ("mail/t1", 0),
        ("mail/t1", 1),
        ("mail/t1", 30),
        ("post/t1", 150),
    ]


def test_an_agent_who_is_kept_free_takes_a_call_at_once() -> None:
    body = MIXED % ("1h", "1h", "1, deferred: {keep_free: 1}")
    story = tell(body, calls="time talk | 10 5", mail="time talk | 0 30", post="time talk | 1 5")
    assert story.lives("queue left outcome") == [
        ("calls/t1", 10, "resolved"),
        ("mail/t1", 2 * 86400, "open_waiting"),
        ("post/t1", 2 * 86400, "open_waiting"),
    ]


def test_pools_that_may_not_do_not() -> None:
    body = """\
channels: {chat: {}}
demand: {a: {trace: a.csv}, b: {trace: b.csv}, c: {workflow: a, channel: chat, trace: c.csv}}
pools:
  all: {staffing: 1}
  only_a: {staffing: 1, workflows: a, channels: phone}
"""
    story = tell(body, a="time talk | 0 9 | 1 9", b="time talk | 2 9", c="time talk | 3 9")
    # all takes the first a; b and the chat wait for all, only_a is free from 10.
    assert story.lives("queue left pool") == [
        ("a/t1", 0, "all"),
        ("a/t1", 1, "only_a"),
        ("b/t1", 9, "all"),
        ("c/t1", 18, "all"),
    ]


@pytest.mark.parametrize("rule", ["longest_idle", "fewest_in_hand", "least_occupied", "random"])
def test_whatever_the_rule_who_can_be_served_is_served(rule: str) -> None:
    body = centre(pools="a: {staffing: 1}, b: {staffing: 2}", routing=f"choose_agent: {rule}")
    story = tell(body, calls="time talk | 0 10 | 0 20 | 0 30 | 5 1")
    assert story.lives("left") == [(0,), (0,), (0,), (10,)]
