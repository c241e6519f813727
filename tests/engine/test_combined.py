"""Scenarios that combine several settings, against chains and closed forms: `tests/engine/combined/`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.engine.reference import simulate_by_reference
from ccsim.model import compile_model
from tests.support.stories import script

from .combined import callbacks, clocks, lines, shares, ways
from .combined.base import MOST_ERRORS, Combination, differences, estimates

CHEAP = (
    lines.leaving_at_once_and_coming_back,
    lines.announced_waits_of_a_slow_pool,
    lines.redials_by_phone_and_email,
    lines.severities_with_agents_of_their_own,
    ways.quality_of_a_vendor_along_the_way,
    callbacks.callbacks_that_expire_before_the_hours,
    callbacks.a_bot_with_few_sessions_for_one_segment,
    clocks.returns_against_closing_hours,
    clocks.working_time_in_spring,
    clocks.working_time_in_autumn,
    clocks.repeats_after_the_end_of_the_run,
    shares.assists_that_ramp_up,
    shares.deflections_of_one_cause_and_of_all,
    shares.wrong_queues_bots_and_triage,
    shares.tenure_of_a_mixed_team,
    shares.satisfaction_by_odds,
)
LARGE_CHAINS = (
    ways.warm_and_cold_and_sent_back,
    ways.time_outs_at_once_to_a_shared_line,
    callbacks.callbacks_between_two_vendors,
)
LONG_BY_REFERENCE = {
    *LARGE_CHAINS,
    clocks.working_time_in_spring,
    clocks.working_time_in_autumn,
    shares.assists_that_ramp_up,
    shares.deflections_of_one_cause_and_of_all,
    shares.wrong_queues_bots_and_triage,
}
"""More than a second in plain Python."""
TIMES = 10
"""So many times the replications in `make verify`."""

Make = Callable[[], Combination]


def agrees(one: Combination, times: int = 1) -> None:
    """No value is off, and one at least is known so well (a quarter of a per cent) that 2 % off would be found."""
    found = estimates(one, times)
    assert not differences(one.expected, found)
    assert any(0.02 * abs(one.expected[name]) > 2 * MOST_ERRORS * error for name, (_, error) in found.items())


@pytest.mark.parametrize("make", CHEAP)
def test_the_engine_agrees_with_exact_values(make: Make) -> None:
    agrees(make())


@pytest.mark.verify
@pytest.mark.parametrize("make", [*CHEAP, *LARGE_CHAINS])
def test_the_engine_agrees_with_exact_values_closely(make: Make) -> None:
    agrees(make(), TIMES)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, marks=pytest.mark.verify if make in LONG_BY_REFERENCE else (), id=make.__name__)
        for make in (*CHEAP, *LARGE_CHAINS)
    ],
)
def test_both_engines_give_the_same_tables(make: Make) -> None:
    one = make()
    model = compile_model(script(one.briefly()))
    kernel = simulate(model, seed=one.seed, replication=3, visits=True).tables
    plain = simulate_by_reference(model, seed=one.seed, replication=3, visits=True).tables
    assert kernel.keys() == plain.keys()
    assert len(kernel["visits"]) > 250
    for name, rows in kernel.items():
        assert np.array_equal(np.asarray(rows), np.asarray(plain[name])), name


@pytest.mark.parametrize("start", [clocks.SPRING, clocks.AUTUMN])
def test_a_clock_that_does_not_change_is_off(start: str) -> None:
    """What working hours by the time of the evening before would give is told apart from what is."""
    one = clocks.in_working_time(start)
    winter, summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    unchanged = clocks.resolved_in_working_time(start, winter if start == clocks.SPRING else summer)
    assert differences(dict(one.expected) | {"in time": unchanged}, estimates(one))


def test_a_value_that_is_wrong_by_two_per_cent_is_found() -> None:
    one = shares.satisfaction_by_odds()
    found = estimates(one)
    for name in ("satisfied", "satisfied of bpo", "rating"):
        wrong = dict(one.expected) | {name: 1.02 * one.expected[name]}
        assert [line.split(":")[0] for line in differences(wrong, found)] == [name]
