"""Stories of the announced wait: who hears it, what it is, who leaves at once."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.balking import Balking, BalkingStep
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.records.tables import QUEUE_SUMS
from tests.engine.busy_centres import centre
from tests.support.engines import compare
from tests.support.stories import script, tell

DESK = """\
handle_time: {{law: constant, value: 60s}}
channels: {{phone: {{patience: {patience}, balking: {balking}}}}}
demand: {{calls: {{trace: calls.csv}}}}
pools: {{desk: {{staffing: {agents}}}}}
"""


def desk(balking: str, *, agents: int = 1, patience: str = "never") -> str:
    return DESK.format(balking=balking, agents=agents, patience=patience)


def all_above(wait: str) -> str:
    return f"{{steps: [{{above: {wait}, share: 100%}}]}}"


def test_a_wait_of_exactly_the_step_is_not_above_it() -> None:
    # two agents: the first who waits is told 30 s, the next 60 s, the third 90 s
    story = tell(desk(all_above("60s"), agents=2), calls="time talk | 0 60 | 0 60 | 1 60 | 2 60 | 3 60 | 4 60")
    assert story.lives("left outcome waited") == [
        (0, "resolved", 0),
        (0, "resolved", 0),
        (60, "resolved", 1),
        (60, "resolved", 1),
        (3, "balked", 1),
        (4, "balked", 1),
    ]


def test_nothing_is_announced_to_who_finds_an_agent_free() -> None:
    story = tell(desk(all_above("0s")), calls="time talk | 0 10 | 5 1 | 10 1 | 30 1")
    assert story.lives("joined outcome") == [(0, "resolved"), (5, "balked"), (10, "resolved"), (30, "resolved")]


def test_who_has_left_is_no_longer_counted() -> None:
    """Patience that ends at the instant of an arrival ends before it."""
    calls = "time talk patience | 0 100 never | 1 5 never | 2 5 20 | 21.999999 5 never | 22 5 never"
    story = tell(desk(all_above("2m")), calls=calls)
    assert story.lives("joined left outcome") == [
        (0, 0, "resolved"),
        (1, 100, "resolved"),
        (2, 22, "abandoned"),
        (21.999999, 21.999999, "balked"),
        (22, 105, "resolved"),
    ]


def test_own_patience_is_the_recorded_one() -> None:
    calls = "time talk patience | 0 200 never | 1 5 59.999999 | 2 5 60 | 3 5 never | 4 5 0"
    story = tell(desk("{own_patience: yes}"), calls=calls)
    assert story.lives("left outcome") == [
        (0, "resolved"),
        (1, "balked"),
        (62, "abandoned"),
        (200, "resolved"),
        (4, "balked"),
    ]


def test_an_accepted_wait_is_drawn_apart_from_patience() -> None:
    calls = "time talk patience | 0 200 never | 1 5 20 | 2 5 20"
    story = tell(desk("{tolerates: {value: 60s}}"), calls=calls)
    assert story.lives("left outcome") == [(0, "resolved"), (21, "abandoned"), (2, "balked")]


def test_without_agents_on_the_line_nobody_knows_an_end() -> None:
    """The announced wait is longer than any; who waits for ever does not mind."""
    later = "shifts: [{agents: 1, start: 01:00, length: 1h}]"
    body = desk("{tolerates: {mean: 1h}}").replace("staffing: 1", later)
    assert tell(body, calls="time | 0").lives("outcome") == [("balked",)]
    own = desk("{own_patience: yes}").replace("staffing: 1", later)
    story = tell(own, calls="time patience | 0 86400 | 1 never")
    assert story.lives("left outcome") == [(0, "balked"), (3600, "resolved")]


def test_agents_on_a_break_do_not_shorten_the_announced_wait() -> None:
    body = desk(all_above("59s")).replace(
        "staffing: 1",
        "shifts: [{agents: 1, start: 00:00, length: 2h}, "
        "{agents: 1, start: 00:00, length: 2h, breaks: [{after: 5m, length: 10m}]}]",
    )
    calls = "time talk | 60 200 | 60 120 | 61 60 | 310 60 | 320 60 | 1000 60 | 1000 60 | 1001 60"
    outcomes = [outcome for (outcome,) in tell(body, calls=calls).lives("outcome")]
    # at 61 two agents are there: 30 s; at 320 one of them has a break: 60 s; at 1001 both are back
    assert outcomes == ["resolved"] * 4 + ["balked"] + ["resolved"] * 3


def test_an_agent_counts_for_all_contacts_that_they_can_hold() -> None:
    body = (
        desk(all_above("30s"))
        .replace("phone: {", "chat: {concurrency: 3, ")
        .replace("calls: {", "calls: {channel: chat, ")
    )
    story = tell(body, calls="time talk | 0 60 | 0 60 | 0 60 | 1 60 | 2 60")
    # three at once, each 60 s: the first who waits is told 20 s, the next 40 s
    assert story.lives("outcome")[3:] == [("resolved",), ("balked",)]


def test_slow_agents_make_the_announced_wait_longer() -> None:
    body = desk(all_above("60s")).replace("staffing: 1", "staffing: 1, handle_time: 1.25")
    assert tell(body, calls="time talk | 0 60 | 1 60").lives("outcome") == [("resolved",), ("balked",)]


def test_the_mean_of_a_forecast_is_that_of_joining() -> None:
    body = """\
handle_time: {from_forecast: yes, cv: 0, wrap_up: 20%}
channels: {phone: {patience: never, balking: {steps: [{above: 100s, share: 100%}]}}}
demand: {calls: {trace: calls.csv, aht: {every: 1h, values: [100s, 101s]}}}
pools: {desk: {staffing: 1}}
"""
    body = body.replace("[100s, 101s]", f"[{', '.join(['100s', '101s'] * 12)}]")
    story = tell(body, calls="time | 0 | 1 | 3600 | 3601")
    assert [outcome for (outcome,) in story.lives("outcome")] == ["resolved", "resolved", "resolved", "balked"]


def test_the_customer_comes_back_as_after_an_abandonment() -> None:
    body = desk(all_above("0s")) + (
        "workflows: {calls: {returns: {after_abandon: {share: 100%, after: {value: 5m}, attempts: 1}}}}\n"
    )
    story = tell(body, calls="time talk | 0 100 | 1 60")
    assert story.lives("joined outcome contact") == [(0, "resolved", 0), (1, "balked", 0), (301, "resolved", 1)]


def test_the_workflow_says_it_before_the_channel() -> None:
    body = desk(all_above("0s")) + "workflows: {calls: {balking: {steps: [{above: 2h, share: 100%}]}}}\n"
    assert tell(body, calls="time talk | 0 60 | 1 60").lives("outcome") == [("resolved",), ("resolved",)]


def test_a_full_queue_blocks_before_anything_is_announced() -> None:
    body = desk(all_above("1m")) + "queue_groups: {door: {max_waiting: 1}}\n"
    story = tell(body, calls="time talk | 0 60 | 1 60 | 2 60")
    assert story.lives("outcome") == [("resolved",), ("resolved",), ("blocked",)]


def test_sums_have_them_apart() -> None:
    story = tell(desk(all_above("0s")), calls="time talk | 0 60 | 1 60 | 2 60")
    sums = dict(zip((column.name for column in QUEUE_SUMS[1:]), story.tables["queue_sums"][0].tolist(), strict=False))
    said = ("arrived", "offered", "waited", "answered", "abandoned", "balked", "wait_other_us", "cases_given_up")
    assert [sums[name] for name in said] == [3, 3, 2, 1, 0, 2, 0, 2]


def test_a_share_of_zero_changes_nothing() -> None:
    """Not one row: announced waits have random numbers of their own."""
    for kind in ("desk", "chats", "globe"):
        plain = centre(kind, 4)
        never = plain.model_copy(update={"channels": {name: _told(one) for name, one in plain.channels.items()}})
        rows = [_rows(scenario) for scenario in (plain, never)]
        assert np.array_equal(*rows)


def _told(channel):
    if channel.kind != "live":
        return channel
    return channel.model_copy(update={"balking": Balking(steps=(BalkingStep(above=0, share=0.0),))})


def _rows(scenario: Scenario) -> np.ndarray:
    visits = simulate(compile_model(scenario), seed=5, replication=0, visits=True).tables["visits"]
    return visits[np.lexsort(visits.T[::-1])]


@pytest.mark.parametrize("kind", ["desk", "chats", "globe"])
def test_both_engines_simulate_the_same(kind: str) -> None:
    busy = centre(kind, 3)
    steps = (BalkingStep(above=0, share=0.2), BalkingStep(above=120_000_000, share=0.7))
    told = {
        name: one if one.kind != "live" else one.model_copy(update={"balking": Balking(steps=steps)})
        for name, one in busy.channels.items()
    }
    compare(compile_model(busy.model_copy(update={"channels": told})), seed=9)


def test_a_wait_needs_a_mean_handle_time() -> None:
    body = desk(all_above("1m")).replace("handle_time: {law: constant, value: 60s}\n", "")
    with pytest.raises(ScenarioError, match="announces a wait, for which it needs a mean handle time"):
        compile_model(script(body, calls="time talk | 0 60"))


@pytest.mark.parametrize(
    ("balking", "told"),
    [
        ("{}", "expected one of steps, tolerates, own_patience (yes), got none"),
        ("{own_patience: no}", "got none"),
        ("{tolerates: {mean: 1m}, own_patience: yes}", "got tolerates and own_patience"),
        ("{steps: [{above: 2m, share: 10%}, {above: 1m, share: 20%}]}", "in rising order of `above`"),
        ("{steps: [{above: 1m, share: 30%}, {above: 2m, share: 20%}]}", "expected shares that do not fall"),
        ("{steps: [{above: 1m, share: 130%}]}", "130%"),
        ("{steps: []}", "got none"),
        ("2m", "expected a map like"),
    ],
)
def test_what_is_refused(balking: str, told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        script(desk(balking), calls="time talk | 0 60")
    assert told in str(refused.value)


def test_deferred_work_hears_no_announcement() -> None:
    body = (
        desk(all_above("1m"))
        .replace("phone: {patience: never,", "mail: {kind: deferred,")
        .replace("calls: {", "calls: {channel: mail, ")
    )
    with pytest.raises(ScenarioError, match="no wait is announced for deferred work"):
        script(body, calls="time talk | 0 60")
