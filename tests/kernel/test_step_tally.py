"""One visit and one span of an agent, from their row of the log to the sums."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine.statistics import Statistics
from ccsim.engine.sum_tables import sums_by_queue
from ccsim.kernel import layout, sum_rows, sums, tally, tally_staff
from ccsim.kernel.sums import Tally
from ccsim.records import outcomes
from ccsim.records.outcomes import HANDLED, NO_CONTACT, OF_SESSIONS, OUTCOMES, outcome
from ccsim.records.tables import OF_ROUTES, POOL_INTERVALS
from tests.kernel.small_centre import MINUTE, PHONE, SECOND, Centre

DESK = PHONE + "pools: {desk: {staffing: 1}}\nservice_level: {within: 20s}\n"
QUARTER = 15 * MINUTE


def tallied(**row: int) -> Tally:
    """The sums of one visit of the desk, counted, of no counted case, answered by its agent unless said otherwise."""
    centre = Centre(DESK)
    made: Tally = Statistics(centre.model, seed=1, replication=0, visits=False)._tally
    log = np.zeros((1, layout.LOG_WIDTH), np.int64)
    for name, value in {"COUNTED": 1, "OUTCOME": outcomes.RESOLVED, "OPENED": -1, "HELD": -1, **row}.items():
        log[0, getattr(layout, f"LOG_{name}")] = value
    assert tally.tally_visits(made, centre.model.groups, log, 0, 1) == 1
    return made


def cohort(made: Tally) -> dict[str, int]:
    """Sums of the cohort that are not 0, by name."""
    names = dict(zip(sums.OF_OUTCOME, OUTCOMES, strict=True)) | {
        value: name.removeprefix("COHORT_").lower()
        for name, value in vars(sums).items()
        if name.startswith("COHORT_") and value in sums.COHORT_PLACES
    }
    by_queue = sums_by_queue(made, 1)
    found = {}
    for column, name in names.items():
        at = (slice(None), column % sums.RARE)
        often = column < sums.RARE
        value = int((made.sums if often else made.rare)[at].sum())
        assert (by_queue if often else made.rare_queues)[0, at[1]] == value  # the same by queue
        if value:
            found[name] = value
    return found


def route_of(made: Tally) -> dict[str, int]:
    """What is counted of the only pool and queue, by name."""
    row = made.route_rows[0, 0]
    assert row == 1
    assert made.totals[sums.TOTAL_ROUTES] == 1
    return {
        column.name: int((made.routes if place < sums.RARE else made.rare_routes)[row, place % sums.RARE])
        for column, place in zip(OF_ROUTES, sums.ROUTE_PLACES, strict=True)
    }


def test_an_answered_visit() -> None:
    made = tallied(JOINED=SECOND, LEFT=11 * SECOND, TALKED=71 * SECOND, WRAPPED=81 * SECOND, WAITED=1)
    assert cohort(made) == {
        "arrived": 1,
        "offered": 1,
        "waited": 1,
        "answered": 1,
        "wait_answered": 10 * SECOND,
        "square_high": (10 * SECOND) ** 2 >> 40,
        "square_low": (10 * SECOND) ** 2 & ((1 << 40) - 1),
        "talk": 60 * SECOND,
        "wrap_up": 10 * SECOND,
        "resolved": 1,
    }
    route = route_of(made)
    assert {name: value for name, value in route.items() if value} == {
        "answered": 1, "talk_us": 60 * SECOND, "wrap_up_us": 10 * SECOND, "served": 1, "held_us": 70 * SECOND,
        "resolved": 1,
    }  # fmt: skip
    assert made.waits[0, sum_rows.bin_of_wait(10 * SECOND)] == 1


@pytest.mark.parametrize("held", [-1, 0, 7 * SECOND])
def test_a_hand_over_is_a_part_of_the_talk(held: int) -> None:
    times = {"TALKED": 70 * SECOND, "WRAPPED": 70 * SECOND, "HELD": held, "HAND_OVER": 9 * SECOND}
    made = tallied(OUTCOME=outcomes.ESCALATED, **times)
    wanted = {"talk": 70 * SECOND, "hand_over": 9 * SECOND}
    wanted |= {"warm": 1} if held >= 0 else {}
    wanted |= {"warm_wait": held} if held > 0 else {}
    names = ("talk", "warm", "warm_wait", "hand_over")
    assert {name: value for name, value in cohort(made).items() if name in names} == wanted
    route = route_of(made)
    assert route["hand_over_us"] == 9 * SECOND
    assert (route["warm"], route["warm_wait_us"]) == (int(held >= 0), max(held, 0))


def test_what_is_open_has_no_hand_over_yet() -> None:
    made = tallied(OUTCOME=outcomes.OPEN_IN_HAND, TALKED=SECOND, WRAPPED=SECOND, HELD=SECOND, HAND_OVER=SECOND)
    assert not {"talk", "warm", "warm_wait", "hand_over"} & cohort(made).keys()
    assert cohort(made)["arrived"] == made.totals[sums.TOTAL_VISITS] == 1


@pytest.mark.parametrize(("wait", "within"), [(20 * SECOND, 1), (20 * SECOND + 1, 0)])
def test_an_answer_at_the_threshold_is_within_it(wait: int, within: int) -> None:
    made = tallied(LEFT=wait, TALKED=wait, WRAPPED=wait, WAITED=1)
    by_queue = sums_by_queue(made, 1)[0]
    assert by_queue[sums.COHORT_THRESHOLDS + sums.ANSWERED_BEYOND] == within
    assert by_queue[sums.COHORT_THRESHOLDS + sums.ABANDONED_BEYOND] == 0


def test_an_abandoned_visit() -> None:
    end = 30 * SECOND
    made = tallied(LEFT=end, TALKED=end, WRAPPED=end, AGENT=layout.NONE, WAITED=1, OUTCOME=outcomes.ABANDONED)
    assert cohort(made) == {"arrived": 1, "offered": 1, "waited": 1, "abandoned": 1, "wait_abandoned": end}
    assert not made.routes.any()


def test_a_blocked_visit_is_not_offered() -> None:
    assert cohort(tallied(AGENT=layout.NONE, OUTCOME=outcomes.BLOCKED)) == {"arrived": 1, "blocked": 1}


def test_a_visit_further_on_is_neither_a_contact_nor_a_case() -> None:
    made = tallied(PLACE=1)
    assert "arrived" not in cohort(made)
    assert made.totals[sums.TOTAL_VISITS] == 1


def test_a_returning_customer_is_a_contact_but_no_new_case() -> None:
    made = tallied(PLACE=1 << 16)
    assert (cohort(made)["arrived"], cohort(made)["repeated"]) == (1, 1)


def test_a_visit_that_does_not_count_adds_its_time_and_nothing_else() -> None:
    made = tallied(COUNTED=0, LEFT=MINUTE, TALKED=2 * MINUTE, WRAPPED=2 * MINUTE)
    assert cohort(made) == {}
    assert made.pools[0, 0, sums.STAFF_HELD] == MINUTE
    assert made.queues[0, sums.COHORT_WAITING] == MINUTE


def test_time_in_hand_and_in_line_is_cut_at_the_intervals() -> None:
    made = tallied(JOINED=QUARTER - MINUTE, LEFT=QUARTER + MINUTE, TALKED=3 * QUARTER, WRAPPED=3 * QUARTER, WAITED=1)
    assert made.pools[:4, 0, sums.STAFF_HELD].tolist() == [0, QUARTER - MINUTE, QUARTER, 0]
    assert made.pools[:3, 0, sums.STAFF_ANSWERED].tolist() == [0, 1, 0]
    column = made.sums[:, sums.COHORT_WAITING]
    assert {int(made.row_keys[row]): int(column[row]) for row in np.flatnonzero(column)} == {0: MINUTE, 1: MINUTE}


def test_an_instant_lies_in_the_interval_that_it_begins() -> None:
    settings = np.array([MINUTE, 100 * QUARTER, QUARTER], np.int64)
    assert [sum_rows.interval_of(settings, MINUTE + at) for at in (-1, 0, QUARTER - 1, QUARTER)] == [-1, 0, 0, 1]
    assert sum_rows.end_of(settings, 1) == MINUTE + 2 * QUARTER


@pytest.mark.parametrize(
    ("what", "column", "paid"),
    [
        (layout.SIGNED, sums.STAFF_SIGNED, True),
        (layout.IN_HAND, sums.STAFF_IN_HAND, False),
        (layout.OVERTIME, sums.STAFF_OVERTIME, False),
        (layout.PAID_BREAK, sums.STAFF_BREAK, True),
        (layout.UNPAID_BREAK, sums.STAFF_BREAK, False),
        (layout.ABSENT, sums.STAFF_ABSENT, True),
    ],
)
def test_a_span_of_an_agent(what: int, column: int, paid: bool) -> None:
    centre = Centre(DESK)
    statistics = Statistics(centre.model, seed=1, replication=0, visits=False)
    made: Tally = statistics._tally
    shrinkage = np.zeros((1, 1), np.int64)
    made = made._replace(shrinkage=shrinkage)
    spans = np.array([[0, what, MINUTE, 3 * MINUTE, 0]], np.int64)
    tally_staff.tally_spans(made, centre.model.groups, spans, 1)
    expected = np.zeros(made.pools.shape[2], np.int64)
    expected[column] = 2 * MINUTE
    expected[sums.STAFF_UNPAID] = 2 * MINUTE if what == layout.UNPAID_BREAK else 0
    assert made.pools[0, 0].tolist() == expected.tolist()
    of_pools = [one.name for one in POOL_INTERVALS[1:]]
    assert statistics._pool_intervals()[0, 0, of_pools.index("paid_us")] == (2 * MINUTE if paid else 0)
    away = what in (layout.PAID_BREAK, layout.UNPAID_BREAK, layout.ABSENT)
    assert shrinkage[0, 0] == (2 * MINUTE if away else 0)


@pytest.mark.parametrize("name", [one for one in OUTCOMES if one not in (*HANDLED, *OF_SESSIONS, *NO_CONTACT)])
def test_every_outcome_of_who_reached_no_agent_is_counted_under_its_name(name: str) -> None:
    of_agents = {} if name == "open_in_hand" else {"AGENT": layout.NONE}
    found = cohort(tallied(OUTCOME=outcome(name), **of_agents))
    assert {one: found[one] for one in OUTCOMES if one in found} == {name: 1}
