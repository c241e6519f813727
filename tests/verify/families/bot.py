"""Bots: what becomes of their sessions, who comes back, who reaches an agent."""

from __future__ import annotations

from typing import Any

from ..cases import Case
from ..formulas import by_threshold, divided, named, ratio
from ..laws import MINUTE, CannotSay, duration, exponential
from ..lives import both, by_whom, sessions
from ..measures import Ask
from ..replications import Days, Simulation, Steady, micros_of, relaxation, thresholds
from ..sums import ALL, Sums, Wanted
from .ways import HOUR, cap_of, case_measures, delay_law, first_asked, handle_law, plenty

CHAT = {"chat": ("chat/t1",)}
BOTH = {"chat": ("chat/t1",), "phone": ("phone/t1",)}
FULL = {"if_full_to_agents": "agents", "if_full_turned_away": "turn_away"}
ENDED = ["chat.sessions", "-chat.open_in_session"]
SOLVED = ["chat.contained", "chat.falsely_contained"]


def bot(case: Case) -> list[Simulation]:
    """Flows, days from an empty start, limited sessions, or stations behind a bot; told apart by the parameters."""
    model = case.model
    if "arrivals_per_minute_by_cell" in model:
        return [_cells(case, law) for law in model["session_laws"]]
    if "concurrent_sessions_at_most" in model:
        return [_limited(case, reading) for reading in FULL if reading in case.expected]
    if "phone" in model and isinstance(model["phone"], dict):
        return [_stations(case)]
    return [_flows(case)]


def _shares(bot: dict[str, Any]) -> dict[str, Any]:
    said = {"contained": bot["contained"], "left": bot["left"]}
    if abs(bot["contained"] + bot["left"] + bot["handed_off"] - 1) > 1e-9:
        raise CannotSay("sessions that end in other ways")
    if "falsely_contained_share_of_contained" in bot:
        said["falsely_contained"] = bot["falsely_contained_share_of_contained"]
    most = bot.get("concurrent_sessions", "no limit")
    if most != "no limit":
        said["sessions"] = int(most)
    return said


def _length(bot: dict[str, Any]) -> float:
    """Mean session in minutes."""
    if "session_minutes_mean" in bot:
        return float(bot["session_minutes_mean"])
    return float(bot["session_seconds_mean"]) / 60


def _law_of_session(bot: dict[str, Any]) -> dict[str, Any]:
    law = str(bot.get("session_law", "exponential"))
    return handle_law("exponential" if law.startswith("any") else law, _length(bot))


def _flows(case: Case) -> Simulation:
    model, expected = case.model, case.expected
    back, context, price = model["returns_after_false_containment"], model["hand_off_context"], model["price"]
    rate = float(model["first_contacts_per_hour"]) / 60
    delay, away = delay_law(back, "delay")
    means = {name: float(value) / 60 for name, value in model["handle_time_seconds_mean"].items()}
    said: dict[str, Any] = {
        "scenario": "flows",
        "channels": {"chat": {}, "phone": {}},
        "workflows": {"help": {"handle_time": {name: exponential(mean) for name, mean in means.items()}}},
        "demand": {
            "chat": {"workflow": "help", "channel": "chat", "per_minute": rate},
            "phone": {"workflow": "help", "channel": "phone", "per_minute": 0},
        },
        "bots": {
            "helper": {
                "channels": ["chat"],
                "session": _law_of_session(model["bot"]),
                **_shares(model["bot"]),
                "returns": {
                    "share": back["share"],
                    "after": delay,
                    "attempts": cap_of(back, "attempts"),
                    "channels": {name: share for name, share in back["channels"].items() if share},
                },
                "context": context["share_of_hand_offs_with_context"],
                "context_handle_time": context["handle_time_factor"],
                "price": {
                    "contained": price["or_per_resolution"],
                    "returned_within": price["deducted_if_the_case_returns_within"].replace(" days", "d"),
                },
            }
        },
        "pools": {name: {"channels": [name], "staffing": plenty(2 * rate * mean)} for name, mean in means.items()},
    }
    billed = [*SOLVED, "-chat.free_of_charge"]
    session, solution = float(price["per_session"]), float(price["or_per_resolution"])
    known = {
        "sessions_per_hour": ratio("chat.sessions", "length", "mean", HOUR),
        "contained_per_hour": ratio(SOLVED, "length", "mean", HOUR),
        "handed_off_per_hour": ratio("chat.handed_off", "length", "mean", HOUR),
        "left_in_bot_per_hour": ratio("chat.left_bot", "length", "mean", HOUR),
        "falsely_contained_per_hour": ratio("chat.falsely_contained", "length", "mean", HOUR),
        "returns_per_hour.phone": ratio("phone.repeated", "length", "mean", HOUR),
        "returns_per_hour.chat": ratio("chat.repeated", "length", "mean", HOUR),
        "containment": ratio(SOLVED, ENDED),
        "containment_without_return_24h": ratio([*SOLVED, "-chat.false_followed_24h"], ENDED),
        "containment_without_return_7d": ratio([*SOLVED, "-chat.false_followed_7d"], ENDED),
        "containment_true": ratio("chat.contained", ENDED),
        "mean_sessions_in_progress": ratio("chat.in_session_us", "length", "mean"),
        "aht_handed_off_seconds": ratio(["chat.talk_us", "chat.wrap_up_us"], "chat.answered", "mean", 1e-6),
        "agents_busy_chat": ratio("chat:in_hand_us", "length", "mean"),
        "agents_busy_phone": ratio("phone:in_hand_us", "length", "mean"),
        "share_of_cases_without_a_human": ratio("without_human", "firsts"),
        "share_of_cases_resolved_by_bot": ratio("solved_by_bot", "firsts"),
        "share_of_cases_resolved_by_agents": ratio("solved_by_agents", "firsts"),
        "cost_per_session": ratio("chat.sessions", "chat.sessions", "exact", session),
        "cost_per_contained": ratio(ENDED, SOLVED, "mean", session),
        "cost_per_true_resolution": ratio(ENDED, "chat.contained", "mean", session),
        "per_resolution_price.billed_share_of_sessions": ratio(billed, ENDED),
        "per_resolution_price.cost_per_session": ratio(billed, ENDED, "mean", solution),
        "per_resolution_price.cost_per_true_resolution": ratio(billed, "chat.contained", "mean", solution),
    }
    levels = [int(n) for n in expected.get("p_more_than_sessions_in_progress", {})]
    known |= {f"p_more_than_sessions_in_progress.{n}": ratio(f"above{n}_us", "length") for n in levels}
    steady = Steady(1.5 * rate, 0.1 * away, max(means.values()), warm_up=10 * away)
    asks = first_asked(known, case_measures(ALL, HOUR))
    return Simulation(
        "", said, asks, steady, Wanted(BOTH, visits=both(sessions(levels=levels), by_whom())), visits=True
    )


def _chat(model: dict[str, Any], session: dict[str, Any], demand: dict[str, Any], agents: int) -> dict[str, Any]:
    """A bot in front of chat, and agents with whom nobody waits."""
    helper = {"channels": ["chat"], "session": session, **_shares(model)}
    return {
        "scenario": "bot",
        "channels": {"chat": {}},
        "handle_time": {"law": "constant", "value": "60s"},
        "demand": {"chat": {"channel": "chat"} | demand},
        "bots": {"helper": helper},
        "pools": {"desk": {"staffing": agents}},
    }


def _cells(case: Case, law: str) -> Simulation:
    model = case.model
    rates, cell = [float(r) for r in model["arrivals_per_minute_by_cell"]], float(model["cell_minutes"])
    width = duration(cell * MINUTE)
    flow = {"rates": {"per": "minute", "every": width, "start": "2026-01-05 00:00", "values": rates}}
    said = _chat(model, handle_law(law, _length(model)), flow, plenty(max(rates)))
    said["horizon"] = {
        "start": "2026-01-05", "length": duration(len(rates) * cell * MINUTE), "drain": "1d", "interval": width,
    }  # fmt: skip
    ends = {f"{i}": (i + 1) * round(cell * MINUTE) for i in range(len(rates))}

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] != law:
            return None
        place, what = path[1], path[2]
        known = {
            "arrivals": ratio(f"chat@{place}.sessions", "replications", "count"),
            "sessions_in_progress_at_end": ratio(f"sessions_at{place}", "replications", "count"),
            "mean_sessions_in_progress": ratio(
                f"chat@{place}.in_session_us", "replications", "count", 1 / (cell * MINUTE)
            ),
            "sessions_ended": ratio(f"sessions_ended{place}", "replications", "count"),
            "handed_off": ratio(f"chat@{place}.offered", "replications", "count"),
        }
        return known.get(what) or "the number of the cell"

    contacts = sum(rates) * cell * 1.6
    wanted = Wanted(CHAT, by_interval=True, visits=sessions(instants=list(ends.values())))
    return Simulation(law, said, ask, Days(contacts), wanted, visits=True, most_visits=20_000)


def _limited(case: Case, reading: str) -> Simulation:
    model = case.model
    rate, most = float(model["contacts_per_minute"]), int(model["concurrent_sessions_at_most"])
    said = _chat(model, _law_of_session(model), {"per_minute": rate}, plenty(rate))
    said["bots"]["helper"] |= {"sessions": most, "if_full": FULL[reading]}
    minute = {
        "to_agents_without_session_per_minute": ["chat.sessions_full"],
        "blocked_per_minute": ["chat.blocked"],
        "handed_off_per_minute": ["chat.handed_off"],
        "contained_per_minute": ["chat.contained", "chat.falsely_contained"],
        "left_per_minute": ["chat.left_bot"],
        "to_agents_per_minute": ["chat.offered"],
    }

    def load(sums: Sums) -> Any:
        """Contacts times the mean session."""
        return divided(sums["chat.session_us"], sums["chat.sessions"]) * sums["chat.arrived"] / sums["length"]

    known = {
        "sessions_offered_load": Ask(load, "mean"),
        "p_all_sessions_busy": ratio("chat.sessions_full", "chat.arrived"),
        "mean_sessions_in_progress": ratio("chat.in_session_us", "length", "mean"),
        "session_occupancy": ratio("chat.in_session_us", "length", "mean", 1 / most),
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if len(path) == 1:
            return known.get(path[0], "no table holds it")
        return ratio(minute[path[1]], "length", "mean", MINUTE) if path[0] == reading else None

    return Simulation(FULL[reading], said, ask, Steady(rate, 2 * _length(model), 1.0), Wanted(CHAT))


def _stations(case: Case) -> Simulation:
    model, chat, phone = case.model, case.model["chat"], case.model["phone"]
    back, mine = model["returns_after_false_containment"], chat["bot"]
    rate, own = float(chat["contacts_per_minute"]), float(phone["own_contacts_per_minute"])
    delay, away = delay_law(back, "delay")
    limit = micros_of(model["service_level_within_minutes"])
    talk = {name: float(one["handle_time_minutes_mean"]) for name, one in (("chat", chat), ("phone", phone))}
    said: dict[str, Any] = {
        "scenario": "stations",
        "service_level": thresholds([limit]),
        "channels": {
            name: {"patience": exponential(float(one["patience_minutes_mean"]))}
            for name, one in (("chat", chat), ("phone", phone))
        },
        "workflows": {
            "help": {
                "handle_time": {
                    name: handle_law(str(one["handle_time_law"]), talk[name])
                    for name, one in (("chat", chat), ("phone", phone))
                }
            }
        },
        "demand": {
            "chat": {"workflow": "help", "channel": "chat", "per_minute": rate},
            "phone": {"workflow": "help", "channel": "phone", "per_minute": own},
        },
        "bots": {
            "helper": {
                "channels": ["chat"],
                "session": _law_of_session(mine),
                **_shares(mine),
                "returns": {"share": back["share"], "after": delay, "channels": {str(back["channel"]): 1.0}},
                "context": 1.0,
                "context_handle_time": chat["hand_off_handle_time_factor"],
            }
        },
        "pools": {
            name: {"channels": [name], "staffing": int(one["agents"])}
            for name, one in (("chat", chat), ("phone", phone))
        },
    }
    said["channels"]["chat"]["concurrency"] = int(chat.get("contacts_at_once", 1))

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        name = path[0]
        if name == "phone_returns_per_minute":
            return ratio("phone.repeated", "length", "mean", MINUTE)
        what = path[1]
        known = {
            "offered_per_minute": ratio(f"{name}.offered", "length", "mean", MINUTE),
            "aht_minutes": ratio([f"{name}.talk_us", f"{name}.wrap_up_us"], f"{name}.answered", "mean", 1 / MINUTE),
            "p_wait_offered": ratio(f"{name}.waited", f"{name}.offered"),
        }
        found = known.get(what) or by_threshold(what, name, limit) or named(what, name, MINUTE, name)
        return found or "no table holds it"

    relax = 0.0
    flows = {"chat": rate * float(mine["handed_off"]), "phone": own * 1.4}
    for name, one in (("chat", chat), ("phone", phone)):
        mean, agents = talk[name], int(one["agents"])
        load = min(flows[name] * mean / agents, 0.97)
        patience = float(one["patience_minutes_mean"])
        relax = max(relax, relaxation(flows[name], 2 * mean**2, agents, load, mean, patience))
    return Simulation("", said, ask, Steady(2 * rate + own, relax, max(talk.values()), warm_up=10 * away), Wanted(BOTH))
