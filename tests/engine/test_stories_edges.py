"""Stories of edges: both sides of every half-open interval, ties of kinds of events, and how times are rounded."""

from __future__ import annotations

import pytest

from tests.support.stories import Story, tell

HOUR = "horizon: {start: 2026-01-05, length: 1h, drain: 1h, interval: 15m}\n"


def sums(story: Story, table: str = "queue_sums") -> dict[str, int]:
    """Sums of the first queue (or pool) by column."""
    from ccsim.results.tables import columns_of

    names = [column.name for column in columns_of(table, story.model.thresholds)][1:]
    return dict(zip(names, story.tables[table][0].tolist(), strict=True))


# Half-open intervals


@pytest.mark.parametrize(("time", "counted"), [("3599.999999", 1), ("3600", 0)])
def test_an_arrival_at_the_end_of_the_counted_length_is_outside(time: str, counted: int) -> None:
    body = HOUR + "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
    assert tell(body, calls=f"time talk | 0 5000 | {time} 1").lives("joined counted")[1] == (float(time), counted)


@pytest.mark.parametrize(("delay", "counted"), [("3589.999999s", 1), ("3590s", 0)])
def test_a_return_due_at_the_end_of_the_counted_length_is_outside(delay: str, counted: int) -> None:
    body = (
        HOUR
        + "demand: {calls: {trace: calls.csv}}\nhandle_time: {value: 5000s}\npools: {desk: {staffing: 1}}\n"
        + "workflows: {calls: {returns: {after_abandon: {share: 100%, after: {value: DELAY}, attempts: 1}}}}\n"
    ).replace("DELAY", delay)
    story = tell(body, calls="time patience | 0 . | 0 10")
    assert story.lives("joined counted") == [(0, 1), (0, 1), (10 + float(delay[:-1]), counted)]
    assert sums(story)["arrived"] == 2 + counted


@pytest.mark.parametrize(("warm_up", "counted"), [("10s", 1), ("10.000001s", 0)])
def test_an_arrival_at_the_end_of_the_warm_up_is_inside(warm_up: str, counted: int) -> None:
    body = (
        f"horizon: {{start: 2026-01-05, warm_up: {warm_up}, length: 1h, drain: 1h}}\n".replace("10.000001s", "10s1us")
        + "demand: {calls: {trace: calls.csv}}\nhandle_time: {value: 1s}\npools: {desk: {staffing: 1}}\n"
    )
    assert tell(body, calls="time | 10").lives("counted") == [(counted,)]


@pytest.mark.parametrize(("wait", "within", "short"), [("20", 1, 0), ("20.000001", 0, 0)])
def test_an_answer_at_exactly_the_threshold_is_within(wait: str, within: int, short: int) -> None:
    body = HOUR + "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
    story = tell(body, calls=f"time talk | 0 {float(wait) + 10:.6f} | 10 1")
    assert sums(story)["answered_within_20s"] == 1 + within


@pytest.mark.parametrize(
    ("patience", "short", "within"), [("5", 1, 1), ("5.000001", 0, 1), ("20", 0, 1), ("20.000001", 0, 0)]
)
def test_an_abandon_at_exactly_the_limit_is_short(patience: str, short: int, within: int) -> None:
    body = HOUR + "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
    found = sums(tell(body, calls=f"time talk patience | 0 900 . | 10 1 {patience}"))
    assert (found["short_abandoned"], found["abandoned_within_20s"]) == (short, within)


@pytest.mark.parametrize(("deadline", "met"), [("590s", 2), ("589s999ms999us", 1)])
def test_an_answer_at_exactly_the_deadline_meets_it(deadline: str, met: int) -> None:
    body = (
        HOUR
        + f"channels: {{mail: {{kind: deferred, deadline: {deadline}}}}}\nhandle_time: {{value: 10m}}\n"
        + "demand: {mails: {channel: mail, trace: mails.csv}}\npools: {desk: {staffing: 1}}\n"
    )
    assert sums(tell(body, mails="time | 0 | 10"))["in_deadline"] == met


def test_time_in_hand_ends_with_the_counted_time() -> None:
    for concurrency in (1, 2):
        body = (
            HOUR
            + f"channels: {{chat: {{concurrency: {concurrency}, speed: {[1] * concurrency}}}}}\n"
            + "demand: {chats: {channel: chat, trace: chats.csv}}\npools: {desk: {staffing: 1}}\n"
            + "handle_time: {talk: {value: 20m}, wrap_up: {value: 2m}}\n"
        )
        found = sums(tell(body, chats="time | 3000"), "pool_sums")
        assert found["in_hand_us"] == found["held_us"] == 600_000_000
        assert found["signed_in_us"] == found["paid_us"] == 3_600_000_000


def test_time_in_hand_begins_with_the_counted_time() -> None:
    for concurrency in (1, 2):
        body = (
            "horizon: {start: 2026-01-05, warm_up: 10m, length: 1h, drain: 1h}\n"
            f"channels: {{chat: {{concurrency: {concurrency}, speed: {[1] * concurrency}}}}}\n"
            "demand: {chats: {channel: chat, trace: chats.csv}}\nhandle_time: {value: 20m}\n"
            "pools: {desk: {staffing: 1}}\n"
        )
        found = sums(tell(body, chats="time | 300"), "pool_sums")
        assert found["in_hand_us"] == found["held_us"] == 900_000_000
        assert found["answered"] == 0


# Nobody waits who has no patience


def test_zero_patience_leaves_at_once_and_never_waits() -> None:
    body = (
        HOUR + "demand: {calls: {trace: calls.csv}}\npatience: {value: 1m, zero: 100%}\npools: {desk: {staffing: 1}}\n"
    )
    story = tell(body, calls="time talk | 0 30 | 10 5 | 30 5")
    assert story.lives("left outcome waited") == [(0, "resolved", 0), (10, "abandoned", 1), (30, "resolved", 0)]


# Two events of one instant


def desk(more: str = "", staffing: str = "1", workflow: str = "{}") -> str:
    return (
        HOUR
        + f"workflows: {{calls: {workflow}}}\ndemand: {{calls: {{trace: calls.csv}}}}\n"
        + f"pools: {{desk: {{staffing: {staffing}}}}}\n{more}"
    )


LATER = "[[00:00, 0], [00:01, 1]]"
GONE = "[[00:00, 1], [00:01, 0]]"
UNTIL_ONE = 'queue_groups: {door: {hours: "00:00-00:01", at_closing: clear}}\n'
BREAK = "[{agents: 1, start: 00:00, length: 1h, breaks: [{after: 30s, length: 30s}]}]"
CALLED = "time talk patience"


@pytest.mark.parametrize(
    ("name", "body", "calls", "last"),
    [
        ("end of talk, arrival", desk(), f"{CALLED} | 0 60 . | 60 5 .", (60, "resolved", 0)),
        ("sign-in, arrival", desk(staffing=LATER), f"{CALLED} | 60 5 .", (60, "resolved", 0)),
        ("sign-out, arrival", desk(staffing=GONE), f"{CALLED} | 60 5 1", (61, "abandoned", 1)),
        ("sign-in, patience", desk(staffing=LATER), f"{CALLED} | 30 5 30", (60, "resolved", 1)),
        ("end of talk, patience", desk(), f"{CALLED} | 0 60 . | 30 5 30", (60, "resolved", 1)),
        ("end of talk, sign-out", desk(staffing=GONE), f"{CALLED} | 0 60 . | 30 5 .", (60, "resolved", 1)),
        ("end of talk, closing", desk(UNTIL_ONE), f"{CALLED} | 0 60 . | 30 5 .", (60, "resolved", 1)),
        ("sign-in, closing", desk(UNTIL_ONE, LATER), f"{CALLED} | 30 5 .", (60, "resolved", 1)),
        ("closing, patience", desk(UNTIL_ONE), f"{CALLED} | 0 90 . | 30 5 30", (60, "cleared", 1)),
        ("closing, arrival", desk(UNTIL_ONE), f"{CALLED} | 0 90 . | 60 5 .", (60, "closed", 0)),
        (
            "opening, arrival",
            desk('queue_groups: {door: {hours: "00:01-01:00"}}\n'),
            f"{CALLED} | 59.999999 5 . | 60 5 .",
            (60, "resolved", 0),
        ),
        (
            "patience, arrival",
            desk("queue_groups: {door: {max_waiting: 1}}\n"),
            f"{CALLED} | 0 90 . | 30 5 30 | 60 5 .",
            (90, "resolved", 1),
        ),
        (
            "end of break, arrival",
            desk().replace("staffing: 1", f"shifts: {BREAK}"),
            f"{CALLED} | 60 5 .",
            (60, "resolved", 0),
        ),
        (
            "start of break, arrival",
            desk().replace("staffing: 1", f"shifts: {BREAK}"),
            f"{CALLED} | 30 5 .",
            (60, "resolved", 1),
        ),
        (
            "end of break, patience",
            desk().replace("staffing: 1", f"shifts: {BREAK}"),
            f"{CALLED} | 40 5 20",
            (60, "resolved", 1),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "," in value and "|" not in value else "",
)
def test_the_order_of_two_events_at_one_instant(name: str, body: str, calls: str, last: tuple[object, ...]) -> None:
    assert tell(body, calls=calls).lives("left outcome waited")[-1] == last, name


def test_an_end_of_wrap_up_comes_before_an_arrival_and_after_an_end_of_talk() -> None:
    body = desk().replace("{}", "{handle_time: {talk: {value: 40s}, wrap_up: {value: 20s}}}")
    story = tell(body, calls="time | 0 | 60")
    assert story.lives("left waited") == [(0, 0), (60, 0)]


STEPPED = (
    HOUR
    + "demand: {calls: {trace: calls.csv}}\n"
    + "workflows: {calls: {pools: [near], overflow: [{after: 20s, pools: [far]}]}}\n"
    + "pools: {near: {staffing: 1}, far: {staffing: 1}}\n"
)


def test_a_step_that_opens_as_somebody_arrives_comes_first() -> None:
    # the second may go to far from 20 s on; the third arrives then, and finds near busy
    story = tell(STEPPED, calls="time talk | 0 300 | 0 60 | 20 5")
    assert story.lives("left pool") == [(0, "near"), (20, "far"), (80, "far")]


def test_a_door_that_closes_as_a_step_opens_comes_first() -> None:
    body = STEPPED + 'queue_groups: {door: {hours: "00:00-00:01", at_closing: clear}}\n'
    story = tell(body, calls="time talk | 0 300 | 40 60")
    assert story.lives("left outcome") == [(0, "resolved"), (60, "cleared")]


RETURNING = (
    "{returns: {after_abandon: {share: 100%, after: {value: 20s}, attempts: 1}}, "
    "handle_time: {value: 10s}, patience: {value: 5s}}"
)


def test_a_return_comes_before_an_arrival_of_the_same_instant() -> None:
    # the first leaves at 5 s and is back at 25 s, when the agent has been free for 5 s and another one arrives
    story = tell(desk(staffing="[[00:00, 0], [00:00:20, 1]]", workflow=RETURNING), calls="time | 0 | 25")
    first, back, other, *_ = story.lives("joined left waited")
    assert (first, back) == ((0, 5, 1), (25, 25, 0))
    assert other == (25, 30, 1)


def test_patience_ends_before_a_return_of_the_same_instant() -> None:
    more = "queue_groups: {door: {max_waiting: 1}}\n"
    story = tell(desk(more, "[[00:00, 0], [12:00, 1]]", RETURNING), calls="time | 0 | 20")
    # the second waits from 20 to 25 s, when the first is back and finds the only place free
    assert [row for row in story.lives("joined outcome") if row[0] == 25] == [(25, "abandoned")]


# Roundings


@pytest.mark.parametrize(("talk", "share", "wrap"), [(3, "50%", 2), (5, "30%", 2), (5, "29%", 1), (1, "50%", 1)])
def test_a_wrap_up_that_is_a_share_is_rounded_to_the_nearest_microsecond(talk: int, share: str, wrap: int) -> None:
    body = desk(f"handle_time: {{talk: {{value: {talk}us}}, wrap_up: {share}}}\n")
    assert [round((w - e) * 1e6) for e, w in tell(body, calls="time | 0").lives("ended wrapped")] == [wrap]


@pytest.mark.parametrize(("pace", "talk", "wrap"), [("1.5", 5, 2), ("1.4", 4, 1), ("0.5", 2, 1)])
def test_a_pace_rounds_talk_and_wrap_up_to_the_nearest_microsecond(pace: str, talk: int, wrap: int) -> None:
    body = desk("handle_time: {talk: {value: 3us}, wrap_up: {value: 1us}}\n")
    body = body.replace("desk: {", f"desk: {{handle_time: {pace}, ")
    found = tell(body, calls="time | 0").lives("left ended wrapped")[0]
    assert [round(found[1] * 1e6), round((found[2] - found[1]) * 1e6)] == [talk, wrap]
