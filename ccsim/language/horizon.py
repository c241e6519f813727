"""What is simulated, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ccsim.language.derive import form_for
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text import scalars
from ccsim.text.clock import clock_from
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, LocalTime
from ccsim.text.tree import Leaf, Map
from ccsim.units import DAY, MINUTE, SECOND

_MOST_SIMULATED: Final = 3_660 * DAY


def _horizon(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    whole = Horizon(**values)
    interval = whole.interval
    if DAY % interval:
        entry = node.entries["interval"]
        return rd.fault(
            f"expected an interval that divides a day, like 30m, got {scalars.duration_text(interval)}",
            entry.node.place,
            joined(key, "interval"),
        )
    rd.start = datetime.fromisoformat(whole.start)
    if rd.zone is not None:
        counted_from, clock = _end_of(node, "warm_up", whole.warm_up, (0, rd.start), rd)
        counted_until, _ = _end_of(node, "length", whole.length, (counted_from, clock), rd)
        values |= {"warm_up": counted_from, "length": counted_until - counted_from}
        whole = Horizon(**values)
    rd.simulated = timedelta(microseconds=whole.warm_up + whole.length + whole.drain)
    rd.arriving = timedelta(microseconds=whole.warm_up + whole.length)
    return values


def _end_of(node: Map, name: str, length: int, since: tuple[int, datetime], rd: Reading) -> tuple[int, datetime]:
    """When a length ends that begins at `since`: microseconds that have passed since the start, and the clock's time.

    Its days are days of the calendar, what is left of it is time that passes.
    """
    assert rd.start is not None
    assert rd.zone is not None
    passed, clock = since
    days, rest = divmod(length, DAY) if _in_days(node, name) else (0, length)
    if days:
        clock += timedelta(days=days)
        passed = clock_from(rd.start, rd.zone)(clock)
    if rest:
        later = clock.replace(tzinfo=rd.zone).astimezone(UTC) + timedelta(microseconds=rest)
        clock = later.astimezone(rd.zone).replace(tzinfo=None)
    return passed + rest, clock


def _in_days(node: Map, name: str) -> bool:
    """Whether a length is said in days or weeks: days of the calendar, of 23 or 25 hours where clocks change."""
    entry = node.entries.get(name)
    return entry is not None and isinstance(entry.node, Leaf) and any(unit in entry.node.text for unit in "dw")


class Horizon(Section):
    """The simulated period and the counted part of it."""

    start: LocalTime
    """Start of the simulation, warm-up included, in local time of the scenario's `time_zone`."""
    warm_up: Duration = field(default=0, most=_MOST_SIMULATED, label="warm-up")
    """Warm-up: simulated before anything is counted. Its days and weeks are days of the calendar, as those of
    `length` are."""
    length: Duration = field(above=0, most=_MOST_SIMULATED)
    """Counted time: contacts that arrive in this time after the warm-up count. Its days and weeks are days of the
    calendar in `time_zone`: where clocks change, `1w` ends at midnight all the same, after 167 or 169 hours. `168h` are
    168 hours that pass."""
    drain: Duration = field(default=3 * DAY, most=_MOST_SIMULATED, label="drain period", formerly="run_out")
    """Longest drain period: the simulation goes on after `length` until all counted contacts and the further
    contacts of their cases have ended, but not longer than this."""
    interval: Duration = field(default=30 * MINUTE, least=SECOND, most=DAY, label="report interval")
    """Report interval: the tables by time have a row for each."""


HORIZON: Final = form_for(
    Horizon,
    finish=_horizon,
    instead=dict.fromkeys(("end", "until", "to", "weeks", "days"), "say how long it is: `length: 4w`"),
)


class RunPlan(Section):
    """Replications and seed."""

    replications: Count = field(default=20, least=1, most=10_000_000)
    """Number of independent replications."""
    seed: Count = field(default=2026, shows="seed")
    """Seed of all random numbers."""
    again: Count | None = field(
        default=None, most=10_000_000, label="replications simulated again", none="every replication", silent=True
    )
    """With `uncertain`: so many replications are simulated a second time, with the same inputs and other contacts, to
    tell what the inputs do to a KPI from what chance does; 0 saves the time. Other results do not depend on it."""


RUN: Final = form_for(RunPlan)
