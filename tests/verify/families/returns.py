"""Customers who come back: after unresolved contacts, in the loop of abandonment, at a closed queue group, by
channel."""

from __future__ import annotations

import math
from typing import Any

from ..cases import Case
from ..formulas import named, ratio
from ..laws import MINUTE, CannotSay, duration
from ..lives import both, comebacks, contacts_by_case
from ..measures import Ask
from ..replications import Days, Facts, Simulation, Steady, relaxation
from ..sums import ALL, Wanted
from .single import CALLS
from .ways import HOUR, cap_of, case_measures, delay_law, first_asked, handle_law, plenty

SHORT = "60s"
"""Handle time where a case leaves it open: nobody waits, so it does not matter."""

MOST = 12
"""Contacts of a case that are counted one by one."""


def returns(case: Case) -> list[Simulation]:
    """Every kind of return; which one is told by the parameters."""
    model = case.model
    if "chains" in model:
        return [_chains(case)]
    if "first_contacts_expected" in model:
        return [_one_day(case)]
    if "door_open" in model:
        return [_closed_door(case)]
    if "channels" in model:
        return [_channels(case)]
    if "first_contacts_per_minute" in model:
        return [_loop(case)]
    return [_unresolved(case)]


def _unresolved(case: Case) -> Simulation:
    model = case.model
    rate = float(model["first_contacts_per_hour"]) / 60
    back, solved = float(model["return_share_after_unresolved"]), float(model["resolved_share_per_contact"])
    delay, mean = delay_law(model)
    again = back * (1 - solved)
    said: dict[str, Any] = {
        "scenario": "unresolved",
        "handle_time": {"law": "constant", "value": SHORT},
        "workflows": {
            "calls": {
                "fcr": solved,
                "returns": {"after_unresolved": {"share": back, "after": delay, "attempts": cap_of(model)}},
            }
        },
        "demand": {"calls": {"per_minute": rate}},
        "pools": {"desk": {"staffing": plenty(rate / (1 - again))}},
    }
    others = {"unresolved_contacts_per_hour": ratio("calls.unresolved", "length", "mean", HOUR)}
    steady = Steady(rate / (1 - again), 2 * mean / (1 - again), 1.0)
    wanted = Wanted(CALLS, visits=contacts_by_case(MOST))
    return Simulation("", said, first_asked(others, case_measures("calls", HOUR)), steady, wanted, visits=True)


def _one_day(case: Case) -> Simulation:
    """First contacts on one day only, and what follows on the days after it."""
    model = case.model
    days, first = int(model["days"]), float(model["first_contacts_expected"])
    talk = float(model["handle_time_minutes"])
    delay, mean = delay_law(model)
    end = math.ceil(days + 60 * mean / 1440)
    said: dict[str, Any] = {
        "scenario": "one-day",
        "horizon": {"start": "2026-01-05", "length": f"{days}d", "drain": f"{end}d", "interval": "1d"},
        "handle_time": handle_law(str(model["handle_time_law"]), talk),
        "workflows": {
            "calls": {
                "fcr": 1 - float(model["unresolved_share"]),
                "returns": {
                    "after_unresolved": {"share": model["return_share"], "after": delay, "attempts": cap_of(model)}
                },
            }
        },
        "demand": {"calls": {"rates": {"per": "day", "every": "1d", "start": "2026-01-05 00:00", "values": [first]}}},
        "pools": {"desk": {"staffing": plenty(first * talk / 1440)}},
    }
    by_day = {"arrivals": ["arrived"], "first": ["arrived", "-repeated"], "returns": ["repeated"]}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "by_day":
            day, what = path[1:3]
            if what == "day":
                return "the number of the day"
            if what == "by_attempt":
                return ratio(f"attempt{path[3]}@{day}", "replications", "count")
            signed = [f"-calls@{day}.{n[1:]}" if n[0] == "-" else f"calls@{day}.{n}" for n in by_day[what]]
            return ratio(signed, "replications", "count")
        if path[0] == "total_over_these_days":
            return ratio("calls.arrived", "replications", "count")
        if path[0] == "contacts_of_all_time":
            return ratio(["cases", "calls.further_contacts"], "replications", "count")
        return "no table holds it"

    contacts = first / (1 - float(model["unresolved_share"]) * float(model["return_share"]))
    wanted = Wanted(CALLS, by_interval=True, visits=contacts_by_case(MOST))
    return Simulation("", said, ask, Days(contacts, enough=3_000), wanted, visits=True, most_visits=3_000)


CIRCLE = 10
"""Days of one replication that come round again and again."""


def _closed_door(case: Case) -> Simulation:
    model = case.model
    if "flat" not in str(model.get("profile", "flat")):
        raise CannotSay(f"demand that is {model['profile']!r}")
    rate = float(model["first_contacts_per_hour"])
    hours, _, when = str(model["door_open"]).partition(" ")
    if when.strip() not in ("", "every day"):
        raise CannotSay(f"a door that is open {model['door_open']!r}")
    delay, mean = delay_law(model)
    back = float(model["return_share_after_closed"])
    warm = math.ceil(2 + 12 * mean / 1440)
    said: dict[str, Any] = {
        "scenario": "closed-door",
        "horizon": {
            "start": "2026-01-05",
            "warm_up": f"{warm}d",
            "length": f"{CIRCLE}d",
            "drain": f"{4 * warm + 20}d",
            "interval": "1h",
        },
        "handle_time": {"law": "constant", "value": SHORT},
        "workflows": {
            "calls": {"returns": {"after_closed": {"share": back, "after": delay, "attempts": cap_of(model)}}}
        },
        "demand": {"calls": {"per_hour": rate}},
        "pools": {"desk": {"staffing": plenty(4 * rate / 60)}},
        "queue_groups": {"door": {"hours": {"mon-sun": hours}}},
    }
    per_day = {
        "arrivals_per_day": ["calls.arrived"],
        "closed_per_day": ["calls.closed"],
        "offered_per_day": ["calls.offered"],
        "cases_per_day": ["cases"],
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] in per_day:
            return ratio(per_day[path[0]], "length", "mean", 24 * HOUR)
        if path[0] == "arrivals_by_hour_of_day":
            cells = [f"calls@{24 * day + int(path[1])}.arrived" for day in range(CIRCLE)]
            return ratio(cells, "replications", "count", 1 / CIRCLE)
        if path[0] == "share_of_cases_that_reach_the_open_door":
            return case_measures("calls", HOUR)(("share_of_cases_resolved",))
        return case_measures("calls", HOUR)(path)

    return Simulation("", said, ask, Days(rate * 24 * (warm + CIRCLE) * 1.5), Wanted(CALLS, by_interval=True))


def _loop(case: Case) -> Simulation:
    """A station whose abandoned, blocked and unresolved come back."""
    model = case.model
    rate, mean = float(model["first_contacts_per_minute"]), float(model["handle_time_minutes_mean"])
    agents, lines = int(model["agents"]), model.get("lines", "no limit")
    bears = model.get("patience_minutes_mean")
    delay, away = delay_law(model)
    law = str(model.get("handle_time_law", "exponential"))
    shares = dict(model.get("return_shares", {}))
    for why in ("after_abandon", "after_blocked", "after_unresolved"):
        if f"return_share_{why}" in model:
            shares[why] = model[f"return_share_{why}"]
    unsolved = float(model.get("unresolved_share", 1 - float(model.get("resolved_share_per_answered_contact", 1.0))))
    said: dict[str, Any] = {
        "scenario": "loop",
        "handle_time": handle_law(law, mean),
        "workflows": {
            "calls": {
                "fcr": 1 - unsolved,
                "returns": {
                    why: {"share": share, "after": delay, "attempts": cap_of(model)}
                    for why, share in shares.items()
                    if share
                },
            }
        },
        "demand": {"calls": {"per_minute": rate}},
        "pools": {"desk": {"staffing": agents}},
    }
    if isinstance(lines, int | float):
        said["queue_groups"] = {"door": {"lines": int(lines)}}
    if bears:
        said["patience"] = {"law": "exponential", "mean": duration(float(bears) * MINUTE)}
    others = {
        "p_block_contact": ratio("calls.blocked", "calls.came"),
        "waiting_to_return_mean": ratio("away_us", "length", "mean"),
        "resolved_per_minute": ratio("calls.resolved", "length", "mean", MINUTE),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] == "p_block_by_attempt":
            return ratio(f"attempt{path[1]}_blocked", f"attempt{path[1]}")
        if path[0] == "contacts_per_minute_by_attempt":
            return ratio(f"attempt{path[1]}", "length", "mean", MINUTE)
        if path[0] == "return_reasons_per_minute":
            kind = "mean" if case.expected[path[0]][path[1]] else "share"
            return ratio(f"back_{path[1]}", "length", kind, MINUTE)
        return named(path[0], "calls", MINUTE, "desk") or first_asked(others, case_measures("calls", MINUTE))(path)

    most = max(1.3, float(case.expected.get("contacts_per_case", 2.0)))
    patience = float(bears) if bears else None
    load = min(rate * most * mean / agents, 0.97)
    relax = relaxation(rate * most, 2 * mean**2, agents, load, mean, patience) + 6 * away
    wanted = Wanted(CALLS, visits=both(contacts_by_case(MOST), comebacks()))
    return Simulation("", said, ask, Steady(rate * most, relax, mean), wanted, visits=True, most_visits=400)


def _channels(case: Case) -> Simulation:
    model = case.model
    names = [str(name) for name in model["channels"]]
    rates = {name: float(model["first_contacts_per_hour"][name]) / 60 for name in names}
    delay, mean = delay_law(model)
    after = {
        "share": {name: model["return_share_after_unresolved"][name] for name in names},
        "after": delay,
        "attempts": cap_of(model),
        "channels": {name: {k: v for k, v in model["return_channel"][name].items() if v} for name in names},
    }
    total = 3 * sum(rates.values())
    said: dict[str, Any] = {
        "scenario": "channels",
        "channels": {name: {} for name in names},
        "workflows": {
            "help": {
                "handle_time": {"law": "constant", "value": SHORT},
                "fcr": {name: 1 - float(model["unresolved_share"][name]) for name in names},
                "returns": {"after_unresolved": after},
            }
        },
        "demand": {name: {"workflow": "help", "channel": name, "per_minute": rates[name]} for name in names},
        "pools": {"desk": {"staffing": plenty(total)}},
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        if name == "contacts_per_hour" and len(path) == 2:
            return ratio(f"{path[1]}.arrived", "length", "mean", HOUR)
        if name == "returns_per_hour":
            return ratio(f"{path[1]}.repeated", "length", "mean", HOUR)
        if name == "flow_per_hour":
            return ratio(f"from_{path[1]}_to_{path[2]}", "length", "mean", HOUR)
        if name == "contacts_per_case_by_first_channel":
            return case_measures(path[1], HOUR)(("contacts_per_case",))
        if name == "spectral_radius":
            return "told only where it is 1 or more"
        return case_measures(ALL, HOUR)(path)

    labels = {name: (f"{name}/t1",) for name in names}
    return Simulation("", said, ask, Steady(total / 2, 6 * mean, 1.0), Wanted(labels, visits=comebacks()), visits=True)


def _chains(case: Case) -> Simulation:
    """Chains of returns that end or do not: what a check of the scenario says."""
    chains = case.model["chains"]

    def facts() -> dict[str, float]:
        found = {}
        for i, chain in enumerate(chains):
            found |= {f"{i}.{name}": value for name, value in _chain(chain).items()}
        return found

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] != "chains":
            return "no check says it"
        if path[2] == "contacts_per_case_by_first_channel":
            return ratio(f"{path[1]}.from{path[3]}", "replications", "exact")
        return ratio(f"{path[1]}.{path[2]}", "replications", "exact")

    return Simulation("", {}, ask, Facts(facts), Wanted({}))


def _chain(chain: dict[str, Any]) -> dict[str, float]:
    """Whether the scenario of a chain is accepted, its spectral radius, and the contacts of a case."""
    import yaml

    from ccsim.centre.comebacks import contacts_by_channel, spectral_radius, steps_of, uncapped
    from ccsim.errors import ScenarioError
    from ccsim.scenario import loads

    names = [f"c{i}" for i in range(len(chain["unresolved_share"]))]
    after = {
        "share": dict(zip(names, chain["return_share"], strict=True)),
        "after": "1h",
        "channels": {
            name: {other: share for other, share in zip(names, row, strict=True) if share}
            for name, row in zip(names, chain["return_channel"], strict=True)
        },
    }
    said = {
        "scenario": "chain",
        "horizon": {"start": "2026-01-05", "length": "1d"},
        "channels": {name: {} for name in names},
        "workflows": {
            "help": {
                "handle_time": SHORT,
                "fcr": {n: 1 - u for n, u in zip(names, chain["unresolved_share"], strict=True)},
                "returns": {"after_unresolved": after},
            }
        },
        "demand": {name: {"workflow": "help", "channel": name, "per_hour": 10} for name in names},
        "pools": {"desk": {"staffing": 20}},
    }
    try:
        loads(yaml.safe_dump(said, sort_keys=False))
        ends = 1.0
    except ScenarioError as refused:
        if "again and again" not in str(refused):
            raise
        ends = 0.0
    said["workflows"]["help"]["returns"]["after_unresolved"]["attempts"] = 1  # type: ignore[index]
    capped = loads(yaml.safe_dump(said, sort_keys=False))
    steps = [step._replace(attempts=None) for step in steps_of(capped, "help", names, {("help", "t1"): 1.0})]
    radius, _ = spectral_radius(uncapped(steps, len(names)))
    found = {"ends": ends, "spectral_radius": radius}
    if ends:
        for i in range(len(names)):
            found[f"from{i}"] = sum(contacts_by_channel(steps, i, len(names)))
    return found
