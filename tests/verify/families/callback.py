"""Callbacks: offered when some wait, kept in line or made when agents are idle, tried again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..cases import Case
from ..formulas import divided, named, ratio, waits
from ..laws import MINUTE, CannotSay, duration, exponential
from ..lives import callbacks
from ..measures import Ask
from ..replications import Days, Simulation, Steady, relaxation
from ..sums import Sums, Wanted
from .single import CALLS, DESK
from .ways import first_asked, plenty

CAME = "calls.came"


def callback(case: Case) -> list[Simulation]:
    """Two ways to write a model (with `lam`, or in full), and attempts of an agent alone."""
    model = case.model
    if "most_attempts" in model:
        return [_attempts(case)]
    return [_station(case, _in_full(model) if "lam" in model else model)]


def _in_full(model: Mapping[str, Any]) -> dict[str, Any]:
    """The short form of a station where callbacks wait for idle agents."""
    if "served only if no live caller waits" not in model["callbacks"] or "same AHT" not in model["callbacks"]:
        raise CannotSay(f"callbacks that are {model['callbacks']!r}")
    return {
        "contacts_per_minute": model["lam"],
        "handle_time_minutes_mean": 1 / float(model["mu"]),
        "agents": model["servers"],
        "patience_minutes_mean": 1 / float(model["abandon_rate"]),
        "callback": {
            "offered_when_live_waiting_at_least": model["offer_if_live_waiting_at_least"],
            "accepted_share": model["p_accept"],
            "served": "when_idle",
            "keep_free": model["idle_reserve_for_live"],
        },
    }


def _station(case: Case, model: Mapping[str, Any]) -> Simulation:
    offer = model["callback"]
    mean = model["handle_time_minutes_mean"]
    live = float(mean["live"] if isinstance(mean, dict) else mean)
    back = float(mean["callback"] if isinstance(mean, dict) else mean)
    rate, agents, bears = float(model["contacts_per_minute"]), int(model["agents"]), model.get("patience_minutes_mean")
    own = {"handle_time": exponential(back)} if back != live else {}
    said: dict[str, Any] = {
        "scenario": "callback",
        "handle_time": exponential(live),
        "workflows": {"calls": {"callback": _offer(offer) | own}},
        "demand": {"calls": {"per_minute": rate}},
        "pools": {DESK: {"staffing": agents}},
    }
    if bears:
        said["patience"] = exponential(float(bears))
    if offer.get("keep_free"):
        said["pools"][DESK]["deferred"] = {"keep_free": int(offer["keep_free"])}
    if model.get("max_waiting") is not None:
        said["queue_groups"] = {"door": {"max_waiting": int(model["max_waiting"])}}
    joins = ["calls.waited", "-calls.callbacks"]
    known = {
        "p_callback_offered": ratio("calls.callbacks_offered", CAME),
        "p_callback": ratio("calls.callbacks", CAME),
        "p_served_live": ratio("calls.answered", CAME),
        "p_wait_live_joins": ratio(joins, CAME),
        "mean_live_queue": ratio("calls.waiting_us", "length", "mean"),
        "mean_callback_queue": ratio("callbacks_waiting_us", "length", "mean"),
        "mean_wait_live_waiting": ratio(waits("calls"), joins, "mean", 1 / MINUTE),
        "mean_wait_live": ratio(waits("calls"), [CAME, "-calls.callbacks"], "mean", 1 / MINUTE),
        "mean_callback_delay": ratio("calls.wait_callback_us", "calls.callbacks_reached", "mean", 1 / MINUTE),
        "agents_on_callbacks_mean": ratio("callbacks_held_us", "length", "mean"),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return named(path[0], "calls", MINUTE, DESK) or "no table holds it"

    load = min(rate * live / agents, 0.97)
    relax = relaxation(rate, 2 * live**2, agents, load, live) if load < 0.9 else 40 * max(live, back)
    steady = Steady(rate, relax, live)
    wanted = Wanted(CALLS, visits=callbacks())
    return Simulation("", said, first_asked(known, ask), steady, wanted, visits=True, most_visits=400)


def _offer(offer: Mapping[str, Any]) -> dict[str, Any]:
    if offer.get("customer_answers", "always, at once") != "always, at once":
        raise CannotSay(f"customers who answer {offer['customer_answers']!r}")
    if "offered_when_live_waiting_at_least" in offer:
        said: dict[str, Any] = {"waiting": int(offer["offered_when_live_waiting_at_least"]), "counts": "live"}
    else:
        counts = "live" if str(offer.get("counted", "all")).startswith("live") else "all"
        said = {"waiting": int(offer["offered_when_waiting_at_least"]), "counts": counts}
    return said | {"accepted": offer["accepted_share"], "served": offer["served"]}


CALLERS = 100.0
"""Callers of one replication, all of them within an hour in which nobody is there."""

OPENS = 60
"""Minute at which all agents come: from then on every callback is tried at once."""


def _attempts(case: Case) -> Simulation:
    """Agents enough for every attempt. Only who finds no free agent is offered a callback: so all call before the first
    agent is there."""
    model = case.model
    talk, lost = float(model["talk_minutes_mean"]), float(model["agent_minutes_of_an_unanswered_attempt"])
    between, most = float(model["minutes_between_attempts"]), int(model["most_attempts"])
    length = math.ceil(OPENS + (most - 1) * (between + lost) + 30 * talk)
    offer = {
        "waiting": 0,
        "accepted": 1.0,
        "answered": model["customer_answers_share"],
        "attempts": most,
        "unanswered": duration(lost * MINUTE),
        "between": duration(between * MINUTE),
    }
    flow = {"per": "hour", "every": f"{OPENS}m", "start": "2026-01-05 00:00", "values": [CALLERS * 60 / OPENS]}
    said: dict[str, Any] = {
        "scenario": "attempts",
        "horizon": {"start": "2026-01-05", "length": f"{length}m", "drain": "1d", "interval": "1h"},
        "handle_time": exponential(talk),
        "workflows": {"calls": {"callback": offer}},
        "demand": {"calls": {"rates": flow}},
        "pools": {DESK: {"staffing": [["00:00", 0], [f"{OPENS // 60:02d}:{OPENS % 60:02d}", plenty(CALLERS)]]}},
    }

    def until_reached(sums: Sums) -> Any:
        return divided(sums["reached_at_us"], sums["calls.callbacks_reached"]) / MINUTE - OPENS

    known = {
        "share_reached": ratio("calls.callbacks_reached", "calls.callbacks"),
        "share_never_reached": ratio("calls.not_reached", "calls.callbacks"),
        "attempts_per_callback": ratio("calls.callback_attempts", "calls.callbacks", "mean"),
        "unanswered_attempts_per_callback": ratio(
            ["calls.callback_attempts", "-calls.callbacks_reached"], "calls.callbacks", "mean"
        ),
        "agent_minutes_per_callback": ratio(f"{DESK}:in_hand_us", "calls.callbacks", "mean", 1 / MINUTE),
        "mean_minutes_from_first_attempt_to_reaching_of_reached": Ask(until_reached, "mean"),
    }
    asks = first_asked(known, lambda _: "no table holds it")
    return Simulation("", said, asks, Days(CALLERS), Wanted(CALLS, visits=callbacks()), visits=True, most_visits=20_000)
