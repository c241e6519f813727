"""Bots against theory, against the reference engine, and against the same centre without a bot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import QUEUE_SUMS
from ccsim.theory import erlang_b
from tests.support.engines import compare
from tests.support.stories import VISIT, script, tell

COLUMN = {column.name: i - 1 for i, column in enumerate(QUEUE_SUMS)}


def _sums(text: str, replications: int, *names: str) -> np.ndarray:
    """[replications, names] Sums over all queues."""
    model = compile_model(script(text))
    rows = [simulate(model, seed=5, replication=r).tables["queue_sums"].sum(axis=0) for r in range(replications)]
    return np.array([[row[COLUMN[name]] for name in names] for row in rows], np.float64)


def _near(values: np.ndarray, expected: float) -> None:
    """Within four standard errors of the mean over replications."""
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert abs(values.mean() - expected) < 4 * error, (values.mean(), expected, error)


# Stories

ONE = """\
handle_time: 1m
demand: {calls: {trace: calls.csv}}
pools: {desk: {staffing: 1}}
bots: {robot: {channels: [phone], session: {value: 20s}, %s}}
"""
TOLD = "contact visit joined left ended outcome waited"


def test_a_session_comes_before_the_visit_with_an_agent_who_knows_what_was_said() -> None:
    # drawn handle times: the one after a hand-off with context takes half as long
    story = tell(ONE % "contained: 0%, context: 100%, context_handle_time: 50%", calls="time | 0 | 10")
    assert story.lives(TOLD) == [
        (0, -1, 0, 0, 20, "handed_off", 0),
        (0, 0, 20, 20, 50, "resolved", 0),
        (0, -1, 10, 10, 30, "handed_off", 0),
        (0, 0, 30, 50, 80, "resolved", 1),
    ]


def test_who_finds_all_sessions_taken_goes_straight_to_agents_or_is_turned_away() -> None:
    calls = "time talk | 0 60 | 10 60"
    story = tell(ONE % "contained: 0%, sessions: 1", calls=calls)
    assert story.lives(TOLD) == [
        (0, -1, 0, 0, 20, "handed_off", 0),
        (0, 0, 20, 70, 130, "resolved", 1),
        (0, 0, 10, 10, 70, "resolved", 0),
    ]
    story = tell(ONE % "contained: 0%, sessions: 1, if_full: turn_away", calls=calls)
    assert story.lives(TOLD)[-1] == (0, -1, 10, 10, 10, "blocked", 0)
    # a session that ends at the very instant makes room before the arrival
    story = tell(ONE % "contained: 0%, sessions: 1, if_full: turn_away", calls="time talk | 0 60 | 20 60")
    assert [row[-2] for row in story.lives(TOLD)] == ["handed_off", "resolved", "handed_off", "resolved"]


def test_a_falsely_contained_customer_comes_back_and_meets_the_bot_again() -> None:
    body = ONE % "contained: 99%, falsely_contained: 100%, returns: {share: 100%, after: 1h, attempts: 2}"
    story = tell(body, seed=3, calls="time talk | 0 60")
    assert story.lives(TOLD) == [
        (0, -1, 0, 0, 20, "falsely_contained", 0),
        (1, -1, 3620, 3620, 3640, "falsely_contained", 0),
        (2, -1, 7240, 7240, 7260, "falsely_contained", 0),
    ]


def test_sessions_that_last_when_the_run_ends_are_open() -> None:
    body = "horizon: {start: 2026-01-05, length: 1h, drain: 0s, interval: 15m}\n" + ONE % "contained: 0%"
    story = tell(body, calls="time talk | 3590 60")
    assert story.lives(TOLD) == [(0, -1, 3590, 3590, 3600, "open_in_session", 0)]
    names = ("arrived", "sessions", "open_in_session", "cases_open")
    assert [story.tables["queue_sums"][0, COLUMN[name]] for name in names] == [1, 1, 1, 1]


def test_contacts_meet_it_from_a_date_on_and_more_and_more() -> None:
    text = """
horizon: {start: 2026-03-02, length: 4d, drain: 1d, interval: 1h}
handle_time: 1s
demand: {calls: {per_day: 4000, profile: flat}}
pools: {desk: {staffing: 50}}
bots: {robot: {channels: [phone], session: 1s, contained: 0%, share: 80%, from: 2026-03-03, ramp: 2d}}
"""
    tables = simulate(compile_model(script(text)), seed=1, replication=0, visits=True).tables
    visits = tables["visits"]
    first = visits[(visits[:, 4] == -1) | (visits[:, 4] == 0)]
    day = first[:, 6] // 86_400_000_000
    for number, share in ((0, 0.0), (1, 0.2), (2, 0.6), (3, 0.8)):
        sessions = int((first[day == number, 4] == -1).sum())
        contacts = int((first[day == number, 4] == 0).sum())  # each is handed off, or has met no bot
        assert abs(sessions / contacts - share) < 4 * math.sqrt(max(share * (1 - share), 0) / contacts) + 1e-12


FIRST_AGENT_THEN_BOT = """
horizon: {start: 2026-03-02, length: 1d, drain: 20d, interval: 1h}
handle_time: 1m
channels: {phone: {}, chat: {}}
workflows:
  care:
    tiers: {t1: {resolved: 50%, escalated: 20%}, t2: {resolved: 60%}}
    returns: {after_unresolved: {share: 80%, after: 2h, channels: {chat: 100%}, attempts: 3}}
demand: {care: {per_day: 400, profile: flat, channels: {phone: 100%, chat: 0%}}}
pools: {desk: {staffing: 20}, high: {tier: t2, staffing: 10}}
bots: {robot: {channels: [chat], session: 1m, contained: 60%, falsely_contained: 20%}}
"""


def test_a_case_that_a_bot_resolves_after_an_agent_is_not_resolved_by_the_first_tier() -> None:
    made = api.run(script(FIRST_AGENT_THEN_BOT), replications=1, seed=1, visits=True)
    compare(compile_model(script(FIRST_AGENT_THEN_BOT)), seed=1)
    visits = made.tables["visits"].sort_values(["contact", "visit"])
    cases = visits.groupby(["case_queue", "date", "number"], sort=False)
    last = cases.last()[cases["counted"].first() == 1]
    queues = made.tables["queues"].set_index("queue")
    first = (last["outcome"] == OUTCOMES.index("resolved")) & (last["queue"].map(queues["tier"]) == "t1")
    assert (last["outcome"] == OUTCOMES.index("contained")).sum() > 40
    row = made.estimate("flr")
    assert (row["numerator"], row["denominator"]) == (first.sum(), len(last))  # an agent had answered each of them
    sums = made.tables["queue_sums"].sum(numeric_only=True)
    assert sums["cases_without_agent"] == 0
    assert made.estimate("case_resolution")["numerator"] == (
        last["outcome"].isin([OUTCOMES.index(name) for name in ("resolved", "contained")]).sum()
    )


# Theory

FLOWS = """
horizon: {start: 2026-03-02, warm_up: 10d, length: 20d, drain: 1d, interval: 1h}
handle_time: 2m
demand: {chats: {channel: chat, per_day: 2400, profile: flat}}
pools: {desk: {staffing: 200}}
bots:
  robot:
    channels: [chat]
    session: {law: exponential, mean: 95s}
    contained: 40%
    left: 8%
    falsely_contained: 22%
    returns: {share: 90%, after: {law: exponential, mean: 20h}}
    context: 80%
    price: {session: 0.12, contained: 0.99, returned_within: 7d, month: 100}
"""


def test_flows_of_a_bot_whose_false_containments_come_back() -> None:
    """Contacts a day x solve x = 2400 + 0.4 x 0.22 x 0.9 x; who comes back within T does so with 1 - exp(-T / 20 h)."""
    names = ("sessions", "contained", "falsely_contained", "handed_off", "left_bot", "with_context", "session_us")
    names += ("in_session_us", "false_followed_24h", "false_followed_7d", "free_of_charge", "offered", "repeated")
    found = dict(zip(names, _sums(FLOWS, 8, *names).T / 20, strict=True))
    x = 2400 / (1 - 0.4 * 0.22 * 0.9)
    back = 0.4 * 0.22 * x * 0.9
    _near(found["sessions"], x)
    _near(found["contained"], 0.4 * 0.78 * x)
    _near(found["falsely_contained"], 0.4 * 0.22 * x)
    _near(found["left_bot"], 0.08 * x)
    _near(found["handed_off"], 0.52 * x)
    _near(found["with_context"], 0.52 * 0.8 * x)
    _near(found["repeated"], back)
    _near(found["session_us"] / 1e6, 95 * x)
    _near(found["in_session_us"] / 86_400e6, 95 * x / 86_400)
    _near(found["false_followed_24h"], back * (1 - math.exp(-24 / 20)))
    _near(found["false_followed_7d"], back * (1 - math.exp(-168 / 20)))
    assert (found["false_followed_7d"] == found["free_of_charge"]).all()
    assert (found["handed_off"] == found["offered"]).all()


def test_the_falsely_contained_come_back_by_another_channel() -> None:
    """3 of 10 by chat, where they meet the bot again, 7 by phone: two linear equations."""
    text = FLOWS.replace("channel: chat, per_day: 2400", "channels: {chat: 100%, phone: 0%}, per_day: 2400").replace(
        "mean: 20h}}", "mean: 20h}, channels: {chat: 30%, phone: 70%}}"
    )
    model = compile_model(script(text))
    names = [row[1] for row in model.names["queues"]]
    tables = [simulate(model, seed=3, replication=r).tables["queue_sums"] for r in range(8)]

    def a_day(queue: str, name: str) -> np.ndarray:
        rows = [table[table[:, 0] == names.index(queue)][0] for table in tables]
        return np.array([row[COLUMN[name]] for row in rows]) / 20

    back = 0.4 * 0.22 * 0.9
    x = 2400 / (1 - 0.3 * back)
    _near(a_day("chats.chat/t1", "sessions"), x)
    _near(a_day("chats.phone/t1", "arrived"), 0.7 * back * x)
    assert (a_day("chats.phone/t1", "sessions") == 0).all()
    assert (a_day("chats.phone/t1", "arrived") == a_day("chats.phone/t1", "repeated")).all()
    # cases stand where they opened
    _near(a_day("chats.chat/t1", "cases_given_up"), (0.08 + 0.4 * 0.22 * 0.1) * x)
    assert (a_day("chats.phone/t1", "cases_given_up") == 0).all()


@pytest.mark.parametrize("law", ["exponential", "constant"])
@pytest.mark.parametrize("full", ["agents", "turn_away"])
def test_a_limit_of_sessions_is_an_erlang_loss_system(full: str, law: str) -> None:
    """24 a minute for 95 s each on 40 sessions: the share that finds all taken is Erlang B, whatever the law."""
    session = "{law: exponential, mean: 95s}" if law == "exponential" else "{value: 95s}"
    text = f"""
horizon: {{start: 2026-03-02, warm_up: 1h, length: 1d, drain: 1h, interval: 1h}}
handle_time: 1s
demand: {{chats: {{channel: chat, per_minute: 24}}}}
pools: {{desk: {{staffing: 50}}}}
bots: {{robot: {{channels: [chat], session: {session}, contained: 35%, left: 5%, sessions: 40, if_full: {full}}}}}
"""
    found = _sums(text, 10, "sessions", "sessions_full", "blocked", "in_session_us", "handed_off", "offered")
    sessions, taken, blocked, area, handed_off, offered = found.T
    lost = erlang_b(24, 95 / 60, 40).p_block
    _near(taken / (sessions + taken), lost)
    _near(area / 86_400e6, 38 * (1 - lost))
    assert (blocked == (taken if full == "turn_away" else 0)).all()
    assert (offered == handed_off + (0 if full == "turn_away" else taken)).all()


# Without the bot

BUSY = """
horizon: {start: 2026-03-02, warm_up: 2h, length: 1d, drain: 2d, interval: 30m}
handle_time: {talk: {law: exponential, mean: 4m}, wrap_up: {law: exponential, mean: 30s}}
patience: {mean: 3m, zero: 5%}
workflows: {help: {tiers: {t1: {escalated: 20%, resolved: 60%}, t2: {}},
                   returns: {after_abandon: {share: 50%, after: 20m}, after_unresolved: {share: 50%, after: 2h}}}}
demand: {calls: {workflow: help, per_hour: 60}}
pools: {desk: {staffing: 4}, second: {tier: t2, staffing: 2}}
"""
BOT = "bots: {robot: {channels: [phone], session: %s, contained: 0%%, context: 100%%, context_handle_time: 100%%}}\n"


def test_a_bot_that_contains_nobody_and_takes_no_time_changes_no_visit() -> None:
    with_bot, without = (
        simulate(compile_model(script(BUSY + bot)), seed=9, replication=0, visits=True).tables["visits"]
        for bot in (BOT % "{value: 0s}", "")
    )
    assert np.array_equal(with_bot[with_bot[:, 4] >= 0], without)
    assert (with_bot[:, 4] == -1).sum() == (without[:, 4] == 0).sum()


def test_a_bot_that_nobody_meets_changes_nothing() -> None:
    never = BOT.replace("contained", "share: 0%%, contained") % "{value: 1m}"
    made = [simulate(compile_model(script(BUSY + bot)), seed=9, replication=0).tables for bot in (never, "")]
    for name in made[0]:
        assert np.array_equal(made[0][name], made[1][name]), name


def test_more_containment_takes_contacts_from_agents_and_leaves_the_others_alone() -> None:
    ends = []
    for contained in ("20%", "40%"):
        text = BUSY.replace("staffing: 4", "staffing: 400") + (BOT % "{value: 1m}").replace(
            "contained: 0%", f"contained: {contained}"
        )
        visits = simulate(compile_model(script(text)), seed=4, replication=0, visits=True).tables["visits"]
        first = visits[(visits[:, 3] == 0) & (visits[:, 4] == -1) & (visits[:, 5] == 1)]
        ends.append({tuple(row[1:3]): OUTCOMES[row[VISIT["outcome"]]] for row in first.tolist()})
    fewer, more = ends
    assert fewer.keys() == more.keys()
    changes = {(fewer[case], more[case]) for case in fewer}
    assert changes == {("contained", "contained"), ("handed_off", "handed_off"), ("handed_off", "contained")}


# Both engines


@pytest.mark.parametrize("full", ["agents", "turn_away"])
@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_simulate_the_same_sessions(full: str, seed: int) -> None:
    bot = (
        "bots: {robot: {channels: [phone], share: 90%, session: {law: exponential, mean: 2m}, contained: 40%, "
        "left: 10%, falsely_contained: 30%, returns: {share: 80%, after: {mean: 1h}, attempts: 2}, context: 50%, "
        f"context_handle_time: 80%, sessions: 2, if_full: {full}, from: 2026-03-02T03:00, ramp: 3h}}}}\n"
    )
    kept = compare(compile_model(script(BUSY + "channels: {phone: {peers: 5%}}\n" + bot)), seed)
    ended = {OUTCOMES[code] for code in kept.log[:, layout.LOG_OUTCOME].tolist() if code < layout.PART_HELD}
    assert ended >= {"contained", "falsely_contained", "left_bot", "handed_off", "by_peers", "abandoned", "resolved"}
    assert ("blocked" in ended) == (full == "turn_away")
