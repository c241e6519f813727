"""Stories of deadlines in working time, and of deadlines by workflow and segment; each worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim import api
from ccsim.records.tables import QUEUE_SUMS
from tests.support.stories import Story, tell

FRIDAY = """\
horizon: {start: 2026-03-06 12:00, length: 4d, drain: 3d}
channels: {email: {kind: deferred, deadline: DEADLINE}}
demand: {mails: {channel: email, trace: mails.csv}}
pools: {desk: {staffing: {every: 1h, start: 2026-03-09 08:00, values: [1, 1, 1, 1, 1, 1, 1, 1, 1]}}}
"""
"""From Friday noon on; one agent, from Monday 08:00 to 17:00."""
HOUR = 3600
MAILS = "time talk | 12600 600 | 14400 600 | 17400 600 | 21600 600 | 82800 600 | 246600 600"
"""Friday 15:30, 16:00, 16:50, 18:00; Saturday 11:00; Monday 08:30."""


def in_deadline(story: Story) -> list[int]:
    """Answered in time, by queue."""
    names = [column.name for column in QUEUE_SUMS[1:]]
    return [int(row[names.index("in_deadline")]) for row in story.tables["queue_sums"]]


@pytest.mark.parametrize(
    ("deadline", "met"),
    [
        ("8h", 1),  # by the clock only Monday's
        ("{working: 8h, hours: {mon-fri: 08:00-17:00}}", 6),
        # answered on Monday at 08:00, 08:10, ..., 08:50; Friday's first has used 1 h 30 min by then, so it is late by
        # 1 h 30 min of working time, the second (1 h and 10 min: 08:10) is answered at its last second
        ("{working: 70m, hours: {mon-fri: 08:00-17:00}}", 5),
        ("{working: 1h9m59s, hours: {mon-fri: 08:00-17:00}}", 4),
        ("{working: 20m, hours: {mon-fri: 08:00-17:00}}", 1),
        # mails of Friday evening and Saturday wait 30 and 40 min of Monday, Monday's 20
        ("{working: 40m, hours: {mon-fri: 08:00-17:00}}", 4),
        # on Saturdays too: Friday's and Saturday's have used six hours or more
        ("{working: 4h, hours: {mon-sat: 08:00-17:00}}", 1),
        # due at the end of Friday: nothing runs on, but Monday is too late
        ("{working: 90m, hours: {mon-fri: 08:00-17:00}}", 5),
        ("{working: 1m, hours: {sun: 00:00-24:00}}", 1),
    ],
)
def test_mails_of_a_weekend(deadline: str, met: int) -> None:
    story = tell(FRIDAY.replace("DEADLINE", deadline), mails=MAILS)
    answered = [68 * HOUR + 600 * n for n in range(6)]
    assert [left for (left,) in story.lives("left")] == answered
    assert in_deadline(story) == [met]


def test_the_queue_group_lends_its_hours_and_clock() -> None:
    # 08:00 to 17:00 in New York is 13:00 to 22:00 UTC: from Friday 15:30 on it runs for 6 h 30 min
    body = FRIDAY.replace("DEADLINE", "{working: 390m}")
    body += "markets: {us: {region: NA, time_zone: America/New_York}}\n"
    body = body.replace("{channel: email,", "{channel: email, market: us,")
    hours = "hours: {mon-fri: 08:00-17:00}"
    # local times of the trace are New York's: Friday 12:00 UTC is 07:00 there, seconds count from the horizon's start
    own = tell(body + f"queue_groups: {{door: {{{hours}, clock: market}}}}\n", mails=MAILS)
    scenario = tell(body + f"queue_groups: {{door: {{{hours}}}}}\n", mails=MAILS)
    said = tell(body.replace("390m", f"390m, {hours}"), mails=MAILS)
    # by New York's clock the first is due on Friday at 22:00 UTC, late; the second has half an hour left on Monday
    assert in_deadline(own) == in_deadline(said) == [5]
    assert in_deadline(scenario) == [6]


@pytest.mark.parametrize(
    ("working", "monday", "met"),
    [
        ("20m", "08:00-17:00", 1),
        ("20m", "closed", 4),  # the clock stands still while the desk works off what came: Friday's first two are late
        ("15m", "08:20-17:00", 2),  # answered at 08:40 and 08:50, the last two have used 20 min
        ("20m", "08:20-17:00", 4),
    ],
)
def test_the_queue_group_lends_its_special_days(working: str, monday: str, met: int) -> None:
    body = FRIDAY.replace("DEADLINE", f"{{working: {working}}}")
    group = f"queue_groups: {{door: {{hours: {{mon-fri: 08:00-17:00, 2026-03-09: {monday}}}}}}}\n"
    assert in_deadline(tell(body + group, mails=MAILS)) == [met]


SPECIFIC = """\
channels: {email: {kind: deferred CHANNEL}}
segments: {premium: {SEGMENT}}
workflows: {claims: {WORKFLOW}, other: {}}
demand:
  a: {workflow: claims, segment: premium, channel: email, trace: a.csv}
  b: {workflow: claims, segment: all, channel: email, trace: a.csv}
  c: {workflow: other, segment: premium, channel: email, trace: a.csv}
  d: {workflow: other, segment: all, channel: email, trace: a.csv}
pools: {desk: {shifts: [{agents: 4, start: 01:00, length: 8h}]}}
"""
"""One mail of each kind waits for an hour."""


@pytest.mark.parametrize(
    ("channel", "segment", "workflow", "met"),
    [
        ("1h", "", "", [1, 1, 1, 1]),
        ("59m59s", "", "", [0, 0, 0, 0]),
        ("1h", "30m", "", [0, 1, 0, 1]),
        ("30m", "1h", "", [1, 0, 1, 0]),
        ("30m", "30m", "1h", [1, 1, 0, 0]),
        ("1h", "1h", "30m", [0, 0, 1, 1]),
        ("", "1h", "", [1, 0, 1, 0]),  # the others have none
        ("30m", "{working: 1m, hours: 01:00-02:00}", "", [1, 0, 1, 0]),
    ],
)
def test_the_most_specific_deadline_rules(channel: str, segment: str, workflow: str, met: list[int]) -> None:
    text = SPECIFIC.replace(" CHANNEL", channel and f", deadline: {channel}")
    text = text.replace("SEGMENT", segment and f"deadline: {segment}")
    text = text.replace("WORKFLOW", workflow and f"deadline: {workflow}")
    story = tell(text, a="time talk | 0 60")
    assert [left for (left,) in story.lives("left")] == [HOUR] * 4
    assert in_deadline(story) == met


def test_the_more_urgent_segment_goes_first_by_its_own_deadline() -> None:
    text = SPECIFIC.replace(" CHANNEL", ", deadline: 4h").replace("SEGMENT", "deadline: 2h").replace("WORKFLOW", "")
    text = text.replace("agents: 4", "agents: 1") + "routing: {choose_contact: earliest_deadline}\n"
    story = tell(text, a="time talk | 0 60")
    assert [left - HOUR for (left,) in story.lives("left")] == [0, 120, 60, 180]


def test_only_those_who_have_a_deadline_are_due(tmp_path: Path) -> None:
    """Half of a volume has a deadline: it is judged, over the day and by interval; the other half is not."""
    (tmp_path / "half.yaml").write_text(
        """\
scenario: half
horizon: {start: 2026-03-02, length: 1d, drain: 1d, interval: 1h}
channels: {email: {kind: deferred}}
segments: {premium: {deadline: 1h}}
demand: {mails: {channel: email, per_hour: 40, segments: {premium: 50%, all: 50%}}}
handle_time: 1s
pools: {desk: {shifts: [{agents: 100, start: 12:00, length: 12h}]}}
"""
    )
    made = api.run(tmp_path / "half.yaml", replications=4, visits=True)
    (premium,) = made.tables["queues"].query("segment == 'premium'")["queue"]
    visits = made.tables["visits"]
    visits = visits[(visits["queue"] == premium) & (visits["counted"] == 1)]
    waits = visits["left_us"] - visits["joined_us"]
    assert made.estimate("deadline_met")["estimate"] == pytest.approx((waits <= HOUR * 1e6).mean())
    # by day, every premium mail from 11:00 on is in time: 13 of 24 hours; 480 of them a run
    assert (waits <= HOUR * 1e6).mean() == pytest.approx(13 / 24, abs=4 * (0.25 / 1920) ** 0.5)
    assert made.tables["flows"]["name"].tolist() == ["mails/t1/no_deadline", "mails/t1"]
    hours = api.by_interval(made, "deadline_met", every=HOUR * 1_000_000)
    assert hours["estimate"].isna().sum() == 0
    assert [round(one, 9) for one in hours["estimate"]] == [0.0] * 11 + [1.0] * 13
