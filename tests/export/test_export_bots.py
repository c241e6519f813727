"""The star of a run with bots, callbacks and ratings: what they cost, and what they add to visits and cases."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from ccsim import api
from ccsim.export.written import export
from ccsim.results.run import Run
from tests.export.asked import Asked
from tests.export.told import close, told
from tests.support.stories import script

TEXT = """
scenario: analyst
time_zone: Europe/London
currency: EUR
horizon: {start: 2026-03-02, warm_up: 1d, length: 3d, drain: 2d, interval: 30m}
service_level: {within: [20s, 60s]}
channels:
  phone: {patience: {mean: 3m}, callback: {waiting: 1, accepted: 60%, answered: 80%}}
  chat: {concurrency: 3, patience: {mean: 4m}}
  email: {kind: deferred, deadline: 1d}
workflows:
  orders:
    tiers: {t1: {handle_time: {mean: 5m, cv: 0.8}, resolved: 85%}}
    returns: {after_unresolved: {share: 60%, after: {law: exponential, mean: 10h}}}
demand: {orders: {per_week: 4_000, channels: {phone: 50%, chat: 30%, email: 20%}, profile: business_day}}
satisfaction: {csat: {}, nps: {}}
bots:
  helper:
    {channels: [chat, phone], share: 50%, session: 2m, contained: 40%, left: 5%, falsely_contained: 20%,
     price: {session: 0.2, contained: 0.5, month: 900}, returns: {share: 50%, after: 5h}}
  idle: {channels: [email], share: 0%, session: 1m, contained: 50%, price: {month: 300}}
assists: {copilot: {pools: [desk], handle_time: 0.95, from: 2026-03-04 10:00, price: {hour: 0.6}}}
vendors: {own: {kind: in_house, paid_hour: 31, premiums: {night: 25%}}}
pools:
  desk: {vendor: own, staffing: [[00:00, 1], [08:00, 4], [20:00, 1]]}
  late: {vendor: own, staffing: [[00:00, 0], [08:00, 1], [20:00, 0]], from: 2026-03-04}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("bots") / "run"
    return api.run(script(TEXT), replications=2, visits=True, workers=1, out=place)


@pytest.fixture(scope="module")
def star(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    place = tmp_path_factory.mktemp("bots_star") / "star.duckdb"
    export(run, duckdb=place)
    with duckdb.connect(str(place), read_only=True) as connection:
        yield Asked(connection)


@pytest.mark.parametrize("view", ["kpi_total", "kpi_agents_total", "kpi_by_channel", "kpi_by_pool", "kpi_by_vendor"])
def test_every_kpi_of_a_view_is_the_estimate(star: Asked, run: Run, view: str) -> None:
    compared = list(told(star, run, view))
    assert len(compared) >= 10
    assert not [one for one in compared if not close(*one[2:])]


@pytest.mark.parametrize("fact", ["fact_pool_interval", "fact_pool_day", "fact_pool_total"])
def test_bots_are_paid_at_every_grain(star: Asked, run: Run, fact: str) -> None:
    """Each bot in its row; all costs together are those of the run."""
    found = dict(
        star.rows(f"SELECT pool_name, sum(paid_cost_mean) FROM {fact} JOIN dim_pool USING (pool_key) GROUP BY 1")
    )
    assert set(found) == {"desk", "late", "helper", "idle", "copilot"}
    for name, cost in found.items():
        assert cost == pytest.approx(run.estimate("cost_per_day", "pool", name)["estimate"] * 3, rel=1e-9)
    assert sum(found.values()) == pytest.approx(run.estimate("cost_per_day")["estimate"] * 3, rel=1e-9)
    assert star.one(f"SELECT sum(bot_cost_mean) FROM {fact}") == pytest.approx(
        found["helper"] + found["idle"] + found["copilot"], rel=1e-9
    )
    assert star.one(f"SELECT sum(paid_cost_mean) FROM {fact} WHERE pool_key = 1") > 0


def test_a_pool_costs_nothing_before_it_begins(star: Asked) -> None:
    days = star.rows(
        "SELECT day_date::VARCHAR, sum(paid_h_mean) > 0 FROM fact_pool_day JOIN dim_pool USING (pool_key) "
        "JOIN dim_day USING (day_key) WHERE pool_name = 'late' GROUP BY ALL ORDER BY ALL"
    )
    assert days == [("2026-03-03", False), ("2026-03-04", True), ("2026-03-05", True)]


def test_prices_of_bots_are_told(star: Asked) -> None:
    found = star.rows(
        "SELECT pool_name, price_line, price_value FROM dim_price JOIN dim_pool USING (pool_key) "
        "WHERE tier_names = 'bot' ORDER BY price_key"
    )
    assert [(name, line, round(value, 9)) for name, line, value in found] == [
        ("helper", "session of a bot", 0.2),
        ("helper", "contained session of a bot", 0.5),
        ("helper", "month of a bot", 900.0),
        ("idle", "month of a bot", 300.0),
        ("copilot", "agent hour of an assist", 0.6),
    ]


def test_sessions_are_no_visits_to_a_queue(star: Asked) -> None:
    """A careless mean over visits is one of queues: sessions have no wait, are not offered, and are marked."""
    sessions, waits, offered = star.rows(
        "SELECT sum(horizon_weight), count(waited_s), sum(is_offered) FROM fact_visit_by_replication "
        "WHERE is_session = 1"
    )[0]
    assert (waits, offered) == (0, 0)
    assert sessions == pytest.approx(star.one("SELECT sum(sessions_mean) FROM fact_queue_total"), rel=1e-12)
    for column in ("offered", "answered", "callbacks_offered", "callbacks"):
        flag = {"callbacks_offered": "is_callback_offered", "callbacks": "is_callback"}.get(column, f"is_{column}")
        weighed = star.one(f"SELECT sum(horizon_weight * {flag}) FROM fact_visit_by_replication")
        assert weighed == pytest.approx(star.one(f"SELECT sum({column}_mean) FROM fact_queue_total"), rel=1e-9), column
    spent = star.one("SELECT sum(session_s) / count(session_s) FROM fact_visit_by_replication")
    assert spent == pytest.approx(star.one("SELECT session_time_s FROM kpi_total"), rel=1e-9)


def test_ratings_of_visits_are_those_of_the_sums(star: Asked) -> None:
    rated, score = star.rows(
        "SELECT sum(horizon_weight) FILTER (rating_points IS NOT NULL), sum(horizon_weight * rating_points) "
        "FROM fact_visit_by_replication"
    )[0]
    expected = star.rows("SELECT sum(rated_mean), sum(score_mean) FROM fact_queue_total")[0]
    assert (rated, score) == pytest.approx(expected, rel=1e-9)
    moved = star.rows("SELECT sum(expected_satisfied_mean), sum(satisfied_mean) FROM fact_rating_total")[0]
    assert moved[0] == pytest.approx(moved[1], rel=0.05)


def test_cases_that_a_bot_solved_are_cases(star: Asked, run: Run) -> None:
    """Their number, what is resolved in a day, and what is left for agents are those of the run."""
    cases, solved, day = star.rows(
        "SELECT count(*), sum(is_by_bot), avg(is_resolved_24h) FROM fact_case_by_replication"
    )[0]
    assert cases == run.tables["replications"]["cases"].sum()
    assert solved > 100
    assert day == pytest.approx(run.estimate("resolved_in_time")["estimate"], abs=0.001)
    left = star.one("SELECT sum(cases_mean) FROM resolution_by_first_channel")
    assert left == pytest.approx((cases - solved) / run.replications, rel=1e-12)
    contacts = star.one("SELECT sum(horizon_weight * contacts) / sum(horizon_weight) FROM fact_case_by_replication")
    assert contacts == pytest.approx(run.estimate("contacts_per_case")["estimate"], rel=1e-9)


def test_bots_have_names_in_the_dimensions(star: Asked) -> None:
    for table in ("dim_queue", "dim_flow"):
        found = set(star.rows(f"SELECT DISTINCT channel_name, bot_name FROM {table}"))
        assert found == {("phone", "helper"), ("chat", "helper"), ("email", "idle")}
