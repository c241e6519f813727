"""Variants of the laboratory scenario, settings on it, and what became of them."""

from __future__ import annotations

from ccsim.scenario import Scenario, loads
from tests.support.scenario_texts import LAB

VARIANTS = """\
variants:
  more: {pools.desk.staffing: +2}
  most: {on: more, pools.desk.staffing: x2}
  both: {on: [more, slow]}
  slow: {handle_time.mean: x1.1, patience: ~}
  one_hour:
    pools.desk.staffing[2026-01-01 14:00..15:00]: +2
    demand.calls.rate[2026-01-01 09:00..2026-01-01 10:30]: x1.1
    demand.calls.rate[2026-01-01 11:00..12:00]: 12 per minute
"""


def set_(*settings: str, text: str = LAB) -> Scenario:
    return loads(text, settings=settings)


def agents(scenario: Scenario) -> tuple[float, ...]:
    staffing = scenario.pools["desk"].staffing
    assert staffing is not None
    return staffing.values


def mean(scenario: Scenario) -> int:
    assert scenario.handle_time is not None
    mean: int = scenario.handle_time.talk.mean  # type: ignore[union-attr]
    return mean
