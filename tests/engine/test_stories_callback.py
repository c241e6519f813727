"""Stories of callbacks: who is offered one, when an agent calls, what is counted."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.callback import Callback
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from tests.engine.busy_centres import centre
from tests.support.callback_desk import desk, sums_of
from tests.support.engines import compare
from tests.support.stories import VISIT, script, tell


def test_it_is_offered_from_so_many_waiting_and_keeps_its_place() -> None:
    calls = "time talk patience | 0 60 never | 1 10 never | 2 10 5 | 3 10 never"
    story = tell(desk("{waiting: 1, accepted: 100%}"), calls=calls)
    # the one at 2 has hung up, so that their patience of 5 s does not matter, and is called before the one at 3
    assert story.lives("left ended outcome callback") == [
        (0, 60, "resolved", 0),
        (60, 70, "resolved", 0),
        (70, 80, "resolved", 2),
        (80, 90, "resolved", 2),
    ]


def test_live_counts_those_on_the_phone_alone() -> None:
    calls = "time talk | 0 60 | 1 10 | 2 10 | 3 10"
    offered = [
        tell(desk(f"{{waiting: 2, counts: {word}, accepted: 100%}}"), calls=calls + " | 4 10 | 5 10")
        for word in ("all", "live")
    ]
    assert [sum(told for (told,) in story.lives("callback")) for story in offered] == [6, 6]
    story = tell(
        desk("{waiting: 1, counts: live, accepted: 100%}"),
        calls="time talk patience | 0 60 never | 1 10 5 | 2 10 never | 7 10 never",
    )
    # at 7 the one on the phone has left: a callback alone waits
    assert story.lives("outcome callback") == [("resolved", 0), ("abandoned", 0), ("resolved", 2), ("resolved", 0)]


def test_when_idle_lets_all_on_the_phone_go_first() -> None:
    body = desk("{waiting: 1, accepted: 100%, served: when_idle}")
    # the one at 70 finds nobody free and only a callback waiting: two are not offered one, as `live` is not said
    story = tell(
        body.replace("waiting: 1,", "waiting: 1, counts: live,"), calls="time talk | 0 60 | 1 20 | 2 10 | 70 10"
    )
    assert story.lives("joined left callback") == [(0, 0, 0), (1, 60, 0), (2, 90, 2), (70, 80, 0)]


def test_agents_kept_free_are_not_given_callbacks() -> None:
    callback = "{waiting: 0, accepted: 100%, served: when_idle}"
    body = desk(callback, agents=2, more=", deferred: {keep_free: 1}")
    story = tell(body, calls="time talk | 0 60 | 0 100 | 1 10")
    assert story.lives("joined left callback") == [(0, 0, 0), (0, 0, 0), (1, 100, 2)]


def test_it_holds_no_trunk_and_a_place_only_where_it_keeps_that() -> None:
    for served, last in (("keeps_place", "blocked"), ("when_idle", "resolved")):
        body = (
            desk(f"{{waiting: 0, accepted: 100%, served: {served}}}")
            + "queue_groups: {door: {lines: 9, max_waiting: 1}}\n"
        )
        story = tell(body, calls="time talk | 0 60 | 1 10 | 2 10")
        assert story.lives("outcome")[-1] == (last,)
    body = desk("{waiting: 0, accepted: 100%}") + "queue_groups: {door: {lines: 1}}\n"
    story = tell(
        body.replace("staffing: 1", "staffing: {every: 1h, values: " + str([0] + [1] * 23) + "}"),
        calls="time talk | 1 10 | 2 10 | 3605 60",
    )
    # two callbacks take no line: the call at 3605 gets in while an agent is calling back
    assert story.lives("left outcome callback") == [(3600, "resolved", 2), (3610, "resolved", 2), (3620, "resolved", 2)]


def test_who_has_hung_up_is_not_cleared_at_closing() -> None:
    body = desk("{waiting: 1, accepted: 100%}") + "queue_groups: {door: {hours: 00:00-01:00, at_closing: clear}}\n"
    story = tell(body, calls="time talk | 3500 300 | 3510 10 | 3520 10")
    assert story.lives("left outcome") == [(3500, "resolved"), (3600, "cleared"), (3800, "resolved")]


def test_an_announced_wait_makes_the_offer() -> None:
    story = tell(desk("{announced: 60s, accepted: 100%}"), calls="time talk | 0 60 | 1 10 | 2 10")
    assert story.lives("callback") == [(0,), (0,), (2,)]


def test_a_callback_may_take_longer() -> None:
    story = tell(
        desk("{waiting: 0, accepted: 100%, handle_time: {talk: {value: 90s}, wrap_up: 10%}}"),
        calls="time talk | 0 60 | 1 10",
    )
    assert story.lives("left ended wrapped")[1] == (60, 150, 159)


def test_an_attempt_without_an_answer_takes_the_agent_and_another_one_follows() -> None:
    callback = "{waiting: 0, accepted: 100%, answered: 0%, attempts: 2, unanswered: 20s, between: 5m}"
    story = tell(desk(callback), calls="time talk | 0 60 | 1 10 | 70 10")
    # called at 60 to 80 and at 380 to 400; who arrives at 70 finds the agent busy and is called from 80 on
    assert story.lives("left ended outcome callback") == [
        (0, 60, "resolved", 0),
        (400, 400, "not_reached", 2),
        (420, 420, "not_reached", 2),
    ]
    said = (
        "offered",
        "callbacks",
        "callback_attempts",
        "callbacks_reached",
        "not_reached",
        "cases_given_up",
        "answered",
    )
    assert sums_of(story, *said) == [3, 2, 4, 0, 2, 2, 1]
    assert story.total("in_hand", "desk") == pytest.approx((60 + 4 * 20) / 60)
    assert story.total("held", "desk") == pytest.approx((60 + 4 * 20) / 60)


def test_it_expires_in_line_and_between_attempts() -> None:
    callback = "{waiting: 0, accepted: 100%, answered: 0%, attempts: 3, unanswered: 20s, between: 5m, expires: 2m}"
    story = tell(desk(callback), calls="time talk | 0 60 | 1 10 | 70 200 | 300 200 | 301 10")
    # the first is called once and is due again when it has expired; the last one waits too long
    assert story.lives("joined left outcome") == [
        (0, 0, "resolved"),
        (1, 380, "expired"),
        (70, 400, "expired"),
        (300, 300, "resolved"),
        (301, 421, "expired"),
    ]


def test_what_is_counted() -> None:
    story = tell(desk("{waiting: 1, accepted: 100%}"), calls="time talk | 0 60 | 1 10 | 2 10")
    said = ("offered", "waited", "answered", "callbacks_offered", "callbacks", "callbacks_reached", "resolved")
    assert sums_of(story, *said) == [3, 2, 2, 1, 1, 1, 3]
    assert sums_of(story, "wait_answered_us", "wait_callback_us", "waiting_us") == [59_000_000, 68_000_000, 59_000_000]


def test_it_is_open_at_the_end_between_attempts_and_during_one() -> None:
    callback = "{waiting: 0, accepted: 100%, answered: 0%, attempts: 9, unanswered: 2h, between: 30h}"
    body = "horizon: {start: 2026-01-05, length: 1h, drain: 2h, interval: 15m}\n" + desk(callback)
    story = tell(body, calls="time talk | 0 60 | 1 10 | 2 10")
    assert story.lives("left outcome callback")[1:] == [(10800, "open_waiting", 2), (10800, "open_waiting", 2)]
    assert sums_of(story, "open_waiting", "callback_attempts", "callbacks") == [2, 1, 2]


def _offering(share: float, served: str) -> Callback:
    return Callback(waiting=1, accepted=share, served=served, answered=0.6, attempts=2, between=300_000_000)  # type: ignore[arg-type]


def _with(plain: Scenario, callback: Callback) -> Scenario:
    def offers(channel: Channel) -> Channel:
        return channel if channel.kind != "live" else channel.model_copy(update={"callback": callback})

    return plain.model_copy(update={"channels": {name: offers(one) for name, one in plain.channels.items()}})


@pytest.mark.parametrize("kind", ["desk", "chats", "globe"])
@pytest.mark.parametrize("served", ["keeps_place", "when_idle"])
def test_both_engines_simulate_the_same(kind: str, served: str) -> None:
    kept = compare(compile_model(_with(centre(kind, 3), _offering(0.5, served))), seed=9)
    assert kept.log.size > 0


@pytest.mark.parametrize("served", ["keeps_place", "when_idle"])
def test_nobody_who_accepts_changes_nothing_but_the_offers(served: str) -> None:
    for kind in ("desk", "chats", "globe"):
        plain = centre(kind, 4)
        rows = [
            simulate(compile_model(one), seed=5, replication=0, visits=True).tables["visits"]
            for one in (plain, _with(plain, _offering(0.0, served)))
        ]
        columns = [i for i in range(rows[0].shape[1]) if i != VISIT["callback"]]
        said = [table[np.lexsort(table.T[::-1])][:, columns] for table in rows]
        assert np.array_equal(*(table[np.lexsort(table.T[::-1])] for table in said))


@pytest.mark.parametrize(
    ("callback", "told"),
    [
        ("{accepted: 50%}", "expected `waiting:`, `announced:` or `after:`"),
        ("{after: 0s, accepted: 50%}", "above 0s"),
        ("{after: 2m, accepted: 50%, place: gone}", "kept, lost"),
        ("{waiting: 1, accepted: 50%, served: loses_place}", "channels.phone.callback.served: who is offered"),
        ("{waiting: 1, accepted: 50%, place: lost}", "channels.phone.callback.place: who is offered"),
        ("{after: 2m, accepted: 50%, place: kept, served: when_idle}", "channels.phone.callback.place"),
        ("{waiting: 1, announced: 2m, accepted: 50%}", "got both"),
        ("{announced: 2m, counts: live, accepted: 50%}", "belongs to `waiting:`"),
        ("{waiting: 1}", "accepted"),
        ("{waiting: 1, accepted: 120%}", "120%"),
        ("{waiting: 1, accepted: 50%, served: later}", "keeps_place, loses_place, when_idle"),
        ("{waiting: 1, accepted: 50%, attempts: 0}", "at least 1"),
        (
            "{waiting: 1, accepted: 50%, handle_time: {from_forecast: yes}}",
            "a forecast says no handle times of callbacks",
        ),
    ],
)
def test_what_is_refused(callback: str, told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        script(desk(callback), calls="time talk | 0 60")
    assert told in str(refused.value)


def test_deferred_work_is_offered_none() -> None:
    body = desk("{waiting: 1, accepted: 50%}").replace("phone: {patience: never,", "mail: {kind: deferred,")
    with pytest.raises(ScenarioError, match="callbacks are offered to live contacts"):
        script(body.replace("calls: {", "calls: {channel: mail, "), calls="time talk | 0 60")


def test_an_announced_wait_needs_a_mean_handle_time() -> None:
    body = desk("{announced: 1m, accepted: 50%}").replace("handle_time: {law: constant, value: 60s}\n", "")
    with pytest.raises(ScenarioError, match="needs a mean handle time"):
        compile_model(script(body, calls="time talk | 0 60"))
