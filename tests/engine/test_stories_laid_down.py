"""Stories of cases that are laid down at the end of a shift and taken up again; each worked by hand."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from ccsim.scenario import loads
from tests.engine.statistics_oracle import Recount
from tests.support.engines import compare
from tests.support.stories import script, tell

DAY, HOUR, MINUTE = 86_400, 3_600, 60
TEAM = """\
horizon: {start: 2026-03-02, length: 5d, drain: 3d}
channels: {case: {kind: deferred, deadline: 5d, interruptible: INTERRUPTIBLE}}
demand:
  complaints: {channel: case, backlog: 200, trace: new.csv}
handle_time: HANDLE
pools: {team: {shifts: [{agents: 10, start: 09:00, length: 5h30m, days: mon-fri}]}}
"""
NEW = "time | " + " | ".join(f"{day * DAY}" for day in range(5) for _ in range(80))
"""Eighty a day, at midnight."""


def team(interruptible: str = "yes", handle: str = "25m") -> str:
    return TEAM.replace("INTERRUPTIBLE", interruptible).replace("HANDLE", handle)


def test_ten_people_work_off_two_hundred_cases_as_the_planner_has_it() -> None:
    story = tell(team(), new=NEW)
    waiting = [0] * 6
    for day, _, _, count in story.tables["backlog"].tolist():
        waiting[day] += count
    # The midnight count is before the new cases of 00:00. 132 of work a day, 13.2 each: on Monday each has done 13
    # and begun one by 20 %: 150 lie there, which is work of 148; then 26.4 and 39.6 each
    assert waiting == [200, 150, 100, 50, 0, 0]
    left = [(200 + 80 * day) - 132 * day for day in range(1, 4)]
    assert left == [148, 96, 44]
    done = [0, 0.2, 0.4, 0.6]
    assert [waiting[day] - 10 * done[day] for day in (1, 2, 3)] == left
    assert story.total("overtime", "team") == 0
    assert story.total("held", "team") == 600 * 25
    assert story.total("in_hand", "team") == 600 * 25


def test_without_it_the_last_case_is_finished_in_overtime() -> None:
    story = tell(team("no"), new=NEW)
    assert story.total("overtime", "team") > 0


ONE = """\
channels: {case: {kind: deferred, interruptible: yes, deadline: DEADLINE}}
demand: {cases: {channel: case, trace: cases.csv}}
horizon: {start: 2026-01-05, length: 3d, drain: 3d}
pools: {desk: {shifts: [{agents: AGENTS, start: 09:00, length: 1h}]}}
"""


def one(agents: int = 1, deadline: str = "12h") -> str:
    return ONE.replace("AGENTS", str(agents)).replace("DEADLINE", deadline)


def test_what_is_left_is_done_the_next_day_before_all_else() -> None:
    story = tell(one(), cases="time talk wrap_up | 0 5400 600 | 60 600 0")
    # 09:00 to 10:00 an hour of 90 min; Tuesday 09:00 half an hour and ten minutes of wrap-up, then the other
    assert story.lives("joined left ended wrapped outcome") == [
        (0, 9 * HOUR, DAY + 9.5 * HOUR, DAY + 9.5 * HOUR + 600, "resolved"),
        (60, DAY + 9.5 * HOUR + 600, DAY + 9.5 * HOUR + 1200, DAY + 9.5 * HOUR + 1200, "resolved"),
    ]
    assert story.total("held", "desk") == 90 + 10 + 10
    assert story.total("overtime", "desk") == 0


def test_wrap_up_is_laid_down_too() -> None:
    story = tell(one(), cases="time talk wrap_up | 0 3000 1200")
    assert story.lives("left ended wrapped") == [(9 * HOUR, 9 * HOUR + 3000, DAY + 9 * HOUR + 600)]
    assert story.total("held", "desk") == 70


def test_a_case_may_be_laid_down_again_and_again_and_be_open_at_the_end() -> None:
    story = tell(one(), cases="time talk | 0 9000 | 1 100000")
    assert story.lives("left ended outcome") == [
        (9 * HOUR, 2 * DAY + 9.5 * HOUR, "resolved"),
        (2 * DAY + 9.5 * HOUR, 6 * DAY, "open_in_hand"),
    ]
    # three hours of three days, in the counted time
    assert story.total("held", "desk") == 180


def test_the_wait_ends_with_the_first_answer() -> None:
    # answered on Monday at 09:00, in time; what is left is done on Tuesday
    story = tell(one(deadline="9h"), cases="time talk | 0 5400")
    assert story.lives("left waited") == [(9 * HOUR, 1)]
    assert story.tables["waits"][:, -1].sum() == 1


def test_somebody_else_goes_on_at_once() -> None:
    body = one().replace("pools: {", "pools: {late: {shifts: [{agents: 1, start: 09:30, length: 2h}]}, ")
    story = tell(body, cases="time talk | 0 5400")
    assert story.lives("left ended pool") == [(9 * HOUR, 10.5 * HOUR, "late")]
    assert (story.total("held", "desk"), story.total("held", "late")) == (60, 30)


def test_staffing_that_falls_is_the_end_of_a_shift() -> None:
    body = one().replace(
        "shifts: [{agents: 1, start: 09:00, length: 1h}]", "staffing: [[00:00, 0], [09:00, 1], [10:00, 0]]"
    )
    story = tell(body, cases="time talk | 0 5400")
    assert story.lives("left ended") == [(9 * HOUR, DAY + 9.5 * HOUR)]
    assert story.total("overtime", "desk") == 0


def test_a_break_waits_for_the_case_in_hand() -> None:
    body = one().replace("length: 1h", "length: 1h, breaks: [{after: 20m, length: 10m}]")
    story = tell(body, cases="time talk | 0 1800")
    assert story.lives("left ended") == [(9 * HOUR, 9.5 * HOUR)]


def test_a_live_call_in_hand_is_finished_in_overtime() -> None:
    story = tell(one().replace("demand: {", "demand: {calls: {trace: calls.csv}, "), calls="time talk | 35000 3000",
                 cases="time talk | 36100 60")  # fmt: skip
    assert story.lives("ended", "calls") == [(38000,)]
    assert story.total("overtime", "desk") == pytest.approx(2000 / 60)


@pytest.mark.parametrize("pools", ["", "chat: {staffing: 1, channels: [chat]}, "])
def test_the_reference_engine_and_the_plain_sums_agree(pools: str) -> None:
    body = team(handle="{talk: {law: exponential, mean: 40m}, wrap_up: {law: exponential, mean: 20m}}")
    body = body.replace("case: {kind", "chat: {concurrency: 2, speed: [1, 0.7]}, case: {kind")
    body = body.replace("demand:\n", "demand:\n  chats: {channel: chat, per_hour: 3}\n")
    body = body.replace("pools: {", f"pools: {{{pools}")
    model = compile_model(script(body, new=NEW))
    kept = compare(model, 7)
    recount = Recount(model, kept.log, kept.spans)
    assert len(recount.parts) > 50
    for name, rows in recount.tables().items():
        found = [tuple(row) for row in kept.tables[name].tolist()]
        if name == "replications":
            found = [(row[0], row[1], row[2], row[4]) for row in found]
        assert found == [tuple(row) for row in rows], name


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return [f"{fault.key}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("channel", "more", "fault"),
    [
        ("{interruptible: yes}", "", "channels.case.interruptible: only deferred work can be laid down"),
        ("{kind: deferred, interruptible: yes, concurrency: 2}", "", "channels.case.interruptible: work that is laid"),
        ("{kind: deferred, interruptible: often}", "", "channels.case.interruptible: expected yes or no"),
        ("{kind: deferred, interruptible: yes}", "queue_groups: {door: {lines: 9}}", "channels.case.interruptible: it "
         "goes back to queue group door, whose places are limited (`lines`)"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_down(channel: str, more: str, fault: str) -> None:
    text = f"""
scenario: laid
horizon: {{start: 2026-03-02, length: 1d}}
channels: {{case: {channel}}}
demand: {{cases: {{channel: case, per_hour: 3}}}}
handle_time: 4m
pools: {{team: {{staffing: 2}}}}
{more}
"""
    (found,) = faults(text)
    assert found.startswith(fault)
