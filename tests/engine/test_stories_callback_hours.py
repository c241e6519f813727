"""Stories of callbacks that are made only in certain hours."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from tests.support.callback_desk import desk, sums_of
from tests.support.engines import compare
from tests.support.stories import script, tell

HOUR = 3600
LONG = "horizon: {start: 2026-01-05, length: 3d, drain: 1d, interval: 15m}\n"


def test_what_is_accepted_outside_the_hours_waits_until_they_begin() -> None:
    story = tell(desk("{waiting: 0, accepted: 100%, hours: 09:00-18:00}"), calls="time talk | 0 60 | 1 10 | 32460 10")
    assert story.lives("joined hung_up left outcome callback") == [
        (0, 0, 0, "resolved", 0),
        (1, 1, 9 * HOUR, "resolved", 2),
        (32460, 32460, 32460, "resolved", 0),
    ]
    assert sums_of(story, "wait_callback_us", "waiting_us") == [(9 * HOUR - 1) * 1_000_000, 0]


@pytest.mark.parametrize("served", ["keeps_place", "when_idle"])
def test_what_is_in_line_as_they_end_waits_until_they_begin_again(served: str) -> None:
    callback = f"{{waiting: 0, accepted: 100%, served: {served}, hours: {{mon: 09:00-18:00, tue: 10:00-12:00}}}}"
    calls = "time talk | 64000 800 | 64010 20 | 64020 20 | 64100 20"
    story = tell(desk(callback).replace("length: 1d", "length: 2d"), calls=calls)
    # the agent is free at 18:00 exactly and calls the first one; the others are called from Tuesday 10:00 on
    assert [left for (left,) in story.lives("left")] == [64000, 18 * HOUR, 34 * HOUR, 34 * HOUR + 20]


def test_the_next_attempt_is_made_in_the_hours() -> None:
    callback = (
        "{waiting: 0, accepted: 100%, answered: 0%, attempts: 2, unanswered: 20s, between: 3h, hours: 09:00-18:00}"
    )
    body = "horizon: {start: 2026-01-05, length: 2d, drain: 1d, interval: 15m}\n" + desk(callback)
    # tried from 16:01, due at 19:01:20, tried again from 09:00
    story = tell(body, calls="time talk | 57600 60 | 57601 10")
    assert story.lives("left outcome")[1] == (33 * HOUR + 20, "not_reached")


def test_who_is_away_holds_no_place_and_may_expire() -> None:
    callback = "{waiting: 0, accepted: 100%, hours: 09:00-18:00, expires: 2h}"
    body = desk(callback) + "queue_groups: {door: {max_waiting: 1}}\n"
    story = tell(body, calls="time talk | 0 60 | 1 10 | 2 10 | 26000 10 | 26001 10")
    assert story.lives("left outcome") == [
        (0, "resolved"),
        (9 * HOUR, "expired"),
        (9 * HOUR, "expired"),
        (26000, "resolved"),
        (9 * HOUR, "resolved"),
    ]


def test_hours_are_by_the_clock_of_the_market() -> None:
    body = """\
handle_time: {law: constant, value: 60s}
channels: {phone: {patience: never, callback: {waiting: 0, accepted: 100%, hours: 09:00-18:00}}}
markets: {us: {region: NA, time_zone: America/New_York}, de: {region: EMEA, time_zone: Europe/Berlin}}
demand: {us: {trace: us.csv, market: us}, de: {trace: de.csv, market: de}}
pools: {desk: {staffing: 1}}
"""
    story = tell(body, us="time talk | 0 60 | 1 10", de="time talk | 2 10")
    assert story.lives("left", "de") == [(8 * HOUR,)]
    assert story.lives("left", "us")[1] == (14 * HOUR,)


def test_hours_over_midnight_and_all_week() -> None:
    night = "{waiting: 0, accepted: 100%, hours: 22:00-06:00}"
    story = tell(desk(night), calls="time talk | 0 60 | 1 10 | 30000 60 | 30001 10")
    assert [left for (left,) in story.lives("left")] == [0, 60, 30000, 22 * HOUR]
    # in line from 23:50 to 00:10, and from 05:55 to the next evening
    story = tell(desk(night), calls="time talk | 21300 600 | 21310 10 | 85800 1200 | 85810 10")
    assert [left for (left,) in story.lives("left")] == [21300, 22 * HOUR, 85800, 87000]
    always = compile_model(script(desk("{waiting: 0, accepted: 100%, hours: 24x7}"), calls="time talk | 0 60"))
    assert always.rules.classes.working.bounds.size == 0


def test_hours_that_are_none_are_refused() -> None:
    with pytest.raises(ScenarioError, match=r"callback.hours: it never opens"):
        script(desk("{waiting: 0, accepted: 100%, hours: closed}"), calls="time talk | 0 60")


@pytest.mark.parametrize("served", ["keeps_place", "loses_place", "when_idle"])
def test_both_engines_simulate_the_same(served: str) -> None:
    callback = (
        f"{{after: 10s, accepted: 60%, served: {served}, expires: 3h, hours: {{mon: [00:10-00:20, 00:30-00:40]}}, "
    )
    body = desk(callback + "answered: 50%, attempts: 3, between: 90s}") + "queue_groups: {door: {lines: 9}}\n"
    many = " | ".join(f"{17 * i} {10 + i % 3 * 20}" for i in range(160))
    kept = compare(compile_model(script(body, calls=f"time talk | {many}")), seed=4)
    assert kept.log.size > 0


def test_opening_hours_are_those_of_the_queue_group_with_its_special_days() -> None:
    door = "queue_groups: {door: {hours: 08:00-18:00, 2026-01-06: closed, 2026-01-07: [10:00-11:00, 12:00-13:00]}}\n"
    door = door.replace("hours: 08:00-18:00, 2026", "hours: {mon-sun: 08:00-18:00, 2026").replace(
        "13:00]}}", "13:00]}}}"
    )
    body = LONG + desk("{waiting: 0, accepted: 100%, hours: opening_hours}")
    late = "time talk | 64000 4200 | 64010 7000 | 64020 20"  # in line on Monday at closing; Tuesday is closed
    story = tell(body + door, calls=late)
    ten = 2 * 24 * HOUR + 10 * HOUR
    assert [left for (left,) in story.lives("left")] == [64000, ten, ten + 2 * HOUR]


def test_hours_over_midnight_stay_open_into_a_special_day() -> None:
    door = "queue_groups: {door: {hours: {mon-sun: 20:00-02:00, 2026-01-06: closed}}}\n"
    body = LONG + desk("{waiting: 0, accepted: 100%, hours: opening_hours}")
    # called at 01:00 of the special day, as Monday's night is open until 02:00; then on Wednesday at 20:00
    story = tell(body + door, calls=f"time talk | {20 * HOUR} {5 * HOUR} | {20 * HOUR + 1} 7200 | {20 * HOUR + 2} 20")
    assert [left for (left,) in story.lives("left")] == [20 * HOUR, 25 * HOUR, 68 * HOUR]


def test_opening_hours_need_a_queue_group_that_has_some() -> None:
    with pytest.raises(ScenarioError, match="no queue group with hours"):
        script(desk("{waiting: 0, accepted: 100%, hours: opening_hours}"), calls="time talk | 0 60")
