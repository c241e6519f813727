"""Assists: shorter handling and more that is resolved, from a date on, of the same contacts; both engines."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records import outcomes
from ccsim.records.name_tables import QUEUES
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


GLOBAL = """
horizon: {start: 2026-03-02, length: 1d, drain: 1d, interval: 1h}
markets:
  uk: {region: eu, time_zone: Europe/London, languages: {en: 100%}}
  be: {region: eu, time_zone: Europe/Brussels, languages: {fr: 60%, nl: 40%}}
segments: {gold: {}, basic: {}}
sites: {here: {region: eu, time_zone: Europe/London, hours: 24x7}}
vendors: {own: {kind: in_house, paid_hour: 20}}
workflows: {calls: {handle_time: {mean: 3m, cv: 0.5}, fcr: 60%}}
demand: {calls: {per_day: 4000, profile: flat, markets: {uk: 50%, be: 50%}, segments: {gold: 30%, basic: 70%}}}
pools: {desk: {site: here, vendor: own, staffing: 40}}
"""
PARTS = ("market", "language", "segment")


@pytest.mark.parametrize(
    ("scope", "helped"),
    [
        ("segments: gold", {"segment": ["gold"]}),
        ("languages: [nl, en]", {"language": ["nl", "en"]}),
        ("markets: be, segments: basic", {"market": ["be"], "segment": ["basic"]}),
        ("languages: fr, segments: [gold]", {"language": ["fr"], "segment": ["gold"]}),
    ],
)
def test_it_works_for_some_customers_alone(scope: str, helped: dict[str, list[str]]) -> None:
    """The contacts are the same ones: those that are helped take 0.8 of the time and resolve 20 points more."""
    said = f"assists: {{tool: {{{scope}, handle_time: 0.8, resolved: +20%}}}}\n"
    models = [compile_model(script(GLOBAL + more)) for more in ("", said)]
    names = [column.name for column in QUEUES]
    of_queue = [dict(zip(names, row, strict=True)) for row in models[0].names["queues"]]
    mine = np.array([all(row[column] in wanted for column, wanted in helped.items()) for row in of_queue])
    before, after = (
        np.delete(rows[rows[:, VISIT["counted"]] == 1], VISIT["agent"], axis=1)
        for rows in (simulate(model, seed=5, replication=0, visits=True).tables["visits"] for model in models)
    )
    at = {name: place - (place > VISIT["agent"]) for name, place in VISIT.items()}
    inside = mine[before[:, at["queue"]]]
    assert 200 < inside.sum() < len(inside) - 200
    assert np.array_equal(before[~inside], after[~inside])  # nobody waits: 40 agents for a load of 8
    took = [(rows[:, at["ended_us"]] - rows[:, at["left_us"]])[inside] for rows in (before, after)]
    assert np.abs(took[1] - 0.8 * took[0]).max() <= 1.0
    share = (after[inside, at["outcome"]] == outcomes.RESOLVED).mean()
    assert abs(share - 0.8) < 4 * np.sqrt(0.16 / inside.sum())


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_help_the_same_customers(seed: int) -> None:
    said = (
        "assists:\n  a: {segments: gold, handle_time: 0.6, resolved: 1.3, from: 2026-03-02 06:00, ramp: 6h}\n"
        "  b: {languages: [nl], handle_time: 0.9, resolved: +10%}\n"
    )
    text = GLOBAL.replace("per_day: 4000", "per_day: 900").replace("staffing: 40", "staffing: 2")
    compare(compile_model(script(text + "patience: {mean: 5m}\n" + said)), seed)


def test_required_agents_are_those_of_a_mean_factor() -> None:
    """Gold is 30 % of the work: what is helped by half is 0.85 of it."""
    text = GLOBAL.replace("per_day: 4000", "per_day: 96000") + "planning: {required: workload, occupancy: 100%}\n"
    both = [
        compile_model(script(text + more)).workforce_plan[:, 2].sum()
        for more in ("", "assists: {tool: {segments: gold, handle_time: 0.5}}\n")
    ]
    assert both[1] / both[0] == pytest.approx(0.85, abs=0.005)  # agents are whole, of 200


def test_the_price_of_what_works_for_a_language_goes_to_it() -> None:
    """Two for one channel, each for a language of its own: neither pays for the other."""
    for section, does in (("assists", "handle_time: 0.9"), ("deflections", "share: 20%")):
        said = (
            f"{section}:\n  dutch: {{languages: nl, {does}, price: {{month: 3650}}}}\n"
            f"  french: {{languages: fr, {does}}}\n  english: {{languages: en, {does}}}\n"
        )
        free = said.replace("price: {month: 3650}", "price: {month: 0}")
        costs = [
            run.estimates[(run.estimates["kpi"] == "cost_per_day") & (run.estimates["scope"] == "language")]
            .set_index("name")["estimate"]
            .astype(float)
            for run in (api.run(script(GLOBAL + one), replications=2, seed=5) for one in (free, said))
        ]
        more = (costs[1] - costs[0]).to_dict()
        assert more == pytest.approx({"en": 0.0, "fr": 0.0, "nl": 120.0}, abs=1e-6), section
