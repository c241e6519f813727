"""Blending, chat, tiers with reopening, retrials and random days."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..cases import Case
from ..formulas import by_threshold, divided, named, ratio
from ..laws import MINUTE, CannotSay, exponential
from ..measures import Ask
from ..replications import Days, Simulation, Steady, interval_of, micros_of, p90, relaxation, thresholds
from ..sums import ALL, Sums, Wanted
from ..visits import agents_by_load, fresh_contacts
from .single import CALLS, WHY_NOT, standard


def blending(case: Case) -> list[Simulation]:
    """Live calls and a heap of deferred work that is taken while more than some agents are idle."""
    model = case.model
    rate, mean, servers = float(model["lam_inbound"]), float(model["mean_service"]), int(model["servers"])
    keep = int(model["reserve_free"])
    said: dict[str, Any] = {
        "scenario": "blending",
        "service_level": thresholds([micros_of(model["T"])]),
        "channels": {"outbound": {"kind": "deferred"}},
        "handle_time": exponential(mean),
        "demand": {
            "calls": {"per_minute": rate},
            "heap": {"channel": "outbound", "trace": "heap.csv"},
        },
        "pools": {"desk": {"staffing": servers, "deferred": {"keep_free": keep}}},
    }

    def heap(minutes: int) -> dict[str, str]:
        rows = math.ceil(1.05 * minutes * servers / mean) + 50
        return {"heap.csv": "time,stream\n" + "0,heap\n" * rows}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        if name == "outbound_rate":
            return ratio(["desk:answered", "-calls>desk.answered"], "length", "mean", MINUTE)
        if name.startswith("sl_"):
            return by_threshold(name, "calls", micros_of(model["T"]))
        return named(name, "calls", MINUTE, "desk") or "no table holds it"

    load = rate * mean / servers
    relax = relaxation(rate, 2 * mean**2, servers, load, mean)
    # deferred visits count as work too
    steady = Steady(servers / mean, relax, mean)
    return [Simulation("", said, ask, steady, Wanted(CALLS), fill=heap)]


def chat(case: Case) -> list[Simulation]:
    """Several chats at once, each slower; the least loaded agent."""
    model = case.model
    if not str(model.get("routing", "least loaded")).startswith("least loaded"):
        raise CannotSay(f"chats routed by {model['routing']!r}")
    speeds = model["rate_per_chat_given_j_concurrent"]
    most, agents = int(model["max_concurrent"]), int(model["agents"])
    said: dict[str, Any] = {
        "scenario": "chat",
        "channels": {"chat": {"concurrency": most, "speed": [s / speeds[1] for s in speeds[1 : most + 1]]}},
        "handle_time": exponential(1 / speeds[1]),
        "demand": {"calls": {"channel": "chat", "per_minute": model["lam"]}},
        "pools": {"desk": {"staffing": agents}},
        "routing": {"choose_agent": "fewest_in_hand"},
    }
    if model.get("abandon_rate"):
        said["patience"] = exponential(1 / model["abandon_rate"])
    others = {
        "mean_chats_in_service": ratio("desk:held_us", "length", "mean"),
        "agent_nonidle": ratio("desk:in_hand_us", "desk:signed_in_us"),
        "completion_rate": ratio("calls.answered", "length", "mean", MINUTE),
        "mean_chat_duration": ratio("desk:held_us", "desk:answered", "mean", 1 / MINUTE),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "agents_by_load":
            return ratio(f"load{path[1]}", "length", "mean")
        return others.get(path[0]) or named(path[0], "calls", MINUTE, "desk") or "no table holds it"

    handle = 1 / speeds[most]
    relax = max(1 / model["abandon_rate"], handle) if model.get("abandon_rate") else 5 * handle
    wanted = Wanted(CALLS, visits=agents_by_load(most, agents))
    return [Simulation("", said, ask, Steady(model["lam"], relax, handle), wanted, visits=True, most_visits=400)]


def tiers(case: Case) -> list[Simulation]:
    """Two tiers with escalation, and cases that are opened again."""
    model, expected = case.model, case.expected
    back = float(model["p_reopen_after_final"])
    bears = model.get("patience")
    labels = {f"tier{i}": (f"calls/t{i}",) for i in (1, 2)}
    quantiles = {label: p90(label, expected[label]) for label in labels if label in expected}
    times = model["T"] if isinstance(model["T"], list) else [model["T"]]
    micros = [micros_of(t) for t in times] + [m for _, extra in quantiles.values() for m in extra]
    said: dict[str, Any] = {
        "scenario": "tiers",
        "service_level": thresholds(micros),
        "workflows": {
            "calls": {
                "tiers": {
                    "t1": {"handle_time": exponential(model["tier1_mean"]), "escalated": model["p_escalate"]},
                    "t2": {"handle_time": exponential(model["tier2_mean"])},
                },
            }
        },
        "demand": {"calls": {"per_minute": model["lam"]}},
        "pools": {f"p{i}": {"tier": f"t{i}", "staffing": int(model[f"tier{i}_servers"])} for i in (1, 2)},
    }
    if back:
        delay = exponential(2 * float(model["tier1_mean"]))
        said["workflows"]["calls"]["returns"] = {"after_resolved": {"share": back, "after": delay}}
    if bears:
        said["patience"] = exponential(float(bears))

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] in ("tier1_rate", "tier2_rate"):
            return ratio(f"{path[0][:5]}.came", "length", "mean", MINUTE)
        label, pool = path[0], f"p{path[0][-1]}"
        sheet = Case("", "", "", {}, expected[label], {}, False, (), "")
        return standard(sheet, MINUTE, label, pool)(path[1:])

    cycle = 1 - back
    loads = []
    for tier, share in (("tier1", 1.0), ("tier2", float(model["p_escalate"]))):
        rate, mean = model["lam"] / cycle * share, float(model[f"{tier}_mean"])
        servers = int(model[f"{tier}_servers"])
        loads.append(relaxation(rate, 2 * mean**2, servers, rate * mean / servers, mean))
    steady = Steady(model["lam"] / cycle * (1 + model["p_escalate"]), max(loads), model["tier2_mean"])
    return [Simulation("", said, ask, steady, Wanted(labels, waits=True))]


def retrial(case: Case) -> list[Simulation]:
    """Customers who come back after being blocked or after leaving."""
    model = case.model
    rate, mean, servers = float(model["lam"]), 1 / float(model["mu"]), int(model["servers"])
    leaving = float(model.get("abandon_rate") or 0)
    delay = float(model["retry_delay_mean"])
    again = {"after_blocked": model.get("p_retry_if_blocked"), "after_abandon": model.get("p_retry_if_abandon")}
    returns = {why: {"share": share, "after": exponential(delay)} for why, share in again.items() if share}
    said: dict[str, Any] = {
        "scenario": "retrial",
        "handle_time": exponential(mean),
        "workflows": {"calls": {"returns": returns}},
        "demand": {"calls": {"per_minute": rate}},
        "pools": {"desk": {"staffing": servers}},
        "queue_groups": {"door": {"lines": int(model["max_in_system"])}},
    }
    if leaving:
        said["patience"] = exponential(1 / leaving)
    per_minute = {
        "attempts_rate": ["calls.came"],
        "blocked_rate": ["calls.blocked"],
        "abandon_rate": ["calls.abandoned"],
        "served_rate": ["calls.answered"],
        "lost_forever_rate": ["calls.blocked", "calls.abandoned", "-calls.returning"],
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        if name in per_minute:
            # a rate that is expected to be 0 is held to the rule of small shares
            kind = "share" if abs(case.expected[name]) < 1e-6 else "mean"
            return ratio(per_minute[name], "length", kind, MINUTE)
        if name == "mean_orbit":  # Little's law: all who return, for the mean delay
            return ratio("calls.returning", "length", "mean", delay * MINUTE)
        if name == "p_block_fresh":
            return ratio("fresh_blocked", "fresh")
        if name == "p_all_busy":
            return ratio("fresh_turned", "fresh")
        if name == "mean_queue" and case.expected[name] == 0:
            return ratio("calls.waiting_us", "length", "share")
        return named(name, "calls", MINUTE, "desk") or "no table holds it"

    # the orbit forgets slowly: some delays, and longer the fuller the system is
    relax = 4 * delay + 20 * mean + (4 * delay / max(1 - rate * mean / servers, 0.25) if not leaving else 8 * delay)
    attempts = rate * 2.0
    wanted = Wanted(CALLS, visits=fresh_contacts())
    return [Simulation("", said, ask, Steady(attempts, relax, mean), wanted, visits=True, most_visits=400)]


def day_factor(case: Case) -> list[Simulation]:
    """A random factor on every local day."""
    return [_busy_days(case)] if "mean_day" in case.model else [_busy_stations(case)]


DAYS = 100
"""Local days in one replication."""


def _busy_days(case: Case) -> Simulation:
    """Counts of arrivals by day; nobody needs to be served for that, but they are, and quickly."""
    model = case.model
    said: dict[str, Any] = {
        "scenario": "busy-days",
        "horizon": {"start": "2026-01-05", "length": f"{DAYS}d", "drain": "1d", "interval": "1d"},
        "handle_time": {"law": "constant", "value": "1s"},
        "demand": {
            "calls": {
                "per_minute": model["mean_day"] / 1440,
                "day_factor": {"cv": 1 / math.sqrt(model["alpha"])},
            }
        },
        "pools": {"desk": {"staffing": 10}},
    }

    def days(sums: Sums) -> list[Any]:
        return [sums[f"calls@{i}.arrived"] for i in range(DAYS)]

    def mean(sums: Sums) -> Any:
        return divided(sum(days(sums), np.zeros(1)), sums["replications"] * DAYS)

    def variance(sums: Sums) -> Any:
        squares = sum((sums[f"square@{i}"] for i in range(DAYS)), np.zeros(1))
        count = sums["replications"] * DAYS
        return (squares - count * mean(sums) ** 2) / (count - 1)

    asks = {
        "mean": Ask(mean, "mean"),
        "var": Ask(variance, "moment"),
        "sd": Ask(lambda sums: np.sqrt(variance(sums)), "moment"),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return asks.get(path[0]) or "no table holds it"

    wanted = Wanted(CALLS, by_interval=True, derived=_squares)
    return Simulation("", said, ask, Days(DAYS * model["mean_day"], enough=400), wanted)


def _squares(sums: Sums) -> Sums:
    return {f"square@{i}": sums[f"calls@{i}.arrived"] ** 2 for i in range(DAYS)}


COPIES = 20
"""Stations side by side in one scenario, each with its own factor: many days for little overhead."""


def _busy_stations(case: Case) -> Simulation:
    """Erlang A in equilibrium on days of random rate; one short stretch of each day is counted."""
    model = case.model
    names = [f"c{i:02d}" for i in range(COPIES)]
    mean, patience, servers = float(model["mean_service"]), float(model["mean_patience"]), int(model["servers"])
    calm = math.ceil(10 * max(mean, patience))
    stretch = 2 * calm
    if calm + stretch > 1400:
        raise CannotSay("a day factor with times too long for one day")
    said: dict[str, Any] = {
        "scenario": "busy-stations",
        "horizon": {
            "start": "2026-01-05",
            "warm_up": f"{calm}m",
            "length": f"{stretch}m",
            "drain": "3d",
            "interval": f"{interval_of(stretch)}m",
        },
        "service_level": thresholds([micros_of(model["T"])]),
        "handle_time": exponential(mean),
        "patience": exponential(patience),
        "workflows": {name: {"pools": [f"desk_{name}"]} for name in names},
        "demand": {
            name: {"per_minute": model["lam"], "day_factor": {"cv": 1 / math.sqrt(model["alpha"])}} for name in names
        },
        "pools": {f"desk_{name}": {"staffing": servers, "workflows": [name]} for name in names},
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0].removesuffix("_ratio_of_means")
        if name == "mean_queue":
            return ratio(f"{ALL}.waiting_us", "length", "mean", 1 / COPIES)
        if name.startswith("sl_"):
            return by_threshold(name, ALL, micros_of(model["T"]))
        return named(name, ALL, MINUTE) or WHY_NOT.get(name, "no table holds it")

    contacts = COPIES * model["lam"] * (calm + stretch)
    return Simulation("", said, ask, Days(contacts, enough=5_000), Wanted({}))
