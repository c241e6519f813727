"""A small global centre that uses everything at once: three days, four pools, a few thousand contacts."""

from __future__ import annotations

from ccsim.language.scenario import Scenario
from tests.support.stories import script

SMALL_GLOBE = """
horizon: {start: 2026-03-04 00:00, warm_up: 6h, length: 2d, drain: 1d, interval: 30m}
service_level: {within: [20s, 60s]}
markets:
  us: {region: NA, time_zone: America/New_York, languages: {en: 85%, es: 15%}, residency: [NA]}
  de: {region: EMEA, time_zone: Europe/Berlin, languages: {de: 90%, en: 10%}}
segments: {gold: {priority: 1, wait_credit: 20s}}
channels:
  phone: {patience: {law: weibull, mean: 3m, shape: 0.8, zero: 2%}}
  chat: {concurrency: 3, speed: [1.0, 0.7, 0.5], patience: {law: exponential, mean: 5m}}
  forum: {kind: deferred, peers: 40%, deadline: 8h}
workflows:
  sales:
    tiers:
      t1:
        handle_time: {talk: {mean: 5m, cv: 0.8}, wrap_up: 20s}
        transfers: {billing: 8%}
        escalated: 10%
        resolved: 70%
      t2: {handle_time: 9m}
    returns:
      after_abandon: {share: 40%, after: {law: exponential, mean: 30m}, attempts: 2}
      after_unresolved: {share: 50%, after: {law: exponential, mean: 3h}}
  billing: {certification: payments, tiers: {t1: {handle_time: 6m, transfers: {sales: 5%}, resolved: 85%}}}
demand:
  sales:
    per_week: 9_000
    markets: {us: 55%, de: 45%}
    channels: {phone: 60%, chat: 30%, forum: 10%}
    segments: {all: 80%, gold: 20%}
    profile: business_day
    day_factor: {cv: 15%, shared: economy, correlation: 60%}
  billing:
    per_week: 2_500
    markets: {us: 50%, de: 50%}
    channels: {phone: 100%}
    profile: business_day
    day_factor: {cv: 10%, shared: economy, correlation: 30%}
sites:
  austin: {region: NA, time_zone: America/Chicago, hours: 24x7}
  berlin: {region: EMEA, time_zone: Europe/Berlin, hours: 24x7}
vendors:
  own: {kind: in_house, paid_hour: 30, shrinkage: {absence: 15%, leave: 5%, training: 4%}, premiums: {night: 20%}}
  helper: {paid_hour: 12, shrinkage: {absence: 10%}}
shift_patterns:
  day: {paid: 8h, starts: [06:00, 08:00, 10:00, 14:00], breaks: [15m, 30m unpaid, 15m]}
pools:
  texas: {site: austin, vendor: own, tier: [t1, t2], headcount: 16, shifts: [day], languages: [en, es],
          certifications: [payments]}
  texas_helper: {site: austin, vendor: helper, staffing: 3, languages: {en: 90%}, workflows: [sales],
                 channels: [phone, chat]}
  prussia: {site: berlin, vendor: own, tier: [t1, t2], headcount: 14, shifts: [day], languages: {de: 100%, en: 80%},
            certifications: [payments], deferred: {keep_free: 1}}
  prussia_helper: {site: berlin, vendor: helper, staffing: 3, languages: [de], workflows: [sales]}
queue_groups:
  door: {clock: market, channels: [phone, chat], tiers: [t1], hours: {mon-sun: 08:00-18:00}, max_waiting: 30,
         at_closing: clear}
routing:
  prefer: [same_region, cheapest]
  overflow:
    - {after: 30s, to: any_region}
    - {after: 60s, to: any_vendor}
    - {after: 2m, to: {language: en, translated: {handle_time: 1.3, price: 0.4}}}
  vendor_share: {sales: {own: 60%, helper: 40%}}
""".strip()


def small_globe() -> Scenario:
    """The scenario, read and checked as a planner's file is."""
    return script(SMALL_GLOBE)
