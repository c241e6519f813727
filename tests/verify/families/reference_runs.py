"""Cases whose expected values come from another simulation, with standard errors of their own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import Any

from ..cases import Case, Leaf
from ..formulas import by_threshold, named, ratio, waits, within
from ..laws import MINUTE, CannotSay, duration, exponential, law_of, mean_of
from ..measures import Ask
from ..replications import Days, Simulation, Steady, micros_of, relaxation, thresholds
from ..sums import ALL, Wanted
from ..visits import started_before
from .recorded import clock
from .single import station

PLAIN = ("occ_incl_surplus", "occ_sched", "lines_mean", "busy_by_type", "queue_int")
"""Values without a standard error."""


def leaves_with_se(values: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Leaves of the expected values: [estimate, standard error(, standard deviation)], or a number without."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from leaves_with_se(value, (*path, str(key)))
    elif not isinstance(values, list):
        yield path, [values]
    elif path[0] in PLAIN or not all(isinstance(v, int | float) for v in values):
        for i, value in enumerate(values):
            yield from leaves_with_se(value, (*path, str(i)))
    else:
        yield path, values


def replications_of(case: Case) -> float | None:
    """Replications behind the expected values, from a standard deviation and its standard error."""
    for _, value in leaves_with_se(case.expected):
        if len(value) == 3 and value[1]:
            return float((value[2] / value[1]) ** 2)
    return None


def sim_reference(case: Case) -> list[Simulation]:
    """By what the model says."""
    model = case.model
    if "service_rate_by_arrival_period" in model:
        return [_by_arrival_period(case)]
    if "weekdays" in model:
        return [_telethon(case)]
    if "skills" in model and "types" in model:
        return [_balanced(case)]
    if "operators" in model:
        return [_nurses(case)]
    if "service" in model and "patience" in model:
        return [_general(case)]
    raise CannotSay("a model of this shape")


COLUMNS = {
    "arrivals": ["came"],
    "served": ["answered"],
    "abandoned": ["abandoned"],
    "blocked": ["blocked"],
    "disconnected": ["cleared"],
    "messages": ["moved_on"],
    "retrials": ["returning"],
    "sumW_served": ["wait_answered_us"],
}


def _counts(name: str, label: str, micros: int, longest: int = 0) -> Ask | None:
    """Sums of one replication; `longest` is the longest wait in microseconds, where the queue has one."""
    if name in COLUMNS:
        scale = 1 / MINUTE if name.startswith("sumW") else 1.0
        return ratio([f"{label}.{c}" for c in COLUMNS[name]], "replications", "count", scale)
    if name == "served_le":
        return ratio(within(label, micros), "replications", "count")
    if name == "aband_le":
        return ratio(within(label, micros, "abandoned"), "replications", "count")
    if name == "sumW_all":
        return _total_wait(label, longest, "replications", "count")
    return None


def _total_wait(label: str, longest: int, bottom: str, kind: str) -> Ask:
    """Waits of all but those cleared at closing (they are not in the reference's sum)."""
    if not longest:
        return ratio(waits(label), bottom, kind, 1 / MINUTE)
    base = ratio([f"{label}.wait_answered_us", f"{label}.wait_abandoned_us"], bottom, kind, 1 / MINUTE)
    more = ratio(f"{label}.moved_on", bottom, kind, longest / MINUTE)
    return Ask(lambda sums: base.formula(sums) + more.formula(sums), kind)


def _ratios(name: str, label: str, micros: int, longest: int = 0) -> Ask | None:
    if name == "mean_wait_offered" and longest:
        return _total_wait(label, longest, f"{label}.came", "mean")
    return by_threshold(name, label, micros) or named(name, label, MINUTE)


def _shared(path: tuple[str, ...], labels: list[str], pools: list[str], micros: int, longest: int) -> Ask | None:
    """What every reference run of types and groups holds."""
    name = path[0]
    if name == ALL or name.isdigit():
        return _counts(path[1], ALL if name == ALL else labels[int(name)], micros, longest)
    if name == "by_type":
        return _ratios(path[2], labels[int(path[1])], micros, longest)
    if name == "occ_incl_surplus":
        return ratio(f"{pools[int(path[1])]}:in_hand_us", f"{pools[int(path[1])]}:signed_in_us")
    if name == "occ_sched":
        return ratio(f"{pools[int(path[1])]}:in_hand_us", f"{pools[int(path[1])]}:planned_us")
    if name == "queue_int":
        return ratio(f"{labels[int(path[1])]}.waiting_us", "replications", "count", 1 / MINUTE)
    if name == "lines_mean":
        return ratio([f"{ALL}.waiting_us", f"{ALL}:held_us"], "replications", "count", 1 / MINUTE)
    if len(path) == 1:
        return _ratios(name, ALL, micros, longest)
    return None


def _by_arrival_period(case: Case) -> Simulation:
    """Handle time and patience by the period of arrival: one workflow by type and period."""
    model = case.model
    edges = [float(t) for t in model["edges"]]
    periods = len(edges) - 1
    types, groups = len(model["lam"]), len(model["agents"])
    order = model["type_to_group"]
    micros = micros_of(model["AWT"])
    shape = re.search(r"[\d.]+", model["day_factor"])
    if shape is None:
        raise CannotSay(f"a day factor written {model['day_factor']!r}")
    cv = 1 / math.sqrt(float(shape.group()))
    demand, workflows = {}, {}
    for i in range(types):
        for p in range(periods):
            steps: list[list[Any]] = [["00:00:00", 0]] if edges[p] else []
            steps += [[clock(edges[p]), model["lam"][i][p]], [clock(edges[p + 1]), 0]]
            demand[f"t{i}p{p}"] = {
                "rates": {"per": "minute", "steps": steps},
                "day_factor": {"cv": cv, "shared": "day"},
            }
            workflows[f"t{i}p{p}"] = {
                "handle_time": exponential(1 / model["service_rate_by_arrival_period"][p]),
                "patience": exponential(1 / model["abandon_rate_by_arrival_period"][p]),
                "pools": [f"g{j}" for j in order[i]],
            }
    pools = {}
    for j in range(groups):
        served = [f"t{i}p{p}" for i in range(types) if j in order[i] for p in range(periods)]
        staffing = [[clock(t), n] for t, n in zip(edges[:-1], model["agents"][j], strict=True)]
        pools[f"g{j}"] = {"staffing": staffing, "workflows": served}
    widths = [b - a for a, b in pairwise(edges)]
    cell = math.gcd(1440, *(round(w) for w in widths))
    said: dict[str, Any] = {
        "scenario": "periods",
        "horizon": {
            "start": "2026-01-05",
            "length": f"{edges[-1]:g}m",
            "drain": "1d",
            "interval": f"{cell}m",
        },
        "service_level": thresholds([micros]),
        "workflows": workflows,
        "demand": demand,
        "pools": pools,
        "routing": {"choose_contact": "oldest"},
    }
    labels = {f"type{i}": tuple(f"t{i}p{p}/t1" for p in range(periods)) for i in range(types)}
    labels |= {f"type{i}period{p}": (f"t{i}p{p}/t1",) for i in range(types) for p in range(periods)}
    names = [f"type{i}" for i in range(types)]

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "good_by_type_period":
            return ratio(within(f"type{path[1]}period{path[2]}", micros), "replications", "count")
        if path[0] == "busy_by_type":
            return "handling inside the day is not split by type and pool"
        pool_names = [f"g{j}" for j in range(groups)]
        return _shared(path, names, pool_names, micros, 0) or "no table holds it"

    contacts = sum(rate * w for row in model["lam"] for rate, w in zip(row, widths, strict=True))
    wanted = Wanted(labels)
    return Simulation("", said, ask, Days(contacts), wanted, reference_replications=replications_of(case))


def _telethon(case: Case) -> Simulation:
    """A week of short days: closed nights, lines, a longest wait, a queue that is cleared at closing."""
    model = case.model
    opens, closes = (int(part) for part in model["open"].split("-"))
    law, patience = law_of(_without_unit(model["service"])), law_of(_without_unit(model["patience"]))
    longest_text = re.search(r"[\d.]+", model["max_wait"])
    longest = micros_of(longest_text.group()) if longest_text else 0
    micros = micros_of(model["AWT"])
    days = int(model["weekdays"])
    hours = f"{opens:02d}:00", f"{closes:02d}:00"
    rate = float(model["lam_per_h"])
    cells = days * 24
    values = [rate if opens <= h % 24 < closes else 0.0 for h in range(cells)]
    agents = [int(model["agents"]) if opens <= h % 24 < closes else 0 for h in range(cells)]
    said: dict[str, Any] = {
        "scenario": "telethon",
        "horizon": {"start": "2026-01-05", "length": "7d", "drain": "1d", "interval": "1h"},
        "service_level": thresholds([micros]),
        "channels": {"phone": {"max_wait": duration(longest)}},
        "handle_time": law,
        "patience": patience,
        "demand": {"calls": {"rates": {"per": "hour", "every": "1h", "start": "2026-01-05T00:00", "values": values}}},
        "pools": {"desk": {"staffing": {"every": "1h", "start": "2026-01-05T00:00", "values": agents}}},
        "queue_groups": {
            "door": {"lines": int(model["lines"]), "hours": f"{hours[0]}-{hours[1]}", "at_closing": "clear"}
        },
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "good_by_type_period":
            return ratio(within(f"calls@{path[2]}", micros), "replications", "count")
        if path[0] == "busy_by_type":
            return ratio("desk:in_hand_us", "replications", "count", 1 / MINUTE)
        return _shared(path, ["calls"], ["desk"], micros, longest) or "no table holds it"

    contacts = days * (closes - opens) * rate
    wanted = Wanted({"calls": ("calls/t1",)}, by_interval=True)
    return Simulation("", said, ask, Days(contacts), wanted, reference_replications=replications_of(case))


def _without_unit(text: str) -> str:
    return re.sub(r"\s*min(utes)?\b", "", text)


def _balanced(case: Case) -> Simulation:
    """Types alike, agents with a first, second and third skill."""
    model = case.model
    types, skills, agents = int(model["types"]), int(model["skills"]), int(model["agents"])
    groups = _groups(types, skills)
    each, rest = divmod(agents, len(groups))
    if rest:
        raise CannotSay("agents that do not divide among the groups")
    micros = micros_of(model["T_min"])
    calls = [f"c{i}" for i in range(types)]
    rate, mean = float(model["lam_per_type_per_min"]), float(model["mean_service_min"])
    pools = {
        f"g{j:02d}": {
            "staffing": each,
            "skills": {calls[i]: {"level": 1 if skills >= types else place + 1} for place, i in enumerate(group)},
        }
        for j, group in enumerate(groups)
    }
    workflows: dict[str, Any] = {}
    for i, call in enumerate(calls):
        ranks = [[f"g{j:02d}" for j, g in enumerate(groups) if len(g) > r and g[r] == i] for r in range(skills)]
        every = [list(pools)] if skills >= types else [rank for rank in ranks if rank]
        workflows[call] = {"pools": every}
    said: dict[str, Any] = {
        "scenario": "balanced",
        "service_level": thresholds([micros]),
        "handle_time": exponential(mean),
        "workflows": workflows,
        "demand": {call: {"per_minute": rate} for call in calls},
        "pools": pools,
        "queue_groups": {"door": {"lines": agents + int(model["extra_waiting"])}},
        "routing": {"choose_agent": "random", "choose_contact": "level_then_oldest"},
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        if name == ALL or name.isdigit() or name in ("queue_int", "lines_mean", "busy_by_type"):
            return "a sum over the reference's own stretch of time, which is not stated"
        if name == "good_by_type_period":
            return "a sum over the reference's own stretch of time, which is not stated"
        return _shared(path, calls, list(pools), micros, 0) or "no table holds it"

    alone = agents / (types if skills == 1 else 1)
    share = 1 / types if skills == 1 else 1.0
    total = rate * types
    relax = relaxation(total * share, 2 * mean**2, alone, total * mean / agents, mean)
    labels = {call: (f"{call}/t1",) for call in calls}
    plan = Steady(total, relax, mean)
    return Simulation("", said, ask, plan, Wanted(labels), reference_replications=replications_of(case))


THREES = ((1, 2), (2, 4), (3, 5), (4, 1), (5, 3))
"""Second and third skill of the cyclic triples, as steps from the first."""


def _groups(types: int, skills: int) -> list[tuple[int, ...]]:
    if skills >= types:
        return [tuple(range(types))]
    if skills == 1:
        return [(i,) for i in range(types)]
    if skills == 2:
        return list(permutations(range(types), 2))
    if skills == 3 and types == 6:
        return [(a, (a + d) % 6, (a + e) % 6) for a in range(6) for d, e in THREES]
    raise CannotSay("groups of agents that are not stated")


def _nurses(case: Case) -> Simulation:
    """Operators, a share goes on to nurses; statistics of those whose handling began within the horizon."""
    model = case.model
    end = int(model["horizon_min"])
    gap = law_of(model["interarrival"])
    if gap["law"] != "exponential":
        raise CannotSay("gaps that are not exponential")
    rate = 1 / mean_of(gap)
    first, second = (law_of(_without_unit(model[k])) for k in ("operator_service", "nurse_service"))
    agents = {"calls/t1": int(model["operators"]), "calls/t2": int(model["nurses"])}
    said: dict[str, Any] = {
        "scenario": "nurses",
        "horizon": {"start": "2026-01-05", "length": f"{end}m", "drain": "2d", "interval": "30m"},
        "workflows": {
            "calls": {
                "tiers": {
                    "t1": {"handle_time": first, "escalated": float(model["p_callback"])},
                    "t2": {"handle_time": second},
                }
            }
        },
        "demand": {"calls": {"per_minute": rate}},
        "pools": {
            "operators": {"tier": "t1", "staffing": agents["calls/t1"]},
            "nurses": {"tier": "t2", "staffing": agents["calls/t2"]},
        },
    }
    where = {"operator": ("calls/t1", "operators"), "nurse": ("calls/t2", "nurses")}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        for who, (queue, pool) in where.items():
            if name == f"mean_wait_{who}":
                return ratio(f"{queue}.mean_wait", "replications", "count", 1 / MINUTE)
            if name == f"{who}_util_truncated":
                return ratio(f"{pool}:in_hand_us", f"{pool}:signed_in_us")
            if name == f"{who}_util_full_service_at_start":
                return ratio(f"{queue}.full_time", "replications")
        return "no table holds it"

    reader = started_before(end * MINUTE, "calls/t1", "calls/t2", agents)
    contacts = rate * end * (1 + float(model["p_callback"]))
    labels = {"calls": ("calls/t1",)}
    return Simulation(
        "", said, ask, Days(contacts, enough=6_000), Wanted(labels, visits=reader), visits=True, most_visits=6_000
    )


def _general(case: Case) -> Simulation:
    """One queue, one pool, any law of handle time and patience."""
    model = case.model
    micros = micros_of(model["T"])
    talk = law_of(model["service"])

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == ALL:
            return "a sum over the reference's own stretch of time, which is not stated"
        return _shared(path, ["calls"], ["desk"], micros, 0) or "no table holds it"

    simulate = station("", model, talk, ask, [micros], patience=law_of(model["patience"]))
    return simulate.with_(reference_replications=replications_of(case))
