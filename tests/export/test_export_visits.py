"""Visits and cases of the star: told anew from the run's visits, row by row, and held against the sums."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ccsim.records.outcomes import OUTCOMES
from ccsim.results.run import Run
from tests.export.asked import Asked

HANDLED = ("resolved", "escalated", "unresolved", "transferred")
DAY_US = 86_400_000_000
BEGIN = datetime(2026, 10, 22, tzinfo=UTC)


def cases_of(run: Run) -> list[dict[str, Any]]:
    """Every case that began in the counted time, from its visits."""
    queues = run.tables["queues"].to_dict("records")
    cases = defaultdict(list)
    for row in run.tables["visits"].to_dict("records"):
        cases[row["replication"], queues[row["case_queue"]]["stream"], row["date"], row["number"]].append(row)
    made = []
    for (replication, stream, date, number), visits in sorted(cases.items()):
        visits.sort(key=lambda one: (one["contact"], one["visit"]))
        first, last = visits[0], visits[-1]
        if not first["counted"] or first["contact"]:
            continue
        solved = [one["ended_us"] for one in visits if OUTCOMES[one["outcome"]] == "resolved"]
        made.append(
            {
                "case": (replication, stream, date, number),
                "channel": queues[first["queue"]]["channel"],
                "contacts": last["contact"] + 1,
                "visits": len(visits),
                "outcome": OUTCOMES[last["outcome"]],
                "fcr": bool(solved) and last["contact"] == 0,
                "day": bool(solved) and min(solved) - first["joined_us"] <= DAY_US,
                "hours": (min(solved) - first["joined_us"]) / 3.6e9 if solved else None,
                "peers": OUTCOMES[first["outcome"]] == "by_peers",
                "opened": BEGIN + timedelta(microseconds=first["joined_us"]),
            }
        )
    return made


def test_cases_one_by_one(star: Asked, globe: Run) -> None:
    expected = cases_of(globe)
    found = star.rows(
        "SELECT c.contacts, c.visits, o.outcome_name, c.is_first_contact_resolved, c.is_resolved_24h, c.resolution_h, "
        "c.is_by_peers, c.opened_utc, q.channel_name, c.is_resolved FROM fact_case_by_replication c "
        "JOIN dim_outcome o USING (outcome_key) JOIN dim_queue q USING (queue_key) "
        "ORDER BY c.replication_number, q.stream_name, c.opened_utc"
    )
    by_time = sorted(expected, key=lambda one: (one["case"][0], one["case"][1], one["opened"]))
    assert len(found) == len(by_time) > 2_000
    for row, case in zip(found, by_time, strict=True):
        assert row[:5] == (case["contacts"], case["visits"], case["outcome"], case["fcr"], case["day"])
        assert row[5] == (None if case["hours"] is None else pytest.approx(case["hours"]))
        assert row[6:] == (
            case["peers"],
            case["opened"].replace(tzinfo=None),
            case["channel"],
            case["hours"] is not None,
        )
    assert any(case["contacts"] > 1 for case in expected)
    assert any(case["peers"] for case in expected)


def test_cases_are_those_that_the_run_counts(star: Asked, globe: Run) -> None:
    assert star.one("SELECT count(*) FROM fact_case_by_replication") == globe.tables["replications"]["cases"].sum()
    weighed = star.one("SELECT sum(horizon_weight) FROM fact_case_by_replication")
    assert weighed == pytest.approx(star.one("SELECT cases_mean FROM fact_scenario_total"), rel=1e-9)


def test_resolution_by_the_channel_of_the_first_contact(star: Asked, globe: Run) -> None:
    cases = [case for case in cases_of(globe) if not case["peers"]]
    found = star.rows(
        "SELECT channel_name, cases_mean, first_contact_resolution_share, resolved_24h_share "
        "FROM resolution_by_first_channel"
    )
    assert {row[0] for row in found} == {"phone", "chat", "forum"}
    for channel, number, first, within in found:
        mine = [case for case in cases if case["channel"] == channel]
        assert number == pytest.approx(len(mine) / globe.replications)
        assert first == pytest.approx(sum(case["fcr"] for case in mine) / len(mine))
        assert within == pytest.approx(sum(case["day"] for case in mine) / len(mine))
        assert first < within


def test_visits_weigh_what_the_sums_count(star: Asked) -> None:
    found = star.rows(
        "SELECT q.queue_key, sum(v.horizon_weight), sum(v.horizon_weight * v.is_offered), "
        "sum(v.horizon_weight * v.is_answered), sum(v.horizon_weight * v.is_delayed), "
        "sum(v.horizon_weight * v.comes_back), sum(v.horizon_weight * v.answered_within_0_5s), "
        "sum(v.horizon_weight * v.answered_within_20s), coalesce(sum(v.horizon_weight * v.talk_s), 0), "
        "coalesce(sum(v.horizon_weight * v.wrap_up_s), 0) "
        "FROM fact_visit_by_replication v JOIN dim_queue q USING (queue_key) GROUP BY 1 ORDER BY 1"
    )
    expected = star.rows(
        "SELECT queue_key, offered_mean + blocked_mean + closed_mean + by_peers_mean, offered_mean, answered_mean, "
        "waited_mean, comes_back_mean, answered_within_0_5s_mean, answered_within_20s_mean, talk_s_mean, "
        "wrap_up_s_mean FROM fact_queue_total WHERE offered_mean + blocked_mean + closed_mean + by_peers_mean > 0 "
        "ORDER BY 1"
    )
    assert len(found) == len(expected)
    for row, sums in zip(found, expected, strict=True):
        assert row == pytest.approx(sums, rel=1e-9, abs=1e-9)


def test_the_scorecard_holds_against_the_routes(star: Asked) -> None:
    found = star.rows("SELECT vendor_name, channel_name, answered_mean FROM scorecard_by_vendor_channel")
    assert found == [
        (vendor, channel, pytest.approx(answered))
        for vendor, channel, answered in star.rows(
            "SELECT vendor_name, channel_name, answered_mean FROM handled_by_vendor_channel"
        )
    ]
    assert len({row[0] for row in found}) == 2


def test_the_scorecard_adds_up_to_the_kpis_by_channel(star: Asked) -> None:
    for channel, share, aht in star.rows(
        "SELECT channel_name, service_level_answered_only_20s_share, aht_s FROM kpi_by_channel"
    ):
        found = star.rows(
            "SELECT sum(answered_mean * answered_within_20s_share) / sum(answered_mean), "
            f"sum(handled_mean * aht_s) / sum(handled_mean) FROM scorecard_by_vendor_channel "
            f"WHERE channel_name = '{channel}'"
        )[0]
        assert found == pytest.approx((share, aht), rel=1e-9)


def test_abandonment_by_hour_adds_up_to_the_kpi_by_market(star: Asked, globe: Run) -> None:
    for market in ("us", "de"):
        offered, abandoned = star.rows(
            "SELECT sum(offered_mean), sum(abandoned_mean) FROM abandonment_by_market_hour "
            f"WHERE market_name = '{market}'"
        )[0]
        live = star.rows(
            "SELECT sum(offered_mean), sum(abandoned_mean) FROM fact_queue_total JOIN dim_queue USING (queue_key) "
            f"WHERE market_name = '{market}' AND work_kind = 'live'"
        )[0]
        assert (offered, abandoned) == pytest.approx(live, rel=1e-9)
        assert abandoned > 0


def test_local_times_of_visits_are_those_of_the_market(star: Asked) -> None:
    zones = {"us": ZoneInfo("America/New_York"), "de": ZoneInfo("Europe/Berlin")}
    rows = star.rows(
        "SELECT DISTINCT market_name, joined_utc, joined_local, local_day_key, calendar_key "
        "FROM fact_visit_by_replication JOIN dim_queue USING (queue_key)"
    )
    distances = set()
    for market, utc, local, day, calendar in rows:
        there = utc.replace(tzinfo=UTC).astimezone(zones[market]).replace(tzinfo=None)
        assert (there, int(f"{there:%Y%m%d}")) == (local, day)
        assert calendar == (utc - datetime(2026, 10, 23, 12)) // timedelta(minutes=30)
        distances.add((market, local - utc))
    assert {hours for market, hours in distances if market == "de"} == {timedelta(hours=1), timedelta(hours=2)}


def test_a_visit_leads_to_its_case(star: Asked) -> None:
    wrong = star.one(
        "SELECT count(*) FROM (SELECT c.case_key, c.visits, count(v.case_key) AS found "
        "FROM fact_case_by_replication c LEFT JOIN fact_visit_by_replication v USING (case_key) "
        "GROUP BY ALL HAVING found > c.visits OR found = 0)"
    )
    assert wrong == 0
    assert star.one("SELECT count(*) - count(DISTINCT case_key) FROM fact_case_by_replication") == 0
    assert star.one("SELECT count(*) FROM fact_visit_by_replication WHERE case_key IS NULL") > 0  # begun before


def test_scorecards_by_week_and_month_are_the_one_by_channel_cut_another_way(star: Asked) -> None:
    def totals(view: str) -> list[tuple[object, ...]]:
        return star.rows(
            "SELECT vendor_name, sum(answered_mean), sum(handled_mean), "
            "sum(answered_mean * answered_within_20s_share), "
            f"sum(handled_mean * resolved_share), sum(answered_mean * asa_s) FROM {view} GROUP BY 1 ORDER BY 1"
        )

    whole = totals("scorecard_by_vendor_channel")
    for view, column in (("scorecard_by_vendor_week", "week_start"), ("scorecard_by_vendor_month", "month_start")):
        assert [row[0] for row in totals(view)] == [row[0] for row in whole]
        for found, expected in zip(totals(view), whole, strict=True):
            assert found[1:] == pytest.approx(expected[1:], rel=1e-9)
        joined = star.rows(
            f"SELECT DISTINCT date_trunc('{column.removesuffix('_start')}', joined_local)::DATE "
            "FROM fact_visit_by_replication WHERE is_answered = 1 ORDER BY 1"
        )
        assert star.rows(f"SELECT DISTINCT {column} FROM {view} ORDER BY 1") == joined
