"""Quality by pool, vendor and skill: shares, the same contacts and more, both engines."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.records import outcomes
from ccsim.records.tables import RATINGS, ROUTES
from tests.support.engines import compare
from tests.support.stories import VISIT, script

ROUTE = {column.name: place for place, column in enumerate(ROUTES[1:])}
"""Places in a row of the table `routes`, without the replication."""
RATING = {column.name: place for place, column in enumerate(RATINGS[1:])}
"""Places in a row of the table `ratings`, without the replication."""

BASE = (
    "horizon: {start: 2026-03-02, length: 3d, drain: 1d, interval: 1d}\n"
    "demand: {calls: {per_minute: 3, profile: flat, workflow: calls}}\n"
    "workflows:\n"
    "  calls:\n"
    "    tiers:\n"
    "      t1: {handle_time: {mean: 3m, cv: 0.7}, resolved: 60%, escalated: 20%, transfers: {tech: 5%, bills: 5%}}\n"
    "      t2: {handle_time: 4m, resolved: 80%}\n"
    "    returns: {after_unresolved: {share: 40%, after: 2h}}\n"
    "  tech: {handle_time: 4m, fcr: 90%}\n"
    "  bills: {handle_time: 2m, fcr: 90%}\n"
    "vendors: {own: {kind: in_house}, partner: {PARTNER}}\n"
    "pools:\n"
    "  house: {vendor: own, staffing: 8, skills: {calls: {}, tech: {}, bills: {}}}\n"
    "  partner: {vendor: partner, staffing: 8, POOL}\n"
    "  second: {vendor: own, tier: t2, staffing: 5, skills: {calls: {}}}\n"
)
SKILLS = "skills: {calls: {}, tech: {}, bills: {}}"


def desk(vendor: str = "", pool: str = SKILLS) -> Scenario:
    return script(BASE.replace("PARTNER", vendor).replace("POOL", pool))


def test_vendor_pool_and_skill_work_together() -> None:
    model = compile_model(
        desk(
            "quality: {resolved: {add: -10%}}",
            "quality: {resolved: 1.1, escalated: {add: 5%}}, "
            "skills: {calls: {quality: {resolved: {add: 2%}, transferred: 2}}, tech: {}, bills: {}}",
        )
    )
    # escalations take what is left: 25 % of the tier's 20 % and 5 points would be more
    wanted = {"transferred": 0.2, "resolved": 0.6 * 1.1 - 0.1 + 0.02, "escalated": 0.22, "unresolved": 0.0}
    names = [row[1] for row in model.names["pools"]]
    queues = [i for i, row in enumerate(model.names["queues"]) if row[1].endswith("calls/t1")] or [0]
    ends: dict[str, int] = dict.fromkeys(wanted, 0)
    for replication in range(4):
        routes = simulate(model, seed=5, replication=replication).tables["routes"]
        mine = routes[(routes[:, 1] == names.index("partner")) & np.isin(routes[:, 0], queues)]
        for name in ends:
            ends[name] += int(mine[:, ROUTE[name]].sum())
    n = sum(ends.values())
    assert n > 10_000
    for name, share in wanted.items():
        assert abs(ends[name] / n - share) <= 4 * np.sqrt(share * (1 - share) / n), (name, ends[name] / n, share)


@pytest.mark.parametrize("reason", ["resolved: 1.2", "resolved: {add: 10%}, escalated: 0.5", "escalated: 0.4"])
def test_who_resolves_more_resolves_the_same_contacts_and_more(reason: str) -> None:
    """With agents for all, at the first tier, nobody coming back: each contact is in the same hands."""
    before, after = (_ends(f"quality: {{{said}}}") for said in ("resolved: 1", reason))
    assert before.keys() == after.keys()
    was, now = ({who for who, end in ends.items() if end == outcomes.RESOLVED} for ends in (before, after))
    assert was <= now
    assert (len(now) > len(was)) == ("resolved" in reason)
    up, still = ({who for who, end in ends.items() if end == outcomes.ESCALATED} for ends in (before, after))
    assert still <= up


def _ends(quality: str) -> dict[tuple[int, int], int]:
    scenario = script(
        "horizon: {start: 2026-03-02, length: 1d, interval: 1d}\n"
        "demand: {calls: {per_minute: 3, profile: flat}}\n"
        "workflows: {calls: {tiers: {t1: {handle_time: 3m, resolved: 60%, escalated: 20%}, t2: {handle_time: 4m}}}}\n"
        f"pools: {{desk: {{staffing: 90, {quality}}}, second: {{tier: t2, staffing: 90}}}}\n"
    )
    visits = simulate(compile_model(scenario), seed=7, replication=0, visits=True).tables["visits"]
    first = visits[visits[:, VISIT["visit"]] == 0]
    keys = zip(first[:, VISIT["date"]].tolist(), first[:, VISIT["number"]].tolist(), strict=True)
    return dict(zip(keys, first[:, VISIT["outcome"]].tolist(), strict=True))


def test_quality_of_one_changes_no_row() -> None:
    model, plain = compile_model(desk("quality: {resolved: 1, escalated: {add: 0%}}")), compile_model(desk())
    assert model.rules.quality.escalated.shape[0] == 3
    assert plain.rules.quality.escalated.shape[0] == 0
    for name, rows in simulate(plain, seed=3, replication=0).tables.items():
        assert np.array_equal(rows, simulate(model, seed=3, replication=0).tables[name]), name


@pytest.mark.parametrize(
    ("vendor", "pool"),
    [
        ("quality: {resolved: 1.3, escalated: 0.5}", SKILLS),
        ("quality: {resolved: {add: -60%}}", f"quality: {{escalated: 4, transferred: {{add: 50%}}}}, {SKILLS}"),
        ("quality: {transferred: {add: -10%}}", SKILLS),
    ],
)
def test_both_engines_agree(vendor: str, pool: str) -> None:
    compare(compile_model(desk(vendor, pool)), seed=2)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("quality: {resolved: 0}", "expected a positive number"),
        ("quality: {resolved: 11}", "at most 10"),
        ("quality: {resolved: {add: 4}}", "points of a share like 4% or -4%"),
        ("quality: {resolved: {add: some}}", "points of a share like 4% or -4%"),
        ("quality: {solved: 1.1}", "resolved"),
        ("quality: 1.1", "quality"),
    ],
)
def test_bad_quality_is_told(said: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        desk(said)
    assert told in str(error.value)


def test_satisfaction_of_vendor_pool_skill_and_tenure_adds_up() -> None:
    """Log odds of all who had a hand in it; the share of the satisfied is the logistic function of them."""
    text = (
        "horizon: {start: 2026-03-02, length: 2d, drain: 1d, interval: 1d}\n"
        "satisfaction: {csat: {constant: 0.2, resolved: 1.5, per_minute_of_wait: 0}, pools: {desk: 0.1}}\n"
        "demand: {a: {per_minute: 4, profile: flat}, b: {per_minute: 4, profile: flat}}\n"
        "workflows: {a: {handle_time: {mean: 1m}, fcr: 75%}, b: {handle_time: {mean: 1m}, fcr: 75%}}\n"
        "vendors: {own: {kind: in_house, quality: {satisfaction: -0.3}}}\n"
        "pools:\n"
        "  desk:\n"
        "    vendor: own\n"
        "    staffing: 40\n"
        "    quality: {satisfaction: 0.5}\n"
        "    skills: {a: {}, b: {quality: {satisfaction: -1, resolved: +5%}}}\n"
        "    tenure: {new: {share: 25%, quality: {satisfaction: -0.8, resolved: -10%}}}\n"
    )
    model = compile_model(script(text))
    compare(compile_model(script(text.replace("length: 2d", "length: 3h"))), 7)
    tables = [simulate(model, seed=7, replication=replication).tables["ratings"] for replication in range(6)]
    for queue, (odds, resolved) in enumerate(((0.3, 0.75), (-0.7, 0.80))):
        rows = np.concatenate([table[table[:, 0] == queue] for table in tables])
        groups_of = ((0.75, odds, resolved), (0.25, odds - 0.8, resolved - 0.1))
        wanted = sum(part * (r * _likely(1.7 + x) + (1 - r) * _likely(0.2 + x)) for part, x, r in groups_of)
        rated, satisfied = rows[:, RATING["rated"]].sum(), rows[:, RATING["satisfied"]].sum()
        error = np.sqrt(wanted * (1 - wanted) / rated)
        assert abs(satisfied / rated - wanted) <= 4 * error


def _likely(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


def test_points_with_their_sign_are_points() -> None:
    signed = desk("quality: {resolved: +4%, escalated: -3%}")
    assert signed == desk("quality: {resolved: {add: 4%}, escalated: {add: -3%}}")
    assert signed != desk("quality: {resolved: 1.04}")
    with pytest.raises(ScenarioError, match="at most 100% either way"):
        desk("quality: {resolved: +140%}")
