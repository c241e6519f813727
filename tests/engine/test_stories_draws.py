"""Stories of seed: who shares it, what it does not hang on, and control processes of the user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ccsim.engine import simulate
from ccsim.engine.control import day_factors
from ccsim.model import Model, compile_model
from tests.support.stories import DESK, script, tell

CENTRE = """\
horizon: {start: %s, length: %s, drain: 1d, interval: 1h}
handle_time: {law: exponential, mean: 2m}
patience: {law: exponential, mean: 1m}
demand:
  calls: {rates: {per: hour, every: 6h, values: [2, 40, 60, 10], interpolate: linear}%s}
%spools:
  desk: {staffing: 3}
%s"""


def centre(start: str = "2026-03-02", length: str = "3d", calls: str = "", streams: str = "", pools: str = "") -> str:
    return CENTRE % (start, length, calls, streams, pools)


def seed(body: str, columns: str = "date number joined", **options: Any) -> list[tuple[Any, ...]]:
    """First visits of the stream `calls`."""
    return tell(body, **options).lives(columns, "calls")


def test_the_same_seed_and_replication_give_the_same_simulate_and_others_do_not() -> None:
    assert seed(centre()) == seed(centre())
    assert seed(centre()) != seed(centre(), seed=2)
    assert seed(centre()) != seed(centre(), replication=1)


@pytest.mark.parametrize(
    "other",
    [
        centre(streams="  a_new_one: {per_hour: 30}\n"),
        centre(streams="  z_new_one: {per_hour: 30, day_cv: 20%}\n"),
        centre(pools="  a_pool: {staffing: 4}\n"),
        centre(pools="  z_pool: {shifts: [{agents: 2, start: 09:00, length: 8h}]}\n"),
        centre().replace("mean: 1m", "mean: 9m"),
        centre() + "queue_groups: {door: {lines: 4}}\n",
    ],
    ids=["stream before", "stream after", "pool before", "pool after", "patience", "door"],
)
def test_what_is_added_elsewhere_moves_no_arrival(other: str) -> None:
    assert seed(other) == seed(centre())


def test_a_renamed_stream_keeps_its_draws() -> None:
    renamed = centre().replace("  calls: {", "  renamed: {workflow: calls, ")
    kept = renamed.replace("workflow: calls, ", "workflow: calls, draws_as: calls, ")
    assert tell(kept).lives("joined left ended") == seed(centre(), "joined left ended")
    assert tell(renamed).lives("joined") != seed(centre(), "joined")


def test_a_contact_has_the_same_talk_in_every_variant() -> None:
    def talks(body: str) -> dict[tuple[int, int], float]:
        lives = tell(body).lives("date number left ended outcome", "calls")
        return {(d, n): round(e - at, 6) for d, n, at, e, outcome in lives if outcome == "resolved"}

    one = talks(centre())
    other = talks(centre(streams="  more: {per_hour: 20}\n", pools="  extra: {staffing: 2}\n"))
    both = one.keys() & other.keys()
    assert len(both) > 500
    assert all(one[key] == other[key] for key in both)


def test_one_per_cent_more_volume_moves_arrivals_a_little() -> None:
    base = {(d, n): t for d, n, t in seed(centre())}
    body = centre().replace("[2, 40, 60, 10]", "[2.02, 40.4, 60.6, 10.1]")
    more = {(d, n): t for d, n, t in seed(body)}
    assert base.keys() <= more.keys()
    moves = np.array([base[key] - more[key] for key in base])
    assert np.all(moves >= 0)
    assert 0 < moves.mean() < 600
    assert moves.max() < 2 * 3600


def test_a_change_on_one_day_moves_no_arrival_of_another() -> None:
    base = seed(centre())
    body = centre() + "variants: {busy: {'demand.calls.rate[2026-03-03]': x1.5}}\n"
    from ccsim.scenario import loads

    busy = compile_model(loads("scenario: story\n" + body, variants=["busy"]))
    visits = simulate(busy, seed=1, replication=0, visits=True).tables["visits"]
    days = sorted({date for date, _, _ in base})
    for day in days:
        then = [(n, t) for d, n, t in base if d == day]
        now = [(int(row[2]), row[6] / 1_000_000) for row in visits if row[1] == day and row[3] == row[4] == 0]
        assert (then == now) == (day != days[1])


def test_a_contact_keeps_its_number_whatever_the_start_of_the_horizon() -> None:
    whole = seed(centre(start="2026-03-02", length="2d"))
    late = seed(centre(start="2026-03-02T10:00", length="38h"))
    assert late[0][1] > 0
    assert [(d, n, round(t + 36_000, 6)) for d, n, t in late] == [row for row in whole if row[2] >= 36_000]


def test_arrivals_follow_the_curve() -> None:
    body = centre(length="60d", calls="").replace("drain: 1d, interval: 1h", "drain: 0s, interval: 1d")
    story = tell(body.replace("staffing: 3", "staffing: 9"))
    at = np.array([t for (t,) in story.lives("joined", "calls")]) % 86_400 / 3600
    # 28 contacts an hour on average; 60 days.
    assert abs(len(at) - 40_320) < 4.5 * 40_320**0.5
    knots = np.array([2.0, 40.0, 60.0, 10.0, 2.0])

    def share(hour: np.ndarray) -> np.ndarray:
        fine = np.linspace(0, 24, 24 * 600 + 1)
        rate = np.interp(fine, [0, 6, 12, 18, 24], knots)
        area = np.concatenate([[0], np.cumsum((rate[1:] + rate[:-1]) / 2)])
        return np.interp(hour, fine, area / area[-1])

    assert len(at) ** 0.5 * stats.kstest(at, share).statistic < 2.2


def factors(model: Model, seed: int, replication: int) -> np.ndarray:
    """[openings, streams]"""
    drawn = day_factors(model, seed, replication)
    return np.array([drawn[day.factor] for day in model.openings])


DAYS = """\
horizon: {start: 2026-03-02, length: 40d}
handle_time: 1m
demand:
  a: {workflow: w, per_hour: 1, day_factor: {cv: 30%, shared: weather}}
  b: {workflow: w, per_hour: 9, day_factor: {cv: 30%, shared: weather}}
  c: {workflow: w, per_hour: 1, day_factor: {cv: 60%, shared: weather}}
  d: {workflow: w, per_hour: 1, day_factor: {cv: 30%}}
  e: {workflow: w, per_hour: 1}
pools: {desk: {staffing: 1}}
"""


def test_streams_that_share_a_day_factor_are_busy_together() -> None:
    found = factors(compile_model(script(DAYS)), 1, 0)
    a, b, c, d, e = found.T
    assert np.array_equal(a, b)
    assert np.array_equal(np.argsort(a), np.argsort(c))
    assert not np.any(a == d)
    assert np.all(e == 1.0)
    assert len(np.unique(a)) == len(a)


def test_day_factors_have_their_law() -> None:
    model = compile_model(script(DAYS))
    found = np.concatenate([factors(model, 7, r) for r in range(100)])
    n = len(found)
    for column, cv in ((0, 0.3), (2, 0.6), (3, 0.3)):
        theory = stats.gamma(1 / cv**2, scale=cv**2)
        assert abs(found[:, column].mean() - 1.0) < 4.5 * cv / n**0.5
        assert n**0.5 * stats.kstest(found[:, column], theory.cdf).statistic < 2.2
    assert abs(np.corrcoef(found[:, 0], found[:, 3])[0, 1]) < 4.5 / n**0.5


def test_a_day_factor_belongs_to_its_date_not_to_the_start() -> None:
    early = factors(compile_model(script(DAYS)), 1, 0)
    late = factors(compile_model(script(DAYS.replace("2026-03-02", "2026-03-05"))), 1, 0)
    assert np.array_equal(early[3:30], late[:27])


def test_the_volume_of_a_day_follows_its_factor() -> None:
    body = DAYS.replace("per_hour: 9", "per_hour: 200").replace("40d", "12d").replace("1m", "1s")
    story = tell(body)
    factor = factors(story.model, 1, 0)[:12, 1]
    counts = np.bincount([int(t // 86_400) for (t,) in story.lives("joined", "b") if t < 12 * 86_400], minlength=12)
    assert np.all(np.abs(counts - 4800 * factor) < 4.5 * (4800 * factor) ** 0.5)


def test_a_process_of_the_user_ends_simulate_before_the_contacts_of_its_instant() -> None:
    seen = []

    def stop(under_way: Any) -> Iterator[Any]:
        yield under_way.env.timeout(30_000_000)
        seen.append(under_way.env.now)
        under_way.over = True

    story = tell(DESK, processes=[stop], calls="time talk | 0 10 | 20 60 | 29.999999 5 | 30 5")
    assert seen == [30_000_000]
    assert story.lives("joined left ended outcome") == [
        (0, 0, 10, "resolved"),
        (20, 20, 30, "open_in_hand"),
        (29.999999, 30, 30, "open_waiting"),
    ]
    assert story.tables["replications"][0][5] == 30_000_000


def test_a_process_of_the_user_that_only_looks_changes_nothing() -> None:
    looked = []

    def look(under_way: Any) -> Iterator[Any]:
        while True:
            yield under_way.env.timeout(777_777_777)
            under_way.settle()
            looked.append(int(under_way.state.registers[0]))

    watched = tell(centre(), processes=[look])
    alone = tell(centre())
    assert len(looked) > 300
    assert looked == sorted(looked)
    for name in alone.tables:
        np.testing.assert_array_equal(watched.tables[name], alone.tables[name])
