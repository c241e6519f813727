"""Queue time-outs after which a contact waits on in another queue, by hand and on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim.records.tables import QUEUE_SUMS
from tests.support.engines import compare
from tests.support.stories import Story, tell

TIERS = """
channels: {phone: {max_wait: {after: 30s, then: {tier: t2}}}}
workflows: {calls: {tiers: {t1: {aht: 1m}, t2: {aht: 1m}}}}
demand: {calls: {trace: calls.csv}}
pools: {front: {tier: t1, staffing: 1}, back: {tier: t2, staffing: 1}}
service_level: {within: [40s]}
"""
WAITS = "visit pool joined left ended before_us outcome"
SECOND = 1_000_000


def story(body: str = TIERS, patience: str = "never", **traces: str) -> Story:
    """What a kernel simulates, after the reference engine was found to simulate the same."""
    told = tell(f"patience: {patience}\n{body}", **traces)
    compare(told.model, seed=1)
    return told


def lives(told: Story) -> list[tuple[Any, ...]]:
    """Visits with the wait before in seconds."""
    return [(*row[:5], row[5] / SECOND, row[6]) for row in told.lives(WAITS)]


def sums(told: Story) -> dict[str, int]:
    """Sums of all queues together."""
    columns = [column.name for column in QUEUE_SUMS[1:]]
    rows = told.tables["queue_sums"][:, : len(columns)]
    return dict(zip(columns, rows.sum(axis=0).tolist(), strict=True))


def test_who_waits_too_long_waits_on_at_the_next_tier() -> None:
    told = story(calls="time talk | 0 100 | 10 40 | 15 5 | 20 5")
    assert lives(told) == [
        (0, "front", 0, 0, 100, 0, "resolved"),
        (0, None, 10, 40, 40, 0, "requeued"),
        (0, None, 15, 45, 45, 0, "requeued"),
        (0, None, 20, 50, 50, 0, "requeued"),
        (1, "back", 40, 40, 80, 30, "resolved"),  # what was recorded goes along
        (1, "back", 45, 80, 85, 30, "resolved"),
        (1, "back", 50, 85, 90, 30, "resolved"),
    ]


def test_a_contact_counts_once_with_its_whole_wait() -> None:
    told = story(calls="time talk | 0 100 | 10 40 | 15 5 | 20 5")
    found = sums(told)
    waits = [0, 30, 65, 65]
    assert [found[name] for name in ("arrived", "offered", "answered", "requeued")] == [4, 4, 4, 3]
    assert found["moved_on"] == found["abandoned"] == found["escalated"] == 0
    assert found["waited"] == 3
    assert found["wait_answered_us"] == found["waiting_us"] == sum(waits) * SECOND
    assert found["wait_answered_sq_hi"] * 2**40 + found["wait_answered_sq_lo"] == sum((w * SECOND) ** 2 for w in waits)
    within = told.tables["queue_sums"][:, len(QUEUE_SUMS) - 1].sum()  # answered within 40 s
    assert within == 2
    assert [found[name] for name in ("cases_missed_first", "cases_given_up", "resolved")] == [0, 0, 4]


def test_patience_goes_on_and_is_drawn_once() -> None:
    told = story(calls="time talk patience | 0 100 never | 10 60 never | 15 5 50 | 20 5 30.000001 | 21 5 29.999999")
    assert [row for row in lives(told) if row[-1] not in ("resolved", "requeued")] == [
        (0, None, 21, 50.999999, 50.999999, 0, "abandoned"),
        (1, None, 45, 65, 65, 30, "abandoned"),
        (1, None, 50, 50.000001, 50.000001, 30, "abandoned"),
    ]
    found = sums(told)
    assert found["wait_abandoned_us"] == 50 * SECOND + 30_000_001 + 29_999_999
    assert [found[name] for name in ("cases_missed_first", "cases_given_up", "offered", "requeued")] == [3, 3, 5, 3]
    assert told.tables["missed_first"][:, 2].tolist() == [0]  # no agent had had any of them before


TEAMS = """
workflows:
  calls: {aht: 1m, max_wait: {after: 30s, then: {workflow: other}, wait: WAIT}}
  other: {aht: 1m}
demand: {calls: {trace: calls.csv}, other: {trace: other.csv}}
pools: {front: {skills: {calls: {}}, staffing: 1}, back: {skills: {other: {}}, staffing: 1}}
"""


@pytest.mark.parametrize(("wait", "first"), [("goes_on", "calls"), ("restarts", "other")])
def test_the_place_in_the_next_queue(wait: str, first: str) -> None:
    """The call that joined at 10 comes at 40 to a line in which one has stood since 20."""
    told = story(TEAMS.replace("WAIT", wait), calls="time talk | 0 200 | 10 7", other="time talk | 0 60 | 20 8 | 41 1")
    answered = {row[0][:5]: row[1] for row in told.lives("queue left visit") if row[1] in (60, 67, 68)}
    assert answered == ({"calls": 60, "other": 67} if first == "calls" else {"calls": 68, "other": 60})


def test_wait_credit_and_steps_count_from_the_place() -> None:
    """A pool that opens after a minute in the queue opens after a minute of the whole wait, or of the new one."""
    for wait, left in (("goes_on", 70), ("restarts", 100)):
        body = TEAMS.replace("WAIT", wait).replace(
            "  other: {aht: 1m}", "  other: {aht: 1m, pools: [back], overflow: [{after: 1m, pools: [help]}]}"
        )
        body = body.replace("back: {", "help: {skills: {other: {}}, staffing: 1}, back: {")
        told = story(body, calls="time talk | 0 200 | 10 7", other="time talk | 0 300")
        assert [row for row in told.lives("visit pool left") if row[0] == 1] == [(1, "help", left)]


def test_a_chain_ends_where_it_says() -> None:
    body = (
        TEAMS.replace("WAIT", "goes_on")
        .replace("other: {aht: 1m}", "other: {aht: 1m, max_wait: {after: 20s, then: {workflow: last}, wait: goes_on}}")
        .replace("demand: ", "  last: {aht: 1m, max_wait: 5s}\ndemand: ")
        .replace("pools: {", "pools: {third: {skills: {last: {}}, staffing: [[00:00, 0], [12:00, 1]]}, ")
    )
    told = story(body, calls="time talk | 0 200 | 10 7", other="time talk | 0 300")
    assert [row for row in lives(told) if row[-1] in ("requeued", "moved_on")] == [
        (0, None, 10, 40, 40, 0, "requeued"),
        (1, None, 40, 60, 60, 30, "requeued"),
        (2, None, 60, 65, 65, 50, "moved_on"),
    ]
    found = sums(told)
    assert (found["requeued"], found["moved_on"], found["wait_other_us"]) == (2, 1, 55 * SECOND)


def test_a_time_out_of_nothing_sends_on_whoever_finds_nobody_free() -> None:
    body = TIERS.replace("after: 30s", "after: 0s")
    told = story(body, calls="time talk | 0 100 | 10 40 | 15 5")
    assert lives(told)[1:] == [
        (0, None, 10, 10, 10, 0, "requeued"),
        (0, None, 15, 15, 15, 0, "requeued"),
        (1, "back", 10, 10, 50, 0, "resolved"),
        (1, "back", 15, 50, 55, 0, "resolved"),
    ]
    assert sums(told)["waited"] == 2


def test_a_closed_door_turns_away_whoever_comes_to_it() -> None:
    more = "queue_groups: {second: {tiers: [t2], hours: 12:00-13:00}}\n"
    told = story(TIERS + more, calls="time talk | 0 100 | 10 40")
    assert lives(told)[1:] == [(0, None, 10, 40, 40, 0, "requeued"), (1, None, 40, 40, 40, 30, "closed")]


def test_in_a_wrong_queue_it_leads_nowhere() -> None:
    body = TEAMS.replace("WAIT", "goes_on").replace("other: {aht: 1m}", "other: {aht: 1m, misrouted: {calls: 100%}}")
    told = story(body, calls="time talk | 0 200", other="time talk | 10 8")
    assert told.lives("joined left outcome", "other")[-1] == (10, 40, "moved_on")


def test_an_agent_beside_the_customer_is_free_at_the_time_out() -> None:
    body = """
channels: {phone: {max_wait: {after: 30s, then: {workflow: other}}}}
workflows:
  calls: {tiers: {t1: {aht: 1m, escalated: 100%, warm: 100%, hand_over: 10s}, t2: {aht: 1m}}}
  other: {handle_time: 1m}
demand: {calls: {trace: calls.csv}}
pools:
  front: {tier: t1, skills: {calls: {}}, staffing: 1}
  back: {tier: t2, skills: {calls: {}}, staffing: [[00:00, 0], [12:00, 1]]}
  help: {skills: {other: {}}, staffing: 1}
"""
    told = story(body, calls="time talk | 0 60")
    assert lives(told) == [
        (0, "front", 0, 0, 90, 0, "escalated"),
        (1, None, 60, 90, 90, 0, "requeued"),
        (2, "help", 90, 90, 150, 30, "resolved"),
    ]
    found = sums(told)
    assert (found["warm_wait_us"], found["hand_over_us"]) == (30 * SECOND, 0)


def test_nobody_is_asked_again() -> None:
    """In the next queue there is no offer of a callback and no announced wait."""
    body = TEAMS.replace("WAIT", "restarts").replace(
        "other: {aht: 1m}",
        "other: {aht: 1m, callback: {waiting: 0, accepted: 100%}, balking: {steps: [{above: 0s, share: 100%}]}}",
    )
    told = story(body, calls="time talk | 0 200 | 10 7", other="time talk | 0 300 | 50 10")
    assert [row for row in told.lives("visit joined left callback outcome") if row[1] in (40, 50)] == [
        (1, 40, 300, 0, "resolved"),
        (0, 50, 307, 2, "resolved"),
    ]
