"""The linear programme of a roster: against the same programme posed directly and solved by scipy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ccsim.kernel.layout import Floats, Ints
from ccsim.language.shift_patterns import ShiftPattern
from ccsim.model.roster import Wanted, build_rosters
from ccsim.model.schedule_programme import ScheduleProgramme
from ccsim.model.shift_layout import lay_out
from ccsim.model.weekly_schedules import SLOTS, cover_of, schedules_of
from ccsim.units import HOUR

GAINS = np.array([1.1, 1.0, -0.1, -0.3])


def programme(seed: int) -> tuple[Floats, Floats, list[tuple[Ints, int]]]:
    """Cover by hour of some weekly schedules, knots of the price of the hours, and two groups."""
    rng = np.random.default_rng(seed)
    hours = rng.integers(0, 5, (6, 8)) / 4.0 * (rng.random((6, 8)) < 0.6)
    required = rng.integers(0, 9, 8).astype(np.float64)
    knots = np.vstack([0.5 * required, required, required + rng.integers(1, 4, 8)])
    return hours, knots, [(np.array([0, 2, 4]), 5), (np.array([1, 3, 5]), int(rng.integers(0, 7)))]


def price_of(line: Floats, knots: Floats) -> float:
    """Less the gain of every agent on the line, each in his step."""
    edges = np.vstack([np.zeros_like(line), knots, np.full_like(line, np.inf)])
    within = np.clip(line, edges[:-1], edges[1:]) - edges[:-1]
    return -float((GAINS @ within).sum())


def least_price(hours: Floats, knots: Floats, groups: list[tuple[Ints, int]]) -> float:
    """People on weekly schedules and agents in the steps of each hour as variables; the steps add up to the line."""
    schedules, slots = hours.shape
    widths = np.diff(np.vstack([np.zeros(slots), knots]), axis=0)
    steps = len(GAINS)
    balance = np.hstack([hours.T, *[-np.eye(slots)] * steps])
    employed = np.zeros((len(groups), balance.shape[1]))
    for row, (members, _) in enumerate(groups):
        employed[row, members] = 1.0
    found = linprog(
        np.concatenate([np.zeros(schedules), -np.repeat(GAINS, slots)]),
        A_eq=np.vstack([balance, employed]),
        b_eq=np.concatenate([np.zeros(slots), [float(people) for _, people in groups]]),
        bounds=[(0.0, None)] * schedules + [(0.0, float(w)) for w in widths.ravel()] + [(0.0, None)] * slots,
    )
    return float(found.fun)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_people_are_all_employed_and_no_week_is_cheaper(seed: int) -> None:
    hours, knots, groups = programme(seed)
    posed = ScheduleProgramme(hours, knots, GAINS, groups)
    posed.solve()
    people = posed.people()
    assert (people >= 0.0).all()
    for members, count in groups:
        assert people[members].sum() == pytest.approx(count, abs=1e-7)
    assert price_of(people @ hours, knots) == pytest.approx(least_price(hours, knots, groups), abs=1e-6)


def test_what_was_not_solved_has_no_people() -> None:
    hours, knots, groups = programme(1)
    with pytest.raises(ArithmeticError, match="no roster"):
        ScheduleProgramme(hours, knots, GAINS, groups).people()


def test_threads_change_no_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = ShiftPattern(paid=8 * HOUR, starts=tuple(hour * HOUR for hour in (6, 9, 12, 15)))
    schedules = tuple(schedules_of("p", shape, None))
    cover = cover_of(schedules, {"p": lay_out("p", shape, {})})
    rng = np.random.default_rng(3)
    wanted = [Wanted(schedules, cover, rng.integers(0, 20, SLOTS).astype(np.float64), 40 + n, {}) for n in range(6)]
    together = build_rosters(wanted)
    monkeypatch.setattr("ccsim.model.roster.ThreadPoolExecutor", lambda _: ThreadPoolExecutor(5))
    again = build_rosters(wanted)
    alone = [build_rosters([one])[0] for one in wanted]
    for first, second, third in zip(together, again, alone, strict=True):
        assert first.people.tolist() == second.people.tolist() == third.people.tolist()
        assert first.people.sum() == second.people.sum() > 0
