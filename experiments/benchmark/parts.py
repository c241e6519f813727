"""The parts of the benchmark: each measures one thing the issue asks for and returns its figures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from experiments.benchmark import fresh
from experiments.benchmark.clock import Program, in_turn, rates, ratios
from experiments.benchmark.figures import Figure, Skipped
from experiments.benchmark.first_answer import first_answer
from experiments.benchmark.flagship import flagship
from experiments.benchmark.older import older
from experiments.benchmark.peers import many_pools, one_pool
from experiments.benchmark.peers.shape import W1, W2, W2_PATIENCE, Shape
from experiments.benchmark.plan import RATE, PeerProgram, Plan, length, peer_program
from experiments.benchmark.subject import REPOSITORY, SCENARIOS
from experiments.benchmark.sweeps import sweeps
from experiments.benchmark.whole_runs import whole_runs


def bank(plan: Plan) -> list[Figure] | Skipped:
    """(a) A month of the real bank's call centre."""
    folder = REPOSITORY / "scenarios" / "bank_1999"
    found = sorted(folder.glob("*.yaml"))
    if not found:
        return Skipped("bank", "scenarios/bank_1999 is not there")
    named = [path for path in found if path.stem in ("month", "bank_1999", "scenario")]
    scenario = (named or found)[0]
    laps = in_turn({"ccsim": plan.simulate(scenario)}, plan.rounds)["ccsim"]
    part, note = "(a) bank month", f"{scenario.name}, {laps[0].work:,} contacts a replication"
    peak = fresh.measure(scenario, ())["peak"]
    return [
        Figure(part, "ccsim", RATE, tuple(rates(laps)), note=note),
        Figure(part, "ccsim, one replication", "s", tuple(one.wall for one in laps)),
        Figure(part, "peak memory of the process", "MB", (peak / 1e6,)),
    ]


def beside_peers(
    plan: Plan,
    part: str,
    scenario: str,
    shape: Shape,
    peers: dict[str, PeerProgram],
    aim: float,
    ratio: float,
) -> list[Figure]:
    """Rates of ccsim and its peers, and ccsim over each, in the same rounds."""
    programs: dict[str, Program] = {
        "ccsim": plan.simulate(SCENARIOS / f"{scenario}.yaml", (length(plan.contacts, shape.per_minute),))
    }
    for name, peer in peers.items():
        # A FilterStore looks at every waiting contact when an agent returns: long where nobody leaves.
        slow = "FilterStore" in name and shape.patience is None
        programs[name] = peer_program(peer, shape, plan.peer_contacts // (5 if slow else 1))
    laps = in_turn(programs, plan.rounds)
    figures = [Figure(part, "ccsim", RATE, tuple(rates(laps["ccsim"])), aim)]
    figures += [Figure(part, name, RATE, tuple(rates(laps[name]))) for name in peers]
    for name in peers:
        is_process = "callbacks" not in name and "plain" not in name
        over = tuple(ratios(laps["ccsim"], laps[name]))
        figures.append(Figure(part, f"ccsim / {name}", "times", over, ratio if is_process else None))
    return figures


def one_pool_part(plan: Plan) -> list[Figure]:
    """(b) M/M/n+M, 500 agents."""
    return beside_peers(plan, "(b) W1, M/M/n+M, 500 agents", "w1", W1, one_pool.PROGRAMS, 5e6, 100)


def many_pools_part(plan: Plan) -> list[Figure]:
    """(c) Ten types on twenty pools, as the issue words it (nobody leaves), and with the patience of W1."""
    title = "(c) W2, ten types, twenty pools"
    return [
        *beside_peers(plan, title, "w2", W2, many_pools.PROGRAMS, 3e6, 40),
        *beside_peers(plan, f"{title}, patience", "w2_patience", W2_PATIENCE, many_pools.PROGRAMS, 3e6, 40),
    ]


def overhead(plan: Plan) -> list[Figure]:
    """(d) What a replication of a 12-agent day costs beyond its contacts."""
    part, scenario = "(d) a day of 12 agents", SCENARIOS / "day12.yaml"
    subject, count = plan.subject, plan.replications
    model = subject.prepare(scenario)
    subject.simulate(model)
    rounds = min(plan.rounds, 3)
    share = max(1, count // rounds)
    first = 1

    def replications() -> int:
        nonlocal first
        first += share
        return sum(subject.simulate(model, replication=r) for r in range(first - share, first))

    laps = in_turn(
        {
            "long": plan.simulate(scenario, (length(plan.contacts, 4.2),)),
            "simulate": replications,
            "replicate": lambda: subject.replicate(model, share, 1),
        },
        rounds,
    )
    note = f"{share * rounds:,} replications of {laps['simulate'][0].work // share:,} contacts"
    beyond = [
        (one.cpu - one.work / long.rate) / share * 1e6 for one, long in zip(laps["simulate"], laps["long"], strict=True)
    ]
    return [
        Figure(part, "one long replication", RATE, tuple(rates(laps["long"]))),
        Figure(part, "replications one by one", "1/s", tuple(share / one.cpu for one in laps["simulate"]), note=note),
        Figure(part, "beyond the contacts, a replication", "us", tuple(beyond)),
        Figure(
            part,
            "replications by replicate, all in",
            "1/s",
            tuple(share / one.wall for one in laps["replicate"]),
        ),
        Figure(part, "replicate, a replication", "us", tuple(one.wall / share * 1e6 for one in laps["replicate"])),
    ]


def growth(plan: Plan) -> list[Figure]:
    """Rates from 10^5 to 10^7 contacts, and from 50 to 5,000 agents."""
    part, scenario = "growth (W1)", SCENARIOS / "w1.yaml"
    smallest = min(100_000, plan.contacts)
    sizes = [n for n in (smallest, 10 * smallest, 100 * smallest) if n <= plan.largest]
    # Short replications are repeated, so that every lap lasts long enough for the clock.
    by_size = in_turn(
        {str(n): plan.simulate(scenario, (length(n, 100),), times=max(1, plan.contacts // n)) for n in sizes},
        plan.rounds,
    )
    figures = [Figure(part, f"{n:,} contacts", RATE, tuple(rates(by_size[str(n)]))) for n in sizes]
    for n in sizes[1:]:
        over = tuple(ratios(by_size[str(n)], by_size[str(sizes[0])]))
        figures.append(Figure(part, f"{n:,} / {sizes[0]:,} contacts", "times", over))
    for part, programs, base in (
        ("growth (W1)", _by_agents(plan), "500"),
        ("growth (W2, patience)", _by_agents_of_many_pools(plan), "500"),
    ):
        laps = in_turn(programs, plan.rounds)
        figures += [Figure(part, f"{int(n):,} agents", RATE, tuple(rates(laps[n]))) for n in laps]
        figures += [
            Figure(
                part,
                f"{int(n):,} / {base} agents",
                "times",
                tuple(ratios(laps[n], laps[base])),
                _agents_aim(n),
            )
            for n in laps
            if n != base
        ]
    return figures


def _agents_aim(agents: str) -> float | None:
    return 0.8 if agents == "5000" else None


def _by_agents(plan: Plan) -> dict[str, Program]:
    return {
        str(agents): plan.simulate(
            SCENARIOS / "w1.yaml",
            (
                length(plan.contacts, agents / 5),
                f"demand.calls.per_minute={agents // 5}",
                f"pools.desk.staffing={agents}",
            ),
        )
        for agents in (50, 500, 5000)
    }


def _by_agents_of_many_pools(plan: Plan) -> dict[str, Program]:
    return {
        str(500 * k): plan.simulate(
            SCENARIOS / "w2_patience.yaml",
            (
                length(plan.contacts, 100 * k),
                *(f"demand.t{t}.per_minute={10 * k}" for t in range(10)),
                *(f"pools.g{g}.staffing={25 * k}" for g in range(20)),
            ),
        )
        for k in (1, 10)
    }


def threads(plan: Plan) -> list[Figure]:
    """Two threads against one, on the wall clock."""
    part, subject, replications = "threads (W1)", plan.subject, 8
    model = subject.prepare(SCENARIOS / "w1.yaml", (length(plan.contacts, 100),))
    subject.replicate(model, 2, 2)
    programs: dict[str, Program] = {
        str(workers): partial(subject.replicate, model, replications, workers) for workers in (1, 2)
    }
    laps = in_turn(programs, plan.rounds)
    return [
        Figure(part, "one thread", "contacts/s", tuple(one.wall_rate for one in laps["1"])),
        Figure(part, "two threads", "contacts/s", tuple(one.wall_rate for one in laps["2"])),
        Figure(
            part, "two / one", "times",
            tuple(two.wall_rate / one.wall_rate for two, one in zip(laps["2"], laps["1"], strict=True)), 1.7,
        ),
        Figure(part, "per second of processor time, two / one", "times", tuple(ratios(laps["2"], laps["1"]))),
        Figure(part, "cores busy, two threads", "cores", tuple(one.cpu / one.wall for one in laps["2"])),
    ]  # fmt: skip


def memory(plan: Plan) -> list[Figure]:
    """Peak memory against contacts, a fresh process each."""
    figures: list[Figure] = []
    for name, per_minute in (("w1", 100), ("w2_patience", 100)):
        part, scenario = f"memory ({name})", SCENARIOS / f"{name}.yaml"
        fresh.measure(scenario, (length(1000, per_minute),))  # so that nobody compiles in what is measured
        sizes = [n for n in (100_000, 1_000_000, 10_000_000) if n <= plan.largest] or [plan.largest]
        seen = {n: fresh.measure(scenario, (length(n, per_minute),)) for n in sizes}
        figures.append(Figure(part, "before the first replication", "MB", (seen[sizes[0]]["before"] / 1e6,)))
        figures += [Figure(part, f"peak, {n:,} contacts", "MB", (seen[n]["peak"] / 1e6,)) for n in sizes]
        if len(sizes) > 1:
            small, large = sizes[0], sizes[-1]
            more = (seen[large]["peak"] - seen[small]["peak"]) / (large - small)
            figures.append(
                Figure(part, f"peak, {large:,} / {small:,} contacts", "times",
                       (seen[large]["peak"] / seen[small]["peak"],), 1.1, "at most")
            )  # fmt: skip
            figures.append(Figure(part, "a further contact", "bytes", (more,)))
            figures.append(
                Figure(part, f"tables of the result, {large:,} contacts", "MB", (seen[large]["tables"] / 1e6,))
            )
    return figures


def start(plan: Plan) -> list[Figure]:
    """Start-up: compile time with an empty cache, and what is left of it with a warm one."""
    part = "start-up (W2)"
    scenario, settings = SCENARIOS / "w2_patience.yaml", (length(1000, 100),)
    with tempfile.TemporaryDirectory() as folder:
        cold = [fresh.measure(scenario, settings, replications=2, cache=Path(folder))]
        warm = [
            fresh.measure(scenario, settings, replications=2, cache=Path(folder)) for _ in range(min(plan.rounds, 3))
        ]
    figures = []
    for name, seen in (("cold", cold), ("warm", warm)):
        for what, values in (
            ("import", [one["import_s"] for one in seen]),
            ("load and compile the scenario", [one["prepare_s"] for one in seen]),
            ("first replication of 1,000 contacts", [one["replications_s"][0] for one in seen]),
            ("second replication", [one["replications_s"][1] for one in seen]),
            ("whole process, wall clock", [one["process_s"] for one in seen]),
        ):
            figures.append(Figure(part, f"{name}: {what}", "s", tuple(values)))
    return figures


PARTS: dict[str, Callable[[Plan], list[Figure] | Skipped]] = {
    "a": bank,
    "b": one_pool_part,
    "c": many_pools_part,
    "d": overhead,
    "growth": growth,
    "threads": threads,
    "sweep": sweeps,
    "memory": memory,
    "runs": whole_runs,
    "start": start,
    "flagship": flagship,
    "first-answer": first_answer,
    "older": older,
}
"""Parts by the name that `--only` takes."""
