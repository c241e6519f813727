"""Where the time goes: by stage of a run, and what one change of the workload does to a contact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.benchmark.clock import Program, in_turn
from experiments.benchmark.figures import Figure
from experiments.benchmark.plan import Plan, length
from experiments.benchmark.subject import SCENARIOS
from experiments.benchmark.watch import watching

STAGES: dict[str, tuple[str, ...]] = {
    "whole run, all the rest": ("ccsim.api:run",),
    "load the scenario": ("ccsim.scenario.load:read",),
    "compile the model": ("ccsim.model.compile:compile_model",),
    "control plane (SimPy, driver)": ("ccsim.engine.replication:simulate",),
    "new state": ("ccsim.kernel.state:new_state",),
    "kernel": ("ccsim.kernel.advance:advance", "ccsim.kernel.flush:settle"),
    "tally of the log": ("ccsim.kernel.tally:tally_visits", "ccsim.kernel.tally_staff:tally_spans"),
    "tables of a replication": ("ccsim.engine.statistics:Statistics.tables",),
    "join the tables": ("ccsim.results.tables:Assembler.add", "ccsim.results.tables:Assembler.finish"),
    "estimates": ("ccsim.metrics.estimates:estimate",),
    "provenance": ("ccsim.results.provenance:provenance",),
}

#: Scenario, then settings: each line changes little of the one it is compared with.
CHANGES: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "W1": ("w1", 100, ()),
    "W1, interval 24h": ("w1", 100, ("horizon.interval=24h",)),
    "W1, interval 5m": ("w1", 100, ("horizon.interval=5m",)),
    "W1, constant handle time": ("w1", 100, ("handle_time=5m",)),
    "W1, lognormal handle time": ("w1", 100, ("handle_time={law: lognormal, mean: 5m, cv: 100%}",)),
    "W1, load 0.8": ("w1", 80, ("demand.calls.per_minute=80",)),
    "W1, load 0.8, no patience": ("w1", 80, ("demand.calls.per_minute=80", "patience=null")),
    "W1, load 1.2": ("w1", 120, ("demand.calls.per_minute=120",)),
    "W1, 10 agents": ("w1", 2, ("demand.calls.per_minute=2", "pools.desk.staffing=10")),
    "W2, patience": ("w2_patience", 100, ()),
    "W2, patience, exponential handle time": (
        "w2_patience",
        100,
        ("handle_time={law: exponential, mean: 5m}",),
    ),
    "W2": ("w2", 100, ()),
    "W2, random agent": ("w2", 100, ("routing.choose_agent=random",)),
}


def profile(plan: Plan) -> list[Figure]:
    """Nanoseconds a contact: by stage of whole runs, then by changes of the workload."""
    figures = []
    for scenario, settings, replications in (
        ("w1", (length(plan.contacts, 100),), 4),
        ("w2", (length(plan.contacts, 100),), 4),
        ("day12", (), max(10, plan.replications // 20)),
    ):
        figures += by_stage(SCENARIOS / f"{scenario}.yaml", settings, replications)
    return figures + by_change(plan)


def by_stage(scenario: Path, settings: tuple[str, ...], replications: int) -> list[Figure]:
    """Processor time of each stage of `ccsim.api.run` on one thread, after a first run."""
    import ccsim.api as api

    given: dict[str, Any] = {"settings": list(settings), "workers": 1}
    api.run(scenario, replications=1, **given)
    with watching(STAGES) as watch:
        run = api.run(scenario, replications=replications, **given)
    contacts = int(run.tables["replications"]["visits"].sum())
    part = f"profile: {scenario.stem}, {replications} replications, {contacts:,} contacts"
    whole = sum(watch.seconds.values())
    return [
        Figure(part, stage, "ns/contact", (seconds / contacts * 1e9,), note=f"{seconds / whole:.1%}")
        for stage, seconds in watch.seconds.items()
    ]


def by_change(plan: Plan) -> list[Figure]:
    """Processor time a contact of `simulate`, workload beside workload."""
    programs: dict[str, Program] = {
        name: plan.simulate(SCENARIOS / f"{scenario}.yaml", (length(plan.contacts, rate), *settings))
        for name, (scenario, rate, settings) in CHANGES.items()
    }
    laps = in_turn(programs, plan.rounds)
    return [
        Figure("profile: simulate, one change", name, "ns/contact", tuple(1e9 / one.rate for one in laps[name]))
        for name in laps
    ]
