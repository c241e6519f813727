"""Stories of callbacks that are offered after a wait: who still waits, which place they have, what is counted."""

from __future__ import annotations

import pytest

from ccsim.model import compile_model
from ccsim.scenario.load import read_text
from tests.support.callback_desk import desk, sums_of
from tests.support.engines import compare
from tests.support.stories import Story, script, tell

TWO_KINDS = """\
handle_time: {{law: constant, value: 60s}}
channels: {{phone: {{patience: never}}}}
workflows: {{asked: {{callback: {callback}}}, others: {{}}}}
demand: {{asked: {{trace: asked.csv, workflow: asked}}, others: {{trace: others.csv, workflow: others}}}}
pools: {{desk: {{staffing: 1}}}}
{more}
"""


def two_kinds(callback: str, more: str = "", *, others: str = "time talk | 5 10") -> Story:
    """One agent is busy for a minute; who may be asked calls at 1, others at other times."""
    body = TWO_KINDS.format(callback=callback, more=more)
    return tell(body, asked="time talk | 0 60 | 1 10", others=others)


def test_who_still_waits_is_asked_and_no_longer_abandons() -> None:
    calls = "time talk patience | 0 60 never | 1 10 50 | 2 10 5 | 3 10 10"
    story = tell(desk("{after: 10s, accepted: 100%, place: kept}"), calls=calls)
    # the one at 2 leaves before; at 13 the patience of the one at 3 ends as they are asked: the offer comes first
    assert story.lives("joined left hung_up outcome callback") == [
        (0, 0, 0, "resolved", 0),
        (1, 60, 11, "resolved", 2),
        (2, 7, 7, "abandoned", 0),
        (3, 70, 13, "resolved", 2),
    ]
    assert sums_of(story, "offered", "waited", "answered", "callbacks", "abandoned") == [4, 3, 1, 2, 1]
    assert sums_of(story, "wait_callback_us", "wait_other_us", "waiting_us") == [106_000_000, 20_000_000, 25_000_000]


def test_who_declines_waits_on_and_is_asked_once() -> None:
    story = tell(
        desk("{waiting: 0, after: 10s, accepted: 0%}"), calls="time talk patience | 0 60 never | 1 10 20 | 2 10 never"
    )
    assert story.lives("left outcome callback") == [(0, "resolved", 0), (21, "abandoned", 1), (60, "resolved", 1)]
    assert sums_of(story, "callbacks_offered", "callbacks") == [2, 0]


def test_after_is_for_whom_nothing_else_has_asked() -> None:
    story = tell(desk("{waiting: 1, after: 10s, accepted: 100%}"), calls="time talk | 0 60 | 1 10 | 2 10")
    assert story.lives("joined hung_up left callback") == [(0, 0, 0, 0), (1, 11, 60, 2), (2, 2, 70, 2)]


@pytest.mark.parametrize(("place", "asked", "other"), [("kept", 60, 70), ("lost", 70, 60)])
def test_the_place_is_kept_or_lost(place: str, asked: float, other: float) -> None:
    story = two_kinds(f"{{after: 10s, accepted: 100%, place: {place}}}")
    assert story.lives("joined left", "asked")[1] == (1, asked)
    assert story.lives("joined left", "others")[0] == (5, other)


def test_priority_is_kept_with_the_place_lost() -> None:
    callback = "{after: 10s, accepted: 100%, place: lost}"
    body = TWO_KINDS.format(callback=callback, more="").replace("asked: {callback", "asked: {priority: 1, callback", 1)
    story = tell(body, asked="time talk | 0 60 | 1 10", others="time talk | 5 10")
    assert story.lives("left", "asked")[1] == (60,)


def test_when_idle_joins_the_callbacks_as_it_is_accepted() -> None:
    story = two_kinds("{after: 10s, accepted: 100%, served: when_idle}", others="time talk | 5 10 | 65 10")
    assert story.lives("left hung_up", "asked")[1] == (80, 11)
    assert story.lives("left", "others") == [(60,), (70,)]


def test_a_trunk_is_free_from_then_on_and_the_place_to_wait_with_when_idle() -> None:
    for served, last in (("keeps_place", "blocked"), ("loses_place", "blocked"), ("when_idle", "resolved")):
        body = (
            desk(f"{{after: 10s, accepted: 100%, served: {served}}}")
            + "queue_groups: {door: {lines: 2, max_waiting: 1}}\n"
        )
        story = tell(body, calls="time talk | 0 60 | 1 10 | 5 10 | 20 10")
        assert [outcome for (outcome,) in story.lives("outcome")] == ["resolved", "resolved", "blocked", last]
    body = desk("{after: 10s, accepted: 100%}") + "queue_groups: {door: {lines: 2}}\n"
    story = tell(body, calls="time talk | 0 60 | 1 10 | 5 10 | 20 10")
    assert [outcome for (outcome,) in story.lives("outcome")] == ["resolved", "resolved", "blocked", "resolved"]


def test_it_is_asked_before_the_queue_time_out_of_the_same_instant() -> None:
    body = desk("{after: 10s, accepted: 100%}").replace("patience: never", "patience: never, max_wait: 10s")
    assert tell(body, calls="time talk | 0 60 | 1 10").lives("left outcome")[1] == (60, "resolved")
    declined = tell(body.replace("100%", "0%"), calls="time talk | 0 60 | 1 10")
    assert declined.lives("left outcome")[1] == (11, "moved_on")


def test_an_offer_after_the_queue_time_out_is_warned_of() -> None:
    body = desk("{after: 2m, accepted: 60%}")
    body = "scenario: one\nhorizon: {start: 2026-01-05, length: 1d}\n" + body.replace(
        "{trace: calls.csv}", "{per_hour: 5}"
    )
    assert not read_text(body.replace("never,", "never, max_wait: 2m,")).remarks
    (warned,) = read_text(body.replace("never,", "never, max_wait: 90s,")).remarks
    assert warned.key == "channels.phone.callback.after"
    assert warned.message.startswith("nobody on phone waits 2m: they leave the queue after 1m30s (`max_wait`)")


def test_it_expires_so_long_after_it_was_accepted() -> None:
    for place in ("kept", "lost"):
        callback = (
            f"{{after: 10s, accepted: 100%, place: {place}, expires: 20s, attempts: 2, answered: 0%, between: 5s}}"
        )
        story = tell(desk(callback), calls="time talk | 0 60 | 1 10 | 45 10")
        # the other one accepts at 55; an attempt from 60 to 90, and it has expired when the next one is due
        assert story.lives("joined hung_up left outcome")[1:] == [(1, 11, 31, "expired"), (45, 55, 95, "expired")]


def test_overflow_steps_go_on_or_begin_again() -> None:
    for place, left in (("kept", 31), ("lost", 41)):
        body = f"""\
handle_time: {{law: constant, value: 60s}}
channels: {{phone: {{patience: never, callback: {{after: 10s, accepted: 100%, place: {place}}}}}}}
workflows: {{calls: {{pools: [desk], overflow: [{{after: 30s, pools: [others]}}]}}}}
demand: {{calls: {{trace: calls.csv}}}}
pools: {{desk: {{staffing: 1}}, others: {{staffing: 1}}}}
"""
        story = tell(body, calls="time talk | 0 60 | 1 10")
        assert story.lives("left pool")[1] == (left, "others")


def test_nobody_has_to_be_there_for_the_offer() -> None:
    body = desk("{after: 10s, accepted: 100%}").replace("staffing: 1", 'staffing: [["00:00", 0], ["01:00", 1]]')
    assert tell(body, calls="time talk | 1 10").lives("hung_up left callback") == [(11, 3600, 2)]


def test_it_is_open_at_the_end() -> None:
    body = "horizon: {start: 2026-01-05, length: 1h, drain: 0s, interval: 15m}\n" + desk("{after: 10s, accepted: 100%}")
    story = tell(body, calls="time talk | 0 7200 | 1 10")
    assert story.lives("left hung_up outcome callback")[1] == (3600, 11, "open_waiting", 2)
    assert sums_of(story, "wait_other_us", "waiting_us", "callbacks") == [0, 10_000_000, 1]


@pytest.mark.parametrize("served", ["keeps_place", "loses_place", "when_idle"])
def test_both_engines_simulate_the_same(served: str) -> None:
    body = TWO_KINDS.format(
        callback=f"{{after: 10s, accepted: 60%, served: {served}, expires: 90s, "
        "answered: 50%, attempts: 3, between: 9s}",
        more="queue_groups: {door: {max_waiting: 6, lines: 8}}",
    )
    many = " | ".join(f"{7 * i} {40 + i % 3 * 20}" for i in range(120))
    compare(compile_model(script(body, asked=f"time talk | {many}", others=f"time talk | {many}")), seed=4)
