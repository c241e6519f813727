"""Ratings of contacts: against laws of waits that queueing theory knows, and what they move with."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from ccsim.engine import simulate
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.records.day_tables import OF_FIRST_ANSWERS
from ccsim.records.outcomes import outcome
from ccsim.records.satisfaction import BILLION, FACTORS, OF_RATINGS
from ccsim.records.tables import CALENDAR, COHORT
from ccsim.records.visit_rows import VISITS
from tests.support.engines import compare
from tests.support.stories import script

NAMES = tuple(column.name for column in OF_RATINGS)
VISIT = {column.name: i for i, column in enumerate(VISITS[1:])}


def likely(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


@dataclass(frozen=True)
class Desk:
    """A queue in front of equal agents; rates in minutes, log odds of being satisfied."""

    arrivals: float
    handle: float
    agents: int
    patience: float | None
    constant: float
    wait: float
    resolved: float
    repeat: float
    resolved_share: float
    repeat_share: float

    def of_the_answered(self, value: Callable[[float], float]) -> float:
        """Mean of a function of the wait of the answered: the density of the offered wait is lambda p(c-1) times
        exp(lambda times the integral of the patience's tail - c mu x), for patience of any law (Baccelli and Hebuterne,
        1981); whoever is answered has waited it out."""
        load, out = self.arrivals * self.handle, self.agents / self.handle
        free = [load**n / math.factorial(n) for n in range(self.agents)]

        def stays(x: float) -> float:
            return 1.0 if self.patience is None else math.exp(-x / self.patience)

        def offered(x: float) -> float:
            waited = x if self.patience is None else self.patience * (1 - stays(x))
            return self.arrivals * free[-1] * math.exp(self.arrivals * waited - out * x)

        def mean(of: Callable[[float], float]) -> float:
            inner = integrate.quad(lambda x: of(x) * offered(x) * stays(x), 0, 200, limit=400, epsabs=1e-13 * free[-1])
            return float(inner[0]) + of(0.0) * sum(free)

        return mean(value) / mean(lambda x: 1.0)

    def share(self, cut: float = 0.0, *, resolved: bool | None = None) -> float:
        """Share of the rated whose uniform is below the chance at a cut point."""

        def chance(x: float) -> float:
            total = 0.0
            for is_resolved, of_outcome in ((True, self.resolved_share), (False, 1 - self.resolved_share)):
                if resolved not in (None, is_resolved):
                    continue
                for is_repeat, of_place in ((True, self.repeat_share), (False, 1 - self.repeat_share)):
                    odds = self.constant + self.wait * x + self.resolved * is_resolved + self.repeat * is_repeat
                    total += of_place * likely(odds - cut) * (of_outcome if resolved is None else 1.0)
            return total

        return self.of_the_answered(chance)

    def scenario(self, days: int, more: str = "") -> Scenario:
        """Every contact comes back with the same probability, so that repeats depend on nothing that is rated."""
        patience = "never" if self.patience is None else f"{{mean: {self.patience}m}}"
        back = f"{{share: {self.repeat_share}, after: {{law: exponential, mean: 2h}}}}"
        return script(f"""
horizon: {{start: 2026-01-05, warm_up: 1d, length: {days}d, drain: 2d, interval: 6h}}
channels: {{phone: {{kind: live, patience: {patience}}}}}
demand: {{w: {{per_hour: {60 * self.arrivals * (1 - self.repeat_share)}, channel: phone}}}}
workflows:
  w:
    handle_time: {{law: exponential, mean: {self.handle}m}}
    tiers: {{t1: {{resolved: {self.resolved_share}}}}}
    returns: {{after_resolved: {back}, after_unresolved: {back}, after_abandon: {back}}}
pools: {{desk: {{staffing: {self.agents}}}}}
satisfaction:
  csat: {{constant: {self.constant}, per_minute_of_wait: {self.wait}, resolved: {self.resolved}, repeat: {self.repeat}}}
  nps: {{promoter: 1.4, detractor: -0.3}}
  response: {{satisfied: 20%, not_satisfied: 45%}}
{more}""")


DESKS = {
    "Erlang C": Desk(3.6, 2.5, 11, None, 1.0, -0.5, 1.2, -0.7, 0.7, 0.25),
    "Erlang A": Desk(4.0, 2.2, 8, 1.5, 0.8, -0.7, 1.5, -0.5, 0.65, 0.2),
}


def ratings_of(tables: dict[str, np.ndarray]) -> dict[str, int]:
    return dict(zip(NAMES, tables["ratings"][:, 2:].sum(axis=0).tolist(), strict=True))


def by_outcome(tables: dict[str, np.ndarray], name: str) -> tuple[int, int]:
    rows = tables["visits"]
    rating = rows[rows[:, VISIT["outcome"]] == outcome(name), VISIT["rating"]]
    return int((rating >= 4).sum()), int((rating > 0).sum())


def agree(found: dict[str, list[float]], expected: dict[str, float], most_error: float) -> None:
    for name, values in found.items():
        mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))
        assert error < most_error, name
        within = stats.t.ppf(1 - 3e-5, len(values) - 1)
        assert abs(mean - expected[name]) <= within * error, (name, mean, expected[name], error)


def shares_agree(desk: Desk, *, replications: int, days: int, most_error: float) -> None:
    model = compile_model(desk.scenario(days))
    found: dict[str, list[float]] = {}
    for replication in range(replications):
        tables = simulate(model, seed=11, replication=replication, visits=True).tables
        sums = ratings_of(tables)
        resolved, unresolved = by_outcome(tables, "resolved"), by_outcome(tables, "unresolved")
        assert resolved[0] + unresolved[0] == sums["satisfied"]
        assert resolved[1] + unresolved[1] == sums["rated"]
        for name, part, whole in (
            ("csat", sums["satisfied"], sums["rated"]),
            ("resolved", *resolved),
            ("unresolved", *unresolved),
            ("promoters", sums["promoters"], sums["rated"]),
            ("detractors", sums["detractors"], sums["rated"]),
            ("expected", sums["expected_e9"] / BILLION, sums["rated"]),
            ("response", sums["responded"], sums["rated"]),
            ("measured", sums["responded_satisfied"], sums["responded"]),
        ):
            found.setdefault(name, []).append(part / whole)
    csat = desk.share()
    solved, unsolved = (desk.share(resolved=ended) for ended in (True, False))
    response = 0.2 * csat + 0.45 * (1 - csat)
    expected = {
        "csat": csat, "expected": csat, "resolved": solved, "unresolved": unsolved,
        "promoters": desk.share(1.4), "detractors": 1 - desk.share(-0.3), "response": response,
        "measured": 0.2 * csat / response,
    }  # fmt: skip
    agree(found, expected, most_error)


@pytest.mark.parametrize("desk", DESKS.values(), ids=DESKS)
def test_shares_are_those_over_the_waits_of_theory(desk: Desk) -> None:
    shares_agree(desk, replications=8, days=6, most_error=0.012)


@pytest.mark.verify
@pytest.mark.parametrize("desk", DESKS.values(), ids=DESKS)
def test_shares_are_those_over_the_waits_of_theory_in_long_runs(desk: Desk) -> None:
    shares_agree(desk, replications=60, days=20, most_error=0.002)


# What moved it

CENTRE = """
horizon: {start: 2026-01-05, warm_up: 2h, length: 1d, drain: 1d, interval: 1h}
markets: {de: {region: emea, time_zone: Europe/Berlin, languages: {de: 70%, pl: 30%}}}
channels: {phone: {kind: live, patience: {mean: 3m}}, email: {kind: deferred}}
vendors: {acme: {}, own: {kind: in_house}}
workflows:
  orders:
    tiers: {t1: {handle_time: {mean: 4m}, resolved: 60%, escalated: 15%, transfers: {tech: 15%}}, t2: {handle_time: 6m}}
    returns: {after_unresolved: {share: 60%, after: 1h}}
  tech: {tiers: {t1: {handle_time: {mean: 5m}, resolved: 80%}}}
demand: {orders: {per_hour: 90, market: de, channels: {phone: 60%, email: 40%}}}
pools:
  first: {staffing: 6, vendor: acme, tier: t1, languages: [de]}
  second: {staffing: 4, vendor: own, tier: [t1, t2], languages: [de]}
routing: {overflow: [{after: 0s, to: {language: de, translated: {handle_time: 1.2}}}]}
"""
SAID = """
satisfaction:
  vendors: {acme: -0.3}
  pools: {second: 0.2}
  workflows: {tech: -0.1}
  channels: {email: 0.15}
  response: 30%
"""


@pytest.fixture(scope="module")
def whole() -> dict[str, np.ndarray]:
    return compare(compile_model(script(CENTRE + SAID)), seed=3).tables


def test_every_factor_has_a_part_and_they_add_up_to_the_last_digit(whole: dict[str, np.ndarray]) -> None:
    at = {name: 2 + i for i, name in enumerate(NAMES)}
    parts = [at[f"{factor.name}_e9"] for factor in FACTORS]
    for row in whole["ratings"].tolist():
        assert row[at["base_e9"]] + sum(row[part] for part in parts) == row[at["expected_e9"]]
        assert row[at["base_e9"]] == row[at["rated"]] * round(likely(2.3) * BILLION)
    idle = at["bot_e9"]  # no bots here, see tests/engine/test_ratings_bots.py
    assert all(whole["ratings"][:, part].any() == (part != idle) for part in parts)


def test_the_tables_count_the_same_ratings(whole: dict[str, np.ndarray]) -> None:
    names = [column.name for column in COHORT]
    sums = whole["queue_sums"][:, 1 + len(CALENDAR) :].sum(axis=0).tolist()
    intervals = whole["flow_intervals"][:, 2:].sum(axis=0).tolist()
    for name, total in ratings_of(whole).items():
        if name in names:
            assert sums[names.index(name)] == intervals[names.index(name)] == total > 0
    at = names.index
    assert sums[at("rated")] == sums[at("resolved")] + sums[at("unresolved")]


def test_the_rating_of_a_contact_stands_at_its_last_visit() -> None:
    tables = simulate(compile_model(script(CENTRE + SAID)), seed=3, replication=0, visits=True).tables
    rows, sums = tables["visits"], ratings_of(tables)
    rating, counted = rows[:, VISIT["rating"]], rows[:, VISIT["counted"]] == 1
    ended = np.isin(rows[:, VISIT["outcome"]], [outcome("resolved"), outcome("unresolved")])
    assert ((rating > 0) == (ended & counted)).all()
    assert (int((rating > 0).sum()), int(rating.sum())) == (sums["rated"], sums["score"])
    assert (rows[rating > 0, VISIT["visit"]] > 0).any()


# How they move


def _sums(more: str, centre: str = CENTRE, **how: Any) -> dict[str, int]:
    return ratings_of(simulate(compile_model(script(centre + more)), seed=3, replication=0, **how).tables)


FLAT = "csat: {constant: 0.4, resolved: 0, per_minute_of_wait: 0, per_hour_of_wait: 0, repeat: 0, transferred: 0, "
FLAT += "escalated: 0, translated: 0}"


def test_without_coefficients_everybody_has_the_chance_of_the_constant() -> None:
    found = _sums(f"satisfaction: {{{FLAT}}}\n")
    each = round(likely(0.4) * BILLION)
    assert found["base_e9"] == found["expected_e9"] == found["rated"] * each
    assert not any(found[f"{factor.name}_e9"] for factor in FACTORS)
    error = math.sqrt(likely(0.4) * likely(-0.4) / found["rated"])
    assert abs(found["satisfied"] / found["rated"] - likely(0.4)) < 4 * error


@pytest.mark.parametrize("more", ["per_minute_of_wait: -0.3", "repeat: -2", "transferred: -2", "escalated: -2",
                                  "translated: -2", "per_hour_of_wait: -0.5", "resolved: 3"])  # fmt: skip
def test_a_worse_life_never_has_a_better_rating(more: str) -> None:
    name = more.split(":", 1)[0]
    flat = FLAT.replace(f"{name}: 0", more)
    before, after = (
        simulate(
            compile_model(script(f"{CENTRE}satisfaction: {{{csat}}}\n")), seed=3, replication=0, visits=True
        ).tables
        for csat in (FLAT, flat)
    )
    ours, theirs = (tables["visits"][:, VISIT["rating"]] for tables in (before, after))
    moved = np.sign(theirs - ours)
    assert set(moved.tolist()) == ({0, 1} if name == "resolved" else {0, -1})


@pytest.mark.parametrize("more", [1, 2, 4])
def test_more_agents_never_lower_the_expected_satisfaction(more: int) -> None:
    desk = DESKS["Erlang C"]
    model = [compile_model(Desk(**{**desk.__dict__, "agents": desk.agents + n}).scenario(1)) for n in (0, more)]
    for replication in range(3):
        few, many = (ratings_of(simulate(one, seed=5, replication=replication).tables) for one in model)
        assert many["expected_e9"] / many["rated"] > few["expected_e9"] / few["rated"]


def test_nothing_else_changes_where_contacts_are_rated() -> None:
    rated, plain = (
        simulate(compile_model(script(CENTRE + more)), seed=3, replication=0, visits=True).tables for more in (SAID, "")
    )
    names = [column.name for column in COHORT]
    new = [names.index(column.name) for column in OF_RATINGS if column.name in names]
    for table, rows in plain.items():
        other = rated[table].copy()
        if table in ("queue_sums", "flow_intervals"):
            first = {"flow_intervals": 2, "queue_sums": 1 + len(CALENDAR)}[table]
            assert not rows[:, [first + place for place in new]].any()
            other[:, [first + place for place in new]] = 0
        if table == "visits":
            assert not rows[:, VISIT["rating"]].any()
            other[:, VISIT["rating"]] = 0
        if table == "pool_days":  # day, pool, cases by who first answered them, then ratings
            cases = 2 + len(OF_FIRST_ANSWERS)
            assert not rows[:, cases:].any()
            rows, other = rows[:, :cases], other[other[:, 2:cases].any(axis=1), :cases]
        assert (len(rows) == 0) if table == "ratings" else np.array_equal(rows, other), table


@pytest.mark.parametrize(
    "how", [{"slot_rows": 16, "log_rows": 16, "event_rows": 96}, {"pauses": range(0, 10**11, 10**9)}]
)
def test_ratings_do_not_depend_on_how_the_kernel_is_fed(how: dict[str, Any]) -> None:
    assert _sums(SAID, **how) == _sums(SAID)


def test_a_vendor_that_is_rated_lower_lowers_its_own_ratings_alone() -> None:
    before, after = (
        simulate(
            compile_model(script(f"{CENTRE}satisfaction: {{vendors: {{acme: {odds}}}}}\n")), seed=3, replication=0
        ).tables
        for odds in (0, -2)
    )
    satisfied = 2 + NAMES.index("satisfied")
    for pool in (0, 1):
        ours, theirs = (tables["ratings"][tables["ratings"][:, 1] == pool] for tables in (before, after))
        assert np.array_equal(ours[:, :3], theirs[:, :3])
        fewer = ours[:, satisfied].sum() - theirs[:, satisfied].sum()
        assert fewer > 0 if pool == 0 else np.array_equal(ours, theirs)
