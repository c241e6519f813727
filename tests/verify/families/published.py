"""Outputs that others have printed."""

from __future__ import annotations

from typing import Any

from ..cases import Case
from ..formulas import named, ratio
from ..laws import MINUTE, CannotSay, exponential
from ..measures import Ask
from ..replications import Simulation, Steady
from ..sums import ALL, Wanted
from .recorded import rejections
from .single import DESK, station

OTHERS = "another program's trials, without their interval"


def published(case: Case) -> list[Simulation]:
    """By what the model says."""
    model = case.model
    if "arrivals" in model and "service" in model:
        return rejections(case)
    if "p_car" in model:
        return [_pump(case)]
    if "lam" in model and ("mu" in model or "mean_service" in model) and "servers" in model:
        return _markov(case)
    raise CannotSay("a model of this shape")


def _markov(case: Case) -> list[Simulation]:
    model = case.model
    mean = float(model["mean_service"]) if "mean_service" in model else 1 / float(model["mu"])
    servers = model["servers"]
    many = isinstance(servers, list)
    entry_point = {"lines": int(model["max_in_system"])} if model.get("max_in_system") else None
    replications = []
    for i, number in enumerate(servers if many else [servers]):

        def ask(path: tuple[str, ...], i: int = i, number: int = number) -> Ask | str | None:
            if path[0].startswith("doc_"):
                return OTHERS
            if many and len(path) == 2:
                return named(path[0].removeprefix("exact_"), "calls", MINUTE, DESK) if path[1] == str(i) else None
            if path == ("p", "0") and number == 1:
                return ratio([f"{DESK}:signed_in_us", f"-{DESK}:in_hand_us"], f"{DESK}:signed_in_us")
            return named(path[0], "calls", MINUTE, DESK) or "no table holds it"

        name = f"{number} agents" if many else ""
        given = {"lam": model["lam"], "servers": number}
        replications.append(station(name, given, exponential(mean), ask, [], entry_point=entry_point))
    return replications


def _pump(case: Case) -> Simulation:
    """One pump, two kinds of vehicle, nobody waits."""
    model = case.model
    shares = {"car": float(model["p_car"]), "moto": 1 - float(model["p_car"])}
    servers, waiting = int(model["servers"]), int(model["waiting"])
    said: dict[str, Any] = {
        "scenario": "pump",
        "workflows": {kind: {"handle_time": exponential(1 / float(model[f"mu_{kind}"]))} for kind in shares},
        "demand": {kind: {"per_minute": float(model["lam"]) * share} for kind, share in shares.items()},
        "pools": {DESK: {"staffing": servers}},
        "queue_groups": {"door": {"lines": servers + waiting}},
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return named(path[0], ALL, MINUTE, DESK) or "no table holds it"

    slowest = max(1 / float(model[f"mu_{kind}"]) for kind in shares)
    return Simulation("", said, ask, Steady(float(model["lam"]), slowest, slowest), Wanted({}))
