"""One queue, one pool: Erlang B, C and A, finite lines, general patience, phase-type and constant service."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from ..cases import Case
from ..formulas import by_threshold, named, ratio, within
from ..laws import (
    MINUTE,
    Law,
    duration,
    exponential,
    law_of,
    mean_of,
    patience_of,
    second_moment,
)
from ..measures import Ask
from ..replications import Asks, Simulation, Steady, micros_of, p90, relaxation, thresholds
from ..sums import Wanted

CALLS = {"calls": ("calls/t1",)}
"""The only queue, by its label."""

DESK = "desk"


def station(
    name: str,
    model: dict[str, Any],
    talk: Law,
    asks: Asks,
    micros: list[int],
    *,
    wrap_up: Law | None = None,
    patience: Law | None = None,
    zero: float = 0.0,
    entry_point: dict[str, Any] | None = None,
    bins: bool = False,
) -> Simulation:
    """A replication of one queue and one pool; `model` gives `lam` and `servers`, times in minutes."""
    servers, rate = int(model["servers"]), float(model["lam"])
    said: dict[str, Any] = {
        "scenario": "station",
        "service_level": thresholds(micros),
        "handle_time": {"talk": talk, "wrap_up": wrap_up} if wrap_up else talk,
        "demand": {"calls": {"per_minute": rate}},
        "pools": {DESK: {"staffing": servers}},
    }
    bears = patience_of(patience, zero)
    if bears:
        said["patience"] = bears
    if entry_point:
        said["queue_groups"] = {"door": entry_point}
    handle = mean_of(talk) + (mean_of(wrap_up) if wrap_up else 0.0)
    second = second_moment(talk)
    if wrap_up:
        second += second_moment(wrap_up) + 2 * mean_of(talk) * mean_of(wrap_up)
    leaving = mean_of(patience) if patience else None
    if leaving is None and entry_point:
        places = entry_point.get("lines", servers + entry_point.get("max_waiting", 0)) - servers
        leaving = (places + 1) * handle / servers
    relax = relaxation(rate, second, servers, rate * handle / servers, handle, leaving)
    return Simulation(name, said, asks, Steady(rate, relax, handle), Wanted(CALLS, waits=bins))


def standard(case: Case, unit: float = MINUTE, label: str = "calls", pool: str = DESK) -> Asks:
    """Names that stand by themselves, those under `sl` by threshold, those under `dist` by threshold and name."""
    quantile_ask, extra = p90(label, case.expected, unit)

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[-1]
        if len(path) == 1 and name == "wait_p90":
            return quantile_ask or "the quantile is 0"
        if len(path) == 2 and path[0] == "wait_p90":
            return ratio(within(label, extra[0]), f"{label}.answered")
        found: Ask | None = None
        if len(path) == 1:
            found = named(name, label, unit, pool)
        elif len(path) == 2 and path[0] in ("sl", "sl_offered", "sl_served", "sl_excl_short_ab"):
            found = by_threshold(path[0], label, micros_of(name, unit))
        elif len(path) == 3 and path[0] == "dist":
            found = by_threshold(name, label, micros_of(path[1], unit))
        return found or WHY_NOT.get(name, "no table holds it")

    return ask


WHY_NOT = {
    "p_empty": "no table says how long the system was empty",
    "check": "a residual of the reference's own computation",
    "check_w": "a residual of the reference's own computation",
    "mean_offered_wait_V": "the wait of a customer who never leaves is not observed",
    "ew2_lcfs": "last come, first served is no rule of the language",
    "ew2_siro": "random order is no rule of the language",
    "preemptive_resume_sojourn": "work in hand is never interrupted",
}
"""Why some expected values are not asked of the engine."""


def erlang_b(case: Case) -> list[Simulation]:
    """No waiting places; the law of the handle time must not matter."""
    model = case.model
    mean, servers = float(model["mean_service"]), int(model["servers"])
    lines = {"lines": servers + int(model.get("waiting_places", 0))}
    places = {"max_waiting": int(model.get("waiting_places", 0))}
    laws: list[tuple[str, Law, dict[str, Any]]] = [
        ("exponential", exponential(mean), lines),
        ("constant", {"law": "constant", "value": duration(mean * MINUTE)}, places),
        ("lognormal, cv 2", {"law": "lognormal", "mean": duration(mean * MINUTE), "cv": 2.0}, lines),
    ]
    return [station(name, model, law, standard(case), [], entry_point=entry_point) for name, law, entry_point in laws]


def erlang_c(case: Case) -> list[Simulation]:
    """Nobody leaves."""
    return [_markov(case)]


def erlang_a(case: Case) -> list[Simulation]:
    """Exponential patience."""
    return [_markov(case)]


def mmnk(case: Case) -> list[Simulation]:
    """Finite lines, patience or none, a share that balks."""
    return [_markov(case)]


def _markov(case: Case) -> Simulation:
    model = case.model
    unit = 60 * MINUTE if model.get("unit") == "hour" else MINUTE
    scale = unit / MINUTE
    patience = model.get("mean_patience")
    most = model.get("max_in_system")
    times = model.get("T", [])
    micros = [micros_of(t, unit) for t in (times if isinstance(times, list) else [times])]
    _, extra = p90("calls", case.expected, unit)
    return station(
        "",
        {"lam": model["lam"] / scale, "servers": model["servers"]},
        exponential(model["mean_service"], unit),
        standard(case, unit),
        micros + extra,
        patience=exponential(patience, unit) if patience else None,
        zero=model.get("p_patience_zero") or 0.0,
        entry_point={"lines": int(most)} if most is not None else None,
        bins=bool(extra),
    )


def mmn_g(case: Case) -> list[Simulation]:
    """Patience of any law."""
    model = case.model
    micros = [micros_of(t) for t in model.get("T", [])]
    return [
        station(
            "",
            model,
            exponential(model["mean_service"]),
            standard(case),
            micros,
            patience=law_of(model["patience"]),
            zero=model.get("p_patience_zero") or 0.0,
        )
    ]


def mdc(case: Case) -> list[Simulation]:
    """Constant handle time."""
    law = {"law": "constant", "value": duration(case.model["det_service"] * MINUTE)}
    plain = standard(case)

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path == ("p0",):
            if case.model["servers"] != 1:
                return WHY_NOT["p_empty"]
            return ratio([f"{DESK}:signed_in_us", f"-{DESK}:in_hand_us"], f"{DESK}:signed_in_us")
        return plain(path)

    return [station("", case.model, law, ask, [])]


def mg1(case: Case) -> list[Simulation]:
    """One agent, any law; moments of the wait."""
    return [station("", case.model, law_of(case.model["service"]), standard(case), [])]


def disciplines(case: Case) -> list[Simulation]:
    """Second moments of the wait, first come first served."""
    return [station("", case.model, exponential(case.model["mean_service"]), standard(case), [])]


def mph(case: Case) -> list[Simulation]:
    """Phase-type handle time, where a law (or talk and wrap-up) says it."""
    model = case.model
    talk, wrap_up, seen = _phases(model)
    leaving = float(model.get("abandon_rate") or 0.0)
    plain = standard(case)

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "busy_by_phase":
            column = seen[int(path[1])]
            if column is None:
                return "the stages of one law are not observed apart"
            return ratio(f"calls>{DESK}.{column}", "length", "mean")
        return plain(path)

    patience = exponential(1 / leaving) if leaving else None
    return [station("", model, talk, ask, [], wrap_up=wrap_up, patience=patience)]


def _phases(model: dict[str, Any]) -> tuple[Law, Law | None, list[str | None]]:
    """Talk, wrap-up, and the column that observes each phase."""
    start, rates, following = model["phase_start"], model["phase_rates"], model["phase_next"]
    count = len(rates)
    unseen: list[str | None] = [None] * count
    if all(x == 0 for row in following for x in row) and count == 2:
        law = {
            "law": "hyperexponential",
            "p": start[0],
            "m1": duration(MINUTE / rates[0]),
            "m2": duration(MINUTE / rates[1]),
        }
        return law, None, unseen
    chain = start[0] == 1 and all(following[i][i + 1] == 1 for i in range(count - 1))
    if not chain:
        return any_phases(start, rates, following), None, unseen
    if len(set(rates)) == 1:
        return _stages(rates[0], count), None, unseen
    change = next(i for i in range(count) if rates[i] != rates[0])
    if len(set(rates[change:])) != 1:
        return any_phases(start, rates, following), None, unseen
    columns: list[str | None] = list(unseen)
    if change == 1:
        columns[0] = "talk_us"
    if count - change == 1:
        columns[-1] = "wrap_up_us"
    return _stages(rates[0], change), _stages(rates[-1], count - change), columns


POINTS = 5_000
"""Equally likely values that stand for a phase-type law without a name."""


def any_phases(start: list[float], rates: list[float], following: list[list[float]]) -> Law:
    """Values that stand for any phase-type law: its quantiles, stretched to its mean."""
    generator = np.diag(rates) @ (np.array(following, dtype=float) - np.eye(len(rates)))
    first = np.array(start, dtype=float)
    mean = float(-first @ np.linalg.solve(generator, np.ones(len(rates))))
    step = mean / 2_000
    jump = linalg.expm(generator * step)
    survival, state = [1.0], first
    while survival[-1] > 0.1 / POINTS:
        state = state @ jump
        survival.append(float(state.sum()))
    shares = (np.arange(POINTS) + 0.5) / POINTS
    values = np.interp(shares, 1 - np.array(survival), step * np.arange(len(survival)))
    values *= mean / values.mean()
    return {"law": "empirical", "values": [duration(v * MINUTE) for v in values]}


def _stages(rate: float, count: int) -> Law:
    if count == 1:
        return exponential(1 / rate)
    return {"law": "erlang", "mean": duration(count * MINUTE / rate), "k": count}
