"""When work is due, and how a line shows it."""

from __future__ import annotations

from ccsim.kernel import layout, sums
from tests.kernel.small_centre import MINUTE, Centre

HOUR = 60 * MINUTE
MAILS = """
demand: {mails: {per_minute: 1, channel: email}}
handle_time: 1m
channels: {email: {kind: deferred, deadline: DEADLINE}}
routing: {choose_contact: RULE}
pools: {desk: {staffing: 1}}
"""


def centre(deadline: str, rule: str = "earliest_deadline") -> Centre:
    return Centre(MAILS.replace("DEADLINE", deadline).replace("RULE", rule))


def shown(made: Centre) -> int:
    return int(made.state.heads[0])


def test_a_line_shows_when_its_head_is_due_by_the_plain_clock() -> None:
    made = centre("2h")
    made.arrives(30 * MINUTE)
    assert shown(made) == 150 * MINUTE


def test_a_line_shows_when_its_head_is_due_by_its_working_clock() -> None:
    made = centre("{working: 2h, hours: 08:00-09:00}")  # the horizon begins on a Monday at midnight
    made.arrives(30 * MINUTE)
    assert shown(made) == 33 * HOUR


def test_a_working_clock_orders_nothing_where_the_longest_wait_decides() -> None:
    made = centre("{working: 2h, hours: 08:00-09:00}", "oldest")
    made.arrives(30 * MINUTE)
    assert shown(made) == 30 * MINUTE
    assert made.rules.classes.rows[0, layout.CLASS_CLOCK] == layout.NONE
    assert made.model.groups.queues[:, sums.OF_CLOCK].tolist() == [0]
