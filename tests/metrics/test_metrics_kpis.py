import numpy as np
import pytest

from ccsim.kpis.definitions import KPIS, POOL_SCOPES, QUEUE_SCOPES, kpis_of, scopes_of
from ccsim.kpis.kpi import POOL_SCOPES_OF_COST
from ccsim.kpis.rules import RULES
from ccsim.metrics import parts
from ccsim.metrics.estimates import estimate
from ccsim.metrics.sums import MADE, MEANINGS, Sums
from ccsim.metrics.surges import sums_of_surges
from ccsim.metrics.terms import terms_of
from ccsim.results.tables import columns_of
from ccsim.units import DAY
from tests.support.stand_in.desk import (
    INTERVAL,
    INTERVALS,
    MEASURED,
    POOLS,
    QUEUES,
    desk_model,
    fake_run,
    queue_row,
    run_of_rows,
)
from tests.support.stand_in.engine import empty_tables, rows_of

FIXTURE = queue_row(
    offered=1060,
    answered=1000,
    abandoned=60,
    answered_within_20s=860,
    abandoned_within_20s=20,
    short_abandoned=10,
)


@pytest.mark.parametrize(
    ("rule", "percent"),
    [
        ("abandons count against", 81.1),
        ("short abandons removed", 81.9),
        ("short abandons credited", 82.1),
        ("abandons within T ignored", 82.7),
        ("removed from queue in T", 83.0),
        ("answered only", 86.0),
    ],
)
def test_service_level_by_every_named_rule(rule, percent):
    run = run_of_rows(FIXTURE)
    named = run.estimate(f"service_level_{RULES[rule].slug}", threshold_s=20)
    assert round(named["estimate"] * 100, 1) == percent
    assert named["method"] == f"{rule}; jackknife"
    from dataclasses import replace

    chosen = run_of_rows(FIXTURE, measured=replace(MEASURED, rule=rule)).estimate("service_level", threshold_s=20)
    assert {k: chosen[k] for k in chosen if k != "kpi"} == {k: named[k] for k in named if k != "kpi"}


@pytest.mark.parametrize("room", [1, 2_000, 10**9])
def test_estimates_that_are_made_together_are_those_made_one_by_one(monkeypatch, room):
    """However many fit, and though scopes, parts and notes differ."""
    run = fake_run(6)
    monkeypatch.setattr("ccsim.metrics.estimates.ROOM", room)
    together = estimate(run.tables, MEASURED)
    assert set(together["kpi"]) == {name for name, kpi in KPIS.items() if not kpi.of_surges}  # it has none
    assert together["note"].nunique() > 2
    for (name, scope), rows in together.groupby(["kpi", "scope"], sort=False):
        alone = estimate(run.tables, MEASURED, kpis=[name], scopes=[scope])
        assert alone.equals(rows.reset_index(drop=True)), (name, scope)


def test_the_rules_are_those_of_the_scenario():
    from typing import get_args

    from ccsim.language.goals import ServiceLevel

    assert set(get_args(ServiceLevel.model_fields["rule"].annotation)) == set(RULES)


OF_SURGES = set(sums_of_surges(Sums(fake_run(1).tables, MEASURED)))


def test_every_formula_names_columns_that_exist():
    for kpi in KPIS.values():
        if kpi.of_surges:
            assert {term.column for term in terms_of(f"{kpi.numerator} + {kpi.denominator}")} <= OF_SURGES
            continue
        formulas = [(kpi.table, kpi.numerator), (kpi.table, kpi.denominator)]
        if kpi.allocated:
            formulas += [("queue_sums", kpi.allocated), ("queue_sums", kpi.denominator)]
        for table, formula in formulas:
            names = {c.name for c in columns_of(table, (20_000_000,))} | {"length", "full_time", "instants"}
            names |= {column for home, column in MADE if home == table}
            for term in terms_of(formula, 20_000_000):
                assert term.column in names, (kpi.name, term)


def test_every_made_column_is_explained():
    assert {column for _, column in MADE} - {"open_due"} | OF_SURGES <= set(MEANINGS)


def test_a_formula_is_read_with_its_signs():
    terms = terms_of("answered_within_T + a - b", 500_000)
    assert [(t.sign, t.column) for t in terms] == [(1, "answered_within_0.5s"), (1, "a"), (-1, "b")]


WAITS = queue_row(
    offered=10, answered=6, abandoned=2, moved_on=1, open_waiting=1, open_in_hand=1, waited=7, blocked=3,
    closed=2, arrived=15, wait_answered_us=60_000_000, wait_abandoned_us=8_000_000, wait_other_us=13_000_000,
    talk_us=500_000_000, wrap_up_us=50_000_000, resolved=2, escalated=1, unresolved=1, transferred=1, returning=2,
    by_peers=3, held_back=4, wait_held_back_us=100_000_000, warm=2, warm_wait_us=50_000_000, hand_over_us=60_000_000,
    cases_given_up=2, requeued=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kpi", "value"),
    [
        ("mean_wait", 81 / 9),
        ("asa", 60 / 6),
        ("abandonment", 2 / 9),
        ("moved_on", 1 / 9),
        ("waited", 7 / 10),
        ("blocked", 3 / 15),
        ("closed", 2 / 15),
        ("aht", 550 / 5),
        ("mean_talk", 500 / 5),
        ("mean_wrap_up", 50 / 5),
        ("resolved", 2 / 5),
        ("escalation_rate", 1 / 5),
        ("transfer_rate", 1 / 5),
        ("warm_transfer_rate", 2 / 5),
        ("warm_wait", 50 / 2),
        ("warm_time", 110 / 550),
        ("by_peers", 3 / 15),
        ("held_back", 4 / 10),
        ("held_back_wait", 100 / 4),
        ("return_rate", 2 / 13),
        ("arrived_per_day", 15 * 6),
        ("offered_per_day", 10 * 6),
        ("given_up_per_day", 2 * 6),
        ("requeued", 1 / 10),
    ],
)
def test_kpis_of_queues_by_hand(kpi, value):
    row = run_of_rows(WAITS).estimate(kpi)
    assert row["estimate"] == pytest.approx(value, rel=1e-12)
    assert row["low"] is None
    left_out = kpi in ("mean_wait", "abandonment", "moved_on", "requeued", "return_rate")
    assert row["note"] == ("1 visits still waiting when the run ended are left out" if left_out else "")


HOUR = 3_600_000_000
DESK = {
    "pool": 0, "planned_us": 5 * HOUR, "signed_in_us": 4 * HOUR, "in_hand_us": 3 * HOUR, "held_us": 6 * HOUR,
    "paid_us": 5 * HOUR, "rated_us": 6 * HOUR, "break_us": HOUR, "absent_us": HOUR, "overtime_us": HOUR // 2,
    "answered": 30,
}  # fmt: skip
EXPERTS = {
    "pool": 1, "planned_us": 4 * HOUR, "signed_in_us": 4 * HOUR, "in_hand_us": HOUR, "held_us": HOUR,
    "paid_us": 4 * HOUR, "rated_us": 4 * HOUR, "answered": 10,
}  # fmt: skip


def test_kpis_of_pools_and_whole_replications_by_hand():
    run = run_of_rows(
        np.concatenate(
            [
                queue_row(
                    queue=0,
                    arrived=100,
                    repeated=20,
                    offered=40,
                    answered=40,
                    resolved=35,
                    escalated=5,
                    waiting_us=2 * HOUR,
                ),
                queue_row(queue=1, waiting_us=6 * HOUR),
            ]
        ),
        pool_sums=[rows_of("pool_sums", DESK, EXPERTS)],
        routes=[
            rows_of(
                "routes",
                {"pool": 0, "answered": 30, "served": 30, "held_us": HOUR, "resolved": 28, "escalated": 2},
                {"pool": 1, "answered": 10, "served": 10, "held_us": HOUR, "resolved": 7, "escalated": 3},
            )
        ],
        replications=[np.array([[100, 80, 0, 0, 0, 0]])],
    )
    for kpi, everything, desk in [
        ("occupancy", 4 / 8, 3 / 4),
        ("utilisation", 4 / 9, 3 / 5),
        ("in_hand", 7 / 8, 6 / 4),
        ("shrinkage", 1 / 9, 1 / 5),
        ("absence", 1 / 9, 1 / 5),
        ("overtime", 0.5 / 8, 0.5 / 4),
        ("attendance", 7.5 / 9, 3.5 / 5),
        ("agents", 8 / 4, 4 / 4),
        ("answered_per_day", 240, 180),
        ("cost_per_day", (6 * 20 + 4 * 50) * 6, 6 * 20 * 6),
        ("cost_per_contact", (6 * 20 + 4 * 50) / 40, 120 / 30),
        ("cost_per_resolution", 320 / 35, 120 / 28),
    ]:
        assert run.estimate(kpi)["estimate"] == pytest.approx(everything), kpi
        assert run.estimate(kpi, "pool", "desk")["estimate"] == pytest.approx(desk), kpi
        for scope, name in [("site", "manila"), ("vendor", "northwind"), ("owner", "bpo")]:
            assert run.estimate(kpi, scope, name)["estimate"] == pytest.approx(desk), kpi
        if not KPIS[kpi].allocated:
            assert run.estimate(kpi, "region", "APAC")["estimate"] == pytest.approx(desk), kpi
    for kpi, everything, desk in [("resolved", 35 / 40, 28 / 30), ("escalation_rate", 5 / 40, 2 / 30)]:
        assert run.estimate(kpi)["estimate"] == pytest.approx(everything)
        assert run.estimate(kpi, "vendor", "northwind")["estimate"] == pytest.approx(desk)
    assert run.estimate("cost_per_contact")["unit"] == "USD/contact"
    assert run.estimate("repeat_rate")["estimate"] == pytest.approx(0.2)
    assert run.estimate("repeat_rate", "channel", "phone")["estimate"] == pytest.approx(0.2)
    assert run.estimate("queue_length")["estimate"] == pytest.approx(2.0)
    assert run.estimate("queue_length", "channel", "phone")["estimate"] == pytest.approx(2.0)
    assert run.estimate("queue_length", "channel", "email")["estimate"] == 0.0


def test_what_was_planned_is_exact():
    run = fake_run(3)
    plan = run.tables["workforce_plan"]
    for kpi, value in [
        ("agents_required", plan["required_us"].sum() / (INTERVALS * INTERVAL)),
        ("agents_scheduled", plan["scheduled_us"].sum() / (INTERVALS * INTERVAL)),
        ("understaffing", (plan["required_us"] - plan["scheduled_us"]).clip(0).sum() / plan["required_us"].sum()),
    ]:
        row = run.estimate(kpi)
        assert row["estimate"] == row["low"] == row["high"] == pytest.approx(value), kpi
        assert row["standard_error"] == 0
        assert row["method"].startswith("exact")
    assert 0 < run.estimate("understaffing", "pool", "desk")["estimate"] < run.estimate("understaffing")["estimate"]
    unplanned = estimate(dict(run.tables) | {"workforce_plan": plan[:0]}, run.measured, kpis=["agents_required"])
    assert unplanned["estimate"].isna().all()
    assert set(unplanned["note"]) == {"nothing was planned"}


def test_deadlines_count_deferred_work_on_channels_that_have_one():
    rows = np.concatenate(
        [
            queue_row(queue=0, offered=50, answered=50, in_deadline=0),
            queue_row(queue=2, offered=10, answered=7, in_deadline=6, open_waiting=2, cleared=1),
        ]
    )
    row = run_of_rows(rows).estimate("deadline_met")
    assert row["estimate"] == pytest.approx(6 / 8)
    assert row["note"] == "2 visits still waiting when the run ended are left out"
    from dataclasses import replace

    none = run_of_rows(rows, measured=replace(MEASURED, deadlines={})).estimate("deadline_met")
    assert (none["estimate"], none["note"]) == (None, "no value: due is 0")


def test_the_backlog_is_a_mean_over_midnights():
    from dataclasses import replace

    days = replace(MEASURED, start="2026-03-02T00:00:00", time_zone="America/New_York", length=2 * DAY)
    waiting = np.array([(0, 2, 0, 6), (1, 2, 1, 3), (1, 2, 2, 1), (1, 2, 3, 2), (2, 2, 5, 3)])
    empty = empty_tables()["queue_sums"]
    run = run_of_rows(empty, empty, backlog=[waiting, waiting[:0]], measured=days)
    assert days.midnights == (0, DAY, 2 * DAY)
    assert run.estimate("backlog")["estimate"] == pytest.approx(15 / 3 / 2)
    assert run.estimate("backlog_over_24h")["estimate"] == pytest.approx(5 / 3 / 2)
    assert run.estimate("backlog", "channel", "email")["estimate"] == pytest.approx(15 / 3 / 2)
    assert run.estimate("backlog", "channel", "phone")["estimate"] == 0


def test_midnights_are_those_of_the_local_clock():
    from dataclasses import replace

    spring = replace(MEASURED, start="2026-03-28T09:00:00", time_zone="Europe/Berlin", warm_up=3 * HOUR, length=2 * DAY)
    assert spring.midnights == (12 * HOUR, 35 * HOUR)
    assert spring.backlog_instants == 2


def test_without_a_price_there_is_no_cost():
    from dataclasses import replace

    row = fake_run(3, measured=replace(MEASURED, paid_hour={"desk": 0.0})).estimate("cost_per_contact")
    assert (row["estimate"], row["low"], row["note"]) == (None, None, "no pool has a paid_hour")


def test_scopes_add_up_to_everything():
    run = fake_run(3)
    for kpi, scopes in (("asa", QUEUE_SCOPES), ("cost_per_day", (*QUEUE_SCOPES[1:], *POOL_SCOPES_OF_COST))):
        whole = run.estimate(kpi)
        for scope in scopes:
            rows = estimate(run.tables, run.measured, kpis=[kpi], scopes=[scope])
            assert rows["numerator"].sum() == pytest.approx(whole["numerator"]), scope
            if kpi == "asa":
                assert rows["denominator"].sum() == whole["denominator"], scope
    assert run.estimate("asa", "kind", "deferred")["estimate"] == run.estimate("asa", "queue", "mails/t1")["estimate"]
    assert run.estimate("asa", "tier", "t2")["estimate"] == run.estimate("asa", "queue", "calls/t2")["estimate"]
    assert run.estimate("asa", "cause", "bug")["estimate"] == run.estimate("asa", "region", "NA")["estimate"]
    assert scopes_of(KPIS["occupancy"]) == POOL_SCOPES


def test_splits_that_say_nothing_are_left_out():
    model = desk_model()
    model.names["queues"] = [
        (*row[:5], row[5], "all", "all", *row[8:9], "any", "all", "none", *row[12:]) for row in QUEUES
    ]
    model.names["pools"] = [(*row[:3], "none", "none", "none", "any", 5) for row in POOLS]
    run = fake_run(2, model=model)
    assert set(run.estimates["scope"]) == {
        *("all", "kind", "workflow", "channel", "tier", "queue", "pool", "pool+channel")
    }
    assert run.estimate("wait_p90", "queue", "mails/t1")["estimate"] is not None


def test_queues_are_left_out_where_they_are_many(monkeypatch):
    monkeypatch.setattr(parts, "MOST_QUEUES", 2)
    run = fake_run(2)
    assert {"flow", "channel"} <= set(run.estimates["scope"])
    assert "queue" not in set(run.estimates["scope"])
    asked = estimate(run.tables, run.measured, kpis=["asa"], scopes=["queue"])
    assert asked["name"].tolist() == ["calls/t1", "calls/t2", "mails/t1"]


def test_a_ratio_of_nothing_is_missing_and_says_why():
    run = run_of_rows(queue_row(queue=0, offered=0), queue_row(queue=0, offered=0))
    rows = run.estimates[run.estimates["denominator"].fillna(0) == 0]
    assert len(rows) > 100
    assert rows["estimate"].isna().all()
    assert rows["low"].isna().all()
    assert (rows["note"] != "").all()
    assert "answered is 0" in run.estimate("asa")["note"]
    assert "nobody was answered" in run.estimate("wait_p50")["note"]


def test_a_choice_of_kpis_and_scopes():
    run = fake_run(2)
    some = estimate(run.tables, run.measured, kpis=["asa", "occupancy"], scopes=["all", "pool"])
    assert list(zip(some["kpi"], some["name"], strict=True)) == [
        ("asa", "all"),
        ("occupancy", "all"),
        ("occupancy", "desk"),
        ("occupancy", "experts"),
    ]
    with pytest.raises(KeyError):
        estimate(run.tables, run.measured, kpis=["no_such"])


def test_kpis_of_a_rule_keep_their_order():
    assert list(kpis_of("answered only")) == list(KPIS)
    assert kpis_of("answered only")["service_level"].denominator == "answered"


def test_nothing_in_the_estimates_is_nan_or_infinite():
    for run in (fake_run(1), fake_run(4), run_of_rows(queue_row(), queue_row(offered=1))):
        numbers = run.estimates.select_dtypes("Float64")
        assert not np.isinf(numbers.fillna(0).to_numpy(dtype=float)).any()
        for label in numbers:
            raw = run.estimates[label].array
            assert not np.isnan(np.asarray(raw._data)[~np.asarray(raw._mask)]).any()
