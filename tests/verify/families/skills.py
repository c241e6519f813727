"""Several types and several groups: V, N, X and W models, and the three-types network."""

from __future__ import annotations

from typing import Any

from ..cases import Case
from ..formulas import by_threshold, named, ratio
from ..laws import MINUTE, CannotSay, duration
from ..measures import Ask
from ..replications import Simulation, Steady, micros_of, relaxation, thresholds
from ..sums import ALL, Wanted


def skills(case: Case) -> list[Simulation]:
    """Rates by type and group, an order of groups by type, an order of types by group or the longest wait."""
    model = case.model
    unit = 60.0 * MINUTE if model.get("unit") == "hour" else float(MINUTE)
    types = [f"c{i}" for i in range(len(model["lam"]))]
    groups = [f"g{j}" for j in range(len(model["servers"]))]
    said = _scenario(model, types, groups, unit)
    labels = {t: (f"{t}/t1",) for t in types}
    return [Simulation("", said, _asks(types, groups, unit), _steady(model, unit), Wanted(labels))]


def _scenario(model: dict[str, Any], types: list[str], groups: list[str], unit: float) -> dict[str, Any]:
    if isinstance(model["group_to_type"], str) and not model["group_to_type"].startswith("longest"):
        raise CannotSay(f"types chosen by {model['group_to_type']!r}")
    if model.get("select", "ordered") not in ("ordered", "uniform_agent"):
        raise CannotSay(f"agents chosen by {model['select']!r}")
    mu, order = model["mu"], model["type_to_group"]
    by_level = not isinstance(model["group_to_type"], str)
    uniform = model.get("select") == "uniform_agent"
    workflows: dict[str, Any] = {}
    for i, name in enumerate(types):
        leaving, zero = model["abandon_rate"][i], _zero(model, i)
        patience: dict[str, Any] = {}
        if leaving:
            patience = {"law": "exponential", "mean": duration(unit / leaving)}
        if zero:
            patience["zero"] = zero
        pools = [groups[j] for j in order[i]]
        workflows[name] = {
            "handle_time": {"law": "exponential", "mean": duration(unit / mu[order[i][0]][i])},
            "pools": [pools] if uniform else pools,
        }
        if patience:
            workflows[name]["patience"] = patience
    pools_said = {}
    for j, group in enumerate(groups):
        served = model["group_to_type"][j] if by_level else [i for i in range(len(types)) if j in order[i]]
        pools_said[group] = {
            "staffing": int(model["servers"][j]),
            "skills": {
                types[i]: {
                    "level": place + 1 if by_level else 1,
                    "handle_time": mu[order[i][0]][i] / mu[j][i],
                }
                for place, i in enumerate(served)
            },
        }
    said: dict[str, Any] = {
        "scenario": "skills",
        "service_level": thresholds([micros_of(t, unit) for t in model.get("T", [])]),
        "workflows": workflows,
        "demand": {t: {"per_minute": model["lam"][i] * MINUTE / unit} for i, t in enumerate(types)},
        "pools": pools_said,
        "routing": {
            "choose_agent": "random" if uniform else "longest_idle",
            "choose_contact": "level_then_oldest" if by_level else "oldest",
        },
    }
    if str(model.get("capacity_is", "")).startswith("REAL"):
        said["queue_groups"] = {"door": {"max_waiting": int(model["queue_capacity_total"])}}
    return said


def _zero(model: dict[str, Any], i: int) -> float:
    zero = model.get("p_patience_zero")
    if zero is None:
        return 0.0
    return float(zero[i] if isinstance(zero, list) else zero)


def _asks(types: list[str], groups: list[str], unit: float) -> Any:
    def ask(path: tuple[str, ...]) -> Ask | str | None:
        found: Ask | None = None
        if path[0] == "groups":
            group = groups[int(path[1])]
            if path[2] == "busy_by_type":
                found = ratio(f"{types[int(path[3])]}>{group}.talk_us", "length", "mean")
            elif path[2] in ("mean_busy", "occupancy"):
                found = named(path[2], ALL, unit, group)
        elif path[0] in ("types", "all"):
            label, rest = (ALL, path[1:]) if path[0] == "all" else (types[int(path[1])], path[2:])
            if rest[0] == "direct_by_group":
                group = groups[int(rest[1])]
                found = ratio(f"{label}>{group}.answered_at_once", f"{label}.came")
            elif len(rest) == 2:
                found = by_threshold(rest[0], label, micros_of(rest[1], unit))
            else:
                found = named(rest[0], label, unit)
        return found or "no table holds it"

    return ask


def _steady(model: dict[str, Any], unit: float) -> Steady:
    scale = unit / MINUTE
    rates = [lam / scale for lam in model["lam"]]
    slowest = max(1 / rate for row in model["mu"] for rate in row if rate) * scale
    leaving = [rate for rate in model["abandon_rate"] if rate]
    patience = scale / min(leaving) if len(leaving) == len(rates) else None
    servers = sum(model["servers"])
    load = sum(rates) * slowest / servers
    relax = relaxation(sum(rates), 2 * slowest**2, servers, min(load, 0.98), slowest, patience)
    return Steady(sum(rates), relax, slowest)
