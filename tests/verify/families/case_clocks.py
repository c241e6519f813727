"""Cases with all their contacts: resolved by when, open how long, reopened how often."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ..cases import Case
from ..formulas import divided, ratio, signed
from ..laws import MINUTE, duration
from ..lives import both, follow_ups, open_cases, reopenings
from ..measures import Ask
from ..replications import Days, Simulation, Steady
from ..sums import Sums, Wanted
from .single import CALLS
from .ways import HOUR, cap_of, case_measures, delay_law, first_asked, handle_law, plenty

_WITHIN = re.compile(r"closed_within_(\d+)h")


def cases(case: Case) -> list[Simulation]:
    """Clocks of cases, tiers with reopening, and ages of open cases; told apart by the parameters."""
    if "t1" in case.model:
        return [_tiers(case)]
    if "share_that_stays_open_after_it" in case.model:
        return [_ages(case)]
    if "business_hours" in case.model:
        return [_recorded(case, clock) for clock in ("calendar", "business")]
    return _clocks(case)


def _clocks(case: Case) -> list[Simulation]:
    """One replication for each pair of a time to resolve and a repeat window: a scenario has one of each."""
    model, expected = case.model, case.expected
    rate, talk = float(model["cases_per_hour"]) / 60, 60 * float(model["handle_time_hours"])
    solved, back = float(model["resolved_share_per_contact"]), float(model["return_share_after_unresolved"])
    delay, mean = delay_law(model)
    within = sorted(expected["resolved_within_hours"], key=float)
    days = sorted(expected["fcr_measured_days_from_end_of_first_contact"], key=float)
    arrival = sorted(expected["fcr_measured_days_from_arrival_of_first_contact"], key=float)
    again = back * (1 - solved)
    alone = first_asked(
        {
            "open_cases_mean": ratio("open0", "length", "mean"),
            "mean_hours_open": ratio("open0", "cases", "mean", 1 / HOUR),
            **{
                f"fcr_measured_days_from_arrival_of_first_contact.{n}": ratio(f"alone{i}", "firsts")
                for i, n in enumerate(arrival)
            },
        },
        case_measures("calls", HOUR),
    )
    replications = []
    for i in range(max(len(within), len(days))):
        limit, window = within[min(i, len(within) - 1)], days[min(i, len(days) - 1)]
        said: dict[str, Any] = {
            "scenario": "cases",
            "cases": {
                "resolved_within": duration(float(limit) * HOUR),
                "repeat_window": duration(float(window) * 24 * HOUR),
            },
            "handle_time": handle_law(str(model["handle_time_law"]), talk),
            "workflows": {
                "calls": {
                    "fcr": solved,
                    "returns": {"after_unresolved": {"share": back, "after": delay, "attempts": cap_of(model)}},
                }
            },
            "demand": {"calls": {"per_minute": rate}},
            "pools": {"desk": {"staffing": plenty(rate * talk / (1 - again))}},
        }
        opened = ["calls.arrived", "-calls.repeated"]
        late = ["-calls.cases_given_up", "-calls.cases_late", "-calls.cases_open"]
        own = {
            f"resolved_within_hours.{limit}": ratio([*opened, *late], opened),
            f"fcr_measured_days_from_end_of_first_contact.{window}": ratio([*opened, "-calls.followed"], opened),
        }
        readers = both(open_cases([0.0]), follow_ups([float(n) * 24 * HOUR for n in arrival])) if i == 0 else None
        replications.append(
            Simulation(
                "" if i == 0 else f"{limit} h, {window} d",
                said,
                first_asked(own, alone if i == 0 else _nothing),
                Steady(rate / (1 - again), talk + 1.2 * mean / (1 - again), talk),
                Wanted(CALLS, visits=readers),
                visits=i == 0,
            )
        )
    return replications


def _nothing(path: tuple[str, ...]) -> None:
    """Asked of another replication."""


def _recorded(case: Case, clock: str) -> Simulation:
    """Cases that open and are resolved at given times: contacts whose talk is recorded from the one to the other."""
    model = case.model
    ends = [one if isinstance(one, list) else (one["opened"], one["resolved"]) for one in model["cases"]]
    cases = [tuple(map(datetime.fromisoformat, both_ends)) for both_ends in ends]
    start = min(opened for opened, _ in cases).replace(hour=0, minute=0)
    days = (max(resolved for _, resolved in cases) - start).days + 2
    limit = duration(float(model["limit_hours"]) * HOUR)
    hours = {**model["business_hours"], **dict.fromkeys(model["closed_on"], "closed")}
    said: dict[str, Any] = {
        "scenario": "recorded",
        "horizon": {"start": start.date().isoformat(), "length": f"{days}d", "drain": "1d", "interval": "1d"},
        "cases": {"resolved_within": {"working": limit, "hours": hours} if clock == "business" else limit},
        "demand": {f"case{i}": {"trace": "cases.csv"} for i in range(len(cases))},
        "pools": {"desk": {"staffing": len(cases)}},
    }
    rows = [
        f"{(a - start).total_seconds():.0f},case{i},{(b - a).total_seconds():.0f}" for i, (a, b) in enumerate(cases)
    ]
    rows.sort(key=lambda row: float(row.split(",")[0]))
    files = {"cases.csv": "\n".join(["time,stream,talk", *rows]) + "\n"}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "cases" and path[2] == f"within_limit_{clock}":
            return ratio([f"case{path[1]}.arrived", f"-case{path[1]}.cases_late"], f"case{path[1]}.arrived", "exact")
        if path[0] == "cases" and path[2] == "calendar_hours" and clock == "calendar":
            return ratio(f"case{path[1]}.resolution_ms", f"case{path[1]}.arrived", "exact", 1 / 3.6e6)
        if path[0] == f"share_within_limit_{clock}":
            return ratio(["all.arrived", "-all.cases_late"], "all.arrived", "exact")
        return None if path[0].startswith("share") else "no table holds working time itself"

    labels = {f"case{i}": (f"case{i}/t1",) for i in range(len(cases))}
    return Simulation(clock, said, ask, Days(len(cases), enough=1), Wanted(labels), files)


TIER_RATE = 2.0
"""Cases a minute, handle times of a minute and delays of ten: nothing that is asked depends on them."""


def _tiers(case: Case) -> Simulation:
    model = case.model
    first, second, back = model["t1"], model["t2"], model["return_share"]
    cost = {name: float(model[name]["cost_per_visit"]) for name in ("t1", "t2")}
    reasons = {
        why: {"share": share, "after": {"law": "exponential", "mean": "10m"}, "attempts": cap_of(model)}
        for why, share in back.items()
        if share
    }
    said: dict[str, Any] = {
        "scenario": "tiers",
        "workflows": {
            "calls": {
                "tiers": {
                    "t1": {
                        "handle_time": {"law": "constant", "value": "60s"},
                        "escalated": first["escalated"],
                        "resolved": first["resolved"],
                    },
                    "t2": {"handle_time": {"law": "constant", "value": "60s"}, "resolved": second["resolved"]},
                },
                "returns": reasons,
            }
        },
        "demand": {"calls": {"per_minute": TIER_RATE}},
        "pools": {name: {"tier": name, "staffing": plenty(2 * TIER_RATE)} for name in ("t1", "t2")},
    }
    opened = ["t1.arrived", "-t1.repeated"]
    resolved = [*opened, "-t1.cases_given_up", "-t1.cases_open"]

    def money(sums: Sums) -> Any:
        return cost["t1"] * sums["t1.offered"] + cost["t2"] * sums["t2.offered"]

    def per_case(columns: list[str]) -> Ask:
        """Visits a case, from the cases that opened in the counted time, with all their contacts."""
        return Ask(lambda sums: divided(signed(sums, columns), sums["firsts"]), "mean")

    def price(sums: Sums) -> Any:
        return cost["t1"] * sums["visits_t1"] + cost["t2"] * sums["visits_t2"]

    known = {
        "t1_visits_per_case": per_case(["visits_t1"]),
        "t2_visits_per_case": per_case(["visits_t2"]),
        "escalation_rate": ratio("t1.escalated", "t1.offered"),
        "fcr_true_first_contact_resolved": ratio([*opened, "-t1.cases_missed_first"], opened),
        "fcr_true_and_not_reopened": ratio("resolved_and_stayed", "firsts"),
        "flr_first_contact": ratio("resolved_at_t1", "firsts"),
        "flr_cases_finally_resolved_at_t1": ratio([*resolved, "-t1.cases_resolved_elsewhere"], opened),
        "share_of_cases_ever_resolved": ratio("ever_resolved", "firsts"),
        "reopen_rate_per_resolution": ratio(["t1.reopened", "t2.reopened"], ["t1.resolved", "t2.resolved"]),
        "share_of_cases_reopened_at_least_once": ratio("reopened_once", "firsts"),
        "reopenings_per_case": ratio("reopenings", "firsts", "mean"),
        "cost_per_contact": Ask(lambda sums: divided(money(sums), sums["t1.arrived"]), "mean"),
        "cost_per_case": Ask(lambda sums: divided(price(sums), sums["firsts"]), "mean"),
        "cost_per_resolution": Ask(lambda sums: divided(price(sums), signed(sums, resolved)), "mean"),
    }
    labels = {name: (f"calls/{name}",) for name in ("t1", "t2")}
    return Simulation(
        "",
        said,
        first_asked(known, case_measures("t1", HOUR)),
        Steady(2 * TIER_RATE, 20.0, 1.0),
        Wanted(labels, visits=both(reopenings(), follow_ups([]))),
        visits=True,
    )


def _ages(case: Case) -> Simulation:
    """Cases whose further time is a delay before a last contact that resolves them at once."""
    model = case.model
    rate, share = float(model["cases_per_hour"]) / 60, float(model["share_that_stays_open_after_it"])
    first, further = 60 * float(model["first_contact_hours_mean"]), 60 * float(model["further_hours_open_mean"])
    limit = next(float(hours) for hours in _WITHIN.findall(" ".join(case.expected)))
    bands = [60 * float(band["age_hours_from"]) * MINUTE for band in case.expected["by_age"]]
    edges = sorted({*bands, 0.0, limit * HOUR})
    said: dict[str, Any] = {
        "scenario": "ages",
        "cases": {"resolved_within": duration(limit * HOUR)},
        "workflows": {
            "calls": {
                "tiers": {
                    "t1": {"handle_time": handle_law(str(model["first_contact_law"]), first), "escalated": share},
                    "t2": {"handle_time": handle_law(str(model["further_law"]), further)},
                }
            }
        },
        "demand": {"calls": {"per_minute": rate}},
        "pools": {
            "t1": {"tier": "t1", "staffing": plenty(rate * first)},
            "t2": {"tier": "t2", "staffing": plenty(rate * share * further)},
        },
    }
    everyone = [f"open{i}" for i in range(len(edges))]
    old = [f"open{i}" for i, edge in enumerate(edges) if edge >= limit * HOUR]
    opened = ["t1.arrived", "-t1.repeated"]
    known = {
        "open_cases_mean": ratio(everyone, "length", "mean"),
        f"share_older_than_{limit:g}h": ratio(old, everyone),
        f"closed_within_{limit:g}h": ratio([*opened, "-t1.cases_late", "-t1.cases_open", "-t1.cases_given_up"], opened),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "by_age":
            if path[2] != "open_cases_mean":
                return "an edge of the band"
            low, high = [*bands, float("inf")][int(path[1]) : int(path[1]) + 2]
            mine = [f"open{i}" for i, edge in enumerate(edges) if low <= edge < high]
            return ratio(mine, "length", "mean")
        return known.get(path[0]) or case_measures("t1", HOUR)(path)

    labels = {name: (f"calls/{name}",) for name in ("t1", "t2")}
    steady = Steady(rate * (1 + share), first + 1.5 * further, first + further)
    return Simulation("", said, ask, steady, Wanted(labels, visits=open_cases(edges)), visits=True)
