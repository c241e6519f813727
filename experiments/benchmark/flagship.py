"""The flagship scenario through the whole pipeline: check, read, compile, simulate, tables, report; and its memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from experiments.benchmark import fresh
from experiments.benchmark.clock import Lap, in_turn, rates, ratios
from experiments.benchmark.figures import Figure
from experiments.benchmark.peers import one_pool
from experiments.benchmark.peers.shape import W1
from experiments.benchmark.plan import RATE, Plan, length, peer_program
from experiments.benchmark.subject import REPOSITORY, SCENARIOS
from experiments.benchmark.watch import Watch, watching

SCENARIO = REPOSITORY / "scenarios" / "global_support.yaml"
TITLE = "flagship"
PLAIN = "plain Python, heapq"
PLAIN_AIM = 0.83  # the aim of a million was set where this program simulates 1.2 million contacts of W1 a second
CHECK = "import sys; from ccsim.start import main; sys.exit(main())"  # what the installed command does

COMPILE: dict[str, tuple[str, ...]] = {
    "the rest, names": ("ccsim.model.compile:compile_model",),
    "queues, lines and eligible pools": (
        "ccsim.model.routes:make_routes",
        "ccsim.model.route_arrays:queue_arrays",
        "ccsim.model.route_arrays:seats_of",
        "ccsim.model.route_arrays:class_arrays",
        "ccsim.model.route_arrays:pool_arrays",
        "ccsim.model.route_arrays:group_arrays",
    ),
    "demand": ("ccsim.model.demand:compile_demand",),
    "weekly schedules of the pools": ("ccsim.model.staffed_pools:make_staffed_pools",),
    "expected load": ("ccsim.model.load:expected_load",),
    "requirement": ("ccsim.model.required:required_agents",),
    "rosters": ("ccsim.model.roster:build_rosters",),
    "plan of the agents": ("ccsim.model.workforce:compile_workforce",),
}
REPLICATION: dict[str, tuple[str, ...]] = {
    "driver (SimPy)": ("ccsim.engine.replication:simulate",),
    "feed of the days": ("ccsim.engine.control:day_factors", "ccsim.kernel.sources:open_days"),
    "new state": ("ccsim.kernel.state:new_state",),
    "kernel": ("ccsim.kernel.advance:advance", "ccsim.kernel.flush:settle"),
    "tally of the log": ("ccsim.kernel.tally:tally_visits", "ccsim.kernel.tally_staff:tally_spans"),
    "backlog at midnight": ("ccsim.engine.statistics:Statistics.count_backlog",),
    "tables of the replication": ("ccsim.engine.statistics:Statistics.tables",),
}
AFTER: dict[str, tuple[str, ...]] = {
    "join the tables": ("ccsim.results.tables:Assembler.add", "ccsim.results.tables:Assembler.finish"),
    "write the tables": (
        "ccsim.results.parquet:TableWriter.append",
        "ccsim.results.parquet:TableWriter.close",
        "ccsim.results.store:RunFolder.store",
    ),
    "estimates": ("ccsim.metrics.estimates:estimate",),
    "goals": ("ccsim.metrics.goals:judge",),
    "report page": ("ccsim.report.run_page:write_report",),
}


def flagship(plan: Plan) -> list[Figure]:
    """The flagship by stage: seconds before replications, contacts a second and core, nanoseconds by stage, memory."""
    # A replication of the flagship is some 2 million contacts: a few rounds say enough.
    rounds = min(plan.rounds, 3)
    short = () if plan.contacts >= 1_000_000 else ("horizon.warm_up=1d", *_weeks(1))
    return [
        *_before(rounds, short),
        *_rates(plan, rounds, short),
        *_by_stage(short),
        *_memory(),
    ]


def _weeks(number: int) -> tuple[str, ...]:
    """So many weeks counted; without surges, as theirs may lie later."""
    return (f"horizon.length={number}w", "surges={}")


def _before(rounds: int, settings: tuple[str, ...]) -> list[Figure]:
    """Seconds on the wall clock until the first contact could be simulated, processes of their own."""
    part = f"{TITLE}: before it is simulated"
    checks = [_check() for _ in range(rounds)]
    seen = [fresh.measure(SCENARIO, settings, replications=0) for _ in range(rounds)]
    return [
        Figure(part, "check with all variants, whole process", "s", tuple(checks), 0.5, "at most"),
        Figure(part, "import", "s", tuple(one["import_wall_s"] for one in seen)),
        Figure(part, "read", "s", tuple(one["read_wall_s"] for one in seen)),
        Figure(
            part, "compile the scenario, first in a process", "s",
            tuple(one["compile_wall_s"] for one in seen), 2.0, "at most",
        ),
        Figure(
            part, "the same again in that process", "s",
            tuple(one["compile_again_wall_s"] for one in seen), 2.0, "at most",
        ),
        Figure(part, "the same again, all threads", "s of processor", tuple(one["compile_again_s"] for one in seen)),
    ]  # fmt: skip


def _check() -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", CHECK, "check", str(SCENARIO)], cwd=REPOSITORY, stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - began


class Arrivals:
    """Counts what the sources of a replication bring, warm-up and drain period included; no recorded contacts.

    The number of a source is that of its next contact of the day; it begins anew with every local day.
    """

    def __init__(self) -> None:
        self._under_way: Any = None
        self._ended = 0
        self._begun: Any = None

    def watch(self, under_way: Any) -> Iterator[Any]:
        """A control process: looks at the numbers before and after each local day begins."""
        self._under_way = under_way
        self._begun = self._numbers()
        env = under_way.env
        for instant in sorted({opening.time for opening in under_way.model.openings if opening.time > 0}):
            yield env.timeout(instant - 1 - env.now)
            self._ended = self.total()
            self._begun = self._numbers()
            yield env.timeout(1)  # the feed goes first
            self._begun = np.minimum(self._begun, self._numbers())

    def total(self) -> int:
        """Contacts that came until now."""
        return self._ended + int(
            np.maximum(self._numbers() - self._begun, 0).sum()
        )  # the replication may end as a day begins

    def _numbers(self) -> Any:
        from ccsim.kernel.layout import SOURCE_NUMBER

        return np.maximum(self._under_way.state.sources[:, SOURCE_NUMBER], 0)


class _Replications:
    """Replications of the flagship, other replications each time, with what came in."""

    def __init__(self, settings: tuple[str, ...]) -> None:
        from ccsim.model import compile_model
        from ccsim.scenario import load

        self.model: Any = compile_model(load(SCENARIO, settings=list(settings)))
        self.visits: list[int] = []
        self.events: list[int] = []
        self._replication = 0
        self()
        self.visits.clear()
        self.events.clear()

    def __call__(self) -> int:
        """Simulate one more; how many contacts its sources brought."""
        from ccsim.engine import simulate
        from ccsim.records.tables import REPLICATIONS

        arrivals: Any = Arrivals()
        self._replication += 1
        simulated = simulate(self.model, seed=1, replication=self._replication, processes=(arrivals.watch,))
        names = [column.name for column in REPLICATIONS][1:]
        totals = dict(zip(names, simulated.tables["replications"][0].tolist(), strict=True))
        self.visits.append(totals["visits"])
        self.events.append(totals["events"])
        return int(arrivals.total())


def _rates(plan: Plan, rounds: int, settings: tuple[str, ...]) -> list[Figure]:
    """Contacts a second and core, beside W1 and SimPy's process programs in the same rounds."""
    part = f"{TITLE}: a replication, tables included"
    replications = _Replications(settings)
    peers = {name: peer for name, peer in one_pool.PROGRAMS.items() if "processes" in name}
    plain = one_pool.PROGRAMS[PLAIN]
    of_peer = "flagship visits / {}, W1"
    laps = in_turn(
        {
            "flagship": replications,
            "w1": plan.simulate(SCENARIOS / "w1.yaml", (length(plan.contacts, W1.per_minute),)),
            **{name: peer_program(peer, W1, plan.peer_contacts) for name, peer in {**peers, PLAIN: plain}.items()},
        },
        rounds,
    )
    own = laps["flagship"]
    contacts = sum(one.work for one in own)
    visits, events = sum(replications.visits), sum(replications.events)
    note = f"{contacts // rounds:,} new contacts, {visits // rounds:,} visits a replication"
    by_visit = [Lap(n, one.wall, one.cpu) for n, one in zip(replications.visits, own, strict=True)]
    by_event = [Lap(n, one.wall, one.cpu) for n, one in zip(replications.events, own, strict=True)]
    return [
        Figure(part, "new contacts", RATE, tuple(rates(own)), 1e6, note=note),
        Figure(part, "visits", "visits/s/core", tuple(rates(by_visit))),
        Figure(part, "events of the kernel", "events/s/core", tuple(rates(by_event))),
        Figure(part, "events a visit", "events", (events / visits,)),
        Figure(part, "one replication", "s", tuple(one.cpu for one in own)),
        Figure(part, "W1, the same rounds", RATE, tuple(rates(laps["w1"]))),
        Figure(part, "flagship visits / W1 contacts", "times", tuple(ratios(by_visit, laps["w1"]))),
        *(Figure(part, f"W1: ccsim / {name}", "times", tuple(ratios(laps["w1"], laps[name]))) for name in peers),
        *(Figure(part, of_peer.format(name), "times", tuple(ratios(by_visit, laps[name]))) for name in peers),
        Figure(part, f"flagship new contacts / {PLAIN}, W1", "times", tuple(ratios(own, laps[PLAIN])), PLAIN_AIM),
    ]  # fmt: skip


def _by_stage(settings: tuple[str, ...]) -> list[Figure]:
    """Processor time by stage of compile, of a replication, and of what comes after, on one worker thread."""
    from ccsim import api
    from ccsim.report import run_page

    given: dict[str, Any] = {"settings": list(settings), "workers": 1}
    with watching(COMPILE) as compiling:
        ready = api.prepare(SCENARIO, replications=2, **given)
    with tempfile.TemporaryDirectory() as place, watching({**REPLICATION, **AFTER}) as simulating:
        run = ready.simulate(out=Path(place) / "run")
        run_page.write_report(run, Path(place) / "report.html")
    replications = len(run.tables["replications"])
    visits = int(run.tables["replications"]["visits"].sum())
    return [
        *_stages(f"{TITLE}: compile by stage, processor time", compiling, COMPILE, 1e-3, "ms"),
        *_stages(f"{TITLE}: a replication by stage", simulating, REPLICATION, 1e-3 * replications, "ms"),
        *_stages(f"{TITLE}: a replication by stage, a visit", simulating, REPLICATION, 1e-9 * visits, "ns/visit"),
        *_stages(f"{TITLE}: after {replications} replications", simulating, AFTER, 1e-3, "ms"),
    ]


def _stages(part: str, watch: Watch, stages: dict[str, tuple[str, ...]], unit_s: float, unit: str) -> list[Figure]:
    whole = sum(watch.seconds[stage] for stage in stages)
    return [
        Figure(part, stage, unit, (watch.seconds[stage] / unit_s,), note=f"{watch.seconds[stage] / whole:.1%}")
        for stage in stages
    ] + [Figure(part, "together", unit, (whole / unit_s,))]


def _memory() -> list[Figure]:
    """Peak memory of a fresh process that simulates one week or four."""
    part = f"{TITLE}: memory of a process, one replication"
    fresh.measure(SCENARIO, _weeks(1))  # so that nobody compiles in what is measured
    seen = {weeks: fresh.measure(SCENARIO, _weeks(weeks)) for weeks in (1, 4)}
    return [
        Figure(part, "before the first replication, 4 weeks", "MB", (seen[4]["before"] / 1e6,)),
        *(Figure(part, f"peak, {weeks} weeks counted", "MB", (one["peak"] / 1e6,)) for weeks, one in seen.items()),
        Figure(part, "peak, 4 / 1 weeks", "times", (seen[4]["peak"] / seen[1]["peak"],)),
        Figure(part, "tables of the result, 4 weeks", "MB", (seen[4]["tables"] / 1e6,)),
    ]
