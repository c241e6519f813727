"""Stories from a review of the kernel: each was told wrongly once."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.kernel import sum_rows as t
from ccsim.kernel import sums as c
from ccsim.language.channels import Channel
from ccsim.language.curves import Grid
from ccsim.language.demand import Volume
from ccsim.language.handling import HandleTime
from ccsim.language.horizon import Horizon
from ccsim.language.laws import Constant
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.language.traces import Trace
from ccsim.language.workflows import Tier, Workflow
from ccsim.model import compile_model
from ccsim.records.tables import FLOW_INTERVALS
from ccsim.units import DAY, HOUR, MINUTE, SECOND
from tests.support.stories import tell

COLUMN = {column.name: i - 1 for i, column in enumerate(FLOW_INTERVALS)}

TIERS = """\
demand: {calls: {trace: calls.csv}}
workflows: {calls: {tiers: {t1: {escalated: 100%, resolved: 0%}, t2: {}}}}
handle_time: {law: constant, value: 30s}
pools: {desk: {staffing: 1, tier: [t1, t2]}}
"""


def test_an_escalated_visit_finds_the_agent_who_sent_it_if_nobody_waits() -> None:
    story = tell(TIERS + "patience: {zero: 100%}\n", calls="time talk | 0 60")
    assert story.lives("left ended waited outcome") == [(0, 60, 0, "escalated"), (60, 90, 0, "resolved")]


def test_an_escalated_visit_is_not_blocked_by_the_agent_who_sent_it() -> None:
    story = tell(TIERS + "queue_groups: {door: {tiers: [t2], max_waiting: 0}}\n", calls="time talk | 0 60")
    assert story.lives("left ended outcome", "calls/t2") == [(60, 90, "resolved")]


def test_an_escalated_visit_stands_behind_those_who_wait() -> None:
    story = tell(TIERS, calls="time talk | 0 60 | 10 30")
    assert story.lives("joined left waited", "calls/t1") == [(0, 0, 0), (10, 60, 1)]
    assert story.lives("joined left waited", "calls/t2") == [(60, 90, 1), (90, 120, 1)]


def test_breaks_that_touch_are_paid_as_each_was_planned() -> None:
    breaks = "[{after: 60m, length: 10m}, {after: 70m, length: 30m, paid: no}, {after: 100m, length: 5m}]"
    body = f"pools: {{desk: {{shifts: [{{agents: 1, start: 00:00, length: 8h, breaks: {breaks}}}]}}}}\n"
    story = tell("demand: {calls: {trace: calls.csv}}\n" + body, calls="time talk | 0 60")
    assert story.total("paid", "desk") == 8 * 60 - 30
    assert story.total("break", "desk") == 45
    assert story.total("signed_in", "desk") == 8 * 60 - 45


def test_breaks_that_wait_for_a_contact_are_paid_as_each_was_planned() -> None:
    breaks = "[{after: 60m, length: 10m}, {after: 80m, length: 30m, paid: no}]"
    body = f"pools: {{desk: {{shifts: [{{agents: 1, start: 00:00, length: 8h, breaks: {breaks}}}]}}}}\n"
    story = tell("demand: {calls: {trace: calls.csv}}\n" + body, calls=f"time talk | {50 * 60} {50 * 60}")
    assert story.total("paid", "desk") == 8 * 60 - 30
    assert story.total("break", "desk") == 40


def test_who_is_wrapping_up_when_simulate_ends_is_open() -> None:
    body = (
        "horizon: {start: 2026-01-05, length: 1h, drain: 0s, interval: 15m}\n"
        "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
    )
    story = tell(body, calls="time talk wrap_up | 0 60 7200")
    assert story.lives("ended wrapped outcome") == [(60, 3600, "open_in_hand")]
    assert story.tables["replications"][0, 2] == 1


def test_hours_within_a_gap_are_no_hours() -> None:
    body = (
        "time_zone: Europe/Berlin\nhorizon: {start: 2026-03-28, length: 2d, drain: 1d, interval: 15m}\n"
        "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
        "queue_groups: {door: {hours: {sun: 02:30-03:10, mon: 01:00-02:00}}}\n"
    )
    story = tell(body, calls=f"time talk | {38 * 3600} 60")
    assert story.lives("outcome") == [("closed",)]


def test_a_step_that_opens_at_once_is_open_before_anybody_leaves() -> None:
    body = (
        "demand: {calls: {trace: calls.csv}}\npatience: {zero: 100%}\n"
        "workflows: {calls: {pools: [first], overflow: [{after: 0s, pools: [second]}]}}\n"
        "pools: {first: {staffing: 1}, second: {staffing: 1}}\n"
    )
    story = tell(body, calls="time talk | 0 60 | 10 60 | 20 60")
    assert story.lives("pool outcome") == [("first", "resolved"), ("second", "resolved"), (None, "abandoned")]


def test_a_wait_of_eighty_days_is_squared_exactly() -> None:
    scenario = Scenario(
        scenario="long",
        horizon=Horizon(start="2026-01-01T00:00:00", length=DAY, drain=100 * DAY, interval=30 * MINUTE),
        handle_time=HandleTime(talk=Constant(value=SECOND)),
        channels={"email": Channel(kind="deferred")},
        demand={"mail": Volume(workflow="mail", channel="email", trace=Trace(time=(0, 1)))},
        pools={"desk": Pool(staffing=Grid(every=DAY, start="2026-03-22T00:00:00", values=(1.0,)))},
    )
    rows = simulate(compile_model(scenario), seed=1, replication=0, visits=True).tables
    waits = rows["visits"][:, 7] - rows["visits"][:, 6]
    assert waits.min() == 80 * DAY
    sums = rows["flow_intervals"].sum(axis=0)
    squares = (int(sums[COLUMN["wait_answered_sq_hi"]]) << 40) + int(sums[COLUMN["wait_answered_sq_lo"]])
    assert squares == sum(int(w) ** 2 for w in waits)
    assert t.bin_of_wait(80 * DAY) < c.WAIT_BINS - 1


def test_the_table_of_sums_grows_for_visits_that_join_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visits of the drain period that wait for many intervals need rows of their own cohort only, one each."""
    monkeypatch.setattr("ccsim.engine.sums_room._MOST_FIRST_ROWS", 256)
    times = tuple(range(0, 6 * HOUR, 20 * SECOND))
    scenario = Scenario(
        scenario="late",
        horizon=Horizon(start="2026-01-01T00:00:00", length=6 * HOUR, drain=20 * DAY, interval=MINUTE),
        handle_time=HandleTime(talk=Constant(value=10 * MINUTE)),
        channels={"email": Channel(kind="deferred")},
        workflows={"mail": Workflow(tiers={"t1": Tier(escalated=1.0, resolved=0.0), "t2": Tier()})},
        demand={"mail": Volume(workflow="mail", channel="email", trace=Trace(time=times))},
        pools={
            "first": Pool(staffing=Grid(every=DAY, values=(12.0,))),
            "second": Pool(tier=("t2",), staffing=Grid(every=DAY, values=(9.0,))),
        },
    )
    tables = simulate(compile_model(scenario), seed=1, replication=0, visits=True).tables
    sums = tables["flow_intervals"].sum(axis=0)
    assert sums[COLUMN["resolved"]] == sums[COLUMN["escalated"]] == len(times)
    assert sums[COLUMN["offered"]] == 2 * len(times)
    joined = tables["visits"][:, 6] // MINUTE
    queues = tables["visits"][:, 0]
    assert len(tables["flow_intervals"]) == len(np.unique(joined * 2 + queues))
