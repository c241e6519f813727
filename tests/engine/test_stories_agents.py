"""Stories of agents: staffing that falls and rises, shifts, breaks, overtime, several chats in hand."""

from __future__ import annotations

import pytest

from tests.support.stories import DESK, tell

NINE = 9 * 3600


def staffed(steps: str, more: str = "") -> str:
    return f"demand: {{calls: {{trace: calls.csv}}}}\npools: {{desk: {{staffing: {steps}}}}}\n{more}"


def on_shift(shift: str, more: str = "", zone: str = "") -> str:
    body = f"demand: {{calls: {{trace: calls.csv}}}}\npools: {{desk: {{shifts: [{{{shift}}}]}}}}\n{more}"
    return body + (f"time_zone: {zone}\n" if zone else "")


def test_when_staffing_falls_the_longest_idle_goes() -> None:
    story = tell(staffed("[[00:00, 2], [00:01, 1], [00:02, 2]]"), calls="time talk | 0 10 | 1 5 | 70 5 | 80 1 | 130 1")
    # Idle since: agent 1 from 6, agent 0 from 10: agent 1 goes.
    assert story.lives("left agent") == [(0, 0), (1, 1), (70, 0), (80, 0), (130, 0)]


def test_when_staffing_falls_and_all_are_busy_whoever_finishes_first_goes() -> None:
    story = tell(staffed("[[00:00, 2], [00:01, 1]]"), calls="time talk wrap_up | 0 100 0 | 1 80 10 | 2 5 0 | 95 5 0")
    # Agent 1 ends his wrap-up at 91 and goes; the waiting are served by agent 0 from 100.
    assert story.lives("left agent") == [(0, 0), (1, 1), (100, 0), (105, 0)]
    hours = story.hours("planned signed_in overtime", "desk")
    assert hours[0] == pytest.approx((0, 16, 15 + 91 / 60, 31 / 60))


def test_a_rise_first_keeps_those_who_were_about_to_go() -> None:
    story = tell(staffed("[[00:00, 2], [00:01, 1], [00:02, 2]]"), calls="time talk | 0 200 | 1 160 | 130 9 | 131 9")
    assert story.lives("left agent") == [(0, 0), (1, 1), (161, 1), (170, 1)]
    assert story.hours("signed_in", "desk")[0] == (0, 30)


def test_a_rise_takes_up_who_waits() -> None:
    story = tell(staffed("[[00:00, 0], [00:01, 2], [00:02, 3]]"), calls="time talk | 5 100 | 6 100 | 7 100 | 8 1")
    assert story.lives("left agent") == [(60, 0), (60, 1), (120, 2), (160, 0)]


def test_staffing_that_falls_to_nothing_leaves_who_waits() -> None:
    story = tell(staffed("[[00:00, 1], [00:01, 0], [00:05, 1]]"), calls="time talk patience | 0 90 . | 5 5 . | 6 5 99")
    assert story.lives("left outcome") == [(0, "resolved"), (300, "resolved"), (105, "abandoned")]


def test_a_shift_begins_and_ends_with_overtime_for_the_contact_in_hand() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 1h")
    story = tell(body, calls=f"time talk wrap_up | {NINE - 60} 10 0 | {NINE + 3599} 60 30 | {NINE + 3599.5} 1 0")
    assert story.lives("left wrapped outcome") == [
        (NINE, NINE + 10, "resolved"),
        (NINE + 3599, NINE + 3689, "resolved"),
        (NINE + 86400, NINE + 86401, "resolved"),
    ]
    found = [story.total(what, "desk") for what in ("planned", "signed_in", "in_hand", "overtime", "paid")]
    assert found == pytest.approx([60, 60 + 89 / 60, 100 / 60, 89 / 60, 60 + 89 / 60])


def test_nobody_takes_a_contact_at_the_end_of_his_shift() -> None:
    story = tell(on_shift("agents: 1, start: 09:00, length: 1h"), calls=f"time talk patience | {NINE + 3600} 1 5")
    assert story.lives("left outcome") == [(NINE + 3605, "abandoned")]


def test_a_break_waits_for_the_contact_in_hand_and_is_taken_whole() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 1h, breaks: [{after: 10m, length: 5m, paid: no}]")
    story = tell(body, calls=f"time talk wrap_up | {NINE + 590} 20 10 | {NINE + 600} 1 0")
    # In hand until 09:10:20, break until 09:15:20.
    assert story.lives("left") == [(NINE + 590,), (NINE + 920,)]
    found = [story.total(what, "desk") for what in ("planned", "signed_in", "break", "paid", "overtime")]
    assert found == pytest.approx([55, 55, 5, 55, 0])


def test_a_paid_break_is_paid_and_lies_where_it_was_taken() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 1h, breaks: [{after: 10m, length: 10m, paid: yes}]")
    story = tell(body, calls=f"time talk | {NINE + 590} 40")
    assert story.hours("planned signed_in break paid", "desk") == [
        (36, 10, 10.5, 4.5, 15),
        (37, 10, 9.5, 5.5, 15),
        (38, 15, 15, 0, 15),
        (39, 15, 15, 0, 15),
    ]


def test_the_end_of_the_shift_cuts_a_late_break() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 1h, breaks: [{after: 50m, length: 10m, paid: yes}]")
    story = tell(body, calls=f"time talk | {NINE + 2999} 301")
    assert [story.total(what, "desk") for what in ("signed_in", "break", "paid")] == pytest.approx([55, 5, 60])


def test_two_breaks_run_together_when_the_first_is_late() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 1h, breaks: [{after: 10m, length: 5m}, {after: 20m, length: 5m}]")
    story = tell(body, calls=f"time talk | {NINE + 599} 481 | {NINE + 1200} 1")
    # In hand until 09:18; the first break lasts until 09:23 and the second is added to it.
    assert story.lives("left") == [(NINE + 599,), (NINE + 1680,)]
    assert story.total("break", "desk") == 10


def test_an_agent_whose_shift_began_before_the_horizon_is_there_at_its_start() -> None:
    body = on_shift("agents: 1, start: 22:00, length: 8h, breaks: [{after: 3h, length: 1h}]")
    story = tell(body, calls=f"time talk | 0 5 | 3600 5 | {6 * 3600} 5")
    assert story.lives("left") == [(0,), (7200,), (22 * 3600,)]


def test_the_rest_of_a_break_that_began_before_the_horizon_is_a_break() -> None:
    body = on_shift("agents: 1, start: 22:00, length: 8h, breaks: [{after: 1h45m, length: 30m, paid: yes}]")
    story = tell(body, calls="time talk | 0 5")
    assert story.lives("left") == [(900,)]
    assert story.hours("signed_in break paid", "desk")[:2] == [(0, 0, 15, 15), (1, 15, 0, 15)]


@pytest.mark.parametrize(
    ("start", "comes", "signed"),
    # Europe/Berlin: 02:00 is followed by 03:00 on 29 March, 03:00 by 02:00 on 25 October.
    [("2026-03-29", 5 * 3600, 8), ("2026-10-25", 7 * 3600, 8), ("2026-10-24", 6 * 3600, 8)],
)
def test_a_shift_is_a_local_start_plus_elapsed_hours(start: str, comes: int, signed: float) -> None:
    body = on_shift("agents: 1, start: 06:00, length: 8h", zone="Europe/Berlin")
    body += f"horizon: {{start: {start}, length: 20h, drain: 1d}}\n"
    story = tell(body, calls="time talk | 0 5")
    assert story.lives("left") == [(comes,)]
    assert story.total("signed_in", "desk") == 60 * signed


def test_a_night_shift_over_a_clock_change_keeps_its_hours() -> None:
    body = on_shift("agents: 1, start: 22:00, length: 8h", zone="Europe/Berlin")
    body += "horizon: {start: 2026-10-24T12:00, length: 1d, drain: 0s, interval: 1h}\n"
    story = tell(body, calls="time talk | 0 5")
    hours = [row[0] for row in story.hours("signed_in", "desk")]
    assert hours == [10, 11, 12, 13, 14, 15, 16, 17]  # until 05:00 by the clock


def test_a_shift_runs_on_its_weekdays_only() -> None:
    body = on_shift("agents: 2, start: 23:00, length: 2h, days: [tue]")
    body += "horizon: {start: 2026-01-05, length: 7d, interval: 1h}\n"
    story = tell(body, calls="time talk | 0 5")
    assert [row[:2] for row in story.hours("signed_in", "desk")] == [(47, 120), (48, 120)]


def test_agents_of_a_shift_that_lasts_all_day_go_on() -> None:
    body = on_shift("agents: 1, start: 08:00, length: 24h")
    body += "horizon: {start: 2026-01-05T08:00, length: 2d, drain: 0s, interval: 1d}\n"
    story = tell(body, calls=f"time talk | {86400 - 10} 100 | {86400 + 100} 1")
    assert story.lives("left") == [(86390,), (86500,)]
    assert [row[1:] for row in story.hours("signed_in overtime", "desk")] == [(1440, 0), (1440, 0)]


def test_an_agent_of_a_shift_that_lasts_all_day_does_not_go_missing_on_a_day_of_23_hours() -> None:
    # The shift of 29 March ends 24 hours after its midnight, an hour into that of 30 March.
    body = on_shift("agents: 1, start: 00:00, length: 24h", zone="Europe/Berlin")
    body += "horizon: {start: 2026-03-28, length: 3d, drain: 1d, interval: 1d}\n"
    story = tell(body, calls=f"time talk | {60 * 3600} 5")
    assert story.lives("left") == [(60 * 3600,)]
    assert [row[1:] for row in story.hours("planned signed_in", "desk")] == [(1440, 1440), (1440, 1440), (1380, 1380)]


CHAT = """\
channels: {chat: {concurrency: 3, speed: [1, 0.7, 0.45]}}
demand: {chats: {channel: chat, trace: chats.csv}}
pools: {desk: {staffing: 1}}
"""


def test_chats_share_attention_to_the_microsecond() -> None:
    story = tell(CHAT, chats="time talk wrap_up | 0 60 0 | 10 60 7")
    # First: 10 s alone, 50 s of work left: 50/0.7 s = 71.428571.43, up to the next microsecond.
    # Second: 71.428572 x 0.7 = 50.0000004 s done, cut to whole microseconds: 10 s left, alone from 81.428572.
    assert story.lives("left ended wrapped") == [(0, 81.428572, 81.428572), (10, 91.428572, 98.428572)]


def test_wrap_up_keeps_its_place_in_the_hand_and_slows_the_others() -> None:
    story = tell(CHAT, chats="time talk wrap_up | 0 7 14 | 0 70 0")
    # Both at 0.7: talk until 10, wrap-up until 30; the second has 49 s left then, alone.
    assert story.lives("left ended wrapped") == [(0, 10, 30), (0, 79, 79)]


def test_a_fourth_chat_waits_for_the_end_of_a_wrap_up() -> None:
    story = tell(CHAT, chats="time talk wrap_up | 0 9 9 | 0 90 0 | 0 90 0 | 1 1 0")
    # Three at 0.45: talk until 20, wrap-up until 40.
    lives = story.lives("left ended wrapped")
    assert lives[0] == (0, 20, 40)
    assert lives[3][0] == 40


def test_the_rest_of_the_work_is_cut_to_whole_microseconds_at_each_change() -> None:
    story = tell(CHAT, chats="time talk | 0 1 | 0.000001 1 | 0.000003 1")
    # By hand, in microseconds: rest -= elapsed x ppm // 10^6, end = now + ceil(rest x 10^6 / ppm).
    # First: 999_999 at 1, at 3 less 2 x 0.7 // 1 = 1: 999_998 at 0.45 from 3: 2_222_218 (2_222_217.8 up) -> 2_222_221.
    # Second: 1_000_000 at 1, 999_999 at 3; third: 1_000_000 at 3.
    # At 2_222_221 (2_222_218 elapsed x 0.45 = 999_998.1): second 1 left, third 2 left, at 0.7: 2 and 3 on.
    # At 2_222_223 the third has 2 - 1 = 1 left, alone: 1 on.
    assert story.lives("ended") == [(2.222221,), (2.222223,), (2.222224,)]


def test_mixed_channels_slow_down_by_their_own_tables() -> None:
    body = """\
channels: {chat: {concurrency: 2, speed: [1, 0.5]}, text: {concurrency: 4, speed: [1, 0.8, 0.6, 0.4]}}
demand: {chats: {channel: chat, trace: chats.csv}, texts: {channel: text, trace: texts.csv}}
pools: {desk: {staffing: 1}}
"""
    # Four units: a chat takes two, a text one. With three in hand a chat goes on at its last entry, 0.5.
    story = tell(body, chats="time talk | 0 50 | 40 5", texts="time talk | 0 18 | 0 60 | 10 1")
    # Until 30: chat 15 s done, texts 18 s (the first ends). A text comes at 10 and finds 4 units in use, so at 30.
    lives = story.lives("queue joined left ended")
    assert lives[2] == ("texts/t1", 0, 0, 30)
    assert lives[4][1:3] == (10, 30)
    assert lives[0][1:3] == (0, 0)
    # The next text takes 1 s of work at 0.6: 1.666667; then chat and text at 0.5 and 0.8.
    assert lives[4][3] == 31.666667


def test_phone_calls_take_the_whole_agent() -> None:
    body = """\
channels: {chat: {concurrency: 3, speed: [1, 1, 1]}}
demand: {calls: {trace: calls.csv}, chats: {channel: chat, trace: chats.csv}}
pools: {desk: {staffing: 1}}
"""
    story = tell(body, calls="time talk | 5 10 | 100 50", chats="time talk | 0 20 | 6 3 | 110 5")
    # The call waits until the hand is empty; the chat of 6 finds room and goes before it.
    assert story.lives("queue left") == [
        ("calls/t1", 20),
        ("calls/t1", 100),
        ("chats/t1", 0),
        ("chats/t1", 6),
        ("chats/t1", 150),
    ]


def test_a_very_long_chat_is_still_in_hand_at_the_end() -> None:
    body = CHAT + "handle_time: 200d\n"
    story = tell(body, chats="time | 0 | 10")
    assert story.lives("left ended outcome") == [
        (0, 2 * 86400, "open_in_hand"),
        (10, 2 * 86400, "open_in_hand"),
    ]


CHATS = CHAT.replace("staffing: 1", "staffing: [[00:00, 2], [00:01, 1], [00:02, 2]]").replace("0.7, 0.45", "1, 1")


def test_when_staffing_falls_who_holds_the_fewest_chats_takes_no_more_and_goes_once_empty() -> None:
    story = tell(CHATS, chats="time talk | 0 100 | 1 80 | 2 100 | 70 5 | 75 1 | 95 1")
    # 0: agent 0, 1: agent 1, 2: agent 0 (his hand changed the longest ago). At 60 agent 1 has one and goes at 81.
    assert story.lives("left agent") == [(0, 0), (1, 1), (2, 0), (70, 0), (75, 0), (95, 0)]
    assert story.total("signed_in", "desk") == pytest.approx(2 * 24 * 60 - 39 / 60)


def test_an_agent_who_was_about_to_go_and_stays_keeps_his_turn() -> None:
    story = tell(CHATS, chats="time talk | 0 300 | 1 300 | 130 5")
    # Both hold one; at 60 agent 0 is to go, at 120 he stays. His hand changed at 0, the other's at 1.
    assert story.lives("left agent") == [(0, 0), (1, 1), (130, 0)]


def test_a_replication_goes_on_until_every_counted_contact_has_ended() -> None:
    body = DESK + "horizon: {start: 2026-01-05, length: 1h, drain: 1d, interval: 15m}\n"
    story = tell(body, calls="time talk | 0 4000 | 3599 5 | 3600 5000 | 3601 90000")
    # Both counted have ended at 01:06:45; the end is seen at 01:15.
    assert story.lives("counted left outcome") == [
        (1, 0, "resolved"),
        (1, 4000, "resolved"),
        (0, 4005, "open_in_hand"),
        (0, 4500, "open_waiting"),
    ]
    replication = story.tables["replications"][0]
    assert replication[0] == 2
    assert replication[2] == 0
    assert replication[5] == 4500 * 1_000_000


def test_what_is_open_when_the_run_out_ends_is_said() -> None:
    body = DESK + "horizon: {start: 2026-01-05, length: 1h, drain: 20m, interval: 15m}\n"
    story = tell(body, calls="time talk | 0 9000 | 10 5")
    assert story.lives("counted left ended outcome") == [
        (1, 0, 4800, "open_in_hand"),
        (1, 4800, 4800, "open_waiting"),
    ]
    assert story.tables["replications"][0][2] == 2


#: Those who rise and fall are numbers 3 and 4 of the centre: the first pool is left alone.
BEHIND_OTHERS = CHATS.replace("pools: {", "pools: {aside: {staffing: 3, workflows: [others]}, ").replace(
    "demand: {", "handle_time: 1m\ndemand: {others: {per_hour: 0}, "
)


def test_staffing_falls_and_rises_in_the_pool_that_it_is_said_of() -> None:
    story = tell(BEHIND_OTHERS, chats="time talk | 0 100 | 1 80 | 2 100 | 70 5 | 75 1 | 95 1")
    assert [agent for (agent,) in story.lives("agent")] == [0, 1, 0, 0, 0, 0]
    assert story.total("signed_in", "desk") == pytest.approx(2 * 24 * 60 - 39 / 60)
    assert story.total("signed_in", "aside") == 3 * 24 * 60
    story = tell(BEHIND_OTHERS, chats="time talk | 0 300 | 1 300 | 130 150 | 131 150 | 132 5")
    assert story.total("signed_in", "desk") == 2 * 24 * 60, "who was about to go stays"
    # Who stays stands before the other, whose hand changed later.
    assert [agent for (agent,) in story.lives("agent")] == [0, 1, 0, 1, 0]
