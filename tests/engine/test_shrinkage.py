"""Shrinkage as it is simulated: every cause takes its share of the rostered time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.language.shrinkage import WHOLE_DAYS, rostered_shares, shrinkage_of
from ccsim.model import compile_model
from ccsim.scenario import loads

DESK = """
scenario: training
horizon: {start: 2026-01-05, length: LENGTH, drain: 1d}
handle_time: {law: exponential, mean: 5m}
channels: {email: {kind: deferred}}
demand: {w: {per_week: 400, channel: email, profile: business_day}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
shift_patterns: PATTERNS
pools: {desk: {site: here, headcount: PEOPLE, shifts: SHIFTS, shrinkage: SHRINKAGE}}
"""


def away(text: str, replications: int) -> dict[str, tuple[float, float]]:
    """Share of the paid time by cause, and paid shifts."""
    model = compile_model(loads(text))
    causes = [row[1] for row in model.names["shrinkage_causes"]]
    time, paid = np.zeros(len(causes)), 0.0
    for replication in range(replications):
        tables = simulate(model, seed=11, replication=replication).tables
        np.add.at(time, tables["shrinkage"][:, 1], tables["shrinkage"][:, 2])
        paid += float(tables["pool_sums"][:, 5].sum())
    return {cause: (time[i] / paid, paid / (8 * 3.6e9)) for i, cause in enumerate(causes)}


CASES = [
    ("{day: {paid: 8h, starts: [08:00, 10:00]}}", "[day]", "{absence: 20%, training: 10%}"),
    ("{day: {paid: 8h, starts: 09:00, days: daily}}", "day", "{leave: 10%, absence: 5%, training: 6%, coaching: 3%}"),
    (
        "{day: {paid: 8h, starts: [07:00, 09:00], breaks: [15m, 30m unpaid, 15m], days: mon-fri}}",
        "day",
        "{absence: {share: 8%, of: worked}, leave: 9%, meetings: {share: 4.1%, of: worked}, training: 2.3%}",
    ),
    ("{split: {paid: 8h, starts: 08:00, split: {after: 4h, gap: 3h}}}", "split", "{absence: 12%, coaching: 0.1%}"),
]


@pytest.mark.parametrize(("patterns", "shifts", "shrinkage"), CASES)
def test_every_cause_takes_its_share_of_the_rostered_time(patterns: str, shifts: str, shrinkage: str) -> None:
    text = DESK.replace("PATTERNS", patterns).replace("SHIFTS", shifts).replace("SHRINKAGE", shrinkage)
    text = text.replace("LENGTH", "4w").replace("PEOPLE", "60")
    scenario = loads(text)
    wanted = rostered_shares(shrinkage_of(scenario, scenario.pools["desk"])[0])
    found = away(text, 4)
    whole = sum(share for cause, share in wanted.items() if cause in WHOLE_DAYS)
    lost = sum(found[cause][0] for cause in wanted if cause in WHOLE_DAYS)
    for cause, share in wanted.items():
        if cause in WHOLE_DAYS:
            shifts_paid = found[cause][1]
            assert abs(found[cause][0] - share) < 4 * math.sqrt(share * (1 - share) / shifts_paid)
        else:  # blocks stand in the shifts that were worked: exact but for a 64th of a minute and the edges
            assert found[cause][0] == pytest.approx(share * (1 - lost) / (1 - whole), abs=1 / 64 / 480 + 2e-4)


def test_a_block_below_half_a_minute_is_not_lost() -> None:
    text = DESK.replace("PATTERNS", CASES[0][0]).replace("SHIFTS", "day").replace("SHRINKAGE", "{coaching: 0.05%}")
    found = away(text.replace("LENGTH", "4w").replace("PEOPLE", "32"), 1)
    assert found["coaching"][0] == pytest.approx(0.0005, abs=1 / 64 / 480 + 1e-5)


def test_people_at_home_on_a_holiday_are_beside_the_shares() -> None:
    text = DESK.replace("PATTERNS", "{day: {paid: 8h, starts: 08:00, work_days: 7}}").replace("SHIFTS", "day")
    text = text.replace("hours: 24x7", "hours: 24x7, holidays: DE, on_holidays: 0%").replace(
        "SHRINKAGE", "{training: 10%}"
    )
    text = text.replace("2026-01-05, length: LENGTH", "2026-04-01, length: 10d").replace("PEOPLE", "32")
    found = away(text, 1)
    assert found["leave"][0] == pytest.approx(0.2, rel=1e-3)  # Good Friday and Easter Monday
    assert found["training"][0] == pytest.approx(0.1 * 0.8, abs=1 / 64 / 480)
