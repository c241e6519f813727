"""Ratings of the answered: CSAT, NPS, and what a survey would show."""

from __future__ import annotations

from typing import Any

from ..cases import Case
from ..formulas import named, ratio
from ..laws import MINUTE, exponential
from ..lives import ratings
from ..measures import Ask
from ..replications import Simulation, Steady, relaxation
from ..sums import Wanted
from .balking import mean_in
from .single import CALLS, DESK
from .ways import first_asked, handle_law

COEFFICIENTS = ("constant", "resolved", "per_minute_of_wait", "repeat")

OTHERS = {"per_hour_of_wait": 0, "transferred": 0, "escalated": 0, "translated": 0}
"""What the cases do not have."""


def satisfaction(case: Case) -> list[Simulation]:
    """A station to which the same share of all customers comes back, whatever became of them.

    The cases draw which contacts repeat, whatever else happens. Where every contact, answered or not, brings on
    another one with the same probability, an arrival still sees the station of a Poisson process (station and delay are
    an open network of product form), and the share of repeats is that probability.
    """
    model, logit = case.model, case.model["csat_logit"]
    rate, mean = float(model["contacts_per_minute"]), float(model["handle_time_minutes_mean"])
    agents, repeats = int(model["agents"]), float(model["repeat_share"])
    bears = mean_in(model["patience"])
    back = {"share": repeats, "after": exponential(mean), "attempts": "none"}
    reasons = ["after_resolved", "after_unresolved", *(["after_abandon"] if bears else [])]
    rated: dict[str, Any] = {"csat": {name: float(logit[name]) for name in COEFFICIENTS} | OTHERS}
    if "nps_cut_points" in model:
        rated["nps"] = model["nps_cut_points"]
    if "response_share" in model:
        rated["response"] = model["response_share"]
    said: dict[str, Any] = {
        "scenario": "satisfaction",
        "handle_time": handle_law(str(model["handle_time_law"]), mean),
        "satisfaction": rated,
        "workflows": {"calls": {"fcr": model["resolved_share"], "returns": dict.fromkeys(reasons, back)}},
        "demand": {"calls": {"per_minute": rate * (1 - repeats)}},
        "pools": {DESK: {"staffing": agents}},
    }
    if bears:
        said["patience"] = exponential(bears)
    known = {
        "p_answered": ratio("calls.answered", "calls.came"),
        "mean_wait_answered": ratio("calls.wait_answered_us", "calls.answered", "mean", 1 / MINUTE),
        "csat": ratio("calls.satisfied", "calls.rated"),
        "csat_by_outcome.resolved": ratio("satisfied_resolved", "rated_resolved"),
        "csat_by_outcome.unresolved": ratio("satisfied_unresolved", "rated_unresolved"),
        "csat_of_those_who_did_not_wait": ratio("satisfied_at_once", "rated_at_once"),
        "nps.promoters": ratio("calls.promoters", "calls.rated"),
        "nps.detractors": ratio("calls.detractors", "calls.rated"),
        "nps.nps_points": ratio(["calls.promoters", "-calls.detractors"], "calls.rated", "mean", 100.0),
        "measured.response_rate": ratio("calls.responded", "calls.rated"),
        "measured.csat_measured": ratio("calls.responded_satisfied", "calls.responded"),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "csat_at_the_mean_wait":
            return "a shortcut that the engine does not take"
        return named(path[0], "calls", MINUTE, DESK) or "no table holds it"

    relax = relaxation(rate, 2 * mean**2, agents, rate * mean / agents, mean, bears) + 3 * mean
    wanted = Wanted(CALLS, visits=ratings())
    return [
        Simulation("", said, first_asked(known, ask), Steady(rate, relax, mean), wanted, visits=True, most_visits=400)
    ]
