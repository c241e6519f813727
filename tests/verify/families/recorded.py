"""Recorded arrivals: other renewal processes, and traces that are followed contact by contact."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ccsim.records.outcomes import OUTCOMES

from ..cases import Case
from ..formulas import constant, named
from ..laws import MINUTE, CannotSay, duration, exponential, law_of
from ..measures import Ask
from ..replications import Days, Simulation, Steady, relaxation
from ..sums import Simulated, Sums, VisitReader, Wanted
from .single import CALLS, DESK, WHY_NOT

SEED = 20_260_105
"""Seed of the gaps between recorded arrivals."""


def gim1(case: Case) -> list[Simulation]:
    """Gaps of any law, exponential handle time: every batch has arrivals of its own."""
    model = case.model
    rate, mean, servers = float(model["lam"]), 1 / float(model["mu"]), int(model["servers"])
    gap = law_of(str(model["interarrival"]).split("/")[0], mean=1 / rate)
    said: dict[str, Any] = {
        "scenario": "renewal",
        "handle_time": exponential(mean),
        "demand": {"calls": {"trace": "arrivals.csv"}},
        "pools": {DESK: {"staffing": servers}},
    }

    def arrivals(number: int, minutes: int) -> dict[str, str]:
        times = np.cumsum(_gaps(gap, number, round(minutes * rate * 1.01) + 50))
        rows = "\n".join(f"{t:.6f},calls" for t in times if t < minutes * 60)
        return {"arrivals.csv": f"time,stream\n{rows}\n"}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return named(path[0], "calls", MINUTE, DESK) or "no table holds it"

    relax = relaxation(rate, 2 * mean**2, servers, rate * mean / servers, mean)
    plan = Steady(rate, relax, mean)
    if gap["law"] == "constant":
        return [Simulation("", said, ask, plan, Wanted(CALLS), fill=lambda minutes: arrivals(0, minutes))]
    return [Simulation("", said, ask, plan, Wanted(CALLS), batch=arrivals)]


def _gaps(law: dict[str, Any], number: int, count: int) -> np.ndarray:
    """Gaps in seconds."""
    random = np.random.default_rng([SEED, number])

    def at(key: str) -> float:
        return float(law[key][:-1])

    kind = law["law"]
    if kind == "constant":
        return np.full(count, at("value"))
    if kind == "exponential":
        return random.exponential(at("mean"), count)
    if kind == "erlang":
        return random.gamma(law["k"], at("mean") / law["k"], count)
    if kind == "gamma":
        return random.gamma(law["shape"], at("mean") / law["shape"], count)
    if kind == "uniform":
        return random.uniform(at("low"), at("high"), count)
    if kind == "hyperexponential":
        first = random.random(count) < law["p"]
        return random.exponential(1.0, count) * np.where(first, at("m1"), at("m2"))
    raise CannotSay(f"gaps of the law {kind}")


def trace(case: Case) -> list[Simulation]:
    """A handful of calls, each followed to its end; nothing may differ by a microsecond."""
    model = case.model
    calls = model["calls"]
    if model["rule"] not in ("longest", "priority"):
        raise CannotSay(f"the rule {model['rule']!r}")
    order, chosen = model["type_to_group"], model["group_to_type"]
    types = [f"c{i}" for i in range(len(order))]
    by_level = model["rule"] == "priority"
    names = {str(j): f"g{j}" for j in range(len(model["staffing_steps"]))}
    pools = {
        group: {
            "staffing": _steps(model["staffing_steps"][j]),
            "skills": {types[i]: {"level": place + 1 if by_level else 1} for place, i in enumerate(chosen[int(j)])},
        }
        for j, group in names.items()
    }
    length = int(max(call["t"] for call in calls)) + 2
    said: dict[str, Any] = {
        "scenario": "trace",
        "horizon": {"start": "2026-01-05", "length": f"{length}m", "drain": "1d", "interval": "1m"},
        "handle_time": "1m",
        "workflows": {t: {"pools": [f"g{j}" for j in order[i]]} for i, t in enumerate(types)},
        "demand": {t: {"trace": "calls.csv"} for t in types if any(types[c["type"]] == t for c in calls)},
        "pools": pools,
        "routing": {"choose_contact": "level_then_oldest" if by_level else "oldest"},
    }
    if model.get("lines") is not None:
        said["queue_groups"] = {"door": {"lines": int(model["lines"])}}
    rows = ["time,stream,talk,patience"]
    for call in sorted(calls, key=lambda c: c["t"]):
        patience = "never" if call["patience"] is None else duration(call["patience"] * MINUTE)[:-1]
        talk = duration(call["service"] * MINUTE)[:-1]
        rows.append(f"{duration(call['t'] * MINUTE)[:-1]},{types[call['type']]},{talk},{patience}")
    files = {"calls.csv": "\n".join(rows) + "\n"}
    reader = _followed(calls, types)

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        key = ".".join(path)
        if path[1] == "outcome":
            return constant(lambda sums: sums[f"{key}"])
        return constant(lambda sums: sums[key] / MINUTE)

    return [Simulation("", said, ask, Days(len(calls), enough=1), Wanted({}, visits=reader), files, visits=True)]


def _steps(steps: list[list[float]]) -> list[list[Any]]:
    said = [[clock(at), int(agents)] for at, agents in steps]
    return said if steps[0][0] == 0 else [["00:00:00", 0], *said]


def clock(minutes: float) -> str:
    """Time of day of so many minutes after midnight."""
    seconds = round(minutes * 60)
    if abs(seconds - minutes * 60) > 1e-6 or seconds > 86_400:
        raise CannotSay("a change that is not on a whole second of one day")
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


CODES = {"served": 0.0, "abandoned": 1.0, "blocked": 2.0}
"""Outcomes of the trace cases as numbers."""


def expected_number(path: tuple[str, ...], value: Any) -> float:
    """Expected value of a trace case as a number: outcomes by code, nothing as -1 (group 0 stays 0)."""
    if path[-1] == "outcome":
        return CODES[value]
    return -1.0 if value is None else float(value)


def _followed(calls: list[dict[str, Any]], types: list[str]) -> VisitReader:
    def read(simulated: Simulated) -> Sums:
        table = simulated.tables["visits"]
        queue_of = {i: simulated.queues[f"{t}/t1"] for i, t in enumerate(types) if f"{t}/t1" in simulated.queues}
        group_of = {number: float(name[1:]) for name, number in simulated.pools.items()}
        sums: Sums = {}
        for i, call in enumerate(calls):
            mask = table.column("queue") == queue_of[call["type"]]
            mask &= table.column("joined_us") == round(call["t"] * MINUTE)
            if mask.sum() != 1:
                found = {"outcome": -9.0, "start": -9.0, "end": -9.0, "wait": -9.0, "group": -9.0}
            else:
                row = dict(zip(table.columns, table.rows[mask][0].tolist(), strict=True))
                found = _one(row, group_of)
            for key, value in found.items():
                sums[f"{i}.{key}"] = np.array([value])
        return sums

    return read


def _one(row: dict[str, int], group_of: dict[int, float]) -> dict[str, float]:
    """What happened to a call; times in microseconds, -1 minute where there is none."""
    outcome = OUTCOMES[row["outcome"]]
    served = row["pool"] >= 0
    code = 0.0 if served else {"abandoned": 1.0, "blocked": 2.0}.get(outcome, -9.0)
    return {
        "outcome": code,
        "start": float(row["left_us"]) if served else -float(MINUTE),
        "end": float(row["wrapped_us"]) if served else float(row["left_us"]),
        "wait": float(row["left_us"] - row["joined_us"]),
        "group": (group_of[row["pool"]] if served else -1.0) * MINUTE,
    }


def rejections(case: Case) -> list[Simulation]:
    """Calls at 1, 2, ..., n on one agent without a place to wait."""
    model = case.model
    numbers = re.fullmatch(r"at 1,2,\.\.\.,(\d+)", model["arrivals"].replace(" ", "").replace("at1", "at 1"))
    if numbers is None:
        raise CannotSay(f"arrivals written {model['arrivals']!r}")
    last = int(numbers[1])
    said: dict[str, Any] = {
        "scenario": "rejections",
        "horizon": {
            "start": "2026-01-05",
            "length": f"{last + 10}m",
            "drain": "1d",
            "interval": "1m",
        },
        "handle_time": duration(float(model["service"]) * MINUTE),
        "demand": {"calls": {"trace": "calls.csv"}},
        "pools": {DESK: {"staffing": int(model["servers"])}},
        "queue_groups": {"door": {"max_waiting": int(model["waiting"])}},
    }
    files = {"calls.csv": "time,stream\n" + "".join(f"{60 * i},calls\n" for i in range(1, last + 1))}

    def ended(simulated: Simulated) -> Sums:
        return {"last": np.array([float(simulated.tables["visits"].column("wrapped_us").max())])}

    asks = {
        "served": constant(lambda sums: sums["calls.answered"]),
        "rejected": constant(lambda sums: sums["calls.blocked"]),
        "busy_time": constant(lambda sums: sums[f"{DESK}:in_hand_us"] / MINUTE),
        "end_time": constant(lambda sums: sums["last"] / MINUTE),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return asks.get(path[0]) or WHY_NOT.get(path[0], "no table holds it")

    wanted = Wanted(CALLS, visits=ended)
    return [Simulation("", said, ask, Days(last, enough=1), wanted, files, visits=True)]
