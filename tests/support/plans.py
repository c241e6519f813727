"""Small pools and their plans: rows in words, and agents on the line by local hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ccsim.kernel import layout
from ccsim.model import Model, compile_model
from ccsim.scenario import loads
from ccsim.units import HOUR, MINUTE

WHAT = {
    layout.STAFF_UP: "rise",
    layout.STAFF_DOWN: "fall",
    layout.SIGN_IN: "in",
    layout.SIGN_OUT: "out",
    layout.BREAK: "break",
    layout.OPENS: "opens",
    layout.CLOSES: "closes",
}


def model(
    pools: str, start: str = "2026-03-02", length: str = "1d", zone: str = "UTC", more: str = "", rest: str = ""
) -> Model:
    return compile_model(
        loads(
            f"""\
scenario: plan
time_zone: {zone}
horizon: {{start: {start}, length: {length}, drain: 0s, interval: 1h{more}}}
handle_time: 1m
demand: {{calls: {{per_hour: 1}}}}
pools: {{{pools}}}
{rest}
"""
        )
    )


def plan(found: Model) -> list[tuple[float, str, int]]:
    return [(row[0] / HOUR, WHAT[row[1]], int(row[2])) for row in found.plan]


def desk(
    site: str, pool: str, start: str, length: str, zone: str = "Europe/Berlin", pattern: str = "", more: str = ""
) -> Model:
    return compile_model(
        loads(f"""
scenario: desk
time_zone: {zone}
horizon: {{start: {start}, length: {length}, drain: 0s, interval: 1h{more}}}
handle_time: 1m
channels: {{mail: {{kind: deferred}}}}
demand: {{calls: {{channel: mail, per_hour: 1}}}}
sites: {{hall: {{region: eu, time_zone: {zone}, {site}}}}}
shift_patterns: {{day: {{{pattern or "paid: 8h, starts: 10:00, days: mon-fri"}}}}}
vendors: {{own: {{kind: in_house, paid_hour: 20}}}}
pools: {{desk: {{site: hall, vendor: own, {pool}}}}}
""")
    )


def said(text: str) -> set[tuple[str, int]]:
    """Dates and hours, in `2026-12-24 8-12`."""
    found = set()
    for part in text.split(", "):
        day, _, hours = part.partition(" ")
        since, until = (int(hour) for hour in hours.split("-"))
        found |= {(day, hour) for hour in range(since, until)}
    return found


def worked(model: Model, zone: str = "Europe/Berlin") -> dict[tuple[str, int], float]:
    """Agents planned on the line by local date and hour, where there are any."""
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=model.span.start_utc + model.span.counted_from)
    found = {}
    for number, minutes in enumerate(model.planned_us[:, 0] / MINUTE):
        moment = (start + number * timedelta(hours=1)).astimezone(ZoneInfo(zone))
        if minutes:
            found[moment.date().isoformat(), moment.hour] = float(minutes) / 60
    return found


def each(text: str, agents: float) -> dict[tuple[str, int], float]:
    return dict.fromkeys(said(text), agents)
