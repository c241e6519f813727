"""What bots cost: by session, by contained session, by month; in every split, and by time."""

from __future__ import annotations

import pytest

from ccsim import api
from ccsim.kpis.definitions import QUEUE_SCOPES
from ccsim.metrics.estimates import estimate
from ccsim.metrics.periods import by_period
from ccsim.records.outcomes import OUTCOMES
from ccsim.results.run import Run
from ccsim.units import DAY, HOUR
from tests.support.stories import script

TEXT = """
horizon: {start: 2026-03-02, length: 3d, drain: 2d, interval: 1h}
currency: EUR
handle_time: 3m
demand:
  chats: {channel: chat, per_day: 600, profile: flat}
  calls: {channel: phone, per_day: 200, profile: flat}
pools: {desk: {staffing: 12, paid_hour: 20}}
bots:
  robot:
    channels: [chat]
    session: 1m
    contained: 50%
    falsely_contained: 40%
    returns: {share: 50%, after: {mean: 10h}}
    price: {session: 0.10, contained: 0.90, returned_within: 5h, month: 365}
  voice: {channels: [phone], session: 30s, contained: 10%, price: {session: 0.01}}
"""
MONTH = 365 * 3 / (365 / 12)
"""Of the robot, for three days."""


@pytest.fixture(scope="module")
def run() -> Run:
    return api.run(script(TEXT), replications=3, seed=2)


def _bills(run: Run) -> tuple[float, float]:
    """What the two bots cost in all replications together, from the sums of queues."""
    sums = run.tables["queue_sums"].merge(run.tables["queues"], on="queue").groupby("bot").sum(numeric_only=True)
    robot, voice = sums.loc["robot"], sums.loc["voice"]
    contained = robot["contained"] + robot["falsely_contained"] - robot["free_of_charge"]
    assert 0 < robot["free_of_charge"] < robot["false_followed_24h"] < robot["falsely_contained"]
    return 0.10 * robot["sessions"] + 0.90 * contained + 3 * MONTH, 0.01 * voice["sessions"]


def test_bots_are_paid_beside_pools(run: Run) -> None:
    robot, voice = _bills(run)
    desk = 12 * 24 * 3 * 20 * 3
    for name, cost in (("robot", robot), ("voice", voice), ("desk", desk)):
        assert run.estimate("cost_per_day", "pool", name)["numerator"] == pytest.approx(cost), name
    assert run.estimate("cost_per_day")["numerator"] == pytest.approx(robot + voice + desk)
    sessions = run.estimate("cost_per_session", "channel", "phone")
    assert sessions["estimate"] == pytest.approx(0.01)


@pytest.mark.parametrize("scope", [*QUEUE_SCOPES[1:], "pool", "vendor", "owner"])
def test_every_split_adds_up_to_the_whole_cost(run: Run, scope: str) -> None:
    rows = estimate(run.tables, run.measured, kpis=["cost_per_day"], scopes=[scope])
    assert rows["numerator"].sum() == pytest.approx(run.estimate("cost_per_day")["numerator"])


def test_days_add_up_to_the_whole_cost(run: Run) -> None:
    days = by_period(run.tables, run.measured, kinds=("day",), kpis=["cost_per_day"], scopes=["all"])
    assert len(days) == 3
    # sessions of contacts after the counted time are in no day: none of these counts
    assert days["numerator"].sum() == pytest.approx(run.estimate("cost_per_day")["numerator"], rel=2e-3)


def test_the_cost_of_a_resolved_case_has_agents_and_bots_in_it(run: Run) -> None:
    row = run.estimate("cost_per_resolved_case")
    assert row["numerator"] == pytest.approx(run.estimate("cost_per_day")["numerator"])
    sums = run.tables["queue_sums"].sum()
    ended = sums["arrived"] - sums["repeated"] - sums["cases_open"] - sums["cases_given_up"]
    assert row["denominator"] == ended


WEEKS = """
horizon: {start: 2026-06-01, length: 6w, drain: 8d, interval: 1h}
handle_time: 3m
demand: {chats: {channel: chat, per_day: 60, profile: flat}}
pools: {desk: {staffing: 5, paid_hour: 0}}
bots:
  robot:
    channels: [chat]
    session: 1m
    contained: 50%
    falsely_contained: 40%
    share: 80%
    from: 2026-06-08
    ramp: 4w
    returns: {share: 50%, after: {mean: 10h}}
    price: {session: 0.10, contained: 1, returned_within: 5h, month: 730}
"""


@pytest.mark.parametrize("kind", ["week", "month"])
def test_a_bill_of_several_weeks_is_that_of_the_visits(kind: str) -> None:
    run = api.run(script(WEEKS), replications=2, seed=2, visits=True)
    visits = run.tables["visits"].sort_values(["contact", "visit"])
    of_case = ["replication", "case_queue", "date", "number"]
    begins = visits.groupby([*of_case, "contact"], as_index=False)["joined_us"].min()
    begins["contact"] -= 1  # of the next contact
    visits = visits.merge(begins, on=[*of_case, "contact"], how="left", suffixes=("", "_next"))
    sessions = visits[(visits["visit"] == -1) & (visits["counted"] == 1)]
    ended_by_bot = sessions["outcome"].isin([OUTCOMES.index(name) for name in ("contained", "falsely_contained")])
    free = ended_by_bot & (sessions["joined_us_next"] - sessions["ended_us"] <= 5 * HOUR)
    assert free.sum() > 50
    price = 0.10 + ended_by_bot - free
    days = sessions["joined_us"] // DAY
    rows = by_period(run.tables, run.measured, kinds=(kind,), kpis=["cost_per_day"], scopes=["all"])
    edges = [0, 7, 14, 21, 28, 35, 42] if kind == "week" else [0, 30, 42]
    for since, until, found in zip(edges[:-1], edges[1:], rows["numerator"], strict=True):
        by_session = price[(days >= since) & (days < until)].sum()
        assert found == pytest.approx(by_session + 2 * 730 * (until - since) / (365 / 12))


def test_an_assist_paid_by_the_hour_costs_the_hours_that_its_agents_are_signed_in() -> None:
    text = """
horizon: {start: 2026-03-02, warm_up: 1h, length: 2d, interval: 1h}
handle_time: 3m
demand: {chats: {channel: chat, per_day: 600, profile: flat}, calls: {channel: phone, per_day: 200, profile: flat}}
pools: {desk: {staffing: 12, paid_hour: 20}, other: {staffing: 3, paid_hour: 30}}
assists:
  copilot: {pools: [desk], channels: [chat], handle_time: 0.9, from: 2026-03-03 04:00, price: {hour: 0.5, month: 365}}
"""
    run = api.run(script(text), replications=3, seed=2)
    # the counted time ends at one in the night of Wednesday: 21 hours of twelve agents, and of a month of 730 h 48
    hours, month = 21 * 12 * 0.5, 365 * 48 / 730
    cost = run.estimate("cost_per_day", "pool", "copilot")
    assert cost["numerator"] == pytest.approx(3 * (hours + month), rel=1e-3)
    for scope, name in (("channel", "chat"), ("all", "all")):
        assert run.estimate("cost_per_day", scope, name)["estimate"] is not None
    split = estimate(run.tables, run.measured, kpis=["cost_per_day"], scopes=["channel", "pool", "all"])
    sums = split.groupby("scope")["numerator"].sum()
    assert sums["channel"] == pytest.approx(sums["all"]) == pytest.approx(sums["pool"])
    days = by_period(run.tables, run.measured, kinds=["day"], kpis=["cost_per_day"], scopes=["all"])
    assert days["numerator"].sum() == pytest.approx(sums["all"])
    free = script(text.replace("hour: 0.5, month: 365", "hour: 0"))
    assert api.run(free, replications=3, seed=2).digest == run.digest  # a price changes nothing that is simulated
