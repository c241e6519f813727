"""A small desk of people employed, for the tests of rosters and plans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from ccsim.centre.streams import streams_of
from ccsim.kernel import layout
from ccsim.language.scenario import Scenario
from ccsim.model.local_time import utc_micros
from ccsim.model.model import Span
from ccsim.model.routes import make_routes
from ccsim.model.staffed_pools import Clocks
from ccsim.model.workforce import Workforce, compile_workforce
from ccsim.scenario import loads

TEXT = """\
scenario: employed
time_zone: {zone}
horizon: {{start: {start}, warm_up: {warm_up}, length: {length}, drain: 0s, interval: {interval}}}
handle_time: 5m
demand: {{calls: {{per_week: {volume}, profile: {profile}}}}}
sites:
  here: {{region: EMEA, time_zone: {site_zone}, hours: {hours}{site}}}
vendors:
  house: {{kind: in_house, paid_hour: 40{vendor}}}
shift_patterns:
  main: {{paid: {paid}, starts: [{starts}]{pattern}}}
{patterns}pools:
  desk: {{site: here, vendor: house, headcount: {people}, shifts: [{shifts}]{pool}}}
{rest}"""


REST = "  zz_rest: {staffing: 3}\n"  # somebody is there at all hours, so that every contact has an eligible pool

HOLIDAY = {"site_zone": "Europe/Berlin", "zone": "Europe/Berlin", "start": "2026-04-27", "length": "2w"}  # 1 May


def text(**given: object) -> str:
    values: dict[str, object] = {
        "zone": "UTC", "start": "2026-03-02", "warm_up": "0s", "length": "2w", "interval": "30m", "volume": 3000,
        "profile": "flat", "site_zone": "UTC", "hours": "24x7", "site": "", "vendor": "", "paid": "8h",
        "starts": "00:00, 08:00, 16:00", "pattern": "", "patterns": "", "people": 20, "shifts": "main",
        "pool": "", "rest": "",
    }  # fmt: skip
    return TEXT.format(**{**values, **given})


def built(scenario: Scenario) -> tuple[Workforce, Span]:
    horizon = scenario.horizon
    start = utc_micros(datetime.fromisoformat(horizon.start), ZoneInfo(scenario.time_zone))
    until = horizon.warm_up + horizon.length
    span = Span(horizon.warm_up, until, until + horizon.drain, horizon.interval, start)
    routes = make_routes(scenario, streams_of(scenario))
    return compile_workforce(scenario, routes, Clocks(start), span), span


@cache
def made(given: str) -> tuple[Workforce, Span]:
    return built(loads(given))


def rows(found: Workforce, what: int) -> layout.Ints:
    return found.plan[found.plan[:, layout.PLAN_WHAT] == what]


def sign_ins(found: Workforce) -> dict[int, list[int]]:
    """Instants of sign-ins by agent."""
    comes: dict[int, list[int]] = {}
    for row in rows(found, layout.SIGN_IN):
        comes.setdefault(int(row[layout.PLAN_WHO]), []).append(int(row[layout.PLAN_TIME]))
    return comes


def local(span: Span, instant: int, zone: str) -> datetime:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=span.start_utc + instant)
    return moment.astimezone(ZoneInfo(zone))


# People and days
