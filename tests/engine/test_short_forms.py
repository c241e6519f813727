"""Short forms simulate as their long forms do, to the last digit; and a step that adds no pool changes nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from ccsim import api
from ccsim.scenario import Scenario, loads

PARTS = {
    "head": """
scenario: bikes
time_zone: Europe/Madrid
horizon: {start: 2026-05-04, length: 3d, drain: 1d, interval: 1h}
markets:
  spain: {region: eu, time_zone: Europe/Madrid, languages: {es: 100%}}
  portugal: {region: eu, time_zone: Europe/Lisbon, languages: {pt: 100%}}
segments: {club: {priority: 1}}
sites: {vigo: {region: eu, time_zone: Europe/Madrid, hours: {mon-fri: 07:00-22:00}}}
demand:
  repairs: {per_week: 2400, markets: {spain: 80%, portugal: 20%}, channels: {phone: 50%, chat: 30%, email: 20%},
            segments: {all: 90%, club: 10%}, profile: business_day}
  advice: {per_week: 500, market: spain, channel: phone, profile: business_day}
""",
    "short": """
channels:
  phone: {kind: live, patience: 2m}
  chat: {kind: live, concurrency: 3, patience: 4m}
  email: {kind: deferred, deadline: 24h}
workflows:
  repairs: {aht: {phone: 5m, chat: 8m, email: 6m}, fcr: 80%}
  advice: {tiers: {t1: {aht: 4m, resolved: 60%, escalated: 30%}, t2: {aht: 12m}}}
opening_hours: {mon-fri: 09:00-18:00, 2026-05-05..2026-05-06: 10:00-15:00}
vendors:
  own: {kind: in_house, paid_hour: 20, shrinkage: 18%}
  partner: {kind: vendor, paid_hour: 12}
shift_patterns: {day: {paid: 8h, start: 08:30, breaks: [30m unpaid]}, late: {paid: 8h, start: 11:00}}
""",
    "long": """
channels:
  phone: {kind: live, patience: {law: exponential, mean: 2m}}
  chat: {kind: live, concurrency: 3, speed: [1, 1, 1], patience: {law: exponential, mean: 4m}}
  email: {kind: deferred, deadline: 24h}
workflows:
  repairs:
    tiers:
      t1: {handle_time: {phone: {law: exponential, mean: 5m}, chat: {mean: 8m}, email: {mean: 6m}}, resolved: 80%}
  advice: {tiers: {t1: {handle_time: {mean: 4m}, resolved: 60%, escalated: 30%}, t2: {handle_time: {mean: 12m}}}}
queue_groups:
  door: {channels: [phone, chat], tiers: t1, clock: market, hours: {mon-fri: 09:00-18:00},
         special_days: {2026-05-05: 10:00-15:00, 2026-05-06: 10:00-15:00}}
vendors:
  own: {kind: in_house, paid_hour: 20, shrinkage: {unspecified: 18%}}
  partner: {kind: bpo, paid_hour: 12}
shift_patterns: {day: {paid: 8h, starts: [08:30], breaks: [30m unpaid]}, late: {paid: 8h, starts: 11:00}}
""",
    "tail": """
pools:
  vigo: {site: vigo, vendor: own, headcount: 26, shifts: [day, late], tier: [t1, t2]}
  partner: {site: vigo, vendor: partner, headcount: 9, shifts: [day, late], workflows: repairs}
""",
}


def scenario(form: str, routing: str = "") -> Scenario:
    return loads(PARTS["head"] + PARTS[form] + PARTS["tail"] + routing)


@pytest.fixture(scope="module")
def short() -> api.Run:
    return api.run(scenario("short"), replications=2, seed=11)


def test_the_short_scenario_simulates_as_the_long_one(short: api.Run) -> None:
    long = api.run(scenario("long"), replications=2, seed=11)
    assert short.digest == long.digest
    pd.testing.assert_frame_equal(short.estimates, long.estimates)


def test_what_the_forms_say_shows_in_the_results(short: api.Run) -> None:
    sums = short.tables["queue_sums"].sum(numeric_only=True)
    for outcome in ("closed", "abandoned", "escalated", "unresolved"):
        assert sums[outcome] > 0, outcome


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mon-fri: 09:00-18:00", "mon-fri: 09:00-17:30"),
        ("2026-05-05..2026-05-06", "2026-05-05"),
        ("aht: 4m", "aht: 4m1s"),
        ("fcr: 80%", "fcr: 81%"),
        ("shrinkage: 18%", "shrinkage: 19%"),
        ("start: 08:30", "start: 09:00"),
        ("concurrency: 3", "concurrency: 2"),
    ],
)
def test_a_form_with_another_value_simulates_otherwise(short: api.Run, old: str, new: str) -> None:
    text = PARTS["head"] + PARTS["short"] + PARTS["tail"]
    assert text.count(old) == 1
    assert api.run(loads(text.replace(old, new)), replications=2, seed=11).digest != short.digest


def test_an_overflow_step_that_adds_nobody_changes_nothing(short: api.Run) -> None:
    step = api.run(scenario("short", "routing: {overflow: [{after: 20s, to: any_vendor}]}\n"), replications=2, seed=11)
    assert step.digest == short.digest
