"""Stories of the opening backlog: how many lie there, how old they are, what they count in; each worked by hand."""

from __future__ import annotations

import pytest

from ccsim.draws.keys import FIRST_OF_BACKLOG
from ccsim.errors import ScenarioError
from ccsim.kernel.layout import Ints
from ccsim.model import compile_model
from ccsim.model.opening_backlog import whole_parts
from ccsim.scenario import loads
from ccsim.units import DAY, HOUR
from tests.support.stories import tell

HEAD = "scenario: heap\nhorizon: {start: 2026-03-02, length: 5d, drain: 3d}\n"
TEAM = """\
channels: {case: {kind: deferred, deadline: 5d}}
demand: {complaints: {channel: case, per_day: 0, backlog: BACKLOG}}
handle_time: 25m
pools: {team: {shifts: [{agents: 10, start: 09:00, length: 5h30m, days: mon-fri}]}}
"""


def team(backlog: str) -> str:
    return "horizon: {start: 2026-03-02, length: 5d, drain: 3d}\n" + TEAM.replace("BACKLOG", backlog)


def waiting(rows: Ints) -> list[int]:
    """Those who wait at each midnight."""
    found = [0] * 6
    for day, _, _, count in rows.tolist():
        found[day] += count
    return found


def test_exactly_so_many_wait_at_the_start_and_are_worked_off() -> None:
    story = tell(team("280"))
    # each of ten takes 14 cases a day, the last one at minute 325: 140 a day
    assert waiting(story.tables["backlog"]) == [280, 140, 0, 0, 0, 0]
    assert [left for (left,) in story.lives("left")][:11] == [9 * 3600] * 10 + [9 * 3600 + 1500]
    assert story.tables["replications"][0, :3].tolist() == [0, 0, 0]  # no contact of the counted time
    assert story.lives("counted") == [(0,)] * 280


def test_ages_run_evenly_from_the_oldest_to_the_youngest() -> None:
    story = tell(team("[{contacts: 3, oldest: 2d, youngest: 1d}, {contacts: 1, oldest: 6h}, 2]"))
    hours = [joined / 3600 for (joined,) in story.lives("joined")]
    assert hours == [-48, -36, -24, -6, 0, 0]
    # by age at the first midnight: 36 h and 48 h, 24 h, 6 h, two that came just now
    bands = {band: count for day, _, band, count in story.tables["backlog"].tolist() if day == 0}
    assert sum(bands.values()) == 6
    assert len(bands) == 4


def test_the_oldest_is_served_first_and_before_those_who_come_later() -> None:
    body = team("{contacts: 2, oldest: 1h}").replace("per_day: 0", "trace: new.csv").replace("agents: 10", "agents: 1")
    story = tell(body, new="time talk | 0 60 | 60 60")
    names = story.lives("number joined left")
    assert sorted(names, key=lambda row: row[2]) == [
        (FIRST_OF_BACKLOG, -3600, 32400),
        (FIRST_OF_BACKLOG + 1, 0, 33900),
        (0, 0, 35400),
        (1, 60, 35460),
    ]


def test_a_deadline_counts_from_the_true_arrival() -> None:
    body = team("{contacts: 1, oldest: 3d}").replace("agents: 10", "agents: 1")
    body = body.replace("deadline: 5d", "deadline: 4d").replace(
        "demand: {", "demand: {new: {channel: letter, trace: new.csv}, "
    )
    body = body.replace("channels: {", "channels: {letter: {kind: deferred, deadline: 1h}, ")
    for rule, first in (("earliest_deadline", "new/t1"), ("oldest", "complaints/t1")):
        story = tell(body + f"routing: {{choose_contact: {rule}}}\n", new="time talk | 0 60")
        # the old case is due on Tuesday, the new letter on Monday at 01:00
        assert min(story.lives("left queue"))[1] == first


def test_steps_that_opened_long_ago_are_open_and_others_open_in_time() -> None:
    body = team("{contacts: 2, oldest: 2h}").replace(
        "pools: {team:", "workflows: {complaints: {pools: [team], overflow: [{after: 1h, pools: [late]}]}}\n"
        "pools: {late: {staffing: 1}, team:"
    )  # fmt: skip
    story = tell(body)
    assert story.lives("joined left pool") == [(-7200, 0, "late"), (0, 3600, "late")]


def test_the_longest_wait_runs_from_the_true_arrival() -> None:
    story = tell(team("{contacts: 2, oldest: 2h}").replace("deadline: 5d", "deadline: 5d, max_wait: 3h"))
    assert story.lives("joined left outcome") == [(-7200, 3600, "moved_on"), (0, 10800, "moved_on")]


def test_a_contact_keeps_its_draws_whatever_the_ages_and_the_number() -> None:
    def talks(backlog: str) -> list[float]:
        story = tell(team(backlog).replace("25m", "{law: exponential, mean: 25m}"))
        return [round(ended - left, 6) for left, ended in story.lives("left ended")]

    few = talks("20")
    assert talks("{contacts: 20, oldest: 9d}") == few
    assert talks("30")[:20] == few


def test_the_number_is_exact_over_all_streams() -> None:
    text = HEAD + TEAM.replace("BACKLOG", "{contacts: 101, oldest: 100h}").replace(
        "channel: case,", "channel: case, segments: {gold: 20%, all: 47%, silver: 33%},"
    ) + "segments: {gold: {}, silver: {}}\n"  # fmt: skip
    model = compile_model(loads(text))
    counts = {name: int((model.backlog[:, 1] == rank).sum()) for rank, name in enumerate(model.streams)}
    # 20.2, 47.47 and 33.33: 100 whole ones, and one to the largest remainder
    assert counts == {"complaints.gold": 20, "complaints.all": 48, "complaints.silver": 33}
    assert sorted((-model.backlog[:, 0] // HOUR).tolist()) == list(range(101))
    # each stream has its part of every age
    for rank in range(3):
        ages = -model.backlog[model.backlog[:, 1] == rank, 0]
        assert abs(ages.mean() / HOUR - 50) < 3
    assert whole_parts(2, [1 / 3, 1 / 3, 1 / 3]) == [1, 1, 0]
    assert model.backlog[0, 2] == 20514  # 2 March 2026
    assert -model.backlog[:, 0].min() < 5 * DAY


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return [f"{fault.key}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("backlog", "old", "new", "fault"),
    [
        ("200", "length: 5d", "warm_up: 1d, length: 5d", "the backlog lies there when the run begins, and a warm-up "
         "of 1d would work it off before anything counts: leave out the warm-up or the backlog"),
        ("200", "kind: deferred, deadline: 5d", "kind: live",
         "a backlog waits on deferred channels only; case is live"),
        ("{contacts: 2, oldest: 3d}", "deadline: 5d", "max_wait: 3d", "its oldest contact came 3d before the "
         "start, but on case contacts leave the queue after 3d (max_wait)"),
        ("2", "handle_time", "queue_groups: {door: {max_waiting: 9}}\nhandle_time", "it waits in "
         "queue group door, whose places are limited (`max_waiting`): a backlog needs room"),
    ],
)  # fmt: skip
def test_where_a_backlog_cannot_lie(backlog: str, old: str, new: str, fault: str) -> None:
    text = (HEAD + TEAM.replace("BACKLOG", backlog)).replace(old, new)
    assert faults(text) == [f"demand.complaints.backlog: {fault}"]


@pytest.mark.parametrize(
    ("backlog", "key"),
    [
        ("0", "backlog"),
        ("-3", "backlog"),
        ("1.5", "backlog"),
        ("{oldest: 3d}", "backlog.contacts"),
        ("{contacts: 3, oldest: 1d, youngest: 2d}", "backlog.youngest"),
        ("{contacts: 3, oldest: old}", "backlog.oldest"),
        ("2_000_000", "backlog"),
        ("[]", "backlog"),
    ],
)
def test_what_is_no_backlog_is_refused(backlog: str, key: str) -> None:
    (fault,) = faults(HEAD + TEAM.replace("BACKLOG", backlog))
    assert fault.startswith(f"demand.complaints.{key}: ")
