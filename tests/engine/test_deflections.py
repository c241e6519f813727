"""Deflections: how many contacts they avoid, which, and that the others stay the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim import api
from ccsim.centre.expected import expected_contacts
from ccsim.engine import simulate
from ccsim.export.visits import number_cases
from ccsim.model import compile_model
from ccsim.records.outcomes import outcome
from ccsim.records.tables import FLOW_INTERVALS, QUEUE_SUMS
from tests.support.engines import compare
from tests.support.stories import VISIT, script, tell

COLUMN = {column.name: i - 1 for i, column in enumerate(QUEUE_SUMS)}
FLOW_COLUMN = {column.name: i - 1 for i, column in enumerate(FLOW_INTERVALS)}
DEFLECTED = outcome("deflected")
TEXT = """
horizon: {start: 2026-03-02, length: 4d, drain: 1d, interval: 1h}
time_zone: Europe/London
currency: GBP
causes: {how_to: {kind: how_to}, defect: {kind: defect}}
workflows: {help: {handle_time: {mean: 4m}, fcr: 80%, returns: {after_unresolved: {share: 50%, after: 3h}}}}
demand:
  calls: {workflow: help, channel: phone, per_day: 3000, profile: flat, causes: {how_to: 60%, defect: 40%}}
pools: {desk: {staffing: 60, paid_hour: 20}}
"""
PAGE = "deflections: {page: {causes: [how_to], share: %s, from: 2026-03-03, ramp: 2d, price: {month: 365}}}\n"


def _visits(text: str, seed: int = 3) -> np.ndarray:
    """Counted ones: when the run ends depends on the last of them."""
    visits = simulate(compile_model(script(text)), seed=seed, replication=0, visits=True).tables["visits"]
    return visits[visits[:, VISIT["counted"]] == 1]


def _cases(visits: np.ndarray, *, avoided: bool) -> set[tuple[int, ...]]:
    """Names of the new cases that were avoided, or that came."""
    mine = (visits[:, VISIT["outcome"]] == DEFLECTED) == avoided
    first = (visits[:, VISIT["contact"]] == 0) & (visits[:, VISIT["visit"]] == 0)
    return {tuple(row) for row in visits[mine & first][:, [VISIT["queue"], VISIT["date"], VISIT["number"]]].tolist()}


def test_the_share_avoided_rises_evenly_from_its_date_on() -> None:
    visits = _visits(TEXT + PAGE % "40%")
    first = visits[(visits[:, VISIT["contact"]] == 0) & (visits[:, VISIT["visit"]] == 0)]
    how_to = first[first[:, VISIT["queue"]] == 1]
    assert (first[first[:, VISIT["queue"]] == 0][:, VISIT["outcome"]] != DEFLECTED).all()
    day = how_to[:, VISIT["joined_us"]] // 86_400_000_000
    for number, share in ((0, 0.0), (1, 0.1), (2, 0.3), (3, 0.4)):
        mine = how_to[day == number][:, VISIT["outcome"]] == DEFLECTED
        assert abs(mine.mean() - share) <= 4 * math.sqrt(share * (1 - share) / len(mine))


def test_who_is_not_spared_the_contact_lives_as_without_the_deflection() -> None:
    """Nobody waits, so that the visits that remain are equal to the last number."""
    without, fewer, more = (_visits(text) for text in (TEXT, TEXT + PAGE % "20%", TEXT + PAGE % "40%"))
    rows = {tuple(row) for row in np.delete(without, VISIT["agent"], axis=1).tolist()}
    for visits in (fewer, more):
        came = visits[visits[:, VISIT["outcome"]] != DEFLECTED]
        assert {tuple(row) for row in np.delete(came, VISIT["agent"], axis=1).tolist()} < rows
        assert _cases(visits, avoided=True) | _cases(visits, avoided=False) == _cases(without, avoided=False)
    assert _cases(fewer, avoided=True) < _cases(more, avoided=True)


def test_one_that_avoids_nobody_changes_nothing() -> None:
    tables = [simulate(compile_model(script(TEXT + said)), seed=2, replication=0).tables for said in ("", PAGE % "0%")]
    for name in tables[0]:
        assert np.array_equal(tables[0][name], tables[1][name]), name


def test_several_work_one_after_the_other() -> None:
    """Half, then half of the rest."""
    said = "deflections: {page: {share: 50%}, message: {channels: [phone], share: 50%}}\n"
    tables = simulate(compile_model(script(TEXT + said)), seed=5, replication=0).tables
    sums = tables["queue_sums"].sum(axis=0)
    avoided, came = sums[COLUMN["deflected"]], sums[COLUMN["arrived"]] - sums[COLUMN["repeated"]]
    n = avoided + came
    assert abs(avoided / n - 0.75) < 4 * math.sqrt(0.75 * 0.25 / n)
    assert n == len(_cases(_visits(TEXT, seed=5), avoided=False))


def test_recorded_contacts_are_avoided_too() -> None:
    body = "handle_time: 1s\ndemand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
    said = "deflections: {page: {share: 100%, from: 2026-01-05 00:00:20}}\n"
    story = tell(body + said, calls="time | 0 | 10 | 20 | 30")
    told = [(0.0, "resolved"), (10.0, "resolved"), (20.0, "deflected"), (30.0, "deflected")]
    assert story.lives("joined outcome") == told
    sums = story.tables["queue_sums"][0]
    names = ("arrived", "offered", "deflected", "cases_given_up", "cases_open", "cases_missed_first")
    assert [sums[COLUMN[name]] for name in names] == [2, 2, 2, 0, 0, 0]
    assert story.tables["flow_intervals"][:, FLOW_COLUMN["deflected"]].sum() == 2


def test_expected_contacts_leave_out_what_is_avoided() -> None:
    """3,000 a day, 60 % of them how to: 0, 10, 30 and 40 % of these are avoided on the four days."""
    assert expected_contacts(script(TEXT + PAGE % "40%"))["calls"] == pytest.approx(12_000 - 1_800 * 0.8)
    traced = "handle_time: 1s\ndemand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 1}}\n"
    said = "deflections: {page: {share: 50%, from: 2026-01-05 00:00:10, ramp: 20s}}\n"
    found = expected_contacts(script(traced + said, calls="time | 0 | 10 | 20 | 30 | 40"))
    assert found["calls"] == pytest.approx(1 + 1 + 0.75 + 0.5 + 0.5)


def test_kpis_and_costs_add_up() -> None:
    run = api.run(script(TEXT + PAGE % "40%"), replications=3, seed=1)
    sums = run.tables["queue_sums"].sum()
    assert run.estimate("deflection")["estimate"] == pytest.approx(
        sums["deflected"] / (sums["arrived"] + sums["deflected"])
    )
    assert run.estimate("deflected_per_day")["numerator"] == sums["deflected"] > 0
    costs = run.estimates[run.estimates["kpi"] == "cost_per_day"].set_index(["scope", "name"])["estimate"]
    whole = 60 * 24 * 20 + 12
    assert costs["all", "all"] == pytest.approx(whole)
    assert costs["pool", "page"] == pytest.approx(12)
    assert costs["cause"].sum() == pytest.approx(whole)


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_avoid_the_same_cases(seed: int) -> None:
    bot = "bots: {robot: {channels: [phone], session: 1m, contained: 30%, sessions: 20, if_full: turn_away}}\n"
    kept = compare(compile_model(script(TEXT + PAGE % "40%" + bot)), seed)
    assert (kept.log[:, 11] == DEFLECTED).any()


def test_the_star_has_no_case_of_an_avoided_contact() -> None:
    assert f"v.outcome <> {DEFLECTED}" in number_cases(0)


def test_a_message_in_one_language_spares_who_speaks_it() -> None:
    """So does a surge: both are about the streams of their languages."""
    markets = "markets: {us: {region: am, time_zone: UTC, languages: {en: 60%, es: 40%}}}\n"
    text = TEXT.replace("demand:", f"{markets}demand:").replace("phone,", "phone, market: us,")
    text = text.replace("time_zone: Europe/London\n", "")
    page = "deflections: {page: {languages: es, share: 50%}}\n"
    page += "surges: {rush: {at: 2026-03-03, for: 1d, times: 2, languages: en}}\n"
    model = compile_model(script(text + page))
    visits = simulate(model, seed=3, replication=0, visits=True).tables["visits"]
    first = visits[
        (visits[:, VISIT["contact"]] == 0) & (visits[:, VISIT["visit"]] == 0) & (visits[:, VISIT["counted"]] == 1)
    ]
    names = [row[1] for row in model.names["queues"]]
    spanish = np.array([".es." in f".{name.replace('/', '.')}." for name in names])[first[:, VISIT["queue"]]]
    avoided = first[:, VISIT["outcome"]] == DEFLECTED
    assert not avoided[~spanish].any()
    assert abs(avoided[spanish].mean() - 0.5) <= 4 * math.sqrt(0.25 / spanish.sum())
    second = first[:, VISIT["joined_us"]] // 86_400_000_000 == 1
    others = [(~spanish & second).sum(), (~spanish & ~second).sum() / 3]
    assert abs(others[0] - 2 * others[1]) <= 4 * math.sqrt(others[0] + 4 * others[1] / 3)
    assert abs((spanish & second).sum() - (spanish & ~second).sum() / 3) <= 4 * math.sqrt(1200 + 400)
