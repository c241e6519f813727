"""Assists: shorter handling and more that is resolved, from a date on, of the same contacts; both engines."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records import outcomes
from tests.support.engines import compare
from tests.support.stories import VISIT, script, tell

TEXT = """
horizon: {start: 2026-03-02, length: 4d, drain: 1d, interval: 1h}
currency: GBP
workflows:
  calls:
    tiers:
      t1: {handle_time: {talk: {mean: 3m, cv: 0.5}, wrap_up: 30s}, resolved: 60%, escalated: 20%}
      t2: {handle_time: 4m}
  chats: {handle_time: 5m, fcr: 70%}
demand:
  calls: {workflow: calls, channel: phone, per_day: 4000, profile: flat}
  chats: {workflow: chats, channel: chat, per_day: 1000, profile: flat}
vendors: {own: {kind: in_house, paid_hour: 20}, partner: {paid_hour: 12}}
pools:
  house: {vendor: own, staffing: 60}
  second: {vendor: own, tier: t2, staffing: 60}
"""
COPILOT = (
    "assists: {copilot: {workflows: [calls], pools: [house], %s, from: 2026-03-03, ramp: 2d, price: {month: 365}}}\n"
)
DOES = "handle_time: 0.8, resolved: {add: 10%}, escalated: 0.5"
DAY = 86_400_000_000


def _visits(text: str) -> np.ndarray:
    visits = simulate(compile_model(script(text)), seed=3, replication=0, visits=True).tables["visits"]
    return visits[visits[:, VISIT["counted"]] == 1]


def _first(visits: np.ndarray, queue: int = 0) -> np.ndarray:
    return visits[(visits[:, VISIT["queue"]] == queue) & (visits[:, VISIT["visit"]] == 0)]


def test_its_effects_grow_evenly_and_the_same_contacts_take_less() -> None:
    """Nobody waits: each contact is handled at the same instant, in the same hands."""
    without, assisted = (_first(_visits(text)) for text in (TEXT, TEXT + COPILOT % DOES))
    assert np.array_equal(without[:, VISIT["joined_us"]], assisted[:, VISIT["joined_us"]])
    at = assisted[:, VISIT["joined_us"]]
    strength = np.clip((at - DAY) / (2 * DAY), 0.0, 1.0)
    for since, until in (("left_us", "ended_us"), ("ended_us", "wrapped_us")):
        took = [rows[:, VISIT[until]] - rows[:, VISIT[since]] for rows in (without, assisted)]
        assert np.abs(took[1] - took[0] * (1.0 - 0.2 * strength)).max() <= 1.0
    for day, (resolved, escalated) in enumerate(((0.6, 0.2), (0.625, 0.175), (0.675, 0.125), (0.7, 0.1))):
        ends = assisted[at // DAY == day][:, VISIT["outcome"]]
        for code, share in ((outcomes.RESOLVED, resolved), (outcomes.ESCALATED, escalated)):
            assert abs((ends == code).mean() - share) < 4 * np.sqrt(share * (1 - share) / len(ends))
    ends = [rows[:, VISIT["outcome"]] for rows in (without, assisted)]
    assert (ends[1][ends[0] == outcomes.RESOLVED] == outcomes.RESOLVED).all()
    assert (ends[0][ends[1] == outcomes.ESCALATED] == outcomes.ESCALATED).all()


def test_others_are_not_helped() -> None:
    """Chats are another workflow, the second tier another pool."""
    without, assisted = (_visits(text) for text in (TEXT, TEXT + COPILOT % DOES))
    chats = [_first(rows, 2) for rows in (without, assisted)]
    assert len(chats[0]) > 1000
    assert np.array_equal(*(np.delete(rows, VISIT["agent"], axis=1) for rows in chats))
    second = assisted[assisted[:, VISIT["visit"]] == 1]
    assert (second[:, VISIT["ended_us"]] - second[:, VISIT["left_us"]] == 240_000_000).all()


def test_one_without_effect_changes_nothing() -> None:
    tables = [
        simulate(compile_model(script(TEXT + said)), seed=2, replication=0, visits=True).tables
        for said in ("", COPILOT % "handle_time: 1")
    ]
    for name in tables[0]:
        assert np.array_equal(tables[0][name], tables[1][name]), name


def test_the_instant_of_the_answer_decides() -> None:
    """The second call waits over the beginning of the assist."""
    body = (
        "handle_time: 60s\nworkflows: {calls: {tiers: {t1: {resolved: 0%}}}}\n"
        "demand: {calls: {trace: calls.csv, workflow: calls}}\npools: {desk: {staffing: 1}}\n"
        "assists: {tool: {handle_time: 0.5, resolved: {add: 100%}, from: 2026-01-05 00:00:20}}\n"
    )
    story = tell(body, calls="time | 0 | 10")
    assert story.lives("joined left ended outcome") == [(0, 0, 60, "unresolved"), (10, 60, 90, "resolved")]


def test_effects_of_vendor_and_assists_add_up() -> None:
    vendor = TEXT.replace("own: {kind: in_house,", "own: {kind: in_house, quality: {resolved: 0.9},")
    said = "assists: {a: {resolved: {add: 10%}, handle_time: 0.5}, b: {resolved: 1.2, handle_time: 0.5}}\n"
    model = compile_model(script(vendor + said))
    rows = model.rules.quality
    assert rows.since.tolist() == [-layout.FAR]
    assert rows.pace.max() == rows.pace.min() == 0.25
    solved = (rows.resolved_until - rows.resolved_from)[0, 0, 0]
    assert solved == pytest.approx(0.6 * 0.9 * 1.2 + 0.1)


def test_its_price_is_in_the_cost_and_fewer_agents_are_required() -> None:
    runs = [api.run(script(TEXT + said), replications=2, seed=1) for said in ("", COPILOT % DOES)]
    costs = [
        run.estimates[run.estimates["kpi"] == "cost_per_day"].set_index(["scope", "name"])["estimate"] for run in runs
    ]
    assert costs[1]["all", "all"] == pytest.approx(costs[0]["all", "all"] + 12)
    assert costs[1]["pool", "copilot"] == pytest.approx(12)
    assert costs[1]["workflow"].sum() == pytest.approx(costs[1]["all", "all"])
    needed = [run.estimate("agents_required", "pool", "house")["estimate"] for run in runs]
    assert needed[1] < needed[0]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("ramp", ["0s", "1d"])
def test_both_engines_help_alike(seed: int, ramp: str) -> None:
    text = TEXT.replace("per_day: 4000", "per_day: 800").replace("staffing: 60", "staffing: 2")
    more = "  tool: {vendors: [own], channels: [chat], resolved: {add: 20%}, from: 2026-03-04T12:00}\n"
    said = f"assists:\n  copilot: {{{DOES}, from: 2026-03-03, ramp: {ramp}}}\n{more}"
    compare(compile_model(script(text + said)), seed)
