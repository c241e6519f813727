"""What simulating a scenario will take, foreseen from the scenario alone: visits, rows of tables, time and memory."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from ccsim.centre.bots import contacts_by_channel, met_by
from ccsim.centre.expected import expected_by_stream, forecast_means
from ccsim.centre.findings import ANYWAY
from ccsim.centre.journeys import Journey, journey
from ccsim.centre.legs import legs_of, tiers_of
from ccsim.centre.precedence import handle_time_of, patience_of, time_out_of
from ccsim.centre.streams import streams_of
from ccsim.language.channels import Channel
from ccsim.language.handling import mean_handle
from ccsim.language.laws import mean_of
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.language.workflows import Workflow
from ccsim.units import DAY, WEEK

# Rates of one core and sizes, on the careful side; measured in docs/background/speed.md.
VISITS_A_SECOND: Final = 500_000
AGENT_EVENTS_A_SECOND: Final = 1_000_000
ROWS_A_SECOND: Final = 500_000
START_SECONDS: Final = 6.0
"""Imports, compiling a small scenario, estimates and the page."""
START_BYTES: Final = 330_000_000
"""A process that has simulated a small desk and made its page."""
BYTES_A_PLAN_ROW: Final = 120
BYTES_A_POOL_INTERVAL: Final = 250
BYTES_A_FLOW_INTERVAL: Final = 900
BYTES_A_QUEUE: Final = 3_000
BYTES_A_QUEUE_AND_POOL: Final = 30
BYTES_A_FLOW: Final = 40_000
BYTES_A_AGENT: Final = 150
BYTES_A_WAITING: Final = 600
BYTES_A_KEPT_VISIT: Final = 400

LONGEST_SECONDS: Final = 86_400.0
"""`run` asks before it simulates for longer than a day."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one run will take, by expected values; everybody is taken to be answered."""

    contacts: float
    """New contacts of a replication that arrive until the end of the length, warm-up included."""
    visits: float
    """Visits of a replication: these through tiers, transfers and returns. Infinite where they never end."""
    agent_events: float
    """Sign-ins, breaks and sign-outs of a replication."""
    rows: float
    """Rows by interval and flow or pool of a replication's tables."""
    waiting: float
    """Contacts that wait at once, where there is more work than agents can do; 0 where there is not."""
    replications: int
    workers: int
    memory: float
    """Bytes at the peak of the run; infinite where visits never end and are kept."""
    seconds: float
    """Seconds of the whole run."""

    @property
    def too_long(self) -> bool:
        """Whether it would take longer than `LONGEST_SECONDS`."""
        return self.seconds > LONGEST_SECONDS

    def __str__(self) -> str:
        visits = "visits without end" if math.isinf(self.visits) else f"about {_count(self.visits)} visits"
        replications = "1 replication" if self.replications == 1 else f"{self.replications:,} replications"
        on = "1 worker" if self.workers == 1 else f"{self.workers:,} workers"
        time = "no end" if math.isinf(self.seconds) else f"some {_time(self.seconds)}"
        memory = "memory without limit" if math.isinf(self.memory) else f"{_bytes(self.memory)} of memory"
        return f"{visits} a replication, {replications}: {time} on {on}, {memory}"


def foresee(
    scenario: Scenario,
    *,
    replications: int | None = None,
    workers: int = 1,
    visits: bool = False,
    expected: Mapping[tuple[str, str], float] | None = None,
) -> Foreseen:
    """What a run of a scenario will take.

    Parameters
    ----------
    replications
        Default: the scenario's.
    workers
        Threads.
    visits
        Whether one row a visit is kept.
    expected
        Expected contacts of the counted length by volume and stream, where somebody has them already.
    """
    replications = scenario.run.replications if replications is None else replications
    horizon = scenario.horizon
    longer = (horizon.warm_up + horizon.length) / horizon.length
    contacts = {
        name: longer * n for name, n in (expected_by_stream(scenario) if expected is None else expected).items()
    }
    visited = _visits(scenario, contacts)
    planned = sum(_agent_events(scenario, pool) for pool in scenario.pools.values())
    events = planned + sum(_break_events(scenario, pool) for pool in scenario.pools.values())
    waiting = _waiting(scenario, contacts)
    size = _size(scenario)
    intervals = -(-horizon.length // horizon.interval)
    by_pool = intervals * len(scenario.pools)
    by_flow = min(intervals * size.flows, visited)
    at_once = min(workers, replications)
    one = visited / VISITS_A_SECOND + events / AGENT_EVENTS_A_SECOND + (by_pool + by_flow) / ROWS_A_SECOND
    simulate = (
        by_pool * BYTES_A_POOL_INTERVAL
        + by_flow * BYTES_A_FLOW_INTERVAL
        + size.queues * (BYTES_A_QUEUE_AND_POOL * len(scenario.pools) + BYTES_A_QUEUE)
        + size.flows * BYTES_A_FLOW
        + _agents(scenario) * BYTES_A_AGENT
        + waiting * BYTES_A_WAITING
        + (visited * BYTES_A_KEPT_VISIT if visits else 0.0)
    )
    model = planned * BYTES_A_PLAN_ROW + by_pool * BYTES_A_POOL_INTERVAL
    return Foreseen(
        contacts=sum(contacts.values()),
        visits=visited,
        agent_events=events,
        rows=by_pool + by_flow,
        waiting=waiting,
        replications=replications,
        workers=workers,
        memory=START_BYTES + model + simulate * at_once,
        seconds=START_SECONDS
        + 2 * (planned / AGENT_EVENTS_A_SECOND + by_pool / ROWS_A_SECOND)
        + one * replications / at_once,
    )


def _visits(scenario: Scenario, contacts: Mapping[tuple[str, str], float]) -> float:
    """Expected visits; those that other customers answer, without reaching a queue, among them."""
    journeys: dict[tuple[str, str], Journey] = {}
    total = 0.0
    for stream in streams_of(scenario):
        key = (stream.workflow, stream.channel)
        if key not in journeys:
            journeys[key] = journey(scenario, *key)
        way = journeys[key]
        peers = scenario.channels.get(stream.channel, Channel()).peers.share
        reached = 1.0 - peers
        mine = contacts.get((stream.volume, stream.name), 0.0)
        if mine <= 0.0:
            continue
        for name, times in contacts_by_channel(scenario, stream, way, reached).items():
            other = scenario.channels.get(name, Channel()).peers.share
            met = met_by(scenario, stream._replace(channel=name))
            total += mine * times * (met.sessions + met.agents * (other + (1.0 - other) * way.visits_of_contact))
    return total


def _waiting(scenario: Scenario, contacts: Mapping[tuple[str, str], float]) -> float:
    """Contacts that wait at once where all agents together cannot do all the work, were they always there.

    Of those who never leave, all that are not answered; of the others, as many as come while one waits (Little).
    """
    horizon = scenario.horizon
    simulated = horizon.warm_up + horizon.length
    work = 0.0
    kept: list[float] = []
    said = forecast_means(scenario)
    for stream in streams_of(scenario):
        mine = contacts.get((stream.volume, stream.name), 0.0)
        workflow = scenario.workflows.get(stream.workflow, Workflow())
        channel = scenario.channels.get(stream.channel, Channel())
        tier = next(iter(tiers_of(scenario, stream.workflow).values()))
        handle = handle_time_of(scenario, workflow, tier, channel, stream.channel)
        aht = said.get((stream.volume, stream.name), 0.0)
        met = met_by(scenario, stream)
        reaching = mine * met.agents
        work += reaching * met.pace * (0.0 if handle is None else mean_handle(handle, aht)) / channel.concurrency
        patience = patience_of(scenario, workflow, channel)
        stay = math.inf if patience is None or patience.time is None else mean_of(patience.time)
        out = time_out_of(workflow, channel)
        stay = min(stay, math.inf if out is None or out.then is not None else out.after, simulated)
        kept.append(reaching * stay / simulated)
    able = _agents(scenario) * simulated
    return sum(kept) * (1.0 - able / work) if work > able else 0.0


def _legs(scenario: Scenario, workflow: str) -> int:
    """Queues of a stream: once for each severity."""
    known = scenario.workflows.get(workflow)
    return len(legs_of(scenario, workflow)) * max(len(known.severity) if known else 0, 1)


@dataclass(frozen=True, slots=True)
class _Size:
    queues: int
    flows: int


def _size(scenario: Scenario) -> _Size:
    """Queues (a stream at a tier) and flows (a volume on a channel at a tier)."""
    legs = {name: _legs(scenario, name) for name in {v.workflow for v in scenario.demand.values()}}
    streams = streams_of(scenario)
    flows = {(stream.volume, stream.channel, stream.workflow) for stream in streams}
    return _Size(
        queues=sum(legs[stream.workflow] for stream in streams), flows=sum(legs[workflow] for *_, workflow in flows)
    )


def _agents(scenario: Scenario) -> float:
    """Agents of all pools."""
    return sum(map(_agents_of, scenario.pools.values()))


def _agents_of(pool: Pool) -> float:
    """Agents of a pool."""
    named = sum(shift.agents for shift in pool.shifts)
    return named + (pool.headcount or (pool.staffing.most if pool.staffing else 0))


def _break_events(scenario: Scenario, pool: Pool) -> float:
    """Starts and ends of breaks at random until the end of the replication, were all agents always there."""
    if pool.breaks is None:
        return 0.0
    horizon = scenario.horizon
    simulated = horizon.warm_up + horizon.length + horizon.drain
    return 2.0 * _agents_of(pool) * simulated / (mean_of(pool.breaks.every) + mean_of(pool.breaks.length))


def _agent_events(scenario: Scenario, pool: Pool) -> float:
    """Rows of the plan: sign-ins, sign-outs, starts and ends of breaks until the end of the replication."""
    horizon = scenario.horizon
    simulated = horizon.warm_up + horizon.length + horizon.drain
    if pool.staffing is not None:
        values = pool.staffing.values
        moves = sum(abs(b - a) for a, b in pairwise(values)) + values[0] + values[-1]
        return moves if pool.staffing.start is not None else moves * simulated / DAY
    events = sum(
        shift.agents * (2 + 2 * len(shift.breaks)) * (len(shift.on) or len(shift.days) * simulated / WEEK)
        for shift in pool.shifts
    )
    patterns = [scenario.shift_patterns[name] for name in pool.patterns if name in scenario.shift_patterns]
    if pool.headcount and patterns:
        each = max((4 + 2 * len(pattern.breaks)) * pattern.work_days for pattern in patterns)
        events += pool.headcount * each * simulated / WEEK
    return events


def reasons_against(seen: Foreseen, machine: int | None) -> list[str]:
    """Why `run` asks before it simulates: too long, or more memory than the machine has; nothing where it is
    neither."""
    found = []
    if seen.too_long and not math.isinf(seen.visits):
        found.append(
            f"it would take {_time(seen.seconds)} ({seen}); a shorter horizon, fewer contacts or fewer replications "
            f"would do; {ANYWAY}"
        )
    if machine is not None and seen.memory > machine and not math.isinf(seen.visits):
        found.append(
            f"it would take {_bytes(seen.memory)} of memory, and there are {_bytes(machine)} (a replication has "
            f"{_count(seen.rows)} rows by interval, {_count(seen.agent_events)} events of agents, and up to "
            f"{_count(seen.waiting)} contacts that wait at once); a longer `horizon.interval`, a shorter horizon, "
            f"fewer contacts or fewer workers would do; {ANYWAY}"
        )
    return found


def memory_of_machine() -> int | None:
    """Bytes of memory that this process may have: the machine's, or its container's where that is less; None where the
    system does not say."""
    found: list[int] = []
    with suppress(ValueError, OSError, AttributeError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            found.append(int(Path(name).read_text(encoding="ascii")))
    return min((size for size in found if size > 0), default=None)


def _count(number: float) -> str:
    for size, word in ((1e12, "million million"), (1e9, "thousand million"), (1e6, "million")):
        if number >= size:
            return f"{number / size:,.3g} {word}" if number < 1e15 else f"{number:.2g}"
    return f"{round(number):,}"


def _time(seconds: float) -> str:
    for size, word in ((86_400.0 * 365.25, "years"), (86_400.0, "days"), (3_600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {word}"
    return f"{seconds:.0f} s"


def _bytes(size: float) -> str:
    for unit, word in ((1e12, "TB"), (1e9, "GB")):
        if size >= unit:
            return f"{size / unit:,.1f} {word}"
    return f"{size / 1e6:.0f} MB"
