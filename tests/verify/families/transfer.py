"""Contacts that go from queue to queue: cold transfers between workflows, escalation as deferred work."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cases import Case
from ..formulas import divided, named, ratio, waits, within
from ..laws import MINUTE, duration, exponential
from ..lives import open_cases
from ..measures import Ask
from ..replications import Simulation, Steady, relaxation, thresholds
from ..sums import Sums, Wanted
from .warm import warm
from .ways import HOUR, case_measures, first_asked, handle_law, plenty


def transfer(case: Case) -> list[Simulation]:
    """Which kind of transfer a case is about is told by its parameters."""
    if "next_queue_share" in case.model:
        return [_cold(case)]
    if "escalated_as_deferred_case" in case.model.get("t1", {}):
        return _deferred(case)
    return warm(case)


def _cold(case: Case) -> Simulation:
    """Workflows that transfer to each other: a Jackson network."""
    model = case.model
    rates, agents, means = (model[name] for name in ("contacts_per_minute", "agents", "handle_time_minutes_mean"))
    names, next_share = sorted(rates), model["next_queue_share"]
    limit = int(model["within_minutes"] * MINUTE)
    said: dict[str, Any] = {
        "scenario": "transfers",
        "service_level": thresholds([limit]),
        "workflows": {
            name: {
                "tiers": {
                    "t1": {
                        "handle_time": handle_law(str(model["handle_time_law"]), float(means[name])),
                        "transfers": next_share.get(name, {}),
                    }
                }
            }
            for name in names
        },
        "demand": {name: {"per_minute": float(rates[name])} for name in names},
        "pools": {f"{name}_desk": {"skills": {name: {}}, "staffing": int(agents[name])} for name in names},
    }
    queues = {
        (first, at): f"{first}/t1" if first == at else f"{first}/{at}/t1"
        for first in names
        for at in names
        if first == at or any(next_share.values())
    }
    at = {name: tuple(queue for (_, to), queue in queues.items() if to == name) for name in names}
    from_first = {f"from {name}": tuple(q for (first, _), q in queues.items() if first == name) for name in names}
    one = {f"{first} at {to}": (queue,) for (first, to), queue in queues.items()}
    known = {
        "visits_per_contact": ratio("all.offered", "all.arrived", "mean"),
        "total_wait_per_contact": ratio(waits("all"), "all.arrived", "mean", 1 / MINUTE),
        "total_handle_time_per_contact": ratio("all.talk_us", "all.arrived", "mean", 1 / MINUTE),
        "mean_wait_all_visits": ratio(waits("all"), "all.offered", "mean", 1 / MINUTE),
        "transfer_rate": ratio("all.transferred", "all.answered"),
        "transferred_visits_per_minute": ratio("all.transferred", "length", "mean", MINUTE),
    }
    for name in names:
        known[f"by_queue.{name}.visits_per_minute"] = ratio(f"{name}.offered", "length", "mean", MINUTE)
        known[f"by_queue.{name}.served_within"] = ratio(within(name, limit), f"{name}.offered")
        known[f"visits_per_contact_by_first_queue.{name}"] = ratio(
            f"from {name}.offered", f"from {name}.arrived", "mean"
        )
        for to in names:
            known[f"visits_matrix.{name}.{to}"] = ratio(f"{name} at {to}.offered", f"from {name}.arrived", "mean")

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "by_queue":
            return named(path[2], path[1], MINUTE, f"{path[1]}_desk") or "no table holds it"
        return "no table holds it"

    flow = np.linalg.solve(
        np.eye(len(names)) - np.array([[next_share.get(a, {}).get(b, 0.0) for a in names] for b in names]),
        np.array([float(rates[name]) for name in names]),
    )
    relax = max(
        relaxation(rate, 2 * means[name] ** 2, agents[name], rate * means[name] / agents[name], means[name])
        for name, rate in zip(names, flow.tolist(), strict=True)
    )
    steady = Steady(float(flow.sum()), 2 * relax, max(means.values()))
    return Simulation("", said, first_asked(known, ask), steady, Wanted({**at, **from_first, **one}))


def _deferred(case: Case) -> list[Simulation]:
    """A replication for each time within which cases are to be resolved, and escalated ones to be taken."""
    model, expected = case.model, case.expected
    first, second = model["t1"], model["t2"]
    rate, share = float(model["contacts_per_hour"]) / 60, float(first["escalated_as_deferred_case"])
    talk, work, agents = (
        60 * float(first["handle_time_hours_mean"]),
        60 * float(second["handle_time_hours_mean"]),
        int(second["agents"]),
    )
    opened = ["t1.arrived", "-t1.repeated"]
    late = ["-t1.cases_given_up", "-t1.cases_late", "-t1.cases_open"]

    def to_end(sums: Sums) -> Any:
        second_part = divided(sums["t2.wait_answered_us"] + sums["t2.talk_us"], sums["t2.answered"])
        return (second_part + divided(sums["t1.talk_us"], sums["t1.answered"])) / HOUR

    of_all = {
        "t2_visits_per_hour": ratio("t2.offered", "length", "mean", HOUR),
        "t2_occupancy": named("occupancy", "t2", MINUTE, "second"),
        "t2_p_wait": ratio("t2.waited", "t2.offered"),
        "t2_mean_wait_hours": ratio("t2.wait_answered_us", "t2.offered", "mean", 1 / HOUR),
        "t2_backlog_waiting_mean": ratio("t2.waiting_us", "length", "mean"),
        "mean_hours_to_end_of_escalated_cases": Ask(to_end, "mean"),
        "open_cases_mean": ratio("open0", "length", "mean"),
        "flr": ratio("t1.resolved", "t1.answered"),
    }
    replications = []
    for i, hours in enumerate(sorted(expected["resolved_within_hours"], key=float)):
        limit = duration(float(hours) * HOUR)
        said: dict[str, Any] = {
            "scenario": "escalation",
            "channels": {"case": {"kind": "deferred"}},
            "cases": {"resolved_within": limit},
            "workflows": {
                "calls": {
                    "tiers": {
                        "t1": {
                            "handle_time": handle_law(str(first["law"]), talk),
                            "resolved": first["resolved"],
                            "escalated": share,
                            "escalated_as": {"channel": "case", "deadline": limit},
                        },
                        "t2": {"handle_time": exponential(work), "resolved": second["resolved"]},
                    }
                }
            },
            "demand": {"calls": {"per_minute": rate}},
            "pools": {
                "first": {"tier": "t1", "staffing": plenty(rate * talk)},
                "second": {"tier": "t2", "channels": ["case"], "staffing": agents},
            },
        }
        known = {
            f"resolved_within_hours.{hours}": ratio([*opened, *late], opened),
            f"deadline_met.{hours}": ratio("t2.in_deadline", "t2.offered"),
            **({name: one for name, one in of_all.items() if one is not None} if i == 0 else {}),
        }
        relax = relaxation(rate * share, 2 * work**2, agents, rate * share * work / agents, work)
        replications.append(
            Simulation(
                f"{hours} h",
                said,
                first_asked(known, case_measures("t1", HOUR) if i == 0 else _nothing),
                Steady(rate * (1 + share), relax, work),
                Wanted(
                    {name: (f"calls/{name}",) for name in ("t1", "t2")}, visits=open_cases([0.0]) if i == 0 else None
                ),
                visits=i == 0,
                most_visits=400,
            )
        )
    return replications


def _nothing(path: tuple[str, ...]) -> None:
    """Asked of another replication."""
