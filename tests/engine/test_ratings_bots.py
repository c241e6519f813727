"""What a bot does to ratings: hand-offs, false containment, and sessions that are rated themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.records.outcomes import outcome
from ccsim.records.satisfaction import BILLION, FACTORS, OF_RATINGS
from ccsim.records.visit_rows import VISITS
from tests.support.engines import compare
from tests.support.stories import script

NAMES = tuple(column.name for column in OF_RATINGS)
VISIT = {column.name: i for i, column in enumerate(VISITS[1:])}
CENTRE = """
horizon: {start: 2026-01-05, warm_up: 2h, length: 1d, drain: 1d, interval: 1h}
channels: {chat: {kind: live, patience: never}}
workflows:
  orders: {tiers: {t1: {handle_time: {mean: 4m}, resolved: 70%, escalated: 20%}, t2: {handle_time: 6m}}}
demand: {orders: {per_hour: 120, channel: chat}}
pools: {all: {staffing: 60, tier: [t1, t2]}}
bots:
  helper:
    channels: [chat]
    session: {mean: 2m}
    contained: 40%
    left: 10%
    falsely_contained: 50%
    returns: {share: 80%, after: 1h}
"""
FLAT = "constant: 0.4, resolved: 0, per_minute_of_wait: 0, repeat: 0, transferred: 0, escalated: 0, translated: 0"


def ratings_of(tables: dict[str, np.ndarray]) -> dict[str, int]:
    return dict(zip(NAMES, tables["ratings"][:, 2:].sum(axis=0).tolist(), strict=True))


def simulated(bots: str) -> dict[str, np.ndarray]:
    said = f"{CENTRE}satisfaction: {{csat: {{{FLAT}}}, bots: {{{bots}}}}}\n"
    return simulate(compile_model(script(said)), seed=3, replication=0, visits=True).tables


NOTHING = "handed_off: 0, after_false_containment: 0, contained: 0, left: 0"


def rows_of(tables: dict[str, np.ndarray]) -> np.ndarray:
    rows = tables["visits"]
    return rows[rows[:, VISIT["counted"]] == 1]


@pytest.mark.parametrize("law", ["{bots: {sessions: yes}}", "{bots: {sessions: no}}",
                                 "{base: 4.4, bots: {sessions: yes, handed_off: -0.3, after_false_containment: -0.7, "
                                 "contained: -0.2, left: -1}}"])  # fmt: skip
def test_both_engines_rate_alike_and_parts_add_up(law: str) -> None:
    tables = compare(compile_model(script(f"{CENTRE}satisfaction: {law}\n")), seed=5).tables
    at = {name: 2 + i for i, name in enumerate(NAMES)}
    for row in tables["ratings"].tolist():
        parts = sum(row[at[f"{factor.name}_e9"]] for factor in FACTORS)
        assert row[at["base_e9"]] + parts == row[at["expected_e9"]]
    assert ratings_of(tables)["bot_e9"] < 0
    assert (tables["ratings"][:, 1] == -1).any() == ("sessions: yes" in law)


def test_sessions_that_ended_with_the_bot_are_rated_only_where_that_is_said() -> None:
    for said, with_bot in (("no", False), ("yes", True)):
        tables = simulated(f"{NOTHING}, sessions: {said}")
        rows = rows_of(tables)
        ends = [outcome(name) for name in ("resolved", "unresolved")]
        ends += [outcome(name) for name in ("contained", "falsely_contained", "left_bot")] if with_bot else []
        assert ((rows[:, VISIT["rating"]] > 0) == np.isin(rows[:, VISIT["outcome"]], ends)).all()
        assert ratings_of(tables)["rated"] == int(np.isin(rows[:, VISIT["outcome"]], ends).sum())


def expected_of(bots: str, share: float) -> None:
    """The mean probability is that of the constant, and for a share of the rated that of the constant and 1 less."""
    sums = ratings_of(simulated(bots))
    high, low = (1 / (1 + math.exp(-x)) for x in (0.4, -0.6))
    found = sums["expected_e9"] / BILLION / sums["rated"]
    assert found == pytest.approx(share * low + (1 - share) * high, abs=1e-8)


def test_whom_a_bot_moves_is_told_by_the_visits() -> None:
    """Contacts by number: who had a session, and whether the contact before was falsely contained."""
    rows = rows_of(simulated(NOTHING))
    key = [VISIT[name] for name in ("case_queue", "date", "number", "contact")]
    name = [tuple(row) for row in rows[:, key].tolist()]
    ended = rows[:, VISIT["outcome"]]
    handed = {one for one, what in zip(name, ended.tolist(), strict=True) if what == outcome("handed_off")}
    rated = [one for one, is_rated in zip(name, (rows[:, VISIT["rating"]] > 0).tolist(), strict=True) if is_rated]
    after = sum(contact > 0 for *_, contact in rated)  # nobody else comes back
    expected_of(NOTHING.replace("handed_off: 0", "handed_off: -1"), sum(one in handed for one in rated) / len(rated))
    expected_of(NOTHING.replace("after_false_containment: 0", "after_false_containment: -1"), after / len(rated))
    assert 0 < after < len(rated)
    assert {one in handed for one in rated} == {True}  # all meet the bot


@pytest.mark.parametrize(("name", "ends"), [("contained", ("contained", "falsely_contained")), ("left", ("left_bot",))])
def test_rated_sessions_are_moved_by_their_own_end(name: str, ends: tuple[str, ...]) -> None:
    rows = rows_of(simulated(f"{NOTHING}, sessions: yes"))
    rated = rows[rows[:, VISIT["rating"]] > 0, VISIT["outcome"]]
    share = float(np.isin(rated, [outcome(one) for one in ends]).mean())
    expected_of(f"{NOTHING}, sessions: yes".replace(f" {name}: 0", f" {name}: -1"), share)


def test_what_was_falsely_contained_or_left_counts_as_not_resolved() -> None:
    csat = FLAT.replace("resolved: 0", "resolved: 1")
    said = f"satisfaction: {{csat: {{{csat}}}, bots: {{{NOTHING}, sessions: yes}}}}\n"
    tables = simulate(compile_model(script(CENTRE + said)), seed=3, replication=0, visits=True).tables
    rated = rows_of(tables)
    rated = rated[rated[:, VISIT["rating"]] > 0, VISIT["outcome"]]
    good = float(np.isin(rated, [outcome("resolved"), outcome("contained")]).mean())
    sums = ratings_of(tables)
    high, low = (1 / (1 + math.exp(-x)) for x in (1.4, 0.4))
    assert sums["expected_e9"] / BILLION / sums["rated"] == pytest.approx(good * high + (1 - good) * low, abs=1e-8)
