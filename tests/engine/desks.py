"""Small scenarios that theory knows."""

from __future__ import annotations

from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import Volume
from ccsim.language.goals import ServiceLevel
from ccsim.language.handling import HandleTime, Patience
from ccsim.language.horizon import Horizon
from ccsim.language.laws import Exponential
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.units import DAY, HOUR, MINUTE


def flat(per_minute: float) -> RateCurve:
    return RateCurve(grid=Grid(every=DAY, values=(per_minute / MINUTE,)))


def staffed(agents: int) -> Grid:
    return Grid(every=DAY, values=(float(agents),))


def erlang_a(
    *,
    servers: int = 12,
    per_minute: float = 4.2,
    service: int = 2 * MINUTE,
    patience: int | None = MINUTE,
    warm_up: int = HOUR,
    length: int = 20 * HOUR,
) -> Scenario:
    return Scenario(
        scenario="erlang-a",
        horizon=Horizon(
            start="2026-01-01T00:00:00", warm_up=warm_up, length=length, drain=3 * DAY, interval=30 * MINUTE
        ),
        service_level=ServiceLevel(within=(20_000_000,)),
        handle_time=HandleTime(talk=Exponential(mean=service)),
        patience=None if patience is None else Patience(time=Exponential(mean=patience)),
        demand={"calls": Volume(workflow="calls", rate=flat(per_minute))},
        pools={"desk": Pool(staffing=staffed(servers))},
    )


CENTRE = """
horizon: {start: 2026-03-01 23:00, warm_up: 1h, length: 47h, drain: 1d, interval: 30m}
service_level: {within: [20s, 1m], short_abandon: 5s}
channels:
  phone: {max_wait: 4m, patience: {law: exponential, mean: 3m}}
  chat: {concurrency: 3, speed: [1.0, 0.7, 0.5]}
  email: {kind: deferred, deadline: 2h}
vendors:
  own: {kind: in_house, paid_hour: 20, premiums: {night: 33.3333%, overtime: 50%}}
  helper: {paid_hour: 10, premiums: {night: 15%, weekend: 20%, overtime: 25%}, billed_in: 15m}
markets: {home: {region: EMEA, time_zone: UTC, languages: {en: 100%}}}
sites: {here: {region: EMEA, time_zone: UTC, hours: 24x7}}
workflows:
  sales:
    tiers:
      t1: {handle_time: {talk: {mean: 3m, cv: 1}, wrap_up: 30s}, escalated: 10%, transfers: {help: 10%}, resolved: 60%}
      t2: {handle_time: 5m}
    returns: {after_abandon: {share: 50%, after: {law: exponential, mean: 20m}}}
  help: {handle_time: 20m}
demand:
  sales: {per_day: 600, market: home, channels: {phone: 60%, chat: 30%, email: 10%}}
  help: {per_day: 90, market: home, channel: email}
pools:
  a_desk: {site: here, vendor: own, tier: [t1, t2], staffing: 1}
  b_desk:
    vendor: helper
    site: here
    shifts:
      - {agents: 2, start: 06:00, length: 8h, breaks: [{after: 2h, length: 15m}, {after: 4h, length: 30m, paid: false}]}
queue_groups: {door: {channels: [phone], max_waiting: 2, hours: 02:00-20:00, at_closing: clear}}
routing:
  vendor_share: {sales: {own: 60%, helper: 40%}}
  overflow: [{after: 40s, to: any_vendor}]
"""

VENDOR_DESK = """
scenario: desk
horizon: {start: 2026-03-02, warm_up: 1h, length: 20h}
demand:
  calls: {per_minute: 2, profile: flat, workflow: calls}
  tech: {per_minute: 0.4, profile: flat, workflow: tech}
  chats: {per_minute: 0.6, profile: flat, workflow: chats}
workflows:
  calls:
    fcr: 70%
    handle_time: {mean: 3m, cv: 0.7}
    patience: 90s
    returns: {after_unresolved: {share: 60%, after: 30m}, after_abandon: {share: 40%, after: 5m}}
  tech: {fcr: 90%, handle_time: {mean: 6m, cv: 0.5}, patience: 2m}
  chats: {fcr: 80%, handle_time: 5m, patience: 2m}
vendors: {own: {kind: in_house, paid_hour: 30}, partner: {paid_hour: 20}}
sites:
  leeds: {region: eu, time_zone: Europe/London, hours: 24x7}
  sofia: {region: eu, time_zone: Europe/Sofia, hours: 24x7}
pools:
  house: {vendor: own, site: leeds, staffing: 3, skills: {calls: {}, chats: {}}}
  slow: {vendor: partner, site: sofia, staffing: 5, skills: {calls: {}, chats: {}}, handle_time: 1.4}
  tech: {vendor: own, site: leeds, staffing: 3, skills: {tech: {}}}
routing:
  vendor_share: {calls: {own: 50%, partner: 50%}}
  overflow: [{after: 30s, to: any_vendor}]
service_level: {within: 20s}
goals:
  - {kpi: service_level, vendor: partner, at_least: 50%}
  - {kpi: abandonment, pool: tech, at_most: 20%}
  - {kpi: fcr, vendor: own, at_least: 50%}
"""
