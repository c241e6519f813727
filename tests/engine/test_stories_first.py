"""Stories of a desk, told to the microsecond: who waits, who is served, who leaves."""

from __future__ import annotations

from ccsim import api
from tests.support.stories import DESK, TWO, script, tell


def test_who_comes_first_is_served_first() -> None:
    story = tell(DESK, calls="time talk wrap_up | 0 60 10 | 10 30 0 | 20 5 0.000001 | 200 1 0")
    assert story.lives("joined left ended wrapped waited") == [
        (0, 0, 60, 70, 0),
        (10, 70, 100, 100, 1),
        (20, 100, 105, 105.000001, 1),
        (200, 200, 201, 201, 0),
    ]


def test_the_verb_run_tells_the_same_story() -> None:
    scenario = script(DESK, calls="time talk | 0 60 | 10 30")
    visits = api.run(scenario, replications=1, visits=True).tables["visits"]
    assert visits["left_us"].tolist() == [0, 60_000_000]
    assert visits["ended_us"].tolist() == [60_000_000, 90_000_000]


def test_two_agents_take_turns_the_longest_idle_first() -> None:
    story = tell(TWO, calls="time talk | 0 10 | 1 2 | 5 1 | 20 1 | 21 1")
    # At 5 only agent 1 is free; at 20 agent 1 has been idle since 6, agent 0 since 10.
    assert story.lives("left agent") == [(0, 0), (1, 1), (5, 1), (20, 1), (21, 0)]


def test_an_arrival_at_the_instant_of_an_end_finds_the_agent_free() -> None:
    story = tell(DESK, calls="time talk | 0 60 | 60 5")
    assert story.lives("left waited") == [(0, 0), (60, 0)]


def test_an_arrival_at_the_instant_of_an_end_does_not_pass_who_waits() -> None:
    story = tell(DESK, calls="time talk | 0 60 | 59 5 | 60 5")
    assert story.lives("left waited") == [(0, 0), (60, 1), (65, 1)]


def test_patience_that_ends_as_the_agent_becomes_free_is_still_served() -> None:
    story = tell(DESK, calls="time talk patience | 0 60 never | 10 5 50 | 20 5 45 | 30 5 39.999999")
    assert story.lives("left outcome") == [
        (0, "resolved"),
        (60, "resolved"),
        (65, "resolved"),
        (69.999999, "abandoned"),
    ]


def test_patience_a_microsecond_too_short_is_not() -> None:
    story = tell(DESK, calls="time talk patience | 0 60 never | 10 5 49.999999 | 11 5 50")
    assert story.lives("left ended outcome") == [
        (0, 60, "resolved"),
        (59.999999, 59.999999, "abandoned"),
        (60, 65, "resolved"),
    ]


def test_who_has_no_patience_leaves_at_once_unless_an_agent_is_free() -> None:
    story = tell(DESK, calls="time talk patience | 0 60 0 | 10 5 0 | 60 5 0")
    assert story.lives("left waited outcome") == [(0, 0, "resolved"), (10, 1, "abandoned"), (60, 0, "resolved")]


def test_zero_patience_for_all_is_a_loss_desk() -> None:
    body = DESK + "patience: {mean: 1h, zero: 100%}\n"
    story = tell(body, calls="time talk | 0 60 | 10 5 | 20 5 | 60 5")
    assert story.lives("left outcome") == [(0, "resolved"), (10, "abandoned"), (20, "abandoned"), (60, "resolved")]


def test_the_longest_wait_moves_on_unless_patience_ends_before() -> None:
    body = DESK + "channels: {phone: {max_wait: 30s}}\n"
    story = tell(body, calls="time talk patience | 0 60 never | 10 5 never | 11 5 29 | 30 5 30 | 31 5 never")
    assert story.lives("left outcome") == [
        (0, "resolved"),
        (40, "moved_on"),
        (40, "abandoned"),
        (60, "resolved"),
        (61, "moved_on"),
    ]


def test_the_gap_between_two_visits_may_be_one_microsecond() -> None:
    story = tell(DESK, calls="time talk | 0 0.000001 | 0 0.000001 | 0.000002 0.000001")
    assert story.lives("left ended") == [(0, 0.000001), (0.000001, 0.000002), (0.000002, 0.000003)]


def test_recorded_talk_does_not_change_with_the_pace_and_drawn_talk_does() -> None:
    body = """\
handle_time: {talk: 10s, wrap_up: 50%}
demand: {calls: {trace: calls.csv}}
pools: {desk: {staffing: 1, handle_time: 1.5, skills: {calls: {handle_time: 2}}}}
"""
    story = tell(body, calls="time talk | 0 60 | 100 .")
    assert story.lives("left ended wrapped") == [(0, 60, 60), (100, 130, 145)]


def test_a_trace_does_not_move_with_the_seed() -> None:
    trace = "time talk | 0 60 | 10 30"
    assert tell(DESK, seed=1, calls=trace).lives("left ended") == tell(DESK, seed=2, calls=trace).lives("left ended")
