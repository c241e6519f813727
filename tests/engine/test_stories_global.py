"""Stories of a global centre: vendors, regions, languages, residency, transfers, peers, queue groups by market."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records import outcomes
from ccsim.records.tables import QUEUE_SUMS
from tests.engine.two_regions import FAR, MARKETS, NEAR, world
from tests.support.stories import VISIT, script, tell


def test_only_the_markets_region_is_open_until_the_ring_any_region() -> None:
    body = world(f"{NEAR}, {FAR}", "overflow: [{after: 20s, to: any_region}]")
    story = tell(body, calls="time talk | 0 300 | 10 300 | 15 5")
    assert story.lives("left pool waited") == [(0, "near", 0), (30, "far", 1), (300, "near", 1)]


def test_all_regions_are_open_at_once_where_the_own_region_has_nobody_with_the_skill() -> None:
    body = world(FAR, "overflow: [{after: 20s, to: any_region}]")
    story = tell(body, calls="time talk | 0 5")
    assert story.lives("left pool") == [(0, "far")]


def test_without_a_step_a_region_is_a_preference_only() -> None:
    body = world(f"{FAR}, {NEAR}", "prefer: same_region")
    story = tell(body, calls="time talk | 0 60 | 1 30 | 70 1")
    assert story.lives("left pool") == [(0, "near"), (1, "far"), (70, "near")]


@pytest.mark.parametrize(
    ("prefer", "first"),
    [("cheapest", "xfar"), ("in_house_first", "near"), ("[in_house_first, cheapest]", "near"), ("proficiency", "xfar")],
)
def test_preferences_rank_the_pools(prefer: str, first: str) -> None:
    near = "near: {site: austin, vendor: own, staffing: 1, languages: {en: 80%}}"
    far = "xfar: {site: berlin, vendor: helper, staffing: 1, languages: {en: 100%}}"
    demand = "{calls: {market: us, language: en, trace: calls.csv}}"
    story = tell(world(f"{near}, {far}", f"prefer: {prefer}", demand), calls="time talk | 0 60")
    assert story.lives("pool") == [(first,)]


def test_a_visit_waits_for_its_vendor_until_the_ring_any_vendor() -> None:
    shares = "vendor_share: {calls: {own: 100%}}"
    body = world(f"{NEAR}, {FAR}", f"{shares}, overflow: [{{after: 40s, to: any_vendor}}]")
    story = tell(body, calls="time talk | 0 300 | 10 5 | 20 5")
    assert story.lives("left pool") == [(0, "near"), (50, "far"), (60, "far")]
    assert story.tables["assigned"].tolist() == [[0, 1, 3, 1]]  # three to the vendor `own`, who answers one
    without = tell(world(NEAR, shares), calls="time talk | 0 300 | 10 5")
    assert without.lives("left pool") == [(0, "near"), (300, "near")]


def test_each_ring_opens_after_the_one_before_it() -> None:
    same = "own_far: {site: berlin, vendor: own, staffing: 1}"
    steps = "overflow: [{after: 20s, to: any_region}, {after: 40s, to: any_vendor}]"
    body = world(f"{NEAR}, {same}, {FAR}", f"vendor_share: {{calls: {{own: 100%}}}}, {steps}")
    story = tell(body, calls="time talk | 0 300 | 1 300 | 2 5")
    assert story.lives("left pool") == [(0, "near"), (21, "own_far"), (42, "far")]


def test_another_language_opens_with_its_ring_and_takes_longer() -> None:
    step = "overflow: [{after: 30s, to: {language: en, translated: {handle_time: 1.25, price: 0.4}}}]"
    pools = (
        "english: {site: austin, staffing: 1, languages: {en: 80%}}, "
        "german: {site: berlin, staffing: 1, languages: [de]}"
    )
    body = world(pools, step, "{calls: {market: de, language: de, trace: calls.csv}}", "handle_time: 100s")
    story = tell(body, calls="time | 0 | 1")
    # translated: 100 s x 1.25 / 80 %
    assert story.lives("left ended pool") == [(0, 100, "german"), (31, 31 + 156.25, "english")]


def test_proficiency_divides_the_handle_time() -> None:
    pools = "desk: {site: austin, staffing: 1, languages: {en: 80%}}"
    demand = "{calls: {market: us, language: en, trace: calls.csv}}"
    story = tell(world(pools, demand=demand, more="handle_time: 100s"), calls="time | 0")
    assert story.lives("ended") == [(125,)]


def test_a_pool_has_its_pace_in_each_language_and_workflow() -> None:
    pools = "desk: {staffing: 4, languages: {en: 80%, de: 50%}, skills: {calls: {handle_time: 2}, mail: {}}}"
    demand = (
        "{a: {workflow: calls, market: us, language: en, trace: t.csv}, b: {workflow: calls, market: de, language: de, "
        "trace: t.csv}, c: {workflow: mail, market: us, language: en, trace: t.csv}}"
    )
    story = tell(world(pools, demand=demand, more="handle_time: 100s"), t="time | 0")
    assert story.lives("queue ended") == [("a/t1", 250), ("b/t1", 400), ("c/t1", 125)]


def test_each_workflow_has_steps_of_its_own() -> None:
    body = (
        "workflows:\n"
        "  a: {pools: [one], overflow: [{after: 10s, pools: [spare]}]}\n"
        "  b: {pools: [two], overflow: [{after: 25s, pools: [spare]}]}\n"
        "demand: {a: {trace: t.csv}, b: {trace: t.csv}}\n"
        "pools: {one: {staffing: 1}, two: {staffing: 1}, spare: {staffing: 2}}\n"
    )
    story = tell(body, t="time talk | 0 600 | 1 600")
    assert story.lives("queue left pool") == [
        ("a/t1", 0, "one"),
        ("a/t1", 11, "spare"),
        ("b/t1", 0, "two"),
        ("b/t1", 26, "spare"),
    ]


def test_residency_holds_a_contact_back_and_says_so() -> None:
    at_home = MARKETS.replace("languages: {en: 100%}}", "languages: {en: 100%}, residency: [NA]}")
    body = world(f"{NEAR}, {FAR}, de_only: {{site: berlin, staffing: 1, workflows: [mail]}}").replace(MARKETS, at_home)
    body = body.replace("demand: {calls", "demand: {mail: {market: de, trace: mail.csv}, calls")
    story = tell(body, calls="time talk | 0 300 | 10 5", mail="time talk | 0 1")
    assert story.lives("left pool waited", "calls") == [(0, "near", 0), (300, "near", 1)]
    held, wait = _sums(story.tables["queue_sums"], "held_back", "wait_held_back_us")
    assert (held, wait) == (1, 290_000_000)


def test_certification_is_needed_at_its_tier_only() -> None:
    flow = "workflows: {calls: {tiers: {t1: {escalated: 100%}, t2: {certification: payments}}}}"
    pools = "plain: {tier: [t1, t2], staffing: 1}, sworn: {tier: [t1, t2], staffing: 1, certifications: [payments]}"
    story = tell(
        f"{flow}\nhandle_time: 10s\ndemand: {{calls: {{trace: calls.csv}}}}\npools: {{{pools}}}\n",
        calls="time talk | 0 10 | 0 10",
    )
    assert [pool for _, pool in story.lives("joined pool", "calls/t2")] == ["sworn", "sworn"]


def _sums(table: np.ndarray, *columns: str) -> tuple[int, ...]:
    names = [column.name for column in QUEUE_SUMS[1:]]
    return tuple(int(table[:, names.index(column)].sum()) for column in columns)


def test_a_transfer_joins_the_first_tier_of_another_workflow() -> None:
    body = (
        "workflows: {calls: {tiers: {t1: {transfers: {billing: 100%}}}}, billing: {tiers: {t1: {}}}}\n"
        "handle_time: 50s\ndemand: {calls: {trace: calls.csv}}\n"
        "pools: {desk: {workflows: [calls], staffing: 1}, money: {workflows: [billing], staffing: 1}}\n"
    )
    story = tell(body, calls="time talk | 0 10 | 5 10")
    assert story.lives("queue joined left ended pool outcome visit") == [
        ("calls/t1", 0, 0, 10, "desk", "transferred", 0),
        ("calls/t1", 5, 10, 20, "desk", "transferred", 0),
        ("calls/billing/t1", 10, 10, 60, "money", "resolved", 1),
        ("calls/billing/t1", 20, 60, 110, "money", "resolved", 1),
    ]


def test_two_workflows_may_send_contacts_to_and_fro() -> None:
    body = (
        "workflows:\n"
        "  a: {tiers: {t1: {transfers: {b: 30%}, escalated: 20%}, t2: {transfers: {b: 10%}}}}\n"
        "  b: {tiers: {t1: {transfers: {a: 30%}}}}\n"
        "handle_time: {law: exponential, mean: 60s}\ndemand: {a: {per_minute: 3}, b: {per_minute: 3}}\n"
        "pools: {desk: {tier: [t1, t2], staffing: 30}}\n"
    )
    tables = simulate(compile_model(script(body)), seed=1, replication=0, check=True).tables
    resolved, transferred, escalated, answered = _sums(
        tables["queue_sums"], "resolved", "transferred", "escalated", "answered"
    )
    contacts = tables["replications"][0, 0]
    assert resolved == contacts
    assert answered == resolved + transferred + escalated
    # visits: a1 = A + .3 b1, b1 = B + .3 a1 + .1 a2, a2 = .2 a1, with A = B: a1 = 1.3 / .904 x A
    a1 = 1.3 / (1 - 0.3 * 0.32)
    b1 = 1 + 0.32 * a1
    expected = (0.3 * a1 + 0.02 * a1 + 0.3 * b1) / 2
    assert transferred / contacts == pytest.approx(expected, abs=4 * (expected / contacts) ** 0.5)


def test_transfers_go_to_each_workflow_by_its_share() -> None:
    body = (
        "workflows:\n"
        "  calls: {tiers: {t1: {transfers: {media: 30%, billing: 10%, risk: 20%}, escalated: 15%}, t2: {}}}\n"
        "  back: {tiers: {t1: {transfers: {risk: 25%}}}}\n"
        "  billing: {tiers: {t1: {}}}\n  media: {tiers: {t1: {}}}\n  risk: {tiers: {t1: {}}}\n"
        "handle_time: 1s\ndemand: {calls: {per_minute: 3}, back: {per_minute: 1}}\n"
        "pools: {desk: {tier: [t1, t2], staffing: 9}}\n"
    )
    model = compile_model(script(body))
    rows = simulate(model, seed=1, replication=0, check=True).tables["queue_sums"]
    columns = [column.name for column in QUEUE_SUMS[1:]]
    offered = {model.names["queues"][row[0]][1]: int(row[columns.index("offered")]) for row in rows}
    shares = {"billing/t1": 0.1, "media/t1": 0.3, "risk/t1": 0.2, "t2": 0.15}
    assert set(offered) == {f"calls/{at}" for at in ("t1", *shares)} | {"back/t1", "back/risk/t1"}
    for at, share in shares.items():
        n = offered["calls/t1"]
        assert offered[f"calls/{at}"] / n == pytest.approx(share, abs=4 * (share * (1 - share) / n) ** 0.5), at
    n = offered["back/t1"]
    assert offered["back/risk/t1"] / n == pytest.approx(0.25, abs=4 * (0.1875 / n) ** 0.5)


def test_a_pool_that_the_workflow_does_not_name_holds_nobody_back() -> None:
    at_home = MARKETS.replace("languages: {en: 100%}}", "languages: {en: 100%}, residency: [NA]}")
    flow = "workflows: {calls: {pools: [near]}, mail: {pools: [far]}}"
    body = world(f"{NEAR}, {FAR}", demand="{calls: {market: us, trace: c.csv}, mail: {market: de, trace: m.csv}}")
    story = tell(body.replace(MARKETS, at_home) + flow + "\n", c="time talk | 0 300 | 10 5", m="time talk | 0 1")
    assert _sums(story.tables["queue_sums"], "held_back", "waited") == (0, 1)


def test_who_is_away_as_planned_does_not_stay_after_a_long_contact() -> None:
    """A contact that lasts into a day off for a holiday: the agent goes home after it."""
    body = (
        "horizon: {start: 2026-12-24, length: 3d, drain: 1d, interval: 1h}\n"
        "sites: {here: {region: one, time_zone: UTC, hours: 24x7, holidays: DE}}\n"
        "shift_patterns: {day: {paid: 8h, starts: [08:00], work_days: 7}}\n"
        "channels: {mail: {kind: deferred}}\ndemand: {calls: {channel: mail, trace: calls.csv}}\n"
        "pools: {desk: {site: here, headcount: 1, shifts: [day]}}\n"
    )
    # On the 24th he begins at 15:50 and has done at 08:10 on the 25th, a holiday; the next day is one too.
    story = tell(body, calls="time talk | 57000 58800 | 90000 60")
    absent, overtime = story.total("absent", "desk"), story.total("overtime", "desk")
    assert (absent, overtime) == (2 * 480, 16 * 60 + 10)
    assert story.total("signed_in", "desk") == 480 + overtime


def test_peers_answer_a_share_and_agents_the_rest() -> None:
    body = (
        "channels: {community: {kind: deferred, peers: 60%}}\nhandle_time: 1s\n"
        "demand: {posts: {channel: community, per_minute: 10}}\npools: {desk: {staffing: 5}}\n"
    )
    tables = simulate(compile_model(script(body)), seed=1, replication=0, check=True).tables
    arrived, peers, offered = _sums(tables["queue_sums"], "arrived", "by_peers", "offered")
    assert arrived == peers + offered
    assert peers / arrived == pytest.approx(0.6, abs=4 * (0.24 / arrived) ** 0.5)


def test_peers_may_answer_a_contact_that_comes_back() -> None:
    body = (
        "channels: {community: {kind: deferred, peers: 50%}}\nhandle_time: 1s\n"
        "workflows: {posts: {returns: {after_resolved: {share: 100%, after: 60s, attempts: 1}}}}\n"
        "demand: {posts: {channel: community, per_minute: 1}}\npools: {desk: {staffing: 5}}\n"
    )
    rows = simulate(compile_model(script(body)), seed=1, replication=0, visits=True).tables["visits"]
    back = rows[rows[:, 3] == 1]
    share = np.mean(back[:, VISIT["outcome"]] == outcomes.BY_PEERS)
    assert share == pytest.approx(0.5, abs=4 * (0.25 / len(back)) ** 0.5)


def test_a_pool_of_another_language_holds_nobody_back() -> None:
    at_home = MARKETS.replace("languages: {en: 100%}}", "languages: {en: 100%}, residency: [NA]}")
    german = "german: {site: berlin, staffing: 1, languages: [de]}"
    demand = "{calls: {market: us, language: en, trace: c.csv}, mail: {market: de, language: de, trace: m.csv}}"
    body = world(f"{NEAR}, {german}", demand=demand).replace(MARKETS, at_home)
    story = tell(body, c="time talk | 0 300 | 10 5", m="time talk | 0 1")
    assert _sums(story.tables["queue_sums"], "held_back", "waited") == (0, 1)


SHARED = (
    "vendors: {own: {kind: in_house}, north: {}, east: {}}\nhandle_time: {law: exponential, mean: 30s}\n"
    "demand: {calls: {per_minute: 20}}\n"
    "pools: {a: {vendor: own, staffing: 90}, b: {vendor: north, staffing: 90}%s}\n"
    "routing: {vendor_share: {calls: {%s}}}\n"
)


THIRD = ", c: {vendor: east, staffing: 90}"


def _vendors(shares: str, third: str = "") -> dict[tuple[int, int], int]:
    tables = simulate(
        compile_model(script(SHARED % (third, shares))), seed=1, replication=0, visits=True, check=True
    ).tables
    assigned = {int(row[1]): (int(row[2]), int(row[3])) for row in tables["assigned"]}
    visits = tables["visits"][tables["visits"][:, 5] == 1]
    by_pool = dict(zip(*np.unique(visits[:, 10], return_counts=True), strict=True))
    assert sum(given for given, _ in assigned.values()) == len(visits)
    assert all(given == handled for given, handled in assigned.values())
    assert sorted(by_pool.values()) == sorted(given for given, _ in assigned.values())
    return {(int(row[1]), int(row[2])): int(row[10]) for row in visits}


def test_vendor_shares_are_met_and_a_share_that_grows_moves_only_what_it_gains() -> None:
    before = _vendors("own: 70%, north: 30%")
    after = _vendors("own: 85%, north: 15%")
    n = len(before)
    assert sum(pool == 0 for pool in before.values()) / n == pytest.approx(0.70, abs=4 * (0.21 / n) ** 0.5)
    moved = {(before[case], after[case]) for case in before if before[case] != after[case]}
    assert moved == {(1, 0)}
    gained = sum(before[case] != after[case] for case in before) / n
    assert gained == pytest.approx(0.15, abs=4 * (0.1275 / n) ** 0.5)
    third = _vendors("own: 70%, north: 15%, east: 15%", THIRD)
    assert all(third[case] != 1 for case in before if before[case] != third[case])


def test_queue_groups_by_the_markets_clock() -> None:
    body = world(
        "desk: {staffing: 5}",
        demand="{here: {market: us, trace: calls.csv}, there: {market: de, trace: calls.csv}}",
        more="queue_groups: {door: {hours: 09:00-17:00, clock: market}}",
    )
    # 10:00 UTC is 05:00 in New York and 11:00 in Berlin; 16:30 UTC is 11:30 and 17:30.
    story = tell(body, calls="time talk | 36000 5 | 59400 5")
    assert story.lives("outcome", "here") == [("closed",), ("resolved",)]
    assert story.lives("outcome", "there") == [("resolved",), ("closed",)]


def test_the_backlog_is_counted_at_midnight_by_age() -> None:
    body = (
        "horizon: {start: 2026-01-05, length: 2d, drain: 1d, interval: 1h}\n"
        "channels: {email: {kind: deferred, deadline: 8h}}\n"
        "demand: {mail: {channel: email, trace: mail.csv}}\n"
        "pools: {desk: {staffing: [[00:00, 0], [12:00, 1], [13:00, 0]]}}\n"
    )
    # One a day is taken, at noon. At the first midnight two wait, 13 h and 1 h old, at the second one of 25 h.
    story = tell(body, mail="time talk | 39600 3601 | 39601 3601 | 82800 3601")
    assert story.tables["backlog"].tolist() == [[1, 0, 0, 1], [1, 0, 2, 1], [2, 0, 3, 1]]
    in_deadline, answered = _sums(story.tables["queue_sums"], "in_deadline", "answered")
    assert (in_deadline, answered) == (1, 3)


def test_a_deadline_and_a_band_of_age_are_met_to_the_second() -> None:
    body = (
        "horizon: {start: 2026-01-05, length: 2d, drain: 1d, interval: 1h}\n"
        "channels: {email: {kind: deferred, deadline: 8h}}\n"
        "demand: {mail: {channel: email, trace: mail.csv}}\n"
        "pools: {desk: {staffing: [[00:00, 0], [12:00, 1], [13:00, 0]]}}\n"
    )
    # One waits from 04:00 to noon, exactly 8 h; the other is exactly 4 h old at midnight.
    story = tell(body, mail="time talk | 14400 60 | 72000 60")
    assert story.tables["backlog"].tolist() == [[1, 0, 1, 1]]
    assert _sums(story.tables["queue_sums"], "in_deadline", "answered") == (1, 2)


def test_agents_who_are_absent_are_paid_and_not_there() -> None:
    body = (
        "handle_time: 10s\ndemand: {calls: {trace: calls.csv}}\n"
        "pools: {desk: {shifts: [{agents: 400, start: 08:00, length: 8h}]}}\n"
    )
    model = compile_model(script(body, calls="time | 30000"))
    plan = model.plan.copy()
    comes = plan[:, layout.PLAN_WHAT] == layout.SIGN_IN
    plan[comes, layout.PLAN_PAID] = 8 * 3_600_000_000
    pools = model.rules.pools._replace(absence=np.array([[0.0, 0.25]]))
    names = model.names | {"shrinkage_causes": [(0, "break"), (1, "absence")]}
    model = replace(model, plan=plan, rules=model.rules._replace(pools=pools), names=names)
    tables = simulate(model, seed=3, replication=0, check=True).tables
    signed, paid, absent = (tables["pool_sums"][0, i] / 3.6e9 for i in (2, 5, 8))
    assert paid == 3200
    assert absent + signed == paid
    assert absent / paid == pytest.approx(0.25, abs=4 * (0.1875 / 400) ** 0.5)
    assert tables["shrinkage"].tolist() == [[0, 1, int(absent * 3.6e9)]]
    again = simulate(model, seed=3, replication=1).tables["pool_sums"][0, 8]
    assert again != absent * 3.6e9
