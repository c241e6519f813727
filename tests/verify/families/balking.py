"""Customers who leave at an announced wait."""

from __future__ import annotations

import re
from typing import Any

from ..cases import Case
from ..formulas import named, ratio, waits, within
from ..laws import MINUTE, CannotSay, duration, exponential
from ..measures import Ask
from ..replications import Simulation, Steady, micros_of, relaxation, thresholds
from ..sums import Wanted
from .single import CALLS, DESK
from .ways import handle_law

_MEAN = re.compile(r"exponential, mean ([\d.]+) minutes?")


def balking(case: Case) -> list[Simulation]:
    """A table of announced waits, or the customer's own patience held against the announcement."""
    model, rule = case.model, case.model["balking"]
    rate, mean, agents = (
        float(model["contacts_per_minute"]),
        float(model["handle_time_minutes_mean"]),
        int(model["agents"]),
    )
    limit = micros_of(model["service_level_within_minutes"])
    bears = mean_in(model["patience_after_joining"])
    said: dict[str, Any] = {
        "scenario": "balking",
        "service_level": thresholds([limit]),
        "handle_time": handle_law(str(model["handle_time_law"]), mean),
        "workflows": {"calls": {"balking": _rule(rule, bears)}},
        "demand": {"calls": {"per_minute": rate}},
        "pools": {DESK: {"staffing": agents}},
    }
    if bears:
        said["patience"] = exponential(bears)
    came, joins = "calls.came", ["calls.waited", "-calls.balked"]
    served, left = within("calls", limit), within("calls", limit, "abandoned")
    known = {
        "p_balk": ratio("calls.balked", came),
        "p_ab_after_joining": ratio("calls.abandoned", came),
        "p_ab_balking_included": ratio(["calls.abandoned", "calls.balked"], came),
        "p_joins_line": ratio(joins, came),
        "mean_wait_of_those_who_join_the_line": ratio(waits("calls"), joins, "mean", 1 / MINUTE),
        "answered_within": ratio(served, came),
        "sl_offered": ratio(served, came),
        "sl_served": ratio(served, "calls.answered"),
        "ab_within_after_joining": ratio(left, came),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return known.get(path[0]) or named(path[0], "calls", MINUTE, DESK) or "no table holds it"

    own = mean_in(rule.get("own_patience", "never"))
    relax = relaxation(rate, 2 * mean**2, agents, min(rate * mean / agents, 0.95), mean, bears or own)
    return [Simulation("", said, ask, Steady(rate, relax, mean), Wanted(CALLS))]


def _rule(rule: dict[str, Any], bears: float | None) -> dict[str, Any]:
    if "announced_wait_minutes_above" in rule:
        if rule.get("otherwise", 0.0):
            raise CannotSay("a share that leaves at every announced wait")
        steps = zip(rule["announced_wait_minutes_above"], rule["leaves_with_share"], strict=True)
        return {"steps": [{"above": duration(above * MINUTE), "share": share} for above, share in steps]}
    own = mean_in(rule["own_patience"])
    if own is None:
        raise CannotSay(f"balking by {rule!r}")
    if "otherwise stays until answered" in rule["rule"]:
        if bears:
            raise CannotSay("who stays until answered, and yet loses patience")
        return {"tolerates": exponential(own)}
    raise CannotSay(f"balking by {rule!r}")


def mean_in(text: Any) -> float | None:
    """Mean in minutes of a patience written `exponential, mean 3.0 minutes`; None for `never`."""
    if str(text) == "never":
        return None
    found = _MEAN.fullmatch(str(text))
    if found is None:
        raise CannotSay(f"a patience written {text!r}")
    return float(found.group(1))
