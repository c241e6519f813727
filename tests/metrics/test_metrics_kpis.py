import numpy as np
import pytest
from fake_play import MEASURED, fake_run, queue_row, run_of_rows

from ccsim.metrics.estimates import estimate
from ccsim.metrics.kpis import KPIS, POOL_SCOPES, QUEUE_SCOPES, kpis_of, scopes_of
from ccsim.metrics.rules import RULES
from ccsim.metrics.sums import terms_of
from ccsim.results.schema import TABLES
from ccsim.results.tables import columns_of

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
    assert named["method"] == f"{rule}; delta"
    from dataclasses import replace

    chosen = run_of_rows(FIXTURE, measured=replace(MEASURED, rule=rule)).estimate("service_level", threshold_s=20)
    assert {k: chosen[k] for k in chosen if k != "kpi"} == {k: named[k] for k in named if k != "kpi"}


def test_the_rules_are_those_of_the_scenario():
    from typing import get_args

    from ccsim.scenario.sections import ServiceLevel

    assert set(get_args(ServiceLevel.model_fields["rule"].annotation)) == set(RULES)


def test_every_formula_names_columns_that_exist():
    special = {"length", "paid_cost"}
    for kpi in KPIS.values():
        for formula in (kpi.numerator, kpi.denominator):
            for term in terms_of(formula, kpi.table, 20_000_000):
                names = {c.name for c in columns_of(term.table, (20_000_000,))}
                assert term.column in names | special, (kpi.name, term)
                assert term.table in TABLES


def test_a_formula_is_read_with_its_signs_and_tables():
    terms = terms_of("answered_within_T + a - pool_intervals.b", "queue_intervals", 500_000)
    assert [(t.sign, t.table, t.column) for t in terms] == [
        (1, "queue_intervals", "answered_within_0.5s"),
        (1, "queue_intervals", "a"),
        (-1, "pool_intervals", "b"),
    ]


WAITS = queue_row(
    offered=10, answered=6, abandoned=2, moved_on=1, open_waiting=1, open_in_hand=1, waited=7, blocked=3,
    closed=2, arrived=15, wait_answered_us=60_000_000, wait_abandoned_us=8_000_000, wait_other_us=13_000_000,
    talk_us=500_000_000, wrap_up_us=50_000_000, resolved=3, escalated=1, unresolved=1, returning=2,
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
        ("resolved", 3 / 5),
        ("escalation_rate", 1 / 5),
        ("return_rate", 2 / 13),
        ("arrived_per_day", 15 * 6),
        ("offered_per_day", 10 * 6),
    ],
)
def test_kpis_of_queues_by_hand(kpi, value):
    row = run_of_rows(WAITS).estimate(kpi)
    assert row["estimate"] == pytest.approx(value, rel=1e-12)
    assert row["low"] is None
    left_out = kpi in ("mean_wait", "abandonment", "moved_on", "return_rate")
    assert row["note"] == ("1 visits still waiting when play ended are left out" if left_out else "")


def test_kpis_of_pools_and_whole_replications_by_hand():
    hour = 3_600_000_000
    pools = np.zeros((2, 10), dtype=np.int64)
    # interval, pool, planned, signed_in, in_hand, held, paid, break, overtime, answered
    pools[0] = (0, 0, 4 * hour, 4 * hour, 3 * hour, 6 * hour, 5 * hour, hour, hour // 2, 30)
    pools[1] = (0, 1, 4 * hour, 4 * hour, hour, hour, 4 * hour, 0, 0, 10)
    run = run_of_rows(
        queue_row(offered=40, answered=40, resolved=35, escalated=5),
        pool_intervals=[pools],
        queue_calendar=[np.array([[0, 0, 2 * hour], [1, 1, 6 * hour]])],
        replications=[np.array([[100, 80, 0, 0, 0, 0]])],
    )
    for kpi, everything, desk in [
        ("occupancy", 4 / 8, 3 / 4),
        ("utilisation", 4 / 9, 3 / 5),
        ("in_hand", 7 / 8, 6 / 4),
        ("shrinkage", 1 / 9, 1 / 5),
        ("overtime", 0.5 / 8, 0.5 / 4),
        ("agents", 8 / 4, 4 / 4),
        ("answered_per_day", 240, 180),
        ("cost_per_contact", (5 * 20 + 4 * 50) / 40, 100 / 30),
    ]:
        assert run.estimate(kpi)["estimate"] == pytest.approx(everything), kpi
        assert run.estimate(kpi, "pool", "desk")["estimate"] == pytest.approx(desk), kpi
    assert run.estimate("cost_per_resolution")["estimate"] == pytest.approx(300 / 35)
    assert run.estimate("cost_per_contact")["unit"] == "USD/contact"
    assert run.estimate("repeat_rate")["estimate"] == pytest.approx(0.2)
    assert run.estimate("queue_length")["estimate"] == pytest.approx(2.0)
    assert run.estimate("queue_length", "channel", "phone")["estimate"] == pytest.approx(2.0)
    assert run.estimate("queue_length", "channel", "email")["estimate"] == 0.0


def test_without_a_price_there_is_no_cost():
    from dataclasses import replace

    row = fake_run(3, measured=replace(MEASURED, paid_hour={"desk": 0.0})).estimate("cost_per_contact")
    assert (row["estimate"], row["low"], row["note"]) == (None, None, "no pool has a paid_hour")


def test_scopes_add_up_to_everything():
    run = fake_run(3)
    for scope in QUEUE_SCOPES:
        rows = run.estimates[(run.estimates["kpi"] == "asa") & (run.estimates["scope"] == scope)]
        assert rows["denominator"].sum() == run.estimate("asa")["denominator"], scope
    assert run.estimate("asa", "kind", "deferred")["estimate"] == run.estimate("asa", "queue", "mails/t1")["estimate"]
    assert run.estimate("asa", "tier", "t2")["estimate"] == run.estimate("asa", "queue", "calls/t2")["estimate"]
    assert scopes_of(KPIS["occupancy"]) == POOL_SCOPES


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
