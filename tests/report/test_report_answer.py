"""The answer of a comparison against made-up alternatives of which the truth is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from ccsim.experiments.compare import comparison_of
from ccsim.language.goals import Goal
from ccsim.metrics.paired import simultaneous
from ccsim.report.compare_answer import answer, question
from ccsim.report.compare_page import compare_page
from ccsim.report.compare_tiles import shown_alternative, tiles
from ccsim.report.compare_words import sentence
from ccsim.report.compared import Compared
from ccsim.results.comparison import Alternative, Comparison
from tests.report.page_reader import Outline
from tests.support.stand_in.desk import FLOWS, MEASURED, NAMES, desk_model, run_of_rows
from tests.support.stand_in.engine import rows_of

REPLICATIONS = 16
CONTACTS = 4000
"""Of each queue and replication; the share within 20 s has a standard error of some 0.2 points over all of them."""


def _queue(number: int, segment: str, market: str) -> tuple[Any, ...]:
    name = f"calls.{segment}.{market}"
    return (number, f"{name}/t1", number, name, "calls", "support", market, segment, "phone", "en", "bug", "NA", "t1",
            "none", "live", "none")  # fmt: skip


QUEUES = [_queue(0, "gold", "us"), _queue(1, "basic", "us"), _queue(2, "basic", "uk")]
ROWS = [
    (number, row[1], "calls", "support", row[6], row[7], "phone", "en", "bug", "NA", "t1", "none", "live", "none")
    for number, row in enumerate(QUEUES)
]
assert len(ROWS[0]) == len(FLOWS[0])
HOURS = 3_600_000_000


@dataclass(frozen=True)
class Desk:
    """The truth of an alternative."""

    gold: float = 0.9
    """Share of gold contacts answered within 20 s; then that of the others."""
    basic: float = 0.9
    leaves: float = 0.02
    """Share of all contacts that abandon."""
    cost: float = 1000.0
    """EUR a day."""
    unsure: float = 0.0
    """Spread of the cost of a replication, EUR a day, of its own."""
    uk: bool = False
    """Whether it has the new market, which is served worse."""
    priced: bool = True


def _rows(desk: Desk, number: int, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """The sums of one replication; what moves all alternatives alike is drawn first."""
    shared, own = np.random.default_rng([1, replication]), np.random.default_rng([2, number, replication])
    common = shared.normal(0, 0.01)
    cells = []
    for queue, share in enumerate((desk.gold, desk.basic, 0.5)):
        offered = int(shared.poisson(CONTACTS)) if queue < 2 else CONTACTS if desk.uk else 0
        within = round(offered * min(max(share + common + own.normal(0, 0.002), 0), 1))
        gone = round(offered * max(desk.leaves + common / 20, 0))
        cells.append({"queue": queue, "arrived": offered, "offered": offered, "answered": offered - gone,
                      "abandoned": gone, "answered_within_20s": min(within, offered - gone)})  # fmt: skip
    paid = (desk.cost + desk.unsure * own.normal()) / 6 / 20 * HOURS  # 4 h of a day, 20 EUR an hour
    pool = {"pool": 0, "signed_in_us": round(paid), "paid_us": round(paid), "rated_us": round(paid)}
    return rows_of("queue_sums", *cells), rows_of("pool_sums", pool, {"pool": 1})


def comparison(goals: Sequence[Goal], **desks: Desk) -> Comparison:
    """Alternatives by name, the base first."""
    model = desk_model(NAMES | {"queues": QUEUES, "flows": ROWS})
    prices = {"desk": 20.0, "experts": 50.0} if all(desk.priced for desk in desks.values()) else {}
    measured = replace(MEASURED, paid_hour=prices, currency="EUR", deadlines={})
    runs = {}
    for number, (name, desk) in enumerate(desks.items()):
        queues, pools = zip(*(_rows(desk, number, i) for i in range(REPLICATIONS)), strict=True)
        run = run_of_rows(*queues, goals=tuple(goals), measured=measured, model=model, pool_sums=pools)
        runs[name] = replace(run, name=name)
    sides = [Alternative(name, name, run.digest, ("Pools / x: y",)) for name, run in runs.items()]
    return comparison_of(sides, runs, goals, simultaneous(len(sides) - 1), {})


SERVICE = Goal(kpi="service_level", at_least=0.8)
LEAVING = Goal(kpi="abandonment", at_most=0.05)
BOTH = [SERVICE, LEAVING]
GOLD = Goal(kpi="service_level", at_least=0.8, segment="gold", channel="phone")
BAND = Goal(kpi="service_level", at_least=0.75, at_most=0.85)
GOOD, BAD = Desk(), Desk(gold=0.6, basic=0.6)

CASES: dict[str, tuple[list[Goal], dict[str, Desk], dict[str, str], str, list[str]]] = {
    "all met and cheaper": (
        BOTH, {"now": GOOD, "less": Desk(gold=0.85, basic=0.85, cost=800)}, {"now": "yes", "less": "yes"}, "less",
        ["now and less both meet both goals; less is the cheapest, 200 EUR a day less than now"],
    ),
    "all met and dearer": (
        BOTH, {"now": GOOD, "more": Desk(gold=0.97, basic=0.97, cost=1300)}, {"now": "yes", "more": "yes"}, "now",
        ["now, the base, is the cheapest, 300 EUR a day less than more"],
    ),
    "one missed": (
        BOTH, {"now": GOOD, "less": Desk(leaves=0.08, cost=700)}, {"now": "yes", "less": "no"}, "now",
        ["Only now, the base, meets both goals.", "less misses 1 of 2 goals: abandonment."],
    ),
    "the base misses, the dearer one meets": (
        BOTH, {"now": BAD, "more": replace(GOOD, cost=1250)}, {"now": "no", "more": "yes"}, "more",
        ["Only more meets both goals, for 250 EUR a day more than now", "now, the base, misses 1 of 2 goals"],
    ),
    "the base misses, the cheaper one meets": (
        BOTH, {"now": BAD, "other": replace(GOOD, cost=880)}, {"now": "no", "other": "yes"}, "other",
        ["Only other meets both goals, for 120 EUR a day less than now"],
    ),
    "nobody, the variant nearer": (
        BOTH, {"now": Desk(gold=0.6, basic=0.6, leaves=0.1), "more": Desk(leaves=0.1, cost=1120)},
        {"now": "no", "more": "no"}, "more",
        ["Neither alternative meets both goals. more comes nearest: it misses 1 of 2 goals: abandonment is",
         "it costs 120 EUR a day more"],
    ),
    "nobody, the base nearer": (
        BOTH, {"now": BAD, "less": Desk(gold=0.5, basic=0.5, leaves=0.1, cost=600)}, {"now": "no", "less": "no"}, "now",
        ["Neither alternative meets both goals. now, the base, comes nearest"],
    ),
    "still misses all, though better": (
        BOTH,
        {"now": Desk(gold=0.5, basic=0.5, leaves=0.12), "more": Desk(gold=0.6, basic=0.6, leaves=0.09, cost=1200)},
        {"now": "no", "more": "no"}, "more", ["Neither alternative meets both goals."],
    ),
    "too close to call": (
        [SERVICE], {"now": BAD, "more": Desk(gold=0.802, basic=0.802, cost=1200)}, {"now": "no", "more": "probably"},
        "more", ["Not decided: more (probability ", "probably meets the goal, but service level is too close"],
    ),
    "probably not": (
        [SERVICE], {"now": BAD, "more": Desk(gold=0.797, basic=0.797, cost=1200)},
        {"now": "no", "more": "probably not"}, "more",
        ["Not decided, but probably neither alternative meets the goal. more comes nearest"],
    ),
    "dominated": (
        BOTH, {"now": GOOD, "worse": Desk(gold=0.6, basic=0.6, cost=1400)}, {"now": "yes", "worse": "no"}, "now",
        ["Only now, the base, meets both goals."],
    ),
    "the same cost": (
        BOTH, {"now": GOOD, "other": Desk(gold=0.95)}, {"now": "yes", "other": "yes"}, "now",
        ["now and other cost about the same"],
    ),
    "cost not decided": (
        BOTH, {"now": Desk(unsure=200), "other": Desk(gold=0.95, unsure=200, cost=1020)},
        {"now": "yes", "other": "yes"}, "", ["which of them is the cheapest, ", " is not decided (difference "],
    ),
    "two limits, missed": (
        [GOLD, LEAVING], {"now": GOOD, "less": Desk(gold=0.7, basic=0.99, cost=800)}, {"now": "yes", "less": "no"},
        "now", ["Only now, the base, meets both goals.", "less misses 1 of 2 goals: service level (phone, gold)"]
    ),
    "two limits, met": (
        [GOLD, LEAVING], {"now": Desk(gold=0.7), "gold_first": Desk(gold=0.9, basic=0.6)},
        {"now": "no", "gold_first": "yes"}, "gold_first",
        ["Only gold_first meets both goals, at the same cost as now."],
    ),
    "opposite trade-offs": (
        BOTH, {"now": Desk(gold=0.6, basic=0.6, leaves=0.1), "quick": Desk(leaves=0.1, cost=1100),
               "patient": Desk(gold=0.6, basic=0.6, cost=1050)},
        {"now": "no", "quick": "no", "patient": "no"}, "patient",
        ["No alternative meets both goals. patient comes nearest"],
    ),
    "two of three, the cheaper is chosen": (
        BOTH, {"now": BAD, "big": replace(GOOD, cost=1500), "small": Desk(gold=0.84, basic=0.84, cost=1100)},
        {"now": "no", "big": "yes", "small": "yes"}, "small",
        ["big and small both meet both goals; small is the cheapest, 400 EUR a day less than big"],
    ),
    "cheaper and probable": (
        [SERVICE], {"now": BAD, "big": replace(GOOD, cost=1500), "small": Desk(gold=0.802, basic=0.802, cost=1100)},
        {"now": "no", "big": "yes", "small": "probably"}, "big",
        ["Only big meets the goal, for 500 EUR a day more than now", "small costs 400 EUR a day less",
         "probably meets it, too"],
    ),
    "a band": (
        [BAND], {"now": Desk(gold=0.95, basic=0.95), "less": Desk(gold=0.8, basic=0.8, cost=880)},
        {"now": "no", "less": "yes"}, "less", ["Only less meets the goal, for 120 EUR a day less than now"],
    ),
    "many": (
        BOTH, {"now": GOOD} | {f"v{i}": Desk(cost=990 - 10 * i, leaves=0.02 if i < 4 else 0.08) for i in range(7)},
        {"now": "yes", "v3": "yes", "v4": "no"}, "v3",
        ["5 of 8 alternatives meet both goals; v3 is the cheapest, 40.0 EUR a day less than now",
         "The other 3 do not."],
    ),
    "no prices": (
        BOTH, {"now": Desk(priced=False), "less": Desk(cost=800, priced=False)}, {"now": "yes", "less": "yes"}, "less",
        ["less needs the fewest agents, ", " fewer than now"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_the_truth(case: str) -> None:
    goals, desks, stands, chosen, told = CASES[case]
    made = comparison(goals, **desks)
    compared = Compared(made)
    text = answer(compared)
    assert {name: compared.standings[name]["meets"] for name in stands} == stands
    assert not chosen or (compared.chosen is not None and compared.chosen.name == chosen)
    for part in told:
        assert part in text, text
    assert len(text.split()) <= 60
    assert ".." not in text
    assert ",," not in text


def test_every_kind_of_comparison_has_its_case() -> None:
    assert len(CASES) >= 20


def test_without_goals_nothing_is_called_better() -> None:
    made = comparison([], now=GOOD, more=Desk(gold=0.97, cost=1300))
    text = answer(Compared(made))
    assert text.startswith("No goals are set, so nothing says what is good enough: more costs 300 EUR a day more (±0")
    assert "points higher" in text
    assert question(Compared(made)) == "How does more differ from now?"


def test_the_same_results_are_called_so() -> None:
    made = comparison(BOTH, now=GOOD)
    twin = replace(made.alternatives[0], name="twin")
    sides, runs = [made.alternatives[0], twin], {"now": made.base, "twin": made.base}
    same = comparison_of(sides, runs, BOTH, simultaneous(1), {})
    assert answer(Compared(same)) == "The variant gives the same results as now."


def test_better_than_a_goal_is_no_gain_and_worse_within_it_no_loss() -> None:
    made = comparison(BOTH, now=GOOD, less=Desk(gold=0.85, basic=0.85, cost=800), more=Desk(gold=0.97, cost=1300))
    compared = Compared(made)
    less, more = (sentence(compared, one) for one in made.variants)
    assert less.startswith("Meets both goals; costs 200 EUR a day less")
    assert re.search(r"within its goal, service level within 20 s is (4\.[89]|5\.[012])\d* points lower", less)
    assert "gives up" not in less
    assert more.startswith("Meets both goals; costs 300 EUR a day more")
    assert "now meets" not in more
    assert "higher" not in more


def test_what_is_gained_and_given_up_are_goals() -> None:
    made = comparison(BOTH, now=Desk(leaves=0.1), other=Desk(gold=0.6, basic=0.6, leaves=0.02))
    text = sentence(Compared(made), made.variants[0])
    assert "misses 1 of 2 goals: service level is 6" in text.replace("Misses", "misses")
    assert "; now meets abandonment" in text
    assert "; gives up service level within 20 s, which now meets" in text


def test_the_numbers_are_of_one_alternative() -> None:
    made = comparison(BOTH, now=BAD, saves=Desk(gold=0.5, basic=0.5, cost=500), meets=Desk(cost=1200))
    compared = Compared(made)
    assert shown_alternative(compared).name == "meets"
    shown = {tile.kpi: tile for tile in tiles(compared)}
    page = compare_page(made)
    assert "meets less now" in page
    assert Outline(page).open == []
    assert shown["cost_per_day"].value == "+200"
    assert shown["service_level"].about == "✓ passes its goal"


def test_new_work_is_told_apart_from_the_same_work() -> None:
    made = comparison([SERVICE], now=Desk(), uk=Desk(uk=True, cost=1500))
    row = Compared(made).goal_row(0, made.variants[0])
    assert row is not None
    assert row["same_work"] == pytest.approx(0, abs=0.003)
    assert -0.004 < row["same_work_low"] <= row["same_work_high"] < 0.004
    assert row["same_work"] + row["mix"] == pytest.approx(row["difference"])
    assert row["new_work"] == pytest.approx(0.5, abs=0.02)
    text = sentence(Compared(made), made.variants[0])
    assert "Of the change in service level within 20 s, the same work gives" in text
    assert "the new work: 50 %" in text
    other = text.partition("other work ")[2]
    assert re.match(r"[\d.]+ points less \([\d.]+ to [\d.]+; the new|[\d.]+ points less \(±[\d.]+; the new", other)


def test_the_same_mix_is_not_told_of() -> None:
    made = comparison([SERVICE], now=Desk(), less=Desk(gold=0.85))
    assert "same work" not in sentence(Compared(made), made.variants[0])
