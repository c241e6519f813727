"""What a search for people found, made by hand: two pools whose goals follow simple rules, nothing is simulated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ccsim.experiments.staffing_decisions import FoundDecisions
from ccsim.experiments.staffing_found import FoundStaff, Neighbour
from ccsim.experiments.staffing_joint import AllAtOnce
from ccsim.experiments.staffing_pools import Lever
from ccsim.experiments.staffing_trials import Trial
from ccsim.kpis.verdicts import verdict_of

LEVERS = (
    Lever("leeds", "pools.leeds.headcount", 12, 1, 40),
    Lever("sofia", "pools.sofia.headcount", 8, 1, 40),
)
COSTS = (135.0, 96.5)
ASKED = ({"kpi": "service_level", "threshold_s": 20.0, "at_least": 0.8, "at_most": None, "scope": {"channel": "phone"}},
         {"kpi": "abandonment", "threshold_s": None, "at_least": None, "at_most": 0.05, "scope": {}})  # fmt: skip


def trial(heads: tuple[int, int], replications: int = 80, *, at_once: float | None = None) -> Trial:
    """Service grows with the people of both pools, and its intervals narrow with the replications."""
    work = heads[0] + 0.9 * heads[1]
    side = 0.1 / np.sqrt(replications)
    values = (min(0.6 + 0.0135 * work, 0.99), max(0.16 - 0.006 * work, 0.001))
    goals = tuple(_judged(asked, value, side) for asked, value in zip(ASKED, values, strict=True))
    met = round(replications * min(max(4 * (values[0] - 0.65), 0), 1))
    made = Trial(heads, replications, goals, sum(c * n for c, n in zip(COSTS, heads, strict=True)), (met, replications))
    if at_once is None:
        return made
    share = met / replications
    exact = AllAtOnce(at_once, met, replications, max(share - side, 0), min(share + side, 1), np.zeros(replications))
    return replace(made, together=exact)


def _judged(asked: dict[str, Any], value: float, side: float) -> dict[str, Any]:
    found = {"estimate": value, "low": value - side, "high": value + side, "unit": "share", "note": ""}
    verdict, why = verdict_of(asked | found)
    return asked | found | {"verdict": verdict, "why": why, "probability": 0.7, "time": None}


def found_staff(*, at_once: float | None = None, **changes: Any) -> FoundStaff:
    """10 and 11 people, certified; one person less in either pool misses abandonment."""
    looked = [(12, 8), (11, 9), (10, 11), (9, 12), (10, 10), (14, 12), (6, 6)]
    beside = [((9, 11), "leeds"), ((10, 10), "sofia"), ((8, 13), "")]
    made = FoundStaff(
        name="desk",
        currency="GBP",
        levers=LEVERS,
        costs=COSTS,
        priced=True,
        level=0.95,
        probability=at_once,
        seed=13,
        found=trial((10, 11), at_once=at_once),
        certificate=trial((10, 11), 160, at_once=at_once),
        neighbours=tuple(
            Neighbour(trial(heads, at_once=at_once), sum(c * n for c, n in zip(COSTS, heads, strict=True)), less)
            for heads, less in beside
        ),
        foreseen={},
        refuted=(),
        undecided=(),
        now=trial((12, 8), 10, at_once=at_once),
        nearest=None,
        binding=None,
        stopped=False,
        plans=9,
        replications=700,
        looked=tuple(trial(heads, 20, at_once=at_once) for heads in looked),
    )
    return replace(made, **changes)


def not_found() -> FoundStaff:
    """No plan within the bounds meets the goals."""
    changes = {"found": None, "certificate": None, "neighbours": (), "looked": (trial((6, 6), 20),)}
    return found_staff(**changes, nearest=trial((6, 6), 20))


def found_decisions() -> FoundDecisions:
    """The cheapest of four shares of a vendor; one was not looked at."""
    key = "routing.vendor_share.calls.partner"
    values = ("20%", "30%", "40%", "50%")
    dearer = found_staff(found=trial((13, 9)), certificate=None)
    looked = [(values[1], dearer), (values[2], found_staff()), (values[3], not_found())]
    return FoundDecisions(
        decisions={key: values},
        looked=tuple((((key, value),), made) for value, made in looked),
        not_looked=(((key, values[0]),),),
        best=((key, values[2]),),
        answer=found_staff(),
        refuted=(),
        stopped=False,
    )
